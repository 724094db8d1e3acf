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

/// What a look through all connections ends in.
pub(super) enum Search<'a> {
    /// At least one was found, perhaps not all.
    Found(Vec<Connection<'a>>),
    /// Every list and category could be read and none was found; the evidence says so.
    Nothing(Citation, Vec<Citation>),
}

/// Looks for connections whose category satisfies `wanted`, among those of the account and its projects.
///
/// # Errors
/// When none was found and a list could not be read, or a category is not documented.
pub(super) fn search<'a>(context: &Context<'a>, wanted: impl Fn(&str) -> bool) -> Result<Search<'a>, Unknown> {
    let is_wanted = |connection: &Connection<'_>| connection.category().is_ok_and(&wanted);
    let found: Vec<Connection<'a>> = context.facts.readable_connections().filter(is_wanted).collect();
    if !found.is_empty() {
        return Ok(Search::Found(found));
    }
    let (first, more) = every_list(context)?;
    Ok(Search::Nothing(first, more))
}

/// What shows that every list of connections could be read and every category is documented.
///
/// # Errors
/// When that is not so.
pub(super) fn every_list(context: &Context<'_>) -> Result<(Citation, Vec<Citation>), Unknown> {
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
    Ok((cite_list(&context.facts.connections)?, lists))
}

/// Fails on any such connection that could be read; passes only when every list and every category could be read.
pub(super) fn check(context: &Context<'_>, question: &Question) -> CheckResult {
    check_except(context, question, |_| false)
}

/// The same, without connections whose target has an accepted host. One without a target leads nobody knows where.
pub(super) fn check_except(context: &Context<'_>, question: &Question, accepted: impl Fn(&str) -> bool) -> CheckResult {
    let found = match search(context, |category| purpose(category) == Some(question.purpose))? {
        Search::Nothing(first, more) => return Ok(Verdict::pass(question.none, first, more)),
        Search::Found(found) => found,
    };
    let is_open = |own: &&Connection<'_>| !own.host().is_some_and(&accepted);
    let open: Vec<Connection<'_>> = found.iter().filter(is_open).copied().collect();
    if !open.is_empty() {
        return Ok(fail(question, &open));
    }
    // Those found may not be all: a pass needs every list.
    let (first, more) = every_list(context)?;
    let targets = found.iter().map(|own| own.0.cite("/properties/target"));
    let message = format!("policy accepts the hosts of all such connections: {}", names(&found));
    Ok(Verdict::pass(message, first, more.into_iter().chain(targets)))
}

/// Names and categories, sorted, each once.
pub(super) fn names(found: &[Connection<'_>]) -> String {
    let name =
        |connection: &Connection<'_>| format!("{} ({})", connection.name(), connection.category().unwrap_or_default());
    let mut names: Vec<String> = found.iter().map(name).collect();
    names.sort();
    names.dedup();
    names.join(", ")
}

fn fail(question: &Question, found: &[Connection<'_>]) -> Verdict {
    let mut ids: Vec<String> = found.iter().map(|connection| shell_word(&connection.0.scope)).collect();
    ids.sort();
    ids.dedup();
    let evidence: Vec<Citation> = found.iter().map(|connection| connection.0.cite("/properties/category")).collect();
    let names = names(found);
    let plural = if names.contains(", ") { "connections" } else { "connection" };
    Verdict::fail(
        format!("{plural} {names}: {}", question.consequence),
        evidence,
        format!("{}: az resource delete --ids {}", question.remedy, ids.join(" ")),
    )
}
