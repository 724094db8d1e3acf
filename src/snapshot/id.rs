//! ARM resource ids, compared without regard to case as Azure does.

use serde::{Deserialize, Serialize};

/// Id of a Cognitive Services account (or a child of one), split into the parts reports need.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccountId {
    /// The id with Azure's documented casing of the fixed segments; names keep the casing they were given in.
    pub id: String,
    /// Subscription GUID.
    pub subscription_id: String,
    /// Resource group name.
    pub resource_group: String,
    /// Account name.
    pub name: String,
}

/// Why a text is not the id of a Cognitive Services account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedId(&'static str);

impl std::fmt::Display for MalformedId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for MalformedId {}

impl AccountId {
    /// The form every account id has.
    pub const FORM: &'static str =
        "/subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.CognitiveServices/accounts/<name>";

    /// Reads an account id; the fixed segments may have any casing (`resourcegroups` is common).
    ///
    /// # Errors
    /// [`MalformedId`] naming the first segment that is wrong.
    pub fn parse(text: &str) -> Result<Self, MalformedId> {
        let trimmed = text.trim().trim_end_matches('/');
        let parts: Vec<&str> = trimmed.split('/').collect();
        let [root, subscriptions, subscription, groups, group, providers, provider, kind, name] = parts.as_slice()
        else {
            return Err(MalformedId("it does not have the eight segments of an account id"));
        };
        let fixed = [
            (*root, "", "it does not start with /"),
            (*subscriptions, "subscriptions", "the first segment is not subscriptions"),
            (*groups, "resourceGroups", "the third segment is not resourceGroups"),
            (*providers, "providers", "the fifth segment is not providers"),
            (*provider, "Microsoft.CognitiveServices", "the provider is not Microsoft.CognitiveServices"),
            (*kind, "accounts", "the resource type is not accounts"),
        ];
        if let Some((.., why)) = fixed.iter().find(|(got, want, _)| !got.eq_ignore_ascii_case(want)) {
            return Err(MalformedId(why));
        }
        if !is_guid(subscription) {
            return Err(MalformedId("the subscription is not a GUID"));
        }
        if !is_name(group) || !is_name(name) {
            return Err(MalformedId(
                "the resource group or account name is empty or has characters Azure does not allow",
            ));
        }
        Ok(Self::new(subscription, group, name))
    }

    /// Builds the id from its parts.
    pub fn new(subscription_id: &str, resource_group: &str, name: &str) -> Self {
        let id = format!(
            "/subscriptions/{subscription_id}/resourceGroups/{resource_group}/providers/Microsoft.CognitiveServices/accounts/{name}"
        );
        Self {
            id,
            subscription_id: subscription_id.to_owned(),
            resource_group: resource_group.to_owned(),
            name: name.to_owned(),
        }
    }

    /// Sort and comparison key: ids differ in casing between ARM answers.
    pub fn key(&self) -> String {
        self.id.to_ascii_lowercase()
    }
}

/// Whether `text` has the 8-4-4-4-12 form of a GUID.
pub fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    groups.len() == lengths.len()
        && groups
            .iter()
            .zip(lengths)
            .all(|(group, length)| group.len() == length && group.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Resource names end up in URLs: letters, digits and the few marks Azure allows in group and account names.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 90
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')'))
        && !matches!(text, "." | "..")
}

/// Last segment of an ARM id or of a nested name (`account/project` → `project`).
pub fn last_segment(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/a";

    #[test]
    fn odd_casing_of_fixed_segments_is_one_id() {
        let odd = ID
            .replace("resourceGroups", "resourcegroups")
            .replace("Microsoft.CognitiveServices", "microsoft.cognitiveservices");
        assert_eq!(AccountId::parse(&odd).unwrap(), AccountId::parse(ID).unwrap());
    }

    #[test]
    fn every_malformed_form_says_what_is_wrong() {
        for (text, why) in [
            ("a", "eight segments"),
            (&ID.replace("accounts", "acounts"), "type is not accounts"),
            (&ID.replace("CognitiveServices", "Storage"), "provider"),
            (&ID.replace("00000000-", ""), "GUID"),
            (&ID.replace("/rg/", "/../"), "characters"),
            (&ID.replace("/rg/", "//"), "empty"),
            (&format!("{ID}/deployments/d"), "eight segments"),
        ] {
            let error = AccountId::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
