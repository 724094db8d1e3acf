//! Failures by rule, unknowns by cause, and one line per rule for everything else.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::group::{Group, by_fix, group, shared_remediation};
use super::names::{ACCOUNT_SEGMENTS, Names};
use super::{Page, remedy, style};
use crate::assessment::{Assessment, RuleResult};
use crate::docs;
use crate::outcome::{FailOn, Outcome, Severity};
use crate::snapshot::Citation;
use crate::term::{Span, shorten};

/// How many resources are named before the rest is counted.
const NAMED: usize = 10;
/// How many rules are named that an unknown leaves open.
const OPEN: usize = 6;
/// How many values a group of passes shows as its proof; the JSON report has them all.
const PROOFS: usize = 3;
/// Columns of a value that is shown as proof.
const VALUE: usize = 60;
/// Indentation of what belongs to a rule.
const INDENT: usize = 2;

/// Failures, by rule, the worst severity first: with reason and fix from the severity on that fails the run (and every high
/// one), a line each below that.
pub(super) fn failures(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    let mut rules = assessment.results.counts(Outcome::Fail);
    rules.retain(|(_, severity, _)| *severity > Severity::Info || page.look.verbose);
    if rules.is_empty() {
        return;
    }
    rules.sort_by_key(|(rule, severity, number)| (std::cmp::Reverse((*severity, *number)), *rule));
    let total = rules.iter().map(|(_, _, number)| number).sum();
    let rest = format!("{} of {}", style::count(total, "result"), style::count(rules.len(), "rule"));
    page.heading("FAILURES", &rest);
    let least = match assessment.run.policy.fail_on {
        FailOn::From(severity) => severity.min(Severity::High),
        FailOn::Never => Severity::High,
    };
    let (detailed, brief): (Vec<_>, Vec<_>) =
        rules.into_iter().partition(|(_, severity, _)| page.look.verbose || *severity >= least);
    for (rule, ..) in detailed {
        let all = assessment.results.of(rule, Outcome::Fail);
        let results: Vec<&RuleResult> = all.iter().map(Cow::as_ref).collect();
        let Some(first) = results.first() else { continue };
        page.out.push('\n');
        rule_title(page, first);
        reasons(page, names, results);
    }
    if !brief.is_empty() {
        page.heading("LESS SEVERE", &format!("below {}; --verbose shows each with its fix", least.as_str()));
        for (rule, ..) in brief {
            brief_line(page, &assessment.results.of(rule, Outcome::Fail));
        }
    }
}

/// What a rule found, and how to mend it: a fix that several reasons share is said once.
fn reasons(page: &mut Page<'_>, names: &Names<'_>, results: Vec<&RuleResult>) {
    let clusters = by_fix(group(results));
    let single = clusters.len() == 1;
    for cluster in &clusters {
        for group in cluster {
            resources(page, names, &group.results);
            page.indented(INDENT + 2, &[Span::plain(page.clean(&group.message))]);
            if let Some(places) = places(&group.results) {
                page.indented(INDENT + 2, &[Span::styled(page.clean(&places), style::DIM)]);
            }
        }
        fix(page, if single { INDENT } else { INDENT + 2 }, shared_remediation(cluster).as_deref());
    }
}

/// `✘ medium rule on 3 accounts: title`.
fn brief_line(page: &mut Page<'_>, results: &[Cow<'_, RuleResult>]) {
    let Some(first) = results.first() else { return };
    let mark = style::symbol(first.outcome, &page.look.screen.symbols);
    let title = docs::title(first.rule).map(|title| format!(": {title}")).unwrap_or_default();
    let spans = [Span::styled(first.rule, style::BOLD), Span::plain(format!(" on {}{title}", scope_of(results)))];
    let mark = format!("{mark} {:<7}", first.severity.as_str());
    page.marked(&Span::styled(mark, style::of_severity(first.severity)), &spans);
}

/// Unknowns, by cause and by what could not be read: one missing right explains many results.
pub(super) fn unknowns(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    let all = assessment.results.with(Outcome::Unknown);
    if all.is_empty() {
        return;
    }
    let rest = format!("{} that could not be told, and are no pass", style::count(all.len(), "result"));
    page.heading("UNKNOWN", &rest);
    let mut groups = group(all.iter().map(Cow::as_ref));
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
        page.indented(INDENT + 2, &[Span::styled(leaves_open(page, &group.results), style::DIM)]);
        fix(page, INDENT, group.remediation.as_deref());
    }
}

/// `leaves open: a, b and 12 more`: the rules that depend on what is unknown, those on the promised axes first.
fn leaves_open(page: &Page<'_>, results: &[&RuleResult]) -> String {
    let rules: BTreeSet<(bool, &str)> =
        results.iter().map(|result| (!result.axis.is_promised(), result.rule)).collect();
    let shown = if page.look.verbose { rules.len() } else { OPEN };
    let named: Vec<&str> = rules.iter().take(shown).map(|(_, rule)| *rule).collect();
    let more = rules.len().checked_sub(shown).filter(|&more| more > 0);
    let more = more.map(|more| format!(" and {more} more rules")).unwrap_or_default();
    format!("leaves open: {}{more}", named.join(", "))
}

/// Questions for a person, one line per rule.
pub(super) fn manual(page: &mut Page<'_>, assessment: &Assessment, _: &Names<'_>) {
    if !page.look.verbose {
        advice(page, assessment);
    }
    tally(page, assessment, Outcome::Manual, "no API can answer these, a person must attest");
}

/// What is in order and what has no meaning here, on request; with `--verbose` every pass shows what it rests on.
pub(super) fn others(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    if page.look.verbose {
        passes(page, assessment, names);
    } else if page.look.show_pass {
        tally(page, assessment, Outcome::Pass, "--verbose shows what each rests on");
    }
    if page.look.show_pass || page.look.verbose {
        tally(page, assessment, Outcome::NotApplicable, "no meaning for the resource");
    }
}

/// Passes with their proof, by rule.
fn passes(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    let rules = assessment.results.counts(Outcome::Pass);
    if rules.is_empty() {
        return;
    }
    let total = rules.iter().map(|(_, _, number)| number).sum();
    page.heading("PASS", &format!("{} with what each rests on", style::count(total, "result")));
    for (rule, ..) in rules {
        let results = assessment.results.of(rule, Outcome::Pass);
        page.out.push('\n');
        // The title of a rule names the defect, which is not there.
        let mark = style::symbol(Outcome::Pass, &page.look.screen.symbols);
        let rule = Span::styled(rule, style::BOLD).to(docs::url(rule));
        page.marked(&Span::styled(format!("{mark} "), style::of_outcome(Outcome::Pass)), &[rule]);
        for group in group(results.iter().map(Cow::as_ref)) {
            resources(page, names, &group.results);
            page.indented(INDENT + 2, &[Span::plain(page.clean(&group.message))]);
            let mut seen = BTreeSet::new();
            let first = |citation: &&Citation| seen.insert((citation.pointer.clone(), citation.value.to_string()));
            for citation in group.results.iter().flat_map(|result| &result.evidence).filter(first).take(PROOFS) {
                page.indented(INDENT + 2, &[Span::styled(proof(page, citation), style::DIM)]);
            }
        }
    }
}

/// `/properties/x = true, accounts.get, request 7c…, 2026-11-22T10:00:00Z`.
fn proof(page: &Page<'_>, citation: &Citation) -> String {
    let value = citation.value.to_string();
    let value = shorten(&value, VALUE, page.look.screen.symbols.ellipsis);
    let pointer = if citation.pointer.is_empty() { "answer" } else { citation.pointer.as_str() };
    let request = citation.request_id.as_ref().map(|id| format!(", request {id}")).unwrap_or_default();
    let at = citation.at.strftime("%Y-%m-%d %H:%M:%S UTC");
    page.clean(&format!("{pointer} = {value}, {}{request}, {at}", citation.operation.as_str()))
}

/// Failures that change no axis and no exit code.
fn advice(page: &mut Page<'_>, assessment: &Assessment) {
    let mut rules = assessment.results.counts(Outcome::Fail);
    rules.retain(|(_, severity, _)| *severity == Severity::Info);
    list(page, assessment, ("ADVICE", "changes no axis; --verbose shows each with its fix"), Outcome::Fail, &rules);
}

fn tally(page: &mut Page<'_>, assessment: &Assessment, outcome: Outcome, rest: &str) {
    let title = outcome.as_str().replace('-', " ").to_uppercase();
    list(page, assessment, (&title, rest), outcome, &assessment.results.counts(outcome));
}

fn list(
    page: &mut Page<'_>,
    assessment: &Assessment,
    (title, rest): (&str, &str),
    outcome: Outcome,
    rules: &[(&'static str, Severity, usize)],
) {
    if rules.is_empty() {
        return;
    }
    page.heading(title, rest);
    let mark = format!("{} ", style::symbol(outcome, &page.look.screen.symbols));
    for &(rule, ..) in rules {
        let title = docs::title(rule).map(|title| format!(": {title}")).unwrap_or_default();
        let rest = format!(" on {}{title}", scope_of(&assessment.results.of(rule, outcome)));
        let spans = [Span::styled(rule, style::BOLD).to(docs::url(rule)), Span::plain(rest)];
        page.marked(&Span::styled(mark.clone(), style::of_outcome(outcome)), &spans);
    }
}

/// `3 accounts`, or `7 resources` when several resources of an account were judged.
fn scope_of(results: &[Cow<'_, RuleResult>]) -> String {
    let accounts: BTreeSet<&str> = results.iter().map(|result| result.account_id.as_str()).collect();
    // What belongs to a subscription and to no account.
    let elsewhere = |own: &Cow<'_, RuleResult>| {
        own.account_id.split('/').count() < ACCOUNT_SEGMENTS && own.account_id != own.resource_id
    };
    if accounts.len() == results.len() && !results.iter().any(elsewhere) {
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
        Span::styled(result.rule, style::BOLD).to(docs::url(result.rule)),
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

/// Where a plan says so: `at main.json:41`, the first few.
fn places(results: &[&RuleResult]) -> Option<String> {
    const MOST: usize = 5;
    let places = results.iter().filter_map(|result| result.location.as_ref());
    let mut all: Vec<String> = places.map(|own| format!("{}:{}", own.path, own.line)).collect();
    all.dedup();
    let more = all.len().checked_sub(MOST).filter(|more| *more > 0).map(|more| format!(" and {more} more"));
    all.truncate(MOST);
    (!all.is_empty()).then(|| format!("at {}{}", all.join(", "), more.unwrap_or_default()))
}
