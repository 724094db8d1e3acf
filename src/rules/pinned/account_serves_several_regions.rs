//! B04: an account can be spread over several regions.

use crate::knowledge::regions::normalise;
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.locations.regions` of the account names a region other than its `location`.
    ///
    /// ## Why it matters
    ///
    /// A multi-region account is one endpoint in front of several regions. Requests, and what the account stores, can
    /// then be in any of them, whatever the SKU of a deployment says about the account's own location. The property
    /// applies under every `--pin`, because it also spreads data at rest. The Azure Proactive Resiliency Library
    /// recommends several regions for availability (2025-04-04): several accounts, each of which passes, serve that as
    /// well as one account that spreads.
    ///
    /// ## How to fix
    ///
    /// Remove the other regions from the account, or use one single-region account per region.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" \
    ///   --body '{"properties":{"locations":{"regions":[]}}}'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   properties: { locations: { regions: [] } }
    /// }
    /// ```
    ///
    /// **Terraform**: the azurerm provider has no argument for it, so an account it made has no other region; for
    /// others azapi:
    ///
    /// ```hcl
    /// resource "azapi_update_resource" "account" {
    ///   type        = "Microsoft.CognitiveServices/accounts@2026-07-01"
    ///   resource_id = azurerm_cognitive_account.this.id
    ///   body        = { properties = { locations = { regions = [] } } }
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Overview*, *JSON view* shows `locations`; no source describes a page that changes
    /// them.
    ///
    /// ## What it cannot see
    ///
    /// Traffic managers and gateways in front of the account. Microsoft documents the property in the schema alone;
    /// that other regions hold data is our reading of it.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    /// - [Azure Proactive Resiliency Library](https://github.com/Azure/Azure-Proactive-Resiliency-Library-v2/blob/main/azure-resources/CognitiveServices/accounts/recommendations.yaml), 2025-04-04
    id: "account-serves-several-regions",
    title: "Account serves several regions",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B04"],
    needs: [AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    const POINTER: &str = "/properties/locations";
    let account = context.facts.account()?;
    let regions = account.region_names()?;
    let location = account.location()?;
    let elsewhere: Vec<&str> = regions.into_iter().filter(|region| normalise(region) != normalise(location)).collect();
    let cited = account.0.cite(POINTER);
    if elsewhere.is_empty() {
        let message = format!("the account names no region other than {location}");
        return Ok(Verdict::pass(message, cited, [account.0.cite("/location")]));
    }
    Ok(Verdict::fail(
        format!("the account in {location} also serves {}", elsewhere.join(", ")),
        vec![cited, account.0.cite("/location")],
        format!("Remove the other regions: {}", context.az_patch(r#"{"properties":{"locations":{"regions":[]}}}"#)),
    ))
}
