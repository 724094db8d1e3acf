//! The journal: a snapshot as JSON Lines, appended to while the scan runs, that can be judged again and verified years later.
//!
//! Schema `zdr-check/snapshot/1`: a header, one record per piece, a trailer. Every line after the first carries the SHA-256 of
//! all bytes before it, so that a change, an exchange or a lost line is found even when the journal was never finished; the
//! trailer seals itself too. A journal without a trailer is *interrupted*: what it holds is good, what it lacks is unknown.
//!
//! This is the format alone, over `Write` and `BufRead`: no clock, no network, no files.

mod read;
mod stored;
mod write;
pub mod zst;

use std::fmt::Write as _;
use std::io::{self, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::read::{Ending, Fault, Journal, JournalError, Tail, read};
pub use self::stored::Bodies;
pub use self::write::Writer;
pub(super) use self::write::depth;
use super::mask::Masks;
use super::{AccountId, Cloud, Operation, PackedSnapshot, Principal, Reach, Requests, Scope, Snapshot, Source};

/// What the header says the format is.
pub const SCHEMA: &str = "zdr-check/snapshot/1";

/// Every schema of this program starts with it.
const FAMILY: &str = "zdr-check/snapshot/";

/// No record is longer, in bytes.
pub const LONGEST_RECORD: usize = 64 * 1024 * 1024;

/// Deepest nesting of a record; JSON readers stop soon after.
pub(super) const DEEPEST_RECORD: usize = 120;

/// The program that wrote the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This program.
    pub fn own() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// What is not stored of an answer, although its SHA-256 covers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    /// The calls it is done to.
    pub operations: Vec<Operation>,
    /// Properties that are left out; empty when `kept` says which are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// The only properties that are kept; empty when `dropped` says which are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// Why.
    pub reason: String,
}

/// The first line: what was asked for, by whom. It knows no policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The program.
    pub tool: Tool,
    /// Start of reading.
    pub started_at: Timestamp,
    /// Where the facts come from.
    pub source: Source,
    /// The cloud.
    pub cloud: Cloud,
    /// What was asked for, in words.
    pub scopes: Vec<String>,
    /// Who asked.
    pub principal: Principal,
    /// What that is: no subscription is lost because the reading ended before it.
    #[serde(with = "scopes")]
    pub subscriptions: Vec<Scope>,
    /// What is not among them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reach: Reach,
    /// What is not stored of answers.
    pub reductions: Vec<Reduction>,
    /// Whether names and ids were masked afterwards.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
}

/// Says that an interrupted reading was taken up again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resumed {
    /// The program.
    pub tool: Tool,
    /// Who asked from here on.
    pub principal: Principal,
    /// The scope as it was found then.
    #[serde(with = "scopes")]
    pub subscriptions: Vec<Scope>,
    /// What was not among them then.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reach: Reach,
}

/// What says nothing is not written.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// When a record was written, and the requests until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Time.
    pub at: Timestamp,
    /// Requests of the whole reading so far.
    pub requests: Requests,
}

/// How many different pieces a journal holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Subscriptions whose accounts are known.
    pub subscriptions: usize,
    /// Accounts.
    pub accounts: usize,
    /// Subscriptions with their further lists.
    pub lists: usize,
    /// Single resources.
    pub documents: usize,
    /// Lists below single resources.
    #[serde(default)]
    pub below: usize,
}

/// The last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer {
    /// How much there is.
    pub counts: Counts,
}

/// Names of the records.
mod record {
    pub(super) const HEADER: &str = "header";
    pub(super) const RESUMED: &str = "resumed";
    pub(super) const SUBSCRIPTION: &str = "subscription";
    pub(super) const ACCOUNT: &str = "account";
    pub(super) const LISTS: &str = "lists";
    pub(super) const DOCUMENT: &str = "document";
    pub(super) const BELOW: &str = "below";
    pub(super) const TRAILER: &str = "trailer";
}

impl Journal {
    /// The same journal under masks. What a reader cannot tell from it is said in its header.
    #[must_use]
    pub fn masked(self, masks: &mut Masks) -> Self {
        let header = Header {
            scopes: masks.words(&self.header.scopes),
            principal: masks.principal(&self.header.principal),
            subscriptions: masks.scopes(&self.header.subscriptions),
            reach: masks.reach(&self.header.reach),
            redacted: true,
            ..self.header
        };
        let (scopes, reach) = (masks.scopes(&self.scopes), masks.reach(&self.reach));
        Self { header, scopes, reach, pieces: masks.pieces(self.pieces), ..self }
    }

    /// Writes the journal anew, with one record per piece.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn rewrite<W: Write>(&self, out: W) -> io::Result<W> {
        let mut writer = Writer::start(out, &self.header)?;
        if let Some(at) = self.resumed_at {
            let Header { tool, principal, .. } = self.header.clone();
            let (subscriptions, reach) = (self.scopes.clone(), self.reach.clone());
            let resumed = Resumed { tool, principal, subscriptions, reach };
            writer.resumed(&resumed, Stamp { at, requests: self.last.requests })?;
        }
        self.pieces.each(|piece| writer.write(piece, self.last))?;
        match self.ending {
            Ending::Complete => writer.finish(self.last),
            Ending::Interrupted { .. } => Ok(writer.into_inner()),
        }
    }

    /// The snapshot: what the journal holds, and the rest of its scope as not collected.
    pub fn into_snapshot(self) -> Snapshot {
        self.into_packed().open()
    }

    /// The same, with its accounts packed.
    pub fn into_packed(self) -> PackedSnapshot {
        let at = self.last.at;
        let interrupted = match self.ending {
            Ending::Complete => None,
            Ending::Interrupted { .. } => Some(super::Interruption::Unfinished),
        };
        let frame = Snapshot {
            source: Source::Snapshot,
            cloud: self.header.cloud,
            scopes: self.header.scopes,
            principal: self.header.principal,
            started_at: self.header.started_at,
            resumed_at: self.resumed_at,
            finished_at: at,
            interrupted,
            requests: self.last.requests,
            reach: self.reach,
            subscriptions: Vec::new(),
        };
        PackedSnapshot { frame, subscriptions: self.pieces.assemble(&self.scopes, at) }
    }
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}

/// Scopes as `{"id": …, "accounts": [ARM ids] | null}`.
mod scopes {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{AccountId, Scope};

    #[derive(Serialize, Deserialize)]
    struct Stored {
        id: String,
        accounts: Option<Vec<String>>,
    }

    pub(super) fn serialize<S: Serializer>(scopes: &[Scope], serializer: S) -> Result<S::Ok, S::Error> {
        let named = |ids: &Vec<AccountId>| ids.iter().map(|id| id.id.clone()).collect();
        let stored = |scope: &Scope| Stored { id: scope.id.clone(), accounts: scope.accounts.as_ref().map(named) };
        serializer.collect_seq(scopes.iter().map(stored))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Scope>, D::Error> {
        let named = |ids: Vec<String>| ids.iter().map(|id| AccountId::parse(id)).collect::<Result<Vec<_>, _>>();
        let scope = |stored: Stored| {
            let accounts = stored.accounts.map(named).transpose().map_err(D::Error::custom)?;
            Ok(Scope { id: stored.id, accounts })
        };
        Vec::<Stored>::deserialize(deserializer)?.into_iter().map(scope).collect()
    }
}
