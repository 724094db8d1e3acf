//! B07: a model router passes prompts on to other models.

use crate::knowledge::models::{Terms, terms};
use crate::knowledge::processing::Placement;
use crate::outcome::Verdict;
use crate::rules::boundary::{boundary_of, judge, place_of, remedy, undecided};
use crate::rules::serving::is_router;
use crate::rules::{CheckResult, Context};
use crate::snapshot::{Deployment, Model};

declare_rule! {
    /// ## What it checks
    ///
    /// For deployments of `model-router`: whether the SKU stays inside the boundary, and whether
    /// `properties.routing.models` names the models it may choose and none of them is Claude or another model served
    /// outside Microsoft's terms. An absent or empty list means all models, Claude included. Not applicable to other
    /// models.
    ///
    /// ## Why it matters
    ///
    /// One deployment name stands for many models. The router exists only as `GlobalStandard` and `DataZoneStandard`,
    /// so a regional boundary is out of reach, and it can choose Claude deployments of the same account. The pages
    /// contradict each other: "traffic stays within your Azure region" (2026-05-01), Global and data-zone SKUs only
    /// (2026-08-12).
    ///
    /// ## How to fix
    ///
    /// Deploy the router with a subset of models, or deploy one model instead.
    ///
    /// **az CLI**: the command that creates a deployment has no argument for the subset; remove the router, or set the
    /// subset in Bicep.
    ///
    /// ```sh
    /// az cognitiveservices account deployment delete --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource router 'Microsoft.CognitiveServices/accounts/deployments@2026-07-01' = {
    ///   parent: account, name: 'router'
    ///   sku: { name: 'DataZoneStandard', capacity: 10 }
    ///   properties: {
    ///     model: { format: 'OpenAI', name: 'model-router', version: version }
    ///     routing: { mode: 'balanced', models: [
    ///       { format: 'OpenAI', name: 'gpt-4.1', version: '2025-04-14' } ] } }
    /// }
    /// ```
    ///
    /// **Terraform**: `azurerm_cognitive_deployment` has no argument for it; an `azapi_resource` of the type above has
    /// the same `routing` in its body.
    ///
    /// **Portal**: Foundry, *Models + endpoints*, *Deploy model*, *Custom*, *Model subset*.
    ///
    /// ## What it cannot see
    ///
    /// Which model answered a request (`model` of each response says so). Under `--pin any` only the models matter.
    ///
    /// ## Sources
    ///
    /// - [Model router](https://learn.microsoft.com/azure/foundry/openai/concepts/model-router), 2026-08-12
    /// - [Model routing in the Responses API](https://learn.microsoft.com/azure/foundry/openai/how-to/responses-model-routing), 2026-05-01
    id: "model-router-leaves-boundary",
    title: "Model router can choose models outside the required boundary",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B07"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 28(2), 44", "SOC 2 CC9.2", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    const POINTER: &str = "/properties/routing";
    if !is_router(deployment.model_name()?) {
        return Ok(Verdict::not_applicable("the deployment is not a model router"));
    }
    let judgement = judge(context, deployment);
    let routing = deployment.0.cite(POINTER);
    let narrow = "Deploy the router with a model subset that has no Claude model, or remove it: az cognitiveservices account \
                  deployment delete";
    let fix = || format!("{narrow} {}", context.az_deployment(deployment.name()));
    if let Ok(outside) = &judgement
        && outside.placement == Placement::Outside
    {
        let (place, boundary) = (place_of(outside.processing), boundary_of(context.policy.pin));
        let message = format!("the router processes prompts {place}, which can be outside {boundary}");
        let evidence = vec![outside.sku.clone(), deployment.cite_model(), routing];
        return Ok(Verdict::fail(message, evidence, remedy(context, deployment, outside.processing)));
    }
    let models = deployment.routing_models()?.unwrap_or_default();
    if models.is_empty() {
        let message = "the router names no models, so it can choose every model it supports, Claude included";
        return Ok(Verdict::fail(message, vec![routing], fix()));
    }
    if let Some(model) = models.iter().find(|model| leaves(model)) {
        let message =
            format!("the router can choose {}, which is processed under another provider's terms", name_of(model));
        return Ok(Verdict::fail(message, vec![routing], fix()));
    }
    if models.iter().any(|model| model.format.is_none() || model.name.is_none()) {
        return Err(deployment.0.unexpected("/properties/routing/models").into());
    }
    let judgement = judgement?;
    match judgement.placement {
        Placement::Inside => {
            let message = format!(
                "the router chooses among {} named models, none of them Claude, inside {}",
                models.len(),
                boundary_of(context.policy.pin)
            );
            let more = std::iter::once(routing).chain(judgement.more);
            Ok(Verdict::pass(message, judgement.sku, more))
        }
        Placement::Outside | Placement::Contradictory | Placement::Undocumented => {
            Err(undecided("the router", judgement))
        }
    }
}

fn leaves(model: &Model<'_>) -> bool {
    match terms(model.format, model.name, model.version) {
        Terms::ClaudeOnAzure | Terms::ClaudeOnAnthropic | Terms::ClaudeUnclear | Terms::Fireworks => true,
        Terms::AzureDirect | Terms::Partner | Terms::LocationUnverified | Terms::Unlisted => false,
    }
}

fn name_of<'a>(model: &Model<'a>) -> &'a str {
    model.name.or(model.format).unwrap_or("an unnamed model")
}
