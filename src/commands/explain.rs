//! `zdr-check explain RULE`: the page of one rule.

use super::failure::Failure;
use super::show::Console;
use crate::cli::ExplainArgs;
use crate::docs;
use crate::gate::Exit;
use crate::rules::{self, RULES, Rule};
use crate::term::sanitise;

/// Prints the page.
///
/// # Errors
/// A usage error with the nearest id when there is no such rule.
pub(super) fn run(args: &ExplainArgs, console: &Console) -> Result<Exit, Failure> {
    let rule = rule(&args.rule)?;
    let page = docs::explain(rule, &console.screen());
    Console::print(|out| out.write_all(page.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The rule with this id.
///
/// # Errors
/// A usage error with the nearest id when there is no such rule.
pub(super) fn rule(id: &str) -> Result<&'static Rule, Failure> {
    if let Some(rule) = rules::find(&id.to_ascii_lowercase()) {
        return Ok(rule);
    }
    let likeness = |known: &str| strsim::jaro_winkler(id, known);
    let close = RULES.iter().map(|rule| (likeness(rule.id), rule.id)).max_by(|a, b| a.0.total_cmp(&b.0));
    let help = match close.filter(|(likeness, _)| *likeness > 0.7) {
        Some((_, id)) => format!("Did you mean {id}? `zdr-check rules` lists them all."),
        None => "`zdr-check rules` lists them all.".to_owned(),
    };
    Err(Failure::usage(format!("no rule has the id {}", sanitise(id)), help))
}
