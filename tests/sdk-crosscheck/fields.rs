//! What is compared: the whole tree of what the models kept, and each property we name in code or documentation.

use std::collections::{BTreeMap, BTreeSet};

use azure_mgmt_cognitiveservices::models;
use serde_json::{Map, Value, json};
use zdr_check::snapshot::{Account, ContentLogging, Deployment, last_segment};

/// One property: its name for messages, the value in the models, the value as we read it.
pub type Field = (&'static str, Value, Value);

/// Agreement over many bodies.
#[derive(Default)]
pub struct Comparison {
    /// Pointers at which the models kept nothing of what the body says, with one body each.
    pub dropped: BTreeMap<String, String>,
    /// Bodies compared.
    pub bodies: usize,
    /// Named properties, and those that had a value at least once.
    named: BTreeSet<&'static str>,
    seen: BTreeSet<&'static str>,
    wrong: Vec<String>,
}

impl Comparison {
    /// Compares one body: a model parsed from it and serialised again, down to every leaf, and the named properties.
    pub fn body(&mut self, from: &str, body: &Value, theirs: &Value, fields: Vec<Field>) {
        self.bodies += 1;
        self.node(from, "", theirs, body);
        for (name, theirs, ours) in fields {
            self.named.insert(name);
            if theirs != ours {
                self.wrong.push(format!("{from}: we read {name} as {ours}, the SDK as {theirs}"));
            } else if is_set(&ours) {
                self.seen.insert(name);
            }
        }
    }

    /// Fails unless everything agreed and no named property went without a value to compare.
    pub fn settle(&self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let untried: Vec<_> = self.named.difference(&self.seen).collect();
        assert!(untried.is_empty(), "no body has a value for {untried:?}; give one to rare.json");
    }

    fn node(&mut self, from: &str, at: &str, theirs: &Value, body: &Value) {
        match (theirs, body) {
            (Value::Object(theirs), Value::Object(body)) => self.object(from, at, theirs, body),
            (Value::Array(theirs), Value::Array(body)) if theirs.len() == body.len() => {
                for (theirs, body) in theirs.iter().zip(body) {
                    self.node(from, &format!("{at}/*"), theirs, body);
                }
            }
            // The models hold some whole numbers as floats.
            (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
            _ if theirs == body => {}
            _ => self.wrong.push(format!("{from}: {at} is {body}, the SDK reads {theirs}")),
        }
    }

    fn object(&mut self, from: &str, at: &str, theirs: &Map<String, Value>, body: &Map<String, Value>) {
        let keys: BTreeSet<&String> = theirs.keys().chain(body.keys()).collect();
        for key in keys {
            let at = format!("{at}/{key}");
            match (theirs.get(key).filter(|value| is_set(value)), body.get(key).filter(|value| is_set(value))) {
                (Some(theirs), Some(body)) => self.node(from, &at, theirs, body),
                (Some(theirs), None) => self.wrong.push(format!("{from}: {at} is unset, the SDK reads {theirs}")),
                (None, Some(_)) => drop(self.dropped.entry(at).or_insert_with(|| from.to_owned())),
                (None, None) => {}
            }
        }
    }
}

/// The models write absent lists, null lists and empty lists alike, and some absent values as null.
fn is_set(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
}

/// Named properties of an account. `Value::Null` is "no value" on both sides.
pub fn account(theirs: &models::Account, ours: Account<'_>) -> Vec<Field> {
    let resource = &theirs.azure_entity_resource.resource;
    let properties = theirs.properties.clone().unwrap_or_default();
    let identity = theirs.identity.as_ref().and_then(|identity| identity.type_.as_ref());
    let text = |pointer| json!(ours.0.string(pointer).ok().flatten());
    let mut fields = vec![
        ("id", json!(resource.id), text("/id")),
        ("name", json!(resource.name), text("/name")),
        ("type", json!(resource.type_), text("/type")),
        ("location", json!(theirs.location), json!(ours.location().ok())),
        ("kind", json!(theirs.kind), json!(ours.kind().ok())),
        ("sku", json!(theirs.sku.as_ref().map(|sku| &sku.name)), text("/sku/name")),
        ("tags", json!(theirs.tags), json!(ours.0.value("/tags"))),
        ("identity", json!(identity), text("/identity/type")),
        ("provisioningState", json!(properties.provisioning_state), json!(ours.provisioning_state().ok())),
    ];
    fields.extend(switches(&properties, ours));
    fields.extend(lists(&properties, ours));
    fields
}

/// Properties of an account that hold one value.
fn switches(theirs: &models::AccountProperties, ours: Account<'_>) -> Vec<Field> {
    let text = |pointer| json!(ours.0.string(pointer).ok().flatten());
    let flag = |pointer| json!(ours.0.boolean(pointer).ok().flatten());
    let acls = theirs.network_acls.as_ref().and_then(|acls| acls.default_action.as_ref());
    let encryption = theirs.encryption.as_ref().and_then(|encryption| encryption.key_source.as_ref());
    let monitor = theirs.rai_monitor_config.as_ref().and_then(|config| config.adx_storage_resource_id.as_ref());
    let penalty = theirs.abuse_penalty.as_ref().and_then(|penalty| penalty.action.as_ref());
    let outbound = theirs.restrict_outbound_network_access;
    vec![
        ("publicNetworkAccess", json!(theirs.public_network_access), text("/properties/publicNetworkAccess")),
        ("disableLocalAuth", json!(theirs.disable_local_auth), flag("/properties/disableLocalAuth")),
        ("restrictOutboundNetworkAccess", json!(outbound), flag("/properties/restrictOutboundNetworkAccess")),
        ("networkAcls.defaultAction", json!(acls), text("/properties/networkAcls/defaultAction")),
        ("encryption.keySource", json!(encryption), text("/properties/encryption/keySource")),
        ("raiMonitorConfig", json!(monitor), text("/properties/raiMonitorConfig/adxStorageResourceId")),
        ("abusePenalty.action", json!(penalty), text("/properties/abusePenalty/action")),
    ]
}

/// Properties of an account that hold many values, and what follows from the capabilities.
fn lists(theirs: &models::AccountProperties, ours: Account<'_>) -> Vec<Field> {
    let list = |pointer, keys: &[&str]| rows(ours.0.array(pointer).ok().flatten().unwrap_or_default(), keys);
    let capabilities = theirs.capabilities.iter().map(|one| json!([one.name, one.value]));
    let storage = theirs.user_owned_storage.iter().map(|one| json!([one.resource_id]));
    let regions = theirs.locations.iter().flat_map(|locations| &locations.regions);
    let regions: Option<Vec<&str>> = regions.map(|region| region.name.as_deref()).collect();
    let mut fields = vec![
        ("capabilities", capabilities.collect(), list("/properties/capabilities", &["name", "value"])),
        ("userOwnedStorage", storage.collect(), list("/properties/userOwnedStorage", &["resourceId"])),
        ("locations.regions", json!(regions), json!(ours.region_names().ok())),
    ];
    // Without a list the models show an empty one; a test of its own says so.
    if ours.0.value("/properties/capabilities").is_some() {
        fields.push(("ContentLogging", their_content_logging(&theirs.capabilities), our_content_logging(ours)));
    }
    fields
}

/// Named properties of a deployment.
pub fn deployment(theirs: &models::Deployment, ours: Deployment<'_>) -> Vec<Field> {
    let resource = &theirs.proxy_resource.resource;
    let properties = theirs.properties.clone().unwrap_or_default();
    let model = properties.model.unwrap_or_default();
    let text = |pointer| json!(ours.0.string(pointer).ok().flatten());
    let our_model = ours.model().map_or([None; 3], |model| [model.format, model.name, model.version]);
    let name = resource.name.as_deref().or(resource.id.as_deref()).map_or("", last_segment);
    vec![
        ("id", json!(resource.id), text("/id")),
        ("name", json!(name), json!(ours.name())),
        ("type", json!(resource.type_), text("/type")),
        ("sku", json!(theirs.sku.as_ref().map(|sku| &sku.name)), json!(ours.sku().ok())),
        ("model", json!([model.format, model.name, model.version]), json!(our_model)),
        ("model.format", json!(model.format), json!(ours.model_format().ok())),
        ("model.name", json!(model.name), json!(ours.model_name().ok())),
        ("model.source", json!(model.source), json!(ours.model_source().ok().flatten())),
        ("versionUpgradeOption", json!(properties.version_upgrade_option), text("/properties/versionUpgradeOption")),
        ("raiPolicyName", json!(properties.rai_policy_name), text("/properties/raiPolicyName")),
        ("parentDeploymentName", json!(properties.parent_deployment_name), text("/properties/parentDeploymentName")),
        ("provisioningState", json!(properties.provisioning_state), text("/properties/provisioningState")),
    ]
}

/// What the models' capability list says about abuse-monitoring storage, concluded without our accessor.
fn their_content_logging(list: &[models::SkuCapability]) -> Value {
    let is = |text: &Option<String>, word: &str| text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(word));
    let entries: Vec<_> = list.iter().filter(|entry| is(&entry.name, "ContentLogging")).collect();
    match entries.as_slice() {
        [] => json!("absent"),
        all if all.iter().all(|entry| is(&entry.value, "false")) => json!("off"),
        _ => json!("undocumented"),
    }
}

/// What our accessor says.
pub fn our_content_logging(account: Account<'_>) -> Value {
    match account.content_logging() {
        Ok(ContentLogging::Off(_)) => json!("off"),
        Ok(ContentLogging::Absent(_)) => json!("absent"),
        Ok(ContentLogging::Undocumented(_)) => json!("undocumented"),
        Err(_) => json!("cannot tell"),
    }
}

/// The values of `keys` in each row of a list.
fn rows(list: &[Value], keys: &[&str]) -> Value {
    list.iter().map(|row| keys.iter().map(|key| row[key].clone()).collect::<Value>()).collect()
}
