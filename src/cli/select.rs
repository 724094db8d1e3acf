//! Flags that leave out a part of the scope, or say as whom it is read.

use clap::{Args, ValueEnum};
use globset::{GlobBuilder, GlobMatcher};
use url::Url;

use super::not_blank;
use crate::azure::clouds::{check_url, is_loopback};
use crate::snapshot::{Include, is_guid};

/// Which part of the scope, and as whom it is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scope")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct SelectArgs {
    /// Leave out subscriptions, by id, name or glob without case; repeatable
    #[arg(long, value_name = "ID|NAME|GLOB", value_parser = pattern, conflicts_with_all = ["account", "demo", "snapshot"])]
    pub exclude_subscription: Vec<GlobMatcher>,
    /// Only accounts with this tag; repeatable: keys must all be there, values of one key are alternatives
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag, conflicts_with_all = ["account", "demo", "snapshot"])]
    pub tag: Vec<(String, String)>,
    /// Leave out accounts with this tag; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag, conflicts_with_all = ["account", "demo", "snapshot"])]
    pub exclude_tag: Vec<(String, String)>,
    /// Tenant to sign in to, by id; repeatable [default: the credential's own]
    #[arg(long, value_name = "ID", value_parser = tenant, conflicts_with_all = ["demo", "snapshot"])]
    pub tenant: Vec<String>,
    /// Every tenant the caller can sign in to
    #[arg(long, conflicts_with_all = ["tenant", "demo", "snapshot"])]
    pub all_tenants: bool,
    /// Compare the accounts of each subscription with the resource index of Azure Resource Manager
    #[arg(long, conflicts_with_all = ["account", "demo", "snapshot"])]
    pub cross_check: bool,
    /// Also ask the data plane of each account and project what it stores: counts and dates, with a token of its own
    #[arg(long, conflicts_with_all = ["demo", "snapshot"])]
    pub data_plane: bool,
    /// Also read the Azure Policy assignments over the accounts, and find those that block nothing
    #[arg(long, conflicts_with = "snapshot")]
    pub check_policies: bool,
    /// Also read and judge another service; repeatable. A saved snapshot has what was included when it was read
    #[arg(long, value_enum, value_name = "SERVICE", conflicts_with_all = ["account", "snapshot"])]
    pub include: Vec<IncludeArg>,
}

/// `--include`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum IncludeArg {
    /// Azure Communication Services, their Event Grid topics and logs.
    Communication,
}

impl From<IncludeArg> for Include {
    fn from(arg: IncludeArg) -> Self {
        match arg {
            IncludeArg::Communication => Self::Communication,
        }
    }
}

/// What stands for the data planes of all accounts in tests. A token must not leave this machine by a mistyped flag.
pub(super) fn stand_in(text: &str) -> Result<Url, String> {
    let url = check_url(text).map_err(|why| why.to_string())?;
    if is_loopback(&url) { Ok(url) } else { Err("it must be on this machine: it stands for Azure in tests".to_owned()) }
}

/// A pattern of `--exclude-subscription`. Globs cross every character of a name, and have no case.
///
/// # Errors
/// What is wrong with it.
pub fn pattern(text: &str) -> Result<GlobMatcher, String> {
    let text = not_blank(text)?;
    let glob = GlobBuilder::new(&text).case_insensitive(true).build();
    Ok(glob.map_err(|error| error.kind().to_string())?.compile_matcher())
}

fn tag(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("it must read KEY=VALUE, for example env=prod")?;
    if key.trim().is_empty() {
        return Err("the key is empty; it must read KEY=VALUE, for example env=prod".to_owned());
    }
    Ok((key.trim().to_owned(), value.to_owned()))
}

/// Credentials put a tenant into URLs and command lines.
fn tenant(text: &str) -> Result<String, String> {
    if is_guid(text.trim()) {
        Ok(text.trim().to_ascii_lowercase())
    } else {
        Err("a tenant is given by its id, a GUID; `az account tenant list` shows yours".to_owned())
    }
}
