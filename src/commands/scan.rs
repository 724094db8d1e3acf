//! `zdr-check scan`: from flags to a report and an exit code. Wiring only.

use std::path::Path;

use super::failure::Failure;
use super::output::{OutputFile, Outputs};
use super::show::{Console, exit_of, write};
use super::{demo, live, policy};
use crate::assessment::Assessment;
use crate::cli::{ReportFile, ScanArgs};
use crate::engine;
use crate::gate::Exit;
use crate::report;

const NO_ROOM: &str = "Free some space, or give another path.";

/// Runs the scan.
///
/// # Errors
/// [`Failure`] when there is no assessment.
pub(super) async fn run(args: ScanArgs, console: &Console) -> Result<Exit, Failure> {
    let settings = policy::settings(&args.policy, console)?;
    let mut outputs = Outputs::default();
    let files = reserve(&mut outputs, &args.output.report)?;
    let draft = args.output.write_waivers.as_deref().map(|path| reserve_draft(&mut outputs, path)).transpose()?;
    let snapshot = if args.scope.demo {
        demo::snapshot().await?
    } else {
        live::snapshot(&args.scope, &args.access, console).await?
    };
    let assessment = engine::assess(&snapshot, &settings);
    let mut missing = write_files(files, &assessment, args.output.show_pass);
    missing.extend(draft.and_then(|file| write_draft(file, &assessment).err()));
    missing.extend(console.report(args.output.format, &assessment, args.output.show_pass).err());
    Ok(console.settle(&missing, exit_of(&assessment)))
}

pub(super) fn reserve(outputs: &mut Outputs, reports: &[ReportFile]) -> Result<Vec<(ReportFile, OutputFile)>, Failure> {
    reports.iter().map(|report| Ok((report.clone(), outputs.reserve("--report", &report.path)?))).collect()
}

/// Drafts go to a new file only, so that waivers somebody wrote are never lost.
pub(super) fn reserve_draft(outputs: &mut Outputs, path: &Path) -> Result<OutputFile, Failure> {
    if path.exists() {
        let message = format!("--write-waivers: {} is there already", path.display());
        return Err(Failure::usage(message, "Give a new file, then move the waivers you want into the policy file."));
    }
    outputs.reserve("--write-waivers", path)
}

/// Writes every report, whatever becomes of the others, and says which ones are missing.
pub(super) fn write_files(
    files: Vec<(ReportFile, OutputFile)>,
    assessment: &Assessment,
    show_pass: bool,
) -> Vec<Failure> {
    let write = |(report, file): (ReportFile, OutputFile)| {
        let written = file.commit(|out| write(report.format, assessment, show_pass, out));
        let message = |error| format!("--report: cannot write {}: {error}", report.path.display());
        written.err().map(|error| Failure::not_audited(message(error), NO_ROOM))
    };
    files.into_iter().filter_map(write).collect()
}

pub(super) fn write_draft(file: OutputFile, assessment: &Assessment) -> Result<(), Failure> {
    file.commit(|out| report::draft_waivers(assessment, out))
        .map_err(|error| Failure::not_audited(format!("--write-waivers: {error}"), NO_ROOM))
}
