//! How long content stays once it is in a store, and what ends that sooner.
//!
//! A clock speaks of the store behind a rule: the rule says whether the store is in use, the clock what that means in time.
//! Where Microsoft gives no figure, none is made up.

use std::borrow::Cow;

use super::Source;

/// How long a store keeps content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// At most this many hours after it was written.
    Hours(u16),
    /// Until somebody deletes it.
    UntilDeleted,
    /// As long as a setting of the customer's own resource says.
    AsConfigured,
    /// No current page gives a figure.
    NotDocumented,
}

impl Keeps {
    /// In words: `24 hours`, `30 days`, `until deleted`.
    pub fn words(self) -> Cow<'static, str> {
        match self {
            Self::Hours(1) => "1 hour".into(),
            Self::Hours(hours) if hours > 48 && hours % 24 == 0 => format!("{} days", hours / 24).into(),
            Self::Hours(hours) => format!("{hours} hours").into(),
            Self::UntilDeleted => "until deleted".into(),
            Self::AsConfigured => "as configured".into(),
            Self::NotDocumented => "not documented".into(),
        }
    }
}

/// One store with its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Stable word for reports.
    pub store: &'static str,
    /// What is in it.
    pub holds: &'static str,
    /// The rules that say whether it is in use.
    pub rules: &'static [&'static str],
    /// How long.
    pub keeps: Keeps,
    /// What ends it sooner.
    pub end: &'static str,
    /// Where that is said.
    pub source: Source,
}

const fn page(title: &'static str, url: &'static str, date: &'static str) -> Source {
    Source { title, url, date }
}

const PROMPT_CACHING: Source = super::models::PROMPT_CACHE_SOURCE;
const STATE_STORE: Source = page(
    "Agent state store",
    "https://learn.microsoft.com/azure/foundry/agents/concepts/agent-state-store",
    "2026-08-24",
);
const BATCH: Source = page("Batch", "https://learn.microsoft.com/azure/foundry/openai/how-to/batch", "2026-08-14");

/// Source of the clock of deleted accounts.
pub const DELETED_ACCOUNTS: Source = page(
    "Recover or purge deleted resources",
    "https://learn.microsoft.com/azure/ai-services/recover-purge-resources",
    "2025-10-02",
);
/// Hours in which a deleted account can be recovered ([`DELETED_ACCOUNTS`]).
pub const RECOVERABLE_HOURS: u16 = 48;

/// Source of the clock of ending subscriptions. The page carries no date; this is the day it was read.
pub const SUBSCRIPTIONS: Source = page(
    "Data management at Microsoft",
    "https://www.microsoft.com/trust-center/privacy/data-management",
    "2026-11-22",
);
/// Days in limited function after the end of a subscription, and days within which its content is deleted then
/// ([`SUBSCRIPTIONS`]).
pub const SUBSCRIPTION_DAYS: (u16, u16) = (90, 90);

/// Every store, by what a privacy officer asks first.
#[rustfmt::skip]
pub const CLOCKS: &[Clock] = &[
    Clock {
        store: "abuse-monitoring", holds: "prompts and completions that were flagged or sampled",
        rules: &["abuse-monitoring-storage-on"], keeps: Keeps::NotDocumented,
        end: "Nothing a customer can do; modified abuse monitoring stops new ones. \"Up to 30 days\" was on older pages (2023 to 2025) and is on no current one.",
        source: page("Data, privacy, and security for Azure Direct Models", "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy", "2026-03-19"),
    },
    Clock {
        store: "responses", holds: "input and output of the Responses API",
        rules: &["responses-stored-by-default"], keeps: Keeps::Hours(30 * 24),
        end: "DELETE /openai/v1/responses/{id} for each id; callers send store: false for new ones.",
        source: page("Responses API", "https://learn.microsoft.com/azure/foundry/openai/how-to/responses", "2026-06-30"),
    },
    Clock {
        store: "stored-completions", holds: "chat completions that callers asked to store",
        rules: &["stored-completions-enabled"], keeps: Keeps::Hours(30 * 24),
        end: "DELETE /openai/v1/chat/completions/{id} for each, where the API still answers: Microsoft announced its end for 2026-10-15. An older page (2025-12-06) gives no time limit.",
        source: page("Retirement of stored completions", "https://learn.microsoft.com/azure/foundry-classic/openai/how-to/stored-completions-retirement", "2026-07-06"),
    },
    Clock {
        store: "threads", holds: "messages of the Assistants API",
        rules: &["assistant-threads-kept"], keeps: Keeps::UntilDeleted,
        end: "DELETE /openai/threads/{id} for each id; there is no list.",
        source: page("Assistants", "https://learn.microsoft.com/azure/foundry-classic/openai/concepts/assistants", "2025-09-24"),
    },
    Clock {
        store: "conversations", holds: "items of conversations",
        rules: &["conversations-kept"], keeps: Keeps::UntilDeleted,
        end: "DELETE {project}/openai/v1/conversations/{id} for each.",
        source: page("Agents: frequently asked questions", "https://learn.microsoft.com/azure/foundry-classic/agents/faq", "2026-02-02"),
    },
    Clock {
        store: "agent-stores", holds: "threads, files and vectors of agents in Microsoft's stores",
        rules: &["agents-basic-setup"], keeps: Keeps::UntilDeleted,
        end: "Delete the agents' threads and files, then connect stores of your own.",
        source: page("Standard agent setup", "https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup", "2026-02-13"),
    },
    Clock {
        store: "hosted-agent-home", holds: "home directory and sessions of hosted agents",
        rules: &["hosted-agent-deployed"], keeps: Keeps::Hours(30 * 24),
        end: "Delete the sessions, or the agent.", source: STATE_STORE,
    },
    Clock {
        store: "memory", holds: "profiles and summaries of users",
        rules: &["memory-stores-kept"], keeps: Keeps::NotDocumented,
        end: "POST {project}/memory_stores/{name}:delete_scope for each user.",
        source: page("What is memory?", "https://learn.microsoft.com/azure/foundry/agents/concepts/what-is-memory", "2026-01-22"),
    },
    Clock {
        store: "files", holds: "uploaded files",
        rules: &["files-kept-until-deleted"], keeps: Keeps::UntilDeleted,
        end: "DELETE /openai/v1/files/{id} for each; upload with expires_after.", source: BATCH,
    },
    Clock {
        store: "batch-files", holds: "prompts and completions of batch jobs",
        rules: &["batch-deployment"], keeps: Keeps::UntilDeleted,
        end: "DELETE /openai/v1/files/{id} for input, output and error files; set output_expires_after (14 to 30 days).", source: BATCH,
    },
    Clock {
        store: "vector-stores", holds: "chunks and embeddings of files",
        rules: &["vector-stores-kept"], keeps: Keeps::UntilDeleted,
        end: "DELETE /openai/v1/vector_stores/{id}, or set expires_after. Those that conversations make for themselves go 7 days after the last use.",
        source: page("Vector stores", "https://learn.microsoft.com/azure/foundry/agents/concepts/vector-stores", "2026-02-04"),
    },
    Clock {
        store: "fine-tuning", holds: "training files, checkpoints and weights",
        rules: &["fine-tuned-deployment"], keeps: Keeps::UntilDeleted,
        end: "Delete the deployment, the fine-tuned model and its files.",
        source: page("Fine-tuning overview", "https://learn.microsoft.com/azure/foundry/fine-tuning/overview", "2026-10-06"),
    },
    Clock {
        store: "evaluations", holds: "data sets, runs and answers of evaluations",
        rules: &["evaluations-kept"], keeps: Keeps::NotDocumented,
        end: "DELETE /openai/v1/evals/{id} for each.",
        source: page("Role-based access control for Foundry", "https://learn.microsoft.com/azure/foundry/concepts/rbac-foundry", "2026-04-13"),
    },
    Clock {
        store: "videos", holds: "video jobs and their results",
        rules: &["video-model-deployed"], keeps: Keeps::Hours(24),
        end: "DELETE /openai/v1/videos/{id} for each.", source: super::models::VIDEO_SOURCE,
    },
    Clock {
        store: "images", holds: "images behind links",
        rules: &["image-links-kept"], keeps: Keeps::Hours(24),
        end: "Nothing a customer can do; ask for base64 instead of links.",
        source: page("Image generation", "https://learn.microsoft.com/azure/foundry/openai/how-to/dall-e", "2026-04-17"),
    },
    Clock {
        store: "containers", holds: "files of code interpreter and shell containers",
        rules: &["code-containers-kept"], keeps: Keeps::Hours(1),
        end: "Delete the container.",
        source: page("Hosted shell", "https://learn.microsoft.com/azure/foundry/openai/how-to/shells", "2026-06-04"),
    },
    Clock {
        store: "prompt-cache", holds: "tensors computed from prompts",
        rules: &["prompt-cache-kept-by-default", "prompt-cache-extended-on-request"], keeps: Keeps::Hours(24),
        end: "Nothing a customer can do to what is cached; callers can ask for less on some models.", source: PROMPT_CACHING,
    },
    Clock {
        store: "context-cache", holds: "context derived from prompts, on disk",
        rules: &["context-cache-container"], keeps: Keeps::AsConfigured,
        end: "Delete the context cache container; its timeToLive is 1 to 30 days.",
        source: page("Microsoft.Storage contextCaches", "https://learn.microsoft.com/azure/templates/microsoft.storage/contextcaches", "2026-09-01"),
    },
    Clock {
        store: "anthropic", holds: "files and skills at Anthropic",
        rules: &["claude-files-kept-by-anthropic"], keeps: Keeps::NotDocumented,
        end: "Delete them through Anthropic's API.",
        source: page("Claude: data, privacy and security", "https://learn.microsoft.com/azure/foundry/responsible-ai/claude-models/data-privacy", "2026-06-23"),
    },
    Clock {
        store: "traces", holds: "inputs, outputs and tool calls of agents",
        rules: &["traces-to-application-insights", "traces-kept-over-30-days"], keeps: Keeps::AsConfigured,
        end: "Shorten the retention of the workspace and of the table AppGenAIContent, or purge it.",
        source: page("Agent tracing", "https://learn.microsoft.com/azure/foundry/observability/concepts/trace-agent-concept", "2026-08-28"),
    },
    Clock {
        store: "diagnostic-logs", holds: "requests, and what their categories add",
        rules: &["diagnostic-logs-beyond-audit"], keeps: Keeps::AsConfigured,
        end: "Shorten the retention of the sink, or purge it.",
        source: page("Supported logs for accounts", "https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-cognitiveservices-accounts-logs", "2025-04-16"),
    },
    Clock {
        store: "gateway-logs", holds: "prompts and completions that a gateway logged",
        rules: &["gateway-logs-prompts", "gateway-logs-bodies"], keeps: Keeps::AsConfigured,
        end: "Shorten the retention of the sink (for prompts the table ApiManagementGatewayLlmLog), or purge it.",
        source: page("Log LLM requests and responses in API Management", "https://learn.microsoft.com/azure/api-management/api-management-howto-llm-logs", "2026-11-22"),
    },
    Clock {
        store: "gateway-cache", holds: "completions, with vectors of the prompts they answer",
        rules: &["gateway-keeps-prompts-in-cache"], keeps: Keeps::AsConfigured,
        end: "Flush the external cache of the gateway; the policy's duration is in seconds.",
        source: page("llm-semantic-cache-store", "https://learn.microsoft.com/azure/api-management/llm-semantic-cache-store-policy", "2026-11-22"),
    },
    Clock {
        store: "own-agent-threads", holds: "messages of agents in Cosmos DB",
        rules: &["agent-threads-never-deleted"], keeps: Keeps::UntilDeleted,
        end: "Set a time to live on the containers, or delete the items.",
        source: page("Standard agent setup", "https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup", "2026-02-13"),
    },
    Clock {
        store: "communication-events", holds: "events of calls, messages and e-mail",
        rules: &["communication-events-global"], keeps: Keeps::AsConfigured,
        end: "Delete the event subscription; until then each has a time to live and may have a dead-letter store.",
        source: super::communication::SOURCE,
    },
    Clock {
        store: "communication-logs", holds: "identities, phone numbers and e-mail addresses in logs",
        rules: &["communication-logs-carry-identities", "communication-log-retention-long"], keeps: Keeps::AsConfigured,
        end: "Shorten the retention of the workspace and of its tables for Communication Services, or purge them.",
        source: super::communication::SOURCE,
    },
];

/// The clock of the store a rule speaks about.
pub fn of_rule(rule: &str) -> Option<&'static Clock> {
    CLOCKS.iter().find(|clock| clock.rules.contains(&rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_pages() {
        let said = [1, 24, 48, 720].map(|hours| Keeps::Hours(hours).words());
        assert_eq!(said, ["1 hour", "24 hours", "48 hours", "30 days"]);
    }

    #[test]
    fn every_clock_is_dated_and_told_apart() {
        let stores: std::collections::BTreeSet<&str> = CLOCKS.iter().map(|clock| clock.store).collect();
        assert_eq!(stores.len(), CLOCKS.len());
        for source in CLOCKS.iter().map(|clock| clock.source).chain([DELETED_ACCOUNTS, SUBSCRIPTIONS]) {
            assert!(source.date.parse::<jiff::civil::Date>().is_ok(), "{}", source.title);
        }
    }
}
