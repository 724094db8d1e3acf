//! Facts that only some rules need. Adding one is a row here and a row in `azure::operations`.

use std::collections::BTreeMap;

use futures::future::join_all;
use futures::stream::{self, StreamExt as _};

use crate::azure::arm::Arm;
use crate::snapshot::{Document, List, Listing, Operation, Read, Subscription};

use super::Wanted;
use super::account::{list, not_asked};
use super::door::Door;
use super::redact::{self, Redact};

/// Lists of an account that hosts models.
pub(super) const OF_ACCOUNT: [(Operation, Redact); 8] = [
    (Operation::RaiPoliciesList, redact::nothing),
    (Operation::RaiBlocklistsList, redact::name_only),
    (Operation::DefenderSettingsList, redact::nothing),
    (Operation::ManagedNetworksList, redact::nothing),
    (Operation::PerimeterConfigurationsList, redact::nothing),
    (Operation::DiagnosticSettingsList, redact::nothing),
    (Operation::RoleAssignmentsList, redact::role_assignment),
    (Operation::ModelsList, redact::model),
];

/// Lists of a subscription with such an account.
pub(super) const OF_SUBSCRIPTION: [(Operation, Redact); 1] =
    [(Operation::SafetyProvidersList, redact::safety_provider)];

/// Resources asked for at once; the client has its own limit on requests. Many, so that those of a subscription that has to wait do
/// not fill the line.
const AT_ONCE: usize = 1024;

/// The client, with what is asked for.
pub(super) struct Reader<'a> {
    pub(super) arm: &'a Arm,
    /// What is asked for.
    pub(super) wanted: &'a Wanted<'a>,
    /// Accounts of one subscription that are under way.
    pub(super) lane: usize,
    /// Where accounts wait for their turn.
    pub(super) door: Door,
}

impl Reader<'_> {
    /// The further lists of an account.
    pub(super) async fn account(&self, id: &str) -> BTreeMap<Operation, Read<List>> {
        self.lists(&OF_ACCOUNT, id).await
    }

    /// The further lists of a subscription whose accounts were read. Its deleted accounts are in scope only when all of its
    /// accounts are.
    pub(super) async fn subscription(&self, subscription: &mut Subscription) {
        let mut rows = Vec::new();
        if subscription.accounts.iter().any(|facts| !facts.lists.is_empty()) {
            rows.extend(OF_SUBSCRIPTION);
        }
        if !matches!(subscription.listing, Read::Known(Listing::Named)) {
            rows.push((Operation::DeletedAccountsList, redact::account));
        }
        subscription.lists = self.lists(&rows, &format!("/subscriptions/{}", subscription.id)).await;
    }

    /// A list that somebody may need; without anybody it is not asked for.
    pub(super) async fn list(&self, operation: Operation, parent: &str, redact: Redact) -> Read<List> {
        if self.wanted.operations.contains(&operation) {
            list(self.arm, operation, parent, redact).await
        } else {
            not_asked(operation, parent, self.arm.now())
        }
    }

    async fn lists(&self, rows: &[(Operation, Redact)], parent: &str) -> BTreeMap<Operation, Read<List>> {
        let wanted = rows.iter().copied().filter(|(operation, _)| self.wanted.operations.contains(operation));
        let one = |(operation, redact)| async move { (operation, list(self.arm, operation, parent, redact).await) };
        join_all(wanted.map(one)).await.into_iter().collect()
    }

    /// Reads what the facts lead to, each resource once however many subscriptions name it, until nothing new turns up.
    pub(super) async fn documents(&self, subscriptions: &mut [Subscription]) {
        let mut known: BTreeMap<String, Read<Document>> = BTreeMap::new();
        loop {
            let asked: Vec<Vec<(String, Operation, String)>> =
                subscriptions.iter().map(|own| self.asked(own)).collect();
            let mut new: BTreeMap<&str, (Operation, &str)> = BTreeMap::new();
            for (key, operation, id) in asked.iter().flatten().filter(|(key, ..)| !known.contains_key(key)) {
                new.entry(key).or_insert((*operation, id));
            }
            let one = |(key, (operation, id)): (&str, (Operation, &str))| {
                let (key, id) = (key.to_owned(), id.to_owned());
                async move { (key, self.document(operation, &id).await) }
            };
            let read: Vec<_> = stream::iter(new).map(one).buffer_unordered(AT_ONCE).collect().await;
            known.extend(read);
            if asked.iter().all(Vec::is_empty) {
                return;
            }
            for (subscription, asked) in subscriptions.iter_mut().zip(asked) {
                let got = asked.into_iter().filter_map(|(key, ..)| known.get_key_value(&key));
                subscription.documents.extend(got.map(|(key, read)| (key.clone(), read.clone())));
            }
        }
    }

    /// What a subscription's facts lead to and was not given to it yet.
    fn asked(&self, subscription: &Subscription) -> Vec<(String, Operation, String)> {
        let all =
            subscription.references().into_iter().filter(|(operation, _)| self.wanted.operations.contains(operation));
        all.map(|(operation, id)| (id.to_ascii_lowercase(), operation, id))
            .filter(|(key, ..)| !subscription.documents.contains_key(key))
            .collect()
    }

    async fn document(&self, operation: Operation, id: &str) -> Read<Document> {
        let read = self.arm.get(operation, id).await;
        Read::from(read.map(|mut document| {
            redact::reference(&mut document.body);
            document
        }))
    }
}
