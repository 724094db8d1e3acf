//! The policy file as written: types that mirror it for serde and for the JSON Schema. Nothing is checked here but form.
//!
//! Doc comments of the fields become the descriptions editors show. Words are texts with their place, so that a wrong one can
//! be reported with its line; the schema names the words that are allowed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::schema;

/// A text with its place.
pub(super) type Text = Option<Spanned<String>>;
/// Texts with their places.
pub(super) type Texts = Option<Spanned<Vec<Spanned<String>>>>;
/// Options of a rule with their places.
pub(super) type Options = Spanned<BTreeMap<Spanned<String>, Spanned<toml::Value>>>;
/// Rule settings with the places of their ids.
pub(super) type Rules = BTreeMap<Spanned<String>, RawRule>;

/// Policy of zdr-check: what is required, where, and what somebody accepted or attested until a date.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    /// strict also counts manual items that nobody has attested. Default: standard.
    #[schemars(with = "Option<schema::Profile>")]
    pub(super) profile: Text,
    /// Boundary inside which prompts must be processed. Default: geography.
    #[schemars(with = "Option<schema::Pin>")]
    pub(super) pin: Text,
    /// Where accounts may be: regions, geographies (`sweden`) or zones (`zone:eu`). Default: anywhere.
    #[schemars(with = "Option<Vec<schema::Location>>", length(min = 1))]
    pub(super) allow_locations: Texts,
    /// Least severity of a failure that fails the run. Default: high.
    #[schemars(with = "Option<schema::FailOn>")]
    pub(super) fail_on: Text,
    /// Exit 0 instead of 4 when something could not be read. Default: false.
    #[schemars(with = "Option<bool>")]
    pub(super) allow_incomplete: Option<Spanned<bool>>,
    /// Days after which a table of documented facts is reported as old. Default: 730.
    pub(super) max_knowledge_age_days: Option<u16>,
    /// Settings by rule id.
    #[serde(default)]
    #[schemars(with = "schema::RuleTables")]
    pub(super) rules: Rules,
    /// A policy of its own for some accounts; the first one that matches an account holds for it.
    #[serde(default)]
    #[schemars(with = "Vec<RawScope>")]
    pub(super) scope: Vec<Spanned<RawScope>>,
    /// Failures or unknowns that somebody accepts until a date.
    #[serde(default)]
    #[schemars(with = "Vec<RawWaiver>")]
    pub(super) waiver: Vec<Spanned<RawWaiver>>,
    /// Answers of a person to manual items, until a date.
    #[serde(default)]
    #[schemars(with = "Vec<RawAttestation>")]
    pub(super) attestation: Vec<Spanned<RawAttestation>>,
}

/// Settings of one rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rule")]
pub(super) struct RawRule {
    /// Whether the rule is asked at all; a rule that is off never passes, it is not applicable. Default: true.
    #[schemars(with = "Option<bool>")]
    pub(super) enabled: Option<Spanned<bool>>,
    /// Severity to use instead of the rule's own.
    #[schemars(with = "Option<schema::Severity>")]
    pub(super) severity: Text,
    /// Options of the rule (`zdr-check explain RULE` lists them).
    #[schemars(with = "Option<BTreeMap<String, schema::OptionForm>>")]
    pub(super) options: Option<Options>,
}

/// A policy of its own for some accounts. Every criterion that is given must hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Scope")]
pub(super) struct RawScope {
    /// Name, for the report.
    #[schemars(with = "Option<String>")]
    pub(super) name: Text,
    /// Globs on the ARM id of the account; `*` stays inside a segment, `**` crosses segments.
    #[serde(rename = "match")]
    #[schemars(with = "Option<Vec<String>>", length(min = 1))]
    pub(super) ids: Texts,
    /// Globs on the name of the resource group.
    #[schemars(with = "Option<Vec<String>>", length(min = 1))]
    pub(super) resource_groups: Texts,
    /// Tags the account must have, all of them.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub(super) tags: Option<Spanned<BTreeMap<String, String>>>,
    /// Boundary inside which prompts must be processed.
    #[schemars(with = "Option<schema::Pin>")]
    pub(super) pin: Text,
    /// Where accounts may be.
    #[schemars(with = "Option<Vec<schema::Location>>", length(min = 1))]
    pub(super) allow_locations: Texts,
    /// Settings by rule id.
    #[serde(default)]
    #[schemars(with = "schema::RuleTables")]
    pub(super) rules: Rules,
}

/// A failure or unknown that somebody accepts until a date. It stays visible in every report.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["rule", "scope", "reason", "owner", "expires"]))]
#[schemars(rename = "Waiver")]
pub(super) struct RawWaiver {
    /// Rule id, or a glob on rule ids.
    #[schemars(with = "String", length(min = 1))]
    pub(super) rule: Text,
    /// Glob on the id of the resource that was judged: the account, or a deployment or project of it.
    #[schemars(with = "String", length(min = 1))]
    pub(super) scope: Text,
    /// Why this is accepted.
    #[schemars(with = "String", length(min = 1))]
    pub(super) reason: Text,
    /// Who accepts it.
    #[schemars(with = "String", length(min = 1))]
    pub(super) owner: Text,
    /// Last day on which it holds (UTC).
    #[schemars(with = "schema::Day")]
    pub(super) expires: Option<Spanned<toml::Value>>,
    /// Where it was discussed.
    #[schemars(with = "Option<String>")]
    pub(super) ticket: Text,
}

/// The answer of a person to a manual item, until a date.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["rule", "scope", "statement", "by", "date", "expires"]))]
#[schemars(rename = "Attestation")]
pub(super) struct RawAttestation {
    /// Rule id.
    #[schemars(with = "schema::RuleId")]
    pub(super) rule: Text,
    /// Glob on the id of the resource that was judged.
    #[schemars(with = "String", length(min = 1))]
    pub(super) scope: Text,
    /// What is attested.
    #[schemars(with = "String", length(min = 1))]
    pub(super) statement: Text,
    /// Who attests it.
    #[schemars(with = "String", length(min = 1))]
    pub(super) by: Text,
    /// First day on which it holds (UTC).
    #[schemars(with = "schema::Day")]
    pub(super) date: Option<Spanned<toml::Value>>,
    /// Last day on which it holds (UTC).
    #[schemars(with = "schema::Day")]
    pub(super) expires: Option<Spanned<toml::Value>>,
    /// Document it rests on, relative to this file; needs sha256.
    #[schemars(with = "Option<String>")]
    pub(super) evidence: Text,
    /// SHA-256 of that document, in hex.
    #[schemars(with = "Option<schema::Sha256>")]
    pub(super) sha256: Text,
}
