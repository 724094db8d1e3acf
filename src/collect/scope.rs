//! From what was asked for to the subscriptions that are read. Work goes by id, never by name.

use std::collections::BTreeMap;

use crate::azure::arm::Arm;
use crate::snapshot::{AccountId, Cause, Document, Operation, Read, Scope, Unavailable, is_guid};

/// What the command line asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Subscriptions by id or name.
    Subscriptions(Vec<String>),
    /// Every subscription the caller can see.
    All,
    /// Single accounts.
    Accounts(Vec<AccountId>),
    /// Nothing, and there is no default: an error that lists what could have been asked for.
    Nothing,
}

/// One subscription to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Subscription GUID.
    pub id: String,
    /// Its record.
    pub record: Read<Document>,
    /// The accounts to read; `None` lists them.
    pub accounts: Option<Vec<AccountId>>,
}

impl Target {
    /// The target as a journal names it.
    pub fn scope(&self) -> Scope {
        Scope { id: self.id.clone(), accounts: self.accounts.clone() }
    }
}

/// A subscription somebody could have meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Display name; remote text.
    pub name: String,
    /// Subscription GUID.
    pub id: String,
}

/// Why a scope cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub enum ScopeError {
    /// The caller sees no subscription at all.
    NothingVisible,
    /// The first answer of ARM is not usable.
    Unreadable(Unavailable),
    /// No visible subscription has this id or name.
    NotFound {
        /// What was asked for.
        asked: String,
        /// What is visible.
        visible: Vec<Candidate>,
    },
    /// More than one visible subscription has this name.
    Ambiguous {
        /// What was asked for.
        asked: String,
        /// The subscriptions of that name.
        candidates: Vec<Candidate>,
    },
    /// No scope was given and there is no default.
    NotGiven {
        /// What is visible.
        visible: Vec<Candidate>,
    },
}

/// Resolves what was asked for, with one list call (none for single accounts).
///
/// # Errors
/// [`ScopeError`] when nothing, or not exactly one thing, is meant.
pub async fn resolve(arm: &Arm, ask: Ask) -> Result<Vec<Target>, ScopeError> {
    match ask {
        Ask::Accounts(ids) => Ok(named_accounts(arm, ids).await),
        Ask::Subscriptions(words) => {
            let visible = visible(arm).await;
            let mut targets: BTreeMap<String, Target> = BTreeMap::new();
            for word in words {
                let target = find(arm, &visible, &word).await?;
                targets.insert(target.id.to_ascii_lowercase(), target);
            }
            Ok(targets.into_values().collect())
        }
        Ask::All => {
            let all = visible(arm).await.map_err(ScopeError::Unreadable)?;
            if all.is_empty() {
                return Err(ScopeError::NothingVisible);
            }
            Ok(all.into_iter().map(|(id, record)| Target { id, record, accounts: None }).collect())
        }
        Ask::Nothing => {
            let all = visible(arm).await.map_err(ScopeError::Unreadable)?;
            if all.is_empty() {
                Err(ScopeError::NothingVisible)
            } else {
                Err(ScopeError::NotGiven { visible: candidates(&all) })
            }
        }
    }
}

/// Adds those of `scopes` that are not among the targets: an earlier part of the reading saw them, so that they are in scope
/// even when the caller sees them no more.
pub async fn complete(arm: &Arm, targets: &mut Vec<Target>, scopes: Vec<Scope>) {
    for Scope { id, accounts } in scopes {
        if !targets.iter().any(|target| target.id.eq_ignore_ascii_case(&id)) {
            let record = arm.get(Operation::SubscriptionsGet, &format!("/subscriptions/{id}")).await;
            targets.push(Target { id, record: Read::from(record), accounts });
        }
    }
}

type Visible = Vec<(String, Read<Document>)>;

/// Every visible subscription. A row that cannot be read makes the answer unusable: a scope must not shrink silently.
async fn visible(arm: &Arm) -> Result<Visible, Unavailable> {
    let list = arm.list(Operation::SubscriptionsList, "").await?;
    let row = |document: &Document| {
        let id = document.string("/subscriptionId")?.filter(|id| is_guid(id)).map(str::to_owned);
        Ok((id.ok_or_else(|| document.unexpected("/subscriptionId"))?, Read::Known(document.clone())))
    };
    list.documents()?.into_iter().map(row).collect()
}

async fn find(arm: &Arm, visible: &Result<Visible, Unavailable>, word: &str) -> Result<Target, ScopeError> {
    let target =
        |(id, record): &(String, Read<Document>)| Target { id: id.clone(), record: record.clone(), accounts: None };
    if is_guid(word) {
        if let Some(found) = visible.iter().flatten().find(|(id, _)| id.eq_ignore_ascii_case(word)) {
            return Ok(target(found));
        }
        return by_id(arm, visible, word).await;
    }
    let all = visible.as_ref().map_err(|why| ScopeError::Unreadable(why.clone()))?;
    let named: Vec<_> = all.iter().filter(|(_, record)| name_of(record).eq_ignore_ascii_case(word)).collect();
    match named.as_slice() {
        [one] => Ok(target(one)),
        [] if all.is_empty() => Err(ScopeError::NothingVisible),
        [] => Err(ScopeError::NotFound { asked: word.to_owned(), visible: candidates(all) }),
        several => {
            let candidates = candidates(several.iter().copied());
            Err(ScopeError::Ambiguous { asked: word.to_owned(), candidates })
        }
    }
}

/// An id that is not listed may still be readable, or be hidden from the list by a fault.
async fn by_id(arm: &Arm, visible: &Result<Visible, Unavailable>, id: &str) -> Result<Target, ScopeError> {
    let why = match arm.get(Operation::SubscriptionsGet, &format!("/subscriptions/{id}")).await {
        Ok(document) => return Ok(Target { id: id.to_owned(), record: Read::Known(document), accounts: None }),
        Err(why) => why,
    };
    match (visible, &why.cause) {
        (Err(first), _) => Err(ScopeError::Unreadable(first.clone())),
        (Ok(all), Cause::NotFound | Cause::Forbidden { .. }) if all.is_empty() => Err(ScopeError::NothingVisible),
        (Ok(all), Cause::NotFound | Cause::Forbidden { .. }) => {
            Err(ScopeError::NotFound { asked: id.to_owned(), visible: candidates(all) })
        }
        (Ok(_), _) => Err(ScopeError::Unreadable(why)),
    }
}

/// Single accounts grouped by subscription. The subscription's record is context, not a condition: a caller may hold a role
/// on the account alone.
async fn named_accounts(arm: &Arm, ids: Vec<AccountId>) -> Vec<Target> {
    let mut grouped: BTreeMap<String, BTreeMap<String, AccountId>> = BTreeMap::new();
    for id in ids {
        grouped.entry(id.subscription_id.to_ascii_lowercase()).or_default().insert(id.key(), id);
    }
    let mut targets = Vec::new();
    for (subscription, accounts) in grouped {
        let record = arm.get(Operation::SubscriptionsGet, &format!("/subscriptions/{subscription}")).await;
        let accounts = Some(accounts.into_values().collect());
        targets.push(Target { id: subscription, record: Read::from(record), accounts });
    }
    targets
}

fn candidates<'a>(all: impl IntoIterator<Item = &'a (String, Read<Document>)>) -> Vec<Candidate> {
    let candidate =
        |(id, record): &(String, Read<Document>)| Candidate { name: name_of(record).to_owned(), id: id.clone() };
    let mut candidates: Vec<Candidate> = all.into_iter().map(candidate).collect();
    candidates.sort();
    candidates
}

fn name_of(record: &Read<Document>) -> &str {
    record.get_ref().and_then(|document| document.string("/displayName").ok().flatten()).unwrap_or_default()
}
