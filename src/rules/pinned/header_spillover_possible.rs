//! B06, second half: a caller can ask for spillover with a request header.

use crate::knowledge::processing::Placement;
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::boundary::{boundary_of, judge, provisioned};
use crate::rules::{CheckResult, Context, cite_list};
use crate::snapshot::{Citation, Deployment, Read, Unavailable};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account has both a provisioned deployment inside the boundary and a deployment of another type
    /// outside it. Unknown when a deployment's SKU or place is not known and it could be half of such a pair.
    ///
    /// ## Why it matters
    ///
    /// A caller of the provisioned deployment can name the other one in the header `x-ms-spillover-deployment`; the
    /// overflow of that request is then processed outside the boundary. No property shows or forbids it, and it takes a
    /// caller who wants it, hence *low*. The Azure Proactive Resiliency Library recommends such pairs for overflow
    /// (2025-04-04) without a word on where the second one processes.
    ///
    /// ## How to fix
    ///
    /// Remove the deployment outside the boundary, keep it in an account of its own, or strip the header at the
    /// gateway; in Azure API Management with this line of the inbound policy.
    ///
    /// ```xml
    /// <set-header name="x-ms-spillover-deployment" exists-action="delete" />
    /// ```
    ///
    /// **az CLI**: remove the deployment.
    ///
    /// ```sh
    /// az cognitiveservices account deployment delete --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT
    /// ```
    ///
    /// **Bicep**: the policy at the gateway.
    ///
    /// ```bicep
    /// resource policy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
    ///   parent: api, name: 'policy'
    ///   properties: { format: 'rawxml', value: loadTextContent('policy.xml') }
    /// }
    /// ```
    ///
    /// **Terraform**: the policy at the gateway, as `xml_content` of `azurerm_api_management_api_policy`.
    ///
    /// **Portal**: the API Management service, *APIs*, the API, *Inbound processing*; for the deployment Foundry,
    /// *Models + endpoints*.
    ///
    /// ## What it cannot see
    ///
    /// Whether any caller sends the header; the metric *Azure OpenAI Requests* split by `IsSpillover` shows it
    /// afterwards.
    ///
    /// ## Sources
    ///
    /// - [Manage traffic with spillover](https://learn.microsoft.com/azure/foundry/openai/how-to/spillover-traffic-management), 2026-03-04
    /// - [Azure Proactive Resiliency Library](https://github.com/Azure/Azure-Proactive-Resiliency-Library-v2/blob/main/azure-resources/CognitiveServices/accounts/recommendations.yaml), 2025-04-04
    id: "header-spillover-possible",
    title: "A request header can move overflow outside the required boundary",
    axis: Pinned,
    severity: Low,
    since: "0.1.0",
    controls: ["B06"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SC-7"],
    check: Account(check),
}

/// What a deployment can be in a pair; `None` where it cannot be told.
struct Part<'a> {
    name: &'a str,
    sku: Citation,
    source: Option<bool>,
    target: Option<bool>,
}

fn check(context: &Context<'_>) -> CheckResult {
    let rows = &context.facts.deployments.get()?.rows;
    let read = |row| Read::get(row).map(Deployment);
    let parts: Vec<Result<Part<'_>, Unavailable>> =
        rows.iter().map(|row| read(row).and_then(|deployment| part(context, deployment))).collect();
    let known = || parts.iter().filter_map(|part| part.as_ref().ok());
    let sources: Vec<&Part<'_>> = known().filter(|part| part.source == Some(true)).collect();
    let targets: Vec<&Part<'_>> = known().filter(|part| part.target == Some(true)).collect();
    if let (Some(source), Some(target)) = (sources.first(), targets.first()) {
        return Ok(pair(context, source, target));
    }
    if let Some(why) = parts.iter().find_map(|part| part.as_ref().err()) {
        return Err(why.clone().into());
    }
    if known().any(|part| part.source != Some(false)) && known().any(|part| part.target != Some(false)) {
        let unclear = known().filter(|part| part.source.is_none() || part.target.is_none());
        let message = "it is not documented whether the account's deployments lie on both sides of the boundary";
        return Err(Unknown::because(
            UnknownCause::UndocumentedValue,
            message,
            unclear.map(|part| part.sku.clone()).collect(),
        ));
    }
    let message = "no provisioned deployment inside the boundary has another deployment outside it to spill over to";
    let more: Vec<Citation> = known().map(|part| part.sku.clone()).collect();
    Ok(Verdict::pass(message, cite_list(&context.facts.deployments)?, more))
}

fn part<'a>(context: &Context<'_>, deployment: Deployment<'a>) -> Result<Part<'a>, Unavailable> {
    let reserved = provisioned(&deployment)?;
    let judgement = judge(context, &deployment)?;
    let (inside, outside) = match judgement.placement {
        Placement::Inside => (Some(true), Some(false)),
        Placement::Outside => (Some(false), Some(true)),
        Placement::Contradictory | Placement::Undocumented => (None, None),
    };
    let source = both(reserved, inside);
    let target = both(reserved.map(|reserved| !reserved), outside);
    Ok(Part { name: deployment.name(), sku: judgement.sku, source, target })
}

/// Three-valued "and": false as soon as one side is false.
fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}

fn pair(context: &Context<'_>, source: &Part<'_>, target: &Part<'_>) -> Verdict {
    let message = format!(
        "a request header can send overflow of {} to {}, which is not inside {}",
        source.name,
        target.name,
        boundary_of(context.policy.pin)
    );
    let fix = format!(
        "Strip the header x-ms-spillover-deployment at the gateway, or remove the target: az cognitiveservices account \
         deployment delete {}",
        context.az_deployment(target.name)
    );
    Verdict::fail(message, vec![source.sku.clone(), target.sku.clone()], fix)
}
