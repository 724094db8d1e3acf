//! `diff` and `scan --baseline`: what changed is named for what it is, and nothing out of sight counts as mended.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{json as fixture, scan, zdr_check};
use crate::emulator::Emulator;

const APPROVAL: &str = "abuse-monitoring-storage-on";

/// A folder with a report and a snapshot of the demo estate, and the report.
fn demo() -> (TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    let run = zdr_check(["scan", "--demo", "--no-config", "--format", "json", "--save-snapshot", "demo.jsonl"]);
    let report = run.within(folder.path()).exits(1).run().json();
    (folder, report)
}

/// Writes a report that was made earlier, with the counts that fit its results.
fn save(folder: &Path, name: &str, report: &Value, day: &str) {
    let mut report = report.clone();
    report["run"]["finished_at"] = json!(format!("{day}T00:00:00Z"));
    for (outcome, count) in report["summary"]["outcomes"].clone().as_object().unwrap() {
        let listed = report["results"].as_array().unwrap().iter().filter(|own| own["outcome"] == outcome.as_str());
        let number = if outcome == "pass" { count.as_u64().unwrap() } else { listed.count() as u64 };
        report["summary"]["outcomes"][outcome] = number.into();
    }
    std::fs::write(folder.join(name), serde_json::to_vec(&report).unwrap()).unwrap();
}

fn diff(folder: &Path, old: &str, new: &str, exit: i32) -> Value {
    zdr_check(["diff", old, new, "--format", "json", "--no-config"]).within(folder).exits(exit).run().json()
}

fn find<'a>(report: &'a mut Value, rule: &str, outcome: &str) -> &'a mut Value {
    let all = report["results"].as_array_mut().unwrap();
    all.iter_mut().find(|own| own["rule"] == rule && own["outcome"] == outcome).unwrap()
}

fn kinds(diff: &Value) -> Vec<(&str, &str)> {
    let text = |value: &'_ Value| -> String { value.as_str().unwrap_or_default().to_owned() };
    let mut all: Vec<(&str, &str)> = Vec::new();
    for change in diff["changes"].as_array().unwrap() {
        assert!(!text(&change["resource_id"]).is_empty());
        all.push((change["kind"].as_str().unwrap(), change["rule"].as_str().unwrap_or("-")));
    }
    all
}

#[test]
fn a_report_and_the_snapshot_of_one_run_say_the_same() {
    let (folder, report) = demo();
    save(folder.path(), "old.json", &report, "2026-01-01");
    let diff = diff(folder.path(), "old.json", "demo.jsonl", 4);
    assert_eq!(diff["changes"], json!([]), "passes are left out of the report and must not look new");
    assert_eq!((&diff["complete"], &diff["same_policy"]), (&json!(false), &json!(true)));
}

#[test]
fn an_approval_that_vanished_is_critical_whatever_the_policy_says() {
    let (folder, mut report) = demo();
    let failing = find(&mut report, APPROVAL, "fail").clone();
    report["results"].as_array_mut().unwrap().retain(|own| *own != failing);
    save(folder.path(), "old.json", &report, "2026-01-01");
    let diff = diff(folder.path(), "old.json", "demo.jsonl", 1);
    assert_eq!(kinds(&diff), [("approval-vanished", APPROVAL)]);
    let change = &diff["changes"][0];
    assert_eq!(
        (&change["severity"], &change["before"], &change["after"]),
        (&json!("critical"), &json!("pass"), &json!("fail"))
    );
    let scan = ["scan", "--demo", "--no-config", "--format", "json", "--baseline", "old.json", "--regressions-only"];
    let report = zdr_check(scan).within(folder.path()).exits(1).run().json();
    assert_eq!(report["comparison"]["changes"][0]["kind"], "approval-vanished");
    let table =
        zdr_check(["scan", "--demo", "--no-config", "--baseline", "old.json"]).within(folder.path()).exits(1).run();
    assert!(table.stdout.contains("SINCE BASELINE") && table.stdout.contains("1 approval vanished"));
}

#[test]
fn failures_of_the_baseline_can_be_left_out_of_the_gate_and_unknowns_cannot() {
    let (folder, report) = demo();
    save(folder.path(), "old.json", &report, "2026-01-01");
    let scan = ["scan", "--demo", "--no-config", "--quiet", "--baseline", "old.json", "--regressions-only"];
    let run = zdr_check(scan).within(folder.path()).exits(4).run();
    assert!(run.stdout.contains("exit 4: incomplete"), "{}", run.stdout);
    let open = zdr_check(scan).args(["--allow-incomplete"]).within(folder.path()).exits(0).run();
    assert!(open.stdout.contains("or in the baseline"), "{}", open.stdout);
}

/// What happens to one failing result, and what it is called. The severity of this one is high.
#[test]
fn every_difference_has_its_name() {
    const RULE: &str = "agents-basic-setup";
    let cases: [(&str, &str, &str, i32); 8] = [
        ("not-applicable", "fail", "new", 1),
        ("waived", "fail", "lapsed", 1),
        ("manual", "unknown", "newly-unreadable", 4),
        ("unknown", "fail", "new", 1),
        ("fail", "waived", "accepted", 4),
        ("fail", "not-applicable", "fixed", 4),
        ("unknown", "manual", "now-readable", 4),
        ("attested", "manual", "lapsed", 4),
    ];
    let (folder, mut report) = demo();
    for (before, after, kind, exit) in cases {
        let mut old = report.clone();
        find(&mut old, RULE, "fail")["outcome"] = before.into();
        let mut new = report.clone();
        find(&mut new, RULE, "fail")["outcome"] = after.into();
        save(folder.path(), "old.json", &old, "2026-01-01");
        save(folder.path(), "new.json", &new, "2026-01-02");
        let diff = diff(folder.path(), "old.json", "new.json", exit);
        assert_eq!(kinds(&diff), [(kind, RULE)], "{before} to {after}");
    }
    save(folder.path(), "old.json", &report, "2026-01-01");
    find(&mut report, RULE, "fail")["message"] = "something else".into();
    save(folder.path(), "new.json", &report, "2026-01-02");
    assert_eq!(kinds(&diff(folder.path(), "old.json", "new.json", 4)), [("changed", RULE)]);
}

#[test]
fn what_the_newer_run_did_not_see_is_neither_fixed_nor_gone() {
    let (folder, report) = demo();
    save(folder.path(), "old.json", &report, "2026-01-01");
    let lost = report["accounts"][0]["id"].as_str().unwrap().to_owned();
    let mut new = report.clone();
    new["accounts"].as_array_mut().unwrap().remove(0);
    new["results"].as_array_mut().unwrap().retain(|own| own["account_id"] != lost.as_str());
    save(folder.path(), "gone.json", &new, "2026-01-02");
    assert_eq!(kinds(&diff(folder.path(), "old.json", "gone.json", 4)), [("disappeared", "-")]);
    assert_eq!(
        kinds(&diff(folder.path(), "gone.json", "demo.jsonl", 1))[0].0,
        "new",
        "a new account brings its failures"
    );
    for subscription in new["coverage"]["subscriptions"].as_array_mut().unwrap() {
        subscription["status"] = "unreadable".into();
    }
    save(folder.path(), "blind.json", &new, "2026-01-02");
    assert_eq!(kinds(&diff(folder.path(), "old.json", "blind.json", 4)), [("out-of-sight", "-")]);
}

#[test]
fn markdown_and_table_hold_every_change() {
    let (folder, report) = demo();
    let mut old = report.clone();
    find(&mut old, APPROVAL, "fail")["outcome"] = "not-applicable".into();
    save(folder.path(), "old.json", &old, "2026-01-01");
    let mut new = report.clone();
    new["run"]["policy"]["pin"] = "any".into();
    find(&mut new, APPROVAL, "fail")["message"] = "a|b <script> \u{1b}[31m".into();
    save(folder.path(), "new.json", &new, "2026-01-02");
    for format in ["table", "markdown"] {
        let run = zdr_check(["diff", "old.json", "new.json", "--no-config", "--format", format]);
        let text = run.within(folder.path()).exits(1).run().stdout;
        assert!(text.contains(APPROVAL) && text.contains("not-applicable → fail"), "{text}");
        assert!(text.contains("the policies differ") && !text.contains('\u{1b}'), "{text}");
        assert!(format == "table" || !text.contains("<script>"), "{text}");
    }
}

#[test]
fn runs_that_cannot_be_compared_are_refused() {
    let (folder, report) = demo();
    let at = folder.path();
    save(at, "old.json", &report, "2026-01-01");
    save(at, "new.json", &report, "2026-01-02");
    for (name, tenant) in [("mine.json", "1"), ("theirs.json", "2")] {
        let mut own = report.clone();
        own["run"]["principal"]["tenant_id"] = tenant.into();
        save(at, name, &own, "2026-01-02");
    }
    let mut edited = report.clone();
    edited["results"].as_array_mut().unwrap().pop();
    std::fs::write(at.join("edited.json"), serde_json::to_vec(&edited).unwrap()).unwrap();
    std::fs::write(at.join("empty.json"), "").unwrap();
    std::fs::write(at.join("other.json"), "{\"schema\": \"something/1\"}").unwrap();
    std::fs::write(at.join("later.json"), "{\"schema\": \"zdr-check/report/2\"}").unwrap();
    std::fs::write(at.join("cut.json"), "{\"schema\": \"zdr-check/report/1\", ").unwrap();
    std::fs::write(at.join("binary.json"), [0, 159, 146, 150]).unwrap();
    let cases = [
        ("new.json", "old.json", 2, "Swap them"),
        ("mine.json", "theirs.json", 2, "different tenants"),
        ("edited.json", "new.json", 3, "it was edited or cut"),
        ("empty.json", "new.json", 3, "empty.json"),
        ("other.json", "new.json", 3, "its schema is something/1"),
        ("later.json", "new.json", 3, "zdr-check/report/2"),
        ("cut.json", "new.json", 3, "no JSON report"),
        ("binary.json", "new.json", 3, "binary.json"),
        ("absent.json", "new.json", 3, "absent.json"),
        (".", "new.json", 3, "directory"),
    ];
    for (old, new, exit, said) in cases {
        let run = zdr_check(["diff", old, new, "--no-config"]).within(at).exits(exit).run();
        assert!(run.stderr.contains(said), "{old}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    let other = ["scan", "--demo", "--no-config", "--baseline", "other.json"];
    let run = zdr_check(other).within(at).exits(3).run();
    assert!(run.stderr.contains("--baseline other.json") && run.stdout.is_empty(), "{}", run.stderr);
    zdr_check(["scan", "--demo", "--regressions-only"]).within(at).exits(2).run();
    let emulator = Emulator::builder(fixture("arm/twenty-five/estate.json")).start();
    let live = ["--all-subscriptions", "--no-config", "--baseline", "theirs.json"];
    let run = scan(&emulator, live).within(at).exits(2).run();
    assert!(
        run.stderr.contains("--baseline theirs.json") && run.stderr.contains("different tenants"),
        "{}",
        run.stderr
    );
    let mut theirs = report;
    theirs["run"]["cloud"] = "usgov".into();
    save(at, "theirs.json", &theirs, "2026-01-02");
    let run = scan(&emulator, live).within(at).exits(2).run();
    assert!(run.stderr.contains("different clouds") && run.stdout.is_empty(), "{}", run.stderr);
}
