//! Calls that only some rules need; each is made when a registered rule asks for it, and where it has a meaning.
//!
//! The line above each row says where its path is known from. None of them was tried against Azure.

use super::{Family, Paging, Parent, Row};
use crate::snapshot::Operation;

/// A row without query parameters.
const fn row(
    operation: Operation,
    parent: Parent,
    family: Family,
    paging: Paging,
    (suffix, action, purpose): (&'static str, &'static str, &'static str),
) -> Row {
    Row { operation, parent, suffix, query: &[], family, paging, action, purpose }
}

// Documented: the specification of 2026-09-01.
pub(super) const RAI_POLICIES_LIST: Row = row(
    Operation::RaiPoliciesList,
    Parent::Account,
    Family::CognitiveServices,
    Paging::List,
    (
        "/raiPolicies",
        "Microsoft.CognitiveServices/accounts/raiPolicies/read",
        "Read which content filters an account applies, and to whom they pass content on.",
    ),
);

// Documented: the specification of 2026-09-01.
pub(super) const RAI_BLOCKLISTS_LIST: Row = row(
    Operation::RaiBlocklistsList,
    Parent::Account,
    Family::CognitiveServices,
    Paging::List,
    (
        "/raiBlocklists",
        "Microsoft.CognitiveServices/accounts/raiBlocklists/read",
        "Find the custom blocklists an account stores.",
    ),
);

// Documented: the specification of 2026-09-01.
pub(super) const DEFENDER_SETTINGS_LIST: Row = row(
    Operation::DefenderSettingsList,
    Parent::Account,
    Family::CognitiveServices,
    Paging::List,
    (
        "/defenderForAISettings",
        "Microsoft.CognitiveServices/accounts/defenderForAISettings/read",
        "Read whether Defender for Cloud watches an account.",
    ),
);

// Documented: the SDK of 2026-10-10, first stable in 2025-12-01.
pub(super) const MANAGED_NETWORKS_LIST: Row = row(
    Operation::ManagedNetworksList,
    Parent::Account,
    Family::NewerFoundry,
    Paging::List,
    (
        "/managedNetworks",
        "Microsoft.CognitiveServices/accounts/managedNetworks/read",
        "Read where agents of an account may connect to.",
    ),
);

// Documented: the specification of 2026-09-01.
pub(super) const PERIMETER_CONFIGURATIONS_LIST: Row = row(
    Operation::PerimeterConfigurationsList,
    Parent::Account,
    Family::CognitiveServices,
    Paging::List,
    (
        "/networkSecurityPerimeterConfigurations",
        "Microsoft.CognitiveServices/accounts/networkSecurityPerimeterConfigurations/read",
        "Read whether a network security perimeter is enforced.",
    ),
);

// Documented, and recorded for other resource types.
pub(super) const DIAGNOSTIC_SETTINGS_LIST: Row = row(
    Operation::DiagnosticSettingsList,
    Parent::Account,
    Family::Monitor,
    Paging::List,
    (
        "/providers/Microsoft.Insights/diagnosticSettings",
        "Microsoft.Insights/diagnosticSettings/read",
        "Read which logs of an account go where.",
    ),
);

// Documented; `atScope()` leaves out assignments below the account.
pub(super) const ROLE_ASSIGNMENTS_LIST: Row = Row {
    query: &[("$filter", "atScope()")],
    ..row(
        Operation::RoleAssignmentsList,
        Parent::Account,
        Family::Authorization,
        Paging::List,
        (
            "/providers/Microsoft.Authorization/roleAssignments",
            "Microsoft.Authorization/roleAssignments/read",
            "Count who can read content or keys of an account.",
        ),
    )
};

// Documented; that rows have no id is read in the specification.
pub(super) const MODELS_LIST: Row = row(
    Operation::ModelsList,
    Parent::Account,
    Family::CognitiveServices,
    Paging::Values,
    ("/models", "Microsoft.CognitiveServices/accounts/models/read", "Read which models are in preview."),
);

// Documented: the specification; the example shows the ids of live accounts.
pub(super) const DELETED_ACCOUNTS_LIST: Row = row(
    Operation::DeletedAccountsList,
    Parent::Subscription,
    Family::CognitiveServices,
    Paging::List,
    (
        "/providers/Microsoft.CognitiveServices/deletedAccounts",
        "Microsoft.CognitiveServices/deletedAccounts/read",
        "Find deleted accounts whose content still exists.",
    ),
);

// Documented: the SDK of 2026-10-10; the action is inferred.
pub(super) const SAFETY_PROVIDERS_LIST: Row = row(
    Operation::SafetyProvidersList,
    Parent::Subscription,
    Family::NewerFoundry,
    Paging::List,
    (
        "/providers/Microsoft.CognitiveServices/raiExternalSafetyProviders",
        "Microsoft.CognitiveServices/raiExternalSafetyProviders/read",
        "Find services outside Azure that are shown content.",
    ),
);

// The feature's name is documented, the path is that of every feature, the pair is inferred.
pub(super) const WEB_SEARCH_FEATURE_GET: Row = row(
    Operation::WebSearchFeatureGet,
    Parent::WebSearchFeature,
    Family::Features,
    Paging::Single,
    ("", "Microsoft.Features/providers/features/read", "Read whether the web search tool is blocked."),
);

// The path is documented; the plan and its extensions were seen in public templates.
pub(super) const DEFENDER_PLAN_GET: Row = row(
    Operation::DefenderPlanGet,
    Parent::DefenderPlan,
    Family::Security,
    Paging::Single,
    ("", "Microsoft.Security/pricings/read", "Read whether Defender and Purview are given prompts."),
);

// Documented: the storage SDK 25.3.0; the action is inferred.
pub(super) const CONTEXT_CACHE_CONTAINERS_GET: Row = row(
    Operation::ContextCacheContainersGet,
    Parent::ContextCacheContainer,
    Family::ContextCaches,
    Paging::Single,
    ("", "Microsoft.Storage/contextCaches/contextCacheContainers/read", "Read how long a context cache is kept."),
);

// Documented: the public templates.
pub(super) const COSMOS_ACCOUNTS_GET: Row = row(
    Operation::CosmosAccountsGet,
    Parent::CosmosAccount,
    Family::CosmosDb,
    Paging::Single,
    ("", "Microsoft.DocumentDB/databaseAccounts/read", "Read where agents' threads are kept."),
);

// Documented: the public templates.
pub(super) const STORAGE_ACCOUNTS_GET: Row = row(
    Operation::StorageAccountsGet,
    Parent::StorageAccount,
    Family::Storage,
    Paging::Single,
    ("", "Microsoft.Storage/storageAccounts/read", "Read where agents' files are kept."),
);

// Documented; the 404 that means "no rules" is recorded.
pub(super) const MANAGEMENT_POLICIES_GET: Row = row(
    Operation::ManagementPoliciesGet,
    Parent::ManagementPolicy,
    Family::Storage,
    Paging::Single,
    ("", "Microsoft.Storage/storageAccounts/managementPolicies/read", "Read whether agents' files are ever deleted."),
);

// Documented: the public templates.
pub(super) const SEARCH_SERVICES_GET: Row = row(
    Operation::SearchServicesGet,
    Parent::SearchService,
    Family::Search,
    Paging::Single,
    ("", "Microsoft.Search/searchServices/read", "Read where agents' vectors are kept."),
);

// Documented: the public templates.
pub(super) const COMPONENTS_GET: Row = row(
    Operation::ComponentsGet,
    Parent::Component,
    Family::Components,
    Paging::Single,
    ("", "Microsoft.Insights/components/read", "Find the workspace that keeps traces."),
);

// Documented, with an example.
pub(super) const WORKSPACES_GET: Row = row(
    Operation::WorkspacesGet,
    Parent::Workspace,
    Family::LogAnalytics,
    Paging::Single,
    ("", "Microsoft.OperationalInsights/workspaces/read", "Read how long traces are kept."),
);

// The path is documented, the table's name too (2026-07-21).
pub(super) const TABLES_GET: Row = row(
    Operation::TablesGet,
    Parent::Table,
    Family::LogAnalytics,
    Paging::Single,
    ("", "Microsoft.OperationalInsights/workspaces/tables/read", "Read how long content of traces is kept."),
);

// Documented: the templates of 2026-03-15-preview and the SDK of 2026-10-10; no stable version has it.
pub(super) const MANAGED_COMPUTE_LIST: Row = row(
    Operation::ManagedComputeList,
    Parent::Account,
    Family::ManagedCompute,
    Paging::List,
    (
        "/managedComputeDeployments",
        "Microsoft.CognitiveServices/accounts/managedComputeDeployments/read",
        "Find models an account serves from dedicated machines.",
    ),
);

// Documented: the specification of 2026-09-01.
pub(super) const BLOCKLIST_ITEMS_LIST: Row = row(
    Operation::BlocklistItemsList,
    Parent::Blocklist,
    Family::CognitiveServices,
    Paging::List,
    (
        "/raiBlocklistItems",
        "Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems/read",
        "Count the patterns of a blocklist; what they say is dropped on arrival.",
    ),
);

// Documented: the SDK of 2026-10-10 and the public templates, first stable in 2025-12-01.
pub(super) const OUTBOUND_RULES_LIST: Row = row(
    Operation::OutboundRulesList,
    Parent::ManagedNetwork,
    Family::NewerFoundry,
    Paging::List,
    (
        "/outboundRules",
        "Microsoft.CognitiveServices/accounts/managedNetworks/outboundRules/read",
        "Read which destinations are approved for agents.",
    ),
);

// The path is that of the public templates; the database's name is in the page on standard agent setup (2026-02-13).
pub(super) const AGENT_CONTAINERS_LIST: Row = row(
    Operation::AgentContainersList,
    Parent::AgentDatabase,
    Family::CosmosDb,
    Paging::List,
    (
        "/containers",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/read",
        "Read whether agents' threads are ever deleted.",
    ),
);
