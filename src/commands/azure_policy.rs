//! `zdr-check policy`: Azure Policy definitions and an initiative that keep out what the rules would fail.

use std::path::Path;

use super::failure::Failure;
use super::generate::refuse_existing;
use super::output::OutputFile;
use super::policy;
use super::show::Console;
use crate::cli::{AzurePolicyArgs, AzurePolicyFormatArg};
use crate::docs::{PolicySet, Target};
use crate::gate::Exit;

/// Writes them.
///
/// # Errors
/// A usage error when flags contradict each other, the policy file has a mistake, or a file is there already.
pub(super) fn run(args: AzurePolicyArgs, console: &Console) -> Result<Exit, Failure> {
    let (policy, overlays) = policy::boundary(&args.boundary, console)?;
    if args.out.is_some() && args.format == AzurePolicyFormatArg::Bicep {
        let help = "Leave --out away: the Bicep template is one file, on stdout.";
        return Err(Failure::usage("--out writes request bodies, which are JSON and not Bicep", help));
    }
    let off = overlays.rules.iter().filter(|(_, own)| !own.enabled).map(|(rule, _)| *rule).collect();
    let set = PolicySet::new(&policy, &off);
    if !overlays.scopes.is_empty() {
        console.warn(
            "the policy file has [[scope]] tables: what they require of some accounts is not in these definitions",
        );
    }
    let named = args.subscription.is_some() || args.management_group.is_some();
    let target = args.management_group.map_or(Target::Subscription(args.subscription), Target::ManagementGroup);
    let written = |error| {
        Failure::not_audited(format!("cannot write the definitions: {error}"), "Report this; it is a bug in zdr-check.")
    };
    match &args.out {
        None => {
            let text = match args.format {
                AzurePolicyFormatArg::Json => set.json(&target).map_err(written)?,
                AzurePolicyFormatArg::Bicep => set.bicep(&target),
            };
            Console::print(|out| out.write_all(text.as_bytes()))?;
        }
        Some(folder) => {
            files(folder, &set.files(&target).map_err(written)?, args.force)?;
            console.note(&format!("wrote {} definitions and initiative.json into {}", set.len(), folder.display()));
            if !named {
                console.note(
                    "replace SUBSCRIPTION in initiative.json by an id, or give --subscription or --management-group",
                );
            }
        }
    }
    summary(&set, args.out.is_some(), console);
    Ok(Exit::Clean)
}

/// What a reader must know before trusting it.
fn summary(set: &PolicySet, in_files: bool, console: &Console) {
    let inferred = set.inferred();
    if !inferred.is_empty() {
        let left_out = if in_files { "not in initiative.json" } else { "defined with useInferredAliases=true only" };
        let what = inferred.join("; ");
        console.note(&format!("{left_out}, because Azure may not have the alias: {what}"));
    }
    let unheld: usize = set.unheld().iter().map(|own| own.rules.len()).sum();
    console.note(&format!(
        "{unheld} rules cannot be held by Azure Policy, abuse-monitoring-storage-on among them; the output says why. Scan for those"
    ));
}

/// Files are written all or not at all as far as can be told beforehand.
fn files(folder: &Path, files: &[(String, String)], force: bool) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| {
        let message = format!("--out: cannot make the folder {}: {error}", folder.display());
        Failure::usage(message, "Give a folder that you may write to.")
    })?;
    for (name, _) in files {
        refuse_existing(&folder.join(name), force)?;
    }
    for (name, text) in files {
        OutputFile::reserve("--out", &folder.join(name))?.write("--out", text.as_bytes())?;
    }
    Ok(())
}
