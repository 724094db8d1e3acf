//! `zdr-check diff`: from two runs to what changed between them. Wiring only.

use super::failure::Failure;
use super::show::Console;
use super::{baseline, policy};
use crate::cli::{DiffArgs, DiffFormatArg};
use crate::gate::{self, Exit};
use crate::report::{self, DiffFormat, Look};

/// Compares two runs.
///
/// # Errors
/// [`Failure`] when one of them cannot be read, or they cannot be compared.
pub(super) fn run(args: &DiffArgs, console: &Console) -> Result<Exit, Failure> {
    let settings = policy::settings(&args.policy, console)?;
    let older = baseline::read("OLD", &args.old, &settings)?;
    let newer = baseline::read("NEW", &args.new, &settings)?;
    baseline::agree("diff", &older, &newer)?;
    let comparison = older.compare(&newer);
    let exit = gate::decide_change(&comparison, settings.fail_on, settings.allow_incomplete);
    let format = match args.format {
        DiffFormatArg::Table => DiffFormat::Table,
        DiffFormatArg::Json => DiffFormat::Json,
        DiffFormatArg::Markdown => DiffFormat::Markdown,
    };
    let look = Look { quiet: console.is_quiet(), ..Look::new(console.screen()) };
    Console::print(|out| report::render_diff(format, &comparison, exit.code(), &look, out))?;
    Ok(exit)
}
