//! What is dropped from an answer before it becomes a fact: long noise, and everything that could be a secret.
//!
//! Connections are reduced to an allow-list, because their credentials, targets and metadata may hold keys, SAS tokens and
//! passwords under any name. The SHA-256 of the evidence is that of the answer as received.

use serde_json::Value;
use url::Url;

use crate::snapshot::Operation;
use crate::snapshot::journal::Reduction;
pub(super) use crate::snapshot::reduce::{NAMED, keep, origin, pick};

/// What is done to the body of a row.
pub(super) type Redact = fn(&mut Value);

/// Leaves the body as it is.
pub(super) fn nothing(_: &mut Value) {}

const ACCOUNT_DROPS: [&str; 4] = ["callRateLimit", "quotaLimit", "apiProperties", "migrationToken"];
const DEPLOYMENT_DROPS: [&str; 2] = ["callRateLimit", "rateLimits"];
const MODEL_DROPS: [&str; 1] = ["callRateLimit"];
const CONNECTION_KEEPS: [&str; 8] =
    ["category", "authType", "group", "isSharedToAll", "peRequirement", "peStatus", "isDefault", "error"];
const METADATA_KEEPS: [&str; 3] = ["ResourceId", "ApiType", "Location"];
const ROLE_KEEPS: [&str; 4] = ["roleDefinitionId", "principalId", "principalType", "scope"];
const MODEL_KEEPS: [&str; 4] = ["format", "name", "version", "lifecycleStatus"];
const PROVIDER_KEEPS: [&str; 3] = ["providerId", "providerName", "mode"];
const RESOURCE_KEEPS: [&str; 5] = ["id", "name", "location", "kind", "sku"];
const REFERENCE_KEEPS: [&str; 13] = [
    "state",
    "pricingTier",
    "extensions",
    "timeToLive",
    "modelName",
    "locations",
    "replication",
    "policy",
    "WorkspaceResourceId",
    "retentionInDays",
    "totalRetentionInDays",
    "provisioningState",
    "plan",
];

const COMPUTE_OWN: [&str; 3] = ["id", "name", "sku"];
const COMPUTE_KEEPS: [&str; 3] = ["model", "acceleratorType", "provisioningState"];
const RULE_KEEPS: [&str; 4] = ["type", "destination", "category", "status"];
const CONTAINER_KEEPS: [&str; 2] = ["id", "defaultTtl"];

fn below(parent: &str, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| format!("{parent}{key}")).collect()
}

/// A reduction to these keys of a body and these of its properties.
pub(super) fn keeping(operations: &[Operation], own: &[&str], properties: &[&str], reason: &str) -> Reduction {
    let kept = [below("/", own), below("/properties/", properties)].concat();
    Reduction { operations: operations.to_vec(), dropped: Vec::new(), kept, reason: reason.to_owned() }
}

/// What is left out of every answer but those of a gateway, for the header of a journal.
pub(super) fn reductions() -> Vec<Reduction> {
    let dropping = |operations: &[Operation], dropped, reason: &str| Reduction {
        operations: operations.to_vec(),
        dropped,
        kept: Vec::new(),
        reason: reason.to_owned(),
    };
    let deployment = [below("/properties/", &DEPLOYMENT_DROPS), below("/properties/model/", &MODEL_DROPS)].concat();
    let mut connection = keeping(
        &[Operation::ConnectionsList, Operation::ProjectConnectionsList],
        &[],
        &CONNECTION_KEEPS,
        "credentials and metadata may hold secrets under any name; a target is kept without query, user and password",
    );
    connection.kept.push("/properties/target".to_owned());
    connection.kept.extend(below("/properties/metadata/", &METADATA_KEEPS));
    vec![
        dropping(
            &[Operation::AccountsList, Operation::AccountsGet, Operation::DeletedAccountsList],
            below("/properties/", &ACCOUNT_DROPS),
            "long rate-limit tables; API properties and migration tokens can hold keys",
        ),
        dropping(&[Operation::DeploymentsList], deployment, "long rate-limit tables"),
        connection,
        keeping(
            &[Operation::RaiBlocklistsList, Operation::BlocklistItemsList],
            &NAMED,
            &[],
            "descriptions are free text, and items are content of the customer",
        ),
        keeping(
            &[Operation::RoleAssignmentsList],
            &NAMED,
            &ROLE_KEEPS,
            "who has which role where is all that is judged",
        ),
        keeping(&[Operation::ModelsList], &MODEL_KEEPS, &[], "a list of some hundred rows"),
        keeping(
            &[Operation::SafetyProvidersList],
            &NAMED,
            &[&PROVIDER_KEEPS[..], &["url"]].concat(),
            "secret names; a URL is kept as its origin",
        ),
        keeping(
            &[
                Operation::WebSearchFeatureGet,
                Operation::DefenderPlanGet,
                Operation::ContextCacheContainersGet,
                Operation::CosmosAccountsGet,
                Operation::StorageAccountsGet,
                Operation::ManagementPoliciesGet,
                Operation::SearchServicesGet,
                Operation::ComponentsGet,
                Operation::WorkspacesGet,
                Operation::TablesGet,
            ],
            &RESOURCE_KEEPS,
            &REFERENCE_KEEPS,
            "some resources show connection strings",
        ),
        keeping(&[Operation::ManagedComputeList], &COMPUTE_OWN, &COMPUTE_KEEPS, "environment variables may be secrets"),
        keeping(&[Operation::OutboundRulesList], &NAMED, &RULE_KEEPS, "what a rule allows is all that is judged"),
        keeping(
            &[Operation::AgentContainersList],
            &NAMED,
            &CONTAINER_KEEPS.map(|key| ["resource/", key].concat()).each_ref().map(String::as_str),
            "how long items live is all that is judged",
        ),
    ]
}

/// Accounts: rate-limit tables run to hundreds of lines; `apiProperties` and `migrationToken` can hold keys.
pub(super) fn account(body: &mut Value) {
    drop_keys(body, "/properties", &ACCOUNT_DROPS);
}

/// Deployments: rate-limit tables.
pub(super) fn deployment(body: &mut Value) {
    drop_keys(body, "/properties", &DEPLOYMENT_DROPS);
    drop_keys(body, "/properties/model", &MODEL_DROPS);
}

/// Connections: identity, category and where they lead, nothing else.
pub(super) fn connection(body: &mut Value) {
    let Some(Value::Object(properties)) = body.get_mut("properties") else { return };
    let target = properties.get("target").and_then(Value::as_str).and_then(bare_url);
    let metadata =
        properties.get("metadata").and_then(Value::as_object).map(|metadata| pick(metadata, &METADATA_KEEPS));
    let mut kept = pick(properties, &CONNECTION_KEEPS);
    if let Some(error) = kept.get_mut("error") {
        *error = Value::from("(present)");
    }
    if let Some(target) = target {
        kept.insert("target".to_owned(), target.into());
    }
    if let Some(metadata) = metadata {
        kept.insert("metadata".to_owned(), metadata.into());
    }
    *properties = kept;
}

/// Blocklists: their descriptions are free text.
pub(super) fn name_only(body: &mut Value) {
    keep(body, &NAMED, &[]);
}

/// Role assignments: who has which role where.
pub(super) fn role_assignment(body: &mut Value) {
    keep(body, &NAMED, &ROLE_KEEPS);
}

/// Models: a list of some hundred rows, of which four properties matter.
pub(super) fn model(body: &mut Value) {
    keep(body, &MODEL_KEEPS, &[]);
}

/// Safety providers: names and the host that is called; never the secret's name or the path of a webhook.
pub(super) fn safety_provider(body: &mut Value) {
    let url = body.pointer("/properties/url").and_then(Value::as_str).and_then(origin);
    keep(body, &NAMED, &PROVIDER_KEEPS);
    if let (Some(url), Some(Value::Object(properties))) = (url, body.get_mut("properties")) {
        properties.insert("url".to_owned(), url.into());
    }
}

/// Resources that others lead to: an allow-list, because some show connection strings.
pub(super) fn reference(body: &mut Value) {
    keep(body, &RESOURCE_KEEPS, &REFERENCE_KEEPS);
}

/// Deployments on managed compute: what runs where, nothing of how it is configured.
pub(super) fn managed_compute(body: &mut Value) {
    keep(body, &COMPUTE_OWN, &COMPUTE_KEEPS);
}

/// Rules of a managed network: what they allow.
pub(super) fn outbound_rule(body: &mut Value) {
    keep(body, &NAMED, &RULE_KEEPS);
}

/// Containers of Cosmos DB: their name and how long items live.
pub(super) fn agent_container(body: &mut Value) {
    let resource = body.pointer("/properties/resource").and_then(Value::as_object);
    let resource = resource.map(|resource| pick(resource, &CONTAINER_KEEPS));
    keep(body, &NAMED, &[]);
    if let (Some(resource), Some(Value::Object(properties))) = (resource, body.get_mut("properties")) {
        properties.insert("resource".to_owned(), resource.into());
    }
}

fn drop_keys(body: &mut Value, pointer: &str, keys: &[&str]) {
    if let Some(Value::Object(map)) = body.pointer_mut(pointer) {
        map.retain(|key, _| !keys.contains(&key.as_str()));
    }
}

/// Scheme, host and path of a target; ARM ids and anything else that is no URL is dropped.
fn bare_url(target: &str) -> Option<String> {
    let mut url = Url::parse(target).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_secret_of_a_connection_survives() {
        let mut body = json!({ "name": "c", "properties": {
            "category": "AzureBlob", "target": "https://user:PLANTED@store.blob.core.windows.net/c?sig=PLANTED#PLANTED",
            "credentials": { "key": "PLANTED" }, "metadata": { "ResourceId": "/subscriptions/x", "connectionString": "PLANTED" },
            "error": "PLANTED", "sharedUserList": ["PLANTED"], "anything": "PLANTED",
        }});
        connection(&mut body);
        assert!(!body.to_string().contains("PLANTED"), "{body}");
        assert_eq!(body.pointer("/properties/target"), Some(&json!("https://store.blob.core.windows.net/c")));
        assert_eq!(body.pointer("/properties/metadata"), Some(&json!({ "ResourceId": "/subscriptions/x" })));
    }

    #[test]
    fn nothing_secret_of_further_facts_survives() {
        let mut component = json!({ "id": "/x", "properties": {
            "ConnectionString": "PLANTED", "InstrumentationKey": "PLANTED", "WorkspaceResourceId": "/w" } });
        reference(&mut component);
        assert_eq!(component, json!({ "id": "/x", "properties": { "WorkspaceResourceId": "/w" } }));
        let mut provider = json!({ "id": "/x", "properties": {
            "providerName": "n", "url": "https://u:PLANTED@scan.example/hook/PLANTED?k=PLANTED", "secretName": "PLANTED" } });
        safety_provider(&mut provider);
        assert_eq!(provider["properties"], json!({ "providerName": "n", "url": "https://scan.example" }));
        let mut odd = json!({ "id": "/x", "properties": "PLANTED" });
        name_only(&mut odd);
        assert!(odd["properties"].is_string() && !odd.to_string().contains("PLANTED"), "{odd}");
    }

    #[test]
    fn noise_goes_and_the_rest_stays() {
        let mut body = json!({ "properties": { "callRateLimit": { "rules": [] }, "capabilities": [{ "name": "a" }] } });
        account(&mut body);
        assert_eq!(body, json!({ "properties": { "capabilities": [{ "name": "a" }] } }));
    }
}
