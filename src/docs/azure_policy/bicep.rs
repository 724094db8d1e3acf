//! The template in Bicep, printed from the same values as its JSON twin.

use std::fmt::Write as _;

use serde_json::Value;

use super::template::{API_VERSION, DEFINITIONS, INFERRED, INFERRED_MEANING, SETS, Target};
use super::{Definition, PolicySet, SET_NAME};
use crate::docs::role::literal;
use crate::knowledge::azure_policy::Certainty;
use crate::rules::shell_word;

pub(super) fn template(set: &PolicySet, target: &Target) -> String {
    let (scope, deploy) = match target {
        Target::Subscription(_) => ("subscription", "az deployment sub create".to_owned()),
        Target::ManagementGroup(id) => {
            ("managementGroup", format!("az deployment mg create --management-group-id {}", shell_word(id)))
        }
    };
    let mut out = format!(
        "// Azure Policy for zero data retention, written by zdr-check {}. Deploy it with\n//   {deploy} --location LOCATION \
         --template-file FILE\n// It defines and assigns nothing: assign the initiative {SET_NAME} where you want it to hold.\n",
        env!("CARGO_PKG_VERSION")
    );
    for unheld in set.unheld() {
        let _ = writeln!(out, "// Not held, {}: {}", unheld.reason, unheld.rules.join(", ")); // cannot fail on a String
    }
    let _ = writeln!(out, "targetScope = '{scope}'\n");
    let _ = writeln!(out, "@description({})\nparam {INFERRED} bool = false", literal(INFERRED_MEANING));
    for own in &set.definitions {
        let condition = if is_inferred(own) { format!("if ({INFERRED}) ") } else { String::new() };
        let _ = writeln!(
            out,
            "\nresource {} '{DEFINITIONS}@{API_VERSION}' = {condition}{{\n  name: {}\n  properties: {}\n}}",
            own.symbol(),
            literal(&own.full_name()),
            printed(&own.properties(), 2)
        );
    }
    out + &initiative(set)
}

fn is_inferred(own: &Definition) -> bool {
    own.certainty() == Certainty::Inferred
}

fn initiative(set: &PolicySet) -> String {
    let members = |inferred: bool| -> String {
        let own = set.definitions.iter().filter(|own| is_inferred(own) == inferred);
        let items = own.fold(String::new(), |mut text, own| {
            let _ = write!(text, "  {{\n    policyDefinitionId: {}.id\n{}", own.symbol(), rest(own)); // cannot fail on a String
            text
        });
        if items.is_empty() { "[]".to_owned() } else { format!("[\n{items}]") }
    };
    // The list joins the properties behind their opening brace.
    let properties = printed(&set.properties(), 2);
    let properties = properties.strip_prefix('{').unwrap_or(&properties);
    format!(
        "\nvar known = {}\n\nvar inferred = {}\n\nresource initiative '{SETS}@{API_VERSION}' = {{\n  name: '{SET_NAME}'\n  properties: \
         {{\n    policyDefinitions: concat(known, {INFERRED} ? inferred : []){properties}\n}}\n\noutput initiativeId string = \
         initiative.id\n",
        members(false),
        members(true)
    )
}

/// The members of a reference behind its id, and the closing brace.
fn rest(own: &Definition) -> String {
    let text = printed(&own.reference(), 2);
    format!("{}\n", text.strip_prefix("{\n").unwrap_or(&text))
}

/// A value as Bicep writes it; `indent` is that of the line it begins on.
fn printed(value: &Value, indent: usize) -> String {
    let inner = indent + 2;
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(own) => own.to_string(),
        Value::Number(own) => own.to_string(),
        Value::String(own) => literal(own),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(items) => {
            let lines = items.iter().fold(String::new(), |mut text, item| {
                let _ = writeln!(text, "{:inner$}{}", "", printed(item, inner)); // as above
                text
            });
            format!("[\n{lines}{:indent$}]", "")
        }
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let line =
                |(key, value): (&String, &Value)| format!("{:inner$}{}: {}\n", "", name(key), printed(value, inner));
            format!("{{\n{}{:indent$}}}", map.iter().map(line).collect::<String>(), "")
        }
    }
}

/// A key: quoted unless it is an identifier.
fn name(key: &str) -> String {
    let plain =
        key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !key.starts_with(|c: char| c.is_ascii_digit());
    if plain && !key.is_empty() { key.to_owned() } else { literal(key) }
}
