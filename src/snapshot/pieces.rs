//! A snapshot in the pieces it arrives in, so that what is known can be kept while the rest is still being read.
//!
//! A live run hands out each piece as soon as it is complete, a journal stores them one a line, and [`Pieces::assemble`] puts
//! together whatever there is: a piece that is missing is a fact that was not collected, never one that is not there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    AccountFacts, AccountId, Cause, Document, Leads, List, Listing, Operation, Packed, PackedAccount,
    PackedSubscription, Read, Selection, Subscription, Unavailable,
};

/// What is said of a fact that a run did not get to.
pub const NOT_REACHED: &str = "the run ended before this was read";

/// One subscription in scope, as asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Subscription GUID.
    pub id: String,
    /// The accounts that were named; `None` when they are listed.
    pub accounts: Option<Vec<AccountId>>,
}

/// A subscription whose accounts are known, before any of them is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Subscription GUID.
    pub id: String,
    /// The subscription's own record.
    pub record: Read<Document>,
    /// Whether the account list was complete.
    pub listing: Read<Listing>,
    /// Which accounts were left out, and what a second source says.
    pub selection: Selection,
    /// The accounts in scope, each with its row of the list when there was one.
    pub accounts: Vec<(AccountId, Option<Document>)>,
}

/// One complete piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece<'a> {
    /// A subscription and its accounts.
    Listed(&'a Listed),
    /// All facts about one account. Its row of the list is part of [`Listed`].
    Account(&'a AccountFacts),
    /// The further lists of a subscription, by the call that reads them.
    Lists {
        /// Subscription GUID.
        subscription: &'a str,
        /// The lists.
        lists: &'a BTreeMap<Operation, Read<List>>,
    },
    /// A single resource that other facts lead to.
    Document {
        /// Its id in lower case.
        id: &'a str,
        /// What was read.
        document: &'a Read<Document>,
    },
    /// A list of what is below a resource that other facts lead to.
    Below {
        /// Id of the resource in lower case.
        parent: &'a str,
        /// The call.
        operation: Operation,
        /// What was read.
        list: &'a Read<List>,
    },
}

/// The pieces there are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pieces {
    /// By subscription id in lower case.
    pub listed: BTreeMap<String, Listed>,
    /// By account id in lower case.
    pub accounts: BTreeMap<String, PackedAccount>,
    /// By subscription id in lower case.
    pub lists: BTreeMap<String, BTreeMap<Operation, Read<List>>>,
    /// By id in lower case.
    pub documents: BTreeMap<String, Read<Document>>,
    /// By the parent's id in lower case, and by call.
    pub below: BTreeMap<String, BTreeMap<Operation, Read<List>>>,
}

impl Pieces {
    /// The subscriptions in scope, sorted by id, with everything known about them. `at` is when the run ended.
    pub fn assemble(mut self, scopes: &[Scope], at: Timestamp) -> Vec<PackedSubscription> {
        let (documents, below) = (std::mem::take(&mut self.documents), std::mem::take(&mut self.below));
        let mut all: Vec<PackedSubscription> = scopes.iter().map(|scope| self.subscription(scope, at)).collect();
        all.sort_by_cached_key(|own| own.light.id.to_ascii_lowercase());
        let leads: Vec<Leads> = all.iter().map(PackedSubscription::leads).collect();
        let addresses = leads.iter().flat_map(Leads::addresses).cloned().collect();
        for (own, leads) in all.iter_mut().zip(&leads) {
            own.light.attach(&documents, &below, leads, &addresses);
        }
        all
    }

    /// Hands out every piece, each subscription before what is in it.
    ///
    /// # Errors
    /// The first of `each`.
    pub fn each<E>(&self, mut each: impl FnMut(Piece<'_>) -> Result<(), E>) -> Result<(), E> {
        self.listed.values().map(Piece::Listed).try_for_each(&mut each)?;
        self.accounts.values().try_for_each(|account| each(Piece::Account(&account.open())))?;
        let lists = self.lists.iter().map(|(subscription, lists)| Piece::Lists { subscription, lists });
        let documents = self.documents.iter().map(|(id, document)| Piece::Document { id, document });
        let below = self.below.iter().flat_map(|(parent, lists)| {
            lists.iter().map(move |(operation, list)| Piece::Below { parent, operation: *operation, list })
        });
        lists.chain(documents).chain(below).try_for_each(each)
    }

    /// Forgets the pieces with a fact that could not be read for a passing reason, so that another run tries again.
    pub fn forget_passing(&mut self) {
        let failed = |why: &Unavailable| why.cause.is_passing();
        self.listed.retain(|_, listed| {
            let second = listed.selection.cross_check.as_ref().and_then(Read::unavailable);
            let facts = [listed.record.unavailable(), listed.listing.unavailable(), second];
            !facts.into_iter().flatten().any(failed)
        });
        self.accounts.retain(|_, account| !account.open().unavailable().into_iter().any(failed));
        self.lists.retain(|_, lists| !lists.values().filter_map(Read::unavailable).any(failed));
        self.documents.retain(|_, document| !document.unavailable().is_some_and(failed));
        for lists in self.below.values_mut() {
            lists.retain(|_, list| !list.unavailable().is_some_and(failed));
        }
    }

    fn subscription(&mut self, scope: &Scope, at: Timestamp) -> PackedSubscription {
        let key = scope.id.to_ascii_lowercase();
        let mut listed = self.listed.remove(&key).unwrap_or_else(|| scope.not_reached(at));
        let account = |(id, row): (AccountId, Option<Document>)| {
            let known = self.accounts.remove(&id.key());
            known.unwrap_or_else(|| PackedAccount::new(AccountFacts::not_reached(id, at))).listed(row.map(Packed::new))
        };
        let mut accounts: Vec<PackedAccount> = std::mem::take(&mut listed.accounts).into_iter().map(account).collect();
        accounts.sort_by_cached_key(|account| account.id.key());
        let lists = self.lists.remove(&key).unwrap_or_default();
        let Listed { id, record, listing, mut selection, .. } = listed;
        selection.settle(&listing, &mut accounts);
        let (documents, below) = (BTreeMap::new(), BTreeMap::new());
        let none = Vec::new();
        let light = Subscription { id, record, listing, selection, accounts: none, lists, documents, below };
        PackedSubscription { light, accounts }
    }
}

impl Scope {
    fn not_reached(&self, at: Timestamp) -> Listed {
        let scope = format!("/subscriptions/{}", self.id);
        let missing = |operation| not_reached(operation, &scope, at);
        let record = Read::Unavailable(missing(Operation::SubscriptionsGet));
        let (listing, accounts) = match &self.accounts {
            Some(named) => (Read::Known(Listing::Named), named.iter().map(|id| (id.clone(), None)).collect()),
            None => (Read::Unavailable(missing(Operation::AccountsList)), Vec::new()),
        };
        Listed { id: self.id.clone(), record, listing, selection: Selection::default(), accounts }
    }
}

impl Subscription {
    /// Gives the subscription those of `documents` and of the lists `below` resources that its facts lead to.
    fn attach(
        &mut self,
        documents: &BTreeMap<String, Read<Document>>,
        below: &BTreeMap<String, BTreeMap<Operation, Read<List>>>,
        leads: &Leads,
        addresses: &BTreeSet<String>,
    ) {
        loop {
            let mut grown = false;
            for (operation, id) in self.references(leads, addresses) {
                let id = id.to_ascii_lowercase();
                if let Some(list) = below.get(&id).and_then(|lists| lists.get(&operation)) {
                    let own = self.below.entry(id).or_default();
                    grown |= own.insert(operation, list.clone()).is_none();
                } else if let Some(document) = documents.get(&id) {
                    grown |= self.documents.insert(id, document.clone()).is_none();
                }
            }
            if !grown {
                return;
            }
        }
    }
}

impl AccountFacts {
    /// An account of which nothing was read.
    pub(super) fn not_reached(id: AccountId, at: Timestamp) -> Self {
        let missing = |operation| Read::Unavailable(not_reached(operation, &id.id, at));
        let list = |operation| Read::Unavailable(not_reached(operation, &id.id, at));
        Self {
            account: missing(Operation::AccountsGet),
            deployments: list(Operation::DeploymentsList),
            projects: list(Operation::ProjectsList),
            capability_hosts: list(Operation::CapabilityHostsList),
            connections: list(Operation::ConnectionsList),
            project_facts: Vec::new(),
            lists: BTreeMap::new(),
            stores: Vec::new(),
            listed: None,
            id,
        }
    }
}

fn not_reached(operation: Operation, scope: &str, at: Timestamp) -> Unavailable {
    Unavailable {
        cause: Cause::NotCollected,
        operation,
        scope: scope.to_owned(),
        detail: Some(NOT_REACHED.to_owned()),
        request_id: None,
        at,
    }
}
