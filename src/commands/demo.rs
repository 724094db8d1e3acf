//! The embedded demo estate, read through the same client and collection as a live one.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};

use super::failure::Failure;
use super::live::{self, Origin};
use crate::azure::arm::{Arm, Settings};
use crate::azure::clouds::Endpoint;
use crate::azure::credentials::Cached;
use crate::azure::estate::Estate;
use crate::collect::scope::{self, Ask, Callers};
use crate::collect::{Select, Wanted};
use crate::rules;
use crate::snapshot::{Cloud, Principal, Snapshot, Source};

const ESTATE: &str = include_str!("../../fixtures/demo/estate.json");

/// Reads the demo estate: no sign-in, no network.
///
/// # Errors
/// When the embedded estate is unusable, which is a bug.
pub(super) async fn snapshot() -> Result<Snapshot, Failure> {
    read(ESTATE).await
}

/// Reads a described estate in process.
///
/// # Errors
/// When the description is not JSON or shows no subscription.
pub async fn read(estate: &str) -> Result<Snapshot, Failure> {
    let broken =
        |why: String| Failure::not_audited(format!("the described estate is unusable: {why}"), "This is a bug.");
    let estate = Estate::parse(estate).map_err(|error| broken(error.to_string()))?;
    let endpoint = Endpoint::new(Cloud::Public, None).map_err(|error| broken(error.to_string()))?;
    let arm = Arm::over(
        Arc::new(estate),
        Settings::new(endpoint.clone()),
        Arc::new(Cached::over("demo", Arc::new(NoSignIn))),
    );
    let callers = Callers::only(arm);
    let resolved = scope::resolve(&callers, Ask::All, &[]).await;
    let resolved = resolved.map_err(|error| Failure::scope(error, endpoint.arm.as_str()))?;
    let wanted = Wanted { operations: &rules::needs(|_| true), select: &Select::default(), width: 8 };
    let words = vec!["embedded demo estate".to_owned()];
    let origin = Origin { endpoint: &endpoint, credential: "demo", words };
    let mut snapshot = live::collect(&callers, resolved, origin, &wanted, &|_| {}).await;
    snapshot.source = Source::Demo;
    snapshot.principal = Principal { kind: Some("demo".to_owned()), ..Principal::default() };
    Ok(snapshot)
}

/// The estate asks for no token; the client insists on a bearer.
#[derive(Debug)]
struct NoSignIn;

#[async_trait]
impl TokenCredential for NoSignIn {
    async fn get_token(
        &self,
        _scopes: &[&str],
        _options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        Ok(AccessToken::new("none", azure_core::time::OffsetDateTime::now_utc() + azure_core::time::Duration::hours(1)))
    }
}
