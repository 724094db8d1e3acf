//! The tool and its rules, as descriptors with their whole text.

use serde_json::{Value, json};

use super::SCOPE_UNREAD;
use crate::docs;
use crate::outcome::Severity;

/// `run.tool`, with every rule, whether or not it has a result.
pub(super) fn tool() -> Value {
    let rules: Vec<Value> = docs::rules().iter().map(|rule| descriptor(rule)).chain([unread()]).collect();
    json!({ "driver": {
        "name": "zdr-check",
        "fullName": "zdr-check: zero data retention of Azure OpenAI and Azure AI Foundry accounts",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": "https://docs.rs/crate/zdr-check",
        "language": "en",
        "rules": rules,
        "notifications": super::run::notification_descriptors(),
    } })
}

/// Where the descriptor of a rule stands among them.
pub(super) fn index(id: &str) -> Option<usize> {
    docs::rules().iter().position(|rule| rule.id == id)
}

/// Where that of [`SCOPE_UNREAD`] stands.
pub(super) fn index_of_unread() -> usize {
    docs::rules().len()
}

fn descriptor(rule: &docs::Rule) -> Value {
    let text = docs::text(rule);
    let checks = docs::sections(rule).into_iter().next().map(|(_, body)| first_paragraph(&body)).unwrap_or_default();
    // GitHub takes ten tags of twenty at most; a rule has far fewer.
    let tags: Vec<&str> = ["security", rule.axis.as_str()].into_iter().chain(rule.frameworks.iter().copied()).collect();
    json!({
        "id": rule.id,
        "name": pascal_case(rule.id),
        "shortDescription": { "text": format!("{}.", rule.title) },
        "fullDescription": { "text": if checks.is_empty() { format!("{}.", rule.title) } else { checks } },
        "help": { "text": text, "markdown": text },
        "helpUri": docs::url(rule.id),
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": {
            "tags": tags,
            "precision": "very-high",
            "problem.severity": problem(rule.severity),
            "security-severity": security_severity(rule.severity),
            "axis": rule.axis.as_str(),
            "severity": rule.severity.as_str(),
            "since": rule.since,
            "controls": rule.controls,
        },
    })
}

fn unread() -> Value {
    let text = "A call to Azure Resource Manager was refused or failed. What it would have shown was not judged, and accounts \
                in a subscription that could not be listed have no results at all. Grant the actions that the message names, \
                then scan again.";
    json!({
        "id": SCOPE_UNREAD,
        "name": pascal_case(SCOPE_UNREAD),
        "shortDescription": { "text": "Part of the scope could not be read." },
        "fullDescription": { "text": text },
        "help": { "text": text, "markdown": text },
        "helpUri": format!("https://docs.rs/crate/zdr-check/{}", env!("CARGO_PKG_VERSION")),
        "defaultConfiguration": { "level": level(Severity::High) },
        "properties": { "tags": ["security"], "security-severity": security_severity(Severity::High) },
    })
}

/// `level` of a failure.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The words GitHub has for rules that are not about security, in case somebody drops the tag.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

/// A score inside the range that GitHub shows under the same word: over 9 critical, 7 to 8.9 high, 4 to 6.9 medium, 0.1 to 3.9
/// low. It must be a string.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.1",
    }
}

/// The first paragraph as plain text.
fn first_paragraph(markdown: &str) -> String {
    let lines: Vec<&str> = markdown.lines().take_while(|line| !line.trim().is_empty()).collect();
    lines.join(" ").replace(['`', '*'], "")
}

fn pascal_case(id: &str) -> String {
    let upper = |word: &str| word[..1].to_uppercase() + &word[1..];
    id.split('-').filter(|word| !word.is_empty()).map(upper).collect()
}
