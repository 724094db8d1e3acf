//! The end of the report, where a person looks first: counts, what the exit code is and why.

use std::borrow::Cow;
use std::collections::BTreeSet;

use anstyle::Style;

use super::names::Names;
use super::{Page, style};
use crate::assessment::{Assessment, NoteKind, RuleResult};
use crate::outcome::{Axis, FailOn, Outcome, Profile, Severity};
use crate::snapshot::Source;
use crate::term::Span;

/// Writes the counts, the verdict and where to read on.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, _: &Names<'_>) {
    let results = style::count(assessment.summary.outcomes.iter().map(|(_, count)| count).sum(), "result");
    page.heading("RESULT", &format!("{results} on {}", style::count(assessment.summary.accounts, "account")));
    page.spans(&format!("  {:<11}", "results"), &[Span::plain(totals(assessment))]);
    for axis in Axis::ALL {
        axis_line(page, assessment, axis);
    }
    page.out.push('\n');
    page.spans("", &[Span::styled(sentence(assessment), colour(assessment))]);
    legend(page);
    let worst = assessment.results.open().filter(|result| result.outcome == Outcome::Fail);
    let worst = worst.max_by_key(|result| (result.severity, std::cmp::Reverse(result.rule)));
    let rule = worst.map_or("RULE", |result| result.rule);
    page.line(style::DIM, &format!("zdr-check explain {rule}: what it means, how to fix it, what it cannot see"));
}

/// The report of `--quiet`.
pub(super) fn one_line(page: &mut Page<'_>, assessment: &Assessment) {
    let demo = match assessment.run.source {
        Source::Demo => "demo estate, ",
        Source::Live | Source::Snapshot | Source::Plan => "",
    };
    let accounts = style::count(assessment.summary.accounts, "account");
    let blanket = assessment.notes.iter().filter(|note| note.kind == NoteKind::WaiverBlanket).count();
    let mut loud = match assessment.notes.iter().filter(|note| note.kind.is_loud()).count() - blanket {
        0 => String::new(),
        1 => "; 1 waiver or attestation no longer in force".to_owned(),
        number => format!("; {number} waivers or attestations no longer in force"),
    };
    if blanket > 0 {
        loud.push_str("; a waiver accepts everything");
    }
    let text = format!("zdr-check: {demo}{accounts}: {}; {}{loud}", totals(assessment), sentence(assessment));
    let text = page.look.screen.paint(colour(assessment), &text);
    page.out.push_str(&text);
    page.out.push('\n');
}

/// `2 fail, 1 unknown, …`: outcomes that did not occur are left out, hidden ones are not.
pub(in crate::report) fn totals(assessment: &Assessment) -> String {
    let some = assessment.summary.outcomes.iter().filter(|(_, count)| *count > 0);
    let words: Vec<String> = some.map(|(outcome, count)| format!("{count} {}", outcome.as_str())).collect();
    if words.is_empty() { "no results".to_owned() } else { words.join(", ") }
}

fn axis_line(page: &mut Page<'_>, assessment: &Assessment, axis: Axis) {
    let Some((_, counts)) = assessment.summary.axes.iter().find(|(own, _)| *own == axis) else { return };
    let states = [
        (Outcome::Fail, counts.fail),
        (Outcome::Unknown, counts.unknown),
        (Outcome::Manual, counts.manual),
        (Outcome::Pass, counts.pass),
    ];
    let mut spans = Vec::new();
    for (outcome, number) in states.into_iter().filter(|(_, number)| *number > 0) {
        if !spans.is_empty() {
            spans.push(Span::plain(", "));
        }
        let mark = style::symbol(outcome, &page.look.screen.symbols);
        spans.push(Span::styled(format!("{mark} {number} {}", style::word(outcome)), style::of_outcome(outcome)));
    }
    if !spans.is_empty() {
        page.spans(&format!("  {:<11}", axis.as_str()), &spans);
    }
}

/// The verdict in words, starting with the exit code.
pub(in crate::report) fn sentence(assessment: &Assessment) -> String {
    let (summary, policy) = (&assessment.summary, &assessment.run.policy);
    let least = match policy.fail_on {
        FailOn::From(severity) => format!("at or above {}", severity.as_str()),
        FailOn::Never => "counted (--fail-on never)".to_owned(),
    };
    let milder = match summary.count(Outcome::Fail).saturating_sub(summary.gating_failures + summary.advice) {
        0 => String::new(),
        number if summary.gating_failures == 0 => format!(", {} not counted", style::count(number, "failure")),
        number => format!(", {number} below"),
    };
    let milder = if policy.regressions_only { format!("{milder} or in the baseline") } else { milder };
    let open = incomplete(assessment);
    let why = match (assessment.exit_code, open) {
        (0, Some(open)) => format!("incomplete, accepted by --allow-incomplete: {open}; no failure {least}{milder}"),
        (0, None) => format!("complete, no failure {least}{milder}"),
        (1, open) => {
            let also = open.map(|open| format!("; also incomplete: {open}")).unwrap_or_default();
            format!("{} {least}{milder}{also}", style::count(summary.gating_failures, "failure"))
        }
        (3, _) => "nothing was audited: no account in scope".to_owned(),
        (4, open) => format!("incomplete: {}", open.as_deref().unwrap_or(NOT_ALL_READ)),
        (_, _) => "this run has no verdict".to_owned(),
    };
    format!("exit {}: {why}", assessment.exit_code)
}

const NOT_ALL_READ: &str = "not everything could be read, see coverage";

/// What keeps the run from being complete.
fn incomplete(assessment: &Assessment) -> Option<String> {
    let mut reasons = Vec::new();
    if assessment.run.interrupted.is_some() {
        reasons.push("interrupted".to_owned());
    }
    if !assessment.complete {
        reasons.push(unknowns(assessment).unwrap_or_else(|| NOT_ALL_READ.to_owned()));
    }
    if assessment.run.policy.profile == Profile::Strict && assessment.summary.open_manual > 0 {
        let items = style::count(assessment.summary.open_manual, "manual item");
        reasons.push(format!("{items} not attested (--profile strict)"));
    }
    if reasons.is_empty() { None } else { Some(reasons.join(", ")) }
}

/// `3 unknown results on approved, stateless`: what is open on the promised axes. Advice never counts.
fn unknowns(assessment: &Assessment) -> Option<String> {
    let open = |result: &Cow<'_, RuleResult>| {
        result.outcome == Outcome::Unknown && result.axis.is_promised() && result.severity > Severity::Info
    };
    let axes: Vec<Axis> = assessment.results.open().filter(open).map(|result| result.axis).collect();
    let named: BTreeSet<Axis> = axes.iter().copied().collect();
    let words: Vec<&str> = named.into_iter().map(Axis::as_str).collect();
    (!axes.is_empty()).then(|| format!("{} on {}", style::count(axes.len(), "unknown result"), words.join(", ")))
}

fn colour(assessment: &Assessment) -> Style {
    let outcome = match assessment.exit_code {
        0 => Outcome::Pass,
        1 => Outcome::Fail,
        _ => Outcome::Unknown,
    };
    style::of_outcome(outcome).bold()
}

fn legend(page: &mut Page<'_>) {
    let outcomes = [Outcome::Fail, Outcome::Unknown, Outcome::Manual, Outcome::Pass, Outcome::NotApplicable];
    let symbols = page.look.screen.symbols;
    let words = outcomes.map(|outcome| format!("{} {}", style::symbol(outcome, &symbols), style::word(outcome)));
    page.line(style::DIM, &format!("{} (not applicable)", words.join(", ")));
}
