//! `zdr-check history`: from a folder of runs to their posture over time. Wiring only.
//!
//! A large estate has large runs, so that no more than two are held at once: each file is read to learn its place, and again
//! in order of time, beside the one before it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::failure::Failure;
use super::output::Outputs;
use super::show::Console;
use super::{baseline, input, policy};
use crate::assessment::history::{History, Run, Series};
use crate::cli::{HistoryArgs, ListFormatArg};
use crate::engine::Settings;
use crate::gate::Exit;
use crate::report::{self, Look};
use crate::term::sanitise;

/// Words that a snapshot or a report holds.
const SCHEMAS: [&[u8]; 2] = [b"zdr-check/snapshot/", b"zdr-check/report/"];
/// Bytes that are looked through at a time.
const CHUNK: u64 = 1024 * 1024;

/// Tenant and cloud.
type Place = (Option<String>, String);

/// Draws the history of a folder.
///
/// # Errors
/// [`Failure`] when the folder cannot be listed, holds nothing readable, or the page cannot be written.
pub(super) fn run(args: &HistoryArgs, console: &Console) -> Result<Exit, Failure> {
    let settings = policy::settings(&args.policy, console)?;
    let page = args.html.as_deref().map(|path| Outputs::default().reserve("--html", path)).transpose()?;
    let mut history = History::default();
    let places = places(&args.folder, &settings, &mut history)?;
    for ((tenant_id, cloud), files) in places {
        let runs = runs(files, &settings, &mut history.unreadable);
        if !runs.is_empty() {
            history.series.push(Series { tenant_id, cloud, runs });
        }
    }
    if history.series.is_empty() {
        return Err(nothing(&args.folder, &history));
    }
    let exit = if history.unreadable.is_empty() { Exit::Clean } else { Exit::Incomplete };
    let look = Look { quiet: console.is_quiet(), ..Look::new(console.screen()) };
    let json = args.format == ListFormatArg::Json;
    Console::print(|out| report::render_history(&history, json, exit.code(), &look, out))?;
    if let Some(page) = page {
        page.commit(|out| report::render_history_page(&history, out)).map_err(|error| {
            Failure::not_audited(
                format!("--html: cannot write the page: {error}"),
                "Free some space, or give another path.",
            )
        })?;
    }
    Ok(exit)
}

/// Files by series, each with its time.
fn places(
    folder: &Path,
    settings: &Settings,
    history: &mut History,
) -> Result<BTreeMap<Place, Vec<(Timestamp, PathBuf)>>, Failure> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>())
        .map_err(|error| {
            let message = format!("cannot list {}: {error}", folder.display());
            Failure::not_audited(message, "Give a folder with files of --save-snapshot or --format json.")
        })?;
    // Hidden files are nobody's runs: half-written reports of another process, for example.
    names.retain(|path| !name(path).starts_with('.'));
    names.sort();
    let mut places: BTreeMap<Place, Vec<(Timestamp, PathBuf)>> = BTreeMap::new();
    for path in names {
        match is_run(&path) {
            Ok(false) => history.skipped.push(name(&path)),
            Err(why) => history.unreadable.push((name(&path), why)),
            Ok(true) => match baseline::read("history", &path, settings) {
                Ok(own) => {
                    let tenant = own.tenant_id.map(|id| id.to_ascii_lowercase());
                    places.entry((tenant, own.cloud)).or_default().push((own.taken_at, path));
                }
                Err(failure) => history.unreadable.push((name(&path), failure.message)),
            },
        }
    }
    Ok(places)
}

/// The runs of one series, the oldest first.
fn runs(mut files: Vec<(Timestamp, PathBuf)>, settings: &Settings, unreadable: &mut Vec<(String, String)>) -> Vec<Run> {
    files.sort();
    let mut before = None;
    let mut runs = Vec::new();
    for (_, path) in files {
        match baseline::read("history", &path, settings) {
            Ok(posture) => {
                runs.push(Run::new(name(&path), &posture, before.as_ref()));
                before = Some(posture);
            }
            Err(failure) => unreadable.push((name(&path), failure.message)),
        }
    }
    runs
}

/// Whether a file says that it is a snapshot or a report. Folders, pipes and everything else are not.
fn is_run(path: &Path) -> Result<bool, String> {
    if input::regular(path).is_err() {
        return Ok(false);
    }
    let open = || File::open(path).map_err(|error| error.to_string());
    let mut first = Vec::new();
    open()?.take(64).read_to_end(&mut first).map_err(|error| error.to_string())?;
    if first.starts_with(&input::MAGIC) {
        return Ok(true);
    }
    if !String::from_utf8_lossy(&first).trim_start().starts_with('{') {
        return Ok(false);
    }
    // Programs that write JSON anew sort its keys, so that the schema can be anywhere in it.
    let mut file = open()?;
    let mut window = Vec::new();
    loop {
        let read = file.by_ref().take(CHUNK).read_to_end(&mut window).map_err(|error| error.to_string())?;
        if SCHEMAS.iter().any(|schema| window.windows(schema.len()).any(|own| own == *schema)) {
            return Ok(true);
        }
        if read == 0 {
            return Ok(false);
        }
        window.drain(..window.len().saturating_sub(32));
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn nothing(folder: &Path, history: &History) -> Failure {
    let mut help = vec!["Give a folder with files of --save-snapshot or --format json.".to_owned()];
    help.extend(history.unreadable.iter().take(20).map(|(name, why)| sanitise(&format!("{name}: {why}")).into_owned()));
    let message = format!(
        "nothing in {} could be read as a run: {} skipped, {} unreadable",
        folder.display(),
        history.skipped.len(),
        history.unreadable.len()
    );
    Failure { exit: Exit::NotAudited, message: sanitise(&message).into_owned(), help }
}
