//! Tokens: the App Service managed-identity dialect and the Entra v2.0 token path.
//!
//! Tokens look like JWTs and are not signed: a client must treat a token as opaque, except that it may read the claims
//! of its own principal.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::answer::Answer;
use super::options::Options;

/// `oid` of the principal.
pub(crate) const OBJECT_ID: &str = "0b6b2d7a-6f1d-4c8e-8a39-5f2f6a1c9e77";
/// `appid` of the principal.
pub(crate) const CLIENT_ID: &str = "c2a5d8f3-1e0b-4b7a-9d64-3b8e7f506a21";

/// A token as issued.
pub(crate) struct Issued {
    pub(crate) token: String,
    /// Seconds since 1970.
    pub(crate) expires_on: u64,
}

/// Why a bearer token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Invalid,
    Expired,
}

/// Every token issued so far.
pub(crate) struct Tokens {
    tenant: String,
    /// Every tenant that gives tokens, in lower case.
    tenants: Vec<String>,
    lifetime: Duration,
    /// End, tenant and audience.
    issued: HashMap<String, (Instant, String, String)>,
    count: usize,
    checked: usize,
    revoke_after: Option<usize>,
    skew: i64,
}

impl Tokens {
    pub(crate) fn new(tenants: Vec<String>, options: &Options) -> Self {
        Self {
            tenant: tenants[0].clone(),
            tenants,
            lifetime: options.token_lifetime,
            issued: HashMap::new(),
            count: 0,
            checked: 0,
            revoke_after: options.revoke_after,
            skew: options.skew,
        }
    }

    /// A new token of the first tenant, unlike every other.
    pub(crate) fn issue(&mut self, audience: &str) -> Issued {
        let tenant = self.tenant.clone();
        self.issue_in(&tenant, audience)
    }

    /// A new token of one of the tenants.
    pub(crate) fn issue_in(&mut self, tenant: &str, audience: &str) -> Issued {
        self.count += 1;
        let now = since_epoch().as_secs().saturating_add_signed(self.skew);
        let expires_on = now + self.lifetime.as_secs();
        let claims = json!({
            "aud": audience, "iss": format!("https://sts.windows.net/{tenant}/"), "iat": now, "nbf": now,
            "exp": expires_on, "tid": tenant, "oid": OBJECT_ID, "appid": CLIENT_ID, "idtyp": "app",
            "uti": format!("token-{}", self.count), "ver": "1.0"
        });
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let token = format!("{}.{}.not-signed", part(&json!({"typ": "JWT", "alg": "RS256"})), part(&claims));
        self.issued.insert(
            token.clone(),
            (Instant::now() + self.lifetime, tenant.to_owned(), audience.trim_end_matches('/').to_owned()),
        );
        Issued { token, expires_on }
    }

    /// Whether an `Authorization` header is good now, and of which tenant.
    pub(crate) fn check(&mut self, authorization: Option<&str>) -> Result<String, Refusal> {
        let token = authorization
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let (expires, tenant, _) = token.and_then(|token| self.issued.get(token)).cloned().ok_or(Refusal::Invalid)?;
        if expires <= Instant::now() {
            return Err(Refusal::Expired);
        }
        self.checked += 1;
        if self.revoke_after.is_some_and(|limit| self.checked > limit) {
            self.revoke_after = None;
            self.revoke_all();
            return Err(Refusal::Invalid);
        }
        Ok(tenant)
    }

    /// For whom a good token is.
    pub(crate) fn audience(&self, authorization: Option<&str>) -> String {
        let token = authorization.and_then(|value| value.split_once(' ')).map(|(_, token)| token.trim());
        token.and_then(|token| self.issued.get(token)).map(|own| own.2.clone()).unwrap_or_default()
    }

    pub(crate) fn revoke_all(&mut self) {
        self.issued.clear();
    }
}

/// `GET /msi/token`, the App Service dialect: `expires_on` is a string of epoch seconds. `known` says whether the
/// caller showed the right `x-identity-header`.
pub(crate) fn managed_identity(tokens: &mut Tokens, query: &str, known: bool) -> Answer {
    let error =
        |status, code: &str, text: &str| Answer::json(status, json!({"error": code, "error_description": text}));
    if !known {
        return error(401, "unauthorized", "the x-identity-header does not match");
    }
    if parameter(query, "api-version").as_deref() != Some("2019-08-01") {
        return error(400, "invalid_request", "api-version 2019-08-01 is required");
    }
    let Some(resource) = parameter(query, "resource").filter(|resource| !resource.is_empty()) else {
        return error(400, "invalid_request", "resource is required");
    };
    let issued = tokens.issue(&resource);
    Answer::json(
        200,
        json!({
            "access_token": issued.token, "expires_on": issued.expires_on.to_string(), "resource": resource,
            "token_type": "Bearer", "client_id": parameter(query, "client_id").unwrap_or_else(|| CLIENT_ID.to_owned())
        }),
    )
}

/// `POST /{tenant}/oauth2/v2.0/token` with a client secret or a client assertion.
pub(crate) fn entra(tokens: &mut Tokens, tenant: &str, form: &str, secret: Option<&str>) -> Answer {
    let error = |status, code: &str, number: u32, text: &str| {
        let description = format!("AADSTS{number}: {text}");
        Answer::json(status, json!({"error": code, "error_description": description, "error_codes": [number]}))
    };
    if !tokens.tenants.contains(&tenant.to_lowercase()) {
        return error(400, "invalid_request", 90_002, &format!("Tenant '{tenant}' not found."));
    }
    if parameter(form, "grant_type").as_deref() != Some("client_credentials") {
        return error(400, "unsupported_grant_type", 70_003, "Only client_credentials is served here.");
    }
    let Some(scope) = parameter(form, "scope").filter(|scope| scope.ends_with("/.default")) else {
        return error(400, "invalid_scope", 70_011, "The scope must end with /.default.");
    };
    let given = parameter(form, "client_secret").filter(|value| !value.is_empty());
    let assertion = parameter(form, "client_assertion").filter(|value| !value.is_empty());
    let good = match (&given, secret) {
        (Some(given), Some(wanted)) => given == wanted,
        (Some(_), None) => true,
        (None, _) => assertion.is_some(),
    };
    if !good {
        return error(401, "invalid_client", 7_000_215, "Invalid client secret or assertion.");
    }
    let issued = tokens.issue_in(&tenant.to_lowercase(), scope.trim_end_matches("/.default"));
    let lifetime = tokens.lifetime.as_secs();
    Answer::json(
        200,
        json!({ "token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": issued.token }),
    )
}

/// A parameter of a query or of a form body, decoded.
pub(crate) fn parameter(pairs: &str, name: &str) -> Option<String> {
    let (_, value) = pairs.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| decode(key) == name)?;
    Some(decode(value))
}

/// Percent-decoding, with `+` as a space.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (first, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = tail;
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Base64 with the URL alphabet, without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, &byte)| word | u32::from(byte) << (16 - 8 * at));
        for at in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(word >> (18 - 6 * at) & 63) as usize]));
        }
    }
    out
}

/// The wall clock.
pub(crate) fn since_epoch() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "a token service tells its clients the time")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).unwrap_or_default()
}
