//! H02: events of a Communication Services resource may be stored in any data center.

use crate::knowledge::processing::Pin;
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Communication, events, shell_word};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether an Event Grid system topic has the resource as its `source`, or an event subscription was made on the
    /// resource itself: either fails, whatever its `location`. Not applicable when policy lets data be anywhere
    /// (`--pin any` without allowed locations). Asked with `--include communication` only.
    ///
    /// ## Why it matters
    ///
    /// "Any Event Grid system topic configured with Azure Communication Services is created in a global location", and
    /// it "may store the event data in any Microsoft data center". Events name callers, phone numbers and senders, and
    /// some carry the text of a message. The data location of the resource does not hold for them.
    ///
    /// ## How to fix
    ///
    /// Delete the event subscriptions and the topic, and ask the service instead (polling, or webhooks of the Call
    /// Automation API, which do not pass Event Grid). Where events are needed, accept it with a waiver that says which
    /// types are subscribed to.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method get --url "SUBSCRIPTION-ID/providers/Microsoft.EventGrid\
    /// /systemTopics?api-version=2025-02-15"
    /// az resource delete --ids TOPIC-ID
    /// ```
    ///
    /// **Bicep, Terraform**: none to set, because every such topic is global; remove the `azurerm_eventgrid_system_topic` or
    /// the topic from the template.
    ///
    /// **Portal**: the resource, *Events*; the topic, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// Which events were sent, and topics in subscriptions that were not read.
    ///
    /// ## Sources
    ///
    /// - [Region availability and data residency of Communication Services](https://learn.microsoft.com/azure/communication-services/concepts/privacy), undated page, as known on 2026-11-22
    /// - [System topics in Azure Event Grid](https://learn.microsoft.com/azure/event-grid/system-topics), 2023-04-27
    id: "communication-events-global",
    title: "Events of Communication Services may be stored in any data center",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["H02"],
    needs: [CommunicationServicesList, SystemTopicsList, CommunicationEventsList],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Communication(check),
}

fn check(context: &Communication<'_>) -> CheckResult {
    if context.policy.pin == Pin::Any && context.policy.allowed_locations.is_none() {
        return Ok(Verdict::not_applicable("policy lets data be anywhere"));
    }
    let (topics, listed) = events::topics(context)?;
    let (direct, also) = events::direct(context)?;
    let Some(first) = topics.first().or(direct.first()) else {
        return Ok(Verdict::pass("no Event Grid topic carries events of the resource", listed, [also]));
    };
    let place = first.string("/location").ok().flatten().unwrap_or("global");
    let what = match (topics.len(), direct.len()) {
        (0, 1) => "an event subscription on the resource".to_owned(),
        (0, subscriptions) => format!("{subscriptions} event subscriptions on the resource"),
        (1, _) => format!("an Event Grid topic ({place})"),
        (topics, _) => format!("{topics} Event Grid topics"),
    };
    let cited = topics.iter().map(|topic| topic.cite("/properties/source"));
    let cited = cited.chain(direct.iter().map(|own| own.cite("/properties/destination/endpointType"))).collect();
    let fix = format!("Delete it where no event is needed: az resource delete --ids {}", shell_word(&first.scope));
    Ok(Verdict::fail(format!("{what} may store events in any Microsoft data center"), cited, fix))
}
