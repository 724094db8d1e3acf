//! Where the facts behind the rules of this report come from, and how old the pages are.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::coverage::{cell, head, table};
use super::rule::markdown;
use super::{count, mark};
use crate::assessment::{Assessment, SourceRecord};
use crate::docs;
use crate::outcome::Outcome;
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
                (docs::statements_checked())
                @match &assessment.run.policy.terms_lock {
                    Some(own) => {
                        ", or later as the lock file " bdi { (own.path) } " (SHA-256 " code { (own.sha256) } ") says."
                    }
                    None => { "; " code { "zdr-check terms check" } " does so again." }
                }
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
            @if !assessment.sources.is_empty() {
                h3 { "Statements behind the rules of this report" }
                details {
                    summary { (count(assessment.sources.len(), "statement")) }
                    (table("What the rules rely on, with the page that says so",
                        &["statement", "page", "page dated", "last checked"],
                        &html! { @for own in &assessment.sources { (statement(own)) } }))
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

fn statement(own: &SourceRecord) -> Markup {
    html! {
        tr role="row" {
            (head("statement", &html! { code { (own.id) } div.small { (own.claim) } }))
            (cell("page", &html! {
                div { a href=(own.source.url) rel="noopener noreferrer" { (own.source.title) } }
                @if !own.contradicted_by.is_empty() {
                    div.small { "contradicted by " @for (place, id) in own.contradicted_by.iter().enumerate() {
                        @if place > 0 { ", " } code { (id) }
                    } }
                }
            }))
            (cell("page dated", &html! { (own.document_date().unwrap_or("no date")) }))
            (cell("last checked", &html! {
                (own.last_checked)
                @match own.passage_found {
                    Some(true) => div.small { "passage found" },
                    Some(false) => div { span.b.unknown { (mark::symbol(Outcome::Unknown)) "passage not found" } },
                    None => {}
                }
            }))
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
