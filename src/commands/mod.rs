//! One file per subcommand: wiring between the flags, the edges and the core, no logic.

mod azure_policy;
mod baseline;
mod callers;
mod clock;
mod conceal;
mod data_map;
mod demo;
mod diff;
mod doctor;
mod explain;
mod failure;
mod generate;
mod history;
mod init;
mod input;
mod live;
mod output;
mod permissions;
mod plan;
mod policy;
mod record;
mod redact;
mod requests;
mod resume;
mod rules;
mod scan;
mod show;
mod sign;
mod signals;
mod terms;
mod terms_lock;
mod verify;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use demo::{read as read_estate, read_with as read_estate_with};
pub use failure::Failure;
use show::Console;

use crate::cli::{Cli, Command};
use crate::gate::Exit;

/// Runs the command of a parsed command line and prints what it has to say.
pub async fn run(cli: Cli) -> Exit {
    log(cli.look.verbose);
    let console = Console::new(&cli.look);
    let result = match cli.command {
        Command::Scan(args) => scan::run(*args, &console).await,
        Command::Diff(args) => diff::run(&args, &console),
        Command::Plan(args) => plan::run(&args, &console),
        Command::Policy(args) => azure_policy::run(args, &console),
        Command::History(args) => history::run(&args, &console),
        Command::DataMap(args) => data_map::run(*args, &console).await,
        Command::Rules(args) => rules::run(&args, &console),
        Command::Explain(args) => explain::run(&args, &console),
        Command::Terms(args) => terms::run(args, &console).await,
        Command::Verify(args) => verify::run(&args, &console),
        Command::Sign(args) => sign::run(&args, &console),
        Command::Redact(args) => redact::run(&args, &console),
        Command::Permissions(args) => permissions::run(args, &console),
        Command::Doctor(args) => doctor::run(*args, &console).await,
        Command::Init(args) => init::run(args, &console),
        Command::Generate(args) => generate::run(args, &console),
    };
    result.unwrap_or_else(|failure| {
        console.failure(&failure);
        failure.exit
    })
}

/// Logs go to stderr and only on request. The SDK redacts headers and queries; nothing of ours logs bodies or tokens.
fn log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let targets = Targets::new()
        .with_target("zdr_check", level)
        .with_target("azure_core", level)
        .with_target("typespec_client_core", level)
        .with_target("azure_identity", level);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    tracing_subscriber::registry().with(lines).with(targets).init();
}
