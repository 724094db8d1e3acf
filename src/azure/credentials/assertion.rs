//! Tokens of other issuers that Entra ID takes in place of a secret: a mounted file, and the token of a GitHub job.

use std::path::PathBuf;

use async_trait::async_trait;
use azure_core::credentials::Secret;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::{ACCEPT, AUTHORIZATION};
use azure_core::http::{ClientMethodOptions, Context, Method, Pipeline, PipelineSendOptions, RawResponse, Request};
use azure_identity::ClientAssertion;
use serde::Deserialize;
use url::Url;

/// Audience that Entra ID expects in a token of another issuer, unless the federated credential says otherwise: the
/// default of `New-AzADAppFederatedCredential` (learn.microsoft.com, read 2026-11-22). Used in every cloud, unverified
/// for the sovereign ones.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// Token file of a federated workload. Read anew each time, because the platform rotates it; trimmed, because
/// `azure_identity` would send a final newline along.
#[derive(Debug)]
pub(super) struct TokenFile(pub(super) PathBuf);

#[async_trait]
impl ClientAssertion for TokenFile {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        let file = self.0.display();
        let text =
            tokio::fs::read_to_string(&self.0).await.map_err(|error| failed(format!("cannot read {file}: {error}")))?;
        match text.trim() {
            "" => Err(failed(format!("{file} is empty"))),
            token => Ok(token.to_owned()),
        }
    }
}

/// The OIDC provider of a GitHub Actions job: GET with the request token as bearer; the answer is `{"value": token}`.
///
/// Known from the `OpenID Connect` pages of docs.github.com (2026-11-22), not yet met in a real job.
#[derive(Debug)]
pub(super) struct GitHub {
    url: Url,
    bearer: Secret,
    pipeline: Pipeline,
}

impl GitHub {
    /// Asks at `url`, which the caller has found secure, for a token meant for Entra ID.
    pub(super) fn new(mut url: Url, bearer: Secret, pipeline: Pipeline) -> Self {
        url.query_pairs_mut().append_pair("audience", AUDIENCE);
        Self { url, bearer, pipeline }
    }
}

#[derive(Deserialize)]
struct GitHubToken {
    value: Secret,
}

#[async_trait]
impl ClientAssertion for GitHub {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        let mut request = Request::new(self.url.clone(), Method::Get);
        request.insert_header(AUTHORIZATION, format!("Bearer {}", self.bearer.secret()));
        request.insert_header(ACCEPT, "application/json");
        let response = send(&self.pipeline, &mut request).await?;
        if !response.status().is_success() {
            return Err(failed(format!("GitHub gave no token: HTTP {}", u16::from(response.status()))));
        }
        // serde_json's message could quote the answer, and the answer is a token.
        let token: GitHubToken = serde_json::from_slice(response.body().as_ref())
            .map_err(|_| failed("the answer of GitHub is not {\"value\": token}".to_owned()))?;
        Ok(token.value.secret().to_owned())
    }
}

/// Sends without turning a bad status into an error.
pub(super) async fn send(pipeline: &Pipeline, request: &mut Request) -> azure_core::Result<RawResponse> {
    let options = PipelineSendOptions { skip_checks: true, ..Default::default() };
    pipeline.send(&Context::new(), request, Some(options)).await
}

/// An error whose text is all it holds.
pub(super) fn failed(text: String) -> Error {
    Error::with_message(ErrorKind::Credential, text)
}
