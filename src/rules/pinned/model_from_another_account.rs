//! B11: a model can be taken from an account that is somewhere else.

use crate::knowledge::regions::normalise;
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};
use crate::snapshot::{AccountFacts, AccountId, Citation, Deployment};

declare_rule! {
    /// ## What it checks
    ///
    /// For a deployment with `properties.model.sourceAccount` or `properties.model.source`: whether the account named
    /// there is this one, or one of the same subscription in the same location. Another location fails. An id of
    /// another kind, or an account that was not read, is unknown. Not applicable to base models.
    ///
    /// ## Why it matters
    ///
    /// Weights of a fine-tuned model can repeat what they were trained on. A model that comes from an account elsewhere
    /// means that training data and weights were in that place, and are perhaps still there.
    ///
    /// ## How to fix
    ///
    /// Train the model in an account of the required location, then remove the deployment and the model at its origin.
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
    /// Accounts of other subscriptions; scan and compare them by hand. The properties are documented by their schema
    /// alone.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts/deployments](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/deployments), api-version 2026-09-01
    /// - [Fine-tuning overview](https://learn.microsoft.com/azure/foundry/fine-tuning/overview), 2026-10-06
    id: "model-from-another-account",
    title: "Model was copied from an account in another location",
    axis: Pinned,
    severity: Medium,
    since: "0.1.0",
    controls: ["B11"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let origins = deployment.model_origins()?;
    if origins.is_empty() {
        return Ok(Verdict::not_applicable("the model does not name another account it comes from"));
    }
    let own = context.facts.account()?;
    let location = own.location()?;
    let mut evidence = vec![own.0.cite("/location")];
    for (pointer, id) in origins {
        let cited = deployment.0.cite(pointer);
        let origin = origin(context, id, &cited)?;
        let there = origin.account()?;
        let place = there.location()?;
        evidence.extend([cited, there.0.cite("/location")]);
        if normalise(place) != normalise(location) {
            return Ok(Verdict::fail(
                format!("the model comes from account {} in {place}, this account is in {location}", origin.id.name),
                evidence,
                format!(
                    "Train the model here and remove this deployment: az cognitiveservices account deployment delete {}",
                    context.az_deployment(deployment.name())
                ),
            ));
        }
    }
    let first = evidence.remove(0);
    Ok(Verdict::pass(format!("the model comes from an account in {location}"), first, evidence))
}

/// The facts of the account that `id` names, or is below.
fn origin<'a>(context: &Context<'a>, id: &str, cited: &Citation) -> Result<&'a AccountFacts, Unknown> {
    let unknown = |cause, message: String| Unknown::because(cause, message, vec![cited.clone()]);
    let head: Vec<&str> = id.trim().split('/').take(9).collect();
    let Ok(account) = AccountId::parse(&head.join("/")) else {
        return Err(unknown(
            UnknownCause::UndocumentedValue,
            "the model's source is not the id of an account".to_owned(),
        ));
    };
    let found = context.subscription.accounts.iter().find(|facts| facts.id.key() == account.key());
    let message = format!("the model comes from account {}, which is not among the accounts read", account.name);
    found.ok_or_else(|| unknown(UnknownCause::DanglingReference, message))
}
