//! What one result rests on, what to do about it, and what a person laid over it.

use maud::{Markup, html};

use super::{mark, summary};
use crate::assessment::{AttestationSummary, Overlay, RuleResult, WaiverSummary};
use crate::report::table::remedy::split;
use crate::snapshot::Citation;

/// Values that were looked at.
pub(super) fn evidence(all: &[Citation]) -> Markup {
    html! {
        ul.ev {
            @for own in all {
                li {
                    code { (if own.pointer.is_empty() { "whole answer" } else { own.pointer.as_str() }) } " "
                    @if own.value.is_null() { em { "absent" } } @else { code.v { (own.value) } }
                    span.src {
                        (own.operation.as_str()) @if let Some(request) = &own.request_id { ", request " (request) } ", "
                        (summary::instant(own.at))
                    }
                }
            }
        }
    }
}

/// What to do, its commands ready to be copied.
pub(super) fn fix(text: &str) -> Markup {
    let (prose, commands) = split(text);
    html! {
        p.fix { strong { "Fix: " } bdi { (quoted(prose)) } }
        @for command in commands { pre tabindex="0" { code { (command) } } }
    }
}

/// The same without a label.
pub(super) fn steps(text: &str) -> Markup {
    let (prose, commands) = split(text);
    html! {
        bdi { (quoted(prose)) }
        @for command in commands { pre tabindex="0" { code { (command) } } }
    }
}

/// Prose in which backticks set literals apart.
fn quoted(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (place, part) in parts.iter().enumerate() {
            @if place.is_multiple_of(2) { (part) } @else { code { (part) } }
        }
    }
}

/// What a person laid over the result.
pub(super) fn overlay(result: &RuleResult) -> Markup {
    html! {
        @match &result.overlay {
            None => {}
            Some(Overlay::Waiver(own)) => {
                p.overlay { (mark::badge(own.inner)) " without the waiver. " (waiver(own)) }
            }
            Some(Overlay::Attestation(own)) => { p.overlay { (attestation(own)) } }
        }
    }
}

/// A waiver in words.
pub(super) fn waiver(own: &WaiverSummary) -> Markup {
    html! {
        "Waived until " strong { (own.expires) } " by " bdi { (own.owner) }
        @if let Some(ticket) = &own.ticket { " (" bdi { (ticket) } ")" }
        ": " bdi { (own.reason) }
    }
}

/// An attestation in words.
pub(super) fn attestation(own: &AttestationSummary) -> Markup {
    html! {
        "Attested on " (own.date) " until " strong { (own.expires) } " by " bdi { (own.by) } ": "
        bdi { (own.statement) }
        @if let Some((path, sha256)) = &own.evidence { " Document " bdi { (path) } ", SHA-256 " code { (sha256) } }
    }
}
