//! C20: newer models keep the cache of a prompt longer than an hour without being asked.

use crate::knowledge::models::{PromptCache, prompt_cache};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::serving::models_behind;
use crate::rules::{CheckResult, Context};
use crate::snapshot::Deployment;

declare_rule! {
    /// ## What it checks
    ///
    /// The name of the deployed OpenAI model, or of each model a router may choose, against the prompt-cache page.
    ///
    /// | model | cache by default | outcome |
    /// |---|---|---|
    /// | gpt-5.5 family | up to 24 hours on GPU-local storage | fail |
    /// | GPT-5.6 and later families | at least 30 minutes, no documented maximum | fail |
    /// | older OpenAI models | in memory, at most one hour after the last use | pass |
    /// | an OpenAI model the table does not know, a router that names no models | not documented | unknown |
    /// | formats other than `OpenAI` | the page does not speak of them | not applicable |
    ///
    /// ## Why it matters
    ///
    /// The cache holds the model's intermediate state of a prompt. In memory it is part of processing; on local storage
    /// for a day it is data at rest, and no property of the account or deployment turns it off.
    ///
    /// ## How to fix
    ///
    /// Deploy gpt-5.4 or older instead. On pay-as-you-go deployments of GPT-5.6 and later a gateway can send
    /// `prompt_cache_options: { "mode": "explicit" }` without breakpoints, which switches the cache off; provisioned
    /// deployments cannot. This result stays until the model changes: waive it when the gateway enforces that.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account deployment create --name NAME \
    ///   --resource-group GROUP --deployment-name DEPLOYMENT \
    ///   --sku-name Standard --sku-capacity 10 --model-format OpenAI \
    ///   --model-name gpt-5.4 --model-version VERSION
    /// ```
    ///
    /// **Bicep**: `model: { format: 'OpenAI', name: 'gpt-5.4', version: 'VERSION' }` in the properties of
    /// `Microsoft.CognitiveServices/accounts/deployments`.
    ///
    /// **Terraform**: `name = "gpt-5.4"` in the `model` block of `azurerm_cognitive_deployment`; the change forces a
    /// new deployment.
    ///
    /// **Portal**: Foundry, *Models + endpoints*, *Deploy model*, the model.
    ///
    /// ## What it cannot see
    ///
    /// What callers send. The page changed its mind: in March 2026 it said all caches "are cleared within 24 hours"
    /// without an opt-out, in August 2026 it has the table above.
    ///
    /// ## Sources
    ///
    /// - [Prompt caching](https://learn.microsoft.com/azure/foundry/openai/how-to/prompt-caching), 2026-08-04 and 2026-03-19
    id: "prompt-cache-kept-by-default",
    title: "Model keeps the cache of prompts longer than an hour by default",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C20"],
    needs: [DeploymentsList],
    frameworks: ["ISO/IEC 27018:2019 A.5.1", "GDPR Art. 5(1)(e)", "SOC 2 C1.2", "NIST SP 800-53 Rev. 5 SI-12"],
    check: Deployment(check),
}

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let format = deployment.model_format()?;
    if !format.eq_ignore_ascii_case("OpenAI") {
        return Ok(Verdict::not_applicable(format!(
            "the prompt-cache page does not speak of models of format {format}"
        )));
    }
    let mut worst = (PromptCache::InMemory, deployment.model_name()?);
    for model in models_behind(deployment)? {
        let name = model.name.ok_or_else(|| deployment.0.unexpected("/properties/routing/models"))?;
        let cache = prompt_cache(name);
        if cache > worst.0 {
            worst = (cache, name);
        }
    }
    let cited = vec![deployment.cite_model()];
    let (cache, name) = worst;
    let message = match cache {
        PromptCache::InMemory | PromptCache::OnRequest => {
            let message = format!("{name} keeps the cache of a prompt in memory, at most one hour after its last use");
            return Ok(Verdict::pass(message, deployment.cite_model(), []));
        }
        PromptCache::Unlisted => {
            let message = format!("the prompt-cache page does not say how long {name} keeps the cache of a prompt");
            return Err(Unknown::because(UnknownCause::UndocumentedValue, message, cited));
        }
        PromptCache::HalfHourOrMore => {
            format!("{name} keeps the cache of a prompt for at least 30 minutes, possibly longer")
        }
        PromptCache::DayByDefault => format!("{name} keeps the cache of a prompt for up to 24 hours by default"),
    };
    let fix = format!(
        "Deploy gpt-5.4 or older instead, or (GPT-5.6 and later, pay-as-you-go) send prompt_cache_options.mode \"explicit\" at the \
         gateway and waive this: az cognitiveservices account deployment create {} --model-format OpenAI --model-name gpt-5.4 \
         --model-version VERSION --sku-name SKU --sku-capacity CAPACITY",
        context.az_deployment(deployment.name())
    );
    Ok(Verdict::fail(message, cited, fix))
}
