//! Azure Communication Services: a resource, the Event Grid topics and event subscriptions on it, and where its logs go.
//!
//! Read on request only (`--include communication`). A resource has one list that finds it; everything else is named by it.

use super::document::Document;
use super::id::last_segment;
use super::operation::Operation;
use super::read::{Read, Unavailable};
use super::references::is_reference;
use super::{List, Listing, Subscription};

const TYPE: &str = "Microsoft.Communication/communicationServices";
/// `topicType` of a system topic on such a resource; public templates write it in several casings.
const TOPIC_TYPE: &str = "Microsoft.Communication.CommunicationServices";

/// One resource, with what was read about it.
#[derive(Debug, Clone, Copy)]
pub struct CommunicationService<'a> {
    subscription: &'a Subscription,
    /// Its row of the list.
    pub document: &'a Document,
}

impl<'a> CommunicationService<'a> {
    /// A row of [`Subscription::communication_services`].
    ///
    /// # Errors
    /// When the row is not one of such a resource.
    pub fn new(subscription: &'a Subscription, document: &'a Document) -> Result<Self, Unavailable> {
        if is_reference(&document.scope, TYPE) {
            Ok(Self { subscription, document })
        } else {
            Err(document.unexpected("/id"))
        }
    }

    /// Its ARM id.
    pub fn id(&self) -> &'a str {
        &self.document.scope
    }

    /// Its own name; remote text.
    pub fn name(&self) -> &'a str {
        last_segment(self.id())
    }

    /// `dataLocation`: the geography in which it keeps data, in words.
    ///
    /// # Errors
    /// When it is not there: every api-version requires it.
    pub fn data_location(&self) -> Result<&'a str, Unavailable> {
        const POINTER: &str = "/properties/dataLocation";
        self.document.string(POINTER)?.ok_or_else(|| self.document.unexpected(POINTER))
    }

    /// Its diagnostic settings.
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn diagnostic_settings(&self) -> Result<&'a List, Unavailable> {
        self.subscription.list_below(Operation::CommunicationDiagnosticsList, self.id())
    }

    /// Event subscriptions made on the resource itself.
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn event_subscriptions(&self) -> Result<&'a List, Unavailable> {
        self.subscription.list_below(Operation::CommunicationEventsList, self.id())
    }

    /// All system topics of its subscription.
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn system_topics(&self) -> Result<&'a List, Unavailable> {
        let scope = format!("/subscriptions/{}", self.subscription.id);
        self.subscription.list_below(Operation::SystemTopicsList, &scope)
    }

    /// Event subscriptions of a system topic.
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn subscriptions_of(&self, topic: &Document) -> Result<&'a List, Unavailable> {
        self.subscription.list_below(Operation::SystemTopicEventsList, &topic.scope)
    }

    /// Whether a system topic carries events of this resource.
    ///
    /// # Errors
    /// When the topic may, and does not say so.
    pub fn is_source_of(&self, topic: &Document) -> Result<bool, Unavailable> {
        const SOURCE: &str = "/properties/source";
        match topic.string(SOURCE)? {
            Some(source) => Ok(source.trim_end_matches('/').eq_ignore_ascii_case(self.id())),
            None if topic.string("/properties/topicType")?.is_none_or(|own| own.eq_ignore_ascii_case(TOPIC_TYPE)) => {
                Err(topic.unexpected(SOURCE))
            }
            None => Ok(false),
        }
    }

    /// A workspace its logs go to, with the tables there.
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn workspace(&self, id: &str) -> Result<(&'a Document, &'a List), Unavailable> {
        let workspace = self.subscription.document(Operation::WorkspacesGet, id)?;
        Ok((workspace, self.subscription.list_below(Operation::WorkspaceTablesList, id)?))
    }
}

/// The workspace that a diagnostic setting names.
fn workspace(setting: &Document) -> Option<&str> {
    setting.string("/properties/workspaceId").ok().flatten().filter(|id| !id.is_empty())
}

impl Subscription {
    /// Its Communication Services resources.
    ///
    /// # Errors
    /// Why they could not be read; `NotCollected` when this run did not ask for them.
    pub fn communication_services(&self) -> Result<&List, Unavailable> {
        self.list_below(Operation::CommunicationServicesList, &format!("/subscriptions/{}", self.id))
    }

    /// What is worth reading next: the resources, then what is on each of them, then what that leads to. Accounts that were named
    /// say nothing about the rest of their subscription.
    pub(super) fn communication_lists(&self) -> Vec<(Operation, String)> {
        if matches!(self.listing, Read::Known(Listing::Named)) {
            return Vec::new();
        }
        let scope = format!("/subscriptions/{}", self.id);
        let mut all = vec![(Operation::CommunicationServicesList, scope.clone())];
        let rows = self.communication_services().map_or(&[][..], |list| &list.rows);
        let services: Vec<CommunicationService<'_>> =
            rows.iter().filter_map(Read::get_ref).filter_map(|row| CommunicationService::new(self, row).ok()).collect();
        if !services.is_empty() {
            all.push((Operation::SystemTopicsList, scope));
        }
        for service in services {
            let own = [Operation::CommunicationDiagnosticsList, Operation::CommunicationEventsList];
            all.extend(own.map(|operation| (operation, service.id().to_owned())));
            let topics = service.system_topics().map_or(&[][..], |list| &list.rows).iter().filter_map(Read::get_ref);
            let own = topics.filter(|topic| service.is_source_of(topic) == Ok(true));
            all.extend(own.map(|topic| (Operation::SystemTopicEventsList, topic.scope.clone())));
            let settings = service.diagnostic_settings().map_or(&[][..], |list| &list.rows);
            for id in settings.iter().filter_map(Read::get_ref).filter_map(workspace) {
                let own = [Operation::WorkspacesGet, Operation::WorkspaceTablesList];
                all.extend(own.map(|operation| (operation, id.to_owned())));
            }
        }
        all
    }
}
