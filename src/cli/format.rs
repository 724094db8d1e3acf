//! Formats of reports and lists, and reports that go to files.

use std::path::PathBuf;

use clap::ValueEnum;

use super::did_you_mean;

/// Report formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// For people, fits the terminal.
    Table,
    /// JSON report, version 1.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Annotations for the log of GitHub Actions.
    Github,
    /// Logging commands for Azure Pipelines.
    AzurePipelines,
    /// Code quality report for GitLab.
    Gitlab,
    /// Markdown page, for job summaries, pull requests and wikis.
    Markdown,
    /// One row per result, safe to open in a spreadsheet.
    Csv,
    /// Workbook with summary, accounts, results and coverage.
    Xlsx,
    /// One self-contained page, for auditors.
    Html,
    /// OCSF Compliance Findings as JSON Lines, for Sentinel and Security Lake.
    Ocsf,
    /// OSCAL assessment results.
    Oscal,
}

/// Formats of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormatArg {
    /// For people, fits the terminal.
    Table,
    /// For programs.
    Json,
}

/// A report that goes to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile<F = FormatArg> {
    /// Its format.
    pub format: F,
    /// Where to.
    pub path: PathBuf,
}

/// A value of `--report`.
pub(super) fn report_file<F: ValueEnum>(text: &str) -> Result<ReportFile<F>, String> {
    let (format, path) = text.split_once('=').ok_or("it must read FORMAT=PATH, for example json=report.json")?;
    if path.is_empty() {
        return Err("the path is empty; it must read FORMAT=PATH".to_owned());
    }
    let format = F::from_str(format, true).map_err(|_| {
        let words: Vec<String> = F::value_variants()
            .iter()
            .filter_map(F::to_possible_value)
            .map(|value| value.get_name().to_owned())
            .collect();
        format!("{format} is no format; use one of {}{}", words.join(", "), did_you_mean(format, &words))
    })?;
    Ok(ReportFile { format, path: PathBuf::from(path) })
}
