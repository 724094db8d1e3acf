//! Which reads are refused where, and which could not be tried.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::{cause, is_unregistered};
use crate::azure::operations::row;
use crate::collect::probe::Looked;
use crate::snapshot::{Operation, Unavailable};

/// One line per read that was refused or failed, with the subscriptions it happened in.
pub(super) fn lacking(looked: &Looked) -> Vec<String> {
    let mut places: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for own in &looked.probed {
        for why in own.denied.iter().chain(&own.failed).filter(|why| !is_unregistered(why)) {
            places.entry(line(why)).or_default().insert(own.name.as_deref().unwrap_or(&own.id));
        }
    }
    let everywhere = looked.probed.len();
    let shown = |(what, names): (String, BTreeSet<&str>)| match names.len() {
        count if count == everywhere && count > 1 => format!("{what}, everywhere"),
        _ => format!("{what}, in {}", names.into_iter().collect::<Vec<_>>().join(", ")),
    };
    places.into_iter().map(shown).collect()
}

fn line(why: &Unavailable) -> String {
    let purpose = row(why.operation).purpose;
    format!("{} ({})", cause(why), first_word_lower(purpose.trim_end_matches('.')))
}

fn first_word_lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Actions that no read of this run needed: there was nothing to try them on.
pub(super) fn untried(looked: &Looked) -> BTreeSet<&'static str> {
    let mut tried: BTreeSet<Operation> = BTreeSet::from([Operation::SubscriptionsList]);
    for own in &looked.probed {
        tried.extend(&own.answered);
        tried.extend(own.denied.iter().chain(&own.failed).map(|why| why.operation));
    }
    let actions: BTreeSet<&str> = tried.into_iter().map(|operation| row(operation).action).collect();
    let plain =
        Operation::ALL.into_iter().filter(|operation| operation.include().is_none() && !operation.is_data_plane());
    let all = plain.map(|operation| row(operation).action);
    all.filter(|action| !actions.contains(action)).collect()
}
