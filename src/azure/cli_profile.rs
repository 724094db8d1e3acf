//! The Azure CLI's default subscription, read from its profile so that no process has to be started.

use std::path::PathBuf;

use serde_json::Value;

use super::environment::Environment;
use crate::snapshot::{Cloud, is_guid};

/// Id of the subscription `az account set` chose, when there is one for this cloud.
///
/// The file is `azureProfile.json` below `AZURE_CONFIG_DIR` or `~/.azure`; it starts with a byte-order mark. Any surprise means
/// "no default": the caller then asks for an explicit scope.
pub fn default_subscription(environment: &Environment, cloud: Cloud) -> Option<String> {
    let home = environment.get("HOME").or_else(|| environment.get("USERPROFILE"));
    let directory =
        environment.get("AZURE_CONFIG_DIR").map(PathBuf::from).or_else(|| Some(PathBuf::from(home?).join(".azure")))?;
    let text = std::fs::read_to_string(directory.join("azureProfile.json")).ok()?;
    parse(&text, cloud)
}

fn parse(text: &str, cloud: Cloud) -> Option<String> {
    let profile: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let environment = match cloud {
        Cloud::Public => "AzureCloud",
        Cloud::UsGov => "AzureUSGovernment",
        Cloud::China => "AzureChinaCloud",
    };
    let is_default = |row: &&Value| {
        row.get("isDefault").and_then(Value::as_bool) == Some(true)
            && row.get("environmentName").and_then(Value::as_str).is_none_or(|name| name == environment)
    };
    let row = profile.get("subscriptions")?.as_array()?.iter().find(is_default)?;
    row.get("id").and_then(Value::as_str).filter(|id| is_guid(id)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "\u{feff}{\"subscriptions\": [
        {\"id\": \"00000000-0000-0000-0000-000000000001\", \"isDefault\": false, \"environmentName\": \"AzureCloud\"},
        {\"id\": \"00000000-0000-0000-0000-000000000002\", \"isDefault\": true, \"environmentName\": \"AzureCloud\"}]}";

    #[test]
    fn the_default_of_the_same_cloud_is_taken() {
        assert_eq!(parse(PROFILE, Cloud::Public).as_deref(), Some("00000000-0000-0000-0000-000000000002"));
        assert_eq!(parse(PROFILE, Cloud::China), None);
        assert_eq!(parse("{}", Cloud::Public), None);
        assert_eq!(parse("not json", Cloud::Public), None);
    }
}
