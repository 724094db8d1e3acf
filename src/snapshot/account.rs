//! Typed view of `Microsoft.CognitiveServices/accounts`.

use serde_json::Value;

use super::document::{Citation, Document};
use super::read::Unavailable;

/// What the account says about abuse-monitoring storage.
#[derive(Debug, Clone, PartialEq)]
pub enum ContentLogging {
    /// The capability is listed with a string that equals `false` in any casing: storage is off.
    Off(Citation),
    /// The capability list is there and does not contain the capability: storage is on.
    Absent(Citation),
    /// The capability is listed with something Microsoft does not document.
    Undocumented(Citation),
}

/// `Microsoft.CognitiveServices/accounts` as GET returned it.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a>(pub &'a Document);

impl<'a> Account<'a> {
    /// `kind`; a free string (`OpenAI`, `AIServices`, …).
    ///
    /// # Errors
    /// When it is absent or not a string: every real account has one.
    pub fn kind(&self) -> Result<&'a str, Unavailable> {
        self.0.string("/kind")?.ok_or_else(|| self.0.unexpected("/kind"))
    }

    /// `location`, as ARM spells it.
    ///
    /// # Errors
    /// When it is absent or not a string: every real account has one.
    pub fn location(&self) -> Result<&'a str, Unavailable> {
        self.0.string("/location")?.ok_or_else(|| self.0.unexpected("/location"))
    }

    /// `properties.provisioningState`; absent is treated as not readable because only `Succeeded` is a settled account.
    ///
    /// # Errors
    /// When it is absent or not a string.
    pub fn provisioning_state(&self) -> Result<&'a str, Unavailable> {
        const POINTER: &str = "/properties/provisioningState";
        self.0.string(POINTER)?.ok_or_else(|| self.0.unexpected(POINTER))
    }

    /// The `ContentLogging` entry of `properties.capabilities`.
    ///
    /// Documented (data-privacy page, 2026-03-19): the entry with value `false` "appears only if data storage for abuse
    /// monitoring is turned off". The order of the list is not stable, so it is looked up by name.
    ///
    /// # Errors
    /// When the list itself is absent or malformed: then its silence means nothing.
    pub fn content_logging(&self) -> Result<ContentLogging, Unavailable> {
        const POINTER: &str = "/properties/capabilities";
        let list = self.0.array(POINTER)?.ok_or_else(|| self.0.unexpected(POINTER))?;
        if let Some(index) = list.iter().position(|item| !item.is_object()) {
            return Err(self.0.unexpected(&format!("{POINTER}/{index}")));
        }
        let name = |item: &Value| item.get("name").and_then(Value::as_str).map(str::to_owned);
        let entries: Vec<usize> = (0..list.len())
            .filter(|&index| name(&list[index]).is_some_and(|name| name.eq_ignore_ascii_case("ContentLogging")))
            .collect();
        let off = |index: usize| {
            list[index].get("value").and_then(Value::as_str).is_some_and(|value| value.eq_ignore_ascii_case("false"))
        };
        let cite = |index: usize| self.0.cite(&format!("{POINTER}/{index}"));
        Ok(match entries.as_slice() {
            [] => {
                let names: Vec<Value> = list.iter().filter_map(name).map(Value::String).collect();
                ContentLogging::Absent(self.0.cite_as(POINTER, Value::Array(names)))
            }
            all if all.iter().all(|&index| off(index)) => ContentLogging::Off(cite(all[0])),
            all => ContentLogging::Undocumented(cite(all.iter().copied().find(|&index| !off(index)).unwrap_or(all[0]))),
        })
    }

    /// `properties.storedCompletionsDisabled`. First stable in 2025-09-01; the server default of an absent value is not
    /// documented, so absent is `Ok(None)` and the rule decides.
    ///
    /// # Errors
    /// `NotInApiVersion` when absent from an older answer; `UnexpectedShape` when not a boolean.
    pub fn stored_completions_disabled(&self) -> Result<Option<bool>, Unavailable> {
        self.since("2025-09-01", self.0.boolean("/properties/storedCompletionsDisabled")?)
    }

    /// Names of `properties.locations.regions`; empty when the account is not multi-region.
    ///
    /// # Errors
    /// When the property does not have the documented shape.
    pub fn region_names(&self) -> Result<Vec<&'a str>, Unavailable> {
        const POINTER: &str = "/properties/locations/regions";
        if self.0.value("/properties/locations").is_some_and(|locations| !locations.is_object()) {
            return Err(self.0.unexpected("/properties/locations"));
        }
        let regions = self.0.array(POINTER)?.unwrap_or_default();
        regions
            .iter()
            .map(|region| region.get("name").and_then(Value::as_str).ok_or_else(|| self.0.unexpected(POINTER)))
            .collect()
    }

    /// Length of `properties.instant.modelAllowList`; `None` when the property is absent.
    ///
    /// Documented for 2026-01-15-preview (instant-models page, 2026-07-10) but in no public specification, so an absent
    /// property proves nothing.
    ///
    /// # Errors
    /// When the property does not have the documented shape.
    pub fn instant_allow_list(&self) -> Result<Option<usize>, Unavailable> {
        if self.0.value("/properties/instant").is_some_and(|instant| !instant.is_object()) {
            return Err(self.0.unexpected("/properties/instant"));
        }
        Ok(self.0.array("/properties/instant/modelAllowList")?.map(<[Value]>::len))
    }

    fn since<T>(&self, version: &str, value: Option<T>) -> Result<Option<T>, Unavailable> {
        if value.is_none() && !self.0.answered_since(version) {
            return Err(self.0.not_in_api_version());
        }
        Ok(value)
    }
}
