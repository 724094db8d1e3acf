//! What was read and what was not: a clean report over half an estate must not look like one over all of it.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use super::{Page, style};
use crate::assessment::{Assessment, Coverage, ReachCoverage, ReadStatus, SubscriptionCoverage, Unreadable};
use crate::outcome::Outcome;
use crate::term::Span;

/// How many places are named before the rest is counted.
const NAMED: usize = 10;

/// Writes the section.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    let coverage = &assessment.coverage;
    let complete = if assessment.complete { "complete" } else { "incomplete" };
    page.heading("COVERAGE", complete);
    subscriptions(page, coverage);
    let requests = &coverage.requests;
    if requests.sent > 0 {
        let text =
            format!("{} requests sent, {} retried, {} throttled", requests.sent, requests.retried, requests.throttled);
        page.indented(2, &[Span::plain(text)]);
    }
    unreadable(page, coverage, names);
    reach(page, &coverage.reach);
}

/// What was left out on request, what could not be found, and what the second source says.
fn reach(page: &mut Page<'_>, reach: &ReachCoverage) {
    let mark = style::symbol(Outcome::Unknown, &page.look.screen.symbols);
    for gap in &reach.gaps {
        let text = format!("the subscriptions of {} could not be found", page.clean(gap));
        page.spans(&format!("  {mark} "), &[Span::styled(text, style::of_outcome(Outcome::Unknown))]);
    }
    let subscriptions = reach.excluded_subscriptions.iter().map(|own| own.name.as_deref().unwrap_or(&own.id));
    left_out(page, reach.excluded_subscriptions.len(), "subscription", subscriptions);
    let accounts = reach.excluded_accounts.iter().map(|id| id.rsplit('/').next().unwrap_or(id));
    left_out(page, reach.excluded_accounts.len(), "account", accounts);
    if let Some(check) = &reach.cross_check {
        let differences = &check.differences;
        let number = differences.only_listed.len() + differences.not_listed.len() + differences.gone.len();
        let compared = style::count(check.compared, "subscription");
        let text = format!("cross-check with the resource index in {compared}: {}", style::count(number, "difference"));
        page.indented(2, &[Span::plain(text)]);
    }
}

fn left_out<'a>(page: &mut Page<'_>, number: usize, what: &str, names: impl Iterator<Item = &'a str>) {
    if number == 0 {
        return;
    }
    let shown = if page.look.verbose { number } else { NAMED };
    let mut list = names.take(shown).map(|name| page.clean(name)).collect::<Vec<_>>().join(", ");
    if number > shown {
        list = format!("{list} and {} more", number - shown);
    }
    let text = format!("left out on request: {}: {list}", style::count(number, what));
    page.indented(2, &[Span::plain(text)]);
}

fn subscriptions(page: &mut Page<'_>, coverage: &Coverage) {
    let with = |status| coverage.subscriptions.iter().filter(|own| own.status == status).count();
    let counts = [ReadStatus::Read, ReadStatus::Partial, ReadStatus::Unreadable]
        .map(|status| (with(status), status.as_str()))
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"));
    let counts: Vec<String> = counts.collect();
    let total = style::count(coverage.subscriptions.len(), "subscription");
    page.indented(2, &[Span::plain(format!("{total}: {}", counts.join(", ")).trim_end_matches(": "))]);
    let all = page.look.verbose;
    for own in coverage.subscriptions.iter().filter(|own| all || is_odd(own)) {
        let bullet = format!("  {} ", page.look.screen.symbols.bullet);
        let id = page.clean(&own.id);
        let (name, place) = match own.name.as_deref() {
            Some(name) => (page.clean(name), format!(" ({id})")),
            None => (id, String::new()),
        };
        let facts = format!("{place}: {}", facts(own).join(", "));
        page.spans(&bullet, &[Span::styled(name, style::BOLD), Span::plain(page.clean(&facts))]);
    }
}

/// What is known about a subscription. How many accounts one has that could not be listed is not.
fn facts(own: &SubscriptionCoverage) -> Vec<String> {
    let mut facts = vec![own.status.as_str().to_owned()];
    facts.extend(own.cause.map(str::to_owned));
    match own.state.as_deref() {
        Some("Enabled") => {}
        Some(state) => facts.push(format!("state {state}")),
        None => facts.push("state unknown".to_owned()),
    }
    match own.status {
        ReadStatus::Read | ReadStatus::Partial => facts.push(style::count(own.accounts, "account")),
        ReadStatus::Unreadable => facts.push("accounts unknown".to_owned()),
    }
    facts
}

/// Whether a subscription is worth a line of its own.
fn is_odd(own: &SubscriptionCoverage) -> bool {
    own.status != ReadStatus::Read || own.state.as_deref() != Some("Enabled")
}

/// Failed reads, by the right that is missing or else by call and cause.
fn unreadable(page: &mut Page<'_>, coverage: &Coverage, names: &Names<'_>) {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&Unreadable>> = BTreeMap::new();
    for read in &coverage.unreadable {
        let key = match read.action.as_deref() {
            Some(action) => (action, "", read.cause),
            None => ("", read.operation, read.cause),
        };
        groups.entry(key).or_default().push(read);
    }
    // Rights first: the key of a read without one starts with an empty word.
    for ((action, operation, cause), reads) in groups.iter().rev() {
        let places: BTreeSet<String> = reads.iter().map(|read| names.resource(&read.scope)).collect();
        let number = places.len();
        let shown = if page.look.verbose { number } else { NAMED };
        let mut list = places.into_iter().take(shown).map(|place| page.clean(&place)).collect::<Vec<_>>().join(", ");
        if number > shown {
            list = format!("{list} and {} more", number - shown);
        }
        let where_ = style::count(number, "place");
        let text = if action.is_empty() {
            format!("{operation} was not readable in {where_} ({cause}): {list}")
        } else {
            let action = page.clean(action);
            format!("{action} is missing in {where_}: {list}{}", role(&action))
        };
        let mark = style::symbol(Outcome::Unknown, &page.look.screen.symbols);
        page.spans(&format!("  {mark} "), &[Span::styled(text, style::of_outcome(Outcome::Unknown))]);
        if page.look.verbose {
            let details: BTreeSet<&str> = reads.iter().filter_map(|read| read.detail.as_deref()).collect();
            for detail in details {
                page.indented(4, &[Span::styled(page.clean(detail), style::DIM)]);
            }
        }
    }
}

/// The built-in role Reader holds every control-plane action that ends in `/read` (Azure built-in roles, Reader: `*/read`).
fn role(action: &str) -> &'static str {
    if action.to_ascii_lowercase().ends_with("/read") { " (role Reader has it)" } else { "" }
}
