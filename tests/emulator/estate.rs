//! The described estate: subscriptions and accounts as JSON, looked up the way ARM does (names in any casing).
//!
//! ```json
//! { "tenantId": "…", "subscriptions": [ { "subscriptionId": "…", "displayName": "…", "state": "Enabled",
//!   "faults": { "get": FAULT, "accounts": FAULT },
//!   "accounts": [ { "name": "…", "resourceGroup": "…", "location": "…", "kind": "…", "sku": {}, "properties": {},
//!     "deployments": [], "connections": [], "capabilityHosts": [],
//!     "projects": [ { "name": "…", "connections": [], "capabilityHosts": [],
//!       "applications": [ { "name": "…", "agentDeployments": [] } ], "faults": {} } ],
//!     "faults": { "get": FAULT, "deployments": FAULT } } ] } ] }
//! ```
//! `FAULT` is `{"status": 403, "code": "…", "message": "…"}`, the last two optional. `raw` in an account or in any child
//! is served verbatim in place of the synthesised resource, and a child that is not an object is served as it is.
//! Further keys: see [`super::further`].

use std::collections::HashMap;

use serde_json::Value;

use super::further::{self, Further};

/// A described estate.
#[derive(Debug)]
pub(crate) struct Estate {
    tenant: String,
    document: Value,
    by_id: HashMap<String, usize>,
}

impl Estate {
    /// # Panics
    /// When the document does not have the documented form.
    pub(crate) fn new(document: Value) -> Self {
        let tenant = document["tenantId"].as_str().expect("the estate has a tenantId").to_owned();
        let subscriptions = document["subscriptions"].as_array().expect("the estate has subscriptions");
        let by_id = subscriptions.iter().enumerate().map(|(index, one)| (text(one, "subscriptionId"), index)).collect();
        subscriptions.iter().for_each(check_subscription);
        Self { tenant, document, by_id }
    }

    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// One of the estate's `resources` (see [`super::further`]).
    pub(crate) fn resource(&self, id: &str) -> Option<&Value> {
        children(&self.document, "resources").iter().find(|own| is(own, "id", id))
    }

    pub(crate) fn subscriptions(&self) -> &[Value] {
        children(&self.document, "subscriptions")
    }

    pub(crate) fn subscription(&self, id: &str) -> Option<&Value> {
        self.by_id.get(&id.to_lowercase()).map(|&index| &self.subscriptions()[index])
    }
}

/// The elements of an array property; none when it is absent.
pub(crate) fn children<'a>(parent: &'a Value, name: &str) -> &'a [Value] {
    parent.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The account of a subscription by resource group and name.
pub(crate) fn account<'a>(subscription: &'a Value, group: &str, name: &str) -> Option<&'a Value> {
    children(subscription, "accounts").iter().find(|one| is(one, "name", name) && is(one, "resourceGroup", group))
}

/// The child with this name.
pub(crate) fn named<'a>(parent: &'a Value, collection: &str, name: &str) -> Option<&'a Value> {
    children(parent, collection).iter().find(|one| is(one, "name", name))
}

/// The described fault of an operation on a resource.
pub(crate) fn fault<'a>(resource: &'a Value, operation: &str) -> Option<&'a Value> {
    resource.get("faults").and_then(|faults| faults.get(operation))
}

fn is(resource: &Value, property: &str, wanted: &str) -> bool {
    resource.get(property).and_then(Value::as_str).is_some_and(|value| value.eq_ignore_ascii_case(wanted))
}

fn text(resource: &Value, property: &str) -> String {
    resource[property].as_str().unwrap_or_else(|| panic!("{property} is missing in {resource}")).to_lowercase()
}

fn check_subscription(subscription: &Value) {
    let with = |first: &[&'static str], further: &'static [Further]| -> Vec<&'static str> {
        first.iter().copied().chain(further.iter().map(|own| own.key)).collect()
    };
    let lists = with(&["accounts"], further::OF_SUBSCRIPTION);
    check(subscription, &lists, &[lists.as_slice(), &["get", "features", "pricings", "resources"]].concat());
    for account in children(subscription, "accounts") {
        let lists = with(&["deployments", "projects", "connections", "capabilityHosts"], further::OF_ACCOUNT);
        check(account, &lists, &[lists.as_slice(), &["get"]].concat());
        for project in children(account, "projects") {
            let lists = ["connections", "capabilityHosts", "applications"];
            check(project, &lists, &["connections", "capabilityHosts", "applications", "agentDeployments"]);
        }
    }
}

fn check(resource: &Value, lists: &[&str], faults: &[&str]) {
    for &list in lists {
        assert!(resource.get(list).is_none_or(Value::is_array), "{list} is not an array in {resource}");
    }
    for (name, fault) in resource.get("faults").and_then(Value::as_object).into_iter().flatten() {
        assert!(faults.contains(&name.as_str()), "no fault can be described for {name}; known: {faults:?}");
        assert!(fault["status"].as_u64().is_some(), "the fault of {name} has no status");
    }
}
