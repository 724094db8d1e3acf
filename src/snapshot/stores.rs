//! What the data plane of an account keeps, in numbers.
//!
//! Lists of the data plane can return prompts and answers. Nothing here has a field that could hold them: counts, dates, and words
//! of Microsoft's from closed lists; whatever else an answer says is [`Purpose::Other`] and the like. Neither a body nor its hash is
//! kept.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::document::Citation;
use super::operation::Operation;
use super::read::{Read, Unavailable};

/// A closed list of words. What is not among them is the last.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal $(| $alias:literal)*,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $word $(, alias = $alias)*)] $variant,)+
            /// A word this program does not know; it is not kept.
            #[serde(rename = "other", other)]
            Other,
        }

        impl $name {
            /// The word, wherever it comes from; its casing does not matter.
            pub fn of(word: &str) -> Self {
                $(if [$word $(, $alias)*].iter().any(|own| own.eq_ignore_ascii_case(word)) {
                    return Self::$variant;
                })+
                Self::Other
            }

            /// Stable word for reports.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other => "other",
                }
            }
        }
    };
}

/// One kind of store that the data plane can list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoreKind {
    /// Uploaded and generated files.
    Files,
    /// Batch jobs.
    Batches,
    /// Fine-tuning jobs.
    FineTuningJobs,
    /// Checkpoints of those jobs: copies of tuned weights.
    FineTuningCheckpoints,
    /// Vector stores.
    VectorStores,
    /// Chat completions stored on request.
    StoredCompletions,
    /// Evaluations.
    Evaluations,
    /// Assistants; their threads cannot be listed.
    Assistants,
    /// Conversations of the Responses API.
    Conversations,
    /// Agents of a Foundry project.
    Agents,
    /// Sessions of hosted agents.
    AgentSessions,
    /// Memory stores of a Foundry project.
    MemoryStores,
    /// Generated videos.
    Videos,
    /// Containers of code tools.
    Containers,
}

impl StoreKind {
    /// Every kind, in reading order.
    pub const ALL: [Self; 14] = [
        Self::Files,
        Self::Batches,
        Self::FineTuningJobs,
        Self::FineTuningCheckpoints,
        Self::VectorStores,
        Self::StoredCompletions,
        Self::Evaluations,
        Self::Assistants,
        Self::Conversations,
        Self::Agents,
        Self::AgentSessions,
        Self::MemoryStores,
        Self::Videos,
        Self::Containers,
    ];

    /// Stable word for reports and the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Batches => "batches",
            Self::FineTuningJobs => "fine-tuning-jobs",
            Self::FineTuningCheckpoints => "fine-tuning-checkpoints",
            Self::VectorStores => "vector-stores",
            Self::StoredCompletions => "stored-completions",
            Self::Evaluations => "evaluations",
            Self::Assistants => "assistants",
            Self::Conversations => "conversations",
            Self::Agents => "agents",
            Self::AgentSessions => "agent-sessions",
            Self::MemoryStores => "memory-stores",
            Self::Videos => "videos",
            Self::Containers => "containers",
        }
    }

    /// The call that lists the store of an account; `None` when only projects have one.
    pub fn of_account(self) -> Option<Operation> {
        match self {
            Self::Files => Some(Operation::FilesList),
            Self::Batches => Some(Operation::BatchesList),
            Self::FineTuningJobs => Some(Operation::FineTuningJobsList),
            Self::FineTuningCheckpoints => Some(Operation::FineTuningCheckpointsList),
            Self::VectorStores => Some(Operation::VectorStoresList),
            Self::StoredCompletions => Some(Operation::StoredCompletionsList),
            Self::Evaluations => Some(Operation::EvaluationsList),
            Self::Assistants => Some(Operation::AssistantsList),
            Self::Videos => Some(Operation::VideosList),
            Self::Containers => Some(Operation::ContainersList),
            Self::Conversations | Self::Agents | Self::AgentSessions | Self::MemoryStores => None,
        }
    }

    /// The call that lists the store of a project; `None` when projects have none of their own.
    pub fn of_project(self) -> Option<Operation> {
        match self {
            Self::Files => Some(Operation::ProjectFilesList),
            Self::VectorStores => Some(Operation::ProjectVectorStoresList),
            Self::Evaluations => Some(Operation::ProjectEvaluationsList),
            Self::Assistants => Some(Operation::ProjectAssistantsList),
            Self::Conversations => Some(Operation::ConversationsList),
            Self::Agents => Some(Operation::AgentsList),
            Self::AgentSessions => Some(Operation::AgentSessionsList),
            Self::MemoryStores => Some(Operation::MemoryStoresList),
            Self::Batches
            | Self::FineTuningJobs
            | Self::FineTuningCheckpoints
            | Self::StoredCompletions
            | Self::Videos
            | Self::Containers => None,
        }
    }

    /// What is counted, for people.
    pub fn items(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Batches => "batch jobs",
            Self::FineTuningJobs => "fine-tuning jobs",
            Self::FineTuningCheckpoints => "checkpoints of fine-tuning jobs",
            Self::VectorStores => "vector stores",
            Self::StoredCompletions => "stored completions",
            Self::Evaluations => "evaluations",
            Self::Assistants => "assistants",
            Self::Conversations => "conversations",
            Self::Agents => "agents",
            Self::AgentSessions => "sessions of hosted agents",
            Self::MemoryStores => "memory stores",
            Self::Videos => "videos",
            Self::Containers => "containers",
        }
    }
}

words! {
    /// What a file is for.
    Purpose {
        /// Input of assistants and agents.
        Assistants = "assistants",
        /// Output of assistants and agents.
        AssistantsOutput = "assistants_output",
        /// Input of a batch.
        Batch = "batch",
        /// Output of a batch.
        BatchOutput = "batch_output",
        /// Data of an evaluation.
        Evals = "evals" | "eval",
        /// Training or validation data.
        FineTune = "fine-tune",
        /// Results of a fine-tuning job.
        FineTuneResults = "fine-tune-results",
        /// Anything a user wants a model to read.
        UserData = "user_data",
        /// Pictures.
        Vision = "vision",
    }
}

words! {
    /// State of an item.
    Status {
        /// In use, or open.
        Active = "active",
        /// Stopped on request.
        Cancelled = "cancelled" | "canceled",
        /// Being stopped.
        Cancelling = "cancelling" | "canceling",
        /// Done.
        Completed = "completed" | "succeeded" | "processed" | "uploaded",
        /// Its end has passed.
        Expired = "expired",
        /// Ended with an error.
        Failed = "failed" | "error",
        /// Writing results.
        Finalizing = "finalizing",
        /// Not in use.
        Idle = "idle" | "paused" | "stopped",
        /// At work.
        InProgress = "in_progress" | "running" | "processing" | "preprocessing",
        /// Waiting.
        Queued = "queued" | "pending" | "notrunning" | "created",
        /// Looking at the input.
        Validating = "validating" | "validating_files",
    }
}

words! {
    /// How an agent runs.
    AgentKind {
        /// Instructions and tools, run by the service.
        Prompt = "prompt",
        /// A container of the customer, run by the service.
        Hosted = "hosted",
        /// A container app of the customer.
        ContainerApp = "container_app",
        /// A workflow of agents.
        Workflow = "workflow",
    }
}

words! {
    /// A tool of an agent or assistant.
    Tool {
        /// Another agent, over the agent-to-agent protocol.
        AgentToAgent = "a2a" | "a2a_preview" | "a2a_tool",
        /// A search index of the customer.
        AzureAiSearch = "azure_ai_search",
        /// A function app of the customer.
        AzureFunction = "azure_function",
        /// Grounding with Bing Custom Search.
        BingCustomSearch = "bing_custom_search" | "bing_custom_search_preview",
        /// Grounding with Bing Search.
        BingGrounding = "bing_grounding",
        /// A browser.
        BrowserAutomation = "browser_automation" | "browser_automation_preview",
        /// Code in a container.
        CodeInterpreter = "code_interpreter",
        /// A computer.
        ComputerUse = "computer_use_preview" | "computer_use" | "computer",
        /// Another agent of the project.
        ConnectedAgent = "connected_agent",
        /// Research on the web.
        DeepResearch = "deep_research",
        /// A Fabric data agent.
        Fabric = "fabric_dataagent" | "fabric_dataagent_preview",
        /// Search in vector stores.
        FileSearch = "file_search",
        /// A function of the caller.
        Function = "function",
        /// Pictures.
        ImageGeneration = "image_generation",
        /// A tool server.
        Mcp = "mcp",
        /// Memory stores.
        MemorySearch = "memory_search" | "memory_search_preview",
        /// Any API with a description.
        OpenApi = "openapi",
        /// A shell in a container.
        Shell = "shell" | "local_shell",
        /// `SharePoint`.
        SharePoint = "sharepoint_grounding" | "sharepoint_grounding_preview",
        /// Web search.
        WebSearch = "web_search" | "web_search_preview",
    }
}

words! {
    /// Where a fine-tuning job trains.
    Training {
        /// In the region of the account.
        Standard = "standard",
        /// Anywhere: data and weights are copied there.
        Global = "global" | "globalstandard",
        /// Anywhere, on spare capacity.
        Developer = "developer" | "developertier",
        /// In the data zone of the account.
        DataZone = "datazone" | "datazonestandard",
    }
}

/// How often each word was found.
pub type Tally<T> = BTreeMap<T, u64>;

/// One store that was asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Store {
    /// What it keeps.
    pub kind: StoreKind,
    /// ARM id of the Foundry project; `None` for a store of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// What is in it.
    pub facts: Read<StoreFacts>,
}

/// What is in a store. Known only when the answers say so: a list that broke off is unavailable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreFacts {
    /// Items there are.
    pub count: u64,
    /// Whether there are more: counting ended at its limit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// When the oldest item was made; `None` when no item has a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
    /// When the newest item was made; `None` when no item has a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Timestamp>,
    /// Items without an end; `None` where items of this kind show none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_expiry: Option<u64>,
    /// Files by purpose.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_purpose: Tally<Purpose>,
    /// Items by state.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_status: Tally<Status>,
    /// Agents by how they run.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_agent_kind: Tally<AgentKind>,
    /// Fine-tuning jobs by where they train; those that do not say are not in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_training: Tally<Training>,
    /// Agents or assistants by tool: each counts once for each kind of tool it has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tools: Tally<Tool>,
    /// The answers this was counted from, in order; never empty.
    pub answers: Vec<StoreAnswer>,
}

/// How a page of a store's list was obtained. There is no hash: that of a page with content would be a trace of the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreAnswer {
    /// The call.
    pub operation: Operation,
    /// The URL that was asked, without page tokens.
    pub url: String,
    /// The api-version, or the route where it has none.
    pub api_version: String,
    /// HTTP status.
    pub status: u16,
    /// Id of the request, when the service sent one.
    pub request_id: Option<String>,
    /// When the answer was complete.
    pub at: Timestamp,
}

impl StoreFacts {
    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.count == 0 && !self.more
    }

    /// The count for people: `at least 1000` where counting ended at its limit.
    pub fn count_text(&self) -> String {
        if self.more { format!("at least {}", self.count) } else { self.count.to_string() }
    }

    /// Cites the count, and the time of counting.
    pub fn cite(&self) -> Option<Citation> {
        let first = self.answers.first()?;
        Some(Citation {
            pointer: "/data".to_owned(),
            value: json!({ "count": self.count, "more": self.more }),
            operation: first.operation,
            request_id: first.request_id.clone(),
            at: first.at,
        })
    }
}

impl Store {
    /// What is in the store.
    ///
    /// # Errors
    /// Why nobody could tell.
    pub fn facts(&self) -> Result<&StoreFacts, Unavailable> {
        self.facts.get()
    }
}
