//! A02: the approval covers some accounts of a subscription and not this one.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context, abuse_monitoring};
use crate::snapshot::{AccountFacts, Citation, ContentLogging, Listing};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether abuse-monitoring storage is on in this account while it is off in another account of the same
    /// subscription. Accounts whose kind hosts no models and that have no deployments do not count.
    ///
    /// | this account | the other accounts | outcome |
    /// |---|---|---|
    /// | off | any | pass |
    /// | on | one is off | fail |
    /// | on | all are on | pass (not mixed; `abuse-monitoring-storage-on` fails) |
    /// | on | none is known to be off, one could not be judged or they were not listed | unknown |
    ///
    /// ## Why it matters
    ///
    /// A team that knows "our subscription is approved" deploys into the next account and assumes the approval came
    /// along. What Microsoft writes about the scope is contradictory: the data-privacy page says to verify in the
    /// "approved Azure subscription" (2026-03-19), a moderator says approval is "per Azure OpenAI resource"
    /// (2026-03-24).
    ///
    /// ## How to fix
    ///
    /// Ask Microsoft to extend the approval to the account named in the result, or move its deployments to an account
    /// that has it.
    ///
    /// **az CLI**: check every account of the subscription.
    ///
    /// ```sh
    /// az cognitiveservices account list --subscription ID --query "[].id" \
    ///   --output tsv | xargs -n1 az cognitiveservices account show --query \
    ///   "{name:name,off:properties.capabilities[?name=='ContentLogging'].value}" \
    ///   --ids
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the capability is read-only: Microsoft sets it with the approval.
    ///
    /// **Portal**: each account, *Overview*, *JSON view*, to compare.
    ///
    /// ## What it cannot see
    ///
    /// The approval itself, accounts of other subscriptions, and whether new accounts inherit an approval (not
    /// documented).
    ///
    /// ## Sources
    ///
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Question 5834904](https://learn.microsoft.com/answers/questions/5834904), 2026-03-24, a moderator's answer
    id: "approval-mixed-in-subscription",
    title: "Approval covers only part of the subscription",
    axis: Approved,
    severity: Medium,
    since: "0.1.0",
    controls: ["A02"],
    needs: [AccountsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.11.11", "GDPR Art. 24, 28", "SOC 2 CC2.1", "NIST SP 800-53 Rev. 5 CM-8"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let own = match abuse_monitoring::state(context.cloud, context.facts)? {
        ContentLogging::Off(entry) => {
            return Ok(Verdict::pass("abuse-monitoring storage is off in this account", entry, []));
        }
        ContentLogging::Undocumented(entry) => return Err(abuse_monitoring::undocumented(entry)),
        ContentLogging::Absent(list) => list,
    };
    let siblings = context.subscription.accounts.iter().filter(|other| other.id.key() != context.facts.id.key());
    let mut on = Vec::new();
    let mut unread: Option<Unknown> = None;
    for sibling in siblings {
        match sibling_state(context, sibling) {
            Ok(Some(ContentLogging::Off(entry))) => return Ok(mixed(context, sibling, vec![own, entry])),
            Ok(Some(ContentLogging::Absent(list))) => on.push(list),
            Ok(Some(ContentLogging::Undocumented(entry))) => unread = Some(abuse_monitoring::undocumented(entry)),
            Ok(None) => {}
            Err(why) => unread = Some(why),
        }
    }
    unread.map_or(Ok(()), Err)?;
    all_listed(context, &own)?;
    let count = on.len() + 1;
    let message = format!("not mixed: storage is on in every account of the subscription that hosts models ({count})");
    Ok(Verdict::pass(message, own, on))
}

/// The state of another account; `None` when it serves no models.
fn sibling_state(context: &Context<'_>, sibling: &AccountFacts) -> Result<Option<ContentLogging>, Unknown> {
    if !(Context { facts: sibling, ..*context }).hosts_models()? {
        return Ok(None);
    }
    abuse_monitoring::state(context.cloud, sibling).map(Some)
}

/// The comparison is complete only when the subscription was listed and every row was an account.
fn all_listed(context: &Context<'_>, own: &Citation) -> Result<(), Unknown> {
    match context.subscription.listing.get()? {
        Listing::Listed { unreadable } if context.subscription.selection.excluded.is_empty() => {
            unreadable.first().map_or(Ok(()), |why| Err(why.clone().into()))
        }
        Listing::Listed { .. } | Listing::Named => {
            let message = "the other accounts of the subscription were not read in this run";
            let cause = UnknownCause::Unread(context.facts.account()?.0.not_collected());
            Err(Unknown::because(cause, message, vec![own.clone()]))
        }
    }
}

fn mixed(context: &Context<'_>, sibling: &AccountFacts, evidence: Vec<Citation>) -> Verdict {
    let message =
        format!("abuse-monitoring storage is on here but off in account {} of the same subscription", sibling.id.name);
    let fix = format!(
        "Ask Microsoft to extend the approval to this account, then check with: az cognitiveservices account show {} \
         --query \"properties.capabilities[?name=='ContentLogging']\"",
        context.az_account()
    );
    Verdict::fail(message, evidence, fix)
}
