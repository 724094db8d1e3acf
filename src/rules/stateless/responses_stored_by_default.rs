//! C01: the Responses API keeps every response for 30 days unless the caller says otherwise.

use crate::outcome::Verdict;
use crate::rules::serving::reachable_models;
use crate::rules::{CheckResult, Context, shell_word};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a person has to attest
    /// that every caller of the Responses API sends `store: false`; no API can show it.
    ///
    /// ## Why it matters
    ///
    /// "By default, response data is retained for 30 days." There is no switch on the account, and no operation lists stored
    /// responses, so emptiness cannot be proven. Background mode requires `store: true`, and some clients force it on Azure (the
    /// Codex client does, [openai/codex#37275](https://github.com/openai/codex/issues/37275), open 2026-08-06).
    ///
    /// ## How to fix
    ///
    /// Send `store: false` everywhere, with `include: ["reasoning.encrypted_content"]` where reasoning has to be carried on, and let
    /// the gateway reject requests that do not. Delete known responses: `DELETE /openai/v1/responses/ID`.
    ///
    /// To see which operations are used at all:
    ///
    /// ```text
    /// az monitor metrics list --resource ACCOUNT-ID --metric AzureOpenAIRequests --dimension ApiName OperationName
    /// ```
    ///
    /// ## What it cannot see
    ///
    /// Requests, and responses stored before. A preview had a list operation; version v1 of the API removed it.
    ///
    /// ## Sources
    ///
    /// - [Responses API](https://learn.microsoft.com/azure/foundry/openai/how-to/responses), 2026-06-30 and 2026-01-14
    id: "responses-stored-by-default",
    title: "Responses are stored for 30 days unless each caller opts out",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C01", "C02"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.10.3", "GDPR Art. 5(1)(e), 25", "SOC 2 C1.2", "NIST SP 800-53 SI-12"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let Some(evidence) = reachable_models(context)? else {
        return Ok(Verdict::not_applicable("no model is deployed"));
    };
    Ok(Verdict::manual(
        "the Responses API stores every response for 30 days unless the caller sends store: false; the account has no switch for it, \
         stored responses cannot be listed, background mode needs store: true and some clients force it",
        vec![evidence],
        format!(
            "Make the gateway reject requests without store: false, then attest it; see what is used with: az monitor metrics list \
             --resource {} --metric AzureOpenAIRequests --dimension ApiName OperationName",
            shell_word(&context.facts.id.id)
        ),
    ))
}
