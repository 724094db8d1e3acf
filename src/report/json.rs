//! The JSON report, version 1: stable, described by `fixtures/schemas/report-1.schema.json`.
//!
//! It has types of its own, so that a change inside the program cannot change the format unnoticed. Results are streamed:
//! a large estate has hundreds of thousands.

mod reach;
mod read;
mod run;
mod shape;

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeSeq as _, Serializer};

pub use self::read::{ReadError, read_posture};
use self::run::run;
use self::shape::{
    JsonAccount, JsonAttestation, JsonAxisCounts, JsonClock, JsonCoverage, JsonDeployment, JsonEvidence, JsonFile,
    JsonHint, JsonLocation, JsonNote, JsonOutcomes, JsonReport, JsonRequests, JsonResult, JsonSource, JsonSourceRecord,
    JsonSubscription, JsonSummary, JsonTool, JsonUnreadable, JsonWaiver, PerAxis,
};
use super::diff::json_comparison;
use super::{Look, harmless};
use crate::assessment::{
    AccountAssessment, Assessment, AxisCounts, Clock, Coverage, DeploymentSummary, Hint, Note, Overlay, RuleResult,
    SourceRecord, SubscriptionCoverage, Summary, Unreadable,
};
use crate::outcome::Outcome;
use crate::snapshot::Citation;

const SCHEMA: &str = "zdr-check/report/1";

/// Writes the report, indented, with a line end.
pub(super) fn render(assessment: &Assessment, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    harmless::write(&report(assessment, look.show_pass), out)
}

/// The results a report shows, converted one by one while they are written.
struct Results<'a> {
    all: &'a crate::assessment::Results,
    show_pass: bool,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let shown = if self.show_pass { self.all.iter() } else { self.all.but_passes() };
        for own in shown {
            list.serialize_element(&result(&own))?;
        }
        list.end()
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
        hints: assessment.hints.iter().map(hint).collect(),
        clocks: assessment.clocks.iter().map(clock).collect(),
        sources: assessment.sources.iter().map(source).collect(),
        comparison: assessment.comparison.as_ref().map(json_comparison),
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
        location: result.location.as_ref().map(|own| JsonLocation {
            path: &own.path,
            line: own.line,
            column: own.column,
            address: own.address.as_deref(),
        }),
    }
}

fn clock(clock: &Clock) -> JsonClock<'_> {
    let source = &clock.source;
    JsonClock {
        store: clock.store,
        holds: clock.holds,
        scope: &clock.scope,
        state: clock.state.as_str(),
        keeps: &clock.keeps,
        gone_by: clock.gone_by,
        end: &clock.end,
        source: JsonSource { title: source.title, url: source.url, date: source.date },
    }
}

fn source(own: &SourceRecord) -> JsonSourceRecord<'_> {
    JsonSourceRecord {
        id: own.id,
        claim: own.claim,
        title: own.source.title,
        url: own.source.url,
        document_date: own.document_date(),
        last_checked: own.last_checked,
        passage_found: own.passage_found,
        standing: own.standing,
        rules: &own.rules,
        contradicted_by: &own.contradicted_by,
    }
}

fn hint(hint: &Hint) -> JsonHint<'_> {
    JsonHint { kind: hint.kind.as_str(), message: &hint.message, fix: &hint.fix }
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
