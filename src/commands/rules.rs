//! `zdr-check rules`: the catalogue as a list.

use super::failure::Failure;
use super::show::Console;
use crate::cli::{ListFormatArg, RulesArgs};
use crate::docs;
use crate::gate::Exit;
use crate::rules::RULES;

/// Prints the list.
///
/// # Errors
/// When stdout cannot be written.
pub(super) fn run(args: &RulesArgs, console: &Console) -> Result<Exit, Failure> {
    let text = match args.format {
        ListFormatArg::Table => docs::listing(RULES, &console.screen()),
        ListFormatArg::Json => docs::listing_json(RULES).map_err(|error| {
            Failure::not_audited(format!("cannot list the rules: {error}"), "Report this; it is a bug in zdr-check.")
        })?,
    };
    Console::print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}
