//! API Management in Terraform plans: azurerm's resource types by name, azapi's by ARM type
//! (<https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/api_management>, version 4, as known on
//! 2026-11-22).

use super::attributes::Turn::Same;
use super::attributes::{Row, rows};
use super::links::{self, Address};
use super::{Change, azapi, resource, text};
use crate::plan::arm::Site;
use crate::plan::estate::body_of;
use crate::plan::node::Node;
use crate::plan::resource::{Found, GATEWAY_PARTS, below_gateway};

const SERVICE: &str = "Microsoft.ApiManagement/service";

const BODY: &[Row] = &[("body_bytes", "bytes", Same)];
const BACKEND: &[Row] = &[("protocol", "protocol", Same), ("resource_id", "resourceId", Same), ("url", "url", Same)];
const API: &[Row] =
    &[("api_type", "type", Same), ("revision", "apiRevision", Same), ("service_url", "serviceUrl", Same)];
const DIAGNOSTIC: &[Row] = &[("api_management_logger_id", "loggerId", Same), ("verbosity", "verbosity", Same)];
const POLICY: &[Row] = &[("value", "value", Same), ("xml_content", "value", Same)];

/// A resource type of azurerm: what it is below the service, and the attribute that holds its own name, if it has one.
struct Type {
    kind: &'static str,
    below: &'static [&'static str],
    named: Option<&'static str>,
    properties: &'static [Row],
}

const fn of(
    kind: &'static str,
    below: &'static [&'static str],
    named: Option<&'static str>,
    properties: &'static [Row],
) -> Type {
    Type { kind, below, named, properties }
}

/// Services, then APIs, then what can be below either.
const TYPES: [Type; 9] = [
    of("azurerm_api_management", &[], Some("name"), &[]),
    of("azurerm_api_management_api", &["apis"], Some("name"), API),
    of("azurerm_api_management_api_diagnostic", &["apis", "diagnostics"], Some("identifier"), DIAGNOSTIC),
    of("azurerm_api_management_api_policy", &["apis", "policies"], None, POLICY),
    of("azurerm_api_management_backend", &["backends"], Some("name"), BACKEND),
    of("azurerm_api_management_diagnostic", &["diagnostics"], Some("identifier"), DIAGNOSTIC),
    of("azurerm_api_management_policy", &["policies"], None, POLICY),
    of("azurerm_api_management_policy_fragment", &["policyFragments"], Some("name"), POLICY),
    of("azurerm_api_management_redis_cache", &["caches"], Some("name"), &[]),
];

/// Adds the gateways of a plan and what is below them.
pub(super) fn read(
    changes: &[Change],
    configuration: Option<&Node>,
    accounts: &[(Address, String)],
    site: &Site,
    found: &mut Found,
) {
    let mut walk = Walk { configuration, accounts, site, parents: Vec::new() };
    // Parents before what is below them.
    for depth in 0..3 {
        for change in changes.iter().filter(|change| change.after.is_object()) {
            let own = match TYPES.iter().find(|own| own.kind == change.kind) {
                Some(kind) if kind.below.len() == depth => Some(walk.azurerm(kind, change)),
                Some(_) => None,
                None => walk.azapi(change, depth),
            };
            let Some((id, body)) = own else { continue };
            walk.parents.extend(Address::parse(&change.address).map(|address| (address, id.clone())));
            found.add(resource(change, id, body));
        }
    }
}

struct Walk<'a> {
    configuration: Option<&'a Node>,
    accounts: &'a [(Address, String)],
    site: &'a Site,
    /// Services and APIs that were met.
    parents: Vec<(Address, String)>,
}

impl Walk<'_> {
    /// The id of what an attribute refers to.
    fn linked(&self, change: &Change, attribute: &str, to: &[(Address, String)]) -> Option<String> {
        let own = Address::parse(&change.address)?;
        links::account(self.configuration, &own, attribute, to).map(str::to_owned)
    }

    fn azurerm(&self, kind: &Type, change: &Change) -> (String, Node) {
        let properties = self.properties(kind, change);
        let fields = vec![("name", change.after.get("name").cloned()), ("properties", Some(properties))];
        let wanted = kind.below.join("/").to_ascii_lowercase();
        let known = text(change, "id").map(|id| id.split(';').next().unwrap_or_default().to_owned());
        let known = known.filter(|id| below_gateway(id).is_some_and(|(_, below)| below == wanted));
        let id = known.unwrap_or_else(|| self.made(kind, change));
        (id, body_of(change.after.at, fields))
    }

    /// The id that a resource will have.
    fn made(&self, kind: &Type, change: &Change) -> String {
        let part = |name: Option<String>| name.unwrap_or_else(|| format!("{{{}}}", change.address)).replace('/', "-");
        let name = match kind.named {
            Some(attribute) => part(text(change, attribute)),
            None => "policy".to_owned(),
        };
        let group = text(change, "resource_group_name").or_else(|| self.site.group.clone());
        let prefix = Site { group, ..self.site.clone() }.prefix();
        let service = |name: String| format!("{prefix}/providers/{SERVICE}/{name}");
        let [first, rest @ ..] = kind.below else { return service(name) };
        let parent = text(change, "api_management_id")
            .or_else(|| self.linked(change, "api_management_id", &self.parents))
            .unwrap_or_else(|| {
                let own = text(change, "api_management_name").map(&service);
                let own = own.or_else(|| self.linked(change, "api_management_name", &self.parents));
                own.unwrap_or_else(|| service(part(None)))
            });
        match rest {
            [last] => {
                let api = text(change, "api_name").map(|api| api.split(';').next().unwrap_or_default().to_owned());
                let api = api.map(|api| format!("{parent}/{first}/{}", part(Some(api))));
                let api = api.or_else(|| self.linked(change, "api_name", &self.parents));
                format!("{}/{last}/{name}", api.unwrap_or_else(|| format!("{parent}/{first}/{}", part(None))))
            }
            _ => format!("{parent}/{first}/{name}"),
        }
    }

    fn properties(&self, kind: &Type, change: &Change) -> Node {
        let after = &change.after;
        let mut fields = rows(kind.properties, after);
        match kind.below {
            ["backends"] => {
                // An address that Azure makes up is that of the account it belongs to.
                let unknown = fields
                    .iter()
                    .any(|(key, own)| *key == "url" && own.as_ref().is_some_and(|own| own.why_unknown().is_some()));
                if unknown && let Some(account) = self.linked(change, "url", self.accounts) {
                    fields.retain(|(key, _)| *key != "url" && *key != "resourceId");
                    fields.push(("resourceId", Some(Node::text(after.at, &account))));
                }
            }
            [.., "diagnostics"] => {
                for (side, request, response) in [
                    ("frontend", "frontend_request", "frontend_response"),
                    ("backend", "backend_request", "backend_response"),
                ] {
                    let way = |block: &str| after.get(block).and_then(message);
                    let own = vec![("request", way(request)), ("response", way(response))];
                    fields.push((side, Some(body_of(after.at, own))));
                }
            }
            [.., "policies"] if after.get("xml_link").is_some_and(|link| !link.is_null()) => {
                fields.push(("value", Some(Node::unknown(after.at, "the policy is behind a link"))));
            }
            _ => {}
        }
        body_of(after.at, fields)
    }

    fn azapi(&self, change: &Change, depth: usize) -> Option<(String, Node)> {
        let kind = azapi::type_of(change).filter(|_| change.kind == "azapi_resource")?;
        let below = kind
            .get(SERVICE.len()..)
            .filter(|_| kind.to_ascii_lowercase().starts_with(&SERVICE.to_ascii_lowercase()))?;
        let below = below.trim_start_matches('/');
        let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
        if parts.len() != depth || !GATEWAY_PARTS.contains(&below.to_ascii_lowercase().as_str()) {
            return None;
        }
        let name = text(change, "name").unwrap_or_else(|| format!("{{{}}}", change.address)).replace('/', "-");
        let parent = text(change, "parent_id").or_else(|| self.linked(change, "parent_id", &self.parents));
        let id = match parts.as_slice() {
            [] => format!("{}/providers/{SERVICE}/{name}", parent.unwrap_or_else(|| self.site.prefix())),
            [.., last] => {
                let unlinked = || {
                    let service = format!(
                        "{}/providers/{SERVICE}/{{gateway of {}}}",
                        self.site.prefix(),
                        change.address.replace('/', "-")
                    );
                    if parts.len() == 2 { format!("{service}/{}/{{api}}", parts[0]) } else { service }
                };
                format!("{}/{last}/{name}", parent.unwrap_or_else(unlinked))
            }
        };
        Some((id, azapi::body(change)))
    }
}

/// A request or response: how many bytes of its body are logged.
fn message(block: &Node) -> Option<Node> {
    if block.why_unknown().is_some() {
        return Some(block.clone());
    }
    let block = block.items().first()?;
    let body = body_of(block.at, rows(BODY, block));
    Some(body_of(block.at, vec![("body", Some(body))]))
}
