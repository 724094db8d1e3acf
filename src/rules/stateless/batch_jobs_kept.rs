//! C07: batch jobs leave files behind.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// How many batch jobs the account shows (`GET /openai/v1/batches`), in whatever state. Any is a failure.
    ///
    /// Without `--data-plane` the rule says nothing: Azure Resource Manager cannot show it.
    ///
    /// ## Why it matters
    ///
    /// The input, output and error files of a batch stay until they are deleted, unless they were given an end of 14 to
    /// 30 days. The job itself names them.
    ///
    /// ## How to fix
    ///
    /// Delete the files of each job (`input_file_id`, `output_file_id`, `error_file_id`), and send
    /// `output_expires_after` with the next one. A job cannot be deleted; one whose files are gone can be waived.
    ///
    /// **az CLI**: for each id that the list shows.
    ///
    /// ```sh
    /// az rest --method delete --resource https://cognitiveservices.azure.com \
    ///   --url "https://NAME.openai.azure.com/openai/v1/files/ID"
    /// ```
    ///
    /// **Bicep, Terraform**: none, because what is stored is part of the data plane and no resource of Azure.
    ///
    /// **Portal**: Foundry, *Data files*, the file, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// Whether the files of a job were deleted: their names are not read. `files-kept-until-deleted` counts the files
    /// that are there, by purpose and expiry.
    ///
    /// ## Sources
    ///
    /// - [Batch: REST](https://learn.microsoft.com/azure/foundry/openai/how-to/batch), 2026-08-14
    id: "batch-jobs-kept",
    title: "Batch jobs and their files are kept",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C07"],
    needs: [AccountsGet],
    stores: [Batches],
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
    context.facts.account()?;
    let remedy = "Delete the files of each job: az rest --method delete --url ENDPOINT/openai/v1/files/ID --resource https://cognitiveservices.azure.com";
    let consequence = "their input, output and error files stay until they are deleted or expire";
    let decided = stores::decide(context, StoreKind::Batches, consequence, remedy);
    decided.unwrap_or_else(|| Ok(Verdict::not_applicable("the data plane was not asked")))
}
