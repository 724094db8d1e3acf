//! What is kept of Communication Services, Event Grid and the tables of a workspace.
//!
//! Destinations of events may carry keys in a URL, and delivery attributes are secrets by design: everything is reduced to an
//! allow-list.

use serde_json::{Map, Value};

use super::redact::{NAMED, keep, keeping, origin, pick};
use crate::snapshot::Operation;
use crate::snapshot::journal::Reduction;

/// What stands where a URL was that cannot be read as one.
const NO_URL: &str = "(not a URL)";

const PLACED: [&str; 3] = ["id", "name", "location"];
const SERVICE_KEEPS: [&str; 2] = ["dataLocation", "provisioningState"];
const TOPIC_KEEPS: [&str; 3] = ["source", "topicType", "provisioningState"];
const TABLE_KEEPS: [&str; 3] = ["retentionInDays", "totalRetentionInDays", "plan"];

/// Where an event subscription says where events go: directly, or with an identity that delivers them.
const DESTINATIONS: [(&str, Option<&str>); 4] = [
    ("destination", None),
    ("deadLetterDestination", None),
    ("deliveryWithResourceIdentity", Some("destination")),
    ("deadLetterWithResourceIdentity", Some("deadLetterDestination")),
];

/// What is left out of the answers, for the header of a journal.
pub(super) fn reductions() -> Vec<Reduction> {
    let mut events = keeping(
        &[Operation::CommunicationEventsList, Operation::SystemTopicEventsList],
        &NAMED,
        &["provisioningState"],
        "URLs and delivery attributes may hold keys; a URL is kept as its origin",
    );
    for (outer, inner) in DESTINATIONS {
        let at = inner.map_or_else(|| outer.to_owned(), |inner| format!("{outer}/{inner}"));
        let kept = ["endpointType", "properties/resourceId", "properties/endpointBaseUrl"];
        events.kept.extend(kept.map(|key| format!("/properties/{at}/{key}")));
    }
    vec![
        keeping(
            &[Operation::CommunicationServicesList],
            &PLACED,
            &SERVICE_KEEPS,
            "where data is kept is all that is judged",
        ),
        keeping(&[Operation::SystemTopicsList], &PLACED, &TOPIC_KEEPS, "what a topic is on is all that is judged"),
        keeping(
            &[Operation::WorkspaceTablesList],
            &NAMED,
            &TABLE_KEEPS,
            "a list of some hundred rows with their columns",
        ),
        events,
    ]
}

/// Communication Services resources: where they keep data.
pub(super) fn service(body: &mut Value) {
    keep(body, &PLACED, &SERVICE_KEEPS);
}

/// System topics: what they are on.
pub(super) fn system_topic(body: &mut Value) {
    keep(body, &PLACED, &TOPIC_KEEPS);
}

/// Tables: how long they keep rows.
pub(super) fn table(body: &mut Value) {
    keep(body, &NAMED, &TABLE_KEEPS);
}

/// Event subscriptions: where events go.
pub(super) fn event_subscription(body: &mut Value) {
    let mut kept = Map::new();
    for (outer, inner) in DESTINATIONS {
        let Some(own) = body.get("properties").and_then(|own| own.get(outer)).filter(|own| !own.is_null()) else {
            continue;
        };
        let reduced = match inner {
            None => destination(own),
            Some(inner) => match own.get(inner) {
                Some(own) => Value::Object(Map::from_iter([(inner.to_owned(), destination(own))])),
                None => Value::Object(Map::new()),
            },
        };
        kept.insert(outer.to_owned(), reduced);
    }
    keep(body, &NAMED, &["provisioningState"]);
    if let Some(Value::Object(properties)) = body.get_mut("properties") {
        properties.extend(kept);
    }
}

/// One destination. A value of another type stays visible as wrong.
fn destination(own: &Value) -> Value {
    let Some(map) = own.as_object() else { return if own.is_null() { Value::Null } else { "(not an object)".into() } };
    let mut kept = pick(map, &["endpointType"]);
    if let Some(properties) = map.get("properties").and_then(Value::as_object) {
        let mut inner = pick(properties, &["resourceId"]);
        if let Some(url) = properties.get("endpointBaseUrl").filter(|url| !url.is_null()) {
            let origin = url.as_str().and_then(origin).filter(|origin| origin != "null");
            inner.insert("endpointBaseUrl".to_owned(), origin.unwrap_or_else(|| NO_URL.to_owned()).into());
        }
        kept.insert("properties".to_owned(), inner.into());
    }
    kept.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_secret_of_a_destination_survives() {
        let hook = json!({ "endpointType": "WebHook", "properties": { "endpointUrl": "https://h.example/PLANTED?code=PLANTED",
            "endpointBaseUrl": "https://u:PLANTED@h.example/api/PLANTED?code=PLANTED", "azureActiveDirectoryTenantId": "PLANTED",
            "deliveryAttributeMappings": [{ "name": "key", "properties": { "value": "PLANTED" } }] } });
        let mut body = json!({ "id": "/e", "name": "e", "properties": { "destination": hook, "labels": ["PLANTED"],
            "deliveryWithResourceIdentity": { "identity": { "userAssignedIdentity": "PLANTED" }, "destination": hook },
            "deadLetterDestination": { "endpointType": "StorageBlob",
                "properties": { "resourceId": "/s", "blobContainerName": "PLANTED" } },
            "filter": { "subjectBeginsWith": "PLANTED" } } });
        event_subscription(&mut body);
        let kept = json!({ "endpointType": "WebHook", "properties": { "endpointBaseUrl": "https://h.example" } });
        let wanted = json!({ "id": "/e", "name": "e", "properties": { "destination": kept,
            "deliveryWithResourceIdentity": { "destination": kept },
            "deadLetterDestination": { "endpointType": "StorageBlob", "properties": { "resourceId": "/s" } } } });
        assert_eq!(body, wanted);
    }

    #[test]
    fn a_destination_of_another_shape_stays_visible_as_wrong() {
        let mut body = json!({ "id": "/e", "properties": { "destination": "PLANTED",
            "deadLetterDestination": { "endpointType": "WebHook", "properties": { "endpointBaseUrl": { "k": "PLANTED" } } } } });
        event_subscription(&mut body);
        assert_eq!(body["properties"]["destination"], "(not an object)");
        assert_eq!(body["properties"]["deadLetterDestination"]["properties"]["endpointBaseUrl"], NO_URL);
        assert!(!body.to_string().contains("PLANTED"), "{body}");
    }
}
