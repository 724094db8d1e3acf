//! §7 of the catalogue: the version of a Claude model says who runs it.

use crate::knowledge::models::{Terms, terms};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// `properties.model` of Claude deployments. Version `1` is hosted on Anthropic's infrastructure, version `2` on
    /// Azure.
    ///
    /// | model | outcome |
    /// |---|---|
    /// | Claude, version 1 | fail |
    /// | Claude, version 2 | manual |
    /// | Claude, another or no version | unknown |
    /// | not Claude | not applicable |
    ///
    /// ## Why it matters
    ///
    /// Version 1 is processed outside Azure and outside the region. Version 2 runs on Azure, Global or in the US data
    /// zone only, and Anthropic is still the data processor: flagged content may go to its Trust & Safety team.
    /// `ContentLogging` applies to neither.
    ///
    /// ## How to fix
    ///
    /// Replace version 1 by version 2, or by a model sold by Azure. For version 2, have zero data retention agreed with
    /// Anthropic and attest it.
    ///
    /// **az CLI**: remove a deployment.
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
    /// The contract with Anthropic, and the files and skills that version 1 keeps at Anthropic.
    ///
    /// ## Sources
    ///
    /// - [Claude: data, privacy and security](https://learn.microsoft.com/azure/foundry/responsible-ai/claude-models/data-privacy), 2026-06-23
    /// - [Claude hosting comparison](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/claude-models-hosting-comparison), 2026-07-20
    id: "claude-processed-by-anthropic",
    title: "Claude content is processed by Anthropic",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["A07", "C22", "G03", "G04"],
    needs: [DeploymentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1",
        "GDPR Art. 28(2), 44",
        "SOC 2 CC9.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 SA-9",
    ],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let model = deployment.model()?;
    let cited = deployment.cite_model();
    let delete = format!("az cognitiveservices account deployment delete {}", context.az_deployment(deployment.name()));
    match terms(model.format, model.name, model.version) {
        Terms::ClaudeOnAnthropic => Ok(Verdict::fail(
            "Claude version 1 is hosted by Anthropic: prompts are processed outside Azure",
            vec![cited],
            format!("Use version 2 or a model sold by Azure, and remove this one: {delete}"),
        )),
        Terms::ClaudeOnAzure => Ok(Verdict::manual(
            "Claude version 2 runs on Azure with Anthropic as data processor, who may receive flagged content",
            vec![cited],
            format!("Attest the agreement with Anthropic on retention, or remove the model: {delete}"),
        )),
        Terms::ClaudeUnclear => {
            let message = "the version of this Claude model does not say who hosts it (1 is Anthropic, 2 is Azure)";
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]))
        }
        Terms::AzureDirect | Terms::Partner | Terms::Fireworks | Terms::LocationUnverified | Terms::Unlisted => {
            let (format, name) = (deployment.model_format()?, deployment.model_name()?);
            Ok(Verdict::not_applicable(format!("{name} of format {format} is not a Claude model")))
        }
    }
}
