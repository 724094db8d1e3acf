//! Typed view of `Microsoft.CognitiveServices/accounts/deployments`.

use serde_json::{Value, json};

use super::document::{Citation, Document};
use super::id::last_segment;
use super::read::Unavailable;

/// `properties.model` of a deployment, or one of `properties.routing.models`. Every part is a free string and optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model<'a> {
    /// `format`: `OpenAI`, `Anthropic`, `Mistral AI`, …
    pub format: Option<&'a str>,
    /// `name`.
    pub name: Option<&'a str>,
    /// `version`.
    pub version: Option<&'a str>,
}

impl<'a> Model<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let map = value.as_object()?;
        let part = |key: &str| match map.get(key) {
            None | Some(Value::Null) => Some(None),
            Some(Value::String(text)) => Some(Some(text.as_str())),
            Some(_) => None,
        };
        Some(Self { format: part("format")?, name: part("name")?, version: part("version")? })
    }
}

/// One model deployment.
#[derive(Debug, Clone, Copy)]
pub struct Deployment<'a>(pub &'a Document);

impl<'a> Deployment<'a> {
    /// The deployment's name.
    pub fn name(&self) -> &'a str {
        self.0.string("/name").ok().flatten().map_or_else(|| last_segment(&self.0.scope), last_segment)
    }

    /// `sku.name`; a free string. Absent on legacy rows that still use `scaleSettings`.
    ///
    /// # Errors
    /// When it is absent or not a string: without it the processing location cannot be told.
    pub fn sku(&self) -> Result<&'a str, Unavailable> {
        self.0.string("/sku/name")?.ok_or_else(|| self.0.unexpected("/sku/name"))
    }

    /// `properties.model`.
    ///
    /// # Errors
    /// When it is absent or malformed.
    pub fn model(&self) -> Result<Model<'a>, Unavailable> {
        const POINTER: &str = "/properties/model";
        self.0.value(POINTER).and_then(Model::of).ok_or_else(|| self.0.unexpected(POINTER))
    }

    /// `properties.model.format`.
    ///
    /// # Errors
    /// When it is absent: without it the data terms of the model cannot be told.
    pub fn model_format(&self) -> Result<&'a str, Unavailable> {
        self.model()?.format.ok_or_else(|| self.0.unexpected("/properties/model/format"))
    }

    /// `properties.model.name`.
    ///
    /// # Errors
    /// When it is absent.
    pub fn model_name(&self) -> Result<&'a str, Unavailable> {
        self.model()?.name.ok_or_else(|| self.0.unexpected("/properties/model/name"))
    }

    /// `properties.model.source`: ARM id a fine-tuned or imported model came from.
    ///
    /// # Errors
    /// When it is not a string.
    pub fn model_source(&self) -> Result<Option<&'a str>, Unavailable> {
        self.0.string("/properties/model/source")
    }

    /// Whether the model is fine-tuned or imported: its name has the documented `.ft-` part, or `source` names where it came
    /// from (fine-tuning pages, 2026-10-06). An absent source means a base model.
    ///
    /// # Errors
    /// When the name is absent and no source settles it.
    pub fn fine_tuned(&self) -> Result<bool, Unavailable> {
        if self.model_source()?.is_some_and(|source| !source.is_empty()) {
            return Ok(true);
        }
        Ok(self.model_name()?.to_ascii_lowercase().contains(".ft-"))
    }

    /// Cites the model by its format, name and version.
    pub fn cite_model(&self) -> Citation {
        let part = |key: &str| self.0.value(&format!("/properties/model/{key}")).cloned().unwrap_or(Value::Null);
        let parts = json!({ "format": part("format"), "name": part("name"), "version": part("version") });
        self.0.cite_as("/properties/model", parts)
    }

    /// `properties.spilloverDeploymentName`; absent means no spillover is configured on the deployment (a caller can still
    /// ask for it per request).
    ///
    /// # Errors
    /// When it is not a string.
    pub fn spillover(&self) -> Result<Option<&'a str>, Unavailable> {
        Ok(self.0.string("/properties/spilloverDeploymentName")?.filter(|name| !name.is_empty()))
    }

    /// `properties.routing.models` of a model router; `None` when absent, which means every supported model. First stable in
    /// 2025-12-01.
    ///
    /// # Errors
    /// `NotInApiVersion` when absent from an older answer; `UnexpectedShape` when malformed.
    pub fn routing_models(&self) -> Result<Option<Vec<Model<'a>>>, Unavailable> {
        const POINTER: &str = "/properties/routing/models";
        match self.0.array(POINTER)? {
            None if self.0.answered_since("2025-12-01") => Ok(None),
            None => Err(self.0.not_in_api_version()),
            Some(models) => {
                let parsed = models.iter().map(|model| Model::of(model).ok_or_else(|| self.0.unexpected(POINTER)));
                parsed.collect::<Result<_, _>>().map(Some)
            }
        }
    }

    /// Ids the model was taken from: `properties.model.sourceAccount` and `properties.model.source`, those that are set, with
    /// their JSON pointers. None for a base model.
    ///
    /// # Errors
    /// When one of them is not a string.
    pub fn model_origins(&self) -> Result<Vec<(&'static str, &'a str)>, Unavailable> {
        let mut origins = Vec::new();
        for pointer in ["/properties/model/sourceAccount", "/properties/model/source"] {
            if let Some(id) = self.0.string(pointer)?.filter(|id| !id.is_empty()) {
                origins.push((pointer, id));
            }
        }
        Ok(origins)
    }

    /// `properties.serviceTier`: `Default` or `Priority`; absent means default. First stable in 2025-12-01.
    ///
    /// # Errors
    /// `NotInApiVersion` when absent from an older answer; `UnexpectedShape` when not a string.
    pub fn service_tier(&self) -> Result<Option<&'a str>, Unavailable> {
        match self.0.string("/properties/serviceTier")? {
            Some(tier) => Ok(Some(tier)),
            None if self.0.answered_since("2025-12-01") => Ok(None),
            None => Err(self.0.not_in_api_version()),
        }
    }

    /// `properties.versionUpgradeOption`; absent is documented to mean `OnceCurrentVersionExpired` (working-with-models page).
    ///
    /// # Errors
    /// When it is not a string.
    pub fn version_upgrade(&self) -> Result<Option<&'a str>, Unavailable> {
        self.0.string("/properties/versionUpgradeOption")
    }

    /// `properties.contextCacheContainerId`; absent means no context cache. First stable in 2026-09-01.
    ///
    /// # Errors
    /// `NotInApiVersion` when absent from an older answer; `UnexpectedShape` when not a string.
    pub fn context_cache_container(&self) -> Result<Option<&'a str>, Unavailable> {
        match self.0.string("/properties/contextCacheContainerId")?.filter(|id| !id.is_empty()) {
            Some(id) => Ok(Some(id)),
            None if self.0.answered_since("2026-09-01") => Ok(None),
            None => Err(self.0.not_in_api_version()),
        }
    }
}
