//! What arrived, and what should not have.

use std::time::{Duration, Instant};

/// Which part of the emulator a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plane {
    /// Azure Resource Manager.
    Arm,
    /// The managed-identity endpoint or the Entra token path.
    Identity,
    /// The data plane of an account.
    Data,
    /// The host nobody should ask.
    Stranger,
}

/// One request. Headers are kept as sent: tokens here are worthless.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// Position in order of arrival.
    pub(crate) index: usize,
    /// Since the emulator started.
    pub(crate) at: Duration,
    pub(crate) plane: Plane,
    pub(crate) method: String,
    /// Path and query as sent.
    pub(crate) target: String,
    /// Method and path with names replaced: `GET /subscriptions/{s}`.
    pub(crate) operation: String,
    /// Lower case; `None` for tenant-level requests.
    pub(crate) subscription: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    /// Whether an `Authorization` header was present.
    pub(crate) authorization: bool,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub(crate) version: String,
    /// The status sent; `None` while undecided or when the connection was closed without one.
    pub(crate) status: Option<u16>,
}

impl Seen {
    /// The first header of this name (any casing).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The `api-version` asked for.
    pub(crate) fn api_version(&self) -> Option<&str> {
        self.target.split(['?', '&']).find_map(|pair| pair.strip_prefix("api-version="))
    }
}

/// A kind of misbehaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ViolationKind {
    /// Something other than GET on ARM.
    NotGet,
    /// A bearer token on a token path.
    BearerOutsideArm,
    /// The managed-identity secret header on anything but the managed-identity endpoint.
    IdentityHeaderOutsideIdentity,
    /// Any request to the stranger: a hostile link or redirect was followed.
    WentToStranger,
    /// The stranger was sent a bearer token.
    BearerToStranger,
    /// Plain http where https is spoken.
    PlainHttp,
    /// A request before an announced `Retry-After` ran out.
    Early,
}

/// One misbehaviour and the request that showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) kind: ViolationKind,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) detail: String,
}

/// A request that arrived while a `Retry-After` was running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Early {
    pub(crate) target: String,
    /// Since the pause was announced; small values are requests already on their way.
    pub(crate) after: Duration,
    /// How much of the pause was left.
    pub(crate) left: Duration,
}

/// The whole record.
#[derive(Debug)]
pub(crate) struct Log {
    started: Instant,
    pub(crate) requests: Vec<Seen>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) early: Vec<Early>,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), requests: Vec::new(), violations: Vec::new(), early: Vec::new() }
    }

    /// Keeps a request, fills in its position and time, and returns the position.
    pub(crate) fn arrive(&mut self, mut seen: Seen) -> usize {
        seen.index = self.requests.len();
        seen.at = self.started.elapsed();
        self.requests.push(seen);
        self.requests.len() - 1
    }

    pub(crate) fn answered(&mut self, index: usize, status: u16) {
        self.requests[index].status = Some(status);
    }

    pub(crate) fn violation(&mut self, kind: ViolationKind, index: usize, detail: impl Into<String>) {
        let seen = &self.requests[index];
        let (method, target) = (seen.method.clone(), seen.target.clone());
        self.violations.push(Violation { kind, method, target, detail: detail.into() });
    }
}

/// Method and path with names replaced, in canonical casing, without the query.
pub(crate) fn operation(method: &str, target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let mut out = format!("{method} ");
    let mut placeholder = None;
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let lower = segment.to_ascii_lowercase();
        let (shown, next) = placeholder.take().map_or_else(|| known(&lower), |name: &str| (Some(name), None));
        out.push('/');
        out.push_str(shown.unwrap_or(segment));
        placeholder = next;
    }
    out
}

fn known(segment: &str) -> (Option<&'static str>, Option<&'static str>) {
    match segment {
        "subscriptions" => (Some("subscriptions"), Some("{s}")),
        "resourcegroups" => (Some("resourceGroups"), Some("{rg}")),
        "providers" => (Some("providers"), None),
        "microsoft.cognitiveservices" => (Some("Microsoft.CognitiveServices"), None),
        "accounts" => (Some("accounts"), Some("{a}")),
        "projects" => (Some("projects"), Some("{p}")),
        "applications" => (Some("applications"), Some("{app}")),
        "deployments" => (Some("deployments"), None),
        "connections" => (Some("connections"), None),
        "capabilityhosts" => (Some("capabilityHosts"), None),
        "agentdeployments" => (Some("agentDeployments"), None),
        _ => (None, None),
    }
}
