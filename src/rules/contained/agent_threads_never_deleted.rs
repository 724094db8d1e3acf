//! C13: threads of agents stay in Cosmos DB until somebody deletes them.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::agent_stores::named_stores;
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::{Citation, Document, Operation, Unavailable, agent_database, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// `defaultTtl` of the containers `…-thread-message-store` and `…-system-thread-message-store` in the database
    /// `enterprise_memory` of every Cosmos DB account that capability hosts name for threads. Absent and -1, which both
    /// mean that items stay, fail.
    ///
    /// ## Why it matters
    ///
    /// In the standard setup agents keep every message of every thread in these containers. Nothing deletes them but a
    /// time to live, or a request per thread.
    ///
    /// ## How to fix
    ///
    /// Set a time to live in seconds, here 30 days. What agents do with a thread of which messages expired is not
    /// documented; try it first.
    ///
    /// **az CLI**: for each of the two containers.
    ///
    /// ```sh
    /// az cosmosdb sql container update --account-name COSMOS \
    ///   --resource-group GROUP --database-name enterprise_memory \
    ///   --name CONTAINER --ttl 2592000
    /// ```
    ///
    /// **Bicep**: none, the agent service makes the containers, and a template would have to repeat their partition
    /// keys and indexes, which no page documents.
    ///
    /// **Terraform**: azapi changes one property of a container that is there:
    ///
    /// ```hcl
    /// resource "azapi_update_resource" "threads" {
    ///   type        = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-10-15"
    ///   resource_id = "CONTAINER-ID"
    ///   body        = { properties = { resource = { defaultTtl = 2592000 } } }
    /// }
    /// ```
    ///
    /// **Portal**: the Cosmos DB account, *Data Explorer*, the container, *Settings*, *Time to Live*, *On* with
    /// seconds.
    ///
    /// ## What it cannot see
    ///
    /// How long the time to live is compared with what you need, items with a `ttl` of their own, backups (continuous
    /// backups keep up to 30 days), and `…-agent-entity-store`, which holds instructions instead of threads.
    ///
    /// ## Sources
    ///
    /// - [Standard agent setup](https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup), 2026-02-13
    /// - [Time to live in Azure Cosmos DB](https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live), 2024-08-08
    /// - [Microsoft.DocumentDB sqlDatabases/containers](https://learn.microsoft.com/azure/templates/microsoft.documentdb/databaseaccounts/sqldatabases/containers), api-version 2024-11-15
    id: "agent-threads-never-deleted",
    title: "Threads of agents are never deleted",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["C13"],
    needs: [ProjectsList, CapabilityHostsList, ProjectCapabilityHostsList, ConnectionsList, ProjectConnectionsList, AgentContainersList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e)",
        "SOC 2 C1.2",
        "HIPAA 45 CFR 164.310(d)(2)(i)",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

const TTL: &str = "/properties/resource/defaultTtl";

fn check(context: &Context<'_>) -> CheckResult {
    let mut cited: Vec<Citation> = Vec::new();
    for store in named_stores(context)?.iter().filter(|store| store.operation == Operation::CosmosAccountsGet) {
        let containers = context.subscription.list_below(Operation::AgentContainersList, &agent_database(store.id))?;
        let rows = containers.documents()?;
        let threads: Vec<&Document> =
            rows.into_iter().filter(|row| last_segment(&row.scope).ends_with("thread-message-store")).collect();
        let name = last_segment(store.id);
        if threads.is_empty() {
            let message = format!("the database of agents in {name} has no container for threads");
            let evidence = containers.cite().into_iter().collect();
            return Err(Unknown::because(UnknownCause::UndocumentedValue, message, evidence));
        }
        for container in threads {
            cited.push(container.cite(TTL));
            if !expires(container)? {
                let fix = format!(
                    "Set a time to live: az cosmosdb sql container update --account-name {} --database-name enterprise_memory --name {} \
                     --ttl 2592000 --resource-group GROUP",
                    shell_word(name),
                    shell_word(last_segment(&container.scope))
                );
                return Ok(Verdict::fail(format!("nothing deletes the threads of agents in {name}"), cited, fix));
            }
        }
    }
    let mut cited = cited.into_iter();
    Ok(match cited.next() {
        Some(first) => Verdict::pass("threads of agents expire", first, cited),
        None => Verdict::not_applicable("no capability host names a Cosmos DB account"),
    })
}

/// Whether items expire by default: absent and -1 mean that they stay.
fn expires(container: &Document) -> Result<bool, Unavailable> {
    const RESOURCE: &str = "/properties/resource";
    if !container.has_object(RESOURCE)? {
        return Err(container.unexpected(RESOURCE));
    }
    match container.value(TTL) {
        None => Ok(false),
        Some(seconds) => Ok(seconds.as_f64().ok_or_else(|| container.unexpected(TTL))? > 0.0),
    }
}
