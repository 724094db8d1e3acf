//! D09: a safety provider outside Azure is shown the content it judges.

use crate::outcome::{Unknown, Verdict};
use crate::rules::options::RuleOption;
use crate::rules::{CheckResult, Context, cite_known, shell_word};
use crate::snapshot::{Document, List, Operation, last_segment};

const ACCEPTED: RuleOption =
    RuleOption::hosts("accepted_hosts", "Hosts of safety providers whose operator is known and has a contract.");

declare_rule! {
    /// ## What it checks
    ///
    /// Whether a guardrail policy of the account names `safetyProviders`, and whether the subscription has external
    /// safety providers at all.
    ///
    /// | policies | subscription | outcome |
    /// |---|---|---|
    /// | one names a provider | any | fail |
    /// | none | has providers | manual |
    /// | none | has none | pass |
    /// | any | has some, all with a host in the option `accepted_hosts` | pass |
    ///
    /// ## Why it matters
    ///
    /// A provider is a webhook with a URL and a mode (`sync`, `async`). That it receives the prompts and completions it
    /// judges is our reading of the schema; nothing in Azure says what its operator keeps.
    ///
    /// ## How to fix
    ///
    /// Take the provider out of the policy, or delete it.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method get --url "ACCOUNT-ID/raiPolicies?api-version=2026-09-01"
    /// az resource delete --ids PROVIDER-ID
    /// ```
    ///
    /// **Bicep**: in each policy, with the filters it has.
    ///
    /// ```bicep
    /// resource policy 'Microsoft.CognitiveServices/accounts/raiPolicies@2026-07-01' = {
    ///   parent: account, name: 'POLICY'
    ///   properties: { basePolicyName: 'Microsoft.DefaultV2'
    ///     contentFilters: filters, safetyProviders: [] }
    /// }
    /// ```
    ///
    /// **Terraform**: `azurerm_cognitive_account_rai_policy` has no argument for providers; where `azapi_resource`
    /// names `safetyProviders`, take them out of the body.
    ///
    /// **Portal**: Foundry, *Guardrails + controls*, the policy.
    ///
    /// ## What it cannot see
    ///
    /// What is sent, what the operator keeps, and policies of the subscription, which can be read by name only. Answers
    /// of api-versions before 2025-12-01 cannot show providers and are unknown.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts/raiPolicies](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/raipolicies), api-version 2026-09-01
    /// - [Microsoft.CognitiveServices raiExternalSafetyProviders](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/raiexternalsafetyproviders), api-version 2026-09-01
    id: "external-safety-provider",
    title: "Content is shown to an external safety provider",
    axis: Contained,
    severity: High,
    since: "0.1.0",
    controls: ["D09"],
    needs: [RaiPoliciesList, SafetyProvidersList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1",
        "GDPR Art. 28(2)",
        "SOC 2 CC9.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 CA-3",
    ],
    options: [ACCEPTED],
    check: Account(check),
}

const POINTER: &str = "/properties/safetyProviders";

fn check(context: &Context<'_>) -> CheckResult {
    let policies = context.facts.list(Operation::RaiPoliciesList)?;
    if let Some(proof) = accepted(context, policies)? {
        return Ok(proof);
    }
    for policy in policies.documents()? {
        if policy.array(POINTER)?.is_some_and(|providers| !providers.is_empty()) {
            let message =
                format!("guardrail policy {} shows content to an external provider", last_segment(&policy.scope));
            let url = format!("{}?api-version=2026-09-01", policy.scope);
            let fix = format!("Take the provider out of the policy: az rest --method get --url {}", shell_word(&url));
            return Ok(Verdict::fail(message, vec![policy.cite(POINTER)], fix));
        }
        if policy.value(POINTER).is_none() && !policy.answered_since("2025-12-01") {
            return Err(policy.not_in_api_version().into());
        }
    }
    let providers = context.subscription.list(Operation::SafetyProvidersList)?;
    let cited = vec![cite_known(policies)?, cite_known(providers)?];
    if let Some(first) = providers.documents()?.first() {
        let message = format!(
            "the subscription has external safety providers, {} for one; no policy of this account names one, but a policy of \
             the subscription could",
            last_segment(&first.scope)
        );
        let fix = format!(
            "Delete it, or attest what it receives and keeps: az resource delete --ids {}",
            shell_word(&first.scope)
        );
        return Ok(Verdict::manual(message, cited, fix));
    }
    let [policies, providers] = [cite_known(policies)?, cite_known(providers)?];
    Ok(Verdict::pass("no external safety provider is shown content", policies, [providers]))
}

/// A pass, when policy accepts the hosts of all providers of the subscription: then it does not matter which one is named.
fn accepted(context: &Context<'_>, policies: &List) -> Result<Option<Verdict>, Unknown> {
    if !context.is_set(&RULE, &ACCEPTED) {
        return Ok(None);
    }
    let list = context.subscription.list(Operation::SafetyProvidersList)?;
    let providers = list.documents()?;
    let is_accepted = |provider: &&Document| {
        let url = provider.string("/properties/url").ok().flatten().and_then(|url| url.split_once("://"));
        let host = url.and_then(|(_, rest)| rest.split(['/', ':']).next());
        host.is_some_and(|host| context.accepts_host(&RULE, &ACCEPTED, host))
    };
    policies.documents()?;
    if providers.is_empty() || !providers.iter().all(is_accepted) {
        return Ok(None);
    }
    let cited = providers.iter().map(|provider| provider.cite("/properties/url")).chain([cite_known(policies)?]);
    Ok(Some(Verdict::pass("policy accepts the hosts of all external safety providers", cite_known(list)?, cited)))
}
