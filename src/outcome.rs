//! The words results are made of.
//!
//! A check returns `Result<Verdict, Unknown>`: `?` on a missing fact ends in unknown, and a pass cannot be built without a
//! [`Proof`].

use serde::{Deserialize, Serialize};

use crate::snapshot::{Cause, Citation, Operation, Unavailable};

/// One dimension of an account's posture. The first three are the product's promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Axis {
    /// Abuse-monitoring storage is off.
    Approved,
    /// Processing and storage stay where policy says.
    Pinned,
    /// No feature keeps content at rest.
    Stateless,
    /// Content does not leak into logs, gateways or third parties.
    Contained,
    /// Supporting posture: network, keys, identity.
    Hardened,
}

impl Axis {
    /// Every axis, the promised ones first.
    pub const ALL: [Self; 5] = [Self::Approved, Self::Pinned, Self::Stateless, Self::Contained, Self::Hardened];

    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pinned => "pinned",
            Self::Stateless => "stateless",
            Self::Contained => "contained",
            Self::Hardened => "hardened",
        }
    }

    /// Whether an unknown on this axis makes the run incomplete.
    pub fn is_promised(self) -> bool {
        match self {
            Self::Approved | Self::Pinned | Self::Stateless => true,
            Self::Contained | Self::Hardened => false,
        }
    }
}

/// How much a failure matters for zero data retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Advice; never changes an axis.
    Info,
    /// Weak signal or supporting posture.
    Low,
    /// Content can land in stores of the customer, or a clock runs.
    Medium,
    /// Content persists in the service or leaves the boundary.
    High,
    /// Microsoft stores content, or the claim of zero retention is false.
    Critical,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// Stable word for flags and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What a check concluded from facts it could read.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The defect is not there, and this shows it.
    Pass(Proof),
    /// The defect is there.
    Fail(Finding),
    /// No API can answer; a person must attest.
    Manual(Finding),
    /// The check has no meaning for this resource; the text says why.
    NotApplicable(String),
}

/// What a pass rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// One sentence.
    pub message: String,
    /// What was looked at; never empty.
    pub evidence: Vec<Citation>,
}

/// A defect, or a question only a person can answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// One sentence: what is wrong.
    pub message: String,
    /// What was looked at.
    pub evidence: Vec<Citation>,
    /// A command or a portal path that mends it.
    pub remediation: String,
}

impl Verdict {
    /// A pass with what it rests on.
    pub fn pass(message: impl Into<String>, first: Citation, more: impl IntoIterator<Item = Citation>) -> Self {
        let evidence = std::iter::once(first).chain(more).collect();
        Self::Pass(Proof { message: message.into(), evidence })
    }

    /// A failure.
    pub fn fail(message: impl Into<String>, evidence: Vec<Citation>, remediation: impl Into<String>) -> Self {
        Self::Fail(Finding { message: message.into(), evidence, remediation: remediation.into() })
    }

    /// A question for a person.
    pub fn manual(message: impl Into<String>, evidence: Vec<Citation>, remediation: impl Into<String>) -> Self {
        Self::Manual(Finding { message: message.into(), evidence, remediation: remediation.into() })
    }

    /// The check has no meaning here.
    pub fn not_applicable(why: impl Into<String>) -> Self {
        Self::NotApplicable(why.into())
    }
}

/// Why a check could not conclude.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// The class of reason.
    pub cause: UnknownCause,
    /// One sentence.
    pub message: String,
    /// What was looked at.
    pub evidence: Vec<Citation>,
}

/// The class of reason behind an [`Unknown`].
#[derive(Debug, Clone, PartialEq)]
pub enum UnknownCause {
    /// A fact could not be read.
    Unread(Unavailable),
    /// Azure returned a value Microsoft does not document.
    UndocumentedValue,
    /// Microsoft's pages contradict each other.
    ContradictorySources,
    /// The resource is being created, moved or deleted.
    NotSettled,
    /// What the value refers to was not found.
    DanglingReference,
    /// The check itself failed; a bug in this program.
    CheckFailed,
}

impl UnknownCause {
    /// Stable word for reports (`cause`).
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unread(why) => why.cause.as_str(),
            Self::UndocumentedValue => "undocumented-value",
            Self::ContradictorySources => "contradictory-sources",
            Self::NotSettled => "not-settled",
            Self::DanglingReference => "dangling-reference",
            Self::CheckFailed => "check-failed",
        }
    }
}

impl Unknown {
    /// A reason other than a failed read.
    pub fn because(cause: UnknownCause, message: impl Into<String>, evidence: Vec<Citation>) -> Self {
        Self { cause, message: message.into(), evidence }
    }

    /// What would make the answer readable.
    pub fn remediation(&self) -> String {
        match &self.cause {
            UnknownCause::Unread(why) => read_advice(why),
            UnknownCause::UndocumentedValue => {
                "Ask Microsoft support what the value means and waive this with the answer; a newer zdr-check may know it.".to_owned()
            }
            UnknownCause::ContradictorySources => {
                "Get a written statement from Microsoft for your contract, or require a boundary the documentation supports.".to_owned()
            }
            UnknownCause::NotSettled => "Scan again when the operation on the resource has finished.".to_owned(),
            UnknownCause::DanglingReference => "Correct the reference on the resource, then scan again.".to_owned(),
            UnknownCause::CheckFailed => "Report this with the snapshot of the run; it is a bug in zdr-check.".to_owned(),
        }
    }
}

fn read_advice(why: &Unavailable) -> String {
    match &why.cause {
        Cause::Forbidden { action } if why.operation.is_data_plane() => {
            format!(
                "Grant the caller the data action `{action}` on {} (zdr-check permissions --data-plane prints a role), then scan again.",
                why.scope
            )
        }
        Cause::Forbidden { action } => {
            format!("Grant the caller `{action}` on {} (the built-in role Reader has it), then scan again.", why.scope)
        }
        Cause::NotFound => "Check that the resource still exists, then scan again.".to_owned(),
        Cause::NetworkDenied => {
            "Scan from inside the network of the account, such as a machine in a virtual network with its private endpoint; or let the address of this machine through the firewall of the account.".to_owned()
        }
        Cause::KeyOnly => {
            "Give the account a custom subdomain, which sign-in with Microsoft Entra ID needs, then scan again; or look into the store in the portal and attest what is there.".to_owned()
        }
        Cause::Throttled => {
            "Scan again later, or with a lower --concurrency; other clients use up the same limit.".to_owned()
        }
        Cause::Timeout | Cause::Transport | Cause::ServerError { .. } => {
            "Scan again; if it stays, check the proxy and Azure's service health.".to_owned()
        }
        Cause::ProviderNotRegistered => {
            "Register the resource provider in that subscription with az provider register, then scan again.".to_owned()
        }
        Cause::UnexpectedShape { .. } => {
            "Report the answer to zdr-check: its shape is not the documented one.".to_owned()
        }
        Cause::NotInApiVersion => {
            "Check the property in the portal: no api-version that answered can show it.".to_owned()
        }
        Cause::NotCollected if why.detail.is_some() => {
            "Scan again to the end; --resume goes on with a saved snapshot.".to_owned()
        }
        Cause::NotCollected => "Scan again with the option that collects this fact.".to_owned(),
        Cause::NotKnownAtPlan => "Scan the live account after the deployment.".to_owned(),
    }
}

impl From<Unavailable> for Unknown {
    fn from(why: Unavailable) -> Self {
        let what = noun(why.operation);
        let message = match &why.cause {
            Cause::Forbidden { action } => format!("{what} could not be read: the caller lacks {action}"),
            Cause::NotFound => format!("{what} could not be read: not found"),
            Cause::NetworkDenied => {
                format!("{what} could not be read: the network of the account does not let this machine in")
            }
            Cause::KeyOnly => {
                format!("{what} could not be read: the account takes keys only, which this program never uses")
            }
            Cause::Throttled => format!("{what} could not be read: Azure kept throttling"),
            Cause::Timeout => format!("{what} could not be read: no whole answer in time"),
            Cause::Transport => format!("{what} could not be read: the connection failed"),
            Cause::ServerError { status } => format!("{what} could not be read: HTTP status {status}"),
            Cause::ProviderNotRegistered => {
                format!("{what} could not be read: the resource provider is not registered")
            }
            Cause::UnexpectedShape { pointer } if pointer.is_empty() => {
                format!("{what} could not be read: the answer is not what the API documents")
            }
            Cause::UnexpectedShape { pointer } => format!("{what} has no usable value at {pointer}"),
            Cause::NotInApiVersion => format!("{what} came from an api-version that cannot show the property"),
            Cause::NotCollected => format!("{what} was not read in this run"),
            Cause::NotKnownAtPlan => {
                let why = why.detail.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
                format!("{what} is known only after deployment{why}")
            }
        };
        Self { cause: UnknownCause::Unread(why), message, evidence: Vec::new() }
    }
}

/// What an operation reads, as the subject of a sentence.
fn noun(operation: Operation) -> &'static str {
    match operation {
        Operation::SubscriptionsList => "the list of subscriptions",
        Operation::SubscriptionsGet => "the subscription",
        Operation::TenantsList => "the list of tenants",
        Operation::ManagementGroupsList => "the list of management groups",
        Operation::DescendantsList => "what is below the management group",
        Operation::IndexedAccountsList => "the resource index",
        Operation::AccountsList => "the list of accounts",
        Operation::AccountsGet => "the account",
        Operation::DeploymentsList => "the list of deployments",
        Operation::ProjectsList => "the list of projects",
        Operation::CapabilityHostsList => "the account's capability hosts",
        Operation::ConnectionsList => "the account's connections",
        Operation::ProjectCapabilityHostsList => "a project's capability hosts",
        Operation::ProjectConnectionsList => "a project's connections",
        Operation::ApplicationsList => "a project's agent applications",
        Operation::AgentDeploymentsList => "an application's agent deployments",
        Operation::RaiPoliciesList => "the account's guardrail policies",
        Operation::RaiBlocklistsList => "the account's blocklists",
        Operation::DefenderSettingsList => "the account's Defender settings",
        Operation::ManagedNetworksList => "the account's managed networks",
        Operation::PerimeterConfigurationsList => "the account's network security perimeters",
        Operation::DiagnosticSettingsList => "the account's diagnostic settings",
        Operation::RoleAssignmentsList => "the account's role assignments",
        Operation::ModelsList => "the account's list of models",
        Operation::DeletedAccountsList => "the list of deleted accounts",
        Operation::SafetyProvidersList => "the subscription's external safety providers",
        Operation::WebSearchFeatureGet => "the feature that blocks web search",
        Operation::DefenderPlanGet => "the Defender plan for AI services",
        Operation::ContextCacheContainersGet => "a context cache container",
        Operation::CosmosAccountsGet => "a Cosmos DB account",
        Operation::StorageAccountsGet => "a storage account",
        Operation::ManagementPoliciesGet => "a storage account's lifecycle rules",
        Operation::SearchServicesGet => "an AI Search service",
        Operation::ComponentsGet => "an Application Insights component",
        Operation::WorkspacesGet => "a Log Analytics workspace",
        Operation::TablesGet => "the table AppGenAIContent",
        Operation::GatewaysList => "a subscription's list of API Management gateways",
        Operation::GatewayBackendsList => "a gateway's backends",
        Operation::GatewayApisList => "a gateway's APIs",
        Operation::GatewayDiagnosticsList => "a gateway's diagnostics",
        Operation::GatewayPoliciesList => "a gateway's policy",
        Operation::GatewayFragmentsList => "a gateway's policy fragments",
        Operation::GatewayCachesList => "a gateway's external caches",
        Operation::ApiDiagnosticsList => "the diagnostics of a gateway's API",
        Operation::ApiPoliciesList => "the policy of a gateway's API",
        Operation::ManagedComputeList => "the account's deployments on managed compute",
        Operation::BlocklistItemsList => "a blocklist's items",
        Operation::OutboundRulesList => "a managed network's outbound rules",
        Operation::AgentContainersList => "the containers agents keep threads in",
        Operation::CommunicationServicesList => "a subscription's list of Communication Services resources",
        Operation::CommunicationDiagnosticsList => "a Communication Services resource's diagnostic settings",
        Operation::CommunicationEventsList => "a Communication Services resource's event subscriptions",
        Operation::SystemTopicsList => "the subscription's Event Grid system topics",
        Operation::SystemTopicEventsList => "a system topic's event subscriptions",
        Operation::WorkspaceTablesList => "a workspace's tables",
        Operation::PolicyAssignmentsList => "the subscription's policy assignments",
        Operation::PolicyExemptionsList => "the subscription's policy exemptions",
        Operation::PolicyDefinitionsGet => "a policy definition",
        Operation::PolicySetDefinitionsGet => "an initiative",
        Operation::FilesList => "an account's files",
        Operation::BatchesList => "an account's batch jobs",
        Operation::FineTuningJobsList => "an account's fine-tuning jobs",
        Operation::FineTuningCheckpointsList => "a fine-tuning job's checkpoints",
        Operation::VectorStoresList => "an account's vector stores",
        Operation::StoredCompletionsList => "an account's stored completions",
        Operation::EvaluationsList => "an account's evaluations",
        Operation::AssistantsList => "an account's assistants",
        Operation::VideosList => "an account's videos",
        Operation::ContainersList => "an account's containers",
        Operation::ProjectFilesList => "a project's files",
        Operation::ProjectVectorStoresList => "a project's vector stores",
        Operation::ProjectEvaluationsList => "a project's evaluations",
        Operation::ProjectAssistantsList => "a project's classic agents",
        Operation::ConversationsList => "a project's conversations",
        Operation::AgentsList => "a project's agents",
        Operation::AgentSessionsList => "a hosted agent's sessions",
        Operation::MemoryStoresList => "a project's memory stores",
    }
}

/// Outcome of one rule on one resource, overlays included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// The defect is there.
    Fail,
    /// It could not be told.
    Unknown,
    /// A person must attest.
    Manual,
    /// A failure or unknown that somebody accepted until a date.
    Waived,
    /// A manual item that somebody answered until a date.
    Attested,
    /// The defect is not there.
    Pass,
    /// The check has no meaning for the resource.
    NotApplicable,
}

impl Outcome {
    /// Every outcome, worst first.
    pub const ALL: [Self; 7] =
        [Self::Fail, Self::Unknown, Self::Manual, Self::Waived, Self::Attested, Self::Pass, Self::NotApplicable];

    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Manual => "manual",
            Self::Waived => "waived",
            Self::Attested => "attested",
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// How strict the gate is about manual items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Unanswered manual items are shown and do not change the exit code.
    Standard,
    /// Unanswered manual items make the run incomplete.
    Strict,
}

impl Profile {
    /// Stable word for flags and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Strict => "strict",
        }
    }
}

/// What the gate makes of results that only a live scan can confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanUnknown {
    /// They are noted.
    Note,
    /// They make the run incomplete, as any other unknown.
    Fail,
}

/// From which severity on a failure fails the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// This severity and worse ones.
    From(Severity),
    /// No failure does.
    Never,
}

impl FailOn {
    /// Stable word for flags and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::From(severity) => severity.as_str(),
            Self::Never => "never",
        }
    }

    /// Whether a failure of this severity counts.
    pub fn counts(self, severity: Severity) -> bool {
        match self {
            Self::From(least) => severity >= least,
            Self::Never => false,
        }
    }
}
