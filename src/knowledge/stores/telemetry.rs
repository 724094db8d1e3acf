//! What gateways, logs, traces and alerts keep.

use super::{Family, Keeper, Keeping, Personal, Sheet, Step, nobody, you};

const NO_LOG_IS_CORRECTED: Step = nobody("Rows of a log cannot be changed: delete them.");
const SHORTER: Step = you(
    "Log less, or shorten the retention of the table: `az monitor log-analytics workspace table update --workspace-name {name} --resource-group {group} --subscription {subscription} --name TABLE --retention-time DAYS`.",
);
const PURGE: Step = you(
    "`az rest --method post --url {arg:/purge?api-version=2025-02-01} --body '{\"table\":\"TABLE\",\"filters\":[{\"column\":\"COLUMN\",\"operator\":\"==\",\"value\":\"PERSON\"}]}'`. The role Data Purger is needed, which owners do not have by themselves.",
);
const PURGE_LIMITS: &str = "Purging is meant for the GDPR alone, 50 requests an hour, and takes up to 30 days; it is better not to collect. Copies that were exported elsewhere are not reached.";

/// The sheets of gateways.
#[rustfmt::skip]
pub(super) const GATEWAY: &[Sheet] = &[
    Sheet {
        id: "gateway-logs", family: Family::Gateway, title: "Logs of API Management",
        holds: "prompts and completions, or bytes of bodies, that the gateway logged",
        keeper: Keeper::Customer, personal: Personal::LikeContent, keeping: Keeping::Clock("gateway-logs"), counted: &[],
        unseen: "The gateway is set to log; the rows are in the sink of its logger and are not read.",
        steps: [
            you("In the workspace of the logger: `ApiManagementGatewayLlmLog | where RequestMessages has \"PERSON\"`; bodies are in ApiManagementGatewayLogs or AppRequests."),
            you("The same query returns the rows."), NO_LOG_IS_CORRECTED,
            you("Clear Log prompts and Log completions, and set payload bytes to 0 (portal: the API, Settings)."),
            you("Purge the tables of the workspace behind the logger (Log Analytics purge call, one table at a time)."),
            you("Run the query and keep its result as CSV or JSON."),
        ],
        cannot: PURGE_LIMITS,
        statements: &["gateway-prompts", "gateway-bodies", "logs-purge", "logs-purge-limit"],
    },
    Sheet {
        id: "gateway-cache", family: Family::Gateway, title: "Semantic cache of API Management",
        holds: "completions, with vectors of the prompts they answer, in an external cache",
        keeper: Keeper::Customer, personal: Personal::LikeContent, keeping: Keeping::Clock("gateway-cache"), counted: &[],
        unseen: "The gateway has an external cache; entries are not read.",
        steps: [
            nobody("Entries are found by the likeness of vectors, not by a person."), nobody("Entries are found by the likeness of vectors, not by a person."),
            nobody("An entry cannot be changed."),
            you("Take llm-semantic-cache-store out of the policies, or partition the cache by user (vary-by)."),
            you("Flush the external cache (Redis) as a whole."), nobody("Entries are found by the likeness of vectors, not by a person."),
        ],
        cannot: "One person's entries cannot be told from the rest: the cache is flushed as a whole, or runs out after the duration the policy gives it.",
        statements: &["semantic-cache"],
    },
];

/// The sheets of telemetry.
#[rustfmt::skip]
pub(super) const ALL: &[Sheet] = &[
    Sheet {
        id: "log-workspace", family: Family::Telemetry, title: "Diagnostic logs in Log Analytics",
        holds: "who called what and when, addresses and sizes; prompts are not said to be in them",
        keeper: Keeper::Customer, personal: Personal::Identifiers, keeping: Keeping::Clock("diagnostic-logs"), counted: &[],
        unseen: "A diagnostic setting writes here; the rows are not read.",
        steps: [
            you("`AzureDiagnostics | where ResourceProvider == \"MICROSOFT.COGNITIVESERVICES\"`, narrowed to the person's address or object id."),
            you("The same query returns the rows."), NO_LOG_IS_CORRECTED, SHORTER, PURGE, you("Run the query and keep its result as CSV or JSON."),
        ],
        cannot: PURGE_LIMITS,
        statements: &["log-categories", "platform-logs-hold-no-prompts", "logs-purge", "logs-purge-limit"],
    },
    Sheet {
        id: "log-storage", family: Family::Telemetry, title: "Diagnostic logs in Storage",
        holds: "who called what and when, addresses and sizes; prompts are not said to be in them",
        keeper: Keeper::Customer, personal: Personal::Identifiers, keeping: Keeping::Said("until deleted, unless a lifecycle rule deletes sooner"), counted: &[],
        unseen: "A diagnostic setting writes here; the blobs are not read.",
        steps: [
            you("Search the blobs of the containers insights-logs-*: `az storage blob list --account-name {name} --container-name CONTAINER --auth-mode login`."), you("`az storage blob download --account-name {name} --container-name CONTAINER --name BLOB --file FILE --auth-mode login`."), NO_LOG_IS_CORRECTED,
            you("Set a lifecycle rule on the containers insights-logs-*."), you("`az storage blob delete --account-name {name} --container-name CONTAINER --name BLOB --auth-mode login`, hour by hour."), you("Keep the blobs: they are JSON Lines."),
        ],
        cannot: "A blob holds an hour of everybody: rows of one person are deleted with the hour, or the blob is written anew.",
        statements: &["log-categories", "platform-logs-hold-no-prompts", "blob-lifecycle"],
    },
    Sheet {
        id: "log-stream", family: Family::Telemetry, title: "Diagnostic logs sent on (event hub, partner, service bus)",
        holds: "who called what and when, addresses and sizes; prompts are not said to be in them",
        keeper: Keeper::Customer, personal: Personal::Identifiers, keeping: Keeping::Said("as the namespace is set, and as every reader of the stream keeps it"), counted: &[],
        unseen: "A diagnostic setting writes here; who reads the stream is not known to Azure Resource Manager.",
        steps: [
            you("Ask the owners of the systems that read the stream."), you("In the systems that read the stream."), nobody("Events cannot be changed."),
            you("Delete the diagnostic setting, or narrow its categories."), you("In the systems that read the stream; events themselves run out."), you("In the systems that read the stream."),
        ],
        cannot: "Events in the stream can be neither searched nor deleted: they run out.",
        statements: &["log-categories"],
    },
    Sheet {
        id: "traces", family: Family::Telemetry, title: "Traces in Application Insights",
        holds: "inputs, outputs and tool calls of agents and models",
        keeper: Keeper::Customer, personal: Personal::LikeContent, keeping: Keeping::Clock("traces"), counted: &[],
        unseen: "A connection sends traces here; the rows are not read.",
        steps: [
            you("`AppGenAIContent | where * has \"PERSON\"` in the workspace of the component; before 2026-09-30 in AppDependencies and AppTraces."),
            you("The same query returns the rows."), NO_LOG_IS_CORRECTED,
            you("Delete the connection to Application Insights, or shorten the retention of the table AppGenAIContent."),
            you("Purge AppGenAIContent, AppDependencies and AppTraces of the workspace (Log Analytics purge call, one table at a time)."),
            you("Run the query and keep its result as CSV or JSON."),
        ],
        cannot: PURGE_LIMITS,
        statements: &["traces-capture-content", "content-has-its-table", "table-retention", "logs-purge", "logs-purge-limit"],
    },
    Sheet {
        id: "defender", family: Family::Telemetry, title: "Alerts of Defender for Cloud",
        holds: "suspicious parts of prompts, as evidence of alerts",
        keeper: Keeper::Microsoft, personal: Personal::LikeContent, keeping: Keeping::Said("not documented"), counted: &[],
        unseen: "The plan quotes prompts in alerts; alerts are not read.",
        steps: [
            you("Look through the alerts on AI services in the Defender portal."), you("Open the alert."), nobody("Evidence of an alert cannot be changed."),
            you("Turn off the extension AIPromptEvidence of the plan for AI services."), nobody("No call deletes evidence of an alert."), you("Export alerts from the portal as CSV; evidence is copied by hand."),
        ],
        cannot: "Evidence can be neither corrected nor deleted, and no page gives its retention.",
        statements: &["defender-extension"],
    },
    Sheet {
        id: "purview", family: Family::Telemetry, title: "Microsoft Purview",
        holds: "prompts and answers, with metadata, of the whole subscription",
        keeper: Keeper::Microsoft, personal: Personal::LikeContent, keeping: Keeping::Said("as the retention policies in Purview say"), counted: &[],
        unseen: "Prompts are shared with Purview; what it keeps is not read.",
        steps: [
            you("Search with eDiscovery in the Purview portal."), you("Review the results in eDiscovery."), nobody("What was collected cannot be changed."),
            you("Turn off the extension AIPromptSharingWithPurview of the plan for AI services."), you("Through retention policies in Purview."), you("Export from eDiscovery."),
        ],
        cannot: "There is no API that extracts the data: only the portal does.",
        statements: &["purview-stores", "purview-no-extract"],
    },
    Sheet {
        id: "agent-365", family: Family::Telemetry, title: "Agent 365",
        holds: "logs of what agents did and for whom",
        keeper: Keeper::Microsoft, personal: Personal::LikeContent, keeping: Keeping::Said("not documented in the pages read; the data follows the tenant's geography, not the account's"), counted: &[],
        unseen: "Logging to Agent 365 is not turned off; whether the tenant has the licence that makes it real is not in Azure Resource Manager.",
        steps: [
            you("In the Microsoft 365 admin center, under Agents."), you("In the Microsoft 365 admin center."), nobody("Logs cannot be changed."),
            you("Turn logging off on the account (a365LoggingEnabled: false)."), you("As the data subject request tools of Microsoft 365 allow."), you("As the data subject request tools of Microsoft 365 allow."),
        ],
        cannot: "Microsoft documents the switch in two spellings and the store in none of the pages read.",
        statements: &["a365-default-on", "a365-follows-tenant"],
    },
];
