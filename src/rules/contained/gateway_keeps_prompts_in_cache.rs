//! D02: a gateway in front of the account keeps prompts and completions in a semantic cache.

use std::collections::BTreeSet;

use crate::outcome::{Unknown, Verdict};
use crate::rules::gateways::{self, Found};
use crate::rules::{CheckResult, Context, cite_known, shell_word};
use crate::snapshot::{Document, Gateway, Operation, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// For the gateways and APIs that `gateway-logs-prompts` looks at: whether the policy of the gateway, of such an
    /// API, or a fragment they include has `llm-semantic-cache-store` or `azure-openai-semantic-cache-store`, and
    /// whether the gateway has an external cache, without which neither can store anything.
    ///
    /// | external cache | policies | outcome |
    /// |---|---|---|
    /// | there | one stores | fail |
    /// | there | none of those read stores | manual |
    /// | none | any | pass |
    ///
    /// ## Why it matters
    ///
    /// The cache holds completions, with vectors of the prompts they answer, in a Redis of the customer for the
    /// duration the policy says. A caller whose prompt is similar is given what the model said to somebody else.
    ///
    /// ## How to fix
    ///
    /// Take the policies for lookup and storing out of the API, or the external cache out of the gateway. Then flush
    /// the Redis behind it: what is there stays until its duration ends.
    ///
    /// **az CLI**: `policy.json` is `{"properties":{"format":"rawxml","value":"…"}}` with the policy as it is to be.
    ///
    /// ```sh
    /// az rest --method get \
    ///   --url "API-ID/policies/policy?api-version=2024-05-01&format=rawxml"
    /// az rest --method put --body @policy.json \
    ///   --url "API-ID/policies/policy?api-version=2024-05-01"
    /// ```
    ///
    /// **Bicep**: without the cache, take `Microsoft.ApiManagement/service/caches` out of the template and delete it by
    /// hand; without the policy:
    ///
    /// ```bicep
    /// resource policy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
    ///   parent: api, name: 'policy'
    ///   properties: { format: 'rawxml', value: loadTextContent('policy.xml') }
    /// }
    /// ```
    ///
    /// **Terraform**: take both elements out of `xml_content` of `azurerm_api_management_api_policy`, or remove the
    /// `azurerm_api_management_redis_cache`, and apply.
    ///
    /// **Portal**: the API Management service, *APIs*, the API, *Inbound processing* and *Outbound processing*, *Policy
    /// code editor*. The cache is under *External cache*.
    ///
    /// ## What it cannot see
    ///
    /// What `gateway-logs-prompts` cannot see. Policies of operations and products are not read, hence *manual* where
    /// an external cache is there. `cache-store-value` stores what an expression computes, in the built-in cache too,
    /// and is not looked for.
    ///
    /// ## Sources
    ///
    /// - [Enable semantic caching for LLM APIs](https://learn.microsoft.com/azure/api-management/azure-openai-enable-semantic-caching), 2025-10-28
    /// - [llm-semantic-cache-store](https://learn.microsoft.com/azure/api-management/llm-semantic-cache-store-policy), "to a configured external cache", 2026-06-02
    /// - [Microsoft.ApiManagement service/caches](https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/caches), api-version 2024-05-01
    id: "gateway-keeps-prompts-in-cache",
    title: "API Management gateway keeps completions in a semantic cache",
    axis: Contained,
    severity: High,
    since: "0.1.0",
    controls: ["D02"],
    needs: [AccountsGet, GatewaysList, GatewayBackendsList, GatewayApisList, GatewayPoliciesList, GatewayFragmentsList, GatewayCachesList, ApiPoliciesList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e)",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

const STORES: &str = "/properties/semanticCacheStores";

fn check(context: &Context<'_>) -> CheckResult {
    gateways::check(
        context,
        "no gateway in front of the account has an external cache, which a semantic cache needs",
        look,
    )
}

fn look(gateway: &Gateway<'_>, addresses: &BTreeSet<String>) -> Result<Found, Unknown> {
    let caches = gateway.list(Operation::GatewayCachesList)?;
    let shown = cite_known(caches)?;
    if caches.documents()?.is_empty() {
        return Ok(Found::Nothing(vec![shown]));
    }
    let apis = gateway.apis_to(addresses)?;
    let mut policies = gateway.list(Operation::GatewayPoliciesList)?.documents()?;
    for api in apis {
        policies.extend(gateway.api_list(Operation::ApiPoliciesList, api)?.documents()?);
    }
    for policy in policies {
        let fragments = gateway.fragments(policy)?;
        for own in std::iter::once(policy).chain(fragments) {
            if !own.strings(STORES)?.is_empty() {
                return Ok(Found::Something(fail(gateway, own)));
            }
        }
    }
    let message = format!(
        "gateway {} has an external cache; no policy of the gateway or its APIs stores completions there, one of an operation or product could",
        gateway.name()
    );
    let fix =
        "Attest that no policy of an operation or product stores completions, or remove the cache in API Management.";
    Ok(Found::Something(Verdict::manual(message, vec![shown], fix)))
}

fn fail(gateway: &Gateway<'_>, policy: &Document) -> Verdict {
    let owner = policy.scope.strip_suffix("/policies/policy").unwrap_or(&policy.scope);
    let message =
        format!("gateway {} keeps completions in a semantic cache (policy of {})", gateway.name(), last_segment(owner));
    let url = format!("{}?api-version=2024-05-01&format=rawxml", policy.scope);
    let fix = format!("Take the semantic cache out of the policy: az rest --method get --url {}", shell_word(&url));
    Verdict::fail(message, vec![policy.cite(STORES)], fix)
}
