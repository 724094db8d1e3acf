//! E06: a key of the customer's does not reach what agents keep.

use crate::outcome::{Unknown, Verdict};
use crate::rules::agent_stores::stores;
use crate::rules::{CheckResult, Context};
use crate::snapshot::last_segment;

declare_rule! {
    /// ## What it checks
    ///
    /// For accounts with a customer-managed key and Foundry projects: whether agents of each project keep content in
    /// stores of the customer's. If one project lacks a store it fails; if none does, a person has to attest that those
    /// stores have keys of their own. Not applicable without such a key or without projects.
    ///
    /// ## Why it matters
    ///
    /// The key of the account covers fine-tuning, batch and evaluation data. It does not cover prompt agents on
    /// Microsoft's storage, hosted agents and the Assistants API. An account can therefore show a customer-managed key
    /// while threads and files of its agents are under Microsoft's.
    ///
    /// ## How to fix
    ///
    /// Give the project a capability host with own stores (`zdr-check explain agents-basic-setup`), and give each store
    /// a key when it is created.
    ///
    /// **az CLI**: see which keys the stores have.
    ///
    /// ```sh
    /// az cosmosdb show --ids COSMOS-ID --query keyVaultKeyUri
    /// az storage account show --ids STORAGE-ID --query encryption.keySource
    /// ```
    ///
    /// **Bicep**: `keyVaultKeyUri` in the properties of `Microsoft.DocumentDB/databaseAccounts`; `encryption: {
    /// keySource: 'Microsoft.Keyvault', keyvaultproperties: { … } }` of `Microsoft.Storage/storageAccounts`;
    /// `encryptionWithCmk: { enforcement: 'Enabled' }` of `Microsoft.Search/searchServices`.
    ///
    /// **Terraform**: `key_vault_key_id` of `azurerm_cosmosdb_account`; `customer_managed_key` of
    /// `azurerm_storage_account`; `customer_managed_key_enforcement_enabled` of `azurerm_search_service`.
    ///
    /// **Portal**: the Cosmos DB account, *Settings*, *Data Encryption*; the storage account, *Security + networking*,
    /// *Encryption*; the search service, *Settings*, *Keys*.
    ///
    /// ## What it cannot see
    ///
    /// The keys of the stores, and threads of the Assistants API, which no key of the customer's ever covered.
    ///
    /// ## Sources
    ///
    /// - [Customer-managed keys: coverage](https://learn.microsoft.com/azure/foundry/concepts/customer-managed-keys), 2026-08-24
    /// - [Standard agent setup](https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup), 2026-02-13
    id: "customer-key-misses-agents",
    title: "Customer-managed key does not cover agents",
    axis: Hardened,
    severity: Medium,
    since: "0.1.0",
    controls: ["E06", "C12", "C15"],
    needs: [AccountsGet, ProjectsList, CapabilityHostsList, ProjectCapabilityHostsList, ConnectionsList, ProjectConnectionsList],
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
    let key = account.0.cite("/properties/encryption/keySource");
    if !account.key_source()?.is_some_and(|source| source.eq_ignore_ascii_case("Microsoft.KeyVault")) {
        return Ok(Verdict::not_applicable("the account has no key of the customer's"));
    }
    let projects = context.facts.projects()?;
    if projects.is_empty() {
        return Ok(Verdict::not_applicable("the account has no Foundry project"));
    }
    let mut evidence = vec![key];
    let mut lacking = Vec::new();
    let mut unknown: Option<Unknown> = None;
    for project in projects {
        match stores(context, project) {
            Ok((lacks, cited)) => {
                evidence.extend(cited);
                if !lacks.is_empty() {
                    lacking.push(last_segment(&project.id));
                }
            }
            Err(why) => unknown = Some(why),
        }
    }
    if !lacking.is_empty() {
        let message =
            format!("the key does not cover what agents keep on Microsoft's storage in project {}", lacking.join(", "));
        let fix = "Give the project a capability host with own stores: az rest --method put --url PROJECT-ID/capabilityHosts/agents";
        return Ok(Verdict::fail(message, evidence, fix));
    }
    unknown.map_or(Ok(()), Err)?;
    let message = "agents keep content in the customer's stores, which the key of the account does not cover";
    Ok(Verdict::manual(
        message,
        evidence,
        "Attest that each store has a key of its own (az storage account show, az cosmosdb show)",
    ))
}
