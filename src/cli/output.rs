//! Arguments about what a run prints and writes.

use std::path::PathBuf;

use clap::Args;

use super::{FormatArg, ReportFile, report_file};

/// What to print.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reports")]
pub struct OutputArgs {
    /// Format of the report on stdout
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: FormatArg,
    /// Also write a report to a file; repeatable
    #[arg(long, value_name = "FORMAT=PATH", value_parser = report_file::<FormatArg>)]
    pub report: Vec<ReportFile>,
    /// Also write a Markdown page for a job summary: 1 MB at most, and what does not fit is named
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Compare with an earlier run, a snapshot or a JSON report, and report what changed since
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// With --baseline, only failures that it did not have fail the run
    #[arg(long, requires = "baseline")]
    pub regressions_only: bool,
    /// Lock file of `terms check`, for the day each source was last checked [default: zdr-terms.lock, when it is there]
    #[arg(long, value_name = "FILE")]
    pub terms_lock: Option<PathBuf>,
    /// Draft a waiver for every failure into a new file, to be edited
    #[arg(long, value_name = "FILE")]
    pub write_waivers: Option<PathBuf>,
    /// Include passing results
    #[arg(long)]
    pub show_pass: bool,
}
