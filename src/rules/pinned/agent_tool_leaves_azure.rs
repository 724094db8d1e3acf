//! B12, B13: tools of agents that send what they are given to the web or to third parties.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, stores};
use crate::snapshot::{StoreKind, Tool};

declare_rule! {
    /// ## What it checks
    ///
    /// The tools of every agent and assistant of the account and its projects (`GET …/agents`, `GET …/assistants`), by
    /// kind. Web search, Bing grounding, deep research, browser and computer use, MCP, `OpenAPI` and agent-to-agent fail.
    /// A tool of a kind this program does not know leaves it unknown, and so does an agent that is no prompt agent.
    ///
    /// Without `--data-plane` the rule says nothing: Azure Resource Manager cannot show it.
    ///
    /// ## Why it matters
    ///
    /// For grounding with Bing the data protection addendum does not apply and data flows outside the compliance
    /// boundary. MCP servers, APIs and other agents are whoever runs them.
    ///
    /// ## How to fix
    ///
    /// Take the tool out of the agent, or waive the result with the contract of whoever runs the tool.
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
    /// **Portal**: Foundry, *Agents*, the agent, *Tools*.
    ///
    /// ## What it cannot see
    ///
    /// Tools that a caller adds to a single request. Where a tool sends data: addresses are not read. Older versions of
    /// an agent that can still be called.
    ///
    /// ## Sources
    ///
    /// - [Web search](https://learn.microsoft.com/azure/foundry/openai/how-to/web-search), 2025-03-20
    /// - [Agent runtime components](https://learn.microsoft.com/azure/foundry/agents/concepts/runtime-components), 2026-04-10
    id: "agent-tool-leaves-azure",
    title: "An agent has a tool that leaves Azure",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B12", "B13"],
    needs: [AccountsGet, ProjectsList],
    stores: [Agents, Assistants],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1, A.12.1",
        "GDPR Art. 28, 44",
        "SOC 2 CC9.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 SA-9(5)",
    ],
    check: Stores(check),
}

/// Tools that send data to the web, or to whoever runs what they call.
const OUTSIDE: [Tool; 9] = [
    Tool::WebSearch,
    Tool::BingGrounding,
    Tool::BingCustomSearch,
    Tool::DeepResearch,
    Tool::BrowserAutomation,
    Tool::ComputerUse,
    Tool::Mcp,
    Tool::OpenApi,
    Tool::AgentToAgent,
];

fn check(context: &Context<'_>) -> CheckResult {
    const REMEDY: &str = "Take the tool out of the agent in the portal (Foundry, Agents, the agent, Tools), or waive this with the contract";
    context.facts.account()?;
    context.facts.projects()?;
    let unasked = || Ok(Verdict::not_applicable("the data plane was not asked"));
    let Some(agents) = stores::stored(context, StoreKind::Agents) else { return unasked() };
    let Some(assistants) = stores::stored(context, StoreKind::Assistants) else { return unasked() };
    let known = [&agents, &assistants];
    let mut outside: Vec<(Tool, u64)> = Vec::new();
    for tool in OUTSIDE {
        let count: u64 = known.iter().filter_map(|own| own.sum(|own| &own.tools).get(&tool).copied()).sum();
        outside.extend((count > 0).then_some((tool, count)));
    }
    let evidence: Vec<_> = known.iter().flat_map(|own| own.evidence.clone()).collect();
    if !outside.is_empty() {
        let tools: Vec<String> = outside.iter().map(|(tool, count)| format!("{} ({count})", tool.as_str())).collect();
        let message = format!("agents have tools that take data out of Azure: {}", tools.join(", "));
        return Ok(Verdict::fail(message, evidence, REMEDY));
    }
    agents.whole()?;
    // The Assistants API is retired: an account without it has no assistants to look at.
    assistants.whole_or_gone()?;
    stores::only_prompts(&agents.sum(|own| &own.by_agent_kind))?;
    stores::every_tool(&known)?;
    match evidence.split_first() {
        None => Ok(Verdict::not_applicable("the account has no agents")),
        Some((first, more)) => {
            Ok(Verdict::pass("no agent has a tool that takes data out of Azure", first.clone(), more.iter().cloned()))
        }
    }
}
