//! E07: the network of agents has approved destinations outside Azure.

use serde_json::Value;

use crate::outcome::Verdict;
use crate::rules::options::RuleOption;
use crate::rules::{CheckResult, Context, cite_known, shell_word};
use crate::snapshot::{AgentNetwork, Citation, Document, Operation, Unavailable, last_segment};

const ACCEPTED: RuleOption = RuleOption::hosts(
    "accepted_hosts",
    "Destinations agents may reach, as the rules of the managed network name them.",
);

declare_rule! {
    /// ## What it checks
    ///
    /// For accounts whose agents are in a managed network with `isolationMode` `AllowOnlyApprovedOutbound`: its
    /// outbound rules. A rule of the customer's own for a host name, and any for the service tag `Internet`, fails,
    /// unless the option `accepted_hosts` has the host. Rules for private endpoints and other service tags pass, and so
    /// do those that Azure made (`Required`, `Recommended`, `Dependency`).
    ///
    /// ## Why it matters
    ///
    /// An approved destination is where an agent can send what it knows. The list is short only as long as somebody
    /// answers for each entry.
    ///
    /// ## How to fix
    ///
    /// Remove what nobody needs. Accept the rest by name: `accepted_hosts` of this rule in the policy file.
    ///
    /// **az CLI** (in preview):
    ///
    /// ```sh
    /// az cognitiveservices account managed-network outbound-rule list \
    ///   --name NAME --resource-group GROUP
    /// az cognitiveservices account managed-network outbound-rule remove \
    ///   --name NAME --resource-group GROUP --rule RULE
    /// ```
    ///
    /// **Bicep**: take the resource `Microsoft.CognitiveServices/accounts/managedNetworks/outboundRules` out of the
    /// template, and delete the existing one as above: an incremental deployment leaves it alone.
    ///
    /// **Terraform**: the azurerm provider has no such rules; take the `azapi_resource` of the rule out of the
    /// configuration and apply.
    ///
    /// **Portal**: none, Microsoft's page manages these rules with the CLI and the REST API only (2026-08-18).
    ///
    /// ## What it cannot see
    ///
    /// Who is behind a host, private endpoints and service tags that lead to data of others (a storage account is one),
    /// and the routes of a subnet of the customer's.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts/managedNetworks/outboundRules](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/managednetworks/outboundrules), api-version 2026-03-01
    /// - [Managed virtual network](https://learn.microsoft.com/azure/foundry/how-to/managed-virtual-network), 2026-08-18
    id: "agent-network-exceptions",
    title: "Agents may connect to destinations outside Azure",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["E07"],
    needs: [ProjectsList, AccountsGet, ManagedNetworksList, OutboundRulesList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.22",
        "GDPR Art. 32",
        "SOC 2 CC6.6",
        "HIPAA 45 CFR 164.312(e)(1)",
        "NIST SP 800-53 Rev. 5 SC-7",
    ],
    options: [ACCEPTED],
    check: Account(check),
}

const DESTINATION: &str = "/properties/destination";

fn check(context: &Context<'_>) -> CheckResult {
    if context.facts.projects()?.is_empty() {
        return Ok(Verdict::not_applicable("the account has no Foundry project"));
    }
    if context.facts.account()?.agent_network()? == AgentNetwork::Subnet {
        return Ok(Verdict::not_applicable("agents run in a subnet of the customer's"));
    }
    let (mut cited, mut open): (Vec<Citation>, Vec<&Document>) = (Vec::new(), Vec::new());
    for network in context.facts.list(Operation::ManagedNetworksList)?.documents()? {
        let mode = network.string("/properties/managedNetwork/isolationMode")?.unwrap_or_default();
        if mode.eq_ignore_ascii_case("AllowOnlyApprovedOutbound") {
            let rules = context.subscription.list_below(Operation::OutboundRulesList, &network.scope)?;
            cited.push(cite_known(rules)?);
            for rule in rules.documents()? {
                if leads_out(context, rule)? {
                    open.push(rule);
                }
            }
        }
    }
    if open.is_empty() {
        let mut cited = cited.into_iter();
        return Ok(match cited.next() {
            Some(first) => Verdict::pass("approved destinations are in Azure, or accepted by policy", first, cited),
            None => Verdict::not_applicable("no managed network limits agents to approved destinations"),
        });
    }
    let name = |rule: &&Document| format!("{} ({})", last_segment(&rule.scope), destination(rule));
    let names: Vec<String> = open.iter().map(name).collect();
    cited.extend(open.iter().map(|rule| rule.cite(DESTINATION)));
    let ids: Vec<String> = open.iter().map(|rule| shell_word(&rule.scope)).collect();
    Ok(Verdict::fail(
        format!("agents may connect outside Azure: {}", names.join(", ")),
        cited,
        format!("Delete the rule, or accept its host in the policy file: az resource delete --ids {}", ids.join(" ")),
    ))
}

/// Whether a rule approves what is not Azure's and not accepted. A type that is not documented counts as such.
fn leads_out(context: &Context<'_>, rule: &Document) -> Result<bool, Unavailable> {
    const TYPE: &str = "/properties/type";
    let category = rule.string("/properties/category")?.unwrap_or_default();
    let made_by_azure = ["Required", "Recommended", "Dependency"].iter().any(|own| category.eq_ignore_ascii_case(own));
    let kind = rule.string(TYPE)?.ok_or_else(|| rule.unexpected(TYPE))?.to_ascii_lowercase();
    Ok(match kind.as_str() {
        "privateendpoint" => false,
        "servicetag" => {
            let tag = rule.string("/properties/destination/serviceTag")?;
            tag.ok_or_else(|| rule.unexpected(DESTINATION))?.eq_ignore_ascii_case("Internet")
        }
        "fqdn" => {
            let host = rule.string(DESTINATION)?.ok_or_else(|| rule.unexpected(DESTINATION))?;
            !made_by_azure && !context.accepts_host(&RULE, &ACCEPTED, host)
        }
        _ => true,
    })
}

fn destination(rule: &Document) -> String {
    match rule.value(DESTINATION) {
        Some(Value::String(host)) => host.clone(),
        Some(other) => other.get("serviceTag").and_then(Value::as_str).unwrap_or("other").to_owned(),
        None => "other".to_owned(),
    }
}
