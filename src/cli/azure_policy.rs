//! The command line of `zdr-check policy`, and the boundary that it shares with scans.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::tools::{management_group, subscription_id};
use super::{Location, location, pin_parser};
use crate::knowledge::processing::Pin;

/// `zdr-check policy`.
#[derive(Debug, Args)]
pub struct AzurePolicyArgs {
    /// Form of the template
    #[arg(short, long, value_enum, default_value = "json")]
    pub format: AzurePolicyFormatArg,
    /// Write one file per definition and the initiative into this folder instead; it is made when it is not there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Overwrite files that are there
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Define them in this subscription, by id; a template is deployed to any [default: that of the deployment]
    #[arg(short, long, value_name = "ID", value_parser = subscription_id, conflicts_with = "management_group")]
    pub subscription: Option<String>,
    /// Define them in this management group, by id
    #[arg(long, value_name = "ID", value_parser = management_group)]
    pub management_group: Option<String>,
    /// What to require.
    #[command(flatten)]
    pub boundary: BoundaryArgs,
}

/// Forms of definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AzurePolicyFormatArg {
    /// An ARM template, as `az deployment sub create` and `az deployment mg create` read it.
    Json,
    /// The same in Bicep.
    Bicep,
}

/// Where prompts and accounts may be.
#[derive(Debug, Args)]
#[command(next_help_heading = "Policy")]
pub struct BoundaryArgs {
    /// Policy file [default: zdr-check.toml in the working directory or a folder above it]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Use no policy file, nor a zdr-terms.lock that is not named
    #[arg(long)]
    pub no_config: bool,
    /// Boundary inside which prompts must be processed [default: geography]
    #[arg(long, value_name = "BOUNDARY", ignore_case = true, value_parser = pin_parser())]
    pub pin: Option<Pin>,
    /// Where accounts may be: a region, a geography (`sweden`) or `zone:eu`; repeatable, comma-separated [default: anywhere]
    #[arg(long, value_name = "LOCATION", value_delimiter = ',', value_parser = location)]
    pub allow_location: Vec<Location>,
}
