//! From planned resources to the facts that rules judge: the documents a GET would answer once the plan is applied.
//!
//! Nothing is made up. What only Azure can say (read-only properties, lists of what is beside the plan) is not known at plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::gateways::Below;
use super::node::Node;
use super::resource::{Found, NO_SUBSCRIPTION, Resource, below_account};
use crate::snapshot::{
    AccountFacts, AccountId, Cause, Document, Evidence, Leads, List, Listing, Operation, ProjectFacts, Read, Selection,
    Subscription, Unavailable, not_known,
};

/// The api-version whose answer is foreseen. What a plan leaves out is unset afterwards, whichever version it was written for.
const API_VERSION: &str = "2026-09-01";
/// Values in the body of one resource, at most.
const LARGEST: usize = 100_000;

/// Properties of an account that only Azure sets (Microsoft.CognitiveServices accounts, api-version 2026-09-01).
const READ_ONLY: [&str; 3] = ["abusePenalty", "capabilities", "privateEndpointConnections"];

/// Lists of an account that a plan can hold.
const PLANNED: [(&str, Operation); 6] = [
    ("raipolicies", Operation::RaiPoliciesList),
    ("raiblocklists", Operation::RaiBlocklistsList),
    ("defenderforaisettings", Operation::DefenderSettingsList),
    ("managednetworks", Operation::ManagedNetworksList),
    ("managedcomputedeployments", Operation::ManagedComputeList),
    ("providers/diagnosticsettings", Operation::DiagnosticSettingsList),
];

/// Lists of an account that no plan holds.
const NEVER_PLANNED: [Operation; 3] =
    [Operation::PerimeterConfigurationsList, Operation::RoleAssignmentsList, Operation::ModelsList];

/// The rows below an account or a project, by what they are.
type Rows = BTreeMap<String, Vec<Read<Document>>>;

/// Makes facts; all share one time and one name of their source.
pub(super) struct Maker {
    pub(super) at: Timestamp,
    pub(super) url: String,
    pub(super) sha256: String,
}

/// One account while its resources are gathered.
#[derive(Default)]
struct Gathered {
    id: Option<AccountId>,
    account: Option<Read<Document>>,
    rows: Rows,
    projects: BTreeMap<String, (String, Rows)>,
}

impl Maker {
    /// The subscriptions of a plan, sorted as those of a scan.
    pub(super) fn subscriptions(&self, found: &Found) -> Vec<Subscription> {
        let mut accounts: BTreeMap<String, Gathered> = BTreeMap::new();
        for resource in &found.resources {
            if let Some((account, below)) = below_account(&resource.id) {
                let gathered = accounts.entry(account.to_ascii_lowercase()).or_default();
                self.gather(gathered, &account, &below, resource);
            }
        }
        let mut subscriptions: BTreeMap<String, Vec<AccountFacts>> = BTreeMap::new();
        for gathered in accounts.into_values() {
            if let Some(facts) = self.facts(gathered) {
                subscriptions.entry(facts.id.subscription_id.to_ascii_lowercase()).or_default().push(facts);
            }
        }
        if subscriptions.is_empty() && !found.gaps.is_empty() {
            subscriptions.insert(NO_SUBSCRIPTION.to_owned(), Vec::new());
        }
        let mut gateways = self.gateways(found);
        if !subscriptions.is_empty() {
            // One gateway may serve accounts of other subscriptions.
            for id in gateways.keys() {
                subscriptions.entry(id.clone()).or_default();
            }
        }
        let mut all: Vec<Subscription> = subscriptions
            .into_iter()
            .map(|(id, accounts)| {
                let below = gateways.remove(&id).unwrap_or_default();
                self.subscription(id, accounts, below)
            })
            .collect();
        if let Some(first) = all.first_mut() {
            let scope = format!("/subscriptions/{}", first.id);
            let missing = |what: &str| self.missing(Operation::AccountsList, &scope, what);
            let unreadable = found.gaps.iter().map(|gap| missing(&gap.what)).collect();
            first.listing = Read::Known(Listing::Listed { unreadable });
        }
        all
    }

    fn gather(&self, gathered: &mut Gathered, account: &str, below: &str, resource: &Resource) {
        gathered.id = gathered.id.take().or_else(|| account_id(account));
        if below.is_empty() {
            gathered.account = Some(self.account(account, resource));
            return;
        }
        let project = below.strip_prefix("projects/").filter(|rest| !rest.is_empty());
        if below == "projects" || project.is_some() {
            let id: String = resource.id.split('/').take(11).collect::<Vec<_>>().join("/");
            let (_, rows) = gathered.projects.entry(id.to_ascii_lowercase()).or_insert_with(|| (id, Rows::new()));
            if let Some(below) = project {
                rows.entry(below.to_owned()).or_default().push(self.row(below, resource));
                return;
            }
        }
        gathered.rows.entry(below.to_owned()).or_default().push(self.row(below, resource));
    }

    fn account(&self, id: &str, resource: &Resource) -> Read<Document> {
        let read = self.document(Operation::AccountsGet, id, resource);
        Read::from(read.into_result().map(|mut document| {
            let read_only = not_known("only Azure sets it");
            let properties =
                document.body.as_object_mut().map(|body| body.entry("properties").or_insert_with(|| Map::new().into()));
            if let Some(Value::Object(properties)) = properties {
                for name in READ_ONLY {
                    properties.insert(name.to_owned(), read_only.clone());
                }
                properties.insert("provisioningState".to_owned(), "Succeeded".into());
                properties.retain(|key, _| !SECRET.iter().any(|own| own.eq_ignore_ascii_case(key)));
            }
            document
        }))
    }

    fn row(&self, below: &str, resource: &Resource) -> Read<Document> {
        let operation = match below {
            "deployments" => Operation::DeploymentsList,
            "projects" => Operation::ProjectsList,
            "connections" => Operation::ConnectionsList,
            "capabilityhosts" => Operation::CapabilityHostsList,
            own => PLANNED.iter().find(|(name, _)| *name == own).map_or(Operation::ApplicationsList, |(_, own)| *own),
        };
        let read = self.document(operation, &resource.id, resource);
        Read::from(read.into_result().map(|mut document| {
            match below {
                "connections" => connection(&mut document.body),
                "capabilityhosts" => settle(&mut document.body),
                _ => {}
            }
            document
        }))
    }

    pub(super) fn document(&self, operation: Operation, id: &str, resource: &Resource) -> Read<Document> {
        if let Some(why) = resource.maybe.as_deref().or_else(|| resource.body.why_unknown()) {
            return Read::Unavailable(self.missing(operation, id, why));
        }
        let mut budget = LARGEST;
        match resource.body.to_value(&mut budget) {
            Some(body) => Read::Known(Document { scope: id.to_owned(), body, evidence: self.evidence(operation) }),
            None => Read::Unavailable(self.missing(operation, id, "the resource is too large")),
        }
    }

    fn facts(&self, gathered: Gathered) -> Option<AccountFacts> {
        let Gathered { id, account, mut rows, projects } = gathered;
        let id = id?;
        let beside = "the account is not in the plan";
        let planned = account.is_some();
        let account =
            account.unwrap_or_else(|| Read::Unavailable(self.missing(Operation::AccountsGet, &id.id, beside)));
        let mut list = |name: &str, operation| {
            let own = rows.remove(name).unwrap_or_default();
            Read::Known(self.list(operation, &id.id, own, (!planned).then_some(beside)))
        };
        let deployments = list("deployments", Operation::DeploymentsList);
        let project_rows = list("projects", Operation::ProjectsList);
        let capability_hosts = list("capabilityhosts", Operation::CapabilityHostsList);
        let connections = list("connections", Operation::ConnectionsList);
        let mut lists = BTreeMap::new();
        for (name, operation) in PLANNED {
            let read = match rows.remove(name) {
                Some(own) => Read::Known(self.list(operation, &id.id, own, (!planned).then_some(beside))),
                None => Read::Unavailable(self.missing(operation, &id.id, "the plan holds none")),
            };
            lists.insert(operation, read);
        }
        for operation in NEVER_PLANNED {
            lists.insert(operation, Read::Unavailable(self.missing(operation, &id.id, "no plan holds it")));
        }
        let project_facts = projects.into_values().map(|(id, rows)| self.project(id, rows)).collect();
        Some(AccountFacts {
            listed: None,
            account,
            deployments,
            projects: project_rows,
            capability_hosts,
            connections,
            project_facts,
            lists,
            stores: Vec::new(),
            id,
        })
    }

    fn project(&self, id: String, mut rows: Rows) -> ProjectFacts {
        let mut list =
            |name: &str, operation| Read::Known(self.list(operation, &id, rows.remove(name).unwrap_or_default(), None));
        let capability_hosts = list("capabilityhosts", Operation::ProjectCapabilityHostsList);
        let connections = list("connections", Operation::ProjectConnectionsList);
        let agents = "agents are made by callers, not by plans";
        let applications = Read::Unavailable(self.missing(Operation::ApplicationsList, &id, agents));
        let agent_deployments = Read::Unavailable(self.missing(Operation::AgentDeploymentsList, &id, agents));
        ProjectFacts { id, capability_hosts, connections, applications, agent_deployments }
    }

    /// A list with what the plan holds of it; `beside` when Azure may have more of it already.
    pub(super) fn list(
        &self,
        operation: Operation,
        scope: &str,
        mut rows: Vec<Read<Document>>,
        beside: Option<&str>,
    ) -> List {
        rows.extend(beside.map(|why| Read::Unavailable(self.missing(operation, scope, why))));
        List { scope: scope.to_owned(), pages: vec![self.evidence(operation)], rows }
    }

    fn subscription(&self, id: String, accounts: Vec<AccountFacts>, below: Below) -> Subscription {
        let scope = format!("/subscriptions/{id}");
        let none = |operation: Operation| Read::Unavailable(self.missing(operation, &scope, "no plan holds it"));
        let lists = [Operation::SafetyProvidersList, Operation::DeletedAccountsList];
        let mut subscription = Subscription {
            record: Read::Unavailable(self.missing(Operation::SubscriptionsGet, &scope, "no plan holds it")),
            listing: Read::Known(Listing::Listed { unreadable: Vec::new() }),
            lists: lists.into_iter().map(|operation| (operation, none(operation))).collect(),
            accounts,
            documents: BTreeMap::new(),
            below,
            selection: Selection::default(),
            id,
        };
        let leads = Leads::of(&subscription);
        let all = subscription.references(&leads, leads.addresses()).into_iter();
        for (operation, id) in all.filter(|(operation, _)| operation.include().is_none()) {
            let why = self.missing(operation, &id, "no plan says how it is at the time");
            let id = id.to_ascii_lowercase();
            let lists = subscription.below.entry(id.clone()).or_default();
            lists.entry(operation).or_insert_with(|| Read::Unavailable(why.clone()));
            subscription.documents.insert(id, Read::Unavailable(why));
        }
        subscription
    }

    pub(super) fn evidence(&self, operation: Operation) -> Arc<Evidence> {
        Arc::new(Evidence {
            operation,
            url: self.url.clone(),
            api_version: API_VERSION.to_owned(),
            status: 0,
            request_id: None,
            at: self.at,
            sha256: self.sha256.clone(),
        })
    }

    pub(super) fn missing(&self, operation: Operation, scope: &str, why: &str) -> Unavailable {
        Unavailable {
            cause: Cause::NotKnownAtPlan,
            operation,
            scope: scope.to_owned(),
            detail: Some(why.to_owned()),
            request_id: None,
            at: self.at,
        }
    }
}

/// Properties that can hold keys, as in a scan.
const SECRET: [&str; 2] = ["apiProperties", "migrationToken"];

fn account_id(id: &str) -> Option<AccountId> {
    let parts: Vec<&str> = id.split('/').collect();
    Some(AccountId::new(parts.get(2)?, parts.get(4)?, parts.get(8)?))
}

/// Reduces a connection to where it leads, as in a scan: its credentials and metadata may hold keys.
fn connection(body: &mut Value) {
    let Some(Value::Object(properties)) = body.get_mut("properties") else { return };
    properties.retain(|key, _| {
        ["category", "authType", "isSharedToAll", "metadata", "$notKnownAtPlan"].contains(&key.as_str())
    });
    if let Some(Value::Object(metadata)) = properties.get_mut("metadata") {
        let kept = ["resourceid", "apitype", "location", "$notknownatplan"];
        metadata.retain(|key, _| kept.contains(&key.to_ascii_lowercase().as_str()));
    }
}

/// What is judged is what a deployment leaves that succeeds.
fn settle(body: &mut Value) {
    if let Some(Value::Object(properties)) = body.get_mut("properties") {
        properties.insert("provisioningState".to_owned(), "Succeeded".into());
    }
}

/// Body of a resource from its fields, without those that are not there.
pub(super) fn body_of(at: super::node::Pos, fields: Vec<(&str, Option<Node>)>) -> Node {
    let there = fields.into_iter().filter_map(|(key, value)| Some((key.into(), value.filter(|own| !own.is_null())?)));
    Node::object(at, there.collect())
}
