//! The template functions that accounts and deployments are written with
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions>, 2025-02-12).
//!
//! A function that is not here, or that only Azure can answer, gives an unknown value that names it.

use std::rc::Rc;

use serde_json::Number;

use super::scope::Site;
use crate::plan::node::{Kind, Node, Pos};
use crate::plan::resource::id_of;

/// Passes of a copy loop that Azure allows (template limits, 2025-02-12).
pub(super) const MOST_COPIES: i64 = 800;
/// Characters, items or fields that a function may make.
const LONGEST: usize = 100_000;

/// Calls a function by its name in lower case.
pub(super) fn call(name: &str, arguments: &[Node], site: &Site, at: Pos) -> Node {
    if let Some(answer) = about_the_site(name, site, at) {
        return answer;
    }
    if lazy(name) {
        return lists(name, arguments, at).unwrap_or_else(|| wrong(name, at));
    }
    if let Some(why) = arguments.iter().find_map(Node::why_unknown) {
        return if is_known(name) { Node::unknown(at, why) } else { only_azure(name, at) };
    }
    let result = logic(name, arguments, at)
        .or_else(|| numbers(name, arguments, at))
        .or_else(|| texts(name, arguments, at))
        .or_else(|| lists(name, arguments, at))
        .or_else(|| parts(name, arguments, at))
        .or_else(|| merged(name, arguments, at))
        .or_else(|| ids(name, arguments, site, at));
    match result {
        Some(node) => node,
        None if is_known(name) => wrong(name, at),
        None => only_azure(name, at),
    }
}

const KNOWN: [&str; 51] = [
    "add",
    "and",
    "array",
    "bool",
    "coalesce",
    "concat",
    "contains",
    "createarray",
    "createobject",
    "div",
    "empty",
    "endswith",
    "equals",
    "extensionresourceid",
    "false",
    "first",
    "format",
    "greater",
    "greaterorequals",
    "indexof",
    "int",
    "join",
    "last",
    "length",
    "less",
    "lessorequals",
    "max",
    "min",
    "mod",
    "mul",
    "not",
    "null",
    "or",
    "range",
    "replace",
    "resourceid",
    "skip",
    "split",
    "startswith",
    "string",
    "sub",
    "subscriptionresourceid",
    "substring",
    "take",
    "tenantresourceid",
    "tolower",
    "toupper",
    "trim",
    "true",
    "tryget",
    "union",
];

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

fn only_azure(name: &str, at: Pos) -> Node {
    Node::unknown(at, format!("{name}(…) is answered by Azure only, or not a function this program knows"))
}

fn wrong(name: &str, at: Pos) -> Node {
    Node::unknown(at, format!("{name}(…) cannot be computed from its arguments"))
}

/// Functions whose result can be known although an argument is not.
fn lazy(name: &str) -> bool {
    matches!(name, "createarray" | "createobject" | "array")
}

fn about_the_site(name: &str, site: &Site, at: Pos) -> Option<Node> {
    let known = |value: &Option<String>, what: &str| match value {
        Some(value) => Node::text(at, value),
        None => Node::unknown(at, format!("{what} is not given")),
    };
    let fields = match name {
        "resourcegroup" => {
            let id = site.subscription.as_ref().zip(site.group.as_ref());
            let id = id.map(|(subscription, group)| format!("/subscriptions/{subscription}/resourceGroups/{group}"));
            vec![
                ("name", known(&site.group, "the resource group (--resource-group)")),
                ("location", known(&site.location, "the location of the resource group (--location)")),
                ("id", known(&id, "the resource group (--subscription, --resource-group)")),
            ]
        }
        "subscription" => {
            let id = site.subscription.as_ref().map(|id| format!("/subscriptions/{id}"));
            vec![
                ("subscriptionId", known(&site.subscription, "the subscription (--subscription)")),
                ("id", known(&id, "the subscription (--subscription)")),
            ]
        }
        "deployment" => vec![("location", known(&site.location, "the location of the deployment (--location)"))],
        _ => return None,
    };
    Some(Node::object(at, fields.into_iter().map(|(key, value)| (key.into(), value)).collect()))
}

fn logic(name: &str, arguments: &[Node], at: Pos) -> Option<Node> {
    let bools: Option<Vec<bool>> = arguments.iter().map(Node::as_bool).collect();
    let value = match (name, arguments) {
        ("true", []) => true,
        ("false", []) => false,
        ("null", []) => return Some(Node::new(at, Kind::Null)),
        ("and", _) => bools?.into_iter().all(|own| own),
        ("or", _) => bools?.into_iter().any(|own| own),
        ("not", [_]) => !bools?.first()?,
        ("equals", [a, b]) => equal(a, b)?,
        ("empty", [of]) => match &of.kind {
            Kind::Null => true,
            Kind::Text(text) => text.is_empty(),
            Kind::Array(items) => items.is_empty(),
            Kind::Object(fields) => fields.is_empty(),
            Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_) => return None,
        },
        ("contains", [of, what]) => contains(of, what)?,
        ("bool", [of]) => match &of.kind {
            Kind::Bool(own) => *own,
            Kind::Number(own) => own.as_i64()? != 0,
            Kind::Text(own) if own.eq_ignore_ascii_case("true") => true,
            Kind::Text(own) if own.eq_ignore_ascii_case("false") => false,
            Kind::Text(_) | Kind::Null | Kind::Array(_) | Kind::Object(_) | Kind::Unknown(_) => return None,
        },
        ("coalesce", _) => {
            let found = arguments.iter().find(|own| !own.is_null());
            return Some(found.cloned().unwrap_or_else(|| Node::new(at, Kind::Null)));
        }
        ("startswith", [of, what]) => lower(of)?.starts_with(&lower(what)?),
        ("endswith", [of, what]) => lower(of)?.ends_with(&lower(what)?),
        _ => return None,
    };
    Some(Node::bool(at, value))
}

fn lower(node: &Node) -> Option<String> {
    node.as_text().map(str::to_lowercase)
}

/// Text is compared with its casing.
fn equal(a: &Node, b: &Node) -> Option<bool> {
    let [mut left, mut right] = [LONGEST; 2];
    let (left, right) = (a.to_value(&mut left)?, b.to_value(&mut right)?);
    let holes = |value: &serde_json::Value| value.to_string().contains("$notKnownAtPlan");
    (!holes(&left) && !holes(&right)).then(|| left == right)
}

fn contains(of: &Node, what: &Node) -> Option<bool> {
    match &of.kind {
        Kind::Text(text) => Some(text.contains(what.as_text()?)),
        Kind::Array(items) => {
            let mut all = items.iter().map(|item| equal(item, what)).collect::<Option<Vec<bool>>>()?.into_iter();
            Some(all.any(|own| own))
        }
        Kind::Object(_) => Some(of.get(what.as_text()?).is_some()),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_) => None,
    }
}

fn numbers(name: &str, arguments: &[Node], at: Pos) -> Option<Node> {
    let integer = |value: i64| Some(Node::new(at, Kind::Number(Number::from(value))));
    if let ("int", [of]) = (name, arguments) {
        return integer(of.as_integer().or_else(|| of.as_text()?.trim().parse().ok())?);
    }
    if let ("min" | "max", [list]) = (name, arguments)
        && !list.items().is_empty()
    {
        return numbers(name, list.items(), at);
    }
    let values: Option<Vec<i64>> = arguments.iter().map(Node::as_integer).collect();
    match (name, values?.as_slice()) {
        ("add", [a, b]) => integer(a.checked_add(*b)?),
        ("sub", [a, b]) => integer(a.checked_sub(*b)?),
        ("mul", [a, b]) => integer(a.checked_mul(*b)?),
        ("div", [a, b]) => integer(a.checked_div(*b)?),
        ("mod", [a, b]) => integer(a.checked_rem(*b)?),
        ("min", all) => integer(*all.iter().min()?),
        ("max", all) => integer(*all.iter().max()?),
        ("greater", [a, b]) => Some(Node::bool(at, a > b)),
        ("greaterorequals", [a, b]) => Some(Node::bool(at, a >= b)),
        ("less", [a, b]) => Some(Node::bool(at, a < b)),
        ("lessorequals", [a, b]) => Some(Node::bool(at, a <= b)),
        ("range", [start, count]) if (0..=10_000).contains(count) => {
            let one = |index| Node::new(at, Kind::Number(Number::from(index)));
            Some(Node::array(at, (*start..start.checked_add(*count)?).map(one).collect()))
        }
        _ => None,
    }
}

fn texts(name: &str, arguments: &[Node], at: Pos) -> Option<Node> {
    let text = |value: String| (value.len() <= LONGEST).then(|| Node::text(at, &value));
    match (name, arguments) {
        ("concat", all) if all.iter().all(|own| !matches!(own.kind, Kind::Array(_))) => {
            text(all.iter().map(printed).collect::<Option<Vec<String>>>()?.concat())
        }
        ("format", [pattern, rest @ ..]) => text(format(pattern.as_text()?, rest)?),
        ("tolower", [of]) => text(of.as_text()?.to_lowercase()),
        ("toupper", [of]) => text(of.as_text()?.to_uppercase()),
        ("trim", [of]) => text(of.as_text()?.trim().to_owned()),
        ("replace", [of, from, to]) => {
            let (of, from, to) = (of.as_text()?, from.as_text()?, to.as_text()?);
            let most = of.len().saturating_mul(to.len().max(1));
            (!from.is_empty() && most <= LONGEST * 10).then(|| of.replace(from, to)).and_then(text)
        }
        ("substring", [of, start, rest @ ..]) => {
            let length = rest.first().map_or(Some(usize::MAX), |own| usize::try_from(own.as_integer()?).ok())?;
            let start = usize::try_from(start.as_integer()?).ok()?;
            text(of.as_text()?.chars().skip(start).take(length).collect())
        }
        ("string", [of]) => text(printed(of)?),
        ("join", [list, by]) => {
            let parts = list.items().iter().map(printed).collect::<Option<Vec<String>>>()?;
            text(parts.join(by.as_text()?))
        }
        ("split", [of, by]) => {
            let parts = of.as_text()?.split(by.as_text().filter(|by| !by.is_empty())?);
            Some(Node::array(at, parts.take(LONGEST).map(|part| Node::text(at, part)).collect()))
        }
        ("indexof", [of, what]) => {
            let (of, what) = (lower(of)?, lower(what)?);
            let index = of.find(&what).map_or(-1, |byte| i64::try_from(of[..byte].chars().count()).unwrap_or(-1));
            Some(Node::new(at, Kind::Number(index.into())))
        }
        _ => None,
    }
}

/// A value as text, as `string` and `concat` print it.
fn printed(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(text.to_string()),
        Kind::Bool(true) => Some("True".to_owned()),
        Kind::Bool(false) => Some("False".to_owned()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Null => Some(String::new()),
        Kind::Array(_) | Kind::Object(_) => {
            let text = node.to_value(&mut 10_000)?.to_string();
            (!text.contains("$notKnownAtPlan")).then_some(text)
        }
        Kind::Unknown(_) => None,
    }
}

/// `{0}` and, with the padding and precision left out, `{0:D2}`: those are numbers in names, and come as given.
fn format(pattern: &str, values: &[Node]) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(open) = rest.find(['{', '}']) {
        out.push_str(&rest[..open]);
        let (brace, after) = rest[open..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
            continue;
        }
        let (hole, after) = after.split_once('}')?;
        let (index, digits) = hole.split_once(':').unwrap_or((hole, ""));
        let value = values.get(index.trim().parse::<usize>().ok()?)?;
        match digits.strip_prefix(['D', 'd']).map(str::parse::<usize>) {
            Some(Ok(width)) if width < 20 => {
                let number = format!("{:0width$}", value.as_integer()?);
                out.push_str(&number);
            }
            Some(_) => return None,
            None if digits.is_empty() => out.push_str(&printed(value)?),
            None => return None,
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

fn lists(name: &str, arguments: &[Node], at: Pos) -> Option<Node> {
    let count = |value: usize| Some(Node::new(at, Kind::Number(value.into())));
    match (name, arguments) {
        ("createarray", all) => Some(Node::array(at, all.to_vec())),
        ("array", [of]) => {
            Some(if matches!(of.kind, Kind::Array(_)) { of.clone() } else { Node::array(at, vec![of.clone()]) })
        }
        ("createobject", all) if all.len() % 2 == 0 => {
            let pair = |pair: &[Node]| Some((Rc::from(pair[0].as_text()?), pair[1].clone()));
            Some(Node::object(at, all.chunks(2).map(pair).collect::<Option<_>>()?))
        }
        ("length", [of]) => match &of.kind {
            Kind::Text(text) => count(text.chars().count()),
            Kind::Array(items) => count(items.len()),
            Kind::Object(fields) => count(fields.len()),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_) => None,
        },
        _ => None,
    }
}

/// Functions that take a part of a list or a text.
fn parts(name: &str, arguments: &[Node], at: Pos) -> Option<Node> {
    match (name, arguments) {
        ("first" | "last", [of]) => {
            let from_end = name == "last";
            match &of.kind {
                Kind::Array(items) => if from_end { items.last() } else { items.first() }.cloned(),
                Kind::Text(text) => {
                    let mut chars = text.chars();
                    let c = if from_end { chars.next_back() } else { chars.next() };
                    Some(Node::text(at, &c.map(String::from).unwrap_or_default()))
                }
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Object(_) | Kind::Unknown(_) => None,
            }
        }
        ("take" | "skip", [of, number]) => {
            let number = usize::try_from(number.as_integer()?.max(0)).ok()?;
            part(of, number, name == "take", at)
        }
        ("tryget", [of, key]) => {
            let found = match &key.kind {
                Kind::Text(key) => of.get(key),
                Kind::Number(index) => of.items().get(usize::try_from(index.as_i64()?).ok()?),
                Kind::Null | Kind::Bool(_) | Kind::Array(_) | Kind::Object(_) | Kind::Unknown(_) => return None,
            };
            Some(found.cloned().unwrap_or_else(|| Node::new(at, Kind::Null)))
        }
        _ => None,
    }
}

/// Functions that put lists or objects together.
fn merged(name: &str, arguments: &[Node], at: Pos) -> Option<Node> {
    match (name, arguments) {
        ("concat", all) => bounded(all.iter().flat_map(Node::items).cloned(), at),
        ("union", all) if all.iter().all(Node::is_object) => {
            let mut fields: Vec<(Rc<str>, Node)> = Vec::new();
            for (key, value) in all.iter().flat_map(Node::fields) {
                fields.retain(|(own, _)| !own.eq_ignore_ascii_case(key));
                fields.push((key.clone(), value.clone()));
                if fields.len() > 1000 {
                    return None;
                }
            }
            Some(Node::object(at, fields))
        }
        ("union", all) => {
            let mut items: Vec<Node> = Vec::new();
            for item in all.iter().flat_map(Node::items) {
                if items.len() > 1000 {
                    return None;
                }
                if !contains(&Node::array(at, items.clone()), item)? {
                    items.push(item.clone());
                }
            }
            Some(Node::array(at, items))
        }
        _ => None,
    }
}

fn bounded(items: impl Iterator<Item = Node>, at: Pos) -> Option<Node> {
    let items: Vec<Node> = items.take(LONGEST + 1).collect();
    (items.len() <= LONGEST).then(|| Node::array(at, items))
}

fn part(of: &Node, number: usize, front: bool, at: Pos) -> Option<Node> {
    match &of.kind {
        Kind::Text(text) => {
            let chars = text.chars();
            let text: String = if front { chars.take(number).collect() } else { chars.skip(number).collect() };
            Some(Node::text(at, &text))
        }
        Kind::Array(items) => {
            let (head, tail) = items.split_at(number.min(items.len()));
            Some(Node::array(at, if front { head } else { tail }.to_vec()))
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Object(_) | Kind::Unknown(_) => None,
    }
}

/// Resource ids. A subscription or a group that is not known is named by a mark.
fn ids(name: &str, arguments: &[Node], site: &Site, at: Pos) -> Option<Node> {
    let words: Vec<&str> = arguments.iter().map(Node::as_text).collect::<Option<_>>()?;
    let kind = words.iter().position(|word| word.contains('/') && !word.starts_with('/'));
    let scope = match name {
        "extensionresourceid" => return joined(words.first()?, words.get(1..)?, at),
        "tenantresourceid" => return joined("", &words, at),
        "subscriptionresourceid" | "resourceid" => {
            let before = words.get(..kind?)?;
            let group_scope = name == "resourceid";
            let (subscription, group) = match before {
                [subscription, group] => (Some(*subscription), Some(*group)),
                [one] if group_scope => (None, Some(*one)),
                [one] => (Some(*one), None),
                _ => (None, None),
            };
            let subscription = subscription.unwrap_or_else(|| site.subscription_or_mark());
            if group_scope {
                let group = group.unwrap_or_else(|| site.group_or_mark());
                format!("/subscriptions/{subscription}/resourceGroups/{group}")
            } else {
                format!("/subscriptions/{subscription}")
            }
        }
        _ => return None,
    };
    joined(&scope, words.get(kind?..)?, at)
}

/// `scope` + `/providers/A/b/name/c/name` from `A/b/c` and its names.
fn joined(scope: &str, words: &[&str], at: Pos) -> Option<Node> {
    let (kind, names) = words.split_first()?;
    id_of(scope, kind, &names.join("/")).map(|id| Node::text(at, &id))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::scope::{Limits, Scope};
    use super::*;
    use crate::plan::parse::parse;

    fn eval(expression: &str) -> serde_json::Value {
        let text = serde_json::json!({ "x": format!("[{expression}]") }).to_string();
        let node = parse(&text, 0, &[]).unwrap();
        let (template, limits) = (parse("{}", 0, &[]).unwrap(), Limits::new(100_000));
        let scope = Scope::new(&template, HashMap::new(), Site::default(), &limits);
        scope.value(node.get("x").unwrap(), &[]).to_value(&mut 1000).unwrap()
    }

    #[test]
    fn functions_compute() {
        for (expression, wanted) in [
            ("format('{0}-{1:D3}{{}}', toLower('Ab'), 7)", serde_json::json!("ab-007{}")),
            ("concat(createArray(1), array(2))", serde_json::json!([1, 2])),
            ("if(equals(length('abc'), 3), 'yes', unheardOf())", serde_json::json!("yes")),
            ("union(createObject('a', 1, 'b', 2), createObject('A', 3))", serde_json::json!({ "b": 2, "A": 3 })),
            ("join(split('a,b', ','), '-')", serde_json::json!("a-b")),
            ("last(range(5, 3))", serde_json::json!(7)),
            ("coalesce(null(), 'x')", serde_json::json!("x")),
            ("mod(div(mul(add(1, 2), 7), 2), 4)", serde_json::json!(2)),
            ("take(substring('abcdef', 1), 2)", serde_json::json!("bc")),
            ("contains(createArray('a'), 'a')", serde_json::json!(true)),
            ("bool('True')", serde_json::json!(true)),
            ("extensionResourceId('/x', 'A.B/c', 'n')", serde_json::json!("/x/providers/A.B/c/n")),
        ] {
            assert_eq!(eval(expression), wanted, "{expression}");
        }
    }

    #[test]
    fn what_is_not_known_says_why_and_names_the_function() {
        for (expression, why) in [
            ("unheardOf('x')", "unheardof(…)"),
            ("concat('a', reference('x').y)", "reference(…)"),
            ("resourceGroup().location", "--location"),
            ("div(1, 0)", "div(…)"),
            ("if(parameters('p'), 1, 2)", "no parameter p"),
            ("first(", "cannot be read"),
        ] {
            let value = eval(expression);
            let text = crate::snapshot::why_not_known(&value).unwrap_or_else(|| panic!("{expression}: {value}"));
            assert!(text.contains(why), "{expression}: {text}");
        }
    }
}
