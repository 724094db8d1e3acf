//! `zdr-check redact`: a snapshot under masks, and the map that stays with its owner.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

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
use crate::snapshot::journal::{Journal, hex, zst::Frames};
use crate::snapshot::mask::Masks;

const SCHEMA: &str = "zdr-check/redaction-map/1";

/// The file of a map.
#[derive(Serialize, Deserialize)]
struct Stored {
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
    let out = fresh("redact", &args.output)?;
    let map = Map::open("--map", &args.map)?;
    let mut masks = map.masks();
    let before = engine::assess_packed(journal.clone().into_packed(), &neutral());
    let masked = journal.masked(&mut masks);
    let after = engine::assess_packed(masked.clone().into_packed(), &neutral());
    agree("redact", &before, &after, &mut masks)?;
    // The map first: a masked snapshot without it could not be traced back by its owner.
    map.write(&masks)?;
    save(&masked, &args.output, out)
        .map_err(|error| Failure::not_audited(format!("redact: {error}"), "Free some space, or give another path."))?;
    let (file, map) = (args.output.display(), args.map.display());
    console.note(&format!("masked snapshot written to {file}; keep {map} to yourself: it undoes the masks"));
    Ok(Exit::Clean)
}

/// A masked snapshot goes to a new file only.
///
/// # Errors
/// When the file is there already, or cannot be written.
pub(super) fn fresh(flag: &str, path: &Path) -> Result<OutputFile, Failure> {
    if path.exists() {
        let message = format!("{flag}: {} is there already", path.display());
        return Err(Failure::usage(message, "Give the path of a new file."));
    }
    OutputFile::reserve(flag, path)
}

/// Writes a masked snapshot, compressed when the name says so.
///
/// # Errors
/// When the disk refuses.
pub(super) fn save(masked: &Journal, path: &Path, out: OutputFile) -> io::Result<()> {
    let compressed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zst"));
    out.commit(
        |out| {
            if compressed { masked.rewrite(Frames::new(out)?).map(drop) } else { masked.rewrite(out).map(drop) }
        },
    )
}

/// Whether two assessments, of the same facts without and with masks, say the same.
///
/// # Errors
/// When they do not: nothing may be written then.
pub(super) fn agree(flag: &str, before: &Assessment, after: &Assessment, masks: &mut Masks) -> Result<(), Failure> {
    let changed = changed(&verdicts(before, |id| masks.id(id)), &verdicts(after, str::to_owned));
    if changed.is_empty() && before.exit_code == after.exit_code {
        return Ok(());
    }
    let what = if changed.is_empty() { "the exit code".to_owned() } else { format!("verdicts of {changed}") };
    let help =
        "Nothing was written. When no option of a policy file names resources, report this; it is a bug in zdr-check.";
    Err(Failure::not_audited(format!("{flag}: {what} would change under the masks"), help))
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

/// A map that is being written: a new one, or that of an earlier snapshot, so that several can share one key.
pub(super) struct Map {
    flag: &'static str,
    path: PathBuf,
    key: [u8; 32],
    earlier: BTreeMap<String, String>,
    out: OutputFile,
}

impl Map {
    /// Opens it, readable by its owner alone.
    ///
    /// # Errors
    /// A usage error when the file is something else, or cannot be written.
    pub(super) fn open(flag: &'static str, path: &Path) -> Result<Self, Failure> {
        let (key, earlier) = if path.exists() { earlier(flag, path)? } else { (fresh_key()?, BTreeMap::new()) };
        let out = OutputFile::reserve(flag, path)?;
        out.keep_private().map_err(|error| {
            Failure::usage(
                format!("{flag} {}: {error}", path.display()),
                "Give a path on a disk that keeps files private.",
            )
        })?;
        Ok(Self { flag, path: path.to_owned(), key, earlier, out })
    }

    /// The masks of its key.
    pub(super) fn masks(&self) -> Masks {
        Masks::new(self.key)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds the masks that were given out, and moves the file into place.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write(self, masks: &Masks) -> Result<(), Failure> {
        let mut all = self.earlier;
        all.extend(masks.given().clone());
        let map = Stored { schema: SCHEMA.to_owned(), key: hex(&self.key), masks: all };
        let written = self.out.commit(|out| {
            serde_json::to_writer_pretty(&mut *out, &map)?;
            out.write_all(b"\n")
        });
        written.map_err(|error| {
            let message = format!("{} {}: {error}", self.flag, self.path.display());
            Failure::usage(message, "Give a path in a directory that you may write to.")
        })
    }
}

/// Key and masks of an earlier map.
fn earlier(flag: &str, path: &Path) -> Result<([u8; 32], BTreeMap<String, String>), Failure> {
    let refuse = || {
        let message = format!("{flag} {}: it is there and is no map of zdr-check redact", path.display());
        Failure::usage(message, "Give a new file, or the map of an earlier snapshot.")
    };
    let file = input::SnapshotFile::open(path).map_err(|_| refuse())?.file;
    let map: Stored = serde_json::from_reader(io::BufReader::new(file)).map_err(|_| refuse())?;
    let byte = |index: usize| map.key.get(2 * index..2 * index + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
    let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
    let key = bytes.and_then(|bytes| bytes.try_into().ok()).filter(|_| map.schema == SCHEMA && map.key.len() == 64);
    key.map(|key| (key, map.masks)).ok_or_else(refuse)
}

fn fresh_key() -> Result<[u8; 32], Failure> {
    let mut key = [0; 32];
    let filled = SystemRandom::new().fill(&mut key);
    filled.map_err(|_| Failure::not_audited("the system gives no random numbers", "Try again."))?;
    Ok(key)
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
