//! From attributes of Terraform's resource types to ARM properties, a table per type.
//!
//! Source: the schemas of terraform-provider-azurerm 4 (<https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs>, as
//! known on 2026-11-22). A plan holds the provider's defaults, so an attribute that is null is one Azure decides.

use crate::plan::estate::body_of;
use crate::plan::node::{Kind, Node, Pos};

/// What becomes of an attribute on its way to a property.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// It is the property.
    Same,
    /// A flag that ARM has the other way round.
    Not,
    /// A flag that ARM writes as `Enabled` or `Disabled`.
    Enabled,
    /// The first block of a list.
    Block(&'static [Row]),
    /// Every block of a list.
    Blocks(&'static [Row]),
    /// A list of texts that ARM wraps: `[{value}]`.
    Wrapped,
    /// A property with this value when the block is there.
    When(&'static str),
}

/// Attribute, ARM property, and what lies between.
pub(super) type Row = (&'static str, &'static str, Turn);

use Turn::{Block, Blocks, Enabled, Not, Same, Wrapped};

const IDENTITY: &[Row] = &[("type", "type", Same)];
const ACLS: &[Row] =
    &[("default_action", "defaultAction", Same), ("bypass", "bypass", Same), ("ip_rules", "ipRules", Wrapped)];
const STORAGE: &[Row] = &[("storage_account_id", "resourceId", Same)];
const INJECTION: &[Row] = &[("scenario", "scenario", Same), ("subnet_id", "subnetArmId", Same)];
const KEY: &[Row] = &[("key_vault_key_id", "keySource", Turn::When("Microsoft.KeyVault"))];

/// Properties of `azurerm_cognitive_account` and `azurerm_ai_services`.
const ACCOUNT: &[Row] = &[
    ("custom_subdomain_name", "customSubDomainName", Same),
    ("customer_managed_key", "encryption", Block(KEY)),
    ("fqdns", "allowedFqdnList", Same),
    ("local_auth_enabled", "disableLocalAuth", Not),
    ("local_authentication_enabled", "disableLocalAuth", Not),
    ("network_acls", "networkAcls", Block(ACLS)),
    ("network_injection", "networkInjections", Blocks(INJECTION)),
    ("outbound_network_access_restricted", "restrictOutboundNetworkAccess", Same),
    ("project_management_enabled", "allowProjectManagement", Same),
    ("public_network_access", "publicNetworkAccess", Same),
    ("public_network_access_enabled", "publicNetworkAccess", Enabled),
    ("storage", "userOwnedStorage", Blocks(STORAGE)),
];

/// The parts of an account outside of its properties.
const ACCOUNT_TOP: &[Row] = &[
    ("kind", "kind", Same),
    ("location", "location", Same),
    ("tags", "tags", Same),
    ("identity", "identity", Block(IDENTITY)),
];

const MODEL: &[Row] = &[("format", "format", Same), ("name", "name", Same), ("version", "version", Same)];
const DEPLOYMENT: &[Row] = &[
    ("dynamic_throttling_enabled", "dynamicThrottlingEnabled", Same),
    ("model", "model", Block(MODEL)),
    ("rai_policy_name", "raiPolicyName", Same),
    ("version_upgrade_option", "versionUpgradeOption", Same),
];
const SKU: &[Row] = &[("name", "name", Same), ("type", "name", Same), ("capacity", "capacity", Same)];
/// `scale` is what the block was called before version 4.
const DEPLOYMENT_TOP: &[Row] = &[("sku", "sku", Block(SKU)), ("scale", "sku", Block(SKU))];

const POLICY: &[Row] = &[("mode", "mode", Same), ("base_policy_name", "basePolicyName", Same)];
const PROJECT: &[Row] = &[("display_name", "displayName", Same), ("description", "description", Same)];
const PROJECT_TOP: &[Row] =
    &[("location", "location", Same), ("tags", "tags", Same), ("identity", "identity", Block(IDENTITY))];

const LOG: &[Row] =
    &[("category", "category", Same), ("category_group", "categoryGroup", Same), ("enabled", "enabled", Same)];
const SETTING: &[Row] = &[
    ("eventhub_authorization_rule_id", "eventHubAuthorizationRuleId", Same),
    ("log_analytics_workspace_id", "workspaceId", Same),
    ("partner_solution_id", "marketplacePartnerId", Same),
    ("storage_account_id", "storageAccountId", Same),
];

/// A resource type of Terraform that is a resource of an account.
pub(super) struct Type {
    pub(super) name: &'static str,
    /// What it is below an account; empty for the account itself.
    pub(super) below: &'static str,
    /// The attribute that holds the account's id.
    pub(super) parent: &'static str,
    top: &'static [Row],
    properties: &'static [Row],
}

const fn child(name: &'static str, below: &'static str, top: &'static [Row], properties: &'static [Row]) -> Type {
    Type { name, below, parent: "cognitive_account_id", top, properties }
}

const fn account(name: &'static str) -> Type {
    Type { name, below: "", parent: "", top: ACCOUNT_TOP, properties: ACCOUNT }
}

/// The types that rules can say something about.
const TYPES: [Type; 7] = [
    account("azurerm_cognitive_account"),
    account("azurerm_ai_services"),
    child("azurerm_cognitive_deployment", "deployments", DEPLOYMENT_TOP, DEPLOYMENT),
    child("azurerm_cognitive_account_project", "projects", PROJECT_TOP, PROJECT),
    child("azurerm_cognitive_account_rai_policy", "raiPolicies", &[], POLICY),
    child("azurerm_cognitive_account_rai_blocklist", "raiBlocklists", &[], &[]),
    Type {
        name: "azurerm_monitor_diagnostic_setting",
        below: "providers/Microsoft.Insights/diagnosticSettings",
        parent: "target_resource_id",
        top: &[],
        properties: SETTING,
    },
];

pub(super) fn find(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|own| own.name == name)
}

/// The ARM body of a resource.
pub(super) fn body(kind: &Type, after: &Node) -> Node {
    let at = after.at;
    let mut fields = rows(kind.top, after);
    if kind.below.is_empty() {
        let sku = after.get("sku_name").map(|name| body_of(name.at, vec![("name", Some(name.clone()))]));
        fields.push(("sku", sku));
        // azurerm_ai_services makes accounts of this kind only.
        let services = kind.name == "azurerm_ai_services";
        fields.extend(services.then(|| ("kind", Some(Node::text(at, "AIServices")))));
    }
    let mut properties = rows(kind.properties, after);
    if kind.parent == "target_resource_id" {
        properties.push(("logs", Some(logs(after))));
    }
    fields.push(("name", after.get("name").cloned()));
    fields.push(("properties", Some(body_of(at, properties))));
    body_of(at, fields)
}

/// What `azurerm_cognitive_account_customer_managed_key` sets on its account.
pub(super) fn customer_key(after: &Node) -> Node {
    let properties = vec![("encryption", Some(body_of(after.at, rows(KEY, after))))];
    body_of(after.at, vec![("properties", Some(body_of(after.at, properties)))])
}

/// `enabled_log` holds what is on; `log`, before version 4, says so itself.
fn logs(after: &Node) -> Node {
    let (new, old) = (after.get("enabled_log"), after.get("log"));
    if let Some(why) = new.into_iter().chain(old).find_map(Node::why_unknown) {
        return Node::unknown(after.at, why);
    }
    let on = |block: &Node| {
        let mut fields = rows(LOG, block);
        fields.retain(|(key, _)| *key != "enabled");
        fields.push(("enabled", Some(Node::bool(block.at, true))));
        body_of(block.at, fields)
    };
    let new = new.map_or(&[][..], Node::items).iter().map(on);
    let old = old.map_or(&[][..], Node::items).iter().map(|block| body_of(block.at, rows(LOG, block)));
    Node::array(after.at, new.chain(old).collect())
}

pub(super) fn rows(table: &'static [Row], after: &Node) -> Vec<(&'static str, Option<Node>)> {
    let mut fields: Vec<(&'static str, Option<Node>)> = Vec::new();
    for (attribute, property, turn) in table {
        let value = after.get(attribute).filter(|own| !own.is_null()).and_then(|own| turned(*turn, own));
        if value.is_some() {
            fields.retain(|(own, _)| own != property);
            fields.push((property, value));
        }
    }
    fields
}

fn turned(turn: Turn, value: &Node) -> Option<Node> {
    if let Some(why) = value.why_unknown() {
        return Some(Node::unknown(value.at, why));
    }
    let at = value.at;
    Some(match turn {
        Same => value.clone(),
        Not => value.as_bool().map_or_else(|| value.clone(), |own| Node::bool(at, !own)),
        Enabled => Node::text(at, if value.as_bool()? { "Enabled" } else { "Disabled" }),
        Block(table) => match value.items().first() {
            Some(block) => one(table, block),
            None => return None,
        },
        Blocks(table) => Node::array(at, value.items().iter().map(|block| one(table, block)).collect()),
        Wrapped => Node::array(at, value.items().iter().map(|own| wrapped(own, at)).collect()),
        Turn::When(word) => Node::text(at, word),
    })
}

fn one(table: &'static [Row], block: &Node) -> Node {
    match &block.kind {
        Kind::Unknown(_) => block.clone(),
        _ => body_of(block.at, rows(table, block)),
    }
}

fn wrapped(value: &Node, at: Pos) -> Node {
    body_of(at, vec![("value", Some(value.clone()))])
}
