//! Public pages over https: the sources behind the rules, for `terms check`.
//!
//! A reader of other people's pages is a guest: it obeys robots.txt, asks a host at most once a second, says who it is, and
//! gives up on what is too large or too slow. No credential comes near this module, and nothing is sent but the address.

mod body;
mod robots;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HOST, LOCATION};
use reqwest::{Response, StatusCode};
use tokio::time::Instant;
use url::Url;

use super::clouds::is_loopback;
use super::http::{self, HttpError, Proxy};
use robots::Robots;

/// Redirects that are followed for one page.
const REDIRECTS: usize = 5;
/// Time between two requests to one host.
const PAUSE: Duration = Duration::from_secs(1);

/// How to read pages.
#[derive(Debug, Clone)]
pub struct PageSettings {
    /// Further certificate authorities, as a PEM file.
    pub ca_file: Option<std::path::PathBuf>,
    /// Time one page may take, redirects not included.
    pub timeout: Duration,
    /// Bytes of one page at most, after decompression.
    pub largest: usize,
    /// Other addresses for hosts: loopback servers, for tests and mirrors.
    pub resolve: BTreeMap<String, Url>,
}

/// A page as it was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its text, decoded; bytes that are no text in its character set are replaced.
    pub text: String,
    /// Whether it is HTML.
    pub is_html: bool,
    /// The address that served it, after redirects.
    pub address: String,
}

/// Why a page could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// The server says that there is no such page (404 or 410).
    Gone(u16),
    /// Another status.
    Status(u16),
    /// robots.txt does not allow it, or could not be read.
    Robots(&'static str),
    /// More redirects than are followed, or one without a target.
    Redirects,
    /// A redirect to an address that is not https.
    LeavesHttps(String),
    /// Larger than what is read, in bytes.
    TooLarge(usize),
    /// It took too long.
    Timeout,
    /// No answer, or a broken one.
    Transport(String),
    /// It is no text.
    NotText(String),
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gone(status) => write!(f, "the page is gone (status {status})"),
            Self::Status(status) => write!(f, "the server answered with status {status}"),
            Self::Robots(why) => write!(f, "not fetched: {why}"),
            Self::Redirects => write!(f, "more than {REDIRECTS} redirects, or one without a target"),
            Self::LeavesHttps(target) => write!(f, "it redirects to {target}, which is not https"),
            Self::TooLarge(most) => write!(f, "larger than {most} bytes"),
            Self::Timeout => write!(f, "it took too long"),
            Self::Transport(why) => write!(f, "no usable answer: {why}"),
            Self::NotText(kind) => write!(f, "it is {kind}, not text"),
        }
    }
}

/// Reads pages one after another.
#[derive(Debug)]
pub struct Pages {
    client: reqwest::Client,
    settings: PageSettings,
    robots: BTreeMap<String, Robots>,
    asked: BTreeMap<String, Instant>,
}

impl Pages {
    /// A reader.
    ///
    /// # Errors
    /// [`HttpError`] when the CA file is unusable or TLS cannot be set up.
    pub fn new(settings: PageSettings) -> Result<Self, HttpError> {
        let ca_file = settings.ca_file.as_deref().map(Path::to_owned);
        let client = http::client(ca_file.as_deref(), Proxy::Environment)?;
        Ok(Self { client, settings, robots: BTreeMap::new(), asked: BTreeMap::new() })
    }

    /// Reads the page at `address`.
    ///
    /// # Errors
    /// Why it could not be read.
    pub async fn read(&mut self, address: &str) -> Result<Page, Unread> {
        let mut url = https(address)?;
        for _ in 0..=REDIRECTS {
            self.permitted(&url).await?;
            let response = self.get(&url, self.settings.timeout).await?;
            let status = response.status();
            if status.is_redirection() {
                url = target(&url, &response)?;
                continue;
            }
            return match status {
                StatusCode::OK => self.page(&url, response).await,
                StatusCode::NOT_FOUND | StatusCode::GONE => Err(Unread::Gone(status.as_u16())),
                _ => Err(Unread::Status(status.as_u16())),
            };
        }
        Err(Unread::Redirects)
    }

    async fn page(&self, url: &Url, response: Response) -> Result<Page, Unread> {
        let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let is_html = body::is_html(&kind);
        if !is_html && !body::is_text(&kind) {
            return Err(Unread::NotText(kind));
        }
        let bytes = body::read(response, self.settings.largest, self.settings.timeout).await?;
        Ok(Page { text: body::decode(&bytes, &kind), is_html, address: url.to_string() })
    }

    /// Asks robots.txt once per host.
    async fn permitted(&mut self, url: &Url) -> Result<(), Unread> {
        let host = url.host_str().unwrap_or_default().to_owned();
        if !self.robots.contains_key(&host) {
            let robots = self.robots_of(url).await;
            self.robots.insert(host.clone(), robots);
        }
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        match self.robots.get(&host) {
            Some(Robots::Unreachable) | None => Err(Unread::Robots("robots.txt of the host could not be read")),
            Some(robots @ Robots::Rules(_)) if robots.allows(path) => Ok(()),
            Some(Robots::Rules(_)) => Err(Unread::Robots("robots.txt of the host does not allow it")),
        }
    }

    /// RFC 9309: without the file everything is allowed; when the host cannot answer, nothing is.
    async fn robots_of(&mut self, url: &Url) -> Robots {
        let Ok(mut url) = url.join("/robots.txt") else { return Robots::Unreachable };
        for _ in 0..=REDIRECTS {
            let Ok(response) = self.get(&url, self.settings.timeout).await else { return Robots::Unreachable };
            let status = response.status();
            if status.is_redirection() {
                let Ok(target) = target(&url, &response) else { return Robots::Unreachable };
                url = target;
            } else if status.is_success() {
                let read = body::read_up_to(response, robots::LIMIT, self.settings.timeout).await;
                return read.map_or(Robots::Unreachable, |bytes| Robots::parse(&String::from_utf8_lossy(&bytes)));
            } else if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS {
                return Robots::Rules(Vec::new());
            } else {
                return Robots::Unreachable;
            }
        }
        Robots::Rules(Vec::new())
    }

    async fn get(&mut self, url: &Url, timeout: Duration) -> Result<Response, Unread> {
        let host = url.host_str().unwrap_or_default().to_owned();
        if let Some(asked) = self.asked.get(&host) {
            tokio::time::sleep_until(*asked + PAUSE).await;
        }
        self.asked.insert(host.clone(), Instant::now());
        let agent = format!("{}/{} (+{})", robots::AGENT, env!("CARGO_PKG_VERSION"), "https://docs.rs/zdr-check");
        let mut request = self.client.get(self.place(url)).header(ACCEPT, "text/html, text/plain;q=0.9, */*;q=0.1");
        if self.settings.resolve.contains_key(&host) {
            request = request.header(HOST, host);
        }
        tracing::info!(%url, "reading a page");
        let sent = tokio::time::timeout(timeout, request.header(reqwest::header::USER_AGENT, agent).send()).await;
        sent.map_err(|_| Unread::Timeout)?.map_err(|error| body::transport(&error))
    }

    /// Where the request goes: another server than the host names, when the settings say so.
    fn place(&self, url: &Url) -> Url {
        let Some(server) = url.host_str().and_then(|host| self.settings.resolve.get(host)) else { return url.clone() };
        let mut place = server.clone();
        place.set_path(url.path());
        place.set_query(url.query());
        place
    }
}

/// Whether `--resolve` may send requests to this address: a loopback server.
pub fn is_stand_in(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && is_loopback(url)
}

fn https(address: &str) -> Result<Url, Unread> {
    let url = Url::parse(address).map_err(|error| Unread::Transport(error.to_string()))?;
    if url.scheme() == "https" { Ok(url) } else { Err(Unread::LeavesHttps(url.to_string())) }
}

fn target(url: &Url, response: &Response) -> Result<Url, Unread> {
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).ok_or(Unread::Redirects)?;
    let mut target = url.join(location).map_err(|_| Unread::Redirects)?;
    target.set_fragment(None);
    // A name and password in an address would be sent along.
    if target.scheme() == "https" && target.username().is_empty() && target.password().is_none() {
        Ok(target)
    } else {
        Err(Unread::LeavesHttps(format!("{}://{}", target.scheme(), target.host_str().unwrap_or_default())))
    }
}
