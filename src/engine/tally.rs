//! Counts results while they are made, so that the gate need not look at them again.

use std::collections::BTreeSet;

use super::Settings;
use crate::assessment::{AccountAssessment, AxisCounts, RuleResult, Summary};
use crate::outcome::{Axis, Outcome, PlanUnknown, Severity};
use crate::snapshot::{Cause, Listing, Read, Subscription};

/// The counts so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    subscriptions: usize,
    /// In the order of [`Outcome::ALL`].
    outcomes: [usize; 7],
    gating_failures: usize,
    open_manual: usize,
    /// Failures that are advice.
    advice: usize,
    /// Rules that say something of some resource.
    asked: BTreeSet<&'static str>,
    /// Something the promised axes depend on could not be read.
    gaps: bool,
}

impl Tally {
    /// Counts the results of a subscription and of its accounts.
    pub(super) fn subscription(&mut self, own: &Subscription, results: &[RuleResult], settings: &Settings) {
        let noted = |cause: &str| settings.plan_unknown == PlanUnknown::Note && cause == Cause::NotKnownAtPlan.as_str();
        self.subscriptions += 1;
        self.gaps |= match &own.listing {
            Read::Known(Listing::Listed { unreadable }) => !unreadable.iter().all(|why| noted(why.cause.as_str())),
            Read::Known(Listing::Named) => false,
            Read::Unavailable(_) => true,
        };
        for result in results {
            for (outcome, count) in Outcome::ALL.iter().zip(&mut self.outcomes) {
                *count += usize::from(*outcome == result.outcome);
            }
            if result.outcome != Outcome::NotApplicable {
                self.asked.insert(result.rule);
            }
            let matters = result.severity > Severity::Info;
            match result.outcome {
                Outcome::Fail => {
                    self.gating_failures += usize::from(settings.fail_on.counts(result.severity));
                    self.advice += usize::from(!matters);
                }
                Outcome::Manual => self.open_manual += usize::from(matters),
                Outcome::Unknown => {
                    self.gaps |= result.axis.is_promised() && matters && !result.cause.is_some_and(noted);
                }
                Outcome::Pass | Outcome::NotApplicable | Outcome::Waived | Outcome::Attested => {}
            }
        }
    }

    /// Every list of accounts is whole and nothing is unknown on the promised axes. What only a live scan can confirm counts when
    /// policy says so.
    pub(super) fn is_complete(&self) -> bool {
        !self.gaps
    }

    /// Rules that say something of some resource.
    pub(super) fn asked(&self) -> &BTreeSet<&'static str> {
        &self.asked
    }

    /// The counts over the whole run.
    pub(super) fn summary(&self, accounts: &[AccountAssessment]) -> Summary {
        let mut counts = self.outcomes.into_iter();
        Summary {
            subscriptions: self.subscriptions,
            accounts: accounts.len(),
            outcomes: Outcome::ALL.map(|outcome| (outcome, counts.next().unwrap_or_default())),
            axes: Axis::ALL.map(|axis| (axis, axis_counts(axis, accounts))),
            gating_failures: self.gating_failures,
            open_manual: self.open_manual,
            advice: self.advice,
        }
    }
}

fn axis_counts(axis: Axis, accounts: &[AccountAssessment]) -> AxisCounts {
    let mut counts = AxisCounts::default();
    for account in accounts {
        match account.axis(axis) {
            Outcome::Pass | Outcome::Waived | Outcome::Attested => counts.pass += 1,
            Outcome::Fail => counts.fail += 1,
            Outcome::Unknown => counts.unknown += 1,
            Outcome::Manual => counts.manual += 1,
            Outcome::NotApplicable => {}
        }
    }
    counts
}
