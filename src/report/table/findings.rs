//! Failures by rule, unknowns by cause, and one line per rule for everything else.

use std::collections::{BTreeMap, BTreeSet};

use super::group::{Group, group, shared_remediation};
use super::names::Names;
use super::{Page, remedy, style};
use crate::assessment::{Assessment, RuleResult};
use crate::docs;
use crate::outcome::{Outcome, Severity};
use crate::term::Span;

/// How many resources are named before the rest is counted.
const NAMED: usize = 10;
/// Indentation of what belongs to a rule.
const INDENT: usize = 2;

/// Failures, by rule, the worst severity first.
pub(super) fn failures(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    let mut rules = by_rule(assessment, Outcome::Fail);
    rules.retain(|results| results[0].severity > Severity::Info || page.look.verbose);
    if rules.is_empty() {
        return;
    }
    rules.sort_by_key(|results| (std::cmp::Reverse((results[0].severity, results.len())), results[0].rule));
    let total = rules.iter().map(Vec::len).sum();
    let rest = format!("{} of {}", style::count(total, "result"), style::count(rules.len(), "rule"));
    page.heading("FAILURES", &rest);
    for results in rules {
        page.out.push('\n');
        rule_title(page, results[0]);
        let groups = group(results);
        let shared = shared_remediation(&groups);
        for group in &groups {
            resources(page, names, &group.results);
            page.indented(INDENT + 2, &[Span::plain(page.clean(&group.message))]);
            if shared.is_none() {
                fix(page, INDENT + 2, group.remediation.as_deref());
            }
        }
        fix(page, INDENT, shared.as_deref());
    }
}

/// Unknowns, by cause and by what could not be read: one missing right explains many results.
pub(super) fn unknowns(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    let all: Vec<&RuleResult> = of(assessment, Outcome::Unknown).collect();
    if all.is_empty() {
        return;
    }
    let rest = format!("{} that could not be told, and are no pass", style::count(all.len(), "result"));
    page.heading("UNKNOWN", &rest);
    let mut groups = group(all);
    let promised = |group: &Group<'_>| group.results.iter().any(|result| result.axis.is_promised());
    groups.sort_by_key(|group| (!promised(group), std::cmp::Reverse(group.results.len())));
    for group in &groups {
        page.out.push('\n');
        let mark = style::symbol(Outcome::Unknown, &page.look.screen.symbols);
        let cause = group.results[0].cause.unwrap_or("unknown");
        let colour = style::of_outcome(Outcome::Unknown);
        let message = Span::plain(format!(": {}", page.clean(&group.message)));
        page.marked(&Span::styled(format!("{mark} "), colour), &[Span::styled(cause, colour), message]);
        resources(page, names, &group.results);
        let rules: BTreeSet<&str> = group.results.iter().map(|result| result.rule).collect();
        let rules: Vec<&str> = rules.into_iter().collect();
        page.indented(INDENT + 2, &[Span::styled(format!("leaves open: {}", rules.join(", ")), style::DIM)]);
        fix(page, INDENT, group.remediation.as_deref());
    }
}

/// Questions for a person, one line per rule.
pub(super) fn manual(page: &mut Page<'_>, assessment: &Assessment, _: &Names<'_>) {
    if !page.look.verbose {
        advice(page, assessment);
    }
    tally(page, assessment, Outcome::Manual, "no API can answer these, a person must attest");
}

/// One line per rule for outcomes that need no explanation each time.
pub(super) fn others(page: &mut Page<'_>, assessment: &Assessment, _: &Names<'_>) {
    if page.look.show_pass || page.look.verbose {
        tally(page, assessment, Outcome::Pass, "with evidence in --format json --show-pass");
        tally(page, assessment, Outcome::NotApplicable, "no meaning for the resource");
    }
}

/// Failures that change no axis and no exit code.
fn advice(page: &mut Page<'_>, assessment: &Assessment) {
    let mut rules = by_rule(assessment, Outcome::Fail);
    rules.retain(|results| results[0].severity == Severity::Info);
    list(page, "ADVICE", "changes no axis; --verbose shows each with its fix", Outcome::Fail, &rules);
}

fn tally(page: &mut Page<'_>, assessment: &Assessment, outcome: Outcome, rest: &str) {
    let title = outcome.as_str().replace('-', " ").to_uppercase();
    list(page, &title, rest, outcome, &by_rule(assessment, outcome));
}

fn list(page: &mut Page<'_>, title: &str, rest: &str, outcome: Outcome, rules: &[Vec<&RuleResult>]) {
    if rules.is_empty() {
        return;
    }
    page.heading(title, rest);
    let mark = format!("{} ", style::symbol(outcome, &page.look.screen.symbols));
    for results in rules {
        let title = docs::title(results[0].rule).map(|title| format!(": {title}")).unwrap_or_default();
        let rest = format!(" on {}{title}", scope_of(results));
        let spans = [Span::styled(results[0].rule, style::BOLD), Span::plain(rest)];
        page.marked(&Span::styled(mark.clone(), style::of_outcome(outcome)), &spans);
    }
}

/// `3 accounts`, or `7 resources` when several resources of an account were judged.
fn scope_of(results: &[&RuleResult]) -> String {
    let accounts: BTreeSet<&str> = results.iter().map(|result| result.account_id.as_str()).collect();
    if accounts.len() == results.len() {
        style::count(accounts.len(), "account")
    } else {
        style::count(results.len(), "resource")
    }
}

pub(super) fn rule_title(page: &mut Page<'_>, result: &RuleResult) {
    let mark = style::symbol(result.outcome, &page.look.screen.symbols);
    let severity = style::of_severity(result.severity);
    let mut spans = vec![
        Span::styled(result.severity.as_str(), severity),
        Span::plain(" "),
        Span::styled(result.rule, style::BOLD),
    ];
    if let Some(title) = docs::title(result.rule) {
        spans.push(Span::plain(format!(": {title}")));
    }
    page.marked(&Span::styled(format!("{mark} "), severity), &spans);
}

/// `• a, b, c and 37 more`.
pub(super) fn resources(page: &mut Page<'_>, names: &Names<'_>, results: &[&RuleResult]) {
    let mut unique = BTreeMap::new();
    for result in results {
        unique.entry(names.resource(&result.resource_id)).or_insert(result.resource_id.as_str());
    }
    let shown = if page.look.verbose { unique.len() } else { NAMED };
    let mut spans = Vec::new();
    for (label, id) in unique.iter().take(shown) {
        if !spans.is_empty() {
            spans.push(Span::plain(", "));
        }
        spans.push(Span::styled(page.clean(label), style::BOLD).to(names.link(id)));
    }
    if let Some(more) = unique.len().checked_sub(shown).filter(|&more| more > 0) {
        spans.push(Span::plain(format!(" and {more} more; --format json lists all")));
    }
    let bullet = format!("{:INDENT$}{} ", "", page.look.screen.symbols.bullet);
    page.spans(&bullet, &spans);
}

fn fix(page: &mut Page<'_>, indent: usize, text: Option<&str>) {
    if let Some(text) = text {
        remedy::write(page, indent, text);
    }
}

fn of(assessment: &Assessment, outcome: Outcome) -> impl Iterator<Item = &RuleResult> {
    assessment.results.iter().filter(move |result| result.outcome == outcome)
}

/// Results of one outcome, by rule id; no list is empty.
fn by_rule(assessment: &Assessment, outcome: Outcome) -> Vec<Vec<&RuleResult>> {
    let mut rules: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for result in of(assessment, outcome) {
        rules.entry(result.rule).or_default().push(result);
    }
    rules.into_values().collect()
}
