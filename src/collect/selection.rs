//! Which of the accounts of a subscription are read: those the tags ask for, and those a second source knows besides the list.

use std::collections::{BTreeMap, BTreeSet};

use crate::azure::arm::Arm;
use crate::snapshot::{AccountId, Asked, CrossCheck, Document, Operation, Read};

use super::Found;

impl Asked {
    /// Whether an account is in scope. One whose tags cannot be read always is.
    fn takes(&self, listed: &Document) -> bool {
        let Some(tags) = tags(listed) else { return true };
        let has = |(key, value): &&(String, String)| {
            tags.iter().any(|(own, text)| own.eq_ignore_ascii_case(key) && text == value)
        };
        let mut keys: BTreeMap<String, bool> = BTreeMap::new();
        for tag in &self.tags {
            *keys.entry(tag.0.to_ascii_lowercase()).or_default() |= has(&tag);
        }
        keys.values().all(|found| *found) && !self.exclude_tags.iter().any(|tag| has(&tag))
    }

    /// Takes the accounts out of `found` that are not in scope; their ids.
    pub(super) fn leave_out(&self, found: &mut Found) -> Vec<String> {
        let mut excluded = Vec::new();
        found.retain(|(id, listed)| {
            let takes = listed.as_ref().is_none_or(|listed| self.takes(listed));
            if !takes {
                excluded.push(id.id.clone());
            }
            takes
        });
        excluded.sort();
        excluded
    }
}

/// The tags of a listed account; `None` when they are not an object of texts. Azure compares keys without regard to case.
fn tags(listed: &Document) -> Option<Vec<(&str, &str)>> {
    match listed.body.get("tags") {
        None | Some(serde_json::Value::Null) => Some(Vec::new()),
        Some(tags) => tags.as_object()?.iter().map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect(),
    }
}

/// Asks the resource index and adds what the list lacks to `found`, so that the account itself can decide.
pub(super) async fn cross_check(arm: &Arm, subscription: &str, found: &mut Found) -> Read<CrossCheck> {
    let list = arm.list(Operation::IndexedAccountsList, &format!("/subscriptions/{subscription}")).await;
    let account = |document: &Document| {
        let id = AccountId::parse(&document.scope).ok();
        let id = id.filter(|id| id.subscription_id.eq_ignore_ascii_case(subscription));
        id.ok_or_else(|| document.unexpected("/id"))
    };
    let indexed = list.and_then(|list| list.documents()?.into_iter().map(account).collect::<Result<Vec<_>, _>>());
    let indexed: BTreeMap<String, AccountId> = match indexed {
        Ok(ids) => ids.into_iter().map(|id| (id.key(), id)).collect(),
        Err(why) => return Read::Unavailable(why),
    };
    let listed: BTreeSet<String> = found.iter().map(|(id, _)| id.key()).collect();
    let only_listed = found.iter().filter(|(id, _)| !indexed.contains_key(&id.key())).map(|(id, _)| id.id.clone());
    let mut check = CrossCheck { only_listed: only_listed.collect(), ..CrossCheck::default() };
    check.only_listed.sort();
    for id in indexed.into_iter().filter(|(key, _)| !listed.contains(key)).map(|(_, id)| id) {
        check.not_listed.push(id.id.clone());
        found.push((id, None));
    }
    Read::Known(check)
}
