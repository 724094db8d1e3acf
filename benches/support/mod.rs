//! Estates of any size, the same every time.

use serde_json::{Value, json};

/// An estate of `accounts` accounts, `each` to a subscription.
pub(crate) fn estate(accounts: usize, each: usize) -> Value {
    let subscriptions: Vec<Value> = (0..accounts)
        .step_by(each)
        .map(|first| {
            let own = first..accounts.min(first + each);
            json!({ "subscriptionId": format!("00000000-0000-4000-8000-{first:012x}"),
                    "displayName": format!("subscription-{first}"), "accounts": own.map(account).collect::<Vec<_>>() })
        })
        .collect();
    json!({ "tenantId": "00000000-0000-4000-8000-00000000000a", "subscriptions": subscriptions })
}

/// An account with three deployments, a project and two connections.
fn account(number: usize) -> Value {
    let logging =
        if number.is_multiple_of(3) { json!([]) } else { json!([{ "name": "ContentLogging", "value": "false" }]) };
    let deployment = |name: &str, sku: &str| {
        json!({ "name": name, "sku": { "name": sku, "capacity": 10 }, "properties": {
            "model": { "format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14" },
            "versionUpgradeOption": "OnceNewDefaultVersionAvailable", "raiPolicyName": "Microsoft.DefaultV2" } })
    };
    let connection = |name: &str| json!({ "name": name, "properties": { "category": "AzureBlob", "authType": "AAD", "target": "https://s.example/" } });
    let location = ["swedencentral", "eastus2", "francecentral"][number % 3];
    json!({
        "name": format!("account-{number:05}"), "resourceGroup": format!("rg-{}", number % 3), "kind": "AIServices",
        "location": location, "sku": { "name": "S0" },
        "tags": { "env": "prod", "team": format!("team-{}", number % 7) },
        "properties": { "capabilities": logging, "storedCompletionsDisabled": true, "allowProjectManagement": true,
            "publicNetworkAccess": "Disabled", "disableLocalAuth": true, "customSubDomainName": format!("account-{number}") },
        "deployments": [deployment("chat", "GlobalStandard"), deployment("zone", "DataZoneStandard"), deployment("local", "Standard")],
        "connections": [connection("account-store")],
        "projects": [{ "name": "project", "connections": [connection("project-store")] }],
    })
}
