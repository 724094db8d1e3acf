//! Which api-versions exist, which resource types they know, and which properties they show.
//!
//! The lists come from the published specifications and SDKs (as of 2026-11). That an older api-version leaves newer
//! properties out of its answers is *inferred* from those specifications; it was never observed on a live service.

use serde_json::Value;

/// Published versions of `Microsoft.CognitiveServices`.
pub(crate) const COGNITIVE_SERVICES: &[&str] = &[
    "2016-02-01-preview",
    "2017-04-18",
    "2021-04-30",
    "2021-10-01",
    "2022-03-01",
    "2022-10-01",
    "2022-12-01",
    "2023-05-01",
    "2023-10-01-preview",
    "2024-04-01-preview",
    "2024-06-01-preview",
    "2024-10-01",
    "2025-04-01-preview",
    "2025-06-01",
    "2025-07-01-preview",
    "2025-09-01",
    "2025-10-01-preview",
    "2025-12-01",
    "2026-01-15-preview",
    "2026-03-01",
    "2026-03-15-preview",
    "2026-05-01",
    "2026-05-15-preview",
    "2026-07-01",
    "2026-07-15-preview",
    "2026-09-01",
    "2026-09-15-preview",
];

/// Versions of the subscriptions API that answer here; the newest is the one in the published example.
const SUBSCRIPTIONS: &[&str] =
    &["2016-06-01", "2018-06-01", "2019-06-01", "2019-11-01", "2020-01-01", "2021-01-01", "2022-09-01", "2022-12-01"];

/// First preview and first stable version; a preview-only property has a stable version that never comes.
type Since = (&'static str, &'static str);

pub(crate) const NEVER: &str = "9999-12-31";

/// A resource type as far as versions and synthesised resources go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Subscription,
    Account,
    Deployment,
    Project,
    AccountConnection,
    AccountCapabilityHost,
    ProjectConnection,
    ProjectCapabilityHost,
    Application,
    AgentDeployment,
}

impl Kind {
    /// The full resource type.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Subscription => "Microsoft.Resources/subscriptions",
            Self::Account => "Microsoft.CognitiveServices/accounts",
            Self::Deployment => "Microsoft.CognitiveServices/accounts/deployments",
            Self::Project => "Microsoft.CognitiveServices/accounts/projects",
            Self::AccountConnection => "Microsoft.CognitiveServices/accounts/connections",
            Self::AccountCapabilityHost => "Microsoft.CognitiveServices/accounts/capabilityHosts",
            Self::ProjectConnection => "Microsoft.CognitiveServices/accounts/projects/connections",
            Self::ProjectCapabilityHost => "Microsoft.CognitiveServices/accounts/projects/capabilityHosts",
            Self::Application => "Microsoft.CognitiveServices/accounts/projects/applications",
            Self::AgentDeployment => "Microsoft.CognitiveServices/accounts/projects/applications/agentDeployments",
        }
    }

    /// The last segment of the path of a list.
    pub(crate) fn segment(self) -> &'static str {
        self.type_name().rsplit('/').next().unwrap_or_default()
    }

    fn since(self) -> Since {
        match self {
            Self::Subscription => ("2016-06-01", "2016-06-01"),
            Self::Account => ("2016-02-01", "2017-04-18"),
            Self::Deployment => ("2021-10-01", "2021-10-01"),
            Self::Project
            | Self::AccountConnection
            | Self::AccountCapabilityHost
            | Self::ProjectConnection
            | Self::ProjectCapabilityHost => ("2025-04-01", "2025-06-01"),
            Self::Application | Self::AgentDeployment => ("2025-10-01", "2025-12-01"),
        }
    }

    fn newer_properties(self) -> &'static [(&'static str, Since)] {
        match self {
            Self::Account => &[
                ("storedCompletionsDisabled", ("2025-07-01", "2025-09-01")),
                ("a365LoggingEnabled", ("2026-07-15", "2026-09-01")),
                ("capabilitySettings", ("2026-07-15", NEVER)),
                ("foundryAutoUpgrade", ("2026-01-15", NEVER)),
            ],
            Self::Deployment => &[
                ("spilloverDeploymentName", ("2025-04-01", "2025-06-01")),
                ("deploymentState", ("2025-10-01", "2025-12-01")),
                ("routing", ("2025-10-01", "2025-12-01")),
                ("serviceTier", ("2025-10-01", "2025-12-01")),
                ("contextCacheContainerId", ("2026-07-15", "2026-09-01")),
            ],
            Self::Subscription
            | Self::Project
            | Self::AccountConnection
            | Self::AccountCapabilityHost
            | Self::ProjectConnection
            | Self::ProjectCapabilityHost
            | Self::Application
            | Self::AgentDeployment => &[],
        }
    }
}

/// The versions that answer for `kind`, when `cognitive_services` are the provider's.
pub(crate) fn answering(kind: Kind, cognitive_services: &[String]) -> Vec<&str> {
    if kind == Kind::Subscription {
        return SUBSCRIPTIONS.to_vec();
    }
    cognitive_services.iter().map(String::as_str).filter(|version| reached(version, kind.since())).collect()
}

/// Removes what `version` is too old to show. Inferred, see the module text.
pub(crate) fn strip(row: &mut Value, kind: Kind, version: &str) {
    let Some(properties) = row.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, since) in kind.newer_properties() {
        if !reached(version, *since) {
            properties.remove(*name);
        }
    }
}

pub(crate) fn reached(version: &str, (preview, stable): Since) -> bool {
    version.strip_suffix("-preview").map_or(version >= stable, |date| date >= preview)
}
