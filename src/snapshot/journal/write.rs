//! Writes a journal, one record at a time and each to its end.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::read::Tail;
use super::stored::Table;
use super::{Counts, DEEPEST_RECORD, Header, LONGEST_RECORD, Resumed, SCHEMA, Stamp, Trailer, hex, record};
use crate::snapshot::{Evidence, Operation, Piece};

/// Keys of the pieces written so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) subscriptions: BTreeSet<String>,
    pub(super) accounts: BTreeSet<String>,
    pub(super) lists: BTreeSet<String>,
    pub(super) documents: BTreeSet<String>,
    pub(super) below: BTreeSet<(String, Operation)>,
}

impl Seen {
    pub(super) fn counts(&self) -> Counts {
        Counts {
            subscriptions: self.subscriptions.len(),
            accounts: self.accounts.len(),
            lists: self.lists.len(),
            documents: self.documents.len(),
            below: self.below.len(),
        }
    }
}

/// Every line but the first.
#[derive(Serialize)]
struct Envelope<'a, T> {
    record: &'static str,
    sha256: String,
    #[serde(flatten)]
    stamp: Stamp,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    evidence: &'a [&'a Evidence],
    data: T,
}

#[derive(Serialize)]
struct FirstLine<'a> {
    schema: &'static str,
    record: &'static str,
    #[serde(flatten)]
    header: &'a Header,
}

/// A journal that is being written. Each record goes out in one piece and is flushed.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    hasher: Sha256,
    seen: Seen,
}

impl<W: Write> Writer<W> {
    /// Begins a journal.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn start(out: W, header: &Header) -> io::Result<Self> {
        let mut writer = Self { out, hasher: Sha256::new(), seen: Seen::default() };
        writer.line(serde_json::to_vec(&FirstLine { schema: SCHEMA, record: record::HEADER, header })?)?;
        Ok(writer)
    }

    /// Goes on behind the last whole record, to which `out` must have been cut.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn resume(out: W, tail: Tail, resumed: &Resumed, stamp: Stamp) -> io::Result<Self> {
        let mut writer = Self { out, hasher: tail.hasher, seen: tail.seen };
        writer.resumed(resumed, stamp)?;
        Ok(writer)
    }

    /// Says that the reading was taken up again.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn resumed(&mut self, resumed: &Resumed, stamp: Stamp) -> io::Result<()> {
        let line = self.envelope(record::RESUMED, stamp, &[], resumed)?;
        self.line(line)
    }

    /// Appends a piece.
    ///
    /// # Errors
    /// Those of `out`; `InvalidData` when the record would be too large or too deep to be read again.
    pub fn write(&mut self, piece: Piece<'_>, stamp: Stamp) -> io::Result<()> {
        let mut table = Table::default();
        let line = match piece {
            Piece::Listed(listed) => {
                let data = table.listed(listed);
                self.seen.subscriptions.insert(listed.id.to_ascii_lowercase());
                self.envelope(record::SUBSCRIPTION, stamp, &table.rows, data)
            }
            Piece::Account(facts) => {
                let data = table.account(facts);
                self.seen.accounts.insert(facts.id.key());
                self.envelope(record::ACCOUNT, stamp, &table.rows, data)
            }
            Piece::Lists { subscription, lists } => {
                let data = table.subscription_lists(subscription, lists);
                self.seen.lists.insert(subscription.to_ascii_lowercase());
                self.envelope(record::LISTS, stamp, &table.rows, data)
            }
            Piece::Document { id, document } => {
                let data = table.resource(id, document);
                self.seen.documents.insert(id.to_ascii_lowercase());
                self.envelope(record::DOCUMENT, stamp, &table.rows, data)
            }
            Piece::Below { parent, operation, list } => {
                let data = table.below(parent, operation, list);
                self.seen.below.insert((parent.to_ascii_lowercase(), operation));
                self.envelope(record::BELOW, stamp, &table.rows, data)
            }
        };
        self.line(line?)
    }

    /// Ends the journal: everything that was asked for is in it.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(mut self, stamp: Stamp) -> io::Result<W> {
        let trailer = Trailer { counts: self.seen.counts() };
        let mut line = self.envelope(record::TRAILER, stamp, &[], trailer)?;
        seal(&mut line);
        self.line(line)?;
        Ok(self.out)
    }

    /// What the journal is written to.
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    /// Leaves the journal without its end.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn envelope(
        &self,
        record: &'static str,
        stamp: Stamp,
        evidence: &[&Evidence],
        data: impl Serialize,
    ) -> io::Result<Vec<u8>> {
        let sha256 = hex(&self.hasher.clone().finalize());
        Ok(serde_json::to_vec(&Envelope { record, sha256, stamp, evidence, data })?)
    }

    fn line(&mut self, mut line: Vec<u8>) -> io::Result<()> {
        if line.len() >= LONGEST_RECORD || depth(&line) > DEEPEST_RECORD {
            let why = "a record is larger or deeper than a snapshot can hold";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        line.push(b'\n');
        self.hasher.update(&line);
        self.out.write_all(&line)?;
        self.out.flush()
    }
}

/// Adds the hash of the line itself, which no later line will hold.
fn seal(line: &mut Vec<u8>) {
    line.pop();
    let hash = hex(&Sha256::digest(&*line));
    line.extend_from_slice(seal_text(&hash).as_bytes());
}

/// The end of a trailer.
pub(super) fn seal_text(hash: &str) -> String {
    format!(",\"seal\":\"{hash}\"}}")
}

/// Deepest nesting of a JSON text.
pub(in crate::snapshot) fn depth(line: &[u8]) -> usize {
    let (mut now, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                now += 1;
                deepest = deepest.max(now);
            }
            b'}' | b']' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
