//! What `zdr-check doctor` found, judged check by check, for people and for programs.

mod checks;
mod json;
mod rights;
mod terminal;

use std::time::Duration;

use jiff::Timestamp;

use crate::azure::arm::{Proxies, Reach, Roots};
use crate::azure::credentials::Trial;
use crate::collect::probe::Looked;
use crate::snapshot::{Principal, Unavailable};

pub use json::json as doctor_json;
pub use terminal::page as doctor;

/// Everything that was found, not judged yet. Later parts are missing when an earlier one made them pointless.
#[derive(Debug, Clone)]
pub struct Findings {
    /// When it was found.
    pub at: Timestamp,
    /// The policy file, and its mistakes as lines; `None` when there is none.
    pub policy: Option<(String, Vec<String>)>,
    /// Base URL of Azure Resource Manager.
    pub endpoint: String,
    /// Whether it answers, or why not.
    pub reach: Result<Reach, String>,
    /// The way there.
    pub proxies: Proxies,
    /// Whom the client trusts.
    pub roots: Roots,
    /// Every way to sign in that was tried.
    pub trials: Vec<Trial>,
    /// Who the first working one is.
    pub principal: Principal,
    /// What it sees; `None` when nobody could ask.
    pub looked: Option<Result<Looked, Blind>>,
}

/// Why no subscription could be looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Blind {
    /// None is visible.
    NothingVisible,
    /// The list of subscriptions is not usable.
    Unreadable(Unavailable),
}

/// Whether a scan can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It can, and lacks nothing that was tried.
    Sound,
    /// It can, but some facts will be unknown.
    Lacking,
    /// It cannot.
    NoScan,
}

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Ok,
    /// Nothing breaks, but it is worth knowing.
    Notice,
    /// A scan would lack something.
    Lacking,
    /// A scan cannot be done.
    Broken,
    /// Nobody could look.
    Skipped,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Notice => "notice",
            Self::Lacking => "lacking",
            Self::Broken => "broken",
            Self::Skipped => "skipped",
        }
    }
}

/// One check. Texts may contain remote parts: whoever shows them makes them safe.
#[derive(Debug, Clone)]
struct Check {
    /// Stable word.
    name: &'static str,
    status: Status,
    summary: String,
    details: Vec<String>,
    /// What to do.
    fixes: Vec<String>,
}

impl Findings {
    /// Whether a scan can be done.
    pub fn health(&self) -> Health {
        let checks = checks::all(self);
        let any = |status| checks.iter().any(|check| check.status == status);
        if any(Status::Broken) {
            Health::NoScan
        } else if any(Status::Lacking) {
            Health::Lacking
        } else {
            Health::Sound
        }
    }

    /// The sign-in a scan would use, and the end of its token.
    fn used(&self) -> Option<(&Trial, Timestamp)> {
        self.trials.iter().find_map(|trial| Some((trial, trial.outcome.as_ref().ok()?.expires_at)))
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
