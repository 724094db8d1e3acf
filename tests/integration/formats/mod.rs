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

use std::fs;
use std::path::PathBuf;

use zdr_check::assessment::{Assessment, RuleResult};
use zdr_check::outcome::Outcome;
use zdr_check::report::{Format, Look, render};
use zdr_check::term::{Screen, sanitise};

use crate::sample;

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
    let mut rows: Vec<Row> = assessment.results.iter().map(row).collect();
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

/// Writes every report of the shared assessment as `sample.FORMAT` into the directory that `ZDR_CHECK_REPORTS_DIR` names, for
/// the external validators of `tests/validators/run`.
#[expect(clippy::disallowed_methods, reason = "a directory a person asks for; nothing under test reads it")]
#[test]
fn reports_for_the_validators() {
    let Some(folder) = std::env::var_os("ZDR_CHECK_REPORTS_DIR").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).unwrap();
    for format in Format::ALL {
        fs::write(folder.join(format!("sample.{}", format.as_str())), written(format, &sample::assessment())).unwrap();
    }
}
