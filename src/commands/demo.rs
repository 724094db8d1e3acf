//! The embedded demo estate, read through the same client and collection as a live one.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};

use super::failure::Failure;
use super::live::{self, Origin, Reading};
use super::record::Recorder;
use crate::azure::arm::{Arm, Settings};
use crate::azure::clouds::Endpoint;
use crate::azure::credentials::Cached;
use crate::azure::estate::Estate;
use crate::collect::scope::{Ask, Callers};
use crate::rules;
use crate::snapshot::{Asked, Cloud, Principal, Snapshot, Source};

const ESTATE: &str = include_str!("../../fixtures/demo/estate.json");

/// Reads the demo estate: no sign-in, no network.
///
/// # Errors
/// When the embedded estate is unusable, which is a bug.
pub(super) async fn snapshot(recorder: &Recorder) -> Result<Snapshot, Failure> {
    record(ESTATE, recorder).await
}

/// Reads a described estate in process.
///
/// # Errors
/// When the description is not JSON or shows no subscription.
pub async fn read(estate: &str) -> Result<Snapshot, Failure> {
    record(estate, &Recorder::off()).await
}

async fn record(estate: &str, recorder: &Recorder) -> Result<Snapshot, Failure> {
    let broken =
        |why: String| Failure::not_audited(format!("the described estate is unusable: {why}"), "This is a bug.");
    let estate = Estate::parse(estate).map_err(|error| broken(error.to_string()))?;
    let endpoint = Endpoint::new(Cloud::Public, None).map_err(|error| broken(error.to_string()))?;
    let asked = Asked { data_plane: estate.asks_data_plane(), ..Asked::default() };
    let arm = Arm::over(
        Arc::new(estate),
        Settings::new(endpoint.clone()),
        Arc::new(Cached::over("demo", Arc::new(NoSignIn))),
    );
    let origin = Origin {
        source: Source::Demo,
        scopes: vec!["embedded demo estate".to_owned()],
        principal: Some(Principal { kind: Some("demo".to_owned()), ..Principal::default() }),
        asked,
    };
    let reading = Reading {
        endpoint: &endpoint,
        origin,
        credential: "demo",
        exclude: &[],
        operations: &rules::needs(|_| true),
        width: 8,
        observer: &|_| {},
        recorder,
    };
    live::collect(&Callers::only(arm), Ask::All, reading).await
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
