//! How far a run reached: what was found but left out on request, what could not be found, and what a second source says.
//!
//! A scan of a part of an estate must never look like one of all of it.

use serde::{Deserialize, Serialize};

use super::{Principal, Read, Unavailable};

/// How the scope of a run became the subscriptions that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Who asked in each further tenant; the first is [`super::Snapshot::principal`].
    pub principals: Vec<Principal>,
    /// Parts of the scope whose subscriptions could not be found: a tenant without a sign-in, a closed management group.
    pub gaps: Vec<Unavailable>,
    /// Subscriptions left out on request, sorted by id.
    pub excluded: Vec<ExcludedSubscription>,
    /// Exclusions that leave nothing out, as on the command line.
    pub unmatched: Vec<String>,
}

/// A subscription left out on request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExcludedSubscription {
    /// Subscription GUID.
    pub id: String,
    /// Display name, when readable; remote text.
    pub name: Option<String>,
}

/// Which of a subscription's accounts are in scope, and what a second source says of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// ARM ids of the accounts left out by tags, sorted.
    pub excluded: Vec<String>,
    /// The comparison with the resource index, when it was asked for.
    pub cross_check: Option<Read<CrossCheck>>,
}

/// Accounts that only one of the two sources knows; ARM ids, sorted. An answer of the account itself decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossCheck {
    /// Listed by the provider, absent from the index.
    pub only_listed: Vec<String>,
    /// In the index, not listed, and not gone when asked for: they were read like every other account.
    pub not_listed: Vec<String>,
    /// In the index, not listed, and gone when asked for.
    pub gone: Vec<String>,
}
