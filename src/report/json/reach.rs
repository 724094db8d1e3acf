//! How far the run reached, in the JSON report. Added after version 1 began: readers of the first days do not look for it.

use serde::Serialize;

use crate::assessment::ReachCoverage;
use crate::snapshot::Principal;

#[derive(Serialize)]
pub(super) struct JsonPrincipal<'a> {
    tenant_id: Option<&'a str>,
    object_id: Option<&'a str>,
    kind: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct JsonReach<'a> {
    gaps: &'a [String],
    excluded: JsonExcluded<'a>,
    cross_check: Option<JsonCrossCheck<'a>>,
}

#[derive(Serialize)]
struct JsonExcluded<'a> {
    subscriptions: Vec<JsonExcludedSubscription<'a>>,
    accounts: &'a [String],
}

#[derive(Serialize)]
struct JsonExcludedSubscription<'a> {
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonCrossCheck<'a> {
    compared: usize,
    unreadable: usize,
    not_listed: &'a [String],
    not_indexed: &'a [String],
    gone: &'a [String],
}

pub(super) fn reach(reach: &ReachCoverage) -> JsonReach<'_> {
    let subscriptions = reach.excluded_subscriptions.iter();
    JsonReach {
        gaps: &reach.gaps,
        excluded: JsonExcluded {
            subscriptions: subscriptions
                .map(|own| JsonExcludedSubscription { id: &own.id, name: own.name.as_deref() })
                .collect(),
            accounts: &reach.excluded_accounts,
        },
        cross_check: reach.cross_check.as_ref().map(|check| JsonCrossCheck {
            compared: check.compared,
            unreadable: check.unreadable,
            not_listed: &check.differences.not_listed,
            not_indexed: &check.differences.only_listed,
            gone: &check.differences.gone,
        }),
    }
}

pub(super) fn principal(own: &Principal) -> JsonPrincipal<'_> {
    JsonPrincipal {
        tenant_id: own.tenant_id.as_deref(),
        object_id: own.object_id.as_deref(),
        kind: own.kind.as_deref(),
    }
}
