//! B16: one guardrail is not processed where a regional deployment is.

use crate::knowledge::processing::{Pin, Processing, find_sku};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context, cite_known, cite_list, shell_word};
use crate::snapshot::{Citation, Deployment, Document, Operation, Unavailable, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether a regional deployment (`Standard`, `ProvisionedManaged`) uses a guardrail policy with task adherence
    /// enabled. Not applicable when any processing location is allowed.
    ///
    /// ## Why it matters
    ///
    /// Guardrails of regional deployments are processed in the region, but task adherence is offered in Global and in
    /// the US and EU data zones only. What it judges is then processed outside the geography of the deployment. That
    /// the filter is recognised by its name is our reading.
    ///
    /// ## How to fix
    ///
    /// Disable it in the policy, or give the deployment another policy.
    ///
    /// **az CLI**: see which filters the policy has, and name another policy.
    ///
    /// ```sh
    /// az rest --method get \
    ///   --url "ACCOUNT-ID/raiPolicies/POLICY?api-version=2026-09-01"
    /// az resource update --ids DEPLOYMENT-ID --api-version 2026-07-01 \
    ///   --set properties.raiPolicyName=Microsoft.DefaultV2
    /// ```
    ///
    /// **Bicep**: `raiPolicyName` in the properties of `Microsoft.CognitiveServices/accounts/deployments`, or the
    /// filter with `enabled: false` in `contentFilters` of `Microsoft.CognitiveServices/accounts/raiPolicies`.
    ///
    /// **Terraform**: `rai_policy_name` of `azurerm_cognitive_deployment`, or no `content_filter` block of that name in
    /// `azurerm_cognitive_account_rai_policy`.
    ///
    /// **Portal**: Foundry, *Guardrails + controls*, the policy, *Task adherence*.
    ///
    /// ## What it cannot see
    ///
    /// Policies of the subscription, and where a request is really processed.
    ///
    /// ## Sources
    ///
    /// - [Content Safety: region availability](https://learn.microsoft.com/azure/ai-services/content-safety/region-availability), 2026-09-18
    /// - [Microsoft.CognitiveServices accounts/raiPolicies](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/raipolicies), api-version 2026-09-01
    id: "task-adherence-leaves-geography",
    title: "Task adherence of a regional deployment is processed elsewhere",
    axis: Contained,
    severity: Low,
    since: "0.1.0",
    controls: ["B16"],
    needs: [RaiPoliciesList, DeploymentsList],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Account(check),
}

const FILTERS: &str = "/properties/contentFilters";

fn check(context: &Context<'_>) -> CheckResult {
    if context.policy.pin == Pin::Any {
        return Ok(Verdict::not_applicable("policy allows processing anywhere"));
    }
    let policies = context.facts.list(Operation::RaiPoliciesList)?;
    let deployments = context.facts.deployments()?;
    for policy in policies.documents()? {
        if !judges_tasks(policy)? {
            continue;
        }
        for deployment in &deployments {
            let used = deployment.0.string("/properties/raiPolicyName")?;
            if !used.is_some_and(|name| name.eq_ignore_ascii_case(last_segment(&policy.scope))) {
                continue;
            }
            let evidence = vec![policy.cite(FILTERS), deployment.0.cite("/sku/name")];
            match find_sku(deployment.sku()?).map(|sku| sku.processing) {
                Some(Processing::Geography) => return Ok(fail(policy, deployment, evidence)),
                Some(Processing::Global | Processing::DataZone | Processing::External) => {}
                Some(Processing::Unknown) | None => {
                    let message = format!("no page says where deployment {} processes", deployment.name());
                    return Err(Unknown::because(UnknownCause::UndocumentedValue, message, evidence));
                }
            }
        }
    }
    let [policies, deployments] = [cite_known(policies)?, cite_list(&context.facts.deployments)?];
    Ok(Verdict::pass("no regional deployment uses task adherence", policies, [deployments]))
}

fn fail(policy: &Document, deployment: &Deployment<'_>, evidence: Vec<Citation>) -> Verdict {
    let url = format!("{}?api-version=2026-09-01", policy.scope);
    Verdict::fail(
        format!("task adherence of deployment {} is processed outside its geography", deployment.name()),
        evidence,
        format!("Disable the filter in the policy: az rest --method get --url {}", shell_word(&url)),
    )
}

fn judges_tasks(policy: &Document) -> Result<bool, Unavailable> {
    let mut found = false;
    for filter in policy.array(FILTERS)?.unwrap_or_default() {
        let name = filter.get("name").and_then(|name| name.as_str()).ok_or_else(|| policy.unexpected(FILTERS))?;
        let letters: String = name.chars().filter(char::is_ascii_alphabetic).collect();
        let on = filter.get("enabled").and_then(serde_json::Value::as_bool).unwrap_or(true);
        found |= on && letters.eq_ignore_ascii_case("taskadherence");
    }
    Ok(found)
}
