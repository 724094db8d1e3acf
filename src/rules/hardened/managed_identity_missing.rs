//! E05: without an identity of its own the account needs secrets.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `identity.type` of the account names a system-assigned or user-assigned identity. Advice only.
    ///
    /// ## Why it matters
    ///
    /// A managed identity is what lets the account use a customer-managed key, or stores of the customer's, without a
    /// secret. An account that uses neither does not need one.
    ///
    /// ## How to fix
    ///
    /// Give the account an identity where it has a use for one.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account identity assign --name NAME \
    ///   --resource-group GROUP
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   identity: { type: 'SystemAssigned' }
    ///   properties: { customSubDomainName: name }
    /// }
    /// ```
    ///
    /// **Terraform**: a block of `azurerm_cognitive_account`:
    ///
    /// ```hcl
    /// identity {
    ///   type = "SystemAssigned"
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Resource Management*, *Identity*, *System assigned*, *On*.
    ///
    /// ## What it cannot see
    ///
    /// What the identity may do.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    /// - [Customer-managed keys: coverage](https://learn.microsoft.com/azure/foundry/concepts/customer-managed-keys), 2026-08-24
    id: "managed-identity-missing",
    title: "Account has no managed identity",
    axis: Hardened,
    severity: Info,
    since: "0.1.0",
    controls: ["E05"],
    needs: [AccountsGet],
    frameworks: ["ISO/IEC 27001:2022 A.5.16", "SOC 2 CC6.1", "NIST SP 800-53 Rev. 5 IA-5"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let cited = account.0.cite_as("/identity/type", account.identity_type()?.into());
    if account.identity_type()?.is_some_and(|kind| kind.to_ascii_lowercase().contains("assigned")) {
        return Ok(Verdict::pass("the account has a managed identity", cited, []));
    }
    Ok(Verdict::fail(
        "the account has no managed identity",
        vec![cited],
        format!("Assign one: az cognitiveservices account identity assign {}", context.az_account()),
    ))
}
