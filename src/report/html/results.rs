//! Every result, grouped by axis and rule; what is open comes first, what passed is there to be opened.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use maud::{Markup, html};

use super::places::Places;
use super::{Page, evidence, mark, rule};
use crate::assessment::{Assessment, RuleResult};
use crate::docs;
use crate::outcome::{Axis, Outcome, Severity};
use crate::rules;

/// Writes the section.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, places: &Places<'_>) -> io::Result<()> {
    page.raw("<section id=\"results\" aria-labelledby=\"h-results\">\n")?;
    page.put(&html! {
        h2 #h-results { "Results" }
        p.small {
            "All results, by axis and rule, the worst first. A rule with a failure is open; passes and what does not apply "
            "are collapsed below it."
        }
    })?;
    page.put(&controls(assessment))?;
    let all: Vec<_> = assessment.results.iter().collect();
    let mut groups: BTreeMap<(Axis, &str), Vec<&RuleResult>> = BTreeMap::new();
    for result in &all {
        groups.entry((result.axis, result.rule)).or_default().push(result);
    }
    for axis in Axis::ALL {
        let mut own: Vec<(&str, &Vec<&RuleResult>)> =
            groups.iter().filter(|((of, _), _)| *of == axis).map(|((_, id), results)| (*id, results)).collect();
        if own.is_empty() {
            continue;
        }
        own.sort_by_cached_key(|(id, results)| (worst(results), Reverse(severity(results)), (*id).to_owned()));
        page.raw("<section class=\"axis\">\n")?;
        page.put(&html! { h3 { (axis.as_str()) span.small { " " (docs::meaning(axis)) } } })?;
        for (id, results) in own {
            group(page, id, results, places)?;
        }
        page.raw("</section>\n")?;
    }
    page.raw("</section>\n")
}

fn controls(assessment: &Assessment) -> Markup {
    let outcomes: BTreeSet<Outcome> = assessment.results.iter().map(|result| result.outcome).collect();
    html! {
        form.controls #result-filter hidden aria-label="Filter results" {
            label {
                "Search "
                input #result-text type="search" autocomplete="off" placeholder="account, rule, message";
            }
            label { "Outcome " select #result-outcome {
                option value="" { "any" }
                option value="open" { "fail, unknown or manual" }
                @for outcome in outcomes { option value=(outcome.as_str()) { (outcome.as_str()) } }
            } }
            label { "Severity " select #result-severity {
                option value="" { "any" }
                @for severity in Severity::ALL { option value=(severity.as_str()) { (severity.as_str()) } }
            } }
            button type="reset" { "Clear" }
            button #expand type="button" { "Expand all" }
            button #collapse type="button" { "Collapse all" }
            p #result-count role="status" aria-live="polite" {}
        }
    }
}

fn worst(results: &[&RuleResult]) -> Option<Outcome> {
    results.iter().map(|result| result.outcome).min()
}

fn severity(results: &[&RuleResult]) -> Option<Severity> {
    results.iter().map(|result| result.severity).max()
}

fn group(page: &mut Page<'_>, id: &str, results: &[&RuleResult], places: &Places<'_>) -> io::Result<()> {
    let (settled, open): (Vec<&RuleResult>, Vec<&RuleResult>) =
        results.iter().partition(|result| matches!(result.outcome, Outcome::Pass | Outcome::NotApplicable));
    let fails = results.iter().any(|result| result.outcome == Outcome::Fail);
    page.raw(if fails { "<details class=\"rule\" open>" } else { "<details class=\"rule\">" })?;
    page.put(&html! { summary id={ "rule-" (id) } {
        h4 { (docs::title(id).unwrap_or(id)) }
        span.meta { code { (id) } " " @if let Some(severity) = severity(results) { (mark::severity(severity)) } }
        span.counts { @for (outcome, number) in tally(results) { (mark::counted(outcome, number)) " " } }
    } })?;
    if let Some(rule) = rules::find(id) {
        page.put(&rule::page(rule))?;
    }
    list(page, &open, places, severity(results))?;
    if !settled.is_empty() {
        page.raw("<details class=\"settled\">")?;
        page.put(
            &html! { summary { @for (outcome, number) in tally(&settled) { (mark::counted(outcome, number)) " " } } },
        )?;
        list(page, &settled, places, severity(results))?;
        page.raw("</details>\n")?;
    }
    page.raw("</details>\n")
}

fn tally(results: &[&RuleResult]) -> Vec<(Outcome, usize)> {
    let with = |outcome| results.iter().filter(|result| result.outcome == outcome).count();
    Outcome::ALL.into_iter().map(|outcome| (outcome, with(outcome))).filter(|(_, number)| *number > 0).collect()
}

/// Rows in one list; a severity that is not the usual one of the rule is said.
fn list(page: &mut Page<'_>, results: &[&RuleResult], places: &Places<'_>, usual: Option<Severity>) -> io::Result<()> {
    if results.is_empty() {
        return Ok(());
    }
    let mut sorted = results.to_vec();
    sorted.sort_by_key(|result| (result.outcome, Reverse(result.severity)));
    page.raw("<ul class=\"rs\">\n")?;
    for result in sorted {
        page.put(&row(result, places, usual))?;
    }
    page.raw("</ul>\n")
}

fn row(result: &RuleResult, places: &Places<'_>, usual: Option<Severity>) -> Markup {
    let some = !result.evidence.is_empty();
    html! {
        li.r data-rule=(result.rule) data-resource=(result.resource_id) data-outcome=(result.outcome.as_str())
            data-severity=(result.severity.as_str()) data-a=[places.rank(&result.account_id)] {
            (mark::badge(result.outcome)) " "
            (places.linked(&places.resource(&result.resource_id), &result.resource_id))
            p { bdi { (result.message) } @if let Some(cause) = result.cause { " " span.small { "(" (cause) ")" } }
                @if Some(result.severity) != usual { " " (mark::severity(result.severity)) } }
            (evidence::overlay(result))
            @match (&result.remediation, some) {
                (None, false) => {}
                (Some(text), false) => { div.more { (evidence::fix(text)) } }
                (fix, true) => {
                    details.more {
                        summary { (if fix.is_some() { "Fix and evidence" } else { "Evidence" }) }
                        @if let Some(text) = fix { (evidence::fix(text)) }
                        (evidence::evidence(&result.evidence))
                    }
                }
            }
        }
    }
}
