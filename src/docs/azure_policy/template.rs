//! The initiative as an ARM template for a subscription or a management group, and as request bodies, one per file.

use serde_json::{Map, Value, json};

use super::{Definition, PolicySet, SET_NAME, bicep};
use crate::knowledge::azure_policy::Certainty;

/// The newest stable api-version of definitions and initiatives that the template reference shows (2025-03-01).
pub(super) const API_VERSION: &str = "2025-03-01";
pub(super) const DEFINITIONS: &str = "Microsoft.Authorization/policyDefinitions";
pub(super) const SETS: &str = "Microsoft.Authorization/policySetDefinitions";
pub(super) const INFERRED: &str = "useInferredAliases";
pub(super) const INFERRED_MEANING: &str = "Also define what rests on an alias that was inferred. Azure refuses the whole deployment when \
     it does not have the alias: see `az provider show --namespace Microsoft.CognitiveServices --expand resourceTypes/aliases`.";

/// Stands for a subscription nobody named.
const PLACEHOLDER: &str = "SUBSCRIPTION";

/// Where the definitions live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A subscription: the one that is deployed to, or this one.
    Subscription(Option<String>),
    /// A management group, by id.
    ManagementGroup(String),
}

impl Target {
    /// Beginning of the ids of definitions.
    fn scope(&self) -> String {
        match self {
            Self::Subscription(id) => format!("/subscriptions/{}", id.as_deref().unwrap_or(PLACEHOLDER)),
            Self::ManagementGroup(id) => format!("/providers/Microsoft.Management/managementGroups/{id}"),
        }
    }

    fn schema(&self) -> &'static str {
        match self {
            Self::Subscription(_) => {
                "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#"
            }
            Self::ManagementGroup(_) => {
                "https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#"
            }
        }
    }

    /// The id of a resource as a template expression, without brackets.
    fn id(&self, kind: &str, name: &str) -> String {
        match self {
            Self::Subscription(_) => format!("subscriptionResourceId('{kind}', '{name}')"),
            Self::ManagementGroup(_) => format!("extensionResourceId(managementGroup().id, '{kind}', '{name}')"),
        }
    }
}

impl PolicySet {
    /// As an ARM template, indented, with a line end.
    ///
    /// # Errors
    /// None that can happen with plain strings; the serializer's type asks for it.
    pub fn json(&self, target: &Target) -> serde_json::Result<String> {
        let (known, inferred): (Vec<&Definition>, Vec<&Definition>) =
            self.definitions.iter().partition(|own| own.certainty() != Certainty::Inferred);
        let references =
            |own: &[&Definition]| -> Vec<Value> { own.iter().map(|own| referenced(own, target)).collect() };
        let mut resources: Vec<Value> = self.definitions.iter().map(resource).collect();
        resources.push(self.set(target));
        let template = json!({
            "$schema": target.schema(),
            "contentVersion": "1.0.0.0",
            "metadata": self.about(),
            "parameters": { INFERRED: { "type": "bool", "defaultValue": false, "metadata": { "description": INFERRED_MEANING } } },
            "variables": { "known": references(&known), "inferred": references(&inferred) },
            "resources": resources,
            "outputs": { "initiativeId": { "type": "string", "value": format!("[{}]", target.id(SETS, SET_NAME)) } },
        });
        pretty(&template)
    }

    fn set(&self, target: &Target) -> Value {
        let mut properties = escaped(self.properties());
        properties["policyDefinitions"] =
            format!("[concat(variables('known'), if(parameters('{INFERRED}'), variables('inferred'), createArray()))]")
                .into();
        let needs: Vec<String> =
            self.definitions.iter().map(|own| format!("[{}]", target.id(DEFINITIONS, &own.full_name()))).collect();
        json!({ "type": SETS, "apiVersion": API_VERSION, "name": SET_NAME, "dependsOn": needs, "properties": properties })
    }

    /// As a Bicep template.
    pub fn bicep(&self, target: &Target) -> String {
        bicep::template(self, target)
    }

    /// Name and content of each file: the body of a PUT per definition, and the initiative, which names the definitions below
    /// `target`, and what they do not hold. Definitions with an inferred alias are files and not in the initiative.
    ///
    /// # Errors
    /// None that can happen with plain strings; the serializer's type asks for it.
    pub fn files(&self, target: &Target) -> serde_json::Result<Vec<(String, String)>> {
        let mut files = Vec::new();
        let mut members = Vec::new();
        for own in &self.definitions {
            files.push((format!("{}.json", own.full_name()), pretty(&json!({ "properties": own.properties() }))?));
            if own.certainty() != Certainty::Inferred {
                let mut member = own.reference();
                let id = format!("{}/providers/{DEFINITIONS}/{}", target.scope(), own.full_name());
                member["policyDefinitionId"] = id.into();
                members.push(member);
            }
        }
        let mut properties = self.properties();
        properties["policyDefinitions"] = members.into();
        files.push(("initiative.json".to_owned(), pretty(&json!({ "properties": properties }))?));
        files.push(("about.json".to_owned(), pretty(&self.about())?));
        Ok(files)
    }
}

fn resource(own: &Definition) -> Value {
    let mut resource = json!({
        "type": DEFINITIONS,
        "apiVersion": API_VERSION,
        "name": own.full_name(),
        "properties": escaped(own.properties()),
    });
    if own.certainty() == Certainty::Inferred {
        resource["condition"] = format!("[parameters('{INFERRED}')]").into();
    }
    resource
}

fn referenced(own: &Definition, target: &Target) -> Value {
    let mut reference = escaped(own.reference());
    reference["policyDefinitionId"] = format!("[{}]", target.id(DEFINITIONS, &own.full_name())).into();
    reference
}

/// A second bracket keeps the deployment from evaluating what Azure Policy is to evaluate.
fn escaped(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('[') => Value::String(format!("[{text}")),
        Value::Array(items) => items.into_iter().map(escaped).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, escaped(value))).collect::<Map<_, _>>().into(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

fn pretty(value: &Value) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n")
}
