//! Whether the endpoint can be reached at all, and by which way: for `zdr-check doctor`, which asks without a token.

use std::path::Path;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::DATE;
use tokio::time::Instant;
use url::Url;

use super::{clock, failure};
use crate::azure::clouds::Endpoint;
use crate::azure::environment::Environment;
use crate::azure::http::{self, HttpError, Proxy};
use crate::azure::operations::{Family, row};
use crate::snapshot::Operation;

/// An answer of the endpoint to a request without a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Its status; Azure Resource Manager refuses such a request with 401.
    pub status: u16,
    /// Protocol, such as `HTTP/2.0`.
    pub version: String,
    /// Time to the answer, name resolution and TLS handshake included.
    pub latency: Duration,
    /// How far this machine's clock is ahead of the answer's `Date`, to about a second; `None` without such a header.
    pub ahead: Option<SignedDuration>,
}

/// Asks the endpoint for its subscriptions, without a token.
///
/// # Errors
/// [`HttpError`] when no client can be made. The inner error is one line on why there was no answer.
pub async fn reach(
    endpoint: &Endpoint,
    ca_file: Option<&Path>,
    limit: Duration,
) -> Result<Result<Reach, String>, HttpError> {
    let client = http::client(ca_file, Proxy::of(&endpoint.arm))?;
    let version = Family::Subscriptions.versions().first().copied().unwrap_or_default();
    let url = row(Operation::SubscriptionsList).url(&endpoint.arm, "", version);
    let url = url.unwrap_or_else(|| endpoint.arm.clone());
    let (start, sent) = (Instant::now(), clock::now());
    let answer = match client.get(url).timeout(limit).send().await {
        Ok(answer) => answer,
        Err(error) => return Ok(Err(why(&error))),
    };
    let latency = start.elapsed();
    let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
    Ok(Ok(Reach {
        status: answer.status().as_u16(),
        version: format!("{:?}", answer.version()),
        latency,
        ahead: date.and_then(|date| ahead(date, sent, latency)),
    }))
}

fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let inner = std::error::Error::source(error).map_or_else(|| failure::chain(error), failure::chain);
    failure::one_line(&inner, None)
}

/// The header has whole seconds: on average it is half a second old when it is written.
fn ahead(date: &str, sent: Timestamp, latency: Duration) -> Option<SignedDuration> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    let half = SignedDuration::try_from(latency / 2).ok()?;
    Some(sent.duration_since(theirs) + half - SignedDuration::from_millis(500))
}

/// What says how requests leave this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxies {
    /// The proxy requests to the endpoint go through, without its user name and password.
    pub in_force: Option<String>,
    /// Variables about proxies that are set, the same way.
    pub variables: Vec<(&'static str, String)>,
}

/// The proxy in force for `endpoint`, as the client decides it.
pub fn proxies(endpoint: &Url, environment: &Environment) -> Proxies {
    const NAMES: [&str; 8] =
        ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];
    let destination = endpoint.as_str().parse().ok();
    let in_force = destination
        .filter(|_| Proxy::of(endpoint) == Proxy::Environment)
        .and_then(|destination| Matcher::from_system().intercept(&destination));
    let set = |name| environment.get(name).map(|value| (name, without_user(value)));
    Proxies {
        in_force: in_force.map(|proxy| without_user(&proxy.uri().to_string())),
        variables: NAMES.into_iter().filter_map(set).collect(),
    }
}

/// Also for values that are no URLs: whatever stands before the last `@` is not shown.
fn without_user(value: &str) -> String {
    match value.rsplit_once('@') {
        None => value.to_owned(),
        Some((before, host)) => {
            let scheme = before.split_once("://").map(|(scheme, _)| format!("{scheme}://")).unwrap_or_default();
            format!("{scheme}***@{host}")
        }
    }
}

/// Whom the client trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// `SSL_CERT_FILE` or `SSL_CERT_DIR` with its value and whether something is there; else the system's own.
    pub variable: Option<(&'static str, String, bool)>,
    /// The file of `--ca-file`.
    pub ca_file: Option<String>,
    /// Whether the endpoint is asked over TLS at all; plain http is possible to loopback hosts only.
    pub tls: bool,
}

/// Where the client takes its roots from.
pub fn roots(endpoint: &Url, environment: &Environment, ca_file: Option<&Path>) -> Roots {
    let set = |name| environment.get(name).map(|value| (name, value.to_owned(), Path::new(value).exists()));
    Roots {
        variable: ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().find_map(set),
        ca_file: ca_file.map(|path| path.display().to_string()),
        tls: endpoint.scheme() == "https",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_the_password_of_a_proxy() {
        for (value, want) in [
            ("http://proxy.example:3128", "http://proxy.example:3128"),
            ("http://user:p%40ss@proxy.example:3128/", "http://***@proxy.example:3128/"),
            ("user:p@ss@proxy.example:3128", "***@proxy.example:3128"),
            ("localhost,.example", "localhost,.example"),
        ] {
            assert_eq!(without_user(value), want);
        }
    }

    #[test]
    fn the_clock_is_compared_with_the_middle_of_the_exchange() {
        let sent: Timestamp = "2026-11-22T10:00:10Z".parse().unwrap();
        let ahead = |date| ahead(date, sent, Duration::from_secs(1));
        assert_eq!(ahead("Sun, 22 Nov 2026 10:00:10 GMT"), Some(SignedDuration::ZERO));
        assert_eq!(ahead("Sun, 22 Nov 2026 09:00:10 GMT"), Some(SignedDuration::from_hours(1)));
        assert_eq!(ahead("yesterday"), None);
    }
}
