//! Posture over time: many runs, sorted into series of one tenant and cloud each.

use jiff::Timestamp;

use super::compare::{Change, ChangeKind, Posture};
use crate::outcome::{Axis, Outcome, Severity};

/// Results of one axis in one run. Advice (severity info) never changes an axis and is not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passes; none when the run was read from a report that leaves them out.
    pub pass: Option<usize>,
    /// Failures that nobody accepted.
    pub fail: usize,
    /// What could not be told.
    pub unknown: usize,
    /// What a person must attest.
    pub manual: usize,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Name of its file.
    pub file: String,
    /// When its facts were read.
    pub taken_at: Timestamp,
    /// Whether everything the promised axes depend on could be read.
    pub complete: bool,
    /// Accounts it saw.
    pub accounts: usize,
    /// Counts in the order of [`Axis::ALL`].
    pub axes: [Counts; Axis::ALL.len()],
    /// What got worse since the run before.
    pub regressions: Vec<Change>,
    /// How many results got better since then.
    pub better: usize,
    /// Whether it was judged by another policy than the run before, which by itself changes results.
    pub other_policy: bool,
}

/// Runs of one tenant and cloud, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The tenant, when known.
    pub tenant_id: Option<String>,
    /// The cloud.
    pub cloud: String,
    /// Its runs.
    pub runs: Vec<Run>,
}

/// Everything a folder holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The series, by tenant and cloud.
    pub series: Vec<Series>,
    /// Names that are neither a snapshot nor a report.
    pub skipped: Vec<String>,
    /// Files that should have been one: name and why they could not be read.
    pub unreadable: Vec<(String, String)>,
}

impl Run {
    /// A run, and what happened since `before`.
    pub fn new(file: String, posture: &Posture, before: Option<&Posture>) -> Self {
        let comparison = before.map(|before| before.compare(posture));
        let count = |kind| comparison.as_ref().map_or(0, |own| own.count(kind));
        Self {
            file,
            taken_at: posture.taken_at,
            complete: posture.complete,
            accounts: posture.accounts.len(),
            axes: Axis::ALL.map(|axis| counts(posture, axis)),
            better: count(ChangeKind::Fixed) + count(ChangeKind::NowReadable),
            other_policy: comparison.as_ref().is_some_and(|own| !own.same_policy),
            regressions: comparison.map(|own| own.regressions().cloned().collect()).unwrap_or_default(),
        }
    }
}

fn counts(posture: &Posture, axis: Axis) -> Counts {
    let own = || posture.results.values().filter(|held| held.axis == axis && held.severity != Severity::Info);
    let count = |outcome| own().filter(|held| held.outcome == outcome).count();
    Counts {
        pass: posture.has_passes.then(|| count(Outcome::Pass)),
        fail: count(Outcome::Fail),
        unknown: count(Outcome::Unknown),
        manual: count(Outcome::Manual),
    }
}
