//! B03: the members of a data zone are not fixed.

use crate::knowledge::processing::{Processing, find_sku};
use crate::knowledge::regions::{Zone, find};
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the SKU of the deployment processes in a data zone, and in which. Advice only: whether a zone is allowed
    /// at all is the business of `deployment-leaves-boundary`. Not applicable to other SKUs.
    ///
    /// ## Why it matters
    ///
    /// Regions can be added to a zone "without prior notice". The EU zone follows the EU Data Boundary and can include
    /// Norway and Switzerland, which a policy of "EU member states only" does not allow; the data-privacy page
    /// (2026-03-19) still says member states of the European Union. The Azure Proactive Resiliency Library recommends
    /// data zones "for data residency requirements" and global SKUs for capacity (2025-04-04); here the question is
    /// where prompts are processed, so the narrowest SKU is the safest.
    ///
    /// ## How to fix
    ///
    /// Accept the zone in writing, or create the deployment anew with `Standard` or `ProvisionedManaged`, which stays
    /// in the geography of the account.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account deployment create --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT \
    ///   --sku-name Standard --sku-capacity 10 --model-format OpenAI \
    ///   --model-name MODEL --model-version VERSION
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource chat 'Microsoft.CognitiveServices/accounts/deployments@2026-07-01' = {
    ///   parent: account, name: 'chat', sku: { name: 'Standard', capacity: 10 }
    ///   properties: { model: { format: 'OpenAI', name: model, version: version } }
    /// }
    /// ```
    ///
    /// **Terraform**: a block of `azurerm_cognitive_deployment`; the change forces a new deployment.
    ///
    /// ```hcl
    /// sku {
    ///   name     = "Standard"
    ///   capacity = 10
    /// }
    /// ```
    ///
    /// **Portal**: Foundry, *Models + endpoints*, *Deploy model*, *Customize*, *Deployment type*.
    ///
    /// ## What it cannot see
    ///
    /// In which region of the zone a request was processed. The version of the page of May 2026 knows the zones US and
    /// EU only, that of August also Asia Pacific.
    ///
    /// ## Sources
    ///
    /// - [Deployment types](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types), 2026-08-06 and 2026-05-08
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Azure Proactive Resiliency Library](https://github.com/Azure/Azure-Proactive-Resiliency-Library-v2/blob/main/azure-resources/CognitiveServices/accounts/recommendations.yaml), 2025-04-04
    id: "data-zone-can-grow",
    title: "Data zone can grow without notice",
    axis: Pinned,
    severity: Info,
    since: "0.1.0",
    controls: ["B03"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let sku = deployment.sku()?;
    match find_sku(sku).map(|known| known.processing) {
        Some(Processing::DataZone) => {}
        Some(Processing::Global | Processing::Geography | Processing::External | Processing::Unknown) | None => {
            return Ok(Verdict::not_applicable(format!("{sku} is not a data-zone SKU")));
        }
    }
    let account = context.facts.account()?;
    let zone = match find(account.location()?).and_then(|region| region.zone) {
        Some(Zone::Eu) => "the EU data zone can include Norway and Switzerland, and grow",
        Some(Zone::Us | Zone::Apac | Zone::UsGov) | None => "the data zone can grow",
    };
    Ok(Verdict::fail(
        format!("{zone} without prior notice"),
        vec![deployment.0.cite("/sku/name"), account.0.cite("/location")],
        format!(
            "Accept the zone in writing, or create the deployment again as Standard: az cognitiveservices account deployment \
             delete {}",
            context.az_deployment(deployment.name())
        ),
    ))
}
