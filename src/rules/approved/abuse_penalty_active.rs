//! A04: a penalty shows that abuse monitoring acted on the account.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.abusePenalty` of the account is set. It is read-only and says `Throttle` or `Block`.
    ///
    /// ## Why it matters
    ///
    /// The service sets a penalty when it found severe or recurring abuse. It shows that automated review runs,
    /// approval or not, and it is the situation in which Microsoft can ask a customer to turn human review, and with it
    /// storage, back on.
    ///
    /// ## How to fix
    ///
    /// Read the abuse notice that went to the registered contact and answer it; then watch that `ContentLogging` stays
    /// `false`.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account show --name NAME --resource-group GROUP \
    ///   --query properties.abusePenalty
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the penalty is read-only: the service sets and ends it.
    ///
    /// **Portal**: the account, *Overview*, *JSON view*, to look at it; a support request to contest it.
    ///
    /// ## What it cannot see
    ///
    /// What caused it, and penalties that ended. That the property follows abuse monitoring is our reading of its name
    /// and schema.
    ///
    /// ## Sources
    ///
    /// - [Abuse monitoring](https://learn.microsoft.com/azure/foundry/openai/concepts/abuse-monitoring), 2026-05-13
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    id: "abuse-penalty-active",
    title: "Abuse monitoring has put a penalty on the account",
    axis: Approved,
    severity: Medium,
    since: "0.1.0",
    controls: ["A04"],
    needs: [AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.11.11", "GDPR Art. 5(1)(c), 28", "SOC 2 C1.2", "NIST SP 800-53 Rev. 5 SI-12"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let cited = account.0.cite("/properties/abusePenalty");
    let Some(action) = account.abuse_penalty()? else {
        return Ok(Verdict::pass("no abuse penalty is set on the account", cited, []));
    };
    let action = if action.is_empty() { "a penalty" } else { action };
    Ok(Verdict::fail(
        format!("abuse monitoring acted on the account ({action}); Microsoft can ask for human review of its prompts"),
        vec![cited],
        format!(
            "Answer the abuse notice, then check with: az cognitiveservices account show {} --query properties.abusePenalty",
            context.az_account()
        ),
    ))
}
