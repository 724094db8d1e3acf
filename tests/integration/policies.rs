//! `scan --check-policies`: the binary against the emulator, with assignments that guard and others that do not.

use serde_json::{Value, json};

use crate::common::{fixture, json as json_file, scan, zdr_check};
use crate::emulator::{Emulator, Fault, RetryAfter, at};

const BLOCKS: &str = "policy-assignment-blocks-nothing";
const ENFORCED: &str = "policy-assignment-not-enforced";
const EXEMPT: &str = "policy-exemption-covers-account";
const GUARDS: &str = "no-policy-guards-deployments";
const RULES: [&str; 4] = [BLOCKS, ENFORCED, EXEMPT, GUARDS];

const ONE: &str = "/subscriptions/00000000-0000-4000-8000-000000000001";
const GROUP: &str = "/providers/Microsoft.Management/managementGroups/corp";
const DEPLOYMENTS: &str = "Microsoft.CognitiveServices/accounts/deployments";

fn definition(scope: &str, name: &str, values: &Value) -> Value {
    json!({ "id": format!("{scope}/providers/Microsoft.Authorization/policyDefinitions/{name}"), "name": name,
        "type": "Microsoft.Authorization/policyDefinitions",
        "properties": { "displayName": name, "policyType": "Custom", "mode": "All", "version": "1.0.0",
            "metadata": { "createdBy": "bait-7a6f" }, "parameters": { "skus": { "type": "Array", "defaultValue": [] } },
            "policyRule": { "if": { "allOf": [{ "field": "type", "equals": DEPLOYMENTS },
                { "field": format!("{DEPLOYMENTS}/sku.name"), "in": values }] }, "then": { "effect": "Deny" } } } })
}

fn assignment(scope: &str, name: &str, definition: &Value, more: &Value) -> Value {
    let mut properties = json!({ "displayName": name, "policyDefinitionId": definition["id"], "enforcementMode": "Default",
        "metadata": { "assignedBy": "bait-7a6f" }, "identity": { "principalId": "bait-7a6f" } });
    for (key, value) in more.as_object().unwrap() {
        properties[key] = value.clone();
    }
    json!({ "name": name, "scope": scope, "properties": properties })
}

/// One account that is clean, with these policies around it.
fn estate(assignments: &Value, exemptions: &Value, resources: &Value) -> Value {
    json!({ "tenantId": "00000000-0000-4000-8000-00000000000a", "resources": resources, "subscriptions": [{
        "subscriptionId": "00000000-0000-4000-8000-000000000001", "displayName": "one",
        "policyAssignments": assignments, "policyExemptions": exemptions,
        "accounts": [{ "name": "a", "resourceGroup": "rg", "location": "swedencentral", "kind": "OpenAI",
            "properties": { "capabilities": [{ "name": "ContentLogging", "value": "false" }],
                "storedCompletionsDisabled": true, "a365LoggingEnabled": false },
            "deployments": [{ "name": "d", "sku": { "name": "Standard" },
                "properties": { "model": { "format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14" } } }] }] }] })
}

/// The initiative of a management group that denies what leaves the geography, with a parameter handed down twice.
fn initiative() -> (Value, Value) {
    let denied = json!([
        "globalstandard",
        "GlobalBatch",
        "GlobalProvisionedManaged",
        "DataZoneStandard",
        "DataZoneBatch",
        "DataZoneProvisionedManaged",
        "DeveloperTier"
    ]);
    let own = definition(GROUP, "deny-skus", &json!("[parameters('skus')]"));
    let member = json!({ "policyDefinitionId": own["id"], "policyDefinitionReferenceId": "skus",
        "parameters": { "skus": { "value": "[parameters('denied')]" } } });
    let set = json!({ "id": format!("{GROUP}/providers/Microsoft.Authorization/policySetDefinitions/regional"),
        "name": "regional", "type": "Microsoft.Authorization/policySetDefinitions",
        "properties": { "displayName": "regional", "policyType": "Custom", "policyDefinitions": [member],
            "parameters": { "denied": { "type": "Array", "defaultValue": [] } } } });
    let assigned =
        assignment(GROUP, "regional only", &set, &json!({ "parameters": { "denied": { "value": denied } } }));
    (assigned, json!([set, own]))
}

fn result<'a>(report: &'a Value, rule: &str) -> &'a Value {
    let own = |result: &&Value| result["rule"] == rule;
    report["results"].as_array().unwrap().iter().find(own).unwrap_or_else(|| panic!("{rule}: {report:#}"))
}

fn said(report: &Value, rule: &str) -> (String, String) {
    let own = result(report, rule);
    (own["outcome"].as_str().unwrap().to_owned(), own["message"].as_str().unwrap().to_owned())
}

fn policies<'a>(emulator: &'a Emulator, more: &[&'a str]) -> crate::common::Run {
    scan(emulator, ["--all-subscriptions", "--check-policies", "--show-pass"]).args(more)
}

fn policy_requests(emulator: &Emulator) -> Vec<String> {
    let all = emulator.requests().into_iter().map(|request| request.target);
    all.filter(|target| target.to_lowercase().contains("microsoft.authorization/policy")).collect()
}

/// Every fixture of the four rules says over sockets what its name says.
#[test]
fn every_fixture_is_found_by_the_binary() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for file in std::fs::read_dir(fixture("rules").join(rule)).unwrap().map(|file| file.unwrap().path()) {
            let estate: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let pin = estate["policy"]["pin"].as_str().unwrap_or("geography").to_owned();
            let emulator = Emulator::builder(estate).page_size(1).start();
            let output =
                policies(&emulator, &["--as-of", "1970-01-01", "--pin", &pin]).spawn().wait_with_output().unwrap();
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            let (outcome, message) = said(&report, rule);
            if !stem.starts_with(&outcome) {
                wrong.push(format!("{rule}/{stem}: {outcome}: {message}"));
            }
            assert!(emulator.violations().is_empty(), "{stem}: {:?}", emulator.violations());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_initiative_of_a_management_group_guards_with_proof() {
    let (assigned, resources) = initiative();
    let emulator = Emulator::builder(estate(&json!([assigned]), &json!([]), &resources)).page_size(1).start();
    let report = policies(&emulator, &[]).run().json();
    for rule in RULES {
        let own = result(&report, rule);
        assert_eq!(own["outcome"], "pass", "{own:#}");
        assert!(!own["evidence"].as_array().unwrap().is_empty(), "{own:#}");
    }
    let guarded = result(&report, GUARDS)["evidence"].to_string();
    assert!(guarded.contains("policyDefinitions.get") && guarded.contains("[parameters('skus')]"), "{guarded}");
    // Each definition once, and no filter that would hide a scope.
    let asked = policy_requests(&emulator);
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert!(asked.iter().all(|target| !target.contains("filter")), "{asked:?}");
}

#[test]
fn defects_are_named_with_what_is_meant() {
    let plain = |values: Value| definition(ONE, "deny-skus", &values);
    let spaced = plain(json!(["Global Standard"]));
    let mut indexed = plain(json!(["GlobalStandard"]));
    indexed["properties"]["mode"] = json!("Indexed");
    let mut other = plain(json!(["GlobalStandard"]));
    other["properties"]["policyRule"]["if"]["allOf"][1]["field"] =
        json!("Microsoft.CognitiveServices/accounts/sku.name");
    let empty = plain(json!("[parameters('skus')]"));
    let mut audit = plain(json!(["GlobalStandard"]));
    audit["properties"]["policyRule"]["then"]["effect"] = json!("Audit");
    for (own, more, words) in [
        (&spaced, json!({}), "`Global Standard` (it is spelt GlobalStandard)"),
        (&indexed, json!({}), "its mode Indexed leaves out"),
        (&other, json!({}), "accounts/sku.name is no property of deployments"),
        (&empty, json!({}), "is empty (parameter skus)"),
        (&audit, json!({}), "its effect is Audit"),
        (
            &empty,
            json!({ "parameters": { "SKUS": { "value": ["GlobalBatsh", "Premium"] } } }),
            "`GlobalBatsh` (it is spelt GlobalBatch), `Premium`",
        ),
    ] {
        let assigned = assignment(ONE, "guard", own, &more);
        let emulator = Emulator::builder(estate(&json!([assigned]), &json!([]), &json!([own]))).start();
        let report = policies(&emulator, &[]).run().json();
        let (outcome, message) = said(&report, BLOCKS);
        assert!(outcome == "fail" && message.contains(words) && message.contains("guard"), "{outcome}: {message}");
        assert_eq!(said(&report, GUARDS).0, "fail");
        assert_eq!(report["complete"], true);
    }
}

#[test]
fn what_cannot_be_read_is_unknown_and_never_a_pass() {
    let (assigned, resources) = initiative();
    let estate = estate(&json!([assigned]), &json!([]), &resources);
    let forbidden = || Fault::error(403, "AuthorizationFailed");
    for (path, action, unknown) in [
        ("/policyAssignments?", "Microsoft.Authorization/policyAssignments/read", &RULES[..]),
        ("/policyExemptions?", "Microsoft.Authorization/policyExemptions/read", &RULES[2..]),
        ("/policyDefinitions/deny-skus?", "Microsoft.Authorization/policyDefinitions/read", &RULES[..]),
        ("/policySetDefinitions/regional?", "Microsoft.Authorization/policySetDefinitions/read", &RULES[..]),
    ] {
        let emulator = Emulator::builder(estate.clone()).fault(at(path), forbidden()).start();
        // Nothing is promised about policies: what is unknown there leaves the run complete.
        let report = policies(&emulator, &[]).run().json();
        for rule in unknown {
            let own = result(&report, rule);
            assert_eq!((&own["outcome"], &own["cause"]), (&json!("unknown"), &json!("forbidden")), "{path}: {own:#}");
            assert!(own["remediation"].as_str().unwrap().contains(action), "{own:#}");
        }
        let unread = report["coverage"]["unreadable"].to_string();
        assert!(unread.contains(action), "{unread}");
    }
    let later = || Fault::later(429, RetryAfter::Seconds(1));
    for path in ["/policyAssignments?", "/policyDefinitions/deny-skus?"] {
        let emulator = Emulator::builder(estate.clone()).fault(at(path).first(1), later()).start();
        let report = policies(&emulator, &[]).run().json();
        assert_eq!(said(&report, GUARDS).0, "pass", "{path}: waited out");
        assert_eq!(report["coverage"]["requests"]["throttled"], 1, "{path}");
        assert!(emulator.violations().is_empty(), "{path}: {:?}", emulator.violations());
        let emulator = Emulator::builder(estate.clone()).fault(at(path), later()).start();
        let report = policies(&emulator, &["--fact-timeout", "2"]).run().json();
        assert_eq!(result(&report, GUARDS)["cause"], "throttled", "{path}");
    }
}

#[test]
fn an_exemption_holds_until_its_day_also_offline() {
    let (assigned, resources) = initiative();
    let of = format!("{GROUP}/providers/Microsoft.Authorization/policyAssignments/regional only");
    let exemption = json!({ "name": "migration", "scope": format!("{ONE}/resourceGroups/RG"), "properties": {
        "policyAssignmentId": of, "exemptionCategory": "Waiver", "expiresOn": "2026-11-23T12:00:00Z" } });
    let emulator = Emulator::builder(estate(&json!([assigned]), &json!([exemption]), &resources)).start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let path = path.to_str().unwrap();
    policies(&emulator, &["--save-snapshot", path]).run();
    let stored = std::fs::read_to_string(path).unwrap();
    assert!(!stored.contains("bait-7a6f"), "what nobody judges is not stored");
    let validator = jsonschema::validator_for(&json_file("schemas/snapshot-1.schema.json")).unwrap();
    for line in stored.lines() {
        let wrong: Vec<String> =
            validator.iter_errors(&serde_json::from_str(line).unwrap()).map(|own| own.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    for (day, wanted) in [("2026-11-22", "fail"), ("2026-11-23", "fail"), ("2026-11-24", "pass")] {
        let again = ["scan", "--snapshot", path, "--as-of", day, "--format", "json", "--show-pass"];
        let report = zdr_check(again).run().json();
        let (outcome, message) = said(&report, EXEMPT);
        assert_eq!(outcome, wanted, "{day}: {message}");
        assert_eq!(message.contains("until 2026-11-23T12:00:00Z by migration"), wanted == "fail", "{message}");
        assert_eq!(said(&report, GUARDS).0, wanted, "{day}");
    }
    let output = zdr_check(["scan", "--snapshot", path, "--check-policies"]).exits(2).run();
    assert!(output.stderr.contains("--check-policies"), "{}", output.stderr);
}

#[test]
fn without_the_flag_nothing_is_asked_and_nothing_claimed() {
    let (assigned, resources) = initiative();
    let emulator = Emulator::builder(estate(&json!([assigned]), &json!([]), &resources)).start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let path = path.to_str().unwrap();
    let more = ["--all-subscriptions", "--show-pass", "--save-snapshot", path];
    let report = scan(&emulator, more).run().json();
    assert_eq!(policy_requests(&emulator), Vec::<String>::new());
    let passing = report["results"].as_array().unwrap().iter().filter(|own| own["outcome"] == "pass");
    assert!(
        passing.clone().count() > 10
            && passing.filter(|own| RULES.iter().any(|rule| own["rule"] == *rule)).count() == 0
    );
    for rule in RULES {
        let none = report["results"].as_array().unwrap().iter().filter(|own| own["rule"] == rule);
        assert!(none.clone().all(|own| own["outcome"] == "not-applicable"), "{rule}: {:?}", none.collect::<Vec<_>>());
    }
    assert!(!std::fs::read_to_string(path).unwrap().contains("\"include\""), "the journal is as it was");
    let planned = |more: &[&str]| {
        let plan = scan(&emulator, ["--all-subscriptions", "--plan-requests"]).args(more).run().json();
        plan.to_string().matches("\"policy").count()
    };
    assert_eq!((planned(&[]), planned(&["--check-policies"])), (0, 4));
    let resumed = scan(&emulator, ["--all-subscriptions", "--check-policies", "--resume", path]).exits(2).run();
    assert!(resumed.stderr.contains("--resume"), "{}", resumed.stderr);
}

#[test]
fn a_scan_that_is_resumed_reads_policies_to_the_end() {
    let (assigned, resources) = initiative();
    let estate = estate(&json!([assigned]), &json!([]), &resources);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let path = path.to_str().unwrap();
    let silent = at("/policyDefinitions/deny-skus?").first(1);
    let emulator = Emulator::builder(estate).fault(silent, Fault::Silence).start();
    let half = policies(&emulator, &["--deadline", "4", "--save-snapshot", path]).exits(4).run().json();
    assert_eq!(said(&half, GUARDS).0, "unknown");
    let whole = scan(&emulator, ["--resume", path, "--show-pass"]).run().json();
    assert_eq!(said(&whole, GUARDS).0, "pass", "the journal knows what was asked for");
}

#[test]
fn the_demo_has_a_policy_that_guards_and_two_that_do_not() {
    let report =
        zdr_check(["scan", "--demo", "--check-policies", "--show-pass", "--format", "json"]).exits(1).run().json();
    let of = |rule: &str, account: &str| {
        let own = |own: &&Value| own["rule"] == rule && own["account_id"].as_str().unwrap().ends_with(account);
        report["results"].as_array().unwrap().iter().find(own).unwrap()["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(of(GUARDS, "/chat-sweden"), "pass");
    assert_eq!(of(EXEMPT, "/claims-germany"), "fail");
    assert_eq!((of(BLOCKS, "/research-us"), of(ENFORCED, "/research-us")), ("fail".to_owned(), "fail".to_owned()));
    let plain = zdr_check(["scan", "--demo", "--format", "json"]).exits(1).run().json();
    let spoken = |own: &Value| RULES.iter().any(|rule| own["rule"] == *rule) && own["outcome"] != "not-applicable";
    assert!(!plain["results"].as_array().unwrap().iter().any(spoken), "only what is asked for");
}
