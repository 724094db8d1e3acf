//! What stands above subscriptions: tenants and management groups; and the resource index beside the provider's lists.
//!
//! Keys of the estate, all optional:
//!
//! | at | key | what |
//! |---|---|---|
//! | estate | `tenants` | ids of further tenants that give tokens |
//! | estate | `managementGroups` | `{"name", "displayName", "subscriptions": [ids], "managementGroups": […], "faults": {"descendants"}}` |
//! | subscription | `tenantId` | its tenant, when it is not the estate's |
//! | subscription | `managedBy` | tenants that see it too (Azure Lighthouse) |
//! | subscription | `index` | names of accounts the resource index knows; absent: all of them; `faults.resources` |

use serde_json::{Value, json};

use super::answer::ArmError;
use super::estate::{self, Estate, children};
use super::identity;
use super::resources;

const API_VERSIONS: &[&str] = &["2020-05-01", "2021-04-01", "2022-12-01", "2023-04-01"];

/// Whether tokens of `tenant` reach this subscription.
pub(crate) fn sees(estate: &Estate, subscription: &Value, tenant: &str) -> bool {
    let own = subscription.get("tenantId").and_then(Value::as_str).unwrap_or(estate.tenant());
    let managing = children(subscription, "managedBy").iter().filter_map(Value::as_str);
    std::iter::once(own).chain(managing).any(|known| known.eq_ignore_ascii_case(tenant))
}

/// Every tenant that gives tokens.
pub(crate) fn tenants(document: &Value, home: &str) -> Vec<String> {
    let further = children(document, "tenants").iter().filter_map(Value::as_str);
    std::iter::once(home).chain(further).map(str::to_lowercase).collect()
}

/// The rows of a list above or beside the provider's; `None` for other paths.
pub(crate) fn rows(estate: &Estate, path: &str, query: &str) -> Option<Result<Vec<Value>, ArmError>> {
    let lower = path.to_lowercase();
    let parts: Vec<&str> = lower.split('/').filter(|part| !part.is_empty()).collect();
    let found = match parts.as_slice() {
        ["tenants"] => Ok(tenants(estate.document(), estate.tenant()).iter().map(|id| tenant(id)).collect()),
        ["providers", "microsoft.management", "managementgroups"] => {
            let mut rows = Vec::new();
            for own in children(estate.document(), "managementGroups") {
                below(own, &mut |group, _| rows.push(group.clone()), &mut |_, _| {});
            }
            Ok(rows.iter().map(|own| group(own, "")).collect())
        }
        ["providers", "microsoft.management", "managementgroups", name, "descendants"] => {
            descendants(estate, name, path)
        }
        ["subscriptions", id, "resources"] => index(estate, id, path, query)?,
        _ => return None,
    };
    let known = identity::parameter(query, "api-version").is_some_and(|own| API_VERSIONS.contains(&own.as_str()));
    Some(if known { found } else { Err(ArmError::new(400, "InvalidApiVersionParameter", "Not served here.")) })
}

fn tenant(id: &str) -> Value {
    json!({ "id": format!("/tenants/{id}"), "tenantId": id, "tenantCategory": "Home" })
}

fn group(own: &Value, parent: &str) -> Value {
    let name = own["name"].as_str().unwrap_or_default();
    json!({ "id": format!("/providers/Microsoft.Management/managementGroups/{name}"), "name": name,
            "type": "Microsoft.Management/managementGroups",
            "properties": { "displayName": own.get("displayName"), "parent": { "id": parent } } })
}

/// Visits a group and everything below it.
fn below(own: &Value, groups: &mut dyn FnMut(&Value, &Value), subscriptions: &mut dyn FnMut(&str, &Value)) {
    groups(own, own);
    for id in children(own, "subscriptions").iter().filter_map(Value::as_str) {
        subscriptions(id, own);
    }
    for child in children(own, "managementGroups") {
        below(child, groups, subscriptions);
    }
}

fn descendants(estate: &Estate, name: &str, path: &str) -> Result<Vec<Value>, ArmError> {
    let mut found = None;
    for own in children(estate.document(), "managementGroups") {
        let mut look = |group: &Value, _: &Value| {
            if group["name"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(name)) {
                found = Some(group.clone());
            }
        };
        below(own, &mut look, &mut |_, _| {});
    }
    let action = "Microsoft.Management/managementGroups/descendants/read";
    let found = found.ok_or_else(|| ArmError::usual(404, action, path))?;
    if let Some(fault) = estate::fault(&found, "descendants") {
        return Err(ArmError::described(fault, action, path));
    }
    let (mut groups, mut rows) = (Vec::new(), Vec::new());
    let subscription = |id: &str| {
        json!({ "id": format!("/subscriptions/{id}"), "name": id, "type": "/subscriptions",
                "properties": { "displayName": id, "parent": { "id": "" } } })
    };
    below(&found, &mut |own, _| groups.push(group(own, "")), &mut |id, _| rows.push(subscription(id)));
    rows.extend(groups.into_iter().skip(1));
    Ok(rows)
}

fn index(estate: &Estate, id: &str, path: &str, query: &str) -> Option<Result<Vec<Value>, ArmError>> {
    let subscription = estate.subscription(id)?;
    if let Some(fault) = estate::fault(subscription, "resources") {
        return Some(Err(ArmError::described(fault, "Microsoft.Resources/subscriptions/resources/read", path)));
    }
    let wanted = "resourceType eq 'Microsoft.CognitiveServices/accounts'";
    if identity::parameter(query, "$filter").as_deref() != Some(wanted) {
        return Some(Err(ArmError::new(400, "InvalidFilterInQueryString", "Only one filter is served here.")));
    }
    let row = |account: &Value| {
        json!({ "id": resources::account_id(subscription, account), "name": account.get("name"),
                "type": "Microsoft.CognitiveServices/accounts", "kind": account.get("kind"),
                "location": account.get("location") })
    };
    let known = subscription.get("index").and_then(Value::as_array);
    let listed = |account: &&Value| known.is_none_or(|names| names.contains(&account["name"]));
    let accounts = children(subscription, "accounts");
    let ghosts = known.into_iter().flatten().filter(|name| !accounts.iter().any(|own| own["name"] == **name));
    let ghosts = ghosts.map(|name| row(&json!({ "name": name, "resourceGroup": "rg" })));
    Some(Ok(accounts.iter().filter(listed).map(row).chain(ghosts).collect()))
}
