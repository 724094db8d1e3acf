//! C18: image models that answer with a link store the image.

use crate::knowledge::models::links_images;
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployed model is a DALL·E model. Other models pass: GPT-image returns the image itself.
    ///
    /// ## Why it matters
    ///
    /// DALL·E can answer with a link, and the image stays behind it for 24 hours. The models are retired; the number
    /// comes from pages that are no longer there and could not be read again.
    ///
    /// ## How to fix
    ///
    /// Use a GPT-image model, or ask for `response_format: b64_json`, which returns the image itself. To remove the
    /// deployment:
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
    /// Whether callers ask for links, and images that exist now.
    ///
    /// ## Sources
    ///
    /// - [Image generation](https://learn.microsoft.com/azure/foundry/openai/how-to/dall-e), 2026-04-17
    id: "image-links-kept",
    title: "Image model stores images behind links for a day",
    axis: Stateless,
    severity: Low,
    since: "0.1.0",
    controls: ["C18"],
    needs: [DeploymentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 17",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let name = deployment.model_name()?;
    let cited = deployment.cite_model();
    if !links_images(name) {
        return Ok(Verdict::pass(format!("{name} does not answer with links to stored images"), cited, []));
    }
    Ok(Verdict::fail(
        format!("{name} can answer with links to images, which the service stores for 24 hours"),
        vec![cited],
        format!(
            "Use a GPT-image model and remove this one: az cognitiveservices account deployment delete {}",
            context.az_deployment(deployment.name())
        ),
    ))
}
