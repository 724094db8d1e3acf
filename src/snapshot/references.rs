//! Single resources that other facts lead to: what a subscription has one of, and what accounts name by ARM id.

use std::collections::BTreeSet;

use super::deployment::Deployment;
use super::document::Document;
use super::foundry::{CapabilityHost, Connection};
use super::operation::Operation;
use super::read::Read;
use super::{AccountFacts, List, Subscription};

/// Id of the feature that blocks the web search tool.
pub fn web_search_feature(subscription: &str) -> String {
    format!(
        "/subscriptions/{subscription}/providers/Microsoft.Features/providers/Microsoft.CognitiveServices/features/OpenAI.BlockedTools.web_search"
    )
}

/// Id of the Defender for Cloud plan for AI services.
pub fn defender_plan(subscription: &str) -> String {
    format!("/subscriptions/{subscription}/providers/Microsoft.Security/pricings/AI")
}

/// Id of the lifecycle rules of a storage account.
pub fn lifecycle_rules(storage: &str) -> String {
    format!("{storage}/managementPolicies/default")
}

/// Id of the database in a Cosmos DB account that agents keep threads in (standard agent setup, 2026-02-13).
pub fn agent_database(cosmos: &str) -> String {
    format!("{cosmos}/sqlDatabases/enterprise_memory")
}

/// Id of the table of a workspace that holds content of traces (since 2026-09-30).
pub fn traces_table(workspace: &str) -> String {
    format!("{workspace}/tables/AppGenAIContent")
}

/// Whether `id` names a resource of this type, whoever wrote it in whatever casing.
pub fn is_reference(id: &str, resource_type: &str) -> bool {
    let id = id.to_ascii_lowercase();
    let wanted = format!("/providers/{}/", resource_type.to_ascii_lowercase());
    id.split_once(&wanted).is_some_and(|(_, name)| !name.is_empty() && !name.contains('/'))
}

/// Type of the resources that agents keep content in, and the calls that read them.
const STORES: [(&str, Operation); 3] = [
    ("Microsoft.DocumentDB/databaseAccounts", Operation::CosmosAccountsGet),
    ("Microsoft.Storage/storageAccounts", Operation::StorageAccountsGet),
    ("Microsoft.Search/searchServices", Operation::SearchServicesGet),
];

/// The call that reads a store of agents; `None` for a type that is not one.
pub fn store_operation(id: &str) -> Option<Operation> {
    STORES.iter().find(|(kind, _)| is_reference(id, kind)).map(|(_, operation)| *operation)
}

/// What the accounts of a subscription lead to.
#[derive(Debug, Clone, Default)]
pub struct Leads {
    /// Some account could host models.
    hosts: bool,
    /// Resources they name: the call, and the id it is about.
    references: BTreeSet<(Operation, String)>,
    /// What gateways would call them by, in lower case.
    addresses: BTreeSet<String>,
}

impl Leads {
    /// Those of all accounts of a subscription.
    pub fn of(subscription: &Subscription) -> Self {
        let mut all = Self::default();
        subscription.accounts.iter().for_each(|facts| all.add(facts));
        all
    }

    /// Adds those of an account.
    pub fn add(&mut self, facts: &AccountFacts) {
        if !facts.lists.is_empty() {
            self.hosts = true;
            self.addresses.extend(facts.addresses().unwrap_or_else(|_| [facts.id.id.to_ascii_lowercase()].into()));
        }
        self.references.extend(facts.references());
    }

    /// Adds others.
    pub fn extend(&mut self, other: Self) {
        self.hosts |= other.hosts;
        self.references.extend(other.references);
        self.addresses.extend(other.addresses);
    }

    /// Whether some account could host models.
    pub fn hosts(&self) -> bool {
        self.hosts
    }

    /// Addresses of every account whose content could pass a gateway, as far as they are known.
    pub fn addresses(&self) -> &BTreeSet<String> {
        &self.addresses
    }
}

impl Subscription {
    /// Everything that the facts read so far lead to: the call, and the id it is about. `leads` are those of its accounts,
    /// `addresses` those of every account of the run, whichever subscription a gateway to it is in.
    pub fn references(&self, leads: &Leads, addresses: &BTreeSet<String>) -> Vec<(Operation, String)> {
        let mut all = self.gateway_lists(addresses);
        all.extend(self.communication_lists());
        if leads.hosts {
            all.push((Operation::WebSearchFeatureGet, web_search_feature(&self.id)));
            all.push((Operation::DefenderPlanGet, defender_plan(&self.id)));
        }
        all.extend(leads.references.iter().cloned());
        all.extend(self.policy_references());
        for document in self.documents.values().filter_map(Read::get_ref) {
            if let Some(workspace) = workspace_of(document) {
                all.push((Operation::WorkspacesGet, workspace.to_owned()));
                all.push((Operation::TablesGet, traces_table(workspace)));
            }
        }
        all
    }
}

/// The workspace an Application Insights component writes to.
pub fn workspace_of(component: &Document) -> Option<&str> {
    component.string("/properties/WorkspaceResourceId").ok().flatten().filter(|id| !id.is_empty())
}

impl AccountFacts {
    /// Everything that the facts of the account lead to: the call, and the id it is about.
    fn references(&self) -> Vec<(Operation, String)> {
        let mut all = Vec::new();
        let deployments = self.deployments.get_ref().map_or(&[][..], |list| &list.rows);
        let containers = deployments.iter().filter_map(Read::get_ref);
        let containers = containers.filter_map(|row| Deployment(row).context_cache_container().ok().flatten());
        all.extend(containers.map(|id| (Operation::ContextCacheContainersGet, id.to_owned())));
        for id in self.store_connections().into_iter().filter_map(|connection| connection.resource_id().ok().flatten())
        {
            all.extend(store_operation(id).map(|operation| (operation, id.to_owned())));
            if is_reference(id, "Microsoft.Storage/storageAccounts") {
                all.push((Operation::ManagementPoliciesGet, lifecycle_rules(id)));
            }
            if is_reference(id, "Microsoft.DocumentDB/databaseAccounts") {
                all.push((Operation::AgentContainersList, agent_database(id)));
            }
        }
        for (parents, children) in [
            (Operation::RaiBlocklistsList, Operation::BlocklistItemsList),
            (Operation::ManagedNetworksList, Operation::OutboundRulesList),
        ] {
            let rows = self.lists.get(&parents).and_then(Read::get_ref).map_or(&[][..], |list| &list.rows);
            all.extend(rows.iter().filter_map(Read::get_ref).map(|row| (children, row.scope.clone())));
        }
        let traces = self.readable_connections().filter(Connection::receives_traces);
        all.extend(
            traces.filter_map(|own| Some((Operation::ComponentsGet, own.resource_id().ok().flatten()?.to_owned()))),
        );
        all
    }

    /// Connections that capability hosts name as stores of agents, in whatever lists could be read. A name is looked up in
    /// the project first, then in the account.
    pub fn store_connections(&self) -> Vec<Connection<'_>> {
        let mut all = named(&self.capability_hosts, &[&self.connections]);
        for project in &self.project_facts {
            all.extend(named(&project.capability_hosts, &[&project.connections, &self.connections]));
        }
        all.sort_by_cached_key(|connection| connection.0.scope.to_ascii_lowercase());
        all.dedup_by_key(|connection| connection.0.scope.to_ascii_lowercase());
        all
    }
}

fn named<'a>(hosts: &'a Read<List>, lists: &[&'a Read<List>]) -> Vec<Connection<'a>> {
    let rows =
        |list: &'a Read<List>| list.get_ref().map_or(&[][..], |list| &list.rows).iter().filter_map(Read::get_ref);
    let names = rows(hosts).map(CapabilityHost).flat_map(|host| {
        [host.thread_storage(), host.file_storage(), host.vector_storage()].into_iter().flatten().flatten()
    });
    let find = |name: &str| {
        let mut connections = lists.iter().flat_map(|list| rows(list)).map(Connection);
        connections.find(|connection| connection.name().eq_ignore_ascii_case(name))
    };
    names.filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_of_one_type_and_no_child() {
        let id = "/subscriptions/s/resourceGroups/g/providers/microsoft.storage/storageaccounts/a";
        assert!(is_reference(id, "Microsoft.Storage/storageAccounts"));
        assert!(!is_reference(&lifecycle_rules(id), "Microsoft.Storage/storageAccounts"));
        assert!(!is_reference(id, "Microsoft.DocumentDB/databaseAccounts"));
        assert_eq!(store_operation(id), Some(Operation::StorageAccountsGet));
    }
}
