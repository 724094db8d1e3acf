//! An in-process transport that answers ARM requests from a described estate.
//!
//! The demo and the rule fixtures run through it, so that the same client, paging, parsing and error handling are at work as
//! on real ARM; only the socket is missing.

mod data_plane;
mod further;

use async_trait::async_trait;
use azure_core::http::headers::Headers;
use azure_core::http::{AsyncRawResponse, HttpClient, Request, StatusCode};
use serde_json::{Map, Value, json};

/// A described estate: `{"subscriptions": [{"subscriptionId", "accounts": [{"name", "deployments": […]}]}]}`.
///
/// Every level may carry `faults`, an object from operation (`get`, `accounts`, `deployments`, …) to
/// `{"status", "code", "message"}`; a child with `raw` is served verbatim.
///
/// Keys for facts that only some rules need, all optional:
///
/// | at | key | what |
/// |---|---|---|
/// | account | `raiPolicies`, `raiBlocklists`, `defenderForAISettings`, `managedNetworks`, `networkSecurityPerimeterConfigurations`, `diagnosticSettings`, `roleAssignments` | rows |
/// | account | `models` | rows without an id; absent: the deployed models, generally available |
/// | subscription | `deletedAccounts`, `raiExternalSafetyProviders` | rows |
/// | subscription | `policyAssignments`, `policyExemptions` | rows; `scope` says where one is, absent: the subscription |
/// | subscription | `features` | object from name to state; absent: `NotRegistered` |
/// | subscription | `pricings` | object from plan to its properties; absent: `{"pricingTier": "Free"}` |
/// | account | `managedComputeDeployments` | rows |
/// | estate | `resources` | whole resources with their `id`, whatever subscription they are in; `faults.get`. What is below a gateway, a blocklist, a managed network or the database of agents is listed from here by its id |
/// | account, project | `dataPlane` | what its stores hold; see `data_plane` |
/// | estate | `askDataPlane` | whether a reading asks for it |
/// | estate | `pathFaults` | object from the lower-case path of such a list to its fault |
pub struct Estate(Value);

/// Status and body of one answer.
type Answer = (u16, Value);

impl Estate {
    /// Reads the description.
    ///
    /// # Errors
    /// When the text is not JSON.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    /// Whether a reading of this estate asks its data planes too.
    pub fn asks_data_plane(&self) -> bool {
        self.0.get("askDataPlane").and_then(Value::as_bool) == Some(true)
    }

    /// Answers one path. Unknown resources get ARM's 404.
    pub fn answer(&self, path: &str) -> Answer {
        let segments: Vec<String> =
            path.split('/').filter(|part| !part.is_empty()).map(str::to_ascii_lowercase).collect();
        let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
        if let Some(answer) = further::by_id(&self.0, path.trim_end_matches('/')) {
            return answer;
        }
        let ["subscriptions", rest @ ..] = parts.as_slice() else { return not_found(path) };
        let [id, rest @ ..] = rest else {
            return (200, page(children(&self.0, "subscriptions").map(subscription).collect()));
        };
        match children(&self.0, "subscriptions").find(|own| is(own, "subscriptionId", id)) {
            None => error(404, "SubscriptionNotFound", &format!("The subscription '{id}' could not be found.")),
            Some(own) => below_subscription(own, rest)
                .or_else(|| further::of_subscription(own, &format!("/subscriptions/{id}"), rest))
                .or_else(|| further::below(&self.0, path.trim_end_matches('/')))
                .unwrap_or_else(|| not_found(path)),
        }
    }
}

fn below_subscription(own: &Value, rest: &[&str]) -> Option<Answer> {
    match rest {
        [] => Some(fault(own, "get").unwrap_or_else(|| (200, subscription(own)))),
        ["providers", "microsoft.cognitiveservices", "accounts"] => Some(fault(own, "accounts").unwrap_or_else(|| {
            (
                200,
                page(
                    children(own, "accounts")
                        .map(|account| resource(account, &account_id(own, account), "accounts"))
                        .collect(),
                ),
            )
        })),
        ["resourcegroups", group, "providers", "microsoft.cognitiveservices", "accounts", name, rest @ ..] => {
            let account = children(own, "accounts").find(|a| is(a, "name", name) && is(a, "resourceGroup", group))?;
            below_account(account, &account_id(own, account), rest)
        }
        _ => None,
    }
}

fn below_account(account: &Value, id: &str, rest: &[&str]) -> Option<Answer> {
    match rest {
        [] => Some(fault(account, "get").unwrap_or_else(|| (200, resource(account, id, "accounts")))),
        ["deployments"] => Some(list(account, id, "deployments")),
        ["projects"] => Some(list(account, id, "projects")),
        ["capabilityhosts"] => Some(list(account, id, "capabilityHosts")),
        ["connections"] => Some(list(account, id, "connections")),
        ["projects", name, rest @ ..] => {
            let project = children(account, "projects").find(|project| is(project, "name", name))?;
            below_project(project, &format!("{id}/projects/{}", name_of(project)), rest)
        }
        _ => further::of_account(account, id, rest),
    }
}

fn below_project(project: &Value, id: &str, rest: &[&str]) -> Option<Answer> {
    match rest {
        ["capabilityhosts"] => Some(list(project, id, "capabilityHosts")),
        ["connections"] => Some(list(project, id, "connections")),
        ["applications"] => Some(list(project, id, "applications")),
        ["applications", name, "agentdeployments"] => {
            let application = children(project, "applications").find(|application| is(application, "name", name))?;
            let id = format!("{id}/applications/{}", name_of(application));
            Some(fault(project, "agentDeployments").unwrap_or_else(|| list(application, &id, "agentDeployments")))
        }
        _ => None,
    }
}

/// The list of one kind of children, or the fault described for it.
fn list(parent: &Value, id: &str, kind: &str) -> Answer {
    fault(parent, kind).unwrap_or_else(|| {
        let row = |child: &Value| resource(child, &format!("{id}/{kind}/{}", name_of(child)), kind);
        (200, page(children(parent, kind).map(row).collect()))
    })
}

/// One resource in ARM's envelope, without the children of the description.
fn resource(described: &Value, id: &str, kind: &str) -> Value {
    if let Some(raw) = described.get("raw") {
        return raw.clone();
    }
    let mut body = Map::new();
    body.insert("id".to_owned(), id.into());
    body.insert("type".to_owned(), format!("Microsoft.CognitiveServices/{kind}").into());
    let envelope = ["name", "location", "kind", "sku", "tags", "identity", "properties"];
    for key in envelope {
        if let Some(value) = described.get(key) {
            body.insert(key.to_owned(), value.clone());
        }
    }
    if let Value::Object(properties) = body.entry("properties").or_insert_with(|| json!({})) {
        properties.entry("provisioningState").or_insert_with(|| "Succeeded".into());
    }
    Value::Object(body)
}

fn subscription(own: &Value) -> Value {
    let id = own.get("subscriptionId").cloned().unwrap_or_default();
    json!({
        "id": format!("/subscriptions/{}", id.as_str().unwrap_or_default()),
        "subscriptionId": id,
        "displayName": own.get("displayName"),
        "state": own.get("state").cloned().unwrap_or_else(|| "Enabled".into()),
        "tenantId": own.get("tenantId"),
    })
}

fn page(rows: Vec<Value>) -> Value {
    Value::Object(Map::from_iter([("value".to_owned(), Value::Array(rows))]))
}

fn fault(described: &Value, operation: &str) -> Option<Answer> {
    let fault = described.get("faults")?.get(operation)?;
    let status = fault.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok())?;
    let text = |key: &str, default: &str| fault.get(key).and_then(Value::as_str).unwrap_or(default).to_owned();
    Some(error(
        status,
        &text("code", "AuthorizationFailed"),
        &text("message", "The client does not have authorization."),
    ))
}

fn not_found(path: &str) -> Answer {
    error(404, "ResourceNotFound", &format!("The resource '{path}' was not found."))
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    (status, json!({ "error": { "code": code, "message": message } }))
}

fn children<'a>(parent: &'a Value, kind: &str) -> impl Iterator<Item = &'a Value> {
    parent.get(kind).and_then(Value::as_array).into_iter().flatten()
}

fn name_of(described: &Value) -> &str {
    described.get("name").and_then(Value::as_str).unwrap_or("unnamed")
}

fn is(described: &Value, key: &str, lower: &str) -> bool {
    described.get(key).and_then(Value::as_str).is_some_and(|own| own.eq_ignore_ascii_case(lower))
}

fn account_id(subscription: &Value, account: &Value) -> String {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    crate::snapshot::AccountId::new(
        &text(subscription, "subscriptionId"),
        &text(account, "resourceGroup"),
        name_of(account),
    )
    .id
}

impl std::fmt::Debug for Estate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Estate")
    }
}

#[async_trait]
impl HttpClient for Estate {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let url = request.url();
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let of_store = data_plane::answer(&self.0, url.host_str().unwrap_or_default(), url.path(), &query);
        let (status, body) = of_store.unwrap_or_else(|| self.answer(url.path()));
        let mut headers = Headers::new();
        headers.insert("content-type", "application/json; charset=utf-8");
        Ok(AsyncRawResponse::from_bytes(StatusCode::from(status), headers, body.to_string()))
    }
}
