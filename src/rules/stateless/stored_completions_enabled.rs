//! C03: stored completions have an account switch that ARM shows.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// `properties.storedCompletionsDisabled` of the account. One result per account.
    ///
    /// | value | outcome |
    /// |---|---|
    /// | `true` | pass |
    /// | `false` | fail |
    /// | absent | fail: the server's default is not documented, and nothing says they are disabled |
    /// | absent, and an api-version before 2025-09-01 answered | unknown |
    ///
    /// ## Why it matters
    ///
    /// A caller that sends `store: true` to the chat completions API makes the service keep prompt and completion, up
    /// to 10 GB per account. Microsoft announced (2026-07-06) that the API and its portal page stop on 2026-10-15. What
    /// the service does with `store: true` since then is not documented, and nothing says that the switch has gone, so
    /// it is still worth setting.
    ///
    /// ## How to fix
    ///
    /// Disable them. Then delete what is already stored, where the API still answers (`GET` and `DELETE
    /// /openai/v1/chat/completions`); what it no longer shows goes 30 days after it was stored.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" \
    ///   --body '{"properties":{"storedCompletionsDisabled":true}}'
    /// ```
    ///
    /// **Bicep**, with api-version 2025-09-01 or later:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   properties: { storedCompletionsDisabled: true }
    /// }
    /// ```
    ///
    /// **Terraform**: the azurerm provider has no argument for it, azapi has:
    ///
    /// ```hcl
    /// resource "azapi_update_resource" "account" {
    ///   type        = "Microsoft.CognitiveServices/accounts@2026-07-01"
    ///   resource_id = azurerm_cognitive_account.this.id
    ///   body        = { properties = { storedCompletionsDisabled = true } }
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Stored completions*, for Azure OpenAI accounts; for Foundry accounts the page asks for
    /// a support case.
    ///
    /// ## What it cannot see
    ///
    /// Completions stored before. The pages contradict each other, the specification and themselves: one gives no time
    /// limit (2025-12-06), the other "a rolling 30-day retention window" (2026-07-06); for Foundry accounts a support
    /// case is asked for although the property can be written; one page says both that the API deletes and that
    /// deletion needs a case.
    ///
    /// ## Sources
    ///
    /// - [Stored completions](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/stored-completions), 2025-12-06
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2025-09-01 and later
    /// - [Retirement of stored completions](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/stored-completions-retirement), 2026-07-06
    id: "stored-completions-enabled",
    title: "Stored completions are not disabled",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C03"],
    needs: [AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 25",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let cited = account.0.cite("/properties/storedCompletionsDisabled");
    let message = match account.stored_completions_disabled()? {
        Some(true) => return Ok(Verdict::pass("stored completions are disabled on the account", cited, [])),
        Some(false) => "stored completions are enabled: callers can make the service keep prompts and completions",
        None => "stored completions are not disabled; what the service does without the property is not documented",
    };
    let fix = context.az_patch(r#"{"properties":{"storedCompletionsDisabled":true}}"#);
    Ok(Verdict::fail(message, vec![cited], format!("Disable them: {fix}")))
}
