//! B09: priority processing exists on wide SKUs only.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.serviceTier` of the deployment is `Priority`. Absent means `Default`; an api-version before
    /// 2025-12-01 cannot show the property.
    ///
    /// ## Why it matters
    ///
    /// Priority processing is documented for `GlobalStandard` and, in the US only, `DataZoneStandard` (2026-04-23). No
    /// further effect on residency is documented. On a data-zone SKU it hints at processing in the US, which is our
    /// inference. The flex tier is asked for per request and is `GlobalStandard` only (2026-09-24).
    ///
    /// ## How to fix
    ///
    /// Use the default tier where the boundary matters.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az resource update --ids DEPLOYMENT-ID --api-version 2026-07-01 \
    ///   --set properties.serviceTier=Default
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource chat 'Microsoft.CognitiveServices/accounts/deployments@2026-07-01' = {
    ///   parent: account, name: 'chat'
    ///   sku: { name: 'DataZoneStandard', capacity: 10 }
    ///   properties: { serviceTier: 'Default'
    ///     model: { format: 'OpenAI', name: model, version: version } }
    /// }
    /// ```
    ///
    /// **Terraform**: `azurerm_cognitive_deployment` has no argument for the tier, so a deployment it made has the
    /// default one; for others an `azapi_update_resource` of the type above has `serviceTier` in its body.
    ///
    /// **Portal**: Foundry, *Models + endpoints*, the deployment, *Edit*, *Priority processing*.
    ///
    /// ## What it cannot see
    ///
    /// Requests that ask for a tier themselves (`service_tier`).
    ///
    /// ## Sources
    ///
    /// - [Priority processing](https://learn.microsoft.com/azure/foundry/openai/concepts/priority-processing), 2026-04-23
    /// - [Flex processing](https://learn.microsoft.com/azure/foundry/openai/how-to/flex-processing), 2026-09-24
    id: "priority-processing-deployed",
    title: "Deployment uses priority processing",
    axis: Pinned,
    severity: Info,
    since: "0.1.0",
    controls: ["B09"],
    needs: [DeploymentsList],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Deployment(check),
}

fn check(_: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let cited = deployment.0.cite("/properties/serviceTier");
    match deployment.service_tier()? {
        None => Ok(Verdict::pass("the deployment uses the default tier", cited, [])),
        Some(tier) if tier.eq_ignore_ascii_case("Default") => {
            Ok(Verdict::pass("the deployment uses the default tier", cited, []))
        }
        Some(tier) if tier.eq_ignore_ascii_case("Priority") => Ok(Verdict::fail(
            "the deployment uses priority processing, which exists on global and US data-zone SKUs only",
            vec![cited, deployment.0.cite("/sku/name")],
            format!(
                "Set the tier to Default: az resource update --ids {} --api-version 2026-07-01 --set \
                 properties.serviceTier=Default",
                shell_word(&deployment.0.scope)
            ),
        )),
        Some(tier) => {
            let message = format!("the service tier {tier} is not documented");
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]))
        }
    }
}
