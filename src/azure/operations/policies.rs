//! Calls that read the customer's Azure Policy; made with `--check-policies` only.
//!
//! The line above each row says where its path is known from. None of them was tried against Azure.

use super::{Family, Paging, Parent, Row};
use crate::snapshot::Operation;

// Documented: "If $filter is not provided, the unfiltered list includes all policy assignments associated with the subscription,
// including those that apply directly or from management groups that contain the given subscription, as well as any applied to
// objects contained within the subscription" (Policy Assignments - List, api-version 2025-03-01). So there is no filter.
pub(super) const ASSIGNMENTS_LIST: Row = Row {
    operation: Operation::PolicyAssignmentsList,
    parent: Parent::Subscription,
    suffix: "/providers/Microsoft.Authorization/policyAssignments",
    query: &[],
    family: Family::Policy,
    paging: Paging::List,
    action: "Microsoft.Authorization/policyAssignments/read",
    purpose: "Read which policies apply to a subscription and to what is in it.",
};

// Documented: the same is said of exemptions (Policy Exemptions - List, api-version 2022-07-01-preview).
pub(super) const EXEMPTIONS_LIST: Row = Row {
    operation: Operation::PolicyExemptionsList,
    suffix: "/providers/Microsoft.Authorization/policyExemptions",
    family: Family::PolicyExemptions,
    action: "Microsoft.Authorization/policyExemptions/read",
    purpose: "Read what is exempt from those policies, and until when.",
    ..ASSIGNMENTS_LIST
};

// Documented: Policy Definitions - Get, Get Built In, Get At Management Group. That Azure's own ones need the same action is inferred.
pub(super) const DEFINITIONS_GET: Row = Row {
    operation: Operation::PolicyDefinitionsGet,
    parent: Parent::PolicyDefinition,
    suffix: "",
    paging: Paging::Single,
    action: "Microsoft.Authorization/policyDefinitions/read",
    purpose: "Read what an assigned policy compares and does.",
    ..ASSIGNMENTS_LIST
};

// Documented: Policy Set Definitions - Get, Get Built In, Get At Management Group. The same is inferred.
pub(super) const SET_DEFINITIONS_GET: Row = Row {
    operation: Operation::PolicySetDefinitionsGet,
    parent: Parent::PolicySetDefinition,
    action: "Microsoft.Authorization/policySetDefinitions/read",
    purpose: "Read which policies an assigned initiative bundles.",
    ..DEFINITIONS_GET
};
