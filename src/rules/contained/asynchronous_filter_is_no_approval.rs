//! A08, D11: filtering later is not the same as not storing.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, cite_known};
use crate::snapshot::{Operation, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether a guardrail policy of the account filters asynchronously (`mode` is `Asynchronous_filter` or its older
    /// name `Deferred`).
    ///
    /// ## Why it matters
    ///
    /// There are two different applications: for modified guardrails (content filters) and for modified abuse
    /// monitoring. Only the second turns the storage off, and only `ContentLogging` shows it. An asynchronous filter
    /// shows tokens before they are judged; no page says that it changes what is kept. This is advice and changes no
    /// axis.
    ///
    /// ## How to fix
    ///
    /// Nothing has to be fixed for retention. Make sure that nobody counts the filter's approval as an approval of zero
    /// retention; what has to be `false` is `ContentLogging`.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account show --name NAME --resource-group GROUP \
    ///   --query "properties.capabilities[?name=='ContentLogging']"
    /// ```
    ///
    /// **Bicep**: the mode of the policy is `properties.mode` of `Microsoft.CognitiveServices/accounts/raiPolicies`;
    /// `'Default'` judges before tokens are shown.
    ///
    /// **Terraform**: `mode = "Default"` of `azurerm_cognitive_account_rai_policy`.
    ///
    /// **Portal**: Foundry, *Guardrails + controls*, the policy, *Streaming mode*.
    ///
    /// ## What it cannot see
    ///
    /// Whether a deployment uses the policy, and which application somebody sent.
    ///
    /// ## Sources
    ///
    /// - [Limited access to Azure OpenAI](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/limited-access), 2026-03-19
    /// - [Microsoft.CognitiveServices accounts/raiPolicies](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/raipolicies), api-version 2026-09-01
    id: "asynchronous-filter-is-no-approval",
    title: "Asynchronous content filter is not an approval of zero retention",
    axis: Contained,
    severity: Info,
    since: "0.1.0",
    controls: ["A08", "D11"],
    needs: [RaiPoliciesList],
    frameworks: ["ISO/IEC 27018:2019 A.11.11", "GDPR Art. 24", "SOC 2 CC2.1", "NIST SP 800-53 Rev. 5 PL-2"],
    check: Account(check),
}

const POINTER: &str = "/properties/mode";

fn check(context: &Context<'_>) -> CheckResult {
    let policies = context.facts.list(Operation::RaiPoliciesList)?;
    for policy in policies.documents()? {
        let is = |mode: &str| ["Asynchronous_filter", "Deferred"].iter().any(|late| late.eq_ignore_ascii_case(mode));
        if policy.string(POINTER)?.is_some_and(is) {
            return Ok(Verdict::fail(
                format!(
                    "guardrail policy {} filters late; that has no bearing on what is stored",
                    last_segment(&policy.scope)
                ),
                vec![policy.cite(POINTER)],
                format!(
                    "Rely on ContentLogging alone: az cognitiveservices account show {} --query \
                     \"properties.capabilities[?name=='ContentLogging']\"",
                    context.az_account()
                ),
            ));
        }
    }
    Ok(Verdict::pass("no guardrail policy filters asynchronously", cite_known(policies)?, []))
}
