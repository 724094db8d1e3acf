//! The top of the page: the verdict, the facts of the run, and how the estate stands on each axis.

use jiff::Timestamp;
use maud::{Markup, html};

use super::{count, mark};
use crate::assessment::{Assessment, AxisCounts, PolicySummary, Run};
use crate::docs;
use crate::outcome::{Axis, Outcome};
use crate::report::table::verdict::sentence;
use crate::snapshot::Source;

/// Anchors of the page with their names.
const CONTENTS: [(&str, &str); 9] = [
    ("summary", "Summary"),
    ("estate", "Estate"),
    ("accounts", "Accounts"),
    ("results", "Results"),
    ("retention", "Retention"),
    ("accepted", "Accepted"),
    ("notes", "Notes"),
    ("coverage", "Coverage"),
    ("sources", "Sources"),
];

/// What the run means, in a word or two.
pub(super) fn word(assessment: &Assessment) -> &'static str {
    match (assessment.exit_code, assessment.complete) {
        (0, true) => "clean",
        (0, false) => "incomplete, accepted",
        (1, true) => "findings",
        (1, false) => "findings, and incomplete",
        (3, _) => "nothing was audited",
        (4, _) => "incomplete",
        (_, _) => "no verdict",
    }
}

/// What the exit code means for a reader who has never seen the program.
fn meaning(code: u8) -> &'static str {
    match code {
        0 => "Nothing at or above the severity that policy counts failed without a waiver.",
        1 => "At least one failure that policy counts is not waived.",
        3 => "There was nothing to judge, which is no clean result.",
        4 => "Nothing that policy counts failed, but not everything the promise rests on could be judged.",
        _ => "The program ended without a verdict.",
    }
}

/// The head of the page: what it is, and whether it is real.
pub(super) fn banner(assessment: &Assessment) -> Markup {
    let run = &assessment.run;
    let unreal = match run.source {
        Source::Live => None,
        Source::Demo => Some(("DEMO", "An invented estate that is part of the program. No Azure was contacted.")),
        Source::Snapshot => Some(("SNAPSHOT", "Judged again from a file of earlier answers. No Azure was contacted.")),
        Source::Plan => Some(("PLAN", "What would be deployed. No Azure was contacted.")),
    };
    html! {
        a.skip href="#content" { "Skip to the report" }
        header {
            p.product { "zdr-check" }
            h1 { "Zero data retention audit" }
            p.lead {
                "Do these Azure OpenAI and Azure AI Foundry accounts keep, move or expose prompts and completions? "
                (count(assessment.summary.accounts, "account")) " in "
                (count(assessment.summary.subscriptions, "subscription")) ", read "
                (day(run.finished_at)) "."
            }
            @if let Some((word, text)) = unreal {
                p.unreal { strong { (word) } " " (text) }
            }
            nav aria-label="Contents" {
                ul {
                    @for (anchor, name) in CONTENTS {
                        @if anchor != "notes" || !assessment.notes.is_empty() { li { a href={ "#" (anchor) } { (name) } } }
                    }
                }
            }
        }
    }
}

/// Verdict, facts, axes.
pub(super) fn write(assessment: &Assessment) -> Markup {
    let outcome = match assessment.exit_code {
        0 if assessment.complete => Outcome::Pass,
        1 => Outcome::Fail,
        _ => Outcome::Unknown,
    };
    let said = sentence(assessment);
    let said = said.split_once(": ").map_or(said.as_str(), |(_, rest)| rest);
    html! {
        section #summary aria-labelledby="h-summary" {
            h2 #h-summary { "Summary" }
            div class={ "verdict " (outcome.as_str()) } {
                (mark::symbol(outcome))
                div {
                    p.word { (word(assessment)) }
                    p { (said) "." }
                    p.small {
                        "Exit code " strong { (assessment.exit_code) } ": " (meaning(assessment.exit_code))
                        @if assessment.run.policy.allow_incomplete {
                            " " code { "--allow-incomplete" } " was given: an incomplete run does not end in 4."
                        }
                    }
                }
            }
            ul.totals aria-label="Results by outcome" {
                @for (outcome, number) in assessment.summary.outcomes { li { (mark::counted(outcome, number)) } }
            }
            h3 { "Axes" }
            p.small {
                "An account is as good as its worst rule on an axis. The first three axes are the promise; advice never "
                "counts."
            }
            ul.axes { @for (axis, counts) in &assessment.summary.axes { (card(assessment, *axis, counts)) } }
            h3 { "Run" }
            dl.facts { (facts(assessment)) }
        }
    }
}

fn card(assessment: &Assessment, axis: Axis, counts: &AxisCounts) -> Markup {
    let judged = counts.fail + counts.unknown + counts.manual + counts.pass;
    let states = [
        (Outcome::Fail, counts.fail),
        (Outcome::Unknown, counts.unknown),
        (Outcome::Manual, counts.manual),
        (Outcome::Pass, counts.pass),
        (Outcome::NotApplicable, assessment.summary.accounts.saturating_sub(judged)),
    ];
    let some: Vec<(Outcome, usize)> = states.into_iter().filter(|(_, number)| *number > 0).collect();
    let accounts = count(assessment.summary.accounts, "account");
    let spoken: Vec<String> =
        some.iter().map(|(outcome, number)| format!("{number} {}", mark::plain(*outcome))).collect();
    html! {
        li class=(if axis.is_promised() { "promised" } else { "supporting" }) {
            h4 { (axis.as_str()) @if !axis.is_promised() { span.small { " supporting" } } }
            p.small { (docs::meaning(axis)) }
            (bar(&some, &format!("{}: {} of {accounts}", axis.as_str(), spoken.join(", "))))
            ul { @for (outcome, number) in &some { li { (mark::counted(*outcome, *number)) } } }
        }
    }
}

/// A bar of parts, the worst first.
pub(super) fn bar(parts: &[(Outcome, usize)], label: &str) -> Markup {
    let total: usize = parts.iter().map(|(_, number)| number).sum();
    let starts = parts.iter().scan(0, |sum, (outcome, number)| {
        let start = *sum;
        *sum += number;
        Some((*outcome, start, *number))
    });
    html! {
        svg.bar role="img" aria-label=(label) viewBox={ "0 0 " (total.max(1)) " 1" } preserveAspectRatio="none" {
            @for (outcome, start, number) in starts {
                rect class=(outcome.as_str()) x=(start) y="0" width=(number) height="1" {}
            }
        }
    }
}

fn facts(assessment: &Assessment) -> Markup {
    let run = &assessment.run;
    html! {
        (fact("Scope", &html! { bdi { (run.scopes.join(", ")) } }))
        (fact("Read", &html! { (instant(run.started_at)) " to " (instant(run.finished_at)) }))
        (fact("Source", &html! { (run.source.as_str()) ", " (run.cloud.as_str()) " cloud" }))
        (fact("Caller", &caller(run)))
        (fact("Tenant", &html! { (run.principal.tenant_id.as_deref().unwrap_or("unknown")) }))
        (fact("Complete", &html! {
            @if assessment.complete { "yes" }
            @else { "no, see " a href="#coverage" { "coverage" } " and the unknown results" }
        }))
        (policy(&run.policy))
        (fact("Tool", &html! { "zdr-check " (env!("CARGO_PKG_VERSION")) }))
    }
}

fn caller(run: &Run) -> Markup {
    let principal = &run.principal;
    html! {
        (principal.kind.as_deref().unwrap_or("of unknown kind"))
        @if let Some(object) = &principal.object_id { ", object " (object) }
    }
}

fn policy(policy: &PolicySummary) -> Markup {
    let anywhere =
        |locations: &[String]| if locations.is_empty() { "anywhere".to_owned() } else { locations.join(", ") };
    html! {
        (fact("Boundary", &html! { code { "--pin " (policy.pin) } }))
        (fact("Locations", &html! { (anywhere(&policy.allow_locations)) }))
        (fact("Gate", &html! {
            "fails on " (policy.fail_on.as_str()) ", profile " (policy.profile.as_str())
            @if policy.allow_incomplete { ", incomplete allowed" }
        }))
        (fact("Policy file", &html! {
            @match &policy.file {
                Some(file) => { bdi { (file.path) } ", SHA-256 " code { (file.sha256) } }
                None => { "none" }
            }
        }))
        @for scope in &policy.scopes {
            (fact("Scope policy", &html! {
                bdi { (scope.name) } ": " code { "--pin " (scope.pin) } ", locations "
                (anywhere(&scope.allow_locations)) ", " (count(scope.accounts, "account"))
            }))
        }
    }
}

fn fact(name: &str, value: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// A moment, to the second.
pub(super) fn instant(at: Timestamp) -> Markup {
    html! { time { (at.strftime("%Y-%m-%dT%H:%M:%SZ")) } }
}

fn day(at: Timestamp) -> Markup {
    html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) { (at.strftime("%Y-%m-%d %H:%M UTC")) } }
}
