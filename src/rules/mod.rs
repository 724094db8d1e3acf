//! The control catalogue: one file per rule, each a pure function from facts to a verdict.
//!
//! A rule sees the snapshot, the dated knowledge tables and the policy, and nothing else: no network, clock, environment or
//! configuration file. Adding a rule means adding its file and fixtures; the list below is derived from the folder and a test
//! keeps it true (`UPDATE=1 cargo test` rewrites it).

use std::collections::BTreeSet;

use crate::knowledge::kinds::{Hosting, hosting};
use crate::knowledge::processing::Pin;
use crate::outcome::{Axis, Severity, Unknown, Verdict};
use crate::snapshot::{AccountFacts, Cloud, Deployment, Operation, ProjectFacts, Subscription};

/// What a check returns: a verdict, or why there is none.
pub type CheckResult = Result<Verdict, Unknown>;

/// The part of the policy that rules depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Required processing boundary.
    pub pin: Pin,
    /// Regions an account may be in, normalised; `None` when policy does not say.
    pub allowed_locations: Option<BTreeSet<String>>,
}

/// Everything a check may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Cloud of the run.
    pub cloud: Cloud,
    /// Policy of the run.
    pub policy: &'a Policy,
    /// The subscription with all its accounts, for rules that compare.
    pub subscription: &'a Subscription,
    /// The account under judgement.
    pub facts: &'a AccountFacts,
}

/// The function of a rule, by what it is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Once per account that hosts models.
    Account(fn(&Context<'_>) -> CheckResult),
    /// Once per deployment.
    Deployment(fn(&Context<'_>, &Deployment<'_>) -> CheckResult),
    /// Once per Foundry project.
    Project(fn(&Context<'_>, &ProjectFacts) -> CheckResult),
}

/// One control.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, names the defect, never changes.
    pub id: &'static str,
    /// One line, states the defect.
    pub title: &'static str,
    /// The axis it speaks for.
    pub axis: Axis,
    /// How much a failure matters.
    pub severity: Severity,
    /// First version that had it.
    pub since: &'static str,
    /// Rows of the control catalogue it covers.
    pub controls: &'static [&'static str],
    /// The calls whose answers it needs; without one of them it is unknown.
    pub needs: &'static [Operation],
    /// Framework clauses it gives evidence for.
    pub frameworks: &'static [&'static str],
    /// The rule's page in Markdown: the doc comment of its file.
    pub docs: &'static str,
    /// The function.
    pub check: Check,
}

/// Declares `RULE` from a doc comment, metadata and a check.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        id: $id:literal,
        title: $title:literal,
        axis: $axis:ident,
        severity: $severity:ident,
        since: $since:literal,
        controls: [$($control:literal),* $(,)?],
        needs: [$($need:ident),* $(,)?],
        frameworks: [$($framework:literal),* $(,)?],
        check: $kind:ident($check:path) $(,)?
    ) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: crate::rules::Rule = crate::rules::Rule {
            id: $id,
            title: $title,
            axis: crate::outcome::Axis::$axis,
            severity: crate::outcome::Severity::$severity,
            since: $since,
            controls: &[$($control),*],
            needs: &[$(crate::snapshot::Operation::$need),*],
            frameworks: &[$($framework),*],
            docs: concat!($($doc, "\n"),+),
            check: crate::rules::Check::$kind($check),
        };
    };
}

impl Context<'_> {
    /// Whether model rules have a meaning for the account: it has deployments, or its kind can host them.
    ///
    /// # Errors
    /// When neither the deployments nor the kind settle it.
    pub fn hosts_models(&self) -> Result<bool, Unknown> {
        let deployments = self.facts.deployments();
        if deployments.as_ref().is_ok_and(|all| !all.is_empty()) {
            return Ok(true);
        }
        match hosting(self.facts.account()?.kind()?) {
            Hosting::Hosts | Hosting::Unlisted => Ok(true),
            Hosting::DoesNotHost => Ok(!deployments?.is_empty()),
        }
    }

    /// `--name … --resource-group … --subscription …` for an `az cognitiveservices account` command.
    pub fn az_account(&self) -> String {
        let id = &self.facts.id;
        format!("--name {} --resource-group {} --subscription {}", id.name, id.resource_group, id.subscription_id)
    }
}

// BEGIN GENERATED: UPDATE=1 cargo test
mod approved {
    pub(super) mod abuse_monitoring_storage_on;
}

/// Every rule, sorted by id.
#[rustfmt::skip]
pub static RULES: &[&Rule] = &[
    &approved::abuse_monitoring_storage_on::RULE,
];
// END GENERATED

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
