//! B06, first half: a deployment can name another one that takes its overflow.

use crate::knowledge::processing::Placement;
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::boundary::{boundary_of, judge, place_of, undecided};
use crate::rules::{CheckResult, Context};
use crate::snapshot::{Deployment, Read};

declare_rule! {
    /// ## What it checks
    ///
    /// Where the deployment named by `properties.spilloverDeploymentName` processes prompts. The name is looked up
    /// among the account's deployments without regard to case and judged like `deployment-leaves-boundary`. No name
    /// means no spillover.
    ///
    /// ## Why it matters
    ///
    /// A provisioned deployment that is full, gets a long prompt or meets a server error (429, 400, 500, 503) hands the
    /// request to the named standard deployment. If that one is Global, prompts leave the boundary exactly when the
    /// system is busy, which no test shows. The Azure Proactive Resiliency Library recommends a pay-as-you-go
    /// deployment beside a provisioned one for overflow (2025-04-04); that is sound where both are inside the boundary.
    ///
    /// ## How to fix
    ///
    /// Name a target inside the boundary, or none.
    ///
    /// **az CLI**: see what is set, and name another target.
    ///
    /// ```sh
    /// az cognitiveservices account deployment show --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT \
    ///   --query properties.spilloverDeploymentName
    /// az resource update --ids DEPLOYMENT-ID --api-version 2026-07-01 \
    ///   --set properties.spilloverDeploymentName=TARGET
    /// ```
    ///
    /// **Bicep**: without `spilloverDeploymentName`, or with a target inside.
    ///
    /// ```bicep
    /// resource chat 'Microsoft.CognitiveServices/accounts/deployments@2026-07-01' = {
    ///   parent: account, name: 'chat'
    ///   sku: { name: 'ProvisionedManaged', capacity: 50 }
    ///   properties: { model: { format: 'OpenAI', name: model, version: version }
    ///     spilloverDeploymentName: 'standard-in-the-region' }
    /// }
    /// ```
    ///
    /// **Terraform**: `azurerm_cognitive_deployment` has no argument for a target, so a deployment it made names none;
    /// an `azapi_resource` of the type above has it in its body.
    ///
    /// **Portal**: Foundry, *Models + endpoints*, the deployment, *Edit*, *Traffic spillover*.
    ///
    /// ## What it cannot see
    ///
    /// Spillover that a caller asks for with a request header: `header-spillover-possible`. A target that spills over
    /// itself is judged in its own result.
    ///
    /// ## Sources
    ///
    /// - [Manage traffic with spillover](https://learn.microsoft.com/azure/foundry/openai/how-to/spillover-traffic-management), 2026-03-04
    /// - [Deployment types](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types), 2026-08-06
    /// - [Azure Proactive Resiliency Library](https://github.com/Azure/Azure-Proactive-Resiliency-Library-v2/blob/main/azure-resources/CognitiveServices/accounts/recommendations.yaml), 2025-04-04
    id: "spillover-leaves-boundary",
    title: "Spillover target processes prompts outside the required boundary",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B06"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    const POINTER: &str = "/properties/spilloverDeploymentName";
    let cited = deployment.0.cite(POINTER);
    let Some(name) = deployment.spillover()? else {
        return Ok(Verdict::pass("no spillover is set on the deployment", cited, []));
    };
    let target = target(context, name)?.ok_or_else(|| {
        let message = format!("spillover names {name}, which is not among the account's deployments");
        Unknown::because(UnknownCause::DanglingReference, message, vec![cited.clone()])
    })?;
    let judgement = judge(context, &target)?;
    let place = place_of(judgement.processing);
    let boundary = boundary_of(context.policy.pin);
    match judgement.placement {
        Placement::Inside => {
            let message =
                format!("spillover goes to {name}, where prompts are processed {place}, which is inside {boundary}");
            Ok(Verdict::pass(message, cited, judgement.evidence()))
        }
        Placement::Outside => {
            let message = format!(
                "spillover goes to {name}, where prompts are processed {place}, which can be outside {boundary}"
            );
            let fix = format!(
                "Deploy again without spilloverDeploymentName, or with a target inside the boundary; see what is set: az \
                 cognitiveservices account deployment show {} --query properties.spilloverDeploymentName",
                context.az_deployment(deployment.name())
            );
            let evidence = std::iter::once(cited).chain(judgement.evidence()).collect();
            Ok(Verdict::fail(message, evidence, fix))
        }
        Placement::Contradictory | Placement::Undocumented => {
            Err(undecided(&format!("spillover target {name}"), judgement))
        }
    }
}

/// The deployment of that name. That there is none can be said only when every row could be read.
fn target<'a>(context: &Context<'a>, name: &str) -> Result<Option<Deployment<'a>>, Unknown> {
    let list = context.facts.deployments.get()?;
    let rows = context.facts.deployments.get_ref().map_or(&[][..], |list| &list.rows);
    let found = rows.iter().filter_map(Read::get_ref).map(Deployment).find(|row| row.name().eq_ignore_ascii_case(name));
    if found.is_none() {
        list.documents()?;
    }
    Ok(found)
}
