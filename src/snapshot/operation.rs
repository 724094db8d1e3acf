//! Names of the Azure calls a fact can come from.
//!
//! The names live here because facts and rules refer to them; the table with path, api-version and RBAC action of each is
//! `azure::operations`, the only place that can make the call.

use serde::{Deserialize, Serialize};

use super::policies::POLICY_READS;
use super::reach::Include;

/// One read operation, on Azure Resource Manager or on the data plane of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// Subscriptions the caller can see.
    #[serde(rename = "subscriptions.list")]
    SubscriptionsList,
    /// One subscription.
    #[serde(rename = "subscriptions.get")]
    SubscriptionsGet,
    /// Tenants the caller can sign in to.
    #[serde(rename = "tenants.list")]
    TenantsList,
    /// Management groups the caller can see.
    #[serde(rename = "managementGroups.list")]
    ManagementGroupsList,
    /// Everything below a management group.
    #[serde(rename = "managementGroups.descendants.list")]
    DescendantsList,
    /// Cognitive Services accounts of a subscription, as the resource index knows them.
    #[serde(rename = "resources.accounts.list")]
    IndexedAccountsList,
    /// Cognitive Services accounts of a subscription.
    #[serde(rename = "accounts.list")]
    AccountsList,
    /// One account, as Microsoft's documented `ContentLogging` check reads it.
    #[serde(rename = "accounts.get")]
    AccountsGet,
    /// Model deployments of an account.
    #[serde(rename = "deployments.list")]
    DeploymentsList,
    /// Foundry projects of an account.
    #[serde(rename = "projects.list")]
    ProjectsList,
    /// Capability hosts of an account.
    #[serde(rename = "capabilityHosts.list")]
    CapabilityHostsList,
    /// Connections of an account.
    #[serde(rename = "connections.list")]
    ConnectionsList,
    /// Capability hosts of a project.
    #[serde(rename = "projects.capabilityHosts.list")]
    ProjectCapabilityHostsList,
    /// Connections of a project.
    #[serde(rename = "projects.connections.list")]
    ProjectConnectionsList,
    /// Agent applications of a project.
    #[serde(rename = "projects.applications.list")]
    ApplicationsList,
    /// Deployments of an agent application.
    #[serde(rename = "projects.applications.agentDeployments.list")]
    AgentDeploymentsList,
    /// Guardrail (content filter) policies of an account.
    #[serde(rename = "raiPolicies.list")]
    RaiPoliciesList,
    /// Custom blocklists of an account, without their items.
    #[serde(rename = "raiBlocklists.list")]
    RaiBlocklistsList,
    /// Defender settings of an account.
    #[serde(rename = "defenderForAISettings.list")]
    DefenderSettingsList,
    /// Managed networks of an account.
    #[serde(rename = "managedNetworks.list")]
    ManagedNetworksList,
    /// Network security perimeters an account is associated with.
    #[serde(rename = "networkSecurityPerimeterConfigurations.list")]
    PerimeterConfigurationsList,
    /// Diagnostic settings of an account.
    #[serde(rename = "diagnosticSettings.list")]
    DiagnosticSettingsList,
    /// Role assignments that apply to an account, inherited ones included.
    #[serde(rename = "roleAssignments.list")]
    RoleAssignmentsList,
    /// Models an account can deploy, with their lifecycle.
    #[serde(rename = "models.list")]
    ModelsList,
    /// Deleted accounts of a subscription that can still be recovered.
    #[serde(rename = "deletedAccounts.list")]
    DeletedAccountsList,
    /// External safety providers of a subscription.
    #[serde(rename = "raiExternalSafetyProviders.list")]
    SafetyProvidersList,
    /// Registration of the feature that blocks the web search tool in a subscription.
    #[serde(rename = "features.webSearch.get")]
    WebSearchFeatureGet,
    /// Defender for Cloud plan for AI services of a subscription.
    #[serde(rename = "pricings.ai.get")]
    DefenderPlanGet,
    /// A context cache container that a deployment names.
    #[serde(rename = "contextCacheContainers.get")]
    ContextCacheContainersGet,
    /// A Cosmos DB account that agents keep threads in.
    #[serde(rename = "cosmosAccounts.get")]
    CosmosAccountsGet,
    /// A storage account that agents keep files in.
    #[serde(rename = "storageAccounts.get")]
    StorageAccountsGet,
    /// Lifecycle rules of such a storage account.
    #[serde(rename = "managementPolicies.get")]
    ManagementPoliciesGet,
    /// An AI Search service that agents keep vectors in.
    #[serde(rename = "searchServices.get")]
    SearchServicesGet,
    /// An Application Insights component that traces go to.
    #[serde(rename = "components.get")]
    ComponentsGet,
    /// The Log Analytics workspace behind such a component.
    #[serde(rename = "workspaces.get")]
    WorkspacesGet,
    /// The table of that workspace that holds content of traces.
    #[serde(rename = "tables.appGenAIContent.get")]
    TablesGet,
    /// API Management services of a subscription.
    #[serde(rename = "gateways.list")]
    GatewaysList,
    /// Backends of such a gateway.
    #[serde(rename = "gateways.backends.list")]
    GatewayBackendsList,
    /// APIs of a gateway.
    #[serde(rename = "gateways.apis.list")]
    GatewayApisList,
    /// What a gateway logs for all its APIs.
    #[serde(rename = "gateways.diagnostics.list")]
    GatewayDiagnosticsList,
    /// Policy of a gateway for all its APIs, reduced to what it selects and stores.
    #[serde(rename = "gateways.policies.list")]
    GatewayPoliciesList,
    /// Policy fragments of a gateway, reduced the same.
    #[serde(rename = "gateways.policyFragments.list")]
    GatewayFragmentsList,
    /// External caches of a gateway.
    #[serde(rename = "gateways.caches.list")]
    GatewayCachesList,
    /// What a gateway logs for one API.
    #[serde(rename = "gateways.apis.diagnostics.list")]
    ApiDiagnosticsList,
    /// Policy of one API, reduced the same.
    #[serde(rename = "gateways.apis.policies.list")]
    ApiPoliciesList,
    /// Models an account serves from managed compute.
    #[serde(rename = "managedComputeDeployments.list")]
    ManagedComputeList,
    /// Items of a blocklist, without what they say.
    #[serde(rename = "raiBlocklistItems.list")]
    BlocklistItemsList,
    /// Destinations a managed network approves.
    #[serde(rename = "managedNetworks.outboundRules.list")]
    OutboundRulesList,
    /// Containers of the database that agents keep threads in.
    #[serde(rename = "cosmosAccounts.agentContainers.list")]
    AgentContainersList,
    /// Communication Services resources of a subscription.
    #[serde(rename = "communicationServices.list")]
    CommunicationServicesList,
    /// Diagnostic settings of such a resource.
    #[serde(rename = "communicationServices.diagnosticSettings.list")]
    CommunicationDiagnosticsList,
    /// Event subscriptions made on such a resource itself.
    #[serde(rename = "communicationServices.eventSubscriptions.list")]
    CommunicationEventsList,
    /// Event Grid system topics of a subscription.
    #[serde(rename = "systemTopics.list")]
    SystemTopicsList,
    /// Event subscriptions of a system topic.
    #[serde(rename = "systemTopics.eventSubscriptions.list")]
    SystemTopicEventsList,
    /// Tables of the Log Analytics workspace that logs of Communication Services go to.
    #[serde(rename = "workspaces.tables.list")]
    WorkspaceTablesList,
    /// Policy assignments that apply to a subscription or to something in it.
    #[serde(rename = "policyAssignments.list")]
    PolicyAssignmentsList,
    /// Policy exemptions of a subscription and of what is in it.
    #[serde(rename = "policyExemptions.list")]
    PolicyExemptionsList,
    /// A policy definition that an assignment or an initiative names.
    #[serde(rename = "policyDefinitions.get")]
    PolicyDefinitionsGet,
    /// An initiative that an assignment names.
    #[serde(rename = "policySetDefinitions.get")]
    PolicySetDefinitionsGet,
    /// Files of an account. Data plane.
    #[serde(rename = "openai.files.list")]
    FilesList,
    /// Batch jobs of an account. Data plane.
    #[serde(rename = "openai.batches.list")]
    BatchesList,
    /// Fine-tuning jobs of an account. Data plane.
    #[serde(rename = "openai.fineTuning.jobs.list")]
    FineTuningJobsList,
    /// Checkpoints of a fine-tuning job. Data plane.
    #[serde(rename = "openai.fineTuning.checkpoints.list")]
    FineTuningCheckpointsList,
    /// Vector stores of an account. Data plane.
    #[serde(rename = "openai.vectorStores.list")]
    VectorStoresList,
    /// Stored chat completions of an account. Data plane.
    #[serde(rename = "openai.storedCompletions.list")]
    StoredCompletionsList,
    /// Evaluations of an account. Data plane.
    #[serde(rename = "openai.evals.list")]
    EvaluationsList,
    /// Assistants of an account. Data plane.
    #[serde(rename = "openai.assistants.list")]
    AssistantsList,
    /// Generated videos of an account. Data plane.
    #[serde(rename = "openai.videos.list")]
    VideosList,
    /// Containers of code tools of an account. Data plane.
    #[serde(rename = "openai.containers.list")]
    ContainersList,
    /// Files of a project. Data plane.
    #[serde(rename = "foundry.files.list")]
    ProjectFilesList,
    /// Vector stores of a project. Data plane.
    #[serde(rename = "foundry.vectorStores.list")]
    ProjectVectorStoresList,
    /// Evaluations of a project. Data plane.
    #[serde(rename = "foundry.evals.list")]
    ProjectEvaluationsList,
    /// Assistants (classic agents) of a project. Data plane.
    #[serde(rename = "foundry.assistants.list")]
    ProjectAssistantsList,
    /// Conversations of a project. Data plane.
    #[serde(rename = "foundry.conversations.list")]
    ConversationsList,
    /// Agents of a project. Data plane.
    #[serde(rename = "foundry.agents.list")]
    AgentsList,
    /// Sessions of a hosted agent. Data plane.
    #[serde(rename = "foundry.agents.sessions.list")]
    AgentSessionsList,
    /// Memory stores of a project. Data plane.
    #[serde(rename = "foundry.memoryStores.list")]
    MemoryStoresList,
}

impl Operation {
    /// Every operation, in reading order.
    pub const ALL: [Self; 77] = [
        Self::SubscriptionsList,
        Self::SubscriptionsGet,
        Self::TenantsList,
        Self::ManagementGroupsList,
        Self::DescendantsList,
        Self::IndexedAccountsList,
        Self::AccountsList,
        Self::AccountsGet,
        Self::DeploymentsList,
        Self::ProjectsList,
        Self::CapabilityHostsList,
        Self::ConnectionsList,
        Self::ProjectCapabilityHostsList,
        Self::ProjectConnectionsList,
        Self::ApplicationsList,
        Self::AgentDeploymentsList,
        Self::RaiPoliciesList,
        Self::RaiBlocklistsList,
        Self::DefenderSettingsList,
        Self::ManagedNetworksList,
        Self::PerimeterConfigurationsList,
        Self::DiagnosticSettingsList,
        Self::RoleAssignmentsList,
        Self::ModelsList,
        Self::DeletedAccountsList,
        Self::SafetyProvidersList,
        Self::WebSearchFeatureGet,
        Self::DefenderPlanGet,
        Self::ContextCacheContainersGet,
        Self::CosmosAccountsGet,
        Self::StorageAccountsGet,
        Self::ManagementPoliciesGet,
        Self::SearchServicesGet,
        Self::ComponentsGet,
        Self::WorkspacesGet,
        Self::TablesGet,
        Self::GatewaysList,
        Self::GatewayBackendsList,
        Self::GatewayApisList,
        Self::GatewayDiagnosticsList,
        Self::GatewayPoliciesList,
        Self::GatewayFragmentsList,
        Self::GatewayCachesList,
        Self::ApiDiagnosticsList,
        Self::ApiPoliciesList,
        Self::ManagedComputeList,
        Self::BlocklistItemsList,
        Self::OutboundRulesList,
        Self::AgentContainersList,
        Self::CommunicationServicesList,
        Self::CommunicationDiagnosticsList,
        Self::CommunicationEventsList,
        Self::SystemTopicsList,
        Self::SystemTopicEventsList,
        Self::WorkspaceTablesList,
        Self::PolicyAssignmentsList,
        Self::PolicyExemptionsList,
        Self::PolicyDefinitionsGet,
        Self::PolicySetDefinitionsGet,
        Self::FilesList,
        Self::BatchesList,
        Self::FineTuningJobsList,
        Self::FineTuningCheckpointsList,
        Self::VectorStoresList,
        Self::StoredCompletionsList,
        Self::EvaluationsList,
        Self::AssistantsList,
        Self::VideosList,
        Self::ContainersList,
        Self::ProjectFilesList,
        Self::ProjectVectorStoresList,
        Self::ProjectEvaluationsList,
        Self::ProjectAssistantsList,
        Self::ConversationsList,
        Self::AgentsList,
        Self::AgentSessionsList,
        Self::MemoryStoresList,
    ];

    /// Those of the data plane, which are asked on request only.
    pub const STORES: [Self; 18] = [
        Self::FilesList,
        Self::BatchesList,
        Self::FineTuningJobsList,
        Self::FineTuningCheckpointsList,
        Self::VectorStoresList,
        Self::StoredCompletionsList,
        Self::EvaluationsList,
        Self::AssistantsList,
        Self::VideosList,
        Self::ContainersList,
        Self::ProjectFilesList,
        Self::ProjectVectorStoresList,
        Self::ProjectEvaluationsList,
        Self::ProjectAssistantsList,
        Self::ConversationsList,
        Self::AgentsList,
        Self::AgentSessionsList,
        Self::MemoryStoresList,
    ];

    /// Whether the data plane is asked, with a token of its own, and not Azure Resource Manager.
    pub fn is_data_plane(self) -> bool {
        Self::STORES.contains(&self)
    }

    /// Stable dotted name used in reports, logs and the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SubscriptionsList => "subscriptions.list",
            Self::SubscriptionsGet => "subscriptions.get",
            Self::TenantsList => "tenants.list",
            Self::ManagementGroupsList => "managementGroups.list",
            Self::DescendantsList => "managementGroups.descendants.list",
            Self::IndexedAccountsList => "resources.accounts.list",
            Self::AccountsList => "accounts.list",
            Self::AccountsGet => "accounts.get",
            Self::DeploymentsList => "deployments.list",
            Self::ProjectsList => "projects.list",
            Self::CapabilityHostsList => "capabilityHosts.list",
            Self::ConnectionsList => "connections.list",
            Self::ProjectCapabilityHostsList => "projects.capabilityHosts.list",
            Self::ProjectConnectionsList => "projects.connections.list",
            Self::ApplicationsList => "projects.applications.list",
            Self::AgentDeploymentsList => "projects.applications.agentDeployments.list",
            Self::RaiPoliciesList => "raiPolicies.list",
            Self::RaiBlocklistsList => "raiBlocklists.list",
            Self::DefenderSettingsList => "defenderForAISettings.list",
            Self::ManagedNetworksList => "managedNetworks.list",
            Self::PerimeterConfigurationsList => "networkSecurityPerimeterConfigurations.list",
            Self::DiagnosticSettingsList => "diagnosticSettings.list",
            Self::RoleAssignmentsList => "roleAssignments.list",
            Self::ModelsList => "models.list",
            Self::DeletedAccountsList => "deletedAccounts.list",
            Self::SafetyProvidersList => "raiExternalSafetyProviders.list",
            Self::WebSearchFeatureGet => "features.webSearch.get",
            Self::DefenderPlanGet => "pricings.ai.get",
            Self::ContextCacheContainersGet => "contextCacheContainers.get",
            Self::CosmosAccountsGet => "cosmosAccounts.get",
            Self::StorageAccountsGet => "storageAccounts.get",
            Self::ManagementPoliciesGet => "managementPolicies.get",
            Self::SearchServicesGet => "searchServices.get",
            Self::ComponentsGet => "components.get",
            Self::WorkspacesGet => "workspaces.get",
            Self::TablesGet => "tables.appGenAIContent.get",
            Self::GatewaysList => "gateways.list",
            Self::GatewayBackendsList => "gateways.backends.list",
            Self::GatewayApisList => "gateways.apis.list",
            Self::GatewayDiagnosticsList => "gateways.diagnostics.list",
            Self::GatewayPoliciesList => "gateways.policies.list",
            Self::GatewayFragmentsList => "gateways.policyFragments.list",
            Self::GatewayCachesList => "gateways.caches.list",
            Self::ApiDiagnosticsList => "gateways.apis.diagnostics.list",
            Self::ApiPoliciesList => "gateways.apis.policies.list",
            Self::ManagedComputeList => "managedComputeDeployments.list",
            Self::BlocklistItemsList => "raiBlocklistItems.list",
            Self::OutboundRulesList => "managedNetworks.outboundRules.list",
            Self::AgentContainersList => "cosmosAccounts.agentContainers.list",
            Self::CommunicationServicesList => "communicationServices.list",
            Self::CommunicationDiagnosticsList => "communicationServices.diagnosticSettings.list",
            Self::CommunicationEventsList => "communicationServices.eventSubscriptions.list",
            Self::SystemTopicsList => "systemTopics.list",
            Self::SystemTopicEventsList => "systemTopics.eventSubscriptions.list",
            Self::WorkspaceTablesList => "workspaces.tables.list",
            Self::PolicyAssignmentsList => "policyAssignments.list",
            Self::PolicyExemptionsList => "policyExemptions.list",
            Self::PolicyDefinitionsGet => "policyDefinitions.get",
            Self::PolicySetDefinitionsGet => "policySetDefinitions.get",
            Self::FilesList => "openai.files.list",
            Self::BatchesList => "openai.batches.list",
            Self::FineTuningJobsList => "openai.fineTuning.jobs.list",
            Self::FineTuningCheckpointsList => "openai.fineTuning.checkpoints.list",
            Self::VectorStoresList => "openai.vectorStores.list",
            Self::StoredCompletionsList => "openai.storedCompletions.list",
            Self::EvaluationsList => "openai.evals.list",
            Self::AssistantsList => "openai.assistants.list",
            Self::VideosList => "openai.videos.list",
            Self::ContainersList => "openai.containers.list",
            Self::ProjectFilesList => "foundry.files.list",
            Self::ProjectVectorStoresList => "foundry.vectorStores.list",
            Self::ProjectEvaluationsList => "foundry.evals.list",
            Self::ProjectAssistantsList => "foundry.assistants.list",
            Self::ConversationsList => "foundry.conversations.list",
            Self::AgentsList => "foundry.agents.list",
            Self::AgentSessionsList => "foundry.agents.sessions.list",
            Self::MemoryStoresList => "foundry.memoryStores.list",
        }
    }

    /// What has to be included for the call to be made; `None` when every run makes it.
    pub fn include(self) -> Option<Include> {
        const COMMUNICATION: [Operation; 6] = [
            Operation::CommunicationServicesList,
            Operation::CommunicationDiagnosticsList,
            Operation::CommunicationEventsList,
            Operation::SystemTopicsList,
            Operation::SystemTopicEventsList,
            Operation::WorkspaceTablesList,
        ];
        if POLICY_READS.contains(&self) {
            return Some(Include::Policies);
        }
        COMMUNICATION.contains(&self).then_some(Include::Communication)
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
