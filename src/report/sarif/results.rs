//! One SARIF result per result.

use serde_json::{Map, Value, json};

use super::{SCOPE_UNREAD, rules};
use crate::assessment::{Assessment, Overlay, RuleResult};
use crate::outcome::Outcome;
use crate::report::fingerprint;
use crate::term::sanitise;

/// Segments of an account's id.
const ACCOUNT_SEGMENTS: usize = 8;

/// Rights that the result about unread scopes names; all reads are among the notifications.
const NAMED: usize = 5;

/// The file every result points to: GitHub insists on one.
pub(super) struct File(Value);

impl File {
    /// The policy file of the run.
    pub(super) fn of(assessment: &Assessment) -> Self {
        Self(json!({ "uri": uri(fingerprint::file(assessment)) }))
    }

    /// A location in it.
    pub(super) fn at(&self, line: usize) -> Value {
        json!({ "artifactLocation": self.0, "region": { "startLine": line } })
    }
}

/// A result. What became of it: `kind`, `level` and `suppressions`; and in this program's words: `properties.outcome`.
pub(super) fn result(result: &RuleResult, file: &File) -> Value {
    let inner = inner(result);
    // All results are in one line of one file, and GitHub shows no logical locations: only the text can tell them apart.
    let text = format!("{}: {} ({})", name(result), result.message, result.resource_id);
    let fingerprint = fingerprint::of(result);
    let mut value = json!({
        "ruleId": result.rule,
        "kind": kind(inner),
        "level": if inner == Outcome::Fail { rules::level(result.severity) } else { "none" },
        "message": { "text": message(&text) },
        "locations": [{
            "physicalLocation": physical(result, file),
            "logicalLocations": [{ "fullyQualifiedName": result.resource_id, "kind": "resource" }],
        }],
        // Under this name GitHub takes it instead of a hash of the line, which is the same for all.
        "partialFingerprints": { "primaryLocationLineHash": fingerprint, "zdrCheckResult/v1": fingerprint },
        "properties": properties(result),
    });
    let more = [("ruleIndex", rules::index(result.rule).map(Value::from)), ("suppressions", suppressions(result))];
    if let Value::Object(fields) = &mut value {
        fields.extend(more.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    }
    value
}

/// The place in the plan or, without one, the policy file.
fn physical(result: &RuleResult, file: &File) -> Value {
    match &result.location {
        None => file.at(1),
        Some(own) => json!({
            "artifactLocation": { "uri": uri(&own.path) },
            "region": { "startLine": own.line, "startColumn": own.column },
        }),
    }
}

/// A result that is nothing to mend, in short.
pub(super) fn other(result: &RuleResult) -> Value {
    json!({
        "ruleId": result.rule,
        "kind": kind(inner(result)),
        "resource": result.resource_id,
        "message": message(&result.message),
    })
}

/// The name of an account, with those of what is below it: `account/deployment`.
fn name(result: &RuleResult) -> String {
    let segments: Vec<&str> = result.resource_id.split('/').skip(1).collect();
    let (account, below) = segments.split_at(segments.len().min(ACCOUNT_SEGMENTS));
    let own = account.last().copied().into_iter();
    own.chain(below.chunks(2).filter_map(|pair| pair.get(1).copied())).collect::<Vec<&str>>().join("/")
}

/// What the rule said, under what a person laid over it.
fn inner(result: &RuleResult) -> Outcome {
    match &result.overlay {
        Some(Overlay::Waiver(waiver)) => waiver.inner,
        Some(Overlay::Attestation(_)) => Outcome::Manual,
        None => result.outcome,
    }
}

/// §3.27.9; §3.27.10 wants the level `none` with every kind but `fail`.
fn kind(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fail",
        Outcome::Unknown => "open",
        Outcome::Manual | Outcome::Waived | Outcome::Attested => "review",
        Outcome::Pass => "pass",
        Outcome::NotApplicable => "notApplicable",
    }
}

/// §3.27.23: what a person decided, and until when.
fn suppressions(result: &RuleResult) -> Option<Value> {
    let (why, properties) = match result.overlay.as_ref()? {
        Overlay::Waiver(own) => {
            let ticket = own.ticket.as_deref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
            let why = format!("Waived until {} by {}{ticket}: {}", own.expires, own.owner, own.reason);
            (why, json!({ "owner": own.owner, "expires": own.expires, "ticket": own.ticket }))
        }
        Overlay::Attestation(own) => {
            let why = format!("Attested on {} until {} by {}: {}", own.date, own.expires, own.by, own.statement);
            let evidence = own.evidence.as_ref().map(|(path, sha256)| json!({ "path": path, "sha256": sha256 }));
            (why, json!({ "by": own.by, "date": own.date, "expires": own.expires, "evidence": evidence }))
        }
    };
    let why = sanitise(&why);
    Some(json!([{ "kind": "external", "status": "accepted", "justification": why, "properties": properties }]))
}

fn properties(result: &RuleResult) -> Map<String, Value> {
    let evidence: Vec<Value> = (result.evidence.iter())
        .map(|own| json!({ "operation": own.operation.as_str(), "pointer": own.pointer, "value": own.value }))
        .collect();
    let facts = [
        ("outcome", Some(json!(result.outcome.as_str()))),
        ("axis", Some(json!(result.axis.as_str()))),
        ("severity", Some(json!(result.severity.as_str()))),
        ("account", Some(json!(result.account_id))),
        ("address", result.location.as_ref().and_then(|own| own.address.as_deref()).map(Value::from)),
        ("cause", result.cause.map(Value::from)),
        ("remediation", result.remediation.as_deref().map(Value::from)),
        ("evidence", (!evidence.is_empty()).then(|| Value::from(evidence))),
    ];
    facts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

/// One result for everything that could not be read: accounts in such a place have no results of their own.
pub(super) fn unread(assessment: &Assessment, file: &File) -> Option<Value> {
    let reads = &assessment.coverage.unreadable;
    let mut actions: Vec<&str> = reads.iter().filter_map(|read| read.action.as_deref()).collect();
    actions.sort_unstable();
    actions.dedup();
    let more = actions.len().saturating_sub(NAMED);
    actions.truncate(NAMED);
    let missing = match (actions.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(" Rights that are missing: {}.", actions.join(", ")),
        (false, more) => format!(" Rights that are missing: {} and {more} more.", actions.join(", ")),
    };
    let text = format!(
        "{} reads failed; what they would have shown was not judged.{missing} The notifications of this run list all of them.",
        reads.len()
    );
    let scopes: Vec<Value> = [format!("azure/{}", assessment.run.cloud.as_str())]
        .map(|name| json!({ "fullyQualifiedName": name, "kind": "resource" }))
        .into();
    (!reads.is_empty()).then(|| {
        json!({
            "ruleId": SCOPE_UNREAD,
            "ruleIndex": rules::index_of_unread(),
            "kind": "fail",
            "level": if assessment.complete { "note" } else { "error" },
            "message": { "text": message(&text) },
            "locations": [{ "physicalLocation": file.at(1), "logicalLocations": scopes }],
            "partialFingerprints": { "primaryLocationLineHash": SCOPE_UNREAD, "zdrCheckResult/v1": SCOPE_UNREAD },
        })
    })
}

/// Text in which nothing is a placeholder or a link: §3.11.5 wants braces doubled, §3.11.6 makes `[text](target)` a link. It
/// ends like a sentence.
pub(super) fn message(text: &str) -> String {
    let text = sanitise(text).replace('{', "{{").replace('}', "}}").replace("](", "] (");
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}

/// A path as a URI reference.
pub(super) fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = match path.as_bytes() {
        [b'/', ..] => "file://".to_owned(),
        [_, b':', ..] => "file:///".to_owned(),
        _ => String::new(),
    };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || (byte == b':' && uri.starts_with("file:")) {
            uri.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase();
            uri.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_holds_no_placeholder_and_no_link() {
        assert_eq!(message("set {0} of [a](https://b)"), "set {{0}} of [a] (https://b).");
        assert_eq!(message("done."), "done.");
    }

    #[test]
    fn a_path_becomes_a_uri() {
        let cases = [
            ("zdr-check.toml", "zdr-check.toml"),
            ("policy/für alle#1.toml", "policy/f%C3%BCr%20alle%231.toml"),
            ("/srv/zdr-check.toml", "file:///srv/zdr-check.toml"),
            ("C:\\policy\\zdr.toml", "file:///C:/policy/zdr.toml"),
        ];
        for (path, wanted) in cases {
            assert_eq!(uri(path), wanted);
        }
    }
}
