//! E01: who can reach the account over the internet.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// `properties.publicNetworkAccess` and, where it is not `Disabled`, the network rules.
    ///
    /// | answer | outcome |
    /// |---|---|
    /// | `Disabled` | pass |
    /// | `Enabled` or absent, default action `Deny`, no range that covers the whole internet | pass |
    /// | `Enabled` or absent, default action `Allow` or no rules | fail |
    /// | another value (`SecuredByPerimeter`, …) | unknown |
    ///
    /// ## Why it matters
    ///
    /// Content that a feature keeps can be read by whoever has a key and can reach the endpoint. A network boundary
    /// does not shorten retention, so this supports the claim of zero retention and does not decide it.
    ///
    /// ## How to fix
    ///
    /// Close public access and use a private endpoint (`zdr-check explain private-endpoint-missing`).
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" \
    ///   --body '{"properties":{"publicNetworkAccess":"Disabled"}}'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   properties: { publicNetworkAccess: 'Disabled', customSubDomainName: name }
    /// }
    /// ```
    ///
    /// **Terraform**: `public_network_access_enabled = false` of `azurerm_cognitive_account`, which is `true` by
    /// default.
    ///
    /// **Portal**: the account, *Resource Management*, *Networking*, *Firewalls and virtual networks*, *Disabled*.
    ///
    /// ## What it cannot see
    ///
    /// Network security perimeters, gateways in front of the account, and what subnets in the rules contain.
    ///
    /// ## Sources
    ///
    /// - [Configure virtual networks](https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks), 2025-05-19
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    id: "public-network-open",
    title: "Account can be reached from any network",
    axis: Hardened,
    severity: Medium,
    since: "0.1.0",
    controls: ["E01"],
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
    const ACCESS: &str = "/properties/publicNetworkAccess";
    const RULES: &str = "/properties/networkAcls";
    let account = context.facts.account()?;
    let (access, rules) = (account.0.cite(ACCESS), account.0.cite(RULES));
    let undocumented = |what: &str, value: &str| {
        let message = format!("{what} has the value {value}, whose effect is not documented");
        Unknown::because(UnknownCause::UndocumentedValue, message, vec![account.0.cite(ACCESS), account.0.cite(RULES)])
    };
    match account.public_network()? {
        Some(value) if value.eq_ignore_ascii_case("Disabled") => {
            return Ok(Verdict::pass("public network access is disabled", access, []));
        }
        Some(value) if !value.eq_ignore_ascii_case("Enabled") => {
            return Err(undocumented("publicNetworkAccess", value));
        }
        Some(_) | None => {}
    }
    let message = match account.network_default()? {
        Some(action) if action.eq_ignore_ascii_case("Deny") => {
            let everyone = |range: &&str| range.ends_with("/0") || *range == "0.0.0.0";
            match account.allowed_addresses()?.into_iter().find(everyone) {
                None => return Ok(Verdict::pass("only listed networks can reach the account", access, [rules])),
                Some(range) => format!("the network rules allow {range}, which is the whole internet"),
            }
        }
        Some(action) if !action.eq_ignore_ascii_case("Allow") => return Err(undocumented("defaultAction", action)),
        Some(_) | None => "public network access is open and no rule limits it".to_owned(),
    };
    let fix = context.az_patch(r#"{"properties":{"publicNetworkAccess":"Disabled"}}"#);
    Ok(Verdict::fail(message, vec![access, rules], format!("Use a private endpoint and close public access: {fix}")))
}
