//! G07: a model runs on machines of its own, of which no page says where they are.

use crate::knowledge::processing::Pin;
use crate::outcome::{Unknown, Verdict};
use crate::rules::{CheckResult, Context, cite_known, shell_word};
use crate::snapshot::{Cause, Operation, Unavailable, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account has deployments on managed compute (`managedComputeDeployments`), a resource type beside the
    /// deployments every other rule looks at. One that is there has to be attested; none passes, and so does any with
    /// `pin = "any"`.
    ///
    /// ## Why it matters
    ///
    /// The model is a container from a registry on dedicated machines with GPUs. None of the documented deployment
    /// types applies, so that nothing says where it processes, and what the container writes is up to its publisher.
    ///
    /// ## How to fix
    ///
    /// Delete it, or attest the region of its machines and what its container keeps.
    ///
    /// **az CLI** (in preview):
    ///
    /// ```sh
    /// az cognitiveservices account managed-compute-deployment list --name NAME \
    ///   --resource-group GROUP
    /// az cognitiveservices account managed-compute-deployment delete --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT
    /// ```
    ///
    /// **Bicep**: take the resource `Microsoft.CognitiveServices/accounts/managedComputeDeployments` out of the
    /// template, and delete the existing one as above: an incremental deployment leaves it alone.
    ///
    /// **Terraform**: the azurerm provider has no such deployment; take the `azapi_resource` out of the configuration
    /// and apply.
    ///
    /// **Portal**: none, no page known on 2026-11-22 says where the portal deletes such a deployment.
    ///
    /// ## What it cannot see
    ///
    /// What the container does. Only preview api-versions know the type: where Azure refuses them all there can be no
    /// such deployment, and the rule is not applicable. Endpoints of Azure Machine Learning are outside this program.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts/managedComputeDeployments](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/managedcomputedeployments), api-version 2026-03-15-preview
    id: "managed-compute-deployed",
    title: "Model runs on managed compute, whose place is not documented",
    axis: Pinned,
    severity: Medium,
    since: "0.1.0",
    controls: ["G07"],
    needs: [ManagedComputeList],
    frameworks: [
        "ISO/IEC 27018:2019 A.12.1",
        "GDPR Art. 44",
        "SOC 2 CC9.2",
        "NIST SP 800-53 Rev. 5 SA-9(5)",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let list = match context.facts.list(Operation::ManagedComputeList) {
        Err(Unavailable { cause: Cause::NotInApiVersion, .. }) => {
            return Ok(Verdict::not_applicable("Azure does not offer managed compute to this account"));
        }
        read => read.map_err(Unknown::from)?,
    };
    let rows = list.documents()?;
    let cited = cite_known(list)?;
    if rows.is_empty() {
        return Ok(Verdict::pass("the account has no deployment on managed compute", cited, []));
    }
    if context.policy.pin == Pin::Any {
        return Ok(Verdict::pass("policy allows deployments on managed compute anywhere", cited, []));
    }
    let mut names: Vec<&str> = rows.iter().map(|row| last_segment(&row.scope)).collect();
    names.sort_unstable();
    let ids: Vec<String> = rows.iter().map(|row| shell_word(&row.scope)).collect();
    let evidence = std::iter::once(cited).chain(rows.iter().map(|row| row.cite("/properties/model"))).collect();
    Ok(Verdict::manual(
        format!("on managed compute, and nothing documents where: {}", names.join(", ")),
        evidence,
        format!(
            "Attest where the machines are and what the container keeps, or delete it: az resource delete --ids {}",
            ids.join(" ")
        ),
    ))
}
