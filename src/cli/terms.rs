//! Arguments of `zdr-check terms`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use url::Url;

use super::ListFormatArg;
use crate::azure::pages::is_stand_in;

pub(super) const CHECK_EXIT_CODES: &str = "\
Exit codes:
  0  unchanged: every page and passage is as the lock file says
  1  changed: a page or a watched passage is another one; the rules that rely on it are named
  2  usage: bad flag or value, or a mistake in the lock file
  3  no page could be read
  4  nothing changed, but some pages could not be read";

/// `zdr-check terms`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct TermsArgs {
    /// What to do; without it, the statements are listed.
    #[command(subcommand)]
    pub command: Option<TermsCommand>,
    /// Format of the list
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: ListFormatArg,
}

/// The subcommands of `zdr-check terms`.
#[derive(Debug, Subcommand)]
pub enum TermsCommand {
    /// Explain one statement: claim, source, passage, rules, contradictions.
    Show(TermsShowArgs),
    /// Fetch the pages behind the rules and compare them with the lock file.
    #[command(after_help = CHECK_EXIT_CODES)]
    Check(TermsCheckArgs),
}

/// `zdr-check terms show`.
#[derive(Debug, Args)]
pub struct TermsShowArgs {
    /// Statement id, as `zdr-check terms` lists it
    pub id: String,
    /// Format
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: ListFormatArg,
}

/// `zdr-check terms check`.
#[derive(Debug, Args)]
pub struct TermsCheckArgs {
    /// Lock file: what the pages said when they were last read
    #[arg(long, value_name = "FILE", default_value = "zdr-terms.lock")]
    pub lock: PathBuf,
    /// Write what was found to the lock file, which accepts it
    #[arg(long)]
    pub update: bool,
    /// Only the pages of this statement; repeatable [default: every page]
    #[arg(long, value_name = "ID")]
    pub source: Vec<String>,
    /// Folder for the texts of pages, so that a later check can show what changed
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Format of the findings
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: ListFormatArg,
    /// PEM file with further certificate authorities
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Seconds one page may take
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = clap::value_parser!(u16).range(1..=600))]
    pub request_timeout: u16,
    /// Ask a server on this machine instead of a host, for tests and mirrors
    #[arg(long, value_name = "HOST=URL", value_parser = stand_in, hide = true)]
    pub resolve: Vec<(String, Url)>,
}

fn stand_in(text: &str) -> Result<(String, Url), String> {
    let (host, url) = text.split_once('=').ok_or("it must read HOST=URL")?;
    let url = Url::parse(url).map_err(|error| format!("{url}: {error}"))?;
    if host.is_empty() || !is_stand_in(&url) {
        return Err("it must read HOST=URL, and the URL must lead to this machine".to_owned());
    }
    Ok((host.to_ascii_lowercase(), url))
}
