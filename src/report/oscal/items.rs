//! The parts of an OSCAL result: subjects, observations, findings, risks.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::{Value, json};

use super::text::{line, string};
use super::{Document, NAMESPACE, property};
use crate::assessment::{AccountAssessment, Assessment, Overlay, RuleResult, Unreadable, WaiverSummary};
use crate::docs;
use crate::outcome::{Axis, Outcome};
use crate::report::clauses;
use crate::report::rows::cited;

/// Every account and every resource that was judged, and the tool; written one by one.
pub(super) struct Definitions<'a>(pub(super) &'a Document<'a>);

impl Serialize for Definitions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let inventory = Inventory(self.0, subjects(self.0.assessment));
        if !inventory.1.is_empty() {
            map.serialize_entry("inventory-items", &inventory)?;
        }
        map.serialize_entry("assessment-assets", &tool(self.0))?;
        map.end()
    }
}

type Subjects<'a> = BTreeMap<Cow<'a, str>, Option<&'a AccountAssessment>>;

struct Inventory<'a>(&'a Document<'a>, Subjects<'a>);

impl Serialize for Inventory<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.1.iter().map(|(id, account)| inventory(self.0, id, *account)))
    }
}

fn subjects(assessment: &Assessment) -> Subjects<'_> {
    let id = |result: Cow<'_, RuleResult>| (Cow::Owned(result.resource_id.clone()), None);
    let judged = assessment.results.iter().map(id);
    let mut subjects: Subjects<'_> = judged.collect();
    subjects.extend(assessment.coverage.unreadable.iter().map(|read| (Cow::Borrowed(read.scope.as_str()), None)));
    subjects.extend(assessment.accounts.iter().map(|account| (Cow::Borrowed(account.id.as_str()), Some(account))));
    subjects
}

fn tool(document: &Document<'_>) -> Value {
    let tool = json!({
        "uuid": document.tool(),
        "type": "software",
        "title": "zdr-check",
        "description": "Reads Azure Resource Manager, read-only, and judges what it says by rules.",
        "props": [{ "name": "version", "value": env!("CARGO_PKG_VERSION") }],
        "status": { "state": "operational" },
    });
    let platform = json!({
        "uuid": document.uuid(&["platform"]),
        "title": "zdr-check",
        "uses-components": [{ "component-uuid": document.tool() }],
    });
    json!({ "components": [tool], "assessment-platforms": [platform] })
}

fn inventory(document: &Document<'_>, id: &str, account: Option<&AccountAssessment>) -> Value {
    let name = account.map_or_else(|| id.rsplit('/').next().unwrap_or(id), |account| &account.name);
    let kind = clauses::resource_type(id);
    let mut props = vec![
        json!({ "name": "asset-id", "value": string(id) }),
        json!({ "name": "asset-type", "value": string(&kind) }),
    ];
    if let Some(account) = account {
        props.push(property("verdict", account.verdict.as_str()));
        props.extend(Axis::ALL.map(|axis| property(axis.as_str(), account.axis(axis).as_str())));
        let known = [("location", &account.location), ("kind", &account.kind), ("policy-scope", &account.policy_scope)];
        props.extend(known.into_iter().filter_map(|(name, value)| Some(property(name, value.as_deref()?))));
    }
    let description = line(&format!("{kind} {name}"));
    json!({ "uuid": document.uuid(&["item", id]), "description": description, "props": props })
}

/// What a rule saw on a resource.
#[expect(clippy::unnecessary_wraps, reason = "the functions of a list share a type, and others leave results out")]
pub(super) fn observation(document: &Document<'_>, result: &RuleResult) -> Option<Value> {
    let mut methods = vec!["TEST"];
    if !result.evidence.is_empty() {
        methods.push("EXAMINE");
    }
    if result.outcome == Outcome::Attested {
        methods.push("INTERVIEW");
    }
    let kind = match result.outcome {
        Outcome::Fail | Outcome::Unknown | Outcome::Waived => "finding",
        Outcome::Manual | Outcome::Attested | Outcome::Pass | Outcome::NotApplicable => "control-objective",
    };
    let collected = result.evidence.iter().map(|citation| citation.at).max();
    let mut props = vec![
        property("rule", result.rule),
        property("outcome", result.outcome.as_str()),
        property("axis", result.axis.as_str()),
        property("severity", result.severity.as_str()),
        property("account-id", &result.account_id),
        property("resource-id", &result.resource_id),
    ];
    props.extend(result.cause.map(|cause| property("cause", cause)));
    let mut own = json!({
        "uuid": document.of_result("observation", result),
        "title": title(result),
        "description": line(&result.message),
        "props": props,
        "methods": methods,
        "types": [kind],
        "origins": document.origins(),
        "subjects": [subject(document, &result.resource_id)],
        "collected": collected.unwrap_or(document.assessment.run.finished_at),
    });
    let evidence: Vec<Value> =
        result.evidence.iter().map(|citation| json!({ "description": line(&cited(citation)) })).collect();
    if !evidence.is_empty() {
        own["relevant-evidence"] = evidence.into();
    }
    if let Some(words) = overlay(result) {
        own["remarks"] = words.into();
    }
    Some(own)
}

/// Reads that failed.
pub(super) fn unreadable(document: &Document<'_>) -> Vec<Value> {
    let reads = document.assessment.coverage.unreadable.iter().enumerate();
    reads.map(|(number, read)| unread(document, number, read)).collect()
}

fn unread(document: &Document<'_>, number: usize, read: &Unreadable) -> Value {
    let mut props = vec![property("operation", read.operation), property("cause", read.cause)];
    props.extend(read.action.as_deref().map(|action| property("missing-right", action)));
    let detail = read.detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default();
    json!({
        "uuid": document.uuid(&["unreadable", &number.to_string(), &read.scope, read.operation]),
        "title": line(&format!("{} could not be read", read.operation)),
        "description": line(&format!("{} could not be read ({}){detail}", read.operation, read.cause)),
        "props": props,
        "methods": ["TEST"],
        "types": ["discovery"],
        "origins": document.origins(),
        "subjects": [subject(document, &read.scope)],
        "collected": document.assessment.run.finished_at,
    })
}

/// No further items.
pub(super) fn none(_: &Document<'_>) -> Vec<Value> {
    Vec::new()
}

/// What a rule concluded. Where it has no meaning, it concluded nothing.
pub(super) fn finding(document: &Document<'_>, result: &RuleResult) -> Option<Value> {
    let (state, reason, remarks) = status(result)?;
    let clauses = docs::clauses(result.rule).iter().map(|clause| property("evidence-for", clause));
    let mut own = json!({
        "uuid": document.of_result("finding", result),
        "title": title(result),
        "description": line(&result.message),
        "props": [property("rule", result.rule), property("outcome", result.outcome.as_str())],
        "origins": document.origins(),
        "target": {
            "type": "objective-id",
            "target-id": result.rule,
            "title": line(&format!("Not the case: {}", docs::title(result.rule).unwrap_or(result.rule))),
            "status": { "state": state, "reason": reason, "remarks": remarks },
        },
        "related-observations": [{ "observation-uuid": document.of_result("observation", result) }],
    });
    if let Some(props) = own["props"].as_array_mut() {
        props.extend(clauses);
    }
    if has_risk(result.outcome) {
        own["related-risks"] = json!([{ "risk-uuid": document.of_result("risk", result) }]);
    }
    Some(own)
}

/// The objective status: state, reason and what it rests on.
fn status(result: &RuleResult) -> Option<(&'static str, &'static str, String)> {
    let unknown = "It could not be told, which is no pass.";
    let own = match result.outcome {
        Outcome::Pass => ("satisfied", "pass", "The defect is not there.".to_owned()),
        Outcome::Fail => ("not-satisfied", "fail", "The defect is there.".to_owned()),
        Outcome::Unknown => ("not-satisfied", "other", unknown.to_owned()),
        Outcome::Manual => ("not-satisfied", "other", "No API can answer; a person must attest.".to_owned()),
        Outcome::Waived => {
            let reason = match waiver(result).map(|waiver| waiver.inner) {
                Some(Outcome::Fail) => "fail",
                Some(_) | None => "other",
            };
            ("not-satisfied", reason, overlay(result).unwrap_or_default())
        }
        Outcome::Attested => ("satisfied", "other", overlay(result).unwrap_or_default()),
        Outcome::NotApplicable => return None,
    };
    Some(own)
}

fn has_risk(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Fail | Outcome::Unknown | Outcome::Waived => true,
        Outcome::Manual | Outcome::Attested | Outcome::Pass | Outcome::NotApplicable => false,
    }
}

/// What may happen because of a failure or an unknown.
pub(super) fn risk(document: &Document<'_>, result: &RuleResult) -> Option<Value> {
    if !has_risk(result.outcome) {
        return None;
    }
    let inner = waiver(result).map_or(result.outcome, |waiver| waiver.inner);
    let defect = docs::title(result.rule).unwrap_or(result.rule);
    let statement = match inner {
        Outcome::Unknown => format!("It could not be told whether this is so: {defect}"),
        _ => defect.to_owned(),
    };
    let facet = json!({ "name": "severity", "system": NAMESPACE, "value": result.severity.as_str() });
    let mut own = json!({
        "uuid": document.of_result("risk", result),
        "title": title(result),
        "description": line(&result.message),
        "statement": line(&statement),
        "props": [property("rule", result.rule), property("outcome", result.outcome.as_str())],
        "status": "open",
        "origins": document.origins(),
        "characterizations": [{ "origin": document.origins()[0], "facets": [facet] }],
        "related-observations": [{ "observation-uuid": document.of_result("observation", result) }],
    });
    if let Some(text) = &result.remediation {
        own["remediations"] = json!([{
            "uuid": document.of_result("response", result),
            "lifecycle": "recommendation",
            "title": "What to do",
            "description": line(text),
        }]);
    }
    if let Some(waiver) = waiver(result) {
        accept(document, result, waiver, &mut own);
    }
    Some(own)
}

/// A person accepted the risk until the end of a day (UTC).
fn accept(document: &Document<'_>, result: &RuleResult, waiver: &WaiverSummary, risk: &mut Value) {
    risk["status"] = "deviation-approved".into();
    risk["deadline"] = format!("{}T23:59:59Z", waiver.expires).into();
    risk["risk-log"] = json!({ "entries": [{
        "uuid": document.of_result("acceptance", result),
        "title": "Waiver of the policy file",
        "description": overlay(result),
        "start": document.assessment.run.started_at,
        "status-change": "deviation-approved",
        "props": [property("owner", &waiver.owner), property("expires", &waiver.expires.to_string())],
    }] });
}

fn waiver(result: &RuleResult) -> Option<&WaiverSummary> {
    match &result.overlay {
        Some(Overlay::Waiver(waiver)) => Some(waiver),
        Some(Overlay::Attestation(_)) | None => None,
    }
}

/// What a person laid over the result, in a sentence.
fn overlay(result: &RuleResult) -> Option<String> {
    result.overlay.as_ref().map(|_| line(&crate::report::table::accepted::words(result)))
}

fn title(result: &RuleResult) -> String {
    let name = result.resource_id.rsplit('/').next().unwrap_or(&result.resource_id);
    line(&format!("{}: {} on {name}", result.outcome.as_str(), result.rule))
}

fn subject(document: &Document<'_>, id: &str) -> Value {
    json!({ "subject-uuid": document.uuid(&["item", id]), "type": "inventory-item" })
}
