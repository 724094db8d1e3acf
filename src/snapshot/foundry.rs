//! Typed views of the Foundry resources below an account: projects, capability hosts, connections, agents.

use serde_json::{Value, json};

use super::document::{Citation, Document};
use super::id::last_segment;
use super::read::Unavailable;

/// A Foundry project.
#[derive(Debug, Clone, Copy)]
pub struct Project<'a>(pub &'a Document);

impl<'a> Project<'a> {
    /// The project's own name (ARM names it `account/project`).
    pub fn name(&self) -> &'a str {
        last_segment(&self.0.scope)
    }
}

/// A capability host: which connections an agent service keeps its data in.
#[derive(Debug, Clone, Copy)]
pub struct CapabilityHost<'a>(pub &'a Document);

impl<'a> CapabilityHost<'a> {
    /// `properties.provisioningState`: only `Succeeded` is a host that agents use.
    ///
    /// # Errors
    /// When it is absent or not a string.
    pub fn provisioning_state(&self) -> Result<&'a str, Unavailable> {
        const POINTER: &str = "/properties/provisioningState";
        self.0.string(POINTER)?.ok_or_else(|| self.0.unexpected(POINTER))
    }

    /// Cites the stores the host names.
    pub fn cite_stores(&self) -> Citation {
        let part = |key: &str| self.0.value(&format!("/properties/{key}")).cloned().unwrap_or(Value::Null);
        let stores = json!({
            "threadStorageConnections": part("threadStorageConnections"),
            "storageConnections": part("storageConnections"),
            "vectorStoreConnections": part("vectorStoreConnections"),
        });
        self.0.cite_as("/properties", stores)
    }

    /// Connection names for threads and messages.
    ///
    /// # Errors
    /// When the property does not have the documented shape.
    pub fn thread_storage(&self) -> Result<Vec<&'a str>, Unavailable> {
        self.0.strings("/properties/threadStorageConnections")
    }

    /// Connection names for uploaded files.
    ///
    /// # Errors
    /// When the property does not have the documented shape.
    pub fn file_storage(&self) -> Result<Vec<&'a str>, Unavailable> {
        self.0.strings("/properties/storageConnections")
    }

    /// Connection names for vectors.
    ///
    /// # Errors
    /// When the property does not have the documented shape.
    pub fn vector_storage(&self) -> Result<Vec<&'a str>, Unavailable> {
        self.0.strings("/properties/vectorStoreConnections")
    }
}

/// A deployment of an agent application.
#[derive(Debug, Clone, Copy)]
pub struct AgentDeployment<'a>(pub &'a Document);

impl<'a> AgentDeployment<'a> {
    /// The deployment's own name.
    pub fn name(&self) -> &'a str {
        last_segment(&self.0.scope)
    }

    /// `properties.deploymentType`, the discriminator of the schema: `Managed` (a prompt agent) or `Hosted` (a container) in
    /// 2025-10-01-preview and later.
    ///
    /// # Errors
    /// When it is absent or not a string: a discriminator has no default.
    pub fn deployment_type(&self) -> Result<&'a str, Unavailable> {
        const POINTER: &str = "/properties/deploymentType";
        self.0.string(POINTER)?.ok_or_else(|| self.0.unexpected(POINTER))
    }
}

/// A connection of an account or project to another service.
#[derive(Debug, Clone, Copy)]
pub struct Connection<'a>(pub &'a Document);

impl<'a> Connection<'a> {
    /// The connection's name.
    pub fn name(&self) -> &'a str {
        self.0.string("/name").ok().flatten().map_or_else(|| last_segment(&self.0.scope), last_segment)
    }

    /// Whether it leads to an Application Insights component.
    pub fn receives_traces(&self) -> bool {
        self.category().is_ok_and(|category| category.eq_ignore_ascii_case("AppInsights"))
    }

    /// `properties.category`; an open string, 121 values documented in 2026-09-15-preview.
    ///
    /// # Errors
    /// When it is absent or not a string: then what it connects to cannot be told.
    pub fn category(&self) -> Result<&'a str, Unavailable> {
        const POINTER: &str = "/properties/category";
        self.0.string(POINTER)?.ok_or_else(|| self.0.unexpected(POINTER))
    }

    /// Host of `properties.target`, when it is a URL.
    pub fn host(&self) -> Option<&'a str> {
        let (_, rest) = self.0.string("/properties/target").ok().flatten()?.split_once("://")?;
        rest.split(['/', ':', '?', '#']).next().filter(|host| !host.is_empty())
    }

    /// `properties.metadata.ResourceId`, the ARM id of what it leads to; seen in samples, in no specification, and with either
    /// casing.
    ///
    /// # Errors
    /// When the metadata is not an object, or the id not a string.
    pub fn resource_id(&self) -> Result<Option<&'a str>, Unavailable> {
        const POINTER: &str = "/properties/metadata";
        let metadata = match self.0.value(POINTER) {
            None => return Ok(None),
            Some(value) => value.as_object().ok_or_else(|| self.0.unexpected(POINTER))?,
        };
        match metadata.iter().find(|(key, value)| key.eq_ignore_ascii_case("ResourceId") && !value.is_null()) {
            None => Ok(None),
            Some((_, id)) => {
                let id = id.as_str().ok_or_else(|| self.0.unexpected(POINTER))?.trim_end_matches('/');
                Ok(Some(id).filter(|id| !id.is_empty()))
            }
        }
    }
}
