//! C19: what a live session leaves behind is not documented.

use crate::knowledge::models::is_live;
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployed model serves live sessions: its name has the part `realtime` or starts with `gpt-live`. If
    /// it does, a person has to attest that no transcript or recording is kept. Not applicable to other models.
    ///
    /// ## Why it matters
    ///
    /// Audio and text go over WebSocket, WebRTC or SIP. The pages describe no stored transcript, and none says that
    /// there is none. GPT-Live is in preview; its delegation to the Responses API brings that API's storage with it,
    /// and a second client attached to a session can copy the stream.
    ///
    /// ## How to fix
    ///
    /// Ask Microsoft for a statement on transcripts, keep `store: false` in delegated responses, and attest. To remove
    /// the deployment:
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
    /// Sessions. A live model of another family is not recognised.
    ///
    /// ## Sources
    ///
    /// - [GPT-Live](https://learn.microsoft.com/azure/foundry/openai/how-to/gpt-live), 2026-09-04
    id: "live-session-not-attested",
    title: "Live sessions may leave a transcript",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C19"],
    needs: [DeploymentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 17",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let name = deployment.model_name()?;
    if !is_live(name) {
        return Ok(Verdict::not_applicable(format!("{name} is not a model for live sessions")));
    }
    Ok(Verdict::manual(
        format!("{name} serves live sessions; whether the service keeps a transcript is not documented"),
        vec![deployment.cite_model()],
        format!(
            "Attest Microsoft's statement that no transcript is kept, or: az cognitiveservices account deployment delete {}",
            context.az_deployment(deployment.name())
        ),
    ))
}
