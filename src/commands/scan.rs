//! `zdr-check scan`: from flags to a report and an exit code. Wiring only.

use super::failure::Failure;
use super::output::OutputFile;
use super::show::{Console, exit_of, write};
use super::{demo, live};
use crate::assessment::Assessment;
use crate::cli::{PolicyArgs, ReportFile, ScanArgs};
use crate::engine;
use crate::gate::Exit;
use crate::rules::Policy;

/// Runs the scan.
///
/// # Errors
/// [`Failure`] when there is no assessment.
pub(super) async fn run(args: ScanArgs, console: &Console) -> Result<Exit, Failure> {
    let settings = judge_settings(&args.policy);
    let files = reserve(&args.output.report)?;
    let snapshot = if args.scope.demo {
        demo::snapshot().await?
    } else {
        live::snapshot(&args.scope, &args.access, console).await?
    };
    let assessment = engine::assess(&snapshot, &settings);
    write_files(files, &assessment, args.output.show_pass)?;
    console.report(args.output.format, &assessment, args.output.show_pass)?;
    Ok(exit_of(&assessment))
}

fn judge_settings(args: &PolicyArgs) -> engine::Settings {
    let allowed = args.allow_location.iter().flat_map(|location| &location.0).map(|region| (*region).to_owned());
    engine::Settings {
        policy: Policy {
            pin: args.pin,
            allowed_locations: (!args.allow_location.is_empty()).then(|| allowed.collect()),
        },
        fail_on: args.fail_on.into(),
        profile: args.profile.into(),
        allow_incomplete: args.allow_incomplete,
    }
}

fn reserve(reports: &[ReportFile]) -> Result<Vec<(ReportFile, OutputFile)>, Failure> {
    reports.iter().map(|report| Ok((report.clone(), OutputFile::reserve(&report.path)?))).collect()
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
