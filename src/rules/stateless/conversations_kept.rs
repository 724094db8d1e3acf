//! C02: a conversation stays until somebody deletes it.

use crate::rules::serving::ask_about_api;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a
    /// person has to attest that nobody uses the Conversations API, or that every conversation is deleted. No switch of
    /// the account shows or forbids it.
    ///
    /// With `--data-plane` the conversations of the account's projects are counted: any is a failure. None leaves the
    /// question open, because those made outside of a project cannot be listed.
    ///
    /// ## Why it matters
    ///
    /// A conversation object holds the items of a dialogue across responses. No time to live is documented for it; of
    /// agent data Microsoft says that it "persists unless you explicitly delete it". A response with `store: false`
    /// does not help when it is added to a conversation.
    ///
    /// ## How to fix
    ///
    /// Carry the dialogue in the request with `store: false` instead, block the Conversations API at the gateway, and
    /// delete what exists: in a Foundry project `GET PROJECT-ENDPOINT/openai/v1/conversations` lists it, `DELETE
    /// …/conversations/ID` removes it.
    ///
    /// **az CLI**: see which operations are used at all.
    ///
    /// ```sh
    /// az monitor metrics list --resource ACCOUNT-ID \
    ///   --metrics AzureOpenAIRequests --dimension ApiName OperationName
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the account has no property for it; a policy of the gateway can reject
    /// `/openai/v1/conversations`, and the page of `responses-stored-by-default` has such a policy in both forms.
    ///
    /// **Portal**: the account, *Monitoring*, *Metrics*, *Azure OpenAI Requests*, *Apply splitting* by *OperationName*.
    /// There is no switch.
    ///
    /// ## What it cannot see
    ///
    /// Conversations: the list is part of the data plane of a project, and a plain Azure OpenAI account has none.
    ///
    /// ## Sources
    ///
    /// - [Agents: frequently asked questions](https://learn.microsoft.com/azure/foundry-classic/agents/faq), 2026-02-02
    /// - [Responses API](https://learn.microsoft.com/azure/foundry/openai/how-to/responses), 2026-06-30
    id: "conversations-kept",
    title: "Conversations are kept until deleted",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C02"],
    needs: [DeploymentsList, AccountsGet],
    stores: [Conversations],
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
        "each is kept until somebody deletes it",
        "Delete each: az rest --method delete --url PROJECT-ENDPOINT/openai/v1/conversations/ID --resource https://ai.azure.com",
    );
    if let Some(decided) = stores::finding(context, StoreKind::Conversations, consequence, remedy) {
        return decided;
    }
    ask_about_api(
        context,
        "conversations have no time to live: each is kept until somebody deletes it",
        "Block the Conversations API at the gateway and delete what exists",
    )
}
