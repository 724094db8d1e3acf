//! E06: who can take the key to stored content away.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.encryption.keySource` of the account is `Microsoft.KeyVault`. Without encryption settings
    /// the account uses Microsoft's keys. Settings without a key source are unknown.
    ///
    /// ## Why it matters
    ///
    /// What a feature keeps is encrypted in any case. A key of the customer's makes it possible to lock all of it at
    /// once, and to prove that. It does not shorten retention by an hour and is no substitute for turning a store off,
    /// which is why the severity is low here although hardening guides rate it higher.
    ///
    /// ## How to fix
    ///
    /// Give the account an identity that may use the key, and a key vault with soft delete and purge protection.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account update --name NAME --resource-group GROUP \
    ///   --encryption '{"keySource":"Microsoft.KeyVault","keyVaultProperties":
    ///     {"keyVaultUri":"URI","keyName":"KEY","keyVersion":"VERSION"}}'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   identity: { type: 'SystemAssigned' }
    ///   properties: { encryption: { keySource: 'Microsoft.KeyVault'
    ///     keyVaultProperties: { keyVaultUri: vault.properties.vaultUri
    ///       keyName: key.name, keyVersion: version } } }
    /// }
    /// ```
    ///
    /// **Terraform**: a block of `azurerm_cognitive_account`:
    ///
    /// ```hcl
    /// customer_managed_key {
    ///   key_vault_key_id = azurerm_key_vault_key.this.id
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Resource Management*, *Encryption*, *Customer Managed Keys*.
    ///
    /// ## What it cannot see
    ///
    /// The key vault: whether the key is there, rotated and protected.
    ///
    /// ## Sources
    ///
    /// - [Customer-managed keys: coverage](https://learn.microsoft.com/azure/foundry/concepts/customer-managed-keys), 2026-08-24
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    id: "customer-key-missing",
    title: "Stored content is under Microsoft's keys",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["E06"],
    needs: [AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.24",
        "GDPR Art. 32(1)(a)",
        "SOC 2 CC6.1",
        "HIPAA 45 CFR 164.312(a)(2)(iv)",
        "NIST SP 800-53 Rev. 5 SC-12, SC-28",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let cited = account.0.cite("/properties/encryption/keySource");
    match account.key_source()? {
        Some(source) if source.eq_ignore_ascii_case("Microsoft.KeyVault") => {
            Ok(Verdict::pass("stored content is under a key of the customer's", cited, []))
        }
        Some(source) if !source.eq_ignore_ascii_case("Microsoft.CognitiveServices") => {
            let message = format!("the key source {source} is not documented");
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]))
        }
        Some(_) | None => Ok(Verdict::fail(
            "what the account stores is under Microsoft's keys",
            vec![cited],
            format!(
                "Use a key of your own, in the portal (the account, Encryption) or with: az cognitiveservices account update {} \
                 --encryption @FILE",
                context.az_account()
            ),
        )),
    }
}
