//! The result of a run, computed once: every report prints it and the gate reads it, so they cannot disagree.

pub mod compare;
pub mod data_map;
mod follow_up;
pub mod history;
mod overlay;
mod results;

use jiff::Timestamp;
use jiff::civil::Date;

pub use self::follow_up::{Clock, ClockState, Hint, HintKind, SourceRecord};
pub use self::overlay::{AttestationSummary, Overlay, WaiverSummary};
pub use self::results::Results;
use crate::outcome::{Axis, FailOn, Outcome, Profile, Severity};
use crate::snapshot::{
    Citation, Cloud, CrossCheck, ExcludedSubscription, Interruption, Location, Principal, Requests, Source,
};

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
    pub results: Results,
    /// What the reader should know about the policy file itself and about the scope.
    pub notes: Vec<Note>,
    /// What would help most, in the order in which to do it.
    pub hints: Vec<Hint>,
    /// Stores that were found or are possible, with how long they keep content; those that run out by themselves first.
    pub clocks: Vec<Clock>,
    /// The statements that the rules of the run rely on, with their pages, sorted by id.
    pub sources: Vec<SourceRecord>,
    /// What changed since an earlier run, when one was given.
    pub comparison: Option<compare::Comparison>,
}

/// Facts about the run itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Start of reading.
    pub started_at: Timestamp,
    /// When an interrupted reading was last taken up again.
    pub resumed_at: Option<Timestamp>,
    /// End of reading.
    pub finished_at: Timestamp,
    /// Why not everything was read, if so.
    pub interrupted: Option<Interruption>,
    /// The day on which waivers and attestations must hold, and by which knowledge has its age.
    pub as_of: Date,
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
    /// `--regressions-only`: failures that the baseline had do not fail the run.
    pub regressions_only: bool,
    /// The policy file, when there was one.
    pub file: Option<PolicySource>,
    /// The lock file of `zdr-check terms check`, when one was read.
    pub terms_lock: Option<PolicySource>,
    /// Scopes of the policy file with a policy of their own, in its order.
    pub scopes: Vec<ScopeSummary>,
}

/// The policy file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySource {
    /// Path.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
}

/// A part of the estate with a policy of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeSummary {
    /// Its name.
    pub name: String,
    /// The boundary inside it, in the word of `--pin`.
    pub pin: String,
    /// The locations allowed inside it; empty when anywhere.
    pub allow_locations: Vec<String>,
    /// Accounts judged by it.
    pub accounts: usize,
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
    /// Failures that are advice: of severity info.
    pub advice: usize,
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
    /// How far the run reached.
    pub reach: ReachCoverage,
}

/// How far a run reached: what was left out on request, who else asked, and what a second source says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReachCoverage {
    /// Who asked in each further tenant.
    pub principals: Vec<Principal>,
    /// Parts of the scope whose subscriptions could not be found: ids of tenants and management groups, sorted.
    pub gaps: Vec<String>,
    /// Subscriptions left out on request, sorted by id.
    pub excluded_subscriptions: Vec<ExcludedSubscription>,
    /// ARM ids of accounts left out by tags, sorted.
    pub excluded_accounts: Vec<String>,
    /// The comparison with the resource index, when it was asked for.
    pub cross_check: Option<CrossCheckCoverage>,
}

/// The comparison with the resource index, over all subscriptions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrossCheckCoverage {
    /// Subscriptions compared.
    pub compared: usize,
    /// Subscriptions whose index could not be read.
    pub unreadable: usize,
    /// Accounts that only one source knows, sorted.
    pub differences: CrossCheck,
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
    /// Name of the scope of the policy file that held for it, if one did.
    pub policy_scope: Option<String>,
    /// The worst of the promised axes: approved, pinned, stateless.
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
    /// The rule's severity, or the one the policy file gives it here.
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
    /// What a person laid over the result, for waived and attested.
    pub overlay: Option<Overlay>,
    /// Where a deployment plan says what the result rests on.
    pub location: Option<Location>,
}

impl RuleResult {
    /// What results are sorted by: account, rule and resource; ids have no case.
    pub fn key(&self) -> (String, &'static str, String) {
        (self.account_id.to_ascii_lowercase(), self.rule, self.resource_id.to_ascii_lowercase())
    }
}

/// Something about the policy file, the scope or the knowledge behind the rules that the reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its class.
    pub kind: NoteKind,
    /// One sentence.
    pub message: String,
    /// Line of the policy file it is about, when it is about the file.
    pub line: Option<usize>,
    /// What to do.
    pub remediation: String,
}

/// Classes of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// A waiver is past its last day and hides nothing.
    WaiverExpired,
    /// A waiver covers no failure and no unknown.
    WaiverUnused,
    /// A waiver accepts every rule on every resource.
    WaiverBlanket,
    /// An attestation is past its last day and answers nothing.
    AttestationExpired,
    /// An attestation is dated after the run and answers nothing yet.
    AttestationNotYetValid,
    /// The document behind an attestation changed; it answers nothing.
    EvidenceMismatch,
    /// An attestation answers no manual item.
    AttestationUnused,
    /// A scope, or a glob of one, matches no account.
    ScopeUnmatched,
    /// A rule is off.
    RuleDisabled,
    /// A rule has a lower severity than its own.
    SeverityLowered,
    /// A rule is judged with an option of the policy file.
    OptionSet,
    /// A table of documented facts is older than policy allows.
    KnowledgeOld,
    /// The passage of a statement was not on its page when somebody last looked.
    SourceMoved,
    /// `--exclude-subscription` or `--exclude-tag` leaves nothing out.
    ExclusionUnmatched,
    /// The resource index knows accounts that the list of the provider does not show; they exist and were read.
    AccountNotListed,
    /// The list shows accounts that the resource index does not know.
    AccountNotIndexed,
    /// The resource index knows accounts that are gone.
    AccountGone,
    /// The resource index of a subscription could not be read.
    CrossCheckUnread,
    /// The snapshot that was asked for could not be written to its end.
    SnapshotNotWritten,
    /// A plan deletes or replaces an account, whose approval and content that touches.
    PlanDeletesAccount,
    /// A part of a plan could not be looked at.
    PlanGap,
    /// Results that only a live scan can confirm.
    PlanUnconfirmed,
}

impl NoteKind {
    /// Every class.
    pub const ALL: [Self; 22] = [
        Self::WaiverExpired,
        Self::WaiverUnused,
        Self::WaiverBlanket,
        Self::AttestationExpired,
        Self::AttestationNotYetValid,
        Self::EvidenceMismatch,
        Self::AttestationUnused,
        Self::ScopeUnmatched,
        Self::RuleDisabled,
        Self::SeverityLowered,
        Self::OptionSet,
        Self::KnowledgeOld,
        Self::SourceMoved,
        Self::ExclusionUnmatched,
        Self::AccountNotListed,
        Self::AccountNotIndexed,
        Self::AccountGone,
        Self::CrossCheckUnread,
        Self::SnapshotNotWritten,
        Self::PlanDeletesAccount,
        Self::PlanGap,
        Self::PlanUnconfirmed,
    ];

    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WaiverExpired => "waiver-expired",
            Self::WaiverUnused => "waiver-unused",
            Self::WaiverBlanket => "waiver-blanket",
            Self::AttestationExpired => "attestation-expired",
            Self::AttestationNotYetValid => "attestation-not-yet-valid",
            Self::EvidenceMismatch => "evidence-mismatch",
            Self::AttestationUnused => "attestation-unused",
            Self::ScopeUnmatched => "scope-unmatched",
            Self::RuleDisabled => "rule-disabled",
            Self::SeverityLowered => "severity-lowered",
            Self::OptionSet => "option-set",
            Self::KnowledgeOld => "knowledge-old",
            Self::SourceMoved => "source-moved",
            Self::ExclusionUnmatched => "exclusion-unmatched",
            Self::AccountNotListed => "account-not-listed",
            Self::AccountNotIndexed => "account-not-indexed",
            Self::AccountGone => "account-gone",
            Self::CrossCheckUnread => "cross-check-unread",
            Self::SnapshotNotWritten => "snapshot-not-written",
            Self::PlanDeletesAccount => "plan-deletes-account",
            Self::PlanGap => "plan-gap",
            Self::PlanUnconfirmed => "plan-unconfirmed",
        }
    }

    /// Whether something a person relied on is not so, or hides everything, so that the note must not be overlooked.
    pub fn is_loud(self) -> bool {
        match self {
            Self::WaiverExpired
            | Self::WaiverBlanket
            | Self::AttestationExpired
            | Self::AttestationNotYetValid
            | Self::EvidenceMismatch
            | Self::AccountNotListed
            | Self::SnapshotNotWritten
            | Self::PlanDeletesAccount
            | Self::PlanGap => true,
            Self::WaiverUnused
            | Self::AttestationUnused
            | Self::ScopeUnmatched
            | Self::RuleDisabled
            | Self::SeverityLowered
            | Self::OptionSet
            | Self::KnowledgeOld
            | Self::SourceMoved
            | Self::ExclusionUnmatched
            | Self::AccountNotIndexed
            | Self::AccountGone
            | Self::CrossCheckUnread
            | Self::PlanUnconfirmed => false,
        }
    }
}
