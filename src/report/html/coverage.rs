//! What was read and what was not: a clean page over half an estate must not look like one over all of it.

use maud::{Markup, html};

use super::places::Places;
use super::{count, mark};
use crate::assessment::{Assessment, ReadStatus, SubscriptionCoverage, Unreadable};
use crate::outcome::Outcome;

/// The section.
pub(super) fn write(assessment: &Assessment, places: &Places<'_>) -> Markup {
    let coverage = &assessment.coverage;
    let requests = &coverage.requests;
    html! {
        section #coverage aria-labelledby="h-coverage" {
            h2 #h-coverage { "Coverage" }
            p {
                @if assessment.complete { (mark::badge(Outcome::Pass)) " Complete: " }
                @else { (mark::badge(Outcome::Unknown)) " Incomplete: not " }
                "everything the promised axes depend on could be judged. "
                (count(usize::try_from(requests.sent).unwrap_or(usize::MAX), "request")) " sent, "
                (requests.retried) " retried, " (requests.throttled) " throttled."
            }
            h3 { "Subscriptions" }
            (table("Subscriptions in scope and how much of them was read",
                &["subscription", "id", "state", "accounts", "read", "cause"],
                &html! { @for own in &coverage.subscriptions { (subscription(own)) } }))
            h3 { "Could not be read" }
            @if coverage.unreadable.is_empty() {
                p { "Every read that was asked for was answered." }
            } @else {
                (table("Reads that failed, and the right that would allow them",
                    &["where", "call", "cause", "missing right", "answer"],
                    &html! { @for own in &coverage.unreadable { (unreadable(own, places)) } }))
            }
        }
    }
}

/// A table that becomes cards where there is little room.
pub(super) fn table(caption: &str, heads: &[&str], rows: &Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.cards role="table" {
                caption { (caption) }
                thead role="rowgroup" {
                    tr role="row" { @for head in heads { th role="columnheader" scope="col" { (head) } } }
                }
                tbody role="rowgroup" { (rows) }
            }
        }
    }
}

/// A cell under `label`.
pub(super) fn cell(label: &str, content: &Markup) -> Markup {
    html! { td role="cell" data-label=(label) { (content) } }
}

/// The cell that names its row.
pub(super) fn head(label: &str, content: &Markup) -> Markup {
    html! { th role="rowheader" scope="row" data-label=(label) { (content) } }
}

fn subscription(own: &SubscriptionCoverage) -> Markup {
    let outcome = match own.status {
        ReadStatus::Read => Outcome::Pass,
        ReadStatus::Partial | ReadStatus::Unreadable => Outcome::Unknown,
    };
    let accounts = match own.status {
        ReadStatus::Read | ReadStatus::Partial => own.accounts.to_string(),
        ReadStatus::Unreadable => "unknown".to_owned(),
    };
    html! {
        tr role="row" {
            (head("subscription", &html! { bdi { (own.name.as_deref().unwrap_or("name unknown")) } }))
            (cell("id", &html! { (own.id) }))
            (cell("state", &html! { (own.state.as_deref().unwrap_or("unknown")) }))
            (cell("accounts", &html! { (accounts) }))
            (cell("read", &html! {
                span class={ "b " (outcome.as_str()) } { (mark::symbol(outcome)) (own.status.as_str()) }
            }))
            (cell("cause", &html! { (own.cause.unwrap_or("none")) }))
        }
    }
}

fn unreadable(own: &Unreadable, places: &Places<'_>) -> Markup {
    html! {
        tr role="row" {
            (head("where", &html! { bdi { (places.resource(&own.scope)) } div.small { bdi { (own.scope) } } }))
            (cell("call", &html! { (own.operation) }))
            (cell("cause", &html! { (own.cause) }))
            (cell("missing right", &html! {
                @if let Some(action) = &own.action { code { (action) } } @else { "none" }
            }))
            (cell("answer", &html! { bdi { (own.detail.as_deref().unwrap_or("none")) } }))
        }
    }
}
