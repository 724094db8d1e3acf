//! E07: where the account itself may send things.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `properties.restrictOutboundNetworkAccess` is `true` and no entry of `properties.allowedFqdnList` stands
    /// for any host (a `*`, or a range `/0`). Restricted with an empty list passes: nothing is allowed then.
    ///
    /// ## Why it matters
    ///
    /// The account fetches and calls for its users: images by URL, data sources, webhooks. Without the restriction a
    /// caller can make it talk to any host, and content can leave that way. Some scanners test this only for one kind
    /// of account; it applies to all that host models.
    ///
    /// ## How to fix
    ///
    /// List what is needed, at most 1000 hosts; a change takes up to 15 minutes.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "ACCOUNT-ID?api-version=2026-09-01" \
    ///   --body '{"properties":{"restrictOutboundNetworkAccess":true,
    ///     "allowedFqdnList":["HOST"]}}'
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: name, location: location, kind: kind, sku: { name: 'S0' }
    ///   properties: { restrictOutboundNetworkAccess: true
    ///     allowedFqdnList: [ 'HOST' ] }
    /// }
    /// ```
    ///
    /// **Terraform**: in `azurerm_cognitive_account`:
    ///
    /// ```hcl
    /// outbound_network_access_restricted = true
    /// fqdns                              = ["HOST"]
    /// ```
    ///
    /// **Portal**: none; Microsoft's page has the command line and PowerShell only.
    ///
    /// ## What it cannot see
    ///
    /// Tools that agents call in their own network, and whether wildcards work at all: the page shows whole names only.
    ///
    /// ## Sources
    ///
    /// - [Data loss prevention for Azure AI services](https://learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention), 2025-01-25
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    id: "outbound-unrestricted",
    title: "Account may call any host",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["E07", "D12"],
    needs: [AccountsGet],
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
    let account = context.facts.account()?;
    let restricted = account.outbound_restricted()? == Some(true);
    let hosts = account.allowed_fqdns()?;
    let flag = account.0.cite("/properties/restrictOutboundNetworkAccess");
    let list = account.0.cite("/properties/allowedFqdnList");
    let open = hosts.iter().find(|host| host.contains('*') || host.ends_with("/0"));
    let message = match (restricted, open) {
        (true, None) => {
            let message = format!("the account may call {} listed hosts only", hosts.len());
            return Ok(Verdict::pass(message, flag, [list]));
        }
        (true, Some(host)) => format!("outbound access is restricted, but {host} stands for many hosts"),
        (false, _) => "outbound access is not restricted: the account may call any host".to_owned(),
    };
    let fix = context.az_patch(r#"{"properties":{"restrictOutboundNetworkAccess":true,"allowedFqdnList":["HOST"]}}"#);
    Ok(Verdict::fail(message, vec![flag, list], format!("List the hosts it needs: {fix}")))
}
