//! The proof that policy and rules come from one table: what a definition refuses is what a rule fails.

mod engine;
mod form;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use zdr_check::docs::PolicySet;
use zdr_check::engine::{AsOf, Settings, assess};
use zdr_check::knowledge::azure_policy::{ACCOUNTS, CONNECTIONS, DEPLOYMENTS, PROJECT_CONNECTIONS};
use zdr_check::knowledge::models::{Terms, terms};
use zdr_check::knowledge::processing::{Pin, SKUS, find_sku};
use zdr_check::knowledge::regions::REGIONS;
use zdr_check::outcome::{FailOn, Outcome, PlanUnknown, Profile};
use zdr_check::rules::Policy;
use zdr_check::snapshot::Snapshot;

use crate::properties::read;
use engine::{Definition, Resource, definitions};

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000001";

/// Format, name and version of models of every class.
const MODELS: [(&str, &str, &str); 16] = [
    ("OpenAI", "gpt-4.1", "2025-04-14"),
    ("openai", "GPT-4o", "2024-11-20"),
    ("OpenAI", "sora-2", "1"),
    ("OpenAI", "dall-e-3", "3.0"),
    ("OpenAI", "computer-use-preview", "1"),
    ("OpenAI", "gpt-4", "turbo-2024-04-09-preview"),
    ("xAI", "grok-4", "1"),
    ("Cohere", "command-r", "1"),
    ("Meta", "llama-4", "1"),
    ("Anthropic", "claude-sonnet-4-5", "1"),
    ("anthropic", "claude-sonnet-4-5", "2"),
    ("Anthropic", "claude-sonnet-4-5", "20250929"),
    ("OpenAI", "Claude-like", "1"),
    ("Fireworks", "kimi", "1"),
    ("OpenAI", "FW-kimi", "1"),
    ("Baseten", "claude-x", "1"),
];

fn policy(pin: Pin, allowed: Option<&[&str]>) -> Policy {
    let allowed_locations = allowed.map(|words| words.iter().map(|word| (*word).to_owned()).collect());
    Policy { pin, allowed_locations, options: zdr_check::rules::options::Options::default() }
}

fn written(policy: &Policy) -> Vec<Definition> {
    definitions(&PolicySet::new(policy, &BTreeSet::new()))
}

/// A subscription with these accounts.
fn estate(accounts: &[Value]) -> Snapshot {
    read(&json!({ "subscriptions": [{ "subscriptionId": SUBSCRIPTION, "displayName": "s", "accounts": accounts }] }))
}

/// Outcomes of every rule by the id of the resource.
fn verdicts(policy: &Policy, estate: &Snapshot) -> BTreeMap<(&'static str, String), Outcome> {
    let settings = Settings {
        policy: policy.clone(),
        fail_on: FailOn::Never,
        profile: Profile::Standard,
        allow_incomplete: false,
        plan_unknown: PlanUnknown::Note,
        overlays: zdr_check::config::Overlays::default(),
        as_of: AsOf::Run,
    };
    let assessment = assess(estate, &settings);
    let own = assessment.results.iter();
    own.map(|own| ((own.rule, own.resource_id.to_lowercase()), own.outcome)).collect()
}

fn account_id(name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourcegroups/rg/providers/microsoft.cognitiveservices/accounts/{name}")
}

/// What the definitions of a rule do to a resource.
fn effects<'a>(definitions: &'a [Definition], rule: &str, resource: &Resource) -> BTreeSet<&'a str> {
    definitions.iter().filter(|own| own.holds(rule)).filter_map(|own| own.effect(resource)).collect()
}

fn account(name: &str, location: &str, deployments: &Value) -> Value {
    json!({ "name": name, "resourceGroup": "rg", "location": location, "kind": "OpenAI",
        "properties": { "capabilities": [] }, "deployments": deployments })
}

fn deployment(name: &str, sku: &str, (format, model, version): (&str, &str, &str)) -> Value {
    json!({ "name": name, "sku": { "name": sku, "capacity": 1 },
        "properties": { "model": { "format": format, "name": model, "version": version } } })
}

/// One account per region with every SKU, and one with every SKU and model.
fn every_place() -> Vec<Value> {
    let skus: Vec<&str> = SKUS.iter().map(|sku| sku.name).chain(["Novel", "Regional", "globalstandard"]).collect();
    let with_models = |models: &[(&str, &str, &str)]| -> Value {
        let pairs = skus.iter().flat_map(|sku| models.iter().map(move |model| (*sku, *model)));
        pairs.enumerate().map(|(index, (sku, model))| deployment(&format!("d{index}"), sku, model)).collect()
    };
    let mut accounts: Vec<Value> =
        REGIONS.iter().map(|own| account(own.name, own.name, &with_models(&MODELS[..1]))).collect();
    accounts.push(account("models-sweden", "Sweden Central", &with_models(&MODELS)));
    accounts.push(account("atlantis", "atlantis", &with_models(&MODELS[..1])));
    accounts
}

/// Whether it is documented where the SKU processes, and for the model that the SKU decides or that it leaves Azure.
fn is_documented(deployment: &Value) -> bool {
    if find_sku(deployment["sku"]["name"].as_str().unwrap()).is_none() {
        return false;
    }
    let part = |key: &str| deployment["properties"]["model"][key].as_str();
    match terms(part("format"), part("name"), part("version")) {
        Terms::ClaudeUnclear | Terms::LocationUnverified => false,
        Terms::AzureDirect
        | Terms::Partner
        | Terms::ClaudeOnAzure
        | Terms::ClaudeOnAnthropic
        | Terms::Fireworks
        | Terms::Unlisted => true,
    }
}

#[test]
fn what_is_refused_is_what_leaves_the_boundary() {
    const RULE: &str = "deployment-leaves-boundary";
    let accounts = every_place();
    let estate = estate(&accounts);
    let mut seen = BTreeMap::new();
    for pin in Pin::ALL {
        let policy = policy(pin, None);
        let (definitions, verdicts) = (written(&policy), verdicts(&policy, &estate));
        for account in &accounts {
            let name = account["name"].as_str().unwrap();
            let above = effects(&definitions, RULE, &Resource::new(ACCOUNTS, account));
            for deployment in account["deployments"].as_array().unwrap() {
                let id = format!("{}/deployments/{}", account_id(name), deployment["name"].as_str().unwrap());
                let verdict = verdicts[&(RULE, id)];
                let mut effects = effects(&definitions, RULE, &Resource::new(DEPLOYMENTS, deployment));
                effects.extend(&above);
                let refused = effects.contains("Deny");
                let place = format!("{} in {name}: {deployment} is {verdict:?}, {effects:?}", pin.as_str());
                if is_documented(deployment) {
                    assert_eq!(refused, verdict == Outcome::Fail, "{place}");
                }
                assert_eq!(effects.is_empty(), verdict == Outcome::Pass, "{place}");
                *seen.entry((verdict, refused)).or_insert(0) += 1;
            }
        }
    }
    // A comparison of nothing would hold as well.
    for kind in [(Outcome::Fail, true), (Outcome::Pass, false), (Outcome::Unknown, false), (Outcome::Unknown, true)] {
        assert!(seen[&kind] > 10, "{seen:?}");
    }
}

#[test]
fn what_is_refused_is_outside_the_allowed_locations() {
    const RULE: &str = "account-outside-allowed-locations";
    let mut accounts: Vec<Value> = REGIONS.iter().map(|own| account(own.name, own.name, &json!([]))).collect();
    accounts.push(account("spaced", "Sweden Central", &json!([])));
    let mut speech = account("speech", "uksouth", &json!([]));
    speech["kind"] = "SpeechServices".into();
    accounts.push(speech);
    let estate = estate(&accounts);
    for allowed in [&["swedencentral"][..], &["uksouth", "westeurope"], &[]] {
        let policy = policy(Pin::Any, Some(allowed));
        let (definitions, verdicts) = (written(&policy), verdicts(&policy, &estate));
        for account in &accounts {
            let verdict = verdicts[&(RULE, account_id(account["name"].as_str().unwrap()))];
            let refused = effects(&definitions, RULE, &Resource::new(ACCOUNTS, account)).contains("Deny");
            assert_eq!(refused, verdict == Outcome::Fail, "{account}: {verdict:?}");
        }
    }
    assert!(!written(&policy(Pin::Any, None)).iter().any(|own| own.holds(RULE)));
}

#[test]
fn what_is_marked_is_what_the_rules_about_models_do_not_pass() {
    let policy = policy(Pin::Any, None);
    let accounts = every_place().into_iter().filter(|own| own["name"] == "models-sweden").collect::<Vec<_>>();
    let estate = estate(&accounts);
    let (definitions, verdicts) = (written(&policy), verdicts(&policy, &estate));
    for rule in [
        "batch-deployment",
        "claude-processed-by-anthropic",
        "fireworks-model-deployed",
        "image-links-kept",
        "model-outside-abuse-monitoring-terms",
        "preview-model-deployed",
        "video-model-deployed",
    ] {
        let mut failed = 0;
        for deployment in accounts[0]["deployments"].as_array().unwrap() {
            let id = format!("{}/deployments/{}", account_id("models-sweden"), deployment["name"].as_str().unwrap());
            let verdict = verdicts[&(rule, id)];
            let effects = effects(&definitions, rule, &Resource::new(DEPLOYMENTS, deployment));
            match verdict {
                Outcome::Fail => assert!(!effects.is_empty(), "{rule}: {deployment}"),
                // One definition serves three rules, and a marketplace model is a person's to judge.
                Outcome::Unknown | Outcome::Manual => {}
                Outcome::Pass | Outcome::NotApplicable | Outcome::Waived | Outcome::Attested => {
                    let elsewhere = rule == "claude-processed-by-anthropic" || rule == "fireworks-model-deployed";
                    assert!(effects.is_empty() || elsewhere, "{rule}: {deployment} {effects:?}");
                }
            }
            failed += u32::from(verdict == Outcome::Fail);
        }
        assert!(failed > 0, "{rule} failed nothing");
    }
}

/// Values of the properties that switches read, for each account one.
fn switches() -> Vec<Value> {
    let connection =
        |status: &str| json!({ "properties": { "privateLinkServiceConnectionState": { "status": status } } });
    [
        json!({}),
        json!({ "storedCompletionsDisabled": true, "disableLocalAuth": true }),
        json!({ "storedCompletionsDisabled": false, "disableLocalAuth": false }),
        json!({ "publicNetworkAccess": "Disabled" }),
        json!({ "publicNetworkAccess": "Enabled", "networkAcls": { "defaultAction": "Deny" } }),
        json!({ "publicNetworkAccess": "enabled", "networkAcls": { "defaultAction": "Allow" } }),
        json!({ "networkAcls": { "defaultAction": "deny", "ipRules": [] } }),
        json!({ "encryption": { "keySource": "Microsoft.KeyVault" }, "userOwnedStorage": [] }),
        json!({ "encryption": { "keySource": "Microsoft.CognitiveServices" }, "userOwnedStorage": [{ "resourceId": "/x/y" }] }),
        json!({ "privateEndpointConnections": [connection("Pending"), connection("Approved")] }),
        json!({ "privateEndpointConnections": [connection("Rejected")] }),
    ]
    .into_iter()
    .collect()
}

#[test]
fn what_is_marked_is_what_the_rules_about_accounts_fail() {
    let mut accounts: Vec<Value> = switches()
        .into_iter()
        .enumerate()
        .map(|(index, properties)| {
            let mut own = account(&format!("a{index}"), "swedencentral", &json!([]));
            own["properties"] = properties;
            own
        })
        .collect();
    for (index, kind) in ["None", "SystemAssigned", "SystemAssigned, UserAssigned"].into_iter().enumerate() {
        let mut own = account(&format!("i{index}"), "swedencentral", &json!([]));
        own["identity"] = json!({ "type": kind });
        accounts.push(own);
    }
    let policy = policy(Pin::Any, None);
    let estate = estate(&accounts);
    let (definitions, verdicts) = (written(&policy), verdicts(&policy, &estate));
    for rule in [
        "customer-key-missing",
        "key-authentication-enabled",
        "managed-identity-missing",
        "own-storage-receives-content",
        "private-endpoint-missing",
        "public-network-open",
        "stored-completions-enabled",
    ] {
        let mut outcomes = BTreeSet::new();
        for account in &accounts {
            let verdict = verdicts[&(rule, account_id(account["name"].as_str().unwrap()))];
            let marked = !effects(&definitions, rule, &Resource::new(ACCOUNTS, account)).is_empty();
            assert_eq!(marked, verdict == Outcome::Fail, "{rule}: {account} is {verdict:?}");
            outcomes.insert(verdict);
        }
        assert_eq!(outcomes, BTreeSet::from([Outcome::Fail, Outcome::Pass]), "{rule}");
    }
}

#[test]
fn connections_are_told_by_their_category() {
    let definitions = written(&policy(Pin::Geography, None));
    for (category, rule, effect) in [
        ("GroundingWithBingSearch", "web-grounding-connection", "Deny"),
        ("serp", "web-grounding-connection", "Deny"),
        ("AppInsights", "traces-to-application-insights", "Audit"),
        ("RemoteTool", "third-party-tool-connection", "Audit"),
        ("CognitiveSearch", "search-index-connected", "Audit"),
    ] {
        for kind in [CONNECTIONS, PROJECT_CONNECTIONS] {
            let connection = Resource::new(kind, &json!({ "properties": { "category": category } }));
            assert_eq!(effects(&definitions, rule, &connection), BTreeSet::from([effect]), "{category}");
            let all: Vec<&str> = definitions.iter().filter_map(|own| own.effect(&connection)).collect();
            assert_eq!(all, [effect], "{category} is of one purpose");
        }
    }
    let store = Resource::new(CONNECTIONS, &json!({ "properties": { "category": "AzureBlob" } }));
    assert!(definitions.iter().all(|own| own.effect(&store).is_none()));
}

#[test]
fn spillover_needs_a_name_that_the_assignment_knows() {
    let definitions = written(&policy(Pin::Geography, None));
    let mut own = deployment("d", "ProvisionedManaged", MODELS[0]);
    let refused = |own: &Value| effects(&definitions, "spillover-leaves-boundary", &Resource::new(DEPLOYMENTS, own));
    assert!(refused(&own).is_empty());
    own["properties"]["spilloverDeploymentName"] = "".into();
    assert!(refused(&own).is_empty(), "an empty name is none");
    own["properties"]["spilloverDeploymentName"] = "other".into();
    assert_eq!(refused(&own), BTreeSet::from(["Deny"]));
}
