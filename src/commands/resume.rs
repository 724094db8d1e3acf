//! Whether an interrupted journal and the scan that resumes it are about the same thing.

use std::collections::BTreeSet;

use super::failure::Failure;
use super::live::words;
use crate::collect::scope::Ask;
use crate::snapshot::journal::Header;
use crate::snapshot::{AccountId, Cloud, Principal};
use crate::term::sanitise;

const HELP: &str = "Resume with the flags of the interrupted scan, or start a new snapshot with --save-snapshot.";

/// What to ask for: what the journal is about, which the flags may repeat and not change.
///
/// # Errors
/// A usage error that names the difference.
pub(super) fn ask(header: &Header, given: Option<Ask>, cloud: Cloud) -> Result<Ask, Failure> {
    if header.cloud != cloud {
        return Err(differs("cloud", header.cloud.as_str(), cloud.as_str()));
    }
    let Some(given) = given else { return Ok(of(header)) };
    let lower = |words: &[String]| words.iter().map(|word| word.to_ascii_lowercase()).collect::<BTreeSet<_>>();
    let words = words(&given);
    if lower(&words) == lower(&header.scopes) {
        Ok(given)
    } else {
        Err(differs("scope", &header.scopes.join(", "), &words.join(", ")))
    }
}

/// The journal's own scope.
fn of(header: &Header) -> Ask {
    let named: Vec<AccountId> =
        header.subscriptions.iter().flat_map(|scope| scope.accounts.iter().flatten()).cloned().collect();
    if !named.is_empty() {
        Ask::Accounts(named)
    } else if header.scopes == words(&Ask::All) {
        Ask::All
    } else {
        Ask::Subscriptions(header.subscriptions.iter().map(|scope| scope.id.clone()).collect())
    }
}

/// Whether the caller is in the tenant of the journal.
///
/// # Errors
/// A usage error that names both.
pub(super) fn same_tenant(header: &Header, now: &Principal) -> Result<(), Failure> {
    match (&header.principal.tenant_id, &now.tenant_id) {
        (Some(then), Some(now)) if !then.eq_ignore_ascii_case(now) => Err(differs("tenant", then, now)),
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

fn differs(what: &str, then: &str, now: &str) -> Failure {
    let text = format!("--resume: the {what} of the snapshot is {then}, that of this scan is {now}");
    Failure::usage(sanitise(&text).into_owned(), HELP)
}
