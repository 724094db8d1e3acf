//! D04: risk and safety monitoring writes user identifiers to Data Explorer.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.raiMonitorConfig.adxStorageResourceId` of the account is set.
    ///
    /// ## Why it matters
    ///
    /// Risk and safety monitoring writes a GUID per user and statistics of harmful requests to a database of the
    /// customer. The GUID comes from the field `user` of requests. Prompts are not said to be written, but the records
    /// are pseudonymous personal data that stay as long as the database keeps them. Microsoft recommends the feature
    /// for finding abusers; a claim of zero retention has to name it.
    ///
    /// ## How to fix
    ///
    /// Remove the sink, or set a retention policy on the database and keep names and addresses out of `user`.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" \
    ///   --body '{"properties":{"raiMonitorConfig":null}}'
    /// ```
    ///
    /// **Bicep**, without `raiMonitorConfig`:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   properties: { customSubDomainName: name }
    /// }
    /// ```
    ///
    /// **Terraform**: the azurerm provider has no argument for it, so an account it made has no sink; for others azapi:
    ///
    /// ```hcl
    /// resource "azapi_update_resource" "account" {
    ///   type        = "Microsoft.CognitiveServices/accounts@2026-07-01"
    ///   resource_id = azurerm_cognitive_account.this.id
    ///   body        = { properties = { raiMonitorConfig = null } }
    /// }
    /// ```
    ///
    /// **Portal**: Foundry, *Guardrails + controls*, *Risks + alerts*, *Set up data source*.
    ///
    /// ## What it cannot see
    ///
    /// The database and its retention. What exactly is written is described in one page only.
    ///
    /// ## Sources
    ///
    /// - [Risks and safety monitoring](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/risks-safety-monitor), 2026-01-30
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    id: "risk-monitoring-sink",
    title: "Risk monitoring writes user statistics to Data Explorer",
    axis: Contained,
    severity: Low,
    since: "0.1.0",
    controls: ["D04"],
    needs: [AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.12",
        "GDPR Art. 5(1)(c), 5(1)(e)",
        "SOC 2 C1.1",
        "NIST SP 800-53 Rev. 5 AU-3(3)",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let account = context.facts.account()?;
    let cited = account.0.cite("/properties/raiMonitorConfig");
    if account.risk_monitor_sink()?.is_none() {
        return Ok(Verdict::pass("risk and safety monitoring has no sink", cited, []));
    }
    let fix = context.az_patch(r#"{"properties":{"raiMonitorConfig":null}}"#);
    Ok(Verdict::fail(
        "risk and safety monitoring writes user identifiers and statistics to a database of yours",
        vec![cited],
        format!("Limit the database's retention, or remove the sink: {fix}"),
    ))
}
