//! What people laid over results, and what the reader should know about the policy: nothing accepted is invisible.

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};

use super::{count, evidence, mark};
use crate::assessment::{Assessment, Overlay};
use crate::outcome::Outcome;

/// Waivers and attestations in force, with the number of results each covers.
pub(super) fn write(assessment: &Assessment) -> Markup {
    let mut groups: BTreeMap<(Outcome, &str, String), usize> = BTreeMap::new();
    let results = assessment.results.open();
    for result in results {
        let words = match &result.overlay {
            None => continue,
            Some(Overlay::Waiver(own)) => evidence::waiver(own),
            Some(Overlay::Attestation(own)) => evidence::attestation(own),
        };
        *groups.entry((result.outcome, result.rule, words.into_string())).or_default() += 1;
    }
    html! {
        section #accepted aria-labelledby="h-accepted" {
            h2 #h-accepted { "Accepted by people" }
            @if groups.is_empty() {
                p { "No waiver and no attestation is in force on any result." }
            } @else {
                p.small { "Waivers and attestations end on a date. A waived failure is still there." }
                ul.rows {
                    @for ((outcome, rule, words), number) in groups {
                        li {
                            (mark::badge(outcome)) " " a href={ "#rule-" (rule) } { code { (rule) } }
                            " on " (count(number, "result"))
                            p { (PreEscaped(words)) }
                        }
                    }
                }
            }
        }
    }
}

/// Notes, what is no longer in force marked.
pub(super) fn notes(assessment: &Assessment) -> Markup {
    html! {
        @if !assessment.notes.is_empty() {
            section #notes aria-labelledby="h-notes" {
                h2 #h-notes { "Notes" }
                p.small { "On the policy file and on the knowledge behind the rules." }
                ul.rows {
                    @for note in &assessment.notes {
                        li {
                            @if note.kind.is_loud() {
                                span.b.fail { (mark::symbol(Outcome::Fail)) (note.kind.as_str()) }
                            } @else { strong { (note.kind.as_str()) } }
                            @if let Some(line) = note.line { ", line " (line) }
                            p { bdi { (note.message) } ". " bdi { (note.remediation) } }
                        }
                    }
                }
            }
        }
    }
}
