//! One row per account, to be filtered and sorted.

use std::collections::BTreeMap;
use std::io;

use maud::{Markup, html};

use super::places::Places;
use super::{Page, count, mark};
use crate::assessment::{AccountAssessment, Assessment, DeploymentSummary};
use crate::outcome::{Axis, Outcome};

/// Heads of the columns in front of and behind the axes.
const BEFORE: [&str; 4] = ["account", "verdict", "subscription, group", "location, kind"];
const AFTER: &str = "deployments";

/// Writes the section.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, places: &Places<'_>) -> io::Result<()> {
    page.raw("<section id=\"accounts\" aria-labelledby=\"h-accounts\">\n")?;
    page.put(&html! { h2 #h-accounts { "Accounts" } })?;
    if places.accounts.is_empty() {
        page.put(&html! { p { "No account was found in scope." } })?;
        return page.raw("</section>\n");
    }
    page.put(&controls(assessment, places))?;
    page.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Accounts\">\n")?;
    page.raw("<table class=\"cards\" id=\"account-table\" role=\"table\">\n")?;
    let heads = BEFORE.into_iter().chain(Axis::ALL.map(Axis::as_str)).chain([AFTER]);
    page.put(&html! {
        caption { "Accounts in scope, the worst first. A verdict is the worst of approved, pinned and stateless." }
        thead role="rowgroup" { tr role="row" { @for head in heads { th role="columnheader" scope="col" { (head) } } } }
    })?;
    page.raw("<tbody role=\"rowgroup\">\n")?;
    for (rank, account) in places.accounts.iter().enumerate() {
        page.put(&row(rank, account, places))?;
    }
    page.raw("</tbody></table></div>\n</section>\n")
}

fn controls(assessment: &Assessment, places: &Places<'_>) -> Markup {
    let verdicts = Outcome::ALL.into_iter().filter(|outcome| places.accounts.iter().any(|own| own.verdict == *outcome));
    html! {
        form.controls #account-filter hidden aria-label="Filter accounts" {
            label {
                "Search "
                input #account-text type="search" autocomplete="off" placeholder="name, group, model, region";
            }
            label { "Verdict " select #account-verdict {
                option value="" { "any" }
                @for outcome in verdicts { option value=(outcome.as_str()) { (outcome.as_str()) } }
            } }
            label { "Subscription " select #account-subscription {
                option value="" { "any" }
                @for own in &assessment.coverage.subscriptions {
                    option value=(own.id.to_ascii_lowercase()) { (places.subscription(&own.id)) }
                }
            } }
            button type="reset" { "Clear" }
            p #account-count role="status" aria-live="polite" {}
        }
    }
}

fn row(rank: usize, account: &AccountAssessment, places: &Places<'_>) -> Markup {
    let unread = html! { span.b.unknown { (mark::symbol(Outcome::Unknown)) "not readable" } };
    let text = |value: Option<&str>| value.map_or_else(|| unread.clone(), |value| html! { bdi { (value) } });
    html! {
        tr role="row" id={ "a-" (rank) } data-verdict=(account.verdict.as_str())
            data-subscription=(account.subscription_id.to_ascii_lowercase()) {
            th role="rowheader" scope="row" data-label="account" {
                (places.linked(&account.name, &account.id))
                @if let Some(scope) = &account.policy_scope { div.small { "policy of " bdi { (scope) } } }
                (open(rank, account, places))
            }
            (cell("verdict", Some(account.verdict), &mark::badge(account.verdict)))
            (cell(BEFORE[2], None, &html! {
                div { bdi { (places.subscription(&account.subscription_id)) } }
                div.small { bdi { (account.resource_group) } }
            }))
            (cell(BEFORE[3], None, &html! {
                div { (text(account.location.as_deref())) } div.small { (text(account.kind.as_deref())) }
            }))
            @for axis in Axis::ALL {
                (cell(axis.as_str(), Some(account.axis(axis)), &mark::badge(account.axis(axis))))
            }
            (cell("deployments", None, &match &account.deployments {
                None => unread.clone(),
                Some(all) => deployments(all),
            }))
        }
    }
}

/// A cell; states sort by how bad they are, everything else by its text.
fn cell(label: &str, state: Option<Outcome>, content: &Markup) -> Markup {
    let rank = state.and_then(|state| Outcome::ALL.iter().position(|own| *own == state));
    html! { td role="cell" data-label=(label) data-sort=[rank] { (content) } }
}

fn open(rank: usize, account: &AccountAssessment, places: &Places<'_>) -> Markup {
    let number = places.open(account);
    let words = count(number, "open result");
    html! {
        @if number > 0 {
            div.small.open {
                a href="#results" data-account=(rank) aria-label={ (words) " of " (account.name) } { (words) }
            }
        }
    }
}

fn deployments(all: &[DeploymentSummary]) -> Markup {
    if all.is_empty() {
        return html! { "none" };
    }
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for own in all {
        *places.entry(own.processing).or_default() += 1;
    }
    let words: Vec<String> = places.iter().map(|(place, number)| format!("{number} {place}")).collect();
    html! {
        details {
            summary { (words.join(", ")) }
            ul.plain {
                @for own in all {
                    li {
                        strong { bdi { (own.name) } } ": " (model(own)) ", "
                        bdi { (own.sku.as_deref().unwrap_or("SKU unknown")) } ", processing " strong { (own.processing) }
                    }
                }
            }
        }
    }
}

fn model(own: &DeploymentSummary) -> Markup {
    html! {
        bdi { (own.model_name.as_deref().unwrap_or("model unknown")) }
        @if let Some(version) = &own.model_version { " " (version) }
        @if let Some(format) = &own.model_format { " (" (format) ")" }
    }
}
