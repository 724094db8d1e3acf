//! Statements about Azure Communication Services and Event Grid.

use super::{Standing, Statement, page};
use crate::knowledge::communication::{BOUNDARY_SOURCE, SOURCE};

pub(super) const ALL: &[Statement] = &[
    Statement {
        id: "communication-at-rest",
        claim: "Communication Services keep chat messages and resource data in the geography that was selected.",
        source: SOURCE,
        passage: "at rest are retained in that geography",
        standing: Standing::Documentation,
        rules: &["communication-data-leaves-boundary"],
        contradicts: &[],
    },
    Statement {
        id: "communication-may-transit",
        claim: "Data of Communication Services may pass or be processed in other geographies.",
        source: SOURCE,
        passage: "transit or be processed in other geographies",
        standing: Standing::Documentation,
        rules: &["communication-data-leaves-boundary"],
        contradicts: &["communication-stays-in-boundary"],
    },
    Statement {
        id: "communication-stays-in-boundary",
        claim: "Personal data of resources in the EU Data Boundary is processed and stored in it.",
        source: BOUNDARY_SOURCE,
        passage: "European Union Data Boundary",
        standing: Standing::Documentation,
        rules: &["communication-data-leaves-boundary"],
        contradicts: &[],
    },
    Statement {
        id: "communication-events-anywhere",
        claim: "Event Grid topics on Communication Services are global and may store events in any data center.",
        source: SOURCE,
        passage: "may store the event data in any Microsoft data center",
        standing: Standing::Documentation,
        rules: &["communication-events-global", "communication-events-leave"],
        contradicts: &[],
    },
    Statement {
        id: "communication-logs-name-people",
        claim: "Some logs of Communication Services hold identities and phone numbers.",
        source: SOURCE,
        passage: "identities and phone numbers as field data",
        standing: Standing::Documentation,
        rules: &["communication-logs-carry-identities", "communication-log-retention-long"],
        contradicts: &[],
    },
    Statement {
        id: "communication-call-logs",
        claim: "Call summary and diagnostic logs identify the user behind each endpoint.",
        source: page(
            "Voice and video calling logs",
            "https://learn.microsoft.com/azure/communication-services/concepts/analytics/logs/voice-and-video-logs",
            "2023-03-21",
        ),
        passage: "The unique ID for the user",
        standing: Standing::Documentation,
        rules: &["communication-logs-carry-identities"],
        contradicts: &[],
    },
];
