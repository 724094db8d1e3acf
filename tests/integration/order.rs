//! The assessment does not depend on how answers come: order of rows, size of pages, who is first, how many at once. A page that
//! does not come takes knowledge away and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::common::scan;
use crate::emulator::{Emulator, Fault, at};
use crate::scan::passes;

const ESTATE: &str = "fixtures/arm/twenty-five/estate.json";

/// The report without what belongs to the run and not to the estate.
fn assessment(mut report: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for name in ["started_at", "finished_at", "at", "gone_by", "request_id", "requests"] {
                    fields.remove(name);
                }
                fields.values_mut().for_each(strip);
                // Evidence is cited in the order in which Azure listed it.
                if let Some(Value::Array(evidence)) = fields.get_mut("evidence") {
                    evidence.sort_by_cached_key(Value::to_string);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    strip(&mut report);
    report
}

/// The parts of an array, so that a difference is a short text.
fn items(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

#[test]
fn the_order_of_answers_does_not_matter() {
    let arguments = ["--all-subscriptions", "--show-pass", "--concurrency"];
    let plain = Emulator::builder_from(ESTATE).start();
    let plain = assessment(scan(&plain, arguments).args(["1"]).exits(1).run().json());
    for (seed, page, concurrency) in [(1, 1, "64"), (2, 2, "3"), (3, 3, "512"), (4, 1, "8"), (5, 100, "64")] {
        let jitter = std::time::Duration::from_millis(40);
        let emulator = Emulator::builder_from(ESTATE).page_size(page).shuffle(seed).jitter(jitter).start();
        let other = assessment(scan(&emulator, arguments).args([concurrency]).exits(1).run().json());
        for (name, part) in plain.as_object().unwrap() {
            let (left, right) = (items(&other[name]), items(part));
            let differs = left.iter().zip(&right).find(|(left, right)| left != right);
            assert_eq!(differs, None, "{name}: shuffle {seed}, pages of {page}, {concurrency} at once");
            assert_eq!(left.len(), right.len(), "{name}: shuffle {seed}");
        }
    }
}

#[test]
fn a_dropped_page_takes_knowledge_away_and_nothing_else() {
    let arguments = ["--all-subscriptions", "--show-pass"];
    let builder = |seed| Emulator::builder_from(ESTATE).page_size(2).shuffle(seed);
    let whole = scan(&builder(0).start(), arguments).exits(1).run().json();
    let unread = |report: &Value| -> BTreeSet<String> {
        let rows = report["coverage"]["unreadable"].as_array().unwrap().iter();
        rows.map(|row| format!("{} {}", row["operation"], row["scope"])).collect()
    };
    // The first later page of all is that of the subscriptions; without it there is no scope to scan.
    for (position, fault) in
        [Fault::status(404), Fault::TruncatedJson, Fault::Html, Fault::NextLinkStranger].into_iter().enumerate()
    {
        for number in [2, 3, 6, 11] {
            let seed = 10 * position as u64 + number as u64;
            let emulator = builder(seed).fault(at("skiptoken").nth(number), fault.clone()).start();
            let less = scan(&emulator, arguments).exits(1).run().json();
            let name = format!("{fault:?} instead of later page {number}, shuffle {seed}");
            assert!(passes(&less).is_subset(&passes(&whole)), "{name}");
            let later = emulator.requests().into_iter().filter(|seen| seen.target.contains("skiptoken"));
            let lost = later.map(|seen| seen.target).nth(number - 1);
            assert!(!unread(&less).is_subset(&unread(&whole)), "{name} is not told: {lost:?}");
            assert!(emulator.violations().is_empty(), "{name}: {:?}", emulator.violations());
        }
    }
}
