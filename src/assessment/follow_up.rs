//! What follows from the results: how long content stays, and what to do next.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::knowledge::Source;

/// How long one store keeps content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Stable word of the store.
    pub store: &'static str,
    /// What is in it.
    pub holds: &'static str,
    /// ARM id of the resource it belongs to.
    pub scope: String,
    /// Whether it is there.
    pub state: ClockState,
    /// How long, in words.
    pub keeps: Cow<'static, str>,
    /// When it will be purged ([`ClockState::Running`]), or when content written at the end of the run would be gone; none when
    /// nothing ends it, or nothing is documented.
    pub gone_by: Option<Timestamp>,
    /// What ends it sooner; may contain remote text.
    pub end: Cow<'static, str>,
    /// Where the retention is documented.
    pub source: Source,
}

/// Whether a store is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockState {
    /// It is, and will be purged by itself.
    Running,
    /// It is: the feature is in use or open to callers.
    Found,
    /// No API of this run can tell.
    Possible,
}

impl ClockState {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Found => "found",
            Self::Possible => "possible",
        }
    }
}

/// A statement that rules of the run rely on, and how well it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// Stable id of the statement.
    pub id: &'static str,
    /// What is claimed.
    pub claim: &'static str,
    /// The page. Its date is the day it was read when it carries none.
    pub source: Source,
    /// Whether the page carries a date of its own.
    pub is_dated: bool,
    /// Stable word of the kind of page.
    pub standing: &'static str,
    /// Rules of the run that rely on it.
    pub rules: Vec<&'static str>,
    /// Statements of other pages, or elsewhere on this one, that say otherwise.
    pub contradicted_by: Vec<&'static str>,
    /// The last day it was compared with its page: by the program's authors, or by whoever ran `zdr-check terms check`.
    pub last_checked: Date,
    /// Whether its passage was on the page then; none when only the program's authors looked.
    pub passage_found: Option<bool>,
}

impl SourceRecord {
    /// The date the page carries, if it does.
    pub fn document_date(&self) -> Option<&'static str> {
        self.is_dated.then_some(self.source.date)
    }
}

/// A next step. It changes nothing about the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Its class.
    pub kind: HintKind,
    /// One sentence; may contain remote text.
    pub message: String,
    /// A command or a line of the policy file.
    pub fix: String,
}

/// Classes of hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HintKind {
    /// A right is missing.
    Access,
    /// A line of the policy file would satisfy results that are open.
    Policy,
    /// A person has to answer.
    Attestation,
    /// Failures can be accepted until a date.
    Waiver,
}

impl HintKind {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Policy => "policy",
            Self::Attestation => "attestation",
            Self::Waiver => "waiver",
        }
    }
}
