//! What other companies and other services are handed, and what is kept for the tenant as a whole.

use super::{Family, Keeper, Keeping, Personal, Sheet, Step, WRITE_ANEW, ask, nobody, portal, you};

const ASK_THEM: Step = ask("Ask the operator.");

/// The sheets of other recipients.
#[rustfmt::skip]
pub(super) const ALL: &[Sheet] = &[
    Sheet {
        id: "anthropic", family: Family::Elsewhere, title: "Claude hosted by Anthropic",
        holds: "prompts, answers, and files and skills that callers left there",
        keeper: Keeper::Other, personal: Personal::LikeContent, keeping: Keeping::Clock("anthropic"), counted: &[],
        unseen: "Claude version 1 is deployed and runs at Anthropic, outside Azure; no call of Azure shows what is kept there.",
        steps: [
            you("List files through Anthropic's API at the endpoint of the account."), you("Read them through the same API."), WRITE_ANEW,
            you("Deploy model version 2, which is hosted in Azure."), you("Delete them through the same API."),
            ask("Ask Anthropic, under the data processing agreement, for what you cannot reach."),
        ],
        cannot: "Microsoft's User privacy export does not reach Anthropic. No page read for this map gives a time limit.",
        statements: &["claude-files", "claude-hosting", "claude-processor"],
    },
    Sheet {
        id: "web-search", family: Family::Elsewhere, title: "Grounding with Bing",
        holds: "search queries that a model wrote from prompts",
        keeper: Keeper::Other, personal: Personal::LikeContent, keeping: Keeping::Said("as the terms of Grounding with Bing say"), counted: &[],
        unseen: "Web search can be used; queries are not shown to the customer.",
        steps: [
            nobody("No call shows what was searched for."), nobody("No call shows what was searched for."), nobody("A query cannot be changed."),
            you("Delete the connection, and block the tool for the subscription: `az feature register --namespace Microsoft.CognitiveServices --name OpenAI.BlockedTools.web_search`."),
            ask("Ask Microsoft under the terms of Grounding with Bing."), nobody("No call shows what was searched for."),
        ],
        cannot: "The data processing agreement of Azure does not cover it, and data leaves the geography: requests on it are outside the portal's User privacy export.",
        statements: &["bing-leaves-boundary", "web-search-block"],
    },
    Sheet {
        id: "other-operator", family: Family::Elsewhere, title: "A tool, model or endpoint of somebody else",
        holds: "what prompts, agents or tool calls hand over",
        keeper: Keeper::Other, personal: Personal::LikeContent, keeping: Keeping::Said("as its operator says"), counted: &[],
        unseen: "A connection leads there; what was sent is not recorded by Azure.",
        steps: [
            ASK_THEM, ASK_THEM, ASK_THEM, you("Delete the connection."), ASK_THEM, ASK_THEM,
        ],
        cannot: "Microsoft does not act for other operators: each has to be asked, under the agreement you have with it.",
        statements: &["connections-lead-out", "tools-send-content"],
    },
    Sheet {
        id: "safety-provider", family: Family::Elsewhere, title: "External safety provider",
        holds: "prompts and answers that guardrails have checked elsewhere",
        keeper: Keeper::Other, personal: Personal::LikeContent, keeping: Keeping::Said("as its operator says"), counted: &[],
        unseen: "A provider is configured; what was sent is not recorded by Azure.",
        steps: [
            ASK_THEM, ASK_THEM, ASK_THEM, you("Take the provider out of the guardrails."), ASK_THEM, ASK_THEM,
        ],
        cannot: "Microsoft does not act for other operators: each has to be asked, under the agreement you have with it.",
        statements: &["external-providers"],
    },
];

/// The sheets of the tenant.
#[rustfmt::skip]
pub(super) const TENANT: &[Sheet] = &[
    Sheet {
        id: "directory", family: Family::Tenant, title: "User in Microsoft Entra ID",
        holds: "name, addresses and work details of people who sign in",
        keeper: Keeper::Customer, personal: Personal::ByDesign, keeping: Keeping::Said("until deleted; then 30 days disabled, then expunged within 30 days"), counted: &[],
        unseen: "The directory is not read. It matters when the person signs in to this tenant; people who only use your application are not in it.",
        steps: [
            you("Portal: Microsoft Entra ID, Users, the user, Profile."), you("The same page shows the profile."), you("Edit the profile on the same page."),
            you("Block sign-in, or take the licences away; exporting and then deleting is what the guide names as restriction."),
            you("Delete the user, then delete it permanently under Deleted users. That removes the account for everything in the tenant."),
            portal("Portal: Policy, User privacy, Manage User Requests, Add export request."),
        ],
        cannot: "Deleting cannot be undone after the permanent deletion, and does not reach what the stores above keep.",
        statements: &["dsr-soft-delete", "dsr-tenant-scope", "dsr-in-addition"],
    },
    Sheet {
        id: "system-logs", family: Family::Tenant, title: "System-generated logs of Microsoft",
        holds: "pseudonymous records of how a user used Azure",
        keeper: Keeper::Microsoft, personal: Personal::Identifiers, keeping: Keeping::Said("expunged within 30 days after the permanent deletion of the user"), counted: &[],
        unseen: "Microsoft keeps them for every tenant; they are seen through an export only.",
        steps: [
            portal("Portal: Policy, User privacy, Manage User Requests, Add export request. A tenant administrator asks; the result goes to a storage account of yours."),
            portal("The same export is the access."),
            nobody("Microsoft does not correct them: they record what happened."), nobody("Microsoft does not restrict them: they record what happened."),
            portal("Delete the user permanently (Microsoft Entra ID, Users, Deleted users): the logs are expunged within 30 days."),
            portal("The same export, in JSON; it can take up to one month."),
        ],
        cannot: "They can be neither corrected nor restricted, and only for people who have a user in the tenant. Problems: a support ticket under Subscription Management, Privacy Blade and GDPR Requests.",
        statements: &["dsr-logs-not-rectified", "dsr-export-month", "dsr-soft-delete", "dsr-tenant-scope"],
    },
];
