//! Output of `az deployment … what-if --no-pretty-print`: Azure's own foresight, with the expressions of the template resolved
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if>, 2025-04-28).

use super::node::{Kind, Node};
use super::resource::{Found, Gap, Loss, Resource, below_account, wants};

/// Adds what a deployment will leave to `found`.
pub(super) fn read(output: &Node, found: &mut Found) {
    let changes = output.get("changes").or_else(|| output.path(&["properties", "changes"]));
    for change in changes.map_or(&[][..], Node::items) {
        let Some(id) = change.text_of("resourceId").map(|id| id.trim_end_matches('/')) else {
            found.gaps.push(Gap { at: change.at, what: "a change names no resource".to_owned() });
            continue;
        };
        found.seen += 1;
        if !wants(id) {
            continue;
        }
        let kind = change.text_of("changeType").unwrap_or_default().to_ascii_lowercase();
        let is_account = below_account(id).is_some_and(|(_, below)| below.is_empty());
        match kind.as_str() {
            "create" | "modify" | "nochange" | "noeffect" | "deploy" => {}
            "delete" if is_account => {
                let name = id.rsplit('/').next().unwrap_or(id).to_owned();
                found.losses.push(Loss { name, replaced: false });
                continue;
            }
            // What the deployment leaves alone is a matter of a live scan.
            "delete" | "ignore" => continue,
            _ => {
                found.gaps.push(Gap { at: change.at, what: format!("what-if cannot foresee {id}") });
                continue;
            }
        }
        let after = change.get("after").filter(|after| after.is_object()).map(unresolved);
        let maybe = after.is_none().then(|| "what-if was asked for resource ids only".to_owned());
        let body = after.unwrap_or_else(|| Node::unknown(change.at, "what-if does not show it"));
        let at = change.get("after").map_or(change.at, |after| after.at);
        let address = Some(id.rsplit('/').next().unwrap_or(id).to_owned());
        found.add(Resource { id: id.to_owned(), body, at, address, maybe });
    }
}

/// What Azure shows as an expression is known only after deployment.
fn unresolved(node: &Node) -> Node {
    match &node.kind {
        Kind::Text(text) if text.starts_with('[') && text.ends_with(']') => {
            Node::unknown(node.at, "what-if does not resolve the expression")
        }
        Kind::Array(items) => Node::array(node.at, items.iter().map(unresolved).collect()),
        Kind::Object(fields) => {
            Node::object(node.at, fields.iter().map(|(key, value)| (key.clone(), unresolved(value))).collect())
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => node.clone(),
    }
}
