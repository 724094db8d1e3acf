//! D07: Microsoft Purview stores the prompts and responses of the whole subscription.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, defender};

declare_rule! {
    /// ## What it checks
    ///
    /// The extension `AIPromptSharingWithPurview` of the Defender for Cloud plan `AI` of the account's subscription. A
    /// plan in tier `Free` shares nothing.
    ///
    /// ## Why it matters
    ///
    /// Enabling it lets Purview "access, process, and store prompt and response data" with its metadata for the whole
    /// subscription. That is retention under Purview's policies, whatever else is turned off. Microsoft offers it as a
    /// means of compliance; for a claim of zero retention it is one more store, and the largest.
    ///
    /// ## How to fix
    ///
    /// Turn the extension off, and keep the plan.
    ///
    /// **az CLI**: the command sets the whole plan, so it names both extensions.
    ///
    /// ```sh
    /// az security pricing create --name AI --tier Standard \
    ///   --extensions name=AIPromptEvidence isEnabled=False \
    ///   --extensions name=AIPromptSharingWithPurview isEnabled=False
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// targetScope = 'subscription'
    /// resource plan 'Microsoft.Security/pricings@2024-01-01' = {
    ///   name: 'AI'
    ///   properties: { pricingTier: 'Standard'
    ///     extensions: [
    ///       { name: 'AIPromptSharingWithPurview', isEnabled: 'False' } ] }
    /// }
    /// ```
    ///
    /// **Terraform**: an extension that has no block is off.
    ///
    /// ```hcl
    /// resource "azurerm_security_center_subscription_pricing" "ai" {
    ///   resource_type = "AI"
    ///   tier          = "Standard"
    /// }
    /// ```
    ///
    /// **Portal**: Defender for Cloud, *Environment settings*, the subscription, *AI services*, *Settings*, *Enable
    /// data security for AI interactions*, *Off*.
    ///
    /// ## What it cannot see
    ///
    /// What Purview has stored before, and its retention policies: there is no API to extract either.
    ///
    /// ## Sources
    ///
    /// - [Manage compliance and security in Foundry](https://learn.microsoft.com/azure/foundry/control-plane/how-to-manage-compliance-security), 2026-05-15
    /// - [Microsoft.Security pricings](https://learn.microsoft.com/azure/templates/microsoft.security/pricings), api-version 2024-01-01
    id: "purview-prompt-sharing",
    title: "Purview stores prompts and responses",
    axis: Contained,
    severity: High,
    since: "0.1.0",
    controls: ["D07"],
    needs: [DefenderPlanGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(c), 5(1)(e)",
        "SOC 2 C1.2",
        "HIPAA 45 CFR 164.502(b)",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let plan = defender::plan(context)?;
    let tier = plan.cite("/properties/pricingTier");
    let on = defender::is_on(plan)?;
    match defender::extension(plan, "AIPromptSharingWithPurview")? {
        Some(extension) if on => Ok(Verdict::fail(
            "Purview stores the prompts and responses of the whole subscription",
            vec![tier, plan.cite(&extension)],
            format!(
                "Turn the sharing off: az security pricing create --name AI --tier Standard --extensions \
                 name=AIPromptSharingWithPurview isEnabled=False --subscription {}",
                context.subscription.id
            ),
        )),
        Some(_) | None => {
            Ok(Verdict::pass("prompts are not shared with Purview", tier, [plan.cite("/properties/extensions")]))
        }
    }
}
