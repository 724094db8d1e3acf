//! An earlier run, from a snapshot or from a JSON report, as the posture it found.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::failure::Failure;
use super::input;
use crate::assessment::compare::Posture;
use crate::engine::{self, Settings};
use crate::report;
use crate::term::sanitise;

/// A report of a whole tenant takes some hundred megabytes; what is larger is something else.
const LARGEST: u64 = 4 * 1024 * 1024 * 1024;

/// Reads the posture a file states, or that follows from the snapshot in it. `flag` names the argument in messages.
///
/// # Errors
/// The input is unreadable.
pub(super) fn read(flag: &str, path: &Path, settings: &Settings) -> Result<Posture, Failure> {
    let name = path.display();
    let refuse = |why: &dyn std::fmt::Display| {
        Failure::not_audited(
            sanitise(&format!("{flag} {name}: {why}")).into_owned(),
            "Give a snapshot that --save-snapshot wrote, or a report that --format json wrote.",
        )
    };
    let size = input::regular(path).map_err(|why| refuse(&why))?;
    let mut file = File::open(path).map_err(|error| refuse(&error))?;
    if is_report(&mut file).map_err(|error| refuse(&error))? {
        if size > LARGEST {
            return Err(refuse(&format!("it is larger than {LARGEST} bytes")));
        }
        let bytes = std::fs::read(path).map_err(|error| refuse(&error))?;
        return report::read_posture(&bytes).map_err(|error| refuse(&error));
    }
    let snapshot = input::read(flag, path)?.into_packed();
    Ok(Posture::of(&engine::assess_packed(snapshot, settings)))
}

/// Whether the file is JSON, and not the lines of a snapshot.
fn is_report(file: &mut File) -> std::io::Result<bool> {
    let mut first = Vec::new();
    file.take(256).read_to_end(&mut first)?;
    let text = String::from_utf8_lossy(&first);
    Ok(text.trim_start().starts_with('{') && !text.contains("zdr-check/snapshot/"))
}

/// Whether two runs can be compared at all.
///
/// # Errors
/// A usage error that says what differs.
pub(super) fn agree(flag: &str, older: &Posture, newer: &Posture) -> Result<(), Failure> {
    let differ = |what: &str, one: &str, other: &str| {
        let message = format!("{flag}: the two runs are of different {what}: {one} and {other}");
        let help = "Compare runs of one tenant and cloud; what changed between different ones means nothing.";
        Err(Failure::usage(sanitise(&message).into_owned(), help))
    };
    if let (Some(one), Some(other)) = (&older.tenant_id, &newer.tenant_id)
        && !one.eq_ignore_ascii_case(other)
    {
        return differ("tenants", one, other);
    }
    if older.cloud != newer.cloud {
        return differ("clouds", &older.cloud, &newer.cloud);
    }
    if older.taken_at > newer.taken_at {
        let message = format!("{flag}: the older run is of {}, the newer of {}", older.taken_at, newer.taken_at);
        return Err(Failure::usage(message, "Swap them: the older one comes first."));
    }
    Ok(())
}
