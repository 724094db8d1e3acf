//! H02: events of a Communication Services resource are delivered outside Azure.

use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::rules::options::{self, RuleOption};
use crate::rules::{CheckResult, Communication, events, shell_word};
use crate::snapshot::{Citation, Document};

const ACCEPTED: RuleOption = RuleOption::hosts("accepted_hosts", "Hosts of webhooks that may receive events.");

declare_rule! {
    /// ## What it checks
    ///
    /// The destination of every event subscription of the resource, and where undelivered events go. A webhook fails
    /// unless the policy file accepts its host, as do partners and hybrid connections; queues, topics, event hubs,
    /// functions, storage and alerts do not. A type this program does not know is unknown. Asked with
    /// `--include communication` only.
    ///
    /// ## Why it matters
    ///
    /// Events name callers, phone numbers and senders, and some carry the text of a message. Whoever runs the webhook
    /// receives and keeps them under rules of its own; a partner is a third party.
    ///
    /// ## How to fix
    ///
    /// Deliver events to a resource of your own, or accept the host of your own application:
    ///
    /// ```toml
    /// [rules.communication-events-leave.options]
    /// accepted_hosts = ["hooks.example.com"]
    /// ```
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az resource show --ids EVENT-SUBSCRIPTION-ID --query properties.destination
    /// az resource delete --ids EVENT-SUBSCRIPTION-ID
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource own 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
    ///   parent: topic, name: 'own'
    ///   properties: { destination: { endpointType: 'ServiceBusQueue'
    ///     properties: { resourceId: queue.id } } }
    /// }
    /// ```
    ///
    /// **Terraform**: `service_bus_queue_endpoint_id` in place of `webhook_endpoint` of
    /// `azurerm_eventgrid_system_topic_event_subscription`.
    ///
    /// **Portal**: the resource, *Events*, *Event Subscriptions*, *Change* next to the endpoint.
    ///
    /// ## What it cannot see
    ///
    /// Where an Azure resource is that receives events, in whose subscription, and what reads from it; the path behind
    /// a host.
    ///
    /// ## Sources
    ///
    /// - [Region availability and data residency of Communication Services](https://learn.microsoft.com/azure/communication-services/concepts/privacy), undated page, as known on 2026-11-22
    /// - [System Topic Event Subscriptions](https://learn.microsoft.com/rest/api/eventgrid/controlplane/system-topic-event-subscriptions/create-or-update), api-version 2025-02-15
    id: "communication-events-leave",
    title: "Events of Communication Services are delivered outside Azure",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["H02"],
    needs: [CommunicationServicesList, SystemTopicsList, SystemTopicEventsList, CommunicationEventsList],
    frameworks: ["ISO/IEC 27001:2022 A.5.19", "GDPR Art. 28", "SOC 2 CC6.7", "NIST SP 800-53 Rev. 5 AC-4"],
    options: [ACCEPTED],
    check: Communication(check),
}

const OWN: [&str; 8] = [
    "AzureFunction",
    "EventHub",
    "MonitorAlert",
    "NamespaceTopic",
    "ServiceBusQueue",
    "ServiceBusTopic",
    "StorageBlob",
    "StorageQueue",
];
/// Where events go, and where those that could not be delivered go: directly, or with an identity that delivers them.
const PLACES: [&str; 4] = [
    "/properties/destination",
    "/properties/deliveryWithResourceIdentity/destination",
    "/properties/deadLetterDestination",
    "/properties/deadLetterWithResourceIdentity/deadLetterDestination",
];

fn check(context: &Communication<'_>) -> CheckResult {
    let (all, listed, mut more) = events::subscriptions(context)?;
    let (mut found, mut cited, mut odd): (Vec<String>, Vec<Citation>, Option<Unknown>) = Default::default();
    let mut first = None;
    for own in all {
        let places: Vec<&str> = PLACES.into_iter().filter(|pointer| own.value(pointer).is_some()).collect();
        if !places.iter().any(|pointer| pointer.ends_with("/destination")) {
            odd.get_or_insert_with(|| own.unexpected(PLACES[0]).into());
        }
        for pointer in places {
            let citation = own.cite(pointer);
            match outside(context, own, pointer) {
                Ok(None) => more.push(citation),
                Ok(Some(where_to)) => {
                    first.get_or_insert(own);
                    found.push(where_to);
                    cited.push(citation);
                }
                Err(why) => drop(odd.get_or_insert(why)),
            }
        }
    }
    if let Some(first) = first {
        found.sort();
        found.dedup();
        let fix = format!(
            "Deliver to a resource of your own: az resource show --ids {} --query properties",
            shell_word(&first.scope)
        );
        return Ok(Verdict::fail(format!("events are delivered to {}", found.join(", ")), cited, fix));
    }
    odd.map_or_else(|| Ok(Verdict::pass("no event is delivered outside Azure", listed, more)), Err)
}

/// Where a destination leads outside Azure, in words.
fn outside(context: &Communication<'_>, own: &Document, pointer: &str) -> Result<Option<String>, Unknown> {
    let kind = own.string(&format!("{pointer}/endpointType"))?.ok_or_else(|| own.unexpected(pointer))?;
    let is = |word: &str| word.eq_ignore_ascii_case(kind);
    if OWN.into_iter().any(is) {
        return Ok(None);
    }
    if is("PartnerDestination") || is("HybridConnection") {
        return Ok(Some(format!("a {kind}")));
    }
    if !is("WebHook") {
        let message = format!("an event subscription delivers to a {kind}, which this program does not know");
        return Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![own.cite(pointer)]));
    }
    let url =
        own.string(&format!("{pointer}/properties/endpointBaseUrl"))?.unwrap_or("an address that Azure does not show");
    let host = url.split_once("://").map_or(url, |(_, rest)| rest).split(':').next().unwrap_or_default();
    let accepted = options::accepts_host(&context.policy.options, RULE.id, &ACCEPTED, host);
    Ok((!accepted).then(|| format!("the webhook {url}")))
}
