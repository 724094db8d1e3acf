//! `zdr-check scan`: from flags to a report and an exit code. Wiring only.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::failure::Failure;
use super::live::Conduct;
use super::output::{OutputFile, Outputs};
use super::record::{Recorded, Recorder};
use super::show::{Console, exit_of, write};
use super::{baseline, clock, demo, input, live, policy, requests, signals};
use crate::assessment::compare::Posture;
use crate::assessment::{Assessment, Note, NoteKind};
use crate::azure::stop::Stop;
use crate::cli::{RecordArgs, ReportFile, ScanArgs};
use crate::engine;
use crate::gate::Exit;
use crate::report;
use crate::snapshot::Interruption;

const NO_ROOM: &str = "Free some space, or give another path.";

/// Runs the scan.
///
/// # Errors
/// [`Failure`] when there is no assessment.
pub(super) async fn run(args: ScanArgs, console: &Console) -> Result<Exit, Failure> {
    Console::check_stdout(args.output.format)?;
    let stop = Stop::default();
    if let Some(seconds) = args.record.deadline {
        let stop = stop.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(seconds.into())).await;
            stop.stop(Interruption::Deadline);
        });
    }
    let reads = !args.scope.demo && args.scope.snapshot.is_none();
    let scan = scan(args, console.clone(), stop.clone());
    if reads { signals::obeyed(stop, console, scan).await } else { scan.await }
}

async fn scan(args: ScanArgs, console: Console, stop: Stop) -> Result<Exit, Failure> {
    let settings = policy::settings(&args.policy, &console)?;
    if args.select.plan_requests {
        return requests::run(&args, &settings, &stop, &console).await;
    }
    let mut outputs = Outputs::default();
    let files = reserve(&mut outputs, &args.output.report)?;
    let draft = args.output.write_waivers.as_deref().map(|path| reserve_draft(&mut outputs, path)).transpose()?;
    // Before anything is read: a baseline nobody can use must not cost a scan.
    let baseline = args
        .output
        .baseline
        .as_ref()
        .map(|path| baseline::read("--baseline", path, &settings).map(|posture| (path, posture)));
    let baseline = baseline.transpose()?;
    let recorder = Arc::new(recorder(&args.record)?);
    let snapshot = if args.scope.demo {
        demo::snapshot(&recorder, args.select.check_policies).await?
    } else if let Some(path) = &args.scope.snapshot {
        input::read("--snapshot", path)?.into_snapshot()
    } else {
        let conduct = Conduct { stop, recorder: Arc::clone(&recorder) };
        live::snapshot(&args, &settings.needs(), &conduct, &console).await?
    };
    live::some_account(&snapshot)?;
    let mut assessment = engine::assess(&snapshot, &settings);
    if let Some((path, earlier)) = &baseline {
        let flag = format!("--baseline {}", path.display());
        baseline::agree(&flag, earlier, &Posture::of(&assessment))?;
        assessment = engine::compare(assessment, earlier, args.output.regressions_only);
    }
    assessment.notes.extend(tell(&recorder.outcome(), &console));
    let mut missing = write_files(files, &assessment, args.output.show_pass);
    missing.extend(draft.and_then(|file| write_draft(file, &assessment).err()));
    missing.extend(console.report(args.output.format, &assessment, args.output.show_pass).err());
    Ok(console.settle(&missing, exit_of(&assessment)))
}

fn recorder(args: &RecordArgs) -> Result<Recorder, Failure> {
    match (&args.save_snapshot, &args.resume) {
        (Some(path), _) => Recorder::create(path),
        (None, Some(path)) => {
            let oldest = clock::now().checked_sub(args.max_age);
            Recorder::resume(path, oldest.unwrap_or(Timestamp::MIN))
        }
        (None, None) => Ok(Recorder::off()),
    }
}

/// Says what became of the snapshot. One that could not be written changes no verdict, and so not the exit code, which is about
/// the accounts; the note stands in every report.
fn tell(recorded: &Recorded, console: &Console) -> Option<Note> {
    match recorded {
        Recorded::Nothing => None,
        Recorded::Finished(path) => {
            console.note(&format!("snapshot saved to {path}"));
            None
        }
        Recorded::Unfinished(path) => {
            console.note(&format!("the snapshot is unfinished; go on with: zdr-check scan --resume {path}"));
            None
        }
        Recorded::Failed { path, why } => {
            let message = format!("the snapshot {path} could not be written to its end: {why}");
            console.warn(&message);
            let remediation = "Free some space and scan again, or go on with --resume.".to_owned();
            Some(Note { kind: NoteKind::SnapshotNotWritten, message, line: None, remediation })
        }
    }
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
