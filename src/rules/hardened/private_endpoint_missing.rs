//! E02: without a private endpoint traffic goes to a public address.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, shell_word};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether at least one of `properties.privateEndpointConnections` is in the state `Approved`.
    ///
    /// ## Why it matters
    ///
    /// A private endpoint lets clients reach the account without a public address, which is what makes closing public
    /// access possible. It has no effect on what is kept.
    ///
    /// ## How to fix
    ///
    /// Create one, approve it, and close public access.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az network private-endpoint create --name NAME --resource-group GROUP \
    ///   --subnet SUBNET-ID --group-id account --connection-name NAME \
    ///   --private-connection-resource-id ACCOUNT-ID
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource endpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = {
    ///   name: name, location: location
    ///   properties: { subnet: { id: subnet.id }
    ///     privateLinkServiceConnections: [ { name: name, properties: {
    ///       privateLinkServiceId: account.id, groupIds: [ 'account' ] } } ] }
    /// }
    /// ```
    ///
    /// **Terraform**: a block of `azurerm_private_endpoint`:
    ///
    /// ```hcl
    /// private_service_connection {
    ///   name                           = "openai"
    ///   is_manual_connection           = false
    ///   private_connection_resource_id = azurerm_cognitive_account.this.id
    ///   subresource_names              = ["account"]
    /// }
    /// ```
    ///
    /// **Portal**: the account, *Networking*, *Private endpoint connections*, *Private endpoint*.
    ///
    /// ## What it cannot see
    ///
    /// Whether clients use it, and its DNS.
    ///
    /// ## Sources
    ///
    /// - [Configure virtual networks](https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks), 2025-05-19
    /// - [Microsoft.CognitiveServices accounts](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts), api-version 2026-09-01
    id: "private-endpoint-missing",
    title: "No approved private endpoint",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["E02"],
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
    let (approved, all) = account.private_endpoints()?;
    let count = serde_json::json!({ "approved": approved, "count": all });
    let cited = account.0.cite_as("/properties/privateEndpointConnections", count);
    if approved > 0 {
        return Ok(Verdict::pass(format!("{approved} of {all} private endpoint connections are approved"), cited, []));
    }
    let message = match all {
        0 => "the account has no private endpoint".to_owned(),
        _ => format!("none of {all} private endpoint connections is approved"),
    };
    Ok(Verdict::fail(
        message,
        vec![cited],
        format!(
            "Create and approve one: az network private-endpoint create --group-id account --private-connection-resource-id {}",
            shell_word(&context.facts.id.id)
        ),
    ))
}
