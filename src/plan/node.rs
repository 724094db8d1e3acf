//! JSON that remembers where it stands, and that can say of a value that nobody knows it yet.
//!
//! Templates and plans are walked, evaluated and mapped in this form, so that a result can point to the line of a property. It is
//! shared by reference: an expression that copies a large value a thousand times copies a pointer.

use std::rc::Rc;

use serde_json::{Map, Number, Value};

use crate::snapshot::not_known;

/// Containers inside containers, at most; Azure and Terraform write some ten.
pub(super) const DEEPEST: u8 = 100;

/// A place in one of the files of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Pos {
    /// Number of the file.
    pub(super) file: u16,
    /// Byte in its text.
    pub(super) byte: u32,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) at: Pos,
    pub(super) kind: Kind,
    depth: u8,
}

/// A JSON value, or why there is none.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Rc<str>),
    Array(Rc<Vec<Node>>),
    Object(Rc<Vec<(Rc<str>, Node)>>),
    /// Known only after deployment, for this reason. The reason never holds a value.
    Unknown(Rc<str>),
}

impl Node {
    pub(super) fn new(at: Pos, kind: Kind) -> Self {
        let depth = match &kind {
            Kind::Array(items) => items.iter().map(|item| item.depth).max().unwrap_or(0) + 1,
            Kind::Object(fields) => fields.iter().map(|(_, field)| field.depth).max().unwrap_or(0) + 1,
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => 0,
        };
        if depth > DEEPEST {
            return Self::unknown(at, "the value is nested too deeply");
        }
        Self { at, kind, depth }
    }

    pub(super) fn text(at: Pos, text: &str) -> Self {
        Self::new(at, Kind::Text(text.into()))
    }

    pub(super) fn bool(at: Pos, value: bool) -> Self {
        Self::new(at, Kind::Bool(value))
    }

    pub(super) fn array(at: Pos, items: Vec<Self>) -> Self {
        Self::new(at, Kind::Array(items.into()))
    }

    pub(super) fn object(at: Pos, fields: Vec<(Rc<str>, Self)>) -> Self {
        Self::new(at, Kind::Object(fields.into()))
    }

    pub(super) fn unknown(at: Pos, why: impl AsRef<str>) -> Self {
        Self { at, kind: Kind::Unknown(why.as_ref().into()), depth: 0 }
    }

    /// The same value at another place; what is inside keeps its own.
    pub(super) fn moved(&self, at: Pos) -> Self {
        Self { at, ..self.clone() }
    }

    /// A field by its name in any casing, as Azure reads it; the last of several.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.fields().iter().rev().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// A field of a field.
    pub(super) fn path(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |node, name| node.get(name))
    }

    pub(super) fn fields(&self) -> &[(Rc<str>, Self)] {
        if let Kind::Object(fields) = &self.kind { fields } else { &[] }
    }

    pub(super) fn items(&self) -> &[Self] {
        if let Kind::Array(items) = &self.kind { items } else { &[] }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(value) = &self.kind { Some(*value) } else { None }
    }

    pub(super) fn as_integer(&self) -> Option<i64> {
        if let Kind::Number(value) = &self.kind { value.as_i64() } else { None }
    }

    pub(super) fn why_unknown(&self) -> Option<&str> {
        if let Kind::Unknown(why) = &self.kind { Some(why) } else { None }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self.kind, Kind::Object(_))
    }

    /// Text of a field that is there and known.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// What `pointer` leads to.
    pub(super) fn at_pointer(&self, pointer: &str) -> Option<&Self> {
        pointer.split('/').skip(1).try_fold(self, Self::step)
    }

    fn step(&self, part: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Array(items) => part.parse::<usize>().ok().and_then(|index| items.get(index)),
            Kind::Object(_) => self.get(part),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => None,
        }
    }

    /// The place of what `pointer` leads to, or of the last container on the way that is there.
    pub(super) fn find(&self, pointer: &str) -> (Pos, usize) {
        let mut node = self;
        let mut steps = 0;
        for part in pointer.split('/').skip(1) {
            let Some(next) = node.step(part) else { break };
            node = next;
            steps += 1;
        }
        (node.at, steps)
    }

    /// As a document: what is not known stands there with its reason. `None` when it is larger than `budget`, which it uses up.
    pub(super) fn to_value(&self, budget: &mut usize) -> Option<Value> {
        *budget = budget.checked_sub(1)?;
        Some(match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => (*value).into(),
            Kind::Number(value) => value.clone().into(),
            Kind::Text(text) => (&**text).into(),
            Kind::Array(items) => items.iter().map(|item| item.to_value(budget)).collect::<Option<_>>()?,
            Kind::Object(fields) => {
                let mut map = Map::new();
                for (key, value) in fields.iter() {
                    map.insert(canonical(key).to_owned(), value.to_value(budget)?);
                }
                map.into()
            }
            Kind::Unknown(why) => not_known(why),
        })
    }
}

/// Names of properties that rules read, in Azure's own casing: Azure takes any casing in a template.
const NAMES: [&str; 66] = [
    "a365LoggingEnabled",
    "action",
    "agent365Config",
    "adxStorageResourceId",
    "allowedFqdnList",
    "basePolicyName",
    "bypass",
    "capabilityHostKind",
    "category",
    "categoryGroup",
    "contextCacheContainerId",
    "defaultAction",
    "deploymentType",
    "disableLocalAuth",
    "egressPolicy",
    "enabled",
    "encryption",
    "eventHubAuthorizationRuleId",
    "format",
    "identity",
    "instant",
    "ipRules",
    "isSharedToAll",
    "keySource",
    "kind",
    "location",
    "locations",
    "loggingEnabled",
    "logs",
    "marketplacePartnerId",
    "metadata",
    "mode",
    "model",
    "modelAllowList",
    "models",
    "name",
    "networkAcls",
    "networkInjections",
    "properties",
    "publicNetworkAccess",
    "raiMonitorConfig",
    "raiPolicyName",
    "regions",
    "resourceId",
    "restrictOutboundNetworkAccess",
    "routing",
    "safetyProviders",
    "scenario",
    "serviceBusRuleId",
    "serviceTier",
    "sku",
    "source",
    "sourceAccount",
    "spilloverDeploymentName",
    "storageAccountId",
    "storageConnections",
    "storedCompletionsDisabled",
    "subnetArmId",
    "tags",
    "target",
    "threadStorageConnections",
    "type",
    "useMicrosoftManagedNetwork",
    "userOwnedStorage",
    "value",
    "version",
];

const MORE_NAMES: [&str; 4] = ["vectorStoreConnections", "versionUpgradeOption", "workspaceId", "ResourceId"];

fn canonical(key: &str) -> &str {
    if key == MORE_NAMES[3] {
        return key;
    }
    NAMES.iter().chain(&MORE_NAMES[..3]).find(|name| name.eq_ignore_ascii_case(key)).copied().unwrap_or(key)
}
