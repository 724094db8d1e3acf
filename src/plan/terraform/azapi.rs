//! Resources of the azapi provider: their bodies are ARM already
//! (<https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource>, as known on 2026-11-22).

use super::links::{self, Address};
use super::{Change, resource, text, unlinked};
use crate::plan::arm::Site;
use crate::plan::estate::body_of;
use crate::plan::node::{Kind, Node};
use crate::plan::parse::parse;
use crate::plan::resource::{Found, wants_account};

pub(super) const ACCOUNT: &str = "Microsoft.CognitiveServices/accounts";

/// The ARM type of an azapi resource, without its api-version.
pub(super) fn type_of(change: &Change) -> Option<String> {
    if !matches!(change.kind.as_str(), "azapi_resource" | "azapi_update_resource") {
        return None;
    }
    let kind = text(change, "type")?;
    Some(kind.split('@').next().unwrap_or_default().to_owned())
}

/// Id and body of an account.
pub(super) fn account(change: &Change, site: &Site) -> Option<(String, Node)> {
    if change.kind != "azapi_resource" || !type_of(change)?.eq_ignore_ascii_case(ACCOUNT) {
        return None;
    }
    let group = text(change, "parent_id").unwrap_or_else(|| site.prefix());
    let name = text(change, "name").unwrap_or_else(|| format!("{{{}}}", change.address));
    Some((format!("{}/providers/{ACCOUNT}/{}", group.trim_end_matches('/'), name.replace('/', "-")), body(change)))
}

/// The ARM body: that of `body`, with what has attributes of its own.
pub(super) fn body(change: &Change) -> Node {
    let after = &change.after;
    let own = match after.get("body") {
        // Version 1 of the provider holds JSON in a text; all of it stands at the place of the text.
        Some(own) if own.as_text().is_some() => {
            let read = parse(own.as_text().unwrap_or_default(), own.at.file, &[]).ok();
            read.map_or_else(|| Node::unknown(own.at, "its body is no JSON"), |read| placed(&read, own.at))
        }
        Some(own) => own.clone(),
        None => body_of(after.at, Vec::new()),
    };
    if own.why_unknown().is_some() {
        return own;
    }
    let mut fields: Vec<_> = own.fields().to_vec();
    for key in ["name", "location", "tags", "identity"] {
        let value = after.get(key).filter(|value| !value.is_null());
        // A block of Terraform is a list of one.
        let value = value.map(|value| if key == "identity" { value.items().first().unwrap_or(value) } else { value });
        if let Some(value) = value.filter(|value| !value.is_null() && own.get(key).is_none()) {
            fields.push((key.into(), value.clone()));
        }
    }
    Node::object(own.at, fields)
}

fn placed(node: &Node, at: crate::plan::node::Pos) -> Node {
    match &node.kind {
        Kind::Array(items) => Node::array(at, items.iter().map(|item| placed(item, at)).collect()),
        Kind::Object(fields) => {
            Node::object(at, fields.iter().map(|(key, value)| (key.clone(), placed(value, at))).collect())
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => node.moved(at),
    }
}

/// A resource below an account, or a change of one. True when it was an azapi resource.
pub(super) fn below(
    change: &Change,
    configuration: Option<&Node>,
    accounts: &[(Address, String)],
    site: &Site,
    found: &mut Found,
) -> bool {
    let Some(kind) = type_of(change) else { return false };
    let update = change.kind == "azapi_update_resource";
    let lower = kind.to_ascii_lowercase();
    let setting = lower == "microsoft.insights/diagnosticsettings";
    let own =
        lower.strip_prefix("microsoft.cognitiveservices/accounts").filter(|own| own.is_empty() || own.starts_with('/'));
    let Some(below) = own.or(setting.then_some("")) else { return true };
    if below.is_empty() && !setting && !update {
        return true;
    }
    let address = Address::parse(&change.address);
    let linked =
        |attribute: &str| links::account(configuration, address.as_ref()?, attribute, accounts).map(str::to_owned);
    let name = text(change, "name").unwrap_or_else(|| format!("{{{}}}", change.address)).replace('/', "-");
    let id = if update && let Some(id) = text(change, "resource_id").or_else(|| linked("resource_id")) {
        id
    } else {
        let parent = text(change, "parent_id").or_else(|| linked("parent_id"));
        let parent = match parent {
            Some(parent) if below.is_empty() && update => format!("{parent}/providers/{ACCOUNT}/{name}"),
            Some(own) if setting && !wants_account(&own) => return true,
            Some(parent) => parent,
            None if setting => return true,
            None => unlinked(change, site),
        };
        id_below(&parent, setting, below, &name)
    };
    if update {
        merge(change, &id, &body(change), found);
    } else {
        found.add(resource(change, id, body(change)));
    }
    true
}

/// Id of a resource by what it is inside of.
fn id_below(parent: &str, setting: bool, below: &str, name: &str) -> String {
    match (setting, below.rsplit_once('/')) {
        (true, _) => format!("{parent}/providers/Microsoft.Insights/diagnosticSettings/{name}"),
        (false, Some((_, last))) => format!("{parent}/{last}/{name}"),
        (false, None) => parent.to_owned(),
    }
}

/// Lays an update over the resource it changes; without that one in the plan, only the change itself is known.
pub(super) fn merge(change: &Change, id: &str, new: &Node, found: &mut Found) {
    if let Some(old) = found.resources.iter_mut().find(|own| own.id.eq_ignore_ascii_case(id)) {
        old.body = merged(&old.body, new);
        return;
    }
    let rest = Some("only a change of it is in the plan".to_owned());
    found.add(crate::plan::resource::Resource { maybe: rest, ..resource(change, id.to_owned(), new.clone()) });
}

fn merged(old: &Node, new: &Node) -> Node {
    if !old.is_object() || !new.is_object() {
        return new.clone();
    }
    let mut fields: Vec<_> = old.fields().to_vec();
    for (key, value) in new.fields() {
        match fields.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(key)) {
            Some((_, own)) => *own = merged(own, value),
            None => fields.push((key.clone(), value.clone())),
        }
    }
    Node::object(old.at, fields)
}
