//! C03: completions that are stored now, whatever the switch says.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// How many chat completions the account has stored (`GET /openai/v1/chat/completions`). Any is a failure, also
    /// while `storedCompletionsDisabled` is true: the switch stops new ones and deletes none.
    ///
    /// Without `--data-plane` the rule says nothing: Azure Resource Manager cannot show it.
    ///
    /// ## Why it matters
    ///
    /// A stored completion is prompt and answer. This is the one list whose items hold nothing but content, so that
    /// counting it moves content through the memory of this program; only counts and dates come out.
    ///
    /// ## How to fix
    ///
    /// Delete them one by one. Microsoft's page asks for a support case to delete all at once.
    ///
    /// **az CLI**: for each id that the list shows.
    ///
    /// ```sh
    /// az rest --method delete --resource https://cognitiveservices.azure.com \
    ///   --url "https://NAME.openai.azure.com/openai/v1/chat/completions/ID"
    /// ```
    ///
    /// **Bicep, Terraform**: none, because what is stored is part of the data plane and no resource of Azure.
    ///
    /// **Portal**: Foundry, *Stored completions*, as long as the page exists.
    ///
    /// ## What it cannot see
    ///
    /// Files for evaluations and distillation that were made from stored completions: the service keeps them where
    /// nothing lists them. Whether the list still answers after the retirement of the feature is not documented.
    ///
    /// ## Sources
    ///
    /// - [Stored completions](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/stored-completions), 2025-12-06
    /// - [Retirement of stored completions](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/stored-completions-retirement), 2026-07-06
    id: "stored-completions-kept",
    title: "Chat completions are stored",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C03"],
    needs: [AccountsGet],
    stores: [StoredCompletions],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 17",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Stores(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let disabled = matches!(context.facts.account()?.stored_completions_disabled(), Ok(Some(true)));
    let consequence = if disabled {
        "prompts and answers from before stored completions were disabled are still there"
    } else {
        "prompts and answers are kept until they are deleted"
    };
    let remedy = "Delete each: az rest --method delete --url ENDPOINT/openai/v1/chat/completions/ID --resource https://cognitiveservices.azure.com";
    let decided = stores::decide(context, StoreKind::StoredCompletions, consequence, remedy);
    decided.unwrap_or_else(|| Ok(Verdict::not_applicable("the data plane was not asked")))
}
