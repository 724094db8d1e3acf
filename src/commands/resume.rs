//! Whether an interrupted journal and the scan that resumes it are about the same thing.

use std::collections::BTreeSet;

use super::failure::Failure;
use super::live::{part_words, scope_words};
use crate::collect::scope::Ask;
use crate::snapshot::journal::Header;
use crate::snapshot::{AccountId, Asked, Cloud, Principal};
use crate::term::sanitise;

const HELP: &str = "Resume with the flags of the interrupted scan, or start a new snapshot with --save-snapshot.";

/// What to ask for: what the journal is about, which the flags may repeat and not change.
///
/// # Errors
/// A usage error that names the difference.
pub(super) fn ask(header: &Header, given: Option<Ask>, asked: &Asked, cloud: Cloud) -> Result<(Ask, Asked), Failure> {
    let then = &header.reach.asked;
    if header.cloud != cloud {
        return Err(differs("cloud", header.cloud.as_str(), cloud.as_str()));
    }
    let parts = part_words(then);
    let scope: Vec<String> = header.scopes.iter().filter(|word| !parts.contains(word)).cloned().collect();
    let ask = match given {
        None => of(header, &scope),
        Some(given) => {
            same("scope", &scope, &scope_words(&given))?;
            given
        }
    };
    let own = part_words(asked);
    if !own.is_empty() {
        same("part of the scope", &parts, &own)?;
    }
    if asked.cross_check && !then.cross_check {
        return Err(differs("cross-check", "off", "on"));
    }
    if asked.data_plane && !then.data_plane {
        return Err(differs("--data-plane", "off", "on"));
    }
    Ok((ask, then.clone()))
}

/// Words have no case here, and no order.
fn same(what: &str, then: &[String], now: &[String]) -> Result<(), Failure> {
    let lower = |words: &[String]| words.iter().map(|word| word.to_ascii_lowercase()).collect::<BTreeSet<_>>();
    if lower(then) == lower(now) { Ok(()) } else { Err(differs(what, &then.join(", "), &now.join(", "))) }
}

/// The journal's own scope.
fn of(header: &Header, scope: &[String]) -> Ask {
    let named: Vec<AccountId> =
        header.subscriptions.iter().flat_map(|scope| scope.accounts.iter().flatten()).cloned().collect();
    let groups = &header.reach.asked.management_groups;
    if !named.is_empty() {
        Ask::Accounts(named)
    } else if !groups.is_empty() {
        Ask::ManagementGroups(groups.clone())
    } else if scope == scope_words(&Ask::All) {
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
