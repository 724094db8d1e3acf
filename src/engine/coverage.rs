//! What was read and what was not, and what the reader should know about the scope.

use crate::assessment::{
    Coverage, CrossCheckCoverage, Note, NoteKind, ReachCoverage, ReadStatus, SubscriptionCoverage, Unreadable,
};
use crate::snapshot::{Cause, CrossCheck, Operation, Read, Snapshot, Subscription, Unavailable};

/// Accounts a note names; the coverage of the report has them all.
const NAMED: usize = 3;

/// Collects what was read while subscriptions are judged.
#[derive(Debug, Default)]
pub(super) struct Reads {
    unreadable: Vec<Unreadable>,
    subscriptions: Vec<SubscriptionCoverage>,
    excluded_accounts: Vec<String>,
    cross_check: Option<CrossCheckCoverage>,
}

impl Reads {
    /// Looks at a subscription with its accounts.
    pub(super) fn subscription(&mut self, own: &Subscription) {
        let tried = own.unavailable().into_iter().filter(|why| was_tried(why));
        self.unreadable.extend(tried.map(to_unreadable));
        self.subscriptions.push(subscription_coverage(own));
        self.excluded_accounts.extend(own.selection.excluded.iter().cloned());
        if let Some(check) = &own.selection.cross_check {
            self.cross_check(check);
        }
    }

    fn cross_check(&mut self, check: &Read<CrossCheck>) {
        let all = self.cross_check.get_or_insert_with(CrossCheckCoverage::default);
        match check {
            Read::Unavailable(_) => all.unreadable += 1,
            Read::Known(own) => {
                all.compared += 1;
                all.differences.only_listed.extend(own.only_listed.iter().cloned());
                all.differences.not_listed.extend(own.not_listed.iter().cloned());
                all.differences.gone.extend(own.gone.iter().cloned());
            }
        }
    }

    /// What was read and what was not, by a run that its `frame` describes.
    pub(super) fn finish(mut self, frame: &Snapshot) -> Coverage {
        let gaps = frame.reach.gaps.iter().filter(|why| was_tried(why));
        self.unreadable.extend(gaps.map(to_unreadable));
        self.unreadable.sort();
        self.unreadable.dedup();
        self.excluded_accounts.sort();
        if let Some(own) = &mut self.cross_check {
            let lists = [&mut own.differences.only_listed, &mut own.differences.not_listed, &mut own.differences.gone];
            for ids in lists {
                ids.sort();
            }
        }
        let mut gaps: Vec<String> = frame.reach.gaps.iter().map(|gap| gap.scope.clone()).collect();
        gaps.sort();
        let reach = ReachCoverage {
            principals: frame.reach.principals.clone(),
            gaps,
            excluded_subscriptions: frame.reach.excluded.clone(),
            excluded_accounts: self.excluded_accounts,
            cross_check: self.cross_check,
        };
        Coverage { subscriptions: self.subscriptions, requests: frame.requests, unreadable: self.unreadable, reach }
    }
}

/// A call that was never needed is not a failed read, nor is one that nobody can make before deployment; one that an interrupted
/// run did not get to is, and says so.
fn was_tried(why: &Unavailable) -> bool {
    why.cause != Cause::NotKnownAtPlan && (why.cause != Cause::NotCollected || why.detail.is_some())
}

fn to_unreadable(why: &Unavailable) -> Unreadable {
    Unreadable {
        scope: why.scope.clone(),
        operation: why.operation.as_str(),
        cause: why.cause.as_str(),
        action: why.cause.action().map(str::to_owned),
        detail: why.detail.clone(),
    }
}

fn subscription_coverage(subscription: &Subscription) -> SubscriptionCoverage {
    // The index is a second opinion on the list: without it nothing of the subscription is unread.
    let own = |why: &&Unavailable| was_tried(why) && why.operation != Operation::IndexedAccountsList;
    let failed = subscription.unavailable().into_iter().find(own);
    let (status, why) = match (&subscription.listing, failed) {
        (Read::Unavailable(why), _) => (ReadStatus::Unreadable, Some(why)),
        (Read::Known(_), Some(why)) => (ReadStatus::Partial, Some(why)),
        (Read::Known(_), None) => (ReadStatus::Read, None),
    };
    SubscriptionCoverage {
        id: subscription.id.clone(),
        name: subscription.name().map(str::to_owned),
        state: subscription.state().map(str::to_owned),
        accounts: subscription.accounts.len(),
        status,
        cause: why.map(|why| why.cause.as_str()),
    }
}

/// Exclusions that leave nothing out, as on the command line. What an interrupted run did not reach may carry the tag.
fn unmatched(snapshot: &Snapshot, coverage: &Coverage) -> Vec<String> {
    let reach = &snapshot.reach;
    let patterns = reach.unmatched.iter().map(|pattern| format!("--exclude-subscription {pattern}"));
    let excludes = !coverage.reach.excluded_accounts.is_empty();
    let tags = reach.asked.exclude_tags.iter().filter(|_| !excludes && snapshot.interrupted.is_none());
    patterns.chain(tags.map(|(key, value)| format!("--exclude-tag {key}={value}"))).collect()
}

/// What the reader should know about the scope.
pub(super) fn notes(snapshot: &Snapshot, coverage: &Coverage) -> Vec<Note> {
    let note =
        |kind, message, remediation: &str| Note { kind, message, line: None, remediation: remediation.to_owned() };
    let unmatched = unmatched(snapshot, coverage).into_iter().map(|word| {
        let message = format!("{word} leaves nothing out");
        note(NoteKind::ExclusionUnmatched, message, "Correct it, or remove it")
    });
    let mut notes: Vec<Note> = unmatched.collect();
    let Some(check) = &coverage.reach.cross_check else { return notes };
    let differences = &check.differences;
    let kinds = [
        (
            NoteKind::AccountNotListed,
            &differences.not_listed,
            "the resource index knows accounts the list leaves out; they were read",
            "Report the incomplete list to Azure support, and keep --cross-check on",
        ),
        (
            NoteKind::AccountNotIndexed,
            &differences.only_listed,
            "the resource index does not know accounts that are there",
            "Nothing to do: the index lags behind. When it stays so, ask Azure support",
        ),
        (
            NoteKind::AccountGone,
            &differences.gone,
            "the resource index knows accounts that are gone",
            "Nothing to do: the index lags behind",
        ),
    ];
    for (kind, ids, what, remediation) in kinds {
        if !ids.is_empty() {
            notes.push(note(kind, format!("{what} ({}): {}", ids.len(), some(ids)), remediation));
        }
    }
    if check.unreadable > 0 {
        let message = format!("the resource index of {} subscriptions could not be read", check.unreadable);
        let remediation = "Grant Microsoft.Resources/subscriptions/resources/read (the role Reader has it)";
        notes.push(note(NoteKind::CrossCheckUnread, message, remediation));
    }
    notes
}

fn some(ids: &[String]) -> String {
    let more = ids.len().saturating_sub(NAMED);
    let named = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}
