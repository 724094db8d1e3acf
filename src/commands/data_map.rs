//! `zdr-check data-map`: from flags to a map of stores and an exit code. Wiring only.

use std::sync::Arc;

use super::failure::Failure;
use super::live::Wanted;
use super::output::{OutputFile, Outputs};
use super::scan::{NO_ROOM, deadline, obtain, recorder, tell};
use super::show::Console;
use super::{policy, signals};
use crate::assessment::data_map::DataMap;
use crate::azure::stop::Stop;
use crate::cli::{DataMapArgs, MapFormatArg, ReportFile};
use crate::engine;
use crate::gate::Exit;
use crate::report::{self, Look, MapFormat};
use crate::term::Screen;

/// Width of a table that goes to a file.
const FILE_WIDTH: usize = 120;

impl From<MapFormatArg> for MapFormat {
    fn from(arg: MapFormatArg) -> Self {
        match arg {
            MapFormatArg::Table => Self::Table,
            MapFormatArg::Json => Self::Json,
            MapFormatArg::Markdown => Self::Markdown,
            MapFormatArg::Csv => Self::Csv,
            MapFormatArg::Html => Self::Html,
        }
    }
}

/// Draws the map.
///
/// # Errors
/// [`Failure`] when there is no map.
pub(super) async fn run(args: DataMapArgs, console: &Console) -> Result<Exit, Failure> {
    check_formats(&args)?;
    let stop = deadline(&args.record);
    let reads = !args.scope.demo && args.scope.snapshot.is_none();
    let map = map(args, console.clone(), stop.clone());
    if reads { signals::obeyed(stop, console, map).await } else { map.await }
}

async fn map(args: DataMapArgs, console: Console, stop: Stop) -> Result<Exit, Failure> {
    // Waivers and attestations say what somebody accepts, not what is there: a map is drawn without a policy file.
    let settings = policy::plain();
    let mut outputs = Outputs::default();
    let reserve = |report: &ReportFile<MapFormatArg>| Ok((report.clone(), outputs.reserve("--report", &report.path)?));
    let files: Vec<_> = args.output.report.iter().map(reserve).collect::<Result<_, Failure>>()?;
    let recorder = Arc::new(recorder(&args.record)?);
    let wanted = Wanted { scope: &args.scope, select: &args.select, access: &args.access };
    let snapshot = obtain(&wanted, &settings, stop, &recorder, &console).await?.open();
    let mut assessment = engine::assess(&snapshot, &settings);
    assessment.notes.extend(tell(&recorder.outcome(), &console));
    let request = args.output.subject.clone().map(|subject| engine::request(subject, args.output.received));
    let map = engine::data_map(&snapshot, &assessment, request);
    let mut missing = write_files(files, &map);
    let look = Look { quiet: console.is_quiet(), ..Look::new(console.screen()) };
    let format = stdout_format(&args);
    missing.extend(Console::print(|out| report::render_map(format.into(), &map, &look, out)).err());
    let exit = if map.complete { Exit::Clean } else { Exit::Incomplete };
    Ok(console.settle(&missing, exit))
}

/// The format of stdout: a worksheet is filled in, which a table in a terminal is not.
fn stdout_format(args: &DataMapArgs) -> MapFormatArg {
    let default = if args.output.subject.is_some() { MapFormatArg::Markdown } else { MapFormatArg::Table };
    args.output.format.unwrap_or(default)
}

/// A worksheet is for people: it has no form for terminals and programs.
fn check_formats(args: &DataMapArgs) -> Result<(), Failure> {
    let all = std::iter::once(stdout_format(args)).chain(args.output.report.iter().map(|report| report.format));
    let fit = |format: MapFormatArg| match format {
        MapFormatArg::Markdown | MapFormatArg::Csv | MapFormatArg::Html => true,
        MapFormatArg::Table | MapFormatArg::Json => false,
    };
    let mut unfit = all.filter(|format| !fit(*format));
    match (args.output.subject.is_some(), unfit.next()) {
        (true, Some(format)) => {
            let word = MapFormat::from(format).as_str();
            let message = format!("--subject: a worksheet cannot be written as {word}");
            Err(Failure::usage(message, "Use --format markdown, html or csv."))
        }
        (true, None) | (false, _) => Ok(()),
    }
}

/// Writes every file, whatever becomes of the others, and says which ones are missing.
fn write_files(files: Vec<(ReportFile<MapFormatArg>, OutputFile)>, map: &DataMap) -> Vec<Failure> {
    let write = |(report, file): (ReportFile<MapFormatArg>, OutputFile)| {
        let look = Look { verbose: true, ..Look::new(Screen::plain(FILE_WIDTH)) };
        let written = file.commit(|out| report::render_map(report.format.into(), map, &look, out));
        let message = |error| format!("--report: cannot write {}: {error}", report.path.display());
        written.err().map(|error| Failure::not_audited(message(error), NO_ROOM))
    };
    files.into_iter().filter_map(write).collect()
}
