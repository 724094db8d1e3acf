//! The data planes of accounts and projects: one listener stands for every host, each account below a path of its subdomain.
//!
//! `GET {data plane}/{subdomain}/openai/v1/files?limit=1` is what `GET https://{subdomain}.openai.azure.com/openai/v1/files?limit=1`
//! is in Azure, `{data plane}/{subdomain}/api/projects/{project}/…` is an endpoint of a project.
//!
//! An account or project is described by `dataPlane`: an object from the word of a store to its items, which are served whole, bait
//! included. `fine-tuning-checkpoints` and `agent-sessions` are objects by job or agent. `faults` knows the same words and `all`.
//! `routes` chooses a dialect: `"old"` knows dated api-versions only, `"silent"` ignores `limit` and does not say `has_more`.

use serde_json::{Value, json};

use super::answer::{Answer, ArmError};
use super::estate::{self, Estate, children};
use super::identity;

/// Audiences, as the pages about each endpoint name them.
const OPENAI: &str = "https://cognitiveservices.azure.com";
const FOUNDRY: &str = "https://ai.azure.com";

/// Segments behind `/openai` or `/openai/v1`, word of the store, dated versions that know it.
const OF_ACCOUNT: [(&str, &str, &[&str]); 9] = [
    ("files", "files", &["2024-10-21", "2025-04-01-preview"]),
    ("batches", "batches", &["2024-10-21", "2025-04-01-preview"]),
    ("fine_tuning/jobs", "fine-tuning-jobs", &["2024-10-21", "2025-04-01-preview"]),
    ("vector_stores", "vector-stores", &["2025-04-01-preview"]),
    ("chat/completions", "stored-completions", &[]),
    ("evals", "evaluations", &["2025-04-01-preview"]),
    ("videos", "videos", &[]),
    ("containers", "containers", &[]),
    ("conversations", "", &[]),
];

/// Paths behind the endpoint of a project; whether `api-version=v1` is required.
const OF_PROJECT: [(&str, &str, bool); 7] = [
    ("openai/v1/files", "files", false),
    ("openai/v1/vector_stores", "vector-stores", false),
    ("openai/v1/evals", "evaluations", false),
    ("openai/v1/conversations", "conversations", false),
    ("assistants", "assistants", true),
    ("agents", "agents", true),
    ("memory_stores", "memory-stores", true),
];

/// What was asked.
pub(crate) struct Ask<'a> {
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// `aud` of the token.
    pub(crate) audience: &'a str,
    pub(crate) header: &'a dyn Fn(&str) -> Option<String>,
}

/// The account a path is about.
pub(crate) fn subdomain(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

fn refused(status: u16, code: &str, message: &str) -> Answer {
    ArmError::new(status, code, message).answer(false)
}

fn not_found() -> Answer {
    refused(404, "404", "Resource not found")
}

/// Answers a GET whose token is good.
pub(crate) fn get(estate: &Estate, ask: &Ask<'_>) -> Answer {
    let wanted = subdomain(ask.path);
    let accounts = estate.subscriptions().iter().flat_map(|own| children(own, "accounts"));
    let named = |own: &&Value| own["properties"]["customSubDomainName"].as_str() == Some(wanted);
    let Some(account) = accounts.into_iter().find(named) else { return not_found() };
    let rest = ask.path.trim_start_matches('/').split_once('/').map_or("", |(_, rest)| rest);
    let (owner, audience, rest) = match rest.strip_prefix("api/projects/").and_then(|rest| rest.split_once('/')) {
        Some((project, rest)) => match estate::named(account, "projects", project) {
            Some(project) => (project, FOUNDRY, rest),
            None => return not_found(),
        },
        None => (account, OPENAI, rest),
    };
    if ask.audience != audience {
        return refused(401, "PermissionDenied", "audience is incorrect");
    }
    let described = &owner["dataPlane"];
    if let Some(fault) = estate::fault(described, "all") {
        return ArmError::described(fault, "", ask.path).answer(false);
    }
    let found = if audience == FOUNDRY { of_project(ask, rest) } else { of_account(ask, rest, described) };
    let (word, below) = match found {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    if let Some(fault) = estate::fault(described, word) {
        return ArmError::described(fault, "Microsoft.CognitiveServices/accounts/OpenAI/x/read", ask.path)
            .answer(false);
    }
    let own = &described[word];
    let own = below.map_or(own, |below| &own[below]);
    Answer::json(200, page(own.as_array().map_or(&[], Vec::as_slice), ask.query, described["routes"] == "silent"))
}

type Found<'a> = Result<(&'static str, Option<&'a str>), Answer>;

fn of_account<'a>(ask: &Ask<'_>, rest: &'a str, described: &Value) -> Found<'a> {
    let version = identity::parameter(ask.query, "api-version");
    let (path, dated) = match rest.strip_prefix("openai/v1/") {
        Some(_) if described["routes"] == "old" => return Err(not_found()),
        Some(path) => (path, false),
        None => (rest.strip_prefix("openai/").ok_or_else(not_found)?, true),
    };
    if path == "assistants" {
        let known = version.as_deref().is_some_and(|own| own.ends_with("-preview"));
        return if dated && known { Ok(("assistants", None)) } else { Err(not_found()) };
    }
    let checkpoints = path.strip_prefix("fine_tuning/jobs/").and_then(|rest| rest.strip_suffix("/checkpoints"));
    let path = if checkpoints.is_some() { "fine_tuning/jobs" } else { path };
    let (_, word, versions) =
        OF_ACCOUNT.iter().find(|(own, word, _)| *own == path && !word.is_empty()).ok_or_else(not_found)?;
    let known = version.as_deref().is_some_and(|version| versions.contains(&version));
    if dated && !known {
        return Err(not_found());
    }
    if *word == "evaluations" && (ask.header)("aoai-evals").as_deref() != Some("preview") {
        return Err(refused(400, "BadRequest", "the header aoai-evals is missing"));
    }
    Ok((if checkpoints.is_some() { "fine-tuning-checkpoints" } else { *word }, checkpoints))
}

fn of_project<'a>(ask: &Ask<'_>, rest: &'a str) -> Found<'a> {
    let version = identity::parameter(ask.query, "api-version");
    let features = (ask.header)("foundry-features").unwrap_or_default();
    if let Some(agent) = rest.strip_prefix("agents/").and_then(|rest| rest.strip_suffix("/endpoint/sessions")) {
        return Ok(("agent-sessions", Some(agent)));
    }
    let (_, word, versioned) = OF_PROJECT.iter().find(|(own, ..)| *own == rest).ok_or_else(not_found)?;
    if *versioned && version.as_deref() != Some("v1") {
        return Err(refused(400, "BadRequest", "Missing required query parameter: api-version"));
    }
    if *word == "memory-stores" && features != "MemoryStores=V1Preview" {
        return Err(refused(400, "BadRequest", "the preview feature is not opted in to"));
    }
    Ok((*word, None))
}

fn page(items: &[Value], query: &str, silent: bool) -> Value {
    if silent {
        return json!({ "object": "list", "data": items });
    }
    let id = |item: &Value| item["id"].as_str().or(item["name"].as_str()).unwrap_or_default().to_owned();
    let limit = identity::parameter(query, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(20);
    let after = identity::parameter(query, "after");
    let first = after.and_then(|after| items.iter().position(|item| id(item) == after)).map_or(0, |at| at + 1);
    let rest = &items[first..];
    let page = &rest[..rest.len().min(limit).min(100)];
    json!({
        "object": "list", "data": page, "first_id": page.first().map(id), "last_id": page.last().map(id),
        "has_more": rest.len() > page.len()
    })
}
