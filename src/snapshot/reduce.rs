//! What is kept of API Management, from an answer or a plan: where backends lead, what is logged, and what policies select and store.
//!
//! Backends hold credentials, caches connection strings, and policies are programs with keys and prompts in them: everything is
//! reduced to an allow-list, a policy to the few words that rules ask about. What a plan does not know stays not known.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use url::Url;

use super::document::{NOT_KNOWN, why_not_known};

/// What stands where a URL was that cannot be read as one.
const NO_URL: &str = "(not a URL)";

/// Properties of a backend that stay as they are.
pub const BACKEND_KEEPS: [&str; 3] = ["type", "protocol", "pool"];
/// Those of an API.
pub const API_KEEPS: [&str; 3] = ["type", "isCurrent", "apiRevision"];
/// Those of a diagnostic.
pub const DIAGNOSTIC_KEEPS: [&str; 6] =
    ["loggerId", "largeLanguageModel", "frontend", "backend", "sampling", "verbosity"];
/// What stands for the text of a policy.
pub const POLICY_MARKS: [&str; 5] = ["backendIds", "baseUrls", "computed", "fragments", "semanticCacheStores"];

/// What is kept of every row outside of its properties.
pub const NAMED: [&str; 2] = ["id", "name"];

/// Reduces a body, and its properties, to these keys.
pub fn keep(body: &mut Value, keys: &[&str], properties: &[&str]) {
    let Some(map) = body.as_object() else { return };
    let mut kept = pick(map, keys);
    match map.get("properties") {
        Some(Value::Object(own)) => drop(kept.insert("properties".to_owned(), pick(own, properties).into())),
        // A wrong shape stays visible as one.
        Some(_) => drop(kept.insert("properties".to_owned(), "(not an object)".into())),
        None => {}
    }
    *body = kept.into();
}

/// Scheme and host of a URL; "null" when it has no host.
pub fn origin(url: &str) -> Option<String> {
    Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}

/// The entries with these keys, compared without case.
pub fn pick(map: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    let wanted = |key: &str| key == NOT_KNOWN || keys.iter().any(|keep| keep.eq_ignore_ascii_case(key));
    map.iter().filter(|(key, _)| wanted(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Backends: host, ARM id and the members of a pool.
pub fn backend(body: &mut Value) {
    let url = url_of(body, "/properties/url");
    let resource = body.pointer("/properties/resourceId").and_then(|id| match id.as_str() {
        Some(id) => Some(bare(id).into()),
        None => why_not_known(id).is_some().then(|| id.clone()),
    });
    keep(body, &NAMED, &BACKEND_KEEPS);
    put(body, "url", url);
    put(body, "resourceId", resource);
}

/// APIs: the host behind them.
pub fn api(body: &mut Value) {
    let url = url_of(body, "/properties/serviceUrl");
    keep(body, &NAMED, &API_KEEPS);
    put(body, "serviceUrl", url);
}

/// Diagnostics: what is logged, and where to.
pub fn diagnostic(body: &mut Value) {
    keep(body, &NAMED, &DIAGNOSTIC_KEEPS);
}

/// Policies and fragments: the backends they select, the fragments they include, and what they keep in a semantic cache.
pub fn policy(body: &mut Value) {
    let mut parts = ["/properties", "/properties/value"].into_iter().filter_map(|at| body.pointer(at));
    let unknown = parts.rfind(|value| why_not_known(value).is_some()).cloned();
    let marks = unknown.or_else(|| body.pointer("/properties/value").and_then(Value::as_str).map(marks));
    keep(body, &NAMED, &[]);
    if let Value::Object(map) = body {
        map.insert("properties".to_owned(), marks.unwrap_or_else(|| "(not a text)".into()));
    }
}

fn put(body: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(value), Some(Value::Object(properties))) = (value, body.get_mut("properties")) {
        properties.insert(key.to_owned(), value);
    }
}

/// Scheme and host at a pointer; a value of another type stays visible as wrong.
fn url_of(body: &Value, pointer: &str) -> Option<Value> {
    let value = body.pointer(pointer).filter(|value| !value.is_null())?;
    if why_not_known(value).is_some() {
        return Some(value.clone());
    }
    let text = value.as_str().unwrap_or(NO_URL);
    // A named value stands for a host that this answer does not tell.
    let origin = origin(text).filter(|_| !text.contains("{{"));
    Some(if text.is_empty() { Value::Null } else { origin.unwrap_or_else(|| NO_URL.to_owned()).into() })
}

/// An ARM id or the URL of one, without a query.
fn bare(id: &str) -> String {
    id.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// What rules ask about a policy. The text is no XML (expressions hold quotes and angle brackets), so that elements are looked for
/// by their opening.
fn marks(text: &str) -> Value {
    let text = without_comments(text);
    let mut backends = BTreeSet::new();
    let mut urls = BTreeSet::new();
    let mut computed = false;
    for element in elements(&text, "set-backend-service") {
        for (name, into) in [("backend-id", &mut backends), ("base-url", &mut urls)] {
            match attribute(element, name) {
                None => {}
                // Expressions, and named values, which anybody may change.
                Some(value) if value.contains("@(") || value.contains("@{") || value.contains("{{") => computed = true,
                Some(value) if name == "backend-id" => drop(into.insert(value.to_owned())),
                Some(value) => match origin(value) {
                    Some(origin) => drop(into.insert(origin)),
                    None => computed = true,
                },
            }
        }
    }
    let fragments: BTreeSet<&str> =
        elements(&text, "include-fragment").filter_map(|element| attribute(element, "fragment-id")).collect();
    let stores: Vec<&str> = ["azure-openai-semantic-cache-store", "llm-semantic-cache-store"]
        .into_iter()
        .filter(|name| elements(&text, name).next().is_some())
        .collect();
    json!({ "backendIds": backends, "baseUrls": urls, "computed": computed, "fragments": fragments, "semanticCacheStores": stores })
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out + rest
}

/// What follows the name of each such element, to its end as far as quotes tell.
fn elements<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    text.split('<').skip(1).filter_map(move |rest| {
        let rest = rest.strip_prefix(name)?;
        rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).then_some(rest)
    })
}

/// The value of an attribute, in either kind of quotes.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(name)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(rest[1..].split_once(quote).map_or(&rest[1..], |(value, _)| value).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_reduced_to_what_it_selects_and_stores() {
        let text = r#"<policies><!-- <llm-semantic-cache-store duration="60" /> --><inbound><base />
            <set-header name="api-key"><value>PLANTED</value></set-header>
            <set-backend-service id="x" backend-id = "Pool" /><include-fragment fragment-id='shared' />
            <set-backend-service base-url="https://u:PLANTED@a.openai.azure.com/openai?k=PLANTED" />
            </inbound><outbound><azure-openai-semantic-cache-store duration="60"/></outbound></policies>"#;
        let mut body = json!({ "id": "/p", "properties": { "format": "xml", "value": text } });
        policy(&mut body);
        assert!(
            POLICY_MARKS.iter().all(|mark| body["properties"].get(mark).is_some()),
            "the header names what is kept"
        );
        let wanted = json!({ "backendIds": ["Pool"], "baseUrls": ["https://a.openai.azure.com"], "computed": false,
            "fragments": ["shared"], "semanticCacheStores": ["azure-openai-semantic-cache-store"] });
        assert_eq!(body, json!({ "id": "/p", "properties": wanted }));
        for text in [
            r#"<set-backend-service backend-id="@(context.Variables["b"])" />"#,
            r#"<set-backend-service base-url="{{url}}"/>"#,
        ] {
            assert_eq!(marks(text)["computed"], true, "{text}");
        }
    }

    #[test]
    fn a_policy_that_is_no_text_stays_visible_as_wrong() {
        let mut body = json!({ "id": "/p", "properties": { "value": { "k": "PLANTED" } } });
        policy(&mut body);
        assert_eq!(body, json!({ "id": "/p", "properties": "(not a text)" }));
    }

    #[test]
    fn nothing_secret_of_a_gateway_survives() {
        let mut one = json!({ "id": "/b", "name": "b", "properties": { "url": "https://u:PLANTED@h.example:8443/p?k=PLANTED",
            "credentials": { "authorization": { "parameter": "PLANTED" } }, "proxy": { "password": "PLANTED" },
            "resourceId": "https://management.azure.com/subscriptions/s?k=PLANTED" } });
        backend(&mut one);
        let wanted =
            json!({ "url": "https://h.example:8443", "resourceId": "https://management.azure.com/subscriptions/s" });
        assert_eq!(one["properties"], wanted);
        let mut odd = json!({ "id": "/b", "properties": { "url": "https://{{PLANTED}}/" } });
        backend(&mut odd);
        assert_eq!(odd["properties"], json!({ "url": NO_URL }));
    }
}
