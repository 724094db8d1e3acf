//! Every format says the same about one assessment, and looks as it should.

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;
use zdr_check::assessment::Assessment;
use zdr_check::outcome::{FailOn, Outcome, Profile};
use zdr_check::report::{Format, Look, render};
use zdr_check::snapshot::Source;
use zdr_check::term::{Screen, Symbols, is_hostile};

use crate::sample::{self, HOSTILE};

fn show(format: Format, assessment: &Assessment, look: &Look) -> String {
    let mut out = Vec::new();
    render(format, assessment, look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn look(width: usize) -> Look {
    Look::new(Screen::plain(width))
}

fn everything(width: usize) -> Look {
    Look { show_pass: true, verbose: true, ..look(width) }
}

fn ascii(look: Look) -> Look {
    Look { screen: Screen { symbols: Symbols::ASCII, ..look.screen }, ..look }
}

fn json(assessment: &Assessment, look: &Look) -> Value {
    serde_json::from_str(&show(Format::Json, assessment, look)).unwrap()
}

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schemas/report-1.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn passes_are_always_counted_and_shown_on_request() {
    let assessment = sample::assessment();
    let (all, some) = (json(&assessment, &everything(80)), json(&assessment, &look(80)));
    assert_eq!(all["summary"], some["summary"]);
    let passes = all["summary"]["outcomes"]["pass"].as_u64().unwrap();
    let rows = |report: &Value| report["results"].as_array().unwrap().len() as u64;
    assert_eq!(rows(&all) - rows(&some), passes);
    assert_eq!(rows(&all), assessment.results.len() as u64);
}

#[test]
fn the_json_report_follows_its_schema() {
    let schema = schema();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for look in [look(80), everything(80)] {
        let report = json(&sample::assessment(), &look);
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_schema_is_strict() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let report = json(&sample::assessment(), &everything(80));
    for key in report.as_object().unwrap().keys() {
        let mut without = report.clone();
        without.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&without), "{key} is required");
    }
    let wrong = [
        ("/schema", "zdr-check/report/2"),
        ("/run/source", "dream"),
        ("/accounts/0/verdict", "maybe"),
        ("/accounts/0/axes/pinned", "waived"),
        ("/results/0/outcome", "ok"),
        ("/results/0/axis", "other"),
        ("/run/started_at", "yesterday"),
    ];
    for (pointer, value) in wrong {
        let mut changed = report.clone();
        *changed.pointer_mut(pointer).unwrap() = Value::from(value);
        assert!(!validator.is_valid(&changed), "{pointer} must not be {value}");
    }
}

#[test]
fn json_is_safe_to_look_at_and_loses_nothing() {
    let text = show(Format::Json, &sample::assessment(), &everything(80));
    assert!(text.ends_with("}\n"));
    assert!(!text.chars().any(|c| c != '\n' && is_hostile(c)));
    let report: Value = serde_json::from_str(&text).unwrap();
    assert!(report["accounts"].as_array().unwrap().iter().any(|account| account["name"] == HOSTILE));
}

#[test]
fn an_unread_list_of_deployments_is_not_an_empty_one() {
    let report = json(&sample::assessment(), &look(80));
    let long = report["accounts"].as_array().unwrap().iter().find(|account| account["name"] == sample::LONG).unwrap();
    assert_eq!((&long["deployments"], &long["deployments_readable"]), (&Value::Array(Vec::new()), &Value::Bool(false)));
}

#[test]
fn nothing_leaves_the_width_or_obeys_a_name() {
    for width in [60, 80, 100, 120, 160, 200] {
        for look in [look(width), everything(width), ascii(look(width)), ascii(everything(width))] {
            let table = show(Format::Table, &sample::assessment(), &look);
            for line in table.lines() {
                // A word of a command that no line can hold stays whole, so that it can be copied.
                let whole = !line.trim_end_matches(" \\").trim_start().contains(' ');
                assert!(line.width() <= width || whole, "{} > {width}: {line}", line.width());
                assert_eq!(line, line.trim_end());
                assert!(!line.chars().any(is_hostile), "{line:?}");
            }
            assert!(!look.screen.symbols.ascii || table.is_ascii());
            assert!(!table.contains("\n\n\n"));
        }
    }
}

#[test]
fn the_worst_account_comes_first() {
    let table = show(Format::Table, &sample::assessment(), &look(100));
    let rows: Vec<&str> = table.lines().skip_while(|line| !line.starts_with("VERDICT")).skip(1).take(9).collect();
    let verdicts: Vec<&str> = rows.iter().map(|row| row.split_whitespace().nth(1).unwrap()).collect();
    let mut sorted = verdicts.clone();
    sorted.sort_by_key(|verdict| ["fail", "unknown", "manual", "pass", "n/a"].iter().position(|own| own == verdict));
    assert_eq!(verdicts, sorted);
    assert!(rows[0].contains("evil"), "two failures, one of them critical: {}", rows[0]);
}

#[test]
fn a_long_list_is_capped_and_says_so() {
    let many = sample::many(47);
    let table = show(Format::Table, &many, &look(80));
    assert_eq!(table.lines().filter(|line| line.starts_with("✘ fail ")).count(), 47);
    assert!(table.contains("and 37 more; --format json lists all"));
    assert_eq!(table.matches("--name NAME").count(), 1, "the fix is said once\n{table}");
    let all = show(Format::Table, &many, &Look { verbose: true, ..look(80) });
    assert!(all.contains("oai-00046/chat") && !all.contains("more;"));
}

type Change<'a> = &'a dyn Fn(&mut Assessment);

#[test]
fn the_last_lines_say_the_exit_code_and_why() {
    let say = |change: Change<'_>| {
        let mut assessment = sample::assessment();
        assessment.notes.clear();
        change(&mut assessment);
        let quiet = show(Format::Table, &assessment, &Look { quiet: true, ..look(80) });
        quiet.split_once("exit ").unwrap().1.trim_end().to_owned()
    };
    let clean = |assessment: &mut Assessment| {
        let mut results = assessment.results.clone().into_vec();
        results.retain(|result| !matches!(result.outcome, Outcome::Fail));
        assessment.summary = sample::summary(&assessment.accounts, &results);
        assessment.results = results.into();
        assessment.exit_code = 0;
    };
    let cases: [(&str, Change<'_>); 7] = [
        (
            "1: 5 failures at or above high, 2 below; also incomplete: 3 unknown results on approved, pinned, stateless",
            &|_| {},
        ),
        ("4: incomplete: 3 unknown results on approved, pinned, stateless", &|a| {
            clean(a);
            a.exit_code = 4;
        }),
        (
            "0: incomplete, accepted by --allow-incomplete: 3 unknown results on approved, pinned, stateless; \
             no failure at or above high",
            &|a| {
                clean(a);
                a.run.policy.allow_incomplete = true;
            },
        ),
        ("0: complete, no failure at or above high", &|a| {
            clean(a);
            a.complete = true;
        }),
        ("4: incomplete: 4 manual items not attested (--profile strict)", &|a| {
            clean(a);
            (a.complete, a.exit_code, a.run.policy.profile) = (true, 4, Profile::Strict);
        }),
        ("0: complete, no failure counted (--fail-on never), 7 failures not counted", &|a| {
            (a.complete, a.exit_code, a.run.policy.fail_on) = (true, 0, FailOn::Never);
            a.summary.gating_failures = 0;
        }),
        ("3: nothing was audited: no account in scope", &|a| {
            clean(a);
            (a.complete, a.exit_code) = (true, 3);
            a.accounts.clear();
        }),
    ];
    for (wanted, change) in cases {
        assert_eq!(say(change), wanted);
    }
}

#[test]
fn quiet_is_one_line() {
    let quiet = show(Format::Table, &sample::assessment(), &Look { quiet: true, ..look(80) });
    insta::assert_snapshot!(quiet);
    assert_eq!(quiet.lines().count(), 1);
}

#[test]
fn what_is_not_live_says_so_first() {
    let mut assessment = sample::assessment();
    for (source, first) in [
        (Source::Demo, "DEMO ESTATE: no Azure was contacted"),
        (Source::Snapshot, "SNAPSHOT: judged again from a file, no Azure was contacted"),
        (Source::Plan, "PLAN: what would be deployed, no Azure was contacted"),
    ] {
        assessment.run.source = source;
        assert_eq!(show(Format::Table, &assessment, &look(80)).lines().next(), Some(first));
    }
}

#[test]
fn links_lead_to_the_portal_and_only_when_something_is_there() {
    let mut assessment = sample::assessment();
    let linked = Look { screen: Screen { hyperlinks: true, ..Screen::plain(80) }, ..look(80) };
    let table = show(Format::Table, &assessment, &linked);
    assert!(
        table.contains(
            "\x1b]8;;https://portal.azure.com/#@99999999-9999-4999-8999-999999999999/resource/subscriptions/"
        )
    );
    assert_eq!(table.matches("\x1b]").count() % 2, 0, "each link ends");
    assert!(!table.contains('\x07'));
    assessment.run.source = Source::Demo;
    let demo = show(Format::Table, &assessment, &linked);
    assert!(!demo.contains("portal.azure.com"));
    assert!(demo.contains("\x1b]8;;https://docs.rs/crate/zdr-check/"), "rule pages are there whatever the source");
}

#[test]
fn an_output_that_fails_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for format in Format::ALL {
        assert!(render(format, &sample::assessment(), &look(80), &mut Full).is_err());
    }
}

#[test]
fn the_table_looks_like_this() {
    let assessment = sample::assessment();
    insta::assert_snapshot!("table_80", show(Format::Table, &assessment, &look(80)));
    insta::assert_snapshot!("table_160", show(Format::Table, &assessment, &look(160)));
    insta::assert_snapshot!("table_80_everything", show(Format::Table, &assessment, &everything(80)));
    insta::assert_snapshot!("table_80_ascii", show(Format::Table, &assessment, &ascii(look(80))));
    let coloured = Look { screen: Screen { colour: true, ..Screen::plain(80) }, ..look(80) };
    insta::assert_snapshot!("table_80_coloured", show(Format::Table, &assessment, &coloured).replace('\x1b', "␛"));
}

#[test]
fn the_json_report_looks_like_this() {
    let text = show(Format::Json, &sample::assessment(), &look(80));
    insta::with_settings!({ filters => vec![(r#""version": "[^"]+""#, r#""version": "[version]""#)] }, {
        insta::assert_snapshot!("json", text);
    });
}
