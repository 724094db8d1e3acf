//! Endpoints of the Azure clouds, and the check of a custom ARM endpoint.

use url::{Host, Url};

use crate::snapshot::Cloud;

/// Where a run sends its requests, and for whom its token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The cloud whose rules apply.
    pub cloud: Cloud,
    /// ARM base URL; https, or http on a loopback host.
    pub arm: Url,
    /// Token scope (`<audience>/.default`).
    pub scope: String,
}

/// Why an endpoint cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointError {
    /// Not an absolute URL.
    Malformed(String),
    /// Plain http to a host that is not loopback, or another scheme.
    NotSecure,
    /// User information, query or fragment in the URL.
    Decorated,
}

impl std::fmt::Display for EndpointError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "it is not an absolute URL ({why})"),
            Self::NotSecure => f.write_str("it must be https; plain http is accepted for loopback hosts only"),
            Self::Decorated => f.write_str("it must not contain a user name, a query or a fragment"),
        }
    }
}

impl std::error::Error for EndpointError {}

impl Endpoint {
    /// The endpoint of a cloud, or a custom one for it.
    ///
    /// The public host is in every ARM reference page; the sovereign ones are general knowledge, not seen answering.
    ///
    /// # Errors
    /// [`EndpointError`] when `custom` is not usable.
    pub fn new(cloud: Cloud, custom: Option<&str>) -> Result<Self, EndpointError> {
        let base = match cloud {
            Cloud::Public => "https://management.azure.com",
            Cloud::UsGov => "https://management.usgovcloudapi.net",
            Cloud::China => "https://management.chinacloudapi.cn",
        };
        let text = custom.unwrap_or(base);
        Ok(Self { cloud, arm: check_url(text)?, scope: format!("{base}/.default") })
    }

    /// The same with tokens for another audience: clouds that are none of [`Cloud`] have their own. A cloud's metadata could
    /// tell it, but whoever answers there could then name the authority that is given the credential, so it is asked for.
    ///
    /// # Errors
    /// [`EndpointError`] when `audience` is no URL a token can be for.
    pub fn for_audience(self, audience: &str) -> Result<Self, EndpointError> {
        check_url(audience)?;
        Ok(Self { scope: format!("{}/.default", audience.trim_end_matches('/')), ..self })
    }
}

/// The URL of a service that tokens or credentials are sent to.
///
/// # Errors
/// [`EndpointError`] when it is not a plain URL, or neither https nor on this machine.
pub fn check_url(text: &str) -> Result<Url, EndpointError> {
    let url = Url::parse(text).map_err(|error| EndpointError::Malformed(error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(EndpointError::Decorated);
    }
    if is_secure(&url) { Ok(url) } else { Err(EndpointError::NotSecure) }
}

/// Whether a bearer token may travel to `url`: https anywhere, http to this machine only.
pub fn is_secure(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Whether `url` leads to this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_for_loopback_only() {
        for good in ["http://127.0.0.1:8080", "http://[::1]:1", "http://localhost", "https://arm.example"] {
            assert!(Endpoint::new(Cloud::Public, Some(good)).is_ok(), "{good}");
        }
        for bad in [
            "http://arm.example",
            "http://localhost.example",
            "http://10.0.0.1",
            "ftp://localhost",
            "arm",
            "https://u:p@arm.example",
        ] {
            assert!(Endpoint::new(Cloud::Public, Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_custom_endpoint_keeps_the_audience_of_its_cloud() {
        let endpoint = Endpoint::new(Cloud::UsGov, Some("http://127.0.0.1:1")).unwrap();
        assert_eq!(endpoint.scope, "https://management.usgovcloudapi.net/.default");
    }
}
