//! B18: the service can replace the version of a model.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.versionUpgradeOption` of the deployment is `NoAutoUpgrade`. Absent is documented to mean
    /// `OnceCurrentVersionExpired`.
    ///
    /// ## Why it matters
    ///
    /// What was judged is one version of a model: its prompt cache, its preview status, its terms. With an automatic
    /// upgrade the next version answers under the same name, and nobody is asked. Microsoft recommends automatic
    /// upgrades while testing; a deployment that was approved should change on purpose.
    ///
    /// ## How to fix
    ///
    /// Set `NoAutoUpgrade` and watch the retirement date, after which the deployment stops answering.
    ///
    /// **az CLI**: the commands for deployments cannot set it, the general one can.
    ///
    /// ```sh
    /// az resource update --ids DEPLOYMENT-ID --api-version 2026-07-01 \
    ///   --set properties.versionUpgradeOption=NoAutoUpgrade
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource chat 'Microsoft.CognitiveServices/accounts/deployments@2026-07-01' = {
    ///   parent: account, name: 'chat', sku: { name: 'Standard', capacity: 10 }
    ///   properties: { versionUpgradeOption: 'NoAutoUpgrade'
    ///     model: { format: 'OpenAI', name: model, version: version } }
    /// }
    /// ```
    ///
    /// **Terraform**: `version_upgrade_option = "NoAutoUpgrade"` of `azurerm_cognitive_deployment`. Without it the
    /// provider sets `OnceNewDefaultVersionAvailable`, the fastest of the three.
    ///
    /// **Portal**: Foundry, *Models + endpoints*, the deployment, *Edit*, *Model version upgrade policy*.
    ///
    /// ## What it cannot see
    ///
    /// Planned upgrades of the account to Foundry (`foundryAutoUpgrade`), which only preview api-versions show and
    /// which would add projects and agents.
    ///
    /// ## Sources
    ///
    /// - [Working with models](https://learn.microsoft.com/azure/foundry/openai/how-to/working-with-models), 2026-02-12
    /// - [Microsoft.CognitiveServices accounts/deployments](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/deployments), api-version 2026-09-01
    id: "model-version-changes-by-itself",
    title: "Model version changes by itself",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["B18"],
    needs: [DeploymentsList],
    frameworks: ["ISO/IEC 27001:2022 A.8.32", "SOC 2 CC8.1", "NIST SP 800-53 Rev. 5 CM-3"],
    check: Deployment(check),
}

fn check(_: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let cited = deployment.0.cite("/properties/versionUpgradeOption");
    let when = match deployment.version_upgrade()? {
        Some(option) if option.eq_ignore_ascii_case("NoAutoUpgrade") => {
            return Ok(Verdict::pass("the version of the model does not change by itself", cited, []));
        }
        None => "when the current one retires",
        Some(option) if option.eq_ignore_ascii_case("OnceCurrentVersionExpired") => "when the current one retires",
        Some(option) if option.eq_ignore_ascii_case("OnceNewDefaultVersionAvailable") => {
            "within two weeks of a new default"
        }
        Some(option) => {
            let message = format!("the upgrade option {option} is not documented");
            return Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]));
        }
    };
    let id = shell_word(&deployment.0.scope);
    Ok(Verdict::fail(
        format!("the service replaces the version of the model {when}"),
        vec![cited, deployment.cite_model()],
        format!(
            "Set NoAutoUpgrade: az resource update --ids {id} --api-version 2026-07-01 --set \
             properties.versionUpgradeOption=NoAutoUpgrade"
        ),
    ))
}
