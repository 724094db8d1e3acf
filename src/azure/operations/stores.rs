//! Calls of the data plane: what lists the stores of an account and of its projects, and by which routes.
//!
//! Routes were looked up in public pages and specifications on 2026-11-22 and tried against nothing. Names of data actions are
//! harder to find than routes: [`Known`] says of each call what its name rests on.

use super::{Family, Paging, Parent, Row};
use crate::snapshot::Operation;

/// Which of an account's hosts answers, and for whom its token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// `NAME.openai.azure.com`: stores of the account.
    OpenAi,
    /// `NAME.services.ai.azure.com`: stores of its projects.
    Foundry,
}

/// What the name of a data action rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// A page of Microsoft's names it for this store.
    Documented,
    /// The action exists; that it is the one for this call is our inference.
    Inferred,
    /// No page names the action. The one given is the documented wildcard that must contain it.
    Wildcard,
}

/// How an answer is cut into pages, and what its items look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// Path below the host or the project's endpoint. `{parent}` stands for a job or an agent.
    pub path: &'static str,
    /// `api-version`; `None` where the route needs none.
    pub version: Option<&'static str>,
}

/// One call of the data plane.
#[derive(Debug, Clone, Copy)]
pub struct StoreCall {
    /// Its row in the table of all calls.
    pub row: Row,
    /// Who answers.
    pub host: Host,
    /// The routes, best first. The next is asked only when one is not there.
    pub routes: &'static [Route],
    /// A header the route insists on.
    pub header: Option<(&'static str, &'static str)>,
    /// What the name of the action rests on.
    pub known: Known,
    /// Whether the list itself returns what people wrote or models answered. It passes through memory and is dropped.
    pub transits_content: bool,
}

const fn route(path: &'static str) -> Route {
    Route { path, version: None }
}

const fn dated(path: &'static str, version: &'static str) -> Route {
    Route { path, version: Some(version) }
}

/// A call of an account's or a project's data plane.
const fn call(
    (operation, host): (Operation, Host),
    routes: &'static [Route],
    (known, action): (Known, &'static str),
    purpose: &'static str,
) -> StoreCall {
    let parent = match host {
        Host::OpenAi => Parent::Account,
        Host::Foundry => Parent::Project,
    };
    let suffix = routes[0].path;
    let (family, paging) = (Family::DataPlane, Paging::Items);
    let row = Row { operation, parent, suffix, query: &[], family, paging, action, purpose };
    StoreCall { row, host, routes, header: None, known, transits_content: false }
}

/// Contains every read of the OpenAI data plane, those of content included (built-in role Cognitive Services OpenAI User).
const WILDCARD: &str = "Microsoft.CognitiveServices/accounts/OpenAI/*/read";
/// Documented for agents; that it covers what agents keep is our inference.
const AGENTS: &str = "Microsoft.CognitiveServices/accounts/AIServices/agents/read";

pub(super) static FILES: StoreCall = call(
    (Operation::FilesList, Host::OpenAi),
    &[route("/openai/v1/files"), dated("/openai/files", "2024-10-21")],
    (Known::Documented, "Microsoft.CognitiveServices/accounts/OpenAI/files/read"),
    "Count the files an account keeps, by purpose and expiry.",
);

pub(super) static BATCHES: StoreCall = call(
    (Operation::BatchesList, Host::OpenAi),
    &[route("/openai/v1/batches"), dated("/openai/batches", "2024-10-21")],
    (Known::Documented, "Microsoft.CognitiveServices/accounts/OpenAI/batches/read"),
    "Count the batch jobs of an account.",
);

pub(super) static FINE_TUNING_JOBS: StoreCall = call(
    (Operation::FineTuningJobsList, Host::OpenAi),
    &[route("/openai/v1/fine_tuning/jobs"), dated("/openai/fine_tuning/jobs", "2024-10-21")],
    (Known::Documented, "Microsoft.CognitiveServices/accounts/OpenAI/fine-tunes/read"),
    "Count the fine-tuning jobs of an account and where they train.",
);

pub(super) static FINE_TUNING_CHECKPOINTS: StoreCall = call(
    (Operation::FineTuningCheckpointsList, Host::OpenAi),
    &[
        route("/openai/v1/fine_tuning/jobs/{parent}/checkpoints"),
        dated("/openai/fine_tuning/jobs/{parent}/checkpoints", "2024-10-21"),
    ],
    (Known::Inferred, "Microsoft.CognitiveServices/accounts/OpenAI/fine-tunes/read"),
    "Count the checkpoints that fine-tuning jobs left.",
);

pub(super) static VECTOR_STORES: StoreCall = call(
    (Operation::VectorStoresList, Host::OpenAi),
    &[route("/openai/v1/vector_stores"), dated("/openai/vector_stores", "2025-04-01-preview")],
    (Known::Inferred, "Microsoft.CognitiveServices/accounts/OpenAI/assistants/vector_stores/read"),
    "Count the vector stores of an account, by expiry.",
);

pub(super) static STORED_COMPLETIONS: StoreCall = StoreCall {
    transits_content: true,
    ..call(
        (Operation::StoredCompletionsList, Host::OpenAi),
        &[route("/openai/v1/chat/completions"), dated("/openai/v1/chat/completions", "preview")],
        (Known::Documented, "Microsoft.CognitiveServices/accounts/OpenAI/stored-completions/read"),
        "Count the chat completions an account stored.",
    )
};

pub(super) static EVALUATIONS: StoreCall = StoreCall {
    header: Some(("aoai-evals", "preview")),
    transits_content: true,
    ..call(
        (Operation::EvaluationsList, Host::OpenAi),
        &[route("/openai/v1/evals"), dated("/openai/evals", "2025-04-01-preview")],
        (Known::Documented, "Microsoft.CognitiveServices/accounts/OpenAI/evals/read"),
        "Count the evaluations of an account.",
    )
};

pub(super) static ASSISTANTS: StoreCall = StoreCall {
    transits_content: true,
    ..call(
        (Operation::AssistantsList, Host::OpenAi),
        &[dated("/openai/assistants", "2025-04-01-preview"), dated("/openai/assistants", "2024-05-01-preview")],
        (Known::Documented, "Microsoft.CognitiveServices/accounts/OpenAI/assistants/read"),
        "Count the assistants of an account; their threads cannot be listed.",
    )
};

pub(super) static VIDEOS: StoreCall = StoreCall {
    transits_content: true,
    ..call(
        (Operation::VideosList, Host::OpenAi),
        &[route("/openai/v1/videos"), dated("/openai/v1/video/generations/jobs", "preview")],
        (Known::Wildcard, WILDCARD),
        "Count the generated videos of an account.",
    )
};

pub(super) static CONTAINERS: StoreCall = call(
    (Operation::ContainersList, Host::OpenAi),
    &[route("/openai/v1/containers"), dated("/openai/v1/containers", "preview")],
    (Known::Wildcard, WILDCARD),
    "Count the containers of code tools of an account.",
);

pub(super) static PROJECT_FILES: StoreCall = call(
    (Operation::ProjectFilesList, Host::Foundry),
    &[route("/openai/v1/files"), dated("/files", "v1")],
    (Known::Inferred, AGENTS),
    "Count the files a project keeps, by purpose and expiry.",
);

pub(super) static PROJECT_VECTOR_STORES: StoreCall = call(
    (Operation::ProjectVectorStoresList, Host::Foundry),
    &[route("/openai/v1/vector_stores"), dated("/vector_stores", "v1")],
    (Known::Inferred, AGENTS),
    "Count the vector stores of a project, by expiry.",
);

pub(super) static PROJECT_EVALUATIONS: StoreCall = StoreCall {
    transits_content: true,
    ..call(
        (Operation::ProjectEvaluationsList, Host::Foundry),
        &[route("/openai/v1/evals")],
        (Known::Documented, "Microsoft.CognitiveServices/accounts/AIServices/evaluations/read"),
        "Count the evaluations of a project.",
    )
};

pub(super) static PROJECT_ASSISTANTS: StoreCall = StoreCall {
    transits_content: true,
    ..call(
        (Operation::ProjectAssistantsList, Host::Foundry),
        &[dated("/assistants", "v1"), dated("/assistants", "2025-05-01")],
        (Known::Documented, AGENTS),
        "Count the classic agents of a project; their threads cannot be listed.",
    )
};

pub(super) static CONVERSATIONS: StoreCall = call(
    (Operation::ConversationsList, Host::Foundry),
    &[route("/openai/v1/conversations"), dated("/openai/conversations", "2025-11-15-preview")],
    (Known::Inferred, AGENTS),
    "Count the conversations of a project.",
);

pub(super) static AGENT_LIST: StoreCall = StoreCall {
    transits_content: true,
    ..call(
        (Operation::AgentsList, Host::Foundry),
        &[dated("/agents", "v1"), dated("/agents", "2025-11-15-preview")],
        (Known::Documented, AGENTS),
        "Count the agents of a project, how they run and which tools they have.",
    )
};

pub(super) static AGENT_SESSIONS: StoreCall = StoreCall {
    header: Some(("foundry-features", "HostedAgents=V1Preview,AgentEndpoints=V1Preview")),
    ..call(
        (Operation::AgentSessionsList, Host::Foundry),
        &[dated("/agents/{parent}/endpoint/sessions", "v1")],
        (Known::Inferred, AGENTS),
        "Count the sessions that hosted agents of a project keep.",
    )
};

pub(super) static MEMORY_STORES: StoreCall = StoreCall {
    header: Some(("foundry-features", "MemoryStores=V1Preview")),
    ..call(
        (Operation::MemoryStoresList, Host::Foundry),
        &[dated("/memory_stores", "v1"), dated("/memory_stores", "2025-11-15-preview")],
        (Known::Inferred, AGENTS),
        "Count the memory stores of a project.",
    )
};

/// Every call of the data plane, in the order of [`Operation::STORES`].
pub static CALLS: [&StoreCall; Operation::STORES.len()] = [
    &FILES,
    &BATCHES,
    &FINE_TUNING_JOBS,
    &FINE_TUNING_CHECKPOINTS,
    &VECTOR_STORES,
    &STORED_COMPLETIONS,
    &EVALUATIONS,
    &ASSISTANTS,
    &VIDEOS,
    &CONTAINERS,
    &PROJECT_FILES,
    &PROJECT_VECTOR_STORES,
    &PROJECT_EVALUATIONS,
    &PROJECT_ASSISTANTS,
    &CONVERSATIONS,
    &AGENT_LIST,
    &AGENT_SESSIONS,
    &MEMORY_STORES,
];

/// The call behind an operation of the data plane.
pub fn of(operation: Operation) -> Option<&'static StoreCall> {
    CALLS.into_iter().find(|call| call.row.operation == operation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_of_the_data_plane_is_a_list_and_no_other_call_is_here() {
        for (operation, call) in Operation::STORES.into_iter().zip(CALLS) {
            assert_eq!(call.row.operation, operation);
            assert!(call.routes.iter().all(|route| route.path.starts_with('/') && !route.path.contains('?')));
            assert!(call.row.action.ends_with("/read"), "{operation}");
            assert_eq!(call.row.action.contains('*'), call.known == Known::Wildcard, "{operation}");
        }
        assert_eq!(Operation::ALL.into_iter().filter(|own| own.is_data_plane()).count(), CALLS.len());
    }
}
