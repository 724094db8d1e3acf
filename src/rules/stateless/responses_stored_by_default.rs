//! C01: the Responses API keeps every response for 30 days unless the caller says otherwise.

use crate::outcome::Verdict;
use crate::rules::serving::reachable_models;
use crate::rules::{CheckResult, Context, shell_word};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a
    /// person has to attest that every caller of the Responses API sends `store: false`; no API can show it.
    ///
    /// ## Why it matters
    ///
    /// "By default, response data is retained for 30 days." There is no switch on the account, and no operation lists
    /// stored responses, so emptiness cannot be proven. Background mode requires `store: true`, and some clients force
    /// it on Azure (the Codex client does, [openai/codex#37275](https://github.com/openai/codex/issues/37275), open
    /// 2026-08-06). Microsoft sends users of stored completions here (2026-07-06) without a word on `store`.
    ///
    /// ## How to fix
    ///
    /// Send `store: false` everywhere, with `include: ["reasoning.encrypted_content"]` where reasoning has to be
    /// carried on, and delete known responses: `DELETE /openai/v1/responses/ID`. Let the gateway reject requests that
    /// do not, in Azure API Management with this in the inbound policy (the same form rejects a whole path):
    ///
    /// ```xml
    /// <choose><when condition="@(context.Request.Method == "POST"
    ///     && context.Request.Url.Path.EndsWith("/responses") && (bool?)context
    ///     .Request.Body.As<JObject>(true)["store"] != false)">
    ///   <return-response><set-status code="400" /></return-response>
    /// </when></choose>
    /// ```
    ///
    /// **az CLI**: see which operations are used at all, and set the policy (`policy.json` is
    /// `{"properties":{"format":"rawxml","value":"…"}}`).
    ///
    /// ```sh
    /// az monitor metrics list --resource ACCOUNT-ID \
    ///   --metrics AzureOpenAIRequests --dimension ApiName OperationName
    /// az rest --method put --body @policy.json \
    ///   --url "API-ID/policies/policy?api-version=2024-05-01"
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource policy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
    ///   parent: api, name: 'policy'
    ///   properties: { format: 'rawxml', value: loadTextContent('policy.xml') }
    /// }
    /// ```
    ///
    /// **Terraform**:
    ///
    /// ```hcl
    /// resource "azurerm_api_management_api_policy" "stateless" {
    ///   api_name            = azurerm_api_management_api.this.name
    ///   api_management_name = azurerm_api_management.this.name
    ///   resource_group_name = azurerm_api_management.this.resource_group_name
    ///   xml_content         = file("policy.xml")
    /// }
    /// ```
    ///
    /// **Portal**: the API Management service, *APIs*, the API, *Inbound processing*, *Policy code editor*. The account
    /// has no switch.
    ///
    /// ## What it cannot see
    ///
    /// Requests, and responses stored before. A preview had a list operation; version v1 of the API removed it.
    ///
    /// ## Sources
    ///
    /// - [Responses API](https://learn.microsoft.com/azure/foundry/openai/how-to/responses), 2026-06-30 and 2026-01-14
    /// - [Retirement of stored completions](https://learn.microsoft.com/azure/foundry-classic/openai/how-to/stored-completions-retirement), 2026-07-06
    id: "responses-stored-by-default",
    title: "Responses are stored for 30 days unless each caller opts out",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C01", "C02"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 25",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
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
             --resource {} --metrics AzureOpenAIRequests --dimension ApiName OperationName",
            shell_word(&context.facts.id.id)
        ),
    ))
}
