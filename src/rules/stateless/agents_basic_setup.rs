//! C12: without capability hosts of their own, agents keep content in stores that Microsoft manages.

use crate::outcome::{Unknown, Verdict};
use crate::rules::agent_stores::stores;
use crate::rules::{CheckResult, Context, cite_list, shell_word};
use crate::snapshot::last_segment;

declare_rule! {
    /// ## What it checks
    ///
    /// For each Foundry project, whether a capability host names a store of the customer's for threads, files and
    /// vectors: the project's host or, for a store it does not name, the account's. The names must be connections of
    /// the project or the account.
    ///
    /// | projects | outcome |
    /// |---|---|
    /// | none | not applicable |
    /// | one without all three stores (*basic* setup) | fail |
    /// | a host that is not settled, or names a connection that does not exist | unknown |
    /// | all with all three stores (*standard* setup) | manual |
    ///
    /// ## Why it matters
    ///
    /// In the basic setup the agent service keeps threads, files and vectors in stores shared by many tenants, under
    /// Microsoft's keys even if the account has its own, until somebody deletes them. In the standard setup they are in
    /// the customer's Cosmos DB, Storage and AI Search, and how long is the customer's decision.
    ///
    /// ## How to fix
    ///
    /// Create connections to the three stores, then a capability host. It cannot be changed, only deleted and created.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method put \
    ///   --url "PROJECT-ID/capabilityHosts/agents?api-version=2026-09-01" \
    ///   --body '{"properties":{"threadStorageConnections":["COSMOS"],
    ///     "storageConnections":["BLOB"],"vectorStoreConnections":["SEARCH"]}}'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource agents 'Microsoft.CognitiveServices/accounts/projects/capabilityHosts@2026-07-01' = {
    ///   parent: project, name: 'agents'
    ///   properties: { threadStorageConnections: [ cosmos.name ]
    ///     storageConnections: [ blob.name ]
    ///     vectorStoreConnections: [ search.name ] }
    /// }
    /// ```
    ///
    /// **Terraform**: the azurerm provider has no capability host, azapi has:
    ///
    /// ```hcl
    /// resource "azapi_resource" "agents" {
    ///   type      = "Microsoft.CognitiveServices/accounts/projects/capabilityHosts@2026-07-01"
    ///   parent_id = azurerm_cognitive_account_project.this.id
    ///   name      = "agents"
    ///   body = { properties = {
    ///     threadStorageConnections = ["COSMOS"]
    ///     storageConnections       = ["BLOB"]
    ///     vectorStoreConnections   = ["SEARCH"]
    ///   } }
    /// }
    /// ```
    ///
    /// **Portal**: none that shows a capability host; *Management center*, *Connected resources* makes the connections.
    ///
    /// ## What it cannot see
    ///
    /// Whether agents exist, retention in the customer's stores, and the newer `capabilitySettings` of preview
    /// api-versions. That a project takes a single missing store from the account follows the page's "override specific
    /// settings".
    ///
    /// ## Sources
    ///
    /// - [Capability hosts](https://learn.microsoft.com/azure/foundry/agents/concepts/capability-hosts), 2026-01-20
    /// - [Standard agent setup](https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup), 2026-02-13
    id: "agents-basic-setup",
    title: "Agents keep threads, files and vectors in Microsoft-managed stores",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C05", "C12", "C13"],
    needs: [ProjectsList, CapabilityHostsList, ProjectCapabilityHostsList, ConnectionsList, ProjectConnectionsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 25",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let mut missing = Vec::new();
    let mut evidence = Vec::new();
    let mut unknown: Option<Unknown> = None;
    let projects = context.facts.projects()?;
    if projects.is_empty() {
        return Ok(Verdict::not_applicable("the account has no Foundry project"));
    }
    for project in projects {
        match stores(context, project) {
            Ok((lacks, cited)) if lacks.is_empty() => evidence.extend(cited),
            Ok((lacks, cited)) => missing.push((project, lacks, cited)),
            Err(why) => unknown = Some(why),
        }
    }
    if let Some((first, ..)) = missing.first() {
        let url = format!("{}/capabilityHosts/agents?api-version=2026-09-01", first.id);
        let body = r#"'{"properties":{"capabilityHostKind":"Agents","threadStorageConnections":["COSMOS"],"storageConnections":["BLOB"],"vectorStoreConnections":["SEARCH"]}}'"#;
        let fix = format!("Connect stores of your own: az rest --method put --url {} --body {body}", shell_word(&url));
        let list: Vec<String> = missing
            .iter()
            .map(|(project, lacks, _)| format!("{} (no store for {})", last_segment(&project.id), lacks.join(", ")))
            .collect();
        let message = format!("agents keep content in Microsoft-managed stores in project {}", list.join("; "));
        let cited = missing.into_iter().flat_map(|(_, _, cited)| cited).collect();
        return Ok(Verdict::fail(message, cited, fix));
    }
    unknown.map_or(Ok(()), Err)?;
    evidence.push(cite_list(&context.facts.projects)?);
    let message =
        "agents keep threads, files and vectors in the customer's own stores; no API of the account shows for how long";
    let fix = "Attest retention: time to live in Cosmos DB, lifecycle rules in Storage, deletion in AI Search.";
    Ok(Verdict::manual(message, evidence, fix))
}
