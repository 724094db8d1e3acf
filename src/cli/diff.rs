//! The command line of `zdr-check diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::PolicyArgs;

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  nothing got worse
  1  at least one new failure at or above --fail-on, or an approval that vanished
  2  usage: bad flag, or runs that cannot be compared
  3  unreadable input
  4  no such failure, but something became unknown on approved, pinned or stateless, or the newer run is incomplete";

/// `zdr-check diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The older run: a snapshot or a JSON report
    pub old: PathBuf,
    /// The newer run: a snapshot or a JSON report
    pub new: PathBuf,
    /// Format of the comparison
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: DiffFormatArg,
    /// How snapshots are judged; a JSON report was judged when it was written.
    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Formats of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormatArg {
    /// For people, fits the terminal.
    Table,
    /// For programs.
    Json,
    /// For pull requests and wikis.
    Markdown,
}
