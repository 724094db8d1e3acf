//! C22: Claude on Anthropic's infrastructure has stores of its own.

use crate::knowledge::models::{Terms, terms};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployment is Claude with model version 1, which is hosted by Anthropic. Version 2 passes; another
    /// version is unknown. Not applicable to other models.
    ///
    /// ## Why it matters
    ///
    /// Claude *hosted on Anthropic* adds the APIs `/files` and `/skills`. What callers put there is kept by Anthropic,
    /// outside Azure, until it is deleted; no setting of the account reaches it.
    ///
    /// ## How to fix
    ///
    /// Delete files and skills with Anthropic's API, deploy model version 2 (*hosted on Azure*) under another name, and
    /// remove this deployment.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account deployment delete --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT
    /// ```
    ///
    /// **Bicep**: `model: { format: 'Anthropic', name: 'MODEL', version: '2' }` in the properties of
    /// `Microsoft.CognitiveServices/accounts/deployments`.
    ///
    /// **Terraform**: `version = "2"` in the `model` block of `azurerm_cognitive_deployment`.
    ///
    /// **Portal**: Foundry, *Models + endpoints*, *Deploy model*, version 2; then the old deployment, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// Files and skills that exist, and what Anthropic keeps of requests; see `claude-processed-by-anthropic`.
    ///
    /// ## Sources
    ///
    /// - [Claude: hosting comparison](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/claude-models-hosting-comparison), 2026-07-20
    /// - [Claude: data, privacy and security](https://learn.microsoft.com/azure/foundry/responsible-ai/claude-models/data-privacy), 2026-06-23
    id: "claude-files-kept-by-anthropic",
    title: "Claude deployment has file and skill stores at Anthropic",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C22", "G04"],
    needs: [DeploymentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1",
        "GDPR Art. 5(1)(e), 28(2)",
        "SOC 2 CC9.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 SA-9",
    ],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let model = deployment.model()?;
    let cited = deployment.cite_model();
    match terms(model.format, model.name, model.version) {
        Terms::ClaudeOnAnthropic => Ok(Verdict::fail(
            "Claude version 1 runs at Anthropic, whose file and skill stores callers can use",
            vec![cited],
            format!(
                "Deploy model version 2 and remove this one: az cognitiveservices account deployment delete {}",
                context.az_deployment(deployment.name())
            ),
        )),
        Terms::ClaudeOnAzure => {
            Ok(Verdict::pass("Claude version 2 runs in Azure and has no file or skill store", cited, []))
        }
        Terms::ClaudeUnclear => {
            let message = "no source says where this version of Claude is hosted";
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]))
        }
        Terms::AzureDirect | Terms::Partner | Terms::Fireworks | Terms::LocationUnverified | Terms::Unlisted => {
            let (format, name) = (deployment.model_format()?, deployment.model_name()?);
            Ok(Verdict::not_applicable(format!("{name} of format {format} is not Claude")))
        }
    }
}
