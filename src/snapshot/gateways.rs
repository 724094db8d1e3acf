//! API Management gateways: which of them lead to an account, and by which of their APIs.
//!
//! A gateway leads to an account when a backend or the service URL of an API names the account's host, or a backend its ARM id.
//! Which API uses which backend is in policies, which `collect` reduces to the backends they select.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Document;
use super::id::last_segment;
use super::operation::Operation;
use super::read::{Read, Unavailable};
use super::{AccountFacts, List, Subscription};

/// Domains below which a custom subdomain is an account's host, in the clouds this program knows.
const DOMAINS: [&str; 8] = [
    "openai.azure.com",
    "cognitiveservices.azure.com",
    "services.ai.azure.com",
    "openai.azure.us",
    "cognitiveservices.azure.us",
    "services.ai.azure.us",
    "openai.azure.cn",
    "cognitiveservices.azure.cn",
];

impl AccountFacts {
    /// What a gateway calls the account by, in lower case: its hosts and its ARM id. An account without a subdomain of its own
    /// shares the host of its region with others.
    ///
    /// # Errors
    /// When the account could not be read, or has no endpoint.
    pub fn addresses(&self) -> Result<BTreeSet<String>, Unavailable> {
        const ENDPOINTS: &str = "/properties/endpoints";
        let account = self.account()?.0;
        let mut urls: Vec<&str> = account.string("/properties/endpoint")?.into_iter().collect();
        if account.has_object(ENDPOINTS)? {
            let all = account.value(ENDPOINTS).and_then(|all| all.as_object()).into_iter().flatten();
            urls.extend(all.filter_map(|(_, url)| url.as_str()));
        }
        let mut all: BTreeSet<String> = urls.into_iter().filter_map(host).collect();
        if let Some(own) = account.string("/properties/customSubDomainName")?.filter(|own| !own.is_empty()) {
            all.extend(DOMAINS.map(|domain| format!("{own}.{domain}").to_lowercase()));
        }
        if all.is_empty() {
            return Err(account.unexpected("/properties/endpoint"));
        }
        all.insert(self.id.id.to_ascii_lowercase());
        Ok(all)
    }
}

/// Host of a URL in lower case. Names of private links are the same host.
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', ':', '?', '#']).next().filter(|host| !host.is_empty())?;
    Some(host.to_lowercase().replace(".privatelink.", "."))
}

/// One gateway, with what was read below it.
#[derive(Debug, Clone, Copy)]
pub struct Gateway<'a> {
    subscription: &'a Subscription,
    document: &'a Document,
}

impl<'a> Gateway<'a> {
    /// Its ARM id.
    pub fn id(&self) -> &'a str {
        &self.document.scope
    }

    /// Its own name.
    pub fn name(&self) -> &'a str {
        last_segment(self.id())
    }

    /// Its region, when the list shows it.
    pub fn location(&self) -> Option<&'a str> {
        self.document.string("/location").ok().flatten()
    }

    /// One of its lists.
    ///
    /// # Errors
    /// Why it could not be read.
    pub fn list(&self, operation: Operation) -> Result<&'a List, Unavailable> {
        self.subscription.list_below(operation, self.id())
    }

    /// One of the lists of an API.
    ///
    /// # Errors
    /// Why it could not be read.
    pub fn api_list(&self, operation: Operation, api: &Document) -> Result<&'a List, Unavailable> {
        self.subscription.list_below(operation, &api.scope)
    }

    /// What its backends and APIs name, as far as they could be read, and why the rest could not.
    pub fn targets(&self) -> (BTreeSet<String>, Option<Unavailable>) {
        let (mut all, mut missing) = (BTreeSet::new(), None);
        for (operation, of) in [
            (Operation::GatewayBackendsList, targets_of_backend as fn(&Document) -> Result<Vec<String>, Unavailable>),
            (Operation::GatewayApisList, target_of_api),
        ] {
            let rows = match self.list(operation) {
                Ok(list) => list.rows.iter().map(|row| row.get().and_then(of)).collect(),
                Err(why) => vec![Err(why)],
            };
            for row in rows {
                match row {
                    Ok(targets) => all.extend(targets),
                    Err(why) => missing = missing.or(Some(why)),
                }
            }
        }
        (all, missing)
    }

    /// Names of its backends, in lower case, that lead to one of these addresses, alone or as part of a pool.
    fn backends_to(&self, addresses: &BTreeSet<String>) -> Result<BTreeSet<String>, Unavailable> {
        const POOL: &str = "/properties/pool/services";
        let rows = self.list(Operation::GatewayBackendsList)?.documents()?;
        let mut all = BTreeSet::new();
        for row in &rows {
            if targets_of_backend(row)?.iter().any(|target| addresses.contains(target)) {
                all.insert(last_segment(&row.scope).to_ascii_lowercase());
            }
        }
        let singles = all.clone();
        for row in rows {
            row.has_object("/properties/pool")?;
            let members = row.array(POOL)?.unwrap_or_default().iter();
            let mut ids = members.filter_map(|member| member.get("id").and_then(|id| id.as_str()));
            if ids.any(|id| singles.contains(&last_segment(id).to_ascii_lowercase())) {
                all.insert(last_segment(&row.scope).to_ascii_lowercase());
            }
        }
        Ok(all)
    }

    /// Its APIs that lead to one of these addresses: by their service URL, or because their policy, the policy of the gateway, or a
    /// fragment one of them includes selects such a backend. When none visibly does although a backend is there, every API may.
    ///
    /// # Errors
    /// Why a list or policy that would tell could not be read.
    pub fn apis_to(&self, addresses: &BTreeSet<String>) -> Result<Vec<&'a Document>, Unavailable> {
        let apis = self.list(Operation::GatewayApisList)?.documents()?;
        let backends = self.backends_to(addresses)?;
        let everywhere = self.selects(self.list(Operation::GatewayPoliciesList)?, &backends, addresses)?;
        let mut all = Vec::new();
        for api in &apis {
            let direct = target_of_api(api)?.iter().any(|target| addresses.contains(target));
            let policies = self.api_list(Operation::ApiPoliciesList, api)?;
            if self.selects(policies, &backends, addresses)? || direct || everywhere {
                all.push(*api);
            }
        }
        Ok(if all.is_empty() { apis } else { all })
    }

    /// Whether one of these policies selects such a backend. One that is computed may be any.
    fn selects(
        &self,
        policies: &List,
        backends: &BTreeSet<String>,
        addresses: &BTreeSet<String>,
    ) -> Result<bool, Unavailable> {
        let own = |policy: &Document| -> Result<bool, Unavailable> {
            let by_id = policy.strings("/properties/backendIds")?;
            let by_url = policy.strings("/properties/baseUrls")?;
            Ok(policy.boolean("/properties/computed")? == Some(true)
                || by_id.iter().any(|id| backends.contains(&id.to_ascii_lowercase()))
                || by_url.iter().filter_map(|url| host(url)).any(|host| addresses.contains(&host)))
        };
        for policy in policies.documents()? {
            if !policy.has_object("/properties")? {
                return Err(policy.unexpected("/properties"));
            }
            if own(policy)? {
                return Ok(true);
            }
            for fragment in self.fragments(policy)? {
                if own(fragment)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The fragments a policy includes.
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn fragments(&self, policy: &Document) -> Result<Vec<&'a Document>, Unavailable> {
        let names = policy.strings("/properties/fragments")?;
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.list(Operation::GatewayFragmentsList)?.documents()?;
        let is = |row: &&Document| names.iter().any(|name| name.eq_ignore_ascii_case(last_segment(&row.scope)));
        let found: Vec<&Document> = all.into_iter().filter(is).collect();
        let missing = names.iter().collect::<BTreeSet<_>>().len() > found.len();
        if missing { Err(policy.unexpected("/properties/fragments")) } else { Ok(found) }
    }
}

/// Host of a backend's URL and the ARM id of what is behind it; a pool has neither.
fn targets_of_backend(backend: &Document) -> Result<Vec<String>, Unavailable> {
    let mut all: Vec<String> = target(backend, "/properties/url")?.into_iter().collect();
    if let Some(id) = backend.string("/properties/resourceId")? {
        let path = id.split_once("://").map_or(id, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
        all.push(path.trim_end_matches('/').to_ascii_lowercase());
    }
    Ok(all)
}

fn target_of_api(api: &Document) -> Result<Vec<String>, Unavailable> {
    Ok(target(api, "/properties/serviceUrl")?.into_iter().collect())
}

fn target(row: &Document, pointer: &str) -> Result<Option<String>, Unavailable> {
    match row.string(pointer)?.filter(|url| !url.is_empty()) {
        None => Ok(None),
        // Redaction leaves scheme and host, and "null" of a URL that has no host.
        Some("null") => Ok(None),
        Some(url) => host(url).map(Some).ok_or_else(|| row.unexpected(pointer)),
    }
}

/// Every gateway of a run, found by what it leads to.
#[derive(Debug, Default)]
pub struct Gateways<'a> {
    all: Vec<Gateway<'a>>,
    by_target: BTreeMap<String, Vec<usize>>,
    unread: Option<Unavailable>,
}

impl<'a> Gateways<'a> {
    /// Looks through all subscriptions of a run.
    pub fn of(subscriptions: impl IntoIterator<Item = &'a Subscription>) -> Self {
        let mut found = Self::default();
        for subscription in subscriptions {
            let scope = format!("/subscriptions/{}", subscription.id);
            match subscription.list_below(Operation::GatewaysList, &scope) {
                Ok(list) => list.rows.iter().for_each(|row| found.add(subscription, row)),
                Err(why) if why.is_of_no_gateway() => {}
                Err(why) => found.miss(Some(why)),
            }
        }
        found
    }

    fn add(&mut self, subscription: &'a Subscription, row: &'a Read<Document>) {
        let document = match row {
            Read::Known(document) => document,
            Read::Unavailable(why) => return self.miss(Some(why.clone())),
        };
        let gateway = Gateway { subscription, document };
        let (targets, missing) = gateway.targets();
        self.miss(missing);
        for target in targets {
            self.by_target.entry(target).or_default().push(self.all.len());
        }
        self.all.push(gateway);
    }

    fn miss(&mut self, why: Option<Unavailable>) {
        self.unread = self.unread.take().or(why);
    }

    /// Whether the run saw that there is no gateway at all.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.unread.is_none()
    }

    /// Why some gateway may lead anywhere: the first list that could not be read.
    pub fn unread(&self) -> Option<&Unavailable> {
        self.unread.as_ref()
    }

    /// The gateways that lead to one of these addresses.
    pub fn leading_to(&self, addresses: &BTreeSet<String>) -> Vec<Gateway<'a>> {
        let found: BTreeSet<usize> =
            addresses.iter().filter_map(|address| self.by_target.get(address)).flatten().copied().collect();
        found.into_iter().map(|at| self.all[at]).collect()
    }
}

impl Subscription {
    /// Lists of the subscription's gateways that are worth reading next, when accounts have these addresses: first where each
    /// gateway leads, then, of those that lead to an account, all the rest.
    pub(super) fn gateway_lists(&self, addresses: &BTreeSet<String>) -> Vec<(Operation, String)> {
        if addresses.is_empty() {
            return Vec::new();
        }
        let scope = format!("/subscriptions/{}", self.id);
        let rows = self.list_below(Operation::GatewaysList, &scope).map_or(&[][..], |list| &list.rows);
        let mut all = vec![(Operation::GatewaysList, scope)];
        for document in rows.iter().filter_map(Read::get_ref) {
            let gateway = Gateway { subscription: self, document };
            let own = |operation| (operation, gateway.id().to_owned());
            all.extend([Operation::GatewayBackendsList, Operation::GatewayApisList].map(own));
            if gateway.targets().0.is_disjoint(addresses) {
                continue;
            }
            all.extend(
                [
                    Operation::GatewayDiagnosticsList,
                    Operation::GatewayPoliciesList,
                    Operation::GatewayFragmentsList,
                    Operation::GatewayCachesList,
                ]
                .map(own),
            );
            let apis = gateway.list(Operation::GatewayApisList).map_or(&[][..], |list| &list.rows);
            for api in apis.iter().filter_map(Read::get_ref) {
                all.extend(
                    [Operation::ApiDiagnosticsList, Operation::ApiPoliciesList].map(|own| (own, api.scope.clone())),
                );
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_host_is_the_same_in_every_spelling() {
        for url in [
            "https://A.OpenAI.azure.com",
            "https://a.openai.azure.com:443/openai",
            "https://a.privatelink.openai.azure.com/",
        ] {
            assert_eq!(host(url).as_deref(), Some("a.openai.azure.com"), "{url}");
        }
        assert_eq!(host("null"), None);
        assert_eq!(host("https://"), None);
    }
}
