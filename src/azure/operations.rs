//! The table of every call this program can make: one row per [`Operation`], and nothing that is not a row can be asked.
//!
//! The request URL, the text of a 403, the role definition of `zdr-check permissions` and the docs are derived from it.
//! Paths and api-versions were read in the public specification and its generated SDKs (2026-11-22) unless a row says
//! otherwise; the RBAC actions follow ARM's rule "resource type + `/read`" and were not tried one by one against Azure. Calls
//! that only some rules need are in `further`, with where each is known from.

mod communication;
mod further;
mod gateways;
mod parent;
mod policies;
mod shape;
pub mod stores;
mod tenant;

use url::Url;

use crate::snapshot::Operation;

pub use parent::Parent;
pub use shape::is_resource_id;

/// How an answer is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// One resource.
    Single,
    /// `value` and perhaps `nextLink`.
    List,
    /// The same, of rows that are no resources and have no id.
    Values,
    /// `data`, `has_more` and `last_id`: the data plane.
    Items,
}

/// Operations that share their api-versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Subscriptions.
    Subscriptions,
    /// Management groups.
    Management,
    /// The resource index.
    Resources,
    /// Accounts and what has been below them since 2025-06-01.
    CognitiveServices,
    /// What Foundry added later, first stable in 2025-12-01.
    NewerFoundry,
    /// Context caches.
    ContextCaches,
    /// Diagnostic settings; no stable version exists.
    Monitor,
    /// Role assignments.
    Authorization,
    /// Feature registrations.
    Features,
    /// Defender for Cloud plans.
    Security,
    /// Cosmos DB.
    CosmosDb,
    /// Storage accounts and their lifecycle rules.
    Storage,
    /// AI Search.
    Search,
    /// Application Insights.
    Components,
    /// Log Analytics.
    LogAnalytics,
    /// API Management.
    ApiManagement,
    /// Diagnostics of API Management: stable versions do not show whether prompts are logged, so that none is asked.
    GatewayDiagnostics,
    /// Managed compute; no stable version exists.
    ManagedCompute,
    /// Communication Services.
    Communication,
    /// Event Grid.
    EventGrid,
    /// Policy definitions, initiatives and assignments.
    Policy,
    /// Policy exemptions; no stable version exists.
    PolicyExemptions,
    /// The data plane of accounts: its routes carry their versions.
    DataPlane,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 23] = [
        Self::Subscriptions,
        Self::Management,
        Self::Resources,
        Self::CognitiveServices,
        Self::NewerFoundry,
        Self::ContextCaches,
        Self::Monitor,
        Self::Authorization,
        Self::Features,
        Self::Security,
        Self::CosmosDb,
        Self::Storage,
        Self::Search,
        Self::Components,
        Self::LogAnalytics,
        Self::ApiManagement,
        Self::GatewayDiagnostics,
        Self::ManagedCompute,
        Self::Communication,
        Self::EventGrid,
        Self::Policy,
        Self::PolicyExemptions,
        Self::DataPlane,
    ];

    /// Api-versions to try, best first. Sovereign clouds lag behind the public one, hence the older ones.
    pub fn versions(self) -> &'static [&'static str] {
        match self {
            Self::Subscriptions => &["2022-12-01"],
            Self::Management => &["2023-04-01", "2020-05-01"],
            Self::Resources => &["2021-04-01"],
            Self::CognitiveServices => &["2026-09-01", "2026-07-01", "2025-09-01", "2025-06-01"],
            Self::NewerFoundry => &["2026-09-01", "2026-07-01"],
            Self::ContextCaches => &["2026-09-01", "2026-06-01"],
            Self::Monitor => &["2021-05-01-preview"],
            Self::Authorization => &["2022-04-01"],
            Self::Features => &["2021-07-01"],
            Self::Security => &["2024-01-01"],
            // Versions that public templates of 2025 and 2026 name for these types (looked up 2026-11-22); newer ones exist.
            Self::CosmosDb => &["2024-11-15", "2023-11-15"],
            Self::Storage => &["2024-01-01", "2023-05-01"],
            Self::Search => &["2025-05-01", "2023-11-01"],
            Self::Components => &["2020-02-02"],
            Self::LogAnalytics => &["2025-07-01", "2023-09-01", "2022-10-01"],
            // The first stable version that shows which backends a pool has.
            Self::ApiManagement => &["2024-05-01"],
            // `largeLanguageModel` is in the previews since 2024-06-01 and in no stable version.
            Self::GatewayDiagnostics => &["2025-09-01-preview", "2024-06-01-preview"],
            Self::ManagedCompute => &["2026-09-15-preview", "2026-03-15-preview"],
            Self::Communication => communication::VERSIONS,
            Self::EventGrid => communication::EVENT_GRID_VERSIONS,
            // In Azure/azure-rest-api-specs and the public templates (looked up 2026-11-23); newer ones exist.
            Self::Policy => &["2025-03-01", "2023-04-01"],
            Self::PolicyExemptions => &["2022-07-01-preview", "2020-07-01-preview"],
            Self::DataPlane => &[],
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The name.
    pub operation: Operation,
    /// What is asked about.
    pub parent: Parent,
    /// Path below the parent's id; empty or starting with `/`.
    pub suffix: &'static str,
    /// Query parameters besides `api-version`.
    pub query: &'static [(&'static str, &'static str)],
    /// Which api-versions apply.
    pub family: Family,
    /// One resource or a list.
    pub paging: Paging,
    /// RBAC action the caller needs.
    pub action: &'static str,
    /// What it is for, one sentence.
    pub purpose: &'static str,
}

impl Row {
    /// Path for people: names in braces, with the fixed query parameters.
    pub fn path(&self) -> String {
        let query: Vec<String> = self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{}", self.parent.template(), self.suffix, query.join("&"))
    }

    /// The URL to ask at `endpoint`; `None` when `parent` does not have the shape this row needs.
    pub fn url(&self, endpoint: &Url, parent: &str, api_version: &str) -> Option<Url> {
        // The data plane has hosts of its own.
        if self.family == Family::DataPlane || !self.parent.matches(parent) {
            return None;
        }
        let mut url = endpoint.clone();
        let segments = parent.split('/').chain(self.suffix.split('/')).filter(|segment| !segment.is_empty());
        url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
        url.query_pairs_mut().append_pair("api-version", api_version).extend_pairs(self.query);
        Some(url)
    }
}

/// A list below `parent` in the family every row but the subscriptions' and the agents' belongs to.
const fn list(
    operation: Operation,
    parent: Parent,
    suffix: &'static str,
    action: &'static str,
    purpose: &'static str,
) -> Row {
    let family = Family::CognitiveServices;
    Row { operation, parent, suffix, query: &[], family, paging: Paging::List, action, purpose }
}

const SUBSCRIPTIONS_LIST: Row = Row {
    family: Family::Subscriptions,
    ..list(
        Operation::SubscriptionsList,
        Parent::Tenant,
        "/subscriptions",
        "Microsoft.Resources/subscriptions/read",
        "Find the subscriptions the caller can see.",
    )
};

const SUBSCRIPTIONS_GET: Row = Row {
    family: Family::Subscriptions,
    paging: Paging::Single,
    ..list(
        Operation::SubscriptionsGet,
        Parent::Subscription,
        "",
        "Microsoft.Resources/subscriptions/read",
        "Read name, state and tenant of a subscription.",
    )
};

const ACCOUNTS_LIST: Row = list(
    Operation::AccountsList,
    Parent::Subscription,
    "/providers/Microsoft.CognitiveServices/accounts",
    "Microsoft.CognitiveServices/accounts/read",
    "Find every Azure OpenAI and Foundry account of a subscription.",
);

const ACCOUNTS_GET: Row = Row {
    paging: Paging::Single,
    ..list(
        Operation::AccountsGet,
        Parent::Account,
        "",
        "Microsoft.CognitiveServices/accounts/read",
        "Read the capabilities and properties that say what an account keeps.",
    )
};

const DEPLOYMENTS_LIST: Row = list(
    Operation::DeploymentsList,
    Parent::Account,
    "/deployments",
    "Microsoft.CognitiveServices/accounts/deployments/read",
    "Read which models an account serves and where they process.",
);

const PROJECTS_LIST: Row = list(
    Operation::ProjectsList,
    Parent::Account,
    "/projects",
    "Microsoft.CognitiveServices/accounts/projects/read",
    "Find the Foundry projects of an account.",
);

const CAPABILITY_HOSTS_LIST: Row = list(
    Operation::CapabilityHostsList,
    Parent::Account,
    "/capabilityHosts",
    "Microsoft.CognitiveServices/accounts/capabilityHosts/read",
    "Read whether and where an account's agent service keeps data.",
);

const CONNECTIONS_LIST: Row = list(
    Operation::ConnectionsList,
    Parent::Account,
    "/connections",
    "Microsoft.CognitiveServices/accounts/connections/read",
    "Read which other services an account is connected to.",
);

const PROJECT_CAPABILITY_HOSTS_LIST: Row = list(
    Operation::ProjectCapabilityHostsList,
    Parent::Project,
    "/capabilityHosts",
    "Microsoft.CognitiveServices/accounts/projects/capabilityHosts/read",
    "Read whether and where a project's agent service keeps threads, files and vectors.",
);

const PROJECT_CONNECTIONS_LIST: Row = Row {
    query: &[("includeAll", "true")],
    ..list(
        Operation::ProjectConnectionsList,
        Parent::Project,
        "/connections",
        "Microsoft.CognitiveServices/accounts/projects/connections/read",
        "Read which other services a project is connected to, shared connections included.",
    )
};

const APPLICATIONS_LIST: Row = Row {
    family: Family::NewerFoundry,
    ..list(
        Operation::ApplicationsList,
        Parent::Project,
        "/applications",
        "Microsoft.CognitiveServices/accounts/projects/applications/read",
        "Find the agent applications of a project.",
    )
};

const AGENT_DEPLOYMENTS_LIST: Row = Row {
    family: Family::NewerFoundry,
    ..list(
        Operation::AgentDeploymentsList,
        Parent::Application,
        "/agentDeployments",
        "Microsoft.CognitiveServices/accounts/projects/applications/agentDeployments/read",
        "Read which agents an application has deployed.",
    )
};

/// The row of an operation.
pub fn row(operation: Operation) -> &'static Row {
    match operation {
        Operation::SubscriptionsList => &SUBSCRIPTIONS_LIST,
        Operation::SubscriptionsGet => &SUBSCRIPTIONS_GET,
        Operation::TenantsList => &tenant::TENANTS_LIST,
        Operation::ManagementGroupsList => &tenant::MANAGEMENT_GROUPS_LIST,
        Operation::DescendantsList => &tenant::DESCENDANTS_LIST,
        Operation::IndexedAccountsList => &tenant::INDEXED_ACCOUNTS_LIST,
        Operation::AccountsList => &ACCOUNTS_LIST,
        Operation::AccountsGet => &ACCOUNTS_GET,
        Operation::DeploymentsList => &DEPLOYMENTS_LIST,
        Operation::ProjectsList => &PROJECTS_LIST,
        Operation::CapabilityHostsList => &CAPABILITY_HOSTS_LIST,
        Operation::ConnectionsList => &CONNECTIONS_LIST,
        Operation::ProjectCapabilityHostsList => &PROJECT_CAPABILITY_HOSTS_LIST,
        Operation::ProjectConnectionsList => &PROJECT_CONNECTIONS_LIST,
        Operation::ApplicationsList => &APPLICATIONS_LIST,
        Operation::AgentDeploymentsList => &AGENT_DEPLOYMENTS_LIST,
        Operation::RaiPoliciesList => &further::RAI_POLICIES_LIST,
        Operation::RaiBlocklistsList => &further::RAI_BLOCKLISTS_LIST,
        Operation::DefenderSettingsList => &further::DEFENDER_SETTINGS_LIST,
        Operation::ManagedNetworksList => &further::MANAGED_NETWORKS_LIST,
        Operation::PerimeterConfigurationsList => &further::PERIMETER_CONFIGURATIONS_LIST,
        Operation::DiagnosticSettingsList => &further::DIAGNOSTIC_SETTINGS_LIST,
        Operation::RoleAssignmentsList => &further::ROLE_ASSIGNMENTS_LIST,
        Operation::ModelsList => &further::MODELS_LIST,
        Operation::DeletedAccountsList => &further::DELETED_ACCOUNTS_LIST,
        Operation::SafetyProvidersList => &further::SAFETY_PROVIDERS_LIST,
        Operation::WebSearchFeatureGet => &further::WEB_SEARCH_FEATURE_GET,
        Operation::DefenderPlanGet => &further::DEFENDER_PLAN_GET,
        Operation::ContextCacheContainersGet => &further::CONTEXT_CACHE_CONTAINERS_GET,
        Operation::CosmosAccountsGet => &further::COSMOS_ACCOUNTS_GET,
        Operation::StorageAccountsGet => &further::STORAGE_ACCOUNTS_GET,
        Operation::ManagementPoliciesGet => &further::MANAGEMENT_POLICIES_GET,
        Operation::SearchServicesGet => &further::SEARCH_SERVICES_GET,
        Operation::ComponentsGet => &further::COMPONENTS_GET,
        Operation::WorkspacesGet => &further::WORKSPACES_GET,
        Operation::TablesGet => &further::TABLES_GET,
        Operation::GatewaysList => &gateways::GATEWAYS_LIST,
        Operation::GatewayBackendsList => &gateways::GATEWAY_BACKENDS_LIST,
        Operation::GatewayApisList => &gateways::GATEWAY_APIS_LIST,
        Operation::GatewayDiagnosticsList => &gateways::GATEWAY_DIAGNOSTICS_LIST,
        Operation::GatewayPoliciesList => &gateways::GATEWAY_POLICIES_LIST,
        Operation::GatewayFragmentsList => &gateways::GATEWAY_FRAGMENTS_LIST,
        Operation::GatewayCachesList => &gateways::GATEWAY_CACHES_LIST,
        Operation::ApiDiagnosticsList => &gateways::API_DIAGNOSTICS_LIST,
        Operation::ApiPoliciesList => &gateways::API_POLICIES_LIST,
        Operation::ManagedComputeList => &further::MANAGED_COMPUTE_LIST,
        Operation::BlocklistItemsList => &further::BLOCKLIST_ITEMS_LIST,
        Operation::OutboundRulesList => &further::OUTBOUND_RULES_LIST,
        Operation::AgentContainersList => &further::AGENT_CONTAINERS_LIST,
        Operation::CommunicationServicesList => &communication::SERVICES_LIST,
        Operation::CommunicationDiagnosticsList => &communication::DIAGNOSTICS_LIST,
        Operation::CommunicationEventsList => &communication::EVENTS_LIST,
        Operation::SystemTopicsList => &communication::SYSTEM_TOPICS_LIST,
        Operation::SystemTopicEventsList => &communication::SYSTEM_TOPIC_EVENTS_LIST,
        Operation::WorkspaceTablesList => &communication::WORKSPACE_TABLES_LIST,
        Operation::PolicyAssignmentsList => &policies::ASSIGNMENTS_LIST,
        Operation::PolicyExemptionsList => &policies::EXEMPTIONS_LIST,
        Operation::PolicyDefinitionsGet => &policies::DEFINITIONS_GET,
        Operation::PolicySetDefinitionsGet => &policies::SET_DEFINITIONS_GET,
        Operation::FilesList => &stores::FILES.row,
        Operation::BatchesList => &stores::BATCHES.row,
        Operation::FineTuningJobsList => &stores::FINE_TUNING_JOBS.row,
        Operation::FineTuningCheckpointsList => &stores::FINE_TUNING_CHECKPOINTS.row,
        Operation::VectorStoresList => &stores::VECTOR_STORES.row,
        Operation::StoredCompletionsList => &stores::STORED_COMPLETIONS.row,
        Operation::EvaluationsList => &stores::EVALUATIONS.row,
        Operation::AssistantsList => &stores::ASSISTANTS.row,
        Operation::VideosList => &stores::VIDEOS.row,
        Operation::ContainersList => &stores::CONTAINERS.row,
        Operation::ProjectFilesList => &stores::PROJECT_FILES.row,
        Operation::ProjectVectorStoresList => &stores::PROJECT_VECTOR_STORES.row,
        Operation::ProjectEvaluationsList => &stores::PROJECT_EVALUATIONS.row,
        Operation::ProjectAssistantsList => &stores::PROJECT_ASSISTANTS.row,
        Operation::ConversationsList => &stores::CONVERSATIONS.row,
        Operation::AgentsList => &stores::AGENT_LIST.row,
        Operation::AgentSessionsList => &stores::AGENT_SESSIONS.row,
        Operation::MemoryStoresList => &stores::MEMORY_STORES.row,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "/subscriptions/s1/resourcegroups/rg (x)/providers/microsoft.cognitiveservices/accounts/a";

    fn endpoint() -> Url {
        Url::parse("https://management.azure.com").unwrap()
    }

    #[test]
    fn every_operation_has_its_own_row_and_can_only_read() {
        for operation in Operation::ALL {
            let row = row(operation);
            assert_eq!(row.operation, operation);
            assert!(row.action.ends_with("/read") && row.purpose.ends_with('.'), "{operation}");
            assert!(row.suffix.is_empty() || row.suffix.starts_with('/'), "{operation}");
            assert!(row.parent.matches(&row.parent.template().replace(shape::SCOPE, "")), "{operation}");
            let lists = operation.as_str().rsplit('.').next() == Some("list");
            assert_eq!(row.paging != Paging::Single, lists, "{operation}");
            assert!(Family::ALL.contains(&row.family));
        }
    }

    #[test]
    fn versions_are_stable_and_newest_first() {
        for (position, family) in Family::ALL.into_iter().enumerate() {
            assert_eq!(family as usize, position);
            let versions = family.versions();
            assert!(versions.windows(2).all(|pair| pair[0] > pair[1]), "{family:?}");
            let none_stable = matches!(
                family,
                Family::Monitor | Family::GatewayDiagnostics | Family::ManagedCompute | Family::PolicyExemptions
            );
            assert!(versions.iter().all(|version| version.len() == 10 || none_stable), "{family:?}");
        }
    }

    #[test]
    fn urls_are_built_below_the_parent() {
        let url = |operation, parent: &str| row(operation).url(&endpoint(), parent, "V").map(String::from);
        assert_eq!(
            url(Operation::SubscriptionsList, "").unwrap(),
            "https://management.azure.com/subscriptions?api-version=V"
        );
        assert_eq!(
            url(Operation::AccountsList, "/subscriptions/s1").unwrap(),
            "https://management.azure.com/subscriptions/s1/providers/Microsoft.CognitiveServices/accounts?api-version=V"
        );
        assert_eq!(
            url(Operation::ProjectConnectionsList, &format!("{ACCOUNT}/projects/p")).unwrap(),
            "https://management.azure.com/subscriptions/s1/resourcegroups/rg%20(x)/providers/microsoft.cognitiveservices/accounts/a/projects/p/connections?api-version=V&includeAll=true"
        );
        assert_eq!(
            row(Operation::ProjectConnectionsList).path().rsplit('/').next().unwrap(),
            "connections?includeAll=true"
        );
    }

    #[test]
    fn a_parent_of_another_shape_has_no_url() {
        for parent in [
            "",
            "/subscriptions/s1",
            "/subscriptions/s1/resourceGroups/../providers/Microsoft.CognitiveServices/accounts/a",
            "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a",
            "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/a?x=",
            "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/a%2f..",
            "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/a/listKeys",
            "https://evil.example/subscriptions/s1",
        ] {
            assert!(row(Operation::DeploymentsList).url(&endpoint(), parent, "V").is_none(), "{parent}");
        }
        assert!(row(Operation::DeploymentsList).url(&endpoint(), ACCOUNT, "V").is_some());
    }

    #[test]
    fn ids_are_absolute_and_plain() {
        assert!(is_resource_id("/subscriptions/s1") && is_resource_id(ACCOUNT));
        for bad in ["", "/", "a", "//a", "/a/", "/a/../b", "/a\\b", "/a?b", "/a#b", "/a%2fb", "/a\nb"] {
            assert!(!is_resource_id(bad), "{bad:?}");
        }
    }
}
