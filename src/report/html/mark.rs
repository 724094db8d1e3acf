//! Marks of outcomes and severities: always a symbol and a word, so that nothing depends on colour.

use maud::{Markup, PreEscaped, html};

use crate::outcome::{Outcome, Severity};
use crate::report::table::style;

/// Shapes of the symbols on a grid of 16, drawn with strokes.
const SHAPES: [(Outcome, &str); 7] = [
    (Outcome::Fail, "M4 4l8 8M12 4l-8 8"),
    (Outcome::Unknown, "M5.2 5.6a2.9 2.9 0 1 1 4.4 2.5c-1 .6-1.6 1.1-1.6 2.1M8 12.9v.2"),
    (Outcome::Manual, "M3.5 12.5l.6-2.8 6.6-6.6 2.2 2.2-6.6 6.6zM9.3 4.5l2.2 2.2"),
    (Outcome::Waived, "M3 9.2c1.6-2.6 3.4-2.6 5-1.2s3.4 1.4 5-1.2"),
    (Outcome::Attested, "M3 9l3 3 4-6M10 12l4-7"),
    (Outcome::Pass, "M3.2 8.6l3.2 3.4 6.4-7.6"),
    (Outcome::NotApplicable, "M4 8h8"),
];

/// The symbols, for the rest of the page to refer to.
pub(super) fn symbols() -> Markup {
    html! {
        svg.defs aria-hidden="true" width="0" height="0" {
            @for (outcome, shape) in SHAPES {
                symbol id={ "i-" (outcome.as_str()) } viewBox="0 0 16 16" {
                    path d=(shape) fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
                        stroke-linejoin="round" {}
                }
            }
        }
    }
}

/// A symbol without its word, which must stand elsewhere.
pub(super) fn symbol(outcome: Outcome) -> Markup {
    html! { svg.i aria-hidden="true" { use href={ "#i-" (outcome.as_str()) } {} } }
}

/// Symbol and word.
pub(super) fn badge(outcome: Outcome) -> Markup {
    html! { span class={ "b " (outcome.as_str()) } { (symbol(outcome)) (word(outcome)) } }
}

/// Symbol, number and word.
pub(super) fn counted(outcome: Outcome, number: usize) -> Markup {
    html! { span class={ "b " (outcome.as_str()) } { (symbol(outcome)) (number) " " (word(outcome)) } }
}

/// Word of an outcome.
pub(super) fn word(outcome: Outcome) -> Markup {
    match outcome {
        Outcome::NotApplicable => html! { abbr title="not applicable" { "n/a" } },
        Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Waived | Outcome::Attested | Outcome::Pass => {
            PreEscaped(style::word(outcome).to_owned())
        }
    }
}

/// Word of an outcome where there is no place for an abbreviation.
pub(super) fn plain(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable => "not applicable",
        Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Waived | Outcome::Attested | Outcome::Pass => {
            outcome.as_str()
        }
    }
}

/// A severity in words.
pub(super) fn severity(severity: Severity) -> Markup {
    html! { span class={ "s " (severity.as_str()) } { (severity.as_str()) } }
}
