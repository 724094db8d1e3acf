//! What can be chosen about an emulator before it starts.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use serde_json::Value;

use super::fault::{Fault, When};
use super::throttle::Limit;
use super::{Emulator, versions};

/// How the last page of a list says that it is the last; all three occur in real answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastPage {
    /// No `nextLink`.
    Absent,
    /// `"nextLink": null`.
    Null,
    /// `"nextLink": ""`.
    Empty,
}

/// Which `x-ms-ratelimit-remaining-*` headers an answer carries. Recorded reads carried the global one only, so a client
/// may rely on neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RateHeaders {
    /// None.
    None,
    /// `…-subscription-global-reads`.
    Global,
    /// `…-subscription-reads` and `…-subscription-global-reads`.
    Both,
}

/// What the main listener speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// Plain http, for clients that allow it to loopback hosts.
    Http,
    /// https, offering HTTP/2 and HTTP/1.1.
    Https,
    /// https, offering HTTP/1.1 only.
    HttpsOne,
}

/// The options with their defaults.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) page_size: Option<usize>,
    pub(crate) last_page: LastPage,
    pub(crate) latency: Duration,
    pub(crate) limit: Option<Limit>,
    pub(crate) transport: Transport,
    pub(crate) gzip: bool,
    pub(crate) floats: bool,
    pub(crate) flat_errors: bool,
    pub(crate) rate_headers: RateHeaders,
    pub(crate) token_lifetime: Duration,
    pub(crate) revoke_after: Option<usize>,
    pub(crate) client_secret: Option<String>,
    pub(crate) supported_versions: Vec<String>,
    pub(crate) version_error: String,
    pub(crate) hidden_in_lists: Vec<String>,
    pub(crate) grace: Duration,
    pub(crate) stall: Duration,
    /// Loopback address of every listener.
    pub(crate) host: &'static str,
    pub(crate) skew: i64,
    pub(crate) shuffle: Option<u64>,
    pub(crate) jitter: Duration,
}

/// Builds an [`Emulator`].
pub(crate) struct Builder {
    pub(crate) estate: Value,
    pub(crate) options: Options,
    pub(crate) faults: Vec<(When, Fault)>,
}

impl Builder {
    pub(crate) fn new(estate: Value) -> Self {
        let options = Options {
            page_size: None,
            last_page: LastPage::Absent,
            latency: Duration::ZERO,
            limit: None,
            transport: Transport::Http,
            gzip: false,
            floats: false,
            flat_errors: false,
            rate_headers: RateHeaders::Global,
            token_lifetime: Duration::from_secs(86_400),
            revoke_after: None,
            client_secret: None,
            supported_versions: versions::COGNITIVE_SERVICES.iter().map(|&version| version.to_owned()).collect(),
            version_error: "InvalidApiVersionParameter".to_owned(),
            hidden_in_lists: Vec::new(),
            grace: Duration::from_millis(250),
            stall: Duration::from_secs(60),
            host: "127.0.0.1",
            skew: 0,
            shuffle: None,
            jitter: Duration::ZERO,
        };
        Self { estate, options, faults: Vec::new() }
    }

    /// Rows per page of every list; without it a list is one page.
    pub(crate) fn page_size(mut self, rows: usize) -> Self {
        assert!(rows > 0, "a page holds at least one row");
        self.options.page_size = Some(rows);
        self
    }

    /// How the last page says that it is the last.
    pub(crate) fn last_page(mut self, style: LastPage) -> Self {
        self.options.last_page = style;
        self
    }

    /// Time between the arrival of a request and its answer.
    pub(crate) fn latency(mut self, latency: Duration) -> Self {
        self.options.latency = latency;
        self
    }

    /// A token bucket per subscription (and one for tenant-level reads). ARM documents 250 and 25 per second.
    pub(crate) fn throttle(mut self, capacity: u32, refill_per_second: f64) -> Self {
        assert!(refill_per_second > 0.0, "a bucket that never refills has no Retry-After");
        self.options.limit = Some(Limit { capacity, refill_per_second });
        self
    }

    /// https with the emulator's own certificate authority, HTTP/2 and HTTP/1.1 offered; or plain http.
    pub(crate) fn tls(self, on: bool) -> Self {
        self.transport(if on { Transport::Https } else { Transport::Http })
    }

    /// What the main listener speaks.
    pub(crate) fn transport(mut self, transport: Transport) -> Self {
        self.options.transport = transport;
        self
    }

    /// Compresses bodies for clients that accept gzip.
    pub(crate) fn gzip(mut self, on: bool) -> Self {
        self.options.gzip = on;
        self
    }

    /// Writes every integer as a float (`3` as `3.0`); recorded ARM answers do that in places.
    pub(crate) fn floats(mut self, on: bool) -> Self {
        self.options.floats = on;
        self
    }

    /// Errors as `{"code", "message"}` without the `error` envelope; recorded from some providers.
    pub(crate) fn flat_errors(mut self, on: bool) -> Self {
        self.options.flat_errors = on;
        self
    }

    /// Which remaining-reads headers answers carry.
    pub(crate) fn rate_headers(mut self, headers: RateHeaders) -> Self {
        self.options.rate_headers = headers;
        self
    }

    /// How long an issued token is valid, both as announced and as enforced.
    pub(crate) fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.options.token_lifetime = lifetime;
        self
    }

    /// Revokes every token once, after this many authorised ARM requests.
    pub(crate) fn revoke_tokens_after(mut self, requests: usize) -> Self {
        self.options.revoke_after = Some(requests);
        self
    }

    /// The only client secret the token path accepts; without it any secret or assertion is good.
    pub(crate) fn client_secret(mut self, secret: &str) -> Self {
        self.options.client_secret = Some(secret.to_owned());
        self
    }

    /// The `Microsoft.CognitiveServices` api-versions that are known here.
    pub(crate) fn supported_versions<const N: usize>(mut self, versions: [&str; N]) -> Self {
        self.options.supported_versions = versions.map(str::to_owned).to_vec();
        self
    }

    /// Error code for an unsupported api-version, such as `NoRegisteredProviderFound`.
    pub(crate) fn version_error(mut self, code: &str) -> Self {
        code.clone_into(&mut self.options.version_error);
        self
    }

    /// A property of `properties` that rows of lists lack although GET has it; whether real lists are complete is not
    /// documented.
    pub(crate) fn hidden_in_lists(mut self, property: &str) -> Self {
        self.options.hidden_in_lists.push(property.to_owned());
        self
    }

    /// How long after a `Retry-After` was announced a request still counts as already in flight.
    pub(crate) fn grace(mut self, grace: Duration) -> Self {
        self.options.grace = grace;
        self
    }

    /// How long a stalled answer stays silent before the connection is closed.
    pub(crate) fn stall(mut self, stall: Duration) -> Self {
        self.options.stall = stall;
        self
    }

    /// Listens on `[::1]` instead of 127.0.0.1.
    pub(crate) fn ipv6(mut self, on: bool) -> Self {
        self.options.host = if on { "::1" } else { "127.0.0.1" };
        self
    }

    /// Seconds by which the clock that dates tokens is ahead of the client's; less than 0 is behind.
    pub(crate) fn token_clock_ahead(mut self, seconds: i64) -> Self {
        self.options.skew = seconds;
        self
    }

    /// Rows of every list in an order of their own for each `seed`, the same on every page of one list.
    pub(crate) fn shuffle(mut self, seed: u64) -> Self {
        self.options.shuffle = Some(seed);
        self
    }

    /// Further delay of an answer, up to this and different for each path and shuffle.
    pub(crate) fn jitter(mut self, most: Duration) -> Self {
        self.options.jitter = most;
        self
    }

    /// Arms a fault. The first armed fault that applies to a request wins.
    pub(crate) fn fault(mut self, when: When, fault: Fault) -> Self {
        self.faults.push((when, fault));
        self
    }

    /// Starts listening.
    ///
    /// # Panics
    /// When the estate does not have the documented form, so that a typo in a fixture is not a silent pass.
    pub(crate) fn start(self) -> Emulator {
        Emulator::start(self)
    }
}

/// A number that looks random and is the same for the same seed and thing.
pub(crate) fn mixed(seed: u64, thing: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, thing).hash(&mut hasher);
    hasher.finish()
}
