//! Which calls to make for a scope, and how their answers become snapshot facts.
//!
//! A failed call is a cause on one fact; the run goes on. Nothing here judges.

mod account;
mod door;
mod further;
mod groups;
pub mod plan;
mod redact;
pub mod scope;
mod selection;

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt as _;
use futures::stream;

use crate::azure::arm::Arm;
use crate::snapshot::{
    AccountFacts, AccountId, Document, Listing, Operation, Read, Selection, Subscription, Unavailable,
};

use door::Door;
use scope::Target;
pub use selection::Select;

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

/// What to read.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The operations whose answers somebody needs; no other is asked below an account but its deployments.
    pub operations: &'a BTreeSet<Operation>,
    /// Which accounts.
    pub select: &'a Select,
    /// How many accounts are read at a time; the client has its own limit on requests in flight.
    pub width: usize,
}

/// Reads every subscription in scope. Sorted by subscription id.
///
/// All subscriptions are under way at once, each with a few accounts; the door decides how many of these are read.
pub async fn read(arm: &Arm, targets: Vec<Target>, wanted: &Wanted<'_>, observer: Observer<'_>) -> Vec<Subscription> {
    let number = targets.len().max(1);
    let lane = (2 * wanted.width / number).clamp(FEWEST_IN_LINE, wanted.width.max(FEWEST_IN_LINE));
    let reader = further::Reader { arm, wanted, lane, door: Door::new(2 * wanted.width) };
    let one = |target| subscription(&reader, target, observer);
    let mut all: Vec<Subscription> = stream::iter(targets).map(one).buffer_unordered(number).collect().await;
    all.sort_by_cached_key(|subscription| subscription.id.to_ascii_lowercase());
    reader.documents(&mut all).await;
    all
}

/// Accounts of one subscription that are at the door or inside. Few are enough: beyond its burst a subscription grants 25 reads per
/// second, and an account takes a dozen.
const FEWEST_IN_LINE: usize = 4;

async fn subscription(reader: &further::Reader<'_>, target: Target, observer: Observer<'_>) -> Subscription {
    let (arm, select) = (reader.arm, reader.wanted.select);
    let Target { id, record, accounts } = target;
    let named = accounts.is_some();
    let (listing, mut found) = match accounts {
        Some(named) => (Read::Known(Listing::Named), named.into_iter().map(|id| (id, None)).collect()),
        None => list_accounts(arm, &id).await,
    };
    let cross_check =
        if select.cross_check && !named { Some(selection::cross_check(arm, &id, &mut found).await) } else { None };
    let mut selection = Selection { excluded: select.leave_out(&mut found), cross_check };
    observer(Event::Listed { accounts: found.len() });
    let one = |(account, listed)| {
        let subscription = &id;
        async move {
            let _inside = reader.door.enter(arm, subscription).await;
            let facts = account::read(reader, account, listed).await;
            observer(Event::AccountRead);
            facts
        }
    };
    let mut accounts: Vec<AccountFacts> = stream::iter(found).map(one).buffer_unordered(reader.lane).collect().await;
    accounts.sort_by_cached_key(|facts| facts.id.key());
    selection::settle(&mut selection, &listing, &mut accounts);
    let (lists, documents) = (BTreeMap::new(), BTreeMap::new());
    let mut subscription = Subscription { id, record, listing, selection, accounts, lists, documents };
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
