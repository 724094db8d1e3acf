//! C05: a vector store without a policy never expires.

use crate::rules::serving::ask_about_api;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a
    /// person has to attest that nobody creates vector stores, or that each has an expiry. No switch of the account
    /// shows or forbids it.
    ///
    /// With `--data-plane` the vector stores of the account and its projects are counted instead: any is a failure, and
    /// none in all of them passes.
    ///
    /// ## Why it matters
    ///
    /// A vector store is a searchable copy of files, cut into pieces. One that a conversation helper made expires 7
    /// days after it was last active; any other is kept until it is deleted, unless its creator set `expires_after`.
    /// Deleting the file does not prove that its pieces are gone from the store.
    ///
    /// ## How to fix
    ///
    /// Create vector stores with `expires_after`, and delete the others (`GET /openai/v1/vector_stores`, `DELETE
    /// /openai/v1/vector_stores/ID`).
    ///
    /// **az CLI**: see which operations are used at all.
    ///
    /// ```sh
    /// az monitor metrics list --resource ACCOUNT-ID \
    ///   --metrics AzureOpenAIRequests --dimension ApiName OperationName
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the account has no property for it; a policy of the gateway can reject
    /// `/openai/v1/vector_stores`, and the page of `responses-stored-by-default` has such a policy in both forms.
    ///
    /// **Portal**: the account, *Monitoring*, *Metrics*, *Azure OpenAI Requests*, *Apply splitting* by *OperationName*.
    /// There is no switch.
    ///
    /// ## What it cannot see
    ///
    /// Vector stores: the list is part of the data plane. Where agents keep vectors is the business of
    /// `agents-basic-setup`.
    ///
    /// ## Sources
    ///
    /// - [Vector stores](https://learn.microsoft.com/azure/foundry/agents/concepts/vector-stores), 2026-02-04
    id: "vector-stores-kept",
    title: "Vector stores are kept unless an expiry is set",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C05"],
    needs: [DeploymentsList, AccountsGet],
    stores: [VectorStores],
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
        "they are searchable copies of files",
        "Delete each: az rest --method delete --url ENDPOINT/openai/v1/vector_stores/ID --resource https://cognitiveservices.azure.com",
    );
    if let Some(decided) = stores::decide(context, StoreKind::VectorStores, consequence, remedy) {
        return decided;
    }
    ask_about_api(
        context,
        "vector stores keep copies of files, without end unless their creator set an expiry",
        "Set expires_after on vector stores or block the Vector Stores API at the gateway",
    )
}
