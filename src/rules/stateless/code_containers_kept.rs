//! C11: code interpreter and shell tools run in containers with a disk.

use crate::rules::serving::ask_about_api;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a
    /// person has to attest that nobody uses the tools, or that an hour is acceptable. No switch of the account shows
    /// or forbids it.
    ///
    /// With `--data-plane` containers are counted: any is a failure. None leaves the question open, because a container
    /// lives for an hour at most and others come.
    ///
    /// ## Why it matters
    ///
    /// The code interpreter of agents keeps a session for one hour, or 30 minutes without use (2026-04-03). The hosted
    /// shell of the Responses API ends after 20 minutes without use and its container is deleted one hour after
    /// creation (2026-06-04). Files that a user uploads to a container, and files the code writes, are there for that
    /// long.
    ///
    /// ## How to fix
    ///
    /// Do not offer the tools `code_interpreter` and `shell`, or delete containers after use (`DELETE
    /// /openai/v1/containers/ID`).
    ///
    /// **az CLI**: see which operations are used at all.
    ///
    /// ```sh
    /// az monitor metrics list --resource ACCOUNT-ID \
    ///   --metrics AzureOpenAIRequests --dimension ApiName OperationName
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the account has no property for it; a policy of the gateway can reject
    /// `/openai/v1/containers`, and the page of `responses-stored-by-default` has such a policy in both forms.
    ///
    /// **Portal**: the account, *Monitoring*, *Metrics*, *Azure OpenAI Requests*, *Apply splitting* by *OperationName*.
    /// There is no switch.
    ///
    /// ## What it cannot see
    ///
    /// Containers and requests that use the tools. That `GET /openai/v1/containers` lists them could not be verified.
    ///
    /// ## Sources
    ///
    /// - [Code interpreter for agents](https://learn.microsoft.com/azure/foundry/agents/how-to/tools/code-interpreter), 2026-04-03
    /// - [Hosted shell](https://learn.microsoft.com/azure/foundry/openai/how-to/shells), 2026-06-04
    id: "code-containers-kept",
    title: "Code tools keep files for up to an hour",
    axis: Stateless,
    severity: Low,
    since: "0.1.0",
    controls: ["C11"],
    needs: [DeploymentsList, AccountsGet],
    stores: [Containers],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 17",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let (consequence, remedy) = (
        "their files stay until the container ends",
        "Delete each: az rest --method delete --url ENDPOINT/openai/v1/containers/ID --resource https://cognitiveservices.azure.com",
    );
    if let Some(decided) = stores::finding(context, StoreKind::Containers, consequence, remedy) {
        return decided;
    }
    ask_about_api(
        context,
        "code interpreter and shell containers keep files for up to an hour",
        "Accept the hour, or reject the tools code_interpreter and shell at the gateway",
    )
}
