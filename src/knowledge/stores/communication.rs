//! What Azure Communication Services and their events keep.

use super::{Family, Keeper, Keeping, Personal, Sheet, WRITE_ANEW, nobody, you};

/// The sheets of this family.
#[rustfmt::skip]
pub(super) const ALL: &[Sheet] = &[
    Sheet {
        id: "acs-identities", family: Family::Communication, title: "Identities",
        holds: "ids that stand for people in calls and chats; the person behind an id is known to your application",
        keeper: Keeper::Microsoft, personal: Personal::Identifiers, keeping: Keeping::Said("until deleted"), counted: &[],
        unseen: "Identities are not in Azure Resource Manager.",
        steps: [
            you("Look up in your application which identities belong to the person: all of them count."), you("In your application."), you("In your application."),
            you("Revoke the access tokens of the identity."),
            you("Delete the identity (Delete Identity): that revokes its tokens and deletes its chat messages."), you("From your application."),
        ],
        cannot: "",
        statements: &["acs-identities"],
    },
    Sheet {
        id: "acs-chat", family: Family::Communication, title: "Chat",
        holds: "messages and members of chat threads",
        keeper: Keeper::Microsoft, personal: Personal::LikeContent,
        keeping: Keeping::Said("for ever, or 30 to 90 days, as the policy of the thread says (a preview); threads from before the policy stay as they were"), counted: &[],
        unseen: "Chat threads are not in Azure Resource Manager.",
        steps: [
            you("List the chat threads of each identity of the person (List Chat Threads)."), you("List Messages of each thread."), you("Update Message, by the identity that sent it."),
            you("Give threads a retention policy of 30 to 90 days, or remove the identity from them."),
            you("Delete Chat Message, Delete Chat Thread, or delete the identity."), you("Keep the JSON of List Messages."),
        ],
        cannot: "A deleted thread cannot be read any more, nor can messages that were deleted by mistake be brought back. Chat in Teams meetings is kept by Teams.",
        statements: &["acs-chat-retention", "acs-residency"],
    },
    Sheet {
        id: "acs-numbers", family: Family::Communication, title: "Phone numbers",
        holds: "phone numbers of the resource",
        keeper: Keeper::Microsoft, personal: Personal::Identifiers, keeping: Keeping::Said("until released"), counted: &[],
        unseen: "Phone numbers are not in Azure Resource Manager.",
        steps: [
            you("Get All Phone Numbers."), you("The same call."), nobody("A number is not corrected but released."),
            you("Stop using the number."), you("Release Phone Number."), you("Keep the JSON of the list."),
        ],
        cannot: "A number cannot be corrected, only released.",
        statements: &["acs-numbers"],
    },
    Sheet {
        id: "acs-recordings", family: Family::Communication, title: "Call recordings",
        holds: "recordings of calls",
        keeper: Keeper::Microsoft, personal: Personal::ByDesign, keeping: Keeping::Said("24 hours; then only where you put them"), counted: &[],
        unseen: "Recordings are not in Azure Resource Manager.",
        steps: [
            you("Look up recordings of the person's calls in your application, and in the storage you copied them to."), you("Download within 24 hours, or from your storage."),
            nobody("A recording is not corrected."), you("Do not record."), you("Delete Recording, and your copy."), you("Hand over your copy."),
        ],
        cannot: "After 24 hours only your own copy is left.",
        statements: &["acs-recordings"],
    },
    Sheet {
        id: "acs-email", family: Family::Communication, title: "E-mail",
        holds: "sender names, and addresses that bounced; messages for as long as they are sent",
        keeper: Keeper::Microsoft, personal: Personal::Identifiers, keeping: Keeping::Said("sender names until deleted; bounced addresses for a time Microsoft does not give"), counted: &[],
        unseen: "E-mail settings were not read; messages are not kept.",
        steps: [
            you("Sender usernames of the domain; delivery is in Azure Monitor logs."), you("The same."), you("Change the sender username."),
            you("Stop sending to the address."), you("Delete the sender username; suppression lists are managed by call."), you("Keep the JSON of the lists."),
        ],
        cannot: "Addresses that Microsoft holds after hard bounces cannot be seen or deleted by the customer.",
        statements: &["acs-email"],
    },
    Sheet {
        id: "acs-logs", family: Family::Communication, title: "Logs of Communication Services",
        holds: "identities, phone numbers and addresses as fields of logs",
        keeper: Keeper::Customer, personal: Personal::Identifiers, keeping: Keeping::Clock("communication-logs"), counted: &[],
        unseen: "A diagnostic setting writes here; the rows are not read.",
        steps: [
            you("Query the tables ACS* of the workspace for the identities and numbers of the person."), you("The same query returns the rows."),
            nobody("Rows of a log cannot be changed: delete them."), you("Log less, or shorten the retention of the workspace."),
            you("`az rest --method post --url {arg:/purge?api-version=2025-02-01}` with the table and a filter."), you("Run the query and keep its result."),
        ],
        cannot: "Purging is meant for the GDPR alone, 50 requests an hour, and takes up to 30 days.",
        statements: &["acs-logs", "logs-purge", "logs-purge-limit"],
    },
    Sheet {
        id: "acs-events", family: Family::Communication, title: "Events (Event Grid system topic)",
        holds: "events of chats, calls and messages on their way to their receivers",
        keeper: Keeper::Customer, personal: Personal::LikeContent, keeping: Keeping::Clock("communication-events"), counted: &[],
        unseen: "A system topic is there; events are not read.",
        steps: [
            you("At the destinations of the event subscriptions."), you("At the destinations."), WRITE_ANEW,
            you("Delete the event subscriptions, or filter their events."), you("At the destinations, and where undelivered events are put."), you("At the destinations."),
        ],
        cannot: "Topics on Communication Services are global: events may be stored in any of Microsoft's data centers, whatever the geography of the resource.",
        statements: &["acs-events-global"],
    },
];
