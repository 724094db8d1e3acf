//! The lock file of `zdr-check terms check`: what it says about the pages, for the check itself and for the reports of a run.

use std::io;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock;
use super::failure::Failure;
use crate::config::{Overlays, PolicyFile};
use crate::knowledge::statements::{Sighting, Sightings, find};
use crate::term::sanitise;
use crate::terms::Lock;

/// Bytes of a lock file or a stored page that are read at most.
pub(super) const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// Name of the lock file that is looked for in the working directory.
const FILE_NAME: &str = "zdr-terms.lock";

const HELP: &str = "Mend the file, or delete it and write it anew with `zdr-check terms check --update`.";

/// A lock file that was read.
pub(super) struct Read {
    pub(super) lock: Lock,
    bytes: Vec<u8>,
}

/// The lock file; none when there is none.
///
/// # Errors
/// A usage error that names the file, and the line of a mistake.
pub(super) fn read(flag: &str, path: &Path) -> Result<Option<Read>, Failure> {
    let refuse = |place: &str, why: &str| Err(refusal(flag, path, place, why));
    let size = match path.metadata() {
        // A link that leads nowhere is a mistake, not a file that was never written.
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err() => return Ok(None),
        Err(error) => return refuse("", &error.to_string()),
        Ok(metadata) if !metadata.is_file() => return refuse("", "it is not a regular file"),
        Ok(metadata) => metadata.len(),
    };
    if size > LARGEST_FILE {
        return refuse("", &format!("it is larger than {LARGEST_FILE} bytes"));
    }
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return refuse("", &error.to_string()),
    };
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            return refuse(&format!(":{}", line + 1), "it is not UTF-8 text");
        }
    };
    match Lock::parse(text) {
        Ok(lock) => Ok(Some(Read { lock, bytes })),
        Err(error) => refuse(&format!(":{}", error.line), &error.message),
    }
}

fn refusal(flag: &str, path: &Path, place: &str, why: &str) -> Failure {
    let message = format!("{flag} {}{place}: {why}", path.display());
    Failure::usage(sanitise(&message).into_owned(), HELP)
}

/// Lays what the lock file says over what the program knows: the file `given`, or the one in the working directory unless
/// `alone`.
///
/// # Errors
/// As [`read`]; also when a file that was given is not there, or a date in it is yet to come.
pub(super) fn lay_over(overlays: &mut Overlays, given: Option<&Path>, alone: bool) -> Result<(), Failure> {
    let (flag, path) = match given {
        Some(path) => ("--terms-lock", path),
        None if alone => return Ok(()),
        None => ("lock file", Path::new(FILE_NAME)),
    };
    let Some(Read { lock, bytes }) = read(flag, path)? else {
        return match given {
            Some(_) => Err(Failure::usage(
                format!("--terms-lock {}: there is no such file", path.display()),
                "Give the file that `zdr-check terms check --update` wrote.",
            )),
            None => Ok(()),
        };
    };
    let today = clock::now().to_zoned(TimeZone::UTC).date();
    // A date from the future would keep every source young for ever.
    if let Some((url, on)) = latest(&lock).filter(|(_, on)| *on > today) {
        return Err(refusal(flag, path, "", &format!("{url} was last seen on {on}, and today is {today}")));
    }
    overlays.sightings = sightings(&lock);
    overlays.terms_lock = Some(PolicyFile::of(path, &bytes));
    Ok(())
}

/// The page that was seen last.
fn latest(lock: &Lock) -> Option<(&str, Date)> {
    let pages = lock.pages.iter().flat_map(|(url, page)| {
        let passages = page.passages.values().map(|own| own.last_seen);
        passages.chain([page.last_seen]).map(move |on| (url.as_str(), on))
    });
    pages.max_by_key(|(_, on)| *on)
}

/// What the file says about passages that this program looks for; it may have been written by another version.
fn sightings(lock: &Lock) -> Sightings {
    let mut all = Sightings::new();
    for (url, page) in &lock.pages {
        for (id, own) in &page.passages {
            let known = find(id).filter(|known| known.source.url == url && own.is_of(known.passage));
            if let Some(known) = known {
                let found = own.present && page.sha256.is_some();
                all.insert(known.id, Sighting { on: own.last_seen, found });
            }
        }
    }
    all
}
