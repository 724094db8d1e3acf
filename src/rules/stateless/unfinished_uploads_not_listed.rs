//! C06: nothing lists unfinished uploads.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// Nothing that could be counted: parts of an unfinished upload are kept and no call lists them. A person has to
    /// attest that nobody uses the Uploads API, or that unfinished uploads are cancelled. The files of the account are
    /// counted by `files-kept-until-deleted`, which asks about uploads too when the data plane is not read.
    ///
    /// Without `--data-plane` the rule says nothing: Azure Resource Manager cannot show it.
    ///
    /// ## Why it matters
    ///
    /// Parts of an upload are kept like files; no time to live is documented for them.
    ///
    /// ## How to fix
    ///
    /// Cancel what is not finished; the application knows the ids.
    ///
    /// **az CLI**: for each id that the list shows.
    ///
    /// ```sh
    /// az rest --method delete --resource https://cognitiveservices.azure.com \
    ///   --url "https://NAME.openai.azure.com/openai/v1/uploads/ID"
    /// ```
    ///
    /// **Bicep, Terraform**: none, because what is stored is part of the data plane and no resource of Azure.
    ///
    /// **Portal**: none, because there is no page for uploads.
    ///
    /// ## What it cannot see
    ///
    /// Uploads.
    ///
    /// ## Sources
    ///
    /// - [Disable preview features](https://learn.microsoft.com/azure/foundry/how-to/disable-preview-features), 2026-06-19
    id: "unfinished-uploads-not-listed",
    title: "Unfinished uploads cannot be listed",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C06"],
    needs: [AccountsGet],
    stores: [Files],
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
    let account = context.facts.account()?;
    let files = stores::stored(context, StoreKind::Files);
    let Some(files) = files else { return Ok(Verdict::not_applicable("the data plane was not asked")) };
    let mut evidence = vec![account.0.cite("/kind")];
    evidence.extend(files.evidence);
    Ok(Verdict::manual(
        "parts of unfinished uploads are kept, and no call lists them",
        evidence,
        "Attest that nobody uses the Uploads API, or block it at the gateway (API Management)",
    ))
}
