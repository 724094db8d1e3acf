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
use std::sync::Mutex;

use futures::StreamExt as _;
use futures::stream;

use crate::azure::arm::Arm;
use crate::snapshot::journal::Reduction;
use crate::snapshot::{
    AccountFacts, AccountId, Document, Listed, Listing, Operation, Piece, Pieces, Read, Subscription, Unavailable,
};

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

/// Receives every piece as soon as it is complete; called from several tasks. What was already known is not handed out.
pub type Sink<'a> = &'a (dyn Fn(Piece<'_>) + Sync);

/// What is left out of answers before they become facts.
pub fn reductions() -> Vec<Reduction> {
    redact::reductions()
}

/// What a reading is to do, besides where.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// The further operations that rules need; no others are asked.
    pub wanted: &'a BTreeSet<Operation>,
    /// How many subscriptions, and accounts of each, are read at a time; the client has its own limit on requests in flight.
    pub width: usize,
    /// Hears what happens.
    pub observer: Observer<'a>,
    /// Is given each piece.
    pub sink: Sink<'a>,
}

/// Reads every subscription in scope, except for the pieces that are `known`. Sorted by subscription id.
pub async fn read(arm: &Arm, targets: Vec<Target>, known: Pieces, order: Order<'_>) -> Vec<Subscription> {
    let reader = further::Reader { arm, order, known: Mutex::new(known) };
    let one = |target| subscription(&reader, target);
    let mut all: Vec<Subscription> = stream::iter(targets).map(one).buffer_unordered(order.width).collect().await;
    all.sort_by_cached_key(|subscription| subscription.id.to_ascii_lowercase());
    reader.references(&mut all).await;
    all
}

async fn subscription(reader: &further::Reader<'_>, target: Target) -> Subscription {
    let order = &reader.order;
    let Listed { id, record, listing, accounts } = listed(reader, target).await;
    (order.observer)(Event::Listed { accounts: accounts.len() });
    let one = |(id, listed)| async move {
        let facts = account(reader, id, listed).await;
        (order.observer)(Event::AccountRead);
        facts
    };
    let mut accounts: Vec<AccountFacts> = stream::iter(accounts).map(one).buffer_unordered(order.width).collect().await;
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

async fn listed(reader: &further::Reader<'_>, target: Target) -> Listed {
    if let Some(known) = reader.recall(|known| known.listed.remove(&target.id.to_ascii_lowercase())) {
        return known;
    }
    let Target { id, record, accounts } = target;
    let (listing, accounts) = match accounts {
        Some(named) => (Read::Known(Listing::Named), named.into_iter().map(|id| (id, None)).collect()),
        None => list_accounts(reader.arm, &id).await,
    };
    let listed = Listed { id, record, listing, accounts };
    (reader.order.sink)(Piece::Listed(&listed));
    listed
}

async fn account(reader: &further::Reader<'_>, id: AccountId, listed: Option<Document>) -> AccountFacts {
    if let Some(known) = reader.recall(|known| known.accounts.remove(&id.key())) {
        return AccountFacts { listed, ..known };
    }
    let facts = account::read(reader, id, listed).await;
    (reader.order.sink)(Piece::Account(&facts));
    facts
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
