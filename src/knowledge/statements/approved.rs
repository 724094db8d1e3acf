//! Statements on abuse-monitoring storage and the approval that stops it.

use super::{READ, Standing, Statement, page};

/// The statements of this part.
#[rustfmt::skip]
pub(super) const ALL: &[Statement] = &[
    Statement {
        id: "content-logging-false",
        claim: "The capability ContentLogging with the value \"false\" shows that abuse-monitoring storage is off; \
                where it is not listed, storage is on.",
        source: page(
            "Data, privacy, and security for Azure Direct Models",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy",
            "2026-03-19",
        ),
        passage: "appears only if data storage for abuse monitoring is turned off",
        standing: Standing::Documentation,
        rules: &["abuse-monitoring-storage-on", "approval-mixed-in-subscription"],
        contradicts: &[],
    },
    Statement {
        id: "modified-monitoring-stops-storage",
        claim: "Once Microsoft approved modified abuse monitoring, flagged prompts are neither stored nor read by \
                people.",
        source: page(
            "Data, privacy, and security for Azure Direct Models",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy",
            "2026-03-19",
        ),
        passage: "the data storage and human review process described above is not performed",
        standing: Standing::Documentation,
        rules: &["abuse-monitoring-storage-on", "approval-not-attested"],
        contradicts: &[],
    },
    Statement {
        id: "automated-review-goes-on",
        claim: "Also with the approval, automated review of prompts and completions goes on, and severe or recurring \
                abuse can limit access.",
        source: page(
            "Data, privacy, and security for Azure Direct Models",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy",
            "2026-03-19",
        ),
        passage: "review prompts and completions at the time provided or generated",
        standing: Standing::Documentation,
        rules: &["abuse-penalty-active"],
        contradicts: &[],
    },
    Statement {
        id: "approval-per-subscription",
        claim: "The approval is checked in the approved Azure subscription.",
        source: page(
            "Data, privacy, and security for Azure Direct Models",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy",
            "2026-03-19",
        ),
        passage: "approved Azure subscription",
        standing: Standing::Documentation,
        rules: &["approval-mixed-in-subscription"],
        contradicts: &["approval-per-resource"],
    },
    Statement {
        id: "approval-per-resource",
        claim: "A moderator of Microsoft's forum answers that approval is granted per Azure OpenAI resource.",
        source: page("Question 5834904", "https://learn.microsoft.com/answers/questions/5834904", "2026-03-24"),
        passage: "per Azure OpenAI resource",
        standing: Standing::Forum,
        rules: &["approval-mixed-in-subscription", "approval-not-attested"],
        contradicts: &[],
    },
    Statement {
        id: "managed-customers-only",
        claim: "Only customers and partners with a Microsoft account team, or in an eligible program, can apply for \
                modified abuse monitoring.",
        source: page(
            "Limited access",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/limited-access",
            "2026-03-19",
        ),
        passage: "managed by a Microsoft account team or under an eligible program",
        standing: Standing::Documentation,
        rules: &["abuse-monitoring-storage-on", "approval-not-attested"],
        contradicts: &[],
    },
    Statement {
        id: "registration-binds-use-case",
        claim: "Limited access is granted for the use case named at registration, and Microsoft may ask for \
                verification again.",
        source: page(
            "Limited access features for Azure AI services",
            "https://learn.microsoft.com/azure/ai-services/cognitive-services-limited-access",
            "2025-05-19",
        ),
        passage: "limited to the use case selected at the time of registration",
        standing: Standing::Documentation,
        rules: &["approval-not-attested"],
        contradicts: &[],
    },
    Statement {
        id: "guardrails-are-another-form",
        claim: "Modified guardrails and modified abuse monitoring are two applications; content filters that are off \
                or asynchronous say nothing about storage.",
        source: page(
            "Limited access",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/limited-access",
            "2026-03-19",
        ),
        passage: "modified Guardrails approval process is required to turn the Guardrails partially or fully off",
        standing: Standing::Documentation,
        rules: &["asynchronous-filter-is-no-approval"],
        contradicts: &[],
    },
    Statement {
        id: "stricter-models",
        claim: "Some advanced models have stricter criteria for turning abuse monitoring off; no list of them is \
                published.",
        source: page(
            "Abuse monitoring",
            "https://learn.microsoft.com/azure/foundry/openai/concepts/abuse-monitoring",
            "2026-05-13",
        ),
        passage: "may have more stringent criteria for turning off abuse monitoring",
        standing: Standing::Documentation,
        rules: &["model-outside-abuse-monitoring-terms", "preview-model-deployed", "model-lifecycle-preview"],
        contradicts: &[],
    },
    Statement {
        id: "previews-differ",
        claim: "Models in preview may have other privacy practices, abuse monitoring included.",
        source: page(
            "Data, privacy, and security for Azure Direct Models",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy",
            "2026-03-19",
        ),
        passage: "may employ different privacy practices, including with respect to abuse monitoring",
        standing: Standing::Documentation,
        rules: &["preview-model-deployed", "model-lifecycle-preview"],
        contradicts: &[],
    },
    Statement {
        id: "partner-models-are-not-microsoft-products",
        claim: "Models of partners that Azure does not sell itself are no Microsoft products, so the data terms of \
                Azure Direct Models do not cover them.",
        source: page(
            "Models from partners",
            "https://learn.microsoft.com/azure/foundry/foundry-models/concepts/models-from-partners",
            "2026-04-16",
        ),
        passage: "are Non-Microsoft Products under the Product Terms",
        standing: Standing::Documentation,
        rules: &["model-outside-abuse-monitoring-terms"],
        contradicts: &[],
    },
    Statement {
        id: "reviewers-in-the-eea",
        claim: "For resources in the European Economic Area the reviewers are Microsoft employees in that area; \
                elsewhere no place is promised.",
        source: page(
            "Abuse monitoring",
            "https://learn.microsoft.com/azure/foundry/openai/concepts/abuse-monitoring",
            "2026-05-13",
        ),
        passage: "the authorized Microsoft employees are located in the European Economic Area",
        standing: Standing::Documentation,
        rules: &["reviewers-outside-eea"],
        contradicts: &[],
    },
    Statement {
        id: "abuse-store-in-geography",
        claim: "Prompts kept for abuse review are stored in the geography of the account, also for Global and DataZone \
                deployments.",
        source: page(
            "Data, privacy, and security for Azure Direct Models",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy",
            "2026-03-19",
        ),
        passage: "including the abuse monitoring data store created for Global and DataZone deployments, is stored in \
                  the customer-designated geography",
        standing: Standing::Documentation,
        rules: &["account-outside-allowed-locations", "abuse-monitoring-storage-on"],
        contradicts: &[],
    },
    Statement {
        id: "consumer-privacy-statement",
        claim: "The Microsoft Privacy Statement is not the Azure OpenAI terms. It governs consumer products and \
                accounts; what it says on training of models or on retention is often quoted for Azure OpenAI and \
                does not apply there. For Azure OpenAI the Product Terms, the Data Protection Addendum and the page \
                on data, privacy and security apply.",
        source: page("Microsoft Privacy Statement", "https://www.microsoft.com/privacy/privacystatement", READ),
        passage: "explains the personal data Microsoft processes",
        standing: Standing::Confusion,
        rules: &["approval-not-attested", "abuse-monitoring-storage-on"],
        contradicts: &["no-training-without-permission"],
    },
    Statement {
        id: "no-training-without-permission",
        claim: "Prompts, completions and training data of Azure Direct Models train no foundation model without the \
                customer's permission.",
        source: page(
            "Data, privacy, and security for Azure Direct Models",
            "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy",
            "2026-03-19",
        ),
        passage: "NOT used to train any generative AI foundation models without your permission or instruction",
        standing: Standing::Documentation,
        rules: &["approval-not-attested"],
        contradicts: &[],
    },
];
