//! B17: a policy that would deny deployments, were it enforced.

use crate::outcome::Verdict;
use crate::rules::policies::{Guard, Policies, listed, not_asked};
use crate::rules::policy_probes::Does;
use crate::rules::{CheckResult, Context};
use crate::snapshot::policies::Enforcement;

declare_rule! {
    /// ## What it checks
    ///
    /// With `--check-policies`: `enforcementMode` of every assignment over the account whose policy denies deployments.
    /// `DoNotEnforce` fails; `Enroll` is manual, because what is enrolled is not read.
    ///
    /// ## Why it matters
    ///
    /// Without enforcement a policy reports and lets through. The mode is meant for trying a policy out, and is easily
    /// forgotten: the definition still says *deny*.
    ///
    /// ## How to fix
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az policy assignment update --name ASSIGNMENT --scope SCOPE \
    ///   --enforcement-mode Default
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource deny 'Microsoft.Authorization/policyAssignments@2025-03-01' = {
    ///   name: 'deny-global-skus'
    ///   properties: { policyDefinitionId: definition, enforcementMode: 'Default' }
    /// }
    /// ```
    ///
    /// **Terraform**: `enforce = true` of `azurerm_subscription_policy_assignment`.
    ///
    /// **Portal**: *Policy*, *Assignments*, the assignment, *Edit*, *Policy enforcement*, *Enabled*.
    ///
    /// ## What it cannot see
    ///
    /// Enrollments of an assignment in mode `Enroll`, and policies that do not name deployments.
    ///
    /// ## Sources
    ///
    /// - [Azure Policy assignment structure](https://learn.microsoft.com/azure/governance/policy/concepts/assignment-structure), as known on 2026-11-23
    id: "policy-assignment-not-enforced",
    title: "A policy that denies deployments is not enforced",
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

const MODE: &str = "/properties/enforcementMode";

fn check(context: &Context<'_>) -> CheckResult {
    let Some(policies) = Policies::of(context)? else { return Ok(not_asked()) };
    let denies = |guard: &&Guard<'_>| guard.reaches() && matches!(guard.does, Does::Denies { .. });
    let own: Vec<&Guard<'_>> = policies.guards.iter().filter(denies).collect();
    let off: Vec<&Guard<'_>> = own.iter().copied().filter(|own| own.enforcement == Enforcement::DoNotEnforce).collect();
    if !off.is_empty() {
        let names: Vec<String> = off.iter().map(|guard| guard.name()).collect();
        let evidence = off.iter().flat_map(|guard| guard.cite(MODE)).collect();
        let message = format!("not enforced, so that what it denies is only reported: {}", listed(&names));
        let fix: Vec<String> =
            off.iter().map(|guard| format!("{} --enforcement-mode Default", guard.az_update())).collect();
        let fix = format!("Enforce it: {}", listed(&fix));
        return Ok(Verdict::fail(message, evidence, fix));
    }
    policies.otherwise(|guard| guard.enforcement != Enforcement::Default, || Ok(settled(&own)))
}

fn settled(own: &[&Guard<'_>]) -> Verdict {
    let open = own.iter().find_map(|guard| match &guard.enforcement {
        Enforcement::Open(mode) => Some((guard, mode)),
        Enforcement::Default | Enforcement::DoNotEnforce => None,
    });
    if let Some((guard, mode)) = open {
        let message = format!("{} is in the mode {mode}, which enforces it only where somebody enrolled", guard.name());
        let look =
            "Look up its enrollments in the portal, Policy, Assignments, and attest that the account is enrolled";
        return Verdict::manual(message, guard.cite(MODE), look);
    }
    let mut evidence = own.iter().flat_map(|guard| guard.cite(MODE));
    let Some(first) = evidence.next() else {
        return Verdict::not_applicable("no assigned policy denies deployments of the account");
    };
    Verdict::pass("every assigned policy that denies deployments is enforced", first, evidence)
}
