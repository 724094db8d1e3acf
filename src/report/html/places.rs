//! Names of places on the page and, where the id is beyond doubt, links to them in the portal.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::mark;
use maud::{Markup, html};

use crate::assessment::{AccountAssessment, Assessment, Clock};
use crate::outcome::{Axis, Outcome, Severity};
use crate::report::calendar;
use crate::report::table::names::Names;

/// Accounts in the order of the page, and names of everything.
pub(super) struct Places<'a> {
    names: Names<'a>,
    portal: bool,
    ranks: HashMap<String, usize>,
    /// Worst first: verdict, then the most severe failure, then the number of failures, then the name.
    pub(super) accounts: Vec<&'a AccountAssessment>,
    /// Per account id in lower case: results that a person must look at.
    open: HashMap<String, usize>,
}

impl<'a> Places<'a> {
    pub(super) fn new(assessment: &'a Assessment) -> Self {
        let mut failures: HashMap<String, (Option<Severity>, usize)> = HashMap::new();
        let mut open: HashMap<String, usize> = HashMap::new();
        for result in assessment.results.open() {
            let account = result.account_id.to_ascii_lowercase();
            if result.outcome == Outcome::Fail {
                let (worst, number) = failures.entry(account.clone()).or_default();
                *worst = (*worst).max(Some(result.severity));
                *number += 1;
            }
            if is_open(result.outcome) {
                *open.entry(account).or_default() += 1;
            }
        }
        let mut accounts: Vec<&AccountAssessment> = assessment.accounts.iter().collect();
        accounts.sort_by_cached_key(|account| {
            let weight = failures.get(&account.id.to_ascii_lowercase()).copied().unwrap_or_default();
            (account.verdict, Reverse(weight), account.name.to_lowercase(), account.id.clone())
        });
        let ranks = accounts.iter().enumerate().map(|(rank, own)| (own.id.to_ascii_lowercase(), rank)).collect();
        let tenant = assessment.run.principal.tenant_id.as_deref();
        Self { names: Names::new(assessment), portal: tenant.is_none_or(is_guid), ranks, accounts, open }
    }

    /// Number of an account on this page; none for an id that is no account of it.
    pub(super) fn rank(&self, account_id: &str) -> Option<usize> {
        self.ranks.get(&account_id.to_ascii_lowercase()).copied()
    }

    /// Results of an account that a person must look at.
    pub(super) fn open(&self, account: &AccountAssessment) -> usize {
        self.open.get(&account.id.to_ascii_lowercase()).copied().unwrap_or(0)
    }

    /// Name of a subscription.
    pub(super) fn subscription(&self, id: &'a str) -> &str {
        self.names.subscription(id)
    }

    /// Name of an account, told apart from others of the same name.
    pub(super) fn account(&self, account: &AccountAssessment) -> String {
        self.names.account(account)
    }

    /// Name of any resource.
    pub(super) fn resource(&self, id: &str) -> String {
        self.names.resource(id)
    }

    /// Name of the resource a retention clock belongs to.
    pub(super) fn of_clock(&self, clock: &Clock, scope: &str) -> String {
        calendar::place(clock, scope, &self.names)
    }

    /// A name that leads to the portal, when the id is one that cannot lead anywhere else.
    pub(super) fn linked(&self, name: &str, id: &str) -> Markup {
        let url = self.names.link(id).filter(|_| self.portal && is_plain(id));
        html! {
            @if let Some(url) = url { a href=(url) rel="noopener noreferrer" { bdi { (name) } } }
            @else { bdi { (name) } }
        }
    }
}

/// Whether somebody must look at a result of this outcome.
pub(super) fn is_open(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Fail | Outcome::Unknown | Outcome::Manual => true,
        Outcome::Waived | Outcome::Attested | Outcome::Pass | Outcome::NotApplicable => false,
    }
}

/// States of an account in one sentence, for those who do not see the picture.
pub(super) fn spoken(account: &AccountAssessment) -> String {
    let states: Vec<String> =
        Axis::ALL.iter().map(|axis| format!("{} {}", axis.as_str(), mark::plain(account.axis(*axis)))).collect();
    states.join(", ")
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text
            .char_indices()
            .all(|(at, c)| if matches!(at, 8 | 13 | 18 | 23) { c == '-' } else { c.is_ascii_hexdigit() })
}

/// Whether an id is an ARM id of characters that mean nothing in a URL.
fn is_plain(id: &str) -> bool {
    let mut segments = id.split('/').skip(1);
    id.starts_with("/subscriptions/")
        && segments.all(|segment| {
            !matches!(segment, "" | "." | "..")
                && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.()".contains(&byte))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_become_links() {
        assert!(is_plain("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg_(1).x"));
        for id in [
            "",
            "https://evil",
            "/subscriptions/a/../b",
            "/subscriptions//b",
            "/subscriptions/a?b",
            "/subscriptions/a#b",
        ] {
            assert!(!is_plain(id), "{id}");
        }
        assert!(is_guid("11111111-1111-4111-8111-111111111111"));
        assert!(!is_guid("11111111-1111-4111-8111-11111111111/") && !is_guid("x"));
    }
}
