//! B17: a policy that was meant to deny deployments and denies none.

use crate::outcome::Verdict;
use crate::rules::policies::{Guard, Policies, listed, not_asked};
use crate::rules::policy_probes::Does;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// With `--check-policies`: every policy that is assigned over the account, alone or in an initiative, and speaks of
    /// deployments. It is tried on each documented SKU. It fails when it denies none: its effect is not *deny*, its mode
    /// is `Indexed`, a SKU is misspelt, a list is empty, a property is none of deployments, or its condition is never
    /// met. It fails too when one SKU of several is misspelt and let through. Texts are compared without case, as Azure
    /// does: `globalstandard` is no misspelling.
    ///
    /// ## Why it matters
    ///
    /// Such a policy looks like a guard in every list of assignments. That Azure accepts a definition says nothing about
    /// what it matches.
    ///
    /// ## How to fix
    ///
    /// Correct the definition or the parameters of the assignment. A mode cannot be right for deployments but `All`.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az policy definition update --name DEFINITION --mode All --rules rule.json
    /// az policy assignment update --name ASSIGNMENT --scope SCOPE \
    ///   --params parameters.json
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource deny 'Microsoft.Authorization/policyDefinitions@2025-03-01' = {
    ///   name: 'deny-global-skus'
    ///   properties: { mode: 'All', policyType: 'Custom', policyRule: rule }
    /// }
    /// ```
    ///
    /// **Terraform**: `azurerm_policy_definition` with `mode = "All"` and the rule in `policy_rule`.
    ///
    /// **Portal**: *Policy*, *Definitions*, the definition, *Edit definition*.
    ///
    /// ## What it cannot see
    ///
    /// Conditions on names, tags and properties whose alias is not known, and functions other than `parameters()` and
    /// `field()`: then the answer is manual, and so it is when only a model's name decides, which may be misspelt.
    /// Policies that do not name deployments are not looked at, nor are those of an initiative that are written to audit
    /// while others in it deny. That `Indexed` leaves deployments out is inferred: they have no location.
    ///
    /// ## Sources
    ///
    /// - [Azure Policy definition structure policy rule](https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule), 2024-04-25
    /// - [Azure Policy definition structure basics](https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-basics), as known on 2026-11-23
    /// - [Deployment types](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types), 2026-08-06
    id: "policy-assignment-blocks-nothing",
    title: "A policy over deployments denies nothing",
    axis: Hardened,
    severity: Medium,
    since: "0.1.0",
    controls: ["B17"],
    needs: [PolicyAssignmentsList, PolicyDefinitionsGet, PolicySetDefinitionsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.9",
        "SOC 2 CC6.7",
        "NIST SP 800-53 Rev. 5 SC-7",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let Some(policies) = Policies::of(context)? else { return Ok(not_asked()) };
    let own: Vec<&Guard<'_>> = policies.guards.iter().filter(|guard| guard.reaches()).collect();
    let faulty: Vec<(&Guard<'_>, String)> = own.iter().filter_map(|guard| Some((*guard, fault(guard)?))).collect();
    if !faulty.is_empty() {
        let all: Vec<String> = faulty.iter().map(|(guard, why)| format!("{}: {why}", guard.name())).collect();
        let evidence = faulty.iter().flat_map(|(guard, _)| guard.cite("/properties/policyDefinitionId")).collect();
        let message = format!("assigned policies do not deny what they are about: {}", listed(&all));
        let update = faulty.first().map(|(guard, _)| guard.az_update()).unwrap_or_default();
        let fix =
            format!("Correct the definition (az policy definition update), or the parameters: {update} --params FILE");
        return Ok(Verdict::fail(message, evidence, fix));
    }
    policies.otherwise(|_| true, || Ok(settled(&own)))
}

fn fault(guard: &Guard<'_>) -> Option<String> {
    match &guard.does {
        Does::Nothing(why) => Some(why.clone()),
        Does::Denies { missed, .. } if !missed.is_empty() => {
            Some(format!("what its list misspells is let through: {}", missed.join(", ")))
        }
        Does::Denies { .. } | Does::Open(_) => None,
    }
}

fn settled(own: &[&Guard<'_>]) -> Verdict {
    let mut evidence = own.iter().flat_map(|guard| guard.cite("/properties/policyDefinitionId"));
    let Some(first) = evidence.next() else {
        return Verdict::not_applicable("no assigned policy speaks of the account's deployments");
    };
    let names: Vec<String> = own.iter().map(|guard| guard.name()).collect();
    Verdict::pass(format!("each assigned policy about deployments denies some: {}", listed(&names)), first, evidence)
}
