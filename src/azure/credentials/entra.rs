//! Credentials that ask Entra ID for the token: all of them send one POST to the same endpoint.
//!
//! Cloud, transport and retries are always passed in. Left alone, `azure_identity` 1.0.0 would read
//! `AZURE_AUTHORITY_HOST` from the process and need 82 seconds to report an authority that cannot be reached.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::Secret;
use azure_core::http::policies::{RetryHeaders, RetryPolicy};
use azure_core::http::{ClientOptions, Pipeline, RetryOptions, StatusCode, Transport, UserAgentOptions};
use azure_core::time::Duration as Span;
use azure_identity::{
    AzurePipelinesCredential, AzurePipelinesCredentialOptions, ClientAssertion, ClientAssertionCredential,
    ClientAssertionCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions,
};
use url::Url;

use super::assertion::{GitHub, TokenFile};
use super::certificate::Certificate;
use super::refusal::Refusals;
use super::{Build, Context, Outcome};
use crate::azure::clouds::is_secure;
use crate::azure::environment::Environment;
use crate::azure::http::{self, Proxy};
use crate::snapshot::Cloud;

/// Where tokens are asked for, and through what.
#[derive(Clone)]
struct Entra {
    authority: String,
    transport: Transport,
}

impl Entra {
    fn new(context: &Context<'_>) -> Result<Self, Outcome> {
        let authority = authority(context.environment, context.cloud).map_err(failed)?;
        let client = http::client(context.ca_file, Proxy::Environment).map_err(|error| failed(error.to_string()))?;
        Ok(Self { authority, transport: Transport::new(Arc::new(client)) })
    }

    fn options(&self) -> ClientOptions {
        let mut cloud = CustomConfiguration::default();
        cloud.authority_host.clone_from(&self.authority);
        ClientOptions {
            cloud: Some(Arc::new(CloudConfiguration::Custom(cloud))),
            per_call_policies: vec![Arc::new(Refusals)],
            ..client_options(&self.transport)
        }
    }

    /// A credential of an application that `assertion` vouches for.
    fn federated<A: ClientAssertion + 'static>(
        self,
        tenant: String,
        client_id: String,
        assertion: impl Fn(&Self) -> A + Send + Sync + 'static,
    ) -> Build {
        Box::new(move || {
            let options = ClientAssertionCredentialOptions { client_options: self.options() };
            let credential =
                ClientAssertionCredential::new(tenant.clone(), client_id.clone(), assertion(&self), Some(options))?;
            Ok(credential)
        })
    }
}

fn failed(reason: String) -> Outcome {
    Outcome::Failed { reason }
}

/// Base URL of Entra ID.
///
/// Hosts: `azure_identity` 1.0.0 (read 2026-11-22). Microsoft's pages for the 21Vianet cloud also name
/// `login.partner.microsoftonline.cn`; set `AZURE_AUTHORITY_HOST` to use it.
fn authority(environment: &Environment, cloud: Cloud) -> Result<String, String> {
    let Some(given) = environment.get("AZURE_AUTHORITY_HOST") else {
        let host = match cloud {
            Cloud::Public => "https://login.microsoftonline.com",
            Cloud::UsGov => "https://login.microsoftonline.us",
            Cloud::China => "https://login.chinacloudapi.cn",
        };
        return Ok(host.to_owned());
    };
    // Other Azure tools accept the variable without a scheme.
    let text = if given.contains("://") { given.to_owned() } else { format!("https://{given}") };
    let url = Url::parse(&text).map_err(|error| format!("AZURE_AUTHORITY_HOST is not a URL ({error})"))?;
    if url.scheme() != "https" || !url.username().is_empty() || url.password().is_some() {
        return Err("AZURE_AUTHORITY_HOST must be an https URL without a user name".to_owned());
    }
    Ok(url.origin().ascii_serialization())
}

/// Options that every request of this module tree shares.
pub(super) fn client_options(transport: &Transport) -> ClientOptions {
    ClientOptions {
        retry: RetryOptions::custom(Arc::new(Brief { started: Instant::now() })),
        transport: Some(transport.clone()),
        user_agent: UserAgentOptions { application_id: Some("zdr-check".to_owned()) },
        ..Default::default()
    }
}

/// Pipeline for requests of our own.
pub(super) fn pipeline(options: ClientOptions) -> Pipeline {
    let (name, version) = (option_env!("CARGO_PKG_NAME"), option_env!("CARGO_PKG_VERSION"));
    Pipeline::new(name, version, options, Vec::new(), Vec::new(), None)
}

/// Retries what fails fast, for seconds. Counts from the start of the fetch, so that a connection attempt that used up
/// its time is not repeated.
#[derive(Debug)]
struct Brief {
    started: Instant,
}

impl RetryPolicy for Brief {
    fn is_expired(&self, _: Span, retries: u32) -> bool {
        retries >= 2 || self.started.elapsed() >= Duration::from_secs(3)
    }

    fn retry_headers(&self) -> Option<&RetryHeaders> {
        None
    }

    /// 429 and 503 carry a `Retry-After` of any length: they are reported at once instead of ignoring it or waiting for
    /// it.
    fn retry_status_codes(&self) -> &[StatusCode] {
        &[
            StatusCode::RequestTimeout,
            StatusCode::InternalServerError,
            StatusCode::BadGateway,
            StatusCode::GatewayTimeout,
        ]
    }

    fn sleep_duration(&self, retries: u32) -> Span {
        Span::milliseconds(400 * i64::from(retries))
    }
}

/// Own assertion instead of `WorkloadIdentityCredential`, which sends the token file's final newline along.
pub(super) fn workload_identity(context: &Context<'_>) -> Result<Build, Outcome> {
    let [tenant, client_id, file] =
        context.require(["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"])?;
    let file = PathBuf::from(file);
    Ok(Entra::new(context)?.federated(tenant, client_id, move |_| TokenFile(file.clone())))
}

pub(super) fn client_secret(context: &Context<'_>) -> Result<Build, Outcome> {
    let [tenant, client_id, secret] = context.require(["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"])?;
    let entra = Entra::new(context)?;
    let secret = Secret::new(secret);
    Ok(Box::new(move || {
        let options = ClientSecretCredentialOptions { client_options: entra.options() };
        let credential = ClientSecretCredential::new(&tenant, client_id.clone(), secret.clone(), Some(options))?;
        Ok(credential)
    }))
}

/// `AZURE_CLIENT_CERTIFICATE_PASSWORD` opens PKCS#12 files, which are not read; it is only kept out of messages.
pub(super) fn client_certificate(context: &Context<'_>) -> Result<Build, Outcome> {
    let [tenant, client_id, path] =
        context.require(["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH"])?;
    let entra = Entra::new(context)?;
    let (path, issuer) = (PathBuf::from(path), client_id.clone());
    let token_endpoint = format!("{}/{tenant}/oauth2/v2.0/token", entra.authority);
    let assertion = move |_: &Entra| Certificate {
        path: path.clone(),
        client_id: issuer.clone(),
        token_endpoint: token_endpoint.clone(),
    };
    Ok(entra.federated(tenant, client_id, assertion))
}

pub(super) fn github_oidc(context: &Context<'_>) -> Result<Build, Outcome> {
    let [url, bearer, client_id, tenant] = context.require([
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "AZURE_CLIENT_ID",
        "AZURE_TENANT_ID",
    ])?;
    let url = secure("ACTIONS_ID_TOKEN_REQUEST_URL", &url)?;
    let bearer = Secret::new(bearer);
    let assertion =
        move |entra: &Entra| GitHub::new(url.clone(), bearer.clone(), pipeline(client_options(&entra.transport)));
    Ok(Entra::new(context)?.federated(tenant, client_id, assertion))
}

/// The SDK reads `SYSTEM_OIDCREQUESTURI` from the process itself and has no option for it; it is checked here first,
/// because the job's access token is sent there.
pub(super) fn azure_pipelines(context: &Context<'_>) -> Result<Build, Outcome> {
    let [uri, job_token, client_id, tenant, connection] = context.require([
        "SYSTEM_OIDCREQUESTURI",
        "SYSTEM_ACCESSTOKEN",
        "AZURESUBSCRIPTION_CLIENT_ID",
        "AZURESUBSCRIPTION_TENANT_ID",
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
    ])?;
    secure("SYSTEM_OIDCREQUESTURI", &uri)?;
    let entra = Entra::new(context)?;
    let job_token = Secret::new(job_token);
    Ok(Box::new(move || {
        let credential_options = ClientAssertionCredentialOptions { client_options: entra.options() };
        let options = AzurePipelinesCredentialOptions { credential_options };
        let credential = AzurePipelinesCredential::new(
            tenant.clone(),
            client_id.clone(),
            &connection,
            job_token.clone(),
            Some(options),
        )?;
        Ok(credential)
    }))
}

/// A URL that a bearer token may be sent to.
fn secure(name: &str, text: &str) -> Result<Url, Outcome> {
    let url = Url::parse(text).map_err(|error| failed(format!("{name} is not a URL ({error})")))?;
    if is_secure(&url) { Ok(url) } else { Err(failed(format!("{name} must be an https URL"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_comes_from_the_variable_then_from_the_cloud() {
        let given = |value| authority(&Environment::from([("AZURE_AUTHORITY_HOST", value)]), Cloud::UsGov);
        assert_eq!(given("https://login.example/").unwrap(), "https://login.example");
        assert_eq!(given("login.example").unwrap(), "https://login.example");
        assert_eq!(given("").unwrap(), "https://login.microsoftonline.us");
        for bad in ["http://login.example", "https://u:p@login.example", "http://localhost:1", "https://"] {
            assert!(given(bad).unwrap_err().contains("AZURE_AUTHORITY_HOST"), "{bad}");
        }
    }
}
