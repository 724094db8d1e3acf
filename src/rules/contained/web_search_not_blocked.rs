//! B12: any caller of the Responses API may send parts of a prompt to Bing.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};
use crate::snapshot::{Operation, web_search_feature};

declare_rule! {
    /// ## What it checks
    ///
    /// The state of the feature `OpenAI.BlockedTools.web_search` of the account's subscription: `Registered` blocks the
    /// tool for all its accounts, `NotRegistered`, `Unregistered` and `Unregistering` do not, anything else is unknown.
    ///
    /// ## Why it matters
    ///
    /// With the `web_search` tool the model asks Grounding with Bing. For that the Data Protection Addendum does not
    /// apply, and "Customer Data will flow outside Customer's compliance and Geo boundary". No connection and no
    /// deployment is needed: any caller may add the tool to a request. That the switch is open says that content *can*
    /// leave, not that it does, hence *medium*.
    ///
    /// ## How to fix
    ///
    /// Block the tool for the subscription.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az feature register --namespace Microsoft.CognitiveServices \
    ///   --name OpenAI.BlockedTools.web_search
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// targetScope = 'subscription'
    /// resource block 'Microsoft.Features/featureProviders/subscriptionFeatureRegistrations@2021-07-01' = {
    ///   name: 'Microsoft.CognitiveServices/OpenAI.BlockedTools.web_search'
    /// }
    /// ```
    ///
    /// **Terraform**:
    ///
    /// ```hcl
    /// resource "azurerm_resource_provider_feature_registration" "block" {
    ///   provider_name = "Microsoft.CognitiveServices"
    ///   name          = "OpenAI.BlockedTools.web_search"
    /// }
    /// ```
    ///
    /// **Portal**: the subscription, *Settings*, *Preview features*, where features are listed that Azure shows there.
    ///
    /// ## What it cannot see
    ///
    /// Whether anybody uses the tool, and the tools of agents, which come through connections
    /// (`web-grounding-connection`).
    ///
    /// ## Sources
    ///
    /// - [Web search with the Responses API](https://learn.microsoft.com/azure/foundry/openai/how-to/web-search), 2025-03-20
    /// - [Features: get](https://learn.microsoft.com/rest/api/resources/features/get), api-version 2021-07-01
    id: "web-search-not-blocked",
    title: "Web search is not blocked for the subscription",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["B12"],
    needs: [WebSearchFeatureGet],
    frameworks: [
        "ISO/IEC 27018:2019 A.12.1",
        "GDPR Art. 28, 44",
        "SOC 2 CC6.7",
        "HIPAA 45 CFR 164.312(e)(1)",
        "NIST SP 800-53 Rev. 5 SC-7",
    ],
    check: Account(check),
}

const POINTER: &str = "/properties/state";

fn check(context: &Context<'_>) -> CheckResult {
    let id = web_search_feature(&context.subscription.id);
    let feature = context.subscription.document(Operation::WebSearchFeatureGet, &id)?;
    let state = feature.string(POINTER)?.ok_or_else(|| feature.unexpected(POINTER))?;
    let cited = feature.cite(POINTER);
    match state.to_ascii_lowercase().as_str() {
        "registered" => Ok(Verdict::pass("the web search tool is blocked for the subscription", cited, [])),
        "notregistered" | "unregistered" | "unregistering" => Ok(Verdict::fail(
            "any caller of the Responses API may use web search, which sends parts of a prompt to Bing",
            vec![cited],
            format!(
                "Block the tool: az feature register --namespace Microsoft.CognitiveServices --name \
                 OpenAI.BlockedTools.web_search --subscription {}",
                context.subscription.id
            ),
        )),
        _ => {
            let message = format!("the feature that blocks web search is in state {state}");
            Err(Unknown::because(UnknownCause::NotSettled, message, vec![cited]))
        }
    }
}
