//! The access token: fetched once for all concurrent facts, renewed before it expires and when Azure rejects it.
//!
//! Some credentials start a process per token (`az`), some wait on an endpoint that is not there, so a fetch is bounded in
//! time, shared by everyone who waits for it, and not repeated at once after a failure. A claims challenge cannot be handed
//! on: `azure_core`'s `TokenRequestOptions` (1.1) has no room for it, so a rejected token is renewed without.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use azure_core::base64;
use azure_core::credentials::{Secret, TokenCredential};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::{clock, failure};
use crate::snapshot::Principal;

/// Renewed when it has less than this left, in seconds.
const MARGIN: i64 = 5 * 60;
/// A token younger than this is not renewed for its expiry: a credential may hand out one that is about to expire.
const YOUNG: Duration = Duration::from_secs(60);
/// How long a failed fetch answers for everyone who asks next.
const FAILURE_HOLDS: Duration = Duration::from_secs(10);
/// Rejections closer together than this lead to one renewal only.
const RENEWAL_HOLDS: Duration = Duration::from_secs(5);

/// A token in use.
pub(super) struct Token {
    secret: Secret,
    expires: i64,
    fetched: Instant,
    principal: Principal,
}

impl Token {
    /// The bearer text, for the header and for blanking it in messages.
    pub(super) fn secret(&self) -> &str {
        self.secret.secret()
    }

    fn seconds_left(&self) -> i64 {
        self.expires - clock::now().as_second()
    }
}

/// The cache over the credential of a run.
pub(super) struct Tokens {
    credential: Arc<dyn TokenCredential>,
    scope: String,
    patience: Duration,
    current: RwLock<Option<Arc<Token>>>,
    gate: Mutex<Gate>,
}

/// What whoever fetches needs to know; holding it makes the fetch the only one.
#[derive(Default)]
struct Gate {
    failed: Option<(Instant, String)>,
    renewed: Option<Instant>,
}

impl Tokens {
    pub(super) fn new(credential: Arc<dyn TokenCredential>, scope: String, patience: Duration) -> Self {
        Self { credential, scope, patience, current: RwLock::default(), gate: Mutex::default() }
    }

    /// A token to send; the error is one line for people.
    pub(super) async fn get(&self) -> Result<Arc<Token>, String> {
        let good = |token: &Arc<Token>| token.seconds_left() > MARGIN || token.fetched.elapsed() < YOUNG;
        if let Some(token) = self.current().filter(good) {
            return Ok(token);
        }
        let mut gate = self.gate.lock().await;
        let current = self.current();
        if let Some(token) = current.clone().filter(good) {
            return Ok(token);
        }
        // One that is about to expire still serves while its successor cannot be had.
        let fetched = self.fetch(&mut gate).await;
        fetched.or_else(|why| current.filter(|token| token.seconds_left() > 0).ok_or(why))
    }

    /// A token to send after `rejected` was answered with 401.
    pub(super) async fn renew(&self, rejected: &Arc<Token>) -> Result<Arc<Token>, String> {
        let mut gate = self.gate.lock().await;
        let recent = gate.renewed.is_some_and(|at| at.elapsed() < RENEWAL_HOLDS);
        if let Some(current) = self.current().filter(|current| recent || !Arc::ptr_eq(current, rejected)) {
            return Ok(current);
        }
        gate.renewed = Some(Instant::now());
        self.fetch(&mut gate).await
    }

    /// Who the present token is for; nothing is verified, this is for the report.
    pub(super) fn principal(&self) -> Principal {
        self.current().map(|token| token.principal.clone()).unwrap_or_default()
    }

    fn current(&self) -> Option<Arc<Token>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn fetch(&self, gate: &mut Gate) -> Result<Arc<Token>, String> {
        if let Some((_, why)) = gate.failed.as_ref().filter(|(at, _)| at.elapsed() < FAILURE_HOLDS) {
            return Err(why.clone());
        }
        match timeout(self.patience, self.credential.get_token(&[&self.scope], None)).await {
            Ok(Ok(token)) => {
                let principal = principal(token.token.secret());
                let expires = token.expires_on.unix_timestamp();
                let token = Arc::new(Token { secret: token.token, expires, fetched: Instant::now(), principal });
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&token));
                gate.failed = None;
                Ok(token)
            }
            Ok(Err(error)) => Err(gate.fail(failure::one_line(&failure::chain(&error), None))),
            Err(_) => Err(gate.fail(format!("no token within {} s", self.patience.as_secs()))),
        }
    }
}

impl Gate {
    fn fail(&mut self, why: String) -> String {
        self.failed = Some((Instant::now(), why.clone()));
        why
    }
}

/// Reads who a JWT was issued for, without verifying it; all `None` when it is not a JWT.
fn principal(jwt: &str) -> Principal {
    let payload = jwt.split('.').nth(1).and_then(|part| base64::decode_url_safe(part).ok());
    let claims: Option<Value> = payload.and_then(|json| serde_json::from_slice(&json).ok());
    let claim = |name| {
        let text = claims.as_ref()?.get(name)?.as_str()?;
        (text.len() <= 100 && !text.contains(char::is_control)).then(|| text.to_owned())
    };
    Principal { tenant_id: claim("tid"), object_id: claim("oid"), kind: claim("idtyp") }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use azure_core::credentials::{AccessToken, TokenRequestOptions};
    use azure_core::time::{Duration as Span, OffsetDateTime};
    use futures::future::join_all;

    use super::*;

    /// Hands out `token-1`, `token-2`, … after `delay`.
    #[derive(Debug)]
    struct Issuer {
        issued: AtomicUsize,
        delay: Duration,
        lifetime: i64,
        fails: bool,
    }

    #[async_trait::async_trait]
    impl TokenCredential for Issuer {
        async fn get_token(
            &self,
            scopes: &[&str],
            _: Option<TokenRequestOptions<'_>>,
        ) -> azure_core::Result<AccessToken> {
            assert_eq!(scopes, ["scope"]);
            let number = self.issued.fetch_add(1, SeqCst) + 1;
            tokio::time::sleep(self.delay).await;
            if self.fails {
                let text =
                    "AADSTS700016: not found\r\nclient_assertion=eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoxfQ";
                return Err(azure_core::Error::with_message(azure_core::error::ErrorKind::Credential, text));
            }
            let expires = OffsetDateTime::now_utc() + Span::seconds(self.lifetime);
            Ok(AccessToken::new(format!("token-{number}"), expires))
        }
    }

    fn tokens(delay: u64, lifetime: i64, fails: bool) -> (Arc<Issuer>, Tokens) {
        let delay = Duration::from_secs(delay);
        let issuer = Arc::new(Issuer { issued: AtomicUsize::new(0), delay, lifetime, fails });
        let credential: Arc<dyn TokenCredential> = issuer.clone();
        (issuer, Tokens::new(credential, "scope".to_owned(), Duration::from_secs(30)))
    }

    #[tokio::test(start_paused = true)]
    async fn concurrent_facts_share_one_fetch() {
        let (issuer, tokens) = tokens(2, 3600, false);
        let all = join_all((0..50).map(|_| tokens.get())).await;
        assert!(all.iter().all(|token| token.as_ref().unwrap().secret() == "token-1"));
        assert_eq!(issuer.issued.load(SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_it_expires_but_not_over_and_over() {
        let (issuer, tokens) = tokens(0, 200, false);
        tokens.get().await.unwrap();
        tokens.get().await.unwrap();
        assert_eq!(issuer.issued.load(SeqCst), 1, "young");
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(tokens.get().await.unwrap().secret(), "token-2");
    }

    #[tokio::test(start_paused = true)]
    async fn many_rejections_lead_to_one_renewal() {
        let (issuer, tokens) = tokens(1, 3600, false);
        let first = tokens.get().await.unwrap();
        let all = join_all((0..50).map(|_| tokens.renew(&first))).await;
        assert!(all.iter().all(|token| token.as_ref().unwrap().secret() == "token-2"));
        let second = all[0].as_ref().unwrap();
        assert_eq!(tokens.renew(second).await.unwrap().secret(), "token-2", "just renewed");
        tokio::time::advance(Duration::from_secs(6)).await;
        assert_eq!(tokens.renew(second).await.unwrap().secret(), "token-3");
        assert_eq!(issuer.issued.load(SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_hung_credential_costs_one_time_out_for_everyone() {
        let (issuer, tokens) = tokens(10_000, 3600, false);
        let start = Instant::now();
        let all = join_all((0..50).map(|_| tokens.get())).await;
        assert!(all.iter().all(|token| token.as_ref().is_err_and(|why| why.contains("within 30 s"))));
        assert_eq!(start.elapsed().as_secs(), 30);
        assert_eq!(issuer.issued.load(SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_sign_in_is_one_clean_line_and_tried_again_later() {
        let (issuer, tokens) = tokens(0, 3600, true);
        let why = tokens.get().await.err().unwrap();
        assert!(why.starts_with("AADSTS700016: not found client_assertion=***"), "{why}");
        assert!(tokens.get().await.is_err());
        assert_eq!(issuer.issued.load(SeqCst), 1);
        tokio::time::advance(FAILURE_HOLDS).await;
        assert!(tokens.get().await.is_err());
        assert_eq!(issuer.issued.load(SeqCst), 2);
    }

    #[test]
    fn the_principal_is_read_from_a_jwt_and_from_nothing_else() {
        let jwt = |claims: &str| format!("e30.{}.sig", base64::encode_url_safe(claims));
        let found = principal(&jwt(r#"{"tid":"t","oid":"o","idtyp":"app","exp":1}"#));
        assert_eq!(found.tenant_id.as_deref(), Some("t"));
        assert_eq!(found.object_id.as_deref(), Some("o"));
        assert_eq!(found.kind.as_deref(), Some("app"));
        for odd in ["", "token", "a.b", "a.!!.c", &jwt("[]"), &jwt(r#"{"tid":1,"oid":"\n"}"#)] {
            assert_eq!(principal(odd), Principal::default(), "{odd}");
        }
    }
}
