//! Calls for Communication Services, made when a run includes them.
//!
//! Paths, shapes and api-versions are those of the published specifications (`Azure/azure-rest-api-specs`, read 2026-11-22): the
//! newest stable version, then older ones for clouds that lag behind. None was tried against Azure; the actions follow ARM's rule
//! "resource type + `/read`".

use super::{Family, Paging, Parent, Row};
use crate::snapshot::Operation;

pub(super) const SERVICE: &str = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Communication/communicationServices/{service}";
pub(super) const SYSTEM_TOPIC: &str =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}";

pub(super) const VERSIONS: &[&str] = &["2026-03-18", "2025-09-01", "2023-04-01"];
pub(super) const EVENT_GRID_VERSIONS: &[&str] = &["2025-02-15", "2022-06-15"];

const fn list(
    operation: Operation,
    parent: Parent,
    family: Family,
    (suffix, action, purpose): (&'static str, &'static str, &'static str),
) -> Row {
    Row { operation, parent, suffix, query: &[], family, paging: Paging::List, action, purpose }
}

// Documented: CommunicationServices_ListBySubscription of 2026-03-18, with an example.
pub(super) const SERVICES_LIST: Row = list(
    Operation::CommunicationServicesList,
    Parent::Subscription,
    Family::Communication,
    (
        "/providers/Microsoft.Communication/communicationServices",
        "Microsoft.Communication/communicationServices/read",
        "Find Communication Services resources and where they keep data.",
    ),
);

// Documented, and recorded for other resource types.
pub(super) const DIAGNOSTICS_LIST: Row = list(
    Operation::CommunicationDiagnosticsList,
    Parent::CommunicationService,
    Family::Monitor,
    (
        "/providers/Microsoft.Insights/diagnosticSettings",
        "Microsoft.Insights/diagnosticSettings/read",
        "Read which logs of Communication Services go where.",
    ),
);

// Documented: EventSubscriptions_ListByResource. Whether it also shows those of a system topic is not.
pub(super) const EVENTS_LIST: Row = list(
    Operation::CommunicationEventsList,
    Parent::CommunicationService,
    Family::EventGrid,
    (
        "/providers/Microsoft.EventGrid/eventSubscriptions",
        "Microsoft.EventGrid/eventSubscriptions/read",
        "Read where events of Communication Services go that need no topic of their own.",
    ),
);

// Documented: SystemTopics_ListBySubscription, with an example of 2022-06-15.
pub(super) const SYSTEM_TOPICS_LIST: Row = list(
    Operation::SystemTopicsList,
    Parent::Subscription,
    Family::EventGrid,
    (
        "/providers/Microsoft.EventGrid/systemTopics",
        "Microsoft.EventGrid/systemTopics/read",
        "Find the Event Grid topics that carry events of Communication Services.",
    ),
);

// Documented: SystemTopicEventSubscriptions_ListBySystemTopic.
pub(super) const SYSTEM_TOPIC_EVENTS_LIST: Row = list(
    Operation::SystemTopicEventsList,
    Parent::SystemTopic,
    Family::EventGrid,
    (
        "/eventSubscriptions",
        "Microsoft.EventGrid/systemTopics/eventSubscriptions/read",
        "Read where the events of a topic go.",
    ),
);

// Documented: Tables_ListByWorkspace, with an example of 2022-10-01.
pub(super) const WORKSPACE_TABLES_LIST: Row = list(
    Operation::WorkspaceTablesList,
    Parent::Workspace,
    Family::LogAnalytics,
    (
        "/tables",
        "Microsoft.OperationalInsights/workspaces/tables/read",
        "Read how long the logs of Communication Services are kept.",
    ),
);
