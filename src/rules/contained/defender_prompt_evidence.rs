//! D06: alerts of Defender for Cloud quote the prompts they are about.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, cite_known, defender};
use crate::snapshot::Operation;

declare_rule! {
    /// ## What it checks
    ///
    /// The Defender for Cloud plan `AI` of the subscription (`pricingTier`, extension `AIPromptEvidence`) and the
    /// account's own Defender setting.
    ///
    /// | plan | account | outcome |
    /// |---|---|---|
    /// | `Standard` with the extension | any | fail |
    /// | without | `Enabled` | manual |
    /// | without | not `Enabled` | pass |
    ///
    /// ## Why it matters
    ///
    /// The extension "exposes the prompts passed" as evidence of alerts, as far as they look suspicious. They are shown
    /// in the Defender portal to people who may not see content otherwise, and kept with the alert. It is a choice
    /// between security and zero retention; this profile makes it visible.
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
    ///     extensions: [ { name: 'AIPromptEvidence', isEnabled: 'False' } ] }
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
    /// **Portal**: Defender for Cloud, *Environment settings*, the subscription, *AI services*, *Settings*.
    ///
    /// ## What it cannot see
    ///
    /// Alerts that exist, how long they are kept, and what a Defender setting of one account does without the plan.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.Security pricings](https://learn.microsoft.com/azure/templates/microsoft.security/pricings), api-version 2024-01-01
    id: "defender-prompt-evidence",
    title: "Defender alerts quote prompts",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["D06"],
    needs: [DefenderPlanGet, DefenderSettingsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.12",
        "GDPR Art. 5(1)(c)",
        "SOC 2 C1.1",
        "HIPAA 45 CFR 164.502(b)",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let plan = defender::plan(context)?;
    let tier = plan.cite("/properties/pricingTier");
    if defender::is_on(plan)?
        && let Some(extension) = defender::extension(plan, "AIPromptEvidence")?
    {
        let fix = format!(
            "Turn prompt evidence off: az security pricing create --name AI --tier Standard --extensions \
             name=AIPromptEvidence isEnabled=False --subscription {}",
            context.subscription.id
        );
        let message = "alerts of Defender for Cloud quote the prompts they are about, for the whole subscription";
        return Ok(Verdict::fail(message, vec![tier, plan.cite(&extension)], fix));
    }
    let settings = context.facts.list(Operation::DefenderSettingsList)?;
    for setting in settings.documents()? {
        if setting.string("/properties/state")?.is_some_and(|state| state.eq_ignore_ascii_case("Enabled")) {
            let message = "Defender watches this account by a setting of its own; whether its alerts quote prompts cannot be read";
            let fix = "Look at an alert in the Defender portal, or turn the setting off, then attest it.";
            return Ok(Verdict::manual(message, vec![tier, setting.cite("/properties/state")], fix));
        }
    }
    Ok(Verdict::pass("no alert of Defender for Cloud quotes prompts", tier, [cite_known(settings)?]))
}
