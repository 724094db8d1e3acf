//! Managed identity, asked for directly.
//!
//! `ManagedIdentityCredential` of `azure_identity` 1.0.0 reads the process environment, knows no other address for the
//! instance metadata service, replaces our retry options by its own and needs 100 seconds to find out that nothing is
//! there. The protocol is one GET. Azure Arc, Cloud Shell and Service Fabric have protocols of their own and are not
//! supported.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, Secret, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::HeaderName;
use azure_core::http::{ClientOptions, Method, Request, RetryOptions, Transport};
use azure_core::time::OffsetDateTime;
use serde::Deserialize;
use serde_json::Value;
use url::{Host, Url};

use super::assertion::{failed, send};
use super::{Build, Context, Outcome, entra, reason};
use crate::azure::http::{self, Proxy};

/// Address of the instance metadata service; the same on every Azure virtual machine.
const IMDS: &str = "http://169.254.169.254";

/// Time the metadata service has for a first sign of life. Off Azure its address leads nowhere and packets to it
/// vanish.
const PROBE_LIMIT: Duration = Duration::from_secs(1);

/// An endpoint that hands out tokens of the machine's identity.
///
/// Protocols: "How to use managed identities for App Service and Azure Functions" and "How to use managed identities
/// for Azure resources on an Azure VM to acquire an access token", learn.microsoft.com, and the source of
/// `azure_identity` 1.0.0 (read 2026-11-22). Not yet met on a real machine.
#[derive(Clone)]
struct Endpoint {
    url: Url,
    api_version: &'static str,
    header: (HeaderName, Secret),
    /// Client id of a user-assigned identity.
    client_id: Option<String>,
    transport: Transport,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

/// App Service when both of its variables are set, else the instance metadata service when it answers a probe.
pub(super) async fn prepare(context: &Context<'_>) -> Result<Build, Outcome> {
    let gave_up = |reason| Outcome::Failed { reason };
    // A proxy would see the secret header and could not reach a local address anyway.
    let client = http::client(context.ca_file, Proxy::Never).map_err(|error| gave_up(error.to_string()))?;
    let transport = Transport::new(Arc::new(client));
    let variable = |name| context.environment.get(name);
    let client_id = variable("AZURE_CLIENT_ID").map(str::to_owned);
    let endpoint = if let (Some(url), Some(secret)) = (variable("IDENTITY_ENDPOINT"), variable("IDENTITY_HEADER")) {
        if variable("IDENTITY_SERVER_THUMBPRINT").is_some() {
            return Err(gave_up("managed identity of Service Fabric is not supported".to_owned()));
        }
        let url = local_or_https("IDENTITY_ENDPOINT", url).map_err(gave_up)?;
        let header = (HeaderName::from_static("x-identity-header"), Secret::new(secret.to_owned()));
        Endpoint { url, api_version: "2019-08-01", header, client_id, transport }
    } else {
        let base = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST").unwrap_or(IMDS);
        let base = local_or_https("AZURE_POD_IDENTITY_AUTHORITY_HOST", base).map_err(gave_up)?;
        probe(&base, &transport).await.map_err(gave_up)?;
        let url = base.join("/metadata/identity/oauth2/token").map_err(|error| gave_up(error.to_string()))?;
        let header = (HeaderName::from_static("metadata"), Secret::new("true"));
        Endpoint { url, api_version: "2018-02-01", header, client_id, transport }
    };
    let endpoint = Arc::new(endpoint);
    Ok(Box::new(move || Ok(Arc::clone(&endpoint) as Arc<dyn TokenCredential>)))
}

/// Plain http is what the platform offers, on an address that does not leave the host or its virtual network.
fn local_or_https(name: &str, text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{name} is not a URL ({error})"))?;
    let local = match url.host() {
        Some(Host::Domain(domain)) => domain.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_link_local() || ip.is_private(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unique_local(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if local => Ok(url),
        _ => Err(format!("{name} must be https, or http on a local address")),
    }
}

/// Whether a metadata service is there. Any answer counts, it is the connection that tells.
async fn probe(base: &Url, transport: &Transport) -> Result<(), String> {
    let url = base.join("/metadata/instance").map_err(|error| error.to_string())?;
    let pipeline = entra::pipeline(ClientOptions { retry: RetryOptions::none(), ..entra::client_options(transport) });
    let mut request = Request::new(url, Method::Get);
    request.insert_header("metadata", "true");
    let why = match tokio::time::timeout(PROBE_LIMIT, send(&pipeline, &mut request)).await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(error)) => reason::describe(&error),
        Err(_) => format!("no answer within {} s", PROBE_LIMIT.as_secs()),
    };
    Err(format!("this machine has no instance metadata service ({why})"))
}

#[async_trait]
impl TokenCredential for Endpoint {
    async fn get_token(&self, scopes: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        let scope = scopes.first().copied().unwrap_or_default();
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("api-version", self.api_version)
            .append_pair("resource", scope.strip_suffix("/.default").unwrap_or(scope))
            .extend_pairs(self.client_id.iter().map(|id| ("client_id", id)));
        let mut request = Request::new(url, Method::Get);
        request.insert_header(self.header.0.clone(), self.header.1.secret().to_owned());
        let response = send(&entra::pipeline(entra::client_options(&self.transport)), &mut request).await?;
        let body = response.body().as_ref();
        if response.status().is_success() {
            return token(body).ok_or_else(|| failed("its answer holds no token with an end".to_owned()));
        }
        let kind = ErrorKind::HttpResponse { status: response.status(), error_code: None, raw_response: None };
        Err(Error::with_message(kind, complaint(body)))
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: Secret,
    /// Seconds since 1970: a string in documented answers, a number in some others.
    expires_on: Option<Value>,
}

fn token(body: &[u8]) -> Option<AccessToken> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let seconds = match answer.expires_on? {
        Value::String(text) => text.parse().ok()?,
        Value::Number(number) => number.as_i64()?,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let end = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    (!answer.access_token.secret().is_empty()).then(|| AccessToken::new(answer.access_token, end))
}

/// What the endpoint says about a refusal: the metadata service and App Service use different names for it.
fn complaint(body: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let names = ["error_description", "message", "error"];
    let said = names.into_iter().find_map(|name| answer.get(name)?.as_str());
    said.unwrap_or("the managed identity endpoint gave no reason").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_local() {
        for good in [IMDS, "http://127.0.0.1:41741/msi/token", "http://172.16.0.3:8081/msi/token", "https://x.example"]
        {
            assert!(local_or_https("X", good).is_ok(), "{good}");
        }
        for bad in ["http://x.example/msi/token", "http://8.8.8.8", "ftp://127.0.0.1", "nothing"] {
            assert!(local_or_https("X", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_end_of_a_token_may_be_text_or_number_but_not_absent() {
        for good in
            [r#"{"access_token":"t","expires_on":"4102444800"}"#, r#"{"access_token":"t","expires_on":4102444800}"#]
        {
            assert_eq!(token(good.as_bytes()).unwrap().expires_on.unix_timestamp(), 4_102_444_800);
        }
        for bad in
            [r#"{"access_token":"t"}"#, r#"{"access_token":"","expires_on":"1"}"#, r#"{"expires_on":"1"}"#, "<html>"]
        {
            assert!(token(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
