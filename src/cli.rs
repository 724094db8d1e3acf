//! The command line as clap types. Values are checked here, so that a typo ends before the first request; nothing is decided.

mod azure_policy;
mod data_map;
mod diff;
mod format;
mod history;
mod output;
mod plan;
mod select;
mod snapshot;
mod terms;
mod tools;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::azure::clouds::{Endpoint, check_url};
use crate::azure::credentials::{Choice, Kind};
use crate::knowledge::processing::Pin;
use crate::knowledge::regions;
use crate::outcome::{FailOn, Profile, Severity};
use crate::snapshot::{AccountId, Cloud, is_guid};
use crate::term::When;

pub use azure_policy::{AzurePolicyArgs, AzurePolicyFormatArg, BoundaryArgs};
pub use data_map::{DataMapArgs, MapFormatArg};
pub use diff::{DiffArgs, DiffFormatArg};
use format::report_file;
pub use format::{FormatArg, ListFormatArg, ReportFile};
pub use history::HistoryArgs;
pub use output::OutputArgs;
pub use plan::{PlanArgs, PlanUnknownArg};
pub use select::{IncludeArg, SelectArgs, pattern};
pub use snapshot::{RecordArgs, RedactArgs, SignArgs, VerifyArgs, VerifyFormat};
pub use terms::{TermsArgs, TermsCheckArgs, TermsCommand, TermsShowArgs};
pub use tools::{
    CiArg, DoctorArgs, DoctorFormatArg, GenerateArgs, GenerateCommand, GenerateFileArgs, InitArgs, ManArgs,
    PermissionsArgs, RoleFormatArg, SchemaArg,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  clean: complete, nothing unwaived at or above --fail-on
  1  findings: at least one unwaived failure at or above --fail-on
  2  usage: bad flag, value or policy file; nothing was audited
  3  not audited: no sign-in, nothing visible, or unreadable input
  4  incomplete: no such failure, but something on approved, pinned or stateless is unknown";

/// Prove, or disprove, that Azure OpenAI and AI Foundry accounts keep no prompt or completion data.
#[derive(Debug, Parser)]
#[command(name = "zdr-check", version, max_term_width = 100, after_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub look: LookArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read accounts through Azure Resource Manager and judge them.
    #[command(after_help = EXIT_CODES)]
    Scan(Box<ScanArgs>),
    /// Compare two runs: what got worse, what was mended, what is out of sight.
    #[command(after_help = diff::EXIT_CODES)]
    Diff(DiffArgs),
    /// Judge infrastructure code before it is deployed: Terraform plans, ARM templates, compiled Bicep, what-if output.
    #[command(after_help = EXIT_CODES)]
    Plan(Box<PlanArgs>),
    /// Write Azure Policy definitions that keep out what the rules would fail.
    Policy(AzurePolicyArgs),
    /// Draw the posture of all snapshots and JSON reports in a folder over time.
    #[command(after_help = history::EXIT_CODES)]
    History(Box<HistoryArgs>),
    /// Map where personal data may be, and how a data subject request is carried out there.
    #[command(after_help = data_map::EXIT_CODES)]
    DataMap(Box<DataMapArgs>),
    /// List the rules.
    Rules(RulesArgs),
    /// Explain one rule: what it checks, why, how to fix, what it cannot see, sources.
    Explain(ExplainArgs),
    /// List the statements behind the rules, explain one, or check that their pages still say so.
    Terms(TermsArgs),
    /// Check that a saved snapshot is whole and as it was written.
    #[command(after_help = snapshot::VERIFY_CODES)]
    Verify(VerifyArgs),
    /// Sign a saved snapshot with a minisign key.
    Sign(SignArgs),
    /// Mask ids and names of a saved snapshot, so that it can be shared.
    Redact(RedactArgs),
    /// Print the least role a scan needs, as JSON, Bicep or az commands.
    Permissions(PermissionsArgs),
    /// Check sign-in, network, rights and policy file, and say what to mend.
    #[command(after_help = tools::DOCTOR_EXIT_CODES)]
    Doctor(Box<DoctorArgs>),
    /// Write a commented policy file to start from, and CI files on request.
    Init(InitArgs),
    /// Generate shell completions, man pages or JSON Schemas.
    Generate(GenerateArgs),
}

/// How output looks.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output options")]
pub struct LookArgs {
    /// When to use colour; auto also obeys `NO_COLOR` and `CLICOLOR_FORCE`
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN", value_parser = when_parser())]
    pub color: When,
    /// When to print links to the Azure portal and rule pages as terminal hyperlinks
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN", value_parser = when_parser())]
    pub hyperlinks: When,
    /// Use plain ASCII symbols and table lines
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Print one line instead of the table, and no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Do not show progress on stderr
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// Log requests to stderr; twice for details
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// `zdr-check scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// What to scan.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Which part of it.
    #[command(flatten)]
    pub select: SelectArgs,
    /// List accounts, print which requests a scan would send and how long they take, and stop
    #[arg(long, help_heading = "Scope", conflicts_with_all = ["demo", "snapshot", "save_snapshot", "resume", "report", "write_waivers", "summary"])]
    pub plan_requests: bool,
    /// What to require.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// What to keep.
    #[command(flatten)]
    pub record: RecordArgs,
    /// What to print.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How to reach Azure.
    #[command(flatten)]
    pub access: AccessArgs,
}

/// What to scan.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scope")]
#[group(id = "scope", multiple = false)]
pub struct ScopeArgs {
    /// Subscription, by id or unambiguous name; repeatable [default: the Azure CLI's default subscription]
    #[arg(short, long, value_name = "ID|NAME", value_parser = not_blank)]
    pub subscription: Vec<String>,
    /// Every subscription the caller can see
    #[arg(long)]
    pub all_subscriptions: bool,
    /// Every subscription below a management group, at any depth, by the group's id; repeatable
    #[arg(long, value_name = "ID", value_parser = not_blank)]
    pub management_group: Vec<String>,
    /// One account, by ARM id; repeatable
    #[arg(long, value_name = "ARM-ID", value_parser = account_id)]
    pub account: Vec<AccountId>,
    /// The embedded demo estate: no sign-in, no network
    #[arg(long)]
    pub demo: bool,
    /// Judge a saved snapshot again, without Azure
    #[arg(long, value_name = "FILE", conflicts_with_all = ["save_snapshot", "resume", "deadline"])]
    pub snapshot: Option<PathBuf>,
}

/// What to require.
#[derive(Debug, Args)]
#[command(next_help_heading = "Policy")]
pub struct PolicyArgs {
    /// Which boundary.
    #[command(flatten)]
    pub boundary: BoundaryArgs,
    /// strict also counts manual items that nobody has attested [default: standard]
    #[arg(long, value_enum)]
    pub profile: Option<ProfileArg>,
    /// Least severity of a failure that fails the run [default: high]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOnArg>,
    /// Exit 0 instead of 4 when something could not be read; the report says so
    #[arg(long)]
    pub allow_incomplete: bool,
    /// Day on which waivers and attestations must hold: a date, `run` (the day of reading) or `now`
    #[arg(long, value_name = "DATE|run|now", default_value = "run", value_parser = as_of)]
    pub as_of: AsOfArg,
}

/// How to reach Azure.
#[derive(Debug, Args)]
#[command(next_help_heading = "Azure access")]
pub struct AccessArgs {
    /// How to sign in; auto tries the others in the order given
    #[arg(long, value_name = "KIND", default_value = "auto", value_parser = credential_parser())]
    pub credential: Choice,
    /// Azure cloud
    #[arg(long, value_enum, default_value = "public")]
    pub cloud: CloudArg,
    /// Other Azure Resource Manager endpoint; https, or http on a loopback host
    #[arg(long, value_name = "URL")]
    pub arm_endpoint: Option<String>,
    /// Audience of the token for --arm-endpoint, where the cloud is none of --cloud [default: that of --cloud]
    #[arg(long, value_name = "URL", requires = "arm_endpoint")]
    pub arm_audience: Option<String>,
    /// Stands for the data plane of every account, on this machine; for tests
    #[arg(long, value_name = "URL", hide = true, value_parser = select::stand_in)]
    pub data_plane_endpoint: Option<url::Url>,
    /// Microsoft Entra authority, where the cloud is none of --cloud; https [default: `AZURE_AUTHORITY_HOST`, that of --cloud]
    #[arg(long, value_name = "URL")]
    pub authority_host: Option<String>,
    /// PEM file with further certificate authorities
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Requests in flight at most
    #[arg(long, value_name = "N", default_value = "64", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub concurrency: u16,
    /// Seconds one request may take
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = clap::value_parser!(u16).range(1..=600))]
    pub request_timeout: u16,
    /// Seconds one fact may take, retries and waiting included
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub fact_timeout: u16,
}

/// `zdr-check rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Format of the list
    #[arg(short, long, value_enum, default_value = "table")]
    pub format: ListFormatArg,
}

/// `zdr-check explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Rule id, as `zdr-check rules` lists it
    pub rule: String,
}

/// Name of the policy file that is looked for.
pub const FILE_NAME: &str = "zdr-check.toml";

/// A word of `--allow-location` with the regions it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location(pub Vec<&'static str>);

/// `--profile`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// Manual items are shown and do not change the exit code.
    Standard,
    /// Unattested manual items make the run incomplete.
    Strict,
}

impl From<ProfileArg> for Profile {
    fn from(arg: ProfileArg) -> Self {
        match arg {
            ProfileArg::Standard => Self::Standard,
            ProfileArg::Strict => Self::Strict,
        }
    }
}

/// `--as-of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOfArg {
    /// The day of reading.
    Run,
    /// Today.
    Now,
    /// This day.
    Day(Date),
}

/// `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOnArg {
    /// Critical only.
    Critical,
    /// High and worse.
    High,
    /// Medium and worse.
    Medium,
    /// Low and worse.
    Low,
    /// No failure fails the run.
    Never,
}

impl From<FailOnArg> for FailOn {
    fn from(arg: FailOnArg) -> Self {
        match arg {
            FailOnArg::Critical => Self::From(Severity::Critical),
            FailOnArg::High => Self::From(Severity::High),
            FailOnArg::Medium => Self::From(Severity::Medium),
            FailOnArg::Low => Self::From(Severity::Low),
            FailOnArg::Never => Self::Never,
        }
    }
}

/// `--cloud`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CloudArg {
    /// Azure public cloud.
    Public,
    /// Azure Government.
    Usgov,
    /// Azure operated by 21Vianet.
    China,
}

impl From<CloudArg> for Cloud {
    fn from(arg: CloudArg) -> Self {
        match arg {
            CloudArg::Public => Self::Public,
            CloudArg::Usgov => Self::UsGov,
            CloudArg::China => Self::China,
        }
    }
}

impl AccessArgs {
    /// The endpoint the flags describe.
    ///
    /// # Errors
    /// One sentence that names the flag and what is wrong with its value.
    pub fn endpoint(&self) -> Result<Endpoint, String> {
        let custom = self.arm_endpoint.as_deref();
        let endpoint = Endpoint::new(self.cloud.into(), custom)
            .map_err(|error| format!("--arm-endpoint {}: {error}", custom.unwrap_or_default()))?;
        if let Some(host) = self.authority_host.as_deref() {
            check_url(host).map_err(|error| format!("--authority-host {host}: {error}"))?;
        }
        match self.arm_audience.as_deref() {
            None => Ok(endpoint),
            Some(audience) => {
                endpoint.for_audience(audience).map_err(|error| format!("--arm-audience {audience}: {error}"))
            }
        }
    }
}

fn pin_parser() -> impl clap::builder::TypedValueParser<Value = Pin> {
    PossibleValuesParser::new(Pin::ALL.map(Pin::as_str)).try_map(|word| Pin::parse(&word).ok_or("not a boundary"))
}

fn credential_parser() -> impl clap::builder::TypedValueParser<Value = Choice> {
    let words = std::iter::once("auto").chain(Kind::ALL.into_iter().map(Kind::as_str));
    PossibleValuesParser::new(words)
        .map(|word| Kind::ALL.into_iter().find(|kind| kind.as_str() == word).map_or(Choice::Auto, Choice::Named))
}

fn when_parser() -> impl clap::builder::TypedValueParser<Value = When> {
    PossibleValuesParser::new(When::ALL.map(When::as_str))
        .map(|word| When::ALL.into_iter().find(|when| when.as_str() == word).unwrap_or_default())
}

fn not_blank(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("it is empty; give a subscription id or name".to_owned()) } else { Ok(text.to_owned()) }
}

fn subscription_id(text: &str) -> Result<String, String> {
    if is_guid(text) { Ok(text.to_owned()) } else { Err("it is not the id (a GUID) of a subscription".to_owned()) }
}

fn account_id(text: &str) -> Result<AccountId, String> {
    AccountId::parse(text).map_err(|why| format!("{why}; an account id reads {}", AccountId::FORM))
}

fn location(text: &str) -> Result<Location, String> {
    let regions = regions::expand(text);
    if !regions.is_empty() {
        return Ok(Location(regions));
    }
    let hint = did_you_mean(&regions::normalise(text), &regions::words());
    Err(format!("no Azure region, geography or zone has this name{hint} (examples: swedencentral, sweden, zone:eu)"))
}

fn as_of(text: &str) -> Result<AsOfArg, String> {
    match text {
        "run" => Ok(AsOfArg::Run),
        "now" => Ok(AsOfArg::Now),
        day => day.parse().map(AsOfArg::Day).map_err(|_| "give a date like 2027-03-31, run or now".to_owned()),
    }
}

/// `; did you mean …?` with the known word that is most like `wanted`, or nothing when none is like it.
fn did_you_mean(wanted: &str, known: &[String]) -> String {
    let wanted = wanted.to_lowercase();
    let alike = known.iter().map(|word| (strsim::jaro_winkler(&wanted, word), word));
    let best = alike.filter(|(likeness, _)| *likeness > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or_else(String::new, |(_, word)| format!("; did you mean {word}?"))
}
