//! Definitions for accounts and their connections.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Definition, Effect, Parameter};
use crate::knowledge::azure_policy::{ACCOUNTS, CONNECTIONS, PROJECT_CONNECTIONS};
use crate::knowledge::connections::{Purpose, SEARCH_INDEX, categories};
use crate::knowledge::kinds::DOES_NOT_HOST;
use crate::knowledge::processing::Pin;
use crate::knowledge::regions::{REGIONS, Region, Zone};
use crate::rules::Policy;

const STORED: &str = "Microsoft.CognitiveServices/accounts/storedCompletionsDisabled";
const LOCAL_AUTH: &str = "Microsoft.CognitiveServices/accounts/disableLocalAuth";
const PUBLIC: &str = "Microsoft.CognitiveServices/accounts/publicNetworkAccess";
const DEFAULT_ACTION: &str = "Microsoft.CognitiveServices/accounts/networkAcls.defaultAction";
const KEY_SOURCE: &str = "Microsoft.CognitiveServices/accounts/encryption.keySource";
const OWN_STORAGE: &str = "Microsoft.CognitiveServices/accounts/userOwnedStorage[*]";
const ENDPOINTS: &str = "Microsoft.CognitiveServices/accounts/privateEndpointConnections[*]";
const ENDPOINT_STATUS: &str =
    "Microsoft.CognitiveServices/accounts/privateEndpointConnections[*].privateLinkServiceConnectionState.status";
const CATEGORY: &str = "Microsoft.CognitiveServices/accounts/connections/category";
const PROJECT_CATEGORY: &str = "Microsoft.CognitiveServices/accounts/projects/connections/category";

/// Every definition for accounts and connections that `policy` calls for.
pub(super) fn all(policy: &Policy) -> Vec<Definition> {
    let mut all = Vec::new();
    if let Some(allowed) = &policy.allowed_locations {
        all.push(location(allowed));
    }
    match policy.pin {
        Pin::DataZone(zone) => all.extend([outside_zone(zone), zone_undocumented()]),
        Pin::Region | Pin::Geography | Pin::Any => {}
    }
    all.extend([stored_completions(), local_auth(), public_network(), private_endpoint(), customer_key()]);
    all.extend([managed_identity(), own_storage(), web_search(), external_tools(), traces(), search_index()]);
    all
}

/// A condition on accounts that can host models; others have nothing to keep.
fn account(condition: &Value) -> Value {
    json!({ "allOf": [
        { "field": "type", "equals": ACCOUNTS },
        { "field": "kind", "notIn": &DOES_NOT_HOST[..] },
        condition,
    ] })
}

fn regions(name: &'static str, title: &'static str, values: Vec<String>) -> Vec<Parameter> {
    vec![Parameter { name, title, values, strong_type: Some("location") }]
}

fn named(wanted: impl Fn(&Region) -> bool) -> Vec<String> {
    REGIONS.iter().filter(|region| wanted(region)).map(|region| region.name.to_owned()).collect()
}

fn location(allowed: &BTreeSet<String>) -> Definition {
    Definition {
        name: "account-location",
        title: "Account is outside the allowed locations",
        description: "Refuses accounts in other locations than those of --allow-location: what the service stores, it stores in the \
                      geography of the account."
            .to_owned(),
        effect: Effect::Deny,
        parameters: regions("allowedLocations", "Allowed locations", allowed.iter().cloned().collect()),
        condition: account(&json!({ "field": "location", "notIn": "[parameters('allowedLocations')]" })),
        rules: &["account-outside-allowed-locations"],
        aliases: &[],
    }
}

fn outside_zone(zone: Zone) -> Definition {
    Definition {
        name: "account-outside-zone",
        title: "Account is in another data zone",
        description: format!(
            "Refuses accounts in regions of another data zone than {}: every deployment there processes prompts outside it. Deployments \
             cannot be tied to the location of an account that is there already.",
            zone.as_str()
        ),
        effect: Effect::Deny,
        parameters: regions(
            "deniedLocations",
            "Regions of other data zones",
            named(|own| own.zone.is_some_and(|own| own != zone)),
        ),
        condition: account(&json!({ "field": "location", "in": "[parameters('deniedLocations')]" })),
        rules: &["deployment-leaves-boundary"],
        aliases: &[],
    }
}

fn zone_undocumented() -> Definition {
    Definition {
        name: "account-zone-undocumented",
        title: "No source says which data zone the account is in",
        description: "Marks accounts in regions that no source assigns to a data zone. zdr-check calls their deployments unknown."
            .to_owned(),
        effect: Effect::Audit,
        parameters: regions("zonedLocations", "Regions whose data zone is documented", named(|own| own.zone.is_some())),
        condition: account(&json!({ "field": "location", "notIn": "[parameters('zonedLocations')]" })),
        rules: &["deployment-leaves-boundary"],
        aliases: &[],
    }
}

fn switch(
    (name, title, description): (&'static str, &'static str, &str),
    condition: &Value,
    rules: &'static [&'static str],
    aliases: &'static [&'static str],
) -> Definition {
    Definition {
        name,
        title,
        description: description.to_owned(),
        effect: Effect::Audit,
        parameters: Vec::new(),
        condition: account(condition),
        rules,
        aliases,
    }
}

fn stored_completions() -> Definition {
    let words = (
        "stored-completions",
        "Stored completions are not disabled",
        "Marks accounts that do not set storedCompletionsDisabled to true. Absent counts as not disabled: the server's default is not \
         documented.",
    );
    switch(words, &json!({ "field": STORED, "notEquals": "true" }), &["stored-completions-enabled"], &[STORED])
}

fn local_auth() -> Definition {
    let words = (
        "local-auth",
        "Keys open the account without roles",
        "Marks accounts that accept keys. The built-in definition 71ef260a-8f18-47b7-abcb-62d0673d94dc does the same.",
    );
    switch(words, &json!({ "field": LOCAL_AUTH, "notEquals": "true" }), &["key-authentication-enabled"], &[LOCAL_AUTH])
}

fn public_network() -> Definition {
    let words = (
        "public-network",
        "Account can be reached from any network",
        "Marks accounts with public network access and no rule that denies by default. A rule for 0.0.0.0/0, which zdr-check also \
         fails, is not looked for.",
    );
    let open = json!({ "allOf": [
        { "field": PUBLIC, "notEquals": "Disabled" },
        { "field": DEFAULT_ACTION, "notEquals": "Deny" },
    ] });
    switch(words, &open, &["public-network-open"], &[PUBLIC, DEFAULT_ACTION])
}

fn private_endpoint() -> Definition {
    let words = (
        "private-endpoint",
        "No approved private endpoint",
        "Marks accounts without an approved private endpoint. It cannot refuse: a new account never has one.",
    );
    let none = json!({
        "count": { "field": ENDPOINTS, "where": { "field": ENDPOINT_STATUS, "equals": "Approved" } },
        "less": 1,
    });
    let definition = switch(words, &none, &["private-endpoint-missing"], &[ENDPOINT_STATUS]);
    Definition { effect: Effect::AuditOnly, ..definition }
}

fn customer_key() -> Definition {
    let words = (
        "customer-key",
        "Stored content is under Microsoft's keys",
        "Marks accounts without a customer-managed key. Many features cannot use one; see the rule's page before refusing.",
    );
    let missing = json!({ "field": KEY_SOURCE, "notEquals": "Microsoft.KeyVault" });
    switch(words, &missing, &["customer-key-missing"], &[KEY_SOURCE])
}

fn managed_identity() -> Definition {
    let words = ("managed-identity", "Account has no managed identity", "Marks accounts without a managed identity.");
    let missing = json!({ "anyOf": [
        { "field": "identity.type", "exists": false },
        { "field": "identity.type", "notContains": "Assigned" },
    ] });
    switch(words, &missing, &["managed-identity-missing"], &[])
}

fn own_storage() -> Definition {
    let words = (
        "own-storage",
        "Speech and language content goes to own storage",
        "Marks accounts with storage of the customer's attached, where speech and language content can be written.",
    );
    let attached = json!({ "count": { "field": OWN_STORAGE }, "greater": 0 });
    switch(words, &attached, &["own-storage-receives-content"], &[OWN_STORAGE])
}

/// A definition over the categories of connections, of accounts and of projects.
fn connection(
    (name, title, description): (&'static str, &'static str, &str),
    (effect, names): (Effect, &[&str]),
    rules: &'static [&'static str],
) -> Definition {
    let of = |kind: &str, field: &str| json!({ "allOf": [{ "field": "type", "equals": kind }, { "field": field, "in": "[parameters('categories')]" }] });
    let values = names.iter().map(|word| (*word).to_owned()).collect();
    Definition {
        name,
        title,
        description: description.to_owned(),
        effect,
        parameters: vec![Parameter {
            name: "categories",
            title: "Categories of connections",
            values,
            strong_type: None,
        }],
        condition: json!({ "anyOf": [of(CONNECTIONS, CATEGORY), of(PROJECT_CONNECTIONS, PROJECT_CATEGORY)] }),
        rules,
        aliases: &[CATEGORY, PROJECT_CATEGORY],
    }
}

fn web_search() -> Definition {
    let words = (
        "web-search-connection",
        "Web search connection sends prompts outside the boundary",
        "Refuses connections to web search: it takes prompts outside the compliance boundary, and Microsoft's data protection addendum \
         does not apply. The search tool that needs no connection is a feature of the subscription.",
    );
    connection(words, (Effect::Deny, categories(Purpose::WebSearch)), &["web-grounding-connection"])
}

fn external_tools() -> Definition {
    let words = (
        "external-tool-connection",
        "Connection sends content to a tool or endpoint of an unknown operator",
        "Marks connections whose category does not say who is at the other end. Hosts that the policy file accepts are not looked at: \
         zdr-check passes those.",
    );
    connection(words, (Effect::Audit, categories(Purpose::External)), &["third-party-tool-connection"])
}

fn traces() -> Definition {
    let words = (
        "trace-connection",
        "Traces copy prompts and completions to Application Insights",
        "Marks connections to Application Insights, where traces with inputs and outputs go.",
    );
    connection(words, (Effect::Audit, categories(Purpose::Traces)), &["traces-to-application-insights"])
}

fn search_index() -> Definition {
    let words = (
        "search-connection",
        "Search index holds a copy of content",
        "Marks connections to a search service, whose index is a copy of documents. zdr-check asks a person how they are deleted.",
    );
    connection(words, (Effect::Audit, &[SEARCH_INDEX]), &["search-index-connected"])
}
