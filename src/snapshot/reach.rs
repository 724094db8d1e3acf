//! How far a run reached: what was found but left out on request, what could not be found, and what a second source says.
//!
//! A scan of a part of an estate must never look like one of all of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Listing, Operation, PackedAccount, Principal, Read, Unavailable};

/// How the scope of a run became the subscriptions that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reach {
    /// What was asked for besides subscriptions and accounts.
    pub asked: Asked,
    /// Who asked in each further tenant; the first is [`super::Snapshot::principal`].
    pub principals: Vec<Principal>,
    /// Parts of the scope whose subscriptions could not be found: a tenant without a sign-in, a closed management group.
    pub gaps: Vec<Unavailable>,
    /// Subscriptions left out on request, sorted by id.
    pub excluded: Vec<ExcludedSubscription>,
    /// Patterns of `--exclude-subscription` that leave nothing out.
    pub unmatched: Vec<String>,
}

/// What a command line asks for besides subscriptions and accounts, so that whoever goes on with a reading asks for the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Management groups, by id.
    pub management_groups: Vec<String>,
    /// Tenants, by id; the credential's own when there is none.
    pub tenants: Vec<String>,
    /// Every tenant the caller can sign in to.
    pub all_tenants: bool,
    /// Patterns of ids or names of subscriptions to leave out.
    pub exclude_subscriptions: Vec<String>,
    /// Tags an account must carry; the values of one key are alternatives.
    pub tags: Vec<(String, String)>,
    /// Tags that leave an account out.
    pub exclude_tags: Vec<(String, String)>,
    /// Whether the resource index is asked too.
    pub cross_check: bool,
    /// Whether the data plane of each account is asked what it keeps.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub data_plane: bool,
    /// Other services that are read too.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub include: BTreeSet<Include>,
}

/// Another service that is read on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Include {
    /// Azure Communication Services, with Event Grid and Azure Monitor as far as they serve it.
    Communication,
    /// Azure Policy: what is assigned over the accounts.
    Policies,
}

impl Include {
    /// What is included, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Communication => "with Communication Services",
            Self::Policies => "with Azure Policy",
        }
    }
}

impl Asked {
    /// Whether the call is to be made at all.
    pub fn covers(&self, operation: Operation) -> bool {
        operation.include().is_none_or(|own| self.include.contains(&own))
    }
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

impl Selection {
    /// An account that only the index knows and that is gone when asked for is no account.
    pub fn settle(&mut self, listing: &Read<Listing>, accounts: &mut Vec<PackedAccount>) {
        let Some(Read::Known(check)) = &mut self.cross_check else { return };
        let listed = matches!(listing, Read::Known(_));
        let ids: BTreeSet<String> = check.not_listed.iter().cloned().collect();
        accounts.retain(|account| {
            let drop = listed && ids.contains(&account.id.id) && account.gone;
            if drop {
                check.gone.push(account.id.id.clone());
            }
            !drop
        });
        check.not_listed.retain(|id| !check.gone.contains(id));
        check.gone.sort();
    }
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
