//! F: in a subscription that is ending, content waits for a deletion nobody can hurry.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::CheckResult;
use crate::snapshot::Subscription;

declare_rule! {
    /// ## What it checks
    ///
    /// `state` of the subscription: everything but `Enabled` fails (`Warned`, `PastDue`, `Disabled`, `Deleted`); a
    /// state that is not documented is unknown. The result speaks of the subscription, not of one of its accounts. It
    /// is not judged when accounts are named on the command line.
    ///
    /// ## Why it matters
    ///
    /// When a subscription ends, the customer has 90 days of limited function to take data out, and Microsoft deletes
    /// it within 90 days after that: up to 180 days in which content exists and can hardly be managed.
    ///
    /// ## How to fix
    ///
    /// Delete and purge the accounts while that still works, or enable the subscription again in the portal.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az account show --subscription SUBSCRIPTION --query state
    /// az cognitiveservices account delete --name NAME --resource-group GROUP
    /// az cognitiveservices account purge --name NAME --resource-group GROUP \
    ///   --location LOCATION
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the state of a subscription is no property that a deployment sets.
    ///
    /// **Portal**: *Subscriptions*, the subscription, *Reactivate*.
    ///
    /// ## What it cannot see
    ///
    /// When the state began. That `Warned` and `PastDue` start the clock is our reading.
    ///
    /// ## Sources
    ///
    /// - [Data management at Microsoft](https://www.microsoft.com/trust-center/privacy/data-management), undated page, as known on 2026-11-22
    id: "subscription-not-enabled",
    title: "Subscription is ending, its content waits for deletion",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["F02"],
    needs: [SubscriptionsList, SubscriptionsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 17",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 MP-6",
    ],
    check: Subscription(check),
}

const ENDING: [&str; 4] = ["Warned", "PastDue", "Disabled", "Deleted"];

fn check(subscription: &Subscription) -> CheckResult {
    let record = subscription.record.get()?;
    let state = record.string("/state")?.ok_or_else(|| record.unexpected("/state"))?;
    let cited = record.cite("/state");
    if state.eq_ignore_ascii_case("Enabled") {
        return Ok(Verdict::pass("the subscription is enabled", cited, []));
    }
    if !ENDING.iter().any(|known| known.eq_ignore_ascii_case(state)) {
        let message = format!("the subscription is in state {state}, which Microsoft does not document");
        return Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]));
    }
    let message =
        format!("the subscription is {state}: its content can be left for up to 180 days before Microsoft deletes it");
    let fix = format!(
        "Delete and purge its accounts, or enable it again in the portal: az account show --subscription {} --query state",
        subscription.id
    );
    Ok(Verdict::fail(message, vec![cited], fix))
}
