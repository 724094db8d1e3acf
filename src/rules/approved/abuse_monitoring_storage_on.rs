//! A01: the one documented sign that abuse-monitoring storage is off.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, abuse_monitoring};
use crate::snapshot::ContentLogging;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.capabilities` of the account lists `ContentLogging` with the string `false`. The account
    /// itself is read, as in Microsoft's documented check, not the row of a list.
    ///
    /// | answer | outcome |
    /// |---|---|
    /// | `"false"` in any casing | pass |
    /// | list without the entry | fail |
    /// | no list, `"true"`, null or another value, an account that is not `Succeeded`, a sovereign cloud | unknown |
    /// | a kind other than `OpenAI` and `AIServices` that has deployments, or that is not listed | unknown |
    /// | a kind that cannot host models and has no deployments | not applicable |
    ///
    /// ## Why it matters
    ///
    /// Unless Microsoft approved the account for modified abuse monitoring, prompts and completions that are flagged or
    /// sampled can be stored and read by reviewers. The entry "appears only if data storage for abuse monitoring is
    /// turned off"; its absence is therefore a failure, although a much-copied guide reads it the other way round. How
    /// long such prompts stay is in no current page; "up to 30 days" comes from older ones (2023) and from forum
    /// answers (2025 and 2026).
    ///
    /// ## How to fix
    ///
    /// Apply for modified abuse monitoring (the *Modified abuse monitoring* form, not the *Modified guardrails* one);
    /// it is open to customers with a Microsoft account team. When the approval arrives, check.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account show --name NAME --resource-group GROUP \
    ///   --query "properties.capabilities[?name=='ContentLogging'].value" \
    ///   --output tsv
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the capability is read-only: Microsoft sets it with the approval.
    ///
    /// **Portal**: the account, *Overview*, *JSON view*, to look at it; the application is a form of its own.
    ///
    /// ## What it cannot see
    ///
    /// The contract, and whether Microsoft's internal state matches: the specification calls capabilities "read-only
    /// and for reference only". It says nothing about features that keep content themselves (Responses, files,
    /// threads): see the axis *stateless*. Microsoft's pages say approval is per subscription, its moderators say per
    /// resource (2026-03-24).
    ///
    /// ## Sources
    ///
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Limited access](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/limited-access), 2026-03-19
    /// - [Abuse monitoring](https://learn.microsoft.com/azure/foundry/openai/concepts/abuse-monitoring), 2026-05-13
    id: "abuse-monitoring-storage-on",
    title: "Abuse-monitoring storage is on",
    axis: Approved,
    severity: Critical,
    since: "0.1.0",
    controls: ["A01", "A10", "A12"],
    needs: [AccountsGet],
    frameworks: [
        "ISO/IEC 27018:2019 A.11.11",
        "GDPR Art. 5(1)(c), 28",
        "SOC 2 C1.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    match abuse_monitoring::state(context.cloud, context.facts)? {
        ContentLogging::Off(entry) => {
            Ok(Verdict::pass("ContentLogging is \"false\": abuse-monitoring storage is off", entry, []))
        }
        ContentLogging::Absent(list) => Ok(Verdict::fail(
            "ContentLogging is not among the capabilities: prompts and completions can be stored for abuse monitoring",
            vec![list],
            format!(
                "Apply for modified abuse monitoring (zdr-check explain abuse-monitoring-storage-on), then check with: \
                 az cognitiveservices account show {} --query \"properties.capabilities[?name=='ContentLogging']\"",
                context.az_account()
            ),
        )),
        ContentLogging::Undocumented(entry) => Err(abuse_monitoring::undocumented(entry)),
    }
}
