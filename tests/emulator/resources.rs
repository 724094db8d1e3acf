//! Turns a described resource into the one ARM would show: ids, types, etag, systemData.

use serde_json::{Map, Value, json};

use super::further;
use super::versions::Kind;

/// Keys of a description that steer the emulator and are not part of the resource.
const STEERING: &[&str] = &[
    "raw",
    "faults",
    "resourceGroup",
    "dataPlane",
    "deployments",
    "projects",
    "connections",
    "capabilityHosts",
    "applications",
    "agentDeployments",
];

/// `/subscriptions/{s}` as the subscriptions API shows it.
pub(crate) fn subscription(described: &Value, tenant: &str) -> Value {
    let id = described["subscriptionId"].as_str().unwrap_or_default();
    let mut row = json!({
        "id": format!("/subscriptions/{id}"),
        "subscriptionId": id,
        "tenantId": described.get("tenantId").cloned().unwrap_or_else(|| json!(tenant)),
        "displayName": described.get("displayName").cloned().unwrap_or_else(|| json!(id)),
        "state": described.get("state").cloned().unwrap_or_else(|| json!("Enabled")),
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "EnterpriseAgreement_2014-09-01",
            "spendingLimit": "Off"
        },
        "authorizationSource": "RoleBased",
        "managedByTenants": []
    });
    if let Some(tags) = described.get("tags") {
        row["tags"] = tags.clone();
    }
    row
}

/// The ARM id of a described account.
pub(crate) fn account_id(subscription: &Value, account: &Value) -> String {
    let part = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.CognitiveServices/accounts/{}",
        part(subscription, "subscriptionId"),
        part(account, "resourceGroup"),
        part(account, "name")
    )
}

/// A resource below `parent`, or exactly what `raw` says.
pub(crate) fn resource(described: &Value, kind: Kind, id: &str, name: &str) -> Value {
    let Some(object) = described.as_object() else { return described.clone() };
    if let Some(raw) = object.get("raw") {
        return raw.clone();
    }
    let mut row: Map<String, Value> = object
        .iter()
        .filter(|(key, _)| !STEERING.contains(&key.as_str()))
        .filter(|(key, _)| !further::OF_ACCOUNT.iter().any(|own| own.key == key.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    row.entry("etag").or_insert_with(|| json!(etag(id)));
    row.entry("systemData").or_insert_with(system_data);
    row.insert("id".to_owned(), json!(id));
    row.insert("name".to_owned(), json!(name));
    row.insert("type".to_owned(), json!(kind.type_name()));
    if matches!(kind, Kind::Account | Kind::Deployment) {
        let properties = row.entry("properties").or_insert_with(|| json!({}));
        if let Some(properties) = properties.as_object_mut() {
            properties.entry("provisioningState").or_insert_with(|| json!("Succeeded"));
        }
    }
    Value::Object(row)
}

/// A row of the collection `segment` of `parent`; a project is named `account/project`.
pub(crate) fn child(described: &Value, kind: Kind, parent: &str, segment: &str) -> Value {
    let own = described.get("name").and_then(Value::as_str).unwrap_or_default();
    let account = parent.rsplit('/').next().unwrap_or_default();
    let name = if kind == Kind::Project { format!("{account}/{own}") } else { own.to_owned() };
    resource(described, kind, &format!("{parent}/{segment}/{own}"), &name)
}

/// Writes every integer as a float, recursively.
pub(crate) fn with_floats(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(float) = number.as_f64() {
                *value = json!(float);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(with_floats),
        Value::Object(map) => map.values_mut().for_each(with_floats),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

// Stable per resource, so that two reads of an unchanged estate are equal.
fn etag(id: &str) -> String {
    let sum = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    });
    format!("\"{:08x}-0000-0100-0000-{:012x}\"", sum >> 32, sum & 0xffff_ffff_ffff)
}

fn system_data() -> Value {
    let (by, at) = ("7d1c1f0e-52a4-4f0e-9a53-0c7a4d2b9f10", "2026-03-02T09:15:27.4135791Z");
    json!({
        "createdBy": by, "createdByType": "Application", "createdAt": at,
        "lastModifiedBy": by, "lastModifiedByType": "Application", "lastModifiedAt": at
    })
}
