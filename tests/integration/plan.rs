//! `plan` end to end: the same estate in every form has the verdict of a live scan, findings have a line, and input that is no
//! plan ends with one clear error.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};
use zdr_check::assessment::Assessment;
use zdr_check::commands::read_estate;
use zdr_check::config::Overlays;
use zdr_check::engine::{Settings, assess};
use zdr_check::knowledge::processing::Pin;
use zdr_check::outcome::{FailOn, Outcome, PlanUnknown, Profile, Severity};
use zdr_check::plan::{Request, read};
use zdr_check::rules::Policy;
use zdr_check::snapshot::Cloud;

use crate::common::{Run, fixture, zdr_check};

const SUBSCRIPTION: &str = "11111111-1111-4111-8111-111111111111";
const LEAVES: &str = "deployment-leaves-boundary";

fn settings() -> Settings {
    Settings {
        policy: Policy {
            pin: Pin::Geography,
            allowed_locations: None,
            options: zdr_check::rules::options::Options::default(),
        },
        fail_on: FailOn::From(Severity::High),
        profile: Profile::Standard,
        allow_incomplete: false,
        plan_unknown: PlanUnknown::Note,
        overlays: Overlays::default(),
        as_of: zdr_check::engine::AsOf::Run,
    }
}

/// A plan, judged in process.
fn judged(path: &Path) -> Assessment {
    let plan = read(&Request {
        paths: vec![path.to_owned()],
        parameters: Vec::new(),
        subscription: Some(SUBSCRIPTION.to_owned()),
        group: Some("rg".to_owned()),
        location: Some("swedencentral".to_owned()),
        cloud: Cloud::Public,
        at: Timestamp::UNIX_EPOCH,
    });
    assess(&plan.unwrap_or_else(|why| panic!("{}: {}", path.display(), why.message)).snapshot, &settings())
}

fn plan<S: AsRef<str>>(arguments: impl IntoIterator<Item = S>) -> Run {
    zdr_check(["plan", "--format", "json", "--show-pass"]).args(arguments).within(&fixture("plan"))
}

/// A template or plan of its own.
fn written(folder: &tempfile::TempDir, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn template(body: &Value) -> String {
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let mut all = json!({ "$schema": schema, "contentVersion": "1.0.0.0" });
    all.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    all.to_string()
}

type Key = (&'static str, String);

fn outcomes(assessment: &Assessment) -> BTreeMap<Key, (Outcome, Option<&'static str>)> {
    let one = |own: &zdr_check::assessment::RuleResult| {
        ((own.rule, own.resource_id.to_lowercase()), (own.outcome, own.cause))
    };
    assessment.results.iter().map(|own| one(&own)).collect()
}

fn keys(assessment: &Assessment, outcome: Outcome) -> BTreeSet<Key> {
    outcomes(assessment).into_iter().filter(|(_, (own, _))| *own == outcome).map(|(key, _)| key).collect()
}

/// What a live scan concludes of the estate in a file.
fn live(path: &str) -> BTreeMap<Key, (Outcome, Option<&'static str>)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let live = std::fs::read_to_string(fixture(path)).unwrap();
    outcomes(&assess(&runtime.block_on(read_estate(&live)).unwrap(), &settings()))
}

#[test]
fn every_form_has_the_verdict_of_a_live_scan() {
    let live = live("plan/live.json");
    for file in ["template.json", "terraform.json", "what-if.json"] {
        let planned = outcomes(&judged(&fixture("plan").join(file)));
        let mut decided = 0;
        for (key, (outcome, cause)) in &planned {
            if *cause == Some("not-known-at-plan") {
                continue;
            }
            decided += 1;
            assert_eq!(live.get(key).map(|(live, _)| live), Some(outcome), "{file}: {key:?}");
        }
        assert!(decided > 100, "{file}: only {decided} results are decided");
        let missing: Vec<&Key> = live.keys().filter(|key| !planned.contains_key(key)).collect();
        assert!(missing.is_empty(), "{file}: {missing:?}");
        let storage = planned.iter().find(|((rule, _), _)| *rule == "abuse-monitoring-storage-on").unwrap();
        assert_eq!(storage.1.0, Outcome::Unknown, "{file}: ContentLogging is read-only");
    }
}

#[test]
fn gateways_have_the_verdict_of_a_live_scan() {
    let live = live("plan/gateway/live.json");
    let rules = ["gateway-keeps-prompts-in-cache", "gateway-logs-bodies", "gateway-logs-prompts"];
    let of = |rule: &'static str, account: &str| -> Key {
        let group =
            format!("/subscriptions/{SUBSCRIPTION}/resourcegroups/rg/providers/microsoft.cognitiveservices/accounts");
        (rule, format!("{group}/{account}"))
    };
    for file in ["template.json", "terraform.json", "what-if.json"] {
        let path = fixture("plan/gateway").join(file);
        let assessment = judged(&path);
        let planned = outcomes(&assessment);
        for rule in rules {
            let own = of(rule, "chat");
            assert_eq!((live[&own].0, planned[&own].0), (Outcome::Fail, Outcome::Fail), "{file}: {own:?}");
            // Which other gateways there are, no plan says.
            let other = of(rule, "quiet");
            assert_eq!(live[&other].0, Outcome::NotApplicable, "{other:?}");
            assert_eq!(planned[&other], (Outcome::Unknown, Some("not-known-at-plan")), "{file}: {other:?}");
        }
        let decided = planned.iter().filter(|(_, (_, cause))| *cause != Some("not-known-at-plan"));
        let wrong: Vec<_> =
            decided.filter(|(key, (outcome, _))| live.get(key).map(|own| own.0) != Some(*outcome)).collect();
        assert!(wrong.is_empty(), "{file}: {wrong:?}");
        let report = plan(["--subscription", SUBSCRIPTION, "--resource-group", "rg", path.to_str().unwrap()]).exits(1);
        let report = report.run().stdout;
        assert!(!report.contains("PLANTED"), "{file}");
        let report: Value = serde_json::from_str(&report).unwrap();
        let results = report["results"].as_array().unwrap();
        let stands_at = |rule: &str| {
            let own = results.iter().find(|own| own["rule"] == rule && own["outcome"] == "fail").unwrap();
            own["location"]["line"].as_u64().unwrap()
        };
        // A finding stands where the gateway says so, not at the account.
        let account = results.iter().find(|own| own["rule"] == "abuse-monitoring-storage-on").unwrap();
        let account = account["location"]["line"].as_u64().unwrap();
        assert!(stands_at("gateway-logs-prompts") > account && stands_at("gateway-logs-bodies") > account, "{file}");
    }
}

#[test]
fn a_gateway_that_is_only_partly_in_the_plan_passes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let account = json!({ "type": "Microsoft.CognitiveServices/accounts", "apiVersion": "2025-06-01", "name": "chat",
        "location": "swedencentral", "kind": "OpenAI", "properties": { "customSubDomainName": "chat" } });
    let part = |kind: &str, name: &str, properties: Value| {
        json!({ "type": format!("Microsoft.ApiManagement/service/{kind}"), "apiVersion": "2024-05-01", "name": name,
            "properties": properties })
    };
    let backend = part("backends", "g/chat", json!({ "url": "https://chat.openai.azure.com" }));
    let service = json!({ "type": "Microsoft.ApiManagement/service", "apiVersion": "2024-05-01", "name": "g" });
    let linked = part("policies", "g/policy", json!({ "format": "xml-link", "value": "https://x.example/p.xml" }));
    let diagnostic = part("diagnostics", "g/d", json!({ "largeLanguageModel": { "logs": "disabled" } }));
    for resources in [
        vec![account.clone(), backend.clone()],
        vec![account.clone(), backend.clone(), service.clone(), diagnostic.clone()],
        vec![account.clone(), backend, service, linked, diagnostic.clone()],
        vec![account, part("apis/diagnostics", "g/a/d", json!({}))],
    ] {
        let path = written(&folder, "t.json", template(&json!({ "resources": resources })));
        let planned = outcomes(&judged(&path));
        let gateways = planned.iter().filter(|((rule, _), _)| rule.starts_with("gateway-"));
        let wrong: Vec<_> =
            gateways.filter(|(_, own)| **own != (Outcome::Unknown, Some("not-known-at-plan"))).collect();
        assert!(wrong.is_empty(), "{resources:?}: {wrong:?}");
    }
}

#[test]
fn a_key_that_is_set_on_its_own_belongs_to_its_account() {
    let text = std::fs::read_to_string(fixture("plan/gateway/terraform.json")).unwrap();
    let mut with_key: Value = serde_json::from_str(&text).unwrap();
    let address = "azurerm_cognitive_account_customer_managed_key.chat";
    let own = json!({ "address": address, "mode": "managed", "type": "azurerm_cognitive_account_customer_managed_key",
        "name": "chat", "change": { "actions": ["create"], "before": null,
            "after": { "key_vault_key_id": "https://v.vault.azure.net/keys/k/1", "identity_client_id": null },
            "after_unknown": { "id": true, "cognitive_account_id": true } } });
    with_key["resource_changes"].as_array_mut().unwrap().push(own);
    let expressions = json!({ "address": address, "expressions": { "cognitive_account_id": {
        "references": ["azurerm_cognitive_account.chat.id", "azurerm_cognitive_account.chat"] } } });
    with_key["configuration"]["root_module"]["resources"].as_array_mut().unwrap().push(expressions);
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, "plan.json", with_key.to_string());
    let planned = outcomes(&judged(&path));
    let of = |account: &str| {
        let own = planned.iter().find(|((rule, id), _)| *rule == "customer-key-missing" && id.ends_with(account));
        own.unwrap().1.0
    };
    assert_eq!((of("/chat"), of("/quiet")), (Outcome::Pass, Outcome::Fail));
    // Nothing changes for an account that the plan does not hold.
    with_key["resource_changes"]
        .as_array_mut()
        .unwrap()
        .retain(|own| own["type"] == "azurerm_cognitive_account_customer_managed_key");
    with_key["resource_changes"][0]["change"]["after"]["cognitive_account_id"] =
        format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/other")
            .into();
    let path = written(&folder, "plan.json", with_key.to_string());
    let alone = keys(&judged(&path), Outcome::Fail);
    assert!(alone.is_empty(), "{alone:?}");
}

/// The hook file names a command and files that the program takes.
#[test]
fn the_hook_judges_the_files_that_it_names() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    let value = |key: &str| {
        let line = text.lines().find_map(|line| line.trim_start().strip_prefix(key)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {key}")).to_owned()
    };
    let files = regex::Regex::new(&value("files")).unwrap();
    for name in
        ["infra/azuredeploy.json", "main.template.json", "prod.plan.json", "a/mainTemplate.json", "x.deploy.json"]
    {
        assert!(files.is_match(name), "{name}");
    }
    for name in ["package.json", "azuredeploy.parameters.json", "planjson"] {
        assert!(!files.is_match(name), "{name}");
    }
    let entry = value("entry");
    let (program, arguments) = entry.split_once(' ').unwrap();
    assert_eq!(program, "zdr-check");
    let folder = tempfile::tempdir().unwrap();
    let empty = written(&folder, "azuredeploy.json", template(&json!({ "resources": [] })));
    let files = [empty.to_str().unwrap().to_owned(), fixture("plan/template.json").to_str().unwrap().to_owned()];
    zdr_check(arguments.split(' ')).args(&files[..1]).run();
    let found = zdr_check(arguments.split(' ')).args(&files).exits(1).run();
    assert!(found.stdout.contains(LEAVES), "{}", found.stdout);
}

/// Result of the boundary rule per deployment, with its line.
fn boundary(report: &Value) -> BTreeMap<String, (String, u64, String)> {
    let results = report["results"].as_array().unwrap();
    let own = results.iter().filter(|own| own["rule"] == LEAVES && !own["location"].is_null());
    own.map(|own| {
        let name = own["resource_id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let place = &own["location"];
        let address = place["address"].as_str().unwrap().to_owned();
        (name, (own["outcome"].as_str().unwrap().to_owned(), place["line"].as_u64().unwrap(), address))
    })
    .collect()
}

#[test]
fn a_global_sku_is_found_at_its_line() {
    let lines = std::fs::read_to_string(fixture("plan/template.json")).unwrap();
    let line = |number: u64| lines.lines().nth(usize::try_from(number).unwrap() - 1).unwrap().to_owned();
    let found = boundary(&plan(["template.json"]).exits(1).run().json());
    // Behind the default of a parameter, in a child inside its parent.
    assert_eq!((found["global"].0.as_str(), line(found["global"].1).contains("parameters('skuName')")), ("fail", true));
    // In a copy loop over the default of a parameter.
    assert_eq!((found["batch"].0.as_str(), line(found["batch"].1).contains("GlobalBatch")), ("fail", true));
    assert_eq!(found["mini"].0, "pass");

    let report = plan(["bicep.json"]).exits(1).run().json();
    let found = boundary(&report);
    // A symbolic name, under an account whose name only Azure can compute.
    assert_eq!((found["global"].0.as_str(), found["global"].2.as_str()), ("fail", "global"));
    assert_eq!(found["m1"].0, "pass");
    assert_eq!(found["open"].0, "unknown");
    let open = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|own| own["rule"] == LEAVES && own["resource_id"].as_str().unwrap().ends_with("/open"));
    let open = open.unwrap();
    assert_eq!(open["cause"], "not-known-at-plan");
    assert!(open["message"].as_str().unwrap().contains("parameter tier has no value"), "{open}");
    let found = boundary(&plan(["bicep.json", "--parameters", "parameters.json"]).exits(1).run().json());
    assert_eq!(found["open"].0, "fail", "the parameter file says DataZoneStandard");

    let found = boundary(&plan(["terraform.json"]).exits(1).run().json());
    assert_eq!(
        (found["batch"].0.as_str(), found["batch"].2.as_str()),
        ("fail", "azurerm_cognitive_deployment.models[\"batch\"]")
    );
}

#[test]
fn the_line_is_in_every_format_that_has_lines() {
    let text = |format: &str| {
        let run = zdr_check(["plan", "template.json", "--format", format]).within(&fixture("plan"));
        run.exits(1).run().stdout
    };
    let sarif: Value = serde_json::from_str(&text("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let own = results.iter().find(|own| own["ruleId"] == "web-grounding-connection").unwrap();
    let place = &own["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "template.json");
    let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
    let lines = std::fs::read_to_string(fixture("plan/template.json")).unwrap();
    assert!(lines.lines().nth(line - 1).unwrap().contains("GroundingWithBingSearch"), "line {line}");
    assert!(text("github").contains(&format!("::error file=template.json,line={line},col=")));
    assert!(text("azure-pipelines").contains(&format!("sourcepath=template.json;linenumber={line};columnnumber=")));
    assert!(text("gitlab").contains(&format!("\"begin\": {line}")));
    assert!(text("junit").contains(&format!("place: template.json:{line}:")));
}

#[test]
fn nothing_secret_is_printed() {
    for file in ["template.json", "terraform.json"] {
        for format in ["table", "json", "sarif", "junit", "github", "azure-pipelines", "gitlab"] {
            let run = zdr_check(["plan", file, "--show-pass", "--verbose", "--format", format]);
            let output = run.within(&fixture("plan")).exits(1).run();
            assert!(!output.stdout.contains("PLANTED") && !output.stderr.contains("PLANTED"), "{file} {format}");
        }
    }
}

/// Every value and container below `value`, as JSON pointers; not the names that say which resource it is.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    const IDENTITY: [&str; 6] = ["name", "type", "apiVersion", "scope", "dependsOn", "copy"];
    match value {
        Value::Object(fields) => {
            for (key, value) in fields
                .iter()
                .filter(|(key, _)| !IDENTITY.contains(&key.as_str()) || at.contains("/model") || at.ends_with("/sku"))
            {
                let at = format!("{at}/{key}");
                all.push(at.clone());
                pointers(value, &at, all);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn never_better(before: &Assessment, after: &Assessment, what: &str) {
    for outcome in [Outcome::Pass, Outcome::NotApplicable] {
        let new: Vec<Key> = keys(after, outcome).difference(&keys(before, outcome)).cloned().collect();
        assert!(new.is_empty(), "{what} unknown: {new:?} became {}", outcome.as_str());
    }
}

#[test]
fn an_unknown_value_never_adds_a_pass() {
    let folder = tempfile::tempdir().unwrap();
    // A template without comments, whose parameters have their values in place.
    let live: Value = serde_json::from_str(&std::fs::read_to_string(fixture("plan/live.json")).unwrap()).unwrap();
    let account = &live["subscriptions"][0]["accounts"][0];
    let child = |kind: &str, own: &Value| {
        let mut own = own.clone();
        own["type"] = format!("Microsoft.CognitiveServices/accounts/{kind}").into();
        own["name"] = format!("chat/{}", own["name"].as_str().unwrap()).into();
        own
    };
    let mut resources: Vec<Value> = ["deployments", "projects", "connections"]
        .iter()
        .flat_map(|kind| account[*kind].as_array().unwrap().iter().map(|own| child(kind, own)))
        .collect();
    resources.push(json!({ "type": "Microsoft.CognitiveServices/accounts", "name": "chat", "kind": "AIServices",
        "location": "swedencentral", "identity": { "type": "SystemAssigned" }, "properties": {
            "publicNetworkAccess": "Disabled", "disableLocalAuth": true, "storedCompletionsDisabled": true,
            "a365LoggingEnabled": false, "restrictOutboundNetworkAccess": true, "allowedFqdnList": ["a.example"],
            "networkAcls": { "defaultAction": "Deny", "bypass": "None", "ipRules": [{ "value": "1.2.3.4" }] },
            "networkInjections": [{ "scenario": "agent", "subnetArmId": "/subscriptions/x" }],
            "encryption": { "keySource": "Microsoft.KeyVault" }, "raiMonitorConfig": {}, "userOwnedStorage": [] } }));
    let whole = json!({ "resources": resources });
    let before = judged(&written(&folder, "before.json", template(&whole)));
    let mut all = Vec::new();
    pointers(&whole["resources"], "/resources", &mut all);
    assert!(all.len() > 50, "{all:?}");
    for pointer in &all {
        let mut less = whole.clone();
        *less.pointer_mut(pointer).unwrap() = "[reference('somewhere').else]".into();
        never_better(&before, &judged(&written(&folder, "after.json", template(&less))), pointer);
    }
}

#[test]
fn what_terraform_knows_after_apply_never_adds_a_pass() {
    let folder = tempfile::tempdir().unwrap();
    let whole: Value = serde_json::from_str(&std::fs::read_to_string(fixture("plan/terraform.json")).unwrap()).unwrap();
    let before = judged(&fixture("plan/terraform.json"));
    for (index, change) in whole["resource_changes"].as_array().unwrap().iter().enumerate() {
        let names: Vec<&String> = change["change"]["after"].as_object().unwrap().keys().collect();
        for name in names.into_iter().filter(|name| !["name", "type", "resource_group_name"].contains(&name.as_str())) {
            let mut less = whole.clone();
            let change = &mut less["resource_changes"][index]["change"];
            change["after"].as_object_mut().unwrap().remove(name);
            change["after_unknown"][name] = true.into();
            let text = less.to_string();
            never_better(&before, &judged(&written(&folder, "after.json", text)), &format!("{index} {name}"));
        }
    }
}

#[test]
fn unknowns_gate_as_asked_and_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let account = json!({ "type": "Microsoft.CognitiveServices/accounts", "name": "a", "kind": "SpeechServices",
        "location": "westeurope", "properties": { "disableLocalAuth": true } });
    let path = written(&folder, "t.json", template(&json!({ "resources": [account] })));
    let path = path.to_str().unwrap();
    let report = plan([path, "--fail-on", "never"]).run().json();
    assert_eq!((&report["complete"], &report["run"]["source"]), (&json!(true), &json!("plan")));
    let linked = json!({ "type": "Microsoft.Resources/deployments", "name": "l", "properties": {
        "templateLink": { "uri": "https://example.com/t.json" } } });
    let path = written(&folder, "l.json", template(&json!({ "resources": [account, linked] })));
    let report = plan([path.to_str().unwrap(), "--fail-on", "never"]).run().json();
    let notes = report["notes"].as_array().unwrap();
    assert!(
        notes.iter().any(|note| note["kind"] == "plan-gap" && note["message"].as_str().unwrap().contains("linked"))
    );
    plan([path.to_str().unwrap(), "--fail-on", "never", "--plan-unknown", "fail"]).exits(4).run();
    plan(["bicep.json", "--fail-on", "never", "--plan-unknown", "fail"]).exits(4).run();
    let note = plan(["bicep.json", "--fail-on", "never"]).run().json();
    let kinds: Vec<&str> = note["notes"].as_array().unwrap().iter().map(|own| own["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"plan-unconfirmed"), "{kinds:?}");
}

#[test]
fn lost_accounts_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut whole: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture("plan/terraform.json")).unwrap()).unwrap();
    whole["resource_changes"][0]["change"]["actions"] = json!(["delete", "create"]);
    let path = written(&folder, "p.json", whole.to_string());
    let report = plan([path.to_str().unwrap()]).exits(1).run().json();
    let first = &report["notes"][0];
    assert_eq!(first["kind"], "plan-deletes-account");
    assert!(
        first["message"].as_str().unwrap().contains("replaces account module.ai.azurerm_cognitive_account.chat"),
        "{first}"
    );
}

#[test]
fn a_folder_and_standard_input_are_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("deep")).unwrap();
    std::fs::copy(fixture("plan/template.json"), folder.path().join("deep/main.json")).unwrap();
    written(&folder, "package.json", "{\"name\": \"other\"}");
    written(&folder, "broken.json", "{");
    let report = plan([folder.path().to_str().unwrap()]).exits(1).run().json();
    assert_eq!(report["summary"]["accounts"], 1);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_zdr-check"))
        .args(["plan", "-", "--format", "json", "--no-config"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(fixture("plan/template.json")).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["results"].as_array().unwrap().iter().any(|own| own["location"]["path"] == "-"));
}

#[test]
fn what_is_no_plan_ends_with_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let deep = "[".repeat(200_000);
    let cases: [(&str, &[u8], i32, &str); 14] = [
        ("empty.json", b"", 3, "no JSON"),
        ("text.json", b"hello", 3, "text.json:1:1: this is no JSON"),
        ("cut.json", b"{\n  \"a\": [1,\n", 3, "cut.json:3:1"),
        ("deep.json", deep.as_bytes(), 3, "nested too deeply"),
        ("bytes.json", b"\xff\x00\x80", 3, "not text"),
        ("main.tf", b"resource \"azurerm_cognitive_account\" \"a\" {}", 2, "terraform show -json"),
        ("main.bicep", b"resource a 'Microsoft.CognitiveServices/accounts@2025-06-01' = {}", 2, "az bicep build"),
        ("tfplan", b"PK\x03\x04rest", 2, "terraform show -json"),
        ("log.json", b"{\"@level\":\"info\"}\n{\"@level\":\"info\"}", 2, "terraform show -json"),
        ("new.json", b"{\"format_version\":\"2.0\",\"resource_changes\":[]}", 2, "newer than 1"),
        ("state.json", b"{\"format_version\":\"1.0\",\"values\":{}}", 2, "state of Terraform"),
        ("other.json", b"{\"a\": 1}", 2, "no plan"),
        ("none.json", b"{\"format_version\":\"1.2\",\"resource_changes\":[]}", 3, "holds no resources"),
        ("array.json", b"[]", 2, "no plan"),
    ];
    for (name, text, code, wanted) in cases {
        let path = written(&folder, name, text);
        let output = zdr_check(["plan", path.to_str().unwrap()]).exits(code).run();
        assert!(output.stderr.contains(wanted) && output.stdout.is_empty(), "{name}: {}", output.stderr);
        assert!(output.stderr.matches("error: ").count() == 1, "{name}: {}", output.stderr);
    }
    let missing = zdr_check(["plan", "nowhere.json"]).exits(3).run();
    assert!(missing.stderr.contains("cannot read nowhere.json"), "{}", missing.stderr);
    plan(["template.json", "--parameters", "template.json"]).exits(2).run();
    plan(["parameters.json"]).exits(2).run();
    plan(["template.json", "--subscription", "prod"]).exits(2).run();
    let other = template(&json!({ "resources": [{ "type": "Microsoft.Web/sites", "name": "x" }] }));
    let other = written(&folder, "web.json", other);
    let output = plan([other.to_str().unwrap()]).exits(3).run();
    assert!(output.stderr.contains("is an AI account"), "{}", output.stderr);
    plan([other.to_str().unwrap(), "--allow-empty"]).run();
}

#[test]
fn hostile_templates_end() {
    let folder = tempfile::tempdir().unwrap();
    let account = |extra: Value| {
        let mut own = json!({ "type": "Microsoft.CognitiveServices/accounts", "name": "a", "kind": "OpenAI",
            "location": "westeurope", "properties": {} });
        own.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        own
    };
    let mut doubling = serde_json::Map::new();
    doubling.insert("v0".to_owned(), json!(["x", "y"]));
    for index in 1..60 {
        let before = index - 1;
        doubling.insert(
            format!("v{index}"),
            format!("[createArray(variables('v{before}'), variables('v{before}'))]").into(),
        );
    }
    let nested = "[".to_owned() + &"concat(".repeat(5000) + "'x'" + &")".repeat(5000) + "]";
    let cases = [
        (
            "cycle",
            json!({ "variables": { "a": "[variables('b')]", "b": "[variables('a')]" },
            "resources": [account(json!({ "location": "[variables('a')]" }))] }),
            "refers to itself",
        ),
        (
            "copies",
            json!({ "resources": [account(json!({ "copy": { "name": "c", "count": 2_000_000_000 } }))] }),
            "800",
        ),
        (
            "doubling",
            json!({ "variables": doubling, "resources": [account(json!({ "tags": "[variables('v59')]" }))] }),
            "too large",
        ),
        ("nested", json!({ "resources": [account(json!({ "kind": nested }))] }), "cannot be read"),
        ("unheard", json!({ "resources": [account(json!({ "kind": "[fancyNew('x')]" }))] }), "fancynew(…)"),
    ];
    for (name, body, wanted) in cases {
        let path = written(&folder, &format!("{name}.json"), template(&body));
        let report = plan([path.to_str().unwrap(), "--fail-on", "never"]).run().stdout;
        assert!(report.contains(wanted), "{name}: {report}");
    }
    let many = json!({ "resources": [account(json!({})), { "type": "Microsoft.Resources/deployments", "name": "d",
        "copy": { "name": "o", "count": 800 }, "properties": { "template": { "resources": [
            account(json!({ "name": "[concat('b', copyIndex())]", "copy": { "name": "i", "count": 800 } }))] } } }] });
    let path = written(&folder, "many.json", template(&many));
    let output = plan([path.to_str().unwrap()]).exits(3).run();
    assert!(output.stderr.contains("larger than can be judged"), "{}", output.stderr);
}
