//! Reads what Entra ID says when it refuses, before `azure_identity` does.
//!
//! Version 1.0.0 borrows `error_description` from the body, which fails as soon as JSON escapes anything in it, and the
//! documented example contains `\r\n` ("Microsoft Entra authentication and authorization error codes",
//! learn.microsoft.com, read 2026-11-22). The user would learn of a parse error instead of a wrong secret.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{AsyncRawResponse, Context, Request};
use serde_json::Value;

/// Turns a refusal of a token endpoint into an error that says why. Meant for the policies per call, so that it sees
/// the answer that is left after retries.
#[derive(Debug)]
pub(super) struct Refusals;

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "the trait elides it too, and naming it makes another signature")]
impl Policy for Refusals {
    async fn send(&self, ctx: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let Some((following, rest)) = next.split_first() else {
            return Err(Error::with_message(ErrorKind::Other, "no policy left to send the request"));
        };
        let response = following.send(ctx, request, rest).await?;
        if response.status().is_success() || !request.url().path().ends_with("/oauth2/v2.0/token") {
            return Ok(response);
        }
        let kind = ErrorKind::HttpResponse { status: response.status(), error_code: None, raw_response: None };
        Err(Error::with_message(kind, explanation(response).await))
    }
}

async fn explanation(response: AsyncRawResponse) -> String {
    let Ok(response) = response.try_into_raw_response().await else {
        return "the answer broke off".to_owned();
    };
    let answer: Value = serde_json::from_slice(response.body().as_ref()).unwrap_or_default();
    let said = answer.get("error_description").or_else(|| answer.get("error")).and_then(Value::as_str);
    // Entra ID ends its description with ids that differ every time.
    let said = said.and_then(|text| text.split("Trace ID:").next()).map(str::trim);
    said.unwrap_or("the answer does not look like one of Entra ID").to_owned()
}
