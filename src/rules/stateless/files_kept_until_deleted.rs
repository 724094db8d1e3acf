//! C04 and C06: files and uploads stay until somebody deletes them.

use crate::rules::serving::ask_about_api;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a
    /// person has to attest that nobody uploads files, or that every file is deleted or expires. No switch of the
    /// account shows or forbids it.
    ///
    /// With `--data-plane` the files of the account and its projects are counted instead, by purpose and expiry: any is
    /// a failure, and none in all of them passes. `unfinished-uploads-not-listed` then asks about uploads.
    ///
    /// ## Why it matters
    ///
    /// Files for assistants, agents, batches, fine-tuning and vision stay in the account until they are deleted.
    /// `expires_after` is documented for batch files only (14 to 30 days). Parts of an upload are kept like files; no
    /// time to live is documented for them, and nothing lists unfinished uploads.
    ///
    /// ## How to fix
    ///
    /// Delete files after use (`GET /openai/v1/files`, `DELETE /openai/v1/files/ID`), send `expires_after` where it
    /// exists, and cancel unfinished uploads.
    ///
    /// **az CLI**: see which operations are used at all.
    ///
    /// ```sh
    /// az monitor metrics list --resource ACCOUNT-ID \
    ///   --metrics AzureOpenAIRequests --dimension ApiName OperationName
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the account has no property for it; a policy of the gateway can reject
    /// `/openai/v1/files` and `/openai/v1/uploads`, and the page of `responses-stored-by-default` has such a policy in
    /// both forms.
    ///
    /// **Portal**: the account, *Monitoring*, *Metrics*, *Azure OpenAI Requests*, *Apply splitting* by *OperationName*.
    /// There is no switch.
    ///
    /// ## What it cannot see
    ///
    /// Files: the list is part of the data plane, and whoever may read it may read their content. The capability
    /// `MaxUserFileCount` is a quota, no count.
    ///
    /// ## Sources
    ///
    /// - [Batch: REST](https://learn.microsoft.com/azure/foundry/openai/how-to/batch), 2026-08-14
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    id: "files-kept-until-deleted",
    title: "Uploaded files are kept until deleted",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C04", "C06"],
    needs: [DeploymentsList, AccountsGet],
    stores: [Files],
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
        "they stay until somebody deletes them or they expire",
        "Delete each: az rest --method delete --url ENDPOINT/openai/v1/files/ID --resource https://cognitiveservices.azure.com",
    );
    if let Some(decided) = stores::decide(context, StoreKind::Files, consequence, remedy) {
        return decided;
    }
    ask_about_api(
        context,
        "files and uploads are kept until somebody deletes them; only batch files can be given an end",
        "Delete files after use or block the Files and Uploads APIs at the gateway",
    )
}
