//! One question, asked by several rules: is there a connection of a certain purpose among all connections of an account?

use super::{CheckResult, Context, cite_list, shell_word};
use crate::knowledge::connections::{Purpose, purpose};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::snapshot::{Citation, Connection};

/// The words of a rule about connections.
pub(super) struct Question {
    /// What is looked for.
    pub(super) purpose: Purpose,
    /// Consequence of having one, after the list of names.
    pub(super) consequence: &'static str,
    /// The proof's sentence when there is none.
    pub(super) none: &'static str,
    /// First sentence of the remediation, before the command.
    pub(super) remedy: &'static str,
}

/// Fails on any such connection that could be read; passes only when every list and every category could be read.
pub(super) fn check(context: &Context<'_>, question: &Question) -> CheckResult {
    let has_purpose = |connection: &Connection<'_>| {
        connection.category().ok().and_then(purpose).is_some_and(|found| found == question.purpose)
    };
    let found: Vec<Connection<'_>> = context.facts.readable_connections().filter(has_purpose).collect();
    if !found.is_empty() {
        return Ok(fail(question, &found));
    }
    for connection in context.facts.all_connections()? {
        let category = connection.category()?;
        if purpose(category).is_none() {
            let message = format!(
                "connection {} has the category {category}, which the documented list does not have",
                connection.name()
            );
            let evidence = vec![connection.0.cite("/properties/category")];
            return Err(Unknown::because(UnknownCause::UndocumentedValue, message, evidence));
        }
    }
    let mut lists = vec![cite_list(&context.facts.projects)?];
    for project in context.facts.projects()? {
        lists.push(cite_list(&project.connections)?);
    }
    Ok(Verdict::pass(question.none, cite_list(&context.facts.connections)?, lists))
}

fn fail(question: &Question, found: &[Connection<'_>]) -> Verdict {
    let mut names: Vec<String> = found
        .iter()
        .map(|connection| format!("{} ({})", connection.name(), connection.category().unwrap_or_default()))
        .collect();
    names.sort();
    names.dedup();
    let mut ids: Vec<String> = found.iter().map(|connection| shell_word(&connection.0.scope)).collect();
    ids.sort();
    ids.dedup();
    let evidence: Vec<Citation> = found.iter().map(|connection| connection.0.cite("/properties/category")).collect();
    let plural = if names.len() == 1 { "connection" } else { "connections" };
    Verdict::fail(
        format!("{plural} {}: {}", names.join(", "), question.consequence),
        evidence,
        format!("{}: az resource delete --ids {}", question.remedy, ids.join(" ")),
    )
}
