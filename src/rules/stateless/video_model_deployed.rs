//! C17: video models keep their results for a day.

use crate::knowledge::models::keeps_videos;
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the name of the deployed model starts with `sora`.
    ///
    /// ## Why it matters
    ///
    /// Video generation is a job. The job and its videos stay available for 24 hours after creation, so prompts and
    /// results are at rest in the service for that long.
    ///
    /// ## How to fix
    ///
    /// Delete each video after download (`DELETE /openai/v1/videos/ID`), or remove the deployment.
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
    /// Videos that exist now (`GET /openai/v1/videos` lists them). Video generation is in preview; a video model of
    /// another family is not recognised.
    ///
    /// ## Sources
    ///
    /// - [Sora video generation](https://learn.microsoft.com/azure/foundry/openai/concepts/video-generation), 2025-12-01
    id: "video-model-deployed",
    title: "Video model keeps its results for 24 hours",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C17"],
    needs: [DeploymentsList],
    frameworks: ["ISO/IEC 27018:2019 A.5.1", "GDPR Art. 5(1)(e)", "SOC 2 C1.2", "NIST SP 800-53 Rev. 5 SI-12"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let name = deployment.model_name()?;
    let cited = deployment.cite_model();
    if !keeps_videos(name) {
        return Ok(Verdict::pass(format!("{name} is not a video model"), cited, []));
    }
    Ok(Verdict::fail(
        format!("{name} makes videos, which the service keeps for 24 hours"),
        vec![cited],
        format!(
            "Delete each video after download (DELETE /openai/v1/videos/ID), or: az cognitiveservices account deployment delete {}",
            context.az_deployment(deployment.name())
        ),
    ))
}
