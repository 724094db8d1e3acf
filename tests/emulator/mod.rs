//! A loopback stand-in for Azure Resource Manager and the token services beside it.
//!
//! It serves an *estate*: subscriptions, accounts and their children written down as JSON (see [`estate`]), so that the
//! real program can be driven over real sockets, and it can misbehave on request (see [`fault`]). It shares no code with
//! the product: what it believes about Azure is a second opinion. Every request is kept (see [`record`]), and what no
//! read-only client may do is kept as a violation.
//!
//! ```ignore
//! let emulator = Emulator::builder(estate).page_size(3).tls(true).fault(at("/deployments").first(2), Fault::status(503)).start();
//! let output = Command::new(program).args(["scan", "--arm-endpoint", &emulator.endpoint()]).envs(emulator.environment()).output();
//! assert!(emulator.violations().is_empty());
//! ```
//!
//! Listeners, all on 127.0.0.1 (or `::1`) with a port of the kernel's choice: *main* (ARM and the Entra token path, http or https),
//! *identity* (the App Service managed-identity endpoint, always plain http, as on App Service) and *stranger* (the host
//! that hostile links point to: whoever comes here is recorded as a violation). *Data* is the data plane of every account (see
//! [`data_plane`]).
#![allow(dead_code, unused_imports, reason = "the integration tests and the benches each use a part of it")]

pub(crate) mod answer;
pub(crate) mod arm;
pub(crate) mod body;
pub(crate) mod data_plane;
pub(crate) mod estate;
pub(crate) mod fault;
pub(crate) mod further;
pub(crate) mod identity;
pub(crate) mod options;
pub(crate) mod record;
pub(crate) mod resources;
pub(crate) mod server;
pub(crate) mod tenant;
pub(crate) mod throttle;
pub(crate) mod tls;
pub(crate) mod versions;

#[cfg(test)]
mod selftest;

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;

pub(crate) use fault::{Fault, Framing, RetryAfter, When, at};
pub(crate) use options::{Builder, LastPage, RateHeaders, Transport};
pub(crate) use record::{Early, Plane, Seen, Violation, ViolationKind};

use server::{Role, State};

/// A running emulator. It stops when dropped.
pub(crate) struct Emulator {
    runtime: Option<Runtime>,
    state: Arc<State>,
    authority: Option<tls::Authority>,
    ca_file: Option<NamedTempFile>,
    // Bound but not listening: connections are refused, and nobody else can take the port meanwhile.
    closed: TcpSocket,
}

impl Emulator {
    /// An emulator of `estate` with default options: plain http, no paging, no throttle, tokens valid for a day.
    pub(crate) fn builder(estate: Value) -> Builder {
        Builder::new(estate)
    }

    /// An emulator of the estate in a file below the repository root, such as `fixtures/arm/twenty-five/estate.json`.
    pub(crate) fn builder_from(fixture: &str) -> Builder {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::builder(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    fn start(builder: Builder) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("emulator")
            .enable_all()
            .build()
            .expect("a runtime for the emulator");
        let authority = (builder.options.transport != Transport::Http).then(tls::Authority::new);
        let acceptor = authority.as_ref().map(|own| own.acceptor(builder.options.transport));
        let host = builder.options.host;
        let sockets: Vec<(Role, TcpListener)> = [Role::Main, Role::Identity, Role::Stranger, Role::Data]
            .into_iter()
            .map(|role| (role, listener(host)))
            .collect();
        let address = |role: Role| address_of(&sockets, role);
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let state = Arc::new(State::new(
            builder,
            format!("{scheme}://{}", address(Role::Main)),
            format!("http://{}", address(Role::Identity)),
            format!("{scheme}://{}", address(Role::Stranger)),
            format!("{scheme}://{}", address(Role::Data)),
        ));
        for (role, socket) in sockets {
            let acceptor = (role != Role::Identity).then(|| acceptor.clone()).flatten();
            runtime.spawn(server::accept(socket, role, acceptor, state.clone()));
        }
        let closed = TcpSocket::new_v4().expect("a socket");
        closed.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a loopback port");
        let ca_file = authority.as_ref().map(tls::Authority::write);
        Self { runtime: Some(runtime), state, authority, ca_file, closed }
    }

    /// Base URL of ARM, without a slash at the end.
    pub(crate) fn endpoint(&self) -> String {
        self.state.endpoint.clone()
    }

    /// Base URL of the Entra authority. Clients refuse one that is not https, so use it with [`Builder::tls`].
    pub(crate) fn authority(&self) -> String {
        self.state.endpoint.clone()
    }

    /// URL for `IDENTITY_ENDPOINT`.
    pub(crate) fn identity_endpoint(&self) -> String {
        format!("{}/msi/token", self.state.identity)
    }

    /// Value for `IDENTITY_HEADER`; the endpoint refuses any other.
    pub(crate) fn identity_header(&self) -> String {
        self.state.identity_header.clone()
    }

    /// Base URL of the host that hostile links and redirects point to.
    pub(crate) fn stranger(&self) -> String {
        self.state.stranger.clone()
    }

    /// Base URL of the data planes: each account is below a path of its subdomain.
    pub(crate) fn data_plane(&self) -> String {
        self.state.data_plane.clone()
    }

    /// PEM file of the emulator's own certificate authority, with [`Builder::tls`] only.
    pub(crate) fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_ref().map(NamedTempFile::path)
    }

    /// PEM text of the emulator's own certificate authority, with [`Builder::tls`] only.
    pub(crate) fn ca_pem(&self) -> Option<&str> {
        self.authority.as_ref().map(tls::Authority::pem)
    }

    /// A loopback URL where every connection is refused.
    pub(crate) fn closed_endpoint(&self) -> String {
        format!("http://{}", self.closed.local_addr().expect("a bound socket has an address"))
    }

    /// Variables for a program that signs in with the managed identity. IMDS is pointed at a closed loopback port, so a
    /// client that ignores `IDENTITY_ENDPOINT` fails instead of leaving the machine.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let mut variables = vec![
            ("IDENTITY_ENDPOINT".to_owned(), self.identity_endpoint()),
            ("IDENTITY_HEADER".to_owned(), self.identity_header()),
            ("AZURE_POD_IDENTITY_AUTHORITY_HOST".to_owned(), self.closed_endpoint()),
        ];
        if let Some(path) = self.ca_file() {
            variables.push(("SSL_CERT_FILE".to_owned(), path.display().to_string()));
        }
        variables
    }

    /// Issues a token out of band, for a client that is handed one.
    pub(crate) fn issue_token(&self) -> String {
        self.state.tokens().issue("https://management.azure.com").token
    }

    /// Makes every token issued so far invalid; the next ones are good.
    pub(crate) fn revoke_tokens(&self) {
        self.state.tokens().revoke_all();
    }

    /// Arms one more fault while running.
    pub(crate) fn inject(&self, when: When, fault: Fault) {
        self.state.faults().arm(when, fault);
    }

    /// Every request in order of arrival, on all listeners.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.state.log().requests.clone()
    }

    /// What no correct read-only client does.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        self.state.log().violations.clone()
    }

    /// Every request that arrived while an announced `Retry-After` was running, in-flight ones included. Those later than
    /// the grace time after the announcement are violations too.
    pub(crate) fn early_requests(&self) -> Vec<Early> {
        self.state.log().early.clone()
    }

    /// Number of requests by operation, such as
    /// `GET /subscriptions/{s}/providers/Microsoft.CognitiveServices/accounts`.
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for seen in &self.state.log().requests {
            *counts.entry(seen.operation.clone()).or_default() += 1;
        }
        counts
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn listener(host: &str) -> TcpListener {
    let socket = TcpListener::bind((host, 0)).expect("a loopback port");
    socket.set_nonblocking(true).expect("a socket for tokio");
    socket
}

fn address_of(sockets: &[(Role, TcpListener)], wanted: Role) -> SocketAddr {
    let (_, socket) = sockets.iter().find(|(role, _)| *role == wanted).expect("one listener per role");
    socket.local_addr().expect("a bound socket has an address")
}
