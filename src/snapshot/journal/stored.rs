//! The data of a record: snapshot facts whose evidence is a number, the position in the evidence table of the record.
//!
//! These types are the format. They mirror the snapshot's own, so that a change there cannot change the format unnoticed.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{hex, is_default};
use crate::snapshot::{
    AccountFacts, AccountId, Document, Evidence, List, Listed, Listing, Operation, ProjectFacts, Read, Selection, Store,
};

/// Lists by the call that reads them.
type StoredLists<'a> = BTreeMap<Operation, Read<StoredList<'a>>>;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredDocument<'a> {
    scope: Cow<'a, str>,
    evidence: usize,
    /// The body is, byte for byte in compact form, what the SHA-256 of the evidence was taken of.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    exact: bool,
    body: Cow<'a, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredList<'a> {
    scope: Cow<'a, str>,
    pages: Vec<usize>,
    rows: Vec<Read<StoredDocument<'a>>>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredListed<'a> {
    id: Cow<'a, str>,
    record: Read<StoredDocument<'a>>,
    listing: Cow<'a, Read<Listing>>,
    #[serde(default, skip_serializing_if = "is_default")]
    selection: Selection,
    accounts: Vec<StoredRow<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredRow<'a> {
    id: Cow<'a, str>,
    row: Option<StoredDocument<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredAccount<'a> {
    id: Cow<'a, str>,
    account: Read<StoredDocument<'a>>,
    deployments: Read<StoredList<'a>>,
    projects: Read<StoredList<'a>>,
    capability_hosts: Read<StoredList<'a>>,
    connections: Read<StoredList<'a>>,
    project_facts: Vec<StoredProject<'a>>,
    lists: StoredLists<'a>,
    /// They carry their own evidence: it has no hash.
    #[serde(default, skip_serializing_if = "<[Store]>::is_empty")]
    stores: Cow<'a, [Store]>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredProject<'a> {
    id: Cow<'a, str>,
    capability_hosts: Read<StoredList<'a>>,
    connections: Read<StoredList<'a>>,
    applications: Read<StoredList<'a>>,
    agent_deployments: Read<Vec<StoredList<'a>>>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredSubscriptionLists<'a> {
    subscription: Cow<'a, str>,
    lists: StoredLists<'a>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredResource<'a> {
    id: Cow<'a, str>,
    document: Read<StoredDocument<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredBelow<'a> {
    parent: Cow<'a, str>,
    operation: Operation,
    list: Read<StoredList<'a>>,
}

/// Numbers the evidence of a record while it is written.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    pub(super) rows: Vec<&'a Evidence>,
    positions: HashMap<*const Evidence, usize>,
}

impl<'a> Table<'a> {
    fn position(&mut self, evidence: &'a Arc<Evidence>) -> usize {
        *self.positions.entry(Arc::as_ptr(evidence)).or_insert_with(|| {
            self.rows.push(evidence);
            self.rows.len() - 1
        })
    }

    /// A row of a list: the hash of its evidence is that of a whole page.
    fn row(&mut self, document: &'a Document) -> StoredDocument<'a> {
        let evidence = self.position(&document.evidence);
        let (scope, body) = (Cow::Borrowed(document.scope.as_str()), Cow::Borrowed(&document.body));
        StoredDocument { scope, evidence, exact: false, body }
    }

    /// The answer of a single read.
    fn single(&mut self, document: &'a Document) -> StoredDocument<'a> {
        StoredDocument { exact: hash_of(&document.body) == document.evidence.sha256, ..self.row(document) }
    }

    fn list(&mut self, list: &'a List) -> StoredList<'a> {
        StoredList {
            scope: Cow::Borrowed(&list.scope),
            pages: list.pages.iter().map(|page| self.position(page)).collect(),
            rows: list.rows.iter().map(|row| row.map_ref(|row| self.row(row))).collect(),
        }
    }

    fn read_list(&mut self, list: &'a Read<List>) -> Read<StoredList<'a>> {
        list.map_ref(|list| self.list(list))
    }

    fn lists(&mut self, lists: &'a BTreeMap<Operation, Read<List>>) -> StoredLists<'a> {
        lists.iter().map(|(operation, list)| (*operation, self.read_list(list))).collect()
    }

    pub(super) fn listed(&mut self, listed: &'a Listed) -> StoredListed<'a> {
        let accounts = listed.accounts.iter().map(|(id, row)| StoredRow {
            id: Cow::Borrowed(id.id.as_str()),
            row: row.as_ref().map(|row| self.row(row)),
        });
        let accounts = accounts.collect();
        StoredListed {
            id: Cow::Borrowed(&listed.id),
            record: listed.record.map_ref(|record| self.single(record)),
            listing: Cow::Borrowed(&listed.listing),
            selection: listed.selection.clone(),
            accounts,
        }
    }

    pub(super) fn account(&mut self, facts: &'a AccountFacts) -> StoredAccount<'a> {
        StoredAccount {
            id: Cow::Borrowed(&facts.id.id),
            account: facts.account.map_ref(|account| self.single(account)),
            deployments: self.read_list(&facts.deployments),
            projects: self.read_list(&facts.projects),
            capability_hosts: self.read_list(&facts.capability_hosts),
            connections: self.read_list(&facts.connections),
            project_facts: facts.project_facts.iter().map(|project| self.project(project)).collect(),
            lists: self.lists(&facts.lists),
            stores: Cow::Borrowed(&facts.stores),
        }
    }

    fn project(&mut self, project: &'a ProjectFacts) -> StoredProject<'a> {
        let agents = &project.agent_deployments;
        StoredProject {
            id: Cow::Borrowed(&project.id),
            capability_hosts: self.read_list(&project.capability_hosts),
            connections: self.read_list(&project.connections),
            applications: self.read_list(&project.applications),
            agent_deployments: agents.map_ref(|lists| lists.iter().map(|list| self.list(list)).collect()),
        }
    }

    pub(super) fn subscription_lists(
        &mut self,
        subscription: &'a str,
        lists: &'a BTreeMap<Operation, Read<List>>,
    ) -> StoredSubscriptionLists<'a> {
        StoredSubscriptionLists { subscription: Cow::Borrowed(subscription), lists: self.lists(lists) }
    }

    pub(super) fn resource(&mut self, id: &'a str, document: &'a Read<Document>) -> StoredResource<'a> {
        StoredResource { id: Cow::Borrowed(id), document: document.map_ref(|document| self.single(document)) }
    }

    pub(super) fn below(&mut self, parent: &'a str, operation: Operation, list: &'a Read<List>) -> StoredBelow<'a> {
        StoredBelow { parent: Cow::Borrowed(parent), operation, list: self.read_list(list) }
    }
}

/// What was found when the bodies of a record were compared with the hashes of their evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bodies {
    /// Bodies that are stored whole; their hash was computed again and agrees.
    pub rehashed: usize,
    /// Single answers that are stored reduced or in another order of keys, so that their hash cannot be computed again.
    pub reduced: usize,
    /// Rows of lists: the hash is that of the page they came on.
    pub rows: usize,
}

/// Gives the facts of a record their evidence back.
#[derive(Debug)]
pub(super) struct Restore {
    evidence: Vec<Arc<Evidence>>,
    pub(super) bodies: Bodies,
}

/// What is wrong with the data of a record.
type Wrong = String;

impl Restore {
    pub(super) fn new(evidence: Vec<Evidence>) -> Self {
        Self { evidence: evidence.into_iter().map(Arc::new).collect(), bodies: Bodies::default() }
    }

    fn evidence(&self, position: usize) -> Result<Arc<Evidence>, Wrong> {
        let evidence = self.evidence.get(position).cloned();
        evidence.ok_or_else(|| format!("evidence {position} is not in the table of the record"))
    }

    fn document(&mut self, stored: StoredDocument<'_>) -> Result<Document, Wrong> {
        let evidence = self.evidence(stored.evidence)?;
        if stored.exact && hash_of(&stored.body) != evidence.sha256 {
            return Err(format!("the body of {} is not the one its SHA-256 was taken of", stored.scope));
        }
        Ok(Document { scope: stored.scope.into_owned(), body: stored.body.into_owned(), evidence })
    }

    fn row(&mut self, stored: StoredDocument<'_>) -> Result<Document, Wrong> {
        self.bodies.rows += 1;
        self.document(stored)
    }

    fn single(&mut self, stored: Read<StoredDocument<'_>>) -> Result<Read<Document>, Wrong> {
        stored.try_map(|stored| {
            let count = if stored.exact { &mut self.bodies.rehashed } else { &mut self.bodies.reduced };
            *count += 1;
            self.document(stored)
        })
    }

    fn list(&mut self, stored: StoredList<'_>) -> Result<List, Wrong> {
        let pages = stored.pages.into_iter().map(|page| self.evidence(page)).collect::<Result<Vec<_>, _>>()?;
        if pages.is_empty() {
            return Err(format!("a list of {} has no page", stored.scope));
        }
        let rows = stored.rows.into_iter().map(|row| row.try_map(|row| self.row(row))).collect::<Result<_, _>>()?;
        Ok(List { scope: stored.scope.into_owned(), pages, rows })
    }

    fn read_list(&mut self, stored: Read<StoredList<'_>>) -> Result<Read<List>, Wrong> {
        stored.try_map(|list| self.list(list))
    }

    fn lists(&mut self, stored: StoredLists<'_>) -> Result<BTreeMap<Operation, Read<List>>, Wrong> {
        stored.into_iter().map(|(operation, list)| Ok((operation, self.read_list(list)?))).collect()
    }

    pub(super) fn listed(&mut self, stored: StoredListed<'_>) -> Result<Listed, Wrong> {
        let account =
            |stored: StoredRow<'_>| Ok((account_id(&stored.id)?, stored.row.map(|row| self.row(row)).transpose()?));
        Ok(Listed {
            accounts: stored.accounts.into_iter().map(account).collect::<Result<_, Wrong>>()?,
            id: stored.id.into_owned(),
            record: self.single(stored.record)?,
            listing: stored.listing.into_owned(),
            selection: stored.selection,
        })
    }

    pub(super) fn account(&mut self, stored: StoredAccount<'_>) -> Result<AccountFacts, Wrong> {
        let projects = stored.project_facts.into_iter().map(|project| self.project(project)).collect::<Result<_, _>>();
        Ok(AccountFacts {
            id: account_id(&stored.id)?,
            listed: None,
            account: self.single(stored.account)?,
            deployments: self.read_list(stored.deployments)?,
            projects: self.read_list(stored.projects)?,
            capability_hosts: self.read_list(stored.capability_hosts)?,
            connections: self.read_list(stored.connections)?,
            project_facts: projects?,
            lists: self.lists(stored.lists)?,
            stores: stored.stores.into_owned(),
        })
    }

    fn project(&mut self, stored: StoredProject<'_>) -> Result<ProjectFacts, Wrong> {
        let agents = stored.agent_deployments;
        Ok(ProjectFacts {
            id: stored.id.into_owned(),
            capability_hosts: self.read_list(stored.capability_hosts)?,
            connections: self.read_list(stored.connections)?,
            applications: self.read_list(stored.applications)?,
            agent_deployments: agents.try_map(|lists| lists.into_iter().map(|list| self.list(list)).collect())?,
        })
    }

    pub(super) fn subscription_lists(
        &mut self,
        stored: StoredSubscriptionLists<'_>,
    ) -> Result<(String, BTreeMap<Operation, Read<List>>), Wrong> {
        Ok((stored.subscription.into_owned(), self.lists(stored.lists)?))
    }

    pub(super) fn resource(&mut self, stored: StoredResource<'_>) -> Result<(String, Read<Document>), Wrong> {
        Ok((stored.id.into_owned(), self.single(stored.document)?))
    }

    pub(super) fn below(&mut self, stored: StoredBelow<'_>) -> Result<(String, Operation, Read<List>), Wrong> {
        Ok((stored.parent.into_owned(), stored.operation, self.read_list(stored.list)?))
    }
}

/// SHA-256 of a body in compact form.
fn hash_of(body: &Value) -> String {
    hex(&Sha256::digest(body.to_string().as_bytes()))
}

fn account_id(text: &str) -> Result<AccountId, Wrong> {
    AccountId::parse(text).map_err(|why| format!("{text} is not the id of an account: {why}"))
}
