//! D10: blocklists are stored text, and what people block is often a name.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, cite_known, shell_word};
use crate::snapshot::{Operation, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account has custom blocklists with items, and how many. What an item says is dropped before it is kept anywhere.
    ///
    /// ## Why it matters
    ///
    /// The items of a blocklist are patterns that stay until somebody deletes them. People put names, addresses and
    /// account numbers there. This is advice and changes no axis.
    ///
    /// ## How to fix
    ///
    /// Look at the items, and delete what is personal.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method get --url \
    ///   "ACCOUNT-ID/raiBlocklists/LIST/raiBlocklistItems?api-version=2026-09-01"
    /// az resource delete --ids ITEM-ID
    /// ```
    ///
    /// **Bicep**: the items are `Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems`; take the
    /// personal ones out of the template and delete them as above.
    ///
    /// **Terraform**: `azurerm_cognitive_account_rai_blocklist` has the list without its items, which are outside the
    /// configuration; delete them as above.
    ///
    /// **Portal**: Foundry, *Guardrails + controls*, *Blocklists*, the list.
    ///
    /// ## What it cannot see
    ///
    /// What the items say.
    ///
    /// ## Sources
    ///
    /// - [Use blocklists](https://learn.microsoft.com/azure/foundry/openai/how-to/use-blocklists), 2026-02-10
    id: "blocklist-stored",
    title: "Blocklists are stored and may name people",
    axis: Contained,
    severity: Info,
    since: "0.1.0",
    controls: ["D10"],
    needs: [RaiBlocklistsList, BlocklistItemsList],
    frameworks: ["ISO/IEC 27001:2022 A.5.34", "GDPR Art. 5(1)(c)", "SOC 2 P4.2", "NIST SP 800-53 Rev. 5 SI-12(1)"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let lists = context.facts.list(Operation::RaiBlocklistsList)?;
    let mut cited = vec![cite_known(lists)?];
    let mut filled = Vec::new();
    for list in lists.documents()? {
        let items = context.subscription.list_below(Operation::BlocklistItemsList, &list.scope)?;
        cited.push(cite_known(items)?);
        if let count @ 1.. = items.rows.len() {
            filled.push((last_segment(&list.scope), count, &list.scope));
        }
    }
    filled.sort_unstable();
    let Some((_, _, first)) = filled.first() else {
        return Ok(Verdict::pass("the account has no blocklist with items", cited.remove(0), cited));
    };
    let url = format!("{first}/raiBlocklistItems?api-version=2026-09-01");
    let names: Vec<String> = filled.iter().map(|(name, count, _)| format!("{name} ({count})")).collect();
    Ok(Verdict::fail(
        format!("the account stores the patterns of blocklists: {}", names.join(", ")),
        cited,
        format!("See whether they name people: az rest --method get --url {}", shell_word(&url)),
    ))
}
