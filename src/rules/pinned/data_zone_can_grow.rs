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
    /// (2026-03-19) still says member states of the European Union. Review checklists and the resiliency library
    /// recommend data-zone and global SKUs for capacity; here the question is where prompts are processed, so the
    /// narrower SKU is the safer one.
    ///
    /// ## How to fix
    ///
    /// Accept the zone in writing, or use the SKU `Standard` or `ProvisionedManaged`, which stays in the geography of
    /// the account:
    ///
    /// ```text
    /// az cognitiveservices account deployment delete --name NAME --resource-group GROUP --deployment-name DEPLOYMENT
    /// ```
    ///
    /// ## What it cannot see
    ///
    /// In which region of the zone a request was processed.
    ///
    /// ## Sources
    ///
    /// - [Deployment types](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types), 2026-08-06
    /// - [Deployment types, older copy](https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types), 2026-05-08
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/ai-foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Azure Proactive Resiliency Library](https://github.com/Azure/Azure-Proactive-Resiliency-Library-v2), undated page, as known on 2026-11-22
    id: "data-zone-can-grow",
    title: "Data zone can grow without notice",
    axis: Pinned,
    severity: Info,
    since: "0.1.0",
    controls: ["B03"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 SA-9(5)"],
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
