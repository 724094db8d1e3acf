//! `--include communication`: Communication Services and what Event Grid and Azure Monitor do with their data.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::common::{scan, zdr_check};
use crate::emulator::Emulator;

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000001";
const EMPTY: &str = "00000000-0000-4000-8000-000000000002";
const RULES: [&str; 5] = [
    "communication-data-leaves-boundary",
    "communication-events-global",
    "communication-events-leave",
    "communication-log-retention-long",
    "communication-logs-carry-identities",
];
/// Remote text that must reach no terminal, page or table as it is.
const HOSTILE: &str = "Atlantis\u{1b}[31m|<b>&'\"\u{202e}";
const FLAG: [&str; 2] = ["--include", "communication"];

fn id(rest: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-chat/providers/{rest}")
}

fn service(name: &str) -> String {
    id(&format!("Microsoft.Communication/CommunicationServices/{name}"))
}

/// An account without a failure in each of two subscriptions; in the first, a resource where everything is wrong, a quiet one,
/// and one of which nothing can be told.
fn estate() -> Value {
    let account = json!({ "name": "clean", "resourceGroup": "rg", "location": "swedencentral", "kind": "OpenAI",
        "properties": { "capabilities": [{ "name": "ContentLogging", "value": "false" }], "storedCompletionsDisabled": true } });
    let subscription = |id: &str| json!({ "subscriptionId": id, "displayName": id, "accounts": [account] });
    let resource = |name: &str, location: &str| {
        json!({ "id": service(name), "name": name, "location": "global",
            "properties": { "dataLocation": location, "hostName": "PLANTED.communication.azure.com" } })
    };
    let topic = id("Microsoft.EventGrid/systemTopics/calls");
    let workspace = id("Microsoft.OperationalInsights/workspaces/law");
    let hook = "https://user:PLANTED@hooks.contoso.example/PLANTED?code=PLANTED";
    json!({ "tenantId": "00000000-0000-4000-8000-0000000000aa", "subscriptions": [subscription(SUBSCRIPTION), subscription(EMPTY)],
        "resources": [
            resource("loud", "United States"), resource("quiet", "Germany"), resource("odd", HOSTILE),
            { "id": topic, "name": "calls", "location": "global",
                "properties": { "source": service("loud").to_uppercase(), "topicType": "microsoft.communication.communicationservices" } },
            { "id": format!("{topic}/eventSubscriptions/crm"), "name": "crm",
                "properties": { "destination": { "endpointType": "WebHook", "properties": { "endpointBaseUrl": hook } } } },
            { "id": format!("{}/providers/microsoft.insights/diagnosticSettings/all", service("loud")), "name": "all",
                "properties": { "workspaceId": workspace, "logs": [{ "categoryGroup": "allLogs", "enabled": true }] } },
            { "id": workspace, "name": "law", "properties": { "retentionInDays": 30 } },
            { "id": format!("{workspace}/tables/ACSCallSummary"), "name": "ACSCallSummary",
                "properties": { "retentionInDays": 30, "totalRetentionInDays": 400 } },
        ],
        "pathFaults": {
            (format!("{}/providers/microsoft.insights/diagnosticsettings", service("odd").to_lowercase())): { "status": 403 },
            (format!("{}/providers/microsoft.eventgrid/eventsubscriptions", service("odd").to_lowercase())): { "status": 403 },
        } })
}

fn own(report: &Value) -> Vec<&Value> {
    let is = |result: &&Value| result["rule"].as_str().unwrap().starts_with("communication-");
    report["results"].as_array().unwrap().iter().filter(is).collect()
}

/// Outcome by rule, of one resource.
fn of<'a>(report: &'a Value, resource: &str) -> BTreeMap<&'a str, &'a str> {
    let is = |result: &&Value| result["resource_id"].as_str().unwrap().eq_ignore_ascii_case(resource);
    let own = own(report).into_iter().filter(is);
    own.map(|result| (result["rule"].as_str().unwrap(), result["outcome"].as_str().unwrap())).collect()
}

fn outcomes(words: [&'static str; 5]) -> BTreeMap<&'static str, &'static str> {
    RULES.into_iter().zip(words).collect()
}

#[test]
fn nothing_is_asked_or_said_without_the_flag() {
    let emulator = Emulator::builder(estate()).start();
    let report = scan(&emulator, ["--all-subscriptions", "--show-pass"]).run().json();
    assert!(own(&report).is_empty());
    let asked = |part: &str| emulator.requests().iter().any(|seen| seen.target.to_lowercase().contains(part));
    assert!(!asked("microsoft.communication") && !asked("microsoft.eventgrid"));
    assert!(!report.to_string().contains("communication-"));
    let plan = scan(&emulator, ["--all-subscriptions", "--plan-requests"]).run().stdout;
    assert!(!plan.contains("communicationServices") && !plan.contains("systemTopics"), "{plan}");
}

#[test]
fn every_resource_has_a_result_per_rule() {
    let emulator = Emulator::builder(estate()).page_size(1).start();
    let arguments = ["--all-subscriptions", "--show-pass", "--allow-location", "germany,sweden"];
    let report = scan(&emulator, arguments).args(FLAG).exits(1).run().json();
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
    assert_eq!(of(&report, &service("loud")), outcomes(["fail"; 5]));
    assert_eq!(of(&report, &service("quiet")), outcomes(["pass", "pass", "pass", "not-applicable", "pass"]));
    assert_eq!(of(&report, &service("odd")), outcomes(["unknown"; 5]));
    assert_eq!(of(&report, &format!("/subscriptions/{EMPTY}")), outcomes(["not-applicable"; 5]));
    assert!(own(&report).iter().all(|result| {
        let account = result["account_id"].as_str().unwrap();
        result["axis"] == "contained" && (account.ends_with(SUBSCRIPTION) || account.ends_with(EMPTY))
    }));
    let said: Vec<&str> = own(&report).iter().map(|result| result["message"].as_str().unwrap()).collect();
    for wanted in [
        "events are delivered to the webhook https://hooks.contoso.example",
        "table ACSCallSummary of law keeps logs for 400 days",
        "data at rest is in United States, which policy does not allow",
        "the subscription has no Communication Services resource",
    ] {
        assert!(said.contains(&wanted), "{wanted}: {said:#?}");
    }
    assert_eq!(report["complete"], true, "an unknown on contained does not make a run incomplete");
    assert_eq!(report["run"]["scopes"], json!(["all subscriptions", "with Communication Services"]));
    let stores: Vec<&Value> =
        report["clocks"].as_array().unwrap().iter().filter(|own| own["scope"] == service("quiet")).collect();
    let recordings = stores.iter().find(|own| own["store"] == "communication-recordings").unwrap();
    assert_eq!((&recordings["keeps"], &recordings["state"]), (&json!("24 hours"), &json!("possible")));
    assert!(stores.iter().any(|own| own["store"] == "communication-chat" && own["keeps"] == "until deleted"));
}

#[test]
fn a_forbidden_list_is_unknown_and_an_absent_provider_is_none() {
    let list = format!("/subscriptions/{SUBSCRIPTION}/providers/microsoft.communication/communicationservices");
    let whole = format!("/subscriptions/{SUBSCRIPTION}");
    let mut forbidden = estate();
    forbidden["pathFaults"] = json!({ (list.clone()): { "status": 403 } });
    let emulator = Emulator::builder(forbidden).start();
    let report = scan(&emulator, ["-s", SUBSCRIPTION, "--show-pass"]).args(FLAG).run().json();
    assert_eq!(of(&report, &whole), outcomes(["unknown"; 5]));
    let unread = report["coverage"]["unreadable"].as_array().unwrap();
    let named = |row: &Value| row["action"] == "Microsoft.Communication/communicationServices/read";
    assert!(unread.iter().any(named), "{unread:?}");
    let mut absent = estate();
    absent["pathFaults"] = json!({ (list): { "status": 409, "code": "MissingSubscriptionRegistration" } });
    let emulator = Emulator::builder(absent).start();
    let report = scan(&emulator, ["-s", SUBSCRIPTION, "--show-pass"]).args(FLAG).run().json();
    assert_eq!(of(&report, &whole), outcomes(["not-applicable"; 5]));
    assert_eq!(report["coverage"]["subscriptions"][0]["status"], "read");
}

#[test]
fn hostile_text_reaches_no_reader() {
    let folder = tempfile::tempdir().unwrap();
    let (html, markdown) = (folder.path().join("r.html"), folder.path().join("r.md"));
    let emulator = Emulator::builder(estate()).start();
    let junit = folder.path().join("r.xml");
    let files = [("html", &html), ("markdown", &markdown), ("junit", &junit)];
    let files = files.map(|(format, path)| format!("{format}={}", path.display()));
    let report = files.iter().flat_map(|file| ["--report", file]);
    let run =
        zdr_check(["scan", "--all-subscriptions", "--arm-endpoint", &emulator.endpoint(), "-vv", "--fail-on", "never"]);
    let run = run.args(["--credential", "managed-identity"]).args(report).args(FLAG).at(&emulator).run();
    let text = |path| std::fs::read_to_string(path).unwrap();
    let junit = text(junit);
    assert!(junit.contains("classname=\"rg-chat.odd\"") && junit.contains("classname=\"rg-chat.loud\""), "{junit}");
    let all = [run.stdout, run.stderr, text(html), text(markdown), junit];
    assert!(all[0].contains("Atlantis") && all[0].contains("loud"), "{}", all[0]);
    for text in all {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("PLANTED"), "{text}");
        assert!(!text.contains("Atlantis[31m|<b>"), "{text}");
    }
}

#[test]
fn a_snapshot_keeps_what_was_included_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let (path, masked) = (path.to_str().unwrap(), folder.path().join("m.jsonl"));
    let emulator = Emulator::builder(estate()).start();
    let arguments = ["--all-subscriptions", "--show-pass", "--fail-on", "never"];
    let live = scan(&emulator, arguments).args(FLAG).args(["--save-snapshot", path]).run().json();
    let journal = std::fs::read_to_string(path).unwrap();
    let validator = jsonschema::validator_for(&crate::common::json("schemas/snapshot-1.schema.json")).unwrap();
    for row in journal.lines() {
        let record = serde_json::from_str(row).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{record}: {wrong:?}");
    }
    assert!(!journal.contains("PLANTED"), "keys of a webhook, and what nobody needs, are dropped on arrival");
    let again = |path: &str| {
        let run = zdr_check(["scan", "--format", "json", "--show-pass", "--fail-on", "never", "--snapshot", path]);
        run.run().json()
    };
    assert_eq!(own(&again(path)), own(&live));
    let map = folder.path().join("map.json");
    zdr_check(["redact", path, masked.to_str().unwrap(), "--map", map.to_str().unwrap()]).run();
    let text = std::fs::read_to_string(&masked).unwrap();
    for name in ["quiet", "contoso", "crm", "rg-chat", SUBSCRIPTION] {
        assert!(!text.contains(name), "{name}");
    }
    let count = |report: &Value| {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for result in own(report) {
            *count.entry(format!("{} {}", result["rule"], result["outcome"])).or_default() += 1;
        }
        count
    };
    assert_eq!(count(&again(masked.to_str().unwrap())), count(&live), "masks change no verdict");
}

#[test]
fn an_interrupted_scan_goes_on_with_what_it_included() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let path = path.to_str().unwrap();
    let emulator = Emulator::builder(estate()).start();
    let arguments = ["--all-subscriptions", "--show-pass", "--fail-on", "never"];
    let whole = scan(&emulator, arguments).args(FLAG).args(["--save-snapshot", path]).run().json();
    // Without its trailer and its last records a journal is that of a scan that was cut short.
    let journal = std::fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = journal.lines().collect();
    let half = lines[..lines.len() - 4].join("\n") + "\n";
    std::fs::write(path, &half).unwrap();
    let before = emulator.requests().len();
    let resumed = scan(&emulator, arguments).args(["--resume", path]).run().json();
    let strip = |report: &Value| -> Vec<Value> {
        own(report).iter().map(|own| json!([own["rule"], own["resource_id"], own["outcome"], own["message"]])).collect()
    };
    assert_eq!(strip(&resumed), strip(&whole), "the journal says what is included");
    assert!(emulator.requests().len() - before < before, "what was known is not read again");
}

#[test]
fn a_scan_that_did_not_include_them_is_not_resumed_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let path = path.to_str().unwrap();
    let emulator = Emulator::builder(estate()).start();
    scan(&emulator, ["--all-subscriptions", "--save-snapshot", path]).run();
    let journal = std::fs::read_to_string(path).unwrap();
    let (half, _) = journal.trim_end().rsplit_once('\n').unwrap();
    std::fs::write(path, format!("{half}\n")).unwrap();
    let refused = scan(&emulator, ["--all-subscriptions", "--resume", path]).args(FLAG).exits(2).run().stderr;
    assert!(refused.contains("with Communication Services"), "{refused}");
}

#[test]
fn flags_plan_and_role_say_what_is_included() {
    let emulator = Emulator::builder(estate()).start();
    let plan = scan(&emulator, ["--all-subscriptions", "--plan-requests"]).args(FLAG).run().json();
    let line = |operation: &str| {
        let all = plan["operations"].as_array().unwrap();
        all.iter()
            .find(|line| line["operation"] == operation)
            .unwrap_or_else(|| panic!("{operation}: {plan:#}"))
            .clone()
    };
    assert_eq!(line("communicationServices.list")["count"], 2);
    assert_eq!(line("systemTopics.list")["certainty"], "at-most");
    assert_eq!(line("workspaces.tables.list")["certainty"], "unknown");
    let account =
        format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/clean");
    for scope in [["--account", account.as_str()], ["--snapshot", "x"]] {
        let refused = zdr_check(["scan"]).args(scope).args(FLAG).exits(2).run().stderr;
        assert!(refused.contains("--include"), "{refused}");
    }
    let odd = zdr_check(["scan", "--demo", "--include", "telepathy"]).exits(2).run().stderr;
    assert!(odd.contains("communication"), "{odd}");
    let actions = |arguments: &[&str]| zdr_check(["permissions", "-s", SUBSCRIPTION]).args(arguments).run().stdout;
    assert!(
        !actions(&[]).contains("Microsoft.EventGrid")
            && !actions(&["--axis", "contained"]).contains("Microsoft.EventGrid")
    );
    let more = actions(&FLAG);
    for action in ["Microsoft.Communication/communicationServices/read", "Microsoft.EventGrid/systemTopics/read"] {
        assert!(more.contains(action), "{more}");
    }
    assert!(actions(&["--rule", RULES[1]]).contains("Microsoft.EventGrid/systemTopics/read"));
}

#[test]
fn a_policy_file_speaks_of_these_resources_too() {
    let folder = tempfile::tempdir().unwrap();
    let waiver = format!(
        "pin = \"datazone:us\"\n[rules.communication-events-leave]\nenabled = false\n[rules.communication-logs-carry-identities]\nseverity = \"critical\"\n\
         [[waiver]]\nrule = \"communication-events-global\"\nscope = \"{}\"\nreason = \"r\"\nowner = \"o\"\nexpires = \"2999-01-01\"\n",
        service("loud").to_lowercase()
    );
    std::fs::write(folder.path().join("zdr-check.toml"), waiver).unwrap();
    let emulator = Emulator::builder(estate()).start();
    let run =
        scan(&emulator, ["-s", SUBSCRIPTION, "--show-pass", "--fail-on", "critical"]).args(FLAG).within(folder.path());
    let report = run.exits(1).run().json();
    let loud = of(&report, &service("loud"));
    assert_eq!((loud[RULES[0]], loud[RULES[1]], loud[RULES[4]]), ("pass", "waived", "fail"));
    assert_eq!(of(&report, &service("quiet"))[RULES[0]], "fail");
    let off = of(&report, &format!("/subscriptions/{SUBSCRIPTION}"));
    assert_eq!(off, BTreeMap::from([(RULES[2], "not-applicable")]));
    let severe = own(&report).into_iter().find(|own| own["rule"] == RULES[4]).unwrap();
    assert_eq!(severe["severity"], "critical");
}

#[test]
fn the_demo_has_one_that_is_shown_on_request_only() {
    let plain = zdr_check(["scan", "--demo", "--format", "json"]).exits(1).run().json();
    assert!(own(&plain).is_empty());
    let report = zdr_check(["scan", "--demo", "--format", "json"]).args(FLAG).exits(1).run().json();
    let found: Vec<&str> =
        own(&report).iter().filter(|own| own["outcome"] == "fail").map(|own| own["rule"].as_str().unwrap()).collect();
    assert_eq!(found, RULES[1..], "{:#?}", own(&report));
    assert_eq!(report["accounts"], plain["accounts"]);
    let table = |more: &[&str]| zdr_check(["scan", "--demo"]).args(FLAG).args(more).exits(1).run().stdout;
    let (short, long) = (table(&[]), table(&["--verbose"]));
    assert!(short.contains("embedded demo estate, with Communication Services"), "{short}");
    assert!(short.contains("medium communication-events-leave on 1 resource:"), "{short}");
    let recordings = "communication-recordings: call recordings: 24 hours, if anything is there, on contact-centre";
    assert!(long.contains(recordings), "{long}");
}
