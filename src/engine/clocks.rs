//! Retention clocks: which stores were found, and when what is in them would be gone.
//!
//! A rule says whether a store is in use, `knowledge::retention` how long it keeps. Only two clocks run by themselves: those of
//! deleted accounts and of subscriptions that end.

use jiff::{SignedDuration, Timestamp};

use crate::assessment::{Clock, ClockState, Overlay, RuleResult};
use crate::knowledge::communication::{self, Store};
use crate::knowledge::retention::{self, Keeps};
use crate::outcome::Outcome;
use crate::rules::shell_word;
use crate::snapshot::{CommunicationService, Document, Operation, Read, Subscription, last_segment};

/// Collects clocks while subscriptions are judged.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    deleted: Vec<Clock>,
    ending: Vec<Clock>,
    stores: Vec<Clock>,
    communication: Vec<Clock>,
}

impl Clocks {
    /// Those of a subscription; `results` are sorted, and of a run that ended `at`.
    pub(super) fn subscription(&mut self, own: &Subscription, results: &[RuleResult], at: Timestamp) {
        self.deleted.extend(deleted_accounts(own));
        self.ending.extend(ending(own));
        self.stores.extend(results.iter().filter_map(|result| of_result(result, at)));
        self.communication.extend(communication(own, at));
    }

    /// Every clock of a run, those that run by themselves first, then by account.
    pub(super) fn finish(self) -> Vec<Clock> {
        [self.deleted, self.ending, self.stores, self.communication].into_iter().flatten().collect()
    }
}

/// What Communication Services resources may keep: no call says whether they do.
fn communication(subscription: &Subscription, at: Timestamp) -> Vec<Clock> {
    // A list or row that could not be read is the unknown of its rules, not a clock.
    let Ok(list) = subscription.communication_services() else { return Vec::new() };
    let rows = list.rows.iter().filter_map(Read::get_ref);
    let services = rows.filter_map(|row| CommunicationService::new(subscription, row).ok());
    let clock = |service: CommunicationService<'_>, store: &Store| Clock {
        store: store.store,
        holds: store.holds,
        scope: service.id().to_owned(),
        state: ClockState::Possible,
        keeps: store.keeps.words(),
        gone_by: hours(store.keeps).and_then(|keeps| at.checked_add(keeps).ok()),
        end: store.end.into(),
        source: communication::SOURCE,
    };
    services.flat_map(|service| communication::STORES.iter().map(move |store| clock(service, store))).collect()
}

/// The store a result speaks about. What a person accepted or attested is still there.
fn of_result(result: &RuleResult, at: Timestamp) -> Option<Clock> {
    let state = match (result.outcome, &result.overlay) {
        (Outcome::Fail, _) => ClockState::Found,
        (Outcome::Waived, Some(Overlay::Waiver(waiver))) if waiver.inner == Outcome::Fail => ClockState::Found,
        (Outcome::Unknown | Outcome::Manual | Outcome::Waived | Outcome::Attested, _) => ClockState::Possible,
        (Outcome::Pass | Outcome::NotApplicable, _) => return None,
    };
    let clock = retention::of_rule(result.rule)?;
    Some(Clock {
        store: clock.store,
        holds: clock.holds,
        scope: result.resource_id.clone(),
        state,
        keeps: clock.keeps.words(),
        gone_by: hours(clock.keeps).and_then(|keeps| at.checked_add(keeps).ok()),
        end: clock.end.into(),
        source: clock.source,
    })
}

fn hours(keeps: Keeps) -> Option<SignedDuration> {
    match keeps {
        Keeps::Hours(hours) => Some(SignedDuration::from_hours(hours.into())),
        Keeps::UntilDeleted | Keeps::AsConfigured | Keeps::NotDocumented => None,
    }
}

fn deleted_accounts(subscription: &Subscription) -> Vec<Clock> {
    // A list or row that could not be read is the unknown of its rule, not a clock.
    let Ok(list) = subscription.list(Operation::DeletedAccountsList) else { return Vec::new() };
    list.rows.iter().filter_map(Read::get_ref).map(deleted_account).collect()
}

fn deleted_account(row: &Document) -> Clock {
    let segment = |after: &str, placeholder: &'static str| {
        let mut segments = row.scope.split('/');
        let own = segments.find(|own| own.eq_ignore_ascii_case(after)).and_then(|_| segments.next());
        own.filter(|own| !own.is_empty()).unwrap_or(placeholder).to_owned()
    };
    let date = |pointer| row.string(pointer).ok().flatten().and_then(|text| text.parse::<Timestamp>().ok());
    let keeps = Keeps::Hours(retention::RECOVERABLE_HOURS);
    let after_deletion = || date("/properties/deletionDate").and_then(|at| at.checked_add(hours(keeps)?).ok());
    let command = ["--name", last_segment(&row.scope), "--resource-group", &segment("resourceGroups", "GROUP")]
        .map(shell_word)
        .join(" ");
    let place =
        ["--location", &segment("locations", "LOCATION"), "--subscription", &segment("subscriptions", "SUBSCRIPTION")]
            .map(shell_word)
            .join(" ");
    Clock {
        store: "deleted-account",
        holds: "everything the account held",
        scope: row.scope.clone(),
        state: ClockState::Running,
        keeps: keeps.words(),
        gone_by: date("/properties/scheduledPurgeDate").or_else(after_deletion),
        end: format!("Purge it: az cognitiveservices account purge {command} {place}").into(),
        source: retention::DELETED_ACCOUNTS,
    }
}

/// A subscription that is not enabled: the day it ended is in no answer, so the clock has no end either.
fn ending(subscription: &Subscription) -> Option<Clock> {
    let state = subscription.state().filter(|state| !state.eq_ignore_ascii_case("Enabled"))?;
    let (limited, deleted) = retention::SUBSCRIPTION_DAYS;
    Some(Clock {
        store: "subscription",
        holds: "everything in the subscription",
        scope: format!("/subscriptions/{}", subscription.id),
        state: ClockState::Running,
        keeps: format!("{limited} days in limited function after its end, then deletion within {deleted} days").into(),
        gone_by: None,
        end: format!(
            "The subscription is {state}: delete and purge its accounts, or enable it again. Azure does not say since when."
        )
        .into(),
        source: retention::SUBSCRIPTIONS,
    })
}
