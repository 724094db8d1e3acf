//! B12, connections half: web search sends prompts outside the boundary under other terms.

use crate::knowledge::connections::Purpose;
use crate::rules::connections::{self, Question};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account or one of its projects has a connection of category `GroundingWithBingSearch`,
    /// `GroundingWithCustomSearch`, `BingLLMSearch` or `Serp`. A category that the documented list does not have is
    /// unknown.
    ///
    /// ## Why it matters
    ///
    /// Grounding with Bing is used under its own terms: the data protection addendum does not apply, and "Customer Data
    /// will flow outside Customer's compliance and Geo boundary". An agent with such a tool sends parts of the
    /// conversation there.
    ///
    /// ## How to fix
    ///
    /// Delete the connection, and block the `web_search` tool of the Responses API for the subscription as well
    /// (`zdr-check explain web-search-not-blocked`).
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
    /// The `web_search` tool of the Responses API, which needs no connection, and the tools inside agent definitions.
    ///
    /// ## Sources
    ///
    /// - [Web search](https://learn.microsoft.com/azure/foundry/openai/how-to/web-search), 2025-03-20
    /// - [Agent runtime components](https://learn.microsoft.com/azure/foundry/agents/concepts/runtime-components), 2026-04-10
    /// - [Connection categories](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/connections), api-version 2026-09-15-preview
    id: "web-grounding-connection",
    title: "Web search connection sends prompts outside the boundary",
    axis: Pinned,
    severity: Critical,
    since: "0.1.0",
    controls: ["B12"],
    needs: [ConnectionsList, ProjectsList, ProjectConnectionsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1, A.12.1",
        "GDPR Art. 28, 44",
        "SOC 2 CC9.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 SA-9(5)",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    connections::check(
        context,
        &Question {
            purpose: Purpose::WebSearch,
            consequence: "web search takes prompts outside the compliance boundary, and the data protection addendum does not apply",
            none: "no connection of the account or its projects is a web search",
            remedy: "Delete the connection",
        },
    )
}
