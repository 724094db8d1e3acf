//! `zdr-check scan`: from flags to a report and an exit code. Wiring only.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::conceal::Concealed;
use super::failure::Failure;
use super::live::{Conduct, Wanted};
use super::output::{OutputFile, Outputs};
use super::record::{Recorded, Recorder};
use super::show::{Console, exit_of, write};
use super::sign::Signer;
use super::{baseline, clock, demo, input, live, policy, requests, signals, terms_lock};
use crate::assessment::compare::Posture;
use crate::assessment::{Assessment, Note, NoteKind};
use crate::azure::stop::Stop;
use crate::cli::{OutputArgs, RecordArgs, ReportFile, ScanArgs};
use crate::engine::{self, Settings};
use crate::gate::Exit;
use crate::report;
use crate::snapshot::{Interruption, PackedSnapshot};

/// Bytes of a job summary. GitHub drops one of more than 1 MiB whole; a step may have said something before.
const SUMMARY: usize = 1_000_000;

pub(super) const NO_ROOM: &str = "Free some space, or give another path.";

/// Runs the scan.
///
/// # Errors
/// [`Failure`] when there is no assessment.
pub(super) async fn run(args: ScanArgs, console: &Console) -> Result<Exit, Failure> {
    Console::check_stdout(args.output.format)?;
    let stop = deadline(&args.record);
    let reads = !args.scope.demo && args.scope.snapshot.is_none();
    let scan = scan(args, console.clone(), stop.clone());
    if reads { signals::obeyed(stop, console, scan).await } else { scan.await }
}

/// What stops a run, at the latest when its deadline passes.
pub(super) fn deadline(args: &RecordArgs) -> Stop {
    let stop = Stop::default();
    if let Some(seconds) = args.deadline {
        let stop = stop.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(seconds.into())).await;
            stop.stop(Interruption::Deadline);
        });
    }
    stop
}

async fn scan(args: ScanArgs, console: Console, stop: Stop) -> Result<Exit, Failure> {
    let mut settings = policy::settings(&args.policy, &console)?;
    terms_lock::lay_over(&mut settings.overlays, args.output.terms_lock.as_deref(), args.policy.boundary.no_config)?;
    let mut outputs = Outputs::default();
    let concealed = Concealed::prepare(&args, &mut settings.overlays, &mut outputs)?;
    let signer = Signer::prepare(&args, &mut outputs)?;
    if args.plan_requests {
        return requests::run(&args, &settings, &stop, &console).await;
    }
    let files = reserve(&mut outputs, &args.output)?;
    let draft = args.output.write_waivers.as_deref().map(|path| reserve_draft(&mut outputs, path)).transpose()?;
    // Before anything is read: a baseline nobody can use must not cost a scan.
    let baseline = args
        .output
        .baseline
        .as_ref()
        .map(|path| baseline::read("--baseline", path, &settings).map(|posture| (path, posture)));
    let baseline = baseline.transpose()?;
    let recorder = Arc::new(recorder(&args.record)?);
    let wanted = Wanted { scope: &args.scope, select: &args.select, access: &args.access };
    let snapshot = obtain(&wanted, &settings, stop, &recorder, &console).await?;
    let (snapshot, kept) = match concealed {
        Some(concealed) => {
            let seen = (snapshot.frame.source, snapshot.frame.interrupted);
            drop(snapshot);
            concealed.apply(seen, &recorder, &settings, &console)?
        }
        None => (snapshot, recorder.outcome()),
    };
    let mut assessment = engine::assess_packed(snapshot, &settings);
    if let Some((path, earlier)) = &baseline {
        let flag = format!("--baseline {}", path.display());
        baseline::agree(&flag, earlier, &Posture::of(&assessment))?;
        assessment = engine::compare(assessment, earlier, args.output.regressions_only);
    }
    assessment.notes.extend(tell(&kept, &console));
    let mut missing: Vec<Failure> = signer.and_then(|own| own.sign(&kept, &console).err()).into_iter().collect();
    missing.extend(write_files(files, &assessment, args.output.show_pass));
    missing.extend(draft.and_then(|file| write_draft(file, &assessment).err()));
    missing.extend(console.report(args.output.format, &assessment, args.output.show_pass).err());
    Ok(console.settle(&missing, exit_of(&assessment)))
}

/// What a command is about: the demo estate, a saved snapshot, or Azure as it is now.
pub(super) async fn obtain(
    wanted: &Wanted<'_>,
    settings: &Settings,
    stop: Stop,
    recorder: &Arc<Recorder>,
    console: &Console,
) -> Result<PackedSnapshot, Failure> {
    let snapshot = if wanted.scope.demo {
        demo::snapshot(live::asked(wanted), recorder).await?
    } else if let Some(path) = &wanted.scope.snapshot {
        input::read("--snapshot", path)?.into_packed()
    } else {
        let conduct = Conduct { stop, recorder: Arc::clone(recorder) };
        live::snapshot(wanted, &settings.needs(), &conduct, console).await?
    };
    live::some_account(&snapshot)?;
    Ok(snapshot)
}

pub(super) fn recorder(args: &RecordArgs) -> Result<Recorder, Failure> {
    if args.redact {
        return Ok(Recorder::in_memory());
    }
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
pub(super) fn tell(recorded: &Recorded, console: &Console) -> Option<Note> {
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
        Recorded::Ended(path) => {
            console.note(&format!("the snapshot {path} is unfinished; it is masked, so no scan can go on with it"));
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

/// The reports that go to files, opened.
pub(super) struct Files {
    reports: Vec<(ReportFile, OutputFile)>,
    summary: Option<(PathBuf, OutputFile)>,
}

pub(super) fn reserve(outputs: &mut Outputs, args: &OutputArgs) -> Result<Files, Failure> {
    let mut open = |report: &ReportFile| Ok((report.clone(), outputs.reserve("--report", &report.path)?));
    let reports = args.report.iter().map(&mut open).collect::<Result<_, Failure>>()?;
    let summary = match &args.summary {
        Some(path) => Some((path.clone(), outputs.reserve("--summary", path)?)),
        None => None,
    };
    Ok(Files { reports, summary })
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
pub(super) fn write_files(files: Files, assessment: &Assessment, show_pass: bool) -> Vec<Failure> {
    let missing = |flag: &str, path: &Path, error: io::Error| {
        Failure::not_audited(format!("{flag}: cannot write {}: {error}", path.display()), NO_ROOM)
    };
    let write = |(report, file): (ReportFile, OutputFile)| {
        let written = file.commit(|out| write(report.format, assessment, show_pass, out));
        written.err().map(|error| missing("--report", &report.path, error))
    };
    let mut all: Vec<Failure> = files.reports.into_iter().filter_map(write).collect();
    all.extend(files.summary.and_then(|(path, file)| {
        let written = file.commit(|out| report::markdown_summary(assessment, SUMMARY, out));
        written.err().map(|error| missing("--summary", &path, error))
    }));
    all
}

pub(super) fn write_draft(file: OutputFile, assessment: &Assessment) -> Result<(), Failure> {
    file.commit(|out| report::draft_waivers(assessment, out))
        .map_err(|error| Failure::not_audited(format!("--write-waivers: {error}"), NO_ROOM))
}
