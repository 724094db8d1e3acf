//! `zdr-check init`: a commented policy file to start from.

use super::failure::Failure;
use super::output::OutputFile;
use super::show::Console;
use crate::cli::InitArgs;
use crate::config;
use crate::gate::Exit;

/// Writes the file.
///
/// # Errors
/// A usage error when it is there already, or cannot be written.
pub(super) fn run(args: &InitArgs, console: &Console) -> Result<Exit, Failure> {
    let path = args.file.display();
    if args.file.exists() && !args.force {
        return Err(Failure::usage(
            format!("{path} is there already"),
            "Give --force to overwrite it, or another path.",
        ));
    }
    let file = OutputFile::reserve("init", &args.file)?;
    file.commit(|out| out.write_all(config::TEMPLATE.as_bytes())).map_err(|error| {
        Failure::usage(format!("cannot write {path}: {error}"), "Free some space, or give another path.")
    })?;
    console.note(&format!("wrote {path}; `zdr-check scan` uses it from this folder and those below"));
    Ok(Exit::Clean)
}
