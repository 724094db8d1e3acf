//! Arguments of the commands around a scan: permissions, doctor, init, generate.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand, ValueEnum};

use super::{AccessArgs, FILE_NAME, IncludeArg, not_blank};
use crate::outcome::Axis;
use crate::snapshot::is_guid;

pub(super) const DOCTOR_EXIT_CODES: &str = "\
Exit codes:
  0  a scan can be done and lacks nothing that was tried
  2  usage: bad flag or value, or a mistake in the policy file
  3  no scan can be done: no sign-in, no answer from Azure Resource Manager, nothing visible
  4  a scan can be done, but some facts cannot be read: the actions are named";

/// `zdr-check permissions`.
#[derive(Debug, Args)]
pub struct PermissionsArgs {
    /// Form of the role definition
    #[arg(short, long, value_enum, default_value = "json")]
    pub format: RoleFormatArg,
    /// Subscription in which the role can be assigned, by id; repeatable
    #[arg(short, long, value_name = "ID", value_parser = subscription_id)]
    pub subscription: Vec<String>,
    /// Management group in which the role can be assigned, by id; Azure allows one per role
    #[arg(long, value_name = "ID", value_parser = management_group)]
    pub management_group: Option<String>,
    /// Only what this rule reads; repeatable. Other rules are then unknown [default: every rule]
    #[arg(long, value_name = "RULE")]
    pub rule: Vec<String>,
    /// Only what the rules of this axis read; repeatable [default: every axis]
    #[arg(long, value_name = "AXIS", value_parser = axis_parser())]
    pub axis: Vec<Axis>,
    /// Also what this service needs when a scan includes it; repeatable
    #[arg(long, value_enum, value_name = "SERVICE")]
    pub include: Vec<IncludeArg>,
    /// Also what `scan --check-policies` reads
    #[arg(long)]
    pub check_policies: bool,
    /// Also the data actions that `scan --data-plane` needs: reads of the data plane, which may read content
    #[arg(long)]
    pub data_plane: bool,
}

/// Forms of a role definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleFormatArg {
    /// JSON, as `az role definition create` and the portal read it.
    Json,
    /// A Bicep template that defines the role and can assign it.
    Bicep,
    /// Commands for a POSIX shell that create and assign the role.
    Az,
}

/// `zdr-check doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Subscription to look at, by id or name; repeatable [default: all that are visible, 20 at most]
    #[arg(short, long, value_name = "ID|NAME", value_parser = not_blank)]
    pub subscription: Vec<String>,
    /// Form of the findings
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: DoctorFormatArg,
    /// Policy file [default: zdr-check.toml in the working directory or a folder above it]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How to reach Azure.
    #[command(flatten)]
    pub access: AccessArgs,
}

/// Forms of `zdr-check doctor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormatArg {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// `zdr-check init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where to write the policy file
    #[arg(value_name = "FILE", default_value = FILE_NAME)]
    pub file: PathBuf,
    /// Also write the CI file of this service into the working directory; repeatable. A policy file that is there is kept
    #[arg(long, value_enum, value_name = "SERVICE")]
    pub ci: Vec<CiArg>,
    /// Overwrite the policy file; with --ci, the CI files instead
    #[arg(long)]
    pub force: bool,
}

/// CI services with a file of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum CiArg {
    /// .github/workflows/zdr-check.yml.
    Github,
    /// azure-pipelines-zdr-check.yml.
    AzurePipelines,
    /// .gitlab/zdr-check.gitlab-ci.yml.
    Gitlab,
}

/// `zdr-check generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// What to generate.
    #[command(subcommand)]
    pub what: GenerateCommand,
}

/// What can be generated.
#[derive(Debug, Subcommand)]
pub enum GenerateCommand {
    /// Completions for a shell.
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
        /// Where to.
        #[command(flatten)]
        file: GenerateFileArgs,
    },
    /// Man pages: one per command into a folder, or the first one on stdout.
    Man(ManArgs),
    /// A JSON Schema, of the report, the policy file or the data map.
    Schema {
        /// Of what
        #[arg(value_enum)]
        schema: SchemaArg,
        /// Where to.
        #[command(flatten)]
        file: GenerateFileArgs,
    },
}

/// Where a generated file goes.
#[derive(Debug, Args)]
pub struct GenerateFileArgs {
    /// File to write [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite a file that is there
    #[arg(long, requires = "output")]
    pub force: bool,
}

/// `zdr-check generate man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Folder for the pages of every command; it is made when it is not there
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Overwrite pages that are there
    #[arg(long, requires = "folder")]
    pub force: bool,
}

/// Things with a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaArg {
    /// The JSON report, version 1.
    Report,
    /// The policy file, for editors.
    Config,
    /// The data map, version 1.
    DataMap,
}

fn axis_parser() -> impl clap::builder::TypedValueParser<Value = Axis> {
    PossibleValuesParser::new(Axis::ALL.map(Axis::as_str))
        .try_map(|word| Axis::ALL.into_iter().find(|axis| axis.as_str() == word).ok_or("not an axis"))
}

/// Names cannot be looked up here: this command works without a sign-in.
pub(super) fn subscription_id(text: &str) -> Result<String, String> {
    let id = text.trim().to_ascii_lowercase();
    let id = id.strip_prefix("/subscriptions/").unwrap_or(&id);
    if is_guid(id) {
        Ok(id.to_owned())
    } else {
        Err("give the subscription's id (a GUID); `az account list --output table` shows it".to_owned())
    }
}

/// What Azure takes as the id of a management group: "Naming rules and restrictions for Azure resources",
/// learn.microsoft.com (general knowledge, not looked up).
pub(super) fn management_group(text: &str) -> Result<String, String> {
    let prefix = "/providers/Microsoft.Management/managementGroups/";
    let id = match text.get(..prefix.len()) {
        Some(start) if start.eq_ignore_ascii_case(prefix) => &text[prefix.len()..],
        Some(_) | None => text,
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '(' | ')' | '.');
    if !id.is_empty() && id.len() <= 90 && id.chars().all(plain) && !id.ends_with('.') {
        Ok(id.to_owned())
    } else {
        Err("the id of a management group has up to 90 letters, digits, `-`, `_`, `(`, `)` and `.`, the last not `.`"
            .to_owned())
    }
}
