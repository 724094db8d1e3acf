//! Arguments about snapshots: what a scan keeps, and the commands that verify, sign and mask it.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

pub(super) const VERIFY_CODES: &str = "\
Exit codes:
  0  intact: whole, and as it was written
  1  tampered: changed after it was written, or the signature is not that of the file and key
  2  usage: bad flag or key
  3  unreadable: no snapshot this program can read
  4  interrupted: as it was written, and without its end";

/// What to keep.
#[derive(Debug, Args)]
#[command(next_help_heading = "Snapshot")]
pub struct RecordArgs {
    /// Save everything read to a new file, compressed when its name ends in .zst
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    pub save_snapshot: Option<PathBuf>,
    /// Go on with the unfinished snapshot of an interrupted scan; its scope is the default
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    pub resume: Option<PathBuf>,
    /// With --resume, read again what is older: 90s, 30m, 12h or 7d
    #[arg(long, value_name = "DURATION", default_value = "1d", value_parser = age)]
    pub max_age: Duration,
    /// Mask ids and names at the source: in the saved snapshot and in every report of this run
    #[arg(long)]
    pub redact: bool,
    /// What stands for what, to be kept by its owner: a new file, or the one of an earlier snapshot [default: the snapshot's name with .map.json]
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub redact_map: Option<PathBuf>,
    /// Sign the finished snapshot with this minisign secret key, into its name with .minisig
    #[arg(long, value_name = "FILE")]
    pub sign_key: Option<PathBuf>,
    /// File whose first line is the password of the key [default: `ZDR_CHECK_KEY_PASSWORD`]
    #[arg(long, value_name = "FILE", requires = "sign_key")]
    pub password_file: Option<PathBuf>,
    /// Stop reading after so many seconds and report what is known
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub deadline: Option<u32>,
}

/// `zdr-check verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Snapshot to check
    pub file: PathBuf,
    /// Detached minisign signature of the file
    #[arg(long, value_name = "FILE", requires = "public_key")]
    pub signature: Option<PathBuf>,
    /// minisign public key: a file, or the key itself
    #[arg(long, value_name = "FILE|KEY", requires = "signature")]
    pub public_key: Option<String>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: VerifyFormat,
}

/// Formats of `verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// `zdr-check sign`.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// Snapshot to sign
    pub file: PathBuf,
    /// minisign secret key; a password is taken from --password-file or `ZDR_CHECK_KEY_PASSWORD`
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// File whose first line is the password of the key
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Where to [default: the snapshot's name with .minisig]
    #[arg(long, value_name = "FILE")]
    pub signature: Option<PathBuf>,
}

/// `zdr-check redact`.
#[derive(Debug, Args)]
pub struct RedactArgs {
    /// Snapshot to mask
    pub input: PathBuf,
    /// Masked snapshot, a new file
    pub output: PathBuf,
    /// What stands for what, with the key of the masks: a new file, or the one of an earlier snapshot; keep it to yourself
    #[arg(long, value_name = "FILE")]
    pub map: PathBuf,
}

fn age(text: &str) -> Result<Duration, String> {
    const CENTURY: u64 = 36_500 * 24 * 60 * 60;
    let wrong = || "give a number and a unit: 90s, 30m, 12h or 7d".to_owned();
    let unit = text.chars().next_back().filter(char::is_ascii).ok_or_else(wrong)?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    let all = number.checked_mul(seconds).filter(|all| *all <= CENTURY).ok_or("it is longer than a century")?;
    Ok(Duration::from_secs(all))
}
