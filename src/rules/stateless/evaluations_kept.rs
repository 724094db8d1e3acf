//! C09: evaluations keep prompts, answers and grades.

use crate::rules::serving::ask_about_api;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::StoreKind;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a
    /// person has to attest that no evaluation runs on real prompts, or that its data is deleted. No switch of the
    /// account shows or forbids it.
    ///
    /// With `--data-plane` the evaluations of the account and its projects are counted: any is a failure. None leaves
    /// the question open, because Foundry's own data sets and red-team runs are not counted.
    ///
    /// ## Why it matters
    ///
    /// An evaluation (preview) stores its data set, the answers of the model and the grades. No time to live is
    /// documented. Data sets made from stored completions repeat real prompts, and Foundry evaluations and red-team
    /// runs keep theirs in the project.
    ///
    /// ## How to fix
    ///
    /// Use invented data, or delete evaluations and their files (`GET /openai/v1/evals` with the header `aoai-evals:
    /// preview`, `DELETE /openai/v1/evals/ID`).
    ///
    /// **az CLI**: see which operations are used at all.
    ///
    /// ```sh
    /// az monitor metrics list --resource ACCOUNT-ID \
    ///   --metrics AzureOpenAIRequests --dimension ApiName OperationName
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the account has no property for it; a policy of the gateway can reject
    /// `/openai/v1/evals`, and the page of `responses-stored-by-default` has such a policy in both forms.
    ///
    /// **Portal**: the account, *Monitoring*, *Metrics*, *Azure OpenAI Requests*, *Apply splitting* by *OperationName*.
    /// There is no switch.
    ///
    /// ## What it cannot see
    ///
    /// Evaluations: the lists are part of the data plane of the account and its projects.
    ///
    /// ## Sources
    ///
    /// - [Azure OpenAI v1 REST specification](https://github.com/Azure/azure-rest-api-specs/tree/main/specification/ai/data-plane/OpenAI.v1), undated page, as known on 2026-11-22
    /// - [Role-based access control for Foundry](https://learn.microsoft.com/azure/foundry/concepts/rbac-foundry), 2026-04-13
    /// - [Azure OpenAI evaluation](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/evaluations), 2025-11-26
    id: "evaluations-kept",
    title: "Evaluations keep data sets and answers",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C09"],
    needs: [DeploymentsList, AccountsGet],
    stores: [Evaluations],
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
        "data sets, answers and grades stay until they are deleted",
        "Delete each: az rest --method delete --url ENDPOINT/openai/v1/evals/ID --resource https://cognitiveservices.azure.com",
    );
    if let Some(decided) = stores::finding(context, StoreKind::Evaluations, consequence, remedy) {
        return decided;
    }
    ask_about_api(
        context,
        "evaluations keep data sets, answers and grades, and no end is documented",
        "Run evaluations on invented data or block the Evals API at the gateway",
    )
}
