//! Terraform plans as `terraform show -json` prints them (format 1,
//! <https://developer.hashicorp.com/terraform/internals/json-format>, undated page, as known on 2026-11-22).

mod attributes;
mod azapi;
mod gateways;
mod links;

use std::rc::Rc;

use self::links::Address;
use super::arm::Site;
use super::node::{Kind, Node};
use super::resource::{Found, Gap, Loss, Resource, wants_account};

/// Top-level parts of a plan that nothing looks at; they can be large.
pub(super) const SKIPPED: [&str; 6] =
    ["prior_state", "resource_drift", "relevant_attributes", "checks", "provider_schemas", "output_changes"];

/// Adds what a plan will make to `found`.
pub(super) fn read(plan: &Node, site: &Site, found: &mut Found) {
    if plan.get("errored").and_then(Node::as_bool) == Some(true) {
        found.gaps.push(Gap { at: plan.at, what: "Terraform did not finish the plan (errored)".to_owned() });
    }
    let mut changes: Vec<Change> = Vec::new();
    match plan.get("resource_changes") {
        Some(all) => changes.extend(all.items().iter().filter_map(|own| change(own, None))),
        None => values(plan.path(&["planned_values", "root_module"]), &mut changes, 0),
    }
    let deferred = plan.get("deferred_changes").map_or(&[][..], Node::items);
    changes.extend(deferred.iter().filter_map(|own| {
        change(own.get("resource_change")?, Some("Terraform deferred it to a later plan".to_owned()))
    }));
    found.seen += changes.len();
    for change in &changes {
        lost(change, found);
    }
    let configuration = plan.get("configuration");
    let mut accounts = Vec::new();
    for change in changes.iter().filter(|change| change.after.is_object()) {
        if let Some(resource) = account(change, site) {
            accounts.extend(Address::parse(&change.address).map(|address| (address, resource.id.clone())));
            found.add(resource);
        }
    }
    gateways::read(&changes, configuration, &accounts, site, found);
    // Projects before what is below them.
    for projects in [true, false] {
        for change in changes.iter().filter(|change| change.after.is_object() && is_project(change) == projects) {
            let before = found.resources.len();
            below(change, configuration, &accounts, site, found);
            if let Some(project) = found.resources.get(before).filter(|_| projects) {
                accounts.extend(Address::parse(&change.address).map(|address| (address, project.id.clone())));
            }
        }
    }
}

/// One resource of the plan.
struct Change {
    address: String,
    kind: String,
    /// What it will be; null when it will not be.
    after: Node,
    /// What it is.
    before: Option<Node>,
    actions: Vec<String>,
    at: super::node::Pos,
    maybe: Option<String>,
}

fn change(own: &Node, maybe: Option<String>) -> Option<Change> {
    if own.text_of("mode") == Some("data") {
        return None;
    }
    let change = own.get("change")?;
    let actions = change.get("actions").map_or(&[][..], Node::items).iter().filter_map(Node::as_text);
    let after = change.get("after").cloned().unwrap_or_else(|| Node::new(own.at, Kind::Null));
    let after = veiled(&after, change.get("after_unknown"), "it is known after apply");
    Some(Change {
        address: own.text_of("address")?.to_owned(),
        kind: own.text_of("type")?.to_owned(),
        after: veiled(&after, change.get("after_sensitive"), "it is sensitive"),
        before: change
            .get("before")
            .filter(|before| before.is_object())
            .map(|before| veiled(before, change.get("before_sensitive"), "it is sensitive")),
        actions: actions.map(str::to_owned).collect(),
        at: own.at,
        maybe,
    })
}

/// The resources of `planned_values`, where a tool left the changes out.
fn values(module: Option<&Node>, changes: &mut Vec<Change>, depth: usize) {
    let Some(module) = module.filter(|_| depth < 30) else { return };
    for own in module.get("resources").map_or(&[][..], Node::items) {
        let (Some(address), Some(kind)) = (own.text_of("address"), own.text_of("type")) else { continue };
        if own.text_of("mode") == Some("data") {
            continue;
        }
        let after = own.get("values").cloned().unwrap_or_else(|| Node::new(own.at, Kind::Null));
        changes.push(Change {
            address: address.to_owned(),
            kind: kind.to_owned(),
            after: veiled(&after, own.get("sensitive_values"), "it is sensitive"),
            before: None,
            actions: Vec::new(),
            at: own.at,
            maybe: None,
        });
    }
    for child in module.get("child_modules").map_or(&[][..], Node::items) {
        values(Some(child), changes, depth + 1);
    }
}

/// The value with everything hidden that the same place of `veil` says `true` about.
fn veiled(value: &Node, veil: Option<&Node>, why: &str) -> Node {
    let Some(veil) = veil else { return value.clone() };
    match (&veil.kind, &value.kind) {
        (Kind::Bool(true), _) => Node::unknown(value.at, why),
        (Kind::Object(veils), Kind::Object(fields)) => {
            let mut all: Vec<(Rc<str>, Node)> = fields
                .iter()
                .map(|(key, own)| {
                    (key.clone(), veiled(own, veils.iter().find(|(name, _)| name == key).map(|(_, own)| own), why))
                })
                .collect();
            // What is not known yet is missing from the value itself.
            for (key, own) in veils.iter().filter(|(key, _)| !fields.iter().any(|(name, _)| name == key)) {
                if whole(own) {
                    all.push((key.clone(), Node::unknown(value.at, why)));
                }
            }
            Node::object(value.at, all)
        }
        (Kind::Array(veils), Kind::Array(items)) => {
            let all = items.iter().enumerate().map(|(index, own)| veiled(own, veils.get(index), why));
            Node::array(value.at, all.collect())
        }
        // A container that holds something not known where the value has none at all.
        (Kind::Object(_) | Kind::Array(_), Kind::Null) if whole(veil) => Node::unknown(value.at, why),
        _ => value.clone(),
    }
}

/// Whether a veil hides anything.
fn whole(veil: &Node) -> bool {
    match &veil.kind {
        Kind::Bool(hides) => *hides,
        Kind::Object(fields) => fields.iter().any(|(_, own)| whole(own)),
        Kind::Array(items) => items.iter().any(whole),
        Kind::Null | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => false,
    }
}

/// Notes an account that goes.
fn lost(change: &Change, found: &mut Found) {
    let is_account = attributes::find(&change.kind).is_some_and(|kind| kind.below.is_empty())
        || azapi::type_of(change).is_some_and(|own| own.eq_ignore_ascii_case(azapi::ACCOUNT));
    if is_account && change.actions.iter().any(|action| action == "delete") {
        let replaced = change.actions.iter().any(|action| action == "create");
        found.losses.push(Loss { name: change.address.clone(), replaced });
    }
}

/// A text attribute of what will be or, where it is not known, of what is.
fn text(change: &Change, name: &str) -> Option<String> {
    let of = |node: &Node| node.text_of(name).filter(|own| !own.is_empty()).map(str::to_owned);
    // A replacement may take another name; only what stays in place is sure to keep its own.
    let replaced = change.actions.iter().any(|action| action == "delete");
    of(&change.after).or_else(|| change.before.as_ref().filter(|_| !replaced).and_then(of))
}

fn account(change: &Change, site: &Site) -> Option<Resource> {
    let azapi = azapi::account(change, site);
    let (id, body) = match attributes::find(&change.kind).filter(|kind| kind.below.is_empty()) {
        Some(kind) => {
            let name = text(change, "name").unwrap_or_else(|| format!("{{{}}}", change.address));
            let group = text(change, "resource_group_name");
            let site = Site { group: group.or_else(|| site.group.clone()), ..site.clone() };
            let made =
                format!("{}/providers/Microsoft.CognitiveServices/accounts/{}", site.prefix(), name.replace('/', "-"));
            let known = text(change, "id").filter(|id| crate::snapshot::AccountId::parse(id).is_ok());
            (known.unwrap_or(made), attributes::body(kind, &change.after))
        }
        None => azapi?,
    };
    Some(resource(change, id, body))
}

fn resource(change: &Change, id: String, body: Node) -> Resource {
    Resource { id, body, at: change.at, address: Some(change.address.clone()), maybe: change.maybe.clone() }
}

fn is_project(change: &Change) -> bool {
    change.kind == "azurerm_cognitive_account_project"
        || azapi::type_of(change).is_some_and(|own| own.to_ascii_lowercase().ends_with("/accounts/projects"))
}

/// A resource below an account.
fn below(
    change: &Change,
    configuration: Option<&Node>,
    accounts: &[(Address, String)],
    site: &Site,
    found: &mut Found,
) {
    if azapi::below(change, configuration, accounts, site, found) {
        return;
    }
    if change.kind == "azurerm_cognitive_account_customer_managed_key" {
        return customer_key(change, configuration, accounts, site, found);
    }
    let Some(kind) = attributes::find(&change.kind).filter(|kind| !kind.below.is_empty()) else { return };
    let own = Address::parse(&change.address);
    let linked = || links::account(configuration, own.as_ref()?, kind.parent, accounts).map(str::to_owned);
    let setting = kind.parent == "target_resource_id";
    let parent = text(change, kind.parent).or_else(linked);
    let parent = match parent {
        Some(parent) if wants_account(&parent) => parent,
        // A setting of something else.
        Some(_) => return,
        None if setting => return,
        None => unlinked(change, site),
    };
    let name = text(change, "name").unwrap_or_else(|| format!("{{{}}}", change.address));
    let id = format!("{}/{}/{}", parent.trim_end_matches('/'), kind.below, name.replace('/', "-"));
    found.add(resource(change, id, attributes::body(kind, &change.after)));
}

/// Id of an account that stands for the one nobody can tell.
fn unlinked(change: &Change, site: &Site) -> String {
    let name = change.address.replace('/', "-");
    format!("{}/providers/Microsoft.CognitiveServices/accounts/{{account of {name}}}", site.prefix())
}

/// A key that is set on its own is a part of the account.
fn customer_key(
    change: &Change,
    configuration: Option<&Node>,
    accounts: &[(Address, String)],
    site: &Site,
    found: &mut Found,
) {
    const PARENT: &str = "cognitive_account_id";
    let own = Address::parse(&change.address);
    let linked = || links::account(configuration, own.as_ref()?, PARENT, accounts).map(str::to_owned);
    let account = text(change, PARENT).or_else(linked).unwrap_or_else(|| unlinked(change, site));
    azapi::merge(change, &account, &attributes::customer_key(&change.after), found);
}
