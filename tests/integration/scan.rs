//! `scan` end to end: the binary against the emulator over sockets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::common::{json, scan, zdr_check};
use crate::emulator::{Emulator, Fault, at};

const ESTATE: &str = "fixtures/arm/twenty-five/estate.json";

/// Outcomes of one rule: by account name, or by `account/deployment`.
fn outcomes(report: &Value, rule: &str) -> BTreeMap<String, String> {
    let results = report["results"].as_array().unwrap().iter().filter(|result| result["rule"] == rule);
    results
        .map(|result| {
            let account = result["account_id"].as_str().unwrap().rsplit('/').next().unwrap();
            let resource = result["resource_id"].as_str().unwrap();
            let key = match resource.split_once("/deployments/") {
                Some((_, deployment)) => format!("{account}/{deployment}"),
                None => account.to_owned(),
            };
            (key, result["outcome"].as_str().unwrap().to_owned())
        })
        .collect()
}

fn count(report: &Value, rule: &str) -> usize {
    report["results"].as_array().unwrap().iter().filter(|result| result["rule"] == rule).count()
}

/// The rules whose outcomes `expected.json` fixes.
const FIXED: [&str; 3] = ["abuse-monitoring-storage-on", "stored-completions-enabled", "deployment-leaves-boundary"];

#[test]
fn twenty_five_accounts_get_the_verdicts_worked_out_by_hand() {
    let expected = json("arm/twenty-five/expected.json");
    for (tls, page_size) in [(true, 2), (false, 100)] {
        let emulator = Emulator::builder_from(ESTATE).tls(tls).page_size(page_size).start();
        let report = scan(&emulator, ["--all-subscriptions", "--show-pass"]).exits(1).run().json();
        for rule in FIXED {
            let got = outcomes(&report, rule);
            let mut wanted = BTreeMap::new();
            for (account, rules) in expected["accounts"].as_object().unwrap() {
                match &rules[rule] {
                    Value::String(outcome) => drop(wanted.insert(account.clone(), outcome.clone())),
                    Value::Object(deployments) => wanted.extend(deployments.iter().map(|(deployment, outcome)| {
                        (format!("{account}/{deployment}"), outcome.as_str().unwrap().to_owned())
                    })),
                    other => panic!("{account} {rule}: {other}"),
                }
            }
            assert_eq!(got, wanted, "{rule}");
            assert_eq!(count(&report, rule), wanted.len(), "{rule} speaks once about each resource");
        }
        assert_valid(&report);
        assert_eq!(report["accounts"].as_array().unwrap().len(), 25);
        assert_eq!(report["summary"]["accounts"], 25);
        assert_eq!(report["coverage"]["subscriptions"].as_array().unwrap().len(), 4);
        assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
    }
}

#[test]
fn a_clean_account_is_clean() {
    let emulator = Emulator::builder(clean()).tls(true).start();
    let output = scan(&emulator, ["--subscription", SUBSCRIPTION]).run();
    let report = output.json();
    assert_eq!(report["complete"], true);
    assert_eq!(report["exit_code"], 0);
    assert!(output.stderr.contains("managed identity"), "{}", output.stderr);
    let seen = emulator.requests();
    assert!(seen.iter().all(|request| request.method == "GET"), "only GET");
}

/// What several accounts and rules lead to is read once, and nothing is read that no rule needs.
#[test]
fn no_call_is_made_twice() {
    let emulator = Emulator::builder_from("fixtures/demo/estate.json").start();
    scan(&emulator, ["--all-subscriptions"]).exits(1).run();
    let mut seen = BTreeMap::new();
    for request in emulator.requests().into_iter().filter(|request| request.target.contains("api-version")) {
        let path = request.target.split('?').next().unwrap().to_lowercase();
        *seen.entry(path).or_insert(0) += 1;
    }
    seen.retain(|path, _| path.starts_with("/subscriptions"));
    assert!(seen.values().all(|times| *times == 1), "{seen:#?}");
    let ends = |part: &str| seen.keys().filter(|path| path.contains(part)).count();
    assert_eq!((ends("/workspaces/"), ends("/managementpolicies/default"), ends("/features/")), (2, 1, 3));
    assert_eq!(
        ends("/accounts/speech-west/"),
        1,
        "below an account that hosts no models only its deployments are read"
    );
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}

/// Calls that only rules of the axes *contained* and *hardened* need must not make a clean run incomplete where a cloud does not
/// know them, and must not look clean either.
#[test]
fn unknown_routes_of_further_facts_leave_the_promised_axes_alone() {
    let mut emulator = Emulator::builder(clean());
    for path in FURTHER {
        emulator = emulator.fault(at(path), Fault::error(404, "InvalidResourceType"));
    }
    let emulator = emulator.start();
    let report = scan(&emulator, ["--all-subscriptions"]).run().json();
    assert_eq!((&report["exit_code"], &report["complete"]), (&json!(0), &json!(true)));
    let axes = &report["accounts"][0]["axes"];
    for axis in ["approved", "pinned", "stateless"] {
        assert_ne!(axes[axis], "unknown", "{axis}");
    }
    assert_eq!(
        (&axes["contained"], &report["coverage"]["subscriptions"][0]["status"]),
        (&json!("unknown"), &json!("partial"))
    );
    let unreadable = report["coverage"]["unreadable"].as_array().unwrap();
    let missed: BTreeMap<&str, &str> =
        unreadable.iter().map(|row| (row["operation"].as_str().unwrap(), row["cause"].as_str().unwrap())).collect();
    let asked =
        emulator.requests().into_iter().filter(|request| FURTHER.iter().any(|path| request.target.contains(path)));
    assert!(asked.count() >= missed.len() && !missed.is_empty());
    assert!(missed.values().all(|cause| *cause == "not-in-api-version"), "{missed:?}");
    let first = ["accounts.get", "accounts.list", "deployments.list", "subscriptions.list"];
    assert!(missed.keys().all(|operation| !first.contains(operation)), "{missed:?}");
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}

/// Parts of the paths of every call that only some rules need.
const FURTHER: [&str; 12] = [
    "/raiPolicies?",
    "/raiBlocklists?",
    "/defenderForAISettings?",
    "/managedNetworks?",
    "/networkSecurityPerimeterConfigurations?",
    "/diagnosticSettings?",
    "/roleAssignments?",
    "/accounts/a/models?",
    "/deletedAccounts?",
    "/raiExternalSafetyProviders?",
    "/features/",
    "/pricings/",
];

/// The promise of the product: whatever one call is forbidden, the answer is never a pass and the exit is 4.
#[test]
fn a_forbidden_call_of_an_account_is_unknown_and_exit_4() {
    for (path, operation) in CALLS {
        let estate = foundry();
        let emulator = Emulator::builder(estate).start();
        let before = scan(&emulator, ["--all-subscriptions", "--show-pass"]).run().json();
        emulator.inject(at(path), Fault::error(403, "AuthorizationFailed"));
        let after = scan(&emulator, ["--all-subscriptions", "--show-pass"]).exits(4).run().json();
        assert_eq!(after["complete"], false, "{operation}");
        let unreadable = after["coverage"]["unreadable"].as_array().unwrap();
        assert!(
            unreadable.iter().any(|row| row["operation"] == operation && row["cause"] == "forbidden"),
            "{operation}"
        );
        assert!(unreadable.iter().all(|row| row["action"].as_str().is_some_and(|action| action.ends_with("/read"))));
        let (was, is) = (passes(&before), passes(&after));
        assert!(is.is_subset(&was), "{operation}: {:?} passes only because it could not be read", is.difference(&was));
    }
}

/// Rule and resource of every pass.
pub(crate) fn passes(report: &Value) -> std::collections::BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let results = report["results"].as_array().unwrap().iter().filter(|result| result["outcome"] == "pass");
    results.map(|result| (text(&result["rule"]), text(&result["resource_id"]))).collect()
}

/// Path pattern and operation of every call below an account.
const CALLS: [(&str, &str); 9] = [
    ("/accounts/a?", "accounts.get"),
    ("/accounts/a/deployments?", "deployments.list"),
    ("/accounts/a/projects?", "projects.list"),
    ("/accounts/a/capabilityHosts?", "capabilityHosts.list"),
    ("/accounts/a/connections?", "connections.list"),
    ("/projects/p/capabilityHosts?", "projects.capabilityHosts.list"),
    ("/projects/p/connections?", "projects.connections.list"),
    ("/projects/p/applications?", "projects.applications.list"),
    ("/applications/app/agentDeployments?", "projects.applications.agentDeployments.list"),
];

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000001";

fn clean() -> Value {
    json!({ "tenantId": "00000000-0000-4000-8000-00000000000a", "subscriptions": [{ "subscriptionId": SUBSCRIPTION, "displayName": "only", "accounts": [{
        "name": "a", "resourceGroup": "rg", "location": "swedencentral", "kind": "OpenAI",
        "properties": { "capabilities": [{ "name": "ContentLogging", "value": "false" }], "storedCompletionsDisabled": true },
        "deployments": [{ "name": "d", "sku": { "name": "Standard" }, "properties": {
            "model": { "format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14" } } }],
    }] }] })
}

/// A Foundry account with one project on its own stores: nothing fails, everything below it is needed.
fn foundry() -> Value {
    let connection = |name: &str, category: &str| json!({ "name": name, "properties": { "category": category } });
    let mut estate = clean();
    let account = &mut estate["subscriptions"][0]["accounts"][0];
    account["kind"] = "AIServices".into();
    account["properties"]["a365LoggingEnabled"] = false.into();
    account["projects"] = json!([{ "name": "p", "location": "swedencentral",
        "connections": [connection("c", "CosmosDb"), connection("s", "AzureStorageAccount"), connection("v", "CognitiveSearch")],
        "capabilityHosts": [{ "name": "h", "properties": { "provisioningState": "Succeeded", "threadStorageConnections": ["c"], "storageConnections": ["s"],
            "vectorStoreConnections": ["v"] } }],
        "applications": [{ "name": "app", "properties": {}, "agentDeployments": [
            { "name": "x", "properties": { "deploymentType": "Managed" } }] }] }]);
    estate
}

#[test]
fn the_demo_needs_nothing() {
    let output = zdr_check(["scan", "--demo", "--format", "json"]).exits(1).run();
    let report = output.json();
    assert_eq!(report["run"]["source"], "demo");
    assert_eq!(report["summary"]["subscriptions"], 3);
    assert_eq!(output.stderr, "");
    assert_valid(&report);
    let table = zdr_check(["scan", "--demo"]).exits(1).run().stdout;
    assert!(table.starts_with("DEMO ESTATE"), "{table}");
    let quiet = zdr_check(["scan", "--demo", "--quiet"]).exits(1).run().stdout;
    assert_eq!(quiet.lines().count(), 1, "{quiet}");
}

pub(crate) fn assert_valid(report: &Value) {
    let schema = jsonschema::validator_for(&json("schemas/report-1.schema.json")).unwrap();
    let errors: Vec<String> = schema.iter_errors(report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_gateway_is_read_to_the_end_only_when_it_leads_to_an_account() {
    let run = |fixture: &str| {
        let path = format!("fixtures/rules/gateway-logs-prompts/{fixture}.json");
        let emulator = Emulator::builder_from(&path).page_size(1).start();
        let args = ["--all-subscriptions", "--show-pass", "--fail-on", "never", "--allow-incomplete"];
        let report = scan(&emulator, args).run().json();
        assert_valid(&report);
        assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
        let asked = emulator.requests().into_iter().map(|seen| seen.target.to_lowercase());
        let asked: Vec<String> = asked.filter(|target| target.contains("microsoft.apimanagement")).collect();
        (outcomes(&report, "gateway-logs-prompts")["subject"].clone(), asked)
    };
    let has = |asked: &[String], word: &str| asked.iter().any(|target| target.contains(word));
    let (outcome, asked) = run("fail-other-subscription");
    assert_eq!(outcome, "fail");
    assert!(has(&asked, "/apis/chat/diagnostics?api-version=2025-09-01-preview"), "{asked:?}");
    assert!(has(&asked, "/apis/weather/policies") && has(&asked, "/caches"), "{asked:?}");
    let (outcome, asked) = run("not-applicable-elsewhere");
    assert_eq!(outcome, "not-applicable");
    assert!(has(&asked, "/backends") && has(&asked, "/apis"), "{asked:?}");
    assert!(!has(&asked, "/diagnostics") && !has(&asked, "/policies"), "{asked:?}");
    assert_eq!(run("unknown-backends").0, "unknown");
    assert_eq!(run("not-applicable-not-registered").0, "not-applicable");
}
