//! What agents and features keep in resources of the customer.

use super::{Family, Keeper, Keeping, Personal, Sheet, you};

/// The sheets of this family.
#[rustfmt::skip]
pub(super) const ALL: &[Sheet] = &[
    Sheet {
        id: "own-database", family: Family::Own, title: "Azure Cosmos DB",
        holds: "threads, messages and definitions of agents, in the database enterprise_memory; or what a connection leads to",
        keeper: Keeper::Customer, personal: Personal::LikeContent, keeping: Keeping::Clock("own-agent-threads"), counted: &[],
        unseen: "This program reads settings of the resource and no items in it.",
        steps: [
            you("Query the containers thread-message-store, system-thread-message-store and agent-entity-store of the database enterprise_memory for the person (portal: the account, Data Explorer): `SELECT * FROM c WHERE CONTAINS(ToString(c), \"PERSON\")`."),
            you("The same queries return the items."),
            you("Replace the item in Data Explorer or through the SDK."),
            you("Set a time to live: `az cosmosdb sql container update --account-name {name} --resource-group {group} --subscription {subscription} --database-name enterprise_memory --name CONTAINER --ttl 2592000`, or disconnect the store from the project."),
            you("Delete the items in Data Explorer or through the SDK; a time to live does it for all."),
            you("Keep the JSON of the items, or copy them with a data factory."),
        ],
        cannot: "Backups of the account keep deleted items until the backup policy of the account ends.",
        statements: &["cosmos-containers", "cosmos-ttl", "agent-stores-where-connected"],
    },
    Sheet {
        id: "own-storage", family: Family::Own, title: "Azure Storage",
        holds: "files of agents, batches or other services, as blobs",
        keeper: Keeper::Customer, personal: Personal::LikeContent, keeping: Keeping::Said("until deleted, unless a lifecycle rule deletes sooner"), counted: &[],
        unseen: "This program reads settings of the resource and no blobs in it.",
        steps: [
            you("List the containers of the agents (names end in -azureml-blobstore and -agents-blobstore): `az storage blob list --account-name {name} --container-name CONTAINER --auth-mode login`."),
            you("`az storage blob download --account-name {name} --container-name CONTAINER --name BLOB --file FILE --auth-mode login`."),
            you("Upload the corrected file under the same name."),
            you("Set a lifecycle rule that deletes, or disconnect the store."),
            you("`az storage blob delete --account-name {name} --container-name CONTAINER --name BLOB --auth-mode login`, and its versions, snapshots and soft-deleted copies."),
            you("`az storage blob download-batch --account-name {name} --source CONTAINER --destination FOLDER --auth-mode login`."),
        ],
        cannot: "Soft delete, versions, snapshots and immutability policies of the account keep copies for as long as they are set.",
        statements: &["blob-lifecycle", "storage-copies", "own-storage", "agent-stores-where-connected"],
    },
    Sheet {
        id: "own-search", family: Family::Own, title: "Azure AI Search",
        holds: "chunks of documents with their vectors, in indexes of agents or of applications",
        keeper: Keeper::Customer, personal: Personal::LikeContent, keeping: Keeping::Said("until deleted: an index has no time to live"), counted: &[],
        unseen: "This program reads settings of the resource and no documents in it.",
        steps: [
            you("`POST https://{name}.search.windows.net/indexes/INDEX/docs/search?api-version=2024-07-01` for the person in each index."),
            you("The same call returns the documents."),
            you("Correct the source and index it again, or merge the corrected document into the index."),
            you("Take the source out of the indexer, or disconnect the index."),
            you("`POST https://{name}.search.windows.net/indexes/INDEX/docs/index?api-version=2024-07-01` with the action delete, and delete the source."),
            you("Export the source documents; the index is a copy."),
        ],
        cannot: "Deleting the source does not always delete the copy in the index: an indexer needs deletion detection for that.",
        statements: &["on-your-data-no-copy", "agent-stores-where-connected"],
    },
    Sheet {
        id: "own-store", family: Family::Own, title: "Another store behind a connection",
        holds: "what the connected resource holds",
        keeper: Keeper::Customer, personal: Personal::LikeContent, keeping: Keeping::Said("as the resource is set"), counted: &[],
        unseen: "A connection leads to it; nothing of it is read.",
        steps: [
            you("With the tools of the resource."), you("With the tools of the resource."), you("With the tools of the resource."),
            you("Delete the connection: agents and flows no longer reach it."), you("With the tools of the resource."), you("With the tools of the resource."),
        ],
        cannot: "This program does not know the resource; its owner has to say what it holds.",
        statements: &["connections-lead-out"],
    },
    Sheet {
        id: "risk-monitor", family: Family::Own, title: "Risk and safety monitoring (Azure Data Explorer)",
        holds: "statistics of harmful requests by user id, without prompts",
        keeper: Keeper::Customer, personal: Personal::Identifiers, keeping: Keeping::Said("as the retention policy of the database says"), counted: &[],
        unseen: "The account names a database; no rows of it are read.",
        steps: [
            you("Query the database for the value your callers send as user."), you("The same query returns the rows."),
            you("Ingest corrected rows and purge the old ones."), you("Remove raiMonitorConfig from the account, or send no user."),
            you("`.purge` in the database, with the user as predicate."), you("`.export` in the database."),
        ],
        cannot: "",
        statements: &["user-analysis"],
    },
];
