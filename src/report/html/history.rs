//! Posture over time as one page: a chart per axis and the numbers behind it as a table. Like the report for auditors it
//! stands alone, runs no script and loads nothing.

use std::io::{self, Write};

use maud::{Markup, html};

use super::{Page, STYLE, count, head};
use crate::assessment::history::{Counts, History, Run, Series};
use crate::outcome::Axis;
use crate::report::history::{day, since, title};

/// Height of a chart, and width of a column with its gap, in units of the drawing.
const HEIGHT: usize = 80;
const COLUMN: usize = 12;
const STEP: usize = 16;

const CHART: &str = "\
.chart { display: block; width: 100%; height: 6rem; border-bottom: 1px solid var(--line); }
.chart rect { fill: var(--c); stroke: var(--page); stroke-width: 0.5; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; }
figure { margin: 0; }
table.runs td, table.runs th { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; }
.scroll { overflow-x: auto; }
";

/// Writes the page.
///
/// # Errors
/// When `out` does not take it.
pub fn render(history: &History, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out };
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n")?;
    page.put(&head(&[STYLE, CHART], None, "zdr-check: posture over time"))?;
    page.raw("<style>")?;
    page.raw(STYLE)?;
    page.raw("</style>\n<style>")?;
    page.raw(CHART)?;
    page.raw("</style>\n</head>\n<body>\n")?;
    page.put(&html! { header { h1 { "zdr-check: posture over time" } p.small { (legend()) } } })?;
    page.raw("<main id=\"content\">\n")?;
    for series in &history.series {
        page.put(&section(series))?;
    }
    page.put(&files(history))?;
    page.raw("</main>\n</body>\n</html>\n")
}

fn legend() -> &'static str {
    "A column per run, the oldest first: failures at the bottom, above them what is unknown, on top what a person must attest. \
     Advice is not counted. The tables hold the same numbers."
}

fn section(series: &Series) -> Markup {
    html! {
        section.subscription {
            h2 { bdi { (title(series)) } }
            div.charts {
                @for (place, axis) in Axis::ALL.into_iter().enumerate() {
                    figure {
                        figcaption { (axis.as_str()) }
                        (chart(axis, place, &series.runs))
                    }
                }
            }
            div.scroll tabindex="0" role="region" aria-label={ "Runs of " (title(series)) } {
                table.runs {
                    thead { tr {
                        th scope="col" { "Read (UTC)" }
                        @for axis in Axis::ALL { th scope="col" { (axis.as_str()) } }
                        th scope="col" { "Since the run before" }
                        th scope="col" { "File" }
                    } }
                    tbody {
                        @for (place, run) in series.runs.iter().enumerate() {
                            tr {
                                th scope="row" { (day(run)) }
                                @for counts in &run.axes { td { (words(*counts)) } }
                                td { (since(run, place == 0)) }
                                td { bdi { (run.file) } }
                            }
                        }
                    }
                }
            }
            @for run in series.runs.iter().filter(|run| !run.regressions.is_empty()) { (regressions(run)) }
        }
    }
}

fn regressions(run: &Run) -> Markup {
    html! {
        details {
            summary { (count(run.regressions.len(), "result")) " got worse by " (day(run)) }
            ul {
                @for change in &run.regressions {
                    li {
                        strong { (change.kind.as_str()) } " (" (change.severity.as_str()) ") "
                        code { (change.rule.as_deref().unwrap_or("-")) } " " bdi { (change.resource_id) } ": "
                        bdi { (change.message) }
                    }
                }
            }
        }
    }
}

fn words(counts: Counts) -> String {
    let pass = counts.pass.map_or(String::new(), |pass| format!(", {pass} pass"));
    format!("{} fail, {} unknown, {} manual{pass}", counts.fail, counts.unknown, counts.manual)
}

fn chart(axis: Axis, place: usize, runs: &[Run]) -> Markup {
    let counts = || runs.iter().map(|run| run.axes[place]);
    let most = counts().map(|own| own.fail + own.unknown + own.manual).max().unwrap_or(0).max(1);
    let first_and_last =
        [runs.first(), runs.last()].map(|run| run.map(|run| words(run.axes[place])).unwrap_or_default());
    let label = format!("{}: at first {}; at last {}", axis.as_str(), first_and_last[0], first_and_last[1]);
    let wide = runs.len() * STEP;
    html! {
        svg.chart role="img" aria-label=(label) viewBox={ "0 0 " (wide) " " (HEIGHT) } preserveAspectRatio="xMinYMax meet" {
            @for (column, own) in counts().enumerate() { (bar(column * STEP, own, most, &runs[column])) }
        }
    }
}

fn bar(x: usize, counts: Counts, most: usize, run: &Run) -> Markup {
    let parts = [("fail", counts.fail), ("unknown", counts.unknown), ("manual", counts.manual)];
    let mut below = 0;
    let stacked = parts.map(|(class, number)| {
        let height = number * HEIGHT / most;
        below += height;
        (class, height, HEIGHT - below)
    });
    html! {
        g {
            title { (day(run)) ": " (words(counts)) }
            @for (class, height, y) in stacked {
                @if height > 0 { rect class=(class) x=(x) y=(y) width=(COLUMN) height=(height) {} }
            }
        }
    }
}

fn files(history: &History) -> Markup {
    html! {
        @if !history.skipped.is_empty() || !history.unreadable.is_empty() {
            section {
                h2 { "Files that are not drawn" }
                ul {
                    @for (name, why) in &history.unreadable { li { bdi { (name) } ": unreadable: " bdi { (why) } } }
                    @for name in &history.skipped { li { bdi { (name) } ": neither a snapshot nor a report" } }
                }
            }
        }
    }
}
