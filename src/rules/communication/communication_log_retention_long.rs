//! H03: logs of a Communication Services resource are kept for long.

use std::collections::BTreeMap;

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::options::{self, RuleOption};
use crate::rules::{CheckResult, Communication, cite_known, diagnostics, shell_word};
use crate::snapshot::{Citation, Document, Unavailable, last_segment};

const ACCEPTED: RuleOption = RuleOption::number(
    "accepted_days",
    30,
    (4, 4383),
    "Days for which logs may be kept, in the workspace and in its tables.",
);

declare_rule! {
    /// ## What it checks
    ///
    /// For every workspace that diagnostic settings of the resource write logs to: its `retentionInDays`, and the total
    /// retention of each of its tables for Communication Services (`ACS…`; of `AzureDiagnostics` where a setting names
    /// it). More than 30 days fail. Logs that go to storage, an event hub or a partner too are a question for a person:
    /// how long those keep them is not read. Not applicable when no log is written; whether logs name people is the
    /// business of `communication-logs-carry-identities`. Asked with `--include communication` only.
    ///
    /// ## Why it matters
    ///
    /// What the workspace keeps is the real retention of identities and phone numbers, whatever the service does. The
    /// limit of 30 days is ours: it is the retention of a new workspace.
    ///
    /// ## How to fix
    ///
    /// Shorten it; the total of a table includes what is kept in the archive.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az monitor log-analytics workspace update --ids WORKSPACE-ID \
    ///   --retention-time 30
    /// az monitor log-analytics workspace table update --resource-group GROUP \
    ///   --workspace-name WORKSPACE --name ACSCallSummary \
    ///   --retention-time 30 --total-retention-time 30
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource calls 'Microsoft.OperationalInsights/workspaces/tables@2025-07-01' = {
    ///   parent: workspace, name: 'ACSCallSummary'
    ///   properties: { retentionInDays: 30, totalRetentionInDays: 30 }
    /// }
    /// ```
    ///
    /// **Terraform**: `retention_in_days` and `total_retention_in_days` of `azurerm_log_analytics_workspace_table`.
    ///
    /// **Portal**: the workspace, *Settings*, *Tables*, *Manage table*.
    ///
    /// ## What it cannot see
    ///
    /// Exports of the workspace. A workspace that lists no such table is unknown.
    ///
    /// ## Sources
    ///
    /// - [Region availability and data residency of Communication Services](https://learn.microsoft.com/azure/communication-services/concepts/privacy), undated page, as known on 2026-11-22
    /// - [Supported logs of Communication Services](https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-communication-communicationservices-logs), 2025-02-18
    /// - [Microsoft.OperationalInsights workspaces/tables](https://learn.microsoft.com/azure/templates/microsoft.operationalinsights/workspaces/tables), api-version 2025-07-01
    id: "communication-log-retention-long",
    title: "Logs of Communication Services are kept for more than 30 days",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["H03"],
    needs: [CommunicationServicesList, CommunicationDiagnosticsList, WorkspacesGet, WorkspaceTablesList],
    frameworks: ["ISO/IEC 27001:2022 A.8.10", "GDPR Art. 5(1)(e)", "SOC 2 P4.2", "NIST SP 800-53 Rev. 5 AU-11"],
    options: [ACCEPTED],
    check: Communication(check),
}

fn check(context: &Communication<'_>) -> CheckResult {
    let accepted = options::number(&context.policy.options, RULE.id, &ACCEPTED);
    let settings = context.service.diagnostic_settings()?;
    let logs = diagnostics::enabled(settings)?;
    let mut cited: Vec<Citation> = Vec::new();
    let writing: BTreeMap<&str, &Document> = logs.iter().map(|log| (log.setting.scope.as_str(), log.setting)).collect();
    for setting in writing.into_values() {
        if let Some(workspace) = setting.string("/properties/workspaceId")?.filter(|id| !id.is_empty())
            && let Some((message, fix)) = too_long(context, setting, workspace, accepted, &mut cited)?
        {
            return Ok(Verdict::fail(message, cited, format!("Shorten it: {fix}")));
        }
    }
    if logs.is_empty() {
        return Ok(Verdict::not_applicable("no diagnostic setting writes logs of the resource"));
    }
    if let Some(log) = logs.iter().find(|log| log.sinks != ["Log Analytics"]) {
        let places = if log.sinks.is_empty() { "an unnamed place".to_owned() } else { log.sinks.join(" and ") };
        let message = format!("logs go to {places}; how long they are kept outside Log Analytics is not read");
        let fix = "Attest how long they are kept there, or write them to Log Analytics only in the portal";
        return Ok(Verdict::manual(message, vec![log.setting.cite("/properties/logs")], fix));
    }
    Ok(Verdict::pass(format!("logs are kept for {accepted} days at most"), cite_known(settings)?, cited))
}

/// What a workspace keeps for longer than accepted, and how to shorten it.
fn too_long(
    context: &Communication<'_>,
    setting: &Document,
    workspace: &str,
    accepted: u32,
    cited: &mut Vec<Citation>,
) -> Result<Option<(String, String)>, Unknown> {
    let (whole, tables) = context.service.workspace(workspace)?;
    let (name, most) = (last_segment(workspace), f64::from(accepted));
    let days = retention(whole, "/properties/retentionInDays", cited)?;
    if days > most {
        let id = shell_word(workspace);
        let fix = format!("az monitor log-analytics workspace update --ids {id} --retention-time {accepted}");
        return Ok(Some((format!("workspace {name} keeps logs for {days} days"), fix)));
    }
    let kind = setting.string("/properties/logAnalyticsDestinationType")?.unwrap_or_default();
    let shared = kind.eq_ignore_ascii_case("AzureDiagnostics");
    let is = |row: &&Document| {
        let name = last_segment(&row.scope);
        name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("ACS"))
            || (shared && name.eq_ignore_ascii_case("AzureDiagnostics"))
    };
    let own: Vec<&Document> = tables.documents()?.into_iter().filter(is).collect();
    for table in &own {
        let days = retention(table, "/properties/totalRetentionInDays", cited)?;
        if days > most {
            let set = format!("--set properties.retentionInDays={accepted} properties.totalRetentionInDays={accepted}");
            let fix = format!("az resource update --ids {} --api-version 2025-07-01 {set}", shell_word(&table.scope));
            let message = format!("table {} of {name} keeps logs for {days} days", last_segment(&table.scope));
            return Ok(Some((message, fix)));
        }
    }
    if own.is_empty() {
        let message = format!("workspace {name} lists no table of Communication Services");
        return Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cite_known(tables)?]));
    }
    Ok(None)
}

fn retention(document: &Document, pointer: &str, cited: &mut Vec<Citation>) -> Result<f64, Unavailable> {
    cited.push(document.cite(pointer));
    let days = document.value(pointer).and_then(serde_json::Value::as_f64).filter(|days| *days > 0.0);
    days.ok_or_else(|| document.unexpected(pointer))
}
