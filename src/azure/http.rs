//! The one HTTP client under everything: rustls with ring, HTTP/2 where offered, gzip, no redirects.

use std::path::Path;
use std::time::Duration;

use url::Url;

/// Whether the proxy variables of the environment apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proxy {
    /// `HTTPS_PROXY`, `NO_PROXY` and friends.
    Environment,
    /// Never: managed-identity endpoints are local and their secret header must not reach a proxy.
    Never,
}

impl Proxy {
    /// What applies to requests with a token for `endpoint`: they may pass a proxy inside TLS only. Plain http is possible to
    /// loopback hosts only, and stays on this machine.
    pub fn of(endpoint: &Url) -> Self {
        if endpoint.scheme() == "https" { Self::Environment } else { Self::Never }
    }
}

/// Why the client could not be built.
#[derive(Debug)]
pub enum HttpError {
    /// The file of `--ca-file` cannot be read.
    ReadCa(std::path::PathBuf, std::io::Error),
    /// The file of `--ca-file` holds no certificate.
    ParseCa(std::path::PathBuf, String),
    /// The TLS stack or the trust store of this machine is not usable.
    Build(reqwest::Error),
}

impl std::fmt::Display for HttpError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ReadCa(path, error) => write!(f, "cannot read the CA file {}: {error}", path.display()),
            Self::ParseCa(path, why) => {
                write!(f, "the CA file {} holds no usable PEM certificate: {why}", path.display())
            }
            Self::Build(error) => write!(f, "cannot set up TLS: {error}"),
        }
    }
}

impl std::error::Error for HttpError {}

/// Builds a client. Roots are the platform's (`SSL_CERT_FILE` is honoured) plus those of `ca_file`.
///
/// # Errors
/// [`HttpError`] when the CA file is unusable or TLS cannot be set up.
pub fn client(ca_file: Option<&Path>, proxy: Proxy) -> Result<reqwest::Client, HttpError> {
    // The first caller installs ring; a later one finds it installed, which is what it wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .referer(false);
    if proxy == Proxy::Never {
        builder = builder.no_proxy();
    }
    if let Some(path) = ca_file {
        let pem = std::fs::read(path).map_err(|error| HttpError::ReadCa(path.to_owned(), error))?;
        let roots = reqwest::Certificate::from_pem_bundle(&pem)
            .map_err(|error| HttpError::ParseCa(path.to_owned(), error.to_string()))?;
        if roots.is_empty() {
            return Err(HttpError::ParseCa(path.to_owned(), "no CERTIFICATE block".to_owned()));
        }
        builder = builder.tls_certs_merge(roots);
    }
    builder.build().map_err(HttpError::Build)
}
