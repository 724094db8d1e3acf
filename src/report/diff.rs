//! What changed between two runs: for people, for programs and for a pull request.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::markdown::escape;
use super::table::style;
use super::{Look, harmless};
use crate::assessment::compare::{Change, ChangeKind, Comparison};
use crate::outcome::{Axis, Outcome};
use crate::term::{Overlong, Screen, Span};

/// Value of `diff --format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffFormat {
    /// For people at a terminal.
    Table,
    /// For programs.
    Json,
    /// For pull requests and wikis.
    Markdown,
}

const SCHEMA: &str = "zdr-check/diff/1";

/// Writes `comparison` to `out` and flushes it. `exit_code` is the one the gate decided.
///
/// # Errors
/// When `out` does not take it.
pub fn render(
    format: DiffFormat,
    comparison: &Comparison,
    exit_code: u8,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = match format {
        DiffFormat::Table => table(comparison, exit_code, look),
        DiffFormat::Json => json(comparison, exit_code)?,
        DiffFormat::Markdown => markdown(comparison, exit_code),
    };
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// What a kind of change means, as a heading.
pub(super) fn heading(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::ApprovalVanished => "APPROVAL VANISHED",
        ChangeKind::New => "NEW FAILURES",
        ChangeKind::Lapsed => "NO LONGER ACCEPTED",
        ChangeKind::NewlyUnreadable => "NEWLY UNKNOWN",
        ChangeKind::Changed => "CHANGED",
        ChangeKind::OutOfSight => "OUT OF SIGHT",
        ChangeKind::Disappeared => "GONE",
        ChangeKind::Appeared => "NEW ACCOUNTS",
        ChangeKind::Accepted => "NOW ACCEPTED",
        ChangeKind::NowReadable => "NOW KNOWN",
        ChangeKind::Fixed => "FIXED",
    }
}

fn mark(change: &Change) -> Outcome {
    match change.kind {
        ChangeKind::ApprovalVanished | ChangeKind::New => Outcome::Fail,
        ChangeKind::NewlyUnreadable | ChangeKind::OutOfSight | ChangeKind::Disappeared => Outcome::Unknown,
        ChangeKind::Lapsed | ChangeKind::Changed | ChangeKind::Appeared => change.after.unwrap_or(Outcome::Manual),
        ChangeKind::Accepted => Outcome::Waived,
        ChangeKind::NowReadable | ChangeKind::Fixed => Outcome::Pass,
    }
}

/// `subscription, group, account, …` without the fixed segments of an id.
fn short(id: &str) -> String {
    let segments: Vec<&str> = id.split('/').collect();
    match segments.as_slice() {
        ["", _, subscription] => format!("subscription {subscription}"),
        ["", _, _, _, _, _, _, _, account, below @ ..] => {
            std::iter::once(*account).chain(below.iter().skip(1).step_by(2).copied()).collect::<Vec<_>>().join("/")
        }
        _ => id.to_owned(),
    }
}

fn transition(change: &Change, ascii: bool) -> String {
    let word = |outcome: Option<Outcome>| outcome.map_or("absent", Outcome::as_str);
    format!("{} {} {}", word(change.before), if ascii { "->" } else { "→" }, word(change.after))
}

fn sentence(comparison: &Comparison, exit_code: u8) -> String {
    let regressions = comparison.regressions().count();
    let fixed = comparison.count(ChangeKind::Fixed) + comparison.count(ChangeKind::NowReadable);
    let worse =
        if regressions == 1 { "1 result got worse".to_owned() } else { format!("{regressions} results got worse") };
    let partial = if comparison.complete { "" } else { "; the newer run is incomplete" };
    let policy = if comparison.same_policy { "" } else { "; the policies differ, which by itself can change results" };
    format!("exit {exit_code}: {worse}, {fixed} better{partial}{policy}")
}

fn table(comparison: &Comparison, exit_code: u8, look: &Look) -> String {
    let screen = &look.screen;
    if look.quiet {
        return format!("zdr-check diff: {}\n", sentence(comparison, exit_code));
    }
    let title = format!("zdr-check diff: {} to {}", when(comparison.before), when(comparison.after));
    let mut out = format!("{}\n", screen.paint(style::BOLD, &title));
    for kind in ChangeKind::ALL {
        let changes: Vec<&Change> = comparison.changes.iter().filter(|change| change.kind == kind).collect();
        if !changes.is_empty() {
            let heading = Span::styled(heading(kind), style::BOLD);
            let count = Span::styled(format!(" {} {}", screen.symbols.dot, changes.len()), style::DIM);
            out.push('\n');
            out.push_str(&screen.paragraph(&Span::plain(""), &[heading, count], Overlong::Break));
            out.extend(changes.into_iter().map(|change| line(change, screen)));
        }
    }
    out.push_str(if comparison.changes.is_empty() { "\nnothing changed\n\n" } else { "\n" });
    let end = Span::styled(sentence(comparison, exit_code), style::BOLD);
    out.push_str(&screen.paragraph(&Span::plain(""), &[end], Overlong::Break));
    out
}

/// `2026-11-22 10:00 UTC`.
pub(super) fn when(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// One difference for the terminal.
pub(super) fn line(change: &Change, screen: &Screen) -> String {
    let outcome = mark(change);
    let first = format!("{} ", style::symbol(outcome, &screen.symbols));
    let mut spans = vec![Span::styled(screen.clean(&short(&change.resource_id)), style::BOLD)];
    if let Some(rule) = &change.rule {
        spans.push(Span::plain(" "));
        spans.push(Span::styled(change.severity.as_str(), style::of_severity(change.severity)));
        spans.push(Span::plain(screen.clean(&format!(" {rule} ({})", transition(change, screen.symbols.ascii)))));
    }
    spans.push(Span::plain(screen.clean(&format!(": {}", change.message))));
    screen.paragraph(&Span::styled(first, style::of_outcome(outcome)), &spans, Overlong::Break)
}

#[derive(Serialize)]
struct JsonDiff<'a> {
    schema: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    comparison: JsonComparison<'a>,
}

#[derive(Serialize)]
pub(super) struct JsonComparison<'a> {
    before: Timestamp,
    after: Timestamp,
    complete: bool,
    same_policy: bool,
    regressions: usize,
    changes: Vec<JsonChange<'a>>,
}

#[derive(Serialize)]
struct JsonChange<'a> {
    kind: &'static str,
    regression: bool,
    rule: Option<&'a str>,
    severity: &'static str,
    axis: Option<&'static str>,
    resource_id: &'a str,
    before: Option<&'static str>,
    after: Option<&'static str>,
    message: &'a str,
}

fn json_change(change: &Change) -> JsonChange<'_> {
    JsonChange {
        kind: change.kind.as_str(),
        regression: change.kind.is_regression(),
        rule: change.rule.as_deref(),
        severity: change.severity.as_str(),
        axis: change.axis.map(Axis::as_str),
        resource_id: &change.resource_id,
        before: change.before.map(Outcome::as_str),
        after: change.after.map(Outcome::as_str),
        message: &change.message,
    }
}

fn json(comparison: &Comparison, exit_code: u8) -> io::Result<String> {
    let diff = JsonDiff { schema: SCHEMA, exit_code, comparison: json_comparison(comparison) };
    let mut bytes = Vec::new();
    harmless::write(&diff, &mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// The comparison as JSON, in a diff and in the report of a scan with a baseline.
pub(super) fn json_comparison(comparison: &Comparison) -> JsonComparison<'_> {
    JsonComparison {
        before: comparison.before,
        after: comparison.after,
        complete: comparison.complete,
        same_policy: comparison.same_policy,
        regressions: comparison.regressions().count(),
        changes: comparison.changes.iter().map(json_change).collect(),
    }
}

/// For a pull request: what got worse as a table, the rest folded.
fn markdown(comparison: &Comparison, exit_code: u8) -> String {
    let (before, after) = (when(comparison.before), when(comparison.after));
    let mut out = format!("## zdr-check: {before} to {after}\n\n**{}**\n", sentence(comparison, exit_code));
    for kind in ChangeKind::ALL {
        let changes: Vec<&Change> = comparison.changes.iter().filter(|change| change.kind == kind).collect();
        if changes.is_empty() {
            continue;
        }
        let title = format!("{} ({})", heading(kind).to_lowercase(), changes.len());
        let (open, close) = if kind.is_regression() {
            (format!("\n### {title}\n\n"), "")
        } else {
            (format!("\n<details><summary>{title}</summary>\n\n"), "\n</details>\n")
        };
        out.push_str(&open);
        out.push_str("| resource | severity | rule | change | what |\n|---|---|---|---|---|\n");
        for change in changes {
            let cells = [
                short(&change.resource_id),
                if change.rule.is_some() { change.severity.as_str().to_owned() } else { String::new() },
                change.rule.clone().unwrap_or_default(),
                if change.rule.is_some() { transition(change, false) } else { String::new() },
                change.message.clone(),
            ];
            out.push_str("| ");
            out.push_str(&cells.map(|cell| escape(&cell)).join(" | "));
            out.push_str(" |\n");
        }
        out.push_str(close);
    }
    out
}
