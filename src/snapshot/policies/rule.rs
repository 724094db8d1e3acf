//! The conditions of a policy definition, with three answers: met, not met, or open for a reason.
//!
//! Only what is documented and needs no knowledge of the rest of a resource is decided (logical operators; `equals`, `in`, `like`,
//! `contains`, their opposites and `exists`; parameters and `field()`): "Azure Policy definition structure policy rule",
//! learn.microsoft.com, 2024-04-25. Everything else is open, which is never an answer.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Whether a condition is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// Nobody can tell, for this reason.
    Open(String),
}

impl Truth {
    fn of(met: bool) -> Self {
        if met { Self::Met } else { Self::NotMet }
    }

    fn opposite(self) -> Self {
        match self {
            Self::Met => Self::NotMet,
            Self::NotMet => Self::Met,
            Self::Open(why) => Self::Open(why),
        }
    }
}

/// What a field of the resource in question holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// This text.
    Text(String),
    /// Nothing: resources of the type do not have it.
    Absent,
    /// Nobody can tell, for this reason.
    Open(String),
}

/// Values of parameters by name in lower case; those that could not be resolved have a reason.
pub type Parameters = BTreeMap<String, Result<Value, String>>;

/// What conditions are judged by.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The resource in question: what a field of it holds.
    pub field: &'a dyn Fn(&str) -> Field,
    /// The parameters of the definition.
    pub parameters: &'a Parameters,
}

/// A comparison of a field, as a reader of a rule looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The field.
    pub field: String,
    /// The operator, in lower case.
    pub operator: String,
    /// The texts it is compared with; `None` when they could not be resolved.
    pub values: Option<Vec<String>>,
    /// The parameter the values come from.
    pub parameter: Option<String>,
}

/// The name in `[parameters('name')]`.
pub fn parameter_name(text: &str) -> Option<&str> {
    argument(text, "parameters")
}

/// The name in `[field('name')]`.
pub fn field_name(text: &str) -> Option<&str> {
    argument(text, "field")
}

fn argument<'a>(text: &'a str, function: &str) -> Option<&'a str> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let head = inner.get(..function.len()).filter(|head| head.eq_ignore_ascii_case(function))?;
    let own = inner[head.len()..].trim().strip_prefix('(')?.strip_suffix(')')?.trim();
    let own = own.strip_prefix('\'')?.strip_suffix('\'')?;
    (!own.contains('\'')).then_some(own)
}

/// A value with its parameters put in.
///
/// # Errors
/// Why it could not be resolved.
pub fn resolve(value: &Value, parameters: &Parameters) -> Result<Value, String> {
    match value {
        Value::String(text) if text.starts_with("[[") => Ok(Value::from(&text[1..])),
        Value::String(text) if text.starts_with('[') => match parameter_name(text) {
            Some(name) => parameters
                .get(&name.to_ascii_lowercase())
                .cloned()
                .unwrap_or_else(|| Err(format!("the parameter {name} has no value"))),
            None => Err(format!("the expression {text} is not evaluated")),
        },
        Value::Array(items) => items.iter().map(|item| resolve(item, parameters)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => Ok(value.clone()),
    }
}

/// Whether a condition is met.
pub fn met(condition: &Value, terms: Terms<'_>) -> Truth {
    let Some(map) = condition.as_object() else { return Truth::Open("a condition is not an object".to_owned()) };
    if let Some(inner) = key(map, "not") {
        return met(inner, terms).opposite();
    }
    for (name, settles) in [("allOf", Truth::NotMet), ("anyOf", Truth::Met)] {
        if let Some(inner) = key(map, name) {
            let Some(items) = inner.as_array() else { return Truth::Open(format!("{name} is not a list")) };
            let all: Vec<Truth> = items.iter().map(|item| met(item, terms)).collect();
            let open = all.iter().find(|truth| matches!(truth, Truth::Open(_))).cloned();
            let rest = open.unwrap_or_else(|| settles.clone().opposite());
            return if all.contains(&settles) { settles } else { rest };
        }
    }
    comparison(map, terms)
}

fn key<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The operator of a comparison and what it compares with.
fn operator(map: &Map<String, Value>) -> Option<(String, &Value)> {
    let mut rest =
        map.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("field") && !name.eq_ignore_ascii_case("value"));
    let (name, value) = rest.next()?;
    rest.next().is_none().then(|| (name.to_ascii_lowercase(), value))
}

fn comparison(map: &Map<String, Value>, terms: Terms<'_>) -> Truth {
    let left = match (key(map, "field"), key(map, "value")) {
        (Some(Value::String(field)), None) => match named(field, terms.parameters) {
            Ok(field) => (terms.field)(&field),
            Err(why) => return Truth::Open(why),
        },
        (None, Some(value)) => left_value(value, terms),
        (Some(_) | None, _) => {
            let keys: Vec<&str> = map.keys().map(String::as_str).collect();
            return Truth::Open(format!("the condition {} is not evaluated", keys.join("/")));
        }
    };
    let Some((operator, right)) = operator(map) else {
        return Truth::Open("a condition without one operator is not evaluated".to_owned());
    };
    match resolve(right, terms.parameters) {
        Ok(right) => compare(&left, &operator, &right),
        Err(why) => Truth::Open(why),
    }
}

/// A field whose name may be a parameter.
fn named(field: &str, parameters: &Parameters) -> Result<String, String> {
    match resolve(&Value::from(field), parameters)? {
        Value::String(field) => Ok(field),
        _ => Err(format!("the field {field} has no name")),
    }
}

fn left_value(value: &Value, terms: Terms<'_>) -> Field {
    if let Some(field) = value.as_str().and_then(field_name) {
        return (terms.field)(field);
    }
    match resolve(value, terms.parameters) {
        Ok(value) => {
            text(&value).map_or_else(|| Field::Open("a list as a value is not evaluated".to_owned()), Field::Text)
        }
        Err(why) => Field::Open(why),
    }
}

/// A scalar as text: conditions on strings are without case, and numbers and truth values may be written as strings.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(own) => Some(own.to_string()),
        Value::Number(own) => Some(own.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// "While `match` and `notMatch` are case-sensitive, all other conditions that evaluate a `stringValue` are case-insensitive"
/// (policy rule page, 2024-04-25).
fn compare(left: &Field, operator: &str, right: &Value) -> Truth {
    if let Some(positive) = operator.strip_prefix("not") {
        return match left {
            // What the opposite of a condition says of a property that is not there is not written down.
            Field::Absent => Truth::Open(format!("{operator} on a property that is not there is not evaluated")),
            Field::Text(_) | Field::Open(_) => compare(left, positive, right).opposite(),
        };
    }
    let held = match left {
        Field::Open(why) => return Truth::Open(why.clone()),
        Field::Text(held) => Some(held.to_lowercase()),
        Field::Absent => None,
    };
    if operator == "exists" {
        return match text(right).as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("true") => Truth::of(held.is_some()),
            Some("false") => Truth::of(held.is_none()),
            Some(_) | None => Truth::Open("exists is neither true nor false".to_owned()),
        };
    }
    let wanted: Option<Vec<String>> = match (operator, right) {
        ("in", Value::Array(items)) => items.iter().map(|item| text(item).map(|own| own.to_lowercase())).collect(),
        ("equals" | "like" | "contains", single) => text(single).map(|own| vec![own.to_lowercase()]),
        (_, _) => None,
    };
    let Some(wanted) = wanted else { return Truth::Open(format!("the operator {operator} is not evaluated here")) };
    let Some(held) = held else { return Truth::NotMet };
    Truth::of(wanted.iter().any(|wanted| match operator {
        "like" => like(&held, wanted),
        "contains" => held.contains(wanted.as_str()),
        _ => held == *wanted,
    }))
}

/// A pattern has one wildcard at most; more are not documented and match nothing here.
fn like(held: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => held == pattern,
        Some((before, after)) => {
            held.len() >= before.len() + after.len() && held.starts_with(before) && held.ends_with(after)
        }
    }
}

/// Every comparison of a field in a rule, whatever operators are around it.
pub fn comparisons(condition: &Value, parameters: &Parameters) -> Vec<Comparison> {
    let Some(map) = condition.as_object() else { return Vec::new() };
    let inner = ["not", "allOf", "anyOf"].into_iter().find_map(|name| key(map, name));
    if let Some(inner) = inner {
        let items = inner.as_array().map_or_else(|| std::slice::from_ref(inner), Vec::as_slice);
        return items.iter().flat_map(|item| comparisons(item, parameters)).collect();
    }
    let value = key(map, "value").and_then(Value::as_str).and_then(field_name);
    let field = key(map, "field").and_then(Value::as_str).or(value);
    let (Some(field), Some((operator, right))) = (field, operator(map)) else { return Vec::new() };
    let parameter = right.as_str().and_then(parameter_name).map(str::to_owned);
    let values = resolve(right, parameters).ok().map(|right| match &right {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        single => text(single).into_iter().collect(),
    });
    let field = named(field, parameters).unwrap_or_else(|_| field.to_owned());
    vec![Comparison { field, operator, values, parameter }]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(condition: &Value) -> Truth {
        let field = |name: &str| match name {
            "type" => Field::Text("Microsoft.X/y".to_owned()),
            "sku" => Field::Text("GlobalStandard".to_owned()),
            "gone" => Field::Absent,
            other => Field::Open(other.to_owned()),
        };
        let parameters =
            Parameters::from([("skus".to_owned(), Ok(json!(["globalstandard"]))), ("none".to_owned(), Ok(json!([])))]);
        met(condition, Terms { field: &field, parameters: &parameters })
    }

    #[test]
    fn conditions_are_decided_as_documented() {
        let open = |truth: &Truth| matches!(truth, Truth::Open(_));
        for (condition, wanted) in [
            (json!({ "field": "sku", "equals": "globalSTANDARD" }), Some(true)),
            (json!({ "field": "sku", "equals": "Global Standard" }), Some(false)),
            (json!({ "field": "sku", "in": "[parameters('SKUS')]" }), Some(true)),
            (json!({ "field": "sku", "in": "[parameters('none')]" }), Some(false)),
            (json!({ "field": "sku", "notIn": "[ parameters( 'none' ) ]" }), Some(true)),
            (json!({ "field": "sku", "in": "[parameters('missing')]" }), None),
            (json!({ "field": "sku", "like": "Global*" }), Some(true)),
            (json!({ "field": "sku", "like": "*Batch" }), Some(false)),
            (json!({ "field": "sku", "notLike": "global*" }), Some(false)),
            (json!({ "field": "sku", "contains": "balsta" }), Some(true)),
            (json!({ "field": "sku", "match": "GlobalStandard" }), None),
            (json!({ "field": "sku", "exists": "true" }), Some(true)),
            (json!({ "field": "gone", "exists": true }), Some(false)),
            (json!({ "field": "gone", "equals": "x" }), Some(false)),
            (json!({ "field": "gone", "notEquals": "x" }), None),
            (json!({ "value": "[field('type')]", "equals": "microsoft.x/Y" }), Some(true)),
            (json!({ "value": "[concat('a', field('type'))]", "equals": "a" }), None),
            (json!({ "field": "sku", "equals": "[[GlobalStandard" }), Some(false)),
            (json!({ "not": { "field": "sku", "equals": "Standard" } }), Some(true)),
            (json!({ "allOf": [{ "field": "name", "equals": "x" }, { "field": "sku", "equals": "y" }] }), Some(false)),
            (json!({ "allOf": [{ "field": "name", "equals": "x" }, { "field": "sku", "like": "*" }] }), None),
            (json!({ "anyOf": [{ "field": "name", "equals": "x" }, { "field": "sku", "like": "*" }] }), Some(true)),
            (json!({ "anyOf": [] }), Some(false)),
            (json!({ "count": { "field": "a[*]" }, "greater": 0 }), None),
            (json!({ "field": "sku", "equals": "a", "in": [] }), None),
            (json!("x"), None),
        ] {
            let got = judged(&condition);
            assert!(wanted.map_or_else(|| open(&got), |wanted| got == Truth::of(wanted)), "{condition}: {got:?}");
        }
    }

    #[test]
    fn a_rule_is_read_for_what_it_compares() {
        let parameters = Parameters::from([("skus".to_owned(), Ok(json!(["A", "B"])))]);
        let rule = json!({ "allOf": [
            { "field": "type", "equals": "T" },
            { "not": { "field": "sku", "in": "[parameters('skus')]" } } ] });
        let all = comparisons(&rule, &parameters);
        assert_eq!(all.len(), 2);
        assert_eq!(all[1].values.as_deref(), Some(&["A".to_owned(), "B".to_owned()][..]));
        assert_eq!((all[1].operator.as_str(), all[1].parameter.as_deref()), ("in", Some("skus")));
    }
}
