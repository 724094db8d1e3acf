//! §7 of the catalogue: Fireworks models are served outside Azure.

use crate::knowledge::models::{Terms, terms};
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployed model is a Fireworks model: format `Fireworks`, or a name that starts with `FW-`. Not
    /// applicable to other models; unknown when the format or the name cannot be read.
    ///
    /// ## Why it matters
    ///
    /// Fireworks models (preview) "send inference traffic outside of Azure", and Microsoft's data protection addendum
    /// does not apply to them. No setting of the account changes that.
    ///
    /// ## How to fix
    ///
    /// Use a model that Azure runs and remove the deployment. The built-in Azure Policy *Cognitive Services Deployments
    /// should only use approved Registry Models* can restrict accounts to the publishers you name.
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
    /// Models brought to Fireworks under another format and name.
    ///
    /// ## Sources
    ///
    /// - [Fireworks models](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/fireworks-models), 2026-03-03
    /// - [Built-in policy for model deployment](https://learn.microsoft.com/azure/foundry/how-to/model-deployment-policy), 2026-02-24
    id: "fireworks-model-deployed",
    title: "Fireworks model sends prompts outside Azure",
    axis: Pinned,
    severity: Critical,
    since: "0.1.0",
    controls: ["A07", "G05"],
    needs: [DeploymentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1",
        "GDPR Art. 28, 44",
        "SOC 2 CC9.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 SA-9",
    ],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let model = deployment.model()?;
    match terms(model.format, model.name, model.version) {
        Terms::Fireworks => Ok(Verdict::fail(
            "a Fireworks model is deployed: prompts leave Azure and Microsoft's data protection addendum does not apply",
            vec![deployment.cite_model()],
            format!(
                "Use a model that Azure runs and remove this one: az cognitiveservices account deployment delete {}",
                context.az_deployment(deployment.name())
            ),
        )),
        Terms::AzureDirect
        | Terms::Partner
        | Terms::ClaudeOnAzure
        | Terms::ClaudeOnAnthropic
        | Terms::ClaudeUnclear
        | Terms::LocationUnverified
        | Terms::Unlisted => {
            let (format, name) = (deployment.model_format()?, deployment.model_name()?);
            Ok(Verdict::not_applicable(format!("{name} of format {format} is not a Fireworks model")))
        }
    }
}
