//! Nothing is lost in any format: each report of one shared assessment is read back by an independent parser, and must hold
//! every result with its rule, its resource and its outcome, waived, unknown and passing ones included.
//!
//! A new format takes one file with a `rows` function, its `mod` line and its line in [`reader`].

mod gitlab;
mod json;
mod junit;
mod logs;
mod sarif;
mod table;

use std::collections::BTreeSet;
use std::path::PathBuf;

use zdr_check::assessment::{Assessment, RuleResult};
use zdr_check::outcome::Outcome;
use zdr_check::report::{Format, Look, render};
use zdr_check::term::{Screen, sanitise};

use crate::common::{scan, zdr_check};
use crate::emulator::{Emulator, Fault, at};
use crate::sample;
use crate::{exports, html};

/// One result as a report shows it: rule, resource id, outcome.
type Row = (String, String, String);

/// How to read one format.
struct Reader {
    /// How it writes names that other people chose: [`str::to_owned`] where its encoding carries every character, or what
    /// becomes of them where it does not (`|name| sanitise(name).into_owned()`).
    names: fn(&str) -> String,
    /// The results of a report.
    rows: fn(&[u8]) -> Vec<Row>,
}

/// The reader of each format, in the order of the formats; none for the table, which sums up for people and has a test of its
/// own in `table`.
fn reader(format: Format) -> Option<Reader> {
    let shown = |rows| Some(Reader { names: |name| sanitise(name).into_owned(), rows });
    let exact = |rows| Some(Reader { names: str::to_owned, rows });
    match format {
        Format::Table => None,
        Format::Json => exact(json::rows),
        Format::Sarif => exact(sarif::rows),
        Format::Junit => shown(junit::rows),
        Format::Github | Format::AzurePipelines => shown(logs::rows),
        Format::Gitlab => exact(gitlab::rows),
        Format::Markdown => exact(exports::markdown),
        Format::Csv => exact(exports::csv),
        Format::Xlsx => exact(exports::xlsx),
        Format::Html => shown(|bytes| html::html(std::str::from_utf8(bytes).unwrap())),
        Format::Ocsf => exact(exports::ocsf),
        Format::Oscal => exact(exports::oscal),
    }
}

/// The report with everything in it, as it goes to a file with `--show-pass`.
fn written(format: Format, assessment: &Assessment) -> Vec<u8> {
    let look = Look { show_pass: true, verbose: true, ..Look::new(Screen::plain(120)) };
    let mut out = Vec::new();
    render(format, assessment, &look, &mut out).unwrap();
    out
}

/// The results of `assessment`, with names as a format writes them.
fn wanted(assessment: &Assessment, names: fn(&str) -> String) -> Vec<Row> {
    let row =
        |result: &RuleResult| (result.rule.to_owned(), names(&result.resource_id), result.outcome.as_str().to_owned());
    let mut rows: Vec<Row> = assessment.results.iter().map(|own| row(&own)).collect();
    rows.sort();
    rows
}

#[test]
fn the_sample_holds_every_outcome() {
    let assessment = sample::assessment();
    for outcome in Outcome::ALL {
        assert!(assessment.summary.count(outcome) > 0, "{}", outcome.as_str());
    }
}

#[test]
fn every_result_is_in_every_format_with_its_outcome() {
    for assessment in [sample::assessment(), sample::many(120)] {
        for format in Format::ALL {
            let Some(reader) = reader(format) else { continue };
            let report = written(format, &assessment);
            let mut rows = (reader.rows)(&report);
            rows.sort();
            assert_eq!(rows, wanted(&assessment, reader.names), "{}", format.as_str());
        }
    }
}

/// A policy under which the estate of twenty-five accounts ends in every outcome, with one account that refuses to be read.
const POLICY: &str = r#"
[[waiver]]
rule = "abuse-monitoring-storage-on"
scope = "**"
reason = "The form is with Microsoft"
owner = "platform-owner@example.com"
expires = "2099-12-31"

[[attestation]]
rule = "responses-stored-by-default"
scope = "**"
statement = "All callers send store: false"
by = "platform-owner@example.com"
date = "2020-01-01"
expires = "2099-12-31"
"#;

/// What a file of a format is called by, where tools go by the name.
fn extension(format: Format) -> String {
    let more = match format {
        Format::Ocsf => ".jsonl",
        Format::Oscal => ".json",
        _ => "",
    };
    format!("{}{more}", format.as_str())
}

/// Reports of a scan of the emulator, of the demo and of the shared assessment, as `emulator.FORMAT`, `demo.FORMAT` and
/// `sample.FORMAT`, for the external validators of `tests/validators/run`: in the directory that `ZDR_CHECK_REPORTS_DIR` names,
/// else in one that is thrown away. The scan's own reports agree with each other, too.
#[expect(clippy::disallowed_methods, reason = "a directory a person asks for; nothing under test reads it")]
#[test]
fn reports_for_the_validators() {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::write(scratch.path().join("zdr-check.toml"), POLICY).unwrap();
    let asked = std::env::var_os("ZDR_CHECK_REPORTS_DIR").map(PathBuf::from);
    let folder = asked.unwrap_or_else(|| scratch.path().to_owned());
    std::fs::create_dir_all(&folder).unwrap();
    let file = |run: &str, format: Format| folder.join(format!("{run}.{}", extension(format)));
    let all = |run: &str| {
        let report =
            |format: Format| ["--report".to_owned(), format!("{}={}", format.as_str(), file(run, format).display())];
        Format::ALL.into_iter().flat_map(report).chain(["--show-pass".to_owned()]).collect::<Vec<String>>()
    };
    let emulator = Emulator::builder_from("fixtures/arm/twenty-five/estate.json").start();
    emulator.inject(at("prod-swe-clean/deployments"), Fault::error(403, "AuthorizationFailed"));
    scan(&emulator, ["--all-subscriptions"]).args(all("emulator")).within(scratch.path()).exits(1).run();
    zdr_check(["scan", "--demo"]).args(all("demo")).exits(1).run();
    for format in Format::ALL {
        std::fs::write(file("sample", format), written(format, &sample::assessment())).unwrap();
    }
    for run in ["emulator", "demo"] {
        let read = |format: Format, rows: fn(&[u8]) -> Vec<Row>| {
            let mut rows = rows(&std::fs::read(file(run, format)).unwrap());
            rows.sort();
            rows
        };
        let wanted = read(Format::Json, json::rows);
        for (format, reader) in Format::ALL.into_iter().filter_map(|format| Some((format, reader(format)?))) {
            assert_eq!(read(format, reader.rows), wanted, "{run}.{}", format.as_str());
        }
        let outcomes: BTreeSet<&str> = wanted.iter().map(|(.., outcome)| outcome.as_str()).collect();
        assert!(run == "demo" || outcomes.len() == Outcome::ALL.len(), "{run} ends in {outcomes:?}");
    }
}
