//! Rules as Markdown: the catalogue of the repository and the table of its front page.

use std::fmt::Write as _;

use super::text;
use crate::outcome::Axis;
use crate::rules::Rule;

const INTRO: &str = "\
# Rules

Every rule looks for one defect and names it. It ends in *pass*, *fail*, *unknown* (a fact could not be read or is not
documented), *manual* (no API can answer) or *not applicable*; what cannot be read is never a pass.

This page is derived from the doc comments of the rule files by `UPDATE=1 cargo test`; change it there.
`zdr-check explain RULE` shows the same text. The last parts are *Frameworks*, which names the rules that give evidence for each
clause, and *Coverage*, which accounts for every control.
";

/// The catalogue: an overview by axis, then a page per rule.
pub fn catalogue(rules: &[&Rule]) -> String {
    let mut out = INTRO.to_owned();
    for axis in Axis::ALL {
        let own: Vec<&Rule> = rules.iter().copied().filter(|rule| rule.axis == axis).collect();
        if !own.is_empty() {
            put(&mut out, format_args!("\n## Axis: {}\n\n{}.\n\n", axis.as_str(), meaning(axis)));
            out.push_str("| rule | severity | finds |\n|---|---|---|\n");
            for rule in own {
                put(
                    &mut out,
                    format_args!("| [`{0}`](#{0}) | {1} | {2} |\n", rule.id, rule.severity.as_str(), cell(rule.title)),
                );
            }
        }
    }
    for rule in rules {
        out.push('\n');
        out.push_str(&page(rule));
    }
    out
}

/// One rule: heading, facts, and its text with headings one level down.
pub fn page(rule: &Rule) -> String {
    let mut out = String::new();
    put(&mut out, format_args!("## `{}`\n\n{}.\n\n", rule.id, rule.title));
    let needs: Vec<String> = super::reads(rule).into_iter().map(|operation| format!("`{operation}`")).collect();
    let facts = [
        ("axis", rule.axis.as_str().to_owned()),
        ("severity", rule.severity.as_str().to_owned()),
        ("since", rule.since.to_owned()),
        ("control", rule.controls.join(", ")),
        ("reads", needs.join(", ")),
        ("evidence for", rule.frameworks.join("; ")),
    ];
    let facts: Vec<_> = facts.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(facts.iter().map(|(name, _)| (*name).to_owned()).collect()));
    put(&mut out, format_args!("|{}\n", "---|".repeat(facts.len())));
    out.push_str(&row(facts.iter().map(|(_, value)| cell(value)).collect()));
    out.push('\n');
    out.push_str(&demote(&text(rule)));
    if !rule.options.is_empty() {
        put(&mut out, format_args!("\n### Options\n\nIn the policy file, below `[rules.{}.options]`:\n\n", rule.id));
        out.push_str("| option | default | form | meaning |\n|---|---|---|---|\n");
        for own in rule.options {
            let (default, form) = (own.default_text(), own.form());
            put(&mut out, format_args!("| `{}` | `{default}` | {} | {} |\n", own.name, cell(&form), cell(own.doc)));
        }
    }
    out
}

/// The table of the repository's front page; `base` is the way from there to the catalogue.
pub fn summary_table(rules: &[&Rule], base: &str) -> String {
    let mut sorted = rules.to_vec();
    sorted.sort_by_key(|rule| (rule.axis, std::cmp::Reverse(rule.severity), rule.id));
    let mut out = "| axis | severity | rule | finds |\n|---|---|---|---|\n".to_owned();
    for rule in sorted {
        put(
            &mut out,
            format_args!(
                "| {} | {} | [`{id}`]({base}#{id}) | {} |\n",
                rule.axis.as_str(),
                rule.severity.as_str(),
                cell(rule.title),
                id = rule.id
            ),
        );
    }
    out
}

/// What an axis promises, in one line.
pub fn meaning(axis: Axis) -> &'static str {
    match axis {
        Axis::Approved => "Abuse-monitoring storage is off",
        Axis::Pinned => "Processing and storage stay where policy says",
        Axis::Stateless => "No feature keeps content at rest",
        Axis::Contained => "Content does not leak into logs, gateways or third parties",
        Axis::Hardened => "Network, keys and identity support the rest",
    }
}

fn demote(text: &str) -> String {
    let mut fenced = false;
    let mut out = String::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced && line.starts_with('#') {
            out.push('#');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}
