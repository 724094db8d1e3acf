//! Reads JUnit XML with a strict parser, and checks the structure that Jenkins' schema asks for.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use zdr_check::report::Format;

use super::{Row, written};
use crate::sample;

fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

fn number(node: Node<'_, '_>, name: &str) -> usize {
    node.attribute(name).unwrap().parse().unwrap()
}

/// Its cases, without those that say whether a subscription could be read.
pub(super) fn rows(report: &[u8]) -> Vec<Row> {
    let document = Document::parse(std::str::from_utf8(report).unwrap()).unwrap();
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    cases.filter(|case| case.attribute("name") != Some("can be read")).map(row).collect()
}

fn row(case: Node<'_, '_>) -> Row {
    let has = |name| children(case, name).next();
    let outcome = match (has("failure"), has("error"), has("skipped")) {
        (None, None, None) => "pass",
        (Some(_), None, None) => "fail",
        (None, Some(_), None) => "unknown",
        (None, None, Some(skipped)) => skipped.attribute("message").unwrap().split([' ', ':']).next().unwrap(),
        other => panic!("{other:?}"),
    };
    let log = has("system-out").unwrap().text().unwrap();
    let resource = log.lines().next().unwrap().strip_prefix("resource: ").unwrap();
    let rule = case.attribute("name").unwrap().split(" [").next().unwrap();
    (rule.to_owned(), resource.to_owned(), outcome.to_owned())
}

#[test]
fn the_structure_is_that_of_the_schema() {
    let report = written(Format::Junit, &sample::assessment());
    let document = Document::parse(std::str::from_utf8(&report).unwrap()).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let suites: Vec<Node<'_, '_>> = root.children().filter(Node::is_element).collect();
    for suite in &suites {
        assert_eq!(suite.tag_name().name(), "testsuite");
        let order = ["properties", "testcase", "system-out", "system-err"];
        let place = |node: Node<'_, '_>| order.iter().position(|name| node.has_tag_name(*name)).unwrap();
        let places: Vec<usize> = suite.children().filter(Node::is_element).map(place).collect();
        assert!(places.is_sorted() && places.contains(&0), "{places:?}");
        for name in ["name", "timestamp", "hostname", "id", "package"] {
            assert!(suite.attribute(name).is_some_and(|value| !value.is_empty()), "{name}");
        }
        assert!(suite.attribute("time").unwrap().parse::<f64>().unwrap() >= 0.0);
        let with = |name: &'static str| {
            children(*suite, "testcase").filter(|case| children(*case, name).next().is_some()).count()
        };
        assert_eq!(number(*suite, "tests"), children(*suite, "testcase").count());
        assert_eq!(number(*suite, "failures"), with("failure"));
        assert_eq!(number(*suite, "errors"), with("error"));
        assert_eq!(number(*suite, "skipped"), with("skipped"));
        let key = |case: Node<'_, '_>| {
            (case.attribute("classname").unwrap().to_owned(), case.attribute("name").unwrap().to_owned())
        };
        let names: BTreeSet<_> = children(*suite, "testcase").map(key).collect();
        assert_eq!(names.len(), number(*suite, "tests"), "names tell cases apart");
    }
    for name in ["tests", "failures", "errors"] {
        assert_eq!(number(root, name), suites.iter().map(|suite| number(*suite, name)).sum::<usize>(), "{name}");
    }
    assert_eq!(suites.len(), sample::assessment().coverage.subscriptions.len());
}

#[test]
fn a_subscription_that_could_not_be_listed_is_an_error() {
    let report = String::from_utf8(written(Format::Junit, &sample::assessment())).unwrap();
    assert!(report.contains("<error message=\"its accounts could not be listed: forbidden\" type=\"not-read\"/>"));
    let mut empty = sample::assessment();
    empty.accounts.clear();
    empty.results = Vec::new().into();
    let report = String::from_utf8(written(Format::Junit, &empty)).unwrap();
    assert!(report.contains("nothing was audited"), "{report}");
}
