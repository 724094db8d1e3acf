//! A worksheet for one data subject request: the map with fields that an operator fills in, in the order of the guide's steps.

use std::io::{self, Write};

use jiff::civil::{Date, Weekday};

use super::csv::{put as put_row, writer};
use super::markdown::{every_request, head, places, put, steps, tail};
use super::view;
use crate::assessment::data_map::{Action, DataMap, Request};
use crate::report::markdown::{escape, table};

/// Fields of the request as a whole that nobody but the operator knows.
pub(in crate::report) const FIELDS: [&str; 6] = [
    "What is asked for (access, rectification, restriction, deletion, export)",
    "Identity checked by, on, how",
    "Ids of the person (user, e-mail, response, thread, conversation, scope, …)",
    "Handled by",
    "Extension: reason, told to the person on",
    "Closed on, by",
];

/// Columns of every step that the operator fills in.
pub(in crate::report) const DONE: [&str; 3] = ["done by", "on", "result"];

/// What is known of the request, as names and values.
pub(in crate::report) fn known(request: &Request) -> Vec<(&'static str, String)> {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let due = |day: Date, rule: &str| match day.weekday() {
        Weekday::Saturday | Weekday::Sunday => {
            format!("{} ({rule}; a weekend: under EU rules the next working day counts)", day.strftime("%A, %Y-%m-%d"))
        }
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => {
            format!("{} ({rule})", day.strftime("%A, %Y-%m-%d"))
        }
    };
    let gdpr = request.due.map(|own| due(own.gdpr, "one month after receipt"));
    let ccpa = request.due.map(|own| format!("{} (45 days after receipt)", own.ccpa.strftime("%A, %Y-%m-%d")));
    vec![
        ("Person or reference", request.subject.clone()),
        ("Received on", day(request.received)),
        ("Due under the GDPR", gdpr.unwrap_or_default()),
        ("Due under the CCPA", ccpa.unwrap_or_default()),
    ]
}

/// Writes the worksheet as Markdown.
pub(super) fn markdown(map: &DataMap, request: &Request, out: &mut dyn Write) -> io::Result<()> {
    let mut text = "# Worksheet for a data subject request\n\n".to_owned();
    let known = known(request).into_iter().map(|(name, value)| vec![name.to_owned(), escape(&value)]);
    let open = FIELDS.iter().map(|name| vec![(*name).to_owned(), " ".to_owned()]);
    text.push_str(&table(&["field", "value"], known.chain(open)));
    put(&mut text, format_args!("\n## Before you start\n\n{}\n{}\n", every_request(), head(map)));
    text.push_str("\n## Stores\n\n");
    put(&mut text, format_args!("{}\n", view::LEGEND));
    out.write_all(text.as_bytes())?;
    for (number, group) in view::groups(map).enumerate() {
        let sheet = group.sheet;
        let mut text = format!(
            "\n### {}. {}\n\nHolds {}. Kept for: {}.\n\n",
            number + 1,
            sheet.title,
            sheet.holds,
            escape(&group.keeps())
        );
        text.push_str(&places(&group));
        put(&mut text, format_args!("\n{}", steps(sheet, group.only(), &DONE)));
        if !sheet.cannot.is_empty() {
            put(&mut text, format_args!("\n**Tell the person, if it matters:** {}\n", sheet.cannot));
        }
        out.write_all(text.as_bytes())?;
    }
    out.write_all(tail(map).as_bytes())
}

/// Writes the worksheet as rows: one per place and step.
pub(super) fn csv(map: &DataMap, request: &Request, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = writer(out);
    writer.write_record([
        "subject", "received", "due_gdpr", "due_ccpa", "store", "place", "region", "presence", "why", "step", "who",
        "how", "cannot", "done_by", "done_on", "result", "scope",
    ])?;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let due = request.due;
    for row in &map.rows {
        for action in Action::ALL {
            let step = row.sheet.step(action);
            put_row(
                &mut writer,
                &[
                    request.subject.clone(),
                    day(request.received),
                    day(due.map(|own| own.gdpr)),
                    day(due.map(|own| own.ccpa)),
                    row.sheet.title.to_owned(),
                    row.place.name.clone(),
                    view::region(row),
                    row.presence.as_str().to_owned(),
                    view::why(row),
                    action.as_str().to_owned(),
                    step.actor.title().to_owned(),
                    view::plain(step.how, Some(row)),
                    row.sheet.cannot.to_owned(),
                    String::new(),
                    String::new(),
                    String::new(),
                    row.scope.clone(),
                ],
            )?;
        }
    }
    writer.flush()
}
