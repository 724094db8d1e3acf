//! Results as rows of plain text, the same for every spreadsheet.

use std::collections::HashMap;

use super::identity;
use crate::assessment::{AccountAssessment, Assessment, Overlay, RuleResult};
use crate::docs;
use crate::snapshot::Citation;
use crate::term::sanitise;

/// A row: one text per column.
pub(super) type Row = [String; COLUMNS.len()];

/// Titles of the columns. Programs find columns by them: a title never changes, a new one comes last.
pub(super) const COLUMNS: [&str; 34] = [
    "subscription_id",
    "subscription_name",
    "resource_group",
    "account_name",
    "location",
    "kind",
    "policy_scope",
    "account_id",
    "resource_id",
    "rule",
    "title",
    "axis",
    "severity",
    "outcome",
    "message",
    "cause",
    "remediation",
    "waiver_inner",
    "waiver_reason",
    "waiver_owner",
    "waiver_expires",
    "waiver_ticket",
    "attestation_statement",
    "attestation_by",
    "attestation_date",
    "attestation_expires",
    "attestation_evidence",
    "evidence",
    "run_id",
    "run_started_at",
    "run_finished_at",
    "run_complete",
    "run_exit_code",
    "sources",
];

/// The results of an assessment as rows; remote text in them shows what a spreadsheet would act on or hide.
pub(super) struct Rows<'a> {
    assessment: &'a Assessment,
    accounts: HashMap<&'a str, &'a AccountAssessment>,
    subscriptions: HashMap<String, &'a str>,
    run: [String; 5],
    /// Per rule the ids of the statements it relies on; `zdr-check terms show ID` explains one.
    sources: HashMap<&'static str, String>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(assessment: &'a Assessment) -> Self {
        let name = |own: &'a crate::assessment::SubscriptionCoverage| {
            Some((own.id.to_ascii_lowercase(), own.name.as_deref()?))
        };
        let mut sources: HashMap<&'static str, String> = HashMap::new();
        for (rule, own) in assessment.sources.iter().flat_map(|own| own.rules.iter().map(move |rule| (*rule, own))) {
            let ids = sources.entry(rule).or_default();
            ids.push_str(if ids.is_empty() { "" } else { " " });
            ids.push_str(own.id);
        }
        Self {
            assessment,
            sources,
            accounts: assessment.accounts.iter().map(|account| (account.id.as_str(), account)).collect(),
            subscriptions: assessment.coverage.subscriptions.iter().filter_map(name).collect(),
            run: [
                identity::run(assessment).to_string(),
                assessment.run.started_at.to_string(),
                assessment.run.finished_at.to_string(),
                assessment.complete.to_string(),
                assessment.exit_code.to_string(),
            ],
        }
    }

    /// One row per result, in the order of the assessment.
    pub(super) fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        self.assessment.results.iter().map(|result| self.row(&result))
    }

    fn row(&self, result: &RuleResult) -> Row {
        let account = self.accounts.get(result.account_id.as_str());
        let subscription = result.account_id.split('/').nth(2).unwrap_or_default();
        let name = self.subscriptions.get(&subscription.to_ascii_lowercase()).copied().unwrap_or_default();
        let of = |text: fn(&AccountAssessment) -> Option<&str>| account.and_then(|own| text(own)).unwrap_or_default();
        let evidence: Vec<String> = result.evidence.iter().map(cited).collect();
        let [run, started, finished, complete, exit] = self.run.each_ref().map(String::as_str);
        let [inner, reason, owner, expires, ticket] = waiver(result);
        let [statement, by, date, until, document] = attestation(result);
        let texts: [&str; COLUMNS.len()] = [
            subscription,
            name,
            of(|own| Some(&own.resource_group)),
            of(|own| Some(&own.name)),
            of(|own| own.location.as_deref()),
            of(|own| own.kind.as_deref()),
            of(|own| own.policy_scope.as_deref()),
            &result.account_id,
            &result.resource_id,
            result.rule,
            docs::title(result.rule).unwrap_or_default(),
            result.axis.as_str(),
            result.severity.as_str(),
            result.outcome.as_str(),
            &result.message,
            result.cause.unwrap_or_default(),
            result.remediation.as_deref().unwrap_or_default(),
            &inner,
            &reason,
            &owner,
            &expires,
            &ticket,
            &statement,
            &by,
            &date,
            &until,
            &document,
            &evidence.join("; "),
            run,
            started,
            finished,
            complete,
            exit,
            self.sources.get(result.rule).map_or("", String::as_str),
        ];
        texts.map(|text| sanitise(text).into_owned())
    }
}

fn waiver(result: &RuleResult) -> [String; 5] {
    match &result.overlay {
        Some(Overlay::Waiver(own)) => [
            own.inner.as_str().to_owned(),
            own.reason.clone(),
            own.owner.clone(),
            own.expires.to_string(),
            own.ticket.clone().unwrap_or_default(),
        ],
        Some(Overlay::Attestation(_)) | None => Default::default(),
    }
}

fn attestation(result: &RuleResult) -> [String; 5] {
    match &result.overlay {
        Some(Overlay::Attestation(own)) => [
            own.statement.clone(),
            own.by.clone(),
            own.date.to_string(),
            own.expires.to_string(),
            own.evidence.as_ref().map(|(path, sha256)| format!("{path} (SHA-256 {sha256})")).unwrap_or_default(),
        ],
        Some(Overlay::Waiver(_)) | None => Default::default(),
    }
}

/// `operation pointer = value (request id, time)`.
pub(super) fn cited(citation: &Citation) -> String {
    let request = citation.request_id.as_ref().map(|id| format!("request {id}, ")).unwrap_or_default();
    let pointer = if citation.pointer.is_empty() { "/" } else { &citation.pointer };
    format!("{} {pointer} = {} ({request}{})", citation.operation.as_str(), citation.value, citation.at)
}
