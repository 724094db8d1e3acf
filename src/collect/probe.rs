//! Which of a scan's reads a sign-in may do, found out by doing them on one account of each subscription.
//!
//! Azure also has a call that lists a caller's permissions. It is not used: wildcards, exclusions and deny assignments would
//! have to be interpreted, and a wrong interpretation is a wrong answer. A read that is refused now is refused in a scan.

use std::collections::BTreeSet;

use futures::StreamExt as _;
use futures::stream;

use super::scope::{self, Ask, Callers, ScopeError, Target};
use crate::azure::arm::Arm;
use crate::knowledge::kinds::{Hosting, hosting};
use crate::snapshot::{
    AccountId, Asked, Cause, Document, List, Listing, Operation, Pieces, Read, Subscription, Unavailable,
};

/// What was found in the subscriptions that were looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// Subscriptions in question; more than were looked at when there are many.
    pub subscriptions: usize,
    /// What was found, sorted by subscription id.
    pub probed: Vec<Probed>,
}

/// What the sign-in may do in one subscription.
#[derive(Debug, Clone, PartialEq)]
pub struct Probed {
    /// Subscription GUID.
    pub id: String,
    /// Display name; remote text.
    pub name: Option<String>,
    /// `Enabled`, `Warned`, …; remote text.
    pub state: Option<String>,
    /// Accounts it has; `None` when they could not be listed.
    pub accounts: Option<usize>,
    /// ARM id of the account the reads were tried on.
    pub sample: Option<String>,
    /// Reads that were answered.
    pub answered: BTreeSet<Operation>,
    /// Reads that were refused.
    pub denied: Vec<Unavailable>,
    /// Reads that failed for another reason.
    pub failed: Vec<Unavailable>,
}

/// Looks at `most` of the subscriptions in question.
///
/// # Errors
/// [`ScopeError`] when there is nothing to look at.
pub async fn look(arm: &Arm, ask: Ask, wanted: &BTreeSet<Operation>, most: usize) -> Result<Looked, ScopeError> {
    let targets = scope::resolve(&Callers::only(arm.clone()), ask, &[]).await?.targets;
    let subscriptions = targets.len();
    let one = |target| probe(arm, target, wanted);
    let mut probed: Vec<Probed> =
        stream::iter(targets.into_iter().take(most)).map(one).buffer_unordered(8).collect().await;
    probed.sort_by_cached_key(|probed| probed.id.to_ascii_lowercase());
    Ok(Looked { subscriptions, probed })
}

async fn probe(arm: &Arm, target: Target, wanted: &BTreeSet<Operation>) -> Probed {
    let (listing, found) = super::list_accounts(arm, &target.id).await;
    let sample = sample(&found);
    let mut probed = Probed {
        id: target.id.clone(),
        name: None,
        state: None,
        accounts: listing.get_ref().map(|_| found.len()),
        sample: sample.as_ref().map(|id| id.id.clone()),
        answered: BTreeSet::new(),
        denied: Vec::new(),
        failed: Vec::new(),
    };
    match &listing {
        Read::Known(Listing::Listed { unreadable }) => {
            probed.answered.insert(Operation::AccountsList);
            for why in unreadable {
                probed.missed(why);
            }
        }
        Read::Known(Listing::Named) => {}
        Read::Unavailable(why) => probed.missed(why),
    }
    if wanted.contains(&Operation::DeletedAccountsList) {
        let read = arm.list(Operation::DeletedAccountsList, &format!("/subscriptions/{}", target.id)).await;
        probed.list(&Read::from(read));
    }
    let target = Target { accounts: Some(sample.into_iter().collect()), ..target };
    let asked = Asked::default();
    let order = super::Order { operations: wanted, asked: &asked, width: 8, observer: &|_| {}, sink: &|_| {} };
    for subscription in super::read(arm, vec![target], Pieces::default(), order).await {
        probed.subscription(&subscription.open());
    }
    probed
}

/// The account with the most to read: one that hosts projects, then one that hosts models, then any.
fn sample(found: &super::Found) -> Option<AccountId> {
    let rank = |listed: &Option<Document>| {
        let kind = listed.as_ref().and_then(|document| document.string("/kind").ok().flatten()).unwrap_or_default();
        (!kind.eq_ignore_ascii_case("AIServices"), matches!(hosting(kind), Hosting::DoesNotHost))
    };
    found.iter().min_by_key(|(id, listed)| (rank(listed), id.key())).map(|(id, _)| id.clone())
}

impl Probed {
    fn subscription(&mut self, own: &Subscription) {
        self.name = own.name().map(str::to_owned);
        self.state = own.state().map(str::to_owned);
        self.document(&own.record);
        own.lists.values().for_each(|list| self.list(list));
        for read in own.documents.values() {
            match read.unavailable().filter(|why| why.cause == Cause::NotFound) {
                // An answer: the store has no such rules, or is gone.
                Some(why) => _ = self.answered.insert(why.operation),
                None => self.document(read),
            }
        }
        for facts in &own.accounts {
            self.document(&facts.account);
            [&facts.deployments, &facts.projects, &facts.capability_hosts, &facts.connections]
                .into_iter()
                .chain(facts.lists.values())
                .for_each(|list| self.list(list));
            for project in &facts.project_facts {
                for list in [&project.capability_hosts, &project.connections, &project.applications] {
                    self.list(list);
                }
                match &project.agent_deployments {
                    Read::Known(lists) => lists.iter().for_each(|list| self.answered_by(list)),
                    Read::Unavailable(why) => self.missed(why),
                }
            }
        }
    }

    fn document(&mut self, read: &Read<Document>) {
        match read {
            Read::Known(document) => {
                self.answered.insert(document.evidence.operation);
            }
            Read::Unavailable(why) => self.missed(why),
        }
    }

    fn list(&mut self, read: &Read<List>) {
        match read {
            Read::Known(list) => self.answered_by(list),
            Read::Unavailable(why) => self.missed(why),
        }
    }

    fn answered_by(&mut self, list: &List) {
        self.answered.extend(list.pages.iter().map(|page| page.operation));
        list.rows.iter().filter_map(Read::unavailable).for_each(|why| self.missed(why));
    }

    fn missed(&mut self, why: &Unavailable) {
        let kept = match &why.cause {
            Cause::Forbidden { .. } => &mut self.denied,
            Cause::NotCollected => return,
            Cause::NotFound
            | Cause::NetworkDenied
            | Cause::KeyOnly
            | Cause::Throttled
            | Cause::Timeout
            | Cause::Transport
            | Cause::ServerError { .. }
            | Cause::ProviderNotRegistered
            | Cause::UnexpectedShape { .. }
            | Cause::NotInApiVersion
            | Cause::NotKnownAtPlan => &mut self.failed,
        };
        let same = |known: &Unavailable| known.operation == why.operation && known.cause == why.cause;
        if !kept.iter().any(same) {
            kept.push(why.clone());
        }
    }
}
