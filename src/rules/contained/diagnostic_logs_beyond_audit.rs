//! D01: diagnostic settings copy more about requests than an audit trail needs.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context, cite_known, diagnostics, shell_word};
use crate::snapshot::{Citation, Operation};

declare_rule! {
    /// ## What it checks
    ///
    /// Which log categories the diagnostic settings of the account write, and where to. `RequestResponse`, `Trace` and
    /// the group `allLogs` fail; `Audit` and `AzureOpenAIRequestUsage` do not; a category this program does not know is
    /// unknown.
    ///
    /// ## Why it matters
    ///
    /// The logs are a copy outside the service, kept as long as the workspace, storage account or event hub keeps it.
    /// By the word of Microsoft's maintainers the platform does not log prompts and completions (2024-01-12), hence the
    /// severity; but no page lists every field of `Trace`. Popular checks ask for diagnostic logs without saying which
    /// (prowler, and the Azure Proactive Resiliency Library, 2025-04-04): for zero retention the category `Audit` is
    /// enough.
    ///
    /// ## How to fix
    ///
    /// Turn off all categories but `Audit`.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az monitor diagnostic-settings list --resource ACCOUNT-ID
    /// az monitor diagnostic-settings update --resource ACCOUNT-ID \
    ///   --name SETTING --logs '[{"category":"Audit","enabled":true}]'
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
    /// **Terraform**: one block in `azurerm_monitor_diagnostic_setting`.
    ///
    /// ```hcl
    /// enabled_log {
    ///   category = "Audit"
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Monitoring*, *Diagnostic settings*, *Edit setting*.
    ///
    /// ## What it cannot see
    ///
    /// What the rows hold, how long the sink keeps them, and logs that a gateway or an application writes.
    ///
    /// ## Sources
    ///
    /// - [Supported log categories](https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-cognitiveservices-accounts-logs), 2025-04-16
    /// - [dolevshor/Azure-OpenAI-Insights#1](https://github.com/dolevshor/Azure-OpenAI-Insights/issues/1), 2024-01-12
    /// - [Azure Proactive Resiliency Library](https://github.com/Azure/Azure-Proactive-Resiliency-Library-v2/blob/main/azure-resources/CognitiveServices/accounts/recommendations.yaml), 2025-04-04
    id: "diagnostic-logs-beyond-audit",
    title: "Diagnostic settings log requests in more detail than an audit needs",
    axis: Contained,
    severity: Low,
    since: "0.1.0",
    controls: ["D01"],
    needs: [DiagnosticSettingsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.12",
        "GDPR Art. 5(1)(c)",
        "SOC 2 C1.1",
        "HIPAA 45 CFR 164.502(b)",
        "NIST SP 800-53 Rev. 5 AU-3(3)",
    ],
    check: Account(check),
}

const REQUESTS: [&str; 3] = ["RequestResponse", "Trace", "allLogs"];
const HARMLESS: [&str; 3] = ["Audit", "audit", "AzureOpenAIRequestUsage"];

fn check(context: &Context<'_>) -> CheckResult {
    let settings = context.facts.list(Operation::DiagnosticSettingsList)?;
    let logs = diagnostics::enabled(settings)?;
    let is = |names: &[&str], category: &str| names.iter().any(|name| name.eq_ignore_ascii_case(category));
    let (mut found, mut cited): (Vec<String>, Vec<Citation>) = (Vec::new(), Vec::new());
    for log in logs.iter().filter(|log| is(&REQUESTS, log.category)) {
        found.push(format!("{} to {}", log.category, log.sinks.join(" and ")));
        cited.push(log.setting.cite("/properties/logs"));
    }
    if !found.is_empty() {
        found.sort();
        found.dedup();
        let fix = format!(
            "Turn off all categories but Audit: az monitor diagnostic-settings list --resource {}",
            shell_word(&context.facts.id.id)
        );
        return Ok(Verdict::fail(format!("diagnostic settings write {}", found.join(", ")), cited, fix));
    }
    if let Some(odd) = logs.iter().find(|log| !is(&HARMLESS, log.category)) {
        let message = format!("a diagnostic setting writes {}, which this program does not know", odd.category);
        let cited = vec![odd.setting.cite("/properties/logs")];
        return Err(Unknown::because(UnknownCause::UndocumentedValue, message, cited));
    }
    let more = logs.iter().map(|log| log.setting.cite("/properties/logs"));
    Ok(Verdict::pass("no diagnostic setting logs requests", cite_known(settings)?, more))
}
