//! Parses the command line, runs it, and turns the result into an exit code.

use std::process::ExitCode;

use clap::Parser as _;
use zdr_check::cli::Cli;
use zdr_check::commands;
use zdr_check::gate::Exit;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build();
    let exit = match runtime {
        Ok(runtime) => {
            let exit = runtime.block_on(commands::run(cli));
            // Nothing that still runs is waited for: who asked twice to end means it.
            runtime.shutdown_background();
            exit
        }
        Err(_) => Exit::NotAudited,
    };
    ExitCode::from(exit.code())
}
