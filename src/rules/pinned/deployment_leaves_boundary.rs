//! B01: the deployment's SKU and model decide where prompts are processed.

use crate::knowledge::processing::{Placement, Processing};
use crate::outcome::Verdict;
use crate::rules::boundary::{boundary_of, caveat_of, judge, place_of, remedy, undecided};
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// `sku.name` of the deployment, and its model, against the boundary of `--pin`. One result per deployment.
    ///
    /// | SKU | region | geography | data zone | any |
    /// |---|---|---|---|---|
    /// | `Standard`, `ProvisionedManaged` | unknown | pass | pass if the account is in the zone | pass |
    /// | `DataZone…` | fail | fail | pass if the account is in the zone | pass |
    /// | `Global…`, `DeveloperTier` | fail | fail | fail | pass |
    /// | any, with Claude version 1 or Fireworks | fail | fail | fail | fail |
    /// | any other SKU | unknown | unknown | unknown | unknown |
    ///
    /// The account's location is read only for a data zone; a location that no source assigns to a zone is unknown.
    ///
    /// ## Why it matters
    ///
    /// A Global deployment may process a prompt in any Azure region where the model runs. Data at rest stays in the
    /// account's geography, except for fine-tuned models on `GlobalStandard`, whose "weights might temporarily be
    /// stored outside".
    ///
    /// Popular advice says the opposite: the Azure Proactive Resiliency Library, which azqr bundles, recommends Global
    /// deployments for capacity (2025-04-04), and Microsoft's review checklist praises their price (2025-12-24).
    /// Neither looks at where prompts are processed, which is all this rule looks at. A third recommendation of the
    /// same library, data zones "for data residency requirements", agrees with `--pin datazone`.
    ///
    /// ## How to fix
    ///
    /// Delete the deployment and create it with a regional SKU, or with a data-zone one where the boundary is that
    /// zone. Not every model has every SKU in every region.
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
    /// Where a single request was processed. Spillover, routers, instant models and tools have rules of their own.
    /// Microsoft's pages contradict each other on regional SKUs ("may be processed between regions within that
    /// geography", 2026-08-06; "in the deployment region", 2026-05-08 and 2026-07-08) and on the EU zone (member states
    /// only, 2026-03-19; the EU Data Boundary with Norway and Switzerland, 2026-08-06). Zones may gain regions "without
    /// prior notice".
    ///
    /// ## Sources
    ///
    /// - [Deployment types](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types), 2026-08-06 and 2026-05-08
    /// - [Region availability of models sold by Azure](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/models-sold-directly-by-azure-region-availability), 2026-07-08
    /// - [Fine-tuning overview](https://learn.microsoft.com/azure/foundry/fine-tuning/overview), 2026-10-06
    /// - [Azure Proactive Resiliency Library](https://github.com/Azure/Azure-Proactive-Resiliency-Library-v2/blob/main/azure-resources/CognitiveServices/accounts/recommendations.yaml), 2025-04-04
    /// - [Azure review checklists](https://github.com/Azure/review-checklists), 2025-12-24
    id: "deployment-leaves-boundary",
    title: "Deployment processes prompts outside the required boundary",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B01", "B03", "B05", "B10", "G06"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let judgement = judge(context, deployment)?;
    let sku = judgement.sku.value.as_str().unwrap_or_default().to_owned();
    let place = place_of(judgement.processing);
    let boundary = boundary_of(context.policy.pin);
    match judgement.placement {
        Placement::Inside => {
            let caveat = caveat_of(context.policy.pin);
            let message = format!("SKU {sku} processes prompts {place}, which is inside {boundary}{caveat}");
            Ok(Verdict::pass(message, judgement.sku, judgement.more))
        }
        Placement::Outside => {
            let mut message = match judgement.processing {
                Processing::External => format!("the model processes prompts {place}, whatever its SKU"),
                Processing::Global | Processing::DataZone | Processing::Geography | Processing::Unknown => {
                    format!("SKU {sku} processes prompts {place}, which can be outside {boundary}")
                }
            };
            // A malformed source changes only how much the message says.
            if sku.eq_ignore_ascii_case("GlobalStandard") && deployment.fine_tuned().unwrap_or(false) {
                message.push_str("; weights of the fine-tuned model might be stored outside the geography as well");
            }
            let fix = remedy(context, deployment, judgement.processing);
            Ok(Verdict::fail(message, judgement.evidence(), fix))
        }
        Placement::Contradictory | Placement::Undocumented => Err(undecided("the deployment", judgement)),
    }
}
