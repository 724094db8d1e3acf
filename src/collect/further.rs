//! Facts that only some rules need. Adding one is a row here and a row in `azure::operations`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use futures::future::join_all;
use futures::stream::{self, StreamExt as _};

use crate::azure::arm::Arm;
use crate::azure::operations::{Paging, row};
use crate::snapshot::{
    Document, Leads, List, Listing, Operation, PackedSubscription, Piece, Pieces, Read, Subscription,
};

use super::Order;
use super::account::{list, not_asked};
use super::communication;
use super::door::Door;
use super::gateway;
use super::policy;
use super::redact::{self, Redact};

/// Lists of an account that hosts models.
pub(super) const OF_ACCOUNT: [(Operation, Redact); 9] = [
    (Operation::RaiPoliciesList, redact::nothing),
    (Operation::RaiBlocklistsList, redact::name_only),
    (Operation::DefenderSettingsList, redact::nothing),
    (Operation::ManagedNetworksList, redact::nothing),
    (Operation::PerimeterConfigurationsList, redact::nothing),
    (Operation::DiagnosticSettingsList, redact::nothing),
    (Operation::RoleAssignmentsList, redact::role_assignment),
    (Operation::ModelsList, redact::model),
    (Operation::ManagedComputeList, redact::managed_compute),
];

/// Lists of a subscription with such an account.
pub(super) const OF_SUBSCRIPTION: [(Operation, Redact); 3] = [
    (Operation::SafetyProvidersList, redact::safety_provider),
    (Operation::PolicyAssignmentsList, policy::assignment),
    (Operation::PolicyExemptionsList, policy::exemption),
];

/// Resources asked for at once; the client has its own limit on requests. Many, so that those of a subscription that has to wait do
/// not fill the line.
const AT_ONCE: usize = 1024;

/// Lists that other facts lead to. Of those that are not here only names are kept: the items of a blocklist are content of the
/// customer, and a gateway's own record is long.
const BELOW: [(Operation, Redact); 15] = [
    (Operation::OutboundRulesList, redact::outbound_rule),
    (Operation::AgentContainersList, redact::agent_container),
    (Operation::GatewayBackendsList, gateway::backend),
    (Operation::GatewayApisList, gateway::api),
    (Operation::GatewayDiagnosticsList, gateway::diagnostic),
    (Operation::ApiDiagnosticsList, gateway::diagnostic),
    (Operation::GatewayPoliciesList, gateway::policy),
    (Operation::GatewayFragmentsList, gateway::policy),
    (Operation::ApiPoliciesList, gateway::policy),
    (Operation::CommunicationServicesList, communication::service),
    (Operation::CommunicationDiagnosticsList, redact::nothing),
    (Operation::CommunicationEventsList, communication::event_subscription),
    (Operation::SystemTopicsList, communication::system_topic),
    (Operation::SystemTopicEventsList, communication::event_subscription),
    (Operation::WorkspaceTablesList, communication::table),
];

/// Single resources of which something else is kept than of the others.
const SINGLE: [(Operation, Redact); 2] =
    [(Operation::PolicyDefinitionsGet, policy::definition), (Operation::PolicySetDefinitionsGet, policy::set)];

fn redaction(operation: Operation) -> Redact {
    BELOW.iter().find(|(own, _)| *own == operation).map_or(redact::name_only, |(_, redact)| *redact)
}

/// A call and what it is about, in lower case.
type Key = (Operation, String);

/// What a reference led to.
enum Answer {
    One(Read<Document>),
    Many(Read<List>),
}

impl Answer {
    /// The answer to a call, as a piece of the snapshot.
    fn piece<'a>(&'a self, (operation, id): &'a Key) -> Piece<'a> {
        match self {
            Self::One(document) => Piece::Document { id, document },
            Self::Many(list) => Piece::Below { parent: id, operation: *operation, list },
        }
    }
}

/// The client, with what is asked for.
pub(super) struct Reader<'a> {
    pub(super) arm: &'a Arm,
    /// What is asked for.
    pub(super) order: Order<'a>,
    /// Accounts of one subscription that are under way.
    pub(super) lane: usize,
    /// Where accounts wait for their turn.
    pub(super) door: Door,
    /// What was read before this run and is not read again.
    pub(super) known: Mutex<Pieces>,
}

impl Reader<'_> {
    /// Takes something out of what is known.
    pub(super) fn recall<T>(&self, take: impl FnOnce(&mut Pieces) -> Option<T>) -> Option<T> {
        take(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn wants(&self, operation: Operation) -> bool {
        // Without its projects nobody knows which data planes an account has.
        let projects = operation == Operation::ProjectsList && self.order.asked.data_plane;
        projects || self.order.wants(operation)
    }

    /// The further lists of an account.
    pub(super) async fn account(&self, id: &str) -> BTreeMap<Operation, Read<List>> {
        self.lists(&OF_ACCOUNT, id).await
    }

    /// The further lists of a subscription whose accounts were read. Its deleted accounts are in scope only when all of its
    /// accounts are.
    pub(super) async fn subscription(&self, subscription: &mut Subscription, leads: &Leads) {
        if let Some(known) = self.recall(|known| known.lists.remove(&subscription.id.to_ascii_lowercase())) {
            subscription.lists = known;
            return;
        }
        let mut rows = Vec::new();
        if leads.hosts() {
            rows.extend(OF_SUBSCRIPTION);
        }
        if !matches!(subscription.listing, Read::Known(Listing::Named)) {
            rows.push((Operation::DeletedAccountsList, redact::account));
        }
        subscription.lists = self.lists(&rows, &format!("/subscriptions/{}", subscription.id)).await;
        (self.order.sink)(Piece::Lists { subscription: &subscription.id, lists: &subscription.lists });
    }

    /// A list that somebody may need; without anybody it is not asked for.
    pub(super) async fn list(&self, operation: Operation, parent: &str, redact: Redact) -> Read<List> {
        if self.wants(operation) {
            list(self.arm, operation, parent, redact).await
        } else {
            not_asked(operation, parent, self.arm.now())
        }
    }

    async fn lists(&self, rows: &[(Operation, Redact)], parent: &str) -> BTreeMap<Operation, Read<List>> {
        let wanted = rows.iter().copied().filter(|(operation, _)| self.wants(*operation));
        let one = |(operation, redact)| async move { (operation, list(self.arm, operation, parent, redact).await) };
        join_all(wanted.map(one)).await.into_iter().collect()
    }

    /// Reads what the facts lead to, each once however many subscriptions name it, until nothing new turns up.
    pub(super) async fn references(&self, subscriptions: &mut [(PackedSubscription, Leads)]) {
        let addresses = subscriptions.iter().flat_map(|(_, leads)| leads.addresses()).cloned().collect();
        let mut known = self.recalled();
        loop {
            let asked: Vec<BTreeMap<Key, String>> =
                subscriptions.iter().map(|(own, leads)| self.asked(&own.light, leads, &addresses)).collect();
            let new: BTreeMap<&Key, &String> =
                asked.iter().flatten().filter(|(key, _)| !known.contains_key(*key)).collect();
            let one = |(key, id): (&Key, &String)| {
                let (key, id) = (key.clone(), id.clone());
                async move {
                    let answer = self.answer(key.0, &id).await;
                    (self.order.sink)(answer.piece(&key));
                    (key, answer)
                }
            };
            let read: Vec<_> = stream::iter(new).map(one).buffer_unordered(AT_ONCE).collect().await;
            known.extend(read);
            if asked.iter().all(BTreeMap::is_empty) {
                return;
            }
            for ((PackedSubscription { light: subscription, .. }, _), asked) in subscriptions.iter_mut().zip(asked) {
                for key in asked.into_keys() {
                    match known.get(&key) {
                        Some(Answer::One(read)) => drop(subscription.documents.insert(key.1, read.clone())),
                        Some(Answer::Many(read)) => {
                            drop(subscription.below.entry(key.1).or_default().insert(key.0, read.clone()));
                        }
                        None => {}
                    }
                }
            }
        }
    }

    /// What was read before this run.
    fn recalled(&self) -> BTreeMap<Key, Answer> {
        let documents = self.recall(|known| Some(std::mem::take(&mut known.documents))).unwrap_or_default();
        let below = self.recall(|known| Some(std::mem::take(&mut known.below))).unwrap_or_default();
        let lists = below.into_iter().flat_map(|(id, lists)| {
            lists.into_iter().map(move |(operation, list)| ((operation, id.clone()), Answer::Many(list)))
        });
        let one = |(id, document): (String, Read<Document>)| {
            let operation = match &document {
                Read::Known(document) => document.evidence.operation,
                Read::Unavailable(why) => why.operation,
            };
            ((operation, id), Answer::One(document))
        };
        documents.into_iter().map(one).chain(lists).collect()
    }

    /// What a subscription's facts lead to and was not given to it yet, with the id as it was written.
    fn asked(&self, subscription: &Subscription, leads: &Leads, addresses: &BTreeSet<String>) -> BTreeMap<Key, String> {
        let all = subscription.references(leads, addresses).into_iter().filter(|(operation, _)| self.wants(*operation));
        all.map(|(operation, id)| ((operation, id.to_ascii_lowercase()), id))
            .filter(|((operation, id), _)| match row(*operation).paging {
                Paging::Single => !subscription.documents.contains_key(id),
                Paging::List | Paging::Values | Paging::Items => {
                    !subscription.below.get(id).is_some_and(|lists| lists.contains_key(operation))
                }
            })
            .collect()
    }

    async fn answer(&self, operation: Operation, id: &str) -> Answer {
        match row(operation).paging {
            Paging::Single => Answer::One(self.document(operation, id).await),
            Paging::List | Paging::Values | Paging::Items => {
                Answer::Many(list(self.arm, operation, id, redaction(operation)).await)
            }
        }
    }

    async fn document(&self, operation: Operation, id: &str) -> Read<Document> {
        let read = self.arm.get(operation, id).await;
        Read::from(read.map(|mut document| {
            let own = SINGLE.iter().find(|(own, _)| *own == operation);
            own.map_or(redact::reference as Redact, |(_, redact)| *redact)(&mut document.body);
            document
        }))
    }
}
