//! Which calls to make for a scope, and how their answers become snapshot facts.
//!
//! A failed call is a cause on one fact; the run goes on. Nothing here judges.

mod account;
mod further;
mod gateway;
pub mod probe;
mod redact;
pub mod scope;

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt as _;
use futures::stream;

use crate::azure::arm::Arm;
use crate::snapshot::{AccountFacts, AccountId, Document, Listing, Operation, Read, Subscription, Unavailable};

use scope::Target;

/// What happened, for a progress display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The accounts of a subscription are known.
    Listed {
        /// How many there are.
        accounts: usize,
    },
    /// All facts of one account were asked for.
    AccountRead,
}

/// Receives [`Event`]s; called from several tasks.
pub type Observer<'a> = &'a (dyn Fn(Event) + Sync);

/// Reads every subscription in scope, `width` of them (and of their accounts) at a time; the client has its own limit on
/// requests in flight. Of the further operations only those `wanted` are asked. Sorted by subscription id.
pub async fn read(
    arm: &Arm,
    targets: Vec<Target>,
    wanted: &BTreeSet<Operation>,
    width: usize,
    observer: Observer<'_>,
) -> Vec<Subscription> {
    let reader = further::Reader { arm, wanted, width };
    let one = |target| subscription(&reader, target, observer);
    let mut all: Vec<Subscription> = stream::iter(targets).map(one).buffer_unordered(width).collect().await;
    all.sort_by_cached_key(|subscription| subscription.id.to_ascii_lowercase());
    reader.references(&mut all).await;
    all
}

async fn subscription(reader: &further::Reader<'_>, target: Target, observer: Observer<'_>) -> Subscription {
    let (arm, width) = (reader.arm, reader.width);
    let Target { id, record, accounts } = target;
    let (listing, found) = match accounts {
        Some(named) => (Read::Known(Listing::Named), named.into_iter().map(|id| (id, None)).collect()),
        None => list_accounts(arm, &id).await,
    };
    observer(Event::Listed { accounts: found.len() });
    let one = |(id, listed)| async move {
        let facts = account::read(reader, id, listed).await;
        observer(Event::AccountRead);
        facts
    };
    let mut accounts: Vec<AccountFacts> = stream::iter(found).map(one).buffer_unordered(width).collect().await;
    accounts.sort_by_cached_key(|facts| facts.id.key());
    let mut subscription = Subscription {
        id,
        record,
        listing,
        accounts,
        lists: BTreeMap::new(),
        documents: BTreeMap::new(),
        below: BTreeMap::new(),
    };
    reader.subscription(&mut subscription).await;
    subscription
}

type Found = Vec<(AccountId, Option<Document>)>;

/// The accounts of a subscription. A row without a usable id is kept as unreadable and loses no neighbour.
async fn list_accounts(arm: &Arm, subscription: &str) -> (Read<Listing>, Found) {
    let list = match arm.list(Operation::AccountsList, &format!("/subscriptions/{subscription}")).await {
        Ok(list) => list,
        Err(why) => return (Read::Unavailable(why), Vec::new()),
    };
    let mut unreadable = Vec::new();
    let mut found = Vec::new();
    for row in list.rows {
        match row.into_result().and_then(|document| account_row(subscription, document)) {
            Ok((id, document)) => found.push((id, Some(document))),
            Err(why) => unreadable.push(why),
        }
    }
    (Read::Known(Listing::Listed { unreadable }), found)
}

fn account_row(subscription: &str, mut document: Document) -> Result<(AccountId, Document), Unavailable> {
    let id = AccountId::parse(&document.scope).ok().filter(|id| id.subscription_id.eq_ignore_ascii_case(subscription));
    let id = id.ok_or_else(|| document.unexpected("/id"))?;
    redact::account(&mut document.body);
    Ok((id, document))
}
