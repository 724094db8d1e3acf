//! The command line of `zdr-check plan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CloudArg, OutputArgs, PolicyArgs, not_blank, subscription_id};
use crate::outcome::PlanUnknown;

/// `zdr-check plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Terraform plan (terraform show -json), ARM template, or what-if output, as JSON; a folder of them; - for stdin
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Parameter file of the templates; repeatable, the last value of a parameter wins
    #[arg(long, value_name = "FILE")]
    pub parameters: Vec<PathBuf>,
    /// Subscription it will be deployed to, by id
    #[arg(long, value_name = "ID", value_parser = subscription_id)]
    pub subscription: Option<String>,
    /// Resource group it will be deployed to
    #[arg(long, value_name = "NAME", value_parser = not_blank)]
    pub resource_group: Option<String>,
    /// Location of that resource group
    #[arg(long, value_name = "REGION", value_parser = not_blank)]
    pub location: Option<String>,
    /// Azure cloud
    #[arg(long, value_enum, default_value = "public")]
    pub cloud: CloudArg,
    /// What to make of results that only a live scan can confirm: note them, or fail with exit code 4
    #[arg(long, value_enum, default_value = "note", value_name = "WHAT")]
    pub plan_unknown: PlanUnknownArg,
    /// Exit 0 instead of 3 when the plan holds no AI account
    #[arg(long)]
    pub allow_empty: bool,
    /// What to require.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// What to print.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `--plan-unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanUnknownArg {
    /// They do not change the exit code.
    Note,
    /// They make the run incomplete.
    Fail,
}

impl From<PlanUnknownArg> for PlanUnknown {
    fn from(arg: PlanUnknownArg) -> Self {
        match arg {
            PlanUnknownArg::Note => Self::Note,
            PlanUnknownArg::Fail => Self::Fail,
        }
    }
}
