//! Posture over time, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::Look;
use super::table::style;
use crate::assessment::compare::Change;
use crate::assessment::history::{Counts, History, Run, Series};
use crate::outcome::Axis;
use crate::term::{Overlong, Screen, Span, width};

/// Regressions of one run that are listed; the JSON has them all.
const LISTED: usize = 10;

const SCHEMA: &str = "zdr-check/history/1";

/// Writes `history` to `out` and flushes it.
///
/// # Errors
/// When `out` does not take it.
pub fn render(history: &History, as_json: bool, exit_code: u8, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let text = if as_json { json(history, exit_code)? } else { table(history, look) };
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Day and minute of a run, in UTC.
pub(super) fn day(run: &Run) -> String {
    run.taken_at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The title of a series; the tenant is remote text.
pub(super) fn title(series: &Series) -> String {
    let tenant = series.tenant_id.as_deref().map_or("unknown tenant".to_owned(), |id| format!("tenant {id}"));
    format!("{tenant}, cloud {}", series.cloud)
}

/// One column per run, as high as its share of the largest.
fn spark(values: &[usize], ascii: bool) -> String {
    let levels: &[char] =
        if ascii { &['.', ':', '-', '=', '#'] } else { &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] };
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    values.iter().map(|value| levels[(value * (levels.len() - 1)).div_ceil(most)]).collect()
}

fn cell(counts: Counts) -> String {
    let pass = counts.pass.map_or("-".to_owned(), |pass| pass.to_string());
    format!("{}/{}/{pass}", counts.fail, counts.unknown)
}

fn table(history: &History, look: &Look) -> String {
    let screen = &look.screen;
    if look.quiet {
        let runs: usize = history.series.iter().map(|series| series.runs.len()).sum();
        let worse: usize =
            history.series.iter().filter_map(|own| own.runs.last()).map(|run| run.regressions.len()).sum();
        return format!("zdr-check history: {runs} runs; {worse} results got worse in the latest\n");
    }
    let mut out = format!("{}\n", screen.paint(style::BOLD, "zdr-check history: failures/unknown/passes per axis"));
    for series in &history.series {
        out.push('\n');
        out.push_str(&screen.paragraph(
            &Span::plain(""),
            &[Span::styled(screen.clean(&title(series)), style::BOLD)],
            Overlong::Break,
        ));
        out.push_str(&rows(series, screen));
        out.push_str(&regressions(series, screen));
    }
    let mut note = |text: String| {
        let text = screen.clean(&text).into_owned();
        out.push_str(&screen.paragraph(&Span::plain("  "), &[Span::plain(text)], Overlong::Break));
    };
    if !history.skipped.is_empty() {
        note(format!("skipped, neither a snapshot nor a report: {}", history.skipped.join(", ")));
    }
    for (name, why) in &history.unreadable {
        note(format!("unreadable: {name}: {why}"));
    }
    out
}

/// The runs as rows, and a line of columns per axis below them.
fn rows(series: &Series, screen: &Screen) -> String {
    let mut lines = vec![
        std::iter::once("READ (UTC)".to_owned())
            .chain(Axis::ALL.iter().map(|axis| axis.as_str().to_uppercase()))
            .chain(["SINCE THE RUN BEFORE".to_owned()])
            .collect::<Vec<_>>(),
    ];
    for (place, run) in series.runs.iter().enumerate() {
        let cells = run.axes.iter().map(|counts| cell(*counts));
        lines.push(std::iter::once(day(run)).chain(cells).chain([since(run, place == 0)]).collect());
    }
    let graph = |label: &str, value: fn(&Counts) -> usize| {
        let values = |axis: usize| series.runs.iter().map(|run| value(&run.axes[axis])).collect::<Vec<_>>();
        let sparks = (0..Axis::ALL.len()).map(|axis| spark(&values(axis), screen.symbols.ascii));
        std::iter::once(label.to_owned()).chain(sparks).chain([String::new()]).collect::<Vec<_>>()
    };
    lines.push(graph("failures", |counts| counts.fail));
    lines.push(graph("unknown", |counts| counts.unknown));
    let columns = Axis::ALL.len() + 2;
    let wide: Vec<usize> =
        (0..columns).map(|column| lines.iter().map(|line| width(&line[column])).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for line in lines {
        let mut text = String::from("  ");
        for (cell, wide) in line.iter().zip(&wide) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', wide.saturating_sub(width(cell)) + 2));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

/// What happened since the run before, in words.
pub(super) fn since(run: &Run, first: bool) -> String {
    let mut words = Vec::new();
    if !first {
        words.push(format!("{} worse, {} better", run.regressions.len(), run.better));
    }
    if run.other_policy {
        words.push("other policy".to_owned());
    }
    if !run.complete {
        words.push("incomplete".to_owned());
    }
    words.join("; ")
}

fn regressions(series: &Series, screen: &Screen) -> String {
    let mut out = String::new();
    for run in series.runs.iter().filter(|run| !run.regressions.is_empty()) {
        let head = format!("got worse by {} ({})", day(run), screen.clean(&run.file));
        out.push_str(&screen.paragraph(&Span::plain("  "), &[Span::styled(head, style::BOLD)], Overlong::Break));
        for change in run.regressions.iter().take(LISTED) {
            let rule = change.rule.as_deref().unwrap_or("-");
            let text = format!("{} {} {rule} {}", change.kind.as_str(), change.severity.as_str(), change.resource_id);
            let text = screen.clean(&text).into_owned();
            let mark = Span::styled(format!("    {} ", screen.symbols.fail), style::NOTICE);
            out.push_str(&screen.paragraph(&mark, &[Span::plain(text)], Overlong::Break));
        }
        if run.regressions.len() > LISTED {
            let more = format!("and {} more", run.regressions.len() - LISTED);
            out.push_str(&screen.paragraph(&Span::plain("      "), &[Span::plain(more)], Overlong::Break));
        }
    }
    out
}

#[derive(Serialize)]
struct JsonHistory<'a> {
    schema: &'static str,
    exit_code: u8,
    series: Vec<JsonSeries<'a>>,
    skipped: &'a [String],
    unreadable: Vec<JsonUnreadable<'a>>,
}

#[derive(Serialize)]
struct JsonUnreadable<'a> {
    file: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct JsonSeries<'a> {
    tenant_id: Option<&'a str>,
    cloud: &'a str,
    runs: Vec<JsonRun<'a>>,
}

#[derive(Serialize)]
struct JsonRun<'a> {
    file: &'a str,
    taken_at: String,
    complete: bool,
    accounts: usize,
    other_policy: bool,
    axes: serde_json::Map<String, serde_json::Value>,
    better: usize,
    regressions: Vec<JsonChange<'a>>,
}

#[derive(Serialize)]
struct JsonChange<'a> {
    kind: &'static str,
    rule: Option<&'a str>,
    severity: &'static str,
    resource_id: &'a str,
    message: &'a str,
}

impl<'a> From<&'a Change> for JsonChange<'a> {
    fn from(own: &'a Change) -> Self {
        Self {
            kind: own.kind.as_str(),
            rule: own.rule.as_deref(),
            severity: own.severity.as_str(),
            resource_id: &own.resource_id,
            message: &own.message,
        }
    }
}

fn json(history: &History, exit_code: u8) -> io::Result<String> {
    let axes = |run: &Run| {
        let all = Axis::ALL.iter().zip(&run.axes).map(|(axis, own)| {
            let counts = serde_json::json!({
                "pass": own.pass, "fail": own.fail, "unknown": own.unknown, "manual": own.manual
            });
            (axis.as_str().to_owned(), counts)
        });
        all.collect()
    };
    let series = history.series.iter().map(|own| JsonSeries {
        tenant_id: own.tenant_id.as_deref(),
        cloud: &own.cloud,
        runs: own
            .runs
            .iter()
            .map(|run| JsonRun {
                file: &run.file,
                taken_at: run.taken_at.to_string(),
                complete: run.complete,
                accounts: run.accounts,
                other_policy: run.other_policy,
                axes: axes(run),
                better: run.better,
                regressions: run.regressions.iter().map(JsonChange::from).collect(),
            })
            .collect(),
    });
    let shown = JsonHistory {
        schema: SCHEMA,
        exit_code,
        series: series.collect(),
        skipped: &history.skipped,
        unreadable: history.unreadable.iter().map(|(file, reason)| JsonUnreadable { file, reason }).collect(),
    };
    Ok(serde_json::to_string_pretty(&shown)? + "\n")
}
