//! One exchange: the status and headers as they arrive, the body as far as it is wanted, and the evidence of it.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use azure_core::error::ErrorKind;
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::response::AsyncResponseBody;
use futures::StreamExt;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use url::Url;

use super::clock;
use super::failure::{self, Failure};
use super::refusal;
use crate::azure::operations::Row;
use crate::snapshot::{Cause, Evidence, Operation, hex};

/// How much of an error body is read, and for how long: it is a courtesy, the status has said what matters.
const ERROR_BODY_CAP: usize = 64 * 1024;
const ERROR_BODY_PATIENCE: Duration = Duration::from_secs(5);

/// A whole answer with status 200.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) request_id: Option<String>,
    pub(super) at: Timestamp,
}

/// Why a request brought no [`Answer`].
#[derive(Debug)]
pub(super) enum Miss {
    /// Another status than 200.
    Status { status: u16, body: Vec<u8>, request_id: Option<String>, retry_after: Option<Duration> },
    /// The time for one request ran out.
    TimedOut,
    /// No connection: name, route, refusal, TLS.
    Unreachable(String),
    /// The connection or the body broke off, or the body is not what its encoding says.
    Broken(String),
    /// The body is over the cap.
    TooLarge(usize),
}

impl Miss {
    /// Sorts an error of the pipeline.
    pub(super) fn of(error: &azure_core::Error) -> Self {
        // The outer layers are azure_core's and reqwest's; what happened is said below them.
        let outer = error.source().unwrap_or(error);
        let text = failure::chain(outer.source().unwrap_or(outer));
        match error.kind() {
            ErrorKind::Connection => Self::Unreachable(text),
            _ => Self::Broken(text),
        }
    }

    /// The failure it is when no further try is made. `secret` is blanked.
    pub(super) fn failure(self, row: &Row, secret: &str) -> Failure {
        match self {
            Self::Status { status, body, request_id, .. } => {
                let classify = if row.operation.is_data_plane() { refusal::classify } else { failure::classify };
                Failure { request_id, ..classify(status, &body, row, secret) }
            }
            Self::Unreachable(text) if row.operation.is_data_plane() => {
                Failure::new(Cause::NetworkDenied, failure::one_line(&text, Some(secret)))
            }
            Self::TimedOut => Failure::new(Cause::Timeout, "no whole answer in time"),
            Self::Unreachable(text) | Self::Broken(text) => {
                Failure::new(Cause::Transport, failure::one_line(&text, Some(secret)))
            }
            Self::TooLarge(cap) => Failure::shape("", format!("the answer is larger than {cap} bytes")),
        }
    }
}

/// Reads the whole body of a good answer, up to `cap` decoded bytes.
pub(super) async fn read_body(mut body: AsyncResponseBody, cap: usize) -> Result<Vec<u8>, Miss> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| Miss::of(&error))?;
        if bytes.len() + chunk.len() > cap {
            return Err(Miss::TooLarge(cap));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Reads the body of an error if it comes easily.
pub(super) async fn read_error_body(body: AsyncResponseBody) -> Vec<u8> {
    let read = timeout(ERROR_BODY_PATIENCE, read_body(body, ERROR_BODY_CAP)).await;
    read.ok().and_then(Result::ok).unwrap_or_default()
}

/// `x-ms-request-id`, when it looks like one.
pub(super) fn request_id(headers: &Headers) -> Option<String> {
    // The data plane answers with one of the others.
    let mut named = ["x-ms-request-id", "apim-request-id", "x-request-id"].into_iter().map(HeaderName::from_static);
    let id = named.find_map(|name| headers.get_optional_str(&name))?.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
    (!id.is_empty() && id.len() <= 128 && id.bytes().all(plain)).then(|| id.to_owned())
}

impl Answer {
    pub(super) fn new(body: Vec<u8>, request_id: Option<String>) -> Self {
        Self { body, request_id, at: clock::now() }
    }

    /// The evidence of this answer.
    pub(super) fn evidence(&self, operation: Operation, url: &Url, api_version: &str) -> Arc<Evidence> {
        Arc::new(Evidence {
            operation,
            url: shown(url),
            api_version: api_version.to_owned(),
            status: 200,
            request_id: self.request_id.clone(),
            at: self.at,
            sha256: hex(&Sha256::digest(&self.body)),
        })
    }
}

/// The URL for evidence: values of query parameters we do not know (page tokens) are blanked.
pub(super) fn shown(url: &Url) -> String {
    let mut plain = url.clone();
    plain.set_query(None);
    plain.set_fragment(None);
    let known = |name: &str| {
        ["api-version", "includeAll", "$top", "$skip", "$filter", "limit"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let pairs = url.query_pairs().map(
        |(name, value)| {
            if known(&name) { format!("{name}={value}") } else { format!("{name}=***") }
        },
    );
    let query: Vec<String> = pairs.collect();
    if query.is_empty() { plain.into() } else { format!("{plain}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_shows_no_page_token() {
        for (url, want) in [
            ("https://h/a?api-version=V&$skiptoken=abc", "https://h/a?api-version=V&$skiptoken=***"),
            ("https://h/a?%24skipToken=abc&includeAll=true", "https://h/a?$skipToken=***&includeAll=true"),
            ("https://h/a", "https://h/a"),
        ] {
            assert_eq!(shown(&Url::parse(url).unwrap()), want);
        }
    }

    #[test]
    fn request_ids_are_plain() {
        let id = |value: &'static str| {
            let mut headers = Headers::new();
            headers.insert("x-ms-request-id", value);
            request_id(&headers)
        };
        assert_eq!(id("7c1f-1::2").as_deref(), Some("7c1f-1::2"));
        assert_eq!(id("a b"), None);
        assert_eq!(id(""), None);
    }

    #[test]
    fn the_hash_is_the_one_everybody_else_computes() {
        let answer = Answer::new(b"abc".to_vec(), None);
        let evidence = answer.evidence(Operation::AccountsGet, &Url::parse("https://h/").unwrap(), "V");
        assert_eq!(evidence.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
