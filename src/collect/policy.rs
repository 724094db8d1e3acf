//! What is kept of policies: scope, parameters, condition and effect, and no more than a rule needs.
//!
//! What a policy deploys can be long and hold anything, and a parameter may be what somebody should not have put there, so both are
//! left out. A condition that no resource of Azure AI can meet is kept as the part that says so.

use serde_json::{Map, Value, json};

use super::redact::{NAMED, keep, keeping};
use crate::snapshot::Operation;
use crate::snapshot::journal::Reduction;

const ASSIGNMENT: [&str; 8] = [
    "displayName",
    "policyDefinitionId",
    "definitionVersion",
    "parameters",
    "notScopes",
    "enforcementMode",
    "resourceSelectors",
    "overrides",
];
const EXEMPTION: [&str; 6] = [
    "displayName",
    "policyAssignmentId",
    "policyDefinitionReferenceIds",
    "exemptionCategory",
    "expiresOn",
    "resourceSelectors",
];
const DEFINITION: [&str; 6] = ["displayName", "policyType", "mode", "version", "parameters", "policyRule"];
const SET: [&str; 5] = ["displayName", "policyType", "version", "parameters", "policyDefinitions"];
const MEMBER: [&str; 4] = ["policyDefinitionId", "policyDefinitionReferenceId", "definitionVersion", "parameters"];

/// Longest text that is kept of a parameter.
const LONGEST: usize = 256;

/// What is left out, for the header of a journal.
pub(super) fn reductions() -> Vec<Reduction> {
    let why = "what is assigned, to what and with which parameters is all that is judged; parameters that may be secrets are dropped";
    let rule = "what a policy compares and its effect are all that is judged; of a condition that other types alone meet, that part";
    vec![
        keeping(&[Operation::PolicyAssignmentsList], &NAMED, &ASSIGNMENT, why),
        keeping(
            &[Operation::PolicyExemptionsList],
            &NAMED,
            &EXEMPTION,
            "what is exempt until when is all that is judged",
        ),
        keeping(&[Operation::PolicyDefinitionsGet], &NAMED, &DEFINITION, rule),
        keeping(
            &[Operation::PolicySetDefinitionsGet],
            &NAMED,
            &SET,
            "its members and their parameters are all that is judged",
        ),
    ]
}

/// An assignment.
pub(super) fn assignment(body: &mut Value) {
    keep(body, &NAMED, &ASSIGNMENT);
    parameters(body.pointer_mut("/properties/parameters"), "value");
}

/// An exemption.
pub(super) fn exemption(body: &mut Value) {
    keep(body, &NAMED, &EXEMPTION);
}

/// A definition.
pub(super) fn definition(body: &mut Value) {
    keep(body, &NAMED, &DEFINITION);
    parameters(body.pointer_mut("/properties/parameters"), "defaultValue");
    if let Some(Value::Object(rule)) = body.pointer_mut("/properties/policyRule") {
        let condition = rule.get("if").map(reduced).unwrap_or_default();
        let effect = rule.get("then").and_then(|then| then.get("effect")).cloned().unwrap_or_default();
        *rule = Map::from_iter([("if".to_owned(), condition), ("then".to_owned(), json!({ "effect": effect }))]);
    }
}

/// An initiative.
pub(super) fn set(body: &mut Value) {
    keep(body, &NAMED, &SET);
    parameters(body.pointer_mut("/properties/parameters"), "defaultValue");
    let members = body.pointer_mut("/properties/policyDefinitions").and_then(Value::as_array_mut);
    for member in members.into_iter().flatten() {
        keep(member, &MEMBER, &[]);
        parameters(member.get_mut("parameters"), "value");
    }
}

/// Of each parameter its value under `key`. One that is dropped stays as null: it is not the same as none.
fn parameters(all: Option<&mut Value>, key: &str) {
    for parameter in all.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        let value = parameter.get(key).map(|value| if is_plain(value) { value.clone() } else { Value::Null });
        *parameter = value.map_or_else(|| json!({}), |value| json!({ key: value }));
    }
}

/// Text that is no connection string, signed URL or certificate, and lists of it. What may be one is not worth a verdict.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => text.len() <= LONGEST && !text.contains(['=', ';', '?', '\n']),
        Value::Array(items) => items.iter().all(|item| !item.is_object() && is_plain(item)),
        Value::Object(_) => false,
    }
}

/// A condition, or the one part of it that keeps it from every resource of Azure AI.
fn reduced(condition: &Value) -> Value {
    let parts = condition.get("allOf").and_then(Value::as_array);
    let parts = parts.map_or_else(|| std::slice::from_ref(condition), Vec::as_slice);
    parts.iter().find(|part| is_of_another_type(part)).unwrap_or(condition).clone()
}

fn is_of_another_type(part: &Value) -> bool {
    let text = |key: &str| part.get(key).and_then(Value::as_str).map(str::to_ascii_lowercase);
    let only = part.as_object().is_some_and(|part| part.len() == 2);
    let other = |kind: String| !kind.starts_with('[') && !kind.starts_with("microsoft.cognitiveservices/");
    only && text("field").as_deref() == Some("type") && text("equals").is_some_and(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_policy_deploys_and_what_may_be_a_secret_goes() {
        let mut body = json!({ "id": "/x", "properties": { "mode": "All", "metadata": { "a": "PLANTED" },
            "parameters": { "p": { "type": "String", "defaultValue": "AccountKey=PLANTED;" }, "q": { "defaultValue": ["a"] },
                "r": { "type": "String" } },
            "policyRule": { "if": { "field": "type", "equals": "Microsoft.CognitiveServices/accounts" },
                "then": { "effect": "DeployIfNotExists", "details": { "deployment": "PLANTED" } } } } });
        definition(&mut body);
        assert!(!body.to_string().contains("PLANTED"), "{body}");
        let wanted = json!({ "p": { "defaultValue": null }, "q": { "defaultValue": ["a"] }, "r": {} });
        assert_eq!(body["properties"]["parameters"], wanted);
        assert_eq!(body["properties"]["policyRule"]["then"], json!({ "effect": "DeployIfNotExists" }));
        let mut own =
            json!({ "id": "/x", "properties": { "parameters": { "p": { "value": "https://a/?sig=PLANTED" } } } });
        assignment(&mut own);
        assert!(!own.to_string().contains("PLANTED"), "{own}");
    }

    #[test]
    fn a_condition_that_another_type_alone_meets_is_kept_as_that() {
        let other = json!({ "field": "type", "equals": "Microsoft.Storage/storageAccounts" });
        let long = json!({ "allOf": [{ "field": "x", "equals": "y" }, other] });
        assert_eq!(reduced(&long), other);
        for whole in [
            json!({ "anyOf": [other, { "field": "x", "equals": "y" }] }),
            json!({ "allOf": [{ "not": other }] }),
            json!({ "allOf": [{ "field": "type", "equals": "Microsoft.CognitiveServices/accounts/deployments" }] }),
            json!({ "allOf": [{ "field": "type", "equals": "[parameters('t')]" }] }),
        ] {
            assert_eq!(reduced(&whole), whole);
        }
    }
}
