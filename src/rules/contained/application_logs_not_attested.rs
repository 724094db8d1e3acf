//! D13: what applications keep is out of Azure's sight.

use crate::outcome::Verdict;
use crate::rules::serving::reachable_models;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether callers can reach any model of the account, by a deployment or as an instant model. If they can, a
    /// person has to attest what the applications in front of it keep.
    ///
    /// ## Why it matters
    ///
    /// Approval "only affects platform-side storage and review, and not application logging", as a Microsoft moderator
    /// put it. Request logs, telemetry, traces of client libraries, caches of answers, chat histories and search
    /// indexes made from conversations are the usual places where prompts survive. Security checklists ask for full
    /// request logs; whoever follows them has a store of prompts.
    ///
    /// ## How to fix
    ///
    /// Attest, with the owner of each application: no prompts in logs and telemetry or redaction before writing,
    /// tracing without content, caches in memory only, and how long chat histories and indexes are kept. Client
    /// libraries record content only when told to (`OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`,
    /// `AZURE_TRACING_GEN_AI_CONTENT_RECORDING_ENABLED`).
    ///
    /// **az CLI**: which principals call the account, and so which applications to ask about.
    ///
    /// ```sh
    /// az role assignment list --scope ACCOUNT-ID --include-inherited \
    ///   --output table
    /// ```
    ///
    /// **Bicep, Terraform**: none, because no resource of Azure describes what an application writes; set the variables
    /// above in its own template.
    ///
    /// **Portal**: the account, *Access control (IAM)*, *Role assignments*. What applications keep is in no portal.
    ///
    /// ## What it cannot see
    ///
    /// Applications, gateways of other vendors, and browsers.
    ///
    /// ## Sources
    ///
    /// - [Question 5834904](https://learn.microsoft.com/answers/questions/5834904), 2026-03-24
    /// - [Set up tracing for agents](https://learn.microsoft.com/azure/foundry/observability/how-to/trace-agent-setup), 2026-01-20
    id: "application-logs-not-attested",
    title: "Nobody attested what applications log and cache",
    axis: Contained,
    severity: High,
    since: "0.1.0",
    controls: ["D13"],
    needs: [DeploymentsList, AccountsGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.12",
        "GDPR Art. 5(1)(c), 5(1)(e)",
        "SOC 2 C1.1",
        "HIPAA 45 CFR 164.502(b)",
        "NIST SP 800-53 Rev. 5 AU-3(3)",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let Some(evidence) = reachable_models(context)? else {
        return Ok(Verdict::not_applicable("no model is deployed"));
    };
    Ok(Verdict::manual(
        "what applications log, trace, cache and index is not visible to any API of Azure",
        vec![evidence],
        "Attest for each application: no prompts in logs and telemetry, caches in memory only, retention of histories and indexes",
    ))
}
