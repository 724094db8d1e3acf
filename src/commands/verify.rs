//! `zdr-check verify`: whether a snapshot is whole and as it was written.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::failure::Failure;
use super::input::SnapshotFile;
use super::show::Console;
use super::sign::{self, Signature};
use crate::cli::{VerifyArgs, VerifyFormat};
use crate::gate::Exit;
use crate::snapshot::journal::{Ending, Fault, Journal, JournalError, hex};

/// What is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Intact,
    Tampered,
    Unreadable,
    Interrupted,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Tampered => "tampered",
            Self::Unreadable => "unreadable",
            Self::Interrupted => "interrupted",
        }
    }

    /// The code with the same meaning for a scan.
    fn exit(self) -> Exit {
        match self {
            Self::Intact => Exit::Clean,
            Self::Tampered => Exit::Findings,
            Self::Unreadable => Exit::NotAudited,
            Self::Interrupted => Exit::Incomplete,
        }
    }
}

/// Everything that was checked.
struct Checked {
    verdict: Verdict,
    journal: Result<Journal, JournalError>,
    sha256: Option<String>,
    signature: Option<Signature>,
}

/// Checks a snapshot and says what it is.
///
/// # Errors
/// When a signature or key is unreadable, or stdout cannot be written.
pub(super) fn run(args: &VerifyArgs, console: &Console) -> Result<Exit, Failure> {
    let checked = check(args)?;
    let text = match args.format {
        VerifyFormat::Table => human(&args.file, &checked, console),
        VerifyFormat::Json => format!("{:#}\n", machine(&args.file, &checked)),
    };
    Console::print(|out| out.write_all(text.as_bytes()))?;
    Ok(checked.verdict.exit())
}

fn check(args: &VerifyArgs) -> Result<Checked, Failure> {
    let unreadable = |message| JournalError { fault: Fault::Unreadable, line: 0, message };
    let file = SnapshotFile::open(&args.file).map_err(unreadable);
    let sha256 = file.as_ref().ok().and_then(|_| hash(&args.file).ok());
    let journal = file.and_then(|file| file.journal());
    let signature = match (&args.signature, &args.public_key) {
        (Some(signature), Some(key)) if sha256.is_some() => Some(sign::check(&args.file, signature, key)?),
        (Some(_) | None, Some(_) | None) => None,
    };
    let forged = signature.as_ref().is_some_and(|signature| signature.wrong.is_some());
    let verdict = match &journal {
        Err(error) if error.fault == Fault::Unreadable => Verdict::Unreadable,
        Err(_) => Verdict::Tampered,
        Ok(_) if forged => Verdict::Tampered,
        Ok(journal) if journal.ending == Ending::Complete => Verdict::Intact,
        Ok(_) => Verdict::Interrupted,
    };
    Ok(Checked { verdict, journal, sha256, signature })
}

fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = BufReader::new(File::open(path)?);
    loop {
        let bytes = file.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        hasher.update(bytes);
        let length = bytes.len();
        file.consume(length);
    }
    Ok(hex(&hasher.finalize()))
}

fn human(path: &Path, checked: &Checked, console: &Console) -> String {
    let mut lines = vec![format!("{}: {}", checked.verdict.as_str(), path.display())];
    let mut say = |label: &str, text: String| lines.push(format!("  {label:<10}{text}"));
    match &checked.journal {
        Err(error) if error.line == 0 => say("because", error.message.clone()),
        Err(error) => say("because", error.to_string()),
        Ok(journal) => {
            if let Ending::Interrupted { partial } = journal.ending {
                let cut = if partial { ", and its last line is cut" } else { "" };
                say("because", format!("it has no trailer{cut}; go on with scan --resume"));
                say("note", "the last whole line is covered by no hash yet".to_owned());
            }
            for (label, text) in facts(journal) {
                say(label, text);
            }
        }
    }
    if let Some(sha256) = &checked.sha256 {
        say("SHA-256", format!("{sha256} (of the file)"));
    }
    if let Some(signature) = &checked.signature {
        let words = match &signature.wrong {
            None => format!("valid, key {}, comment: {}", signature.key_id, signature.comment),
            Some(why) => format!("not valid for key {}: {why}", signature.key_id),
        };
        say("signature", words);
    }
    lines.into_iter().map(|line| console.clean(&line) + "\n").collect()
}

fn facts(journal: &Journal) -> Vec<(&'static str, String)> {
    let header = &journal.header;
    let counts = journal.counts();
    let bodies = journal.bodies;
    let caller = &header.principal;
    let word = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
    let mut facts = vec![
        (
            "written",
            format!(
                "by {} {}, from {} to {}",
                header.tool.name, header.tool.version, header.started_at, journal.last.at
            ),
        ),
        ("scope", format!("{}, {} cloud", header.scopes.join(", "), header.cloud.as_str())),
        ("caller", format!("{} {} in tenant {}", word(&caller.kind), word(&caller.object_id), word(&caller.tenant_id))),
        (
            "records",
            format!(
                "{} lines, {} of {} subscriptions, {} accounts, {} resources",
                journal.lines,
                counts.subscriptions,
                journal.scopes.len(),
                counts.accounts,
                counts.documents
            ),
        ),
        (
            "bodies",
            format!(
                "{} hashed again; {} cannot be, being stored reduced, masked or in another order of keys; {} are rows, whose hash is that of their page",
                bodies.rehashed, bodies.reduced, bodies.rows
            ),
        ),
    ];
    if let Some(at) = journal.resumed_at {
        facts.push(("resumed", at.to_string()));
    }
    if header.redacted {
        facts.push(("redacted", "ids and names are masks".to_owned()));
    }
    facts
}

fn machine(path: &Path, checked: &Checked) -> Value {
    let journal = checked.journal.as_ref().ok();
    let error = checked.journal.as_ref().err();
    json!({
        "schema": "zdr-check/verify/1",
        "file": path.display().to_string(),
        "verdict": checked.verdict.as_str(),
        "exit_code": checked.verdict.exit().code(),
        "sha256": checked.sha256,
        "error": error.map(|error| json!({ "line": (error.line > 0).then_some(error.line), "message": error.message })),
        "header": journal.map(|journal| &journal.header),
        "finished_at": journal.filter(|journal| journal.ending == Ending::Complete).map(|journal| journal.last.at),
        "resumed_at": journal.and_then(|journal| journal.resumed_at),
        "lines": journal.map(|journal| journal.lines),
        "counts": journal.map(Journal::counts),
        "bodies": journal.map(|journal| json!({
            "rehashed": journal.bodies.rehashed, "reduced": journal.bodies.reduced, "rows": journal.bodies.rows,
        })),
        "signature": checked.signature.as_ref().map(|signature| json!({
            "valid": signature.wrong.is_none(), "key_id": signature.key_id, "comment": signature.comment, "error": signature.wrong,
        })),
    })
}
