//! What a run saw, as plain data: the only thing rules may look at.
//!
//! Everything here was collected by `collect` from live ARM, from a stored journal or from a deployment plan. It imports
//! nothing of ours, so that neither network code nor reporting can leak into the facts.

mod account;
mod communication;
mod deployment;
mod document;
mod foundry;
mod gateways;
mod id;
pub mod journal;
pub mod mask;
mod operation;
mod packed;
mod pieces;
mod place;
pub mod policies;
mod posture;
mod reach;
mod read;
pub mod reduce;
mod references;
mod stores;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use account::{Account, ContentLogging};
pub use communication::CommunicationService;
pub use deployment::{Deployment, Model};
pub use document::{Citation, Document, Evidence, not_known, why_not_known, why_not_whole};
pub use foundry::{AgentDeployment, CapabilityHost, Connection, Project};
pub use gateways::{Gateway, Gateways};
pub use id::{AccountId, MalformedId, is_guid, last_segment};
pub use journal::hex;
pub use operation::Operation;
pub use packed::{Packed, PackedAccount, PackedSnapshot, PackedSubscription};
pub use pieces::{Listed, NOT_REACHED, Piece, Pieces, Scope};
pub use place::Location;
pub use posture::{Agent365, AgentNetwork};
pub use reach::{Asked, CrossCheck, ExcludedSubscription, Include, Reach, Selection};
pub use read::{Cause, Read, Unavailable};
pub use references::{
    Leads, agent_database, defender_plan, is_reference, lifecycle_rules, store_operation, traces_table,
    web_search_feature, workspace_of,
};
pub use stores::{AgentKind, Purpose, Status, Store, StoreAnswer, StoreFacts, StoreKind, Tally, Tool, Training};

/// Azure cloud a run talks to. The documented meaning of `ContentLogging` covers the public cloud only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloud {
    /// Azure public cloud.
    Public,
    /// Azure Government.
    UsGov,
    /// Azure operated by 21Vianet.
    China,
}

impl Cloud {
    /// Stable word for flags and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::UsGov => "usgov",
            Self::China => "china",
        }
    }
}

/// Where the facts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Read from Azure in this run.
    Live,
    /// Re-evaluated from a stored journal.
    Snapshot,
    /// The embedded demo estate.
    Demo,
    /// A deployment plan.
    Plan,
}

impl Source {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Snapshot => "snapshot",
            Self::Demo => "demo",
            Self::Plan => "plan",
        }
    }
}

/// Who asked, as far as the access token says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// Entra tenant (`tid`).
    pub tenant_id: Option<String>,
    /// Object id of the caller (`oid`).
    pub object_id: Option<String>,
    /// `user`, `app` or the credential's name.
    pub kind: Option<String>,
}

/// HTTP requests of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// Requests sent to ARM, tries included.
    pub sent: u64,
    /// Of those, repeated tries.
    pub retried: u64,
    /// Of those, answered with 429.
    pub throttled: u64,
}

impl Requests {
    /// These and others.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            retried: self.retried + other.retried,
            throttled: self.throttled + other.throttled,
        }
    }
}

/// Why a run ended before everything was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interruption {
    /// Somebody stopped it: Ctrl-C or a termination signal.
    Signal,
    /// `--deadline` passed.
    Deadline,
    /// The journal ends without saying that the run did.
    Unfinished,
}

impl Interruption {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::Deadline => "deadline",
            Self::Unfinished => "unfinished",
        }
    }
}

/// Everything one run saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Where the facts come from.
    pub source: Source,
    /// The cloud.
    pub cloud: Cloud,
    /// What was asked for, in words (`subscription <id>`, `all subscriptions`, …).
    pub scopes: Vec<String>,
    /// Who asked.
    pub principal: Principal,
    /// Start of reading.
    pub started_at: Timestamp,
    /// When an interrupted reading was last taken up again.
    pub resumed_at: Option<Timestamp>,
    /// End of reading.
    pub finished_at: Timestamp,
    /// Why not everything was read, if so.
    pub interrupted: Option<Interruption>,
    /// Requests it took.
    pub requests: Requests,
    /// How the scope became the subscriptions below.
    #[serde(default)]
    pub reach: Reach,
    /// One entry per subscription in scope, sorted by id.
    pub subscriptions: Vec<Subscription>,
}

/// One subscription in scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// Subscription GUID.
    pub id: String,
    /// The subscription's own record (display name, state, tenant).
    pub record: Read<Document>,
    /// Whether the account list was complete, and what was wrong with it if not. With `--account` nothing is listed and the
    /// named accounts stand for themselves.
    pub listing: Read<Listing>,
    /// Which accounts were left out, and what a second source says.
    #[serde(default)]
    pub selection: Selection,
    /// Accounts in scope, sorted by id.
    pub accounts: Vec<AccountFacts>,
    /// Further lists of the subscription, by the call that reads them; those no rule needs are not there.
    pub lists: BTreeMap<Operation, Read<List>>,
    /// Single resources the facts above lead to (features, stores, workspaces), by their id in lower case.
    pub documents: BTreeMap<String, Read<Document>>,
    /// Lists the facts above lead to (what is below a gateway, a blocklist, …), by the parent's id in lower case.
    pub below: BTreeMap<String, BTreeMap<Operation, Read<List>>>,
}

impl Subscription {
    /// A further list.
    ///
    /// # Errors
    /// Why it could not be read; `NotCollected` when this run did not ask for it.
    pub fn list(&self, operation: Operation) -> Result<&List, Unavailable> {
        let not_asked = || self.not_collected(operation, &format!("/subscriptions/{}", self.id));
        self.lists.get(&operation).ok_or_else(not_asked)?.get()
    }

    /// A single resource by its id.
    ///
    /// # Errors
    /// Why it could not be read; `NotCollected` when this run did not ask for it.
    pub fn document(&self, operation: Operation, id: &str) -> Result<&Document, Unavailable> {
        let not_asked = || self.not_collected(operation, id);
        self.documents.get(&id.to_ascii_lowercase()).ok_or_else(not_asked)?.get()
    }

    /// A list of what is below a resource that other facts lead to.
    ///
    /// # Errors
    /// Why it could not be read; `NotCollected` when this run did not ask for it.
    pub fn list_below(&self, operation: Operation, parent: &str) -> Result<&List, Unavailable> {
        let lists = self.below.get(&parent.to_ascii_lowercase());
        let not_asked = || self.not_collected(operation, parent);
        lists.and_then(|lists| lists.get(&operation)).ok_or_else(not_asked)?.get()
    }

    fn not_collected(&self, operation: Operation, scope: &str) -> Unavailable {
        let at = read_at(&self.record);
        let (scope, detail, request_id) = (scope.to_owned(), None, None);
        Unavailable { cause: Cause::NotCollected, operation, scope, detail, request_id, at }
    }

    /// Display name, when the record was readable; remote text.
    pub fn name(&self) -> Option<&str> {
        self.record.get_ref()?.string("/displayName").ok().flatten()
    }

    /// `Enabled`, `Warned`, `PastDue`, `Disabled` or `Deleted`, when the record was readable.
    pub fn state(&self) -> Option<&str> {
        self.record.get_ref()?.string("/state").ok().flatten()
    }

    /// Every fact of the subscription that has no value.
    pub fn unavailable(&self) -> Vec<&Unavailable> {
        let listing = match &self.listing {
            Read::Known(Listing::Listed { unreadable }) => unreadable.iter().collect(),
            Read::Known(Listing::Named) => Vec::new(),
            Read::Unavailable(why) => vec![why],
        };
        let second = self.selection.cross_check.as_ref().and_then(Read::unavailable);
        let own = self.record.unavailable().into_iter().chain(listing).chain(second);
        let further = self.lists.values().flat_map(missing);
        // That there are no lifecycle rules is an answer, not a failed read.
        let documents =
            self.documents.values().filter_map(Read::unavailable).filter(|why| why.nothing_there().is_none());
        let below = self.below.values().flat_map(BTreeMap::values).flat_map(missing);
        let below = below.filter(|why| !why.is_of_no_gateway() && why.no_provider().is_none());
        let accounts = self.accounts.iter().flat_map(AccountFacts::unavailable);
        own.chain(further).chain(documents).chain(below).chain(accounts).collect()
    }
}

/// When a document was read, or failed to be.
fn read_at(document: &Read<Document>) -> Timestamp {
    match document {
        Read::Known(document) => document.evidence.at,
        Read::Unavailable(why) => why.at,
    }
}

/// How the accounts of a subscription became known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Listing {
    /// The list answered; rows without a usable id are kept as unreadable.
    Listed {
        /// Rows that could not be read as an account.
        unreadable: Vec<Unavailable>,
    },
    /// The accounts were named on the command line.
    Named,
}

/// A complete list of child resources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// ARM id of the parent.
    pub scope: String,
    /// Evidence of each page, in order; never empty.
    pub pages: Vec<std::sync::Arc<Evidence>>,
    /// One entry per row. A malformed row is unavailable by itself and loses no neighbour.
    pub rows: Vec<Read<Document>>,
}

impl List {
    /// Every row, all readable.
    ///
    /// # Errors
    /// The first unreadable row: what it says is not known, so nothing can be concluded from the rest of the list.
    pub fn documents(&self) -> Result<Vec<&Document>, Unavailable> {
        self.rows.iter().map(Read::get).collect()
    }

    /// Cites the list itself: how many rows there were.
    pub fn cite(&self) -> Option<Citation> {
        let page = self.pages.first()?;
        Some(Citation {
            pointer: "/value".to_owned(),
            value: serde_json::json!({ "count": self.rows.len() }),
            operation: page.operation,
            request_id: page.request_id.clone(),
            at: page.at,
        })
    }
}

/// All facts about one account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountFacts {
    /// The account.
    pub id: AccountId,
    /// The row of the account list, when there was one. Identifies the account in reports; rules judge [`Self::account`].
    pub listed: Option<Document>,
    /// The account itself (GET).
    pub account: Read<Document>,
    /// Model deployments.
    pub deployments: Read<List>,
    /// Foundry projects.
    pub projects: Read<List>,
    /// Account-level capability hosts.
    pub capability_hosts: Read<List>,
    /// Account-level connections.
    pub connections: Read<List>,
    /// Facts below each project, sorted by project id.
    pub project_facts: Vec<ProjectFacts>,
    /// Further lists, by the call that reads them; those no rule needs are not there.
    pub lists: BTreeMap<Operation, Read<List>>,
    /// What the data plane keeps; empty when it was not asked. Sorted by project (the account's own first) and kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<Store>,
}

/// All facts below one Foundry project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectFacts {
    /// ARM id of the project.
    pub id: String,
    /// Capability hosts of the project.
    pub capability_hosts: Read<List>,
    /// Connections of the project (shared ones included).
    pub connections: Read<List>,
    /// Agent applications.
    pub applications: Read<List>,
    /// Deployments of all agent applications; known only when each application's list was complete.
    pub agent_deployments: Read<Vec<List>>,
}

impl AccountFacts {
    /// The account as GET returned it.
    ///
    /// # Errors
    /// Why it could not be read.
    pub fn account(&self) -> Result<Account<'_>, Unavailable> {
        self.account.get().map(Account)
    }

    /// A further list.
    ///
    /// # Errors
    /// Why it could not be read; `NotCollected` when this run did not ask for it.
    pub fn list(&self, operation: Operation) -> Result<&List, Unavailable> {
        let not_asked = || Unavailable {
            cause: Cause::NotCollected,
            operation,
            scope: self.id.id.clone(),
            detail: None,
            request_id: None,
            at: read_at(&self.account),
        };
        self.lists.get(&operation).ok_or_else(not_asked)?.get()
    }

    /// Every deployment.
    ///
    /// # Errors
    /// Why the list, or one row of it, could not be read.
    pub fn deployments(&self) -> Result<Vec<Deployment<'_>>, Unavailable> {
        Ok(self.deployments.get()?.documents()?.into_iter().map(Deployment).collect())
    }

    /// Connections of the account and of every project.
    ///
    /// # Errors
    /// Why one of the lists, or one row, could not be read.
    pub fn all_connections(&self) -> Result<Vec<Connection<'_>>, Unavailable> {
        let mut all: Vec<Connection<'_>> = self.connections.get()?.documents()?.into_iter().map(Connection).collect();
        for project in self.projects()? {
            all.extend(project.connections.get()?.documents()?.into_iter().map(Connection));
        }
        Ok(all)
    }

    /// Connections in whatever lists could be read: enough to find one, not enough to say there is none.
    pub fn readable_connections(&self) -> impl Iterator<Item = Connection<'_>> {
        let projects = self.project_facts.iter().map(|project| &project.connections);
        let lists = std::iter::once(&self.connections).chain(projects).filter_map(Read::get_ref);
        lists.flat_map(|list| &list.rows).filter_map(Read::get_ref).map(Connection)
    }

    /// The projects with what is below them.
    ///
    /// # Errors
    /// Why the project list, or one row of it, could not be read; `NotCollected` when nothing was read below a listed project.
    pub fn projects(&self) -> Result<&[ProjectFacts], Unavailable> {
        for row in self.projects.get()?.documents()? {
            if !self.project_facts.iter().any(|project| project.id.eq_ignore_ascii_case(&row.scope)) {
                return Err(row.not_collected());
            }
        }
        Ok(&self.project_facts)
    }

    /// `location` as known from GET or, failing that, from the list row.
    pub fn location(&self) -> Option<&str> {
        self.identity("/location")
    }

    /// `kind` as known from GET or, failing that, from the list row.
    pub fn kind(&self) -> Option<&str> {
        self.identity("/kind")
    }

    /// Every fact of the account that has no value.
    pub fn unavailable(&self) -> Vec<&Unavailable> {
        let lists = [&self.deployments, &self.projects, &self.capability_hosts, &self.connections];
        let own = self.account.unavailable().into_iter().chain(lists.into_iter().flat_map(missing));
        let below = self.project_facts.iter().flat_map(|project| {
            let lists = [&project.capability_hosts, &project.connections, &project.applications];
            let agents = match &project.agent_deployments {
                Read::Known(lists) => lists.iter().flat_map(|list| &list.rows).filter_map(Read::unavailable).collect(),
                Read::Unavailable(why) => vec![why],
            };
            lists.into_iter().flat_map(missing).chain(agents)
        });
        let stores = self.stores.iter().filter_map(|store| store.facts.unavailable());
        own.chain(below).chain(self.lists.values().flat_map(missing)).chain(stores).collect()
    }

    /// The stores of a kind that were asked about; none when the data plane was not asked.
    pub fn stores_of(&self, kind: StoreKind) -> impl Iterator<Item = &Store> {
        self.stores.iter().filter(move |store| store.kind == kind)
    }

    fn identity(&self, pointer: &str) -> Option<&str> {
        let got = self.account.get_ref().and_then(|document| document.string(pointer).ok().flatten());
        got.or_else(|| self.listed.as_ref().and_then(|document| document.string(pointer).ok().flatten()))
    }
}

/// What is missing from a list: the list itself, or some of its rows.
fn missing(list: &Read<List>) -> Vec<&Unavailable> {
    match list {
        Read::Known(list) => list.rows.iter().filter_map(Read::unavailable).collect(),
        Read::Unavailable(why) => vec![why],
    }
}
