//! B17: a policy that denies deployments, but not of this account.

use crate::outcome::Verdict;
use crate::rules::policies::{Guard, Policies, listed, not_asked};
use crate::rules::policy_holes::Hole;
use crate::rules::policy_probes::Does;
use crate::rules::{CheckResult, Context, cite_known};
use crate::snapshot::Operation;
use crate::snapshot::policies::Cover;

declare_rule! {
    /// ## What it checks
    ///
    /// With `--check-policies`: whether an exemption or `notScopes` takes the account out of a policy that denies
    /// deployments. An exemption that has ended is none; on the day it ends it still holds. The day is that of reading,
    /// or `--as-of`.
    ///
    /// ## Why it matters
    ///
    /// The policy guards everybody else. An exemption without an end outlives its reason.
    ///
    /// ## How to fix
    ///
    /// Remove what is no longer needed, and give the rest an end.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az policy exemption list --scope SCOPE
    /// az policy exemption delete --name EXEMPTION --scope SCOPE
    /// az policy assignment update --name ASSIGNMENT --scope SCOPE --not-scopes ""
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource waiver 'Microsoft.Authorization/policyExemptions@2022-07-01-preview' = {
    ///   name: 'until-migrated'
    ///   properties: {
    ///     policyAssignmentId: assignment
    ///     exemptionCategory: 'Waiver'
    ///     expiresOn: '2027-01-31T00:00:00Z'
    ///   }
    /// }
    /// ```
    ///
    /// **Terraform**: `expires_on` of `azurerm_resource_policy_exemption`.
    ///
    /// **Portal**: *Policy*, *Exemptions*.
    ///
    /// ## What it cannot see
    ///
    /// Why somebody is exempt. Exemptions of single deployments are not looked at.
    ///
    /// ## Sources
    ///
    /// - [Azure Policy exemption structure](https://learn.microsoft.com/azure/governance/policy/concepts/exemption-structure), as known on 2026-11-23
    /// - [Azure Policy assignment structure](https://learn.microsoft.com/azure/governance/policy/concepts/assignment-structure), as known on 2026-11-23
    id: "policy-exemption-covers-account",
    title: "The account is exempt from a policy that denies deployments",
    axis: Hardened,
    severity: Low,
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
    let exemptions = context.subscription.list(Operation::PolicyExemptionsList)?;
    let denies = |guard: &&Guard<'_>| matches!(guard.does, Does::Denies { .. });
    let (mut out, mut evidence, mut fixes, mut guards) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for guard in policies.guards.iter().filter(denies) {
        match guard.hole(context)? {
            Some(Hole { why, cited, fix }) => {
                fixes.push(fix);
                out.push(format!("{}: {why}", guard.name()));
                evidence.extend(cited);
            }
            None => guards += usize::from(guard.reaches()),
        }
    }
    if !out.is_empty() {
        let message = format!("the account is taken out of policies that deny deployments: {}", listed(&out));
        let fix = format!("Remove what is no longer needed: {}", listed(&fixes));
        return Ok(Verdict::fail(message, evidence, fix));
    }
    let may_be_out =
        |guard: &Guard<'_>| matches!(guard.cover, Cover::Open(_)) || !matches!(guard.hole(context), Ok(None));
    policies.otherwise(may_be_out, || {
        if guards == 0 {
            return Ok(Verdict::not_applicable("no assigned policy denies deployments of the account"));
        }
        Ok(Verdict::pass(
            "nothing exempts the account from the policies that deny deployments",
            cite_known(exemptions)?,
            [],
        ))
    })
}
