//! Reads SARIF, and holds it to what the specification and GitHub say where no validator looks.

use std::collections::BTreeSet;

use serde_json::Value;
use zdr_check::assessment::Assessment;
use zdr_check::report::{Format, Look, render};
use zdr_check::term::Screen;

use super::{Row, written};
use crate::sample;

fn run(report: &[u8]) -> Value {
    let log: Value = serde_json::from_slice(report).unwrap();
    assert_eq!((&log["version"], log["runs"].as_array().unwrap().len()), (&Value::from("2.1.0"), 1));
    log["runs"][0].clone()
}

/// Its results, without the one about reads that failed.
pub(super) fn rows(report: &[u8]) -> Vec<Row> {
    let run = run(report);
    let own = |result: &&Value| result["ruleId"] != "scope-unread";
    run["results"].as_array().unwrap().iter().filter(own).map(row).collect()
}

fn row(result: &Value) -> Row {
    let suppressed = result["suppressions"].as_array().is_some_and(|all| all[0]["status"] == "accepted");
    let outcome = match (result["kind"].as_str().unwrap(), suppressed) {
        ("review", true) => "attested",
        (_, true) => "waived",
        ("fail", false) => "fail",
        ("open", false) => "unknown",
        ("review", false) => "manual",
        ("pass", false) => "pass",
        ("notApplicable", false) => "not-applicable",
        other => panic!("{other:?}"),
    };
    assert_eq!(result["properties"]["outcome"], outcome);
    let resource = result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap();
    (result["ruleId"].as_str().unwrap().to_owned(), resource.to_owned(), outcome.to_owned())
}

fn plain(assessment: &Assessment) -> Value {
    let mut out = Vec::new();
    render(Format::Sarif, assessment, &Look::new(Screen::plain(80)), &mut out).unwrap();
    run(&out)
}

#[test]
fn kinds_and_levels_are_legal_and_every_result_has_a_place() {
    for run in [run(&written(Format::Sarif, &sample::assessment())), plain(&sample::assessment())] {
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let mut fingerprints = BTreeSet::new();
        for result in run["results"].as_array().unwrap() {
            let (kind, level) = (result["kind"].as_str().unwrap(), result["level"].as_str().unwrap());
            assert_eq!(kind == "fail", level != "none", "{result}");
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "zdr-check.toml");
            assert_eq!(place["region"]["startLine"], 1);
            let fingerprint = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
            assert!(fingerprints.insert(fingerprint.to_owned()), "GitHub would take two results for one: {result}");
            if let Some(index) = result["ruleIndex"].as_u64() {
                assert_eq!(rules[usize::try_from(index).unwrap()]["id"], result["ruleId"]);
            }
            if let Some(suppressions) = result["suppressions"].as_array() {
                assert!(!suppressions[0]["justification"].as_str().unwrap().is_empty());
            }
        }
    }
}

#[test]
fn what_passes_is_no_alert_and_not_lost() {
    let assessment = sample::assessment();
    let run = plain(&assessment);
    let shown = run["results"].as_array().unwrap();
    assert!(shown.iter().all(|result| result["kind"] != "pass" && result["kind"] != "notApplicable"));
    let others = run["properties"]["otherResults"].as_array().unwrap();
    let unread = 1;
    assert_eq!(shown.len() + others.len(), assessment.results.len() + unread);
    assert!(others.iter().any(|other| other["kind"] == "pass" && other["ruleId"] == sample::STORAGE));
}

#[test]
fn every_rule_is_described_within_the_limits_of_github() {
    let run = plain(&sample::assessment());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), zdr_check::docs::rules().len() + 1);
    for rule in rules {
        let properties = &rule["properties"];
        let score: f64 = properties["security-severity"].as_str().unwrap().parse().unwrap();
        assert!((0.1..=10.0).contains(&score), "{rule}");
        assert!(properties["tags"].as_array().unwrap().len() <= 20, "{rule}");
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().is_empty(), "{text} of {}", rule["id"]);
        }
        let version = env!("CARGO_PKG_VERSION");
        assert!(rule["helpUri"].as_str().unwrap().contains(version) && rule["help"]["markdown"].is_string());
    }
}

#[test]
fn an_incomplete_run_says_so() {
    let mut assessment = sample::assessment();
    let run = plain(&assessment);
    let invocation = &run["invocations"][0];
    assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&Value::from(false), &Value::from(1)));
    let failed = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(failed.len(), assessment.coverage.unreadable.len());
    let unread: Vec<&Value> =
        run["results"].as_array().unwrap().iter().filter(|result| result["ruleId"] == "scope-unread").collect();
    assert_eq!((unread.len(), &unread[0]["level"]), (1, &Value::from("error")));
    let ids: BTreeSet<&str> = run["tool"]["driver"]["notifications"].as_array().unwrap().iter().map(id).collect();
    for list in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
        for notification in invocation[list].as_array().unwrap() {
            assert!(ids.contains(id(&notification["descriptor"])), "{notification}");
        }
    }
    (assessment.complete, assessment.exit_code) = (true, 0);
    assessment.coverage.unreadable.clear();
    let run = plain(&assessment);
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert!(run["results"].as_array().unwrap().iter().all(|result| result["ruleId"] != "scope-unread"));
}

fn id(descriptor: &Value) -> &str {
    descriptor["id"].as_str().unwrap()
}

#[test]
fn more_than_github_shows_is_said() {
    let run = plain(&sample::many(5001));
    let said = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().iter();
    assert_eq!(said.filter(|own| own["descriptor"]["id"] == "many-results").count(), 1);
}

#[test]
fn text_is_neither_link_nor_placeholder() {
    let mut assessment = sample::assessment();
    assessment.results.change(|result| "{0} [ok](https://evil.example)".clone_into(&mut result.message));
    let run = run(&written(Format::Sarif, &assessment));
    let text = run["results"][0]["message"]["text"].as_str().unwrap();
    assert!(text.contains("{{0}} [ok] (https"), "{text}");
}
