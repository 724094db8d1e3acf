//! Azure Policy definitions and an initiative that keep out what the rules would fail, derived from the same tables.
//!
//! A definition sees one resource at a time and only what has an alias; what that leaves out is said, not left out silently. The
//! tests evaluate the written conditions over every SKU, location and model of the tables and compare them with the rules.

mod accounts;
mod bicep;
mod definitions;
mod template;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub use template::Target;

use crate::knowledge::Source;
use crate::knowledge::azure_policy::{ALIASES, Certainty, UNSEEN, find_alias};
use crate::rules::{self, Policy};

/// Built-in definition that Microsoft wrote over `location`; it has no alias, every resource has it.
const LOCATION_FIELD: Source = Source {
    title: "Built-in definition Allowed locations (e56962a6-4747-49cd-b67b-bf8b01975c4c)",
    url: "https://github.com/Azure/azure-policy/blob/master/built-in-policies/policyDefinitions/General/AllowedLocations_Deny.json",
    date: "2026-04-17",
};

/// What a definition does unless the assignment says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Refuses the request.
    Deny,
    /// Lets it pass and marks the resource.
    Audit,
    /// The same, and refusing would keep everybody from ever creating the resource.
    AuditOnly,
}

impl Effect {
    const fn default_value(self) -> &'static str {
        match self {
            Self::Deny => "Deny",
            Self::Audit | Self::AuditOnly => "Audit",
        }
    }

    const fn allowed_values(self) -> &'static [&'static str] {
        match self {
            Self::Deny | Self::Audit => &["Audit", "Deny", "Disabled"],
            Self::AuditOnly => &["Audit", "Disabled"],
        }
    }
}

/// A list that the assignment can change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parameter {
    name: &'static str,
    title: &'static str,
    values: Vec<String>,
    /// What the portal offers to choose from.
    strong_type: Option<&'static str>,
}

/// One definition.
#[derive(Debug, Clone, PartialEq)]
struct Definition {
    /// Name in Azure, after `zdr-check-`.
    name: &'static str,
    title: &'static str,
    description: String,
    effect: Effect,
    parameters: Vec<Parameter>,
    condition: Value,
    rules: &'static [&'static str],
    /// Aliases of the condition; none means fields that every resource has.
    aliases: &'static [&'static str],
}

impl Definition {
    /// That of its least certain alias.
    fn certainty(&self) -> Certainty {
        let known =
            self.aliases.iter().map(|name| find_alias(name).map_or(Certainty::Inferred, |alias| alias.certainty));
        known.max().unwrap_or(Certainty::Documented)
    }

    fn source(&self) -> Source {
        let least = self.aliases.iter().filter_map(|name| find_alias(name)).max_by_key(|alias| alias.certainty);
        least.map_or(LOCATION_FIELD, |alias| alias.source)
    }

    fn full_name(&self) -> String {
        format!("zdr-check-{}", self.name)
    }

    /// `deployment-sku` → `deploymentSku`: for parameters of the initiative and symbols in Bicep.
    fn symbol(&self) -> String {
        let mut parts = self.name.split('-');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |symbol, part| symbol + &capitalised(part))
    }

    /// Properties as Azure takes them.
    fn properties(&self) -> Value {
        let Source { title, url, date } = self.source();
        json!({
            "displayName": format!("zdr-check: {}", self.title),
            "description": self.description,
            "policyType": "Custom",
            "mode": "All",
            "metadata": {
                "category": CATEGORY,
                "version": env!("CARGO_PKG_VERSION"),
                "zdrCheck": {
                    "rules": self.rules,
                    "aliases": self.aliases,
                    "certainty": self.certainty().as_str(),
                    "source": { "title": title, "url": url, "date": date },
                },
            },
            "parameters": self.parameters(str::to_owned, ""),
            "policyRule": { "if": self.condition, "then": { "effect": "[parameters('effect')]" } },
        })
    }

    /// Its parameters, under names and titles of the caller's choice.
    fn parameters(&self, name: impl Fn(&str) -> String, prefix: &str) -> Value {
        let effect = json!({
            "type": "String",
            "allowedValues": self.effect.allowed_values(),
            "defaultValue": self.effect.default_value(),
            "metadata": { "displayName": format!("{prefix}Effect") },
        });
        let lists = self.parameters.iter().map(|own| {
            let mut metadata = json!({ "displayName": format!("{prefix}{}", own.title) });
            if let Some(kind) = own.strong_type {
                metadata["strongType"] = kind.into();
            }
            (name(own.name), json!({ "type": "Array", "defaultValue": own.values, "metadata": metadata }))
        });
        std::iter::once((name("effect"), effect)).chain(lists).collect::<serde_json::Map<_, _>>().into()
    }

    /// Its entry in the initiative, without the id, which is an expression in templates.
    fn reference(&self) -> Value {
        let names = std::iter::once("effect").chain(self.parameters.iter().map(|own| own.name));
        let pass =
            |own: &'static str| (own.to_owned(), json!({ "value": format!("[parameters('{}')]", self.outer(own)) }));
        let groups: BTreeSet<&str> =
            self.rules.iter().filter_map(|id| rules::find(id)).map(|rule| rule.axis.as_str()).collect();
        json!({
            "policyDefinitionReferenceId": self.symbol(),
            "groupNames": groups,
            "parameters": names.map(pass).collect::<serde_json::Map<_, _>>(),
        })
    }

    /// Name of a parameter of the initiative that is handed to one of its own.
    fn outer(&self, own: &str) -> String {
        self.symbol() + &capitalised(own)
    }
}

const CATEGORY: &str = "Zero data retention";
const SET_NAME: &str = "zdr-check";

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// Rules that no definition holds, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unheld {
    /// Why.
    pub reason: String,
    /// Their ids, sorted.
    pub rules: Vec<&'static str>,
}

/// An initiative with its definitions.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicySet {
    pin: &'static str,
    allowed_locations: Option<BTreeSet<String>>,
    definitions: Vec<Definition>,
    unheld: Vec<Unheld>,
}

impl PolicySet {
    /// What keeps `policy`. A definition all of whose rules are among those `switched_off` is left out, and said to be.
    pub fn new(policy: &Policy, switched_off: &BTreeSet<&str>) -> Self {
        let mut definitions = definitions::all(policy.pin);
        definitions.extend(accounts::all(policy));
        definitions.retain(|own| !own.rules.iter().all(|rule| switched_off.contains(rule)));
        let unheld = unheld(&definitions, switched_off);
        Self { pin: policy.pin.as_str(), allowed_locations: policy.allowed_locations.clone(), definitions, unheld }
    }

    /// Rules that it does not hold, and why: every rule is here or in a definition.
    pub fn unheld(&self) -> &[Unheld] {
        &self.unheld
    }

    /// How many definitions it has.
    pub fn len(&self) -> usize {
        self.definitions.len()
    }

    /// Whether the policy file switches everything off that a definition could hold.
    pub fn is_empty(&self) -> bool {
        self.definitions.is_empty()
    }

    /// Titles of the definitions with an alias that nobody was seen to use, which Azure may refuse.
    pub fn inferred(&self) -> Vec<&'static str> {
        self.definitions.iter().filter(|own| own.certainty() == Certainty::Inferred).map(|own| own.title).collect()
    }

    fn description(&self) -> String {
        let places = match &self.allowed_locations {
            None => "in any location".to_owned(),
            Some(allowed) => format!("in {} allowed locations", allowed.len()),
        };
        format!(
            "Keeps out what zdr-check would fail with --pin {}, accounts {places}. Resources that exist are marked, not changed. \
             Scan for what it cannot hold.",
            self.pin
        )
    }

    /// Properties of the initiative, without its definitions.
    fn properties(&self) -> Value {
        let parameters: serde_json::Map<String, Value> = self
            .definitions
            .iter()
            .map(|own| own.parameters(|name| own.outer(name), &format!("{}: ", own.title)))
            .filter_map(|own| match own {
                Value::Object(map) => Some(map),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
            })
            .flatten()
            .collect();
        let axes: Vec<Value> = crate::outcome::Axis::ALL.iter().map(|axis| json!({ "name": axis.as_str() })).collect();
        json!({
            "displayName": "zdr-check: zero data retention of Azure OpenAI and AI Foundry",
            "description": self.description(),
            "policyType": "Custom",
            "metadata": { "category": CATEGORY, "version": env!("CARGO_PKG_VERSION") },
            "parameters": parameters,
            "policyDefinitionGroups": axes,
        })
    }

    /// What the template says about itself.
    fn about(&self) -> Value {
        let unheld: Vec<Value> =
            self.unheld.iter().map(|own| json!({ "reason": own.reason, "rules": own.rules })).collect();
        json!({
            "generator": { "name": "zdr-check", "version": env!("CARGO_PKG_VERSION") },
            "pin": self.pin,
            "allowedLocations": self.allowed_locations,
            "notHeld": unheld,
        })
    }
}

fn unheld(definitions: &[Definition], switched_off: &BTreeSet<&str>) -> Vec<Unheld> {
    let held = |rule: &&'static str| definitions.iter().any(|own| own.rules.contains(rule));
    let mut rest: BTreeSet<&'static str> = rules::RULES.iter().map(|rule| rule.id).filter(|rule| !held(rule)).collect();
    let mut all: Vec<Unheld> = Vec::new();
    let mut take = |reason: String, of: &mut dyn FnMut(&str) -> bool| {
        let rules: Vec<&'static str> = rest.iter().copied().filter(|rule| of(rule)).collect();
        rest.retain(|rule| !rules.contains(rule));
        if !rules.is_empty() {
            all.push(Unheld { reason, rules });
        }
    };
    take("the policy file switches the rule off".to_owned(), &mut |rule| switched_off.contains(rule));
    for (reason, rules) in UNSEEN {
        take((*reason).to_owned(), &mut |rule| rules.contains(&rule));
    }
    for alias in ALIASES {
        let reason = format!("{} is inferred: no page or built-in definition has this alias", alias.name);
        take(reason, &mut |rule| alias.rules.contains(&rule));
    }
    take("the settings require nothing of the kind".to_owned(), &mut |_| true);
    all
}
