//! E03: services of Azure can be let past the network rules.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.networkAcls.bypass` is `AzureServices` while network rules are in force: the default action
    /// is `Deny`, or public access is disabled. Not applicable where none are. With `Deny` and no such property it is
    /// unknown, because the default is not documented.
    ///
    /// ## Why it matters
    ///
    /// Trusted services of Azure (AI Search, Machine Learning, other AI services) can then call the account from
    /// anywhere with their managed identity. That is often wanted; a reader should know that the rules are not all
    /// there is.
    ///
    /// ## How to fix
    ///
    /// Where nothing needs it:
    ///
    /// **az CLI**: the rules are set as a whole, so add the addresses and subnets there are.
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" --body \
    ///   '{"properties":{"networkAcls":{"defaultAction":"Deny","bypass":"None"}}}'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   properties: { customSubDomainName: name
    ///     networkAcls: { defaultAction: 'Deny', bypass: 'None' } }
    /// }
    /// ```
    ///
    /// **Terraform**: a block of `azurerm_cognitive_account`:
    ///
    /// ```hcl
    /// network_acls {
    ///   default_action = "Deny"
    ///   bypass         = "None"
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Resource Management*, *Networking*, *Exceptions*.
    ///
    /// ## What it cannot see
    ///
    /// Which services use it; the capability `TrustedServices` of the account lists those that could.
    ///
    /// ## Sources
    ///
    /// - [Configure virtual networks](https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks), 2025-05-19
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    id: "trusted-services-bypass",
    title: "Azure services pass the network rules",
    axis: Hardened,
    severity: Info,
    since: "0.1.0",
    controls: ["E03"],
    needs: [AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.20",
        "GDPR Art. 32",
        "SOC 2 CC6.6",
        "HIPAA 45 CFR 164.312(e)(1)",
        "NIST SP 800-53 Rev. 5 SC-7",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let cited = account.0.cite("/properties/networkAcls/bypass");
    let closed = account.public_network()?.is_some_and(|access| access.eq_ignore_ascii_case("Disabled"));
    let denies = account.network_default()?.is_some_and(|action| action.eq_ignore_ascii_case("Deny"));
    let bypass = account.network_bypass()?;
    if !denies && (!closed || bypass.is_none()) {
        return Ok(Verdict::not_applicable("no network rules are in force"));
    }
    match bypass {
        Some(bypass) if bypass.eq_ignore_ascii_case("None") => {
            Ok(Verdict::pass("no service of Azure passes the network rules", cited, []))
        }
        Some(bypass) if bypass.eq_ignore_ascii_case("AzureServices") => {
            let fix = context.az_patch(r#"{"properties":{"networkAcls":{"defaultAction":"Deny","bypass":"None"}}}"#);
            Ok(Verdict::fail("trusted services of Azure pass the network rules", vec![cited], fix))
        }
        Some(_) | None => {
            let message = "the answer does not say whether services of Azure pass the network rules";
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]))
        }
    }
}
