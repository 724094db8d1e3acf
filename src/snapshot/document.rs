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

impl Evidence {
    /// Start of the URL of what was not answered by Azure but read from a deployment plan.
    pub const PLAN: &'static str = "plan:";

    /// Whether this is a resource of a deployment plan.
    pub fn is_planned(&self) -> bool {
        self.url.starts_with(Self::PLAN)
    }
}

/// Key of the object that stands in a planned resource for a value that is known only after deployment.
pub(super) const NOT_KNOWN: &str = "$notKnownAtPlan";

/// A value that is known only after deployment, for this reason. It has the shape of no property that a rule reads.
pub fn not_known(why: &str) -> Value {
    serde_json::json!({ NOT_KNOWN: why })
}

/// The reason, when a value is one that is known only after deployment. Means something in planned resources only.
pub fn why_not_known(value: &Value) -> Option<&str> {
    value.as_object()?.get(NOT_KNOWN)?.as_str()
}

/// The first such reason at or inside a value.
pub fn why_not_whole(value: &Value) -> Option<&str> {
    why_not_known(value).or_else(|| match value {
        Value::Array(items) => items.iter().find_map(why_not_whole),
        Value::Object(fields) => fields.values().find_map(why_not_whole),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
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
    /// Why nobody can know the value at `pointer` yet: it, or something around it, is known only after deployment.
    fn hole_at(&self, pointer: &str) -> Option<&str> {
        if !self.evidence.is_planned() {
            return None;
        }
        let mut ends = pointer.match_indices('/').map(|(end, _)| end).skip(1).chain([pointer.len()]);
        why_not_known(&self.body)
            .or_else(|| ends.find_map(|end| self.body.pointer(&pointer[..end]).and_then(why_not_known)))
    }

    /// The same of anything inside the value.
    fn hole_within(&self, pointer: &str) -> Option<&str> {
        let below = || self.body.pointer(pointer).and_then(why_not_whole);
        self.hole_at(pointer).or_else(|| if self.evidence.is_planned() { below() } else { None })
    }

    /// The value at `pointer`; `None` when it is absent or JSON null (ARM uses both for "unset").
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        self.body.pointer(pointer).filter(|value| !value.is_null())
    }

    /// The value at `pointer`, whole: also nothing inside it is left open.
    ///
    /// # Errors
    /// `NotKnownAtPlan` when a part of it is known only after deployment.
    pub fn whole(&self, pointer: &str) -> Result<Option<&Value>, Unavailable> {
        match self.hole_within(pointer) {
            Some(why) => Err(self.not_known_at_plan(pointer, why)),
            None => Ok(self.value(pointer)),
        }
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
        // What is said about all items depends on each of them.
        self.whole(pointer)?;
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

    /// This document does not have the documented shape at `pointer`. What a plan leaves out is decided when it is deployed.
    pub fn unexpected(&self, pointer: &str) -> Unavailable {
        if let Some(why) = self.hole_within(pointer) {
            return self.not_known_at_plan(pointer, why);
        }
        if self.evidence.is_planned() && self.value(pointer).is_none() {
            return self.not_known_at_plan(pointer, "the plan does not set it");
        }
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

    fn not_known_at_plan(&self, pointer: &str, why: &str) -> Unavailable {
        let detail = if pointer.is_empty() { why.to_owned() } else { format!("{pointer}: {why}") };
        Unavailable { detail: Some(detail), ..self.unavailable(Cause::NotKnownAtPlan) }
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
        if let Some(why) = self.hole_at(pointer) {
            return Err(self.not_known_at_plan(pointer, why));
        }
        match self.value(pointer) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.unexpected(pointer)),
        }
    }
}
