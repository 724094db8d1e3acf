//! Facts kept small. An estate of ten thousand accounts is gigabytes as JSON in memory, of which one subscription is looked at
//! at a time: what waits to be judged waits compressed.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::journal::{DEEPEST_RECORD, depth};
use super::{AccountFacts, AccountId, Cause, Document, Leads, Snapshot, Subscription};

/// Zstandard's own default.
const LEVEL: i32 = 3;

/// A value, as compressed JSON.
#[derive(Debug, Clone)]
pub struct Packed<T>(Kept<T>);

#[derive(Debug, Clone)]
enum Kept<T> {
    Small {
        frame: Box<[u8]>,
        /// Length of the JSON, in bytes.
        length: usize,
    },
    /// What JSON readers would not read back.
    Whole(Arc<T>),
}

impl<T: Serialize + DeserializeOwned + Clone> Packed<T> {
    /// Packs a value. One that cannot be made smaller stays as it is.
    pub fn new(value: T) -> Self {
        let small = serde_json::to_vec(&value).ok().filter(|json| depth(json) <= DEEPEST_RECORD).and_then(|json| {
            let frame = zstd::bulk::compress(&json, LEVEL).ok()?.into_boxed_slice();
            Some(Kept::Small { frame, length: json.len() })
        });
        Self(small.unwrap_or_else(|| Kept::Whole(Arc::new(value))))
    }

    /// The value; `None` when memory does not hold what was put into it.
    pub fn open(&self) -> Option<T> {
        match &self.0 {
            Kept::Small { frame, length } => serde_json::from_slice(&zstd::bulk::decompress(frame, *length).ok()?).ok(),
            Kept::Whole(value) => Some(T::clone(value)),
        }
    }
}

/// All facts about one account, packed.
#[derive(Debug, Clone)]
pub struct PackedAccount {
    /// The account.
    pub id: AccountId,
    /// It is not there, whoever said that it is.
    pub gone: bool,
    row: Option<Packed<Document>>,
    facts: Packed<AccountFacts>,
}

impl PackedAccount {
    /// Packs the facts of an account.
    pub fn new(mut facts: AccountFacts) -> Self {
        let row = facts.listed.take().map(Packed::new);
        Self {
            id: facts.id.clone(),
            gone: facts.account.unavailable().is_some_and(|why| why.cause == Cause::NotFound),
            row,
            facts: Packed::new(facts),
        }
    }

    /// The same account with another row of the account list.
    #[must_use]
    pub fn listed(self, row: Option<Packed<Document>>) -> Self {
        Self { row, ..self }
    }

    /// The facts. What memory lost is a fact that was not collected.
    pub fn open(&self) -> AccountFacts {
        let facts = self
            .facts
            .open()
            .unwrap_or_else(|| AccountFacts::not_reached(self.id.clone(), jiff::Timestamp::UNIX_EPOCH));
        AccountFacts { listed: self.row.as_ref().and_then(Packed::open), ..facts }
    }
}

impl PartialEq for PackedAccount {
    fn eq(&self, other: &Self) -> bool {
        self.open() == other.open()
    }
}

/// A subscription whose accounts are packed.
#[derive(Debug, Clone)]
pub struct PackedSubscription {
    /// Everything but the accounts.
    pub light: Subscription,
    /// The accounts, sorted by id.
    pub accounts: Vec<PackedAccount>,
}

impl PackedSubscription {
    /// The subscription with its accounts.
    pub fn open(&self) -> Subscription {
        let accounts = self.accounts.iter().map(PackedAccount::open).collect();
        Subscription { accounts, ..self.light.clone() }
    }

    /// What its facts lead to outside of it.
    pub fn leads(&self) -> Leads {
        let mut all = Leads::default();
        self.accounts.iter().for_each(|account| all.add(&account.open()));
        all
    }
}

impl From<Subscription> for PackedSubscription {
    fn from(mut light: Subscription) -> Self {
        let accounts = std::mem::take(&mut light.accounts).into_iter().map(PackedAccount::new).collect();
        Self { light, accounts }
    }
}

/// A snapshot whose accounts are packed.
#[derive(Debug, Clone)]
pub struct PackedSnapshot {
    /// Everything but the subscriptions.
    pub frame: Snapshot,
    /// One entry per subscription in scope, sorted by id.
    pub subscriptions: Vec<PackedSubscription>,
}

impl PackedSnapshot {
    /// The snapshot, with everything in it.
    pub fn open(self) -> Snapshot {
        Snapshot { subscriptions: self.subscriptions.iter().map(PackedSubscription::open).collect(), ..self.frame }
    }
}

impl From<Snapshot> for PackedSnapshot {
    fn from(mut frame: Snapshot) -> Self {
        let subscriptions =
            std::mem::take(&mut frame.subscriptions).into_iter().map(PackedSubscription::from).collect();
        Self { frame, subscriptions }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Packed;

    #[test]
    fn what_is_packed_comes_out_however_deep_it_is() {
        let deep = |levels: usize| (0..levels).fold(json!({ "a": 1.5 }), |inner, _| json!([inner]));
        for value in [deep(3), deep(119), deep(500), json!({ "big": u64::MAX, "text": "\u{1f600}\u{0}" })] {
            assert_eq!(Packed::<Value>::new(value.clone()).open(), Some(value));
        }
    }
}
