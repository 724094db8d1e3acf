//! `zdr-check redact`: a snapshot under masks, and the map that stays with its owner.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::input;
use super::output::OutputFile;
use super::show::Console;
use crate::assessment::Assessment;
use crate::cli::RedactArgs;
use crate::config::Overlays;
use crate::engine::{self, AsOf, Settings};
use crate::gate::Exit;
use crate::knowledge::processing::Pin;
use crate::outcome::{FailOn, PlanUnknown, Profile, Severity};
use crate::rules::Policy;
use crate::rules::options::Options;
use crate::snapshot::journal::{hex, zst::Frames};
use crate::snapshot::mask::Masks;

const SCHEMA: &str = "zdr-check/redaction-map/1";

/// The file of `--map`.
#[derive(Serialize, Deserialize)]
struct MapFile {
    schema: String,
    /// Key of the masks, in hex.
    key: String,
    /// Each mask with what it stands for.
    masks: BTreeMap<String, String>,
}

/// Writes the masked snapshot and the map.
///
/// # Errors
/// When the input is no good snapshot, a file is there already, or a verdict would change.
pub(super) fn run(args: &RedactArgs, console: &Console) -> Result<Exit, Failure> {
    let journal = input::read("redact", &args.input)?;
    if args.output.exists() {
        let message = format!("redact: {} is there already", args.output.display());
        return Err(Failure::usage(message, "Give the path of a new file."));
    }
    let earlier = earlier(&args.map)?;
    let key = earlier.as_ref().map_or_else(fresh_key, |(key, _)| Ok(*key))?;
    let mut masks = Masks::new(key);
    let out = OutputFile::reserve("redact", &args.output)?;
    let before = engine::assess(&journal.clone().into_snapshot(), &neutral());
    let masked = journal.masked(&mut masks);
    let after = engine::assess(&masked.clone().into_snapshot(), &neutral());
    let changed = changed(&verdicts(&before, |id| masks.id(id)), &verdicts(&after, str::to_owned));
    if !changed.is_empty() || before.exit_code != after.exit_code {
        let what = if changed.is_empty() { "the exit code".to_owned() } else { format!("verdicts of {changed}") };
        let help = "Nothing was written. Report this; it is a bug in zdr-check.";
        return Err(Failure::not_audited(format!("redact: {what} would change under the masks"), help));
    }
    // The map first: a masked snapshot without it could not be traced back by its owner.
    write_map(&args.map, key, &masks, earlier.map(|(_, masks)| masks))?;
    let compressed = args.output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zst"));
    let written = out.commit(|out| {
        if compressed { masked.rewrite(Frames::new(out)?).map(drop) } else { masked.rewrite(out).map(drop) }
    });
    written
        .map_err(|error| Failure::not_audited(format!("redact: {error}"), "Free some space, or give another path."))?;
    let (file, map) = (args.output.display(), args.map.display());
    console.note(&format!("masked snapshot written to {file}; keep {map} to yourself: it undoes the masks"));
    Ok(Exit::Clean)
}

/// Verdicts that do not depend on names.
fn neutral() -> Settings {
    Settings {
        policy: Policy { pin: Pin::Geography, allowed_locations: None, options: Options::default() },
        fail_on: FailOn::From(Severity::High),
        profile: Profile::Standard,
        allow_incomplete: false,
        overlays: Overlays::default(),
        as_of: AsOf::Run,
        plan_unknown: PlanUnknown::Note,
    }
}

/// Key and masks of a map.
type Earlier = ([u8; 32], BTreeMap<String, String>);

type Verdicts = BTreeSet<(&'static str, String, &'static str)>;

fn verdicts(assessment: &Assessment, mut name: impl FnMut(&str) -> String) -> Verdicts {
    let mut one = |result: &crate::assessment::RuleResult| {
        (result.rule, name(&result.resource_id).to_ascii_lowercase(), result.outcome.as_str())
    };
    assessment.results.iter().map(|result| one(&result)).collect()
}

/// The rules that do not say the same, in words.
fn changed(before: &Verdicts, after: &Verdicts) -> String {
    let rules: BTreeSet<&str> = before.symmetric_difference(after).map(|(rule, _, _)| *rule).collect();
    rules.into_iter().collect::<Vec<_>>().join(", ")
}

/// The key and the masks of an earlier map, so that several snapshots can share one.
fn earlier(path: &Path) -> Result<Option<Earlier>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let refuse = || {
        let message = format!("--map {}: it is there and is no map of zdr-check redact", path.display());
        Failure::usage(message, "Give a new file, or the map of an earlier snapshot.")
    };
    let file = input::SnapshotFile::open(path).map_err(|_| refuse())?.file;
    let map: MapFile = serde_json::from_reader(std::io::BufReader::new(file)).map_err(|_| refuse())?;
    let byte = |index: usize| map.key.get(2 * index..2 * index + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
    let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
    let key = bytes.and_then(|bytes| bytes.try_into().ok()).filter(|_| map.schema == SCHEMA && map.key.len() == 64);
    key.map(|key| Some((key, map.masks))).ok_or_else(refuse)
}

fn fresh_key() -> Result<[u8; 32], Failure> {
    let mut key = [0; 32];
    let filled = SystemRandom::new().fill(&mut key);
    filled.map_err(|_| Failure::not_audited("redact: the system gives no random numbers", "Try again."))?;
    Ok(key)
}

/// Written beside, readable by its owner alone, then moved into place.
fn write_map(
    path: &Path,
    key: [u8; 32],
    masks: &Masks,
    earlier: Option<BTreeMap<String, String>>,
) -> Result<(), Failure> {
    let key = hex(&key);
    let mut all = earlier.unwrap_or_default();
    all.extend(masks.given().clone());
    let map = MapFile { schema: SCHEMA.to_owned(), key, masks: all };
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.part", std::process::id()));
    let write = || {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        serde_json::to_writer_pretty(&mut file, &map)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|error: std::io::Error| {
        // What could not be written whole is of no use.
        let _ = std::fs::remove_file(&temporary);
        Failure::usage(
            format!("--map {}: {error}", path.display()),
            "Give a path in a directory that you may write to.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_would_change_are_named() {
        let verdicts = |rows: &[(&'static str, &'static str)]| -> Verdicts {
            rows.iter().map(|(rule, outcome)| (*rule, "/id".to_owned(), *outcome)).collect()
        };
        let before = verdicts(&[("a", "pass"), ("b", "fail"), ("c", "pass")]);
        assert_eq!(changed(&before, &verdicts(&[("a", "fail"), ("b", "fail")])), "a, c");
        assert_eq!(changed(&before, &before), "");
    }
}
