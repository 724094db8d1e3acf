//! Which rule covers which control, and why a control has none.

use std::fmt::Write as _;

use super::markdown::cell;
use crate::knowledge::controls::{CHAPTERS, CONTROLS, reason};
use crate::rules::Rule;

/// The coverage table in Markdown, a part per chapter of the control catalogue.
pub fn coverage(rules: &[&Rule]) -> String {
    let mut out =
        "\n## Coverage\n\nEvery control of the catalogue has at least one rule, or a reason for having none.\n"
            .to_owned();
    for (letter, title) in CHAPTERS {
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "\n### {letter}: {title}\n\n| control | about | rules, or why there is none |\n|---|---|---|\n"
        );
        for control in CONTROLS.iter().filter(|control| control.id.starts_with(letter)) {
            let covering: Vec<String> = covered_by(rules, control.id).map(|id| format!("[`{id}`](#{id})")).collect();
            let text = match reason(control.id) {
                _ if !covering.is_empty() => covering.join(", "),
                Some(reason) => format!("none: {}", cell(reason)),
                None => "nothing".to_owned(),
            };
            let _ = writeln!(out, "| {} | {} | {text} |", control.id, cell(control.title));
        }
    }
    out
}

/// What is wrong with the accounting: controls with neither rule nor reason, with both, and names no control has.
pub fn coverage_gaps(rules: &[&Rule]) -> Vec<String> {
    let mut gaps = Vec::new();
    for control in CONTROLS {
        let covered = covered_by(rules, control.id).next();
        match (covered, reason(control.id)) {
            (None, None) => gaps.push(format!("{} has neither a rule nor a reason", control.id)),
            (Some(rule), Some(_)) => gaps.push(format!("{} has a reason for having no rule, and {rule}", control.id)),
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
    for rule in rules {
        let unknown = rule.controls.iter().filter(|id| !CONTROLS.iter().any(|control| control.id == **id));
        gaps.extend(unknown.map(|id| format!("{} names {id}, which is no control", rule.id)));
    }
    gaps
}

fn covered_by<'a>(rules: &'a [&Rule], control: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    rules.iter().filter(move |rule| rule.controls.contains(&control)).map(|rule| rule.id)
}
