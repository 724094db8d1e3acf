//! C07: batch jobs read and write files that the service keeps.

use crate::knowledge::processing::find_sku;
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployment's SKU is a batch SKU (`GlobalBatch`, `DataZoneBatch`). A SKU that Microsoft does not
    /// document is unknown.
    ///
    /// ## Why it matters
    ///
    /// A batch job takes its prompts from an uploaded file and writes completions to an output file. Both stay until
    /// somebody deletes them, or for 14 to 30 days when the caller sets `expires_after`. That a batch SKU keeps content
    /// is our conclusion from this. The Azure Proactive Resiliency Library recommends Global batch for large jobs
    /// (2025-04-04); it looks at throughput, this rule at what stays behind.
    ///
    /// ## How to fix
    ///
    /// Delete the files of its jobs (`GET` and `DELETE /openai/v1/files`), then the deployment.
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
    /// Whether jobs ran, whether they set an expiry, and batch files in the customer's own storage account. Microsoft's
    /// pages contradict each other on where batches run ("a Global deployment type", 2026-03-19; `DataZoneBatch`
    /// exists, 2026-08-06).
    ///
    /// ## Sources
    ///
    /// - [Batch](https://learn.microsoft.com/azure/foundry/openai/how-to/batch), 2026-03-19 and 2026-08-14
    /// - [Deployment types](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types), 2026-08-06
    /// - [Azure Proactive Resiliency Library](https://github.com/Azure/Azure-Proactive-Resiliency-Library-v2/blob/main/azure-resources/CognitiveServices/accounts/recommendations.yaml), 2025-04-04
    id: "batch-deployment",
    title: "Batch deployment keeps prompts and completions in files",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["B05", "C07"],
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
    let name = deployment.sku()?;
    let cited = deployment.0.cite("/sku/name");
    let Some(sku) = find_sku(name) else {
        let message = format!("SKU {name} is not documented, so whether it runs batch jobs is not known");
        return Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]));
    };
    if !sku.batch {
        return Ok(Verdict::pass(format!("SKU {name} does not run batch jobs"), cited, []));
    }
    Ok(Verdict::fail(
        format!("SKU {name} runs batch jobs: their input and output files stay until deleted or expired"),
        vec![cited],
        format!(
            "Delete the files of its jobs (DELETE /openai/v1/files/ID), then: az cognitiveservices account deployment delete {}",
            context.az_deployment(deployment.name())
        ),
    ))
}
