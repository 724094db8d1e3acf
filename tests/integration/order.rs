//! The assessment does not depend on how answers come: order of rows, size of pages, who is first, how many at once. A page that
//! does not come takes knowledge away and nothing else.

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
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    strip(&mut report);
    report
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
            assert_eq!(&other[name], part, "{name}: shuffle {seed}, pages of {page}, {concurrency} at once");
        }
    }
}

#[test]
fn a_dropped_page_takes_knowledge_away_and_nothing_else() {
    let arguments = ["--all-subscriptions", "--show-pass"];
    let builder = |seed| Emulator::builder_from(ESTATE).page_size(2).shuffle(seed);
    let whole = scan(&builder(0).start(), arguments).exits(1).run().json();
    let unread = |report: &Value| report["coverage"]["unreadable"].as_array().unwrap().len();
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
            assert!(unread(&less) > unread(&whole), "{name} is not told");
            assert!(emulator.violations().is_empty(), "{name}: {:?}", emulator.violations());
        }
    }
}
