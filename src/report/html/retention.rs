//! How long content stays: a calendar of what is gone when, and what each account keeps.

use maud::{Markup, html};

use super::coverage::{cell, head, table};
use super::places::Places;
use super::{count, evidence, mark};
use crate::assessment::{Assessment, Clock, ClockState};
use crate::outcome::Outcome;
use crate::report::calendar::{Entry, by_account, calendar, holds, left, moment};

/// The section.
pub(super) fn write(assessment: &Assessment, places: &Places<'_>) -> Markup {
    let entries = calendar(assessment);
    html! {
        section #retention aria-labelledby="h-retention" {
            h2 #h-retention { "Retention" }
            @if entries.is_empty() {
                p { "No store of prompts or completions was found, and nothing is waiting to be purged." }
            } @else {
                p.small {
                    "Only deleted accounts and subscriptions that end run out by themselves. For a store that is open, the date "
                    "is that by which content written when this run ended (" (moment(assessment.run.finished_at))
                    ") would be gone; what is written later stays later."
                }
                h3 { "What is gone when" }
                (table("Calendar, the earliest first, what has no date last",
                    &["gone by", "store", "where", "kept", "what ends it sooner", "documented"],
                    &html! { @for entry in &entries { (line(assessment, entry, places)) } }))
                (accounts(assessment, places))
            }
        }
    }
}

fn line(assessment: &Assessment, entry: &Entry<'_>, places: &Places<'_>) -> Markup {
    let clock = entry.clock;
    html! {
        tr role="row" {
            (head("gone by", &html! {
                @match clock.gone_by {
                    Some(at) => {
                        time datetime=(at) { (moment(at)) }
                        @if let Some(left) = left(assessment, clock) { div.small { (left) } }
                    }
                    None => "no date",
                }
            }))
            (cell("store", &html! {
                div { strong { (clock.store) } " " (state(clock.state)) }
                div.small { (holds(clock)) }
            }))
            (cell("where", &scopes(entry, places)))
            (cell("kept", &html! { (clock.keeps) }))
            (cell("what ends it sooner", &evidence::steps(&clock.end)))
            (cell("documented", &html! {
                div { a href=(clock.source.url) rel="noopener noreferrer" { (clock.source.title) } ", " (clock.source.date) }
            }))
        }
    }
}

/// Where it is; many places are folded.
fn scopes(entry: &Entry<'_>, places: &Places<'_>) -> Markup {
    let name = |scope: &str| html! { bdi { (places.of_clock(entry.clock, scope)) } };
    html! {
        @if let [scope] = entry.scopes.as_slice() { (name(scope)) } @else {
            details {
                summary { (count(entry.scopes.len(), "resource")) }
                ul.plain { @for scope in &entry.scopes { li { (name(scope)) } } }
            }
        }
    }
}

fn state(state: ClockState) -> Markup {
    match state {
        ClockState::Running => html! { span.b.unknown { "running out" } },
        ClockState::Found => html! { span.b.fail { (mark::symbol(Outcome::Fail)) "found" } },
        ClockState::Possible => html! { span.b.manual { (mark::symbol(Outcome::Manual)) "possible" } },
    }
}

/// The stores of each account, in the order of the accounts on the page.
fn accounts(assessment: &Assessment, places: &Places<'_>) -> Markup {
    let mut all: Vec<(String, Vec<&Clock>)> = by_account(assessment).into_iter().collect();
    all.sort_by_cached_key(|(id, _)| (places.rank(id).unwrap_or(usize::MAX), id.clone()));
    html! {
        @if !all.is_empty() {
            h3 { "By account" }
            (table("Accounts with the stores that were found or are possible", &["account", "found", "possible"],
                &html! { @for (id, clocks) in &all { (account(id, clocks, places)) } }))
        }
    }
}

fn account(id: &str, clocks: &[&Clock], places: &Places<'_>) -> Markup {
    let of = |state: ClockState| clocks.iter().copied().filter(|own| own.state == state).collect::<Vec<&Clock>>();
    let (found, possible) = (of(ClockState::Found), of(ClockState::Possible));
    html! {
        tr role="row" {
            (head("account", &html! {
                @match places.rank(id) {
                    Some(rank) => a href={ "#a-" (rank) } { bdi { (places.resource(id)) } },
                    None => bdi { (places.resource(id)) },
                }
            }))
            (cell("found", &html! {
                @if found.is_empty() { "none" } @else { ul.plain { @for own in &found { (store(own, id, places)) } } }
            }))
            (cell("possible", &html! {
                @if possible.is_empty() { "none" } @else {
                    details {
                        summary { (count(possible.len(), "store")) }
                        ul.plain { @for own in &possible { (store(own, id, places)) } }
                    }
                }
            }))
        }
    }
}

/// `store: how long`, with the resource below the account that it belongs to.
fn store(clock: &Clock, account: &str, places: &Places<'_>) -> Markup {
    html! {
        li {
            strong { (clock.store) } ": " (clock.keeps)
            @if let Some(at) = clock.gone_by { span.small { ", gone by " (moment(at)) } }
            @if !clock.scope.eq_ignore_ascii_case(account) { div.small { bdi { (places.resource(&clock.scope)) } } }
        }
    }
}
