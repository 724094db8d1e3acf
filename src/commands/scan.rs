//! `zdr-check scan`: from flags to a report and an exit code. Wiring only.

use std::path::Path;

use super::failure::Failure;
use super::output::OutputFile;
use super::show::{Console, exit_of, write};
use super::{demo, live, plan, policy};
use crate::assessment::Assessment;
use crate::cli::{ReportFile, ScanArgs};
use crate::engine;
use crate::gate::Exit;
use crate::report;

/// Runs the scan.
///
/// # Errors
/// [`Failure`] when there is no assessment.
pub(super) async fn run(args: ScanArgs, console: &Console) -> Result<Exit, Failure> {
    let settings = policy::settings(&args.policy, console)?;
    if args.select.plan_requests {
        return plan::run(&args, &settings, console).await;
    }
    let files = reserve(&args.output.report)?;
    let draft = args.output.write_waivers.as_deref().map(reserve_draft).transpose()?;
    let snapshot = if args.scope.demo {
        demo::snapshot().await?
    } else {
        live::snapshot(&args, &settings.needs(), console).await?
    };
    let assessment = engine::assess(&snapshot, &settings);
    write_files(files, &assessment, args.output.show_pass)?;
    if let Some(file) = draft {
        file.commit(|out| report::draft_waivers(&assessment, out)).map_err(|error| {
            Failure::not_audited(format!("--write-waivers: {error}"), "Free some space, or give another path.")
        })?;
    }
    console.report(args.output.format, &assessment, args.output.show_pass)?;
    Ok(exit_of(&assessment))
}

fn reserve(reports: &[ReportFile]) -> Result<Vec<(ReportFile, OutputFile)>, Failure> {
    reports.iter().map(|report| Ok((report.clone(), OutputFile::reserve("--report", &report.path)?))).collect()
}

/// Drafts go to a new file only, so that waivers somebody wrote are never lost.
fn reserve_draft(path: &Path) -> Result<OutputFile, Failure> {
    if path.exists() {
        let message = format!("--write-waivers: {} is there already", path.display());
        return Err(Failure::usage(message, "Give a new file, then move the waivers you want into the policy file."));
    }
    OutputFile::reserve("--write-waivers", path)
}

fn write_files(files: Vec<(ReportFile, OutputFile)>, assessment: &Assessment, show_pass: bool) -> Result<(), Failure> {
    for (report, file) in files {
        file.commit(|out| write(report.format, assessment, show_pass, out)).map_err(|error| {
            let message = format!("--report: cannot write {}: {error}", report.path.display());
            Failure::not_audited(message, "Free some space, or give another path.")
        })?;
    }
    Ok(())
}
