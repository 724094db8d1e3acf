//! The estate at a glance: one tile per account, one cell per axis, a group per subscription.

use std::collections::BTreeMap;
use std::io;

use maud::{Markup, html};

use super::places::{Places, spoken};
use super::{Page, count, mark, summary};
use crate::assessment::{AccountAssessment, Assessment, ReadStatus, SubscriptionCoverage};
use crate::outcome::{Axis, Outcome};

/// Side of a cell and the gap behind it, in units of the drawing.
const CELL: usize = 26;
const STEP: usize = 29;

/// Writes the section.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, places: &Places<'_>) -> io::Result<()> {
    page.raw("<section id=\"estate\" aria-labelledby=\"h-estate\">\n")?;
    page.put(&html! {
        h2 #h-estate { "Estate" }
        p.small {
            "A tile per account, the worst first. Its cells are, from left to right: "
            (Axis::ALL.map(Axis::as_str).join(", ")) ". "
            @for outcome in [Outcome::Fail, Outcome::Unknown, Outcome::Manual, Outcome::Pass, Outcome::NotApplicable] {
                (mark::badge(outcome)) " "
            }
        }
    })?;
    let mut groups: BTreeMap<String, Vec<&AccountAssessment>> = BTreeMap::new();
    for account in &places.accounts {
        groups.entry(account.subscription_id.to_ascii_lowercase()).or_default().push(account);
    }
    for own in &assessment.coverage.subscriptions {
        let accounts = groups.remove(&own.id.to_ascii_lowercase()).unwrap_or_default();
        page.put(&group(own.name.as_deref().unwrap_or(&own.id), Some(own), &accounts, places))?;
    }
    for (id, accounts) in groups {
        page.put(&group(&id, None, &accounts, places))?;
    }
    page.raw("</section>\n")
}

fn group(
    name: &str,
    own: Option<&SubscriptionCoverage>,
    accounts: &[&AccountAssessment],
    places: &Places<'_>,
) -> Markup {
    let parts = Outcome::ALL.map(|outcome| (outcome, accounts.iter().filter(|own| own.verdict == outcome).count()));
    let some: Vec<(Outcome, usize)> = parts.into_iter().filter(|(_, number)| *number > 0).collect();
    let words: Vec<String> =
        some.iter().map(|(outcome, number)| format!("{number} {}", mark::plain(*outcome))).collect();
    html! {
        section.subscription {
            h3 { bdi { (name) } }
            p.small {
                @if !accounts.is_empty() || own.is_none_or(|own| own.status != ReadStatus::Unreadable) {
                    (count(accounts.len(), "account")) @if !words.is_empty() { ": " (words.join(", ")) } ". "
                }
                @if let Some(own) = own {
                    @match own.status {
                        ReadStatus::Read => {}
                        ReadStatus::Partial => { (mark::badge(Outcome::Unknown)) " Some of it could not be read." }
                        ReadStatus::Unreadable => {
                            (mark::badge(Outcome::Unknown))
                            " Its accounts could not be listed, so their number is unknown."
                        }
                    }
                }
            }
            @if !accounts.is_empty() {
                (summary::bar(&some, &format!("verdicts: {}", words.join(", "))))
                ul.tiles { @for account in accounts { (tile(account, places)) } }
            }
        }
    }
}

fn tile(account: &AccountAssessment, places: &Places<'_>) -> Markup {
    let width = Axis::ALL.len() * STEP;
    html! {
        li {
            a href={ "#a-" (places.rank(&account.id).unwrap_or_default()) } {
                span.name { bdi { (places.account(account)) } }
                svg.heat role="img" aria-label=(spoken(account)) viewBox={ "0 0 " (width) " " (CELL) } {
                    @for (place, axis) in Axis::ALL.into_iter().enumerate() {
                        (cell(place * STEP, axis, account.axis(axis)))
                    }
                }
            }
        }
    }
}

fn cell(x: usize, axis: Axis, outcome: Outcome) -> Markup {
    html! {
        g class=(outcome.as_str()) {
            title { (axis.as_str()) ": " (mark::plain(outcome)) }
            rect x=(x) y="0" width=(CELL) height=(CELL) rx="3" {}
            use href={ "#i-" (outcome.as_str()) } x=(x + 5) y="5" width="16" height="16" {}
        }
    }
}
