//! Reads a JSON report back, as far as a comparison needs it: an auditor keeps reports, not programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;

use super::SCHEMA;
use crate::assessment::compare::{self, Held, Posture};
use crate::outcome::{Axis, Outcome, Severity};

/// Why a file is no report that can be read.
#[derive(Debug)]
pub enum ReadError {
    /// No JSON, or not that of a report.
    Shape(serde_json::Error),
    /// JSON of something else, or of a later version.
    Schema(Option<String>),
    /// A word that no version knows.
    Word {
        /// The field.
        field: &'static str,
        /// What it says; remote text.
        word: String,
    },
    /// Fewer or more outcomes than its own summary counts.
    Counts,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(error) => write!(f, "it is no JSON report of zdr-check: {error}"),
            Self::Schema(Some(schema)) => write!(f, "its schema is {schema}, this program reads {SCHEMA}"),
            Self::Schema(None) => write!(f, "it names no schema; a report starts with \"schema\": \"{SCHEMA}\""),
            Self::Word { field, word } => write!(f, "{word:?} is no {field}"),
            Self::Counts => f.write_str("its results are not those that its summary counts; it was edited or cut"),
        }
    }
}

#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

#[derive(Deserialize)]
struct Report {
    run: RunPart,
    complete: bool,
    summary: SummaryPart,
    coverage: CoveragePart,
    accounts: Vec<AccountPart>,
    results: Vec<ResultPart>,
}

#[derive(Deserialize)]
struct RunPart {
    finished_at: Timestamp,
    cloud: String,
    principal: PrincipalPart,
    policy: PolicyPart,
}

#[derive(Deserialize)]
struct PolicyPart {
    pin: String,
    #[serde(default)]
    allow_locations: Vec<String>,
    file: Option<FilePart>,
}

#[derive(Deserialize)]
struct FilePart {
    sha256: String,
}

#[derive(Deserialize)]
struct PrincipalPart {
    tenant_id: Option<String>,
}

#[derive(Deserialize)]
struct SummaryPart {
    outcomes: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
struct CoveragePart {
    subscriptions: Vec<SubscriptionPart>,
}

#[derive(Deserialize)]
struct SubscriptionPart {
    id: String,
    status: String,
}

#[derive(Deserialize)]
struct AccountPart {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct ResultPart {
    rule: String,
    axis: String,
    severity: String,
    outcome: String,
    account_id: String,
    resource_id: String,
    message: String,
}

/// The posture a JSON report of version 1 states.
///
/// # Errors
/// [`ReadError`] when the bytes are no such report, or contradict themselves.
pub fn read_posture(bytes: &[u8]) -> Result<Posture, ReadError> {
    let head: Head = serde_json::from_slice(bytes).map_err(ReadError::Shape)?;
    if head.schema.as_deref() != Some(SCHEMA) {
        return Err(ReadError::Schema(head.schema));
    }
    let report: Report = serde_json::from_slice(bytes).map_err(ReadError::Shape)?;
    let has_passes = agrees(&report)?;
    let key = |id: &str| id.to_ascii_lowercase();
    let listed = report.coverage.subscriptions.iter().filter(|own| own.status != "unreadable");
    let subscriptions: BTreeSet<String> = listed.map(|own| key(&own.id)).collect();
    let mut results = BTreeMap::new();
    for part in report.results {
        let resource = key(&part.resource_id);
        results.insert((part.rule.clone(), resource), held(part)?);
    }
    Ok(Posture {
        taken_at: report.run.finished_at,
        tenant_id: report.run.principal.tenant_id,
        cloud: report.run.cloud,
        policy: compare::policy(
            &report.run.policy.pin,
            &report.run.policy.allow_locations,
            report.run.policy.file.as_ref().map(|file| file.sha256.as_str()),
        ),
        complete: report.complete,
        has_passes,
        subscriptions,
        accounts: report.accounts.into_iter().map(|account| (key(&account.id), account.name)).collect(),
        results,
    })
}

fn held(part: ResultPart) -> Result<Held, ReadError> {
    let word = |field, word: &str| ReadError::Word { field, word: word.to_owned() };
    let axis = Axis::ALL.into_iter().find(|axis| axis.as_str() == part.axis);
    let severity = Severity::ALL.into_iter().find(|severity| severity.as_str() == part.severity);
    Ok(Held {
        axis: axis.ok_or_else(|| word("axis", &part.axis))?,
        severity: severity.ok_or_else(|| word("severity", &part.severity))?,
        outcome: outcome(&part.outcome).ok_or_else(|| word("outcome", &part.outcome))?,
        resource_id: part.resource_id,
        account_id: part.account_id,
        message: part.message,
    })
}

fn outcome(word: &str) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word)
}

/// Whether the passes are there, which a report may leave out; everything else must be as its summary counts it.
fn agrees(report: &Report) -> Result<bool, ReadError> {
    let counted = |outcome: Outcome| report.summary.outcomes.get(outcome.as_str()).copied().unwrap_or(0);
    let listed = |outcome: Outcome| report.results.iter().filter(|own| own.outcome == outcome.as_str()).count();
    let others = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Pass);
    let passes = (counted(Outcome::Pass), listed(Outcome::Pass));
    if others.into_iter().any(|own| counted(own) != listed(own)) || (passes.1 != 0 && passes.0 != passes.1) {
        return Err(ReadError::Counts);
    }
    Ok(passes.0 == passes.1)
}
