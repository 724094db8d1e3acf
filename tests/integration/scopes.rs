//! Scopes beyond one subscription: management groups, exclusions, tags, several tenants, the second source and the request plan.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use zdr_check::snapshot::Operation;

use crate::common::{Run, scan, zdr_check};
use crate::emulator::{Emulator, Fault, RetryAfter, Seen, at};

const HOME: &str = "00000000-0000-4000-8000-00000000000a";
const GUEST: &str = "00000000-0000-4000-8000-00000000000b";
const CLOSED: &str = "00000000-0000-4000-8000-00000000000c";

fn subscription_id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// An account without a failure.
fn account(name: &str, tags: &Value) -> Value {
    json!({ "name": name, "resourceGroup": "rg", "location": "swedencentral", "kind": "OpenAI", "tags": tags,
        "properties": { "capabilities": [{ "name": "ContentLogging", "value": "false" }], "storedCompletionsDisabled": true } })
}

/// Four subscriptions with one account each: `prod-1`, `prod-2`, `dev-3`, `dev-4`.
fn estate() -> Value {
    let subscription = |(number, name): (u32, &str)| {
        json!({ "subscriptionId": subscription_id(number), "displayName": name,
            "accounts": [account(&format!("a{number}"), &json!({ "Env": name.split('-').next() }))] })
    };
    let subscriptions = [(1, "prod-1"), (2, "prod-2"), (3, "dev-3"), (4, "dev-4")].map(subscription);
    json!({ "tenantId": HOME, "subscriptions": subscriptions,
        "managementGroups": [{ "name": "root", "displayName": "Everything", "subscriptions": [subscription_id(4)], "managementGroups": [
            { "name": "mg-prod", "displayName": "Production", "subscriptions": [subscription_id(1)], "managementGroups": [
                { "name": "mg-deep", "displayName": "Deep", "subscriptions": [subscription_id(2)] }] },
            { "name": "mg-empty", "displayName": "Empty" }] }] })
}

/// The same scan for people.
fn table<const N: usize>(emulator: &Emulator, arguments: [&str; N]) -> Run {
    let endpoint = emulator.endpoint();
    zdr_check(["scan", "--arm-endpoint", &endpoint, "--credential", "managed-identity"]).args(arguments).at(emulator)
}

fn accounts(report: &Value) -> Vec<&str> {
    report["accounts"].as_array().unwrap().iter().map(|account| account["name"].as_str().unwrap()).collect()
}

fn notes(report: &Value) -> Vec<&str> {
    report["notes"].as_array().unwrap().iter().map(|note| note["kind"].as_str().unwrap()).collect()
}

#[test]
fn a_management_group_is_read_at_any_depth() {
    let emulator = Emulator::builder(estate()).page_size(1).start();
    for (groups, wanted) in [
        (&["mg-prod"][..], &["a1", "a2"][..]),
        (&["MG-Deep"], &["a2"]),
        (&["/providers/Microsoft.Management/managementGroups/mg-deep", "mg-prod"], &["a1", "a2"]),
        (&["root"], &["a1", "a2", "a4"]),
    ] {
        let arguments = groups.iter().flat_map(|group| ["--management-group", group]);
        let report = scan(&emulator, arguments).run().json();
        assert_eq!(accounts(&report), wanted, "{groups:?}");
        assert_eq!(report["run"]["scopes"][0], format!("management group {}", groups[0]));
    }
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}

#[test]
fn a_wrong_group_is_told_from_a_closed_and_an_empty_one() {
    let emulator = Emulator::builder(estate()).start();
    let failed = |group: &str, code: i32| scan(&emulator, ["--management-group", group]).exits(code).run().stderr;
    let name = failed("Production", 2);
    assert!(name.contains("display name") && name.contains("mg-prod") && !name.contains("mg-deep"), "{name}");
    let typo = failed("mg-prd", 2);
    assert!(typo.contains("no visible management group") && typo.contains("did you mean"), "{typo}");
    assert!(failed("nonsense/../x", 2).contains("visible management groups"));
    assert!(failed("mg-empty", 3).contains("no subscription below"));
    emulator.inject(at("mg-prod/descendants"), Fault::error(403, "AuthorizationFailed"));
    let closed = failed("mg-prod", 3);
    assert!(closed.contains("mg-prod") && closed.contains("managementGroups/descendants/read"), "{closed}");
    // Azure may answer 403 for a group that is not there.
    emulator.inject(at("Production/descendants"), Fault::error(403, "AuthorizationFailed"));
    assert!(failed("Production", 2).contains("display name"));
}

#[test]
fn a_closed_group_among_others_is_a_gap() {
    let emulator = Emulator::builder(estate()).start();
    emulator.inject(at("mg-prod/descendants"), Fault::error(403, "AuthorizationFailed"));
    let arguments = ["--management-group", "mg-prod", "--management-group", "mg-deep"];
    let report = scan(&emulator, arguments).exits(4).run().json();
    assert_eq!(accounts(&report), ["a2"]);
    let coverage = &report["coverage"];
    assert_eq!(coverage["gaps"], json!(["/providers/Microsoft.Management/managementGroups/mg-prod"]));
    assert_eq!(coverage["unreadable"][0]["operation"], "managementGroups.descendants.list");
    crate::scan::assert_valid(&report);
    let table = table(&emulator, arguments).exits(4).run().stdout;
    assert!(table.contains("could not be found"), "{table}");
}

#[test]
fn a_subscription_of_the_group_that_nobody_may_read_is_unknown() {
    let emulator = Emulator::builder(estate()).start();
    emulator.inject(at(&format!("/subscriptions/{}", subscription_id(2))), Fault::error(403, "AuthorizationFailed"));
    let report = scan(&emulator, ["--management-group", "mg-prod"]).exits(4).run().json();
    assert_eq!(accounts(&report), ["a1"]);
    assert_eq!(report["coverage"]["subscriptions"][1]["status"], "unreadable");
}

#[test]
fn excluded_subscriptions_are_named_and_not_read() {
    let emulator = Emulator::builder(estate()).start();
    let arguments =
        ["--all-subscriptions", "--exclude-subscription", "DEV-*", "--exclude-subscription", &subscription_id(2)];
    let report = scan(&emulator, arguments).args(["--exclude-subscription", "nobody"]).run().json();
    assert_eq!(accounts(&report), ["a1"]);
    let excluded = report["coverage"]["excluded"]["subscriptions"].as_array().unwrap();
    let names: Vec<&str> = excluded.iter().map(|own| own["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["prod-2", "dev-3", "dev-4"]);
    assert_eq!(notes(&report), ["exclusion-unmatched"]);
    assert!(report["run"]["scopes"].as_array().unwrap().contains(&json!("without subscription DEV-*")));
    crate::scan::assert_valid(&report);
    let read: BTreeSet<String> = emulator.requests().into_iter().filter_map(|seen| seen.subscription).collect();
    assert_eq!(read, BTreeSet::from([subscription_id(1)]));
    let nothing = scan(&emulator, ["--all-subscriptions", "--exclude-subscription", "*"]).exits(2).run();
    assert!(nothing.stderr.contains("every subscription in scope (4)"), "{}", nothing.stderr);
    let table = table(&emulator, arguments).run().stdout;
    assert!(table.contains("left out on request: 3 subscriptions: prod-2, dev-3, dev-4"), "{table}");
}

#[test]
fn accounts_left_out_by_tags_are_counted() {
    let mut estate = estate();
    estate["subscriptions"][0]["accounts"] = json!([
        account("prod", &json!({ "env": "prod", "team": "x" })),
        account("staging", &json!({ "ENV": "staging" })),
        account("other-case", &json!({ "env": "Prod" })),
        account("bare", &Value::Null),
        account("odd", &json!("not an object")),
    ]);
    let emulator = Emulator::builder(estate).start();
    let id = subscription_id(1);
    for (arguments, wanted) in [
        (&["--tag", "env=prod"][..], &["odd", "prod"][..]),
        (&["--tag", "Env=prod", "--tag", "env=staging"], &["odd", "prod", "staging"]),
        (&["--tag", "env=prod", "--tag", "team=y"], &["odd"]),
        (&["--exclude-tag", "env=prod"], &["bare", "odd", "other-case", "staging"]),
        (&["--tag", "env=prod", "--exclude-tag", "team=x"], &["odd"]),
        (&["--exclude-tag", "env=none"], &["bare", "odd", "other-case", "prod", "staging"]),
    ] {
        let report = scan(&emulator, ["-s", &id]).args(arguments).run().json();
        assert_eq!(accounts(&report), wanted, "{arguments:?}");
        let excluded = report["coverage"]["excluded"]["accounts"].as_array().unwrap();
        assert_eq!(excluded.len() + wanted.len(), 5, "{arguments:?}: {excluded:?}");
        let unmatched = notes(&report).contains(&"exclusion-unmatched");
        assert_eq!(unmatched, arguments == ["--exclude-tag", "env=none"], "{arguments:?}");
    }
    let nothing = scan(&emulator, ["-s", "prod-2", "--tag", "evn=prod"]).exits(3).run();
    assert!(nothing.stderr.contains("leave out every account (1)"), "{}", nothing.stderr);
}

#[test]
fn bad_filters_are_told_before_the_first_request() {
    for (arguments, wanted) in [
        (&["--all-subscriptions", "--tag", "prod"][..], "KEY=VALUE"),
        (&["--all-subscriptions", "--exclude-tag", "=x"], "the key is empty"),
        (&["--all-subscriptions", "--exclude-subscription", "a["], "--exclude-subscription"),
        (&["--all-subscriptions", "--tenant", "contoso.example"], "a GUID"),
        (&["--all-subscriptions", "--management-group", "x"], "--management-group"),
        (&["--demo", "--tag", "a=b"], "--tag"),
        (&["--all-subscriptions", "--tenant", HOME, "--all-tenants"], "--all-tenants"),
        (&["--all-subscriptions", "--arm-audience", "https://x.example"], "--arm-endpoint"),
        (&["--all-subscriptions", "--authority-host", "http://login.example"], "must be https"),
        (
            &["--all-subscriptions", "--arm-endpoint", "https://arm.example", "--arm-audience", "nonsense"],
            "--arm-audience nonsense: it is not an absolute URL",
        ),
    ] {
        let output = zdr_check(["scan"]).args(arguments).exits(2).run();
        assert!(output.stderr.contains(wanted), "{arguments:?} must say {wanted:?}:\n{}", output.stderr);
    }
}

/// Two tenants that give tokens and one that does not; the second is guest in the first, and manages a subscription of the closed
/// one (Lighthouse).
fn tenants() -> Value {
    let mut estate = estate();
    estate["tenants"] = json!([GUEST]);
    estate["subscriptions"][2]["tenantId"] = json!(GUEST);
    estate["subscriptions"][3]["tenantId"] = json!(CLOSED);
    estate["subscriptions"][3]["managedBy"] = json!([GUEST]);
    estate
}

/// A scan with a client secret, which can sign in to any tenant.
fn secret(emulator: &Emulator, arguments: &[&str]) -> Run {
    zdr_check(["scan", "--credential", "client-secret", "--format", "json", "--arm-endpoint", &emulator.endpoint()])
        .args(arguments)
        .at(emulator)
        .env("AZURE_AUTHORITY_HOST", &emulator.authority())
        .env("AZURE_TENANT_ID", HOME)
        .env("AZURE_CLIENT_ID", "00000000-0000-4000-8000-0000000000ff")
        .env("AZURE_CLIENT_SECRET", "secret-of-the-test")
}

#[test]
fn each_tenant_is_read_with_its_own_token() {
    let emulator = Emulator::builder(tenants()).tls(true).start();
    let home = secret(&emulator, &["--all-subscriptions"]).run().json();
    assert_eq!(accounts(&home), ["a1", "a2"]);
    assert_eq!(home["run"]["further_principals"], json!([]));
    let both = secret(&emulator, &["--all-subscriptions", "--tenant", HOME, "--tenant", GUEST]).run().json();
    assert_eq!(accounts(&both), ["a1", "a2", "a3", "a4"]);
    assert_eq!((&both["complete"], &both["run"]["principal"]["tenant_id"]), (&json!(true), &json!(HOME)));
    assert_eq!(both["run"]["further_principals"][0]["tenant_id"], GUEST);
    crate::scan::assert_valid(&both);
    let all = secret(&emulator, &["--all-subscriptions", "--all-tenants"]).run().json();
    assert_eq!(accounts(&all), ["a1", "a2", "a3", "a4"]);
    let guest = secret(&emulator, &["-s", "dev-3", "--tenant", GUEST]).run().json();
    assert_eq!(guest["run"]["principal"]["tenant_id"], GUEST);
    assert!(emulator.requests().iter().all(|seen| seen.status != Some(401)), "no token went to another tenant");
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}

#[test]
fn a_tenant_without_a_sign_in_is_unknown_and_the_others_are_read() {
    let emulator = Emulator::builder(tenants()).tls(true).start();
    for arguments in [["--tenant", HOME, "--tenant", CLOSED], ["--tenant", CLOSED, "--tenant", HOME]] {
        let report = secret(&emulator, &["--all-subscriptions"]).args(arguments).exits(4).run().json();
        assert_eq!(accounts(&report), ["a1", "a2"]);
        assert_eq!(report["coverage"]["gaps"], json!([format!("/tenants/{CLOSED}")]));
        let unreadable = &report["coverage"]["unreadable"][0];
        assert!(unreadable["detail"].as_str().unwrap().contains("sign-in failed"), "{unreadable}");
        assert!(!report.to_string().contains("secret-of-the-test"));
    }
    // A subscription that may be in the closed tenant is unknown, not mistyped.
    let arguments = ["-s", &subscription_id(4), "-s", "prod-1", "--tenant", HOME, "--tenant", CLOSED];
    let report = secret(&emulator, &arguments).exits(4).run().json();
    assert_eq!(accounts(&report), ["a1"]);
    assert_eq!(report["coverage"]["subscriptions"][1]["status"], "unreadable");
    let nobody = secret(&emulator, &["--all-subscriptions", "--tenant", CLOSED]).exits(3).run().stderr;
    assert!(nobody.contains("no sign-in") && nobody.contains("client-secret"), "{nobody}");
}

#[test]
fn a_token_of_another_tenant_does_not_pass_for_the_one_asked_for() {
    let emulator = Emulator::builder(tenants()).start();
    let failed = scan(&emulator, ["--all-subscriptions", "--tenant", GUEST]).exits(3).run().stderr;
    assert!(failed.contains(&format!("gives tokens of tenant {HOME} only")), "{failed}");
}

#[test]
fn the_second_source_adds_what_the_list_lacks_and_tells_what_lags() {
    let mut estate = estate();
    let accounts_of = |names: &[&str]| -> Vec<Value> { names.iter().map(|name| account(name, &Value::Null)).collect() };
    estate["subscriptions"][0]["accounts"] = json!(accounts_of(&["a", "b", "c"]));
    estate["subscriptions"][0]["index"] = json!(["a", "c", "ghost"]);
    let emulator = Emulator::builder(estate.clone()).start();
    let id = subscription_id(1);
    let report = scan(&emulator, ["-s", &id, "--cross-check"]).run().json();
    assert_eq!(accounts(&report), ["a", "b", "c"], "an account that is gone is none");
    assert_eq!(notes(&report), ["account-not-indexed", "account-gone"]);
    let names = |list: &Value| -> Vec<String> {
        let ids = list.as_array().unwrap().iter();
        ids.map(|id| id.as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    };
    let check = &report["coverage"]["cross_check"];
    assert_eq!((names(&check["not_indexed"]), names(&check["gone"])), (vec!["b".to_owned()], vec!["ghost".to_owned()]));
    crate::scan::assert_valid(&report);
    // The list loses a row; the account answers for itself.
    emulator.inject(at("/accounts?").first(1), Fault::json(200, &json!({ "value": [] })));
    let report = scan(&emulator, ["-s", &id, "--cross-check"]).run().json();
    assert_eq!(accounts(&report), ["a", "c"]);
    assert_eq!(names(&report["coverage"]["cross_check"]["not_listed"]), ["a", "c"]);
    assert_eq!(notes(&report), ["account-not-listed", "account-gone"]);
    // Without the index the exit stays what it was.
    emulator.inject(at("/resources?"), Fault::error(403, "AuthorizationFailed"));
    let report = scan(&emulator, ["-s", &id, "--cross-check"]).run().json();
    assert_eq!((&report["complete"], &report["coverage"]["cross_check"]["unreadable"]), (&json!(true), &json!(1)));
    assert_eq!(report["coverage"]["subscriptions"][0]["status"], "read");
    assert_eq!(notes(&report), ["cross-check-unread"]);
}

/// A rule that is off costs nothing, and nothing is asked twice whatever is on.
#[test]
fn rules_that_are_off_drop_their_requests() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = Emulator::builder(estate()).start();
    let path = folder.path().join("zdr-check.toml");
    let only = ["abuse-monitoring-storage-on", "stored-completions-enabled", "deployment-leaves-boundary"];
    let off = zdr_check::rules::RULES.iter().filter(|rule| !only.contains(&rule.id));
    let off = off.map(|rule| format!("[rules.{}]\nenabled = false\n", rule.id)).collect::<Vec<_>>().concat();
    std::fs::write(&path, &off).unwrap();
    let config = path.to_str().unwrap();
    scan(&emulator, ["--all-subscriptions", "--config", config]).run();
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for seen in emulator.requests().into_iter().filter(|seen| seen.target.contains("api-version=2")) {
        *asked.entry(seen.operation).or_default() += 1;
    }
    asked.retain(|operation, _| operation.starts_with("GET /subscriptions"));
    let accounts = "GET /subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.CognitiveServices/accounts/{a}";
    let wanted = [
        ("GET /subscriptions".to_owned(), 1),
        ("GET /subscriptions/{s}/providers/Microsoft.CognitiveServices/accounts".to_owned(), 4),
        (accounts.to_owned(), 4),
        (format!("{accounts}/deployments"), 4),
    ];
    assert_eq!(asked, BTreeMap::from(wanted));
    // A scope that switches a rule on needs its requests.
    let rule =
        zdr_check::rules::RULES.iter().find(|rule| rule.needs.contains(&Operation::RaiBlocklistsList)).unwrap().id;
    let scope =
        format!("[[scope]]\nname = \"s\"\nmatch = [\"**/accounts/a1\"]\n[scope.rules.{rule}]\nenabled = true\n");
    std::fs::write(&path, off + &scope).unwrap();
    scan(&emulator, ["--all-subscriptions", "--config", config]).run();
    assert!(emulator.counts().contains_key(&format!("{accounts}/raiBlocklists")), "{:?}", emulator.counts());
}

#[test]
fn the_plan_counts_what_a_scan_then_asks() {
    let emulator = Emulator::builder(estate()).start();
    let plan = scan(&emulator, ["--all-subscriptions", "--plan-requests"]).run().json();
    assert_eq!(plan["schema"], "zdr-check/request-plan/1");
    let planned = emulator.requests().len();
    assert!(emulator.requests().iter().all(|seen| !seen.target.contains("/accounts/")), "no account was read");
    scan(&emulator, ["--all-subscriptions"]).run();
    let sent = &emulator.requests()[planned..];
    let exact = |operation: &str| {
        let lines = plan["operations"].as_array().unwrap().iter();
        let line = lines.filter(|line| line["operation"] == operation).collect::<Vec<_>>();
        assert_eq!((line.len(), &line[0]["certainty"]), (1, &json!("exact")), "{operation}");
        line[0]["count"].as_u64().unwrap()
    };
    let ends = |end: &str| {
        let path = |target: &str| target.split('?').next().unwrap_or_default().to_lowercase();
        sent.iter().filter(|seen| path(&seen.target).ends_with(end)).count() as u64
    };
    assert_eq!(exact("accounts.list"), ends("/providers/microsoft.cognitiveservices/accounts"));
    assert_eq!(exact("deployments.list"), ends("/deployments"));
    assert_eq!(exact("deletedAccounts.list"), ends("/deletedaccounts"));
    assert!(plan["requests_at_most"].as_u64().unwrap() >= sent.len() as u64 - 2, "{plan:#}");
    let table = table(&emulator, ["--all-subscriptions", "--plan-requests"]).run().stdout;
    assert!(
        table.contains("accounts.list") && table.contains("1 per project") && table.contains("Expected:"),
        "{table}"
    );
}

/// Pauses hold neither a slot nor a place in line: everybody else is read while one subscription waits.
#[test]
fn a_throttled_subscription_holds_up_nobody() {
    let mut estate = estate();
    let many: Vec<Value> = (0..40).map(|number| account(&format!("t{number}"), &Value::Null)).collect();
    estate["subscriptions"][0]["accounts"] = json!(many);
    let emulator = Emulator::builder(estate).start();
    let throttled = subscription_id(1);
    let list = format!("/subscriptions/{throttled}/resourceGroups");
    emulator.inject(at(&list).first(1), Fault::later(429, RetryAfter::Seconds(3)));
    scan(&emulator, ["--all-subscriptions", "--concurrency", "2"]).run();
    // What only links lead to is read when everything else is known.
    let afterwards = ["/features/", "/pricings/", "/Microsoft.ApiManagement/"];
    let requests = emulator.requests();
    let read = |seen: &&Seen| seen.subscription.is_some() && !afterwards.iter().any(|part| seen.target.contains(part));
    let (own, others): (Vec<&Seen>, Vec<&Seen>) =
        requests.iter().filter(read).partition(|seen| seen.subscription.as_ref() == Some(&throttled));
    let paused = own.iter().position(|seen| seen.status == Some(429)).unwrap();
    // At most one more was on its way when the pause began.
    let resumed = own[paused + 2].index;
    assert!(others.iter().all(|seen| seen.index < resumed), "{resumed}: {others:#?}");
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}

/// The journal holds what was left out and why, so that it is judged again to the byte, resumed to the same scope, and masked.
#[test]
fn a_part_of_a_group_is_judged_again_to_the_byte() {
    let emulator = Emulator::builder(estate()).page_size(1).start();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (saved, masked, map) = (file("s.jsonl"), file("m.jsonl"), file("map.json"));
    let part = ["--management-group", "root", "--exclude-subscription", "prod-2", "--tag", "env=prod", "--cross-check"];
    let unused = ["--exclude-subscription", "nobody", "--exclude-tag", "env=test", "--save-snapshot", &saved];
    let live = scan(&emulator, part).args(unused).run().stdout;
    let report: Value = serde_json::from_str(&live).unwrap();
    assert_eq!((accounts(&report), notes(&report)), (vec!["a1"], vec!["exclusion-unmatched"]));
    let again = |path: &str| zdr_check(["scan", "--no-config", "--format", "json", "--snapshot", path]);
    let later = again(&saved).run().stdout;
    assert_eq!(live.replace("\"source\": \"live\"", "\"source\": \"snapshot\""), later);

    let validator = jsonschema::validator_for(&crate::common::json("schemas/snapshot-1.schema.json")).unwrap();
    let text = std::fs::read_to_string(&saved).unwrap();
    for row in text.lines() {
        let record = serde_json::from_str(row).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{record}: {wrong:?}");
    }

    // Cut behind its header, it is gone on with by itself and asks for the same part; another part is refused.
    std::fs::write(&saved, text.lines().next().unwrap().to_owned() + "\n").unwrap();
    let resume = |arguments: &[&str]| scan(&emulator, ["--resume", &saved]).args(arguments);
    assert!(resume(&["--tag", "env=dev"]).exits(2).run().stderr.contains("part of the scope"));
    let resumed = resume(&[]).run().json();
    for field in ["accounts", "notes"] {
        assert_eq!(resumed[field], report[field]);
    }
    for field in ["excluded", "cross_check", "gaps"] {
        assert_eq!(resumed["coverage"][field], report["coverage"][field], "{field}");
    }
    assert_eq!(resumed["run"]["scopes"], report["run"]["scopes"]);

    zdr_check(["redact", &saved, &masked, "--map", &map]).run();
    let text = std::fs::read_to_string(&masked).unwrap();
    for name in ["prod", "root", "nobody", "env\"", "env=", "dev-", "a4"] {
        let found = text.to_lowercase().find(&format!("\"{name}"));
        assert!(found.is_none(), "{name}: {:?}", found.map(|at| &text[at..text.len().min(at + 120)]));
    }
    assert_eq!(again(&masked).run().json()["summary"], report["summary"]);
}
