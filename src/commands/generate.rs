//! `zdr-check generate`: shell completions, man pages and JSON Schemas, from the types that read and write them.

use std::path::Path;

use clap::CommandFactory as _;

use super::failure::Failure;
use super::output::OutputFile;
use super::show::Console;
use crate::cli::{Cli, GenerateArgs, GenerateCommand, GenerateFileArgs, ManArgs, SchemaArg};
use crate::config;
use crate::gate::Exit;

const DATA_MAP_SCHEMA: &str = include_str!("../../fixtures/schemas/data-map-1.schema.json");
const REPORT_SCHEMA: &str = include_str!("../../fixtures/schemas/report-1.schema.json");

/// Generates what was asked for.
///
/// # Errors
/// A usage error when a file is there already or cannot be written.
pub(super) fn run(args: GenerateArgs, console: &Console) -> Result<Exit, Failure> {
    match args.what {
        GenerateCommand::Completions { shell, file } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), env!("CARGO_PKG_NAME"), &mut script);
            to_file_or_stdout(&file, &script, console)?;
        }
        GenerateCommand::Man(args) => man(&args, console)?,
        GenerateCommand::Schema { schema: SchemaArg::Report, file } => {
            to_file_or_stdout(&file, REPORT_SCHEMA.as_bytes(), console)?;
        }
        GenerateCommand::Schema { schema: SchemaArg::DataMap, file } => {
            to_file_or_stdout(&file, DATA_MAP_SCHEMA.as_bytes(), console)?;
        }
        GenerateCommand::Schema { schema: SchemaArg::Config, file } => {
            let schema = format!("{:#}\n", config::schema());
            to_file_or_stdout(&file, schema.as_bytes(), console)?;
        }
    }
    Ok(Exit::Clean)
}

fn to_file_or_stdout(file: &GenerateFileArgs, bytes: &[u8], console: &Console) -> Result<(), Failure> {
    let Some(path) = &file.output else {
        return Console::print(|out| out.write_all(bytes));
    };
    refuse_existing(path, file.force)?;
    OutputFile::reserve("--output", path)?.write("--output", bytes)?;
    console.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// Files are written all or not at all as far as can be told beforehand.
fn man(args: &ManArgs, console: &Console) -> Result<(), Failure> {
    let pages = pages().map_err(|error| {
        Failure::not_audited(format!("cannot make the man pages: {error}"), "Report this; it is a bug in zdr-check.")
    })?;
    let Some(folder) = &args.folder else {
        let first = pages.into_iter().next().map(|(_, page)| page).unwrap_or_default();
        return Console::print(|out| out.write_all(&first));
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        let message = format!("cannot make the folder {}: {error}", folder.display());
        Failure::usage(message, "Give a folder that you may write to.")
    })?;
    for (name, _) in &pages {
        refuse_existing(&folder.join(name), args.force)?;
    }
    let count = pages.len();
    for (name, page) in pages {
        OutputFile::reserve("DIR", &folder.join(name))?.write("DIR", &page)?;
    }
    console.note(&format!("wrote {count} man pages into {}", folder.display()));
    Ok(())
}

/// Name and text of every page, the program's own first.
fn pages() -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let mut pages = Vec::new();
    let mut open = vec![root];
    while let Some(command) = open.pop() {
        open.extend(command.get_subcommands().filter(|own| !own.is_hide_set()).cloned());
        let man = clap_mangen::Man::new(command);
        let mut page = Vec::new();
        man.render(&mut page)?;
        pages.push((man.get_filename(), page));
    }
    pages[1..].sort();
    Ok(pages)
}

/// Refuses to overwrite what is there, unless told to.
///
/// # Errors
/// A usage error that names the file.
pub(super) fn refuse_existing(path: &Path, force: bool) -> Result<(), Failure> {
    if path.exists() && !force {
        let message = format!("{} is there already", path.display());
        return Err(Failure::usage(message, "Give --force to overwrite it, or another path."));
    }
    Ok(())
}
