//! Which calls to make for a scope, and how their answers become snapshot facts.
//!
//! A failed call is a cause on one fact; the run goes on. Nothing here judges.

mod account;
mod communication;
mod door;
mod further;
mod gateway;
mod groups;
pub mod plan;
mod policy;
pub mod probe;
mod redact;
pub mod scope;
mod selection;
mod stores;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures::StreamExt as _;
use futures::stream;

use crate::azure::arm::Arm;
use crate::snapshot::journal::Reduction;
use crate::snapshot::{
    AccountId, Asked, Document, Leads, Listed, Listing, Operation, Packed, PackedAccount, PackedSubscription, Piece,
    Pieces, Read, Selection, Subscription, Unavailable,
};

use door::Door;
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
    [redact::reductions(), gateway::reductions(), communication::reductions(), policy::reductions()].concat()
}

/// What a reading is to do, besides where.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// The operations whose answers somebody needs; no other is asked below an account but its deployments.
    pub operations: &'a BTreeSet<Operation>,
    /// Which accounts, and whether the resource index is asked for them too.
    pub asked: &'a Asked,
    /// How many accounts are read at a time; the client has its own limit on requests in flight.
    pub width: usize,
    /// Hears what happens.
    pub observer: Observer<'a>,
    /// Is given each piece.
    pub sink: Sink<'a>,
}

impl Order<'_> {
    /// Whether somebody needs the answer, and the run includes the service it is about.
    pub fn wants(&self, operation: Operation) -> bool {
        self.operations.contains(&operation) && self.asked.covers(operation)
    }
}

/// Reads every subscription in scope, except for the pieces that are `known`. Sorted by subscription id.
///
/// All subscriptions are under way at once, each with a few accounts; the door decides how many of these are read. An account is
/// packed as soon as it is whole.
pub async fn read(arm: &Arm, targets: Vec<Target>, known: Pieces, order: Order<'_>) -> Vec<PackedSubscription> {
    let number = targets.len().max(1);
    let lane = (2 * order.width / number).clamp(FEWEST_IN_LINE, order.width.max(FEWEST_IN_LINE));
    let reader = further::Reader { arm, order, lane, door: Door::new(2 * order.width), known: Mutex::new(known) };
    let one = |target| subscription(&reader, target);
    let mut all: Vec<(PackedSubscription, Leads)> =
        stream::iter(targets).map(one).buffer_unordered(number).collect().await;
    all.sort_by_cached_key(|(own, _)| own.light.id.to_ascii_lowercase());
    reader.references(&mut all).await;
    all.into_iter().map(|(own, _)| own).collect()
}

/// Accounts of one subscription that are at the door or inside. Few are enough: beyond its burst a subscription grants 25 reads per
/// second, and an account takes a dozen.
const FEWEST_IN_LINE: usize = 4;

async fn subscription(reader: &further::Reader<'_>, target: Target) -> (PackedSubscription, Leads) {
    let order = &reader.order;
    let Listed { id, record, listing, mut selection, accounts } = listed(reader, target).await;
    (order.observer)(Event::Listed { accounts: accounts.len() });
    let rows: Vec<_> = accounts.into_iter().map(|(account, row)| (account, row.map(Packed::new))).collect();
    let one = |(account, row)| {
        let subscription = &id;
        async move {
            let read = self::account(reader, subscription, account, row).await;
            (order.observer)(Event::AccountRead);
            read
        }
    };
    let add = |(mut accounts, mut leads): (Vec<PackedAccount>, Leads), (account, own)| async {
        accounts.push(account);
        leads.extend(own);
        (accounts, leads)
    };
    let reading = stream::iter(rows).map(one).buffer_unordered(reader.lane);
    let (mut accounts, leads) = reading.fold((Vec::new(), Leads::default()), add).await;
    accounts.sort_by_cached_key(|account| account.id.key());
    selection.settle(&listing, &mut accounts);
    let (lists, documents, below) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut light = Subscription { id, record, listing, selection, accounts: Vec::new(), lists, documents, below };
    reader.subscription(&mut light, &leads).await;
    (PackedSubscription { light, accounts }, leads)
}

async fn listed(reader: &further::Reader<'_>, target: Target) -> Listed {
    if let Some(known) = reader.recall(|known| known.listed.remove(&target.id.to_ascii_lowercase())) {
        return known;
    }
    let (arm, asked) = (reader.arm, reader.order.asked);
    let Target { id, record, accounts } = target;
    let named = accounts.is_some();
    let (listing, mut accounts) = match accounts {
        Some(named) => (Read::Known(Listing::Named), named.into_iter().map(|id| (id, None)).collect()),
        None => list_accounts(arm, &id).await,
    };
    let cross_check =
        if asked.cross_check && !named { Some(selection::cross_check(arm, &id, &mut accounts).await) } else { None };
    let selection = Selection { excluded: asked.leave_out(&mut accounts), cross_check };
    let listed = Listed { id, record, listing, selection, accounts };
    (reader.order.sink)(Piece::Listed(&listed));
    listed
}

/// The facts of an account, and what they lead to.
async fn account(
    reader: &further::Reader<'_>,
    subscription: &str,
    id: AccountId,
    row: Option<Packed<Document>>,
) -> (PackedAccount, Leads) {
    let mut leads = Leads::default();
    if let Some(known) = reader.recall(|known| known.accounts.remove(&id.key())) {
        leads.add(&known.open());
        return (known.listed(row), leads);
    }
    let _inside = reader.door.enter(reader.arm, subscription).await;
    let facts = account::read(reader, id).await;
    (reader.order.sink)(Piece::Account(&facts));
    leads.add(&facts);
    (PackedAccount::new(facts).listed(row), leads)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers that become facts as they are.
    const WHOLE: [Operation; 13] = [
        Operation::SubscriptionsList,
        Operation::SubscriptionsGet,
        Operation::ProjectsList,
        Operation::CapabilityHostsList,
        Operation::ProjectCapabilityHostsList,
        Operation::ApplicationsList,
        Operation::AgentDeploymentsList,
        Operation::RaiPoliciesList,
        Operation::DefenderSettingsList,
        Operation::ManagedNetworksList,
        Operation::PerimeterConfigurationsList,
        Operation::DiagnosticSettingsList,
        Operation::CommunicationDiagnosticsList,
    ];

    /// Answers that only say what is in scope: ids are kept of them.
    const SCOPE: [Operation; 4] = [
        Operation::TenantsList,
        Operation::ManagementGroupsList,
        Operation::DescendantsList,
        Operation::IndexedAccountsList,
    ];

    #[test]
    fn every_answer_is_whole_or_the_header_says_what_is_left_out() {
        let reduced = reductions().into_iter().flat_map(|own| own.operations);
        let mut named: Vec<Operation> = reduced.chain(WHOLE).chain(SCOPE).collect();
        named.sort();
        // Nothing is kept of answers of the data plane: they have no bodies here.
        let mut all: Vec<Operation> = Operation::ALL.into_iter().filter(|own| !own.is_data_plane()).collect();
        all.sort();
        assert_eq!(named, all);
    }
}
