//! A05: models in preview can have other terms, abuse monitoring included.

use crate::knowledge::models::known_preview;
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the name or version of the deployed model contains `preview`, or its family is known to be in preview
    /// (`sora`, `gpt-live`). Everything else is not applicable rather than a pass, because a deployment does not show
    /// the lifecycle of its model.
    ///
    /// ## Why it matters
    ///
    /// Features in preview, "including Azure Direct Models in preview, may employ different privacy practices,
    /// including with respect to abuse monitoring". Some advanced models "may have more stringent criteria for turning
    /// off abuse monitoring"; no list of them is public. `ContentLogging` of the account says nothing about either.
    ///
    /// ## How to fix
    ///
    /// Use a generally available model, or get a written statement that the approval covers this one and waive the
    /// result with it. To remove the deployment:
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account deployment delete --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT
    /// ```
    ///
    /// **Bicep**: take the resource `Microsoft.CognitiveServices/accounts/deployments` out of the template. An
    /// incremental deployment of the template leaves the existing one alone, so delete it as above too.
    ///
    /// **Terraform**: take the `azurerm_cognitive_deployment` out of the configuration and apply.
    ///
    /// **Portal**: Foundry, *Models + endpoints*, the deployment, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// The lifecycle of other models; `az cognitiveservices account list-models` shows it (`lifecycleStatus`). Preview
    /// features on a model that is generally available.
    ///
    /// ## Sources
    ///
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Abuse monitoring](https://learn.microsoft.com/azure/foundry/openai/concepts/abuse-monitoring), 2026-05-13
    /// - [GPT-Live](https://learn.microsoft.com/azure/foundry/openai/how-to/gpt-live), 2026-09-04
    /// - [Sora video generation](https://learn.microsoft.com/azure/foundry/openai/concepts/video-generation), 2025-12-01
    id: "preview-model-deployed",
    title: "Model in preview may have other privacy terms",
    axis: Approved,
    severity: High,
    since: "0.1.0",
    controls: ["A05"],
    needs: [DeploymentsList],
    frameworks: ["ISO/IEC 27018:2019 A.11.11", "GDPR Art. 5(1)(c), 28", "SOC 2 C1.2", "NIST SP 800-53 Rev. 5 SI-12"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let model = deployment.model()?;
    let name = deployment.model_name()?;
    if !known_preview(name, model.version) {
        return Ok(Verdict::not_applicable(format!("{name} is not among the models known to be in preview")));
    }
    Ok(Verdict::fail(
        format!(
            "{name} is in preview: its privacy terms, abuse monitoring included, can differ from those of the account"
        ),
        vec![deployment.cite_model()],
        format!(
            "Use a generally available model and remove this one: az cognitiveservices account deployment delete {}",
            context.az_deployment(deployment.name())
        ),
    ))
}
