//! E09: without the audit log nobody can show who changed what.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, cite_known, diagnostics, shell_word};
use crate::snapshot::Operation;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether a diagnostic setting of the account writes `Audit` (or a group with it) to at least one place.
    ///
    /// ## Why it matters
    ///
    /// Who turned stored completions on, and when? The activity log keeps such changes for 90 days; the audit log of
    /// the account goes further and shows reads of keys. It does not contain prompts, so it costs no retention of
    /// content; here this profile and the popular checks agree.
    ///
    /// ## How to fix
    ///
    /// Write the category `Audit`, and only that.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az monitor diagnostic-settings create --resource ACCOUNT-ID \
    ///   --name audit --workspace WORKSPACE-ID \
    ///   --logs '[{"category":"Audit","enabled":true}]'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
    ///   name: 'audit', scope: account
    ///   properties: { workspaceId: workspace.id
    ///     logs: [ { category: 'Audit', enabled: true } ] }
    /// }
    /// ```
    ///
    /// **Terraform**:
    ///
    /// ```hcl
    /// resource "azurerm_monitor_diagnostic_setting" "audit" {
    ///   name                       = "audit"
    ///   target_resource_id         = azurerm_cognitive_account.this.id
    ///   log_analytics_workspace_id = azurerm_log_analytics_workspace.this.id
    ///   enabled_log { category = "Audit" }
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Monitoring*, *Diagnostic settings*, *Add diagnostic setting*, *Audit Logs*.
    ///
    /// ## What it cannot see
    ///
    /// Whether anybody reads it, and settings of Azure Policy that write logs elsewhere.
    ///
    /// ## Sources
    ///
    /// - [Supported log categories](https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-cognitiveservices-accounts-logs), 2025-04-16
    id: "no-audit-trail",
    title: "No audit log of the account is kept",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["E09", "D01"],
    needs: [DiagnosticSettingsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.15",
        "GDPR Art. 5(2), 32",
        "SOC 2 CC7.2",
        "HIPAA 45 CFR 164.312(b)",
        "NIST SP 800-53 Rev. 5 AU-2",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let settings = context.facts.list(Operation::DiagnosticSettingsList)?;
    let logs = diagnostics::enabled(settings)?;
    let audits = |category: &str| ["Audit", "allLogs"].iter().any(|name| name.eq_ignore_ascii_case(category));
    if let Some(log) = logs.iter().find(|log| audits(log.category) && !log.sinks.is_empty()) {
        let message = format!("the audit log goes to {}", log.sinks.join(" and "));
        return Ok(Verdict::pass(message, log.setting.cite("/properties/logs"), []));
    }
    Ok(Verdict::fail(
        "no diagnostic setting writes the audit log",
        vec![cite_known(settings)?],
        format!(
            "Write it: az monitor diagnostic-settings create --resource {} --name audit --workspace WORKSPACE-ID --logs \
             '[{{\"category\":\"Audit\",\"enabled\":true}}]'",
            shell_word(&context.facts.id.id)
        ),
    ))
}
