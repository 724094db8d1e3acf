//! What diagnostic settings write, and where to.

use crate::snapshot::{Document, List, Unavailable};

/// One kind of log that a diagnostic setting writes.
pub(super) struct Log<'a> {
    /// The setting.
    pub(super) setting: &'a Document,
    /// `category` or `categoryGroup`.
    pub(super) category: &'a str,
    /// Where it is written to, in words.
    pub(super) sinks: Vec<&'static str>,
}

const SINKS: [(&str, &str); 5] = [
    ("/properties/workspaceId", "Log Analytics"),
    ("/properties/storageAccountId", "storage"),
    ("/properties/eventHubAuthorizationRuleId", "an event hub"),
    ("/properties/marketplacePartnerId", "a partner"),
    ("/properties/serviceBusRuleId", "a service bus"),
];

/// Every enabled kind of log of every setting.
///
/// # Errors
/// When a setting does not have the documented shape.
pub(super) fn enabled(settings: &List) -> Result<Vec<Log<'_>>, Unavailable> {
    let mut all = Vec::new();
    for setting in settings.documents()? {
        let filled = |pointer| setting.string(pointer).ok().flatten().is_some_and(|id| !id.is_empty());
        let sinks: Vec<&str> = SINKS.iter().filter(|(pointer, _)| filled(*pointer)).map(|(_, word)| *word).collect();
        for log in setting.array("/properties/logs")?.unwrap_or_default() {
            let text = |key| log.get(key).and_then(|value| value.as_str()).filter(|text: &&str| !text.is_empty());
            let category = text("category").or_else(|| text("categoryGroup"));
            let on = log.get("enabled").and_then(serde_json::Value::as_bool);
            let (Some(category), Some(on)) = (category, on) else { return Err(setting.unexpected("/properties/logs")) };
            if on {
                all.push(Log { setting, category, sinks: sinks.clone() });
            }
        }
    }
    Ok(all)
}
