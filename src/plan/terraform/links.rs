//! Which account a planned deployment belongs to when its id is known only after apply.
//!
//! The plan's `configuration` says which resource an attribute refers to, through variables of modules and their outputs too.

use crate::plan::node::Node;

/// Modules inside modules, at most.
const DEEPEST: usize = 20;

/// Address of a resource, split: `module.a["x"].module.b.type.name[0]`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Names of the modules around it.
    modules: Vec<String>,
    /// `type.name`.
    resource: String,
    /// `[0]`, or empty.
    pub(super) index: String,
    /// Everything before the resource, instances of modules included.
    pub(super) around: String,
}

impl Address {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts = split(text);
        let mut modules = Vec::new();
        let mut rest = parts.as_slice();
        while let ["module", name, more @ ..] = rest {
            modules.push(bare(name).to_owned());
            rest = more;
        }
        let [kind, name] = rest else { return None };
        let end = text.len() - kind.len() - name.len() - 1;
        let index = name[bare(name).len()..].to_owned();
        Some(Self { modules, resource: format!("{kind}.{}", bare(name)), index, around: text[..end].to_owned() })
    }

    /// Whether two addresses are of one block of the configuration.
    fn is(&self, modules: &[String], resource: &str) -> bool {
        self.modules == modules && self.resource == resource
    }
}

fn bare(part: &str) -> &str {
    part.split('[').next().unwrap_or(part)
}

/// Splits at dots outside of brackets and quotes.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            '.' if !quoted && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The one account, of those planned, that `attribute` of the resource at `own` refers to.
pub(super) fn account<'a>(
    configuration: Option<&Node>,
    own: &Address,
    attribute: &str,
    accounts: &'a [(Address, String)],
) -> Option<&'a str> {
    let root = configuration?.get("root_module")?;
    let module = module(root, &own.modules)?;
    let is_own = |block: &&Node| block.text_of("address") == Some(&own.resource);
    let block = module.get("resources")?.items().iter().find(is_own)?;
    let expression = block.path(&["expressions", attribute])?;
    let mut targets = Vec::new();
    follow(root, &own.modules, expression, DEEPEST, &mut targets);
    let all: Vec<&(Address, String)> = accounts
        .iter()
        .filter(|(address, _)| targets.iter().any(|(modules, resource)| address.is(modules, resource)))
        .collect();
    // Of several instances it is the one with the key of the deployment's own, if there is one.
    let twins: Vec<&&(Address, String)> =
        all.iter().filter(|(address, _)| address.index == own.index && address.around == own.around).collect();
    match (all.as_slice(), twins.as_slice()) {
        ([(_, id)], _) | (_, [(_, id)]) => Some(id),
        _ => None,
    }
}

fn module<'a>(root: &'a Node, modules: &[String]) -> Option<&'a Node> {
    modules.iter().try_fold(root, |node, name| node.path(&["module_calls", name, "module"]))
}

/// Adds the resources an expression refers to, as modules and `type.name`.
fn follow(root: &Node, modules: &[String], expression: &Node, left: usize, found: &mut Vec<(Vec<String>, String)>) {
    let Some(left) = left.checked_sub(1) else { return };
    for reference in expression.get("references").map_or(&[][..], Node::items) {
        let Some(text) = reference.as_text() else { continue };
        let parts = split(text);
        match parts.as_slice() {
            ["var", name, ..] => {
                let Some((own, around)) = modules.split_last() else { continue };
                let call =
                    module(root, around).and_then(|node| node.path(&["module_calls", own, "expressions", bare(name)]));
                if let Some(call) = call {
                    follow(root, around, call, left, found);
                }
            }
            ["module", name, output, ..] => {
                let mut inner = modules.to_vec();
                inner.push(bare(name).to_owned());
                let output = module(root, &inner).and_then(|node| node.path(&["outputs", bare(output), "expression"]));
                if let Some(output) = output {
                    follow(root, &inner, output, left, found);
                }
            }
            ["each" | "count" | "local" | "path" | "data" | "self", ..] => {}
            [kind, name, ..] => {
                let target = (modules.to_vec(), format!("{kind}.{}", bare(name)));
                if !found.contains(&target) {
                    found.push(target);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_split() {
        let address =
            Address::parse("module.ai[\"a.b\"].module.x.azurerm_cognitive_deployment.chat[\"gpt.4\"]").unwrap();
        assert_eq!(address.modules, ["ai", "x"]);
        assert_eq!(address.resource, "azurerm_cognitive_deployment.chat");
        assert_eq!(address.index, "[\"gpt.4\"]");
        assert_eq!(address.around, "module.ai[\"a.b\"].module.x.");
        assert_eq!(Address::parse("nonsense"), None);
    }
}
