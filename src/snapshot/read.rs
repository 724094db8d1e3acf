//! A fact is a read, not a value: either the answer, or the reason there is none.
//!
//! This module exists so that no code downstream can confuse "Azure said no" with "nobody could ask". There is no `Default`,
//! no `unwrap_or`, and [`Read::get`] returns a `Result` so that `?` in a rule ends in *unknown*.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::document::Citation;
use super::operation::Operation;

/// One fact about Azure: known, or unavailable with a cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Read<T> {
    /// The whole answer arrived and had the expected shape. A list is known only when every page arrived.
    Known(T),
    /// There is no usable answer.
    Unavailable(Unavailable),
}

impl<T> Read<T> {
    /// The value, or why it is missing.
    ///
    /// # Errors
    /// The stored [`Unavailable`] when there is no value.
    pub fn get(&self) -> Result<&T, Unavailable> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unavailable(why) => Err(why.clone()),
        }
    }

    /// The value, or why it is missing, by value.
    ///
    /// # Errors
    /// The stored [`Unavailable`] when there is no value.
    pub fn into_result(self) -> Result<T, Unavailable> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unavailable(why) => Err(why),
        }
    }

    /// The same fact about a part or another form of the value.
    pub fn map_ref<'a, U>(&'a self, form: impl FnOnce(&'a T) -> U) -> Read<U> {
        match self {
            Self::Known(value) => Read::Known(form(value)),
            Self::Unavailable(why) => Read::Unavailable(why.clone()),
        }
    }

    /// The same fact in another form that not every value has.
    ///
    /// # Errors
    /// Those of `form`.
    pub fn try_map<U, E>(self, form: impl FnOnce(T) -> Result<U, E>) -> Result<Read<U>, E> {
        match self {
            Self::Known(value) => form(value).map(Read::Known),
            Self::Unavailable(why) => Ok(Read::Unavailable(why)),
        }
    }

    /// The value, for display only: a decision takes [`Self::get`], which keeps the cause.
    pub fn get_ref(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unavailable(_) => None,
        }
    }

    /// Why the value is missing, if it is.
    pub fn unavailable(&self) -> Option<&Unavailable> {
        match self {
            Self::Known(_) => None,
            Self::Unavailable(why) => Some(why),
        }
    }
}

impl<T> From<Result<T, Unavailable>> for Read<T> {
    fn from(result: Result<T, Unavailable>) -> Self {
        match result {
            Ok(value) => Self::Known(value),
            Err(why) => Self::Unavailable(why),
        }
    }
}

/// Why a fact could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unavailable {
    /// The class of failure.
    pub cause: Cause,
    /// The call that would have answered.
    pub operation: Operation,
    /// ARM id of the resource (or subscription) that was asked about.
    pub scope: String,
    /// What Azure or the transport said, in one line; remote text, sanitise before showing it.
    pub detail: Option<String>,
    /// `x-ms-request-id` of the failed answer, if there was one.
    pub request_id: Option<String>,
    /// When the attempt ended.
    pub at: Timestamp,
}

impl Unavailable {
    /// Cites the answer when it says that there is nothing, which is something else than not knowing: Azure answers a storage
    /// account without lifecycle rules with 404 and this code (recorded 2019-05-02).
    pub fn nothing_there(&self) -> Option<Citation> {
        const CODE: &str = "ManagementPolicyNotFound";
        let asked = self.operation == Operation::ManagementPoliciesGet && self.cause == Cause::NotFound;
        let said = self.detail.as_deref().and_then(|detail| detail.split(':').next());
        (asked && said == Some(CODE)).then(|| Citation {
            pointer: String::new(),
            value: CODE.into(),
            operation: self.operation,
            request_id: self.request_id.clone(),
            at: self.at,
        })
    }
}

impl Unavailable {
    /// Whether it says that a subscription has no gateways: one whose provider is not registered can hold none, since "You can't
    /// unregister a resource provider when you still have resource types from that resource provider" (Azure resource
    /// providers and types, read 2026-11-22).
    pub fn is_of_no_gateway(&self) -> bool {
        self.operation == Operation::GatewaysList && self.cause == Cause::ProviderNotRegistered
    }
}

impl Unavailable {
    /// Cites the answer when it says that a subscription can hold no resources of the type, because their provider is not
    /// registered there (as for gateways).
    pub fn no_provider(&self) -> Option<Citation> {
        let listed =
            [Operation::CommunicationServicesList, Operation::CommunicationEventsList, Operation::SystemTopicsList];
        let asked = listed.contains(&self.operation);
        (asked && self.cause == Cause::ProviderNotRegistered).then(|| Citation {
            pointer: String::new(),
            value: self.cause.as_str().into(),
            operation: self.operation,
            request_id: self.request_id.clone(),
            at: self.at,
        })
    }
}

/// The class of failure behind an [`Unavailable`] fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cause {
    /// 401 or 403: the caller lacks a right.
    Forbidden {
        /// The RBAC action that would allow the read.
        action: String,
    },
    /// 404: the resource, or the type, is not there.
    NotFound,
    /// The data plane of the account cannot be reached from here: its firewall refused, or its private name does not resolve.
    NetworkDenied,
    /// The data plane of the account takes keys only, which this program never uses.
    KeyOnly,
    /// 429 beyond the patience of one fact.
    Throttled,
    /// No whole answer in time.
    Timeout,
    /// Name resolution, connection, TLS or a broken body.
    Transport,
    /// An error status that no retry cured and no other cause names.
    ServerError {
        /// The HTTP status.
        status: u16,
    },
    /// The subscription has not registered the resource provider.
    ProviderNotRegistered,
    /// The answer was not what the API documents.
    UnexpectedShape {
        /// JSON pointer of the offending place; empty for the whole body.
        pointer: String,
    },
    /// Only an older api-version answered, and it cannot show this property.
    NotInApiVersion,
    /// The call was not made in this run.
    NotCollected,
    /// The value exists only after deployment.
    NotKnownAtPlan,
}

impl Cause {
    /// Stable word for reports (`cause` in the JSON report).
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound => "not-found",
            Self::NetworkDenied => "network-denied",
            Self::KeyOnly => "key-only",
            Self::Throttled => "throttled",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::ServerError { .. } => "server-error",
            Self::ProviderNotRegistered => "provider-not-registered",
            Self::UnexpectedShape { .. } => "unexpected-shape",
            Self::NotInApiVersion => "not-in-api-version",
            Self::NotCollected => "not-collected",
            Self::NotKnownAtPlan => "not-known-at-plan",
        }
    }

    /// Whether the same call may well answer when it is made again.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Throttled | Self::Timeout | Self::Transport | Self::NetworkDenied | Self::ServerError { .. } => true,
            Self::Forbidden { .. }
            | Self::NotFound
            | Self::KeyOnly
            | Self::ProviderNotRegistered
            | Self::UnexpectedShape { .. }
            | Self::NotInApiVersion
            | Self::NotCollected
            | Self::NotKnownAtPlan => false,
        }
    }

    /// The RBAC action that would cure it, when a missing right is the cause.
    pub fn action(&self) -> Option<&str> {
        match self {
            Self::Forbidden { action } => Some(action),
            Self::NotFound
            | Self::NetworkDenied
            | Self::KeyOnly
            | Self::Throttled
            | Self::Timeout
            | Self::Transport
            | Self::ServerError { .. }
            | Self::ProviderNotRegistered
            | Self::UnexpectedShape { .. }
            | Self::NotInApiVersion
            | Self::NotCollected
            | Self::NotKnownAtPlan => None,
        }
    }
}
