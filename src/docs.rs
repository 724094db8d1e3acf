//! Pages about rules, derived from the doc comments of their files: for the terminal, for the repository, for reports.

mod azure_policy;
mod coverage;
mod doctor;
mod frameworks;
mod markdown;
mod role;
mod terminal;

use serde::Serialize;

pub use azure_policy::{PolicySet, Target, Unheld};
pub use coverage::{coverage, coverage_gaps};
pub use doctor::{Blind, Findings, Health, doctor, doctor_json};
pub use frameworks::{framework_gaps, frameworks};
pub use markdown::{catalogue, meaning, page, summary_table};
pub use role::Role;
pub use terminal::{explain, listing};

use crate::rules;
pub use crate::rules::Rule;
use crate::rules::options::RuleOption;
use crate::snapshot::Operation;

/// The sections that every rule has, in order.
pub const SECTIONS: [&str; 5] = ["What it checks", "Why it matters", "How to fix", "What it cannot see", "Sources"];

/// Every rule, sorted by id.
pub fn rules() -> &'static [&'static Rule] {
    rules::RULES
}

/// The dated tables of facts behind the rules.
pub fn tables() -> &'static [crate::knowledge::Table] {
    crate::knowledge::TABLES
}

/// The day the statements behind the rules were last compared with their pages (ISO).
pub fn statements_checked() -> &'static str {
    crate::knowledge::statements::READ
}

/// The calls whose answers a rule looks at, those of the data plane included.
pub fn reads(rule: &Rule) -> Vec<&'static str> {
    rule.reads().into_iter().map(Operation::as_str).collect()
}

/// The title of the rule with this id; none for a word that is no rule.
pub fn title(id: &str) -> Option<&'static str> {
    rules::find(id).map(|rule| rule.title)
}

/// Address of a rule's page as of this version: its file, as docs.rs keeps it for every published version of the crate. None
/// for a word that is no rule.
pub fn url(id: &str) -> Option<String> {
    let rule = rules::find(id)?;
    let file = rule.module.split("::").skip(1).collect::<Vec<_>>().join("/");
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("https://docs.rs/crate/zdr-check/{version}/source/src/{file}.rs"))
}

/// The framework clauses the rule with this id gives evidence for; none for a word that is no rule.
pub fn clauses(id: &str) -> &'static [&'static str] {
    rules::find(id).map_or(&[], |rule| rule.frameworks)
}

/// The sources of the rule with this id, as Markdown list items; none for a word that is no rule.
pub fn sources(id: &str) -> Vec<String> {
    let sections = rules::find(id).map(sections).unwrap_or_default();
    let own = sections.into_iter().filter(|(heading, _)| heading == "Sources").map(|(_, text)| text);
    let mut items: Vec<String> = Vec::new();
    for line in own.collect::<String>().lines() {
        match line.strip_prefix("- ") {
            Some(item) => items.push(item.to_owned()),
            None => {
                if let Some(last) = items.last_mut() {
                    last.push(' ');
                    last.push_str(line.trim());
                }
            }
        }
    }
    items
}

/// The Markdown text of a rule. The compiler keeps the blank behind `///`; it is taken off here.
pub fn text(rule: &Rule) -> String {
    let mut out = String::new();
    for line in rule.docs.lines() {
        out.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
        out.push('\n');
    }
    out
}

/// The sections of a rule: heading and text.
pub fn sections(rule: &Rule) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut fenced = false;
    for line in text(rule).lines() {
        fenced ^= line.trim_start().starts_with("```");
        match line.strip_prefix("## ").filter(|_| !fenced) {
            Some(heading) => all.push((heading.trim().to_owned(), String::new())),
            None => {
                if let Some((_, body)) = all.last_mut() {
                    body.push_str(line);
                    body.push('\n');
                }
            }
        }
    }
    for (_, body) in &mut all {
        *body = body.trim().to_owned();
    }
    all
}

#[derive(Serialize)]
struct JsonRule {
    id: &'static str,
    title: &'static str,
    axis: &'static str,
    severity: &'static str,
    since: &'static str,
    controls: &'static [&'static str],
    needs: Vec<&'static str>,
    frameworks: &'static [&'static str],
    options: Vec<JsonOption>,
}

#[derive(Serialize)]
struct JsonOption {
    name: &'static str,
    default: String,
    form: String,
    meaning: &'static str,
}

impl From<&RuleOption> for JsonOption {
    fn from(own: &RuleOption) -> Self {
        Self { name: own.name, default: own.default_text(), form: own.form(), meaning: own.doc }
    }
}

/// The list of rules as JSON, indented, with a line end.
///
/// # Errors
/// None that can happen with plain strings; the serializer's type asks for it.
pub fn listing_json(rules: &[&'static Rule]) -> serde_json::Result<String> {
    let rows: Vec<JsonRule> = rules
        .iter()
        .map(|rule| JsonRule {
            id: rule.id,
            title: rule.title,
            axis: rule.axis.as_str(),
            severity: rule.severity.as_str(),
            since: rule.since,
            controls: rule.controls,
            needs: rule.needs.iter().copied().map(Operation::as_str).collect(),
            frameworks: rule.frameworks,
            options: rule.options.iter().map(JsonOption::from).collect(),
        })
        .collect();
    serde_json::to_string_pretty(&rows).map(|text| text + "\n")
}
