//! An independent oracle for how we read accounts and deployments.
//!
//! `azure_mgmt_cognitiveservices` is generated from Microsoft's own specification, so its models were written by nobody who
//! read our code. They parse every body our fixtures can produce, and every property that both sides know must agree: a
//! misspelt name in a fixture or in an accessor, and a value read from the wrong place, come out here. What the models cannot
//! read, or drop, is listed by name below; these lists are also the reasons why the crate is not part of the product:
//!
//! * it stops at api-version 2024-10-01, so `storedCompletionsDisabled` and all that came later vanish without a trace;
//! * one row it cannot hold fails the whole page, and an absent capability list looks like an empty one;
//! * its `azure_core` 0.21 prints the bearer token to the debug log (RUSTSEC-2026-0275, no fix is planned), and its pager
//!   sends the token to whatever host a `nextLink` names. Neither can happen here, because no client is ever built.
//!
//! For the same reasons this is a crate outside the product, with a lock file of its own. When the dependencies of
//! the product change, `cargo check --tests --manifest-path tests/sdk-crosscheck/Cargo.toml` brings that lock file up to date.
//! The successor of the crate, `azure_resourcemanager_cognitiveservices`, was still a placeholder (0.0.1) on 2026-11-22.

/// Bodies out of the fixtures.
mod estates;
/// What is compared.
mod fields;

use std::collections::{BTreeMap, BTreeSet};

use azure_mgmt_cognitiveservices::models;
use serde_json::{Value, json};
use zdr_check::snapshot::{Account, ContentLogging, Deployment};

use estates::{Bodies, Body, document};
use fields::Comparison;

/// Properties newer than the models, with the first stable api-version that has them.
const TOO_NEW: [(&str, &str); 12] = [
    ("/properties/storedCompletionsDisabled", "2025-09-01"),
    ("/properties/allowProjectManagement", "2025-06-01"),
    ("/properties/defaultProject", "2025-06-01"),
    ("/properties/associatedProjects", "2025-06-01"),
    ("/properties/networkInjections", "2025-06-01"),
    ("/properties/a365LoggingEnabled", "2026-09-01"),
    ("/properties/capabilitySettings", "none, 2026-07-15-preview"),
    ("/properties/spilloverDeploymentName", "2025-06-01"),
    ("/properties/routing", "2025-12-01"),
    ("/properties/serviceTier", "2025-12-01"),
    ("/properties/deploymentState", "2025-12-01"),
    ("/properties/contextCacheContainerId", "2026-09-01"),
];

/// Properties in no specification, with where they come from.
const UNSPECIFIED: [(&str, &str); 4] = [
    ("/properties/agent365Config", "the page on Agent 365 data collection, 2026-03-19"),
    ("/properties/instant", "the page on instant models, 2026-07-10"),
    ("/properties/armFeatures", "recorded answers"),
    ("/futureProperty", "made up"),
];

/// Rows that the models cannot hold: why, the part of the error that says so, and exactly which rows.
///
/// Fixtures of rules are not listed, because the name of a file with a malformed row begins with `unknown`.
const REFUSED: [(&str, &str, &[&str]); 7] = [
    (
        "identity.type is a closed list",
        "unknown variant",
        &["arm/shapes/estate.json: Odd-Casing", "rare.json: identity-without-space"],
    ),
    ("a text is something else", "expected a string", &["rare.json: capability-as-boolean"]),
    (
        "a whole number is written with a fraction",
        "expected i32",
        &[
            "arm/shapes/estate.json: odd-casing/Deployments/chat",
            "rare.json: everything/deployments/fractional-capacity",
        ],
    ),
    ("a number is written as text", "expected f64", &["rare.json: everything/deployments/rate-limit-as-text"]),
    (
        "an object is something else",
        "expected struct",
        &[
            "arm/shapes/estate.json: \"text\"",
            "arm/shapes/estate.json: 17",
            "arm/shapes/estate.json: null",
            "arm/shapes/estate.json: {\"name\":5,\"properties\":[],\"sku\":\"Standard\"}",
        ],
    ),
    (
        "a required property is missing",
        "missing field",
        &[
            "arm/twenty-five/estate.json: lab-eus2-odd-skus/deployments/nameless-sku",
            "rare.json: endpoint-without-state",
        ],
    ),
    ("a time has no zone", "'offset hour'", &["rare.json: penalty-without-zone"]),
];

#[test]
fn accounts_agree() {
    let all = compare_accounts(&Bodies::read());
    all.settle();
    assert!(all.bodies >= 30, "only {} accounts were compared", all.bodies);
}

#[test]
fn deployments_agree() {
    let all = compare_deployments(&Bodies::read());
    all.settle();
    assert!(all.bodies >= 30, "only {} deployments were compared", all.bodies);
}

fn compare_accounts(bodies: &Bodies) -> Comparison {
    let mut all = Comparison::default();
    for body in &bodies.accounts {
        let Ok(theirs) = parse_account(body) else { continue };
        let fields = fields::account(&theirs, Account(&document(&body.json)));
        all.body(&body.from, &body.json, &json!(theirs), fields);
    }
    all
}

fn compare_deployments(bodies: &Bodies) -> Comparison {
    let mut all = Comparison::default();
    for body in &bodies.deployments {
        let Ok(theirs) = parse_deployment(body) else { continue };
        let fields = fields::deployment(&theirs, Deployment(&document(&body.json)));
        all.body(&body.from, &body.json, &json!(theirs), fields);
    }
    all
}

#[test]
fn exactly_the_known_rows_are_refused() {
    let bodies = Bodies::read();
    let accounts = bodies.accounts.iter().map(|body| (body, parse_account(body).err()));
    let deployments = bodies.deployments.iter().map(|body| (body, parse_deployment(body).err()));
    let mut refused = BTreeMap::<&str, BTreeSet<&str>>::new();
    for (body, error) in accounts.chain(deployments).filter_map(|(body, error)| Some((body, error?.to_string()))) {
        if body.from.starts_with("rules/") {
            assert!(body.from.contains("/unknown"), "{}: {error}", body.from);
            continue;
        }
        let known = REFUSED.iter().find(|(_, part, _)| error.contains(part));
        let (why, ..) = known.unwrap_or_else(|| panic!("{}: the SDK refuses it for a new reason: {error}", body.from));
        refused.entry(why).or_default().insert(&body.from);
    }
    let known = REFUSED.iter().map(|(why, _, rows)| (*why, rows.iter().copied().collect()));
    assert_eq!(refused, known.collect::<BTreeMap<&str, BTreeSet<&str>>>());
}

#[test]
fn one_refused_row_costs_the_models_the_page() {
    let bodies = Bodies::read();
    let page = |file: &str| &bodies.pages.iter().find(|page| page.from == file).unwrap().json;
    let rows = |page: &Value| page["value"].as_array().unwrap().len();
    let whole: models::AccountListResult = serde_json::from_value(page("arm/twenty-five/estate.json").clone()).unwrap();
    assert_eq!(whole.value.len(), rows(page("arm/twenty-five/estate.json")));
    assert!(rows(page("rare.json")) > 4);
    assert!(serde_json::from_value::<models::AccountListResult>(page("rare.json").clone()).is_err());
    // Ours reads the very row that spoils the page.
    let odd = bodies.accounts.iter().find(|body| body.from == "rare.json: identity-without-space").unwrap();
    assert!(matches!(Account(&document(&odd.json)).content_logging(), Ok(ContentLogging::Off(_))));
}

#[test]
fn only_known_properties_are_dropped() {
    let bodies = Bodies::read();
    let [accounts, deployments] = [compare_accounts(&bodies), compare_deployments(&bodies)];
    for (pointer, from) in accounts.dropped.iter().chain(&deployments.dropped) {
        let known = TOO_NEW.iter().chain(&UNSPECIFIED).any(|(known, _)| known == pointer);
        assert!(known, "{from}: the SDK does not know {pointer}; is it misspelt, or newer than 2024-10-01?");
    }
    let dropped = |pointer: &str| accounts.dropped.contains_key(pointer) || deployments.dropped.contains_key(pointer);
    assert!(dropped("/properties/storedCompletionsDisabled"), "no fixture has the property the models lack most");
}

/// The day a newer version of the crate learns one of these, its row here goes and the property is compared instead.
#[test]
fn newer_properties_leave_no_trace_in_the_models() {
    for (pointer, since) in TOO_NEW {
        let name = pointer.trim_start_matches("/properties/");
        let body = Body { from: String::new(), json: json!({ "properties": { name: true } }) };
        let kept = [
            parse_account(&body).map(|account| json!(account).pointer(pointer).cloned()),
            parse_deployment(&body).map(|deployment| json!(deployment).pointer(pointer).cloned()),
        ];
        for kept in kept {
            assert!(matches!(kept, Ok(None)), "the SDK now knows {name} (first stable: {since}): {kept:?}");
        }
    }
}

/// No list means that nothing can be concluded, an empty list that storage is on. The models cannot tell them apart.
#[test]
fn an_absent_capability_list_looks_empty_to_the_models() {
    let bodies = Bodies::read();
    for (name, ours) in [("empty-capabilities", "absent"), ("no-capabilities", "cannot tell")] {
        let body = bodies.accounts.iter().find(|body| body.from == format!("rare.json: {name}")).unwrap();
        let theirs = parse_account(body).unwrap().properties.unwrap().capabilities;
        assert!(theirs.is_empty());
        assert_eq!(fields::our_content_logging(Account(&document(&body.json))), ours);
    }
}

fn parse_account(body: &Body) -> serde_json::Result<models::Account> {
    serde_json::from_value(body.json.clone())
}

fn parse_deployment(body: &Body) -> serde_json::Result<models::Deployment> {
    serde_json::from_value(body.json.clone())
}
