//! `history`: runs of a folder in order of time, whatever else lies there.

use std::path::Path;

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::common::zdr_check;

/// A folder with three runs of the demo estate, a run of another tenant, and files that are none.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let scan = ["scan", "--demo", "--no-config", "--format", "json", "--save-snapshot", "c.jsonl.zst"];
    let report = zdr_check(scan).within(folder.path()).exits(1).run().json();
    let mut better = report.clone();
    let failing = |own: &Value| own["outcome"] == "fail" && own["axis"] == "pinned";
    let all = better["results"].as_array_mut().unwrap();
    let gone = all.iter().filter(|own| failing(own)).count() as u64;
    all.retain(|own| !failing(own));
    let fails = better["summary"]["outcomes"]["fail"].as_u64().unwrap();
    better["summary"]["outcomes"]["fail"] = (fails - gone).into();
    save(folder.path(), "b.json", &better, "2026-01-01", None);
    save(folder.path(), "a.json", &report, "2026-02-01", None);
    save(folder.path(), "other.json", &report, "2026-01-15", Some("00000000-0000-0000-0000-00000000000f"));
    std::fs::write(folder.path().join("notes <b>.txt"), "no run").unwrap();
    std::fs::write(folder.path().join("other-tool.json"), "{\"schema\": \"x\"}").unwrap();
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    folder
}

fn save(folder: &Path, name: &str, report: &Value, day: &str, tenant: Option<&str>) {
    let mut report = report.clone();
    report["run"]["finished_at"] = json!(format!("{day}T00:00:00Z"));
    if let Some(tenant) = tenant {
        report["run"]["principal"]["tenant_id"] = tenant.into();
    }
    std::fs::write(folder.join(name), serde_json::to_vec(&report).unwrap()).unwrap();
}

fn history(folder: &Path, exit: i32, more: &[&str]) -> String {
    zdr_check(["history", ".", "--no-config"]).args(more).within(folder).exits(exit).run().stdout
}

#[test]
fn runs_are_sorted_by_time_and_series_by_tenant() {
    let folder = folder();
    let drawn: Value = serde_json::from_str(&history(folder.path(), 0, &["--format", "json"])).unwrap();
    let files = |series: &Value| -> Vec<String> {
        series["runs"].as_array().unwrap().iter().map(|run| run["file"].as_str().unwrap().to_owned()).collect()
    };
    let series = drawn["series"].as_array().unwrap();
    let own = series.iter().find(|own| files(own).len() == 3).unwrap();
    assert_eq!(files(own), ["b.json", "a.json", "c.jsonl.zst"]);
    assert_eq!(series.len(), 2, "another tenant is another series: {drawn}");
    assert_eq!(drawn["skipped"], json!(["notes <b>.txt", "other-tool.json", "sub"]));
    let worse = |run: usize| own["runs"][run]["regressions"].as_array().unwrap().len();
    assert!(worse(0) == 0 && worse(1) > 0 && worse(2) == 0, "{own}");
    let pinned = |run: usize| &own["runs"][run]["axes"]["pinned"];
    assert_eq!((&pinned(0)["fail"], &pinned(0)["pass"]), (&json!(0), &Value::Null));
    assert_eq!(pinned(1)["fail"], pinned(2)["fail"]);
    assert!(pinned(2)["pass"].as_u64().unwrap() > 0);
}

#[test]
fn the_table_and_the_page_show_the_same() {
    let folder = folder();
    // It is of today, and a picture of it would be another one tomorrow.
    std::fs::remove_file(folder.path().join("c.jsonl.zst")).unwrap();
    let table = history(folder.path(), 0, &["--html", "page.html"]);
    insta::assert_snapshot!("history", table);
    let ascii = history(folder.path(), 0, &["--ascii"]);
    assert!(ascii.is_ascii(), "{ascii}");
    let page = std::fs::read_to_string(folder.path().join("page.html")).unwrap();
    let page = Html::parse_document(&page);
    let count = |selector: &str| page.select(&Selector::parse(selector).unwrap()).count();
    assert_eq!((count("svg[role=img][aria-label]"), count("tbody tr"), count("script")), (10, 3, 0));
    assert_eq!(count("[src], link, use"), 0, "nothing is loaded");
    let policy = page.select(&Selector::parse("meta[http-equiv]").unwrap()).next().unwrap();
    assert!(policy.attr("content").unwrap().starts_with("default-src 'none'; style-src 'sha256-"));
    assert_eq!(count("b"), 0, "a name is text");
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_at_all_is_no_history() {
    let folder = folder();
    std::fs::write(folder.path().join("cut.json"), "{\"schema\": \"zdr-check/report/1\", \"run\"").unwrap();
    let table = history(folder.path(), 4, &[]);
    assert!(table.contains("unreadable: cut.json"), "{table}");
    let empty = tempfile::tempdir().unwrap();
    std::fs::write(empty.path().join("cut.jsonl"), "{\"schema\":\"zdr-check/snapshot/1\"").unwrap();
    let none = zdr_check(["history", ".", "--no-config"]).within(empty.path()).exits(3).run().stderr;
    assert!(none.contains("0 skipped, 1 unreadable") && none.contains("cut.jsonl"), "{none}");
    zdr_check(["history", "missing", "--no-config"]).within(empty.path()).exits(3).run();
}
