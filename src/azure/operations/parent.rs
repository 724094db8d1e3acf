//! What a call can be asked about, and the shape of its id.

use super::communication;
use super::shape::{SCOPE, fits};

/// What an operation is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// Nothing: the whole tenant. Its id is the empty string.
    Tenant,
    /// A management group.
    ManagementGroup,
    /// A subscription.
    Subscription,
    /// A Cognitive Services account.
    Account,
    /// A Foundry project.
    Project,
    /// An agent application of a project.
    Application,
    /// The feature that blocks the web search tool.
    WebSearchFeature,
    /// The Defender for Cloud plan for AI services.
    DefenderPlan,
    /// A context cache container.
    ContextCacheContainer,
    /// A Cosmos DB account.
    CosmosAccount,
    /// A storage account.
    StorageAccount,
    /// The lifecycle rules of a storage account.
    ManagementPolicy,
    /// An AI Search service.
    SearchService,
    /// An Application Insights component.
    Component,
    /// A Log Analytics workspace.
    Workspace,
    /// The table of a workspace that holds content of traces.
    Table,
    /// An API Management service.
    Gateway,
    /// An API of such a service.
    GatewayApi,
    /// A blocklist of an account.
    Blocklist,
    /// A managed network of an account.
    ManagedNetwork,
    /// The database in a Cosmos DB account that agents keep threads in.
    AgentDatabase,
    /// A Communication Services resource.
    CommunicationService,
    /// An Event Grid system topic.
    SystemTopic,
    /// A policy definition: one of Azure's own, of a subscription or of a management group.
    PolicyDefinition,
    /// An initiative of the same three.
    PolicySetDefinition,
}

impl Parent {
    /// Shape of the parent's ARM id; names in braces stand for any one segment.
    pub fn template(self) -> &'static str {
        match self {
            Self::Tenant => "",
            Self::ManagementGroup => "/providers/Microsoft.Management/managementGroups/{group}",
            Self::Subscription => "/subscriptions/{subscription}",
            Self::Account => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.CognitiveServices/accounts/{account}"
            }
            Self::Project => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.CognitiveServices/accounts/{account}/projects/{project}"
            }
            Self::Application => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.CognitiveServices/accounts/{account}/projects/{project}/applications/{application}"
            }
            Self::WebSearchFeature => {
                "/subscriptions/{subscription}/providers/Microsoft.Features/providers/Microsoft.CognitiveServices/features/OpenAI.BlockedTools.web_search"
            }
            Self::DefenderPlan => "/subscriptions/{subscription}/providers/Microsoft.Security/pricings/AI",
            Self::ContextCacheContainer => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/contextCaches/{cache}/contextCacheContainers/{container}"
            }
            Self::CosmosAccount => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DocumentDB/databaseAccounts/{account}"
            }
            Self::StorageAccount => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}"
            }
            Self::ManagementPolicy => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}/managementPolicies/default"
            }
            Self::SearchService => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Search/searchServices/{service}"
            }
            Self::Component => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Insights/components/{component}"
            }
            Self::Workspace => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.OperationalInsights/workspaces/{workspace}"
            }
            Self::Table => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.OperationalInsights/workspaces/{workspace}/tables/AppGenAIContent"
            }
            Self::Gateway => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ApiManagement/service/{service}"
            }
            Self::GatewayApi => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ApiManagement/service/{service}/apis/{api}"
            }
            Self::Blocklist => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.CognitiveServices/accounts/{account}/raiBlocklists/{blocklist}"
            }
            Self::ManagedNetwork => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.CognitiveServices/accounts/{account}/managedNetworks/{network}"
            }
            Self::AgentDatabase => {
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DocumentDB/databaseAccounts/{account}/sqlDatabases/enterprise_memory"
            }
            Self::CommunicationService => communication::SERVICE,
            Self::SystemTopic => communication::SYSTEM_TOPIC,
            Self::PolicyDefinition => "{scope}/providers/Microsoft.Authorization/policyDefinitions/{definition}",
            Self::PolicySetDefinition => "{scope}/providers/Microsoft.Authorization/policySetDefinitions/{definition}",
        }
    }

    /// Whether `id` has the parent's shape: fixed segments in any casing, names that are one plain path segment.
    pub fn matches(self, id: &str) -> bool {
        let template = self.template();
        match template.strip_prefix(SCOPE) {
            None => fits(id, template),
            Some(own) => [Self::Tenant, Self::Subscription, Self::ManagementGroup]
                .into_iter()
                .any(|scope| fits(id, &format!("{}{own}", scope.template()))),
        }
    }
}
