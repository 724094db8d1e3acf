//! Statements on data subject requests: the law's time limits, Microsoft's guide, and the calls that find and delete.

use super::{READ, Standing, Statement, page};
use crate::knowledge::Source;

const GUIDE: Source = page(
    "Azure data subject requests for the GDPR and CCPA",
    "https://learn.microsoft.com/compliance/regulatory/gdpr-dsr-azure",
    READ,
);
const ACS: Source = crate::knowledge::communication::SOURCE;
const V1: Source = page(
    "Azure OpenAI v1, generated specification",
    "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/specification/ai/data-plane/OpenAI.v1/azure-v1-preview-generated.yaml",
    READ,
);

const fn of(id: &'static str, claim: &'static str, source: Source, passage: &'static str) -> Statement {
    Statement { id, claim, source, passage, standing: Standing::Documentation, rules: &[], contradicts: &[] }
}

const fn law(id: &'static str, claim: &'static str, source: Source, passage: &'static str) -> Statement {
    Statement { id, claim, source, passage, standing: Standing::Law, rules: &[], contradicts: &[] }
}

const fn call(id: &'static str, claim: &'static str, source: Source, passage: &'static str) -> Statement {
    Statement { id, claim, source, passage, standing: Standing::Specification, rules: &[], contradicts: &[] }
}

/// A page of the reference of Foundry.
const fn reference(title: &'static str, url: &'static str) -> Source {
    page(title, url, READ)
}

/// The statements of this part.
#[rustfmt::skip]
pub(super) const ALL: &[Statement] = &[
    law(
        "gdpr-one-month", "A controller answers a data subject within one month of receipt; two further months are possible.",
        page("Regulation (EU) 2016/679, Article 12(3)", "https://eur-lex.europa.eu/eli/reg/2016/679/oj", "2016-04-27"),
        "within one month of receipt of the request",
    ),
    law(
        "ccpa-forty-five-days", "A business answers a consumer within 45 days of receipt; one extension by 45 days is possible.",
        page("California Civil Code 1798.130", "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=CIV&sectionNum=1798.130", READ),
        "within 45 days of receiving a verifiable consumer request",
    ),
    of("dsr-tenant-scope", "A data subject request is carried out within one tenant and reaches no other.", GUIDE,
        "within the context of the specific tenant the request was received within"),
    of("dsr-in-addition", "Requests within a service come in addition to the request in the Azure portal.", GUIDE,
        "in order to complete a full request for a given data subject"),
    of("dsr-logs-not-rectified", "System-generated logs can be neither restricted nor rectified.", GUIDE,
        "The ability to restrict or rectify system-generated logs is not supported"),
    of("dsr-export-month", "The export that Microsoft makes through User privacy can take up to one month.", GUIDE,
        "the export process might take up to one month to complete"),
    of("dsr-soft-delete", "A deleted user is disabled for 30 days, then deleted; account and logs are expunged within 30 more days.", GUIDE,
        "the account is disabled for 30 days"),
    of("logs-purge", "Rows of Azure Monitor logs that hold personal data are exported by query and deleted by a purge call.",
        page("Managing personal data in Azure Monitor Logs", "https://learn.microsoft.com/azure/azure-monitor/logs/personal-data-mgmt", READ),
        "export and delete any personal data associated with a user"),
    of("logs-purge-limit", "Purge requests are limited to 50 an hour.",
        page("Workspace purge", "https://learn.microsoft.com/rest/api/loganalytics/workspace-purge/purge", READ),
        "50 requests per hour"),
    of("purview-no-extract", "Purview has no API that extracts the prompts and answers it collected.",
        page("Use the Purview APIs", "https://learn.microsoft.com/purview/developer/use-the-api", READ),
        "no APIs available to extract data"),
    Statement {
        id: "responses-can-be-listed",
        claim: "The reference of Foundry projects has a call that lists stored responses; that of Azure OpenAI has none.",
        source: reference("List responses", "https://learn.microsoft.com/azure/foundry/reference/rest/list-responses"),
        passage: "Returns a collection of all stored responses matching specified filter criteria",
        standing: Standing::Specification,
        rules: &[],
        contradicts: &["responses-have-no-list"],
    },
    Statement {
        id: "responses-have-no-list",
        claim: "The specification of Azure OpenAI v1 creates, reads, cancels and deletes responses, and lists none.",
        source: V1,
        passage: "/responses/{response_id}",
        standing: Standing::Specification,
        rules: &[],
        contradicts: &[],
    },
    call("data-plane-calls", "Azure OpenAI v1 has calls that list, read and delete files, batches, vector stores, evaluations and videos.", V1,
        "/files/{file_id}/content"),
    call("models-can-be-deleted", "A fine-tuned model can be deleted by a call.",
        reference("Delete a model", "https://learn.microsoft.com/azure/foundry/reference/rest/open-ai-models-delete-model"),
        "Deletes a model by its identifier"),
    call("sessions-can-be-deleted", "A session of a hosted agent can be deleted by a call.",
        reference("Delete a session", "https://learn.microsoft.com/azure/foundry/reference/rest/agents-delete-session"),
        "Deletes a session synchronously"),
    call("memories-by-scope", "All memories of one scope, such as a user, can be deleted by one call.",
        reference("Delete memories by scope", "https://learn.microsoft.com/azure/foundry/reference/rest/delete-scope-memories"),
        "that are associated with the provided scope"),
    call("memories-can-be-changed", "A single memory can be changed by a call.",
        reference("Update a memory item", "https://learn.microsoft.com/azure/foundry/reference/rest/update-memory"),
        "Updates the specified memory item in the memory store"),
    of("acs-residency", "Chat messages and resource data of Communication Services rest in the geography chosen for the resource.", ACS,
        "at rest are retained in that geography"),
    of("acs-identities", "Removing an identity of Communication Services revokes its tokens and deletes its chat messages.", ACS,
        "it revokes all associated access tokens and deletes their chat messages"),
    of("acs-chat-retention", "Chat threads are kept for ever, or 30 to 90 days by a policy that is in preview.", ACS,
        "indefinite thread retention, automatic deletion between 30 and 90 days"),
    of("acs-numbers", "Phone numbers of Communication Services are listed and released by calls.", ACS, "Release Phone Number"),
    of("acs-recordings", "Call recordings are kept for 24 hours in the geography of the resource.", ACS,
        "for 24 hours. After this the recording is deleted"),
    of("acs-email", "Sender usernames stay until deleted; addresses that hard-bounced are kept for a time.", ACS,
        "are stored in the resource's Data Location until explicitly deleted"),
    of("acs-logs", "Logs of Communication Services can hold identities and phone numbers.", ACS,
        "include Communication Service identities and phone numbers as field data"),
    of("acs-events-global", "Event Grid system topics on Communication Services are global and may store events in any data center.", ACS,
        "may store the event data in any Microsoft data center"),
];
