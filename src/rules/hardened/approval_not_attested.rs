//! A03: the approval is a letter; no API shows it.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, abuse_monitoring};
use crate::snapshot::ContentLogging;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account shows that abuse-monitoring storage is off. If it does, a person has to attest the approval
    /// behind it: the letter or ticket, its date, the subscriptions and tenants it names, the declared use case, and
    /// when it is reviewed next. Not applicable while storage is on, because there is nothing to attest then.
    ///
    /// ## Why it matters
    ///
    /// The specification calls the capabilities of an account "read-only and for reference only"; the contract is the
    /// approval. It is limited to customers "managed by a Microsoft account team or under an eligible program", and to
    /// the use case declared in the form, and Microsoft can ask for verification again. Two forms exist: *Modified
    /// abuse monitoring* is this one, *Modified guardrails* (content filters) is not.
    ///
    /// Approval does not end automated review, which happens "at the time provided or generated" and stores nothing.
    /// Microsoft can ask a customer to turn human review back on after severe or recurring abuse, and writes to the
    /// registered contact.
    ///
    /// ## How to fix
    ///
    /// Attest the approval with the letter as evidence: scope, date, use case, review date, and that somebody reads the
    /// mailbox of the registered contact.
    ///
    /// **az CLI**: find the accounts it has to cover.
    ///
    /// ```sh
    /// az cognitiveservices account list --query "[].{name:name, id:id}" \
    ///   --output table
    /// ```
    ///
    /// **Bicep, Terraform**: none, because the approval is a letter, not a resource.
    ///
    /// **Portal**: none, for the same reason; the subscription, *Overview* shows the id the letter has to name.
    ///
    /// ## What it cannot see
    ///
    /// The approval itself. Whether it covers accounts created later is not documented; the pages say per subscription,
    /// moderators say per resource.
    ///
    /// ## Sources
    ///
    /// - [Limited access](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/limited-access), 2026-03-19
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Limited access features for Azure AI services](https://learn.microsoft.com/azure/ai-services/cognitive-services-limited-access), 2025-05-19
    /// - [Question 5834904](https://learn.microsoft.com/answers/questions/5834904), 2026-03-24
    id: "approval-not-attested",
    title: "Nobody attested the approval for modified abuse monitoring",
    axis: Hardened,
    severity: High,
    since: "0.1.0",
    controls: ["A03", "A04"],
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
        ContentLogging::Off(entry) => Ok(Verdict::manual(
            "abuse-monitoring storage is off; the approval behind it is a letter that no API shows",
            vec![entry],
            "Attest the approval: letter or ticket, date, subscriptions and tenants, declared use case, next review, and who reads \
             Microsoft's abuse notices",
        )),
        ContentLogging::Absent(_) => {
            Ok(Verdict::not_applicable("abuse-monitoring storage is on, so there is no approval to attest"))
        }
        ContentLogging::Undocumented(entry) => Err(abuse_monitoring::undocumented(entry)),
    }
}
