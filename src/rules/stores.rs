//! What the data plane says about a kind of store: something is there, nothing is, or nobody can tell.
//!
//! Without `--data-plane` there is nothing to say, and a rule answers as it does from Azure Resource Manager alone.

use super::{CheckResult, Context};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::snapshot::{
    AgentKind, Cause, Citation, Store, StoreFacts, StoreKind, Tally, Tool, Unavailable, last_segment,
};

/// What was found of a kind of store.
pub(super) struct Found<'a> {
    /// Those that hold something, each with what: certain, whatever else could not be read.
    pub(super) stores: Vec<(&'a Store, &'a StoreFacts)>,
    /// The counts of all that were counted.
    pub(super) evidence: Vec<Citation>,
    /// Why not all were.
    missing: Option<Unavailable>,
}

/// What is known about a kind of store; `None` when the data plane was not asked.
pub(super) fn stored<'a>(context: &Context<'a>, kind: StoreKind) -> Option<Found<'a>> {
    let facts = context.facts;
    if facts.stores.is_empty() {
        return None;
    }
    let known: Vec<_> = facts.stores_of(kind).filter_map(|store| Some((store, store.facts.get_ref()?))).collect();
    let evidence = known.iter().filter_map(|(_, own)| own.cite()).collect();
    let stores = known.into_iter().filter(|(_, own)| !own.is_empty()).collect();
    let projects = kind.of_project().and_then(|_| facts.projects().err());
    let missing = facts.stores_of(kind).filter_map(|store| store.facts.unavailable().cloned());
    // That something is not there is the weakest reason: any other comes first.
    let missing = projects.into_iter().chain(missing).min_by_key(|why| why.cause == Cause::NotFound);
    Some(Found { stores, evidence, missing })
}

impl Found<'_> {
    /// Whether every store of the account and of all its projects was counted, without which nothing is proven absent.
    pub(super) fn whole(&self) -> Result<(), Unknown> {
        self.missing.clone().map_or(Ok(()), |why| Err(why.into()))
    }

    /// The same, where an API that is no longer there leaves nothing to look at.
    pub(super) fn whole_or_gone(&self) -> Result<(), Unknown> {
        let missing = self.missing.clone().filter(|why| why.cause != Cause::NotFound);
        missing.map_or(Ok(()), |why| Err(why.into()))
    }

    /// `5 files in the account and 2 in project research`.
    pub(super) fn text(&self, kind: StoreKind) -> String {
        let place = |store: &Store| match &store.project {
            Some(project) => format!("project {}", last_segment(project)),
            None => "the account".to_owned(),
        };
        let one = |(index, (store, own)): (usize, &(&Store, &StoreFacts))| {
            let items = if index == 0 { format!(" {}", kind.items()) } else { String::new() };
            format!("{}{items} in {}", own.count_text(), place(store))
        };
        self.stores.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
    }

    /// How often words were found over all stores.
    pub(super) fn sum<T: Ord + Copy>(&self, of: impl Fn(&StoreFacts) -> &Tally<T>) -> Tally<T> {
        let mut sum = Tally::new();
        for (word, count) in self.stores.iter().flat_map(|(_, own)| of(own)) {
            *sum.entry(*word).or_default() += count;
        }
        sum
    }

    /// ` (…)` with the oldest item and what has no end.
    pub(super) fn details(&self) -> String {
        let oldest = self.stores.iter().filter_map(|(_, own)| own.oldest).min();
        let endless: Vec<u64> = self.stores.iter().filter_map(|(_, own)| own.without_expiry).collect();
        let mut parts = Vec::new();
        if !endless.is_empty() {
            parts.push(format!("{} without expiry", endless.iter().sum::<u64>()));
        }
        parts.extend(oldest.map(|at| format!("the oldest of {}", at.strftime("%Y-%m-%d"))));
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
    }
}

/// A store that should hold nothing: fail with what it holds, pass when it is proven empty. `None` without the data plane.
pub(super) fn decide(context: &Context<'_>, kind: StoreKind, consequence: &str, remedy: &str) -> Option<CheckResult> {
    let found = stored(context, kind)?;
    if found.stores.is_empty() {
        return Some(found.whole().and_then(|()| empty(context, kind, found.evidence)));
    }
    let message = format!("{}{}: {consequence}", found.text(kind), found.details());
    Some(Ok(Verdict::fail(message, found.evidence, remedy)))
}

/// The same where an empty list proves too little: `None` then too, so that a person is asked. A list that the account does not
/// have proves nothing either.
pub(super) fn finding(context: &Context<'_>, kind: StoreKind, consequence: &str, remedy: &str) -> Option<CheckResult> {
    match decide(context, kind, consequence, remedy)? {
        Ok(Verdict::Pass(_) | Verdict::NotApplicable(_)) => None,
        Err(Unknown { cause: UnknownCause::Unread(why), .. }) if why.cause == Cause::NotFound => None,
        decided => Some(decided),
    }
}

/// The pass of a store that was counted and holds nothing.
pub(super) fn empty(context: &Context<'_>, kind: StoreKind, evidence: Vec<Citation>) -> CheckResult {
    let projects = context.facts.stores_of(kind).filter(|store| store.project.is_some()).count();
    let account = if kind.of_account().is_some() { "the account" } else { "" };
    let place = match (account, projects) {
        ("", 0) => return Ok(Verdict::not_applicable("the account has no Foundry project")),
        ("", number) => format!("its {number} projects"),
        (account, 0) => account.to_owned(),
        (account, number) => format!("{account} and its {number} projects"),
    };
    let mut evidence = evidence.into_iter();
    let Some(first) = evidence.next() else {
        let message = "a store was counted without an answer";
        return Err(Unknown::because(UnknownCause::CheckFailed, message, Vec::new()));
    };
    let when = first.at.strftime("%Y-%m-%d %H:%M UTC");
    let message = format!("there were no {} in {place} when they were counted ({when})", kind.items());
    Ok(Verdict::pass(message, first, evidence))
}

/// Nothing can be said about an agent of a kind this program does not know.
pub(super) fn every_agent(context: &Context<'_>, kinds: &Tally<AgentKind>) -> Result<(), Unknown> {
    let odd = kinds.get(&AgentKind::Other).copied().unwrap_or_default();
    let more = context.facts.stores_of(StoreKind::Agents).filter_map(|own| own.facts.get_ref()).any(|own| own.more);
    unless(odd > 0, || format!("{odd} agents are of a kind this program does not know"))?;
    unless(more, || "there are more agents than this program counts".to_owned())
}

/// Nor about the tools of an agent that is no prompt agent: its code calls what it likes.
pub(super) fn only_prompts(kinds: &Tally<AgentKind>) -> Result<(), Unknown> {
    let own: u64 = kinds.iter().filter(|(kind, _)| **kind != AgentKind::Prompt).map(|(_, count)| count).sum();
    unless(own > 0, || format!("{own} agents are no prompt agents: what their code calls cannot be seen"))
}

/// The same of tools.
pub(super) fn every_tool(found: &[&Found<'_>]) -> Result<(), Unknown> {
    let odd: u64 = found.iter().filter_map(|own| own.sum(|own| &own.tools).get(&Tool::Other).copied()).sum();
    let more = found.iter().any(|own| own.stores.iter().any(|(_, own)| own.more));
    unless(odd > 0, || format!("{odd} agents have a tool of a kind this program does not know"))?;
    unless(more, || "there are more agents than this program counts".to_owned())
}

fn unless(unclear: bool, why: impl FnOnce() -> String) -> Result<(), Unknown> {
    if unclear { Err(Unknown::because(UnknownCause::UndocumentedValue, why(), Vec::new())) } else { Ok(()) }
}
