//! B10: the training type decides where training data went, and no deployment shows it.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployed model is fine-tuned or imported (its name has the part `.ft-`, or `properties.model.source`
    /// is set). If it is, a person has to attest the training type. Not applicable to base models.
    ///
    /// ## Why it matters
    ///
    /// Training of type *Standard* stays in the region of the account. With *Global*, "data and weights are copied to
    /// the region where training occurs"; *Developer* gives no residency guarantee, and the data-zone type exists in
    /// the US only. Training data is often the most personal content an account ever sees.
    ///
    /// ## How to fix
    ///
    /// Look the job up in the portal (*Fine-tuning*, the job, *Training type*), train again as *Standard* where it was
    /// something else, and attest. The API lists the jobs: `GET /openai/v1/fine_tuning/jobs`. To remove the deployment:
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
    /// The training type: whether the list of jobs shows it could not be verified.
    ///
    /// ## Sources
    ///
    /// - [Fine-tuning overview](https://learn.microsoft.com/azure/foundry/fine-tuning/overview), 2026-10-06
    /// - [Deployment types](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types), 2026-08-06
    id: "fine-tuning-place-not-attested",
    title: "Nobody attested where the model was trained",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B10"],
    needs: [DeploymentsList],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    if !deployment.fine_tuned()? {
        let name = deployment.model_name()?;
        return Ok(Verdict::not_applicable(format!("{name} is not a fine-tuned model")));
    }
    Ok(Verdict::manual(
        "the model is fine-tuned; with the Global or Developer training type its data and weights left the account's region",
        vec![deployment.cite_model(), deployment.0.cite("/properties/model/source")],
        format!(
            "Look up the training type in the portal (Fine-tuning, the job), then attest it, or: az cognitiveservices account \
             deployment delete {}",
            context.az_deployment(deployment.name())
        ),
    ))
}
