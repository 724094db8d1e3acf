//! C13: files of agents stay in the storage account until somebody deletes them.

use serde_json::Value;

use crate::outcome::Verdict;
use crate::rules::agent_stores::named_stores;
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::{Citation, Document, Operation, Unavailable, last_segment, lifecycle_rules};

declare_rule! {
    /// ## What it checks
    ///
    /// The lifecycle rules of every storage account that capability hosts name for files.
    ///
    /// | rules | outcome |
    /// |---|---|
    /// | none, or none that deletes | fail |
    /// | one that deletes, for some prefixes or tags only | manual |
    /// | one that deletes every block blob | pass |
    ///
    /// ## Why it matters
    ///
    /// In the standard setup agents keep uploaded files in containers `…-azureml-blobstore` and `…-agents-blobstore` of
    /// this account. Nothing deletes them but a rule of the account's own.
    ///
    /// ## How to fix
    ///
    /// Delete by age, here after 30 days.
    ///
    /// **az CLI**: `rules.json` has the same `rules` as below.
    ///
    /// ```sh
    /// az storage account management-policy create --account-name STORAGE \
    ///   --resource-group GROUP --policy @rules.json
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource rules 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
    ///   parent: storage, name: 'default'
    ///   properties: { policy: { rules: [ { name: 'agents', type: 'Lifecycle'
    ///     definition: { filters: { blobTypes: [ 'blockBlob' ] }, actions: {
    ///     baseBlob: { delete: { daysAfterCreationGreaterThan: 30 } } } } } ] } }
    /// }
    /// ```
    ///
    /// **Terraform**:
    ///
    /// ```hcl
    /// resource "azurerm_storage_management_policy" "agents" {
    ///   storage_account_id = azurerm_storage_account.this.id
    ///   rule {
    ///     name    = "agents"
    ///     enabled = true
    ///     filters { blob_types = ["blockBlob"] }
    ///     actions {
    ///       base_blob { delete_after_days_since_creation_greater_than = 30 }
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// **Portal**: the storage account, *Data management*, *Lifecycle management*, *Add a rule*.
    ///
    /// ## What it cannot see
    ///
    /// How old a file gets before a rule deletes it. Threads in Cosmos DB (a `defaultTtl` of its containers) and
    /// vectors in AI Search; soft delete, versions and snapshots of blobs.
    ///
    /// ## Sources
    ///
    /// - [Standard agent setup](https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup), 2026-02-13
    /// - [Lifecycle management](https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview), 2025-06-13
    id: "agent-files-never-deleted",
    title: "Files of agents are never deleted",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["C13"],
    needs: [ProjectsList, CapabilityHostsList, ProjectCapabilityHostsList, ConnectionsList, ProjectConnectionsList, ManagementPoliciesGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e)",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

const RULES: &str = "/properties/policy/rules";

fn check(context: &Context<'_>) -> CheckResult {
    let mut cited: Vec<Citation> = Vec::new();
    let mut some_only = Vec::new();
    for store in named_stores(context)?.iter().filter(|store| store.operation == Operation::StorageAccountsGet) {
        let read = context.subscription.document(Operation::ManagementPoliciesGet, &lifecycle_rules(store.id));
        let (deletes, evidence) = match read {
            Ok(rules) => (deletes(rules)?, rules.cite(RULES)),
            Err(why) => (Deletes::Nothing, why.nothing_there().ok_or(why)?),
        };
        cited.push(evidence);
        let name = last_segment(store.id);
        match deletes {
            Deletes::Everything => {}
            Deletes::Some => some_only.push(name),
            Deletes::Nothing => {
                let fix = format!(
                    "Delete by age: az storage account management-policy create --account-name {} --policy @rules.json",
                    shell_word(name)
                );
                return Ok(Verdict::fail(format!("nothing deletes the files of agents in {name}"), cited, fix));
            }
        }
    }
    if !some_only.is_empty() {
        let message = format!("lifecycle rules delete only some blobs of {}", some_only.join(", "));
        return Ok(Verdict::manual(message, cited, "Attest that the rules cover the containers of the agents."));
    }
    let mut cited = cited.into_iter();
    Ok(match cited.next() {
        Some(first) => Verdict::pass("lifecycle rules delete the files of agents", first, cited),
        None => Verdict::not_applicable("no capability host names a storage account"),
    })
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deletes {
    Nothing,
    Some,
    Everything,
}

fn deletes(policy: &Document) -> Result<Deletes, Unavailable> {
    let mut most = Deletes::Nothing;
    for rule in policy.array(RULES)?.unwrap_or_default() {
        let at = |pointer| rule.pointer(pointer).filter(|value: &&Value| !value.is_null());
        let on = at("/enabled").is_none_or(|on| on == &Value::Bool(true));
        if !on || at("/definition/actions/baseBlob/delete").is_none() {
            continue;
        }
        let empty = |pointer| at(pointer).is_none_or(|list| list.as_array().is_some_and(Vec::is_empty));
        let types = at("/definition/filters/blobTypes").and_then(Value::as_array);
        let blocks = types.is_some_and(|types| types.iter().any(|kind| kind == "blockBlob"));
        let all = blocks && empty("/definition/filters/prefixMatch") && empty("/definition/filters/blobIndexMatch");
        most = most.max(if all { Deletes::Everything } else { Deletes::Some });
    }
    Ok(most)
}
