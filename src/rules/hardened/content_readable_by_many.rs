//! E08: many principals can read content, or the keys that read it.

use std::collections::BTreeSet;

use crate::knowledge::roles::reads_content;
use crate::outcome::Verdict;
use crate::rules::options::RuleOption;
use crate::rules::{CheckResult, Context, cite_known, shell_word};
use crate::snapshot::{Operation, last_segment};

const ACCEPTED: RuleOption =
    RuleOption::number("accepted_principals", 10, (1, 1000), "Principals that may have such a role.");

declare_rule! {
    /// ## What it checks
    ///
    /// How many users, groups and applications have a built-in role on the account, its group, subscription or
    /// management groups that reads content or lists keys: Owner, Contributor, Cognitive Services Contributor and User,
    /// Cognitive Services OpenAI Contributor and User, Azure AI Developer, Foundry User. More than ten fail; a group
    /// counts as one.
    ///
    /// ## Why it matters
    ///
    /// *OpenAI User* can read files that were uploaded, and whoever lists keys can do everything. Where something is
    /// kept, these are the people who can see it. The limit of ten is ours.
    ///
    /// ## How to fix
    ///
    /// Give roles on the account instead of above it, and to groups.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az role assignment list --scope ACCOUNT-ID --include-inherited \
    ///   --output table
    /// az role assignment delete --ids ASSIGNMENT-ID
    /// ```
    ///
    /// **Bicep**: scope the assignment to the account.
    ///
    /// ```bicep
    /// resource user 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
    ///   name: guid(account.id, group, roleId), scope: account
    ///   properties: { principalId: group, roleDefinitionId: roleId }
    /// }
    /// ```
    ///
    /// **Terraform**: `scope = azurerm_cognitive_account.this.id` of `azurerm_role_assignment`, with a group as
    /// `principal_id`.
    ///
    /// **Portal**: the account, *Access control (IAM)*, *Role assignments*.
    ///
    /// ## What it cannot see
    ///
    /// Custom roles, members of groups, eligible assignments that are not active, deny assignments.
    ///
    /// ## Sources
    ///
    /// - [Built-in roles: AI + machine learning](https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/ai-machine-learning), 2024-04-25
    /// - [Role-based access control for Foundry](https://learn.microsoft.com/azure/foundry/concepts/rbac-foundry), 2026-04-13
    id: "content-readable-by-many",
    title: "More than ten principals can read content or keys",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["E08"],
    needs: [RoleAssignmentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.15",
        "GDPR Art. 32",
        "SOC 2 CC6.3",
        "HIPAA 45 CFR 164.312(a)(1)",
        "NIST SP 800-53 Rev. 5 AC-6",
    ],
    options: [ACCEPTED],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let assignments = context.facts.list(Operation::RoleAssignmentsList)?;
    let mut principals = BTreeSet::new();
    for assignment in assignments.documents()? {
        let text = |pointer| assignment.string(pointer)?.ok_or_else(|| assignment.unexpected(pointer));
        if reads_content(last_segment(text("/properties/roleDefinitionId")?)) {
            principals.insert(text("/properties/principalId")?.to_ascii_lowercase());
        }
    }
    let (count, cited) = (principals.len(), cite_known(assignments)?);
    let most = context.number(&RULE, &ACCEPTED);
    if u32::try_from(count).is_ok_and(|count| count <= most) {
        return Ok(Verdict::pass(format!("{count} principals can read content or keys"), cited, []));
    }
    Ok(Verdict::fail(
        format!("{count} principals can read content or keys; more than {most} are hard to answer for"),
        vec![cited],
        format!(
            "See who they are: az role assignment list --scope {} --include-inherited --output table",
            shell_word(&context.facts.id.id)
        ),
    ))
}
