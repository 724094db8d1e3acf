//! The JSON Schema of the policy file, for editors. The words it allows come from the tables that check them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::check::{FAIL_ON, PROFILES, SEVERITIES};
use super::raw::{RawConfig, RawRule};
use crate::knowledge::{processing, regions};
use crate::outcome;
use crate::rules::RULES;

/// The schema (JSON Schema 2020-12).
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(RawConfig).to_value();
    schema["$id"] = "urn:zdr-check:config:1".into();
    schema["title"] = "zdr-check.toml".into();
    schema
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
        "additionalProperties": generator.subschema_for::<RawRule>()
    });
    /// A day: a TOML date, which editors see as a text, or a text.
    Day, true, _ => json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
    /// A SHA-256 in hex.
    Sha256, true, _ => json_schema!({ "type": "string", "pattern": "^[0-9A-Fa-f]{64}$" });
}
