//! Names of the Azure calls a fact can come from.
//!
//! The names live here because facts and rules refer to them; the table with path, api-version and RBAC action of each is
//! `azure::operations`, the only place that can make the call.

use serde::{Deserialize, Serialize};

/// One read operation on Azure Resource Manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// Subscriptions the caller can see.
    #[serde(rename = "subscriptions.list")]
    SubscriptionsList,
    /// One subscription.
    #[serde(rename = "subscriptions.get")]
    SubscriptionsGet,
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
}

impl Operation {
    /// Every operation, in reading order.
    pub const ALL: [Self; 12] = [
        Self::SubscriptionsList,
        Self::SubscriptionsGet,
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
    ];

    /// Stable dotted name used in reports, logs and the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SubscriptionsList => "subscriptions.list",
            Self::SubscriptionsGet => "subscriptions.get",
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
        }
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
