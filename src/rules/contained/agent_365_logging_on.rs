//! B14 and D08: Agent 365 receives what agents do unless the account opts out.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, cite_list};
use crate::snapshot::Agent365;

declare_rule! {
    /// ## What it checks
    ///
    /// For accounts with Foundry projects: both documented spellings of the switch, `properties.a365LoggingEnabled`
    /// (stable since api-version 2026-09-01) and `properties.agent365Config.loggingEnabled`.
    ///
    /// | answer | outcome |
    /// |---|---|
    /// | one spelling says off, none says on | pass |
    /// | one says on, or has another value | fail |
    /// | neither is there, in an answer of 2026-09-01 or later | fail: "Defaults to true" |
    /// | neither is there, in an older answer | unknown |
    /// | no Foundry project | not applicable |
    ///
    /// ## Why it matters
    ///
    /// Once the tenant has Agent 365, logging is on by default and sends what agents do to Microsoft 365. There the
    /// data follows the geography of the Entra tenant, not the region of the account, and feeds Defender and Purview,
    /// which keep it by their own rules. Nothing in the account's region or SKU hints at it.
    ///
    /// ## How to fix
    ///
    /// Opt out. Microsoft's page (2026-03-19) sets `properties.agent365Config.loggingEnabled` to `disabled`, the
    /// specification of 2026-09-01 has `a365LoggingEnabled`; where the account shows the first, set both.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" \
    ///   --body '{"properties":{"a365LoggingEnabled":false}}'
    /// ```
    ///
    /// **Bicep** (the published types of August 2026 do not know the property yet, so Bicep warns):
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-09-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   properties: { a365LoggingEnabled: false }
    /// }
    /// ```
    ///
    /// **Terraform**: the azurerm provider has no argument for it, azapi has:
    ///
    /// ```hcl
    /// resource "azapi_update_resource" "account" {
    ///   type        = "Microsoft.CognitiveServices/accounts@2026-09-01"
    ///   resource_id = azurerm_cognitive_account.this.id
    ///   body        = { properties = { a365LoggingEnabled = false } }
    /// }
    /// ```
    ///
    /// **Portal**: none that a source describes step by step; an Azure Policy of effect *modify* can set it for a whole
    /// subscription.
    ///
    /// ## What it cannot see
    ///
    /// Whether the tenant has a licence and gave consent: without both nothing flows, and a waiver can say so. A status
    /// property (`a365Status`) was described but is in no specification, so it is not relied on. Hosted agents can
    /// override the switch in their own code.
    ///
    /// ## Sources
    ///
    /// - [Agent 365 integration](https://learn.microsoft.com/azure/foundry/agents/concepts/agent-365-integration), 2026-06-05
    /// - [Configure Agent 365 data collection](https://learn.microsoft.com/azure/foundry/agents/how-to/configure-agent-365-data-collection), 2026-03-19
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    id: "agent-365-logging-on",
    title: "Agent 365 logging is not switched off",
    axis: Contained,
    severity: High,
    since: "0.1.0",
    controls: ["B14", "D08"],
    needs: [AccountsGet, ProjectsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.12",
        "ISO/IEC 27018:2019 A.12.1",
        "GDPR Art. 5(1)(c), 44",
        "SOC 2 C1.1",
        "NIST SP 800-53 Rev. 5 AC-4",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    const FLAG: &str = "/properties/a365LoggingEnabled";
    const CONFIG: &str = "/properties/agent365Config";
    if context.facts.projects()?.is_empty() {
        return Ok(Verdict::not_applicable("the account has no Foundry project"));
    }
    let account = context.facts.account()?;
    let evidence = vec![account.0.cite(FLAG), account.0.cite(CONFIG), cite_list(&context.facts.projects)?];
    let message = match account.agent_365()? {
        Agent365::Off => {
            return Ok(Verdict::pass(
                "logging to Agent 365 is switched off",
                account.0.cite(FLAG),
                evidence.into_iter().skip(1),
            ));
        }
        Agent365::On => "logging to Agent 365 is on: what agents do goes to the geography of the Entra tenant",
        Agent365::Default => {
            "the account does not opt out of Agent 365 logging, which is on by default in a licensed tenant"
        }
    };
    let fix = context.az_patch(r#"{"properties":{"a365LoggingEnabled":false}}"#);
    Ok(Verdict::fail(message, evidence, format!("Opt out: {fix}")))
}
