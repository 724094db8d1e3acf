//! D03: the workspace behind Application Insights keeps traces for long.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::options::RuleOption;
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::{
    Citation, Connection, Document, Operation, Unavailable, last_segment, traces_table, workspace_of,
};

const ACCEPTED: RuleOption = RuleOption::number(
    "accepted_days",
    30,
    (4, 4383),
    "Days for which traces may be kept, in the workspace and in its table.",
);

declare_rule! {
    /// ## What it checks
    ///
    /// For every connection to Application Insights: the component's workspace, its `retentionInDays`, and the
    /// retention of its table `AppGenAIContent`, which alone holds content of traces since 2026-09-30. More than 30
    /// days fail. Not applicable without such a connection; that there is one is the business of
    /// `traces-to-application-insights`.
    ///
    /// ## Why it matters
    ///
    /// Traces contain inputs and outputs. What the workspace keeps is the real retention of prompts, whatever the
    /// service does. The limit of 30 days is ours: it is the retention of a new workspace.
    ///
    /// ## How to fix
    ///
    /// Shorten it, for the table with content most of all. Both numbers of the table count: the total includes what is
    /// kept in the archive.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az monitor log-analytics workspace update --ids WORKSPACE-ID \
    ///   --retention-time 30
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
    /// **Portal**: the workspace, *Settings*, *Tables*, *AppGenAIContent*, *Manage table*.
    ///
    /// ## What it cannot see
    ///
    /// Other tables with a retention of their own, exports of the workspace, and whether rows before 2026-09-30 hold
    /// content. A component without a workspace (classic) and a workspace without the table are unknown.
    ///
    /// ## Sources
    ///
    /// - [Sensitive content in traces](https://learn.microsoft.com/azure/foundry/observability/how-to/traces-sensitive-content), 2026-07-21
    /// - [Microsoft.OperationalInsights workspaces/tables](https://learn.microsoft.com/azure/templates/microsoft.operationalinsights/workspaces/tables), api-version 2025-07-01
    id: "traces-kept-over-30-days",
    title: "Traces with content are kept for more than 30 days",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["D03"],
    needs: [ConnectionsList, ProjectsList, ProjectConnectionsList, ComponentsGet, WorkspacesGet, TablesGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e)",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 AU-11",
    ],
    options: [ACCEPTED],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let accepted = context.number(&RULE, &ACCEPTED);
    let most = f64::from(accepted);
    let mut cited: Vec<Citation> = Vec::new();
    for connection in context.facts.all_connections()?.iter().filter(|connection| connection.receives_traces()) {
        let component = component(context, connection)?;
        let workspace =
            workspace_of(component).ok_or_else(|| component.unexpected("/properties/WorkspaceResourceId"))?;
        cited.push(component.cite("/properties/WorkspaceResourceId"));
        let whole = context.subscription.document(Operation::WorkspacesGet, workspace)?;
        let days = retention(whole, "/properties/retentionInDays", &mut cited)?;
        let name = last_segment(workspace);
        if days > most {
            let fix = format!(
                "az monitor log-analytics workspace update --ids {} --retention-time {accepted}",
                shell_word(workspace)
            );
            return Ok(too_long(format!("workspace {name} keeps traces for {days} days"), cited, &fix));
        }
        let table = traces_table(workspace);
        let settings = context.subscription.document(Operation::TablesGet, &table)?;
        let days = retention(settings, "/properties/totalRetentionInDays", &mut cited)?;
        if days > most {
            let set = format!("--set properties.retentionInDays={accepted} properties.totalRetentionInDays={accepted}");
            let fix = format!("az resource update --ids {} --api-version 2025-07-01 {set}", shell_word(&table));
            return Ok(too_long(format!("table AppGenAIContent of {name} keeps traces for {days} days"), cited, &fix));
        }
    }
    let mut cited = cited.into_iter();
    Ok(match cited.next() {
        Some(first) => Verdict::pass(format!("traces are kept for {accepted} days at most"), first, cited),
        None => Verdict::not_applicable("no connection leads to Application Insights"),
    })
}

fn too_long(message: String, cited: Vec<Citation>, fix: &str) -> Verdict {
    Verdict::fail(message, cited, format!("Shorten it: {fix}"))
}

fn component<'a>(context: &Context<'a>, connection: &Connection<'_>) -> Result<&'a Document, Unknown> {
    let id = connection.resource_id()?.ok_or_else(|| {
        let message = format!("connection {} does not say which component it leads to", connection.name());
        let cited = vec![connection.0.cite("/properties/metadata")];
        Unknown::because(UnknownCause::DanglingReference, message, cited)
    })?;
    Ok(context.subscription.document(Operation::ComponentsGet, id)?)
}

fn retention(document: &Document, pointer: &str, cited: &mut Vec<Citation>) -> Result<f64, Unavailable> {
    cited.push(document.cite(pointer));
    let days = document.value(pointer).and_then(serde_json::Value::as_f64).filter(|days| *days > 0.0);
    days.ok_or_else(|| document.unexpected(pointer))
}
