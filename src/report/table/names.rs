//! What things are called in the report: short where that is clear, longer where two accounts share a name.

use std::collections::{HashMap, HashSet};

use crate::assessment::{AccountAssessment, Assessment};
use crate::snapshot::{Cloud, Source};

/// Names of the accounts and subscriptions of one assessment. All of them are remote text, not yet made harmless.
pub(in crate::report) struct Names<'a> {
    accounts: HashMap<String, &'a AccountAssessment>,
    repeated: HashSet<String>,
    subscriptions: HashMap<String, &'a str>,
    portal: Option<String>,
}

impl<'a> Names<'a> {
    pub(in crate::report) fn new(assessment: &'a Assessment) -> Self {
        let mut seen = HashSet::new();
        let lower = |account: &AccountAssessment| account.name.to_ascii_lowercase();
        Self {
            accounts: assessment.accounts.iter().map(|account| (account.id.to_ascii_lowercase(), account)).collect(),
            repeated: assessment.accounts.iter().map(lower).filter(|name| !seen.insert(name.clone())).collect(),
            subscriptions: (assessment.coverage.subscriptions.iter())
                .filter_map(|own| Some((own.id.to_ascii_lowercase(), own.name.as_deref()?)))
                .collect(),
            portal: portal(assessment),
        }
    }

    /// Name of a subscription, or the start of its GUID.
    pub(in crate::report) fn subscription<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        let start = id.char_indices().nth(8).map_or(id, |(end, _)| &id[..end]);
        self.subscriptions.get(&id.to_ascii_lowercase()).copied().unwrap_or(start)
    }

    /// Name of an account, with group and subscription when another account has the same name.
    pub(in crate::report) fn account(&self, account: &AccountAssessment) -> String {
        if !self.repeated.contains(&account.name.to_ascii_lowercase()) {
            return account.name.clone();
        }
        let subscription = self.subscription(&account.subscription_id);
        format!("{} ({}, {subscription})", account.name, account.resource_group)
    }

    /// Name of any ARM id: `account`, `account/deployment`, `subscription NAME`, or the id itself.
    pub(in crate::report) fn resource(&self, id: &str) -> String {
        let segments: Vec<&str> = id.split('/').collect();
        if let [_, root, subscription] = segments.as_slice()
            && root.eq_ignore_ascii_case("subscriptions")
        {
            return format!("subscription {}", self.subscription(subscription));
        }
        if segments.len() < ACCOUNT_SEGMENTS {
            return id.to_owned();
        }
        let (own, below) = segments.split_at(ACCOUNT_SEGMENTS);
        let mut label = match self.accounts.get(&own.join("/").to_ascii_lowercase()) {
            Some(account) => self.account(account),
            None => own.last().copied().unwrap_or(id).to_owned(),
        };
        for name in below.iter().skip(1).step_by(2) {
            label = format!("{label}/{name}");
        }
        label
    }

    /// Address of a resource in the portal; none when there is no such resource to look at.
    pub(in crate::report) fn link(&self, id: &str) -> Option<String> {
        let portal = self.portal.as_ref()?;
        Some(format!("{portal}{id}"))
    }
}

/// Segments of an account id when split at `/`, the empty one in front included.
pub(in crate::report) const ACCOUNT_SEGMENTS: usize = 9;

fn portal(assessment: &Assessment) -> Option<String> {
    match assessment.run.source {
        Source::Live | Source::Snapshot => {}
        Source::Demo | Source::Plan => return None,
    }
    let host = match assessment.run.cloud {
        Cloud::Public => "portal.azure.com",
        Cloud::UsGov => "portal.azure.us",
        Cloud::China => "portal.azure.cn",
    };
    let tenant = assessment.run.principal.tenant_id.as_ref().map(|tenant| format!("@{tenant}/")).unwrap_or_default();
    Some(format!("https://{host}/#{tenant}resource"))
}
