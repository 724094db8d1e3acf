//! Masks of policies: aliases, types, effects and SKUs are Azure's; names of definitions and parameters, tags and everything else
//! are the customer's.

use serde_json::Value;

use super::{Masks, is_date};
use crate::snapshot::policies::nearest;
use crate::snapshot::policies::rule::{field_name, parameter_name};

/// Words of Azure's in policies, in lower case.
const WORDS: [&str; 46] = [
    "all",
    "indexed",
    "deny",
    "denyaction",
    "audit",
    "auditifnotexists",
    "deployifnotexists",
    "disabled",
    "modify",
    "append",
    "manual",
    "default",
    "donotenforce",
    "enroll",
    "builtin",
    "custom",
    "static",
    "waiver",
    "mitigated",
    "policyeffect",
    "definitionversion",
    "policydefinitionreferenceid",
    "resourcetype",
    "resourcelocation",
    "resourcewithoutlocation",
    "type",
    "name",
    "fullname",
    "kind",
    "location",
    "id",
    "tags",
    "identity.type",
    "true",
    "false",
    "openai",
    "openai-oss",
    "xai",
    "deepseek",
    "black forest labs",
    "cohere",
    "stabilityai",
    "stability ai",
    "fireworks",
    "baseten",
    "anthropic",
];

/// SKUs of deployments. A text that spells one, or nearly does, decides what a policy denies.
pub const SKUS: [&str; 9] = [
    "DataZoneBatch",
    "DataZoneProvisionedManaged",
    "DataZoneStandard",
    "DeveloperTier",
    "GlobalBatch",
    "GlobalProvisionedManaged",
    "GlobalStandard",
    "ProvisionedManaged",
    "Standard",
];

impl Masks {
    /// The body of an assignment, an exemption, a definition or an initiative; `key` is where a value stands.
    pub(super) fn policy(&mut self, value: &mut Value, key: &str) {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::String(text) => *text = self.policy_text(text, key),
            Value::Array(items) => items.iter_mut().for_each(|item| self.policy(item, key)),
            Value::Object(map) => {
                for (name, mut value) in std::mem::take(map) {
                    self.policy(&mut value, &name.to_ascii_lowercase());
                    let name = if key == "parameters" { self.name(&name) } else { name };
                    map.insert(name, value);
                }
            }
        }
    }

    fn policy_text(&mut self, text: &str, key: &str) -> String {
        if key == "name" || key == "displayname" || key == "policydefinitionreferenceid" {
            return self.name(text);
        }
        if let Some(name) = parameter_name(text) {
            return format!("[parameters('{}')]", self.name(name));
        }
        if let Some(field) = field_name(text) {
            return format!("[field('{}')]", self.policy_text(field, "field"));
        }
        let lower = text.to_ascii_lowercase();
        if text.starts_with('[') {
            // An expression stays one: nobody may take its mask for a value.
            return format!("{}masked('{}')]", if text.starts_with("[[") { "[[" } else { "[" }, self.name(text));
        }
        if lower.starts_with("tags[") || lower.starts_with("tags.") {
            return format!("tags['{}']", self.name(text));
        }
        let part = lower.replace('*', "");
        let sku = nearest(text, SKUS).is_some() || SKUS.iter().any(|sku| sku.to_ascii_lowercase().contains(&part));
        let version = text.bytes().all(|own| own.is_ascii_digit() || matches!(own, b'.' | b'*'));
        let azure = lower.starts_with("microsoft.") || WORDS.contains(&lower.as_str());
        if azure || sku || version || is_date(text) { text.to_owned() } else { self.text(text) }
    }
}
