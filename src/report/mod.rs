//! From an assessment to something people and programs read: one file per format.
//!
//! A report prints what the assessment says and decides nothing, so that every format and the exit code tell the same story.

mod html;
mod json;
mod table;
mod waivers;

use std::io::{self, Write};

pub use self::waivers::draft as draft_waivers;
use crate::assessment::Assessment;
use crate::term::Screen;

/// Value of `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people at a terminal.
    Table,
    /// For programs: version 1 of the JSON report.
    Json,
    /// For auditors: one self-contained page.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Table, Self::Json, Self::Html];

    /// The word of the flag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Html => "html",
        }
    }
}

/// How a report looks; never what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The output.
    pub screen: Screen,
    /// Show passing results too; they are always counted.
    pub show_pass: bool,
    /// Show everything the reports otherwise cap or sum up.
    pub verbose: bool,
    /// One line only, where people are the readers.
    pub quiet: bool,
}

impl Look {
    /// The default look on `screen`.
    pub fn new(screen: Screen) -> Self {
        Self { screen, show_pass: false, verbose: false, quiet: false }
    }
}

/// Writes `assessment` to `out` and flushes it.
///
/// # Errors
/// When `out` does not take it.
pub fn render(format: Format, assessment: &Assessment, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut buffered = io::BufWriter::new(out);
    match format {
        Format::Table => table::render(assessment, look, &mut buffered)?,
        Format::Json => json::render(assessment, look, &mut buffered)?,
        Format::Html => html::render(assessment, &mut buffered)?,
    }
    buffered.flush()
}
