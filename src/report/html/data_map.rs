//! The data map as one page that stands alone, for records of processing and for whoever answers a request.

use std::io::{self, Write};

use maud::{Markup, html};

use super::coverage::table;
use super::{Page, STYLE, count, head, mark};
use crate::assessment::data_map::{Action, DataMap, Family, Ground, LIMITS, PRINCIPLES, Presence, Row, Sheet, grounds};
use crate::report::data_map::view::{self, Group, Piece};

/// Additions to the style of the page.
pub(super) const MAP: &str = include_str!("data_map.css");

/// Writes the page.
pub(in crate::report) fn render(map: &DataMap, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out };
    start(&mut page, &format!("zdr-check: data map, {}", map.run.finished_at.strftime("%Y-%m-%d")))?;
    page.put(&banner(map, "Data map", &CONTENTS))?;
    page.raw("<main id=\"content\" tabindex=\"-1\">\n")?;
    page.put(&summary(map))?;
    page.put(&overview(map))?;
    let mut family: Option<Family> = None;
    for group in view::groups(map) {
        if family.replace(group.sheet.family) != Some(group.sheet.family) {
            page.put(&html! { h2.family id={ "f-" (group.sheet.family.as_str()) } { (group.sheet.family.title()) } })?;
        }
        page.put(&sheet(&group))?;
    }
    page.put(&absent(map))?;
    page.put(&blind(map))?;
    page.put(&every_request())?;
    page.raw("</main>\n")?;
    end(&mut page)
}

/// Anchors of the page with their names.
const CONTENTS: [(&str, &str); 5] = [
    ("summary", "Summary"),
    ("overview", "Overview"),
    ("absent", "Proven absent"),
    ("blind", "Not looked at"),
    ("requests", "Every request"),
];

/// Everything in front of the banner.
pub(super) fn start(page: &mut Page<'_>, title: &str) -> io::Result<()> {
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n")?;
    page.put(&head(&[STYLE, MAP], None, title))?;
    page.raw("<style>")?;
    page.raw(STYLE)?;
    page.raw("</style>\n<style>")?;
    page.raw(MAP)?;
    page.raw("</style>\n</head>\n<body>\n")?;
    page.put(&mark::symbols())
}

/// Everything behind the last section.
pub(super) fn end(page: &mut Page<'_>) -> io::Result<()> {
    page.put(&html! {
        footer {
            p {
                "Written by zdr-check " (env!("CARGO_PKG_VERSION")) ". This page loads nothing from anywhere. A store is on it "
                "until something proves that it is not there."
            }
            p { "Known from documentation and settings, not from looking at content; not legal advice and not a certificate." }
        }
    })?;
    page.raw("</body>\n</html>\n")
}

/// The head of the page: what it is, and whether it is real.
pub(super) fn banner(map: &DataMap, title: &str, contents: &[(&str, &str)]) -> Markup {
    html! {
        a.skip href="#content" { "Skip to the map" }
        header {
            p.product { "zdr-check" }
            h1 { (title) }
            p.lead {
                "Where prompts, answers and files of people may be kept, for how long, and how each step of a data subject "
                "request is carried out there: " (count(map.accounts, "account")) ", read "
                (view::moment(map.run.finished_at)) "."
            }
            @if let Some((word, text)) = view::unreal(map) { p.unreal { strong { (word) } " " (text) } }
            nav aria-label="Contents" { ul { @for (anchor, name) in contents { li { a href={ "#" (anchor) } { (name) } } } } }
        }
    }
}

/// How many stores there are of each certainty, and whether that is all.
pub(super) fn summary(map: &DataMap) -> Markup {
    let class = if map.complete { "pass" } else { "unknown" };
    let tenants = &map.tenants;
    html! {
        section #summary aria-labelledby="h-summary" {
            h2 #h-summary { "Summary" }
            div class={ "verdict " (class) } {
                div {
                    p.word { @if map.complete { "complete" } @else { "incomplete" } }
                    p { (view::verdict(map)) }
                    p.small { "Exit code " strong { (map.exit_code) } "." }
                }
            }
            ul.words {
                @for presence in Presence::ALL {
                    li { (badge(presence, Some(map.count(presence)))) " " (view::meaning(presence)) }
                }
                li { span.b.pass { (map.absent.len()) " absent" } " proven not to be there" }
            }
            dl.facts {
                (fact("Scope", &html! { bdi { (map.run.scopes.join(", ")) } }))
                (fact("Tenant", &html! {
                    @if tenants.is_empty() { "not known" } @else { bdi { (tenants.join(", ")) } }
                }))
                (fact("Source", &html! { (map.run.source.as_str()) ", " (map.run.cloud.as_str()) " cloud" }))
                (fact("Tool", &html! { "zdr-check " (env!("CARGO_PKG_VERSION")) }))
            }
        }
    }
}

fn fact(name: &str, value: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// A certainty as mark and word, with a number in front of it.
pub(super) fn badge(presence: Presence, number: Option<usize>) -> Markup {
    let outcome = view::mark(presence);
    html! {
        span class={ "b " (outcome.as_str()) } {
            (mark::symbol(outcome)) @if let Some(number) = number { (number) " " } (presence.as_str())
        }
    }
}

fn overview(map: &DataMap) -> Markup {
    let heads = ["store", "places", "kept by", "personal data", "kept for", "who acts"];
    let rows = html! {
        @for group in view::groups(map) {
            tr role="row" {
                th role="rowheader" scope="row" data-label=(heads[0]) { a href={ "#s-" (group.sheet.id) } { (group.sheet.title) } }
                (cell(heads[1], &html! { span.counts { @for (own, number) in group.counts() { (badge(own, Some(number))) " " } } }))
                (cell(heads[2], &html! { (group.sheet.keeper.title()) }))
                (cell(heads[3], &html! { (group.sheet.personal.title()) }))
                (cell(heads[4], &html! { bdi { (group.keeps()) } }))
                (cell(heads[5], &html! { (view::actors(group.sheet)) }))
            }
        }
    };
    html! {
        section #overview aria-labelledby="h-overview" {
            h2 #h-overview { "Overview" }
            (table("Kinds of stores, and what to know of each", &heads, &rows))
        }
    }
}

/// A cell that names its column where the head is not shown.
pub(super) fn cell(label: &str, content: &Markup) -> Markup {
    html! { td role="cell" data-label=(label) { div { (content) } } }
}

fn sheet(group: &Group<'_>) -> Markup {
    let own = group.sheet;
    html! {
        section.sheet id={ "s-" (own.id) } aria-labelledby={ "h-" (own.id) } {
            h3 id={ "h-" (own.id) } { (own.title) }
            p { "Holds " (own.holds) "." }
            dl.facts {
                (fact("Kept by", &html! { (own.keeper.title()) }))
                (fact("Personal data", &html! { (own.personal.title()) }))
                (fact("Kept for", &html! { bdi { (group.keeps()) } }))
                @if let Some(clock) = own.clock() { (fact("Ends sooner", &html! { (clock.end) })) }
            }
            (places(group))
            (steps(own, group.only(), &[]))
            @if group.only().is_none() { p.small { (view::LEGEND) } }
            (limits_of(own, "What cannot be done, and why"))
            (sources(own))
        }
    }
}

/// What cannot be done with a kind of store.
pub(super) fn limits_of(sheet: &Sheet, title: &str) -> Markup {
    html! { @if !sheet.cannot.is_empty() { p.cannot { strong { (title) ": " } (sheet.cannot) } } }
}

/// Every place of a kind of store.
pub(super) fn places(group: &Group<'_>) -> Markup {
    let heads = ["place", "certainty", "region", "kept for", "why"];
    let rows = html! { @for own in group.rows { (place(own, group, &heads)) } };
    html! {
        @if let Some(why) = group.shared() { p.why { (why) } }
        (table(&format!("{}: places", group.sheet.title), &heads, &rows))
    }
}

fn place(row: &Row, group: &Group<'_>, heads: &[&str; 5]) -> Markup {
    let several = group.only().is_none();
    html! {
        tr role="row" {
            th role="rowheader" scope="row" data-label=(heads[0]) {
                div {
                    bdi { (row.place.name) }
                    @if !row.used_by.is_empty() { div.small { "used by " bdi { (view::users(row)) } } }
                    @if several { @if let Some(endpoint) = &row.endpoints.account { div.small { bdi { (endpoint) } } } }
                    @if several { @for project in &row.endpoints.projects { div.small { bdi { (project) } } } }
                }
            }
            (cell(heads[1], &badge(row.presence, None)))
            (cell(heads[2], &html! { bdi { (view::region(row)) } }))
            (cell(heads[3], &html! {
                bdi { (row.keeps) }
                @if let Some(at) = row.gone_by { div.small { "latest content gone by " (at.strftime("%Y-%m-%d")) } }
            }))
            (cell(heads[4], &html! { @for why in group.why(row) { div { bdi { (why) } } } }))
        }
    }
}

/// The six steps, and `more` columns to fill in.
pub(super) fn steps(sheet: &Sheet, row: Option<&Row>, more: &[&str]) -> Markup {
    let heads: Vec<&str> = ["step", "who", "how"].into_iter().chain(more.iter().copied()).collect();
    let rows = html! {
        @for action in Action::ALL {
            tr role="row" {
                th role="rowheader" scope="row" data-label="step" { div { (action.title()) } }
                (cell("who", &html! { (sheet.step(action).actor.title()) }))
                (cell("how", &how(&view::pieces(sheet.step(action).how, row))))
                @for name in more { td.fill role="cell" data-label=(name) { div {} } }
            }
        }
    };
    html! { div.steps { (table(&format!("{}: the six steps", sheet.title), &heads, &rows)) } }
}

fn how(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @match piece {
                Piece::Text(text) => { (text) }
                Piece::Code(text) => { code { bdi { (text) } } }
            }
        }
    }
}

fn sources(sheet: &Sheet) -> Markup {
    let all = grounds(sheet.statements);
    html! {
        details.grounds {
            summary { (count(all.len(), "source")) }
            ul.plain {
                @for own in &all {
                    li {
                        (own.claim) " " (page_of(own))
                        @for other in &own.against { div.against { strong { "Contradicted: " } (other.claim) " " (page_of(other)) } }
                    }
                }
                @if let Some(clock) = sheet.clock() {
                    li { "Retention: " a href=(clock.source.url) rel="noopener noreferrer" { (clock.source.title) } ", " (clock.source.date) }
                }
            }
        }
    }
}

fn page_of(own: &Ground) -> Markup {
    html! {
        span.small {
            a href=(own.url) rel="noopener noreferrer" { (own.title) } ", " (view::dated(own)) ", " (own.standing)
        }
    }
}

/// Stores that are proven not to be there.
pub(super) fn absent(map: &DataMap) -> Markup {
    html! {
        section #absent aria-labelledby="h-absent" {
            h2 #h-absent { "Proven absent" }
            @if map.absent.is_empty() { p { "Nothing is proven absent." } }
            @for (title, all) in view::absent_groups(map) {
                details {
                    summary { strong { (title) } " in " (count(all.len(), "place")) }
                    ul.plain { @for own in all { li { strong { bdi { (own.name) } } ": " bdi { (own.why) } } } }
                }
            }
        }
    }
}

/// What the map does not look at, and what could not be read.
pub(super) fn blind(map: &DataMap) -> Markup {
    let heads = ["where", "call", "cause", "missing right"];
    let rows = html! {
        @for own in &map.coverage.unreadable {
            tr role="row" {
                th role="rowheader" scope="row" data-label=(heads[0]) { div { bdi { (own.scope) } } }
                (cell(heads[1], &html! { (own.operation) }))
                (cell(heads[2], &html! { (own.cause) }))
                (cell(heads[3], &html! { @if let Some(action) = &own.action { code { (action) } } @else { "none" } }))
            }
        }
    };
    html! {
        section #blind aria-labelledby="h-blind" {
            h2 #h-blind { "Not looked at" }
            ul.rows { @for own in &map.blind { li { strong { bdi { (own.what) } } ": " bdi { (own.why) } } } }
            @if !map.coverage.unreadable.is_empty() {
                h3 { "Could not be read" }
                (table("Reads that failed, and the right that would allow them", &heads, &rows))
            }
        }
    }
}

/// What holds for every request, and how long everything may take.
pub(super) fn every_request() -> Markup {
    let source = |id: &'static str| html! { @for own in grounds([&id]) { (page_of(&own)) } };
    let heads = ["time limit", "how long", "source"];
    let rows = html! {
        @for own in LIMITS {
            tr role="row" {
                th role="rowheader" scope="row" data-label=(heads[0]) { div { (own.what) } }
                (cell(heads[1], &html! { (own.time) }))
                (cell(heads[2], &source(own.statement)))
            }
        }
    };
    html! {
        section #requests aria-labelledby="h-requests" {
            h2 #h-requests { "Every request" }
            ul.rows { @for (text, statement) in PRINCIPLES { li { (text) " " (source(statement)) } } }
            (table("Time limits", &heads, &rows))
        }
    }
}
