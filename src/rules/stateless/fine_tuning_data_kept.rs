//! C08, B10: fine-tuning leaves data and weights behind, and may have moved them.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::{StoreKind, Training};

declare_rule! {
    /// ## What it checks
    ///
    /// How many fine-tuning jobs and checkpoints the account shows (`GET /openai/v1/fine_tuning/jobs` and
    /// `…/checkpoints`). Any is a failure. What the jobs say of their training type is told too; global and developer
    /// training copy data and weights elsewhere.
    ///
    /// Without `--data-plane` the rule says nothing: Azure Resource Manager cannot show it.
    ///
    /// ## Why it matters
    ///
    /// Training, validation and result files and the weights stay until they are deleted. With the training types
    /// Global and Developer they are copied to the region where training takes place, with no promise of residency.
    ///
    /// ## How to fix
    ///
    /// Delete the files and the tuned models. Use the training type Standard where data must stay.
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
    /// **Portal**: Foundry, *Fine-tuning*, the job or the model, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// Where a job trained that does not say so: the name of the field, `trainingType`, could not be verified.
    /// `fine-tuning-place-not-attested` asks a person for each deployment.
    ///
    /// ## Sources
    ///
    /// - [Fine-tuning overview](https://learn.microsoft.com/azure/foundry/fine-tuning/overview), 2026-10-06
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    id: "fine-tuning-data-kept",
    title: "Fine-tuning data and weights are kept",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C08", "B10"],
    needs: [AccountsGet],
    stores: [FineTuningJobs, FineTuningCheckpoints],
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
    const REMEDY: &str = "Delete training files and tuned models: az rest --method delete --url ENDPOINT/openai/v1/files/ID --resource https://cognitiveservices.azure.com";
    context.facts.account()?;
    let unasked = || Ok(Verdict::not_applicable("the data plane was not asked"));
    let Some(jobs) = stores::stored(context, StoreKind::FineTuningJobs) else { return unasked() };
    if jobs.stores.is_empty() {
        let Some(checkpoints) = stores::stored(context, StoreKind::FineTuningCheckpoints) else { return unasked() };
        jobs.whole()?;
        checkpoints.whole()?;
        return stores::empty(context, StoreKind::FineTuningJobs, jobs.evidence);
    }
    let training = jobs.sum(|own| &own.by_training);
    let of = |kinds: &[Training]| kinds.iter().filter_map(|kind| training.get(kind)).sum::<u64>();
    let away = of(&[Training::Global, Training::Developer]);
    let moved = if away > 0 { format!("; {away} trained outside of the region of the account") } else { String::new() };
    let (text, details) = (jobs.text(StoreKind::FineTuningJobs), jobs.details());
    let message = format!("{text}{details}: their data and weights stay until they are deleted{moved}");
    Ok(Verdict::fail(message, jobs.evidence, REMEDY))
}
