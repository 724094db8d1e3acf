//! Stores in resources of the customer that an account, its projects and its capability hosts lead to.

use super::{Builder, place, unread};
use crate::assessment::data_map::{Place, Presence};
use crate::knowledge::connections::{Purpose, purpose};
use crate::knowledge::stores;
use crate::snapshot::{
    AccountFacts, CapabilityHost, Connection, Document, Operation, Read, Subscription, agent_database, is_reference,
    last_segment, lifecycle_rules, store_operation,
};

const COSMOS: &str = "Microsoft.DocumentDB/databaseAccounts";
const STORAGE: &str = "Microsoft.Storage/storageAccounts";

impl Builder<'_> {
    /// Every store of the customer's own that is named somewhere below the account.
    pub(super) fn own_stores(&mut self, subscription: &Subscription, facts: &AccountFacts) {
        let agents: Vec<String> =
            facts.store_connections().iter().map(|connection| connection.0.scope.to_ascii_lowercase()).collect();
        let mut seen: Vec<String> = Vec::new();
        let mut any = false;
        for connection in facts.readable_connections() {
            let scope = connection.0.scope.to_ascii_lowercase();
            if seen.contains(&scope) {
                continue;
            }
            any |= self.connected(subscription, facts, &connection, agents.contains(&scope));
            seen.push(scope);
        }
        if let Some(why) = unread_connections(facts) {
            self.unknown("own-store", facts, why);
        } else if !any {
            self.absent("own-store", facts, "No connection or capability host leads to a store of your own.");
        }
        self.attached(subscription, facts);
        self.risk_monitor(facts);
    }

    /// A store behind a connection, if that is what it leads to.
    fn connected(
        &mut self,
        subscription: &Subscription,
        facts: &AccountFacts,
        connection: &Connection<'_>,
        agents: bool,
    ) -> bool {
        let Ok(category) = connection.category() else { return false };
        let is = |names: &[&str]| names.iter().any(|own| own.eq_ignore_ascii_case(category));
        let sheet = if is(&["CosmosDb", "CosmosDbMongoDbApi"]) {
            "own-database"
        } else if is(&["AzureBlob", "AzureStorageAccount", "ADLSGen2", "AzureTableStorage"]) {
            "own-storage"
        } else if is(&["CognitiveSearch"]) {
            "own-search"
        } else if purpose(category) == Some(Purpose::Store) && !is(NO_CONTENT) {
            "own-store"
        } else {
            return false;
        };
        let id = connection.resource_id().ok().flatten();
        let role = if agents { "agents keep their content here" } else { "connected" };
        let why = format!("Connection {} ({category}) of {}: {role}.", connection.name(), owner(&connection.0.scope));
        let scope = id.unwrap_or(&connection.0.scope);
        let silent = id.is_none().then(|| "The connection does not say which resource it leads to.".to_owned());
        self.resource(subscription, facts, sheet, scope, std::iter::once(why).chain(silent).collect());
        true
    }

    /// A resource of the customer's, with what was read of it.
    pub(super) fn resource(
        &mut self,
        subscription: &Subscription,
        facts: &AccountFacts,
        sheet: &'static str,
        id: &str,
        why: Vec<String>,
    ) {
        let Some(sheet) = stores::find(sheet) else { return };
        let mut row = self.row(sheet, id.to_owned(), Presence::Found, why);
        let document = store_operation(id).and_then(|operation| subscription.document(operation, id).ok());
        let location = document.and_then(|document| document.string("/location").ok().flatten());
        row.place = place(last_segment(id), location);
        row.used_by.push(facts.id.id.clone());
        if is_reference(id, COSMOS) {
            row.keeps = threads_keep(subscription, id).unwrap_or(row.keeps);
        }
        if is_reference(id, STORAGE) {
            row.keeps = blobs_keep(subscription, id).unwrap_or(row.keeps);
        }
        self.put(row);
    }

    /// A store that may be there: what would tell could not be read.
    pub(super) fn unknown(&mut self, sheet: &'static str, facts: &AccountFacts, why: String) {
        if let Some(row) = self.row_of(sheet, facts, Presence::Unknown, vec![why]) {
            self.put(row);
        }
    }

    /// Storage that is attached to the account itself.
    fn attached(&mut self, subscription: &Subscription, facts: &AccountFacts) {
        match facts.account().and_then(|account| account.own_storage()) {
            Ok(ids) => {
                for id in ids {
                    let why = "Attached to the account (userOwnedStorage) for Speech and Language.".to_owned();
                    self.resource(subscription, facts, "own-storage", id, vec![why]);
                }
            }
            Err(why) => self.unknown("own-storage", facts, unread("Storage attached to the account", &why)),
        }
    }

    fn risk_monitor(&mut self, facts: &AccountFacts) {
        match facts.account().and_then(|account| account.risk_monitor_sink()) {
            Ok(Some(id)) => {
                let Some(sheet) = stores::find("risk-monitor") else { return };
                let why = "The account sends statistics of harmful requests here (raiMonitorConfig).".to_owned();
                let mut row = self.row(sheet, id.to_owned(), Presence::Found, vec![why]);
                row.place = Place { name: last_segment(id).to_owned(), ..Place::default() };
                row.used_by.push(facts.id.id.clone());
                self.put(row);
            }
            Ok(None) => self.absent("risk-monitor", facts, "The account names no database for statistics."),
            Err(why) => self.unknown("risk-monitor", facts, unread("The sink of risk monitoring", &why)),
        }
    }
}

/// Categories of stores and services that hold settings, code or keys, or lead to models, and no content of people.
const NO_CONTENT: &[&str] = &[
    "AIServices",
    "AppConfig",
    "AzureContainerAppEnvironment",
    "AzureKeyVault",
    "AzureOpenAI",
    "CognitiveService",
    "ContainerRegistry",
    "GenericContainerRegistry",
    "Git",
    "ManagedOnlineEndpoint",
    "PythonFeed",
    "Serverless",
];

/// The account or project a connection belongs to, for people.
fn owner(connection: &str) -> String {
    let parent = connection.rsplit_once("/connections/").map_or(connection, |(parent, _)| parent);
    let kind = if parent.to_ascii_lowercase().contains("/projects/") { "project" } else { "account" };
    format!("{kind} {}", last_segment(parent))
}

/// Why a store behind a connection could be missed.
fn unread_connections(facts: &AccountFacts) -> Option<String> {
    let hosts = facts.project_facts.iter().map(|project| &project.capability_hosts);
    let mut hosts = hosts.chain(std::iter::once(&facts.capability_hosts));
    let lists = facts.all_connections().map(drop).err();
    let hosts = hosts.find_map(|list| list.get().and_then(|list| list.documents().map(drop)).err());
    lists.or(hosts).map(|why| unread("Connections and capability hosts", &why)).or_else(|| dangling(facts))
}

/// A connection that a capability host names and that is not there.
fn dangling(facts: &AccountFacts) -> Option<String> {
    let rows = |list: &Read<crate::snapshot::List>| -> Vec<String> {
        let rows = list.get_ref().map_or(&[][..], |list| &list.rows).iter().filter_map(Read::get_ref);
        let named = rows.map(CapabilityHost).flat_map(|host| {
            [host.thread_storage(), host.file_storage(), host.vector_storage()].into_iter().flatten().flatten()
        });
        named.map(str::to_ascii_lowercase).collect()
    };
    let known: Vec<String> = facts.readable_connections().map(|own| own.name().to_ascii_lowercase()).collect();
    let hosts = facts.project_facts.iter().map(|project| &project.capability_hosts);
    let mut named = hosts.chain(std::iter::once(&facts.capability_hosts)).flat_map(rows);
    let missing = named.find(|name| !known.contains(name))?;
    Some(format!("A capability host names the connection {missing}, which is not there."))
}

/// How long threads of agents stay in a Cosmos DB account, by the containers' own time to live.
fn threads_keep(subscription: &Subscription, id: &str) -> Option<String> {
    let list = subscription.list_below(Operation::AgentContainersList, &agent_database(id)).ok()?;
    let rows = list.documents().ok()?;
    let ends = |row: &&Document| row.value("/properties/resource/defaultTtl").and_then(serde_json::Value::as_f64);
    let lives: Vec<Option<f64>> = rows.iter().map(|row| ends(row).filter(|seconds| *seconds > 0.0)).collect();
    if lives.is_empty() {
        return None;
    }
    let longest = lives.into_iter().try_fold(0.0_f64, |most, own| own.map(|own| most.max(own)));
    Some(longest.map_or_else(
        || "until deleted: a container has no time to live".to_owned(),
        |seconds| format!("{:.1} days (time to live of the containers)", seconds / 86_400.0),
    ))
}

/// Whether lifecycle rules delete blobs of a storage account.
fn blobs_keep(subscription: &Subscription, id: &str) -> Option<String> {
    match subscription.document(Operation::ManagementPoliciesGet, &lifecycle_rules(id)) {
        Ok(rules) => {
            let rows = rules.array("/properties/policy/rules").ok()?.unwrap_or_default();
            let deletes = rows.iter().any(|row| row.pointer("/definition/actions/baseBlob/delete").is_some());
            Some(
                if deletes { "as its lifecycle rules delete" } else { "until deleted: no lifecycle rule deletes" }
                    .to_owned(),
            )
        }
        Err(why) => why.nothing_there().map(|_| "until deleted: there are no lifecycle rules".to_owned()),
    }
}
