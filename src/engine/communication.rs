//! Rules about Communication Services: one result per resource, and one per subscription that has none or cannot say.
//!
//! A run that was not asked to include them has no results at all. The policy is that of the top of the file.

use super::{SWITCHED_OFF, Settings, guarded, to_result};
use crate::assessment::RuleResult;
use crate::outcome::{Severity, Unknown, Verdict};
use crate::rules::{Check, CheckResult, Communication, RULES, Rule};
use crate::snapshot::{CommunicationService, Include, Listing, Read, Snapshot, Subscription};

const NONE: &str = "the subscription has no Communication Services resource";

/// What all such rules say about one subscription.
pub(super) fn results(snapshot: &Snapshot, subscription: &Subscription, settings: &Settings) -> Vec<RuleResult> {
    let included = snapshot.reach.asked.include.contains(&Include::Communication);
    if !included || matches!(subscription.listing, Read::Known(Listing::Named)) {
        return Vec::new();
    }
    RULES.iter().flat_map(|rule| of_rule(rule, subscription, settings)).collect()
}

fn of_rule(rule: &'static Rule, subscription: &Subscription, settings: &Settings) -> Vec<RuleResult> {
    let Check::Communication(check) = rule.check else { return Vec::new() };
    let setting = settings.overlays.rules.get(rule.id);
    let whole = format!("/subscriptions/{}", subscription.id);
    let outcomes = if setting.is_some_and(|setting| !setting.enabled) {
        vec![(whole.clone(), Ok(Verdict::not_applicable(SWITCHED_OFF)))]
    } else {
        outcomes(check, subscription, settings, &whole)
    };
    let severity: Option<Severity> = setting.and_then(|setting| setting.severity);
    let result = |(resource, outcome): (String, CheckResult)| {
        let mut result = to_result(rule, &whole, &resource, outcome);
        result.severity = severity.unwrap_or(result.severity);
        result
    };
    outcomes.into_iter().map(result).collect()
}

fn outcomes(
    check: fn(&Communication<'_>) -> CheckResult,
    subscription: &Subscription,
    settings: &Settings,
    whole: &str,
) -> Vec<(String, CheckResult)> {
    let list = match subscription.communication_services() {
        Ok(list) => list,
        Err(why) if why.no_provider().is_some() => return vec![(whole.to_owned(), Ok(Verdict::not_applicable(NONE)))],
        Err(why) => return vec![(whole.to_owned(), Err(why.into()))],
    };
    if list.rows.is_empty() {
        return vec![(whole.to_owned(), Ok(Verdict::not_applicable(NONE)))];
    }
    let one = |row: &Read<_>| {
        let service = match row {
            Read::Known(document) => CommunicationService::new(subscription, document),
            Read::Unavailable(why) => Err(why.clone()),
        };
        match service {
            Ok(service) => {
                let context = Communication { policy: &settings.policy, service };
                (service.id().to_owned(), guarded(|| check(&context)))
            }
            Err(why) => (why.scope.clone(), Err(Unknown::from(why))),
        }
    };
    list.rows.iter().map(one).collect()
}
