//! C23: an AI services account is more than models.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account is of a kind that also serves speech, language, document and content understanding. Advice
    /// only. Not applicable to accounts of kind `OpenAI`.
    ///
    /// ## Why it matters
    ///
    /// One endpoint and one key open all services of an `AIServices` account. Batch transcription, document analysis
    /// and content understanding keep results for periods of their own; `ContentLogging` and the rules about models say
    /// nothing about them.
    ///
    /// ## How to fix
    ///
    /// Serve models from an account of kind `OpenAI`, or attest which other services are used and how their results are
    /// deleted.
    ///
    /// **az CLI**: see which services are used.
    ///
    /// ```sh
    /// az monitor metrics list --resource ACCOUNT-ID --metrics TotalCalls \
    ///   --dimension ApiName
    /// ```
    ///
    /// **Bicep**: `kind: 'OpenAI'` of a new `Microsoft.CognitiveServices/accounts`.
    ///
    /// **Terraform**: `kind = "OpenAI"` of `azurerm_cognitive_account`; the change forces a new account.
    ///
    /// **Portal**: the account, *Monitoring*, *Metrics*, *Total Calls*, *Apply splitting* by *ApiName*.
    ///
    /// ## What it cannot see
    ///
    /// Which services are used.
    ///
    /// ## Sources
    ///
    /// - [Customer-managed keys: coverage](https://learn.microsoft.com/azure/foundry/concepts/customer-managed-keys), 2026-08-24
    /// - [Bring your own storage](https://learn.microsoft.com/azure/foundry/how-to/bring-your-own-azure-storage-foundry), 2026-08-18
    id: "other-services-keep-content",
    title: "Other services of the account have retention of their own",
    axis: Stateless,
    severity: Info,
    since: "0.1.0",
    controls: ["C23"],
    needs: [AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 17",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let kind = account.kind()?;
    if kind.eq_ignore_ascii_case("OpenAI") {
        return Ok(Verdict::not_applicable("an account of kind OpenAI serves models only"));
    }
    Ok(Verdict::manual(
        format!("an account of kind {kind} also serves speech, language and documents, with retention of their own"),
        vec![account.0.cite("/kind")],
        "Attest which other services are used; see it in the portal (the account, Metrics, Total Calls by API name)",
    ))
}
