//! One ARM answer with the evidence of how it was obtained, and typed access to its properties.
//!
//! ARM omits what is unset, mixes casing, and adds properties without notice, so the body stays JSON and every read of a
//! property names its JSON pointer. The pointer is also what a report shows as evidence.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::operation::Operation;
use super::read::{Cause, Unavailable};

/// How an answer was obtained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The call.
    pub operation: Operation,
    /// The URL that was asked, without secrets.
    pub url: String,
    /// The api-version that answered.
    pub api_version: String,
    /// HTTP status.
    pub status: u16,
    /// `x-ms-request-id`, when Azure sent one.
    pub request_id: Option<String>,
    /// When the answer was complete.
    pub at: Timestamp,
    /// SHA-256 of the body as received, in lower-case hex.
    pub sha256: String,
}

/// One resource as ARM returned it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// ARM id of the resource (for a row of a list: the row's id).
    pub scope: String,
    /// The JSON, reduced by the redaction rules of `collect`.
    pub body: Value,
    /// Where it came from; shared by all rows of one page.
    pub evidence: Arc<Evidence>,
}

/// One cited value: what a result was decided on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Citation {
    /// JSON pointer into the answer.
    pub pointer: String,
    /// The value there; null when the property is absent.
    pub value: Value,
    /// The call that answered.
    pub operation: Operation,
    /// `x-ms-request-id` of that answer.
    pub request_id: Option<String>,
    /// When it was read.
    pub at: Timestamp,
}

impl Document {
    /// The value at `pointer`; `None` when it is absent or JSON null (ARM uses both for "unset").
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        self.body.pointer(pointer).filter(|value| !value.is_null())
    }

    /// A string property; `Ok(None)` when absent.
    ///
    /// # Errors
    /// `UnexpectedShape` when the property is there but not a string.
    pub fn string(&self, pointer: &str) -> Result<Option<&str>, Unavailable> {
        self.typed(pointer, Value::as_str)
    }

    /// A boolean property; `Ok(None)` when absent.
    ///
    /// # Errors
    /// `UnexpectedShape` when the property is there but not a boolean.
    pub fn boolean(&self, pointer: &str) -> Result<Option<bool>, Unavailable> {
        self.typed(pointer, Value::as_bool)
    }

    /// Whether an object property is there.
    ///
    /// # Errors
    /// `UnexpectedShape` when the property is there but not an object: then silence of what should be inside means nothing.
    pub fn has_object(&self, pointer: &str) -> Result<bool, Unavailable> {
        self.typed(pointer, Value::as_object).map(|found| found.is_some())
    }

    /// An array property; `Ok(None)` when absent.
    ///
    /// # Errors
    /// `UnexpectedShape` when the property is there but not an array.
    pub fn array(&self, pointer: &str) -> Result<Option<&[Value]>, Unavailable> {
        self.typed(pointer, |value| value.as_array().map(Vec::as_slice))
    }

    /// An array of strings; absent and null both mean empty for the ARM properties this is used on.
    ///
    /// # Errors
    /// `UnexpectedShape` when it is not an array or holds something else than strings.
    pub fn strings(&self, pointer: &str) -> Result<Vec<&str>, Unavailable> {
        let items = self.array(pointer)?.unwrap_or_default();
        items.iter().map(|item| item.as_str().ok_or_else(|| self.unexpected(pointer))).collect()
    }

    /// Whether the api-version that answered is `version` or newer, so that an absent property means "unset" rather than
    /// "not shown". Versions are ISO dates, a `-preview` suffix does not change the order.
    pub fn answered_since(&self, version: &str) -> bool {
        self.evidence.api_version.get(..10).is_some_and(|date| date >= version)
    }

    /// Cites the value at `pointer`, null when absent.
    pub fn cite(&self, pointer: &str) -> Citation {
        self.cite_as(pointer, self.body.pointer(pointer).cloned().unwrap_or(Value::Null))
    }

    /// Cites `pointer` with a value chosen by the caller (a summary of something long).
    pub fn cite_as(&self, pointer: &str, value: Value) -> Citation {
        Citation {
            pointer: pointer.to_owned(),
            value,
            operation: self.evidence.operation,
            request_id: self.evidence.request_id.clone(),
            at: self.evidence.at,
        }
    }

    /// This document does not have the documented shape at `pointer`.
    pub fn unexpected(&self, pointer: &str) -> Unavailable {
        self.unavailable(Cause::UnexpectedShape { pointer: pointer.to_owned() })
    }

    /// The api-version that answered cannot show the property.
    pub fn not_in_api_version(&self) -> Unavailable {
        self.unavailable(Cause::NotInApiVersion)
    }

    /// Something that belongs to this document was not read in this run.
    pub fn not_collected(&self) -> Unavailable {
        self.unavailable(Cause::NotCollected)
    }

    fn unavailable(&self, cause: Cause) -> Unavailable {
        Unavailable {
            cause,
            operation: self.evidence.operation,
            scope: self.scope.clone(),
            detail: None,
            request_id: self.evidence.request_id.clone(),
            at: self.evidence.at,
        }
    }

    fn typed<'a, T>(&'a self, pointer: &str, read: impl Fn(&'a Value) -> Option<T>) -> Result<Option<T>, Unavailable> {
        match self.value(pointer) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.unexpected(pointer)),
        }
    }
}
