//! From an assessment to something people and programs read: one file per format.
//!
//! A report prints what the assessment says and decides nothing, so that every format and the exit code tell the same story.

mod annotations;
mod azure_pipelines;
mod calendar;
mod clauses;
mod csv;
mod data_map;
mod diff;
mod fingerprint;
mod github;
mod gitlab;
mod harmless;
mod history;
mod html;
mod identity;
mod json;
mod junit;
mod markdown;
mod ocsf;
mod oscal;
mod rows;
mod sarif;
mod table;
mod waivers;
mod xlsx;

use std::io::{self, Write};

pub use self::data_map::{MapFormat, render as render_map};
pub use self::diff::{DiffFormat, render as render_diff};
pub use self::history::render as render_history;
pub use self::html::history::render as render_history_page;
pub use self::json::{ReadError, read_posture};
pub use self::markdown::summary as markdown_summary;
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
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For test reports: JUnit XML.
    Junit,
    /// For the log of GitHub Actions: annotations.
    Github,
    /// For the log of Azure Pipelines: logging commands.
    AzurePipelines,
    /// For GitLab: a code quality report.
    Gitlab,
    /// For job summaries, pull requests and wikis.
    Markdown,
    /// For spreadsheets: one row per result.
    Csv,
    /// For spreadsheets: a workbook.
    Xlsx,
    /// For auditors: one self-contained page.
    Html,
    /// For security data lakes: OCSF Compliance Findings.
    Ocsf,
    /// For compliance tools: OSCAL assessment results.
    Oscal,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 13] = [
        Self::Table,
        Self::Json,
        Self::Sarif,
        Self::Junit,
        Self::Github,
        Self::AzurePipelines,
        Self::Gitlab,
        Self::Markdown,
        Self::Csv,
        Self::Xlsx,
        Self::Html,
        Self::Ocsf,
        Self::Oscal,
    ];

    /// The word of the flag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::AzurePipelines => "azure-pipelines",
            Self::Gitlab => "gitlab",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
            Self::Ocsf => "ocsf",
            Self::Oscal => "oscal",
        }
    }

    /// Whether passing results are in a file of this format only with `--show-pass`: version 1 of the JSON report promises so,
    /// and code scanning shows every entry of the others as something to mend.
    pub fn passes_on_request(self) -> bool {
        match self {
            Self::Json | Self::Sarif | Self::Gitlab => true,
            Self::Table
            | Self::Junit
            | Self::Github
            | Self::AzurePipelines
            | Self::Markdown
            | Self::Csv
            | Self::Xlsx
            | Self::Html
            | Self::Ocsf
            | Self::Oscal => false,
        }
    }

    /// Whether the report is no text, so that a terminal has no use for it.
    pub fn is_binary(self) -> bool {
        match self {
            Self::Xlsx => true,
            Self::Table
            | Self::Json
            | Self::Sarif
            | Self::Junit
            | Self::Github
            | Self::AzurePipelines
            | Self::Gitlab
            | Self::Markdown
            | Self::Csv
            | Self::Html
            | Self::Ocsf
            | Self::Oscal => false,
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
        Format::Sarif => sarif::render(assessment, look, &mut buffered)?,
        Format::Junit => junit::render(assessment, &mut buffered)?,
        Format::Github => github::render(assessment, look, &mut buffered)?,
        Format::AzurePipelines => azure_pipelines::render(assessment, look, &mut buffered)?,
        Format::Gitlab => gitlab::render(assessment, look, &mut buffered)?,
        Format::Markdown => markdown::render(assessment, &mut buffered)?,
        Format::Csv => csv::render(assessment, &mut buffered)?,
        Format::Xlsx => xlsx::render(assessment, &mut buffered)?,
        Format::Html => html::render(assessment, &mut buffered)?,
        Format::Ocsf => ocsf::render(assessment, &mut buffered)?,
        Format::Oscal => oscal::render(assessment, &mut buffered)?,
    }
    buffered.flush()
}
