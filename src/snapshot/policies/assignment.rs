//! `Microsoft.Authorization/policyAssignments`, and what each says together with its definitions.

use serde_json::Value;

use super::rule::{self, Comparison, Field, Parameters, Terms, Truth};
use super::{is_group, is_within, members, policy_operation, scope_of};
use crate::snapshot::Subscription;
use crate::snapshot::document::Document;
use crate::snapshot::id::last_segment;
use crate::snapshot::operation::Operation;
use crate::snapshot::read::Unavailable;

/// Whether an assignment reaches a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// It does.
    Covered,
    /// Its scope is elsewhere.
    Elsewhere,
    /// Its `notScopes` leave the resource out, by this one.
    LeftOut(String),
    /// Nobody can tell, for this reason.
    Open(String),
}

/// `properties.enforcementMode`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enforcement {
    /// Effects are enforced.
    Default,
    /// They are not.
    DoNotEnforce,
    /// They are enforced where something is enrolled, which is not read; or a mode that is not documented.
    Open(String),
}

/// One assignment.
#[derive(Debug, Clone, Copy)]
pub struct Assignment<'a>(pub &'a Document);

impl<'a> Assignment<'a> {
    /// Its name for people: the display name or, without one, the last part of its id. Remote text.
    pub fn name(&self) -> &'a str {
        let shown = self.0.string("/properties/displayName").ok().flatten().filter(|name| !name.trim().is_empty());
        shown.unwrap_or_else(|| last_segment(&self.0.scope))
    }

    /// Id of what it is assigned to.
    pub fn scope(&self) -> &'a str {
        scope_of(&self.0.scope, "policyassignments")
    }

    /// Id of its definition or initiative.
    ///
    /// # Errors
    /// When it names none.
    pub fn definition(&self) -> Result<&'a str, Unavailable> {
        const POINTER: &str = "/properties/policyDefinitionId";
        self.0.string(POINTER)?.ok_or_else(|| self.0.unexpected(POINTER))
    }

    /// How its effects are enforced; an absent mode is `Default` (assignment structure page).
    ///
    /// # Errors
    /// When the mode is no text.
    pub fn enforcement(&self) -> Result<Enforcement, Unavailable> {
        Ok(match self.0.string("/properties/enforcementMode")? {
            None => Enforcement::Default,
            Some(mode) if mode.eq_ignore_ascii_case("Default") => Enforcement::Default,
            Some(mode) if mode.eq_ignore_ascii_case("DoNotEnforce") => Enforcement::DoNotEnforce,
            Some(mode) => Enforcement::Open(mode.to_owned()),
        })
    }

    /// Whether it reaches the resource `id` of `subscription`. One at a management group is listed for the subscriptions below
    /// only; whether a group among its `notScopes` is above the subscription is known when something is assigned there.
    ///
    /// # Errors
    /// When a property has an unexpected shape.
    pub fn cover(&self, subscription: &Subscription, id: &str) -> Result<Cover, Unavailable> {
        if !is_group(self.scope()) && !is_within(id, self.scope()) {
            return Ok(Cover::Elsewhere);
        }
        let left_out = self.0.strings("/properties/notScopes")?;
        let known = subscription.known_groups()?;
        let above = |scope: &str| is_group(scope) && known.contains(&scope.to_ascii_lowercase());
        if let Some(scope) = left_out.iter().find(|scope| is_within(id, scope) || above(scope)) {
            return Ok(Cover::LeftOut((*scope).to_owned()));
        }
        Ok(match left_out.iter().find(|scope| is_group(scope)) {
            Some(group) => Cover::Open(format!("its notScopes name {group}, which may hold the subscription")),
            None => Cover::Covered,
        })
    }

    /// What it applies: its definition, or each member of its initiative but those of other services.
    ///
    /// # Errors
    /// Why one of them could not be read.
    pub fn applied(&self, subscription: &'a Subscription) -> Result<Vec<Applied<'a>>, Unavailable> {
        let id = self.definition()?;
        let operation = policy_operation(id).ok_or_else(|| self.0.unexpected("/properties/policyDefinitionId"))?;
        let document = subscription.document(operation, id)?;
        let given = self.0.value("/properties/parameters");
        let pinned = self.0.string("/properties/definitionVersion")?;
        if operation == Operation::PolicyDefinitionsGet {
            let parameters = parameters(document, given, &Parameters::new());
            let open = other_version(pinned, document)?;
            return Ok(vec![Applied { assignment: *self, reference: None, definition: document, parameters, open }]);
        }
        let outer = parameters(document, given, &Parameters::new());
        let set_open = other_version(pinned, document)?;
        let mut all = Vec::new();
        for (at, id) in members(document) {
            let operation = policy_operation(id).filter(|own| *own == Operation::PolicyDefinitionsGet);
            let operation = operation.ok_or_else(|| document.unexpected("/properties/policyDefinitions"))?;
            let definition = subscription.document(operation, id)?;
            if is_of_another_service(definition) {
                continue;
            }
            let own = |key: &str| format!("/properties/policyDefinitions/{at}/{key}");
            let reference = document.string(&own("policyDefinitionReferenceId"))?;
            let parameters = parameters(definition, document.value(&own("parameters")), &outer);
            let version = other_version(document.string(&own("definitionVersion"))?, definition)?;
            let open = set_open.clone().or(version);
            all.push(Applied { assignment: *self, reference, definition, parameters, open });
        }
        Ok(all)
    }
}

/// Whether the condition is, or was reduced to, that of a type that is none of Azure AI. An initiative has hundreds of them.
fn is_of_another_service(definition: &Document) -> bool {
    let condition = definition.value("/properties/policyRule/if").and_then(Value::as_object);
    let text = |key: &str| condition?.get(key)?.as_str();
    let other =
        |kind: &str| !kind.starts_with('[') && !kind.to_ascii_lowercase().starts_with("microsoft.cognitiveservices/");
    condition.is_some_and(|own| own.len() == 2) && text("field") == Some("type") && text("equals").is_some_and(other)
}

/// Values of the parameters that a definition declares: as given, else the default. What is given may name parameters of `outer`.
fn parameters(definition: &Document, given: Option<&Value>, outer: &Parameters) -> Parameters {
    let declared = definition.value("/properties/parameters").and_then(Value::as_object);
    let given = given.and_then(Value::as_object);
    let find = |name: &str| given?.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?.1.get("value");
    let one = |(name, parameter): (&String, &Value)| {
        let value = match find(name) {
            Some(value) => rule::resolve(value, outer),
            None => parameter.get("defaultValue").cloned().ok_or_else(|| format!("the parameter {name} has no value")),
        };
        let value = value.and_then(|value| match value {
            Value::Null => Err(format!("the value of the parameter {name} was left out of the snapshot")),
            other => Ok(other),
        });
        (name.to_ascii_lowercase(), value)
    };
    declared.into_iter().flatten().map(one).collect()
}

/// Why what Azure answered may not be what is assigned: the newest version of a definition, where another is pinned.
fn other_version(pinned: Option<&str>, definition: &Document) -> Result<Option<String>, Unavailable> {
    let Some(pinned) = pinned else { return Ok(None) };
    let version = definition.string("/properties/version")?.unwrap_or("no version");
    let numbers =
        |text: &str| text.split('-').next().unwrap_or_default().split('.').map(str::to_owned).collect::<Vec<_>>();
    let fits = numbers(pinned).iter().zip(numbers(version)).all(|(want, is)| want == "*" || *want == is);
    Ok((!fits).then(|| format!("version {pinned} is assigned and {version} was read")))
}

/// A definition as an assignment applies it.
#[derive(Debug, Clone)]
pub struct Applied<'a> {
    /// The assignment.
    pub assignment: Assignment<'a>,
    /// Which member of an initiative it is.
    pub reference: Option<&'a str>,
    /// The definition.
    pub definition: &'a Document,
    /// Its parameters.
    pub parameters: Parameters,
    /// Why it may not be what is assigned, if so.
    pub open: Option<String>,
}

impl Applied<'_> {
    /// Its condition.
    pub fn condition(&self) -> &Value {
        self.definition.value("/properties/policyRule/if").unwrap_or(&Value::Null)
    }

    /// `properties.mode`, in lower case. "A `null` mode is the same as using `indexed`" (definition structure page).
    pub fn mode(&self) -> String {
        let mode = self.definition.string("/properties/mode").ok().flatten();
        mode.map_or_else(|| "indexed".to_owned(), str::to_ascii_lowercase)
    }

    /// Whether Microsoft wrote it.
    pub fn is_built_in(&self) -> bool {
        let kind = self.definition.string("/properties/policyType").ok().flatten();
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("BuiltIn"))
    }

    /// Its effect, overrides of the assignment included.
    ///
    /// # Errors
    /// Why it could not be resolved.
    pub fn effect(&self) -> Result<String, String> {
        if let Some(effect) = self.overridden()? {
            return Ok(effect.to_owned());
        }
        let effect = self.definition.value("/properties/policyRule/then/effect").unwrap_or(&Value::Null);
        match rule::resolve(effect, &self.parameters)? {
            Value::String(effect) => Ok(effect),
            _ => Err("the rule has no effect that can be read".to_owned()),
        }
    }

    /// Whether its author wrote it to deny, whatever became of that: the effect, or the default of the parameter it is.
    pub fn is_written_to_deny(&self) -> bool {
        let effect =
            self.definition.value("/properties/policyRule/then/effect").and_then(Value::as_str).unwrap_or_default();
        let declared = self.definition.value("/properties/parameters").and_then(Value::as_object);
        let default = rule::parameter_name(effect).and_then(|name| {
            let mut all = declared?.iter();
            all.find(|(own, _)| own.eq_ignore_ascii_case(name))?.1.get("defaultValue")?.as_str()
        });
        default.unwrap_or(effect).eq_ignore_ascii_case("deny")
    }

    fn overridden(&self) -> Result<Option<&str>, String> {
        let all = self.assignment.0.value("/properties/overrides").and_then(Value::as_array);
        for own in all.into_iter().flatten() {
            let selected = selected(own, |kind, values| {
                let is = |reference: &str| values.iter().any(|own| own.eq_ignore_ascii_case(reference));
                (kind == "policydefinitionreferenceid").then(|| self.reference.is_some_and(is))
            })?;
            let kind = own.get("kind").and_then(Value::as_str).unwrap_or_default();
            match own.get("value").and_then(Value::as_str) {
                Some(effect) if selected && kind.eq_ignore_ascii_case("policyEffect") => return Ok(Some(effect)),
                Some(_) | None if selected => return Err(format!("an override of {kind} is not evaluated")),
                Some(_) | None => {}
            }
        }
        Ok(None)
    }

    /// Whether it would deny a resource of this type: `Met` is that it does. The mode of enforcement is not looked at.
    pub fn denies(&self, resource_type: &str, has_location: bool, field: &dyn Fn(&str) -> Field) -> Truth {
        if let Some(why) = &self.open {
            return Truth::Open(why.clone());
        }
        match self.effect() {
            Err(why) => return Truth::Open(why),
            Ok(effect) if !effect.eq_ignore_ascii_case("deny") => return Truth::NotMet,
            Ok(_) => {}
        }
        match self.mode().as_str() {
            "all" => {}
            "indexed" if has_location => {}
            "indexed" => return Truth::NotMet,
            other => return Truth::Open(format!("its mode {other} is not evaluated")),
        }
        match self.selects(resource_type) {
            Err(why) => Truth::Open(why),
            Ok(false) => Truth::NotMet,
            Ok(true) => rule::met(self.condition(), Terms { field, parameters: &self.parameters }),
        }
    }

    /// Whether the resource selectors of the assignment let the type through: one of them has to fit, with all its parts.
    fn selects(&self, resource_type: &str) -> Result<bool, String> {
        let all = self.assignment.0.value("/properties/resourceSelectors").and_then(Value::as_array);
        let Some(all) = all.filter(|all| !all.is_empty()) else { return Ok(true) };
        for own in all {
            let is = |values: &[&str]| values.iter().any(|own| own.eq_ignore_ascii_case(resource_type));
            if selected(own, |kind, values| (kind == "resourcetype").then(|| is(values)))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Every comparison of a field in its condition.
    pub fn comparisons(&self) -> Vec<Comparison> {
        rule::comparisons(self.condition(), &self.parameters)
    }
}

/// Whether all selectors of an override or resource selector fit. `holds` knows what a kind (in lower case) selects.
fn selected(own: &Value, holds: impl Fn(&str, &[&str]) -> Option<bool>) -> Result<bool, String> {
    let selectors = own.get("selectors").and_then(Value::as_array);
    for selector in selectors.into_iter().flatten() {
        let kind = selector.get("kind").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        let values =
            |key: &str| -> Option<Vec<&str>> { selector.get(key)?.as_array()?.iter().map(Value::as_str).collect() };
        let fits = match (values("in"), values("notIn")) {
            (Some(values), None) => holds(&kind, &values),
            (None, Some(values)) => holds(&kind, &values).map(|fits| !fits),
            (Some(_), Some(_)) | (None, None) => None,
        };
        match fits {
            None => return Err(format!("a selector by {kind} is not evaluated")),
            Some(false) => return Ok(false),
            Some(true) => {}
        }
    }
    Ok(true)
}
