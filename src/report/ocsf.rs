//! The OCSF report: one Compliance Finding (class 2003) of version 1.5.0 per result, as JSON Lines.
//!
//! Outcomes and what OCSF makes of them (`schema.ocsf.io/1.5.0/classes/compliance_finding`, read
//! 2026-11-22):
//!
//! | outcome | `compliance.status_id` | `status_id` |
//! |---|---|---|
//! | pass | 1 Pass | 99 pass |
//! | fail | 3 Fail | 1 New |
//! | unknown | 2 Warning ("did not yield a result due to missing information") | 1 New |
//! | manual | 2 Warning: the attestation is missing | 1 New |
//! | waived | what it is without the waiver: 3 Fail or 2 Warning | 3 Suppressed |
//! | attested | 99 attested: a person answered, the program did not | 99 attested |
//! | not-applicable | 99 not-applicable | 99 not-applicable |
//!
//! A read that failed may hide accounts that have no result at all, so each one is a Warning of its own, told apart by
//! `metadata.event_code`: `result` or `coverage`.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::ser::CompactFormatter;
use serde_json::{Serializer, Value, json};
use uuid::Uuid;

use super::harmless::Harmless;
use super::identity;
use crate::assessment::{AccountAssessment, Assessment, Overlay, RuleResult, Unreadable};
use crate::docs;
use crate::outcome::{Outcome, Severity};
use crate::snapshot::{Citation, Cloud};

const VERSION: &str = "1.5.0";
const CLASS: u32 = 2003;
/// A finding is created; whether it was there before is for the store that keeps them.
const CREATE: u32 = 1;
const OTHER: u32 = 99;

/// Writes the report.
pub(super) fn render(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let findings = Findings::new(assessment);
    for result in &assessment.results {
        line(&findings.result(&result), out)?;
    }
    for read in &assessment.coverage.unreadable {
        line(&findings.unreadable(read), out)?;
    }
    Ok(())
}

fn line(finding: &Value, out: &mut dyn Write) -> io::Result<()> {
    finding.serialize(&mut Serializer::with_formatter(&mut *out, Harmless(CompactFormatter)))?;
    out.write_all(b"\n")
}

struct Findings<'a> {
    assessment: &'a Assessment,
    accounts: HashMap<&'a str, &'a AccountAssessment>,
    subscriptions: HashMap<String, &'a str>,
    run: Uuid,
}

impl<'a> Findings<'a> {
    fn new(assessment: &'a Assessment) -> Self {
        let subscriptions = &assessment.coverage.subscriptions;
        Self {
            assessment,
            accounts: assessment.accounts.iter().map(|account| (account.id.as_str(), account)).collect(),
            subscriptions: (subscriptions.iter())
                .filter_map(|own| Some((own.id.to_ascii_lowercase(), own.name.as_deref()?)))
                .collect(),
            run: identity::run(assessment),
        }
    }

    fn result(&self, result: &RuleResult) -> Value {
        let account = self.accounts.get(result.account_id.as_str());
        let location = account.and_then(|account| account.location.as_deref());
        let uid = identity::result(result);
        let title = docs::title(result.rule).unwrap_or(result.rule);
        let (status_id, status) = lifecycle(result.outcome);
        let mut finding = self.base(result.severity, "result", &uid, &result.account_id, location);
        put(
            &mut finding,
            [
                ("message", json!(result.message)),
                ("status_id", json!(status_id)),
                ("status", json!(status)),
                ("status_code", json!(result.outcome.as_str())),
                ("status_detail", json!(result.message)),
                ("finding_info", finding_info(&uid, title, &result.message, result.rule, self.assessment)),
                ("compliance", compliance(result, title)),
                ("resources", json!([resource(&result.resource_id, location, account.copied())])),
                ("unmapped", self.unmapped(result)),
            ],
        );
        if !result.evidence.is_empty() {
            put(&mut finding, [("evidences", result.evidence.iter().map(evidence).collect())]);
        }
        if let Some(text) = &result.remediation {
            put(&mut finding, [("remediation", json!({ "desc": text }))]);
        }
        finding
    }

    fn unreadable(&self, read: &Unreadable) -> Value {
        let uid =
            identity::within(&Uuid::NAMESPACE_OID, &["coverage", &read.scope.to_ascii_lowercase(), read.operation]);
        let title = format!("{} could not be read", read.operation);
        let message = match &read.action {
            Some(action) => format!("{title} ({}): the caller lacks {action}", read.cause),
            None => format!("{title} ({})", read.cause),
        };
        let mut finding = self.base(Severity::High, "coverage", &uid, &read.scope, None);
        put(
            &mut finding,
            [
                ("message", json!(message)),
                ("status_id", json!(1)),
                ("status", json!("New")),
                ("status_code", json!("unreadable")),
                ("status_detail", json!(read.detail.as_deref().unwrap_or(&message))),
                ("finding_info", finding_info(&uid, &title, &message, "coverage", self.assessment)),
                (
                    "compliance",
                    json!({
                        "control": "coverage", "status_id": 2, "status": "Warning", "status_code": "unreadable",
                        "status_details": [message], "standards": [],
                    }),
                ),
                ("resources", json!([resource(&read.scope, None, None)])),
                (
                    "unmapped",
                    json!({ "cause": read.cause, "action": read.action, "operation": read.operation, "run": self.run() }),
                ),
            ],
        );
        finding
    }

    /// What every finding has.
    fn base(&self, severity: Severity, code: &str, uid: &Uuid, scope: &str, location: Option<&str>) -> Value {
        let run = &self.assessment.run;
        let (severity_id, severity) = severity_of(severity);
        let mut finding = json!({
            "activity_id": CREATE, "activity_name": "Create",
            "category_uid": 2, "category_name": "Findings",
            "class_uid": CLASS, "class_name": "Compliance Finding",
            "type_uid": CLASS * 100 + CREATE, "type_name": "Compliance Finding: Create",
            "severity_id": severity_id, "severity": severity,
            "time": run.finished_at.as_millisecond(),
            "timezone_offset": 0,
            "cloud": self.cloud(scope, location),
            "metadata": {
                "version": VERSION,
                "profiles": ["cloud"],
                "product": { "name": "zdr-check", "vendor_name": "zdr-check", "version": env!("CARGO_PKG_VERSION") },
                "log_name": "scan",
                "log_provider": "zdr-check",
                "event_code": code,
                "uid": identity::within(&self.run, &[&uid.to_string()]).to_string(),
                "correlation_uid": self.run.to_string(),
                "original_time": run.finished_at.to_string(),
            },
        });
        if let (Some(tenant), Some(metadata)) = (&run.principal.tenant_id, finding.get_mut("metadata")) {
            put(metadata, [("tenant_uid", json!(tenant))]);
        }
        finding
    }

    fn cloud(&self, scope: &str, location: Option<&str>) -> Value {
        let partition = match self.assessment.run.cloud {
            Cloud::Public => "AzureCloud",
            Cloud::UsGov => "AzureUSGovernment",
            Cloud::China => "AzureChinaCloud",
        };
        let mut cloud = json!({ "provider": "Azure", "cloud_partition": partition });
        if let Some(subscription) = subscription_of(scope) {
            let mut account = json!({ "uid": subscription, "type": "Azure Subscription", "type_id": 13 });
            if let Some(name) = self.subscriptions.get(&subscription.to_ascii_lowercase()) {
                put(&mut account, [("name", json!(name))]);
            }
            put(&mut cloud, [("account", account)]);
        }
        if let Some(region) = location {
            put(&mut cloud, [("region", json!(region))]);
        }
        cloud
    }

    fn unmapped(&self, result: &RuleResult) -> Value {
        let mut facts = json!({
            "rule": result.rule,
            "outcome": result.outcome.as_str(),
            "axis": result.axis.as_str(),
            "cause": result.cause,
            "account_id": result.account_id,
            "resource_id": result.resource_id,
            "run": self.run(),
        });
        match &result.overlay {
            Some(Overlay::Waiver(own)) => put(
                &mut facts,
                [(
                    "waiver",
                    json!({
                        "inner": own.inner.as_str(), "reason": own.reason, "owner": own.owner,
                        "expires": own.expires.to_string(), "ticket": own.ticket,
                    }),
                )],
            ),
            Some(Overlay::Attestation(own)) => put(
                &mut facts,
                [(
                    "attestation",
                    json!({
                        "statement": own.statement, "by": own.by, "date": own.date.to_string(),
                        "expires": own.expires.to_string(),
                        "evidence": own.evidence.as_ref().map(|(path, sha256)| json!({ "path": path, "sha256": sha256 })),
                    }),
                )],
            ),
            None => {}
        }
        facts
    }

    fn run(&self) -> Value {
        let assessment = self.assessment;
        json!({
            "uid": self.run.to_string(),
            "source": assessment.run.source.as_str(),
            "complete": assessment.complete,
            "exit_code": assessment.exit_code,
            "policy": super::table::policy(&assessment.run.policy),
        })
    }
}

/// `finding_info`: what keeps its uid from run to run.
fn finding_info(uid: &Uuid, title: &str, message: &str, rule: &str, assessment: &Assessment) -> Value {
    json!({
        "uid": uid.to_string(),
        "title": title,
        "desc": message,
        "types": ["Zero data retention"],
        "analytic": { "name": rule, "uid": rule, "type": "Rule", "type_id": 1, "version": env!("CARGO_PKG_VERSION") },
        "data_sources": [assessment.run.source.as_str()],
    })
}

fn compliance(result: &RuleResult, title: &str) -> Value {
    let (status_id, status) = judged(result);
    let clauses = docs::clauses(result.rule);
    let details: Vec<&str> = result.cause.into_iter().chain([result.message.as_str()]).collect();
    let check = json!({
        "name": title, "uid": result.rule, "standards": standards(clauses), "status_id": status_id, "status": status,
        "severity_id": severity_of(result.severity).0, "severity": severity_of(result.severity).1,
    });
    json!({
        "control": result.rule,
        "category": result.axis.as_str(),
        "desc": format!("Passes when this is not the case: {title}"),
        "standards": standards(clauses),
        "requirements": clauses,
        "status_id": status_id,
        "status": status,
        "status_code": result.outcome.as_str(),
        "status_details": details,
        "checks": [check],
    })
}

/// The frameworks of the clauses.
fn standards(clauses: &[&str]) -> Vec<String> {
    clauses.iter().map(|clause| super::clauses::split(clause).0.to_owned()).collect()
}

/// `compliance.status_id`: what the check says, whatever people laid over it.
fn judged(result: &RuleResult) -> (u32, &'static str) {
    let outcome = match &result.overlay {
        Some(Overlay::Waiver(waiver)) => waiver.inner,
        Some(Overlay::Attestation(_)) | None => result.outcome,
    };
    match outcome {
        Outcome::Pass => (1, "Pass"),
        Outcome::Unknown | Outcome::Manual => (2, "Warning"),
        Outcome::Fail | Outcome::Waived => (3, "Fail"),
        Outcome::Attested | Outcome::NotApplicable => (OTHER, outcome.as_str()),
    }
}

/// `status_id`: where the finding is in its life.
fn lifecycle(outcome: Outcome) -> (u32, &'static str) {
    match outcome {
        Outcome::Fail | Outcome::Unknown | Outcome::Manual => (1, "New"),
        Outcome::Waived => (3, "Suppressed"),
        Outcome::Attested | Outcome::Pass | Outcome::NotApplicable => (OTHER, outcome.as_str()),
    }
}

fn severity_of(severity: Severity) -> (u32, &'static str) {
    match severity {
        Severity::Info => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn resource(id: &str, location: Option<&str>, account: Option<&AccountAssessment>) -> Value {
    let mut own =
        json!({ "uid": id, "name": id.rsplit('/').next().unwrap_or(id), "type": super::clauses::resource_type(id) });
    if let Some(region) = location {
        put(&mut own, [("region", json!(region))]);
    }
    if let Some(account) = account {
        put(&mut own, [("group", json!({ "name": account.resource_group, "type": "resource group" }))]);
        put(&mut own, [("data", json!({ "account": account.name, "kind": account.kind }))]);
    }
    own
}

fn evidence(citation: &Citation) -> Value {
    json!({
        "name": citation.operation.as_str(),
        "data": {
            "pointer": citation.pointer,
            "value": citation.value,
            "operation": citation.operation.as_str(),
            "request_id": citation.request_id,
            "at": citation.at.to_string(),
        },
    })
}

fn subscription_of(id: &str) -> Option<&str> {
    let mut segments = id.split('/').skip(1);
    let root = segments.next()?;
    segments.next().filter(|_| root.eq_ignore_ascii_case("subscriptions"))
}

fn put<const N: usize>(object: &mut Value, members: [(&str, Value); N]) {
    if let Value::Object(map) = object {
        map.extend(members.map(|(key, value)| (key.to_owned(), value)));
    }
}
