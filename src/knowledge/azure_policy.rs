//! What Azure Policy can see of the resources that the rules judge: property aliases, how certain each of them is, and which
//! rules it can hold.
//!
//! Azure refuses a definition that names an alias it does not have, and a condition on a property that is absent is never met
//! as `equals`. So every alias says where it was read: only [`Certainty::Documented`] ones are Microsoft's own word.

use super::Source;

/// Deployments of models.
pub const DEPLOYMENTS: &str = "Microsoft.CognitiveServices/accounts/deployments";

/// Accounts.
pub const ACCOUNTS: &str = "Microsoft.CognitiveServices/accounts";

/// Connections of accounts.
pub const CONNECTIONS: &str = "Microsoft.CognitiveServices/accounts/connections";

/// Connections of projects.
pub const PROJECT_CONNECTIONS: &str = "Microsoft.CognitiveServices/accounts/projects/connections";

/// How an alias is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// In a definition that Microsoft publishes: a built-in one, or the sample of a page.
    Documented,
    /// In definitions that others publish and say to have deployed.
    Recorded,
    /// Built from the property's path in the way Azure builds aliases; nobody was seen to use it.
    Inferred,
}

impl Certainty {
    /// Stable word for reports and metadata.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Recorded => "recorded",
            Self::Inferred => "inferred",
        }
    }
}

/// A property of a resource type under the name that conditions of Azure Policy use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alias {
    /// Full name, as a condition's `field` writes it; compared without case.
    pub name: &'static str,
    /// Resource type it belongs to.
    pub resource_type: &'static str,
    /// JSON pointer of the property in ARM's answer; `*` stands for every element of a list.
    pub pointer: &'static str,
    /// How the alias is known.
    pub certainty: Certainty,
    /// Where it was read; for an inferred one, where the property was.
    pub source: Source,
    /// Rules that read the property.
    pub rules: &'static [&'static str],
}

/// Microsoft's samples for deployments; the page's own text, not only third parties, uses `sku.name`, `model.name` and
/// `model.version`.
pub const DEPLOYMENT_POLICIES: Source = Source {
    title: "Control model deployment with custom policies",
    url: "https://learn.microsoft.com/azure/ai-foundry/model-inference/how-to/configure-deployment-policies",
    date: "2026-01-05",
};

/// Microsoft's sample for connections.
pub const CUSTOM_POLICIES: Source = Source {
    title: "Create custom policies for Microsoft Foundry",
    url: "https://learn.microsoft.com/azure/foundry/how-to/custom-policy-definition",
    date: "2026-05-12",
};

/// Built-in definitions for accounts.
pub const BUILT_IN: Source = Source {
    title: "Built-in definitions of Azure Policy, category Cognitive Services",
    url: "https://github.com/Azure/azure-policy/tree/master/built-in-policies/policyDefinitions/Cognitive%20Services",
    date: "2026-04-29",
};

/// Definitions that use `model.format` or `raiPolicyName`. The article is by a Microsoft employee, not by Microsoft.
const PUBLISHED: Source = Source {
    title: "Definitions published by third parties (GitHub, zenn.dev/microsoft)",
    url: "https://github.com/search?q=%22Microsoft.CognitiveServices%2Faccounts%2Fdeployments%2Fmodel.format%22&type=code",
    date: "2026-11-23",
};

/// Where the properties behind inferred aliases are.
const TEMPLATES: Source = Source {
    title: "Microsoft.CognitiveServices accounts and deployments, api-version 2026-09-01",
    url: "https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts",
    date: "2026-09-01",
};

const fn alias(
    name: &'static str,
    resource_type: &'static str,
    pointer: &'static str,
    (certainty, source): (Certainty, Source),
    rules: &'static [&'static str],
) -> Alias {
    Alias { name, resource_type, pointer, certainty, source, rules }
}

const SAMPLE: (Certainty, Source) = (Certainty::Documented, DEPLOYMENT_POLICIES);
const CONNECTION_SAMPLE: (Certainty, Source) = (Certainty::Documented, CUSTOM_POLICIES);
const BUILTIN: (Certainty, Source) = (Certainty::Documented, BUILT_IN);
const OTHERS: (Certainty, Source) = (Certainty::Recorded, PUBLISHED);
const GUESS: (Certainty, Source) = (Certainty::Inferred, TEMPLATES);

/// Every alias that is known or inferred for what the rules read, sorted by name.
#[rustfmt::skip]
pub const ALIASES: &[Alias] = &[
    alias("Microsoft.CognitiveServices/accounts/allowedFqdnList[*]", ACCOUNTS, "/properties/allowedFqdnList/*", GUESS,
        &["outbound-unrestricted"]),
    // The account's answer is read-only there: a request that creates an account never has it, so that nothing can be denied.
    alias("Microsoft.CognitiveServices/accounts/capabilities[*].name", ACCOUNTS, "/properties/capabilities/*/name", BUILTIN,
        &["abuse-monitoring-storage-on"]),
    alias("Microsoft.CognitiveServices/accounts/capabilities[*].value", ACCOUNTS, "/properties/capabilities/*/value", GUESS,
        &["abuse-monitoring-storage-on"]),
    alias("Microsoft.CognitiveServices/accounts/connections/category", CONNECTIONS, "/properties/category", CONNECTION_SAMPLE,
        &["web-grounding-connection", "third-party-tool-connection", "traces-to-application-insights", "search-index-connected"]),
    alias("Microsoft.CognitiveServices/accounts/deployments/model.format", DEPLOYMENTS, "/properties/model/format", OTHERS,
        &["deployment-leaves-boundary", "claude-processed-by-anthropic", "fireworks-model-deployed",
          "model-outside-abuse-monitoring-terms"]),
    alias("Microsoft.CognitiveServices/accounts/deployments/model.name", DEPLOYMENTS, "/properties/model/name", SAMPLE,
        &["deployment-leaves-boundary", "claude-processed-by-anthropic", "fireworks-model-deployed",
          "model-outside-abuse-monitoring-terms", "preview-model-deployed", "video-model-deployed", "image-links-kept",
          "model-router-leaves-boundary"]),
    alias("Microsoft.CognitiveServices/accounts/deployments/model.sourceAccount", DEPLOYMENTS, "/properties/model/sourceAccount", GUESS,
        &["model-from-another-account"]),
    alias("Microsoft.CognitiveServices/accounts/deployments/model.version", DEPLOYMENTS, "/properties/model/version", SAMPLE,
        &["deployment-leaves-boundary", "claude-processed-by-anthropic", "preview-model-deployed"]),
    alias("Microsoft.CognitiveServices/accounts/deployments/raiPolicyName", DEPLOYMENTS, "/properties/raiPolicyName", OTHERS, &[]),
    alias("Microsoft.CognitiveServices/accounts/deployments/serviceTier", DEPLOYMENTS, "/properties/serviceTier", GUESS,
        &["priority-processing-deployed"]),
    alias("Microsoft.CognitiveServices/accounts/deployments/sku.name", DEPLOYMENTS, "/sku/name", SAMPLE,
        &["deployment-leaves-boundary", "batch-deployment"]),
    alias("Microsoft.CognitiveServices/accounts/deployments/spilloverDeploymentName", DEPLOYMENTS,
        "/properties/spilloverDeploymentName", GUESS, &["spillover-leaves-boundary"]),
    alias("Microsoft.CognitiveServices/accounts/deployments/versionUpgradeOption", DEPLOYMENTS,
        "/properties/versionUpgradeOption", GUESS, &["model-version-changes-by-itself"]),
    alias("Microsoft.CognitiveServices/accounts/disableLocalAuth", ACCOUNTS, "/properties/disableLocalAuth", BUILTIN,
        &["key-authentication-enabled"]),
    alias("Microsoft.CognitiveServices/accounts/encryption.keySource", ACCOUNTS, "/properties/encryption/keySource", BUILTIN,
        &["customer-key-missing"]),
    alias("Microsoft.CognitiveServices/accounts/instant.modelAllowList[*]", ACCOUNTS, "/properties/instant/modelAllowList/*", GUESS,
        &["instant-access-open"]),
    alias("Microsoft.CognitiveServices/accounts/networkAcls.bypass", ACCOUNTS, "/properties/networkAcls/bypass", GUESS,
        &["trusted-services-bypass"]),
    alias("Microsoft.CognitiveServices/accounts/networkAcls.defaultAction", ACCOUNTS, "/properties/networkAcls/defaultAction",
        BUILTIN, &["public-network-open"]),
    alias("Microsoft.CognitiveServices/accounts/privateEndpointConnections[*].privateLinkServiceConnectionState.status", ACCOUNTS,
        "/properties/privateEndpointConnections/*/properties/privateLinkServiceConnectionState/status", BUILTIN,
        &["private-endpoint-missing"]),
    alias("Microsoft.CognitiveServices/accounts/projects/connections/category", PROJECT_CONNECTIONS, "/properties/category",
        CONNECTION_SAMPLE,
        &["web-grounding-connection", "third-party-tool-connection", "traces-to-application-insights", "search-index-connected"]),
    alias("Microsoft.CognitiveServices/accounts/publicNetworkAccess", ACCOUNTS, "/properties/publicNetworkAccess", BUILTIN,
        &["public-network-open"]),
    alias("Microsoft.CognitiveServices/accounts/raiMonitorConfig.adxStorageResourceId", ACCOUNTS,
        "/properties/raiMonitorConfig/adxStorageResourceId", GUESS, &["risk-monitoring-sink"]),
    alias("Microsoft.CognitiveServices/accounts/restrictOutboundNetworkAccess", ACCOUNTS,
        "/properties/restrictOutboundNetworkAccess", GUESS, &["outbound-unrestricted"]),
    alias("Microsoft.CognitiveServices/accounts/storedCompletionsDisabled", ACCOUNTS, "/properties/storedCompletionsDisabled",
        GUESS, &["stored-completions-enabled"]),
    alias("Microsoft.CognitiveServices/accounts/userOwnedStorage[*]", ACCOUNTS, "/properties/userOwnedStorage/*", BUILTIN,
        &["own-storage-receives-content"]),
];

/// Why no definition can hold a rule, and which rules; those whose alias is [`Certainty::Inferred`] are not here.
#[rustfmt::skip]
pub const UNSEEN: &[(&str, &[&str])] = &[
    ("Azure fills the property in itself, so that no request carries it; an alias for its value is not documented",
        &["abuse-monitoring-storage-on", "abuse-penalty-active"]),
    ("it compares several resources, and a condition sees one at a time",
        &["agent-365-logging-on", "agent-network-exceptions", "agent-network-open", "agent-store-outside-allowed-locations", "agents-basic-setup",
          "agents-outside-own-network", "approval-mixed-in-subscription", "content-readable-by-many", "customer-key-misses-agents",
          "deleted-account-recoverable", "header-spillover-possible", "hosted-agent-deployed", "model-connection-outside-scan",
          "model-lifecycle-preview", "no-audit-trail", "no-policy-guards-deployments", "policy-assignment-blocks-nothing",
          "policy-assignment-not-enforced", "policy-exemption-covers-account", "task-adherence-leaves-geography"]),
    ("an alias for the property is neither documented nor recorded",
        &["account-serves-several-regions", "asynchronous-filter-is-no-approval", "blocklist-stored", "context-cache-container",
          "context-cache-kept-over-a-day", "diagnostic-logs-beyond-audit", "external-safety-provider", "fine-tuned-deployment",
          "managed-compute-deployed", "network-perimeter-not-enforced"]),
    ("the property belongs to another service; its aliases were not looked into",
        &["agent-files-never-deleted", "agent-store-replicated", "agent-threads-never-deleted",
          "communication-data-leaves-boundary", "communication-events-global", "communication-events-leave",
          "communication-log-retention-long", "communication-logs-carry-identities", "defender-prompt-evidence",
          "gateway-keeps-prompts-in-cache", "gateway-logs-bodies", "gateway-logs-prompts", "purview-prompt-sharing",
          "traces-kept-over-30-days"]),
    ("callers choose it with each request, so that no resource shows it",
        &["agent-tool-leaves-azure", "application-logs-not-attested", "assistant-threads-kept", "batch-jobs-kept",
          "code-containers-kept", "conversations-kept", "evaluations-kept", "files-kept-until-deleted", "fine-tuning-data-kept",
          "hosted-agent-sessions-kept", "live-session-not-attested", "memory-stores-kept", "prompt-cache-extended-on-request",
          "responses-stored-by-default", "stored-completions-kept", "unfinished-uploads-not-listed", "vector-stores-kept",
          "videos-kept"]),
    ("it is advice, or a person has to attest it",
        &["approval-not-attested", "claude-files-kept-by-anthropic", "data-zone-can-grow", "fine-tuning-place-not-attested",
          "other-services-keep-content", "preview-features-visible", "reviewers-outside-eea"]),
    ("it is a state of the subscription and no resource", &["subscription-not-enabled", "web-search-not-blocked"]),
    ("it depends on the number in the model's name, which a condition cannot compare", &["prompt-cache-kept-by-default"]),
];

/// The alias of that name, compared without case; `None` says only that this table does not have it.
pub fn find_alias(name: &str) -> Option<&'static Alias> {
    ALIASES.iter().find(|alias| alias.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_sorted_and_below_their_type() {
        assert!(ALIASES.windows(2).all(|pair| pair[0].name < pair[1].name));
        for alias in ALIASES {
            let rest = alias.name.strip_prefix(alias.resource_type).and_then(|rest| rest.strip_prefix('/'));
            assert!(rest.is_some_and(|path| !path.contains('/')), "{} is not of {}", alias.name, alias.resource_type);
            assert!(alias.pointer.starts_with('/'), "{}", alias.name);
        }
    }

    #[test]
    fn an_alias_is_found_in_any_case_and_only_whole() {
        let sku = find_alias("microsoft.cognitiveservices/accounts/deployments/SKU.name").unwrap();
        assert_eq!((sku.pointer, sku.certainty), ("/sku/name", Certainty::Documented));
        // What the definitions that block nothing were seen to write.
        assert!(find_alias("sku.name").is_none());
        assert!(find_alias("Microsoft.CognitiveServices/accounts/deployments/properties.sku.name").is_none());
    }
}
