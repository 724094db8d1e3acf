//! C15: hosted agents have a disk that outlives the request.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context, cite_list, shell_word};
use crate::snapshot::{AgentDeployment, Citation, Read};

declare_rule! {
    /// ## What it checks
    ///
    /// `properties.deploymentType` of every agent deployment below the account's projects. `Hosted` fails, `Managed` (a
    /// prompt agent) passes, any other value is unknown. Not applicable without projects.
    ///
    /// ## Why it matters
    ///
    /// A hosted agent runs in a container whose `$HOME` and files persist: a session lives up to 30 days, and `$HOME`
    /// is kept for 30 days unless the session is deleted. It cannot be disabled, moved to own storage or put under an
    /// own key. The durable state store (preview), which only hosted agents have, keeps an item for 30 days after its
    /// last use by default, and for ever if the code says so.
    ///
    /// ## How to fix
    ///
    /// Rebuild the agent as a prompt agent, or run the container on your own compute, and delete the deployment. Delete
    /// its sessions too: they hold the files.
    ///
    /// **az CLI**: the first command is in preview.
    ///
    /// ```sh
    /// az cognitiveservices agent delete --account-name NAME \
    ///   --project-name PROJECT --name AGENT
    /// az resource delete --ids AGENT-DEPLOYMENT-ID
    /// ```
    ///
    /// **Bicep**: take the resource `Microsoft.CognitiveServices/accounts/projects/applications/agentDeployments` with
    /// `deploymentType: 'Hosted'` out of the template, and delete the existing one as above.
    ///
    /// **Terraform**: the azurerm provider has no agent deployment; take the `azapi_resource` out of the configuration
    /// and apply.
    ///
    /// **Portal**: Foundry, *Agents*, the agent, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// Sessions of hosted agents that were deleted before, and what the code writes to its disk. The values come from
    /// the schema of 2025-10-01-preview and its examples; no recorded answer was at hand.
    ///
    /// ## Sources
    ///
    /// - [Agent state store](https://learn.microsoft.com/azure/foundry/agents/concepts/agent-state-store), 2026-08-24
    /// - [Hosted agents](https://learn.microsoft.com/azure/foundry/agents/concepts/hosted-agents), 2026-03-05
    /// - [Customer-managed keys: coverage](https://learn.microsoft.com/azure/foundry/concepts/customer-managed-keys), 2026-08-24
    id: "hosted-agent-deployed",
    title: "Hosted agent keeps its files for 30 days",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C15", "C16"],
    needs: [ProjectsList, ApplicationsList, AgentDeploymentsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 25",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let is_hosted =
        |agent: &AgentDeployment<'_>| agent.deployment_type().is_ok_and(|kind| kind.eq_ignore_ascii_case("Hosted"));
    let hosted: Vec<AgentDeployment<'_>> = readable(context).filter(is_hosted).collect();
    if !hosted.is_empty() {
        return Ok(fail(&hosted));
    }
    let projects = context.facts.projects()?;
    if projects.is_empty() {
        return Ok(Verdict::not_applicable("the account has no Foundry project"));
    }
    let mut evidence = Vec::new();
    let mut count = 0_usize;
    for project in projects {
        let applications = project.applications.get()?.documents()?;
        let lists = project.agent_deployments.get()?;
        if let Some(application) = applications.get(lists.len()) {
            return Err(application.not_collected().into());
        }
        evidence.push(cite_list(&project.applications)?);
        for list in lists {
            for agent in list.documents()?.into_iter().map(AgentDeployment) {
                managed(&agent)?;
                count += 1;
                evidence.push(agent.0.cite("/properties/deploymentType"));
            }
        }
    }
    let message = format!("none of {count} agent deployments in {} projects is hosted", projects.len());
    Ok(Verdict::pass(message, cite_list(&context.facts.projects)?, evidence))
}

/// Agent deployments in whatever lists could be read.
fn readable<'a>(context: &Context<'a>) -> impl Iterator<Item = AgentDeployment<'a>> {
    let lists = context.facts.project_facts.iter().filter_map(|project| project.agent_deployments.get_ref()).flatten();
    lists.flat_map(|list| &list.rows).filter_map(Read::get_ref).map(AgentDeployment)
}

/// A hosted one was found before; `Managed` and `Custom` are the other documented types (Python SDK 15.0.0b6, 2026-10-10).
fn managed(agent: &AgentDeployment<'_>) -> Result<(), Unknown> {
    let kind = agent.deployment_type()?;
    if ["Managed", "Custom"].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    let message = format!("agent deployment {} has the type {kind}, which Microsoft does not document", agent.name());
    let cited = agent.0.cite("/properties/deploymentType");
    Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited]))
}

fn fail(hosted: &[AgentDeployment<'_>]) -> Verdict {
    let names: Vec<&str> = hosted.iter().map(AgentDeployment::name).collect();
    let ids: Vec<String> = hosted.iter().map(|agent| shell_word(&agent.0.scope)).collect();
    let evidence: Vec<Citation> = hosted.iter().map(|agent| agent.0.cite("/properties/deploymentType")).collect();
    Verdict::fail(
        format!("hosted agent {} keeps its home directory for up to 30 days", names.join(", ")),
        evidence,
        format!("Use a prompt agent instead, and delete the deployment: az resource delete --ids {}", ids.join(" ")),
    )
}
