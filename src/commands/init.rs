//! `zdr-check init`: a commented policy file to start from, and the CI files of `.github/examples/` on request.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::output::OutputFile;
use super::show::Console;
use crate::cli::{CiArg, InitArgs};
use crate::config;
use crate::gate::Exit;

/// A CI file: where the service looks for it, its text, and what is left to do.
struct CiFile {
    path: &'static str,
    text: &'static str,
    next: &'static str,
}

const fn ci_file(service: CiArg) -> CiFile {
    match service {
        CiArg::Github => CiFile {
            path: ".github/workflows/zdr-check.yml",
            text: include_str!("../../.github/examples/zdr-check.yml"),
            next: "replace OWNER by the owner of the action's repository, and set the variables AZURE_CLIENT_ID, \
                   AZURE_TENANT_ID and AZURE_SUBSCRIPTION_ID",
        },
        CiArg::AzurePipelines => CiFile {
            path: "azure-pipelines-zdr-check.yml",
            text: include_str!("../../.github/examples/azure-pipelines-zdr-check.yml"),
            next: "create a pipeline from it, and name your service connection and subscription in it",
        },
        CiArg::Gitlab => CiFile {
            path: ".gitlab/zdr-check.gitlab-ci.yml",
            text: include_str!("../../.github/examples/zdr-check.gitlab-ci.yml"),
            next: "add `include: {local: .gitlab/zdr-check.gitlab-ci.yml}` to .gitlab-ci.yml, and set the variables \
                   AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_SUBSCRIPTION_ID",
        },
    }
}

/// Writes the files. Nothing is written when one of them is in the way.
///
/// # Errors
/// A usage error when a file is there already, or cannot be written.
pub(super) fn run(mut args: InitArgs, console: &Console) -> Result<Exit, Failure> {
    args.ci.sort_unstable();
    args.ci.dedup();
    let with_ci = !args.ci.is_empty();
    let keeps = with_ci && args.file.exists();
    let mut files: Vec<(PathBuf, &str, &str)> = Vec::new();
    if !keeps {
        let next = "`zdr-check scan` uses it from this folder and those below";
        files.push((args.file.clone(), config::TEMPLATE, next));
    }
    for service in args.ci {
        let CiFile { path, text, next } = ci_file(service);
        files.push((PathBuf::from(path), text, next));
    }
    if let Some((path, ..)) = files.iter().find(|(path, ..)| path.exists() && !args.force) {
        let help = "Give --force to overwrite it, or move it away.";
        return Err(Failure::usage(format!("{} is there already; nothing was written", path.display()), help));
    }
    if keeps {
        console.note(&format!("kept {}", args.file.display()));
    }
    for (path, text, next) in files {
        if with_ci {
            make_folder(&path)?;
        }
        OutputFile::reserve("init", &path)?.write("init", text.as_bytes())?;
        console.note(&format!("wrote {}; {next}", path.display()));
    }
    Ok(Exit::Clean)
}

fn make_folder(file: &Path) -> Result<(), Failure> {
    let Some(folder) = file.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| {
        let message = format!("cannot make the folder {}: {error}", folder.display());
        Failure::usage(message, "Run it in a folder that you may write to.")
    })
}
