//! H03: logs of a Communication Services resource name people.

use crate::knowledge::communication::{COUNTING_LOGS, NAMING_LOGS};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Communication, cite_known, diagnostics, shell_word};
use crate::snapshot::Citation;

declare_rule! {
    /// ## What it checks
    ///
    /// Which log categories the diagnostic settings of the resource write, and where to. Those with a documented column
    /// for identities, phone numbers or e-mail addresses fail (`AuthOperational`, `CallDiagnostics`, `CallSummary`,
    /// `ChatOperational`, `EmailStatusUpdateOperational`, `EmailUserEngagementOperational`, `SMSOperational`, and the
    /// group `allLogs`); `EmailSendMailOperational` and `RoomsOperational` only count. All others are unknown. Asked
    /// with `--include communication` only.
    ///
    /// ## Why it matters
    ///
    /// "Some of these logs include Communication Services identities and phone numbers as field data": a second place
    /// in which a person has to be found and deleted, kept as long as the workspace, storage account or event hub keeps
    /// it. They hold no messages.
    ///
    /// ## How to fix
    ///
    /// Turn off the categories nobody needs, and shorten the retention of the rest.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az monitor diagnostic-settings list --resource RESOURCE-ID
    /// az monitor diagnostic-settings update --resource RESOURCE-ID \
    ///   --name SETTING --logs '[{"category":"RoomsOperational","enabled":true}]'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource rooms 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
    ///   name: 'rooms', scope: communication
    ///   properties: { workspaceId: workspace.id
    ///     logs: [ { category: 'RoomsOperational', enabled: true } ] }
    /// }
    /// ```
    ///
    /// **Terraform**: one block in `azurerm_monitor_diagnostic_setting`.
    ///
    /// ```hcl
    /// enabled_log {
    ///   category = "RoomsOperational"
    /// }
    /// ```
    ///
    /// **Portal**: the resource, *Monitoring*, *Diagnostic settings*, *Edit setting*.
    ///
    /// ## What it cannot see
    ///
    /// What the rows hold, and categories whose columns were not looked up: they are unknown, not harmless.
    ///
    /// ## Sources
    ///
    /// - [Region availability and data residency of Communication Services](https://learn.microsoft.com/azure/communication-services/concepts/privacy), undated page, as known on 2026-11-22
    /// - [Voice and video calling logs](https://learn.microsoft.com/azure/communication-services/concepts/analytics/logs/voice-and-video-logs), 2023-03-21
    /// - [Chat and authentication logs](https://learn.microsoft.com/azure/communication-services/concepts/analytics/logs/chat-logs), 2023-03-21
    /// - [SMS logs](https://learn.microsoft.com/azure/communication-services/concepts/analytics/logs/sms-logs), 2023-04-14
    /// - [Email logs](https://learn.microsoft.com/azure/communication-services/concepts/analytics/logs/email-logs), 2023-06-01
    id: "communication-logs-carry-identities",
    title: "Logs of Communication Services name identities and phone numbers",
    axis: Contained,
    severity: Low,
    since: "0.1.0",
    controls: ["H03"],
    needs: [CommunicationServicesList, CommunicationDiagnosticsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.34",
        "GDPR Art. 5(1)(c)",
        "SOC 2 C1.1",
        "NIST SP 800-53 Rev. 5 AU-3(3)",
    ],
    check: Communication(check),
}

fn check(context: &Communication<'_>) -> CheckResult {
    let settings = context.service.diagnostic_settings()?;
    let logs = diagnostics::enabled(settings)?;
    let holds = |category: &str| NAMING_LOGS.iter().find(|(own, _)| own.eq_ignore_ascii_case(category));
    let (mut found, mut cited): (Vec<String>, Vec<Citation>) = (Vec::new(), Vec::new());
    for log in &logs {
        if let Some((category, what)) = holds(log.category) {
            found.push(format!("{category} ({what}) to {}", log.sinks.join(" and ")));
            cited.push(log.setting.cite("/properties/logs"));
        }
    }
    if !found.is_empty() {
        found.sort();
        found.dedup();
        let id = shell_word(context.service.id());
        let fix = format!("Turn off what nobody needs: az monitor diagnostic-settings list --resource {id}");
        return Ok(Verdict::fail(format!("diagnostic settings write {}", found.join(", ")), cited, fix));
    }
    let counts = |category: &str| COUNTING_LOGS.iter().any(|own| own.eq_ignore_ascii_case(category));
    if let Some(odd) = logs.iter().find(|log| !counts(log.category)) {
        let message =
            format!("a diagnostic setting writes {}, of which no page says whether it names people", odd.category);
        let cited = vec![odd.setting.cite("/properties/logs")];
        return Err(Unknown::because(UnknownCause::UndocumentedValue, message, cited));
    }
    let more = logs.iter().map(|log| log.setting.cite("/properties/logs"));
    Ok(Verdict::pass("no diagnostic setting writes logs that name people", cite_known(settings)?, more))
}
