//! The worksheet for one data subject request as a page to fill in, on screen after saving or on paper.

use std::io::{self, Write};

use maud::{Markup, html};

use super::Page;
use super::data_map::{absent, banner, blind, end, every_request, limits_of, places, start, steps, summary};
use crate::assessment::data_map::{DataMap, Request};
use crate::report::data_map::view::{self, Group};
use crate::report::data_map::worksheet::{DONE, FIELDS, known};

/// Anchors of the page with their names.
const CONTENTS: [(&str, &str); 6] = [
    ("request", "Request"),
    ("requests", "Time limits"),
    ("summary", "Summary"),
    ("stores", "Stores"),
    ("absent", "Proven absent"),
    ("blind", "Not looked at"),
];

/// Writes the page.
pub(in crate::report) fn render(map: &DataMap, request: &Request, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out };
    start(&mut page, "zdr-check: worksheet for a data subject request")?;
    page.put(&banner(map, "Worksheet for a data subject request", &CONTENTS))?;
    page.raw("<main id=\"content\" tabindex=\"-1\">\n")?;
    page.put(&fields(request))?;
    page.put(&every_request())?;
    page.put(&summary(map))?;
    page.put(&html! { h2.family #stores { "Stores" } p.small { (view::LEGEND) } })?;
    for (number, group) in view::groups(map).enumerate() {
        page.put(&block(number + 1, &group))?;
    }
    page.put(&absent(map))?;
    page.put(&blind(map))?;
    page.raw("</main>\n")?;
    end(&mut page)
}

fn fields(request: &Request) -> Markup {
    html! {
        section #request aria-labelledby="h-request" {
            h2 #h-request { "Request" }
            dl.fields {
                @for (name, value) in known(request) {
                    div { dt { (name) } dd { @if value.is_empty() { div.field {} } @else { bdi { (value) } } } }
                }
                @for name in FIELDS { div { dt { (name) } dd { div.field {} } } }
            }
        }
    }
}

fn block(number: usize, group: &Group<'_>) -> Markup {
    let own = group.sheet;
    html! {
        section.sheet id={ "s-" (own.id) } aria-labelledby={ "h-" (own.id) } {
            h3 id={ "h-" (own.id) } { (number) ". " (own.title) }
            p { "Holds " (own.holds) ". Kept for: " bdi { (group.keeps()) } "." }
            (places(group))
            (steps(own, group.only(), &DONE))
            (limits_of(own, "Tell the person, if it matters"))
        }
    }
}
