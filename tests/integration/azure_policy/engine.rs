//! A small evaluator of the conditions that `policy` writes, as Azure documents them: words are compared without case, and a
//! field that is absent satisfies the negative conditions only.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zdr_check::docs::{PolicySet, Target};
use zdr_check::knowledge::azure_policy::ALIASES;

/// A definition as it is written, with the values of its parameters.
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) properties: Value,
    parameters: Map<String, Value>,
}

/// Every definition of a set.
pub(super) fn definitions(set: &PolicySet) -> Vec<Definition> {
    let files = set.files(&Target::Subscription(None)).unwrap();
    let own = files.into_iter().filter(|(name, _)| name.starts_with("zdr-check-"));
    own.map(|(name, text)| {
        let properties = serde_json::from_str::<Value>(&text).unwrap()["properties"].take();
        let defaults = properties["parameters"].as_object().unwrap().iter();
        let parameters = defaults.map(|(name, own)| (name.clone(), own["defaultValue"].clone())).collect();
        Definition { name: name.trim_end_matches(".json").to_owned(), properties, parameters }
    })
    .collect()
}

impl Definition {
    pub(super) fn holds(&self, rule: &str) -> bool {
        self.properties["metadata"]["zdrCheck"]["rules"].as_array().unwrap().iter().any(|own| own == rule)
    }

    /// What happens to the resource: `Deny`, `Audit`, or nothing.
    pub(super) fn effect(&self, resource: &Resource) -> Option<&str> {
        let rule = &self.properties["policyRule"];
        assert_eq!(rule["then"]["effect"], "[parameters('effect')]", "{}", self.name);
        self.met(&rule["if"], &|field| resource.field(field)).then(|| self.parameters["effect"].as_str().unwrap())
    }

    fn met(&self, condition: &Value, fields: &dyn Fn(&str) -> Option<Value>) -> bool {
        let condition = condition.as_object().unwrap_or_else(|| panic!("{}: {condition}", self.name));
        if let Some(all) = condition.get("allOf") {
            return all.as_array().unwrap().iter().all(|own| self.met(own, fields));
        }
        if let Some(any) = condition.get("anyOf") {
            return any.as_array().unwrap().iter().any(|own| self.met(own, fields));
        }
        let (operator, wanted) = condition.iter().find(|(key, _)| !["field", "count"].contains(&key.as_str())).unwrap();
        assert_eq!(condition.len(), 2, "{}: {condition:?}", self.name);
        if let Some(count) = condition.get("count") {
            return compared(operator, self.count(count, fields), wanted.as_u64().unwrap());
        }
        let found = fields(condition["field"].as_str().unwrap());
        self.compare(operator, found.as_ref(), &self.value(wanted))
    }

    fn count(&self, count: &Value, fields: &dyn Fn(&str) -> Option<Value>) -> u64 {
        let list = count["field"].as_str().unwrap();
        let items = fields(list).map_or_else(Vec::new, |items| items.as_array().unwrap().clone());
        let is_met = |item: &Value| {
            count.get("where").is_none_or(|own| {
                self.met(own, &|field| {
                    let path = field.strip_prefix(list).unwrap_or_else(|| panic!("{field} is not in {list}"));
                    // ARM flattens the properties of elements.
                    item["properties"].pointer(&path.replace('.', "/")).cloned()
                })
            })
        };
        items.iter().filter(|item| is_met(item)).count() as u64
    }

    /// A value, or the parameter that it names.
    fn value(&self, wanted: &Value) -> Value {
        let name = wanted.as_str().and_then(|text| text.strip_prefix("[parameters('")?.strip_suffix("')]"));
        name.map_or_else(|| wanted.clone(), |name| self.parameters[name].clone())
    }

    fn compare(&self, operator: &str, found: Option<&Value>, wanted: &Value) -> bool {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_lowercase);
        let equals = |wanted: &Value| found.is_some_and(|found| text(found) == text(wanted));
        let contains = || found.is_some_and(|found| text(found).contains(&text(wanted)));
        match operator {
            "equals" => equals(wanted),
            "notEquals" => !equals(wanted),
            "in" => wanted.as_array().unwrap().iter().any(equals),
            "notIn" => !wanted.as_array().unwrap().iter().any(equals),
            "contains" => contains(),
            "notContains" => !contains(),
            "exists" => found.is_some() == wanted.as_bool().unwrap(),
            "like" => {
                let prefix = text(wanted).strip_suffix('*').map(str::to_owned).unwrap();
                assert!(!prefix.contains('*'), "{}: one wildcard at most", self.name);
                found.is_some_and(|found| text(found).starts_with(&prefix))
            }
            other => panic!("{}: the evaluator does not know {other}", self.name),
        }
    }
}

fn compared(operator: &str, count: u64, wanted: u64) -> bool {
    match operator {
        "less" => count < wanted,
        "greater" => count > wanted,
        other => panic!("the evaluator does not know {other} of a count"),
    }
}

/// A resource under the names that conditions use.
pub(super) struct Resource(BTreeMap<String, Value>);

impl Resource {
    /// ARM's answer for a resource of this type.
    pub(super) fn new(kind: &str, body: &Value) -> Self {
        let mut fields = BTreeMap::from([("type".to_owned(), kind.into())]);
        for (name, pointer) in [("location", "/location"), ("kind", "/kind"), ("identity.type", "/identity/type")] {
            fields.extend(body.pointer(pointer).map(|value| (name.to_owned(), value.clone())));
        }
        for alias in ALIASES.iter().filter(|alias| alias.resource_type == kind) {
            let (list, rest) =
                alias.name.split_once("[*]").map_or((alias.name, None), |(list, rest)| (list, Some(rest)));
            // Elements are looked at inside of `count`.
            let name = rest.map_or_else(|| list.to_owned(), |_| format!("{list}[*]"));
            let pointer = alias.pointer.split("/*").next().unwrap();
            fields.extend(body.pointer(pointer).map(|value| (name.to_lowercase(), value.clone())));
        }
        Self(fields)
    }

    fn field(&self, name: &str) -> Option<Value> {
        let value = self.0.get(&name.to_lowercase()).cloned()?;
        // Azure Policy takes "Sweden Central" and swedencentral for the same location.
        let location = name == "location";
        Some(if location { value.as_str().unwrap().replace(' ', "").into() } else { value })
    }
}
