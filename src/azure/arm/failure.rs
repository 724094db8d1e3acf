//! Why a request did not answer: Azure's error bodies and transport errors, reduced to a [`Cause`] and one line of detail.

use std::error::Error;

use serde_json::Value;

use super::versions::Refusal;
use crate::azure::operations::Row;
use crate::azure::secrets;
use crate::snapshot::{Cause, Interruption, NOT_REACHED};

/// Runs of token characters longer than this are no words: JWTs, SAS signatures, assertions.
const LONGEST_WORD: usize = 64;

/// A failed request or answer, before it becomes the reason a fact is unavailable.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failure {
    pub(super) cause: Cause,
    /// One line; already free of secrets.
    pub(super) detail: Option<String>,
    pub(super) request_id: Option<String>,
    /// Set when Azure refused the api-version: an older one may answer.
    pub(super) refusal: Option<Refusal>,
}

impl Failure {
    pub(super) fn new(cause: Cause, detail: impl Into<String>) -> Self {
        Self { cause, detail: Some(detail.into()), request_id: None, refusal: None }
    }

    /// The run ended before this was asked.
    pub(super) fn not_reached() -> Self {
        Self::new(Cause::NotCollected, NOT_REACHED)
    }

    /// The run ended while this was being read.
    pub(super) fn cut_short(why: Interruption) -> Self {
        match why {
            Interruption::Deadline => Self::new(Cause::Timeout, "the deadline of the run passed"),
            Interruption::Signal | Interruption::Unfinished => Self::not_reached(),
        }
    }

    /// The answer is not what the API documents, at `pointer`.
    pub(super) fn shape(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Cause::UnexpectedShape { pointer: pointer.into() }, detail)
    }
}

/// What an answer with another status than 200 means. `secret` is blanked in the detail.
pub(super) fn classify(status: u16, body: &[u8], row: &Row, secret: &str) -> Failure {
    let (code, message) = arm_error(body);
    let refusal = (400..410).contains(&status).then(|| refusal(&code)).flatten();
    let cause = match status {
        401 | 403 => Cause::Forbidden { action: row.action.to_owned() },
        429 => Cause::Throttled,
        400..=499 if refusal.is_some() => Cause::NotInApiVersion,
        400..=499 if is_not_registered(&code) => Cause::ProviderNotRegistered,
        404 => Cause::NotFound,
        // A GET that is answered with "accepted" or "partial content" is not an answer.
        200..=299 => Cause::UnexpectedShape { pointer: String::new() },
        _ => Cause::ServerError { status },
    };
    let said = match (code.as_str(), message.as_str()) {
        ("", "") => format!("HTTP {status}"),
        ("", text) | (text, "") => text.to_owned(),
        (code, message) => format!("{code}: {message}"),
    };
    let said = match status {
        401 => format!("the sign-in was rejected: {said}"),
        300..=399 => format!("{said}: redirects are not followed"),
        _ => said,
    };
    let detail = Some(one_line(&said, Some(secret)));
    Failure { cause, detail, request_id: None, refusal: refusal.filter(|_| !matches!(status, 401 | 403)) }
}

/// Whether Azure refused the api-version, by its error code.
///
/// `InvalidApiVersionParameter` and `NoRegisteredProviderFound` are about the version. `InvalidResourceType` says that the
/// version exists without this type, which an older version cannot cure today but a lagging cloud might: it moves the
/// operation alone, and ends as `NotInApiVersion` rather than as "the resource is not there". No recorded answer with these
/// codes was at hand (2026-11-22); the names are ARM's published error codes.
fn refusal(code: &str) -> Option<Refusal> {
    let is = |name: &str| code.eq_ignore_ascii_case(name);
    if is("InvalidApiVersionParameter") || is("NoRegisteredProviderFound") {
        Some(Refusal::Family)
    } else {
        is("InvalidResourceType").then_some(Refusal::Operation)
    }
}

fn is_not_registered(code: &str) -> bool {
    ["MissingSubscriptionRegistration", "SubscriptionNotRegistered"].iter().any(|name| code.eq_ignore_ascii_case(name))
}

/// Code and message of an error body, standard (`{"error":{…}}`) or flat; empty when there is none.
fn arm_error(body: &[u8]) -> (String, String) {
    let Ok(json) = serde_json::from_slice::<Value>(body) else { return Default::default() };
    let error = json.get("error").filter(|error| error.is_object()).unwrap_or(&json);
    let text = |name| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    (text("code"), text("message"))
}

/// What an error and those beneath it say, without URLs: they carry page tokens.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !text.is_empty() && !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
        next = error.source();
    }
    let words = said.join(": ");
    let word = |word| if str::contains(word, "://") { "(URL)" } else { word };
    words.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// `text` as one short line, with `secret` and whatever looks like one blanked.
pub(super) fn one_line(text: &str, secret: Option<&str>) -> String {
    secrets::line(text, secret, LONGEST_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::operations::row;
    use crate::snapshot::Operation;

    fn failure(status: u16, body: &str) -> Failure {
        classify(status, body.as_bytes(), row(Operation::DeploymentsList), "SECRET")
    }

    #[test]
    fn statuses_and_codes_become_causes() {
        let forbidden =
            || Cause::Forbidden { action: "Microsoft.CognitiveServices/accounts/deployments/read".to_owned() };
        let error = |code: &str| format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#);
        for (status, code, want) in [
            (401, "x", forbidden()),
            (403, "AuthorizationFailed", forbidden()),
            (403, "InvalidApiVersionParameter", forbidden()),
            (404, "ResourceNotFound", Cause::NotFound),
            (404, "InvalidResourceType", Cause::NotInApiVersion),
            (400, "invalidapiversionparameter", Cause::NotInApiVersion),
            (400, "NoRegisteredProviderFound", Cause::NotInApiVersion),
            (409, "MissingSubscriptionRegistration", Cause::ProviderNotRegistered),
            (400, "SubscriptionNotRegistered", Cause::ProviderNotRegistered),
            (400, "BadRequest", Cause::ServerError { status: 400 }),
            (409, "Conflict", Cause::ServerError { status: 409 }),
            (301, "x", Cause::ServerError { status: 301 }),
            (429, "TooManyRequests", Cause::Throttled),
            (500, "InvalidApiVersionParameter", Cause::ServerError { status: 500 }),
            (204, "x", Cause::UnexpectedShape { pointer: String::new() }),
            (206, "x", Cause::UnexpectedShape { pointer: String::new() }),
        ] {
            let failure = failure(status, &error(code));
            assert_eq!(failure.cause, want, "{status} {code}");
            assert_eq!(failure.refusal.is_some(), want == Cause::NotInApiVersion, "{status} {code}");
        }
    }

    #[test]
    fn details_come_from_every_dialect_of_error_body() {
        for (status, body, want) in [
            (404, r#"{"error":{"code":"A","message":"b\r\nc"}}"#, "A: b c"),
            (400, r#"{"code":"Flat","message":"body"}"#, "Flat: body"),
            (400, r#"{"error":{"message":"only"}}"#, "only"),
            (502, "<html>bad gateway</html>", "HTTP 502"),
            (500, r#"{"error":[1]}"#, "HTTP 500"),
            (302, "", "HTTP 302: redirects are not followed"),
            (
                401,
                r#"{"error":{"code":"ExpiredAuthenticationToken"}}"#,
                "the sign-in was rejected: ExpiredAuthenticationToken",
            ),
            (403, r#"{"error":{"code":"C","message":"token SECRET is bad"}}"#, "C: token *** is bad"),
        ] {
            assert_eq!(failure(status, body).detail.as_deref(), Some(want), "{body}");
        }
    }

    #[test]
    fn transport_errors_are_told_without_their_url() {
        #[derive(Debug)]
        struct Layer(&'static str, Option<Box<Self>>);
        impl std::fmt::Display for Layer {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0)
            }
        }
        impl Error for Layer {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                self.1.as_deref().map(|layer| layer as &(dyn Error + 'static))
            }
        }
        let os = Layer("Connection refused (os error 111)", None);
        let tcp = Layer("tcp connect error", Some(Box::new(os)));
        let url = Layer("error sending request for url (http://h/?$skiptoken=abc)", Some(Box::new(tcp)));
        let want = "error sending request for url (URL) tcp connect error: Connection refused (os error 111)";
        assert_eq!(chain(&url), want);
    }
}
