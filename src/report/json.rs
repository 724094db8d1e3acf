//! The JSON report, version 1: stable, described by `fixtures/schemas/report-1.schema.json`.
//!
//! It has types of its own, so that a change inside the program cannot change the format unnoticed. Results are streamed:
//! a large estate has hundreds of thousands.

mod reach;

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter};

use self::reach::{JsonPrincipal, JsonReach, principal};
use super::Look;
use crate::assessment::{
    AccountAssessment, Assessment, AxisCounts, Coverage, DeploymentSummary, Note, Overlay, PolicySummary, RuleResult,
    Run, SubscriptionCoverage, Summary, Unreadable,
};
use crate::outcome::{Axis, Outcome};
use crate::snapshot::{Citation, Principal};
use crate::term;

const SCHEMA: &str = "zdr-check/report/1";

/// Writes the report, indented, with a line end.
pub(super) fn render(assessment: &Assessment, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless(PrettyFormatter::new()));
    report(assessment, look.show_pass).serialize(&mut serializer)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct JsonReport<'a> {
    schema: &'static str,
    tool: JsonTool,
    run: JsonRun<'a>,
    complete: bool,
    exit_code: u8,
    summary: JsonSummary,
    coverage: JsonCoverage<'a>,
    #[serde(serialize_with = "stream_accounts")]
    accounts: &'a [AccountAssessment],
    results: Results<'a>,
    notes: Vec<JsonNote<'a>>,
}

#[derive(Serialize)]
struct JsonTool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct JsonRun<'a> {
    started_at: Timestamp,
    finished_at: Timestamp,
    source: &'static str,
    cloud: &'static str,
    scopes: &'a [String],
    principal: JsonPrincipal<'a>,
    further_principals: Vec<JsonPrincipal<'a>>,
    policy: JsonPolicy<'a>,
}

#[derive(Serialize)]
struct JsonPolicy<'a> {
    pin: &'a str,
    fail_on: &'static str,
    profile: &'static str,
    allow_locations: &'a [String],
    allow_incomplete: bool,
    file: Option<JsonFile<'a>>,
    scopes: Vec<JsonScope<'a>>,
}

#[derive(Serialize)]
struct JsonFile<'a> {
    path: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct JsonScope<'a> {
    name: &'a str,
    pin: &'a str,
    allow_locations: &'a [String],
    accounts: usize,
}

#[derive(Serialize)]
struct JsonSummary {
    subscriptions: usize,
    accounts: usize,
    outcomes: JsonOutcomes,
    axes: PerAxis<JsonAxisCounts>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonOutcomes {
    pass: usize,
    fail: usize,
    unknown: usize,
    manual: usize,
    not_applicable: usize,
    waived: usize,
    attested: usize,
}

#[derive(Serialize)]
struct PerAxis<T> {
    approved: T,
    pinned: T,
    stateless: T,
    contained: T,
    hardened: T,
}

impl<T> PerAxis<T> {
    fn new(value: impl Fn(Axis) -> T) -> Self {
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
struct JsonAxisCounts {
    pass: usize,
    fail: usize,
    unknown: usize,
    manual: usize,
}

#[derive(Serialize)]
struct JsonCoverage<'a> {
    subscriptions: Vec<JsonSubscription<'a>>,
    requests: JsonRequests,
    unreadable: Vec<JsonUnreadable<'a>>,
    #[serde(flatten)]
    reach: JsonReach<'a>,
}

#[derive(Serialize)]
struct JsonSubscription<'a> {
    id: &'a str,
    name: Option<&'a str>,
    state: Option<&'a str>,
    accounts: usize,
    status: &'static str,
    cause: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonRequests {
    sent: u64,
    retried: u64,
    throttled: u64,
}

#[derive(Serialize)]
struct JsonUnreadable<'a> {
    scope: &'a str,
    operation: &'static str,
    cause: &'static str,
    action: Option<&'a str>,
    detail: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonAccount<'a> {
    id: &'a str,
    name: &'a str,
    subscription_id: &'a str,
    resource_group: &'a str,
    location: Option<&'a str>,
    kind: Option<&'a str>,
    policy_scope: Option<&'a str>,
    verdict: &'static str,
    axes: PerAxis<&'static str>,
    /// An empty list of deployments says "none" only when this is true.
    deployments_readable: bool,
    deployments: Vec<JsonDeployment<'a>>,
}

#[derive(Serialize)]
struct JsonDeployment<'a> {
    name: &'a str,
    sku: Option<&'a str>,
    model_format: Option<&'a str>,
    model_name: Option<&'a str>,
    model_version: Option<&'a str>,
    processing: &'static str,
}

#[derive(Serialize)]
struct JsonResult<'a> {
    rule: &'static str,
    axis: &'static str,
    severity: &'static str,
    outcome: &'static str,
    account_id: &'a str,
    resource_id: &'a str,
    message: &'a str,
    cause: Option<&'static str>,
    evidence: Vec<JsonEvidence<'a>>,
    remediation: Option<&'a str>,
    waiver: Option<JsonWaiver<'a>>,
    attestation: Option<JsonAttestation<'a>>,
}

#[derive(Serialize)]
struct JsonWaiver<'a> {
    inner: &'static str,
    reason: &'a str,
    owner: &'a str,
    expires: Date,
    ticket: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonAttestation<'a> {
    statement: &'a str,
    by: &'a str,
    date: Date,
    expires: Date,
    evidence: Option<JsonFile<'a>>,
}

#[derive(Serialize)]
struct JsonNote<'a> {
    kind: &'static str,
    message: &'a str,
    line: Option<usize>,
    remediation: &'a str,
}

#[derive(Serialize)]
struct JsonEvidence<'a> {
    pointer: &'a str,
    value: &'a Value,
    operation: &'static str,
    request_id: Option<&'a str>,
    at: Timestamp,
}

/// The results a report shows, converted one by one while they are written.
struct Results<'a> {
    all: &'a [RuleResult],
    show_pass: bool,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = |result: &&RuleResult| self.show_pass || result.outcome != Outcome::Pass;
        serializer.collect_seq(self.all.iter().filter(shown).map(result))
    }
}

fn stream_accounts<S: Serializer>(accounts: &&[AccountAssessment], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(accounts.iter().map(account))
}

fn report(assessment: &Assessment, show_pass: bool) -> JsonReport<'_> {
    JsonReport {
        schema: SCHEMA,
        tool: JsonTool { name: "zdr-check", version: env!("CARGO_PKG_VERSION") },
        run: run(&assessment.run, &assessment.coverage.reach.principals),
        complete: assessment.complete,
        exit_code: assessment.exit_code,
        summary: summary(&assessment.summary),
        coverage: coverage(&assessment.coverage),
        accounts: &assessment.accounts,
        results: Results { all: &assessment.results, show_pass },
        notes: assessment.notes.iter().map(note).collect(),
    }
}

fn run<'a>(run: &'a Run, further: &'a [Principal]) -> JsonRun<'a> {
    JsonRun {
        started_at: run.started_at,
        finished_at: run.finished_at,
        source: run.source.as_str(),
        cloud: run.cloud.as_str(),
        scopes: &run.scopes,
        principal: principal(&run.principal),
        further_principals: further.iter().map(principal).collect(),
        policy: policy(&run.policy),
    }
}

fn policy(policy: &PolicySummary) -> JsonPolicy<'_> {
    let scopes = policy.scopes.iter().map(|scope| JsonScope {
        name: &scope.name,
        pin: &scope.pin,
        allow_locations: &scope.allow_locations,
        accounts: scope.accounts,
    });
    JsonPolicy {
        pin: &policy.pin,
        fail_on: policy.fail_on.as_str(),
        profile: policy.profile.as_str(),
        allow_locations: &policy.allow_locations,
        allow_incomplete: policy.allow_incomplete,
        file: policy.file.as_ref().map(|file| JsonFile { path: &file.path, sha256: &file.sha256 }),
        scopes: scopes.collect(),
    }
}

fn summary(summary: &Summary) -> JsonSummary {
    let counts = |axis| summary.axes.iter().find(|(own, _)| *own == axis).map_or_else(AxisCounts::default, |(_, c)| *c);
    JsonSummary {
        subscriptions: summary.subscriptions,
        accounts: summary.accounts,
        outcomes: JsonOutcomes {
            pass: summary.count(Outcome::Pass),
            fail: summary.count(Outcome::Fail),
            unknown: summary.count(Outcome::Unknown),
            manual: summary.count(Outcome::Manual),
            not_applicable: summary.count(Outcome::NotApplicable),
            waived: summary.count(Outcome::Waived),
            attested: summary.count(Outcome::Attested),
        },
        axes: PerAxis::new(|axis| {
            let AxisCounts { pass, fail, unknown, manual } = counts(axis);
            JsonAxisCounts { pass, fail, unknown, manual }
        }),
    }
}

fn coverage(coverage: &Coverage) -> JsonCoverage<'_> {
    JsonCoverage {
        subscriptions: coverage.subscriptions.iter().map(subscription).collect(),
        requests: JsonRequests {
            sent: coverage.requests.sent,
            retried: coverage.requests.retried,
            throttled: coverage.requests.throttled,
        },
        unreadable: coverage.unreadable.iter().map(unreadable).collect(),
        reach: reach::reach(&coverage.reach),
    }
}

fn subscription(subscription: &SubscriptionCoverage) -> JsonSubscription<'_> {
    JsonSubscription {
        id: &subscription.id,
        name: subscription.name.as_deref(),
        state: subscription.state.as_deref(),
        accounts: subscription.accounts,
        status: subscription.status.as_str(),
        cause: subscription.cause,
    }
}

fn unreadable(read: &Unreadable) -> JsonUnreadable<'_> {
    JsonUnreadable {
        scope: &read.scope,
        operation: read.operation,
        cause: read.cause,
        action: read.action.as_deref(),
        detail: read.detail.as_deref(),
    }
}

fn account(account: &AccountAssessment) -> JsonAccount<'_> {
    JsonAccount {
        id: &account.id,
        name: &account.name,
        subscription_id: &account.subscription_id,
        resource_group: &account.resource_group,
        location: account.location.as_deref(),
        kind: account.kind.as_deref(),
        policy_scope: account.policy_scope.as_deref(),
        verdict: account.verdict.as_str(),
        axes: PerAxis::new(|axis| account.axis(axis).as_str()),
        deployments_readable: account.deployments.is_some(),
        deployments: account.deployments.iter().flatten().map(deployment).collect(),
    }
}

fn deployment(deployment: &DeploymentSummary) -> JsonDeployment<'_> {
    JsonDeployment {
        name: &deployment.name,
        sku: deployment.sku.as_deref(),
        model_format: deployment.model_format.as_deref(),
        model_name: deployment.model_name.as_deref(),
        model_version: deployment.model_version.as_deref(),
        processing: deployment.processing,
    }
}

fn result(result: &RuleResult) -> JsonResult<'_> {
    let (waiver, attestation) = match &result.overlay {
        None => (None, None),
        Some(Overlay::Waiver(own)) => {
            let (inner, ticket) = (own.inner.as_str(), own.ticket.as_deref());
            let waiver = JsonWaiver { inner, reason: &own.reason, owner: &own.owner, expires: own.expires, ticket };
            (Some(waiver), None)
        }
        Some(Overlay::Attestation(own)) => {
            let evidence = own.evidence.as_ref().map(|(path, sha256)| JsonFile { path, sha256 });
            let (statement, by, date, expires) = (&own.statement, &own.by, own.date, own.expires);
            (None, Some(JsonAttestation { statement, by, date, expires, evidence }))
        }
    };
    JsonResult {
        rule: result.rule,
        axis: result.axis.as_str(),
        severity: result.severity.as_str(),
        outcome: result.outcome.as_str(),
        account_id: &result.account_id,
        resource_id: &result.resource_id,
        message: &result.message,
        cause: result.cause,
        evidence: result.evidence.iter().map(evidence).collect(),
        remediation: result.remediation.as_deref(),
        waiver,
        attestation,
    }
}

fn note(note: &Note) -> JsonNote<'_> {
    JsonNote { kind: note.kind.as_str(), message: &note.message, line: note.line, remediation: &note.remediation }
}

fn evidence(citation: &Citation) -> JsonEvidence<'_> {
    JsonEvidence {
        pointer: &citation.pointer,
        value: &citation.value,
        operation: citation.operation.as_str(),
        request_id: citation.request_id.as_deref(),
        at: citation.at,
    }
}

/// Pretty JSON in which every character a terminal would act on is written as `\uXXXX`: the same value, and safe to look at.
struct Harmless(PrettyFormatter<'static>);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(term::is_hostile) {
            let (before, after) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut after = after.chars();
            for unit in after.next().iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}
