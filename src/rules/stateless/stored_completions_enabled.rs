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
    /// A caller that sends `store: true` to the chat completions API makes the service keep prompt and completion, up to 10 GB per
    /// account. Azure's pages give no time limit: they stay until somebody deletes them.
    ///
    /// ## How to fix
    ///
    /// ```text
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" --body '{"properties":{"storedCompletionsDisabled":true}}'
    /// ```
    ///
    /// In Bicep: `properties: { storedCompletionsDisabled: true }` (api-version 2025-09-01 or later); in Terraform the same body in
    /// `azapi_update_resource`. Then delete what is already stored: `GET` and `DELETE /openai/v1/chat/completions`.
    ///
    /// ## What it cannot see
    ///
    /// Completions stored before. The page contradicts the specification and itself: for Foundry accounts it asks for a support case
    /// although the property can be written, and it says both that the API deletes and that deletion needs a case.
    ///
    /// ## Sources
    ///
    /// - [Stored completions](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/stored-completions), 2025-12-06
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2025-09-01 and later
    id: "stored-completions-enabled",
    title: "Stored completions are not disabled",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C03"],
    needs: [AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.10.3", "GDPR Art. 5(1)(e), 25", "SOC 2 C1.2", "NIST SP 800-53 SI-12"],
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
