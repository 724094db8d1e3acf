//! Marks, words and colours of outcomes and severities, the same everywhere in the table report.

use anstyle::{AnsiColor, Style};

use crate::outcome::{Outcome, Severity};
use crate::term::Symbols;

/// Headings and names.
pub(in crate::report) const BOLD: Style = Style::new().bold();

/// What a reader may skip.
pub(in crate::report) const DIM: Style = Style::new().dimmed();

/// What must not be overlooked.
pub(in crate::report) const NOTICE: Style = AnsiColor::Yellow.on_default().bold();

/// Colour of an outcome.
pub(in crate::report) fn of_outcome(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Fail => AnsiColor::Red.on_default().bold(),
        Outcome::Unknown => AnsiColor::Yellow.on_default(),
        Outcome::Manual => AnsiColor::Cyan.on_default(),
        Outcome::Waived | Outcome::Attested => AnsiColor::Magenta.on_default(),
        Outcome::Pass => AnsiColor::Green.on_default(),
        Outcome::NotApplicable => DIM,
    }
}

/// Colour of a severity.
pub(in crate::report) fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Blue.on_default(),
        Severity::Info => DIM,
    }
}

/// Mark of an outcome.
pub(in crate::report) fn symbol(outcome: Outcome, symbols: &Symbols) -> &'static str {
    match outcome {
        Outcome::Fail => symbols.fail,
        Outcome::Unknown => symbols.unknown,
        Outcome::Manual => symbols.manual,
        Outcome::Waived => symbols.waived,
        Outcome::Attested => symbols.attested,
        Outcome::Pass => symbols.pass,
        Outcome::NotApplicable => symbols.none,
    }
}

/// Word of an outcome, at most nine columns with its mark.
pub(in crate::report) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable => "n/a",
        Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Waived | Outcome::Attested | Outcome::Pass => {
            outcome.as_str()
        }
    }
}

/// `1 account`, `2 accounts`.
pub(in crate::report) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
