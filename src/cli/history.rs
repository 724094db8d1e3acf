//! Arguments of `zdr-check history`.

use std::path::PathBuf;

use clap::Args;

use super::{ListFormatArg, PolicyArgs};

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  drawn
  2  usage: bad flag, value or policy file
  3  nothing in the folder could be read
  4  drawn, but some files could not be read";

/// `zdr-check history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Folder with snapshots and JSON reports
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Format on stdout
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: ListFormatArg,
    /// Also write a page with charts
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// How snapshots are judged; reports keep what they say.
    #[command(flatten)]
    pub policy: PolicyArgs,
}
