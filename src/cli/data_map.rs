//! Arguments of `zdr-check data-map`.

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::{AccessArgs, RecordArgs, ReportFile, ScopeArgs, SelectArgs, report_file};

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  written, and everything the map depends on was read
  2  usage: bad flag or value
  3  no map: no sign-in, nothing visible, or unreadable input
  4  written, but something the map depends on could not be read; its rows say unknown";

/// `zdr-check data-map`.
#[derive(Debug, Args)]
pub struct DataMapArgs {
    /// What to read.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Which part of it.
    #[command(flatten)]
    pub select: SelectArgs,
    /// What to keep.
    #[command(flatten)]
    pub record: RecordArgs,
    /// What to print.
    #[command(flatten)]
    pub output: MapOutputArgs,
    /// How to reach Azure.
    #[command(flatten)]
    pub access: AccessArgs,
}

/// What to print.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reports")]
pub struct MapOutputArgs {
    /// Format of the map on stdout [default: table; with --subject markdown]
    #[arg(short, long, value_enum)]
    pub format: Option<MapFormatArg>,
    /// Also write the map to a file; repeatable
    #[arg(long, value_name = "FORMAT=PATH", value_parser = report_file::<MapFormatArg>)]
    pub report: Vec<ReportFile<MapFormatArg>>,
    /// Make a worksheet for one request, with fields to fill in; the name or reference is written into it and nowhere else
    #[arg(long, value_name = "NAME-OR-REFERENCE", value_parser = subject)]
    pub subject: Option<String>,
    /// Day on which the request was received; the worksheet then says until when it has to be answered
    #[arg(long, value_name = "DATE", requires = "subject", value_parser = day)]
    pub received: Option<Date>,
}

/// Formats of a data map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MapFormatArg {
    /// For people, fits the terminal.
    Table,
    /// JSON, version 1.
    Json,
    /// Markdown page, for wikis and records of processing.
    Markdown,
    /// One row per store, safe to open in a spreadsheet.
    Csv,
    /// One self-contained page.
    Html,
}

/// A reference is a line, not a text.
fn subject(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("it is empty; give a name or a reference".to_owned()),
        1..=200 => Ok(text.to_owned()),
        _ => Err("it has more than 200 characters; give a name or a reference".to_owned()),
    }
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "give a date like 2027-03-31".to_owned())
}
