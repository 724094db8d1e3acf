//! The data map as something people fill in and file, and programs read: one file per format. Pages are drawn in `html`.

mod csv;
mod json;
mod markdown;
mod table;
pub(super) mod view;
pub(super) mod worksheet;

use std::io::{self, Write};

use super::{Look, html};
use crate::assessment::data_map::DataMap;

/// Value of `--format` of `data-map`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MapFormat {
    /// For people at a terminal.
    Table,
    /// For programs: version 1 of the data map.
    Json,
    /// For wikis and records of processing.
    Markdown,
    /// For spreadsheets: one row per store.
    Csv,
    /// One self-contained page.
    Html,
}

impl MapFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Table, Self::Json, Self::Markdown, Self::Csv, Self::Html];

    /// The word of the flag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }
}

/// Writes `map` to `out` and flushes it: with a request, as its worksheet where the format has one.
///
/// # Errors
/// When `out` does not take it.
pub fn render(format: MapFormat, map: &DataMap, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut buffered = io::BufWriter::new(out);
    match (format, &map.request) {
        (MapFormat::Table, _) => table::render(map, look, &mut buffered)?,
        (MapFormat::Json, _) => json::render(map, &mut buffered)?,
        (MapFormat::Markdown, None) => markdown::render(map, &mut buffered)?,
        (MapFormat::Markdown, Some(request)) => worksheet::markdown(map, request, &mut buffered)?,
        (MapFormat::Csv, None) => csv::render(map, &mut buffered)?,
        (MapFormat::Csv, Some(request)) => worksheet::csv(map, request, &mut buffered)?,
        (MapFormat::Html, None) => html::data_map::render(map, &mut buffered)?,
        (MapFormat::Html, Some(request)) => html::worksheet::render(map, request, &mut buffered)?,
    }
    buffered.flush()
}
