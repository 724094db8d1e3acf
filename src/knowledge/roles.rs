//! Built-in roles that read content of an account, or list the keys that do.

use super::Source;

/// Source of the roles.
pub const SOURCE: Source = Source {
    title: "Azure built-in roles",
    url: "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles",
    date: "2024-04-25",
};

// The ids were found with these names in public templates on 2026-11-22, Owner and Contributor in every Azure reference.
const READ_CONTENT: [&str; 8] = [
    // Owner
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    // Contributor
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    // Cognitive Services Contributor
    "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68",
    // Cognitive Services User
    "a97b65f3-24c7-4388-baec-2e87135dc908",
    // Cognitive Services OpenAI Contributor
    "a001fd3d-188f-4b5d-821b-7da978bf7442",
    // Cognitive Services OpenAI User
    "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
    // Azure AI Developer
    "64702f94-c441-49e6-a78b-ef80e0188fee",
    // Foundry User, before: Azure AI User
    "53ca6127-db72-4b80-b1b0-d745d6d5456d",
];

/// Whether the role with this GUID is one of them.
pub fn reads_content(role: &str) -> bool {
    READ_CONTENT.iter().any(|known| known.eq_ignore_ascii_case(role))
}
