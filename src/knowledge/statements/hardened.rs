//! Statements on the posture around it.

use super::{READ, Standing, Statement, page};

/// The statements of this part.
#[rustfmt::skip]
pub(super) const ALL: &[Statement] = &[
    Statement {
        id: "managed-network-isolation",
        claim: "A managed virtual network can restrict outbound traffic of agents to approved destinations.",
        source: page(
            "Managed virtual network",
            "https://learn.microsoft.com/azure/foundry/how-to/managed-virtual-network",
            "2026-08-18",
        ),
        passage: "outbound",
        standing: Standing::Documentation,
        rules: &["agent-network-open", "agent-network-exceptions"],
        contradicts: &[],
    },
    Statement {
        id: "managed-network-rules",
        claim: "Outbound rules of a managed network are resources that name their destination.",
        source: page(
            "Microsoft.CognitiveServices accounts/managedNetworks/outboundRules",
            "https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/managednetworks/outboundrules",
            READ,
        ),
        passage: "outboundRules",
        standing: Standing::Specification,
        rules: &["agent-network-exceptions"],
        contradicts: &[],
    },
    Statement {
        id: "agents-in-own-network",
        claim: "The agent service can be placed in a subnet of the customer by networkInjections.",
        source: page(
            "Microsoft.CognitiveServices accounts",
            "https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts",
            READ,
        ),
        passage: "networkInjections",
        standing: Standing::Specification,
        rules: &["agents-outside-own-network"],
        contradicts: &[],
    },
    Statement {
        id: "keys-do-not-cover-agents",
        claim: "A customer-managed key does not cover agents on Microsoft's stores.",
        source: page(
            "Customer-managed keys: coverage",
            "https://learn.microsoft.com/azure/foundry/concepts/customer-managed-keys",
            "2026-08-24",
        ),
        passage: "data is encrypted by using Microsoft-managed keys even if the Foundry resource configures a CMK",
        standing: Standing::Documentation,
        rules: &[
            "customer-key-misses-agents",
            "customer-key-missing",
            "managed-identity-missing",
            "assistant-threads-kept",
        ],
        contradicts: &[],
    },
    Statement {
        id: "keys-bypass-roles",
        claim: "Account keys give full access whatever the roles say.",
        source: page(
            "Role-based access control for Foundry",
            "https://learn.microsoft.com/azure/foundry/concepts/rbac-foundry",
            "2026-04-13",
        ),
        passage: "grants full access without role restrictions",
        standing: Standing::Documentation,
        rules: &["key-authentication-enabled", "content-readable-by-many", "evaluations-kept"],
        contradicts: &[],
    },
    Statement {
        id: "roles-read-content",
        claim: "Built-in roles with data actions on OpenAI can read stored content.",
        source: page(
            "Built-in roles: AI + machine learning",
            "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/ai-machine-learning",
            "2024-04-25",
        ),
        passage: "Cognitive Services OpenAI User",
        standing: Standing::Documentation,
        rules: &["content-readable-by-many"],
        contradicts: &[],
    },
    Statement {
        id: "network-rules",
        claim: "Network rules, private endpoints and the exception for trusted services decide who reaches an account.",
        source: page(
            "Configure virtual networks",
            "https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks",
            "2025-05-19",
        ),
        passage: "private endpoint",
        standing: Standing::Documentation,
        rules: &["private-endpoint-missing", "public-network-open", "trusted-services-bypass"],
        contradicts: &[],
    },
    Statement {
        id: "perimeter-modes",
        claim: "A network security perimeter protects only when its association is enforced.",
        source: page(
            "Add Foundry to a network security perimeter",
            "https://learn.microsoft.com/azure/foundry/how-to/add-foundry-to-network-security-perimeter",
            "2026-02-23",
        ),
        passage: "Enforced",
        standing: Standing::Documentation,
        rules: &["network-perimeter-not-enforced"],
        contradicts: &[],
    },
    Statement {
        id: "outbound-list",
        claim: "An account can be held to a list of outbound host names.",
        source: page(
            "Data loss prevention for Azure AI services",
            "https://learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention",
            "2025-01-25",
        ),
        passage: "restrictOutboundNetworkAccess",
        standing: Standing::Documentation,
        rules: &["outbound-unrestricted"],
        contradicts: &[],
    },
    Statement {
        id: "preview-tag",
        claim: "A tag hides preview features in the portal and does not block their interfaces.",
        source: page(
            "Disable preview features",
            "https://learn.microsoft.com/azure/foundry/how-to/disable-preview-features",
            "2026-06-19",
        ),
        passage: "AZML_DISABLE_PREVIEW_FEATURE",
        standing: Standing::Documentation,
        rules: &["preview-features-visible"],
        contradicts: &[],
    },
    Statement {
        id: "version-upgrade",
        claim: "A deployment can change its model version by itself unless its upgrade option forbids it.",
        source: page(
            "Working with models",
            "https://learn.microsoft.com/azure/foundry/openai/how-to/working-with-models",
            "2026-02-12",
        ),
        passage: "NoAutoUpgrade",
        standing: Standing::Documentation,
        rules: &["model-version-changes-by-itself"],
        contradicts: &[],
    },
];
