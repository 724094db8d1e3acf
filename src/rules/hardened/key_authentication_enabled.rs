//! E04: a key opens everything and names nobody.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.disableLocalAuth` of the account is `true`.
    ///
    /// ## Why it matters
    ///
    /// A key "grants full access without role restrictions": whoever has it can read files, threads, stored completions
    /// and responses of all callers, and can turn `store` on. Logs show the key, not the person.
    ///
    /// ## How to fix
    ///
    /// Move clients to Entra ID, then switch keys off; it can take minutes to hours to take effect.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" \
    ///   --body '{"properties":{"disableLocalAuth":true}}'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   properties: { disableLocalAuth: true, customSubDomainName: name }
    /// }
    /// ```
    ///
    /// **Terraform**: `local_auth_enabled = false` of `azurerm_cognitive_account`, which is `true` by default.
    ///
    /// **Portal**: none on the account that a source describes; *Policy*, *Definitions* has a built-in that disables
    /// local authentication.
    ///
    /// ## What it cannot see
    ///
    /// Who has keys, and connections that hold one.
    ///
    /// ## Sources
    ///
    /// - [Role-based access control](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/role-based-access-control), 2026-01-31
    /// - [Role-based access control for Foundry](https://learn.microsoft.com/azure/foundry/concepts/rbac-foundry), 2026-04-13
    id: "key-authentication-enabled",
    title: "Keys open the account without roles",
    axis: Hardened,
    severity: Medium,
    since: "0.1.0",
    controls: ["E04"],
    needs: [AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.17, A.8.5",
        "GDPR Art. 32",
        "SOC 2 CC6.1",
        "HIPAA 45 CFR 164.312(d)",
        "NIST SP 800-53 Rev. 5 IA-2, AC-6",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let cited = account.0.cite("/properties/disableLocalAuth");
    if account.keys_disabled()? == Some(true) {
        return Ok(Verdict::pass("keys are switched off", cited, []));
    }
    let fix = context.az_patch(r#"{"properties":{"disableLocalAuth":true}}"#);
    Ok(Verdict::fail(
        "keys are accepted: whoever has one reads what any caller left in the account",
        vec![cited],
        format!("Move clients to Entra ID, then: {fix}"),
    ))
}
