//! E07: agents without a network of the customer's can call any host.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, cite_list};
use crate::snapshot::AgentNetwork;

declare_rule! {
    /// ## What it checks
    ///
    /// For accounts with Foundry projects: whether `properties.networkInjections` puts agents into a subnet of the
    /// customer's. A network that Microsoft manages has to be attested here; its isolation mode is read by
    /// `agent-network-open`. Not applicable without projects.
    ///
    /// ## Why it matters
    ///
    /// Tools of an agent call out. From a subnet of the customer's, a firewall sees and limits it; from Microsoft's
    /// network nothing of the customer's does. `restrictOutboundNetworkAccess` is about the account, not about tools of
    /// its agents.
    ///
    /// ## How to fix
    ///
    /// Create the account with network injection for agents; it cannot be added later to every setup.
    ///
    /// **az CLI**: see what is set.
    ///
    /// ```sh
    /// az cognitiveservices account show --name NAME --resource-group GROUP \
    ///   --query properties.networkInjections
    /// az cognitiveservices account managed-network show --name NAME \
    ///   --resource-group GROUP
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: 'AIServices', sku: { name: 'S0' }
    ///   properties: { allowProjectManagement: true, customSubDomainName: name
    ///     networkInjections: [ { scenario: 'agent', subnetArmId: subnet.id } ] }
    /// }
    /// ```
    ///
    /// **Terraform**: a block of `azurerm_cognitive_account`:
    ///
    /// ```hcl
    /// network_injection {
    ///   scenario  = "agent"
    ///   subnet_id = azurerm_subnet.agents.id
    /// }
    /// ```
    ///
    /// **Portal**: *Create a resource*, *Foundry*, *Networking*, *Virtual network injection*.
    ///
    /// ## What it cannot see
    ///
    /// Firewall rules of the subnet, and hosted agents elsewhere. What a managed network lets through is the business
    /// of `agent-network-open`.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    /// - [Standard agent setup](https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup), 2026-02-13
    id: "agents-outside-own-network",
    title: "Agents run outside the customer's network",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["E07"],
    needs: [AccountsGet, ProjectsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.20",
        "GDPR Art. 32",
        "SOC 2 CC6.6",
        "HIPAA 45 CFR 164.312(e)(1)",
        "NIST SP 800-53 Rev. 5 SC-7",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    if context.facts.projects()?.is_empty() {
        return Ok(Verdict::not_applicable("the account has no Foundry project"));
    }
    let account = context.facts.account()?;
    let cited = account.0.cite("/properties/networkInjections");
    let projects = cite_list(&context.facts.projects)?;
    Ok(match account.agent_network()? {
        AgentNetwork::Subnet => Verdict::pass("agents run in a subnet of the customer's", cited, [projects]),
        AgentNetwork::Managed => Verdict::manual(
            "agents run in a network that Microsoft manages; its isolation mode was not read",
            vec![cited, projects],
            "Attest that its isolation mode is AllowOnlyApprovedOutbound; see it in the portal (the account, Networking)",
        ),
        AgentNetwork::None => Verdict::fail(
            "agents run outside the customer's network and can call any host",
            vec![cited, projects],
            "Create the account with networkInjections for agents, in the portal (Networking, Virtual network injection)",
        ),
    })
}
