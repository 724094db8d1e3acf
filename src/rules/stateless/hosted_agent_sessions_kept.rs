//! C15, C16: hosted agents as the data plane shows them, and their sessions.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::{AgentKind, StoreKind};

declare_rule! {
    /// ## What it checks
    ///
    /// How many agents of the account's projects are of the kind `hosted` (`GET …/agents`), and how many sessions they
    /// keep (`GET …/agents/NAME/endpoint/sessions`). Any hosted agent is a failure. An agent of a kind that is not
    /// documented leaves it unknown.
    ///
    /// Without `--data-plane` the rule says nothing: Azure Resource Manager cannot show it.
    ///
    /// ## Why it matters
    ///
    /// A session of a hosted agent keeps its home directory and files for up to 30 days. Agents defined here need not
    /// show up as agent deployments in Azure Resource Manager, which `hosted-agent-deployed` looks at.
    ///
    /// ## How to fix
    ///
    /// Rebuild the agent as a prompt agent, and delete its sessions and the agent.
    ///
    /// **az CLI**: the endpoint of a project is on its page in the portal.
    ///
    /// ```sh
    /// az rest --method delete --resource https://ai.azure.com \
    ///   --url "PROJECT-ENDPOINT/agents/NAME?api-version=v1"
    /// ```
    ///
    /// **Bicep, Terraform**: none, because what is stored is part of the data plane and no resource of Azure.
    ///
    /// **Portal**: Foundry, *Agents*, the agent, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// Sessions of other users: the list can be limited to those of an isolation key, so that no session in it proves
    /// nothing. What the code of an agent writes.
    ///
    /// ## Sources
    ///
    /// - [Manage hosted agent sessions](https://learn.microsoft.com/azure/foundry/agents/how-to/manage-hosted-sessions), undated page, as known on 2026-11-22
    /// - [Hosted agents](https://learn.microsoft.com/azure/foundry/agents/concepts/hosted-agents), 2026-03-05
    id: "hosted-agent-sessions-kept",
    title: "Hosted agents keep sessions for 30 days",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C15", "C16"],
    needs: [AccountsGet, ProjectsList],
    stores: [Agents, AgentSessions],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 17",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Stores(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    const REMEDY: &str = "Use prompt agents instead and delete the hosted ones: az rest --method delete --url PROJECT-ENDPOINT/agents/NAME?api-version=v1 --resource https://ai.azure.com";
    context.facts.account()?;
    context.facts.projects()?;
    let agents = stores::stored(context, StoreKind::Agents);
    let Some(agents) = agents else { return Ok(Verdict::not_applicable("the data plane was not asked")) };
    let kinds = agents.sum(|own| &own.by_agent_kind);
    let hosted = kinds.get(&AgentKind::Hosted).copied().unwrap_or_default();
    if hosted > 0 {
        let sessions = stores::stored(context, StoreKind::AgentSessions);
        let sessions = sessions.filter(|own| !own.stores.is_empty()).map(|own| own.text(StoreKind::AgentSessions));
        let sessions = sessions.map_or_else(String::new, |text| format!(", with {text}"));
        let message =
            format!("{hosted} hosted agents{sessions}: home directory and files of a session stay for up to 30 days");
        return Ok(Verdict::fail(message, agents.evidence, REMEDY));
    }
    agents.whole()?;
    stores::every_agent(context, &kinds)?;
    match agents.evidence.split_first() {
        Some((first, more)) if !agents.stores.is_empty() => {
            let message = format!("none of {} is hosted", agents.text(StoreKind::Agents));
            Ok(Verdict::pass(message, first.clone(), more.iter().cloned()))
        }
        _ => stores::empty(context, StoreKind::Agents, agents.evidence),
    }
}
