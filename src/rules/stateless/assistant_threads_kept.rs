//! C10: threads of the Assistants API stay until somebody deletes each of them.

use crate::outcome::Verdict;
use crate::rules::serving::reachable_models;
use crate::rules::{CheckResult, Context, shell_word, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a
    /// person has to attest that nobody uses the Assistants API or that every thread is deleted; no API can show it.
    ///
    /// With `--data-plane` assistants are counted: any is a failure. None leaves the question open, because threads
    /// outlive assistants and cannot be listed.
    ///
    /// ## Why it matters
    ///
    /// Threads, messages, runs and files of the Assistants API (deprecated) persist until they are deleted one by one.
    /// They belong to the whole account: whoever holds a key and knows the id can read them. They cannot be listed, and
    /// a customer-managed key never covered them.
    ///
    /// ## How to fix
    ///
    /// Move to the Responses API with `store: false`, block the Assistants API at the gateway, and delete the threads
    /// whose ids the application kept: `DELETE /openai/threads/ID`.
    ///
    /// **az CLI**: see which operations are used at all.
    ///
    /// ```sh
    /// az monitor metrics list --resource ACCOUNT-ID \
    ///   --metrics AzureOpenAIRequests --dimension ApiName OperationName
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the account has no property for it; a policy of the gateway can reject
    /// `/openai/assistants` and `/openai/threads`, and the page of `responses-stored-by-default` has such a policy in
    /// both forms.
    ///
    /// **Portal**: the account, *Monitoring*, *Metrics*, *Azure OpenAI Requests*, *Apply splitting* by *OperationName*.
    /// There is no switch.
    ///
    /// ## What it cannot see
    ///
    /// Threads. An answer in Microsoft's forum (2024-02-19) contradicts the page on where threads are stored.
    ///
    /// ## Sources
    ///
    /// - [Assistants](https://learn.microsoft.com/azure/foundry-classic/openai/concepts/assistants), 2025-09-24
    /// - [Customer-managed keys: coverage](https://learn.microsoft.com/azure/foundry/concepts/customer-managed-keys), 2026-08-24
    /// - [Question 1695231](https://learn.microsoft.com/answers/questions/1695231), 2024-06-12
    id: "assistant-threads-kept",
    title: "Threads of the Assistants API are kept until deleted",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C10"],
    needs: [DeploymentsList, AccountsGet],
    stores: [Assistants],
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
        "their threads stay until each is deleted, and cannot be listed",
        "Delete known threads and the assistants: az rest --method delete --url ENDPOINT/openai/assistants/ID?api-version=2025-04-01-preview --resource https://cognitiveservices.azure.com",
    );
    if let Some(decided) = stores::finding(context, StoreKind::Assistants, consequence, remedy) {
        return decided;
    }
    let Some(evidence) = reachable_models(context)? else {
        return Ok(Verdict::not_applicable("no model is deployed"));
    };
    Ok(Verdict::manual(
        "the Assistants API keeps threads until each is deleted, and threads cannot be listed",
        vec![evidence],
        format!(
            "Block the Assistants API at the gateway and delete known threads, then attest it; see what is used with: az monitor \
             metrics list --resource {} --metrics AzureOpenAIRequests --dimension ApiName OperationName",
            shell_word(&context.facts.id.id)
        ),
    ))
}
