//! Typed view of the properties of an account that say how it is reached, who holds its keys and where it sends things.

use serde_json::Value;

use super::account::Account;
use super::read::Unavailable;

/// What the account says about logging to Agent 365. Two spellings are documented and both are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent365 {
    /// One spelling says on, or has a value that is not documented to mean off.
    On,
    /// At least one spelling says off and none says on.
    Off,
    /// Neither is there, in an answer that could show it: the documented default is on.
    Default,
}

/// How agents of the account are connected to a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentNetwork {
    /// They are put into a subnet of the customer.
    Subnet,
    /// They are in a network that Microsoft manages.
    Managed,
    /// No injection for agents is configured.
    None,
}

impl<'a> Account<'a> {
    /// `properties.abusePenalty.action` (`Throttle`, `Block`); the empty string when a penalty is there without an action, and
    /// `None` when there is no penalty. Read-only, since 2023-05-01.
    ///
    /// # Errors
    /// When the property does not have the documented shape.
    pub fn abuse_penalty(&self) -> Result<Option<&'a str>, Unavailable> {
        if !self.0.has_object("/properties/abusePenalty")? {
            return Ok(None);
        }
        Ok(Some(self.0.string("/properties/abusePenalty/action")?.unwrap_or_default()))
    }

    /// A tag of the account itself; tags of the resource group and the subscription are not part of the answer.
    ///
    /// # Errors
    /// When the tags do not have the documented shape.
    pub fn tag(&self, name: &str) -> Result<Option<&'a str>, Unavailable> {
        if !self.0.has_object("/tags")? {
            return Ok(None);
        }
        let tags = self.0.value("/tags").and_then(Value::as_object);
        match tags.and_then(|tags| tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))) {
            None => Ok(None),
            Some((_, value)) => value.as_str().map(Some).ok_or_else(|| self.0.unexpected("/tags")),
        }
    }

    /// `properties.publicNetworkAccess`: `Enabled` or `Disabled`; absent means enabled, the default of the service.
    ///
    /// # Errors
    /// When it is not a string.
    pub fn public_network(&self) -> Result<Option<&'a str>, Unavailable> {
        self.0.string("/properties/publicNetworkAccess")
    }

    /// `properties.networkAcls.defaultAction`: `Allow` or `Deny`; `None` when no rules are configured.
    ///
    /// # Errors
    /// When the rules do not have the documented shape.
    pub fn network_default(&self) -> Result<Option<&'a str>, Unavailable> {
        self.0.has_object("/properties/networkAcls")?;
        self.0.string("/properties/networkAcls/defaultAction")
    }

    /// `properties.networkAcls.bypass`: `AzureServices` or `None`.
    ///
    /// # Errors
    /// When the rules do not have the documented shape.
    pub fn network_bypass(&self) -> Result<Option<&'a str>, Unavailable> {
        self.0.has_object("/properties/networkAcls")?;
        self.0.string("/properties/networkAcls/bypass")
    }

    /// Addresses and ranges of `properties.networkAcls.ipRules`.
    ///
    /// # Errors
    /// When the rules do not have the documented shape.
    pub fn allowed_addresses(&self) -> Result<Vec<&'a str>, Unavailable> {
        const POINTER: &str = "/properties/networkAcls/ipRules";
        self.0.has_object("/properties/networkAcls")?;
        let value =
            |rule: &'a Value| rule.get("value").and_then(Value::as_str).ok_or_else(|| self.0.unexpected(POINTER));
        self.0.array(POINTER)?.unwrap_or_default().iter().map(value).collect()
    }

    /// How many private endpoint connections are approved, and how many there are.
    ///
    /// # Errors
    /// When the list does not have the documented shape.
    pub fn private_endpoints(&self) -> Result<(usize, usize), Unavailable> {
        const POINTER: &str = "/properties/privateEndpointConnections";
        const STATUS: &str = "/properties/privateLinkServiceConnectionState/status";
        let all = self.0.array(POINTER)?.unwrap_or_default();
        let mut approved = 0;
        for row in all {
            let status = row.pointer(STATUS).and_then(Value::as_str).ok_or_else(|| self.0.unexpected(POINTER))?;
            approved += usize::from(status.eq_ignore_ascii_case("Approved"));
        }
        Ok((approved, all.len()))
    }

    /// `properties.disableLocalAuth`; absent means that keys are accepted.
    ///
    /// # Errors
    /// When it is not a boolean.
    pub fn keys_disabled(&self) -> Result<Option<bool>, Unavailable> {
        self.0.boolean("/properties/disableLocalAuth")
    }

    /// `identity.type`: `None`, `SystemAssigned`, `UserAssigned` or both; absent means none.
    ///
    /// # Errors
    /// When the identity does not have the documented shape.
    pub fn identity_type(&self) -> Result<Option<&'a str>, Unavailable> {
        self.0.has_object("/identity")?;
        self.0.string("/identity/type")
    }

    /// `properties.encryption.keySource`; `None` when the account has no encryption settings, which means Microsoft's keys.
    ///
    /// # Errors
    /// When there are settings without a source (the schema and the service differ about its default), or of another shape.
    pub fn key_source(&self) -> Result<Option<&'a str>, Unavailable> {
        const POINTER: &str = "/properties/encryption/keySource";
        if !self.0.has_object("/properties/encryption")? {
            return Ok(None);
        }
        self.0.string(POINTER)?.map(Some).ok_or_else(|| self.0.unexpected(POINTER))
    }

    /// `properties.restrictOutboundNetworkAccess`; absent means not restricted.
    ///
    /// # Errors
    /// When it is not a boolean.
    pub fn outbound_restricted(&self) -> Result<Option<bool>, Unavailable> {
        self.0.boolean("/properties/restrictOutboundNetworkAccess")
    }

    /// `properties.allowedFqdnList`.
    ///
    /// # Errors
    /// When it is not a list of strings.
    pub fn allowed_fqdns(&self) -> Result<Vec<&'a str>, Unavailable> {
        self.0.strings("/properties/allowedFqdnList")
    }

    /// What `properties.networkInjections` says about agents. Early answers of 2025-06-01 hold one object instead of a list.
    ///
    /// # Errors
    /// When the property does not have the documented shape.
    pub fn agent_network(&self) -> Result<AgentNetwork, Unavailable> {
        const POINTER: &str = "/properties/networkInjections";
        let rows: Vec<&Value> = match self.0.whole(POINTER)? {
            None => Vec::new(),
            Some(Value::Array(rows)) => rows.iter().collect(),
            Some(one) => vec![one],
        };
        let mut network = AgentNetwork::None;
        for row in rows {
            let row = row.as_object().ok_or_else(|| self.0.unexpected(POINTER))?;
            let scenario = row.get("scenario").and_then(Value::as_str).ok_or_else(|| self.0.unexpected(POINTER))?;
            if !scenario.eq_ignore_ascii_case("agent") {
                continue;
            }
            if row.get("subnetArmId").and_then(Value::as_str).is_some_and(|id| !id.is_empty()) {
                return Ok(AgentNetwork::Subnet);
            }
            if row.get("useMicrosoftManagedNetwork").and_then(Value::as_bool) == Some(true) {
                network = AgentNetwork::Managed;
            }
        }
        Ok(network)
    }

    /// Logging to Agent 365: `properties.a365LoggingEnabled` (stable since 2026-09-01, "Defaults to true") and
    /// `properties.agent365Config.loggingEnabled` (Agent 365 page, 2026-03-19: `enabled` or `disabled`).
    ///
    /// # Errors
    /// `NotInApiVersion` when neither is there and the answer is older than 2026-09-01; `UnexpectedShape` when malformed.
    pub fn agent_365(&self) -> Result<Agent365, Unavailable> {
        let flag = self.0.boolean("/properties/a365LoggingEnabled")?;
        self.0.has_object("/properties/agent365Config")?;
        let word = self.0.string("/properties/agent365Config/loggingEnabled")?;
        let says_on = word.map(|word| !word.eq_ignore_ascii_case("disabled"));
        match (flag, says_on) {
            (Some(true), _) | (_, Some(true)) => Ok(Agent365::On),
            (Some(false), _) | (None, Some(false)) => Ok(Agent365::Off),
            (None, None) if self.0.answered_since("2026-09-01") => Ok(Agent365::Default),
            (None, None) => Err(self.0.not_in_api_version()),
        }
    }

    /// `properties.raiMonitorConfig.adxStorageResourceId`: where statistics of harmful content go. Stable since 2024-10-01.
    ///
    /// # Errors
    /// When the property does not have the documented shape.
    pub fn risk_monitor_sink(&self) -> Result<Option<&'a str>, Unavailable> {
        self.0.has_object("/properties/raiMonitorConfig")?;
        Ok(self.0.string("/properties/raiMonitorConfig/adxStorageResourceId")?.filter(|id| !id.is_empty()))
    }

    /// Storage accounts of `properties.userOwnedStorage`, by ARM id.
    ///
    /// # Errors
    /// When the list does not have the documented shape.
    pub fn own_storage(&self) -> Result<Vec<&'a str>, Unavailable> {
        const POINTER: &str = "/properties/userOwnedStorage";
        let id =
            |row: &'a Value| row.get("resourceId").and_then(Value::as_str).ok_or_else(|| self.0.unexpected(POINTER));
        self.0.array(POINTER)?.unwrap_or_default().iter().map(id).collect()
    }
}
