//! Why the data plane did not answer, in words of ours.
//!
//! Its error messages may quote what was stored, so none is kept: an answer is sorted by its status and by what Microsoft's own
//! phrases in it mean. The phrases were seen in public reports of these errors (looked up 2026-11-22), not in answers of ours.

use super::failure::Failure;
use crate::azure::operations::Row;
use crate::snapshot::Cause;

/// Phrases of an answer that the network of the account, not a missing right, refused.
const NETWORK: [&str; 5] = [
    "virtual network/firewall rules",
    "public access is disabled",
    "configure private endpoint",
    "approved private endpoint",
    "network security perimeter",
];

/// Phrases of an answer that tokens are not accepted there.
const KEY_ONLY: [&str; 2] = ["custom subdomain", "token authentication is not supported"];

/// Phrases of an answer that the route does not exist in this api-version.
const VERSION: [&str; 3] = ["api version", "api-version", "apiversion"];

/// What an answer with another status than 200 means.
pub(super) fn classify(status: u16, body: &[u8], row: &Row, _: &str) -> Failure {
    let said = String::from_utf8_lossy(body).to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| said.contains(phrase));
    let http = |what: &str| format!("HTTP {status}: {what}");
    match status {
        401 | 403 if says(&NETWORK) => Failure::new(Cause::NetworkDenied, http("the firewall of the account refused")),
        400 | 401 | 403 if says(&KEY_ONLY) => Failure::new(Cause::KeyOnly, http("the host takes no tokens")),
        401 | 403 => Failure::new(Cause::Forbidden { action: row.action.to_owned() }, http("refused")),
        400 if says(&VERSION) => Failure::new(Cause::NotInApiVersion, http("the api-version is refused")),
        404 | 405 | 410 => Failure::new(Cause::NotFound, http("the account does not answer this call")),
        429 => Failure::new(Cause::Throttled, http("too many requests")),
        200..=299 => Failure::shape("", http("no answer to a list")),
        300..=399 => Failure::new(Cause::ServerError { status }, http("redirects are not followed")),
        _ => Failure::new(Cause::ServerError { status }, format!("HTTP {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::operations::row;
    use crate::snapshot::Operation;

    #[test]
    fn errors_are_sorted_and_never_quoted() {
        let files = row(Operation::FilesList);
        let forbidden = Cause::Forbidden { action: files.action.to_owned() };
        for (status, message, want) in [
            (403, "Access denied due to Virtual Network/Firewall rules.", Cause::NetworkDenied),
            (403, "Public access is disabled. Please configure private endpoint.", Cause::NetworkDenied),
            (
                400,
                "Please provide a custom subdomain for token authentication, otherwise API key is required.",
                Cause::KeyOnly,
            ),
            (401, "The principal `x` lacks the required data action `y`", forbidden.clone()),
            (403, "", forbidden),
            (404, "Resource not found", Cause::NotFound),
            (400, "Unsupported api-version", Cause::NotInApiVersion),
            (400, "Bad request", Cause::ServerError { status: 400 }),
            (500, "", Cause::ServerError { status: 500 }),
        ] {
            let body = format!(r#"{{"error":{{"code":"BAIT","message":"{message} BAIT"}}}}"#);
            let failure = classify(status, body.as_bytes(), files, "");
            assert_eq!(failure.cause, want, "{message}");
            assert!(!failure.detail.unwrap_or_default().contains("BAIT"));
        }
    }
}
