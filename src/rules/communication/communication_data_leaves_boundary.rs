//! H01: a Communication Services resource keeps its data outside the boundary.

use crate::knowledge::communication::data_location;
use crate::knowledge::processing::{Pin, Placement};
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::{CheckResult, Communication};

declare_rule! {
    /// ## What it checks
    ///
    /// `dataLocation` of each Communication Services resource against `--pin` and the allowed locations at the top of
    /// the policy. A data location is a geography, so that `region` fails; `geography` is met by any that Microsoft
    /// lists; a data zone and allowed locations are compared. Where only a part of the geography is allowed, or no page
    /// says in which countries it is (`Africa`, `Asia Pacific`, `Europe`), and for a word that is not listed, the
    /// result is unknown. Asked with `--include communication` only, and of no account.
    ///
    /// ## Why it matters
    ///
    /// "All chat messages, and resource data stored by Communication Services at rest are retained in that geography",
    /// with call recordings, phone numbers and identities. An application that answers calls or chats with a model
    /// leaves its prompts and completions here as well. The axis is `contained`, not `pinned`: what is pinned is the
    /// processing of models.
    ///
    /// ## How to fix
    ///
    /// Create a resource in an allowed geography, move numbers and clients, then delete this one: the data location
    /// cannot be changed.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az resource show --ids RESOURCE-ID --query properties.dataLocation
    /// az resource delete --ids RESOURCE-ID
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource chat 'Microsoft.Communication/communicationServices@2026-03-18' = {
    ///   name: 'chat', location: 'global'
    ///   properties: { dataLocation: 'Germany' }
    /// }
    /// ```
    ///
    /// **Terraform**: `data_location = "Germany"` of `azurerm_communication_service`; the change forces a new one.
    ///
    /// **Portal**: *Create a resource*, *Communication Services*, *Data location*.
    ///
    /// ## What it cannot see
    ///
    /// Where calls and messages pass: data "may transit or be processed in other geographies". Microsoft says that data
    /// of resources in the EU Data Boundary stays there (2023-02-01), but not whether `Europe` is in it.
    ///
    /// ## Sources
    ///
    /// - [Region availability and data residency of Communication Services](https://learn.microsoft.com/azure/communication-services/concepts/privacy), undated page, as known on 2026-11-22
    /// - [European Union Data Boundary of Communication Services](https://learn.microsoft.com/azure/communication-services/concepts/european-union-data-boundary), 2023-02-01
    id: "communication-data-leaves-boundary",
    title: "Communication Services keep data outside the boundary",
    axis: Contained,
    severity: High,
    since: "0.1.0",
    controls: ["H01"],
    needs: [CommunicationServicesList],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Communication(check),
}

fn check(context: &Communication<'_>) -> CheckResult {
    let policy = context.policy;
    if policy.pin == Pin::Any && policy.allowed_locations.is_none() {
        return Ok(Verdict::not_applicable("policy lets data be anywhere"));
    }
    let word = context.service.data_location()?;
    let cited = context.service.document.cite("/properties/dataLocation");
    let undocumented =
        |message: String| Unknown::because(UnknownCause::UndocumentedValue, message, vec![cited.clone()]);
    let Some(location) = data_location(word) else {
        return Err(undocumented(format!("the data location is {word}, which Microsoft does not list")));
    };
    let word = location.word;
    match location.place(policy.pin, policy.allowed_locations.as_ref()) {
        Placement::Inside => {
            Ok(Verdict::pass(format!("data at rest stays in {word}; it may pass or be processed elsewhere"), cited, []))
        }
        Placement::Outside => {
            let fix = "In the portal, create a resource in an allowed geography, move what is in this one, then delete it; \
                       a data location cannot be changed";
            Ok(Verdict::fail(format!("data at rest is in {word}, {}", outside(policy.pin)), vec![cited], fix))
        }
        Placement::Contradictory | Placement::Undocumented => Err(undocumented(format!(
            "data at rest is in {word}, and no page says in which of its data centers; policy allows only some"
        ))),
    }
}

fn outside(pin: Pin) -> &'static str {
    match pin {
        Pin::Region => "in a data center that Microsoft selects: no region can be promised",
        Pin::Geography | Pin::DataZone(_) | Pin::Any => "which policy does not allow",
    }
}
