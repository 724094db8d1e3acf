//! E07: agents may connect to the whole internet.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context, cite_known, shell_word};
use crate::snapshot::Operation;

declare_rule! {
    /// ## What it checks
    ///
    /// For accounts with Foundry projects, where their agents may connect to: a subnet of the customer's
    /// (`networkInjections`) or a managed network with `isolationMode` `AllowOnlyApprovedOutbound` pass; `Disabled`,
    /// `AllowInternetOutbound` and no network at all fail.
    ///
    /// ## Why it matters
    ///
    /// An agent that is talked into it sends what it knows to any address. A network with a list of approved
    /// destinations is what stops it.
    ///
    /// ## How to fix
    ///
    /// Create the managed network with approved outbound only. A network that allows the internet cannot be narrowed in
    /// every case; then the account has to be created again.
    ///
    /// **az CLI** (in preview):
    ///
    /// ```sh
    /// az cognitiveservices account managed-network create --name NAME \
    ///   --resource-group GROUP --managed-network AllowOnlyApprovedOutbound
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource network 'Microsoft.CognitiveServices/accounts/managedNetworks@2026-07-01' = {
    ///   parent: account, name: 'default'
    ///   properties: { managedNetwork: {
    ///     isolationMode: 'AllowOnlyApprovedOutbound' } }
    /// }
    /// ```
    ///
    /// **Terraform**: the azurerm provider has no managed network, azapi has:
    ///
    /// ```hcl
    /// resource "azapi_resource" "network" {
    ///   type      = "Microsoft.CognitiveServices/accounts/managedNetworks@2026-07-01"
    ///   parent_id = azurerm_cognitive_account.this.id
    ///   name      = "default"
    ///   body = { properties = { managedNetwork = {
    ///     isolationMode = "AllowOnlyApprovedOutbound"
    ///   } } }
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Networking*, *Outbound access*, when the account is created.
    ///
    /// ## What it cannot see
    ///
    /// The rules of the customer's subnet, and which destinations are approved.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.CognitiveServices accounts/managedNetworks](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/managednetworks), api-version 2026-09-01
    /// - [Managed virtual network](https://learn.microsoft.com/azure/foundry/how-to/managed-virtual-network), 2026-08-18
    id: "agent-network-open",
    title: "Agents may connect to the whole internet",
    axis: Hardened,
    severity: Medium,
    since: "0.1.0",
    controls: ["E07"],
    needs: [ProjectsList, AccountsGet, ManagedNetworksList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.22",
        "GDPR Art. 32",
        "SOC 2 CC6.6",
        "HIPAA 45 CFR 164.312(e)(1)",
        "NIST SP 800-53 Rev. 5 SC-7",
    ],
    check: Account(check),
}

const INJECTIONS: &str = "/properties/networkInjections";
const MODE: &str = "/properties/managedNetwork/isolationMode";

fn check(context: &Context<'_>) -> CheckResult {
    if context.facts.projects()?.is_empty() {
        return Ok(Verdict::not_applicable("the account has no Foundry project"));
    }
    let account = context.facts.account()?.0;
    // One object in early answers of 2025-06-01, a list since.
    let injections = account.whole(INJECTIONS)?;
    let items = injections.map_or(&[][..], |value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
    let subnet =
        |item: &serde_json::Value| item.get("subnetArmId").and_then(|id| id.as_str()).is_some_and(|id| !id.is_empty());
    if items.iter().any(subnet) {
        return Ok(Verdict::pass("agents run in a subnet of the customer's", account.cite(INJECTIONS), []));
    }
    let networks = context.facts.list(Operation::ManagedNetworksList)?;
    let mut cited = vec![account.cite(INJECTIONS), cite_known(networks)?];
    for network in networks.documents()? {
        let mode = network.string(MODE)?.ok_or_else(|| network.unexpected(MODE))?;
        cited.push(network.cite(MODE));
        match mode.to_ascii_lowercase().as_str() {
            "allowonlyapprovedoutbound" => {
                let message = "agents may connect to approved destinations only";
                return Ok(Verdict::pass(message, network.cite(MODE), [account.cite(INJECTIONS)]));
            }
            "disabled" | "allowinternetoutbound" => {}
            _ => {
                let message =
                    format!("the managed network has the isolation mode {mode}, which Microsoft does not document");
                return Err(Unknown::because(UnknownCause::UndocumentedValue, message, cited));
            }
        }
    }
    let url = format!("{}/managedNetworks/default?api-version=2026-09-01", context.facts.id.id);
    let body = r#"'{"properties":{"managedNetwork":{"isolationMode":"AllowOnlyApprovedOutbound"}}}'"#;
    let fix = format!("Approve destinations: az rest --method put --url {} --body {body}", shell_word(&url));
    Ok(Verdict::fail("no network limits where agents connect to", cited, fix))
}
