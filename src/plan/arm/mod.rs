//! ARM templates: which resources a template declares once its expressions are evaluated.
//!
//! Bicep compiles to the same JSON (`az bicep build`), with symbolic names and modules as nested deployments.

mod expression;
mod functions;
mod scope;

use std::collections::HashMap;

pub(super) use self::scope::{Given, Limits, Site};
use self::scope::{Pass, Scope};
use super::node::{Node, Pos};
use super::resource::{Found, Gap, Resource, id_of, wants};

/// Deployments inside deployments, at most.
const DEEPEST: usize = 16;

/// Parts of a resource that a GET of it would show.
const SHOWN: [&str; 7] = ["kind", "location", "sku", "tags", "identity", "properties", "zones"];

/// Adds what a template declares to `found`.
pub(super) fn read(template: &Node, given: HashMap<String, Given>, site: Site, limits: &Limits, found: &mut Found) {
    let scope = Scope::new(template, given, site, limits);
    Walk { found, limits, deep: 0, maybe: None }.resources(&scope, template, None);
}

/// Values of a parameter file, by name in lower case.
pub(super) fn parameters(file: &Node) -> HashMap<String, Given> {
    let fields = file.get("parameters").map_or(&[][..], Node::fields);
    let one = |(name, own): &(std::rc::Rc<str>, Node)| {
        let value = own.get("value").cloned().unwrap_or_else(|| Node::unknown(own.at, "a secret of a key vault"));
        (name.to_ascii_lowercase(), Given { name: value.clone(), value })
    };
    fields.iter().map(one).collect()
}

struct Walk<'a> {
    found: &'a mut Found,
    limits: &'a Limits,
    deep: usize,
    /// Why it is not known whether the deployment around takes place.
    maybe: Option<String>,
}

/// The resource that others are written inside of.
#[derive(Clone, Copy)]
struct Parent<'a> {
    kind: &'a str,
    name: &'a str,
    maybe: Option<&'a str>,
    passes: &'a [Pass],
}

impl Walk<'_> {
    fn resources(&mut self, scope: &Scope<'_>, of: &Node, parent: Option<Parent<'_>>) {
        let Some(all) = of.get("resources") else { return };
        for (symbol, resource) in all.fields() {
            self.copies(scope, resource, Some(symbol), parent);
        }
        for resource in all.items() {
            self.copies(scope, resource, None, parent);
        }
    }

    /// A resource, once per pass of its copy loop.
    fn copies(&mut self, scope: &Scope<'_>, resource: &Node, symbol: Option<&str>, parent: Option<Parent<'_>>) {
        if resource.get("existing").and_then(Node::as_bool) == Some(true) {
            return;
        }
        let around = parent.map_or(&[][..], |parent| parent.passes);
        let around_why = parent.and_then(|parent| parent.maybe.map(str::to_owned)).or_else(|| self.maybe.clone());
        let Some(copy) = resource.get("copy") else {
            return self.resource(scope, resource, symbol, parent, around, around_why);
        };
        let name = copy.text_of("name").unwrap_or_default().to_owned();
        let (count, why) = match scope.count(copy, around) {
            Ok(count) => (count, around_why),
            Err(why) => (1, Some(why)),
        };
        for index in 0..count {
            let mut passes = around.to_vec();
            passes.push(Pass { name: name.clone(), index });
            self.resource(scope, resource, symbol, parent, &passes, why.clone());
        }
    }

    fn resource(
        &mut self,
        scope: &Scope<'_>,
        resource: &Node,
        symbol: Option<&str>,
        parent: Option<Parent<'_>>,
        passes: &[Pass],
        mut maybe: Option<String>,
    ) {
        match condition(scope, resource, passes) {
            Ok(true) => {}
            Ok(false) => return,
            Err(why) => maybe = Some(why),
        }
        let name =
            resource.get("name").and_then(|name| scope.name(name, passes)).unwrap_or_else(|| "{name}".to_owned());
        let Some(kind) = resource.text_of("type") else {
            return self.found.gap(resource.at, "a resource has no type");
        };
        self.found.seen += 1;
        let (kind, name) = match parent {
            Some(parent) if !kind.contains('.') || kind.starts_with('/') => {
                (format!("{}/{}", parent.kind, kind.trim_start_matches('/')), format!("{}/{name}", parent.name))
            }
            _ => (kind.to_owned(), name),
        };
        if kind.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
            return self.deployment(scope, resource, passes, &name, maybe);
        }
        if let Some(id) = self.id(scope, resource, &kind, &name, passes)
            && wants(&id)
        {
            let body = body(scope, resource, passes, &name);
            let address = Some(symbol.map_or_else(|| name.clone(), str::to_owned));
            self.found.add(Resource { id, body, at: resource.at, address, maybe: maybe.clone() });
        }
        let own = Parent { kind: &kind, name: &name, maybe: maybe.as_deref(), passes };
        self.resources(scope, resource, Some(own));
    }

    fn id(&mut self, scope: &Scope<'_>, resource: &Node, kind: &str, name: &str, passes: &[Pass]) -> Option<String> {
        let base = match resource.get("scope").and_then(|own| scope.name(own, passes)) {
            Some(own) if own.starts_with('/') => own.trim_end_matches('/').to_owned(),
            Some(own) if own.contains('/') => format!("{}/providers/{own}", scope.site.prefix()),
            Some(_) | None => scope.site.prefix(),
        };
        let id = id_of(&base, kind, name);
        if id.is_none() && wants(&format!("/providers/{kind}")) {
            self.found.gap(resource.at, "the name of a resource does not fit its type");
        }
        id
    }

    /// A deployment inside this one: a module of Bicep, or a linked template.
    fn deployment(&mut self, scope: &Scope<'_>, resource: &Node, passes: &[Pass], name: &str, maybe: Option<String>) {
        let Some(template) = resource.path(&["properties", "template"]).filter(|own| own.is_object()) else {
            return self
                .found
                .gap(resource.at, &format!("the linked template of deployment {name} is not in the file"));
        };
        if self.deep >= DEEPEST {
            return self.found.gap(resource.at, "deployments are nested too deeply");
        }
        let around_why = std::mem::replace(&mut self.maybe, maybe);
        let mut site = scope.site.clone();
        let named = |field: &str| resource.get(field).and_then(|own| scope.name(own, passes));
        site.group = named("resourceGroup").or(site.group);
        site.subscription = named("subscriptionId").or(site.subscription);
        site.location = site.location.filter(|_| resource.get("resourceGroup").is_none());
        let inner = resource.path(&["properties", "expressionEvaluationOptions", "scope"]).and_then(Node::as_text);
        self.deep += 1;
        if inner.is_some_and(|own| own.eq_ignore_ascii_case("inner")) {
            let given = resource.path(&["properties", "parameters"]).map_or(&[][..], Node::fields).iter();
            let given = given.map(|(key, own)| {
                let value = own.get("value").map_or_else(
                    || {
                        let secret = Node::unknown(own.at, format!("parameter {key} is a secret of a key vault"));
                        Given { name: secret.clone(), value: secret }
                    },
                    |value| scope.given(value, passes),
                );
                (key.to_ascii_lowercase(), value)
            });
            let own = Scope::new(template, given.collect(), site, self.limits);
            self.resources(&own, template, None);
        } else {
            // Expressions of an outer scope see the parameters around the deployment, whatever it declares itself.
            let own = Scope::new(scope.template, scope.given.clone(), site, self.limits);
            let around = Parent { kind: "", name: "", maybe: None, passes };
            self.outer(&own, template, around);
        }
        self.deep -= 1;
        self.maybe = around_why;
    }

    fn outer(&mut self, scope: &Scope<'_>, template: &Node, around: Parent<'_>) {
        let Some(all) = template.get("resources") else { return };
        for resource in all.items().iter().chain(all.fields().iter().map(|(_, own)| own)) {
            match resource.get("copy") {
                Some(_) => self.copies(scope, resource, None, None),
                None => self.resource(scope, resource, None, None, around.passes, self.maybe.clone()),
            }
        }
    }
}

/// Whether a resource is deployed, or why that is not known.
fn condition(scope: &Scope<'_>, resource: &Node, passes: &[Pass]) -> Result<bool, String> {
    let Some(condition) = resource.get("condition") else { return Ok(true) };
    let condition = scope.value(condition, passes);
    let why = || condition.why_unknown().unwrap_or("its condition is neither true nor false");
    condition.as_bool().ok_or_else(|| format!("whether it is deployed is not known: {}", why()))
}

fn body(scope: &Scope<'_>, resource: &Node, passes: &[Pass], name: &str) -> Node {
    let mut fields = vec![("name".into(), Node::text(place_of(resource, "name"), name))];
    for key in SHOWN {
        if let Some(value) = resource.get(key) {
            fields.push((key.into(), scope.value(value, passes)));
        }
    }
    Node::object(resource.at, fields)
}

fn place_of(resource: &Node, key: &str) -> Pos {
    resource.get(key).map_or(resource.at, |own| own.at)
}

impl Found {
    fn gap(&mut self, at: Pos, what: &str) {
        self.gaps.push(Gap { at, what: what.to_owned() });
    }
}
