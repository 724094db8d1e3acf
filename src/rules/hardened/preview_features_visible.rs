//! A06: the portal offers preview features unless a tag hides them.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, shell_word};

declare_rule! {
    /// ## What it checks
    ///
    /// For Foundry accounts: whether the tag `AZML_DISABLE_PREVIEW_FEATURE` of the account is `true`. The tag may also
    /// be on the resource group or the subscription, which this rule does not read; a person can say so. Advice only.
    /// Not applicable to accounts of kind `OpenAI`.
    ///
    /// ## Why it matters
    ///
    /// Preview features come with other privacy terms and often with new stores. The tag hides them in the portal; it
    /// blocks no API. For that, a custom role needs `notDataActions`.
    ///
    /// ## How to fix
    ///
    /// Set the tag, on the account or above it.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az tag update --resource-id ACCOUNT-ID --operation merge \
    ///   --tags AZML_DISABLE_PREVIEW_FEATURE=true
    /// ```
    ///
    /// **Bicep**: `tags: { AZML_DISABLE_PREVIEW_FEATURE: 'true' }` of `Microsoft.CognitiveServices/accounts`.
    ///
    /// **Terraform**: `tags = { AZML_DISABLE_PREVIEW_FEATURE = "true" }` of `azurerm_cognitive_account`.
    ///
    /// **Portal**: the account, *Tags*.
    ///
    /// ## What it cannot see
    ///
    /// Tags of resource group and subscription, roles, and preview features that are already in use.
    ///
    /// ## Sources
    ///
    /// - [Disable preview features](https://learn.microsoft.com/azure/foundry/how-to/disable-preview-features), 2026-06-19
    id: "preview-features-visible",
    title: "Portal offers preview features",
    axis: Hardened,
    severity: Info,
    since: "0.1.0",
    controls: ["A06"],
    needs: [AccountsGet],
    frameworks: ["ISO/IEC 27001:2022 A.8.9", "SOC 2 CC8.1", "NIST SP 800-53 Rev. 5 CM-7"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    const TAG: &str = "AZML_DISABLE_PREVIEW_FEATURE";
    let account = context.facts.account()?;
    if account.kind()?.eq_ignore_ascii_case("OpenAI") {
        return Ok(Verdict::not_applicable("the tag is about the Foundry portal"));
    }
    let value = account.tag(TAG)?;
    let cited = account.0.cite_as("/tags", serde_json::json!({ TAG: value }));
    if value == Some("true") {
        return Ok(Verdict::pass("a tag of the account hides preview features in the portal", cited, []));
    }
    Ok(Verdict::manual(
        format!("no tag {TAG}=true on the account; the resource group or the subscription may have it"),
        vec![cited],
        format!(
            "Look there, or: az tag update --resource-id {} --operation merge --tags {TAG}=true",
            shell_word(&context.facts.id.id)
        ),
    ))
}
