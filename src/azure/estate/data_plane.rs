//! The data planes of a described estate.
//!
//! An account and a project may carry `dataPlane`, an object from the word of a store (`files`, `vector-stores`, …) to its items, and
//! from `fine-tuning-checkpoints` and `agent-sessions` to an object by job or agent. Its `faults` are by the same words.

use serde_json::{Value, json};

use super::{Answer, children, error, fault, is};
use crate::snapshot::StoreKind;

/// Ends of hosts that are data planes.
const HOSTS: [&str; 2] = [".openai.azure.com", ".services.ai.azure.com"];

/// Newest route of each store, behind the project's endpoint if it is one's.
const ROUTES: [(&str, StoreKind); 13] = [
    ("/openai/v1/files", StoreKind::Files),
    ("/openai/v1/batches", StoreKind::Batches),
    ("/openai/v1/fine_tuning/jobs", StoreKind::FineTuningJobs),
    ("/openai/v1/vector_stores", StoreKind::VectorStores),
    ("/openai/v1/chat/completions", StoreKind::StoredCompletions),
    ("/openai/v1/evals", StoreKind::Evaluations),
    ("/openai/v1/videos", StoreKind::Videos),
    ("/openai/v1/containers", StoreKind::Containers),
    ("/openai/v1/conversations", StoreKind::Conversations),
    ("/openai/assistants", StoreKind::Assistants),
    ("/assistants", StoreKind::Assistants),
    ("/agents", StoreKind::Agents),
    ("/memory_stores", StoreKind::MemoryStores),
];

/// Answers a request to a data plane; `None` when the host is none.
pub(super) fn answer(estate: &Value, host: &str, path: &str, query: &[(String, String)]) -> Option<Answer> {
    let subdomain = HOSTS.iter().find_map(|end| host.strip_suffix(end))?;
    let accounts = children(estate, "subscriptions").flat_map(|own| children(own, "accounts"));
    let named = |own: &&Value| own.pointer("/properties").is_some_and(|own| is(own, "customSubDomainName", subdomain));
    let account = accounts.into_iter().find(named);
    let (owner, path) = match path.strip_prefix("/api/projects/").and_then(|rest| rest.split_once('/')) {
        Some((project, rest)) => {
            (account.and_then(|own| children(own, "projects").find(|own| is(own, "name", project))), format!("/{rest}"))
        }
        None => (account, path.to_owned()),
    };
    Some(owner.and_then(|own| list(own, &path, query)).unwrap_or_else(|| error(404, "404", "Resource not found")))
}

fn list(owner: &Value, path: &str, query: &[(String, String)]) -> Option<Answer> {
    let jobs = path.strip_prefix("/openai/v1/fine_tuning/jobs/").and_then(|rest| rest.strip_suffix("/checkpoints"));
    let agent = path.strip_prefix("/agents/").and_then(|rest| rest.strip_suffix("/endpoint/sessions"));
    let (kind, below) = match (jobs, agent) {
        (Some(job), _) => (StoreKind::FineTuningCheckpoints, Some(job)),
        (None, Some(agent)) => (StoreKind::AgentSessions, Some(agent)),
        (None, None) => (ROUTES.iter().find(|(own, _)| *own == path)?.1, None),
    };
    let described = owner.get("dataPlane").cloned().unwrap_or_default();
    if let Some(fault) = fault(&described, kind.as_str()) {
        return Some(fault);
    }
    let own = described.get(kind.as_str());
    let own = below.map_or(own, |below| own.and_then(|own| own.get(below)));
    Some((200, page(own.and_then(Value::as_array).map_or(&[], Vec::as_slice), query)))
}

fn page(items: &[Value], query: &[(String, String)]) -> Value {
    let given = |name: &str| query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let id = |item: &Value| item.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let limit = given("limit").and_then(|limit| limit.parse().ok()).unwrap_or(20);
    let first = given("after").and_then(|after| items.iter().position(|item| id(item) == after)).map_or(0, |at| at + 1);
    let rest = items.get(first..).unwrap_or_default();
    let page: Vec<Value> = rest.iter().take(limit).cloned().collect();
    json!({ "object": "list", "last_id": page.last().map(id), "has_more": rest.len() > page.len(), "data": page })
}
