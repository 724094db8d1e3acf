//! Where the facts behind the rules of this report come from, and how old the pages are.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::rule::markdown;
use crate::assessment::Assessment;
use crate::docs;
use crate::rules;

/// The section.
pub(super) fn write(assessment: &Assessment) -> Markup {
    let ids = assessment.results.rules();
    let pages: BTreeSet<String> = ids
        .into_iter()
        .filter_map(rules::find)
        .flat_map(docs::sections)
        .filter(|(heading, _)| heading == "Sources")
        .flat_map(|(_, body)| items(&body))
        .collect();
    html! {
        section #sources aria-labelledby="h-sources" {
            h2 #h-sources { "Sources" }
            p.small {
                "The dates are those the pages carried when the rules were written. Pages change: a date says what was true "
                "then, not that it still is. The statements behind the rules were last compared with their pages on "
                (docs::statements_checked()) "; " code { "zdr-check terms check" } " does so again."
            }
            h3 { "Tables of facts" }
            ul.plain {
                @for table in docs::tables() {
                    li {
                        (table.name) ": "
                        a href=(table.source.url) rel="noopener noreferrer" { (table.source.title) } ", "
                        (table.source.date)
                    }
                }
            }
            @if !pages.is_empty() {
                h3 { "Pages cited by the rules of this report" }
                details {
                    summary { (pages.len()) " pages" }
                    (markdown(&pages.into_iter().collect::<Vec<_>>().join("\n")))
                }
            }
        }
    }
}

/// The items of a Markdown list, each on one line.
fn items(body: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in body.lines() {
        match all.last_mut() {
            _ if line.starts_with("- ") => all.push(line.to_owned()),
            Some(last) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            None => {}
        }
    }
    all
}
