//! A05: models in preview may be under other data terms.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};
use crate::snapshot::{Deployment, Document, Operation};

declare_rule! {
    /// ## What it checks
    ///
    /// For each deployment, `lifecycleStatus` of its model in the account's list of models. `Preview` fails; a model
    /// that the list does not have, or a status nobody documents, is unknown. Fine-tuned models have a rule of their
    /// own.
    ///
    /// ## Why it matters
    ///
    /// "Azure Direct Models in preview, may employ different privacy practices, including with respect to abuse
    /// monitoring". Some models also "may have more stringent criteria for turning off abuse monitoring"; Microsoft
    /// publishes no list of them.
    ///
    /// ## How to fix
    ///
    /// Deploy a generally available version instead.
    ///
    /// **az CLI**: see the state of each model, then deploy the version.
    ///
    /// ```sh
    /// az cognitiveservices account list-models --name NAME \
    ///   --resource-group GROUP --output table \
    ///   --query "[].{name:name,version:version,state:lifecycleStatus}"
    /// ```
    ///
    /// **Bicep**: `model: { format: 'OpenAI', name: 'MODEL', version: 'VERSION' }` in the properties of
    /// `Microsoft.CognitiveServices/accounts/deployments`.
    ///
    /// **Terraform**: `version` in the `model` block of `azurerm_cognitive_deployment`.
    ///
    /// **Portal**: Foundry, *Models + endpoints*, the deployment, *Edit*, *Model version*.
    ///
    /// ## What it cannot see
    ///
    /// Which models an approval covers. Attest the answer of Microsoft for each model that stays.
    ///
    /// ## Sources
    ///
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Abuse monitoring](https://learn.microsoft.com/azure/foundry/openai/concepts/abuse-monitoring), 2026-05-13
    id: "model-lifecycle-preview",
    title: "Preview model may be under other data terms",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["A05"],
    needs: [ModelsList, DeploymentsList],
    frameworks: ["ISO/IEC 27018:2019 A.11.11", "GDPR Art. 28", "SOC 2 CC9.2", "NIST SP 800-53 Rev. 5 SA-9"],
    check: Deployment(check),
}

const STATUS: &str = "/lifecycleStatus";
const SETTLED: [&str; 5] = ["Stable", "GenerallyAvailable", "Deprecating", "Deprecated", "Legacy"];

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    if deployment.fine_tuned()? {
        return Ok(Verdict::not_applicable("the model is fine-tuned"));
    }
    let model = deployment.model()?;
    let parts = [("/format", model.format), ("/name", model.name), ("/version", model.version)];
    let same = |row: &Document| {
        parts.iter().all(|(pointer, want)| {
            let got = row.string(pointer).ok().flatten();
            got.unwrap_or_default().eq_ignore_ascii_case(want.unwrap_or_default())
        })
    };
    let models = context.facts.list(Operation::ModelsList)?.documents()?;
    let cited = deployment.cite_model();
    let Some(row) = models.into_iter().find(|row| same(row)) else {
        let message = "the account's list of models does not have the deployed version";
        return Err(Unknown::because(UnknownCause::DanglingReference, message, vec![cited]));
    };
    let status = row.string(STATUS)?.ok_or_else(|| row.unexpected(STATUS))?;
    if SETTLED.iter().any(|known| known.eq_ignore_ascii_case(status)) {
        return Ok(Verdict::pass(format!("the model is past its preview ({status})"), row.cite(STATUS), [cited]));
    }
    let evidence = vec![row.cite(STATUS), cited];
    if !status.eq_ignore_ascii_case("Preview") {
        let message = format!("the model is in state {status}, which Microsoft does not document");
        return Err(Unknown::because(UnknownCause::UndocumentedValue, message, evidence));
    }
    let message = "the model is in preview and may be under other data terms, abuse monitoring included";
    let fix = format!(
        "Deploy a generally available version, or attest the terms: az cognitiveservices account list-models {}",
        context.az_account()
    );
    Ok(Verdict::fail(message, evidence, fix))
}
