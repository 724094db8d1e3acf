//! What every kind of plan comes down to: resources with an ARM id and an ARM body.

use std::collections::HashMap;

use super::arm::Site;
use super::node::{Node, Pos};

/// The subscription of resources for which no file and no flag says one.
pub(super) const NO_SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";
/// Their resource group. No Azure name holds a brace.
const NO_GROUP: &str = "{resourceGroup}";
/// Resources that rules look at, at most.
const MOST: usize = 20_000;
/// Of them, in one account: Azure allows some dozens of deployments there, and rules compare them with each other.
const MOST_OF_ACCOUNT: usize = 2_000;

/// One planned resource.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) id: String,
    /// What a GET would show, as far as the plan says.
    pub(super) body: Node,
    pub(super) at: Pos,
    /// Terraform's address, or the name in the template.
    pub(super) address: Option<String>,
    /// Why it is not known whether, or with what, it will be there.
    pub(super) maybe: Option<String>,
}

/// Something of the plan that could not be looked at.
#[derive(Debug)]
pub(super) struct Gap {
    pub(super) at: Pos,
    pub(super) what: String,
}

/// An account that the plan deletes.
#[derive(Debug)]
pub(super) struct Loss {
    pub(super) name: String,
    /// Whether another takes its place.
    pub(super) replaced: bool,
}

/// Everything that was read from all files.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) resources: Vec<Resource>,
    pub(super) gaps: Vec<Gap>,
    pub(super) losses: Vec<Loss>,
    /// Resources of any type.
    pub(super) seen: usize,
    /// Whether there were more resources than are judged.
    pub(super) overflow: bool,
    /// Resources per account.
    accounts: HashMap<String, usize>,
    /// How often an id was met, in lower case.
    ids: HashMap<String, usize>,
}

impl Found {
    /// Keeps a resource. Two of one name are both kept: which of them will be deployed, Azure decides.
    pub(super) fn add(&mut self, mut resource: Resource) {
        let owner = below_account(&resource.id).or_else(|| below_gateway(&resource.id));
        let account = owner.map_or_else(String::new, |(account, _)| account.to_ascii_lowercase());
        let own = self.accounts.entry(account).or_default();
        *own += 1;
        if *own > MOST_OF_ACCOUNT || self.resources.len() >= MOST {
            self.overflow = true;
            return;
        }
        let count = self.ids.entry(resource.id.to_ascii_lowercase()).or_default();
        *count += 1;
        if *count > 1 {
            resource.id = format!("{}{{{count}}}", resource.id);
        }
        self.resources.push(resource);
    }
}

impl Site {
    pub(super) fn subscription_or_mark(&self) -> &str {
        self.subscription.as_deref().unwrap_or(NO_SUBSCRIPTION)
    }

    pub(super) fn group_or_mark(&self) -> &str {
        self.group.as_deref().unwrap_or(NO_GROUP)
    }

    /// Id of the resource group.
    pub(super) fn prefix(&self) -> String {
        format!("/subscriptions/{}/resourceGroups/{}", self.subscription_or_mark(), self.group_or_mark())
    }
}

/// The id of a resource from its type and its name, both with as many parts; `None` when they do not fit.
pub(super) fn id_of(base: &str, kind: &str, name: &str) -> Option<String> {
    let (provider, types) = kind.split_once('/')?;
    let types: Vec<&str> = types.split('/').collect();
    let names: Vec<&str> = name.split('/').collect();
    if types.len() != names.len() || names.iter().any(|name| name.is_empty()) {
        return None;
    }
    let mut id = format!("{base}/providers/{provider}");
    for (kind, name) in types.iter().zip(names) {
        id.push('/');
        id.push_str(kind);
        id.push('/');
        id.push_str(name);
    }
    Some(id)
}

/// Whether rules look at resources with such an id.
pub(super) fn wants(id: &str) -> bool {
    wants_account(id) || below_gateway(id).is_some_and(|(_, below)| GATEWAY_PARTS.contains(&below.as_str()))
}

/// Whether it is an account or below one.
pub(super) fn wants_account(id: &str) -> bool {
    id.to_ascii_lowercase().contains("/providers/microsoft.cognitiveservices/accounts")
}

/// What rules read of an API Management service, by its path below it.
pub(super) const GATEWAY_PARTS: [&str; 9] = [
    "",
    "apis",
    "apis/diagnostics",
    "apis/policies",
    "backends",
    "caches",
    "diagnostics",
    "policies",
    "policyfragments",
];

/// The service an id is of or below, and what it is below it in lower case: `apis/diagnostics`.
pub(super) fn below_gateway(id: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = id.split('/').collect();
    let [_, _, _, _, _, _, provider, kind, _, rest @ ..] = parts.as_slice() else { return None };
    if !provider.eq_ignore_ascii_case("Microsoft.ApiManagement") || !kind.eq_ignore_ascii_case("service") {
        return None;
    }
    let types: Vec<&str> = rest.iter().step_by(2).copied().collect();
    Some((parts[..9].join("/"), types.join("/").to_ascii_lowercase()))
}

/// What an id is below its account: the account's own id, and `deployments` or `projects/connections` in lower case.
pub(super) fn below_account(id: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = id.split('/').collect();
    let [_, _, subscription, _, group, _, provider, kind, name, rest @ ..] = parts.as_slice() else { return None };
    if !provider.eq_ignore_ascii_case("Microsoft.CognitiveServices") || !kind.eq_ignore_ascii_case("accounts") {
        return None;
    }
    let account = crate::snapshot::AccountId::new(subscription, group, name).id;
    let types: Vec<&str> = rest.iter().step_by(2).copied().collect();
    // An extension resource: /providers/Microsoft.Insights/diagnosticSettings/name.
    Some((account, types.join("/").to_ascii_lowercase()))
}
