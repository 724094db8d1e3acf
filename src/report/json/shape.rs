//! The types of the JSON report, apart from those of the program: a change inside cannot change the format unnoticed.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::super::diff::JsonComparison;
use super::reach::JsonReach;
use super::run::JsonRun;
use super::{Results, stream_accounts};
use crate::assessment::AccountAssessment;
use crate::outcome::Axis;

#[derive(Serialize)]
pub(super) struct JsonReport<'a> {
    pub(super) schema: &'static str,
    pub(super) tool: JsonTool,
    pub(super) run: JsonRun<'a>,
    pub(super) complete: bool,
    pub(super) exit_code: u8,
    pub(super) summary: JsonSummary,
    pub(super) coverage: JsonCoverage<'a>,
    #[serde(serialize_with = "stream_accounts")]
    pub(super) accounts: &'a [AccountAssessment],
    pub(super) results: Results<'a>,
    pub(super) notes: Vec<JsonNote<'a>>,
    pub(super) hints: Vec<JsonHint<'a>>,
    pub(super) clocks: Vec<JsonClock<'a>>,
    pub(super) sources: Vec<JsonSourceRecord<'a>>,
    pub(super) comparison: Option<JsonComparison<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonTool {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

#[derive(Serialize)]
pub(super) struct JsonFile<'a> {
    pub(super) path: &'a str,
    pub(super) sha256: &'a str,
}

#[derive(Serialize)]
pub(super) struct JsonSummary {
    pub(super) subscriptions: usize,
    pub(super) accounts: usize,
    pub(super) outcomes: JsonOutcomes,
    pub(super) axes: PerAxis<JsonAxisCounts>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct JsonOutcomes {
    pub(super) pass: usize,
    pub(super) fail: usize,
    pub(super) unknown: usize,
    pub(super) manual: usize,
    pub(super) not_applicable: usize,
    pub(super) waived: usize,
    pub(super) attested: usize,
}

#[derive(Serialize)]
pub(super) struct PerAxis<T> {
    pub(super) approved: T,
    pub(super) pinned: T,
    pub(super) stateless: T,
    pub(super) contained: T,
    pub(super) hardened: T,
}

impl<T> PerAxis<T> {
    pub(super) fn new(value: impl Fn(Axis) -> T) -> Self {
        Self {
            approved: value(Axis::Approved),
            pinned: value(Axis::Pinned),
            stateless: value(Axis::Stateless),
            contained: value(Axis::Contained),
            hardened: value(Axis::Hardened),
        }
    }
}

#[derive(Serialize)]
pub(super) struct JsonAxisCounts {
    pub(super) pass: usize,
    pub(super) fail: usize,
    pub(super) unknown: usize,
    pub(super) manual: usize,
}

#[derive(Serialize)]
pub(super) struct JsonCoverage<'a> {
    pub(super) subscriptions: Vec<JsonSubscription<'a>>,
    pub(super) requests: JsonRequests,
    pub(super) unreadable: Vec<JsonUnreadable<'a>>,
    #[serde(flatten)]
    pub(super) reach: JsonReach<'a>,
}

#[derive(Serialize)]
pub(super) struct JsonSubscription<'a> {
    pub(super) id: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) state: Option<&'a str>,
    pub(super) accounts: usize,
    pub(super) status: &'static str,
    pub(super) cause: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct JsonRequests {
    pub(super) sent: u64,
    pub(super) retried: u64,
    pub(super) throttled: u64,
}

#[derive(Serialize)]
pub(super) struct JsonUnreadable<'a> {
    pub(super) scope: &'a str,
    pub(super) operation: &'static str,
    pub(super) cause: &'static str,
    pub(super) action: Option<&'a str>,
    pub(super) detail: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct JsonAccount<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) subscription_id: &'a str,
    pub(super) resource_group: &'a str,
    pub(super) location: Option<&'a str>,
    pub(super) kind: Option<&'a str>,
    pub(super) policy_scope: Option<&'a str>,
    pub(super) verdict: &'static str,
    pub(super) axes: PerAxis<&'static str>,
    /// An empty list of deployments says "none" only when this is true.
    pub(super) deployments_readable: bool,
    pub(super) deployments: Vec<JsonDeployment<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonDeployment<'a> {
    pub(super) name: &'a str,
    pub(super) sku: Option<&'a str>,
    pub(super) model_format: Option<&'a str>,
    pub(super) model_name: Option<&'a str>,
    pub(super) model_version: Option<&'a str>,
    pub(super) processing: &'static str,
}

#[derive(Serialize)]
pub(super) struct JsonResult<'a> {
    pub(super) rule: &'static str,
    pub(super) axis: &'static str,
    pub(super) severity: &'static str,
    pub(super) outcome: &'static str,
    pub(super) account_id: &'a str,
    pub(super) resource_id: &'a str,
    pub(super) message: &'a str,
    pub(super) cause: Option<&'static str>,
    pub(super) evidence: Vec<JsonEvidence<'a>>,
    pub(super) remediation: Option<&'a str>,
    pub(super) waiver: Option<JsonWaiver<'a>>,
    pub(super) attestation: Option<JsonAttestation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<JsonLocation<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonLocation<'a> {
    pub(super) path: &'a str,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) address: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct JsonWaiver<'a> {
    pub(super) inner: &'static str,
    pub(super) reason: &'a str,
    pub(super) owner: &'a str,
    pub(super) expires: Date,
    pub(super) ticket: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct JsonAttestation<'a> {
    pub(super) statement: &'a str,
    pub(super) by: &'a str,
    pub(super) date: Date,
    pub(super) expires: Date,
    pub(super) evidence: Option<JsonFile<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonNote<'a> {
    pub(super) kind: &'static str,
    pub(super) message: &'a str,
    pub(super) line: Option<usize>,
    pub(super) remediation: &'a str,
}

#[derive(Serialize)]
pub(super) struct JsonHint<'a> {
    pub(super) kind: &'static str,
    pub(super) message: &'a str,
    pub(super) fix: &'a str,
}

#[derive(Serialize)]
pub(super) struct JsonClock<'a> {
    pub(super) store: &'static str,
    pub(super) holds: &'static str,
    pub(super) scope: &'a str,
    pub(super) state: &'static str,
    pub(super) keeps: &'a str,
    pub(super) gone_by: Option<Timestamp>,
    pub(super) end: &'a str,
    pub(super) source: JsonSource,
}

#[derive(Serialize)]
pub(super) struct JsonSource {
    pub(super) title: &'static str,
    pub(super) url: &'static str,
    pub(super) date: &'static str,
}

#[derive(Serialize)]
pub(super) struct JsonSourceRecord<'a> {
    pub(super) id: &'static str,
    pub(super) claim: &'static str,
    pub(super) title: &'static str,
    pub(super) url: &'static str,
    /// None for a page that carries no date.
    pub(super) document_date: Option<&'static str>,
    pub(super) last_checked: Date,
    pub(super) passage_found: Option<bool>,
    pub(super) standing: &'static str,
    pub(super) rules: &'a [&'static str],
    pub(super) contradicted_by: &'a [&'static str],
}

#[derive(Serialize)]
pub(super) struct JsonEvidence<'a> {
    pub(super) pointer: &'a str,
    pub(super) value: &'a Value,
    pub(super) operation: &'static str,
    pub(super) request_id: Option<&'a str>,
    pub(super) at: Timestamp,
}
