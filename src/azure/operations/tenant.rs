//! Calls that find what is in scope: tenants, management groups, and the resource index as a second source.
//!
//! Made when a flag asks for them. The line above each row says where its path is known from. None was tried against Azure.

use super::{Family, Parent, Row, list};
use crate::snapshot::Operation;

// Documented: the subscriptions API. Everybody may list the tenants they can sign in to; the action names the call only.
pub(super) const TENANTS_LIST: Row = Row {
    family: Family::Subscriptions,
    ..list(
        Operation::TenantsList,
        Parent::Tenant,
        "/tenants",
        "Microsoft.Resources/tenants/read",
        "Find the tenants the caller can sign in to (--all-tenants).",
    )
};

// Documented: the management groups API.
pub(super) const MANAGEMENT_GROUPS_LIST: Row = Row {
    family: Family::Management,
    ..list(
        Operation::ManagementGroupsList,
        Parent::Tenant,
        "/providers/Microsoft.Management/managementGroups",
        "Microsoft.Management/managementGroups/read",
        "Suggest a management group when the one asked for is not there.",
    )
};

// Documented: the management groups API. Azure grants the action at a management group only.
pub(super) const DESCENDANTS_LIST: Row = Row {
    family: Family::Management,
    ..list(
        Operation::DescendantsList,
        Parent::ManagementGroup,
        "/descendants",
        "Microsoft.Management/managementGroups/descendants/read",
        "Find the subscriptions below a management group, at any depth (--management-group).",
    )
};

// Documented: the resources API. It answers from Azure Resource Manager's own index, not from the provider. That Azure Resource
// Graph is fed from the same changes is documented; that the two agree is inferred. Resource Graph itself takes a POST only,
// which this client cannot express.
pub(super) const INDEXED_ACCOUNTS_LIST: Row = Row {
    family: Family::Resources,
    query: &[("$filter", "resourceType eq 'Microsoft.CognitiveServices/accounts'")],
    ..list(
        Operation::IndexedAccountsList,
        Parent::Subscription,
        "/resources",
        "Microsoft.Resources/subscriptions/resources/read",
        "Compare the accounts of a subscription with the resource index (--cross-check).",
    )
};
