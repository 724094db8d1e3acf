//! The client for Azure Resource Manager: GET, and nothing else.
//!
//! No function here takes a method, a host or a path: callers name an [`Operation`] of the table and the resource it is asked
//! about. `azure_core`'s pipeline carries the requests (request ids, redacted logs); waiting and retrying are ours, because a
//! scan must keep Azure's pace per subscription and give up per fact, never per run.
//!
//! A failed, forbidden or half-read answer is an [`Unavailable`] with its cause. Nothing here turns one into a value.

mod answer;
mod bearer;
mod clock;
mod fact;
mod failure;
mod paging;
mod reach;
mod refusal;
mod retry;
mod stores;
mod throttle;
mod token;
mod versions;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use azure_core::http::policies::Policy;
use azure_core::http::{ClientOptions, HttpClient, Pipeline, RetryOptions, Transport};
use jiff::Timestamp;
use url::Url;

use super::clouds::Endpoint;
use super::credentials::Cached;
use super::data_plane::Hosts;
use super::http::{self, HttpError, Proxy};
use super::stop::Stop;
use crate::snapshot::{Document, Interruption, List, Operation, Principal, Requests, Unavailable};
use fact::Fact;
use failure::Failure;

pub use reach::{Proxies, Reach, Roots, proxies, reach, roots};
pub use stores::{Counted, Question};
pub use throttle::{BURST, REFILL_PER_SECOND};

/// How long to wait for what. The default is for production; tests shorten it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// For one request, its body included. 30 s.
    pub request: Duration,
    /// For one fact: requests, pauses Azure asks for and waits between tries together. Keeping our own pace does not count. 120 s.
    pub fact: Duration,
    /// Tries per request, the first included. 5.
    pub tries: u32,
    /// Wait before the second try; it doubles with each further one. 0.5 s.
    pub backoff: Duration,
    /// The same when there was no connection: five tries take 3 s. 0.2 s.
    pub unreachable: Duration,
    /// No wait of our own choice is longer. 20 s.
    pub longest_backoff: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(30),
            fact: Duration::from_secs(120),
            tries: 5,
            backoff: Duration::from_millis(500),
            unreachable: Duration::from_millis(200),
            longest_backoff: Duration::from_secs(20),
        }
    }
}

/// What a client needs to know besides the credential.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where requests go and what the token is for.
    pub endpoint: Endpoint,
    /// How long to wait for what.
    pub patience: Patience,
    /// Requests in flight at once, over all subscriptions. 64.
    pub concurrency: usize,
    /// PEM file with further trusted roots.
    pub ca_file: Option<PathBuf>,
    /// Largest answer, in bytes after decompression. 32 MiB.
    pub body_cap: usize,
    /// Most pages of one list. 1,000.
    pub page_cap: usize,
    /// Ends the run before its time.
    pub stop: Stop,
    /// Stands for the data planes of all accounts; tests only.
    pub stand_in: Option<Url>,
}

impl Settings {
    /// The production settings for `endpoint`.
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            patience: Patience::default(),
            concurrency: 64,
            ca_file: None,
            body_cap: 32 * 1024 * 1024,
            page_cap: 1_000,
            stop: Stop::default(),
            stand_in: None,
        }
    }
}

/// The client, as one caller; clones share tokens, pace, slots and counts. [`Arm::also`] adds callers.
#[derive(Clone)]
pub struct Arm(Arc<Inner>, Arc<token::Tokens>);

struct Inner {
    settings: Settings,
    pipeline: Pipeline,
    /// The same for the data planes, which get other tokens at other hosts.
    data: Pipeline,
    hosts: Hosts,
    /// Who reads which subscription (GUID in lower case), where it is not whoever asks.
    readers: RwLock<HashMap<String, Arc<token::Tokens>>>,
    throttle: throttle::Throttle,
    slots: throttle::Slots,
    versions: versions::Versions,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    sent: AtomicU64,
    retried: AtomicU64,
    throttled: AtomicU64,
}

/// The credential and its tokens stay out of it.
impl std::fmt::Debug for Arm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arm").field("endpoint", &self.0.settings.endpoint).finish_non_exhaustive()
    }
}

impl Arm {
    /// A client over the network. Nothing is sent yet.
    ///
    /// # Errors
    /// [`HttpError`] when the CA file is unusable or TLS cannot be set up.
    pub fn new(settings: Settings, credential: Arc<Cached>) -> Result<Self, HttpError> {
        let transport = http::client(settings.ca_file.as_deref(), Proxy::of(&settings.endpoint.arm))?;
        Ok(Self::over(Arc::new(transport), settings, credential))
    }

    /// A client over any transport, such as one that answers from memory.
    pub fn over(transport: Arc<dyn HttpClient>, settings: Settings, credential: Arc<Cached>) -> Self {
        let hosts = Hosts::new(settings.endpoint.cloud, settings.stand_in.clone());
        let pipeline = |transport: Arc<dyn HttpClient>, bearer: Arc<dyn Policy>| {
            let options = ClientOptions {
                transport: Some(Transport::new(transport)),
                retry: RetryOptions::none(),
                ..ClientOptions::default()
            };
            let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
            Pipeline::new(Some(name), Some(version), options, Vec::new(), vec![bearer], None)
        };
        let data = pipeline(Arc::clone(&transport), Arc::new(bearer::DataBearer::new(hosts.clone())));
        let pipeline = pipeline(transport, Arc::new(bearer::Bearer::new(&settings.endpoint.arm)));
        let tokens = Arc::new(token::Tokens::new(credential, settings.endpoint.scope.clone()));
        let slots = throttle::Slots::new(settings.concurrency);
        let (readers, throttle, versions, counts) = Default::default();
        Self(Arc::new(Inner { settings, pipeline, data, hosts, readers, throttle, slots, versions, counts }), tokens)
    }

    /// The same client as another caller, such as the one of another tenant: pace, slots and counts stay shared.
    #[must_use]
    pub fn also(&self, credential: Arc<Cached>) -> Self {
        let tokens = token::Tokens::new(credential, self.0.settings.endpoint.scope.clone());
        Self(Arc::clone(&self.0), Arc::new(tokens))
    }

    /// From now on every caller reads `subscription` with this one's tokens.
    pub fn reads(&self, subscription: &str) {
        let mut readers = self.0.readers.write().unwrap_or_else(PoisonError::into_inner);
        readers.insert(subscription.to_ascii_lowercase(), Arc::clone(&self.1));
    }

    /// How long requests about `subscription` have to wait now, for the end of a pause or for the bucket to refill.
    pub fn held_up(&self, subscription: &str) -> Duration {
        self.0.throttle.bucket(&format!("/subscriptions/{subscription}"), self.1.caller()).held_up()
    }

    /// What the clock of answers says.
    pub fn now(&self) -> Timestamp {
        clock::now()
    }

    /// Reads one resource. `parent` is the id the operation's row asks for; for a single resource that is its own.
    ///
    /// # Errors
    /// Why there is no usable answer.
    pub async fn get(&self, operation: Operation, parent: &str) -> Result<Document, Unavailable> {
        let mut fact = Fact::new(&self.0, &self.1, operation, parent);
        let read = self.until_stopped(Box::pin(fact.document())).await;
        read.map_err(|failure| fact.unavailable(failure))
    }

    /// Reads a whole list. A malformed row is unavailable by itself; a missing page loses the list.
    ///
    /// # Errors
    /// Why the list is not complete.
    pub async fn list(&self, operation: Operation, parent: &str) -> Result<List, Unavailable> {
        let mut fact = Fact::new(&self.0, &self.1, operation, parent);
        let read = self.until_stopped(Box::pin(fact.list())).await;
        read.map_err(|failure| fact.unavailable(failure))
    }

    /// The outcome of a read or, when the run ends first, that it did. A request in flight is dropped: it is a GET, Azure loses
    /// nothing by it.
    async fn until_stopped<T>(&self, read: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let stop = &self.0.settings.stop;
        if stop.reason().is_some() {
            return Err(Failure::not_reached());
        }
        tokio::select! {
            biased;
            read = read => read,
            why = stop.stopped() => Err(Failure::cut_short(why)),
        }
    }

    /// Waits, but not beyond the end of the run.
    pub async fn pause(&self, wait: Duration) {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = self.0.settings.stop.stopped() => {}
        }
    }

    /// Why the run has ended before its time, if it has.
    pub fn stopped(&self) -> Option<Interruption> {
        self.0.settings.stop.reason()
    }

    /// Requests so far.
    pub fn requests(&self) -> Requests {
        let counts = &self.0.counts;
        Requests {
            sent: counts.sent.load(Relaxed),
            retried: counts.retried.load(Relaxed),
            throttled: counts.throttled.load(Relaxed),
        }
    }

    /// Who the access token says is asking; empty before the first request, and when the token is not a readable JWT.
    pub fn principal(&self) -> Principal {
        self.1.principal()
    }

    /// The same, of a token fetched if need be.
    ///
    /// # Errors
    /// Why there is no token, in one line.
    pub async fn caller(&self) -> Result<Principal, String> {
        self.1.get().await?;
        Ok(self.1.principal())
    }
}

impl Inner {
    /// The tokens for requests about `parent`: those of its subscription's reader, or else of whoever asks.
    fn tokens(&self, asking: &Arc<token::Tokens>, parent: &str) -> Arc<token::Tokens> {
        let readers = self.readers.read().unwrap_or_else(PoisonError::into_inner);
        let own = throttle::subscription(parent).and_then(|id| readers.get(&id.to_ascii_lowercase()));
        Arc::clone(own.unwrap_or(asking))
    }
}

#[cfg(test)]
mod tests;
