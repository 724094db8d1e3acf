//! A09: where the people sit who may read stored prompts.

use crate::knowledge::regions::in_eea;
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context, abuse_monitoring};
use crate::snapshot::ContentLogging;

declare_rule! {
    /// ## What it checks
    ///
    /// While abuse-monitoring storage is on: whether the account is in the European Economic Area. Not applicable when
    /// storage is off, because nobody reviews then. Advice only; storage itself is judged by
    /// `abuse-monitoring-storage-on`.
    ///
    /// ## Why it matters
    ///
    /// For accounts in the EEA, Microsoft says that reviewers are its employees located in the EEA. For others it does
    /// not say where they are. The United Kingdom and Switzerland are not in the EEA, although the EU data zone can
    /// include Switzerland.
    ///
    /// ## How to fix
    ///
    /// Turn abuse-monitoring storage off (`zdr-check explain abuse-monitoring-storage-on`), or create the account in a
    /// region of the EEA.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account create --name NAME --resource-group GROUP \
    ///   --kind OpenAI --sku S0 --location swedencentral --custom-domain NAME
    /// ```
    ///
    /// **Bicep**: `location: 'swedencentral'` of a new `Microsoft.CognitiveServices/accounts`.
    ///
    /// **Terraform**: `location = "swedencentral"` of `azurerm_cognitive_account`; the change forces a new account.
    ///
    /// **Portal**: *Create a resource*, *Azure OpenAI* or *Foundry*, *Region*.
    ///
    /// ## What it cannot see
    ///
    /// Whether anything is reviewed.
    ///
    /// ## Sources
    ///
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [Abuse monitoring](https://learn.microsoft.com/azure/foundry/openai/concepts/abuse-monitoring), 2026-05-13
    id: "reviewers-outside-eea",
    title: "Stored prompts can be reviewed by people outside the EEA",
    axis: Approved,
    severity: Info,
    since: "0.1.0",
    controls: ["A09"],
    needs: [AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let list = match abuse_monitoring::state(context.cloud, context.facts)? {
        ContentLogging::Off(_) => {
            return Ok(Verdict::not_applicable("abuse-monitoring storage is off, so there is nothing to review"));
        }
        ContentLogging::Absent(list) => list,
        ContentLogging::Undocumented(entry) => return Err(abuse_monitoring::undocumented(entry)),
    };
    let account = context.facts.account()?;
    let location = account.location()?;
    let cited = account.0.cite("/location");
    match in_eea(location) {
        Some(true) => Ok(Verdict::pass(
            format!("the account is in {location}: reviewers of stored prompts are in the EEA"),
            cited,
            [list],
        )),
        Some(false) => Ok(Verdict::fail(
            format!("the account is in {location}: where reviewers of stored prompts are is not documented"),
            vec![cited, list],
            format!(
                "Turn storage off, or create the account in the EEA: az cognitiveservices account create {} --kind OpenAI \
                 --sku S0 --location REGION",
                context.az_account()
            ),
        )),
        None => {
            let message = format!("no list says whether {location} is in the EEA");
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]))
        }
    }
}
