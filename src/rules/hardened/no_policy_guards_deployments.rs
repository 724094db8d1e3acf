//! B17: nothing prevents a deployment that leaves the boundary.

use crate::knowledge::processing::{Placement, SKUS, place};
use crate::outcome::{Unknown, Verdict};
use crate::rules::policies::{Guard, Policies, listed, not_asked};
use crate::rules::policy_probes::Does;
use crate::rules::{CheckResult, Context, cite_known};
use crate::snapshot::Operation;
use crate::snapshot::policies::{Cover, Enforcement};

declare_rule! {
    /// ## What it checks
    ///
    /// With `--check-policies`: whether assigned policies together deny every documented SKU that leaves the required
    /// boundary (`--pin`) in the account: enforced, with the account in their scope and not exempt.
    ///
    /// ## Why it matters
    ///
    /// A scan finds a deployment that leaves the boundary after somebody made it. A policy keeps it from being made.
    /// Nothing is wrong with an account without one, hence *info*.
    ///
    /// ## How to fix
    ///
    /// Assign a policy with mode `All` and effect *deny* to a scope above the account.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az policy definition create --name NAME --mode All --rules rule.json
    /// az policy assignment create --name NAME --scope SCOPE --policy NAME
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
    /// **Terraform**: `azurerm_policy_definition` and `azurerm_subscription_policy_assignment`.
    ///
    /// **Portal**: *Policy*, *Assignments*, *Assign policy*.
    ///
    /// ## What it cannot see
    ///
    /// Policies that do not name deployments and happen to deny them, and SKUs that are not documented.
    ///
    /// ## Sources
    ///
    /// - [Deployment types](https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types), 2026-08-06
    /// - [Azure Policy assignment structure](https://learn.microsoft.com/azure/governance/policy/concepts/assignment-structure), as known on 2026-11-23
    id: "no-policy-guards-deployments",
    title: "No policy denies deployments that leave the boundary",
    axis: Hardened,
    severity: Info,
    since: "0.1.0",
    controls: ["B17"],
    needs: [PolicyAssignmentsList, PolicyExemptionsList, PolicyDefinitionsGet, PolicySetDefinitionsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.9",
        "SOC 2 CC6.7",
        "NIST SP 800-53 Rev. 5 SC-7",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let Some(policies) = Policies::of(context)? else { return Ok(not_asked()) };
    let exemptions = cite_known(context.subscription.list(Operation::PolicyExemptionsList)?)?;
    let location = context.facts.location().unwrap_or_default();
    // What is not documented to stay inside is to be denied too.
    let leaves = |at| matches!(place(at, location, context.policy.pin), Placement::Outside | Placement::Undocumented);
    let mut open: Vec<&str> = SKUS.iter().filter(|sku| leaves(sku.processing)).map(|sku| sku.name).collect();
    if open.is_empty() {
        return Ok(Verdict::not_applicable(format!("no SKU leaves the boundary {}", context.policy.pin.as_str())));
    }
    let (mut evidence, mut idle) = (vec![exemptions], Vec::new());
    for guard in &policies.guards {
        let Does::Denies { skus, .. } = &guard.does else { continue };
        if let Some(why) = idleness(guard, context)? {
            idle.push(format!("{} {why}", guard.name()));
        } else {
            evidence.extend(guard.cite("/properties/policyDefinitionId"));
            open.retain(|sku| !skus.contains(sku));
        }
    }
    if open.is_empty() {
        let message = "assigned policies deny every documented SKU that leaves the boundary";
        let first = evidence.remove(0);
        return Ok(Verdict::pass(message, first, evidence));
    }
    policies.otherwise(
        |_| true,
        || {
            let idle = if idle.is_empty() { String::new() } else { format!(" ({})", listed(&idle)) };
            let message =
                format!("no policy denies deployments with {}, which leave the boundary{idle}", open.join(", "));
            evidence.push(cite_known(context.subscription.list(Operation::PolicyAssignmentsList)?)?);
            let fix =
                "Assign a policy that denies them: az policy assignment create --name NAME --scope SCOPE --policy NAME";
            Ok(Verdict::fail(message, evidence, fix))
        },
    )
}

/// Why a policy that denies deployments does not guard the account.
fn idleness(guard: &Guard<'_>, context: &Context<'_>) -> Result<Option<&'static str>, Unknown> {
    Ok(match (&guard.cover, &guard.enforcement) {
        (Cover::Elsewhere, _) => Some("is assigned elsewhere"),
        (Cover::LeftOut(_), _) => Some("leaves the account out"),
        (Cover::Open(_), _) => Some("may leave the account out"),
        (Cover::Covered, Enforcement::DoNotEnforce | Enforcement::Open(_)) => Some("is not enforced"),
        (Cover::Covered, Enforcement::Default) => {
            guard.hole(context)?.map(|_| "does not count for the account, which is exempt")
        }
    })
}
