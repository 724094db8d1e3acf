//! One cache, one time limit and one kind of error around every credential.
//!
//! `az` and `azd` cache nothing for us, no credential of `azure_identity` limits its time, and those with a cache
//! cannot be told to forget a token that ARM refused. So every real fetch builds a fresh credential, and what it gives
//! is kept here. A claims challenge cannot be handed on: `azure_core`'s `TokenRequestOptions` (1.1) has no room for it,
//! so a refused token is renewed without.
//!
//! The end of a token is a date and is compared with the wall clock. Waiting is measured on tokio's clock, which tests can
//! pause.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use azure_core::credentials::{AccessToken, TokenCredential};
use azure_core::time::OffsetDateTime;
use tokio::time::{Instant, timeout};

use super::reason::{self, Redactor};
use super::{Build, Kind, command};

/// Longest wait for one token. `az` alone may need ten seconds on a busy machine.
pub(super) const TOKEN_LIMIT: Duration = Duration::from_secs(30);

/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_secs(300);

/// Shortest time between two fetches that nobody asked for: after a failed renewal, and for tokens that live less than
/// [`MARGIN`].
const PAUSE: Duration = Duration::from_secs(30);

/// How long a failure stands when there is no token left.
const FAILURE_PAUSE: Duration = Duration::from_secs(5);

/// The credential of a run.
///
/// What a client does with it: call [`Cached::token`] before each request, it is cheap; when ARM answers 401, call
/// [`Cached::invalidate`] with the token that was refused, ask for a token again and repeat the request once. A second
/// 401 is final: `az`, `azd` and managed identity have caches of their own and may hand out the same token again.
pub struct Cached {
    label: &'static str,
    /// `None` for a credential that came ready-made.
    kind: Option<Kind>,
    build: Build,
    redactor: Redactor,
    limit: Duration,
    entries: Mutex<BTreeMap<String, Entry>>,
    /// Held during a fetch, so that a thousand waiting requests cause one.
    flight: tokio::sync::Mutex<()>,
}

/// What the last fetch for a scope left.
enum Entry {
    Token {
        token: AccessToken,
        /// No renewal before then, unless the token ends.
        rests_until: Instant,
    },
    /// Shared with those who waited for it, so that a thousand requests do not fail one after the other.
    Failure { reason: String, until: Instant },
}

impl Entry {
    fn token(token: AccessToken) -> Self {
        Self::Token { token, rests_until: Instant::now() + PAUSE }
    }

    /// What can be told without a fetch.
    fn known(&self) -> Option<Result<AccessToken, String>> {
        let now = Instant::now();
        match self {
            Self::Token { token, rests_until } => {
                let left = token.expires_on - OffsetDateTime::now_utc();
                let serves = left > MARGIN || (left.is_positive() && *rests_until > now);
                serves.then(|| Ok(token.clone()))
            }
            Self::Failure { reason, until } => (*until > now).then(|| Err(reason.clone())),
        }
    }

    /// After a failed renewal: the token for as long as it lasts. A hiccup of Entra ID must not end a long scan.
    fn after_failure(before: Option<Self>, reason: String) -> Self {
        match before {
            Some(Self::Token { token, .. }) if token.expires_on > OffsetDateTime::now_utc() => Self::token(token),
            Some(Self::Token { .. } | Self::Failure { .. }) | None => {
                Self::Failure { reason, until: Instant::now() + FAILURE_PAUSE }
            }
        }
    }
}

impl Cached {
    pub(super) fn new(kind: Kind, build: Build, redactor: Redactor, limit: Duration) -> Self {
        Self { redactor, limit, ..Self::with(kind.label(), Some(kind), build) }
    }

    /// A cache over a credential that is ready, called `label` in messages. The credential must keep no tokens itself, or
    /// [`Cached::invalidate`] cannot bring a new one. A fetch may take 30 s.
    pub fn over(label: &'static str, credential: Arc<dyn TokenCredential>) -> Self {
        Self::with(label, None, Box::new(move || Ok(Arc::clone(&credential))))
    }

    fn with(label: &'static str, kind: Option<Kind>, build: Build) -> Self {
        let (redactor, entries, flight) = Default::default();
        Self { label, kind, build, redactor, limit: TOKEN_LIMIT, entries, flight }
    }

    /// Name for people.
    pub fn label(&self) -> &'static str {
        self.label
    }

    /// Forgets `refused` so that the next call fetches a token; tells whether it did. It does not when another caller
    /// already did, so that a burst of 401 answers to the same old token costs one fetch.
    pub fn invalidate(&self, refused: &AccessToken) -> bool {
        let mut entries = self.entries();
        let before = entries.len();
        entries.retain(|_, entry| match entry {
            Entry::Token { token, .. } => token.token != refused.token,
            Entry::Failure { .. } => true,
        });
        entries.len() < before
    }

    /// A token for `scope`: the one in use, or a new one that is fetched once for all who wait.
    ///
    /// # Errors
    /// The reason there is none: one line, no secrets.
    pub async fn token(&self, scope: &str) -> Result<AccessToken, String> {
        if let Some(known) = self.known(scope) {
            return known;
        }
        let _flight = self.flight.lock().await;
        if let Some(known) = self.known(scope) {
            return known;
        }
        let fetched = self.fetch(scope).await;
        let mut entries = self.entries();
        let (entry, result) = match fetched {
            Ok(token) => (Entry::token(token.clone()), Ok(token)),
            Err(reason) => {
                let after = Entry::after_failure(entries.remove(scope), reason.clone());
                let result = after.known().unwrap_or(Err(reason));
                (after, result)
            }
        };
        entries.insert(scope.to_owned(), entry);
        result
    }

    fn known(&self, scope: &str) -> Option<Result<AccessToken, String>> {
        self.entries().get(scope)?.known()
    }

    async fn fetch(&self, scope: &str) -> Result<AccessToken, String> {
        let fetch = async { (self.build)()?.get_token(&[scope], None).await };
        let raw = match timeout(self.limit, fetch).await {
            Ok(Ok(token)) if token.expires_on > OffsetDateTime::now_utc() => return Ok(token),
            Ok(Ok(_)) => "the token it gave has already expired; check the clock of this machine".to_owned(),
            Ok(Err(error)) => self.explain(reason::describe(&error)),
            Err(_) => format!("no answer within {} s", self.limit.as_secs_f32()),
        };
        Err(self.redactor.line(&raw))
    }

    fn explain(&self, reason: String) -> String {
        match self.kind {
            Some(kind) => command::explain(kind, reason),
            None => reason,
        }
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Cached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cached").field("label", &self.label).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering::SeqCst};

    use async_trait::async_trait;
    use azure_core::credentials::TokenRequestOptions;
    use azure_core::error::{Error, ErrorKind};
    use futures::future::join_all;
    use tokio::time::{advance, sleep};

    use super::*;

    /// Hands out `token-1`, `token-2`, … after `delay`; each lives for so many seconds, or fails when that is negative.
    #[derive(Debug)]
    struct Issuer {
        asked: AtomicUsize,
        seconds: AtomicI64,
        delay: Duration,
    }

    #[async_trait]
    impl TokenCredential for Issuer {
        async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
            let number = self.asked.fetch_add(1, SeqCst) + 1;
            sleep(self.delay).await;
            let seconds = self.seconds.load(SeqCst);
            if seconds < 0 {
                let text = "AADSTS700016: not found\r\n\
                            client_assertion=eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x";
                return Err(Error::with_message(ErrorKind::Credential, text));
            }
            let end = OffsetDateTime::now_utc() + Duration::from_secs(seconds.unsigned_abs());
            Ok(AccessToken::new(format!("token-{number}"), end))
        }
    }

    fn issuer(seconds: i64, delay: u64) -> (Arc<Issuer>, Cached) {
        let (asked, delay) = (AtomicUsize::new(0), Duration::from_secs(delay));
        let issuer = Arc::new(Issuer { asked, seconds: AtomicI64::new(seconds), delay });
        (issuer.clone(), Cached::over("issuer", issuer))
    }

    async fn secret(cached: &Cached, scope: &str) -> String {
        cached.token(scope).await.unwrap().token.secret().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_fetch() {
        let (issuer, cached) = issuer(3600, 1);
        let all = join_all((0..50).map(|_| secret(&cached, "a"))).await;
        assert!(all.iter().all(|token| token == "token-1"));
        assert_eq!(issuer.asked.load(SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn tokens_are_kept_per_scope_and_renewed_before_their_end_but_not_over_and_over() {
        let (issuer, cached) = issuer(310, 0);
        assert_eq!(secret(&cached, "a").await, "token-1");
        issuer.seconds.store(290, SeqCst);
        assert_eq!(secret(&cached, "b").await, "token-2");
        advance(PAUSE / 2).await;
        assert_eq!(secret(&cached, "b").await, "token-2", "young");
        advance(PAUSE / 2).await;
        assert_eq!(secret(&cached, "b").await, "token-3", "less than the margin is left");
        assert_eq!(secret(&cached, "a").await, "token-1", "more than the margin is left");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_renewal_keeps_a_token_that_is_still_valid() {
        let (issuer, cached) = issuer(200, 0);
        secret(&cached, "a").await;
        issuer.seconds.store(-1, SeqCst);
        advance(PAUSE).await;
        let kept = cached.token("a").await.unwrap();
        assert_eq!((kept.token.secret(), issuer.asked.load(SeqCst)), ("token-1", 2));
        secret(&cached, "a").await;
        assert_eq!(issuer.asked.load(SeqCst), 2, "the next renewal waits");
        assert!(cached.invalidate(&kept));
        assert!(cached.token("a").await.is_err(), "a refused token does not come back");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_one_clean_line_and_tried_again_later() {
        let (issuer, cached) = issuer(-1, 0);
        let why = cached.token("a").await.unwrap_err();
        assert_eq!(why, "AADSTS700016: not found client_assertion=***");
        assert_eq!(cached.token("a").await.unwrap_err(), why);
        assert_eq!(issuer.asked.load(SeqCst), 1);
        issuer.seconds.store(3600, SeqCst);
        advance(FAILURE_PAUSE).await;
        assert_eq!(secret(&cached, "a").await, "token-2");
    }

    #[tokio::test(start_paused = true)]
    async fn a_hung_credential_costs_one_time_out_for_everyone() {
        let (issuer, cached) = issuer(3600, 10_000);
        let start = Instant::now();
        let all = join_all((0..50).map(|_| cached.token("a"))).await;
        assert!(all.iter().all(|token| token.as_ref().is_err_and(|why| why == "no answer within 30 s")));
        assert_eq!((start.elapsed().as_secs(), issuer.asked.load(SeqCst)), (30, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_is_forgotten_once() {
        let (issuer, cached) = issuer(3600, 0);
        let refused = cached.token("a").await.unwrap();
        assert!(cached.invalidate(&refused) && !cached.invalidate(&refused));
        assert_eq!(secret(&cached, "a").await, "token-2");
        assert!(!cached.invalidate(&refused), "a late 401 to the old token costs nothing");
        assert_eq!((secret(&cached, "a").await.as_str(), issuer.asked.load(SeqCst)), ("token-2", 2));
        assert!(!format!("{cached:?}").contains("token-"));
    }

    #[tokio::test]
    async fn an_expired_token_is_refused() {
        let (_, cached) = issuer(0, 0);
        assert!(cached.token("a").await.unwrap_err().contains("clock"));
    }
}
