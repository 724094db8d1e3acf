//! B12, connections half: web search sends prompts outside the boundary under other terms.

use crate::knowledge::connections::Purpose;
use crate::rules::connections::{self, Question};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account or one of its projects has a connection of category `GroundingWithBingSearch`,
    /// `GroundingWithCustomSearch`, `BingLLMSearch` or `Serp`. A category that the documented list does not have is unknown.
    ///
    /// ## Why it matters
    ///
    /// Grounding with Bing is used under its own terms: the data protection addendum does not apply, and "Customer Data will flow
    /// outside Customer's compliance and Geo boundary". An agent with such a tool sends parts of the conversation there.
    ///
    /// ## How to fix
    ///
    /// Delete the connection:
    ///
    /// ```text
    /// az resource delete --ids CONNECTION-ID
    /// ```
    ///
    /// In the portal: the project, *Management center*, *Connected resources*. Block the `web_search` tool of the Responses API for
    /// the whole subscription as well: `az feature register --namespace Microsoft.CognitiveServices --name OpenAI.BlockedTools.web_search`.
    ///
    /// ## What it cannot see
    ///
    /// The `web_search` tool of the Responses API, which needs no connection, and the tools inside agent definitions.
    ///
    /// ## Sources
    ///
    /// - [Web search](https://learn.microsoft.com/azure/foundry/openai/how-to/web-search), 2025-03-20 (date in the file)
    /// - [Agent runtime components](https://learn.microsoft.com/azure/foundry/agents/concepts/runtime-components), 2026-04-10
    /// - [Connection categories](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/connections), api-version 2026-09-15-preview
    id: "web-grounding-connection",
    title: "Web search connection sends prompts outside the boundary",
    axis: Pinned,
    severity: Critical,
    since: "0.1.0",
    controls: ["B12"],
    needs: [ConnectionsList, ProjectsList, ProjectConnectionsList],
    frameworks: ["ISO/IEC 27018:2019 A.8.1, A.12.1", "GDPR Art. 28, 44", "SOC 2 CC9.2", "NIST SP 800-53 SA-9(5)"],
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
