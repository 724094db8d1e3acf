//! The map for spreadsheets: one row per store and place, then one per store that is proven absent.

use std::io::{self, Write};

use ::csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::view;
use crate::assessment::data_map::{Absent, Action, DataMap, Row, grounds};
use crate::report::csv::inert;
use crate::term::sanitise;

/// Titles of the columns. Programs find columns by them: a title never changes, a new one comes last.
const COLUMNS: [&str; 27] = [
    "family",
    "store",
    "title",
    "presence",
    "why",
    "place",
    "region",
    "geography",
    "managed_by",
    "used_by",
    "personal_data",
    "holds",
    "items",
    "oldest_item",
    "keeps",
    "gone_by",
    "who_acts",
    "discover",
    "access",
    "rectify",
    "restrict",
    "delete",
    "export",
    "cannot",
    "sources",
    "scope",
    "read_at",
];

/// Writes the map.
pub(super) fn render(map: &DataMap, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = writer(out);
    writer.write_record(COLUMNS)?;
    let read_at = map.run.finished_at.to_string();
    for own in &map.rows {
        put(&mut writer, &row(own, &read_at))?;
    }
    for own in &map.absent {
        put(&mut writer, &absent(own, &read_at))?;
    }
    writer.flush()
}

/// A writer of fields that are all quoted (RFC 4180).
pub(super) fn writer(out: &mut dyn Write) -> Writer<&mut dyn Write> {
    WriterBuilder::new().quote_style(QuoteStyle::Always).terminator(Terminator::CRLF).from_writer(out)
}

/// Writes a record in which nothing is read as a formula or hidden.
pub(super) fn put(writer: &mut Writer<&mut dyn Write>, record: &[String]) -> io::Result<()> {
    let safe = record.iter().map(|text| inert(&sanitise(text)).into_owned());
    Ok(writer.write_record(safe)?)
}

fn row(row: &Row, read_at: &str) -> Vec<String> {
    let sheet = row.sheet;
    let step =
        |action| format!("{}: {}", sheet.step(action).actor.title(), view::plain(sheet.step(action).how, Some(row)));
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let items =
        |count: &crate::assessment::data_map::Count| format!("{}{}", count.items, if count.more { "+" } else { "" });
    let sources = grounds(sheet.statements)
        .iter()
        .map(|own| format!("{} ({}) {}", own.title, view::dated(own), own.url))
        .collect::<Vec<_>>();
    let mut all = vec![
        sheet.family.as_str().to_owned(),
        sheet.id.to_owned(),
        sheet.title.to_owned(),
        row.presence.as_str().to_owned(),
        view::why(row),
        row.place.name.clone(),
        optional(&row.place.location),
        optional(&row.place.geography),
        sheet.keeper.as_str().to_owned(),
        view::users(row),
        sheet.personal.title().to_owned(),
        sheet.holds.to_owned(),
        row.count.as_ref().map(items).unwrap_or_default(),
        row.count.as_ref().and_then(|count| count.oldest).map(|at| at.to_string()).unwrap_or_default(),
        row.keeps.clone(),
        row.gone_by.map(|at| at.to_string()).unwrap_or_default(),
        view::actors(sheet),
    ];
    all.extend(Action::ALL.map(step));
    all.extend([sheet.cannot.to_owned(), sources.join("; "), row.scope.clone(), read_at.to_owned()]);
    all
}

fn absent(absent: &Absent, read_at: &str) -> Vec<String> {
    let mut all = vec![String::new(); COLUMNS.len()];
    let filled = [
        (0, absent.sheet.map_or("service", |sheet| sheet.family.as_str())),
        (1, absent.sheet.map_or("all", |sheet| sheet.id)),
        (2, view::absent_title(absent)),
        (3, "absent"),
        (4, &absent.why),
        (5, &absent.name),
        (25, &absent.scope),
        (26, read_at),
    ];
    for (column, text) in filled {
        text.clone_into(&mut all[column]);
    }
    all
}
