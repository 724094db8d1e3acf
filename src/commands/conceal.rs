//! `scan --redact`: masks at the source. The journal is held in memory, masked as `zdr-check redact` does it, and every report
//! is made from what is left, so that nothing of the run that names a customer reaches a disk but the map.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::output::{OutputFile, Outputs};
use super::record::{Recorded, Recorder};
use super::redact::{self, Map};
use super::show::Console;
use crate::cli::ScanArgs;
use crate::config::{Overlays, PolicyFile};
use crate::engine::{self, Settings};
use crate::snapshot::journal::Ending;
use crate::snapshot::{Interruption, PackedSnapshot, Source};

/// What is written besides reports.
pub(super) struct Concealed {
    map: Map,
    snapshot: Option<(PathBuf, OutputFile)>,
}

/// The flags and settings that `--redact` cannot go with: what it is, and what to do instead.
fn refusal(args: &ScanArgs, overlays: &Overlays) -> Option<(&'static str, &'static str)> {
    let (record, output) = (&args.record, &args.output);
    let named = !overlays.scopes.is_empty()
        || !overlays.waivers.items().is_empty()
        || !overlays.attestations.items().is_empty();
    let cases = [
        (
            args.scope.snapshot.is_some(),
            "--snapshot: that file is not masked any more by judging it",
            "Mask it with zdr-check redact, then judge the masked file.",
        ),
        (
            record.resume.is_some(),
            "--resume: what was saved before is not masked",
            "Finish the scan without --redact, then mask its snapshot with zdr-check redact.",
        ),
        (args.plan_requests, "--plan-requests, which makes no report and no snapshot", "Leave one of them out."),
        (
            output.baseline.is_some(),
            "--baseline: names under masks match no earlier run",
            "Mask both snapshots with zdr-check redact and one map, then compare them with zdr-check diff.",
        ),
        (
            output.write_waivers.is_some(),
            "--write-waivers: a waiver must name what it accepts",
            "Draft waivers in a scan without --redact.",
        ),
        (
            named,
            "a policy file with scopes, waivers or attestations: they name resources, and people",
            "Give --no-config, or a --config without them; or mask the snapshot afterwards with zdr-check redact.",
        ),
        (
            record.save_snapshot.is_none() && record.redact_map.is_none(),
            "nowhere to keep the map, without which nobody can undo the masks",
            "Give --redact-map FILE, or --save-snapshot FILE, beside which the map then goes.",
        ),
    ];
    cases.into_iter().find(|(refused, ..)| *refused).map(|(_, what, help)| (what, help))
}

impl Concealed {
    /// Opens what is written, before anything is read; none without `--redact`.
    ///
    /// # Errors
    /// A usage error when other flags contradict it, or a path cannot be written.
    pub(super) fn prepare(
        args: &ScanArgs,
        overlays: &mut Overlays,
        outputs: &mut Outputs,
    ) -> Result<Option<Self>, Failure> {
        if !args.record.redact {
            return Ok(None);
        }
        if let Some((what, help)) = refusal(args, overlays) {
            return Err(Failure::usage(format!("--redact cannot go with {what}"), help));
        }
        for file in [&mut overlays.file, &mut overlays.terms_lock].into_iter().flatten() {
            *file = without_folder(file);
        }
        let snapshot = args.record.save_snapshot.as_ref();
        if let Some(path) = snapshot {
            outputs.claim("--save-snapshot", path)?;
        }
        let map = args.record.redact_map.clone().or_else(|| snapshot.map(|path| beside(path))).unwrap_or_default();
        outputs.claim("--redact-map", &map)?;
        let snapshot = match snapshot {
            Some(path) => Some((path.clone(), redact::fresh("--save-snapshot", path)?)),
            None => None,
        };
        Ok(Some(Self { map: Map::open("--redact-map", &map)?, snapshot }))
    }

    /// Masks the journal, writes the map, then the snapshot, and gives what reports are made of: the journal alone, because a run
    /// that was stopped may have seen more than can be judged again.
    ///
    /// # Errors
    /// When the masks would change a verdict, or the map cannot be written: then nothing is.
    pub(super) fn apply(
        self,
        (source, interrupted): (Source, Option<Interruption>),
        recorder: &Recorder,
        settings: &Settings,
        console: &Console,
    ) -> Result<(PackedSnapshot, Recorded), Failure> {
        let unmasked = |why: String| {
            Failure::not_audited(format!("--redact: what was read cannot be masked: {why}"), "Scan without --redact.")
        };
        let journal = recorder.held().map_err(unmasked)?;
        let complete = journal.ending == Ending::Complete;
        let mut masks = self.map.masks();
        let before = engine::assess_packed(journal.clone().into_packed(), settings);
        let masked = journal.masked(&mut masks);
        let mut shown = masked.clone().into_packed();
        let after = engine::assess_packed(shown.clone(), settings);
        redact::agree("--redact", &before, &after, &mut masks)?;
        (shown.frame.source, shown.frame.interrupted) = (source, interrupted);
        let map = self.map.path().display().to_string();
        self.map.write(&masks)?;
        console.note(&format!("ids and names are masked; keep {map} to yourself: it undoes the masks"));
        let Some((path, out)) = self.snapshot else { return Ok((shown, Recorded::Nothing)) };
        let name = path.display().to_string();
        let outcome = match redact::save(&masked, &path, out) {
            Err(error) => Recorded::Failed { path: name, why: error.to_string() },
            Ok(()) if complete => Recorded::Finished(name),
            Ok(()) => Recorded::Ended(name),
        };
        Ok((shown, outcome))
    }
}

/// Where the map of a snapshot goes.
fn beside(snapshot: &Path) -> PathBuf {
    let mut name = snapshot.as_os_str().to_owned();
    name.push(".map.json");
    PathBuf::from(name)
}

/// Folders are often named after people and customers.
fn without_folder(file: &PolicyFile) -> PolicyFile {
    let name = Path::new(&file.path).file_name().map(|name| name.to_string_lossy().into_owned());
    PolicyFile { path: name.unwrap_or_default(), sha256: file.sha256.clone() }
}
