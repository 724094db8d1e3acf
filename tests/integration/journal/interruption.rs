//! Scans that end before their time, and how they are taken up again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::verify;
use crate::common::{Run, json as fixture, scan, zdr_check};
use crate::emulator::{Emulator, Fault, at};

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000001";
const TENANT: &str = "00000000-0000-4000-8000-0000000000aa";

/// One subscription with accounts that pass and fail.
pub(super) fn estate(accounts: usize) -> Value {
    let account = |number: usize| {
        json!({ "name": format!("a{number}"), "kind": "OpenAI", "location": "swedencentral", "resourceGroup": "rg",
            "properties": { "capabilities": [{ "name": "ContentLogging", "value": "false" }], "storedCompletionsDisabled": true },
            "deployments": [] })
    };
    json!({ "tenantId": TENANT, "subscriptions": [{ "subscriptionId": SUBSCRIPTION, "displayName": "one",
        "accounts": (0..accounts).map(account).collect::<Value>() }] })
}

pub(super) fn all(emulator: &Emulator) -> Run {
    scan(emulator, ["--all-subscriptions", "--show-pass", "--fail-on", "never"])
}

/// Everything a report says about the accounts, without times and request ids.
fn said(report: &Value) -> Vec<Value> {
    let strip = |result: &Value| json!([result["rule"], result["resource_id"], result["outcome"], result["message"]]);
    report["results"].as_array().unwrap().iter().map(strip).collect()
}

fn reads_of(emulator: &Emulator, name: &str) -> usize {
    let part = format!("/accounts/{name}?");
    emulator.requests().iter().filter(|request| request.target.contains(&part)).count()
}

#[test]
fn a_deadline_ends_in_time_and_the_scan_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["s.jsonl", "s.jsonl.zst"] {
        let path = folder.path().join(name);
        let path = path.to_str().unwrap();
        let emulator = Emulator::builder(estate(3)).fault(at("/accounts/a1?").first(1), Fault::Silence).start();
        let run = all(&emulator).args(["--deadline", "4", "--save-snapshot", path]).exits(4).run();
        assert!(run.stderr.contains("--resume"), "{}", run.stderr);
        let report = run.json();
        assert_eq!((&report["run"]["interrupted"], &report["complete"]), (&json!("deadline"), &json!(false)));
        assert_eq!(report["accounts"].as_array().unwrap().len(), 3, "no account is dropped");
        let missed = report["coverage"]["unreadable"].as_array().unwrap();
        let cut = |row: &Value| row["cause"] == "timeout" && row["detail"] == "the deadline of the run passed";
        assert!(missed.iter().any(cut), "the silent request was cut, not waited for: {missed:?}");
        assert_eq!(verify(Path::new(path), 4)["verdict"], "interrupted");
        let half =
            zdr_check(["scan", "--format", "json", "--snapshot", path, "--fail-on", "never"]).exits(4).run().json();
        assert_eq!(half["run"]["interrupted"], "unfinished");
        assert_eq!(half["accounts"].as_array().unwrap().len(), 3, "no account is dropped from the snapshot");
        assert_eq!(half["coverage"]["subscriptions"][0]["status"], "partial");
        let resumed = all(&emulator).args(["--resume", path]).run().json();
        assert_eq!((&resumed["complete"], &resumed["run"]["interrupted"]), (&json!(true), &Value::Null));
        assert_eq!(verify(Path::new(path), 0)["verdict"], "intact");
        assert_eq!(reads_of(&emulator, "a0"), 1, "what was known is not read again");
        assert_eq!(said(&resumed), said(&all(&emulator).run().json()));
        let again = ["scan", "--format", "json", "--show-pass", "--fail-on", "never", "--snapshot", path];
        let again = zdr_check(again).run().stdout;
        assert_eq!(
            json!(resumed).to_string().replace("\"live\"", "\"snapshot\""),
            again.parse::<Value>().unwrap().to_string()
        );
    }
}

/// What is below a gateway is a piece for each list: only the one that was cut is read again.
#[test]
fn known_lists_below_resources_are_not_read_again() {
    const SILENT: &str = "/apis/chat/diagnostics?";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let path = path.to_str().unwrap();
    let estate = fixture("rules/gateway-logs-prompts/fail-service-url.json");
    let emulator = Emulator::builder(estate).fault(at(SILENT).first(1), Fault::Silence).start();
    let half = all(&emulator).args(["--deadline", "5", "--save-snapshot", path]).exits(4).run().json();
    assert_eq!(half["run"]["interrupted"], "deadline");
    let resumed = all(&emulator).args(["--resume", path]).run().json();
    let mut reads = BTreeMap::new();
    for request in emulator.requests().iter().filter(|request| request.target.contains("/Microsoft.ApiManagement/")) {
        *reads.entry(request.target.clone()).or_insert(0) += 1;
    }
    let (silent, known): (Vec<_>, Vec<_>) = reads.iter().partition(|(target, _)| target.contains(SILENT));
    assert!(known.len() > 8 && known.iter().all(|(_, count)| **count == 1), "{reads:?}");
    assert_eq!(silent.iter().map(|(_, count)| **count).collect::<Vec<_>>(), [2], "{reads:?}");
    assert!(verify(Path::new(path), 0)["counts"]["below"].as_u64().unwrap() > 8);
    assert_eq!(said(&resumed), said(&all(&emulator).run().json()));
}

#[test]
fn what_is_too_old_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let path = path.to_str().unwrap();
    let emulator = Emulator::builder(estate(2)).fault(at("/accounts/a1?").first(1), Fault::Silence).start();
    all(&emulator).args(["--deadline", "3", "--save-snapshot", path]).exits(4).run();
    all(&emulator).args(["--resume", path, "--max-age", "0s"]).run();
    assert_eq!(reads_of(&emulator, "a0"), 2);
    for wrong in ["soon", "5", "9999999d", "", "é"] {
        assert!(
            all(&emulator).args(["--resume", path, "--max-age", wrong]).exits(2).run().stderr.contains("--max-age")
        );
    }
}

#[test]
fn only_the_same_scan_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let path = path.to_str().unwrap();
    let emulator = Emulator::builder(estate(2)).fault(at("/accounts/a1?").first(1), Fault::Silence).start();
    all(&emulator).args(["--deadline", "3", "--save-snapshot", path]).exits(4).run();
    let before = std::fs::read(path).unwrap();
    let other = scan(&emulator, ["-s", SUBSCRIPTION, "--resume", path]).exits(2).run();
    assert!(other.stderr.contains("scope") && other.stderr.contains("all subscriptions"), "{}", other.stderr);
    let other = all(&emulator).args(["--resume", path, "--cloud", "usgov"]).exits(2).run();
    assert!(other.stderr.contains("cloud"), "{}", other.stderr);
    // The hashes of a header that was changed would not fit, so that a journal of another tenant is written anew.
    let text = String::from_utf8(before.clone()).unwrap();
    let header = text.lines().next().unwrap();
    let tenant = serde_json::from_str::<Value>(header).unwrap()["principal"]["tenant_id"].as_str().unwrap().to_owned();
    let stranger = folder.path().join("stranger.jsonl");
    std::fs::write(&stranger, header.replace(&tenant, "99999999-9999-4999-8999-999999999999") + "\n").unwrap();
    let other = all(&emulator).args(["--resume", stranger.to_str().unwrap()]).exits(2).run();
    assert!(other.stderr.contains("tenant"), "{}", other.stderr);
    assert_eq!(std::fs::read(path).unwrap(), before, "a refused scan changes nothing");
    // Without scope flags the scope is that of the snapshot.
    scan(&emulator, ["--resume", path, "--fail-on", "never"]).run();
}

/// A scan that waits for a silent request, once its first accounts are in the journal.
fn waiting(emulator: &Emulator, path: &Path) -> Child {
    let child = all(emulator).args(["--save-snapshot", path.to_str().unwrap()]).spawn();
    let begun = Instant::now();
    while !std::fs::read_to_string(path).is_ok_and(|text| text.contains("\"record\":\"account\"")) {
        assert!(begun.elapsed() < Duration::from_secs(60), "no account was written");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn silent(folder: &Path) -> (Emulator, PathBuf) {
    let emulator = Emulator::builder(estate(3)).fault(at("/accounts/a1?").first(1), Fault::Silence).start();
    (emulator, folder.join("s.jsonl"))
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args([name, &id]).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn signals_end_a_scan_cleanly() {
    for name in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let (emulator, path) = silent(folder.path());
        let child = waiting(&emulator, &path);
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{name}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["run"]["interrupted"], &report["exit_code"]), (&json!("signal"), &json!(4)));
        assert_eq!(report["accounts"].as_array().unwrap().len(), 3);
        let done = all(&emulator).args(["--resume", path.to_str().unwrap()]).run().json();
        assert_eq!(done["complete"], true);
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_the_program_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (emulator, path) = silent(folder.path());
    // Nobody reads the pipe of the report, so that the program hangs in it: the report is larger than a pipe.
    let mut child = waiting(&emulator, &path);
    signal(&child, "-INT");
    std::thread::sleep(Duration::from_secs(3));
    assert!(child.try_wait().unwrap().is_none(), "it hangs in the pipe");
    signal(&child, "-INT");
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "it still runs");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(3));
}

#[cfg(unix)]
#[test]
fn a_killed_scan_is_resumed_and_nobody_else_writes_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let (emulator, path) = silent(folder.path());
    let mut child = waiting(&emulator, &path);
    for flag in ["--save-snapshot", "--resume"] {
        let second = all(&emulator).args([flag, path.to_str().unwrap()]).exits(2).run();
        assert!(second.stderr.contains("another scan") || second.stderr.contains("there already"), "{}", second.stderr);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(verify(&path, 4)["verdict"], "interrupted");
    // A power cut may leave half a line.
    let mut text = std::fs::read(&path).unwrap();
    text.extend_from_slice(b"{\"record\":\"acc");
    std::fs::write(&path, text).unwrap();
    let done = all(&emulator).args(["--resume", path.to_str().unwrap()]).run().json();
    assert_eq!(said(&done), said(&all(&emulator).run().json()));
    assert_eq!(verify(&path, 0)["verdict"], "intact");
}

#[test]
fn a_deadline_before_the_scope_is_known_is_no_assessment() {
    let emulator = Emulator::builder(estate(1)).fault(at("/subscriptions?"), Fault::Silence).start();
    let output = all(&emulator).args(["--deadline", "1"]).exits(3).run();
    assert!(output.stderr.contains("deadline"), "{}", output.stderr);
}
