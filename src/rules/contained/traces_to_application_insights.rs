//! D03: tracing copies prompts and completions to Application Insights.

use crate::knowledge::connections::Purpose;
use crate::rules::connections::{self, Question};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account or one of its projects has a connection of category `AppInsights`. A category that the documented list
    /// does not have is unknown.
    ///
    /// ## Why it matters
    ///
    /// Foundry's traces contain inputs, outputs, tool arguments and tool results. Once Application Insights is connected, traces of
    /// prompt and hosted agents are written on the server side without any code. They stay as long as the workspace keeps them.
    ///
    /// ## How to fix
    ///
    /// Delete the connection (portal: the project, *Tracing*, disconnect), or shorten the retention of the table that holds content
    /// since 2026-09-30 and restrict who reads it, and waive this result:
    ///
    /// ```text
    /// az resource delete --ids CONNECTION-ID
    /// az monitor log-analytics workspace table update --workspace-name NAME --resource-group GROUP --name AppGenAIContent --retention-time 4
    /// ```
    ///
    /// ## What it cannot see
    ///
    /// Traces that applications send themselves, and how long the workspace keeps them.
    ///
    /// ## Sources
    ///
    /// - [Agent tracing](https://learn.microsoft.com/azure/foundry/observability/concepts/trace-agent-concept), 2026-08-28
    /// - [Sensitive content in traces](https://learn.microsoft.com/azure/foundry/observability/how-to/traces-sensitive-content), 2026-07-21
    id: "traces-to-application-insights",
    title: "Traces copy prompts and completions to Application Insights",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["D03"],
    needs: [ConnectionsList, ProjectsList, ProjectConnectionsList],
    frameworks: ["ISO/IEC 27018:2019 A.11", "GDPR Art. 5(1)(c), 5(1)(e)", "SOC 2 C1.1", "NIST SP 800-53 AU-11"],
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
