//! A07: `ContentLogging` speaks for models sold by Azure only.

use crate::knowledge::models::{Terms, terms};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployed model is one that Microsoft's abuse-monitoring terms, and so the account's `ContentLogging`
    /// entry, apply to. ARM has no field for it; the model's format is compared with dated lists.
    ///
    /// | model | outcome |
    /// |---|---|
    /// | sold by Azure (OpenAI, xAI, DeepSeek, Black Forest Labs) | pass |
    /// | Claude, Fireworks | fail |
    /// | marketplace partner (Cohere, Stability AI) | manual |
    /// | Meta, Mistral AI, Microsoft (on both lists), Baseten, any other format | unknown |
    ///
    /// ## Why it matters
    ///
    /// "Storage is off" is a statement about Microsoft's own store. For a model of another provider that provider's
    /// contract decides what is kept, and the account's entry says nothing about it.
    ///
    /// ## How to fix
    ///
    /// Replace the model by one that is sold by Azure, or keep it in an account of its own and get zero retention in
    /// writing from the provider. To remove it:
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
    /// Models with stricter criteria: "some advanced models" have "more stringent criteria for turning off abuse
    /// monitoring", and previews may differ; Microsoft publishes no list of either.
    ///
    /// ## Sources
    ///
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Models from partners](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/models-from-partners), 2026-04-16
    /// - [Claude: data, privacy and security](https://learn.microsoft.com/azure/foundry/responsible-ai/claude-models/data-privacy), 2026-06-23
    /// - [Fireworks models](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/fireworks-models), 2026-03-03
    id: "model-outside-abuse-monitoring-terms",
    title: "Model is outside Microsoft's abuse-monitoring terms",
    axis: Approved,
    severity: High,
    since: "0.1.0",
    controls: ["A05", "A07", "G01", "G02", "G03", "G06"],
    needs: [DeploymentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1",
        "GDPR Art. 28(2), 28(4)",
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
        Terms::AzureDirect => {
            let format = deployment.model_format()?;
            // Without a name a Claude or Fireworks model under this format could not be told.
            deployment.model_name()?;
            let message =
                format!("models of format {format} are sold by Azure: the account's abuse-monitoring state applies");
            Ok(Verdict::pass(message, cited, []))
        }
        Terms::ClaudeOnAzure | Terms::ClaudeOnAnthropic | Terms::ClaudeUnclear => {
            Ok(outside(context, deployment, "Anthropic"))
        }
        Terms::Fireworks => Ok(outside(context, deployment, "Fireworks")),
        Terms::Partner => Ok(Verdict::manual(
            format!(
                "format {} is a marketplace partner's; an opt-out from abuse monitoring is not documented for it",
                deployment.model_format()?
            ),
            vec![cited],
            format!(
                "Attest that the provider's contract excludes retention, or remove the model: az cognitiveservices account \
                 deployment delete {}",
                context.az_deployment(deployment.name())
            ),
        )),
        Terms::LocationUnverified | Terms::Unlisted => {
            let format = deployment.model_format()?;
            let message = format!(
                "no list says whether models of format {format} are covered by Microsoft's abuse-monitoring terms"
            );
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]))
        }
    }
}

fn outside(context: &Context<'_>, deployment: &Deployment<'_>, provider: &str) -> Verdict {
    let message = format!("the model is served under the terms of {provider}: ContentLogging does not cover it");
    let fix = format!(
        "Use a model sold by Azure and remove this one: az cognitiveservices account deployment delete {}",
        context.az_deployment(deployment.name())
    );
    Verdict::fail(message, vec![deployment.cite_model()], fix)
}
