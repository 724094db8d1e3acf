//! Listeners, connections, and the way of one request through the emulator.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Collected, Limited};
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::answer::{Answer, ArmError, Content};
use super::arm::{self, Ask};
use super::body::{self, Delivery, Flow, Link, Wire};
use super::data_plane;
use super::estate::Estate;
use super::fault::{Faults, Place};
use super::identity::{self, Refusal, Tokens};
use super::options::{self, Builder, Options, RateHeaders, Transport};
use super::record::{Early, Log, Plane, Seen, ViolationKind, operation};
use super::resources;
use super::tenant;
use super::throttle::{Buckets, Pauses};

/// What a listener is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Main,
    Identity,
    Stranger,
    Data,
}

/// Everything the connections share.
pub(crate) struct State {
    estate: Estate,
    options: Options,
    pub(crate) endpoint: String,
    pub(crate) identity: String,
    /// What the managed-identity endpoint wants to see in `x-identity-header`.
    pub(crate) identity_header: String,
    pub(crate) stranger: String,
    pub(crate) data_plane: String,
    log: Mutex<Log>,
    tokens: Mutex<Tokens>,
    faults: Mutex<Faults>,
    buckets: Mutex<Buckets>,
    pauses: Mutex<Pauses>,
    ids: AtomicU64,
}

impl State {
    pub(crate) fn new(
        builder: Builder,
        endpoint: String,
        identity: String,
        stranger: String,
        data_plane: String,
    ) -> Self {
        let Builder { estate, options, faults } = builder;
        let estate = Estate::new(estate);
        let tokens = Tokens::new(tenant::tenants(estate.document(), estate.tenant()), &options);
        let mut armed = Faults::default();
        for (when, fault) in faults {
            armed.arm(when, fault);
        }
        Self {
            estate,
            options,
            endpoint,
            identity_header: format!("secret-of-{}", identity.trim_start_matches("http://")),
            identity,
            stranger,
            data_plane,
            log: Mutex::new(Log::new()),
            tokens: Mutex::new(tokens),
            faults: Mutex::new(armed),
            buckets: Mutex::default(),
            pauses: Mutex::default(),
            ids: AtomicU64::new(1),
        }
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        lock(&self.tokens)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    fn id(&self) -> String {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        format!("{id:08x}-0000-4000-8000-{id:012x}")
    }
}

// A panic elsewhere is reported by the test that panicked; the data is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Accepts connections until the runtime ends.
pub(crate) async fn accept(socket: TcpListener, role: Role, acceptor: Option<TlsAcceptor>, state: Arc<State>) {
    let listener = tokio::net::TcpListener::from_std(socket).expect("a socket in non-blocking mode");
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection(stream, role, acceptor.clone(), state.clone()));
        }
    }
}

async fn connection(stream: TcpStream, role: Role, acceptor: Option<TlsAcceptor>, state: Arc<State>) {
    let _ = stream.set_nodelay(true);
    let link = Arc::new(Link::default());
    let tls = acceptor.is_some();
    // A TLS handshake starts with byte 22. Whoever starts otherwise is served in the clear, to see what is given away.
    let Some(acceptor) = acceptor else {
        let peer = Peer { state, role, clear: false, tls, link: link.clone() };
        return talk(Wire { stream, link }, peer).await;
    };
    let mut first = [0_u8];
    let clear = match stream.peek(&mut first).await {
        Ok(1..) => first[0] != 22,
        Ok(0) | Err(_) => return,
    };
    let peer = Peer { state, role, clear, tls: !clear, link: link.clone() };
    let wire = Wire { stream, link };
    if clear {
        talk(wire, peer).await;
    } else if let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_secs(30), acceptor.accept(wire)).await {
        talk(stream, peer).await;
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(stream: S, peer: Peer) {
    let link = peer.link.clone();
    let peer = Arc::new(peer);
    let service = service_fn(move |request| {
        let peer = peer.clone();
        async move { Ok::<_, Infallible>(serve(&peer, request).await) }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    tokio::select! {
        _ = builder.serve_connection(TokioIo::new(stream), service) => {}
        () = link.gone() => {}
    }
}

/// One connection.
struct Peer {
    state: Arc<State>,
    role: Role,
    /// Plain http on a port that speaks https.
    clear: bool,
    tls: bool,
    link: Arc<Link>,
}

/// One request: its head, and what was worked out about it.
struct Call {
    index: usize,
    plane: Plane,
    parts: Parts,
    path: String,
    query: String,
    target: String,
    base: String,
}

async fn serve(peer: &Peer, request: Request<Incoming>) -> Response<Flow> {
    let (parts, body) = request.into_parts();
    let state = &peer.state;
    let call = arrive(peer, parts);
    let fault = if call.plane == Plane::Stranger { None } else { state.faults().pick(&call.target) };
    let mut answer = match fault.as_ref().and_then(|fault| fault.replaces(state.options.flat_errors)) {
        Some(answer) => answer,
        None => genuine(peer, &call, body).await,
    };
    if let Content::Json(value) = &mut answer.content
        && state.options.floats
        && call.plane == Plane::Arm
    {
        resources::with_floats(value);
    }
    let mut delivery = Delivery::Whole;
    if let Some(fault) = &fault {
        let bearer = header(&call.parts, "authorization").and_then(|value| value.split_once(' '));
        let bearer = bearer.map_or("", |(_, token)| token);
        let place = Place { base: &call.base, stranger: &state.stranger, target: &call.target, bearer };
        fault.change(&mut answer, &place);
        delivery = fault.delivery(state.options.stall);
    }
    tokio::time::sleep(state.options.latency + jitter(&state.options, &call.target)).await;
    if let Delivery::None(silence) = delivery {
        tokio::time::sleep(silence).await;
        peer.link.reset();
        return std::future::pending().await;
    }
    announce(state, &call, &answer);
    state.log().answered(call.index, answer.status);
    if call.plane == Plane::Arm {
        let id = state.id();
        answer = answer.header("x-ms-request-id", &id).header("x-ms-correlation-request-id", &id);
    }
    body::send(&answer, delivery, state.options.gzip && accepts_gzip(&call.parts), &peer.link)
}

/// A delay of the request's own, so that answers arrive in another order than their questions.
fn jitter(options: &Options, target: &str) -> Duration {
    let path = target.split('?').next().unwrap_or_default();
    let thousandths = u32::try_from(options::mixed(options.shuffle.unwrap_or(0), path) % 1000).unwrap_or(0);
    options.jitter * thousandths / 1000
}

/// Records the request and what is wrong with it before anything is answered.
fn arrive(peer: &Peer, parts: Parts) -> Call {
    let target = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let plane = match peer.role {
        Role::Stranger => Plane::Stranger,
        Role::Identity => Plane::Identity,
        Role::Data => Plane::Data,
        Role::Main if path.ends_with("/oauth2/v2.0/token") => Plane::Identity,
        Role::Main => Plane::Arm,
    };
    let scheme = if peer.tls { "https" } else { "http" };
    let host = parts.uri.authority().map(ToString::to_string).or_else(|| header(&parts, "host").map(str::to_owned));
    let base = host.map_or_else(|| peer.state.endpoint.clone(), |host| format!("{scheme}://{host}"));
    let headers = parts.headers.iter();
    let seen = Seen {
        index: 0,
        at: Duration::ZERO,
        plane,
        method: parts.method.to_string(),
        target: target.clone(),
        operation: operation(parts.method.as_str(), &target),
        subscription: arm::subscription(&path),
        headers: headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        authorization: parts.headers.contains_key("authorization"),
        version: format!("{:?}", parts.version),
        status: None,
    };
    let index = peer.state.log().arrive(seen);
    let call = Call { index, plane, parts, path, query, target, base };
    watch(peer, &call);
    call
}

fn watch(peer: &Peer, call: &Call) {
    let bearer = call.parts.headers.contains_key("authorization");
    let mut log = peer.state.log();
    let mut note = |kind, detail: &str| log.violation(kind, call.index, detail);
    let misdirected = peer.role == Role::Identity
        && !call.path.starts_with("/msi/")
        && peer.state.options.transport != Transport::Http;
    if peer.clear || misdirected {
        note(ViolationKind::PlainHttp, if bearer { "with a bearer token" } else { "without a bearer token" });
    }
    if peer.role != Role::Identity && call.parts.headers.contains_key("x-identity-header") {
        note(ViolationKind::IdentityHeaderOutsideIdentity, "x-identity-header");
    }
    match call.plane {
        Plane::Arm | Plane::Data if call.parts.method != "GET" => note(ViolationKind::NotGet, "Azure is only read"),
        Plane::Identity if bearer => note(ViolationKind::BearerOutsideArm, "a bearer token on a token path"),
        Plane::Stranger => {
            note(ViolationKind::WentToStranger, "a link or redirect to another host was followed");
            if bearer {
                note(ViolationKind::BearerToStranger, "a bearer token for another host");
            }
        }
        Plane::Arm | Plane::Data | Plane::Identity => {}
    }
    drop(log);
    let now = Instant::now();
    let pauses = lock(&peer.state.pauses);
    let Some((after, left)) = [bucket(call), url(call)].iter().find_map(|key| pauses.held(key, now)) else { return };
    drop(pauses);
    let mut log = peer.state.log();
    log.early.push(Early { target: call.target.clone(), after, left });
    if after > peer.state.options.grace {
        log.violation(ViolationKind::Early, call.index, format!("{} ms early", left.as_millis()));
    }
}

fn bucket(call: &Call) -> String {
    if call.plane == Plane::Data {
        return format!("data plane {}", data_plane::subdomain(&call.path));
    }
    format!("bucket {}", arm::subscription(&call.path).unwrap_or_default())
}

fn url(call: &Call) -> String {
    format!("{} {}", call.parts.method, call.target)
}

/// Starts the watch over a `Retry-After`: 429 on ARM holds the bucket, everything else its own URL.
fn announce(state: &State, call: &Call, answer: &Answer) {
    if let Some(wait) = answer.wait {
        let key = if answer.status == 429 && matches!(call.plane, Plane::Arm | Plane::Data) {
            bucket(call)
        } else {
            url(call)
        };
        lock(&state.pauses).announce(key, wait, Instant::now());
    }
}

/// The answer without faults.
async fn genuine(peer: &Peer, call: &Call, body: Incoming) -> Answer {
    let state = &peer.state;
    if peer.clear {
        return Answer::bytes(400, "text/plain", b"this port speaks https");
    }
    match (call.plane, peer.role) {
        (Plane::Stranger, _) => Answer::json(200, json!({ "value": [] })),
        (Plane::Arm, _) => arm_answer(state, call),
        (Plane::Data, _) => data_answer(state, call),
        (Plane::Identity, Role::Identity) if call.path == "/msi/token" && call.parts.method == "GET" => {
            let known = header(&call.parts, "x-identity-header") == Some(&state.identity_header);
            identity::managed_identity(&mut state.tokens(), &call.query, known)
        }
        (Plane::Identity, Role::Main) if call.parts.method == "POST" => {
            let form = Limited::new(body, 64 * 1024).collect().await.map(Collected::to_bytes).unwrap_or_default();
            let tenant = call.path.split('/').nth(1).unwrap_or_default();
            let secret = state.options.client_secret.as_deref();
            identity::entra(&mut state.tokens(), tenant, &String::from_utf8_lossy(&form), secret)
        }
        (Plane::Identity, _) => Answer::bytes(404, "text/plain", b"not found"),
    }
}

fn data_answer(state: &State, call: &Call) -> Answer {
    let authorization = header(&call.parts, "authorization");
    let checked = state.tokens().check(authorization);
    let audience = match checked {
        Ok(_) => state.tokens().audience(authorization),
        Err(_) => return ArmError::new(401, "401", "the token is not good").answer(false),
    };
    let header = |name: &str| header(&call.parts, name).map(str::to_owned);
    let ask = data_plane::Ask { path: &call.path, query: &call.query, audience: &audience, header: &header };
    data_plane::get(&state.estate, &ask).header("apim-request-id", &state.id())
}

fn arm_answer(state: &State, call: &Call) -> Answer {
    let flat = state.options.flat_errors;
    if call.parts.method != "GET" {
        return ArmError::new(405, "MethodNotAllowed", "Only GET is served here.").answer(flat).header("allow", "GET");
    }
    let checked = state.tokens().check(header(&call.parts, "authorization"));
    let tenant = match checked {
        Ok(tenant) => tenant,
        Err(refusal) => {
            let challenge = format!(
                "Bearer authorization_uri=\"{}/{}\", error=\"invalid_token\"",
                state.endpoint,
                state.estate.tenant()
            );
            return unauthorized(state, refusal).answer(flat).header("www-authenticate", &challenge);
        }
    };
    let key = arm::subscription(&call.path).unwrap_or_default();
    let mut remaining = 249.0;
    if let Some(limit) = state.options.limit {
        match lock(&state.buckets).take(&key, limit, Instant::now()) {
            Ok(left) => remaining = left,
            Err(seconds) => return throttled(&key, seconds).answer(flat),
        }
    }
    let ask = Ask { path: &call.path, query: &call.query, base: &call.base };
    let answer = match arm::get(&state.estate, &state.options, &ask, &tenant) {
        Ok(body) => Answer::json(200, body),
        Err(error) => error.answer(flat),
    };
    rate_headers(answer, state.options.rate_headers, remaining)
}

fn unauthorized(state: &State, refusal: Refusal) -> ArmError {
    match refusal {
        Refusal::Invalid => ArmError::usual(401, "", ""),
        Refusal::Expired => {
            let lifetime = state.options.token_lifetime.as_secs_f64();
            let message = format!("The access token has expired: it was valid for {lifetime} s.");
            ArmError::new(401, "ExpiredAuthenticationToken", message)
        }
    }
}

fn throttled(subscription: &str, seconds: f64) -> ArmError {
    let message =
        format!("Too many read requests for subscription '{subscription}'. Try again after '{seconds}' seconds.");
    let mut error = ArmError::new(429, "SubscriptionRequestsThrottled", message);
    error.retry_after = Some(Duration::from_secs_f64(seconds).as_secs());
    error
}

fn rate_headers(answer: Answer, which: RateHeaders, remaining: f64) -> Answer {
    let reads = format!("{remaining:.0}");
    let global = format!("{:.0}", remaining * 15.0);
    match which {
        RateHeaders::None => answer,
        RateHeaders::Global => answer.header("x-ms-ratelimit-remaining-subscription-global-reads", &global),
        RateHeaders::Both => answer
            .header("x-ms-ratelimit-remaining-subscription-reads", &reads)
            .header("x-ms-ratelimit-remaining-subscription-global-reads", &global),
    }
}

fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name).and_then(|value| value.to_str().ok())
}

fn accepts_gzip(parts: &Parts) -> bool {
    header(parts, "accept-encoding").is_some_and(|accepted| accepted.contains("gzip"))
}
