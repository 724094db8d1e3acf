//! B08: instant models answer without a deployment, from the Global quota.

use crate::knowledge::processing::Pin;
use crate::outcome::Verdict;
use crate::rules::serving::{Instant, instant};
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.instant.modelAllowList` of a Foundry account is an empty list.
    ///
    /// | account | outcome |
    /// |---|---|
    /// | list there and empty, or a location other than West US 3 without the property | pass |
    /// | list with models | fail |
    /// | West US 3 without the property | unknown |
    /// | kind `OpenAI` and kinds that host no models; `--pin any` | not applicable |
    ///
    /// ## Why it matters
    ///
    /// Instant models (preview) can be called without any deployment and use the Global quota pool, with the default
    /// guardrails. A list of deployments does not show them.
    ///
    /// ## How to fix
    ///
    /// Allow no model.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-01-15-preview" \
    ///   --body '{"properties":{"instant":
    ///     {"raiPolicyName":"Microsoft.DefaultV2","modelAllowList":[]}}}'
    /// ```
    ///
    /// **Bicep**: no published type has the property, so Bicep warns and sends it.
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-01-15-preview' = {
    ///   name: name, location: location, kind: 'AIServices', sku: { name: 'S0' }
    ///   properties: { instant: {
    ///     raiPolicyName: 'Microsoft.DefaultV2', modelAllowList: []
    ///   } }
    /// }
    /// ```
    ///
    /// **Terraform**: the azurerm provider has no argument for it, azapi has:
    ///
    /// ```hcl
    /// resource "azapi_update_resource" "account" {
    ///   type        = "Microsoft.CognitiveServices/accounts@2026-01-15-preview"
    ///   resource_id = azurerm_cognitive_account.this.id
    ///   body = { properties = { instant = {
    ///     raiPolicyName = "Microsoft.DefaultV2", modelAllowList = []
    ///   } } }
    /// }
    /// ```
    ///
    /// **Portal**: none that a source describes; Azure Policy can switch it off as well.
    ///
    /// ## What it cannot see
    ///
    /// The property is documented for 2026-01-15-preview but is in no public specification; whether a stable
    /// api-version returns it is not verified. West US 3 is the only location as of 2026-07-10.
    ///
    /// ## Sources
    ///
    /// - [Instant access models](https://learn.microsoft.com/azure/foundry/concepts/instant-models), 2026-07-10
    id: "instant-access-open",
    title: "Instant models can be called without a deployment",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B08"],
    needs: [AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 CM-7"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    match context.policy.pin {
        Pin::Any => return Ok(Verdict::not_applicable("policy allows processing anywhere in Azure")),
        Pin::Region | Pin::Geography | Pin::DataZone(_) => {}
    }
    let account = context.facts.account()?;
    match instant(&account)? {
        Instant::NotOffered(kind) => {
            Ok(Verdict::not_applicable(format!("accounts of kind {kind} do not offer instant models")))
        }
        Instant::Closed { why, first, more } => Ok(Verdict::pass(why, first, more)),
        Instant::Open(list) => {
            let body = r#"{"properties":{"instant":{"raiPolicyName":"Microsoft.DefaultV2","modelAllowList":[]}}}"#;
            let command = context.az_patch(body).replace("2026-09-01", "2026-01-15-preview");
            let message = "instant models are allowed: prompts are processed in any Azure region, without a deployment";
            Ok(Verdict::fail(message, vec![list], format!("Empty the list: {command}")))
        }
    }
}
