//! One cache, one time limit and one kind of error around every credential.
//!
//! `az` and `azd` cache nothing for us, no credential of `azure_identity` limits its time, and those with a cache
//! cannot be told to forget a token that ARM refused. So every real fetch builds a fresh credential, and what it gives
//! is kept here.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error, ErrorKind};
use azure_core::time::OffsetDateTime;

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
/// What a client does with it: call `get_token` before each request, it is cheap; when ARM answers 401, call
/// [`Cached::invalidate`] with the token that was refused, call `get_token` again and repeat the request once. A second
/// 401 is final: `az`, `azd` and managed identity have caches of their own and may hand out the same token again.
pub struct Cached {
    kind: Kind,
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
        renew_at: OffsetDateTime,
    },
    /// Shared with those who waited for it, so that a thousand requests do not fail one after the other.
    Failure {
        reason: String,
        until: OffsetDateTime,
    },
}

impl Entry {
    fn token(token: AccessToken) -> Self {
        let soonest = OffsetDateTime::now_utc() + PAUSE;
        let renew_at = (token.expires_on - MARGIN).max(soonest).min(token.expires_on);
        Self::Token { token, renew_at }
    }

    /// What can be told without a fetch.
    fn known(&self) -> Option<Result<AccessToken, String>> {
        let now = OffsetDateTime::now_utc();
        match self {
            Self::Token { token, renew_at } => (*renew_at > now).then(|| Ok(token.clone())),
            Self::Failure { reason, until } => (*until > now).then(|| Err(reason.clone())),
        }
    }

    /// After a failed renewal: the token for as long as it lasts. A hiccup of Entra ID must not end a long scan.
    fn after_failure(before: Option<Self>, reason: String) -> Self {
        let now = OffsetDateTime::now_utc();
        match before {
            Some(Self::Token { token, .. }) if token.expires_on > now => {
                let renew_at = (now + PAUSE).min(token.expires_on);
                Self::Token { token, renew_at }
            }
            Some(Self::Token { .. } | Self::Failure { .. }) | None => {
                Self::Failure { reason, until: now + FAILURE_PAUSE }
            }
        }
    }
}

impl Cached {
    pub(super) fn new(kind: Kind, build: Build, redactor: Redactor, limit: Duration) -> Self {
        Self { kind, build, redactor, limit, entries: Mutex::default(), flight: tokio::sync::Mutex::default() }
    }

    /// Which credential this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Forgets `refused` so that the next call fetches a token. Does nothing when another caller already did, so that a
    /// burst of 401 answers to the same old token costs one fetch.
    pub fn invalidate(&self, refused: &AccessToken) {
        self.entries().retain(|_, entry| match entry {
            Entry::Token { token, .. } => token.token != refused.token,
            Entry::Failure { .. } => true,
        });
    }

    /// A token for `scope`, or the reason there is none (one line, no secrets).
    pub(super) async fn token(&self, scope: &str) -> Result<AccessToken, String> {
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
        let raw = match tokio::time::timeout(self.limit, fetch).await {
            Ok(Ok(token)) if token.expires_on > OffsetDateTime::now_utc() => return Ok(token),
            Ok(Ok(_)) => "the token it gave has already expired; check the clock of this machine".to_owned(),
            Ok(Err(error)) => command::explain(self.kind, reason::describe(&error)),
            Err(_) => format!("no answer within {} s", self.limit.as_secs_f32()),
        };
        Err(self.redactor.line(&raw))
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Options are ignored: a credential built per fetch has no pipeline they could steer.
#[async_trait]
impl TokenCredential for Cached {
    async fn get_token(&self, scopes: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        let failed = |reason: String| Error::with_message(ErrorKind::Credential, reason);
        let &[scope] = scopes else {
            return Err(failed("a token is for exactly one scope".to_owned()));
        };
        // The error carries text only: the original may hold a raw response.
        self.token(scope).await.map_err(|reason| failed(format!("{}: {reason}", self.kind.label())))
    }
}

impl std::fmt::Debug for Cached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cached").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    /// Gives a token that lives for so many seconds, or fails when that is negative.
    #[derive(Debug)]
    struct Lives(Arc<AtomicI64>);

    #[async_trait]
    impl TokenCredential for Lives {
        async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
            let seconds = self.0.load(Ordering::SeqCst);
            if seconds < 0 {
                return Err(Error::with_message(ErrorKind::Credential, "out of order"));
            }
            let end = OffsetDateTime::now_utc() + Duration::from_secs(seconds.unsigned_abs());
            Ok(AccessToken::new(format!("lives {seconds}"), end))
        }
    }

    fn cached(seconds: &Arc<AtomicI64>) -> Cached {
        let seconds = Arc::clone(seconds);
        let build: Build = Box::new(move || Ok(Arc::new(Lives(Arc::clone(&seconds)))));
        Cached::new(Kind::AzureCli, build, Redactor::default(), TOKEN_LIMIT)
    }

    fn make_due(cached: &Cached) {
        for entry in cached.entries().values_mut() {
            match entry {
                Entry::Token { renew_at: due, .. } | Entry::Failure { until: due, .. } => {
                    *due = OffsetDateTime::now_utc();
                }
            }
        }
    }

    #[tokio::test]
    async fn a_failed_renewal_keeps_a_token_that_is_still_valid() {
        let seconds = Arc::new(AtomicI64::new(200));
        let cached = cached(&seconds);
        assert_eq!(cached.token("a").await.unwrap().token.secret(), "lives 200");
        seconds.store(-1, Ordering::SeqCst);
        make_due(&cached);
        let kept = cached.token("a").await.unwrap();
        assert_eq!(kept.token.secret(), "lives 200");
        assert!(cached.known("a").is_some(), "the next renewal waits");
        cached.invalidate(&kept);
        assert_eq!(cached.token("a").await.unwrap_err(), "out of order");
        let error = cached.get_token(&["a"], None).await.unwrap_err();
        assert_eq!(error.to_string(), "Azure CLI: out of order");
        seconds.store(300, Ordering::SeqCst);
        assert!(cached.token("a").await.is_err(), "a failure stands for a moment");
        make_due(&cached);
        assert_eq!(cached.token("a").await.unwrap().token.secret(), "lives 300");
    }

    #[tokio::test]
    async fn tokens_are_kept_per_scope_and_renewed_before_their_end() {
        let seconds = Arc::new(AtomicI64::new(3600));
        let cached = cached(&seconds);
        cached.token("a").await.unwrap();
        seconds.store(7200, Ordering::SeqCst);
        assert_eq!(cached.token("b").await.unwrap().token.secret(), "lives 7200");
        assert_eq!(cached.token("a").await.unwrap().token.secret(), "lives 3600");
        let Entry::Token { renew_at, .. } = cached.entries()["a"] else { panic!("a token is kept") };
        let renew_in = (renew_at - OffsetDateTime::now_utc()).whole_seconds();
        assert!((3290..=3300).contains(&renew_in), "{renew_in}");
        make_due(&cached);
        assert_eq!(cached.token("a").await.unwrap().token.secret(), "lives 7200");
    }

    #[tokio::test]
    async fn an_expired_token_is_refused() {
        let cached = cached(&Arc::new(AtomicI64::new(0)));
        assert!(cached.token("a").await.unwrap_err().contains("clock"));
        assert!(cached.get_token(&["a", "b"], None).await.is_err());
    }
}
