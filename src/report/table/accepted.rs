//! What people laid over results (waivers, attestations), and notes on the policy file: nothing accepted is invisible.

use std::collections::BTreeMap;

use super::names::Names;
use super::{Page, findings, style};
use crate::assessment::{Assessment, AttestationSummary, Note, Overlay, RuleResult, WaiverSummary};
use crate::outcome::Outcome;
use crate::term::Span;

/// Indentation below a rule.
const INDENT: usize = 4;

/// Waived results, by rule and waiver: what they are without it, why it is accepted, by whom and until when.
pub(super) fn waived(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    section(page, assessment, names, Outcome::Waived, "accepted by a person until a date, and still there");
}

/// Attested results, by rule and attestation.
pub(super) fn attested(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    section(page, assessment, names, Outcome::Attested, "answered by a person until a date");
}

fn section(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>, outcome: Outcome, rest: &str) {
    let mut groups: BTreeMap<(&str, String), Vec<&RuleResult>> = BTreeMap::new();
    let all = assessment.results.with(outcome);
    for result in &all {
        groups.entry((result.rule, words(result))).or_default().push(result);
    }
    if groups.is_empty() {
        return;
    }
    let total = groups.values().map(Vec::len).sum();
    page.heading(&outcome.as_str().to_uppercase(), &format!("{} {rest}", style::count(total, "result")));
    for ((_, words), results) in groups {
        page.out.push('\n');
        findings::rule_title(page, results[0]);
        findings::resources(page, names, &results);
        let words = page.clean(&words);
        page.indented(INDENT, &[Span::plain(words)]);
        if results.len() == 1 {
            let message = page.clean(&results[0].message);
            page.indented(INDENT, &[Span::styled(message, style::DIM)]);
        }
    }
}

/// What was laid over a result, in a sentence.
pub(in crate::report) fn words(result: &RuleResult) -> String {
    match &result.overlay {
        Some(Overlay::Waiver(WaiverSummary { inner, reason, owner, expires, ticket })) => {
            let ticket = ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
            format!("{}, waived until {expires} by {owner}{ticket}: {reason}", inner.as_str())
        }
        Some(Overlay::Attestation(AttestationSummary { statement, by, date, expires, evidence })) => {
            let evidence = evidence.as_ref().map(|(path, _)| format!(", evidence {path}")).unwrap_or_default();
            format!("attested on {date} until {expires} by {by}{evidence}: {statement}")
        }
        None => "without a reason".to_owned(),
    }
}

/// Notes on the policy file, what is no longer in force first.
pub(super) fn notes(page: &mut Page<'_>, assessment: &Assessment, _: &Names<'_>) {
    if assessment.notes.is_empty() {
        return;
    }
    let path = assessment.run.policy.file.as_ref().map_or("the knowledge behind the rules", |file| file.path.as_str());
    let path = page.clean(path);
    page.heading("NOTES", &format!("on {path}"));
    for Note { kind, message, line, remediation } in &assessment.notes {
        let colour = if kind.is_loud() { style::NOTICE } else { style::BOLD };
        let bullet = format!("{} ", page.look.screen.symbols.bullet);
        let place = line.map(|line| format!(", line {line}")).unwrap_or_default();
        let text = page.clean(&format!("{place}: {message}. {remediation}"));
        page.spans(&bullet, &[Span::styled(kind.as_str(), colour), Span::plain(text)]);
    }
}
