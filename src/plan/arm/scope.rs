//! Evaluates the values of a template: expressions, parameters, variables and copies of properties.
//!
//! What cannot be known before deployment becomes an unknown value with its reason, and whatever is computed from it is unknown
//! too. Names are the exception: an account is often named with `uniqueString`, and its deployments after it, so in names such a
//! part becomes a mark in braces, which no Azure name can hold, and the two still match.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

use super::expression::{Expr, Text, parse, text};
use super::functions;
use crate::plan::node::{Kind, Node, Pos};

/// Evaluations inside evaluations, at most.
const DEEPEST: u32 = 250;

/// What all scopes of a run share, so that a hostile template ends.
#[derive(Debug)]
pub(in crate::plan) struct Limits {
    steps: Cell<usize>,
    depth: Cell<u32>,
}

impl Limits {
    pub(in crate::plan) fn new(steps: usize) -> Self {
        Self { steps: Cell::new(steps), depth: Cell::new(0) }
    }

    /// Whether there is nothing left, so that values are unknown which a longer look would tell.
    pub(in crate::plan) fn exhausted(&self) -> bool {
        self.steps.get() == 0
    }

    fn step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }
}

/// Where a template is deployed, as far as somebody said.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Site {
    pub(in crate::plan) subscription: Option<String>,
    pub(in crate::plan) group: Option<String>,
    pub(in crate::plan) location: Option<String>,
}

/// One pass of the copy loops around a value, the innermost last.
#[derive(Debug, Clone)]
pub(super) struct Pass {
    pub(super) name: String,
    pub(super) index: i64,
}

/// How a value is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Use {
    /// As a property.
    Value,
    /// As a part of a name or an id.
    Name,
}

/// A value that somebody gave a parameter.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Given {
    pub(in crate::plan) value: Node,
    /// The same for use in names.
    pub(in crate::plan) name: Node,
}

enum Memo {
    Running,
    Done(Node),
}

/// The parameters and variables an expression sees.
pub(super) struct Scope<'a> {
    pub(super) template: &'a Node,
    /// Values of parameters, by name in lower case.
    pub(super) given: HashMap<String, Given>,
    pub(super) site: Site,
    pub(super) limits: &'a Limits,
    memo: RefCell<HashMap<(char, String, Use), Memo>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(template: &'a Node, given: HashMap<String, Given>, site: Site, limits: &'a Limits) -> Self {
        Self { template, given, site, limits, memo: RefCell::default() }
    }

    /// A value with every expression in it evaluated.
    pub(super) fn value(&self, node: &Node, passes: &[Pass]) -> Node {
        self.node(node, Use::Value, passes)
    }

    /// A value for a parameter of a template inside this one.
    pub(super) fn given(&self, node: &Node, passes: &[Pass]) -> Given {
        Given { value: self.node(node, Use::Value, passes), name: self.node(node, Use::Name, passes) }
    }

    /// A name, in which unknown parts are marks in braces.
    pub(super) fn name(&self, node: &Node, passes: &[Pass]) -> Option<String> {
        let name = self.node(node, Use::Name, passes);
        match &name.kind {
            Kind::Text(text) => Some(text.to_string()),
            Kind::Unknown(_) => Some("{name}".to_owned()),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Array(_) | Kind::Object(_) => None,
        }
    }

    fn node(&self, node: &Node, usage: Use, passes: &[Pass]) -> Node {
        self.deeper(node.at, || match &node.kind {
            Kind::Text(own) => match text(own) {
                Text::Plain(plain) => Node::text(node.at, plain),
                Text::Expression(code) => match parse(code) {
                    Some(expr) => self.expr(&expr, node.at, usage, passes).moved(node.at),
                    None => Node::unknown(node.at, "the expression cannot be read"),
                },
            },
            Kind::Array(items) => {
                Node::array(node.at, items.iter().map(|item| self.node(item, usage, passes)).collect())
            }
            Kind::Object(fields) => self.object(node.at, fields, usage, passes),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_) => node.clone(),
        })
    }

    fn deeper(&self, at: Pos, evaluate: impl FnOnce() -> Node) -> Node {
        let depth = self.limits.depth.get();
        if depth >= DEEPEST {
            return Node::unknown(at, "the expression is nested too deeply");
        }
        if !self.limits.step() {
            return Node::unknown(at, "the template takes too long to evaluate");
        }
        self.limits.depth.set(depth + 1);
        let node = evaluate();
        self.limits.depth.set(depth);
        node
    }

    fn object(&self, at: Pos, fields: &[(Rc<str>, Node)], usage: Use, passes: &[Pass]) -> Node {
        let mut all = Vec::new();
        for (key, value) in fields {
            if key.eq_ignore_ascii_case("copy") && value.items().iter().any(|copy| copy.get("input").is_some()) {
                for copy in value.items() {
                    all.extend(self.property_copy(copy, usage, passes));
                }
                continue;
            }
            let name = match text(key) {
                Text::Plain(plain) => plain.into(),
                Text::Expression(_) => match self.node(&Node::text(at, key), Use::Value, passes).kind {
                    Kind::Text(name) => name,
                    _ => return Node::unknown(at, "the name of a property is not known"),
                },
            };
            all.push((name, self.node(value, usage, passes)));
        }
        Node::object(at, all)
    }

    /// `copy` inside properties or variables: a list under a name.
    fn property_copy(&self, copy: &Node, usage: Use, passes: &[Pass]) -> Option<(Rc<str>, Node)> {
        let name = copy.text_of("name")?;
        let list = match self.count(copy, passes) {
            Err(why) => Node::unknown(copy.at, why),
            Ok(count) => {
                let input = copy.get("input")?;
                let one = |index| {
                    let mut passes = passes.to_vec();
                    passes.push(Pass { name: name.to_owned(), index });
                    self.node(input, usage, &passes)
                };
                Node::array(copy.at, (0..count).map(one).collect())
            }
        };
        Some((name.into(), list))
    }

    /// `count` of a copy loop.
    pub(super) fn count(&self, copy: &Node, passes: &[Pass]) -> Result<i64, String> {
        let count = copy.get("count").map(|count| self.value(count, passes));
        let Some(count) = count else { return Err("the copy loop has no count".to_owned()) };
        match (count.as_integer(), count.why_unknown()) {
            (Some(count), _) if count > functions::MOST_COPIES => {
                Err(format!("the copy loop has {count} passes; Azure allows {}", functions::MOST_COPIES))
            }
            (Some(count), _) => Ok(count.max(0)),
            (None, Some(why)) => Err(format!("how often the copy loop runs is not known: {why}")),
            (None, None) => Err("how often the copy loop runs is no number".to_owned()),
        }
    }

    fn expr(&self, expr: &Expr, at: Pos, usage: Use, passes: &[Pass]) -> Node {
        self.deeper(at, || match expr {
            Expr::Text(text) => Node::text(at, text),
            Expr::Integer(number) => Node::new(at, Kind::Number((*number).into())),
            Expr::Field(of, name) => {
                let of = self.expr(of, at, Use::Value, passes);
                marked(field(&of, name, at), usage, name)
            }
            Expr::Index(of, index) => {
                let (of, index) = (self.expr(of, at, Use::Value, passes), self.expr(index, at, Use::Value, passes));
                marked(indexed(&of, &index, at), usage, "index")
            }
            Expr::Call(name, arguments) => self.call(name, arguments, at, usage, passes),
        })
    }

    fn call(&self, name: &str, arguments: &[Expr], at: Pos, usage: Use, passes: &[Pass]) -> Node {
        let lower = name.to_ascii_lowercase();
        match (lower.as_str(), arguments) {
            ("parameters" | "variables", [Expr::Text(key)]) => {
                let found = self.named(&lower, key, at, usage);
                marked(found, usage, key)
            }
            ("copyindex", _) => copy_index(arguments, passes, at),
            ("if", [condition, yes, no]) => {
                let condition = self.expr(condition, at, Use::Value, passes);
                match (condition.as_bool(), condition.why_unknown()) {
                    (Some(true), _) => self.expr(yes, at, usage, passes),
                    (Some(false), _) => self.expr(no, at, usage, passes),
                    (None, Some(why)) => marked(Node::unknown(at, why), usage, "if"),
                    (None, None) => marked(Node::unknown(at, "a condition is neither true nor false"), usage, "if"),
                }
            }
            _ => {
                let values: Vec<Node> = arguments.iter().map(|own| self.expr(own, at, usage, passes)).collect();
                let result = functions::call(&lower, &values, &self.site, at);
                let label = if lower == "uniquestring" { "uniqueString" } else { &lower };
                match (&result.kind, usage) {
                    (Kind::Unknown(_), Use::Name) => {
                        // Two calls with other arguments are other names.
                        let mut hasher = DefaultHasher::new();
                        format!("{arguments:?}").hash(&mut hasher);
                        Node::text(at, &format!("{{{label}-{:04x}}}", hasher.finish() & 0xffff))
                    }
                    (_, Use::Name | Use::Value) => result,
                }
            }
        }
    }

    /// A parameter or a variable, evaluated once.
    fn named(&self, kind: &str, key: &str, at: Pos, usage: Use) -> Node {
        let letter = if kind == "parameters" { 'p' } else { 'v' };
        let id = (letter, key.to_ascii_lowercase(), usage);
        match self.memo.borrow().get(&id) {
            Some(Memo::Done(node)) => return node.clone(),
            Some(Memo::Running) => return Node::unknown(at, format!("{key} refers to itself")),
            None => {}
        }
        self.memo.borrow_mut().insert(id.clone(), Memo::Running);
        let node = if letter == 'p' { self.parameter(key, at, usage) } else { self.variable(key, at, usage) };
        self.memo.borrow_mut().insert(id, Memo::Done(node.clone()));
        node
    }

    fn parameter(&self, key: &str, at: Pos, usage: Use) -> Node {
        let Some(declared) = self.template.path(&["parameters", key]) else {
            return Node::unknown(at, format!("the template declares no parameter {key}"));
        };
        if declared.text_of("type").is_some_and(|own| own.to_ascii_lowercase().starts_with("secure")) {
            return Node::unknown(at, format!("parameter {key} is secure"));
        }
        if let Some(given) = self.given.get(&key.to_ascii_lowercase()) {
            return if usage == Use::Name { given.name.clone() } else { given.value.clone() };
        }
        match declared.get("defaultValue") {
            Some(default) => self.node(default, usage, &[]),
            None if declared.get("nullable").and_then(Node::as_bool) == Some(true) => Node::new(at, Kind::Null),
            None => Node::unknown(at, format!("parameter {key} has no value")),
        }
    }

    fn variable(&self, key: &str, at: Pos, usage: Use) -> Node {
        let Some(variables) = self.template.get("variables") else {
            return Node::unknown(at, format!("the template declares no variable {key}"));
        };
        if let Some(value) = variables.get(key) {
            return self.node(value, usage, &[]);
        }
        let copies = variables.get("copy").map_or(&[][..], Node::items);
        let copy = copies.iter().find(|copy| copy.text_of("name").is_some_and(|name| name.eq_ignore_ascii_case(key)));
        copy.and_then(|copy| self.property_copy(copy, usage, &[]))
            .map_or_else(|| Node::unknown(at, format!("the template declares no variable {key}")), |(_, list)| list)
    }
}

/// In a name, an unknown part becomes a mark that is the same wherever the same unknown is named.
fn marked(node: Node, usage: Use, label: &str) -> Node {
    match (&node.kind, usage) {
        (Kind::Unknown(why), Use::Name) => {
            let mut hasher = DefaultHasher::new();
            why.hash(&mut hasher);
            Node::text(node.at, &format!("{{{label}-{:04x}}}", hasher.finish() & 0xffff))
        }
        (_, Use::Name | Use::Value) => node,
    }
}

fn copy_index(arguments: &[Expr], passes: &[Pass], at: Pos) -> Node {
    let (name, offset) = match arguments {
        [] => (None, 0),
        [Expr::Integer(offset)] => (None, *offset),
        [Expr::Text(name)] => (Some(name), 0),
        [Expr::Text(name), Expr::Integer(offset)] => (Some(name), *offset),
        _ => return Node::unknown(at, "copyIndex: its arguments are not known"),
    };
    let pass = match name {
        None => passes.last(),
        Some(name) => passes.iter().rev().find(|pass| pass.name.eq_ignore_ascii_case(name)),
    };
    match pass {
        Some(pass) => Node::new(at, Kind::Number(pass.index.saturating_add(offset).into())),
        None => Node::unknown(at, "copyIndex: there is no such copy loop"),
    }
}

fn field(of: &Node, name: &str, at: Pos) -> Node {
    match &of.kind {
        Kind::Unknown(why) => Node::unknown(at, why),
        Kind::Object(_) => {
            of.get(name).cloned().unwrap_or_else(|| Node::unknown(at, format!("there is no property {name}")))
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Array(_) => {
            Node::unknown(at, format!("there is no property {name}"))
        }
    }
}

fn indexed(of: &Node, index: &Node, at: Pos) -> Node {
    match (&of.kind, &index.kind) {
        (Kind::Unknown(why), _) | (_, Kind::Unknown(why)) => Node::unknown(at, why),
        (Kind::Array(items), Kind::Number(index)) => {
            let index = index.as_i64().and_then(|index| usize::try_from(index).ok());
            let item = index.and_then(|index| items.get(index));
            item.cloned().unwrap_or_else(|| Node::unknown(at, "the index is outside of the list"))
        }
        (Kind::Object(_), Kind::Text(name)) => field(of, name, at),
        _ => Node::unknown(at, "only lists and objects have an index"),
    }
}
