//! What Communication Services of a subscription keep: mostly what no API of a scan can see, and where their logs and events go.

use super::telemetry::SINKS;
use super::{Builder, place, unread};
use crate::assessment::data_map::{Absent, Place, Presence, Row};
use crate::knowledge::stores::{self, Family, Sheet};
use crate::snapshot::{CommunicationService, Document, List, Read, Subscription, Unavailable, last_segment};

/// Where its diagnostic settings write to.
const LOGS: &str = "acs-logs";
/// Its Event Grid topics.
const EVENTS: &str = "acs-events";
impl Builder<'_> {
    /// The stores of every Communication Services resource of a subscription.
    pub(super) fn communication(&mut self, subscription: &Subscription) {
        let rows = match subscription.communication_services() {
            Ok(list) => &list.rows,
            Err(why) if why.no_provider().is_some() => return self.no_communication(subscription),
            Err(why) => return self.unread_communication(subscription, &why),
        };
        if rows.is_empty() {
            self.no_communication(subscription);
        }
        for row in rows {
            let service = match row {
                Read::Known(document) => CommunicationService::new(subscription, document),
                Read::Unavailable(why) => Err(why.clone()),
            };
            match service {
                Ok(service) => self.service(service),
                Err(why) => self.unread_communication(subscription, &why),
            }
        }
    }

    fn no_communication(&mut self, subscription: &Subscription) {
        let name = subscription.name().unwrap_or(&subscription.id).to_owned();
        let scope = format!("/subscriptions/{}", subscription.id);
        for sheet in sheets() {
            let why = "The subscription has no Communication Services resource.".to_owned();
            self.absent.push(Absent { sheet: Some(sheet), scope: scope.clone(), name: name.clone(), why });
        }
    }

    fn unread_communication(&mut self, subscription: &Subscription, why: &Unavailable) {
        let why = unread("Communication Services resources", why);
        for sheet in sheets() {
            let scope = format!("/subscriptions/{}", subscription.id);
            let mut row = self.row(sheet, scope, Presence::Unknown, vec![why.clone()]);
            row.place = place(subscription.name().unwrap_or(&subscription.id), None);
            self.put(row);
        }
    }

    fn service(&mut self, service: CommunicationService<'_>) {
        for sheet in sheets().filter(|own| ![LOGS, EVENTS].contains(&own.id)) {
            let row = self.of_service(service, sheet, Presence::Possible, sheet.unseen.to_owned());
            self.put(row);
        }
        self.logs_of(service);
        self.events_of(service);
    }

    /// A row on a store of the resource itself: it is in the geography that the resource names.
    fn of_service(
        &self,
        service: CommunicationService<'_>,
        sheet: &'static Sheet,
        presence: Presence,
        why: String,
    ) -> Row {
        let geography = service.data_location().ok().map(str::to_owned);
        let mut row = self.row(sheet, service.id().to_owned(), presence, vec![why]);
        row.place = Place { geography, ..place(service.name(), None) };
        row
    }

    fn logs_of(&mut self, service: CommunicationService<'_>) {
        let Some(sheet) = stores::find(LOGS) else { return };
        let settings = match service.diagnostic_settings().and_then(List::documents) {
            Ok(settings) => settings,
            Err(why) => {
                let why = unread("Diagnostic settings", &why);
                let row = self.of_service(service, sheet, Presence::Unknown, why);
                return self.put(row);
            }
        };
        let sinks: Vec<(&Document, &str)> =
            settings.into_iter().flat_map(|setting| sinks(setting).map(move |sink| (setting, sink))).collect();
        if sinks.is_empty() {
            let why = "No diagnostic setting of the resource writes logs.".to_owned();
            let (scope, name) = (service.id().to_owned(), service.name().to_owned());
            self.absent.push(Absent { sheet: Some(sheet), scope, name, why });
        }
        for (setting, sink) in sinks {
            let why = format!("Diagnostic setting {} of {} writes here.", last_segment(&setting.scope), service.name());
            let mut row = self.row(sheet, sink.to_owned(), Presence::Found, vec![why]);
            let workspace = service.workspace(sink).ok().map(|(workspace, _)| workspace);
            row.place = place(last_segment(sink), workspace.and_then(|own| own.string("/location").ok().flatten()));
            row.used_by.push(service.id().to_owned());
            self.put(row);
        }
    }

    fn events_of(&mut self, service: CommunicationService<'_>) {
        let Some(sheet) = stores::find(EVENTS) else { return };
        let topics = service.system_topics().and_then(List::documents);
        let direct = service.event_subscriptions().and_then(List::documents);
        let (topics, direct) = match topics.and_then(|topics| Ok((topics, direct?))) {
            Ok(lists) => lists,
            Err(why) if why.no_provider().is_some() => (Vec::new(), Vec::new()),
            Err(why) => {
                let row = self.of_service(service, sheet, Presence::Unknown, unread("Event Grid topics", &why));
                return self.put(row);
            }
        };
        // A topic that does not say whose events it carries may carry these.
        let own: Vec<&Document> =
            topics.into_iter().filter(|topic| service.is_source_of(topic).unwrap_or(true)).collect();
        if own.is_empty() && direct.is_empty() {
            let why = "No system topic and no event subscription is on the resource.".to_owned();
            let (scope, name) = (service.id().to_owned(), service.name().to_owned());
            return self.absent.push(Absent { sheet: Some(sheet), scope, name, why });
        }
        for topic in own {
            let why = format!("A system topic carries events of {}.", service.name());
            let mut row = self.row(sheet, topic.scope.clone(), Presence::Found, vec![why]);
            row.place = place(last_segment(&topic.scope), topic.string("/location").ok().flatten());
            row.used_by.push(service.id().to_owned());
            self.put(row);
        }
        for subscription in direct {
            let why = format!("Event subscription {} is on the resource itself.", last_segment(&subscription.scope));
            let row = self.of_service(service, sheet, Presence::Found, why);
            self.put(row);
        }
    }
}

fn sheets() -> impl Iterator<Item = &'static Sheet> {
    stores::sheets().filter(|own| own.family == Family::Communication)
}

/// Where a diagnostic setting writes to.
fn sinks(setting: &Document) -> impl Iterator<Item = &str> {
    SINKS.into_iter().filter_map(|(pointer, _)| setting.string(pointer).ok().flatten()).filter(|id| !id.is_empty())
}
