//! The result of a run, computed once: every report prints it and the gate reads it, so they cannot disagree.

use jiff::Timestamp;

use crate::outcome::{Axis, Outcome, Severity};
pub use crate::outcome::{FailOn, Profile};
use crate::snapshot::{Citation, Cloud, Principal, Requests, Source};

/// Everything a run concluded.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// What was run, by whom, under which policy.
    pub run: Run,
    /// Whether everything the promised axes depend on could be read and judged.
    pub complete: bool,
    /// Exit code of the program for this run.
    pub exit_code: u8,
    /// Counts.
    pub summary: Summary,
    /// What was read and what was not.
    pub coverage: Coverage,
    /// One entry per account in scope, sorted by id.
    pub accounts: Vec<AccountAssessment>,
    /// One entry per rule and resource, sorted by account, rule and resource.
    pub results: Vec<RuleResult>,
}

/// Facts about the run itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Start of reading.
    pub started_at: Timestamp,
    /// End of reading.
    pub finished_at: Timestamp,
    /// Where the facts come from.
    pub source: Source,
    /// The cloud.
    pub cloud: Cloud,
    /// What was asked for.
    pub scopes: Vec<String>,
    /// Who asked.
    pub principal: Principal,
    /// The policy, in the words of the flags.
    pub policy: PolicySummary,
}

/// The policy of a run, in the words of the flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySummary {
    /// `--pin`.
    pub pin: String,
    /// Regions of `--allow-location`; empty when not given.
    pub allow_locations: Vec<String>,
    /// `--fail-on`.
    pub fail_on: FailOn,
    /// `--profile`.
    pub profile: Profile,
    /// `--allow-incomplete`.
    pub allow_incomplete: bool,
}

/// Counts over the whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Subscriptions in scope.
    pub subscriptions: usize,
    /// Accounts in scope.
    pub accounts: usize,
    /// Results per outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [(Outcome, usize); 7],
    /// Accounts per state of each axis, in the order of [`Axis::ALL`].
    pub axes: [(Axis, AxisCounts); 5],
    /// Unwaived failures at or above `--fail-on`.
    pub gating_failures: usize,
    /// Unattested manual items that are more than advice.
    pub open_manual: usize,
}

impl Summary {
    /// Number of results with this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.outcomes.iter().filter(|(own, _)| *own == outcome).map(|(_, count)| count).sum()
    }
}

/// Accounts per state of one axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AxisCounts {
    /// Accounts that pass.
    pub pass: usize,
    /// Accounts that fail.
    pub fail: usize,
    /// Accounts that could not be told.
    pub unknown: usize,
    /// Accounts with open manual items.
    pub manual: usize,
}

/// What was read and what was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// One entry per subscription in scope, sorted by id.
    pub subscriptions: Vec<SubscriptionCoverage>,
    /// HTTP requests.
    pub requests: Requests,
    /// Every read that failed, sorted.
    pub unreadable: Vec<Unreadable>,
}

/// How much of a subscription was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionCoverage {
    /// Subscription GUID.
    pub id: String,
    /// Display name, when readable.
    pub name: Option<String>,
    /// `Enabled`, `Disabled`, …, when readable.
    pub state: Option<String>,
    /// Accounts in scope.
    pub accounts: usize,
    /// How much was read.
    pub status: ReadStatus,
    /// Cause of the first failed read of the subscription itself.
    pub cause: Option<&'static str>,
}

/// How much of a subscription was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadStatus {
    /// Everything that was asked for.
    Read,
    /// Some reads failed.
    Partial,
    /// Its accounts could not be listed.
    Unreadable,
}

impl ReadStatus {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Partial => "partial",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One read that failed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    /// ARM id of what was asked about.
    pub scope: String,
    /// The call.
    pub operation: &'static str,
    /// Stable word of the cause.
    pub cause: &'static str,
    /// The RBAC action that would allow it, when a right is missing.
    pub action: Option<String>,
    /// What Azure or the transport said; remote text.
    pub detail: Option<String>,
}

/// One account with its axes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountAssessment {
    /// ARM id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Subscription GUID.
    pub subscription_id: String,
    /// Resource group.
    pub resource_group: String,
    /// Location, when readable.
    pub location: Option<String>,
    /// Kind, when readable.
    pub kind: Option<String>,
    /// The worst of the axes that speak about content (all but *hardened*).
    pub verdict: Outcome,
    /// State per axis, in the order of [`Axis::ALL`].
    pub axes: [(Axis, Outcome); 5],
    /// Deployments, sorted by name; `None` when they could not be read.
    pub deployments: Option<Vec<DeploymentSummary>>,
}

impl AccountAssessment {
    /// State of one axis.
    pub fn axis(&self, axis: Axis) -> Outcome {
        self.axes.iter().find(|(own, _)| *own == axis).map_or(Outcome::NotApplicable, |(_, state)| *state)
    }
}

/// One deployment, as reports show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentSummary {
    /// Name.
    pub name: String,
    /// `sku.name`.
    pub sku: Option<String>,
    /// `model.format`.
    pub model_format: Option<String>,
    /// `model.name`.
    pub model_name: Option<String>,
    /// `model.version`.
    pub model_version: Option<String>,
    /// `global`, `datazone`, `geography`, `external` or `unknown`.
    pub processing: &'static str,
}

/// Result of one rule on one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleResult {
    /// Rule id.
    pub rule: &'static str,
    /// The rule's axis.
    pub axis: Axis,
    /// The rule's severity.
    pub severity: Severity,
    /// The outcome.
    pub outcome: Outcome,
    /// The account; for a rule about a subscription as a whole, the id of the subscription.
    pub account_id: String,
    /// The resource that was judged: the account, a child of it, or the subscription.
    pub resource_id: String,
    /// One sentence; may contain remote text.
    pub message: String,
    /// Stable word of the cause, for unknown.
    pub cause: Option<&'static str>,
    /// What it rests on.
    pub evidence: Vec<Citation>,
    /// What to do, for fail, unknown and manual.
    pub remediation: Option<String>,
}
