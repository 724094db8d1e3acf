//! B15: agents keep content in stores that are not where policy says.

use crate::knowledge::regions::normalise;
use crate::outcome::Verdict;
use crate::rules::agent_stores::{named_stores, regions_of};
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::last_segment;

declare_rule! {
    /// ## What it checks
    ///
    /// The location of every Cosmos DB account, storage account and AI Search service that capability hosts of the
    /// account or its projects name, with all regions of the Cosmos DB account, against `--allow-location`. Not
    /// applicable without projects, without such stores and when policy allows every location.
    ///
    /// ## Why it matters
    ///
    /// In the standard setup threads, files and vectors of agents are in these stores. Their location is a choice of
    /// its own: the account may be in Sweden and the threads elsewhere.
    ///
    /// ## How to fix
    ///
    /// Create stores in an allowed location, connect them, and create the capability host again (`zdr-check explain
    /// agents-basic-setup`). A store cannot be moved to another region.
    ///
    /// **az CLI**: see where a store is.
    ///
    /// ```sh
    /// az resource show --ids STORE-ID --query "{location:location,sku:sku.name}"
    /// ```
    ///
    /// **Bicep**: `location` of `Microsoft.DocumentDB/databaseAccounts` (and each `locationName` of
    /// `properties.locations`), of `Microsoft.Storage/storageAccounts` and of `Microsoft.Search/searchServices`.
    ///
    /// **Terraform**: `location` of `azurerm_cosmosdb_account` (and of each `geo_location`), of
    /// `azurerm_storage_account` and of `azurerm_search_service`; the change forces a new store.
    ///
    /// **Portal**: each store, *Overview*, *Location*; for Cosmos DB also *Settings*, *Replicate data globally*.
    ///
    /// ## What it cannot see
    ///
    /// Stores of a connection that does not say which resource it leads to (`metadata.ResourceId`); those are unknown.
    ///
    /// ## Sources
    ///
    /// - [Standard agent setup](https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup), 2026-02-13
    /// - [Capability hosts](https://learn.microsoft.com/azure/foundry/agents/concepts/capability-hosts), 2026-01-20
    id: "agent-store-outside-allowed-locations",
    title: "Agents keep content in a store outside the allowed locations",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B15"],
    needs: [ProjectsList, CapabilityHostsList, ProjectCapabilityHostsList, ConnectionsList, ProjectConnectionsList, CosmosAccountsGet, StorageAccountsGet, SearchServicesGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let Some(allowed) = &context.policy.allowed_locations else {
        return Ok(Verdict::not_applicable("policy does not restrict locations"));
    };
    let mut cited = Vec::new();
    for store in named_stores(context)? {
        let document = context.subscription.document(store.operation, store.id)?;
        let regions = regions_of(document)?;
        cited.extend([document.cite("/location"), document.cite("/properties/locations")]);
        if let Some(outside) = regions.iter().find(|region| !allowed.contains(&normalise(region))) {
            return Ok(Verdict::fail(
                format!("agents keep content in {}, which is in {outside}", last_segment(store.id)),
                cited,
                format!(
                    "Connect a store in an allowed location instead: az resource show --ids {} --query location",
                    shell_word(store.id)
                ),
            ));
        }
    }
    let mut cited = cited.into_iter();
    Ok(match cited.next() {
        Some(first) => Verdict::pass("every store of the agents is in an allowed location", first, cited),
        None => Verdict::not_applicable("no capability host names a store"),
    })
}
