//! The policy file through the binary: policy, scopes, waivers, attestations, and every kind of bad input.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{Run, scan, zdr_check};
use crate::emulator::{Emulator, Fault, at};

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000001";

fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("zdr-check.toml"), text).unwrap();
    folder
}

/// The demo estate under a policy file, JSON with passes on stdout.
fn demo(folder: &Path) -> Run {
    zdr_check(["scan", "--demo", "--format", "json", "--show-pass"]).within(folder)
}

/// Report of the demo estate under this policy file, whatever it exits with.
fn judged(text: &str, exit: i32) -> Value {
    demo(folder(text).path()).exits(exit).run().json()
}

fn results<'a>(report: &'a Value, rule: &str) -> Vec<&'a Value> {
    report["results"].as_array().unwrap().iter().filter(|result| result["rule"] == rule).collect()
}

/// The result of a rule on a resource whose id ends so.
fn result<'a>(report: &'a Value, rule: &str, end: &str) -> &'a Value {
    let all = results(report, rule);
    all.into_iter().find(|result| result["resource_id"].as_str().unwrap().ends_with(end)).unwrap()
}

/// Notes about the file. How old the knowledge is depends on the day of the run.
fn notes_on_file(report: &Value) -> Vec<&Value> {
    report["notes"].as_array().unwrap().iter().filter(|note| note["kind"] != "knowledge-old").collect()
}

fn notes<'a>(report: &'a Value, kind: &str) -> Vec<&'a Value> {
    report["notes"].as_array().unwrap().iter().filter(|note| note["kind"] == kind).collect()
}

fn waiver(rule: &str, scope: &str, expires: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"{rule}\"\nscope = \"{scope}\"\nreason = \"because\"\nowner = \"me\"\nexpires = \"{expires}\"\n"
    )
}

fn attestation(rule: &str, more: &str) -> String {
    format!(
        "[[attestation]]\nrule = \"{rule}\"\nscope = \"**\"\nstatement = \"yes\"\nby = \"me\"\ndate = \"2020-01-01\"\n{more}"
    )
}

const FUTURE: &str = "2999-12-31";
const PAST: &str = "2020-12-31";

#[test]
fn policy_comes_from_the_nearest_file_above_and_flags_win() {
    let folder =
        folder("pin = \"any\"\nfail_on = \"never\"\nallow_incomplete = true\nallow_locations = [\"zone:us\"]\n");
    let below = folder.path().join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    let output = demo(&below).run();
    let policy = &output.json()["run"]["policy"];
    assert_eq!((&policy["pin"], &policy["fail_on"]), (&json!("any"), &json!("never")));
    assert_eq!(policy["allow_incomplete"], true);
    assert!(policy["allow_locations"].as_array().unwrap().contains(&json!("eastus2")));
    assert!(policy["file"]["path"].as_str().unwrap().ends_with("zdr-check.toml"));
    assert_eq!(policy["file"]["sha256"].as_str().unwrap().len(), 64);
    assert!(output.stderr.contains("policy file "), "{}", output.stderr);

    let flags = [
        "--pin",
        "region",
        "--fail-on",
        "low",
        "--allow-location",
        "sweden",
        "--allow-incomplete",
        "--profile",
        "strict",
    ];
    let report = demo(&below).args(flags).exits(1).run().json();
    let policy = &report["run"]["policy"];
    assert_eq!((&policy["pin"], &policy["fail_on"]), (&json!("region"), &json!("low")));
    assert_eq!(policy["profile"], "strict");
    assert_eq!(policy["allow_locations"], json!(["swedencentral", "swedensouth"]));

    let without = demo(&below).args(["--no-config"]).exits(1).run().json();
    assert_eq!(
        (&without["run"]["policy"]["pin"], &without["run"]["policy"]["file"]),
        (&json!("geography"), &Value::Null)
    );
    let elsewhere = folder.path().join("zdr-check.toml");
    let named = zdr_check(["scan", "--demo", "--format", "json", "--config", elsewhere.to_str().unwrap()]).run().json();
    assert_eq!(named["run"]["policy"]["pin"], "any");
}

#[test]
fn a_rule_that_is_off_never_passes_and_a_severity_gates() {
    let report = judged("[rules.stored-completions-enabled]\nenabled = false\n", 1);
    let off = results(&report, "stored-completions-enabled");
    assert!(!off.is_empty() && off.iter().all(|result| result["outcome"] == "not-applicable"));
    assert_eq!(notes(&report, "rule-disabled").len(), 1);

    let text = "fail_on = \"critical\"\n[rules.video-model-deployed]\nseverity = \"critical\"\n[rules.batch-deployment]\nseverity = \"info\"\n";
    let report = judged(text, 1);
    assert!(results(&report, "video-model-deployed").iter().all(|result| result["severity"] == "critical"));
    let lowered = notes(&report, "severity-lowered");
    assert_eq!(lowered.len(), 1);
    assert_eq!(lowered[0]["line"], 4);
}

#[test]
fn a_scope_has_a_policy_of_its_own_and_the_first_match_wins() {
    let text = r#"
[[scope]]
name = "lab"
match = ["**/accounts/research-*"]
pin = "any"
[scope.rules.stored-completions-enabled]
severity = "low"

[[scope]]
name = "rest"
resource_groups = ["RG-*"]
allow_locations = ["sweden"]

[[scope]]
name = "never"
match = ["**/accounts/research-us", "**/accounts/no-such-*"]
pin = "region"
"#;
    let report = judged(text, 1);
    let boundary = |end: &str| result(&report, "deployment-leaves-boundary", end)["outcome"].clone();
    assert_eq!(boundary("/accounts/research-us/deployments/gpt-5-5"), "pass");
    assert_eq!(boundary("/accounts/chat-france/deployments/gpt-4o-burst"), "fail");
    assert_eq!(result(&report, "stored-completions-enabled", "/research-us")["severity"], "low");
    assert_eq!(result(&report, "stored-completions-enabled", "/chat-france")["severity"], "high");
    let place = |end: &str| result(&report, "account-outside-allowed-locations", end)["outcome"].clone();
    assert_eq!((place("/chat-france"), place("/research-us")), (json!("fail"), json!("not-applicable")));
    let account = report["accounts"].as_array().unwrap().iter().find(|own| own["name"] == "research-us").unwrap();
    assert_eq!(account["policy_scope"], "lab");
    let scopes = report["run"]["policy"]["scopes"].as_array().unwrap();
    assert_eq!((&scopes[0]["accounts"], &scopes[2]["accounts"]), (&json!(1), &json!(0)));
    let unmatched = notes(&report, "scope-unmatched");
    assert_eq!(unmatched.len(), 1, "{unmatched:?}");
    assert!(unmatched[0]["message"].as_str().unwrap().contains("no-such-*"));

    let strict = demo(folder(text).path()).args(["--pin", "region"]).exits(1).run().json();
    let forced = result(&strict, "deployment-leaves-boundary", "/accounts/research-us/deployments/gpt-5-5");
    assert_eq!(forced["outcome"], "fail", "the flag wins over the scope");
}

/// One account with a tag and a deployment that leaves its geography; all else is clean.
fn tagged() -> Value {
    json!({ "tenantId": "00000000-0000-4000-8000-00000000000a", "subscriptions": [{ "subscriptionId": SUBSCRIPTION, "displayName": "only", "accounts": [{
        "name": "a", "resourceGroup": "rg", "location": "swedencentral", "kind": "OpenAI", "tags": { "Env": "dev" },
        "properties": { "capabilities": [{ "name": "ContentLogging", "value": "false" }], "storedCompletionsDisabled": true },
        "deployments": [{ "name": "d", "sku": { "name": "GlobalStandard" }, "properties": {
            "model": { "format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14" } } }],
    }] }] })
}

#[test]
fn tags_choose_a_scope_and_unreadable_tags_are_unknown() {
    let lax = folder("[[scope]]\nname = \"dev\"\ntags = { env = \"dev\" }\npin = \"any\"\n");
    let emulator = Emulator::builder(tagged()).start();
    let run = || scan(&emulator, ["--all-subscriptions", "--show-pass"]).within(lax.path());
    let report = run().run().json();
    assert_eq!(report["accounts"][0]["policy_scope"], "dev");
    assert_eq!(result(&report, "deployment-leaves-boundary", "/d")["outcome"], "pass");

    let other = folder("[[scope]]\ntags = { env = \"prod\" }\npin = \"any\"\n");
    let report = scan(&emulator, ["--all-subscriptions"]).within(other.path()).exits(1).run().json();
    assert_eq!(report["accounts"][0]["policy_scope"], Value::Null);

    emulator.inject(at("/accounts/a?"), Fault::error(403, "AuthorizationFailed"));
    let report = run().exits(4).run().json();
    let all = report["results"].as_array().unwrap().iter();
    let all: Vec<&Value> = all.filter(|result| result["account_id"].as_str().unwrap().contains("/accounts/")).collect();
    assert!(!all.is_empty() && all.iter().all(|result| result["outcome"] == "unknown"), "{all:#?}");
    assert!(all[0]["message"].as_str().unwrap().contains("dev"));
}

#[test]
fn a_waiver_covers_failures_and_unknowns_and_stays_visible() {
    let text = [
        waiver("stored-completions-enabled", "**/accounts/research-us", FUTURE).replace("because", "synthetic data"),
        "ticket = \"SEC-1\"\n".to_owned(),
        waiver("abuse-*", "**/ACCOUNTS/vendor-search", FUTURE),
    ]
    .concat();
    let report = judged(&text, 1);
    let failed = result(&report, "stored-completions-enabled", "/research-us");
    assert_eq!(failed["outcome"], "waived");
    assert_eq!(
        failed["waiver"],
        json!({ "inner": "fail", "reason": "synthetic data", "owner": "me", "expires": FUTURE, "ticket": "SEC-1" })
    );
    assert_eq!(result(&report, "stored-completions-enabled", "/chat-france")["outcome"], "fail", "another account");
    let unknown = result(&report, "abuse-monitoring-storage-on", "/vendor-search");
    assert_eq!((&unknown["outcome"], &unknown["waiver"]["inner"]), (&json!("waived"), &json!("unknown")));
    assert_eq!(unknown["cause"], "forbidden");
    assert_eq!(report["summary"]["outcomes"]["waived"], 3, "abuse-* covers two rules there");
    assert!(notes_on_file(&report).is_empty());

    let table = zdr_check(["scan", "--demo"]).within(folder(&text).path()).exits(1).run().stdout;
    let (_, waived) = table.split_once("\nWAIVED ").unwrap();
    let waived = waived.split_once("\nCOVERAGE").unwrap().0;
    for word in
        ["stored-completions-enabled", "research-us", "synthetic data", "by me", FUTURE, "SEC-1", "unknown, waived"]
    {
        assert!(waived.contains(word), "{word} in\n{waived}");
    }
}

#[test]
fn a_run_whose_failures_and_unknowns_are_waived_is_clean() {
    let text = waiver("*", "**", FUTURE);
    let report = judged(&text, 0);
    assert_eq!(
        (&report["summary"]["outcomes"]["fail"], &report["summary"]["outcomes"]["unknown"]),
        (&json!(0), &json!(0))
    );
    assert!(report["summary"]["outcomes"]["waived"].as_u64().unwrap() > 40);
    assert!(!report["coverage"]["unreadable"].as_array().unwrap().is_empty(), "what could not be read is still said");
}

#[test]
fn a_waiver_of_everything_is_in_force_and_said_loudly() {
    for (rule, scope, blanket, exit) in [
        ("*", "**", true, 0),
        ("**", "/subscriptions/**", true, 0),
        ("*-*", "**/accounts/**", true, 0),
        ("*", "**/accounts/chat-*", false, 1),
        ("batch-*", "**", false, 1),
    ] {
        let report = judged(&waiver(rule, scope, FUTURE), exit);
        assert_eq!(notes(&report, "waiver-blanket").len(), usize::from(blanket), "{rule} on {scope}");
    }
    let folder = folder(&waiver("*", "**", FUTURE));
    let quiet = zdr_check(["scan", "--demo", "--quiet"]).within(folder.path()).exits(0).run().stdout;
    assert!(quiet.contains("a waiver accepts everything"), "{quiet}");
    let expired = judged(&waiver("*", "**", PAST), 1);
    assert_eq!((notes(&expired, "waiver-blanket").len(), notes(&expired, "waiver-expired").len()), (0, 1));
}

#[test]
fn an_option_moves_the_line_of_its_rule_in_its_scope_only_and_is_said() {
    let days = |days| format!("[rules.traces-kept-over-30-days.options]\naccepted_days = {days}\n");
    let outcome = |text: &str| {
        let report = judged(text, 1);
        let own = result(&report, "traces-kept-over-30-days", "/agents-sweden")["outcome"].clone();
        (own, notes(&report, "option-set").len())
    };
    assert_eq!(outcome(""), (json!("fail"), 0));
    assert_eq!(outcome(&days(730)), (json!("pass"), 1));
    let scope = |name: &str| format!("[[scope]]\nmatch = [\"**/accounts/{name}\"]\n[scope.{}", &days(31)[1..]);
    assert_eq!(outcome(&(days(730) + &scope("agents-sweden"))), (json!("fail"), 2));
    assert_eq!(outcome(&(days(730) + &scope("chat-sweden"))), (json!("pass"), 2));
}

#[test]
fn an_expired_or_unused_waiver_hides_nothing_and_is_reported() {
    let plain = judged("", 1);
    let text = [
        waiver("stored-completions-enabled", "**", PAST),
        waiver("batch-deployment", "**/accounts/nobody", FUTURE),
        waiver("stored-completions-enabled", "**/accounts/chat-sweden", FUTURE),
    ]
    .concat();
    let report = judged(&text, 1);
    assert_eq!(report["summary"], plain["summary"]);
    let expired = notes(&report, "waiver-expired");
    assert_eq!((expired.len(), &expired[0]["line"]), (1, &json!(1)));
    let unused: Vec<&str> =
        notes(&report, "waiver-unused").iter().map(|note| note["message"].as_str().unwrap()).collect();
    assert!(unused[0].contains("matches no resource") && unused[1].contains("covers no failure"), "{unused:?}");
    let table = zdr_check(["scan", "--demo"]).within(folder(&text).path()).exits(1).run().stdout;
    assert!(table.contains("\nNOTES ") && table.contains("waiver-expired, line 1"), "{table}");
    let quiet = zdr_check(["scan", "--demo", "--quiet"]).within(folder(&text).path()).exits(1).run().stdout;
    assert!(quiet.contains("no longer in force"), "{quiet}");
}

#[test]
fn drafted_waivers_are_refused_until_edited_and_then_cover_every_failure() {
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("draft.toml");
    let path = draft.to_str().unwrap();
    let before = demo(folder.path()).args(["--write-waivers", path]).exits(1).run().json();
    let failures = before["summary"]["outcomes"]["fail"].as_u64().unwrap();
    let again = demo(folder.path()).args(["--write-waivers", path]).exits(2).run();
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);

    let refused = demo(folder.path()).args(["--config", path]).exits(2).run();
    assert!(refused.stderr.contains("waiver.reason: it is empty"), "{}", refused.stderr);
    let text = std::fs::read_to_string(&draft).unwrap();
    assert_eq!(text.matches("[[waiver]]").count() as u64, failures);
    std::fs::write(&draft, text.replace("= \"\"", "= \"edited\"")).unwrap();
    let after = demo(folder.path()).args(["--config", path]).exits(4).run().json();
    assert_eq!(after["summary"]["outcomes"]["waived"], failures);
    assert_eq!((&after["summary"]["outcomes"]["fail"], notes_on_file(&after).len()), (&json!(0), 0));
}

#[test]
fn an_attestation_answers_manual_items_only() {
    let rule = "responses-stored-by-default";
    let good = attestation(rule, "expires = 2999-12-31\n");
    let wrong = attestation("stored-completions-enabled", "expires = 2999-12-31\n");
    let report = judged(&[good.clone(), wrong].concat(), 1);
    let answered = result(&report, rule, "/chat-sweden");
    assert_eq!(answered["outcome"], "attested");
    assert_eq!((&answered["attestation"]["by"], &answered["waiver"]), (&json!("me"), &Value::Null));
    assert_eq!(answered["attestation"]["expires"], FUTURE);
    assert_eq!(notes(&report, "attestation-unused").len(), 1);
    assert!(results(&report, "stored-completions-enabled").iter().any(|result| result["outcome"] == "fail"));

    let table = zdr_check(["scan", "--demo"]).within(folder(&good).path()).exits(1).run().stdout;
    assert!(table.contains("\nATTESTED ") && table.contains("by me: yes"), "{table}");
}

#[test]
fn strict_counts_what_nobody_attested() {
    let accept = waiver("*", "**", FUTURE);
    let strict = format!("profile = \"strict\"\n{accept}");
    let open = judged(&strict, 4);
    let manual: std::collections::BTreeSet<String> = (open["results"].as_array().unwrap().iter())
        .filter(|result| result["outcome"] == "manual")
        .map(|result| result["rule"].as_str().unwrap().to_owned())
        .collect();
    let answers: String = manual.iter().map(|rule| attestation(rule, "expires = \"2999-12-31\"\n")).collect();
    let closed = judged(&format!("{strict}{answers}"), 0);
    assert_eq!(closed["summary"]["outcomes"]["manual"], 0);
}

#[test]
fn evidence_is_verified() {
    let rule = "responses-stored-by-default";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zdr-check.toml");
    std::fs::create_dir(folder.path().join("proof")).unwrap();
    std::fs::write(folder.path().join("proof/letter.txt"), "abc").unwrap();
    // SHA-256 of "abc", FIPS 180-2 appendix B.1.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let text =
        attestation(rule, &format!("expires = \"{FUTURE}\"\nevidence = \"proof/letter.txt\"\nsha256 = \"{abc}\"\n"));
    std::fs::write(&file, &text).unwrap();
    let report = demo(folder.path()).exits(1).run().json();
    let answered = result(&report, rule, "/chat-sweden");
    assert_eq!(answered["attestation"]["evidence"], json!({ "path": "proof/letter.txt", "sha256": abc }));

    std::fs::write(folder.path().join("proof/letter.txt"), "abd").unwrap();
    let report = demo(folder.path()).exits(1).run().json();
    assert_eq!(result(&report, rule, "/chat-sweden")["outcome"], "manual");
    let mismatch = notes(&report, "evidence-mismatch");
    assert!(mismatch[0]["message"].as_str().unwrap().contains("has changed"), "{mismatch:?}");

    std::fs::remove_file(folder.path().join("proof/letter.txt")).unwrap();
    let gone = demo(folder.path()).exits(2).run().stderr;
    assert!(gone.contains("zdr-check.toml:8: attestation.evidence:") && gone.contains("proof/letter.txt"), "{gone}");
}

#[test]
fn an_attestation_out_of_its_days_answers_nothing() {
    let rule = "responses-stored-by-default";
    for (text, kind) in [
        (attestation(rule, "expires = \"2020-12-31\"\n"), "attestation-expired"),
        (
            attestation(rule, "expires = \"2999-12-31\"\n").replace("2020-01-01", "2999-01-01"),
            "attestation-not-yet-valid",
        ),
    ] {
        let report = judged(&text, 1);
        assert!(results(&report, rule).iter().all(|result| result["outcome"] != "attested"));
        assert_eq!(notes(&report, kind).len(), 1, "{kind}");
    }
}

#[test]
fn init_writes_a_file_that_loads_and_never_overwrites_one() {
    let folder = tempfile::tempdir().unwrap();
    zdr_check(["init"]).within(folder.path()).run();
    let path = folder.path().join("zdr-check.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let report = demo(folder.path()).exits(1).run().json();
    assert_eq!((&report["run"]["policy"]["pin"], notes_on_file(&report).len()), (&json!("geography"), 0));

    let used: String = text.lines().map(|line| show(line) + "\n").collect();
    std::fs::write(&path, &used).unwrap();
    demo(folder.path()).exits(1).run();
    for key in ["allow_locations", "[[scope]]", "[[waiver]]", "[[attestation]]", "[rules."] {
        assert!(used.lines().any(|line| line.starts_with(key)), "{key}");
    }
    let refused = zdr_check(["init"]).within(folder.path()).exits(2).run().stderr;
    assert!(refused.contains("--force"), "{refused}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), used);
    zdr_check(["init", "--force"]).within(folder.path()).run();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

/// A setting of the template, in use.
fn show(line: &str) -> String {
    line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned()
}

#[test]
fn the_sample_of_the_front_page_loads_and_follows_the_schema() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let sample = page.split_once("```toml\n").unwrap().1.split_once("```").unwrap().0;
    let report = judged(sample, 1);
    assert_eq!(report["run"]["policy"]["profile"], "strict");
    let schema = zdr_check::config::schema();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let template: String = zdr_check::config::TEMPLATE.lines().map(|line| show(line) + "\n").collect();
    for text in [sample, &template] {
        let value = serde_json::to_value(toml::from_str::<toml::Value>(text).unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    for bad in [
        json!({ "pinn": 1 }),
        json!({ "pin": "mars" }),
        json!({ "rules": { "no-such-rule": { "enabled": false } } }),
        json!({ "waiver": [{ "rule": "a", "scope": "b", "reason": "c", "owner": "d" }] }),
        json!({ "allow_locations": ["mars"] }),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
}

/// Bad input: text, then the place and what must be said.
const BAD: [(&str, &str, &str); 40] = [
    ("\npinn = \"any\"", ":2: pinn:", "Did you mean pin?"),
    ("pin = \"geografy\"", ":1: pin:", "Did you mean geography?"),
    ("pin = 3", ":1: pin:", "expected a string"),
    ("pin = \"any", ":1: pin:", "invalid basic string"),
    ("pin = \"any\"\npin = \"region\"", ":2: pin:", "duplicate key"),
    ("profile = \"strct\"", ":1: profile:", "Did you mean strict?"),
    ("fail_on = \"info\"", ":1: fail_on:", "critical, high, medium, low, never"),
    ("profile = \"strict\"\nfail_on = \"never\"", ":2: fail_on:", "contradicts"),
    ("profile = \"strict\"\nallow_incomplete = true", ":2: allow_incomplete:", "contradicts"),
    ("allow_locations = [\"swedencentrl\"]", ":1: allow_locations:", "Did you mean swedencentral?"),
    ("allow_locations = [\n\"sweden\",\n\"zone:mars\"]", ":3: allow_locations:", "zone:mars"),
    ("allow_locations = []", ":1: allow_locations:", "the list is empty"),
    ("pin = \"datazone:eu\"\nallow_locations = [\"eastus\"]", ":2: allow_locations:", "zone:eu names all"),
    ("[rules.batch-deploymnt]\nenabled = false", ":1: rules.batch-deploymnt:", "Did you mean batch-deployment?"),
    (
        "[rules.batch-deployment]\nenabled = false\n[rules.batch-deployment]",
        ":3: rules.batch-deployment:",
        "duplicate key",
    ),
    (
        "[rules.batch-deployment]\nenabled = false\nseverity = \"low\"",
        ":3: rules.batch-deployment.severity:",
        "contradicts",
    ),
    ("[rules.batch-deployment]\nseverity = \"hgh\"", ":2: rules.batch-deployment.severity:", "Did you mean high?"),
    ("[rules.batch-deployment]", ":1: rules.batch-deployment:", "sets nothing"),
    (
        "[rules.batch-deployment]\nmost = 1",
        ":2: rules.batch-deployment.most:",
        "Keys here: enabled, severity, options.",
    ),
    ("[rules.batch-deployment]\noptions = 1", ":2: rules.batch-deployment.options:", "invalid type"),
    ("[rules.batch-deployment.options]\nmost = 1", ":2: rules.batch-deployment.options.most:", "has no options"),
    (
        "[rules.traces-kept-over-30-days.options]\naccepted_day = 60",
        ":2: rules.traces-kept-over-30-days.options.accepted_day:",
        "Did you mean accepted_days?",
    ),
    (
        "[rules.traces-kept-over-30-days.options]\naccepted_days = \"60\"",
        ":2: rules.traces-kept-over-30-days.options.accepted_days:",
        "is not a whole number from 4 to 4383",
    ),
    (
        "[rules.traces-kept-over-30-days.options]\naccepted_days = 5000",
        ":2: rules.traces-kept-over-30-days.options.accepted_days:",
        "Write accepted_days = 30",
    ),
    (
        "[rules.third-party-tool-connection]\noptions = { accepted_hosts = [\"*\"] }",
        ":2: rules.third-party-tool-connection.options:",
        "is not a list of host names",
    ),
    (
        "[rules.third-party-tool-connection]\nenabled = false\noptions = { accepted_hosts = [\"a.example\"] }",
        ":3: rules.third-party-tool-connection.options:",
        "contradict enabled = false",
    ),
    ("[[scope]]\npin = \"any\"", ":1: scope:", "which accounts"),
    ("[[scope]]\nmatch = [\"**\"]", ":1: scope:", "changes nothing"),
    ("[[scope]]\nmatch = [\"{a\"]\npin = \"any\"", ":2: scope.match:", "is not a glob"),
    ("[[scope]]\nmatch = []\npin = \"any\"", ":2: scope.match:", "the list is empty"),
    (
        "[[scope]]\nname=\"x\"\nmatch=[\"a\"]\npin=\"any\"\n[[scope]]\nname=\"x\"\nmatch=[\"b\"]\npin=\"any\"",
        ":6: scope.name:",
        "same name",
    ),
    (
        "[[waiver]]\nrule=\"batch-deployment\"\nscope=\"**\"\nreason=\"r\"\nowner=\"o\"",
        ":1: waiver.expires:",
        "expires is missing",
    ),
    (
        "[[waiver]]\nrule=\"batch-deployment\"\nscope=\"**\"\nreason=\"r\"\nowner=\"o\"\nexpires=\"2027-02-30\"",
        ":6: waiver.expires:",
        "2026-12-31",
    ),
    (
        "[[waiver]]\nrule=\"batch-deployment\"\nscope=\"**\"\nreason=\"r\"\nowner=\"o\"\nexpires=\"soon\"",
        ":6: waiver.expires:",
        "not a day",
    ),
    (
        "[[waiver]]\nrule=\"batch-deployment\"\nscope=\"**\"\nreason=\" \"\nowner=\"o\"\nexpires=2027-01-01",
        ":4: waiver.reason:",
        "it is empty",
    ),
    (
        "[[waiver]]\nrule=\"batch-deployment\"\nscope=\"**\"\nreason=\"r\"\nowner=\"\"\nexpires=2027-01-01",
        ":5: waiver.owner:",
        "it is empty",
    ),
    (
        "[[waiver]]\nrule=\"batch-x*\"\nscope=\"**\"\nreason=\"r\"\nowner=\"o\"\nexpires=2027-01-01",
        ":2: waiver.rule:",
        "no rule is called",
    ),
    (
        "[[waiver]]\nrule=\"batch-*\"\nscope=\"[\"\nreason=\"r\"\nowner=\"o\"\nexpires=2027-01-01",
        ":3: waiver.scope:",
        "is not a glob",
    ),
    (
        "[[attestation]]\nrule=\"batch-*\"\nscope=\"**\"\nstatement=\"s\"\nby=\"b\"\ndate=2026-01-01\nexpires=2027-01-01",
        ":2: attestation.rule:",
        "no rule has the id",
    ),
    (
        "[[attestation]]\nrule=\"batch-deployment\"\nscope=\"**\"\nstatement=\"s\"\nby=\"b\"\ndate=2027-01-01\nexpires=2026-01-01\n",
        ":7: attestation.expires:",
        "before the date",
    ),
];

#[test]
fn bad_input_ends_before_any_request() {
    let emulator = Emulator::builder(tagged()).start();
    for (text, place, words) in BAD {
        let folder = folder(text);
        let output = scan(&emulator, ["--all-subscriptions"]).within(folder.path()).exits(2).run();
        let stderr = output.stderr;
        assert_eq!(output.stdout, "");
        assert!(stderr.contains(&format!("zdr-check.toml{place}")) && stderr.contains(words), "{text}\n{stderr}");
        let fixes = stderr.lines().filter(|line| line.starts_with("  ")).count();
        assert_eq!((stderr.matches("error: ").count(), fixes), (1, 1), "one message and one fix: {text}\n{stderr}");
    }
    let missing = scan(&emulator, ["--all-subscriptions", "--config", "no/such.toml"]).exits(2).run().stderr;
    assert!(missing.contains("no/such.toml: it cannot be read"), "{missing}");
    let twice = [waiver("batch-deployment", "**", FUTURE), waiver("batch-deployment", "**", PAST)].concat();
    let stderr = demo(folder(&twice).path()).exits(2).run().stderr;
    assert!(stderr.contains("zdr-check.toml:7: waiver: line 1 has the same rule and scope"), "{stderr}");
    assert_eq!(emulator.requests().len(), 0, "no request was sent");
}

#[test]
fn a_file_does_not_weaken_a_strict_flag() {
    for (text, words) in
        [("allow_incomplete = true", "allow_incomplete = true"), ("fail_on = \"never\"", "fail_on = \"never\"")]
    {
        let stderr = demo(folder(text).path()).args(["--profile", "strict"]).exits(2).run().stderr;
        assert!(stderr.contains("--profile strict contradicts") && stderr.contains(words), "{stderr}");
    }
}

#[test]
fn every_problem_is_reported_at_once() {
    let stderr = demo(folder("pin = \"x\"\nfail_on = \"y\"\n[rules.z]\nenabled = true\n").path()).exits(2).run().stderr;
    for place in ["toml:1: pin:", "toml:2: fail_on:", "toml:3: rules.z:"] {
        assert!(stderr.contains(place), "{stderr}");
    }
}

#[test]
fn hostile_text_of_the_file_does_not_reach_the_terminal() {
    let text = waiver("*", "**", FUTURE).replace("because", "\\u001b]52;c;x\\u0007");
    let table = zdr_check(["scan", "--demo"]).within(folder(&text).path()).run().stdout;
    assert!(!table.contains('\u{1b}') && table.contains("52;c;x"));
    let stderr = demo(folder("pin = \"\\u001b[2J\"").path()).exits(2).run().stderr;
    assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
}

mod properties {
    //! Over arbitrary waivers: nothing becomes a pass, and what is expired changes nothing.

    use std::collections::BTreeMap;
    use std::sync::OnceLock;

    use super::*;
    use zdr_check::config::{Config, Overlays};
    use zdr_check::engine::{AsOf, Settings, assess};
    use zdr_check::knowledge::processing::Pin;
    use zdr_check::outcome::{FailOn, Outcome, Profile, Severity};
    use zdr_check::rules::{Policy, RULES};
    use zdr_check::snapshot::Snapshot;

    fn snapshot() -> &'static Snapshot {
        static READ: OnceLock<Snapshot> = OnceLock::new();
        READ.get_or_init(|| {
            let path = crate::common::fixture("arm/twenty-five/estate.json");
            let estate = std::fs::read_to_string(path).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(zdr_check::commands::read_estate(&estate)).unwrap()
        })
    }

    fn outcomes(overlays: Overlays) -> BTreeMap<(String, String), Outcome> {
        let settings = Settings {
            policy: Policy { pin: Pin::Geography, allowed_locations: None, options: BTreeMap::new() },
            fail_on: FailOn::From(Severity::High),
            profile: Profile::Standard,
            allow_incomplete: false,
            plan_unknown: zdr_check::outcome::PlanUnknown::Note,
            overlays,
            as_of: AsOf::Run,
        };
        let results = assess(snapshot(), &settings).results;
        results
            .into_vec()
            .into_iter()
            .map(|result| ((result.rule.to_owned(), result.resource_id), result.outcome))
            .collect()
    }

    fn overlays(text: &str) -> Option<Overlays> {
        Config::parse(text, &|_| Err(std::io::ErrorKind::NotFound.into())).ok().map(|config| config.overlays)
    }

    fn rule() -> impl Strategy<Value = String> {
        let id = (0..RULES.len()).prop_map(|at| RULES[at].id.to_owned());
        prop_oneof![3 => id, 1 => Just("*".to_owned()), 1 => Just("*-deployment".to_owned())]
    }

    fn scope() -> impl Strategy<Value = String> {
        let glob = |text: &str| Just(text.to_owned()).boxed();
        let any =
            ["**", "**/accounts/*", "**/deployments/*", "**/resourcegroups/*a*/**", "/nobody", "**/accounts/*{,/**}"];
        let ids: Vec<String> = outcomes(Overlays::default()).into_keys().map(|(_, id)| globset::escape(&id)).collect();
        prop_oneof![2 => proptest::strategy::Union::new(any.map(glob)), 1 => proptest::sample::select(ids)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn any_text_is_a_policy_or_a_list_of_problems(text in "(\\PC|[\\[\\]=\"\n.a-z]){0,60}") {
            if let Err(problems) = Config::parse(&text, &|_| Err(std::io::ErrorKind::NotFound.into())) {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|problem| !problem.message.is_empty() && !problem.fix.is_empty()));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_waiver_never_makes_a_pass(set in proptest::collection::vec((rule(), scope(), any::<bool>()), 0..8)) {
            let text = |keep: fn(bool) -> bool| -> String {
                let kept = set.iter().filter(|(.., valid)| keep(*valid));
                kept.map(|(rule, scope, valid)| waiver(rule, scope, if *valid { FUTURE } else { PAST })).collect()
            };
            // Two waivers for the same rule and scope are refused, which changes nothing either.
            let Some(all) = overlays(&text(|_| true)) else { return Ok(()) };
            let plain = outcomes(Overlays::default());
            let with = outcomes(all);
            prop_assert_eq!(plain.keys().collect::<Vec<_>>(), with.keys().collect::<Vec<_>>());
            for (key, after) in &with {
                let before = plain[key];
                let waived = *after == Outcome::Waived && matches!(before, Outcome::Fail | Outcome::Unknown);
                prop_assert!(*after == before || waived, "{key:?}: {before:?} became {after:?}");
            }
            prop_assert_eq!(outcomes(overlays(&text(|valid| !valid)).unwrap()), plain);
            prop_assert_eq!(outcomes(overlays(&text(|valid| valid)).unwrap()), with);
        }
    }
}

#[test]
fn knowledge_older_than_policy_allows_is_reported() {
    let report = judged("max_knowledge_age_days = 1\n", 1);
    let old: Vec<_> = notes(&report, "knowledge-old");
    let about_tables = |note: &&&Value| note["message"].as_str().unwrap().starts_with("what is known about");
    assert_eq!(old.iter().filter(about_tables).count(), zdr_check::knowledge::TABLES.len());
    assert!(old.iter().all(|note| note["line"].is_null() && note["message"].as_str().unwrap().contains(" days ")));
    let late = ["scan", "--demo", "--no-config", "--format", "json", "--as-of", "2029-01-01"];
    let late = zdr_check(late).exits(1).run().json();
    let checked = |note: &&Value| note["message"].as_str().unwrap().contains("last checked 771 days ago");
    assert_eq!(notes(&late, "knowledge-old").into_iter().filter(checked).count(), 1);
    assert!(notes(&judged("max_knowledge_age_days = 36500\n", 1), "knowledge-old").is_empty());
}
