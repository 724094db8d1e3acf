//! C21: answers grounded on own data depend on an index that is a copy.

use crate::knowledge::connections::is_search_index;
use crate::outcome::Verdict;
use crate::rules::connections::{Search, names, search};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account or one of its projects has a connection of category `CognitiveSearch`. If it has, a person
    /// has to attest how long the index keeps documents. A category that the documented list does not have is unknown.
    ///
    /// ## Why it matters
    ///
    /// Grounding on own data "does not create a duplicate data store"; the index itself is one. It repeats documents in
    /// pieces and as vectors, and where conversations or uploads are indexed it keeps them after they were deleted at
    /// their source.
    ///
    /// ## How to fix
    ///
    /// Attest deletion from the index, or remove the connection.
    ///
    /// **az CLI**: for a connection of the account, and of a project.
    ///
    /// ```sh
    /// az cognitiveservices account connection delete --name NAME \
    ///   --resource-group GROUP --connection-name CONNECTION
    /// az cognitiveservices account project connection delete --name NAME \
    ///   --resource-group GROUP --project-name PROJECT --connection-name CONNECTION
    /// ```
    ///
    /// **Bicep**: take the resource `Microsoft.CognitiveServices/accounts/connections` or
    /// `accounts/projects/connections` out of the template, and delete the existing one as above: an incremental
    /// deployment leaves it alone.
    ///
    /// **Terraform**: take the `azurerm_cognitive_account_connection_…` (for a project, the `azapi_resource`) out of
    /// the configuration and apply.
    ///
    /// **Portal**: the project, *Management center*, *Connected resources*, the connection, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// The index, and data sources that a request names itself (`data_sources`).
    ///
    /// ## Sources
    ///
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Connection categories](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/connections), api-version 2026-09-15-preview
    id: "search-index-connected",
    title: "Search index holds a copy of content",
    axis: Contained,
    severity: Low,
    since: "0.1.0",
    controls: ["C21", "D13"],
    needs: [ConnectionsList, ProjectsList, ProjectConnectionsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.12",
        "GDPR Art. 5(1)(c), 5(1)(e)",
        "SOC 2 C1.1",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    match search(context, is_search_index)? {
        Search::Found(found) => Ok(Verdict::manual(
            format!("search index behind {}: a copy of documents, kept as long as you decide", names(&found)),
            found.iter().map(|connection| connection.0.cite("/properties/category")).collect(),
            "Attest how documents are deleted from the index, or remove the connection: az resource delete --ids CONNECTION-ID",
        )),
        Search::Nothing(first, more) => {
            Ok(Verdict::pass("no connection of the account or its projects leads to a search index", first, more))
        }
    }
}
