//! C08: a fine-tuned model has training files and weights behind it.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployed model is fine-tuned or imported: its name has the part `.ft-`, or `properties.model.source`
    /// is set.
    ///
    /// ## Why it matters
    ///
    /// Fine-tuning keeps training, validation and result files and the resulting weights until somebody deletes them.
    /// Weights can repeat what they were trained on. With the *Global* training type, "data and weights are copied to
    /// the region where training occurs".
    ///
    /// ## How to fix
    ///
    /// Delete the deployment, then the model and its files (`DELETE /openai/v1/models/ID`, `DELETE
    /// /openai/v1/files/ID`).
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
    /// Fine-tuned models and training files without a deployment, the training type, and what the training data was.
    ///
    /// ## Sources
    ///
    /// - [Fine-tuning overview](https://learn.microsoft.com/azure/foundry/fine-tuning/overview), 2026-10-06
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    id: "fine-tuned-deployment",
    title: "Fine-tuned model keeps training files and weights",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["B10", "C08"],
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
    let source = deployment.0.cite("/properties/model/source");
    if !deployment.fine_tuned()? {
        let name = deployment.model_name()?;
        return Ok(Verdict::pass(format!("{name} is not a fine-tuned model"), deployment.cite_model(), [source]));
    }
    Ok(Verdict::fail(
        "the deployed model is fine-tuned: training files and weights are kept until deleted",
        vec![deployment.cite_model(), source],
        format!(
            "Delete the deployment, then the model and its files in the portal under Fine-tuning: az cognitiveservices account \
             deployment delete {}",
            context.az_deployment(deployment.name())
        ),
    ))
}
