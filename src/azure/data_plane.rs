//! The data plane of an account: where it is, for whom its token is, and how its lists become numbers.
//!
//! The hosts are built from the account's subdomain and the cloud's own domains; what an answer of Azure Resource Manager says about
//! endpoints is not looked at, so that no answer can send a token elsewhere. The exchange itself is `arm`'s, with its patience,
//! pace and limits.

pub mod items;

use url::Url;

use super::clouds::is_loopback;
use super::operations::stores::{Host, Route};
use crate::snapshot::Cloud;

/// Where the stores of an account, or of one of its projects, are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The custom subdomain of the account.
    pub subdomain: String,
    /// Name of the project; `None` for the account's own stores.
    pub project: Option<String>,
}

/// The domains of a cloud. Those of the public cloud are documented; the sovereign ones are general knowledge, not seen answering.
fn domain(cloud: Cloud, host: Host) -> &'static str {
    match (cloud, host) {
        (Cloud::Public, Host::OpenAi) => "openai.azure.com",
        (Cloud::Public, Host::Foundry) => "services.ai.azure.com",
        (Cloud::UsGov, Host::OpenAi) => "openai.azure.us",
        (Cloud::UsGov, Host::Foundry) => "services.ai.azure.us",
        (Cloud::China, Host::OpenAi) => "openai.azure.cn",
        (Cloud::China, Host::Foundry) => "services.ai.azure.cn",
    }
}

/// Token scope. Documented for the public cloud (Responses API, 2026-06-30, and agent runtime components, 2026-04-10); the
/// sovereign twins are general knowledge.
pub fn scope(cloud: Cloud, host: Host) -> &'static str {
    match (cloud, host) {
        (Cloud::Public, Host::OpenAi) => "https://cognitiveservices.azure.com/.default",
        (Cloud::Public, Host::Foundry) => "https://ai.azure.com/.default",
        (Cloud::UsGov, Host::OpenAi) => "https://cognitiveservices.azure.us/.default",
        (Cloud::UsGov, Host::Foundry) => "https://ai.azure.us/.default",
        (Cloud::China, Host::OpenAi) => "https://cognitiveservices.azure.cn/.default",
        (Cloud::China, Host::Foundry) => "https://ai.azure.cn/.default",
    }
}

/// Whether `label` is one label of a host name, whoever reads it.
fn is_label(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(plain) && !label.starts_with('-') && !label.ends_with('-')
}

/// Whether `text` is one plain segment of a path.
fn is_segment(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    (1..=256).contains(&text.len()) && text.chars().all(plain) && !text.starts_with('.')
}

/// Which hosts a token for the data plane may go to.
#[derive(Debug, Clone)]
pub struct Hosts {
    cloud: Cloud,
    /// Stands for every account, each below a path of its name. Tests only: it is on this machine.
    stand_in: Option<Url>,
}

impl Hosts {
    /// Those of a cloud. A stand-in that is not on this machine is none.
    pub fn new(cloud: Cloud, stand_in: Option<Url>) -> Self {
        Self { cloud, stand_in: stand_in.filter(is_loopback) }
    }

    /// Whether a token for `host` may go to `url`: https to one label below the cloud's domain, or the stand-in.
    pub fn may_visit(&self, host: Host, url: &Url) -> bool {
        if !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        if let Some(own) = &self.stand_in {
            return url.origin() == own.origin();
        }
        let suffix = format!(".{}", domain(self.cloud, host));
        let label = url.host_str().and_then(|name| name.strip_suffix(suffix.as_str()));
        url.scheme() == "https" && url.port().is_none() && label.is_some_and(is_label)
    }

    /// The URL of a route; `None` when a name cannot be part of one. `below` is the job or agent the route is about.
    pub fn url(&self, host: Host, place: &Place, route: Route, below: Option<&str>) -> Option<Url> {
        if !is_label(&place.subdomain) || below.is_some_and(|id| !is_segment(id)) {
            return None;
        }
        let mut url = match &self.stand_in {
            Some(own) => own.clone(),
            None => Url::parse(&format!("https://{}.{}", place.subdomain, domain(self.cloud, host))).ok()?,
        };
        let mut path: Vec<&str> = Vec::new();
        path.extend(self.stand_in.is_some().then_some(place.subdomain.as_str()));
        match (host, &place.project) {
            (Host::OpenAi, None) => {}
            (Host::Foundry, Some(project)) if is_segment(project) => path.extend(["api", "projects", project]),
            (Host::OpenAi | Host::Foundry, _) => return None,
        }
        for segment in route.path.split('/').filter(|segment| !segment.is_empty()) {
            path.push(if segment == "{parent}" { below? } else { segment });
        }
        url.path_segments_mut().ok()?.pop_if_empty().extend(path);
        if let Some(version) = route.version {
            url.query_pairs_mut().append_pair("api-version", version);
        }
        Some(url).filter(|url| self.may_visit(host, url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(subdomain: &str, project: Option<&str>) -> Place {
        Place { subdomain: subdomain.to_owned(), project: project.map(str::to_owned) }
    }

    const FILES: Route = Route { path: "/openai/v1/files", version: None };
    const SESSIONS: Route = Route { path: "/agents/{parent}/endpoint/sessions", version: Some("v1") };

    #[test]
    fn urls_stay_below_the_domains_of_the_cloud() {
        let hosts = Hosts::new(Cloud::Public, None);
        let url = |host, place: &Place, route, below| hosts.url(host, place, route, below).map(String::from);
        assert_eq!(
            url(Host::OpenAi, &place("contoso", None), FILES, None).as_deref(),
            Some("https://contoso.openai.azure.com/openai/v1/files")
        );
        assert_eq!(
            url(Host::Foundry, &place("contoso", Some("p")), SESSIONS, Some("a")).as_deref(),
            Some("https://contoso.services.ai.azure.com/api/projects/p/agents/a/endpoint/sessions?api-version=v1")
        );
        for odd in ["", "evil.example/", "a.b", "a@b", "-a", "a#", "a:1"] {
            assert_eq!(url(Host::OpenAi, &place(odd, None), FILES, None), None, "{odd}");
        }
        for odd in ["..", "a/b", "", "a?b"] {
            assert_eq!(url(Host::Foundry, &place("c", Some(odd)), FILES, None), None, "{odd}");
            assert_eq!(url(Host::Foundry, &place("c", Some("p")), SESSIONS, Some(odd)), None, "{odd}");
        }
    }

    #[test]
    fn a_token_goes_nowhere_else() {
        let hosts = Hosts::new(Cloud::Public, None);
        let may = |url: &str| hosts.may_visit(Host::OpenAi, &Url::parse(url).unwrap());
        assert!(may("https://a.openai.azure.com/x"));
        for bad in [
            "http://a.openai.azure.com/",
            "https://openai.azure.com/",
            "https://a.b.openai.azure.com/",
            "https://a.openai.azure.com.evil.example/",
            "https://aopenai.azure.com/",
            "https://a.openai.azure.us/",
            "https://u:p@a.openai.azure.com/",
            "https://a.openai.azure.com:444/",
            "http://127.0.0.1/",
        ] {
            assert!(!may(bad), "{bad}");
        }
    }

    #[test]
    fn only_this_machine_can_stand_in() {
        let away = Hosts::new(Cloud::Public, Url::parse("https://evil.example").ok());
        assert!(!away.may_visit(Host::OpenAi, &Url::parse("https://evil.example/a").unwrap()));
        let here = Hosts::new(Cloud::Public, Url::parse("http://127.0.0.1:1").ok());
        let url = here.url(Host::OpenAi, &place("contoso", None), FILES, None).unwrap();
        assert_eq!(url.path(), "/contoso/openai/v1/files");
        assert!(!here.may_visit(Host::OpenAi, &Url::parse("https://a.openai.azure.com/").unwrap()));
    }
}
