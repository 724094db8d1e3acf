//! C17: videos that are there now.

use crate::knowledge::models::keeps_videos;
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::{Cause, Deployment, StoreKind, Unavailable};

declare_rule! {
    /// ## What it checks
    ///
    /// How many videos the account shows (`GET /openai/v1/videos`). Any is a failure. Where the account does not answer
    /// the call and no video model is deployed, it is not applicable.
    ///
    /// Without `--data-plane` the rule says nothing: Azure Resource Manager cannot show it.
    ///
    /// ## Why it matters
    ///
    /// A video, its job and its prompt stay available for 24 hours after creation.
    ///
    /// ## How to fix
    ///
    /// Delete each video after download.
    ///
    /// **az CLI**: for each id that the list shows.
    ///
    /// ```sh
    /// az rest --method delete --resource https://cognitiveservices.azure.com \
    ///   --url "https://NAME.openai.azure.com/openai/v1/videos/ID"
    /// ```
    ///
    /// **Bicep, Terraform**: none, because what is stored is part of the data plane and no resource of Azure.
    ///
    /// **Portal**: Foundry, *Video playground*, the video, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// Videos that were there before and are gone. `video-model-deployed` speaks about what a deployed model will leave
    /// behind.
    ///
    /// ## Sources
    ///
    /// - [Sora video generation](https://learn.microsoft.com/azure/foundry/openai/concepts/video-generation), 2025-12-01
    id: "videos-kept",
    title: "Generated videos are stored",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C17"],
    needs: [AccountsGet],
    stores: [Videos],
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
    let models = context
        .facts
        .deployments()
        .and_then(|all| all.iter().map(Deployment::model_name).collect::<Result<Vec<_>, _>>());
    let no_model = models.is_ok_and(|names| !names.into_iter().any(keeps_videos));
    let no_list = |why: &Unavailable| why.cause == Cause::NotFound;
    let absent = context.facts.stores_of(StoreKind::Videos).filter_map(|own| own.facts.unavailable()).any(no_list);
    if no_model && absent {
        return Ok(Verdict::not_applicable("no video model is deployed, and the account does not list videos"));
    }
    let remedy = "Delete each: az rest --method delete --url ENDPOINT/openai/v1/videos/ID --resource https://cognitiveservices.azure.com";
    let decided = stores::decide(context, StoreKind::Videos, "video and prompt stay for 24 hours", remedy);
    decided.unwrap_or_else(|| Ok(Verdict::not_applicable("the data plane was not asked")))
}
