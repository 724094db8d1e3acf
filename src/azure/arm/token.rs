//! The token of a request: what the client adds to the cache of the credential.
//!
//! Fetching, keeping and sharing are the work of [`Cached`]. Only the client knows when Azure rejected a token, and that a
//! burst of rejections should cost one renewal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use azure_core::base64;
use azure_core::credentials::AccessToken;
use serde_json::Value;
use tokio::time::Instant;

use crate::azure::credentials::Cached;
use crate::snapshot::Principal;

/// Rejections closer together than this lead to one renewal only.
const RENEWAL_HOLDS: Duration = Duration::from_secs(5);

/// A token in use.
pub(super) struct Token(AccessToken);

impl Token {
    /// The bearer text, for the header and for blanking it in messages.
    pub(super) fn secret(&self) -> &str {
        self.0.token.secret()
    }
}

/// The tokens of a client.
pub(super) struct Tokens {
    credential: Arc<Cached>,
    scope: String,
    /// Unlike that of any other.
    caller: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    latest: Option<Arc<Token>>,
    renewed: Option<Instant>,
}

impl Tokens {
    pub(super) fn new(credential: Arc<Cached>, scope: String) -> Self {
        static CALLERS: AtomicU64 = AtomicU64::new(0);
        let caller = CALLERS.fetch_add(1, Ordering::Relaxed);
        Self { credential, scope, caller, state: Mutex::default() }
    }

    /// Tokens of the same credential for something else.
    pub(super) fn for_scope(&self, scope: &str) -> Self {
        Self::new(Arc::clone(&self.credential), scope.to_owned())
    }

    /// A number that tells these tokens from those of another caller.
    pub(super) fn caller(&self) -> u64 {
        self.caller
    }

    /// A token to send; the error is one line for people.
    pub(super) async fn get(&self) -> Result<Arc<Token>, String> {
        let token = self.credential.token(&self.scope).await;
        let token = Arc::new(Token(token.map_err(|why| format!("{}: {why}", self.credential.label()))?));
        self.state().latest = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Has the next token fetched after `rejected` was answered with 401, unless one was a moment ago.
    pub(super) fn reject(&self, rejected: &Token) {
        let mut state = self.state();
        let recent = state.renewed.is_some_and(|at| at.elapsed() < RENEWAL_HOLDS);
        if !recent && self.credential.invalidate(&rejected.0) {
            state.renewed = Some(Instant::now());
        }
    }

    /// Who the latest token is for; nothing is verified, this is for the report.
    pub(super) fn principal(&self) -> Principal {
        self.state().latest.as_ref().map(|token| principal(token.secret())).unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
    use futures::future::join_all;
    use tokio::time::advance;

    use super::super::tests::SignIn;
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_rejections_lead_to_one_renewal() {
        let tokens = Tokens::new(Arc::new(Cached::over("issuer", Arc::new(SignIn::default()))), "scope".to_owned());
        let renew = async |rejected: &Token| {
            tokens.reject(rejected);
            tokens.get().await.unwrap()
        };
        let first = tokens.get().await.unwrap();
        let all = join_all((0..50).map(|_| renew(&first))).await;
        assert!(all.iter().all(|token| token.secret() == "token-2"));
        let second = &all[0];
        assert_eq!(renew(second).await.secret(), "token-2", "just renewed");
        advance(RENEWAL_HOLDS).await;
        assert_eq!(renew(&first).await.secret(), "token-2", "rejected before the renewal");
        assert_eq!(renew(second).await.secret(), "token-3");
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
