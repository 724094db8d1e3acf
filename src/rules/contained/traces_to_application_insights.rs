//! D03: tracing copies prompts and completions to Application Insights.

use crate::knowledge::connections::Purpose;
use crate::rules::connections::{self, Question};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account or one of its projects has a connection of category `AppInsights`. A category that the
    /// documented list does not have is unknown.
    ///
    /// ## Why it matters
    ///
    /// Foundry's traces contain inputs, outputs, tool arguments and tool results. Once Application Insights is
    /// connected, traces of prompt and hosted agents are written on the server side without any code. They stay as long
    /// as the workspace keeps them. Microsoft recommends tracing for quality, and names it as a replacement for stored
    /// completions (2026-07-06); for zero retention it is the same content in another store.
    ///
    /// ## How to fix
    ///
    /// Delete the connection; or shorten the retention of the table that holds content since 2026-09-30, restrict who
    /// reads it, and waive this result.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account project connection delete --name NAME \
    ///   --resource-group GROUP --project-name PROJECT --connection-name CONNECTION
    /// az monitor log-analytics workspace table update --resource-group GROUP \
    ///   --workspace-name WORKSPACE --name AppGenAIContent \
    ///   --retention-time 4 --total-retention-time 4
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource content 'Microsoft.OperationalInsights/workspaces/tables@2025-07-01' = {
    ///   parent: workspace, name: 'AppGenAIContent'
    ///   properties: { retentionInDays: 4, totalRetentionInDays: 4 }
    /// }
    /// ```
    ///
    /// **Terraform**:
    ///
    /// ```hcl
    /// resource "azurerm_log_analytics_workspace_table" "content" {
    ///   workspace_id            = azurerm_log_analytics_workspace.this.id
    ///   name                    = "AppGenAIContent"
    ///   retention_in_days       = 4
    ///   total_retention_in_days = 4
    /// }
    /// ```
    ///
    /// **Portal**: the project, *Tracing*, *Disconnect*; the workspace, *Settings*, *Tables*, *Manage table*.
    ///
    /// ## What it cannot see
    ///
    /// Traces that applications send themselves, and how long the workspace keeps them.
    ///
    /// ## Sources
    ///
    /// - [Agent tracing](https://learn.microsoft.com/azure/foundry/observability/concepts/trace-agent-concept), 2026-08-28
    /// - [Sensitive content in traces](https://learn.microsoft.com/azure/foundry/observability/how-to/traces-sensitive-content), 2026-07-21
    /// - [Retirement of stored completions](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/stored-completions-retirement), 2026-07-06
    id: "traces-to-application-insights",
    title: "Traces copy prompts and completions to Application Insights",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["D03"],
    needs: [ConnectionsList, ProjectsList, ProjectConnectionsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.12",
        "GDPR Art. 5(1)(c), 5(1)(e)",
        "SOC 2 C1.1",
        "HIPAA 45 CFR 164.502(b)",
        "NIST SP 800-53 Rev. 5 AU-3(3)",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    connections::check(
        context,
        &Question {
            purpose: Purpose::Traces,
            consequence: "traces with prompts and completions go to Application Insights",
            none: "no connection of the account or its projects is an Application Insights",
            remedy: "Delete the connection, or limit retention and access of the workspace and waive this",
        },
    )
}
