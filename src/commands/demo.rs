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
use crate::snapshot::{Asked, Cloud, PackedSnapshot, Principal, Snapshot, Source};

const ESTATE: &str = include_str!("../../fixtures/demo/estate.json");

/// Reads the demo estate: no sign-in, no network.
///
/// # Errors
/// When the embedded estate is unusable, which is a bug.
pub(super) async fn snapshot(asked: Asked, recorder: &Recorder) -> Result<PackedSnapshot, Failure> {
    record(ESTATE, asked, recorder).await
}

/// Reads a described estate in process, as a scan without further flags does.
///
/// # Errors
/// When the description is not JSON or shows no subscription.
pub async fn read(estate: &str) -> Result<Snapshot, Failure> {
    read_with(estate, Asked::default()).await
}

/// The same, with what was asked for besides subscriptions and accounts.
///
/// # Errors
/// As for [`read`].
pub async fn read_with(estate: &str, asked: Asked) -> Result<Snapshot, Failure> {
    Ok(record(estate, asked, &Recorder::off()).await?.open())
}

async fn record(estate: &str, asked: Asked, recorder: &Recorder) -> Result<PackedSnapshot, Failure> {
    let broken =
        |why: String| Failure::not_audited(format!("the described estate is unusable: {why}"), "This is a bug.");
    let estate = Estate::parse(estate).map_err(|error| broken(error.to_string()))?;
    let endpoint = Endpoint::new(Cloud::Public, None).map_err(|error| broken(error.to_string()))?;
    let asked = Asked { data_plane: asked.data_plane || estate.asks_data_plane(), ..asked };
    let arm = Arm::over(
        Arc::new(estate),
        Settings::new(endpoint.clone()),
        Arc::new(Cached::over("demo", Arc::new(NoSignIn))),
    );
    let origin = Origin {
        source: Source::Demo,
        scopes: std::iter::once("embedded demo estate".to_owned()).chain(live::part_words(&asked)).collect(),
        principal: Some(Principal { kind: Some("demo".to_owned()), ..Principal::default() }),
        asked,
    };
    let operations = rules::needs(|_| true);
    let reading = Reading {
        endpoint: &endpoint,
        origin,
        credential: "demo",
        exclude: &[],
        operations: &operations,
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
