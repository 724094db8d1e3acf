//! Reads GitLab's code quality report, and checks what GitLab documents about its fields.

use std::collections::BTreeSet;

use serde_json::Value;
use zdr_check::report::Format;

use super::{Row, written};
use crate::sample;

/// Its issues, without the one about reads that failed.
pub(super) fn rows(report: &[u8]) -> Vec<Row> {
    let issues: Vec<Value> = serde_json::from_slice(report).unwrap();
    let text = |issue: &Value, key: &str| issue[key].as_str().unwrap().to_owned();
    let row = |issue: &Value| {
        let description = text(issue, "description");
        let outcome = description.split([' ', ':']).next().unwrap().to_owned();
        assert_eq!(issue["outcome"], outcome);
        (text(issue, "check_name"), text(issue, "resource"), outcome)
    };
    issues.iter().filter(|issue| issue["check_name"] != "scope-unread").map(row).collect()
}

#[test]
fn every_issue_has_what_gitlab_asks_for() {
    let issues: Vec<Value> = serde_json::from_slice(&written(Format::Gitlab, &sample::assessment())).unwrap();
    let mut fingerprints = BTreeSet::new();
    for issue in &issues {
        assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap()), "{issue}");
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{issue}");
        assert_eq!(issue["location"]["path"], "zdr-check.toml");
        assert_eq!(issue["location"]["lines"]["begin"], 1);
        assert!(!issue["description"].as_str().unwrap().contains('\u{1b}'));
    }
    assert_eq!(issues.iter().filter(|issue| issue["check_name"] == "scope-unread").count(), 1);
}
