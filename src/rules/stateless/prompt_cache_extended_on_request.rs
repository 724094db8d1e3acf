//! C20: on some models a caller can ask for a cache of 24 hours.

use crate::knowledge::models::{PromptCache, prompt_cache};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::serving::models_behind;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the deployed OpenAI model, or one a router may choose, is on the list of models that accept
    /// `prompt_cache_retention: "24h"`. Those are manual: only a person can say that no caller asks for it. Models
    /// whose cache is extended by default are the business of `prompt-cache-kept-by-default` and not applicable here,
    /// as are formats other than `OpenAI`.
    ///
    /// ## Why it matters
    ///
    /// One request parameter turns a cache in memory into one on GPU-local storage for up to 24 hours. Nothing in Azure
    /// Resource Manager shows or forbids it.
    ///
    /// ## How to fix
    ///
    /// Reject or remove the parameter at the gateway, in Azure API Management with this in the inbound policy, then
    /// attest it in the configuration of zdr-check.
    ///
    /// ```xml
    /// <choose><when condition="@((string)context.Request.Body
    ///     .As<JObject>(true)["prompt_cache_retention"] == "24h")">
    ///   <return-response><set-status code="400" /></return-response>
    /// </when></choose>
    /// ```
    ///
    /// **az CLI**: `policy.json` is `{"properties":{"format":"rawxml","value":"…"}}`.
    ///
    /// ```sh
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
    /// **Terraform**: `xml_content = file("policy.xml")` of `azurerm_api_management_api_policy`.
    ///
    /// **Portal**: the API Management service, *APIs*, the API, *Inbound processing*, *Policy code editor*.
    ///
    /// ## What it cannot see
    ///
    /// What callers send.
    ///
    /// ## Sources
    ///
    /// - [Prompt caching](https://learn.microsoft.com/azure/foundry/openai/how-to/prompt-caching), 2026-08-04
    id: "prompt-cache-extended-on-request",
    title: "A caller can ask for a prompt cache of 24 hours",
    axis: Stateless,
    severity: Info,
    since: "0.1.0",
    controls: ["C20"],
    needs: [DeploymentsList],
    frameworks: ["ISO/IEC 27018:2019 A.5.1", "GDPR Art. 5(1)(e)", "SOC 2 C1.2", "NIST SP 800-53 Rev. 5 SI-12"],
    check: Deployment(check),
}

fn check(_context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let format = deployment.model_format()?;
    if !format.eq_ignore_ascii_case("OpenAI") {
        return Ok(Verdict::not_applicable(format!(
            "the prompt-cache page does not speak of models of format {format}"
        )));
    }
    let mut found = Vec::new();
    for model in models_behind(deployment)? {
        let name = model.name.ok_or_else(|| deployment.0.unexpected("/properties/routing/models"))?;
        found.push((prompt_cache(name), name));
    }
    let with = |wanted: PromptCache| found.iter().find(|(cache, _)| *cache == wanted).map(|(_, name)| *name);
    if let Some(name) = with(PromptCache::OnRequest) {
        return Ok(Verdict::manual(
            format!("a caller of {name} can ask for a prompt cache of up to 24 hours"),
            vec![deployment.cite_model()],
            "Reject prompt_cache_retention \"24h\" at the gateway (API Management: the API, Policies, Inbound), then attest it.",
        ));
    }
    if let Some(name) = with(PromptCache::Unlisted) {
        let message = format!("the prompt-cache page does not say whether {name} has an extended cache");
        let cited = vec![deployment.cite_model()];
        return Err(Unknown::because(UnknownCause::UndocumentedValue, message, cited));
    }
    if let Some(name) = with(PromptCache::DayByDefault).or_else(|| with(PromptCache::HalfHourOrMore)) {
        return Ok(Verdict::not_applicable(format!(
            "{name} keeps its cache longer by default, without a request for it"
        )));
    }
    let message = "the model is not on the list of models with an extended prompt cache";
    Ok(Verdict::pass(message, deployment.cite_model(), []))
}
