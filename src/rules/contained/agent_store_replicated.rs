//! B15: stores of agents have copies in other regions.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::agent_stores::{named_stores, regions_of};
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::{Operation, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether a Cosmos DB account that agents keep threads in has more than one region, and whether a storage account
    /// they keep files in is geo-redundant (`*_GRS`, `*_RAGRS`, `*_GZRS`, `*_RAGZRS`). Not applicable without such
    /// stores.
    ///
    /// ## Why it matters
    ///
    /// A copy in the paired region is content in a place nobody decided on, with its own backups. Reliability
    /// checklists (APRL, azqr) recommend geo-redundancy; for zero retention every copy has to be wanted.
    ///
    /// ## How to fix
    ///
    /// Choose redundancy within the region. `Standard_LRS` follows from `*_GRS`, `Standard_ZRS` from `*_GZRS`; from
    /// `*_GRS` to zones it takes a migration as a second step.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az storage account update --ids STORAGE-ID --sku Standard_LRS
    /// az cosmosdb update --ids COSMOS-ID \
    ///   --locations regionName=REGION failoverPriority=0 isZoneRedundant=False
    /// ```
    ///
    /// **Bicep**: `sku: { name: 'Standard_ZRS' }` of `Microsoft.Storage/storageAccounts`, and one entry in the Cosmos
    /// DB account:
    ///
    /// ```bicep
    /// resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' = {
    ///   name: name, location: location, kind: 'GlobalDocumentDB'
    ///   properties: { databaseAccountOfferType: 'Standard'
    ///     locations: [ { locationName: location, failoverPriority: 0 } ] }
    /// }
    /// ```
    ///
    /// **Terraform**: `account_replication_type = "ZRS"` of `azurerm_storage_account`, and a single `geo_location`
    /// block in `azurerm_cosmosdb_account`.
    ///
    /// **Portal**: the storage account, *Data management*, *Redundancy*; the Cosmos DB account, *Settings*, *Replicate
    /// data globally*.
    ///
    /// ## What it cannot see
    ///
    /// Backups, object replication between storage accounts, and replicas of AI Search, which stay in its region.
    ///
    /// ## Sources
    ///
    /// - [Azure Storage redundancy](https://learn.microsoft.com/azure/storage/common/storage-redundancy), 2023-07-17
    /// - [Standard agent setup](https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup), 2026-02-13
    id: "agent-store-replicated",
    title: "A store of agents is copied to another region",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["B15"],
    needs: [ProjectsList, CapabilityHostsList, ProjectCapabilityHostsList, ConnectionsList, ProjectConnectionsList, CosmosAccountsGet, StorageAccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 5(1)(c), 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Account(check),
}

const SKU: &str = "/sku/name";

fn check(context: &Context<'_>) -> CheckResult {
    let mut cited = Vec::new();
    for store in named_stores(context)? {
        let (copied, fix) = match store.operation {
            Operation::CosmosAccountsGet => {
                let document = context.subscription.document(store.operation, store.id)?;
                cited.push(document.cite("/properties/locations"));
                (regions_of(document)?.len() > 1, "az cosmosdb update --locations regionName=REGION failoverPriority=0")
            }
            Operation::StorageAccountsGet => {
                let document = context.subscription.document(store.operation, store.id)?;
                let sku = document.string(SKU)?.ok_or_else(|| document.unexpected(SKU))?;
                cited.push(document.cite(SKU));
                let Some(copied) = geo_redundant(sku) else {
                    let message =
                        format!("storage account {} has SKU {sku}, which is not listed", last_segment(store.id));
                    return Err(Unknown::because(UnknownCause::UndocumentedValue, message, cited));
                };
                let zones = sku.to_ascii_uppercase().ends_with("GZRS");
                let fix = if zones {
                    "az storage account update --sku Standard_ZRS"
                } else {
                    "az storage account update --sku Standard_LRS"
                };
                (copied, fix)
            }
            _ => continue,
        };
        if copied {
            return Ok(Verdict::fail(
                format!("{}, in which agents keep content, has copies in other regions", last_segment(store.id)),
                cited,
                format!("Keep it in one region: {fix} --ids {}", shell_word(store.id)),
            ));
        }
    }
    let mut cited = cited.into_iter();
    Ok(match cited.next() {
        Some(first) => Verdict::pass("every store of the agents is in one region", first, cited),
        None => Verdict::not_applicable("no capability host names such a store"),
    })
}

/// Whether a storage SKU copies to another region; `None` when it is not documented.
fn geo_redundant(sku: &str) -> Option<bool> {
    match sku.rsplit('_').next()?.to_ascii_uppercase().as_str() {
        "GRS" | "RAGRS" | "GZRS" | "RAGZRS" => Some(true),
        "LRS" | "ZRS" => Some(false),
        _ => None,
    }
}
