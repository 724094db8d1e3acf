//! Reads the table: under the heading of each outcome stand the rules that have it.

use zdr_check::outcome::Outcome;
use zdr_check::report::Format;

use super::written;
use crate::sample;

/// The part of the table between a heading and the next one.
fn section<'a>(table: &'a str, heading: &str) -> &'a str {
    let start = table.find(&format!("\n{heading} ")).unwrap_or_else(|| panic!("no section {heading} in\n{table}"));
    let rest = &table[start + 1..];
    let is_heading =
        |line: &str| line.split(' ').next().is_some_and(|word| word.len() > 3 && word == word.to_uppercase());
    let mut end = rest.len();
    let mut at = rest.find('\n').unwrap() + 1;
    for line in rest[at..].split_inclusive('\n') {
        if is_heading(line.trim_end()) && line.contains(" · ") {
            end = at;
            break;
        }
        at += line.len();
    }
    &rest[..end]
}

#[test]
fn every_rule_stands_under_its_outcome() {
    let assessment = sample::assessment();
    let table = String::from_utf8(written(Format::Table, &assessment)).unwrap();
    for result in &assessment.results {
        let heading = match result.outcome {
            Outcome::Fail => "FAILURES",
            Outcome::Unknown => "UNKNOWN",
            Outcome::Manual => "MANUAL",
            Outcome::Waived => "WAIVED",
            Outcome::Attested => "ATTESTED",
            Outcome::Pass => "PASS",
            Outcome::NotApplicable => "NOT APPLICABLE",
        };
        assert!(section(&table, heading).contains(result.rule), "{} under {heading}\n{table}", result.rule);
    }
}
