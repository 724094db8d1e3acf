//! Masks ids and names consistently, so that a snapshot can be shared while its verdicts stay the same.
//!
//! A mask is a keyed hash of what it stands for: the same everywhere in a snapshot, and in every snapshot masked with the same
//! key. Text is masked unless it is known to be a word of Azure's, so that a property nobody thought of gives nothing away.

mod policies;
mod reach;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::policies::POLICY_READS;
use super::{
    AccountFacts, AccountId, Document, Evidence, List, Listed, Listing, Operation, PackedAccount, Pieces, Principal,
    ProjectFacts, Read, Scope, Unavailable, is_guid,
};

pub use policies::SKUS;

/// Properties whose values are words of Azure's, not of the customer's.
const WORDS: [&str; 60] = [
    "type",
    "kind",
    "location",
    "locations",
    "locationname",
    "regions",
    "region",
    "tier",
    "family",
    "size",
    "state",
    "status",
    "provisioningstate",
    "category",
    "categorygroup",
    "authtype",
    "group",
    "deploymenttype",
    "pricingtier",
    "keysource",
    "versionupgradeoption",
    "servicetier",
    "action",
    "defaultaction",
    "bypass",
    "publicnetworkaccess",
    "accessmode",
    "isolationmode",
    "scenario",
    "loggingenabled",
    "lifecyclestatus",
    "format",
    "version",
    "principaltype",
    "mode",
    "timetolive",
    "apitype",
    "basemodel",
    "severitythreshold",
    "blobtypes",
    "isenabled",
    "plan",
    "subplan",
    "modelname",
    "spilloverenabled",
    "logs",
    "blocking",
    "protocol",
    "servicetag",
    "portranges",
    "subresourcetarget",
    "acceleratortype",
    "apirevision",
    "messages",
    "samplingtype",
    "verbosity",
    "semanticcachestores",
    "datalocation",
    "endpointtype",
    "topictype",
];

/// Properties whose values are names, whatever they look like: what stands here stands in an id or a host too.
const NAMES: [&str; 4] = ["name", "customsubdomainname", "backendids", "fragments"];

/// Properties whose values are hosts without a scheme, or addresses.
const BARE_HOSTS: [&str; 2] = ["allowedfqdnlist", "destination"];

/// Below these, `name` and `value` are words of Azure's too.
const WORDED: [&str; 8] =
    ["sku", "model", "models", "capabilities", "contentfilters", "extensions", "modelallowlist", "regions"];

/// Types of resources whose names are Azure's.
const FIXED: [&str; 11] = [
    "roledefinitions",
    "managementpolicies",
    "features",
    "pricings",
    "tables",
    "locations",
    "providers",
    "skus",
    "sqldatabases",
    "policies",
    "diagnostics",
];

/// Ends of names that Azure gives: agents keep threads in containers called so, behind the id of a project.
const ENDINGS: [&str; 3] = ["-system-thread-message-store", "-thread-message-store", "thread-message-store"];

/// Azure Resource Manager in each cloud.
const ARM: [&str; 3] = ["management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"];

/// Labels of hosts, behind the name of a resource, that say which service it is.
const LABELS: [&str; 8] = ["privatelink", "api", "blob", "dfs", "file", "queue", "table", "web"];

/// Hosts of Azure services: what stands before is the name of a resource.
const HOSTS: [&str; 15] = [
    ".cognitive.microsoft.com",
    ".openai.azure.com",
    ".cognitiveservices.azure.com",
    ".services.ai.azure.com",
    ".search.windows.net",
    ".core.windows.net",
    ".documents.azure.com",
    ".vault.azure.net",
    ".azurewebsites.net",
    ".azure-api.net",
    ".azure.com",
    ".azure.net",
    ".windows.net",
    ".azure.us",
    ".azure.cn",
];

/// The key of the masks, and which were given out.
#[derive(Clone)]
pub struct Masks {
    key: [u8; 32],
    given: BTreeMap<String, String>,
}

/// Neither the key nor the originals belong in a log.
impl std::fmt::Debug for Masks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Masks").field("given", &self.given.len()).finish_non_exhaustive()
    }
}

impl Masks {
    /// Masks of a key.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key, given: BTreeMap::new() }
    }

    /// Each mask with what it stands for.
    pub fn given(&self) -> &BTreeMap<String, String> {
        &self.given
    }

    fn hash(&self, text: &str) -> [u8; 32] {
        let hasher = Sha256::new().chain_update(self.key).chain_update(text.to_ascii_lowercase());
        hasher.finalize().into()
    }

    fn give(&mut self, mask: String, original: &str) -> String {
        self.given.entry(mask.clone()).or_insert_with(|| original.to_owned());
        mask
    }

    /// A GUID.
    pub fn guid(&mut self, original: &str) -> String {
        if !is_guid(original) {
            return self.name(original);
        }
        let hash = super::hex(&self.hash(original)[..16]);
        let (head, tail) = (&hash[..8], &hash[20..]);
        self.give(format!("{head}-{}-4{}-8{}-{tail}", &hash[8..12], &hash[13..16], &hash[17..20]), original)
    }

    /// A name. Azure's own names stay.
    fn name(&mut self, original: &str) -> String {
        let lower = original.to_ascii_lowercase();
        // "null" is the origin of a URL without a host.
        let plain = matches!(lower.as_str(), "" | "default" | "true" | "false" | "null");
        if plain || lower.starts_with("microsoft.") {
            return original.to_owned();
        }
        if is_guid(original) {
            return self.guid(original);
        }
        // A wildcard says how much a name stands for.
        if original.contains('*') {
            return original.split('*').map(|part| self.name(part)).collect::<Vec<_>>().join("*");
        }
        if let Some((own, ending)) = ENDINGS.iter().find_map(|ending| Some((original.strip_suffix(ending)?, ending))) {
            return format!("{}{ending}", self.name(own));
        }
        let hash = super::hex(&self.hash(original)[..6]);
        self.give(format!("masked-{hash}"), original)
    }

    /// An ARM id: the names in it.
    pub fn id(&mut self, original: &str) -> String {
        let mut kind = String::new();
        let mut named = false;
        let segments = original.split('/').map(|segment| {
            let lower = segment.to_ascii_lowercase();
            let fixed = FIXED.contains(&kind.as_str());
            let masked = match kind.as_str() {
                _ if !named => segment.to_owned(),
                "subscriptions" => self.guid(segment),
                _ if fixed => segment.to_owned(),
                _ => self.name(segment),
            };
            // Kinds and names take turns, except that a provider is followed by a kind.
            named = !named && !segment.is_empty();
            kind = lower;
            masked
        });
        segments.collect::<Vec<_>>().join("/")
    }

    fn account_id(&mut self, id: &AccountId) -> AccountId {
        let subscription = self.guid(&id.subscription_id);
        let (group, name) = (self.name(&id.resource_group), self.name(&id.name));
        AccountId::new(&subscription, &group, &name)
    }

    /// A host, label by label, so that each name is masked as it is elsewhere.
    fn host(&mut self, original: &str) -> String {
        let port = original.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let (host, port) = port.map_or((original, String::new()), |(host, port)| (host, format!(":{port}")));
        let lower = host.to_ascii_lowercase();
        if ARM.contains(&lower.as_str()) {
            return original.to_owned();
        }
        let Some(suffix) = HOSTS.iter().find(|suffix| lower.ends_with(*suffix)) else {
            return format!("{}.invalid{port}", self.name(host));
        };
        let labels = host[..host.len() - suffix.len()].split('.').enumerate().map(|(position, label)| {
            let service = position > 0 && LABELS.contains(&label.to_ascii_lowercase().as_str());
            if service { label.to_owned() } else { self.name(label) }
        });
        format!("{}{suffix}{port}", labels.collect::<Vec<_>>().join("."))
    }

    /// Any text of a body.
    fn text(&mut self, text: &str) -> String {
        let lower = text.to_ascii_lowercase();
        if text.starts_with('/') && (lower.contains("/subscriptions/") || lower.contains("/providers/")) {
            return self.id(text);
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let path = match path.strip_prefix('/') {
                Some(_) if path.to_ascii_lowercase().starts_with("/subscriptions/") => self.id(path),
                Some(own) => format!("/{}", self.name(own)),
                None => String::new(),
            };
            return format!("{scheme}://{}{path}", self.host(host));
        }
        if let Some(host) = text.strip_prefix("*.") {
            return format!("*.{}", self.host(host));
        }
        if is_date(text) {
            return text.to_owned();
        }
        self.address(text).unwrap_or_else(|| self.names(text))
    }

    /// A name, or names of a parent and its child.
    fn names(&mut self, text: &str) -> String {
        text.split('/').map(|part| self.name(part)).collect::<Vec<_>>().join("/")
    }

    /// Text that is not known to be a word of Azure's.
    fn property(&mut self, text: &str, key: &str) -> String {
        let path = text.contains('/') || text.starts_with("*.");
        if NAMES.contains(&key) {
            self.names(text)
        } else if BARE_HOSTS.contains(&key) && !path {
            self.address(text).unwrap_or_else(|| self.host(text))
        } else {
            self.text(text)
        }
    }

    /// An address or range keeps its size; everybody's stays.
    fn address(&mut self, text: &str) -> Option<String> {
        let (address, size) = text.split_once('/').map_or((text, None), |(address, size)| (address, Some(size)));
        let parsed: std::net::IpAddr = address.parse().ok()?;
        if parsed.is_unspecified() {
            return Some(text.to_owned());
        }
        let hash = self.hash(address);
        let masked = format!("198.18.{}.{}", hash[0], hash[1]);
        self.give(masked.clone(), address);
        Some(size.map_or_else(|| masked.clone(), |size| format!("{masked}/{size}")))
    }

    fn value(&mut self, value: &mut Value, key: &str, parent: &str) {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::String(text) => {
                let word = WORDS.contains(&key) || (matches!(key, "name" | "value") && WORDED.contains(&parent));
                if !word || text.contains("/subscriptions/") {
                    *text = self.property(text, key);
                } else if let Some((model, own)) = text.split_once(".ft-") {
                    *text = format!("{model}.ft-{}", self.name(own));
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| {
                // Rows of a list are named by the list.
                let key = if item.is_string() { key } else { "" };
                self.value(item, key, if key.is_empty() { parent } else { key });
            }),
            Value::Object(map) => self.object(map, key, parent),
        }
    }

    fn object(&mut self, map: &mut Map<String, Value>, key: &str, parent: &str) {
        let own = if key.is_empty() { parent } else { key }.to_ascii_lowercase();
        let taken = std::mem::take(map);
        for (name, mut value) in taken {
            let lower = name.to_ascii_lowercase();
            if let Value::Array(items) = &mut value {
                for item in items.iter_mut() {
                    self.value(item, if item.is_string() { &lower } else { "" }, &lower);
                }
            } else {
                self.value(&mut value, &lower, &own);
            }
            let free = own == "tags" || name.starts_with('/');
            // A tag that switches something of Azure's is not the customer's own.
            let name = if free && !lower.starts_with("azml_") { self.text(&name) } else { name };
            map.insert(name, value);
        }
    }

    fn evidence(&mut self, evidence: &Evidence) -> Arc<Evidence> {
        let (path, query) = evidence.url.split_once('?').unwrap_or((&evidence.url, ""));
        let at = path.to_ascii_lowercase().find("/subscriptions").unwrap_or(path.len());
        // Where the next page begins may be told by the name of a row.
        let parameter = |pair: &str| match pair.split_once('=') {
            Some((key, _)) if key.to_ascii_lowercase().contains("skip") => format!("{key}=masked"),
            Some(_) | None => pair.to_owned(),
        };
        let query = query.split('&').map(parameter).collect::<Vec<_>>().join("&");
        let url = format!("{}{}?{query}", &path[..at], self.id(&path[at..]));
        Arc::new(Evidence { url, ..evidence.clone() })
    }

    fn document(&mut self, document: &mut Document) {
        document.scope = self.id(&document.scope);
        if POLICY_READS.contains(&document.evidence.operation) {
            self.policy(&mut document.body, "");
        } else if document.evidence.operation != Operation::ModelsList {
            self.value(&mut document.body, "", "");
        }
        document.evidence = self.evidence(&document.evidence);
    }

    /// Azure's code stays, what it says about it may name anything.
    fn unavailable(&mut self, why: &mut Unavailable) {
        why.scope = self.id(&why.scope);
        if let Some(detail) = &why.detail {
            let code = detail.split(':').next().unwrap_or_default();
            let plain = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let masked = if plain { format!("{code}: (masked)") } else { "(masked)".to_owned() };
            why.detail = Some(if detail == super::NOT_REACHED { detail.clone() } else { masked });
        }
    }

    fn read<T>(&mut self, read: &mut Read<T>, mask: impl FnOnce(&mut Self, &mut T)) {
        match read {
            Read::Known(value) => mask(self, value),
            Read::Unavailable(why) => self.unavailable(why),
        }
    }

    fn list(&mut self, list: &mut List) {
        list.scope = self.id(&list.scope);
        list.pages = list.pages.iter().map(|page| self.evidence(page)).collect();
        for row in &mut list.rows {
            self.read(row, Self::document);
        }
    }

    fn lists(&mut self, lists: &mut BTreeMap<Operation, Read<List>>) {
        for list in lists.values_mut() {
            self.read(list, Self::list);
        }
    }

    fn listed(&mut self, listed: &mut Listed) {
        listed.id = self.guid(&listed.id);
        self.read(&mut listed.record, Self::document);
        self.read(&mut listed.listing, |masks, listing| match listing {
            Listing::Named => {}
            Listing::Listed { unreadable } => unreadable.iter_mut().for_each(|why| masks.unavailable(why)),
        });
        self.selection(&mut listed.selection);
        for (id, row) in &mut listed.accounts {
            *id = self.account_id(id);
            if let Some(row) = row {
                self.document(row);
            }
        }
    }

    fn account(&mut self, facts: &mut AccountFacts) {
        facts.id = self.account_id(&facts.id);
        self.read(&mut facts.account, Self::document);
        for list in [&mut facts.deployments, &mut facts.projects, &mut facts.capability_hosts, &mut facts.connections] {
            self.read(list, Self::list);
        }
        for project in &mut facts.project_facts {
            self.project(project);
        }
        self.lists(&mut facts.lists);
        for store in &mut facts.stores {
            store.project = store.project.as_deref().map(|id| self.id(id));
            self.read(&mut store.facts, |masks, facts| {
                for answer in &mut facts.answers {
                    answer.url = masks.text(&answer.url);
                }
            });
        }
    }

    fn project(&mut self, project: &mut ProjectFacts) {
        project.id = self.id(&project.id);
        for list in [&mut project.capability_hosts, &mut project.connections, &mut project.applications] {
            self.read(list, Self::list);
        }
        self.read(&mut project.agent_deployments, |masks, lists| lists.iter_mut().for_each(|list| masks.list(list)));
    }

    /// Every piece of a snapshot.
    pub fn pieces(&mut self, pieces: Pieces) -> Pieces {
        let mut masked = Pieces::default();
        for (_, mut listed) in pieces.listed {
            self.listed(&mut listed);
            masked.listed.insert(listed.id.to_ascii_lowercase(), listed);
        }
        for account in pieces.accounts.into_values() {
            let mut facts = account.open();
            self.account(&mut facts);
            masked.accounts.insert(facts.id.key(), PackedAccount::new(facts));
        }
        for (id, mut lists) in pieces.lists {
            self.lists(&mut lists);
            masked.lists.insert(self.guid(&id), lists);
        }
        for (id, mut document) in pieces.documents {
            self.read(&mut document, Self::document);
            masked.documents.insert(self.id(&id).to_ascii_lowercase(), document);
        }
        for (parent, mut lists) in pieces.below {
            self.lists(&mut lists);
            masked.below.insert(self.id(&parent).to_ascii_lowercase(), lists);
        }
        masked
    }

    /// What was asked for.
    pub fn scopes(&mut self, scopes: &[Scope]) -> Vec<Scope> {
        let one = |scope: &Scope| {
            let accounts = scope.accounts.as_ref().map(|ids| ids.iter().map(|id| self.account_id(id)).collect());
            Scope { id: self.guid(&scope.id), accounts }
        };
        scopes.iter().map(one).collect()
    }

    /// Who asked.
    pub fn principal(&mut self, principal: &Principal) -> Principal {
        Principal {
            tenant_id: principal.tenant_id.as_ref().map(|id| self.guid(id)),
            object_id: principal.object_id.as_ref().map(|id| self.guid(id)),
            kind: principal.kind.clone(),
        }
    }
}

/// A date or time of ARM's, and nothing behind it.
fn is_date(text: &str) -> bool {
    let digits =
        |range: std::ops::Range<usize>| text.get(range).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let date =
        digits(0..4) && digits(5..7) && digits(8..10) && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let time = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'+' | b'-' | b'Z'));
    date && text.get(10..).is_some_and(|rest| rest.is_empty() || rest.strip_prefix('T').is_some_and(time))
}

#[cfg(test)]
mod tests {
    use super::Masks;

    #[test]
    fn one_name_has_one_mask_wherever_it_stands() {
        let mut masks = Masks::new([7; 32]);
        for name in ["subject", "api", "123", "1e5", "2026-01-01-chat"] {
            let masked = masks.property(name, "customsubdomainname");
            assert!(masked.starts_with("masked-"), "{name}");
            assert_eq!(masks.property(name, "value"), masked, "{name}");
            for (text, key, wanted) in [
                ("https://NAME.openai.azure.com", "url", "https://MASK.openai.azure.com"),
                (
                    "https://NAME.privatelink.openai.azure.com:8443",
                    "url",
                    "https://MASK.privatelink.openai.azure.com:8443",
                ),
                ("NAME.blob.core.windows.net", "allowedfqdnlist", "MASK.blob.core.windows.net"),
                ("/backends/NAME", "id", "MASK"),
                ("NAME-thread-message-store", "name", "MASK-thread-message-store"),
                ("NAME*", "allowedfqdnlist", "MASK*.invalid"),
            ] {
                let (text, wanted) = (text.replace("NAME", name), wanted.replace("MASK", &masked));
                let got = masks.property(&text, key);
                assert!(got == wanted || key == "id" && got.ends_with(&format!("/{masked}")), "{text}: {got}");
            }
        }
        let id = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/g";
        let url = masks.property(&format!("https://management.azure.com{id}"), "resourceid");
        assert_eq!(url, format!("https://management.azure.com{}", masks.id(id)));
        for date in ["2026-11-01", "2026-11-01T00:00:00.0000000Z"] {
            assert_eq!(masks.property(date, "deletiondate"), date);
        }
    }
}
