//! Which rules give evidence for which framework clause.

use std::fmt::Write as _;

use super::markdown::cell;
use crate::knowledge::frameworks::{FRAMEWORKS, resolve};
use crate::rules::Rule;

/// The table of clauses in Markdown, a part per framework.
pub fn frameworks(rules: &[&Rule]) -> String {
    let mut out =
        "\n## Frameworks\n\nThe clauses that rules give evidence for. A result is evidence for a clause, not \
                   compliance with it.\n"
            .to_owned();
    for framework in FRAMEWORKS {
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "\n### {}\n\n[{}]({}), edition {}. Ids checked against {}.\n\n| clause | about | rules |\n|---|---|---|\n",
            framework.name.trim_end_matches(" Art."),
            framework.title,
            framework.url,
            framework.edition,
            framework.checked
        );
        for clause in framework.clauses {
            let naming = rules.iter().filter(|rule| names(rule, framework.name, clause.id));
            let links: Vec<String> = naming.map(|rule| format!("[`{0}`](#{0})", rule.id)).collect();
            let _ = writeln!(out, "| {} | {} | {} |", clause.id, cell(clause.title), links.join(", "));
        }
    }
    out
}

/// What is wrong with the references: clauses that rules name and no table has, and clauses that no rule names.
pub fn framework_gaps(rules: &[&Rule]) -> Vec<String> {
    let references = rules.iter().flat_map(|rule| rule.frameworks.iter().map(|reference| (rule.id, *reference)));
    let mut gaps: Vec<String> = references
        .filter_map(|(id, reference)| Some(format!("{id} names {}, which no table has", resolve(reference).err()?)))
        .collect();
    for framework in FRAMEWORKS {
        let unused =
            framework.clauses.iter().filter(|clause| !rules.iter().any(|rule| names(rule, framework.name, clause.id)));
        gaps.extend(unused.map(|clause| format!("no rule names {} {}", framework.name, clause.id)));
    }
    gaps
}

fn names(rule: &Rule, framework: &str, clause: &str) -> bool {
    rule.frameworks
        .iter()
        .filter_map(|reference| resolve(reference).ok())
        .any(|(found, clauses)| found.name == framework && clauses.iter().any(|named| named.id == clause))
}
