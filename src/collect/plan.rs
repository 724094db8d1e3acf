//! Which requests a scan would send: what can be said once the accounts are listed, and not a word more.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt as _};

use super::further::{OF_ACCOUNT, OF_SUBSCRIPTION};
use super::scope::Target;
use super::{Order, list_accounts, selection, stores};
use crate::azure::arm::{Arm, BURST, REFILL_PER_SECOND};
use crate::snapshot::Operation;

/// The requests of a scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// One line per operation, in reading order.
    pub lines: Vec<Line>,
    /// One entry per subscription, sorted by id.
    pub subscriptions: Vec<Share>,
}

/// How often one operation is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The call.
    pub operation: Operation,
    /// How often.
    pub count: Count,
}

/// How often an operation is asked. A list of several pages, and a request that is repeated, count once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly so often.
    Exactly(usize),
    /// Not more often: accounts that host no models are spared most of it.
    AtMost(usize),
    /// Once for each thing that only reading finds.
    Each(&'static str),
}

/// What one subscription adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Subscription GUID.
    pub id: String,
    /// Accounts in scope; `None` when they cannot be listed.
    pub accounts: Option<usize>,
    /// Requests at most, as far as they can be counted.
    pub requests: usize,
    /// Of those, requests to data planes, for which the limit of Azure Resource Manager does not count.
    pub data_plane: usize,
}

impl Share {
    /// Seconds that Azure's documented limit makes a caller wait who starts with a full bucket.
    pub fn throttled_seconds(&self) -> f64 {
        let beyond = u32::try_from(self.requests - self.data_plane).unwrap_or(u32::MAX).saturating_sub(BURST);
        f64::from(beyond) / REFILL_PER_SECOND
    }
}

impl Plan {
    /// Requests at most, as far as they can be counted.
    pub fn requests(&self) -> usize {
        self.subscriptions.iter().map(|own| own.requests).sum()
    }
}

/// Below a project, or what it leads to: how many there are is not known before the lists are read.
const FOUND_BY_READING: [(Operation, &str); 29] = [
    (Operation::ProjectCapabilityHostsList, "project"),
    (Operation::ProjectConnectionsList, "project"),
    (Operation::ApplicationsList, "project"),
    (Operation::AgentDeploymentsList, "agent application"),
    (Operation::ContextCacheContainersGet, "context cache in use"),
    (Operation::CosmosAccountsGet, "store of agents"),
    (Operation::StorageAccountsGet, "store of agents"),
    (Operation::ManagementPoliciesGet, "store of agents"),
    (Operation::SearchServicesGet, "store of agents"),
    (Operation::ComponentsGet, "traces connection"),
    (Operation::WorkspacesGet, "traces workspace"),
    (Operation::TablesGet, "traces workspace"),
    (Operation::AgentContainersList, "store of agents"),
    (Operation::BlocklistItemsList, "blocklist"),
    (Operation::OutboundRulesList, "managed network"),
    (Operation::GatewayBackendsList, "gateway"),
    (Operation::GatewayApisList, "gateway"),
    (Operation::GatewayDiagnosticsList, "gateway"),
    (Operation::GatewayPoliciesList, "gateway"),
    (Operation::GatewayFragmentsList, "gateway"),
    (Operation::GatewayCachesList, "gateway"),
    (Operation::ApiDiagnosticsList, "API of a gateway"),
    (Operation::ApiPoliciesList, "API of a gateway"),
    (Operation::CommunicationDiagnosticsList, "Communication Services resource"),
    (Operation::CommunicationEventsList, "Communication Services resource"),
    (Operation::SystemTopicEventsList, "system topic of such a resource"),
    (Operation::WorkspaceTablesList, "workspace of such a resource"),
    (Operation::PolicyDefinitionsGet, "assigned policy"),
    (Operation::PolicySetDefinitionsGet, "assigned initiative"),
];

/// Lists the accounts of every target and counts what a scan would ask about them.
pub async fn plan(arm: &Arm, targets: Vec<Target>, order: &Order<'_>) -> Plan {
    let one = |target| counts(arm, target, order);
    let mut shares: Vec<(Share, BTreeMap<Operation, Count>)> =
        stream::iter(targets).map(one).buffer_unordered(order.width.max(1)).collect().await;
    shares.sort_by_cached_key(|(share, _)| share.id.to_ascii_lowercase());
    let mut all: BTreeMap<Operation, Count> = BTreeMap::new();
    for (operation, count) in shares.iter().flat_map(|(_, counts)| counts) {
        all.entry(*operation).and_modify(|own| *own = sum(*own, *count)).or_insert(*count);
    }
    let accounts = shares.iter().any(|(share, _)| share.accounts != Some(0));
    let open = FOUND_BY_READING.iter().filter(|(operation, _)| {
        // What is included has nothing to do with accounts.
        (accounts || operation.include().is_some()) && order.wants(*operation)
    });
    all.extend(open.map(|(operation, what)| (*operation, Count::Each(what))));
    let stores = stores::found_by_reading().filter(|_| accounts && order.asked.data_plane);
    all.extend(stores.map(|(operation, what)| (operation, Count::Each(what))));
    let lines = all.into_iter().map(|(operation, count)| Line { operation, count }).collect();
    Plan { lines, subscriptions: shares.into_iter().map(|(share, _)| share).collect() }
}

fn sum(one: Count, other: Count) -> Count {
    match (one, other) {
        (Count::Exactly(one), Count::Exactly(other)) => Count::Exactly(one + other),
        (Count::Exactly(one) | Count::AtMost(one), Count::Exactly(other) | Count::AtMost(other)) => {
            Count::AtMost(one + other)
        }
        (Count::Each(what), _) | (_, Count::Each(what)) => Count::Each(what),
    }
}

async fn counts(arm: &Arm, target: Target, order: &Order<'_>) -> (Share, BTreeMap<Operation, Count>) {
    let mut counts = BTreeMap::new();
    let accounts = if let Some(named) = &target.accounts {
        Some(named.len())
    } else {
        counts.insert(Operation::AccountsList, Count::Exactly(1));
        counts.extend(order.asked.cross_check.then_some((Operation::IndexedAccountsList, Count::Exactly(1))));
        listed(arm, &target.id, order).await
    };
    if let Some(number) = accounts.filter(|number| *number > 0) {
        // An account that only the index knows adds to what was listed, so with a cross-check nothing is exact.
        let sure = if order.asked.cross_check { Count::AtMost(number) } else { Count::Exactly(number) };
        counts.extend([(Operation::AccountsGet, sure), (Operation::DeploymentsList, sure)]);
        let lists = [Operation::ProjectsList, Operation::CapabilityHostsList, Operation::ConnectionsList];
        let lists = lists.into_iter().chain(OF_ACCOUNT.iter().map(|(operation, _)| *operation));
        counts.extend(lists.map(|operation| (operation, Count::AtMost(number))));
        let of_subscription = [Operation::WebSearchFeatureGet, Operation::DefenderPlanGet];
        let of_subscription =
            of_subscription.into_iter().chain(OF_SUBSCRIPTION.iter().map(|(operation, _)| *operation));
        counts.extend(of_subscription.map(|operation| (operation, Count::AtMost(1))));
    }
    // A gateway in front of an account may be in any subscription of the run.
    counts.insert(Operation::GatewaysList, Count::AtMost(1));
    if target.accounts.is_none() {
        counts.insert(Operation::DeletedAccountsList, Count::Exactly(1));
        counts.insert(Operation::CommunicationServicesList, Count::Exactly(1));
        counts.insert(Operation::SystemTopicsList, Count::AtMost(1));
    }
    let always =
        [Operation::AccountsList, Operation::IndexedAccountsList, Operation::AccountsGet, Operation::DeploymentsList];
    counts.retain(|operation, _| always.contains(operation) || order.wants(*operation));
    let mut data_plane = 0;
    if let Some(number) = accounts.filter(|number| *number > 0 && order.asked.data_plane) {
        counts.entry(Operation::ProjectsList).or_insert(Count::AtMost(number));
        counts.extend(stores::of_accounts().map(|operation| (operation, Count::AtMost(number))));
        data_plane = number * stores::of_accounts().count();
    }
    let number = |count: &Count| match count {
        Count::Exactly(number) | Count::AtMost(number) => *number,
        Count::Each(_) => 0,
    };
    let requests = counts.values().map(number).sum();
    (Share { id: target.id, accounts, requests, data_plane }, counts)
}

/// How many accounts are in scope; `None` when they cannot be listed.
async fn listed(arm: &Arm, subscription: &str, order: &Order<'_>) -> Option<usize> {
    let (listing, mut found) = list_accounts(arm, subscription).await;
    if order.asked.cross_check {
        // Whether the index answers is told by the scan itself.
        let _ = selection::cross_check(arm, subscription, &mut found).await;
    }
    order.asked.leave_out(&mut found);
    listing.get_ref().map(|_| found.len())
}
