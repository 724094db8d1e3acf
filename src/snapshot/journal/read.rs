//! Reads a journal back, line by line, and believes nothing that its hashes do not cover.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Read as _};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::stored::{
    Bodies, Restore, StoredAccount, StoredBelow, StoredListed, StoredResource, StoredSubscriptionLists,
};
use super::write::{Seen, seal_text};
use super::{Counts, FAMILY, Header, LONGEST_RECORD, Resumed, SCHEMA, Stamp, Tool, Trailer, hex, record};
use crate::snapshot::{Evidence, Operation, PackedAccount, Pieces, Reach, Requests, Scope};

/// Why a journal cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is no journal that this program can read.
    Unreadable,
    /// It is a journal, and not as it was written.
    Tampered,
}

/// What is wrong with a journal, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalError {
    /// The class.
    pub fault: Fault,
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong; may quote the journal.
    pub message: String,
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for JournalError {}

/// Whether a journal is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It has its trailer.
    Complete,
    /// It has none; what there is was written in order.
    Interrupted {
        /// The last line was cut.
        partial: bool,
    },
}

/// What a writer needs to go on where a journal ends.
#[derive(Debug, Clone)]
pub struct Tail {
    pub(super) hasher: Sha256,
    pub(super) seen: Seen,
}

/// When each piece was read, by the keys of [`Pieces`].
#[derive(Debug, Clone, Default)]
pub(super) struct Ages {
    listed: BTreeMap<String, Timestamp>,
    accounts: BTreeMap<String, Timestamp>,
    lists: BTreeMap<String, Timestamp>,
    documents: BTreeMap<String, Timestamp>,
    below: BTreeMap<(String, Operation), Timestamp>,
}

/// A journal as far as it goes.
#[derive(Debug, Clone)]
pub struct Journal {
    /// The first line.
    pub header: Header,
    /// The whole scope: that of the header and what resumed readings found besides.
    pub scopes: Vec<Scope>,
    /// What is not among them, as the last reading found it.
    pub reach: Reach,
    /// When it was last resumed.
    pub resumed_at: Option<Timestamp>,
    /// The pieces; of two about the same thing the later one.
    pub pieces: Pieces,
    /// Stamp of the last whole record.
    pub last: Stamp,
    /// Whether it is whole.
    pub ending: Ending,
    /// Whole lines.
    pub lines: usize,
    /// Length of the whole lines, in bytes, before any compression.
    pub bytes: u64,
    /// How bodies compare with the hashes of their evidence.
    pub bodies: Bodies,
    /// Where a writer goes on.
    pub tail: Tail,
    pub(super) ages: Ages,
}

impl Journal {
    /// How many different pieces it holds.
    pub fn counts(&self) -> Counts {
        self.tail.seen.counts()
    }

    /// Forgets what was read before `oldest`, and accounts with a fact that another try may cure.
    pub fn forget(&mut self, oldest: Timestamp) {
        fn fresh<T>(pieces: &mut BTreeMap<String, T>, ages: &BTreeMap<String, Timestamp>, oldest: Timestamp) {
            pieces.retain(|key, _| ages.get(key).is_some_and(|at| *at >= oldest));
        }
        let pieces = &mut self.pieces;
        fresh(&mut pieces.listed, &self.ages.listed, oldest);
        fresh(&mut pieces.accounts, &self.ages.accounts, oldest);
        fresh(&mut pieces.lists, &self.ages.lists, oldest);
        fresh(&mut pieces.documents, &self.ages.documents, oldest);
        for (parent, lists) in &mut pieces.below {
            let age = |operation: &Operation| self.ages.below.get(&(parent.clone(), *operation));
            lists.retain(|operation, _| age(operation).is_some_and(|at| *at >= oldest));
        }
        pieces.forget_passing();
    }
}

/// Reads a journal.
///
/// # Errors
/// [`JournalError`] when it is no journal, or was changed.
pub fn read(mut input: impl BufRead) -> Result<Journal, JournalError> {
    let mut lines = Lines { number: 0, hasher: Sha256::new(), bytes: 0 };
    let first = match lines.next(&mut input)? {
        Line::Whole(line) => line,
        Line::End => return Err(lines.unreadable("the file is empty")),
        Line::Partial => return Err(lines.unreadable("the file ends in its first line, or is no snapshot")),
    };
    let header = header(&first).map_err(|why| lines.unreadable(why))?;
    let mut journal = Journal::begin(header, &first, &mut lines);
    loop {
        match lines.next(&mut input)? {
            Line::End => break,
            Line::Partial => {
                journal.ending = Ending::Interrupted { partial: true };
                break;
            }
            Line::Whole(line) => {
                if journal.ending == Ending::Complete {
                    return Err(lines.tampered("there is something behind the trailer"));
                }
                journal.add(&line, &lines)?;
                lines.accept(&line);
            }
        }
    }
    journal.lines = lines.number;
    journal.bytes = lines.bytes;
    journal.tail.hasher = lines.hasher;
    Ok(journal)
}

enum Line {
    Whole(Vec<u8>),
    Partial,
    End,
}

/// The lines so far.
struct Lines {
    /// Whole lines accepted.
    number: usize,
    hasher: Sha256,
    bytes: u64,
}

impl Lines {
    fn next(&mut self, input: &mut impl BufRead) -> Result<Line, JournalError> {
        let mut line = Vec::new();
        let cap = LONGEST_RECORD as u64;
        match input.by_ref().take(cap).read_until(b'\n', &mut line) {
            Ok(0) => Ok(Line::End),
            Ok(_) if line.last() == Some(&b'\n') => Ok(Line::Whole(line)),
            Ok(_) if line.len() >= LONGEST_RECORD => {
                Err(self.unreadable(format!("the line is longer than {LONGEST_RECORD} bytes")))
            }
            Ok(_) => Ok(Line::Partial),
            // A compressed journal that was cut ends in the middle of a frame.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Line::Partial),
            Err(error) if self.number == 0 => Err(self.unreadable(format!("it cannot be read: {error}"))),
            Err(error) => Err(self.tampered(format!("it cannot be read: {error}"))),
        }
    }

    fn accept(&mut self, line: &[u8]) {
        self.number += 1;
        self.bytes += line.len() as u64;
        self.hasher.update(line);
    }

    /// An error in the line after the last accepted one.
    fn error(&self, fault: Fault, message: String) -> JournalError {
        JournalError { fault, line: self.number + 1, message }
    }

    fn unreadable(&self, message: impl Into<String>) -> JournalError {
        self.error(Fault::Unreadable, message.into())
    }

    fn tampered(&self, message: impl Into<String>) -> JournalError {
        self.error(Fault::Tampered, message.into())
    }
}

fn header(line: &[u8]) -> Result<Header, String> {
    #[derive(Deserialize)]
    struct Kind {
        schema: String,
        record: String,
    }
    const NONE: &str = "this is no snapshot of zdr-check: the first line is not its header";
    let kind: Kind = serde_json::from_slice(line).map_err(|_| NONE.to_owned())?;
    if kind.schema != SCHEMA {
        let ours = kind.schema.strip_prefix(FAMILY).is_some_and(|version| version.parse::<u32>().is_ok());
        let newer = format!("the snapshot has the format {}; this program reads {SCHEMA}: update it", kind.schema);
        return Err(if ours { newer } else { NONE.to_owned() });
    }
    if kind.record != record::HEADER {
        return Err("the first line is not the header: lines are missing or out of order".to_owned());
    }
    serde_json::from_slice(line).map_err(|error| format!("the header is damaged: {error}"))
}

/// Every line but the first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    record: String,
    sha256: String,
    at: Timestamp,
    requests: Requests,
    #[serde(default)]
    evidence: Vec<Evidence>,
    #[serde(borrow)]
    data: &'a RawValue,
    seal: Option<String>,
}

impl Journal {
    fn begin(header: Header, line: &[u8], lines: &mut Lines) -> Self {
        lines.accept(line);
        Self {
            scopes: header.subscriptions.clone(),
            reach: header.reach.clone(),
            resumed_at: None,
            pieces: Pieces::default(),
            last: Stamp { at: header.started_at, requests: Requests::default() },
            ending: Ending::Interrupted { partial: false },
            lines: 0,
            bytes: 0,
            bodies: Bodies::default(),
            tail: Tail { hasher: Sha256::new(), seen: Seen::default() },
            ages: Ages::default(),
            header,
        }
    }

    fn add(&mut self, line: &[u8], lines: &Lines) -> Result<(), JournalError> {
        let envelope: Envelope<'_> = serde_json::from_slice(line)
            .map_err(|error| lines.tampered(format!("it is no record: {}", position(&error))))?;
        if envelope.sha256 != hex(&lines.hasher.clone().finalize()) {
            let before = lines.number;
            return Err(JournalError {
                fault: Fault::Tampered,
                line: before,
                message: format!("it was changed, moved or removed: the hash in line {} is another", before + 1),
            });
        }
        if envelope.seal.is_some() != (envelope.record == record::TRAILER) {
            return Err(lines.tampered("only a trailer has a seal"));
        }
        self.last = Stamp { at: envelope.at, requests: envelope.requests };
        self.record(envelope, line).map_err(|why| match why {
            Wrong::Record(why) => lines.tampered(why),
            Wrong::Unknown(word) if self.header.tool != Tool::own() => lines.unreadable(format!(
                "a record \"{word}\", written by {} {}, is not known to this version",
                self.header.tool.name, self.header.tool.version
            )),
            Wrong::Unknown(word) => lines.tampered(format!("there is no record \"{word}\"")),
        })
    }

    fn record(&mut self, envelope: Envelope<'_>, line: &[u8]) -> Result<(), Wrong> {
        let (at, data) = (envelope.at, envelope.data.get());
        let mut restore = Restore::new(envelope.evidence);
        let seen = &mut self.tail.seen;
        match envelope.record.as_str() {
            record::RESUMED => {
                let resumed: Resumed = parse(data)?;
                self.resumed_at = Some(at);
                self.widen(resumed.subscriptions);
                self.reach = resumed.reach;
            }
            record::SUBSCRIPTION => {
                let listed = restore.listed(parse::<StoredListed<'_>>(data)?)?;
                let key = listed.id.to_ascii_lowercase();
                if !self.scopes.iter().any(|scope| scope.id.eq_ignore_ascii_case(&key)) {
                    return Err(Wrong::Record(format!("subscription {key} is not in the scope of the header")));
                }
                seen.subscriptions.insert(key.clone());
                self.ages.listed.insert(key.clone(), at);
                self.pieces.listed.insert(key, listed);
            }
            record::ACCOUNT => {
                let facts = restore.account(parse::<StoredAccount<'_>>(data)?)?;
                let key = facts.id.key();
                let order = "an account stands before the subscription it is in";
                self.belongs(&facts.id.subscription_id, order)?;
                self.tail.seen.accounts.insert(key.clone());
                self.ages.accounts.insert(key.clone(), at);
                self.pieces.accounts.insert(key, PackedAccount::new(facts));
            }
            record::LISTS => {
                let (id, lists) = restore.subscription_lists(parse::<StoredSubscriptionLists<'_>>(data)?)?;
                let key = id.to_ascii_lowercase();
                self.belongs(&key, "lists stand before the subscription they are of")?;
                self.tail.seen.lists.insert(key.clone());
                self.ages.lists.insert(key.clone(), at);
                self.pieces.lists.insert(key, lists);
            }
            record::DOCUMENT => {
                let (id, document) = restore.resource(parse::<StoredResource<'_>>(data)?)?;
                let key = id.to_ascii_lowercase();
                seen.documents.insert(key.clone());
                self.ages.documents.insert(key.clone(), at);
                self.pieces.documents.insert(key, document);
            }
            record::BELOW => {
                let (parent, operation, list) = restore.below(parse::<StoredBelow<'_>>(data)?)?;
                let key = parent.to_ascii_lowercase();
                seen.below.insert((key.clone(), operation));
                self.ages.below.insert((key.clone(), operation), at);
                self.pieces.below.entry(key).or_default().insert(operation, list);
            }
            record::TRAILER => {
                let trailer: Trailer = parse(data)?;
                check_seal(line)?;
                if trailer.counts != seen.counts() {
                    return Err(Wrong::Record("the counts are not those of the records".to_owned()));
                }
                self.ending = Ending::Complete;
            }
            other => return Err(Wrong::Unknown(other.to_owned())),
        }
        self.bodies.add(restore.bodies);
        Ok(())
    }

    fn belongs(&self, subscription: &str, order: &str) -> Result<(), Wrong> {
        let known = self.tail.seen.subscriptions.contains(&subscription.to_ascii_lowercase());
        if known { Ok(()) } else { Err(Wrong::Record(order.to_owned())) }
    }

    fn widen(&mut self, scopes: Vec<Scope>) {
        for scope in scopes {
            if !self.scopes.iter().any(|own| own.id.eq_ignore_ascii_case(&scope.id)) {
                self.scopes.push(scope);
            }
        }
    }
}

impl Bodies {
    fn add(&mut self, other: Self) {
        self.rehashed += other.rehashed;
        self.reduced += other.reduced;
        self.rows += other.rows;
    }
}

/// What is wrong with a record whose place is right.
enum Wrong {
    Record(String),
    Unknown(String),
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self::Record(why)
    }
}

fn parse<'a, T: Deserialize<'a>>(data: &'a str) -> Result<T, Wrong> {
    serde_json::from_str(data)
        .map_err(|error| Wrong::Record(format!("the data does not fit the record: {}", position(&error))))
}

/// The trailer holds the hash of its own line up to there.
fn check_seal(line: &[u8]) -> Result<(), Wrong> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let length = seal_text("").len() + 2 * Sha256::output_size();
    let (head, end) = line.split_at(line.len().saturating_sub(length));
    let right = end == seal_text(&hex(&Sha256::digest(head))).as_bytes();
    if right { Ok(()) } else { Err(Wrong::Record("the trailer was changed: its seal is another".to_owned())) }
}

/// Where parsing stopped. The text of the error could quote the body.
fn position(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => "a value is not what it should be",
        serde_json::error::Category::Io | serde_json::error::Category::Syntax | serde_json::error::Category::Eof => {
            "it is not JSON"
        }
    };
    format!("{what} (column {})", error.column())
}
