//! Each bad input ends with one clear message that names the flag and the fix, and with its own exit code.

use serde_json::{Value, json};

use crate::common::{scan, zdr_check};
use crate::emulator::{Emulator, Fault, RetryAfter, at};

const ONE: &str = "00000000-0000-4000-8000-000000000001";
const TWO: &str = "00000000-0000-4000-8000-000000000002";

fn estate(subscriptions: &[(&str, &str)]) -> Value {
    let subscription = |(id, name): &(&str, &str)| {
        json!({ "subscriptionId": id, "displayName": name, "accounts": [{ "name": "speech", "resourceGroup": "rg",
            "location": "westeurope", "kind": "SpeechServices", "properties": {} }] })
    };
    let subscriptions: Vec<Value> = subscriptions.iter().map(subscription).collect();
    json!({ "tenantId": "00000000-0000-4000-8000-00000000000a", "subscriptions": subscriptions })
}

fn twins() -> Emulator {
    Emulator::builder(estate(&[(ONE, "twin"), (TWO, "Twin")])).start()
}

/// Arguments that never reach a network, and what the message must say.
#[test]
fn values_are_checked_before_the_first_request() {
    let cases: [(&[&str], &[&str]); 15] = [
        (&["--demo", "--pin", "geograpy"], &["--pin", "similar value exists: 'geography'"]),
        (&["--demo", "--allow-location", "swedncentral"], &["--allow-location", "did you mean swedencentral?"]),
        (&["--demo", "--allow-location", "zone:mars"], &["--allow-location", "no Azure region, geography or zone"]),
        (&["--account", "/subscriptions/x"], &["--account", "eight segments", "/subscriptions/<guid>/resourceGroups"]),
        (&["-s", ONE, "--arm-endpoint", "http://arm.example"], &["--arm-endpoint", "must be https", "loopback"]),
        (&["-s", ONE, "--arm-endpoint", "nonsense"], &["--arm-endpoint", "not an absolute URL"]),
        (&["-s", ONE, "--arm-endpoint", "https://u:p@arm.example"], &["--arm-endpoint", "user name"]),
        (&["--demo", "--all-subscriptions"], &["--demo", "--all-subscriptions"]),
        (&["-s", " "], &["--subscription", "empty"]),
        (&["--demo", "--report", "xml=x"], &["--report", "xml is no format; use one of table, json"]),
        (&["--demo", "--report", "Jsn=x"], &["--report", "Jsn is no format", "oscal; did you mean json?"]),
        (&["--demo", "--report", "json="], &["--report", "the path is empty", "FORMAT=PATH"]),
        (&["--demo", "--report", "json"], &["--report", "FORMAT=PATH"]),
        (&["--demo", "--concurrency", "0"], &["--concurrency", "1..=512"]),
        (&["--demo", "--credential", "passwort"], &["--credential", "azure-cli"]),
    ];
    for (arguments, wanted) in cases {
        let output = zdr_check(["scan"]).args(arguments).exits(2).run();
        for text in wanted {
            assert!(output.stderr.contains(text), "{arguments:?} must say {text:?}:\n{}", output.stderr);
        }
        assert_eq!(output.stdout, "", "{arguments:?}");
    }
}

#[test]
fn an_output_path_that_cannot_be_written_is_found_before_the_scan() {
    let emulator = twins();
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("missing/report.json"), folder.path().to_owned()] {
        let report = format!("json={}", path.display());
        let output = scan(&emulator, ["-s", ONE, "--report", &report]).exits(2).run();
        assert!(output.stderr.contains("--report: cannot write"), "{}", output.stderr);
    }
    assert!(emulator.requests().is_empty(), "nothing was asked");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn a_report_file_is_complete_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let report = format!("json={}", path.display());
    zdr_check(["scan", "--demo", "--report", &report]).exits(1).run();
    let written: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(written["exit_code"], 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn no_two_outputs_go_to_one_file() {
    let emulator = twins();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("sub")).unwrap();
    std::fs::write(folder.join("old.json"), "old").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("old.json", folder.join("link.json")).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    let report = |name: &str| format!("json={}", path(name));
    let mut cases = vec![
        (["--report", &report("a.json"), "--report", &report("a.json")].map(str::to_owned), "two reports"),
        (["--report", &report("a.json"), "--report", &report("sub/../a.json")].map(str::to_owned), "two reports"),
        (["--report", &report("a.toml"), "--write-waivers", &path("./a.toml")].map(str::to_owned), "this and --report"),
    ];
    if cfg!(unix) {
        cases.push((
            ["--report", &report("old.json"), "--report", &report("link.json")].map(str::to_owned),
            "two reports",
        ));
    }
    for (arguments, wanted) in cases {
        let output = scan(&emulator, ["-s", ONE]).args(&arguments).exits(2).run();
        assert!(output.stderr.contains(wanted), "{arguments:?}: {}", output.stderr);
        assert_eq!(output.stdout, "");
    }
    assert!(emulator.requests().is_empty(), "nothing was asked");
    assert_eq!(std::fs::read_to_string(folder.join("old.json")).unwrap(), "old");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_the_report_it_hits_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let report = |name: &str| format!("json={}", path(name).display());
    let (first, last) = (report("first.json"), report("last.json"));
    let arguments = ["--report", &first, "--report", "table=/dev/full", "--report", &last, "--format", "json"];
    let output = zdr_check(["scan", "--demo"]).args(arguments).exits(3).run();
    assert!(output.stderr.contains("--report: cannot write /dev/full: No space left"), "{}", output.stderr);
    assert_eq!(output.json()["exit_code"], 1, "the report on stdout is still printed");
    for name in ["first.json", "last.json"] {
        let written: Value = serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap();
        assert_eq!(written["exit_code"], 1, "{name}");
    }
    assert!(!std::fs::metadata("/dev/full").unwrap().is_file(), "a device stays a device");
}

/// A disk that fills up while the report is written: what was there before stays, and nothing half written is left.
#[cfg(unix)]
#[test]
fn a_report_that_does_not_fit_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("report.json"), "old").unwrap();
    let program = env!("CARGO_BIN_EXE_zdr-check");
    let script = format!("trap '' XFSZ; ulimit -f 1; exec '{program}' scan --demo --report json=report.json");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .env("COLUMNS", "100")
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("--report: cannot write report.json: File too large"), "{text}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("FAILURES"));
    assert_eq!(std::fs::read_to_string(folder.path().join("report.json")).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
}

#[test]
fn a_subscription_must_be_one_visible_subscription() {
    let emulator = twins();
    let ambiguous = scan(&emulator, ["-s", "twin"]).exits(2).run();
    assert!(ambiguous.stderr.contains("2 subscriptions have this name"), "{}", ambiguous.stderr);
    assert!(ambiguous.stderr.contains(ONE) && ambiguous.stderr.contains(TWO), "{}", ambiguous.stderr);
    for unknown in ["nobody", "00000000-0000-4000-8000-0000000000ff"] {
        let output = scan(&emulator, ["-s", unknown]).exits(2).run();
        assert!(output.stderr.contains("no visible subscription has this id or name"), "{}", output.stderr);
        assert!(output.stderr.contains(ONE), "{}", output.stderr);
    }
    let none = scan(&emulator, [] as [&str; 0]).exits(2).run();
    assert!(none.stderr.contains("no scope") && none.stderr.contains(TWO), "{}", none.stderr);
    scan(&emulator, ["-s", TWO]).run();
}

#[test]
fn the_default_scope_is_the_azure_clis_default_subscription() {
    let emulator = twins();
    let folder = tempfile::tempdir().unwrap();
    let profile = format!("\u{feff}{{\"subscriptions\": [{{\"id\": \"{TWO}\", \"isDefault\": true}}]}}");
    std::fs::write(folder.path().join("azureProfile.json"), profile).unwrap();
    let directory = folder.path().display().to_string();
    let report = scan(&emulator, [] as [&str; 0]).env("AZURE_CONFIG_DIR", &directory).run().json();
    assert_eq!(report["coverage"]["subscriptions"][0]["id"], TWO);
    assert_eq!(report["coverage"]["subscriptions"].as_array().unwrap().len(), 1);
}

#[test]
fn nothing_visible_is_not_audited() {
    let emulator = Emulator::builder(estate(&[])).start();
    for scope in [&["--all-subscriptions"][..], &["-s", ONE], &["-s", "name"], &[]] {
        let output = scan(&emulator, scope).exits(3).run();
        assert!(output.stderr.contains("sees no subscription"), "{scope:?}: {}", output.stderr);
        assert_eq!(output.stdout, "");
    }
}

#[test]
fn an_empty_subscription_audits_nothing() {
    let mut empty = estate(&[(ONE, "empty")]);
    empty["subscriptions"][0]["accounts"] = json!([]);
    let emulator = Emulator::builder(empty).start();
    let report = scan(&emulator, ["-s", ONE]).exits(3).run().json();
    assert_eq!(report["exit_code"], 3);
}

#[test]
fn no_permission_at_all_is_said_with_the_missing_action() {
    let emulator = Emulator::builder(estate(&[(ONE, "only")])).start();
    emulator.inject(at("/accounts?"), Fault::error(403, "AuthorizationFailed"));
    let report = scan(&emulator, ["-s", ONE]).exits(4).run().json();
    assert_eq!(report["coverage"]["subscriptions"][0]["status"], "unreadable");
    assert_eq!(report["coverage"]["unreadable"][0]["action"], "Microsoft.CognitiveServices/accounts/read");
    emulator.inject(at("/subscriptions?"), Fault::error(403, "AuthorizationFailed"));
    let output = scan(&emulator, ["--all-subscriptions"]).exits(3).run();
    assert!(output.stderr.contains("Microsoft.Resources/subscriptions/read"), "{}", output.stderr);
}

#[test]
fn an_endpoint_that_is_not_arm_is_named() {
    let emulator = twins();
    emulator.inject(at("/subscriptions"), Fault::Html);
    let output = scan(&emulator, ["-s", ONE]).exits(3).run();
    assert!(output.stderr.contains("does not answer like Azure Resource Manager"), "{}", output.stderr);
    assert!(output.stderr.contains(&emulator.endpoint()), "{}", output.stderr);
}

#[test]
fn an_unreachable_host_is_said_in_seconds() {
    let emulator = twins();
    let closed = emulator.closed_endpoint();
    let run = zdr_check(["scan", "-s", ONE, "--arm-endpoint", &closed, "--credential", "managed-identity"]);
    let output = run.at(&emulator).exits(3).run();
    assert!(output.stderr.contains("cannot reach"), "{}", output.stderr);
}

#[test]
fn a_rejected_sign_in_is_not_audited() {
    let emulator = twins();
    emulator.inject(at("/subscriptions"), Fault::error(401, "ExpiredAuthenticationToken"));
    let output = scan(&emulator, ["-s", ONE]).exits(3).run();
    assert!(output.stderr.contains("Sign in again"), "{}", output.stderr);
}

#[test]
fn no_sign_in_lists_what_was_tried_and_how_to_fix_it() {
    let output = zdr_check(["scan", "-s", ONE]).exits(3).run();
    let kinds = ["workload-identity", "client-secret", "client-certificate", "managed-identity", "azure-pipelines"];
    for kind in kinds.into_iter().chain(["github-oidc", "azure-cli", "azure-developer-cli"]) {
        assert!(output.stderr.contains(kind), "{kind}: {}", output.stderr);
    }
    assert_eq!(output.stderr.matches("to fix:").count(), 8, "{}", output.stderr);
}

#[test]
fn a_token_revoked_during_the_scan_is_fetched_again() {
    let emulator = Emulator::builder_from("fixtures/arm/twenty-five/estate.json").revoke_tokens_after(20).start();
    let report = scan(&emulator, ["--all-subscriptions"]).exits(1).run().json();
    assert_eq!(failed_reads(&report), Vec::<&Value>::new());
}

#[test]
fn throttling_and_outages_are_waited_out() {
    let emulator = Emulator::builder_from("fixtures/arm/twenty-five/estate.json").throttle(40, 200.0).start();
    emulator.inject(at("/deployments").nth(2), Fault::later(503, RetryAfter::Seconds(1)));
    emulator.inject(at("/projects?").nth(1), Fault::Reset);
    let report = scan(&emulator, ["--all-subscriptions"]).exits(1).run().json();
    assert_eq!(failed_reads(&report), Vec::<&Value>::new());
    assert!(report["coverage"]["requests"]["throttled"].as_u64().unwrap() > 0, "the bucket was emptied");
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}

/// Failed reads; the estate refers to one resource that is not there.
fn failed_reads(report: &Value) -> Vec<&Value> {
    let all = report["coverage"]["unreadable"].as_array().unwrap().iter();
    all.filter(|row| row["cause"] != "not-found").collect()
}
