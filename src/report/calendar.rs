//! Retention clocks in the order in which people ask: what is gone when, and what does an account keep.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::table::names::{ACCOUNT_SEGMENTS, Names};
use super::table::style;
use crate::assessment::{Assessment, Clock, ClockState};

/// One line of the calendar: clocks that run out together, of one store in one state.
pub(super) struct Entry<'a> {
    /// What they have in common.
    pub(super) clock: &'a Clock,
    /// ARM ids of the resources they belong to.
    pub(super) scopes: Vec<&'a str>,
}

/// What is gone when: by date, and what has none after it. What runs out by itself has a line of its own.
pub(super) fn calendar(assessment: &Assessment) -> Vec<Entry<'_>> {
    let mut lines: BTreeMap<_, Entry<'_>> = BTreeMap::new();
    for clock in &assessment.clocks {
        let alone = (clock.state == ClockState::Running).then_some(clock.scope.as_str());
        let place = (clock.gone_by.is_none(), clock.gone_by, clock.state, alone, clock.store, clock.keeps.as_ref());
        let entry = lines.entry(place).or_insert_with(|| Entry { clock, scopes: Vec::new() });
        entry.scopes.push(&clock.scope);
    }
    let mut lines: Vec<Entry<'_>> = lines.into_values().collect();
    for entry in &mut lines {
        // Two rules may speak of one store.
        entry.scopes.sort_unstable();
        entry.scopes.dedup();
    }
    lines
}

/// The stores of each account that has any, by its ARM id in lower case; those that were found first.
pub(super) fn by_account(assessment: &Assessment) -> BTreeMap<String, Vec<&Clock>> {
    let mut accounts: BTreeMap<String, Vec<&Clock>> = BTreeMap::new();
    for clock in assessment.clocks.iter().filter(|clock| clock.state != ClockState::Running) {
        let account = clock.scope.split('/').take(ACCOUNT_SEGMENTS).collect::<Vec<_>>().join("/");
        accounts.entry(account.to_ascii_lowercase()).or_default().push(clock);
    }
    for clocks in accounts.values_mut() {
        clocks.sort_by_key(|clock| (clock.state, clock.store, clock.scope.as_str()));
        clocks.dedup_by_key(|clock| (clock.state, clock.store, clock.scope.as_str()));
    }
    accounts
}

/// What is in the store, and since its API cannot tell, whether anything is.
pub(super) fn holds(clock: &Clock) -> String {
    match clock.state {
        ClockState::Running | ClockState::Found => clock.holds.to_owned(),
        ClockState::Possible => format!("{}, if anything is there", clock.holds),
    }
}

/// How long until then, from the end of the run: `in 29 hours`, `in 30 days`; none without a date.
pub(super) fn left(assessment: &Assessment, clock: &Clock) -> Option<String> {
    let hours = clock.gone_by?.duration_since(assessment.run.finished_at).as_hours();
    let number = usize::try_from(hours.unsigned_abs()).unwrap_or(usize::MAX);
    let span = if number > 72 { style::count(number / 24, "day") } else { style::count(number, "hour") };
    Some(if hours < 0 { format!("was due {span} ago") } else { format!("in {span}") })
}

/// A day and an hour, as people write them.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Name of the resource a clock belongs to; a deleted account is no account of the report.
pub(super) fn place(clock: &Clock, scope: &str, names: &Names<'_>) -> String {
    match clock.store {
        "deleted-account" => scope.rsplit('/').next().unwrap_or(scope).to_owned(),
        _ => names.resource(scope),
    }
}
