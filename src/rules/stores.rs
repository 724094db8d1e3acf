//! What the data plane says about a kind of store: something is there, nothing is, or nobody can tell.
//!
//! Without `--data-plane` there is nothing to say, and a rule answers as it does from Azure Resource Manager alone.

use super::{CheckResult, Context};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::snapshot::{AgentKind, Cause, Citation, Store, StoreFacts, StoreKind, Tally, Tool, last_segment};

/// The stores of a kind that hold something.
pub(super) struct Found<'a> {
    /// Each with what is in it; empty when every store was counted and none holds anything.
    pub(super) stores: Vec<(&'a Store, &'a StoreFacts)>,
    /// The counts.
    pub(super) evidence: Vec<Citation>,
}

/// What is known about a kind of store; `None` when the data plane was not asked.
///
/// Something that was found is certain, whatever else could not be read. That there is nothing needs every store of the account and
/// of all its projects.
pub(super) fn stored<'a>(context: &Context<'a>, kind: StoreKind) -> Option<Result<Found<'a>, Unknown>> {
    if context.facts.stores.is_empty() {
        return None;
    }
    Some(found(context, kind))
}

fn found<'a>(context: &Context<'a>, kind: StoreKind) -> Result<Found<'a>, Unknown> {
    let facts = context.facts;
    let known = || facts.stores_of(kind).filter_map(|store| Some((store, store.facts.get_ref()?)));
    let stores: Vec<_> = known().filter(|(_, own)| !own.is_empty()).collect();
    if !stores.is_empty() {
        let evidence = stores.iter().filter_map(|(_, own)| own.cite()).collect();
        return Ok(Found { stores, evidence });
    }
    if kind.of_project().is_some() {
        facts.projects()?;
    }
    let counted = facts.stores_of(kind).map(Store::facts).collect::<Result<Vec<_>, _>>()?;
    let evidence = counted.iter().filter_map(|own| own.cite()).collect();
    Ok(Found { stores, evidence })
}

impl Found<'_> {
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
    let decide = |found: Found<'_>| {
        if found.stores.is_empty() {
            return empty(context, kind, found.evidence);
        }
        let message = format!("{}{}: {consequence}", found.text(kind), found.details());
        Ok(Verdict::fail(message, found.evidence, remedy))
    };
    Some(stored(context, kind)?.and_then(decide))
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

/// Stores whose API an account no longer has hold nothing that could be looked at.
pub(super) fn unless_gone(found: Result<Found<'_>, Unknown>) -> Result<Found<'_>, Unknown> {
    match found {
        Err(Unknown { cause: UnknownCause::Unread(why), .. }) if why.cause == Cause::NotFound => {
            Ok(Found { stores: Vec::new(), evidence: Vec::new() })
        }
        found => found,
    }
}
