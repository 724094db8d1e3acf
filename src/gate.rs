//! From an assessment to an exit code. Pure, so that it can be tested as a table.

use crate::assessment::compare::{Change, ChangeKind, Comparison};
use crate::assessment::{PolicySummary, Summary};
use crate::outcome::{Axis, FailOn, Outcome, Profile};

/// Exit code of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Complete, nothing unwaived at or above `--fail-on`.
    Clean,
    /// At least one unwaived failure at or above `--fail-on`.
    Findings,
    /// Bad flag, configuration, waiver or policy.
    Usage,
    /// No sign-in, nothing visible or unreadable input: there is no assessment.
    NotAudited,
    /// No such failure, but something on the promised axes is unknown.
    Incomplete,
}

impl Exit {
    /// Every exit, in the order of the codes.
    pub const ALL: [Self; 5] = [Self::Clean, Self::Findings, Self::Usage, Self::NotAudited, Self::Incomplete];

    /// The code.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::NotAudited => 3,
            Self::Incomplete => 4,
        }
    }
}

/// Decides the exit of a run.
///
/// A failure outranks incompleteness: a team mends what is known first, and both block. A run that saw no account and had
/// nothing unreadable audited nothing, which must not look clean.
pub fn decide(summary: &Summary, complete: bool, policy: &PolicySummary) -> Exit {
    let incomplete = !complete || (policy.profile == Profile::Strict && summary.open_manual > 0);
    if policy.fail_on != FailOn::Never && summary.gating_failures > 0 {
        Exit::Findings
    } else if incomplete {
        if policy.allow_incomplete { Exit::Clean } else { Exit::Incomplete }
    } else if summary.accounts == 0 {
        Exit::NotAudited
    } else {
        Exit::Clean
    }
}

/// Decides the exit of a comparison. A vanished approval is critical by itself.
pub fn decide_change(comparison: &Comparison, fail_on: FailOn, allow_incomplete: bool) -> Exit {
    let fails = |change: &Change| change.after == Some(Outcome::Fail) && fail_on.counts(change.severity);
    let promised = |change: &Change| change.axis.is_some_and(Axis::is_promised);
    let blind = |change: &Change| change.kind == ChangeKind::NewlyUnreadable && promised(change);
    if comparison.regressions().any(fails) {
        Exit::Findings
    } else if (!comparison.complete || comparison.regressions().any(blind)) && !allow_incomplete {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}
