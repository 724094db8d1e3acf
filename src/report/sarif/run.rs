//! The run: how it ended, what it could not read, what its policy was.

use serde_json::{Map, Value, json};

use super::results::{File, message};
use crate::assessment::{Assessment, NoteKind};
use crate::outcome::Outcome;

/// What GitHub code scanning takes of one run: 25,000 results, of which it shows 5,000
/// (<https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning>, undated page,
/// as known on 2026-11-22).
const SHOWN_BY_GITHUB: usize = 5_000;

const READ_FAILED: &str = "read-failed";
const MANY_RESULTS: &str = "many-results";

/// `run.tool.driver.notifications`.
pub(super) fn notification_descriptors() -> Vec<Value> {
    let own = [READ_FAILED, MANY_RESULTS].into_iter();
    own.chain(NoteKind::ALL.map(NoteKind::as_str))
        .map(|id| {
            let text = json!({ "text": format!("{}.", id.replace('-', " ")) });
            json!({ "id": id, "shortDescription": text, "fullDescription": text, "help": text })
        })
        .collect()
}

/// The run as an invocation. `shown` is the number of results in the log.
pub(super) fn invocation(assessment: &Assessment, shown: usize) -> Value {
    let file = File::of(assessment);
    let unread = assessment.coverage.unreadable.iter().map(|read| {
        let action = read.action.as_deref().map(|action| format!(", needs {action}")).unwrap_or_default();
        let text = format!("{} could not be read on {}: {}{action}", read.operation, read.scope, read.cause);
        json!({
            "descriptor": { "id": READ_FAILED },
            "level": if assessment.complete { "warning" } else { "error" },
            "message": { "text": message(&text) },
            "locations": [{ "logicalLocations": [{ "fullyQualifiedName": read.scope, "kind": "resource" }] }],
        })
    });
    let many = (shown > SHOWN_BY_GITHUB).then(|| {
        let text = format!(
            "{shown} results in one run: GitHub code scanning shows {SHOWN_BY_GITHUB} and refuses more than 25000. Upload \
             reports of smaller scopes."
        );
        json!({ "descriptor": { "id": MANY_RESULTS }, "level": "warning", "message": { "text": text } })
    });
    let notes = assessment.notes.iter().map(|note| {
        json!({
            "descriptor": { "id": note.kind.as_str() },
            "level": if note.kind.is_loud() { "warning" } else { "note" },
            "message": { "text": message(&format!("{}. {}", note.message, note.remediation)) },
            "locations": [{ "physicalLocation": file.at(note.line.unwrap_or(1)) }],
        })
    });
    json!({
        "executionSuccessful": assessment.complete && !assessment.accounts.is_empty(),
        "exitCode": assessment.exit_code,
        "exitCodeDescription": exit(assessment.exit_code),
        "startTimeUtc": assessment.run.started_at,
        "endTimeUtc": assessment.run.finished_at,
        "toolExecutionNotifications": unread.chain(many).collect::<Vec<Value>>(),
        "toolConfigurationNotifications": notes.collect::<Vec<Value>>(),
    })
}

/// The class of runs this one belongs to; what follows the last slash is empty, so that they are compared with each other.
pub(super) fn automation() -> Value {
    json!({ "id": "zdr-check/" })
}

fn exit(code: u8) -> &'static str {
    match code {
        0 => "clean",
        1 => "findings",
        2 => "usage",
        3 => "not audited",
        4 => "incomplete",
        _ => "unknown",
    }
}

/// Facts and counts of the run.
pub(super) fn facts(assessment: &Assessment) -> Map<String, Value> {
    let (run, policy) = (&assessment.run, &assessment.run.policy);
    let outcomes: Map<String, Value> =
        Outcome::ALL.iter().map(|own| (own.as_str().to_owned(), assessment.summary.count(*own).into())).collect();
    let scopes = policy.scopes.iter().map(|scope| {
        let (name, pin, locations) = (&scope.name, &scope.pin, &scope.allow_locations);
        json!({ "name": name, "pin": pin, "allow_locations": locations, "accounts": scope.accounts })
    });
    let policy = json!({
        "pin": policy.pin,
        "fail_on": policy.fail_on.as_str(),
        "profile": policy.profile.as_str(),
        "allow_locations": policy.allow_locations,
        "allow_incomplete": policy.allow_incomplete,
        "file": policy.file.as_ref().map(|file| json!({ "path": file.path, "sha256": file.sha256 })),
        "scopes": scopes.collect::<Vec<Value>>(),
    });
    let facts = [
        ("source", json!(run.source.as_str())),
        ("cloud", json!(run.cloud.as_str())),
        ("scopes", json!(run.scopes)),
        ("complete", json!(assessment.complete)),
        ("accounts", json!(assessment.summary.accounts)),
        ("outcomes", json!(outcomes)),
        ("policy", policy),
    ];
    facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
