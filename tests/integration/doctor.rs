//! `doctor` against the emulator: what works, what is refused, what cannot be reached.

use serde_json::{Value, json};

use crate::common::{Run, zdr_check};
use crate::emulator::{Emulator, Fault, Plane, at};

const PROD: &str = "11111111-1111-1111-1111-111111111111";

/// One Foundry account, and `faults` on it.
fn estate(faults: &Value) -> Value {
    json!({"tenantId": "99999999-9999-9999-9999-999999999999", "subscriptions": [
        {"subscriptionId": PROD, "displayName": "prod", "accounts": [
            {"name": "plain", "resourceGroup": "rg", "location": "swedencentral", "kind": "OpenAI", "faults": faults},
            {"name": "foundry", "resourceGroup": "rg", "location": "swedencentral", "kind": "AIServices",
             "projects": [{"name": "agents", "location": "swedencentral"}], "faults": faults}]}]})
}

fn doctor(emulator: &Emulator) -> Run {
    let endpoint = emulator.endpoint();
    zdr_check(["doctor", "--arm-endpoint", &endpoint, "--credential", "managed-identity", "--fact-timeout", "2"])
        .at(emulator)
}

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).unwrap_or_else(|| panic!("no check {name}: {report:#}"))
}

#[test]
fn a_sound_sign_in_is_told_with_what_was_not_tried() {
    let emulator = Emulator::builder(estate(&json!({}))).start();
    let report = doctor(&emulator).args(["--format", "json"]).run().json();
    for name in ["endpoint", "clock", "sign-in", "token", "subscriptions", "provider", "rights"] {
        assert_eq!(check(&report, name)["status"], "ok", "{name}: {report:#}");
    }
    assert_eq!(report["principal"]["tenant_id"], "99999999-9999-9999-9999-999999999999");
    assert_eq!(report["subscriptions"][0]["accounts"], 2);
    let untried = report["actions_not_tried"].as_array().unwrap();
    assert!(untried.contains(&json!("Microsoft.Search/searchServices/read")), "{untried:?}");
    assert!(!untried.contains(&json!("Microsoft.CognitiveServices/accounts/projects/connections/read")), "{untried:?}");
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
    let first = &emulator.requests().into_iter().find(|seen| seen.target.starts_with("/subscriptions")).unwrap();
    assert!(!first.authorization, "the endpoint is first asked without a token");
}

#[test]
fn the_page_names_what_is_missing_where() {
    let mut estate = estate(&json!({"connections": {"status": 403}, "diagnosticSettings": {"status": 500}}));
    let more = json!([
        {"subscriptionId": "22222222-2222-2222-2222-222222222222", "displayName": "em\u{1b}[31mpty", "accounts": []},
        {"subscriptionId": "33333333-3333-3333-3333-333333333333", "displayName": "new", "accounts": [],
         "faults": {"accounts": {"status": 409}}}]);
    estate["subscriptions"].as_array_mut().unwrap().extend(more.as_array().unwrap().iter().cloned());
    let emulator = Emulator::builder(estate).start();
    let output = doctor(&emulator).env("COLUMNS", "80").exits(4).run();
    insta::with_settings!({filters => vec![
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"answered in \d+ ms", "answered in N ms"),
        (r"valid for \w+( \w+)?;", "valid for SOME TIME;"),
    ]}, { insta::assert_snapshot!(output.stdout) });
    let quiet = doctor(&emulator).args(["--quiet"]).exits(4).run().stdout;
    assert_eq!(quiet, "A scan can be done, but some facts will be unknown.\n");
    let report = doctor(&emulator).args(["--format", "json", "-s", "prod"]).exits(4).run().json();
    let missing = &report["subscriptions"][0]["missing"][0];
    assert_eq!(missing["action"], "Microsoft.CognitiveServices/accounts/connections/read");
    assert_eq!(report["exit_code"], 4);
}

#[test]
fn without_a_sign_in_every_way_is_told_with_its_fix() {
    let emulator = Emulator::builder(estate(&json!({}))).start();
    let endpoint = emulator.endpoint();
    let run = || zdr_check(["doctor", "--arm-endpoint", &endpoint]).exits(3);
    let report = run().args(["--format", "json"]).run().json();
    let kinds: Vec<&str> =
        report["credentials"].as_array().unwrap().iter().map(|own| own["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    assert!(report["credentials"].as_array().unwrap().iter().all(|own| own["fix"].is_string()), "{report:#}");
    assert_eq!(check(&report, "sign-in")["status"], "broken");
    assert_eq!(check(&report, "rights")["status"], "skipped");
    let page = run().env("COLUMNS", "80").run().stdout;
    assert!(page.contains("No scan can be done.") && page.contains("azure-cli:"), "{page}");
}

#[test]
fn nothing_visible_or_a_refused_list_is_no_scan() {
    let nothing = json!({"tenantId": "99999999-9999-9999-9999-999999999999", "subscriptions": []});
    let report = doctor(&Emulator::builder(nothing).start()).args(["--format", "json"]).exits(3).run().json();
    assert_eq!(check(&report, "subscriptions")["status"], "broken");
    let mut refused = estate(&json!({}));
    refused["subscriptions"][0]["faults"] = json!({"accounts": {"status": 403}});
    let report = doctor(&Emulator::builder(refused).start()).args(["--format", "json"]).exits(3).run().json();
    assert_eq!(check(&report, "rights")["status"], "broken");
    assert_eq!(report["subscriptions"][0]["accounts"], Value::Null);
}

#[test]
fn an_endpoint_that_does_not_answer_is_told_without_the_proxy_s_password() {
    let emulator = Emulator::builder(estate(&json!({}))).tls(true).start();
    let closed = emulator.closed_endpoint();
    let proxy = format!("http://user:pass%40word@{}", closed.trim_start_matches("http://"));
    let output = doctor(&emulator).env("HTTPS_PROXY", &proxy).args(["--format", "json"]).exits(3).run();
    let report = output.json();
    assert_eq!(check(&report, "endpoint")["status"], "broken");
    assert!(check(&report, "proxy")["summary"].as_str().unwrap().contains("go through http://"), "{report:#}");
    let page = doctor(&emulator).env("HTTPS_PROXY", &proxy).exits(3).run().stdout;
    assert!(page.contains("HTTPS_PROXY=http://***@127.0.0.1"), "{page}");
    for text in [&page, &output.stdout] {
        assert!(!text.contains("word") && !text.contains("user:"), "{text}");
    }
    assert!(emulator.requests().iter().all(|seen| seen.plane == Plane::Identity), "no request went past the proxy");
    let report = doctor(&emulator)
        .env("HTTPS_PROXY", &proxy)
        .env("NO_PROXY", "127.0.0.1")
        .args(["--format", "json"])
        .run()
        .json();
    assert_eq!(check(&report, "proxy")["summary"], "none in force for this endpoint");
}

#[test]
fn tls_is_checked_with_the_roots_in_force() {
    let emulator = Emulator::builder(estate(&json!({}))).tls(true).start();
    let report = doctor(&emulator).args(["--format", "json"]).run().json();
    assert!(check(&report, "tls")["summary"].as_str().unwrap().contains("SSL_CERT_FILE="), "{report:#}");
    let stranger = Emulator::builder(estate(&json!({}))).tls(true).start();
    let path = |of: &Emulator| of.ca_file().unwrap().display().to_string();
    let elsewhere = || doctor(&emulator).env("SSL_CERT_FILE", &path(&stranger)).args(["--format", "json"]);
    let report = elsewhere().args(["--ca-file", &path(&emulator)]).run().json();
    assert!(check(&report, "tls")["summary"].as_str().unwrap().contains("--ca-file"), "{report:#}");
    let report = elsewhere().exits(3).run().json();
    assert_eq!(check(&report, "endpoint")["status"], "broken");
    let said = check(&report, "endpoint")["details"][0].as_str().unwrap();
    assert!(said.contains("certificate"), "{said}");
    let report = doctor(&emulator).env("SSL_CERT_FILE", "missing.pem").args(["--format", "json"]).exits(3).run().json();
    assert_eq!(check(&report, "tls")["status"], "notice");
    assert_eq!(check(&report, "tls")["details"][0], "nothing is there");
}

#[test]
fn a_clock_that_is_off_and_a_page_that_is_not_azure_s_are_noticed() {
    let ask = "/subscriptions?";
    let emulator = Emulator::builder(estate(&json!({}))).fault(at(ask).first(1), Fault::OldDate).start();
    let report = doctor(&emulator).args(["--format", "json"]).run().json();
    assert_eq!(check(&report, "clock")["status"], "notice");
    assert!(report["endpoint"]["clock_ahead_seconds"].as_f64().unwrap() > 1e6, "{report:#}");
    let emulator = Emulator::builder(estate(&json!({}))).fault(at(ask).first(1), Fault::Html).start();
    let report = doctor(&emulator).args(["--format", "json"]).run().json();
    assert_eq!(check(&report, "endpoint")["status"], "notice");
}

#[test]
fn a_policy_file_with_mistakes_is_a_finding() {
    let emulator = Emulator::builder(estate(&json!({}))).start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zdr-check.toml");
    std::fs::write(&file, "pin = \"mars\"\n").unwrap();
    let page = doctor(&emulator).within(folder.path()).exits(3).run().stdout;
    assert!(page.contains("cannot be used") && page.contains("mars"), "{page}");
    std::fs::write(&file, "pin = \"geography\"\n").unwrap();
    let report = doctor(&emulator).within(folder.path()).args(["--format", "json"]).run().json();
    assert!(check(&report, "policy-file")["summary"].as_str().unwrap().contains("is valid"), "{report:#}");
}

#[test]
fn bad_flags_are_usage_errors() {
    let emulator = Emulator::builder(estate(&json!({}))).start();
    for (arguments, wanted) in [
        (&["-s", "nobody"][..], "no visible subscription has this id or name"),
        (&["--format", "xml"], "invalid value 'xml'"),
        (&["--ca-file", "missing.pem"], "cannot read the CA file missing.pem"),
    ] {
        let output = doctor(&emulator).args(arguments).exits(2).run();
        assert!(output.stderr.contains(wanted), "{arguments:?}:\n{}", output.stderr);
    }
}
