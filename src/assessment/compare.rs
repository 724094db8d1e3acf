//! What changed between two runs. Comparing is not judging: both runs were judged, each under its own policy, before they meet
//! here.
//!
//! Only what both runs looked at can be compared. A resource that the newer run did not ask about, or could not list, is out of
//! its sight; it is neither fixed nor gone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Assessment, ReadStatus};
use crate::outcome::{Axis, Outcome, Severity};

/// The rule whose pass is the approval itself.
const APPROVAL: &str = "abuse-monitoring-storage-on";

/// What a comparison needs to know about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posture {
    /// When its facts were read.
    pub taken_at: Timestamp,
    /// The tenant it was read from, when known.
    pub tenant_id: Option<String>,
    /// The cloud.
    pub cloud: String,
    /// What it was judged by, in words.
    pub policy: String,
    /// Whether everything the promised axes depend on could be read.
    pub complete: bool,
    /// Whether passing results are among [`Self::results`]; if not, what is missing there has passed.
    pub has_passes: bool,
    /// Subscriptions whose accounts could be listed, in lower case.
    pub subscriptions: BTreeSet<String>,
    /// Accounts: name by id in lower case.
    pub accounts: BTreeMap<String, String>,
    /// Results by rule and resource id in lower case.
    pub results: BTreeMap<(String, String), Held>,
}

/// One result of a run, as far as a comparison needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Resource that was judged, as written.
    pub resource_id: String,
    /// Its account, as written.
    pub account_id: String,
    /// The rule's axis.
    pub axis: Axis,
    /// The severity it had.
    pub severity: Severity,
    /// The outcome, overlays included.
    pub outcome: Outcome,
    /// What the run said; may contain remote text.
    pub message: String,
}

/// What happened to one result, or to one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Abuse-monitoring storage was off and is not any more.
    ApprovalVanished,
    /// A failure that was not there.
    New,
    /// A failure that was accepted, and is not any more.
    Lapsed,
    /// It could be told, and cannot any more.
    NewlyUnreadable,
    /// Something else about it is different.
    Changed,
    /// A failure that is gone while its resource is still there.
    Fixed,
    /// It could not be told, and can now.
    NowReadable,
    /// A failure or unknown that is accepted now.
    Accepted,
    /// An account that was not there.
    Appeared,
    /// An account or resource that is gone.
    Disappeared,
    /// The newer run could not see it.
    OutOfSight,
}

impl ChangeKind {
    /// Every kind, what got worse first.
    pub const ALL: [Self; 11] = [
        Self::ApprovalVanished,
        Self::New,
        Self::Lapsed,
        Self::NewlyUnreadable,
        Self::Changed,
        Self::OutOfSight,
        Self::Disappeared,
        Self::Appeared,
        Self::Accepted,
        Self::NowReadable,
        Self::Fixed,
    ];

    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApprovalVanished => "approval-vanished",
            Self::New => "new",
            Self::Lapsed => "lapsed",
            Self::NewlyUnreadable => "newly-unreadable",
            Self::Changed => "changed",
            Self::Fixed => "fixed",
            Self::NowReadable => "now-readable",
            Self::Accepted => "accepted",
            Self::Appeared => "appeared",
            Self::Disappeared => "disappeared",
            Self::OutOfSight => "out-of-sight",
        }
    }

    /// Whether posture got worse.
    pub fn is_regression(self) -> bool {
        match self {
            Self::ApprovalVanished | Self::New | Self::Lapsed | Self::NewlyUnreadable => true,
            Self::Changed
            | Self::Fixed
            | Self::NowReadable
            | Self::Accepted
            | Self::Appeared
            | Self::Disappeared
            | Self::OutOfSight => false,
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// The rule; none when the difference is about an account as a whole.
    pub rule: Option<String>,
    /// How much it matters; a vanished approval is always critical.
    pub severity: Severity,
    /// The axis of the rule.
    pub axis: Option<Axis>,
    /// The resource, as written.
    pub resource_id: String,
    /// Outcome before; none when there was no such result.
    pub before: Option<Outcome>,
    /// Outcome now; none when there is no such result.
    pub after: Option<Outcome>,
    /// One sentence; may contain remote text.
    pub message: String,
}

/// All differences between two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// When the facts of the older run were read.
    pub before: Timestamp,
    /// When the facts of the newer run were read.
    pub after: Timestamp,
    /// Whether the newer run could read everything the promised axes depend on.
    pub complete: bool,
    /// Whether both were judged by the same policy; if not, differences can come from the policy.
    pub same_policy: bool,
    /// The differences, what got worse first, then by severity, rule and resource.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// How many differences are of this kind.
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }

    /// What got worse.
    pub fn regressions(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.kind.is_regression())
    }
}

impl Posture {
    /// The posture an assessment found.
    pub fn of(assessment: &Assessment) -> Self {
        let key = |id: &str| id.to_ascii_lowercase();
        let listed = assessment.coverage.subscriptions.iter().filter(|own| own.status != ReadStatus::Unreadable);
        let held = |result: &super::RuleResult| Held {
            resource_id: result.resource_id.clone(),
            account_id: result.account_id.clone(),
            axis: result.axis,
            severity: result.severity,
            outcome: result.outcome,
            message: result.message.clone(),
        };
        let results = assessment.results.iter();
        Self {
            taken_at: assessment.run.finished_at,
            tenant_id: assessment.run.principal.tenant_id.clone(),
            cloud: assessment.run.cloud.as_str().to_owned(),
            policy: policy(
                &assessment.run.policy.pin,
                &assessment.run.policy.allow_locations,
                assessment.run.policy.file.as_ref().map(|file| file.sha256.as_str()),
            ),
            complete: assessment.complete,
            has_passes: true,
            subscriptions: listed.map(|own| key(&own.id)).collect(),
            accounts: assessment.accounts.iter().map(|account| (key(&account.id), account.name.clone())).collect(),
            results: results
                .map(|result| ((result.rule.to_owned(), key(&result.resource_id)), held(&result)))
                .collect(),
        }
    }

    /// Compares `self`, the older run, with a newer one.
    pub fn compare(&self, newer: &Self) -> Comparison {
        let keys: BTreeSet<&(String, String)> = self.results.keys().chain(newer.results.keys()).collect();
        let mut changes: Vec<Change> = keys.into_iter().filter_map(|key| self.change(newer, key)).collect();
        changes.extend(self.accounts_that_differ(newer));
        let rank = |kind: ChangeKind| ChangeKind::ALL.iter().position(|own| *own == kind);
        changes.sort_by_cached_key(|change| {
            let severity = std::cmp::Reverse(change.severity);
            (rank(change.kind), severity, change.rule.clone(), change.resource_id.to_ascii_lowercase())
        });
        Comparison {
            before: self.taken_at,
            after: newer.taken_at,
            complete: newer.complete,
            same_policy: self.policy == newer.policy,
            changes,
        }
    }

    /// The outcome of a result, when this run had it or left it out because it passed.
    fn outcome(&self, key: &(String, String), account: &str) -> Option<Outcome> {
        match self.results.get(key) {
            Some(held) => Some(held.outcome),
            None if !self.has_passes && self.sees_account(account) => Some(Outcome::Pass),
            None => None,
        }
    }

    fn sees_account(&self, id: &str) -> bool {
        self.accounts.contains_key(&id.to_ascii_lowercase())
    }

    /// Whether this run would list the resource if it existed.
    fn looks_at(&self, id: &str) -> bool {
        let subscription = id.split('/').nth(2).unwrap_or_default().to_ascii_lowercase();
        self.subscriptions.contains(&subscription)
    }

    fn change(&self, newer: &Self, key: &(String, String)) -> Option<Change> {
        let (old, new) = (self.results.get(key), newer.results.get(key));
        let shown = new.or(old)?;
        let (before, after) = (self.outcome(key, &shown.account_id), newer.outcome(key, &shown.account_id));
        // Accounts that came or went are one difference each, told elsewhere; a new failure is one whoever brought it.
        let gone = old.is_some() && is_account(&shown.account_id) && !newer.sees_account(&shown.account_id);
        let kind = if gone { None } else { kind(&key.0, before, after, old, new) }?;
        let kind = if after.is_none() && !newer.looks_at(&shown.resource_id) { ChangeKind::OutOfSight } else { kind };
        let vanished = kind == ChangeKind::ApprovalVanished;
        Some(Change {
            kind,
            rule: Some(key.0.clone()),
            severity: if vanished { Severity::Critical } else { shown.severity },
            axis: Some(shown.axis),
            resource_id: shown.resource_id.clone(),
            before,
            after,
            message: shown.message.clone(),
        })
    }

    fn accounts_that_differ(&self, newer: &Self) -> Vec<Change> {
        let change = |kind, id: &str, message: &str| Change {
            kind,
            rule: None,
            severity: Severity::Info,
            axis: None,
            resource_id: id.to_owned(),
            before: None,
            after: None,
            message: message.to_owned(),
        };
        let gone = self.accounts.keys().filter(|id| !newer.accounts.contains_key(*id)).map(|id| {
            if newer.looks_at(id) {
                change(
                    ChangeKind::Disappeared,
                    id,
                    "the account is gone; for 48 hours it can be recovered with its content",
                )
            } else {
                change(ChangeKind::OutOfSight, id, "the newer run did not list the accounts of this subscription")
            }
        });
        let come = newer.accounts.keys().filter(|id| !self.accounts.contains_key(*id));
        gone.chain(come.map(|id| change(ChangeKind::Appeared, id, "the account was not there"))).collect()
    }
}

/// What decides results, in words that two runs can be compared by.
pub fn policy(pin: &str, locations: &[String], file_sha256: Option<&str>) -> String {
    format!("pin {pin}; locations {}; file {}", locations.join(","), file_sha256.unwrap_or("none"))
}

fn is_account(id: &str) -> bool {
    id.to_ascii_lowercase().contains("/providers/microsoft.cognitiveservices/accounts/")
}

/// What happened to a result; none when nothing did.
fn kind(
    rule: &str,
    before: Option<Outcome>,
    after: Option<Outcome>,
    old: Option<&Held>,
    new: Option<&Held>,
) -> Option<ChangeKind> {
    use Outcome::{Attested, Fail, Manual, NotApplicable, Pass, Unknown, Waived};
    let differs = || {
        let (old, new) = (old?, new?);
        (old.severity != new.severity || old.message != new.message).then_some(ChangeKind::Changed)
    };
    match (before, after) {
        (Some(Pass), Some(Fail)) if rule == APPROVAL => Some(ChangeKind::ApprovalVanished),
        (Some(Fail), Some(Fail)) | (Some(Unknown), Some(Unknown)) => differs(),
        (Some(Waived), Some(Fail)) => Some(ChangeKind::Lapsed),
        (_, Some(Fail)) => Some(ChangeKind::New),
        (_, Some(Unknown)) => Some(ChangeKind::NewlyUnreadable),
        (Some(Fail | Unknown), Some(Waived)) => Some(ChangeKind::Accepted),
        (Some(Manual), Some(Attested)) => Some(ChangeKind::Accepted),
        (Some(Attested), Some(Manual)) => Some(ChangeKind::Lapsed),
        (Some(Fail | Waived), Some(Pass | NotApplicable | Manual | Attested)) => Some(ChangeKind::Fixed),
        (Some(Unknown), Some(Pass | NotApplicable | Manual | Attested)) => Some(ChangeKind::NowReadable),
        (Some(Fail | Unknown | Waived), None) => Some(ChangeKind::Disappeared),
        (Some(Pass | NotApplicable | Manual | Attested), Some(Manual | Waived)) if before != after => {
            Some(ChangeKind::Changed)
        }
        (Some(Pass | NotApplicable | Manual | Attested | Waived) | None, _) => None,
    }
}
