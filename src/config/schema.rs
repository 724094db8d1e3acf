//! The JSON Schema of the policy file, for editors. The words it allows come from the tables that check them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::check::{FAIL_ON, PROFILES, SEVERITIES};
use super::raw::{RawConfig, RawRule};
use crate::knowledge::{processing, regions};
use crate::outcome;
use crate::rules::options::{OptionKind, RuleOption};
use crate::rules::{RULES, Rule};

/// The schema (JSON Schema 2020-12).
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(RawConfig).to_value();
    schema["$id"] = "urn:zdr-check:config:1".into();
    schema["title"] = "zdr-check.toml".into();
    schema
}

/// The tables of rules that have options, each with exactly its own.
fn rules_with_options() -> Value {
    let table = |rule: &&Rule| {
        let options: Map<String, Value> =
            rule.options.iter().map(|option| (option.name.to_owned(), option_form(option))).collect();
        let options =
            json!({ "type": "object", "additionalProperties": false, "minProperties": 1, "properties": options });
        let own = json!({ "allOf": [{ "$ref": "#/$defs/Rule" }, { "properties": { "options": options } }] });
        (rule.id.to_owned(), own)
    };
    RULES.iter().filter(|rule| !rule.options.is_empty()).map(table).collect::<Map<_, _>>().into()
}

fn option_form(option: &RuleOption) -> Value {
    match option.kind {
        OptionKind::Number { default, least, most } => {
            json!({ "description": option.doc, "type": "integer", "minimum": least, "maximum": most, "default": default })
        }
        OptionKind::Hosts => {
            let items = json!({ "type": "string", "pattern": r"^(\*\.)?[^*/:]+\.[^*/:]+$" });
            json!({ "description": option.doc, "type": "array", "minItems": 1, "items": items })
        }
    }
}

/// A type that stands for a schema only.
macro_rules! words {
    ($(#[doc = $doc:literal] $name:ident, $inline:literal, $generator:pat => $schema:expr;)+) => {
        $(
            #[doc = $doc]
            pub(super) enum $name {}

            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn inline_schema() -> bool {
                    $inline
                }

                fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                    $schema
                }
            }
        )+
    };
}

words! {
    /// `profile`.
    Profile, true, _ => json_schema!({ "enum": PROFILES.map(outcome::Profile::as_str) });
    /// `pin`.
    Pin, true, _ => json_schema!({ "enum": processing::Pin::ALL.map(processing::Pin::as_str) });
    /// A word of `allow_locations`.
    Location, false, _ => json_schema!({ "enum": regions::words() });
    /// `fail_on`.
    FailOn, true, _ => json_schema!({ "enum": FAIL_ON.map(outcome::FailOn::as_str) });
    /// `severity`.
    Severity, true, _ => json_schema!({ "enum": SEVERITIES.map(outcome::Severity::as_str) });
    /// A rule id.
    RuleId, false, _ => json_schema!({ "enum": RULES.iter().map(|rule| rule.id).collect::<Vec<_>>() });
    /// Tables by rule id.
    RuleTables, false, generator => json_schema!({
        "type": "object",
        "propertyNames": generator.subschema_for::<RuleId>(),
        "properties": rules_with_options(),
        "additionalProperties": { "allOf": [
            generator.subschema_for::<RawRule>(),
            { "properties": { "options": false } }
        ] }
    });
    /// The value of an option: of whichever form its rule declares.
    OptionForm, true, _ => json_schema!({ "anyOf": [
        { "type": "integer", "minimum": 1 },
        { "type": "array", "items": { "type": "string" }, "minItems": 1 }
    ] });
    /// A day: a TOML date, which editors see as a text, or a text.
    Day, true, _ => json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
    /// A SHA-256 in hex.
    Sha256, true, _ => json_schema!({ "type": "string", "pattern": "^[0-9A-Fa-f]{64}$" });
}
