//! A deployment can be given a container on disk for what it derives from prompts.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.contextCacheContainerId` of the deployment is set. Absent means no container; an answer of
    /// an api-version before 2026-09-01 cannot show it and is unknown.
    ///
    /// ## Why it matters
    ///
    /// A context cache is storage of kind `Microsoft.Storage/contextCaches`. Its container keeps blobs derived from
    /// prompts until they have not been read for 1 to 30 days (`timeToLive`), regional, zonal or global. That the blobs
    /// are derived from prompts is our reading of the schema.
    ///
    /// ## How to fix
    ///
    /// Create the deployment again without a container, then delete the container.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account deployment delete --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT
    /// az resource delete --ids CONTEXT-CACHE-CONTAINER-ID
    /// ```
    ///
    /// **Bicep**: take `contextCacheContainerId` out of the properties of
    /// `Microsoft.CognitiveServices/accounts/deployments`, and the container out of the template.
    ///
    /// **Terraform**: `azurerm_cognitive_deployment` has no argument for a container; where `azapi_resource` set
    /// `contextCacheContainerId`, take it out of the body.
    ///
    /// **Portal**: none that a source describes; Foundry, *Models + endpoints* shows and deletes the deployment.
    ///
    /// ## What it cannot see
    ///
    /// The container itself: its time to live, kind and whether it holds anything.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts/deployments](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/deployments), api-version 2026-09-01
    /// - [Schema of contextCaches, in azure-mgmt-storage 25.3.0](https://pypi.org/project/azure-mgmt-storage/25.3.0/), api-version 2026-09-01
    id: "context-cache-container",
    title: "Deployment keeps a context cache on disk",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C20"],
    needs: [DeploymentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e)",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let cited = deployment.0.cite("/properties/contextCacheContainerId");
    let Some(container) = deployment.context_cache_container()? else {
        return Ok(Verdict::pass("the deployment has no context cache container", cited, []));
    };
    Ok(Verdict::fail(
        "the deployment keeps a context cache on disk for 1 to 30 days",
        vec![cited],
        format!(
            "Create the deployment again without it: az cognitiveservices account deployment delete {}; then az resource delete \
             --ids {}",
            context.az_deployment(deployment.name()),
            shell_word(container)
        ),
    ))
}
