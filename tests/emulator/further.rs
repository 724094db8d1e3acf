//! Lists and resources beside the ones every scan reads, with the provider and api-versions of each.
//!
//! The versions are those of the public templates and SDKs; that Azure answers an unknown one with 400 as
//! `Microsoft.CognitiveServices` does is inferred. Keys of the description:
//!
//! * account: the keys of [`OF_ACCOUNT`], arrays of rows. `models` has rows without an id; when it is not described, the
//!   models of the deployments are listed as generally available.
//! * subscription: the keys of [`OF_SUBSCRIPTION`]; `features` and `pricings`, objects by name.
//!   `policyAssignments` and `policyExemptions` say with `scope` where a row is, if not at the subscription.
//! * estate: `resources`, whole resources by `id`, in any subscription. What is below a gateway, a blocklist, a managed network,
//!   the database of agents, a Communication Services resource, a system topic or a workspace is listed from there; `pathFaults`
//!   names faults of such lists by their path in lower case.
//!
//! `faults` of the account or subscription know the same names, `faults` of a resource know `get`.

use serde_json::{Value, json};

use super::versions::NEVER;

/// A list: path below its parent in lower case, key, type, api-versions (`None`: those of `Microsoft.CognitiveServices`).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Further {
    path: &'static str,
    pub(crate) key: &'static str,
    pub(crate) type_name: &'static str,
    pub(crate) versions: Option<&'static [&'static str]>,
    /// First preview and stable version of a list of `Microsoft.CognitiveServices`.
    pub(crate) since: (&'static str, &'static str),
}

const fn own(
    path: &'static str,
    key: &'static str,
    type_name: &'static str,
    since: (&'static str, &'static str),
) -> Further {
    Further { path, key, type_name, versions: None, since }
}

const fn foreign(
    path: &'static str,
    key: &'static str,
    type_name: &'static str,
    versions: &'static [&'static str],
) -> Further {
    Further { path, key, type_name, versions: Some(versions), since: ("", "") }
}

pub(crate) const OF_ACCOUNT: &[Further] = &[
    own("raipolicies", "raiPolicies", "Microsoft.CognitiveServices/accounts/raiPolicies", ("2023-10-01", "2024-10-01")),
    own(
        "raiblocklists",
        "raiBlocklists",
        "Microsoft.CognitiveServices/accounts/raiBlocklists",
        ("2023-10-01", "2024-10-01"),
    ),
    own(
        "defenderforaisettings",
        "defenderForAISettings",
        "Microsoft.CognitiveServices/accounts/defenderForAISettings",
        ("2024-04-01", "2024-10-01"),
    ),
    own(
        "managednetworks",
        "managedNetworks",
        "Microsoft.CognitiveServices/accounts/managedNetworks",
        ("2025-10-01", "2025-12-01"),
    ),
    own(
        "networksecurityperimeterconfigurations",
        "networkSecurityPerimeterConfigurations",
        "Microsoft.CognitiveServices/accounts/networkSecurityPerimeterConfigurations",
        ("2024-04-01", "2024-10-01"),
    ),
    own(
        "managedcomputedeployments",
        "managedComputeDeployments",
        "Microsoft.CognitiveServices/accounts/managedComputeDeployments",
        ("2026-03-15", NEVER),
    ),
    own("models", "models", "Microsoft.CognitiveServices/accounts/models", ("2021-10-01", "2021-10-01")),
    foreign(
        "providers/microsoft.insights/diagnosticsettings",
        "diagnosticSettings",
        "Microsoft.Insights/diagnosticSettings",
        &["2017-05-01-preview", "2021-05-01-preview"],
    ),
    foreign(
        "providers/microsoft.authorization/roleassignments",
        "roleAssignments",
        "Microsoft.Authorization/roleAssignments",
        &["2020-04-01-preview", "2022-04-01"],
    ),
];

pub(crate) const OF_SUBSCRIPTION: &[Further] = &[
    own(
        "providers/microsoft.cognitiveservices/deletedaccounts",
        "deletedAccounts",
        "Microsoft.CognitiveServices/deletedAccounts",
        ("2021-04-30", "2021-04-30"),
    ),
    own(
        "providers/microsoft.cognitiveservices/raiexternalsafetyproviders",
        "raiExternalSafetyProviders",
        "Microsoft.CognitiveServices/raiExternalSafetyProviders",
        ("2025-10-01", "2025-12-01"),
    ),
    foreign(
        "providers/microsoft.authorization/policyassignments",
        "policyAssignments",
        "Microsoft.Authorization/policyAssignments",
        POLICY,
    ),
    foreign(
        "providers/microsoft.authorization/policyexemptions",
        "policyExemptions",
        "Microsoft.Authorization/policyExemptions",
        &["2020-07-01-preview", "2022-07-01-preview"],
    ),
];

const POLICY: &[&str] = &["2022-06-01", "2023-04-01", "2025-03-01"];

/// Providers of resources that are asked by id, with their api-versions.
const BY_ID: &[(&str, &[&str])] = &[
    ("/providers/microsoft.features/", &["2015-12-01", "2021-07-01"]),
    ("/providers/microsoft.security/", &["2023-01-01", "2024-01-01"]),
    ("/providers/microsoft.storage/contextcaches/", &["2026-06-01", "2026-09-01"]),
    ("/providers/microsoft.storage/storageaccounts/", &["2022-09-01", "2023-05-01", "2024-01-01"]),
    ("/providers/microsoft.documentdb/", &["2023-11-15", "2024-11-15"]),
    ("/providers/microsoft.search/", &["2023-11-01", "2025-05-01"]),
    ("/providers/microsoft.insights/", &["2015-05-01", "2020-02-02"]),
    ("/providers/microsoft.operationalinsights/", &["2022-10-01", "2023-09-01", "2025-07-01"]),
    ("/providers/microsoft.authorization/policydefinitions/", POLICY),
    ("/providers/microsoft.authorization/policysetdefinitions/", POLICY),
];

/// The list that `rest` names below an account or a subscription.
pub(crate) fn list(of: &'static [Further], rest: &[&str]) -> Option<&'static Further> {
    let rest = rest.join("/");
    of.iter().find(|further| further.path == rest)
}

/// The api-versions that answer for a resource asked by its id, and its provider's path; `None` for other paths.
pub(crate) fn versions_by_id(path: &str) -> Option<&'static [&'static str]> {
    let lower = path.to_lowercase();
    // Below an account these are lists, which have a table of their own.
    if lower.contains("/providers/microsoft.cognitiveservices/accounts/") {
        return None;
    }
    BY_ID.iter().find(|(provider, _)| lower.contains(provider)).map(|(_, versions)| *versions)
}

/// The rows of a list.
pub(crate) fn rows(parent: &Value, further: &Further) -> Vec<Value> {
    let described = parent.get(further.key).and_then(Value::as_array).cloned();
    if further.key != "models" || described.is_some() {
        return described.unwrap_or_default();
    }
    let deployments = parent.get("deployments").and_then(Value::as_array).cloned().unwrap_or_default();
    let model = |deployment: &Value| {
        let mut model = deployment.pointer("/properties/model").filter(|model| model.is_object())?.clone();
        model["lifecycleStatus"] = json!("GenerallyAvailable");
        Some(model)
    };
    deployments.iter().filter_map(model).collect()
}

/// How a row of a list is shown below `parent_id`.
pub(crate) fn show(row: &Value, further: &Further, parent_id: &str) -> Value {
    if let Some(raw) = row.get("raw") {
        return raw.clone();
    }
    if further.key == "models" || !row.is_object() {
        return row.clone();
    }
    let mut row = row.clone();
    let name = row["name"].as_str().unwrap_or("unnamed").to_owned();
    let collection =
        further.path.rsplit_once('/').map_or(further.key.to_owned(), |(before, _)| format!("{before}/{}", further.key));
    let word = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    // A policy that is assigned above or inside a subscription is listed for it.
    let scope = word("scope");
    let parent_id = if scope.is_empty() { parent_id } else { &scope };
    row["id"] = match collection.strip_suffix("/deletedAccounts") {
        Some(provider) => {
            let place = format!("locations/{}/resourceGroups/{}", word("location"), word("resourceGroup"));
            json!(format!("{parent_id}/{provider}/{place}/deletedAccounts/{name}"))
        }
        None => json!(format!("{parent_id}/{collection}/{name}")),
    };
    row["type"] = json!(further.type_name);
    row
}

/// A feature, a Defender plan or one of the estate's resources; `Err` carries code and message of a 404.
pub(crate) fn by_id(estate: &Value, subscription: Option<&Value>, path: &str) -> Result<Value, (&'static str, String)> {
    let lower = path.to_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    if let Some(subscription) = subscription {
        if lower.contains("/providers/microsoft.features/") {
            let features = subscription.get("features").and_then(Value::as_object).into_iter().flatten();
            let state =
                features.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, state)| state.clone());
            let state = state.unwrap_or_else(|| json!("NotRegistered"));
            return Ok(
                json!({ "id": path, "name": format!("Microsoft.CognitiveServices/{name}"), "properties": { "state": state } }),
            );
        }
        if lower.contains("/providers/microsoft.security/pricings/") {
            let plan = subscription.get("pricings").and_then(|plans| plans.get(name)).cloned();
            return Ok(
                json!({ "id": path, "name": name, "properties": plan.unwrap_or_else(|| json!({ "pricingTier": "Free" })) }),
            );
        }
    }
    let resources = estate.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
    let named =
        |id: &str| resources.iter().find(|own| own["id"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(id)));
    if let Some(own) = named(path) {
        let mut own = own.clone();
        own.as_object_mut().map(|own| own.remove("faults"));
        return Ok(own);
    }
    match lower.strip_suffix("/managementpolicies/default").and_then(named) {
        Some(_) => Err(("ManagementPolicyNotFound", format!("No ManagementPolicy found for account {name}"))),
        None => Err(("ResourceNotFound", format!("The Resource '{path}' was not found."))),
    }
}

const GATEWAY: &[&str] = &["2022-08-01", "2024-05-01", "2024-06-01-preview", "2025-09-01-preview"];
const COSMOS: &[&str] = &["2023-11-15", "2024-11-15"];
const COMMUNICATION: &[&str] = &["2023-04-01", "2025-09-01", "2026-03-18"];
const EVENT_GRID: &[&str] = &["2022-06-15", "2025-02-15"];
const WORKSPACES: &[&str] = &["2022-10-01", "2023-09-01", "2025-07-01"];

/// Lists of what the estate's `resources` hold: end of the path in lower case, type, api-versions.
const BELOW: &[Further] = &[
    foreign("providers/microsoft.apimanagement/service", "", "Microsoft.ApiManagement/service", GATEWAY),
    foreign("/backends", "", "Microsoft.ApiManagement/service/backends", GATEWAY),
    foreign("/apis", "", "Microsoft.ApiManagement/service/apis", GATEWAY),
    foreign("/diagnostics", "", "Microsoft.ApiManagement/service/diagnostics", GATEWAY),
    foreign("/policies", "", "Microsoft.ApiManagement/service/policies", GATEWAY),
    foreign("/policyfragments", "", "Microsoft.ApiManagement/service/policyFragments", GATEWAY),
    foreign("/caches", "", "Microsoft.ApiManagement/service/caches", GATEWAY),
    own(
        "/raiblocklistitems",
        "",
        "Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems",
        ("2023-10-01", "2024-10-01"),
    ),
    own(
        "/outboundrules",
        "",
        "Microsoft.CognitiveServices/accounts/managedNetworks/outboundRules",
        ("2025-10-01", "2025-12-01"),
    ),
    foreign(
        "/sqldatabases/enterprise_memory/containers",
        "",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers",
        COSMOS,
    ),
    foreign(
        "providers/microsoft.communication/communicationservices",
        "",
        "Microsoft.Communication/communicationServices",
        COMMUNICATION,
    ),
    foreign("providers/microsoft.eventgrid/systemtopics", "", "Microsoft.EventGrid/systemTopics", EVENT_GRID),
    foreign("/eventsubscriptions", "", "Microsoft.EventGrid/eventSubscriptions", EVENT_GRID),
    foreign(
        "/providers/microsoft.insights/diagnosticsettings",
        "",
        "Microsoft.Insights/diagnosticSettings",
        &["2017-05-01-preview", "2021-05-01-preview"],
    ),
    foreign("/tables", "", "Microsoft.OperationalInsights/workspaces/tables", WORKSPACES),
];

/// The list of resources that `path` (in lower case) names.
pub(crate) fn below(path: &str) -> Option<&'static Further> {
    let of_account = path.contains("/microsoft.cognitiveservices/accounts/") && path.ends_with("/diagnosticsettings");
    BELOW.iter().find(|further| path.ends_with(further.path)).filter(|_| !of_account)
}

/// The resources below `path` (in lower case), as `version` shows them. A type of a subscription is listed from all its groups.
pub(crate) fn rows_below(estate: &Value, path: &str, version: &str) -> Vec<Value> {
    let is_below = |id: &str| {
        let id = id.to_lowercase();
        let parent = id.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        let mut parts: Vec<&str> = parent.split('/').collect();
        if parts.get(3) == Some(&"resourcegroups") {
            parts.drain(3..5);
        }
        parent == path || parts.join("/") == path
    };
    let resources = estate.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut rows: Vec<Value> = resources.into_iter().filter(|own| own["id"].as_str().is_some_and(is_below)).collect();
    // No stable version shows whether prompts are logged (as of 2026-11).
    for row in rows.iter_mut().filter(|_| !version.ends_with("-preview")) {
        row.get_mut("properties").and_then(Value::as_object_mut).map(|own| own.remove("largeLanguageModel"));
    }
    rows
}
