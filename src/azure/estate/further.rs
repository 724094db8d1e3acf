//! What only some rules ask an estate for: further lists of accounts and subscriptions, and resources by their id.

use serde_json::{Value, json};

use super::{Answer, children, error, fault, name_of, page, resource};

/// Last segment of a list below an account in lower case, its key in the description, and its provider's path.
const OF_ACCOUNT: [(&str, &str, &str); 9] = [
    ("raipolicies", "raiPolicies", ""),
    ("raiblocklists", "raiBlocklists", ""),
    ("defenderforaisettings", "defenderForAISettings", ""),
    ("managednetworks", "managedNetworks", ""),
    ("networksecurityperimeterconfigurations", "networkSecurityPerimeterConfigurations", ""),
    ("models", "models", ""),
    ("managedcomputedeployments", "managedComputeDeployments", ""),
    ("diagnosticsettings", "diagnosticSettings", "microsoft.insights"),
    ("roleassignments", "roleAssignments", "microsoft.authorization"),
];

const OF_SUBSCRIPTION: [(&str, &str, &str); 4] = [
    ("deletedaccounts", "deletedAccounts", "microsoft.cognitiveservices"),
    ("raiexternalsafetyproviders", "raiExternalSafetyProviders", "microsoft.cognitiveservices"),
    ("policyassignments", "policyAssignments", "microsoft.authorization"),
    ("policyexemptions", "policyExemptions", "microsoft.authorization"),
];

/// A list below an account.
pub(super) fn of_account(account: &Value, id: &str, rest: &[&str]) -> Option<Answer> {
    let (provider, segment) = match rest {
        [segment] => ("", *segment),
        ["providers", provider, segment] => (*provider, *segment),
        _ => return None,
    };
    let is = |row: &&(&str, &str, &str)| (row.0, row.2) == (segment, provider);
    let (_, kind, provider) = OF_ACCOUNT.iter().find(is)?;
    if let Some(fault) = fault(account, kind) {
        return Some(fault);
    }
    if *kind == "models" {
        return Some((200, page(models(account))));
    }
    let below = if provider.is_empty() { (*kind).to_owned() } else { format!("providers/{provider}/{kind}") };
    let row = |child: &Value| resource(child, &format!("{id}/{below}/{}", name_of(child)), kind);
    Some((200, page(children(account, kind).map(row).collect())))
}

/// The described models or, without a description, the deployed ones, all generally available.
fn models(account: &Value) -> Vec<Value> {
    let described: Vec<Value> = children(account, "models").cloned().collect();
    if account.get("models").is_some() {
        return described;
    }
    let deployed = children(account, "deployments").filter_map(|deployment| deployment.pointer("/properties/model"));
    let one = |model: &Value| {
        let mut model = model.clone();
        if let Value::Object(model) = &mut model {
            model.insert("lifecycleStatus".to_owned(), "GenerallyAvailable".into());
        }
        model
    };
    deployed.filter(|model| model.is_object()).map(one).collect()
}

/// A list below a subscription, its Defender plan, or a feature of it.
pub(super) fn of_subscription(own: &Value, id: &str, rest: &[&str]) -> Option<Answer> {
    match rest {
        ["providers", "microsoft.security", "pricings", "ai"] => Some(fault(own, "pricings").unwrap_or_else(|| {
            let plan = own.pointer("/pricings/AI").cloned().unwrap_or_else(|| json!({ "pricingTier": "Free" }));
            (200, json!({ "id": format!("{id}/providers/Microsoft.Security/pricings/AI"), "name": "AI", "properties": plan }))
        })),
        ["providers", "microsoft.features", "providers", "microsoft.cognitiveservices", "features", name] => {
            let features = own.get("features").and_then(Value::as_object).into_iter().flatten();
            let state = features.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, state)| state.clone());
            let id = format!("{id}/providers/Microsoft.Features/providers/Microsoft.CognitiveServices/features/{name}");
            let body = json!({ "id": id, "properties": { "state": state.unwrap_or_else(|| "NotRegistered".into()) } });
            Some(fault(own, "features").unwrap_or((200, body)))
        }
        ["providers", provider, segment] => {
            let is = |row: &&(&str, &str, &str)| (row.0, row.2) == (*segment, *provider);
            let (_, kind, provider) = OF_SUBSCRIPTION.iter().find(is)?;
            let row = |child: &Value| {
                let place = if *kind == "deletedAccounts" { place_of_deleted(child) } else { String::new() };
                let id = child.get("scope").and_then(Value::as_str).unwrap_or(id);
                resource(child, &format!("{id}/providers/{provider}/{place}{kind}/{}", name_of(child)), kind)
            };
            Some(fault(own, kind).unwrap_or_else(|| (200, page(children(own, kind).map(row).collect()))))
        }
        _ => None,
    }
}

/// The id of a deleted account names where it was (REST reference, Deleted Accounts - List, api-version 2021-04-30).
fn place_of_deleted(account: &Value) -> String {
    let word = |key: &str| account.get(key).and_then(Value::as_str).unwrap_or_default();
    format!("locations/{}/resourceGroups/{}/", word("location"), word("resourceGroup"))
}

/// A resource of the estate's `resources`, by its id. A storage account without lifecycle rules answers as recorded.
pub(super) fn by_id(estate: &Value, path: &str) -> Option<Answer> {
    let named = |id: &str| {
        let is = |own: &&Value| own.get("id").and_then(Value::as_str).is_some_and(|own| own.eq_ignore_ascii_case(id));
        children(estate, "resources").find(is)
    };
    if let Some(own) = named(path) {
        return Some(fault(own, "get").unwrap_or_else(|| {
            let mut body = own.clone();
            if let Value::Object(body) = &mut body {
                body.remove("faults");
            }
            (200, body)
        }));
    }
    let lower = path.to_ascii_lowercase();
    named(lower.strip_suffix("/managementpolicies/default")?)?;
    Some(error(404, "ManagementPolicyNotFound", "No ManagementPolicy found for the account."))
}

/// Ends of paths that list what the estate's `resources` hold below them.
const COLLECTIONS: [&str; 15] = [
    "microsoft.apimanagement/service",
    "/backends",
    "/apis",
    "/diagnostics",
    "/policies",
    "/policyfragments",
    "/caches",
    "/raiblocklistitems",
    "/outboundrules",
    "/sqldatabases/enterprise_memory/containers",
    "microsoft.communication/communicationservices",
    "microsoft.eventgrid/systemtopics",
    "/eventsubscriptions",
    "/diagnosticsettings",
    "/tables",
];

/// A list of the estate's `resources`: those one name below `path` or, for a type of a subscription, in any of its groups. The
/// estate's `pathFaults` come first.
pub(super) fn below(estate: &Value, path: &str) -> Option<Answer> {
    let path = path.to_ascii_lowercase();
    if let Some(fault) = estate.get("pathFaults").and_then(|faults| fault(&json!({ "faults": faults }), &path)) {
        return Some(fault);
    }
    COLLECTIONS.iter().find(|end| path.ends_with(*end))?;
    let is_below = |id: &str| {
        let id = id.to_ascii_lowercase();
        let Some((parent, name)) = id.rsplit_once('/') else { return false };
        // Without the group: `/subscriptions/{id}/providers/…`.
        let mut parts: Vec<&str> = parent.split('/').collect();
        if parts.get(3) == Some(&"resourcegroups") {
            parts.drain(3..5);
        }
        !name.is_empty() && (parent == path || parts.join("/") == path)
    };
    let own = |own: &&Value| own.get("id").and_then(Value::as_str).is_some_and(is_below);
    Some((200, page(children(estate, "resources").filter(own).cloned().collect())))
}
