//! D05: own storage of speech and language receives content.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::last_segment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.userOwnedStorage` of the account names a storage account.
    ///
    /// ## Why it matters
    ///
    /// Speech and language write logs, audio and results to it, and they stay until a lifecycle rule or a person
    /// deletes them. A built-in Azure Policy (*Cognitive Services accounts should use customer owned storage*) asks for
    /// the opposite; for control over data that is right, for zero retention it is one more store to answer for.
    ///
    /// ## How to fix
    ///
    /// Set a lifecycle rule on the storage account and waive this with it. The setting is made at creation; without it
    /// the account has to be created anew.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az storage account management-policy create --account-name STORAGE \
    ///   --resource-group GROUP --policy @rules.json
    /// ```
    ///
    /// **Bicep**: `Microsoft.Storage/storageAccounts/managementPolicies`, as on the page of
    /// `agent-files-never-deleted`; a new account has no `userOwnedStorage` in its properties.
    ///
    /// **Terraform**: `azurerm_storage_management_policy`, as there; a new `azurerm_cognitive_account` has no `storage`
    /// block.
    ///
    /// **Portal**: the storage account, *Data management*, *Lifecycle management*, *Add a rule*.
    ///
    /// ## What it cannot see
    ///
    /// What is in the storage account, where it is, and how long it keeps it. Models do not use it, according to the
    /// page.
    ///
    /// ## Sources
    ///
    /// - [Bring your own storage](https://learn.microsoft.com/azure/foundry/how-to/bring-your-own-azure-storage-foundry), 2026-08-18
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    id: "own-storage-receives-content",
    title: "Speech and language content goes to own storage",
    axis: Contained,
    severity: Low,
    since: "0.1.0",
    controls: ["D05"],
    needs: [AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.12",
        "GDPR Art. 5(1)(c), 5(1)(e)",
        "SOC 2 C1.1",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let cited = account.0.cite("/properties/userOwnedStorage");
    let names: Vec<&str> = account.own_storage()?.into_iter().map(last_segment).collect();
    if names.is_empty() {
        return Ok(Verdict::pass("the account has no storage of the customer's attached", cited, []));
    }
    Ok(Verdict::fail(
        format!("speech and language content can be written to storage account {}", names.join(", ")),
        vec![cited],
        "Limit its retention: az storage account management-policy create --account-name NAME --resource-group GROUP --policy @FILE",
    ))
}
