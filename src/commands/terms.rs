//! `zdr-check terms`: the statements behind the rules, and whether their pages still say so. Wiring only.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::clock;
use super::failure::Failure;
use super::output::{OutputFile, Outputs};
use super::show::Console;
use super::terms_lock::{self, LARGEST_FILE};
use crate::azure::pages::{PageSettings, Pages, Unread};
use crate::cli::{ListFormatArg, TermsArgs, TermsCheckArgs, TermsCommand};
use crate::gate::Exit;
use crate::knowledge::statements::{self, Statement};
use crate::term::sanitise;
use crate::terms::compare::Text;
use crate::terms::{Check, Fetched, Lock, Miss, compare, json, show, text};

/// Bytes of one page that are read at most.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;

/// Lists, explains or checks.
///
/// # Errors
/// [`Failure`] for bad values and files, and when nothing can be written.
pub(super) async fn run(args: TermsArgs, console: &Console) -> Result<Exit, Failure> {
    match args.command {
        None => {
            let mut all: Vec<&'static Statement> = statements::statements().collect();
            all.sort_by_key(|own| own.id);
            print(args.format, || show::listing(&all, &console.screen()), || json::listing(&all))?;
            Ok(Exit::Clean)
        }
        Some(TermsCommand::Show(args)) => {
            let own = find("terms show", &args.id)?;
            print(args.format, || show::statement(own, &console.screen()), || json::statement(own))?;
            Ok(Exit::Clean)
        }
        Some(TermsCommand::Check(args)) => check(args, console).await,
    }
}

fn print(
    format: ListFormatArg,
    table: impl FnOnce() -> String,
    json: impl FnOnce() -> serde_json::Result<String>,
) -> Result<(), Failure> {
    let text = match format {
        ListFormatArg::Table => table(),
        ListFormatArg::Json => json().map_err(|error| {
            Failure::not_audited(format!("cannot write JSON: {error}"), "Report this; it is a bug in zdr-check.")
        })?,
    };
    Console::print(|out| out.write_all(text.as_bytes()))
}

fn find(flag: &str, id: &str) -> Result<&'static Statement, Failure> {
    let wanted = id.to_ascii_lowercase();
    statements::find(&wanted).ok_or_else(|| {
        let likeness = |own: &&Statement| strsim::jaro_winkler(&wanted, own.id);
        let close = statements::statements().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let help = match close.filter(|own| likeness(own) > 0.7) {
            Some(own) => format!("Did you mean {}? `zdr-check terms` lists them all.", own.id),
            None => "`zdr-check terms` lists them all.".to_owned(),
        };
        Failure::usage(format!("{flag}: no statement has the id {}", sanitise(id)), help)
    })
}

async fn check(args: TermsCheckArgs, console: &Console) -> Result<Exit, Failure> {
    let lock = terms_lock::read("--lock", &args.lock)?.map(|own| own.lock);
    let watched = watched(&args.source)?;
    if let Some(folder) = &args.keep {
        std::fs::create_dir_all(folder).map_err(|error| keep_failure(folder, &error))?;
    }
    let target = if args.update { Some(Outputs::default().reserve("--lock", &args.lock)?) } else { None };
    let known = lock.is_some();
    let mut lock = lock.unwrap_or_default();
    let check = fetch(&args, &watched, &lock, console).await?;
    let exit = exit_of(&check);
    print(
        args.format,
        || show::check(&check, exit.code(), console.is_quiet(), &console.screen()),
        || json::check(&check, exit.code()),
    )?;
    match target {
        Some(target) if exit != Exit::NotAudited => {
            update(&mut lock, &check, args.source.is_empty(), target, &args.lock)?;
        }
        Some(_) => console.note("no page could be read, so the lock file is as it was"),
        None if !known => console.note(&format!("there is no {}; --update writes it", args.lock.display())),
        None => {}
    }
    Ok(exit)
}

/// The statements by page, in the order of addresses.
fn watched(ids: &[String]) -> Result<BTreeMap<&'static str, Vec<&'static Statement>>, Failure> {
    let wanted = ids.iter().map(|id| find("--source", id)).collect::<Result<Vec<_>, _>>()?;
    let mut pages: BTreeMap<&'static str, Vec<&'static Statement>> = BTreeMap::new();
    for own in statements::statements() {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted.source.url == own.source.url) {
            pages.entry(own.source.url).or_default().push(own);
        }
    }
    Ok(pages)
}

async fn fetch(
    args: &TermsCheckArgs,
    watched: &BTreeMap<&'static str, Vec<&'static Statement>>,
    lock: &Lock,
    console: &Console,
) -> Result<Check, Failure> {
    let mut pages = Pages::new(PageSettings {
        ca_file: args.ca_file.clone(),
        timeout: Duration::from_secs(args.request_timeout.into()),
        largest: LARGEST_PAGE,
        resolve: args.resolve.iter().cloned().collect(),
    })?;
    let progress = console.progress();
    progress.phase("reading pages");
    let mut checked = Vec::new();
    for (url, statements) in watched {
        let Some(first) = statements.first() else { continue };
        let fetched = fetched(pages.read(url).await);
        if let (Some(folder), Ok(text)) = (&args.keep, &fetched) {
            keep(folder, text)?;
        }
        let stored = |hash: &str| stored(args.keep.as_deref()?, hash);
        checked.push(compare(statements, first.source, fetched, lock, &stored));
    }
    progress.finish();
    Ok(Check { pages: checked })
}

fn fetched(read: Result<crate::azure::pages::Page, Unread>) -> Fetched {
    match read {
        Ok(page) => {
            let paragraphs = text::paragraphs(&page.text, page.is_html);
            if paragraphs.is_empty() {
                return Err(Miss::Unread("the page has no text, or nests too deep to be a page".to_owned()));
            }
            Ok(Text { paragraphs, address: page.address })
        }
        Err(why @ Unread::Gone(_)) => Err(Miss::Gone(why.to_string())),
        Err(why) => Err(Miss::Unread(why.to_string())),
    }
}

fn exit_of(check: &Check) -> Exit {
    let unread = check.unread().count();
    if check.moved().next().is_some() {
        Exit::Findings
    } else if unread == check.pages.len() {
        Exit::NotAudited
    } else if unread > 0 {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}

fn update(lock: &mut Lock, check: &Check, all: bool, target: OutputFile, path: &Path) -> Result<(), Failure> {
    lock.update(check, clock::now().to_zoned(jiff::tz::TimeZone::UTC).date());
    if all {
        let known = |url: &str, id: Option<&str>| {
            let mut here = statements::statements().filter(|own| own.source.url == url);
            here.any(|own| id.is_none_or(|id| own.id == id))
        };
        lock.prune(&known);
    }
    let text = lock.text();
    target.commit(|out| out.write_all(text.as_bytes())).map_err(|error| {
        Failure::not_audited(
            format!("--lock: cannot write {}: {error}", path.display()),
            "Free some space, or give another path.",
        )
    })
}

/// Stores the text of a page under its hash. What is there already is the same text.
fn keep(folder: &Path, page: &Text) -> Result<(), Failure> {
    let path = file(folder, &text::digest(&page.paragraphs));
    if path.exists() {
        return Ok(());
    }
    let whole = page.paragraphs.join("\n") + "\n";
    let written = Outputs::default().reserve("--keep", &path)?.commit(|out| out.write_all(whole.as_bytes()));
    written.map_err(|error| keep_failure(&path, &error))
}

/// A stored text, when it is still what its name says.
fn stored(folder: &Path, hash: &str) -> Option<Vec<String>> {
    let path = file(folder, hash);
    if !path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LARGEST_FILE) {
        return None;
    }
    let lines: Vec<String> = std::fs::read_to_string(path).ok()?.lines().map(str::to_owned).collect();
    (text::digest(&lines) == hash).then_some(lines)
}

fn file(folder: &Path, hash: &str) -> PathBuf {
    folder.join(format!("{hash}.txt"))
}

fn keep_failure(path: &Path, error: &io::Error) -> Failure {
    let message = format!("--keep: cannot write {}: {error}", path.display());
    Failure::usage(sanitise(&message).into_owned(), "Give a folder that you may write to.")
}
