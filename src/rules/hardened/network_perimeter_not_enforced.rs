//! E01: a network security perimeter that only watches.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Context};
use crate::snapshot::Operation;

declare_rule! {
    /// ## What it checks
    ///
    /// `resourceAssociation.accessMode` of the network security perimeters the account is associated with: one that is
    /// `Enforced` passes, `Learning` and `Audit` alone fail. Not applicable without a perimeter.
    ///
    /// ## Why it matters
    ///
    /// In learning mode a perimeter logs what it would have refused and lets it through. It looks like a boundary and
    /// is none. Microsoft recommends to begin in learning mode, and supports perimeters for Foundry in preview only
    /// (2026-02-23): the finding is about staying there.
    ///
    /// ## How to fix
    ///
    /// Enforce it when its log shows no surprise.
    ///
    /// **az CLI** (extension `nsp`):
    ///
    /// ```sh
    /// az network perimeter association update --perimeter-name PERIMETER \
    ///   --resource-group GROUP --name ASSOCIATION --access-mode Enforced
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource association 'Microsoft.Network/networkSecurityPerimeters/resourceAssociations@2024-07-01' = {
    ///   parent: perimeter, name: 'openai'
    ///   properties: { accessMode: 'Enforced'
    ///     privateLinkResource: { id: account.id }, profile: { id: profile.id } }
    /// }
    /// ```
    ///
    /// **Terraform**: `access_mode = "Enforced"` of `azurerm_network_security_perimeter_association`.
    ///
    /// **Portal**: the network security perimeter, *Settings*, *Associated resources*, the account, *Change access
    /// mode*.
    ///
    /// ## What it cannot see
    ///
    /// The rules of the perimeter's profile, and the other network settings of the account.
    ///
    /// ## Sources
    ///
    /// - [Add Foundry to a network security perimeter](https://learn.microsoft.com/azure/foundry/how-to/add-foundry-to-network-security-perimeter), 2026-02-23
    /// - [Microsoft.Network networkSecurityPerimeters/resourceAssociations](https://learn.microsoft.com/azure/templates/microsoft.network/networksecurityperimeters/resourceassociations), api-version 2024-07-01
    id: "network-perimeter-not-enforced",
    title: "Network security perimeter is not enforced",
    axis: Hardened,
    severity: Low,
    since: "0.1.0",
    controls: ["E01"],
    needs: [PerimeterConfigurationsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.20",
        "GDPR Art. 32",
        "SOC 2 CC6.6",
        "HIPAA 45 CFR 164.312(e)(1)",
        "NIST SP 800-53 Rev. 5 SC-7",
    ],
    check: Account(check),
}

const MODE: &str = "/properties/resourceAssociation/accessMode";

fn check(context: &Context<'_>) -> CheckResult {
    let mut cited = Vec::new();
    for perimeter in context.facts.list(Operation::PerimeterConfigurationsList)?.documents()? {
        let mode = perimeter.string(MODE)?.ok_or_else(|| perimeter.unexpected(MODE))?;
        if mode.eq_ignore_ascii_case("Enforced") {
            return Ok(Verdict::pass("a network security perimeter is enforced", perimeter.cite(MODE), []));
        }
        cited.push(perimeter.cite(MODE));
        if !["Learning", "Audit"].iter().any(|known| known.eq_ignore_ascii_case(mode)) {
            let message = format!("the perimeter has the access mode {mode}, which Microsoft does not document");
            return Err(Unknown::because(UnknownCause::UndocumentedValue, message, cited));
        }
    }
    if cited.is_empty() {
        return Ok(Verdict::not_applicable("the account is in no network security perimeter"));
    }
    let fix = "Enforce it: az network perimeter association update --access-mode Enforced, or in the portal.";
    Ok(Verdict::fail("the network security perimeter watches and lets everything through", cited, fix))
}
