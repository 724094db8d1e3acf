//! Calls to API Management, for gateways that stand in front of an account.
//!
//! Paths and shapes are those of the published examples of 2024-05-01 and 2025-09-01-preview (read 2026-11-22); none was tried
//! against Azure. Policies are read through their lists, which answer to `…/policies/read` and hence to Reader; what can be secret
//! in an answer is dropped on arrival (`collect::redact`). Loggers are not asked for: a diagnostic names its own.

use super::{Family, Paging, Parent, Row};
use crate::snapshot::Operation;

const fn list(
    operation: Operation,
    parent: Parent,
    (suffix, action, purpose): (&'static str, &'static str, &'static str),
) -> Row {
    let (family, paging) = (Family::ApiManagement, Paging::List);
    Row { operation, parent, suffix, query: &[], family, paging, action, purpose }
}

pub(super) const GATEWAYS_LIST: Row = list(
    Operation::GatewaysList,
    Parent::Subscription,
    (
        "/providers/Microsoft.ApiManagement/service",
        "Microsoft.ApiManagement/service/read",
        "Find gateways that may stand in front of an account.",
    ),
);

pub(super) const GATEWAY_BACKENDS_LIST: Row = list(
    Operation::GatewayBackendsList,
    Parent::Gateway,
    ("/backends", "Microsoft.ApiManagement/service/backends/read", "Find the gateways that lead to an account."),
);

pub(super) const GATEWAY_APIS_LIST: Row = list(
    Operation::GatewayApisList,
    Parent::Gateway,
    ("/apis", "Microsoft.ApiManagement/service/apis/read", "Find the APIs that lead to an account."),
);

pub(super) const GATEWAY_DIAGNOSTICS_LIST: Row = Row {
    family: Family::GatewayDiagnostics,
    ..list(
        Operation::GatewayDiagnosticsList,
        Parent::Gateway,
        ("/diagnostics", "Microsoft.ApiManagement/service/diagnostics/read", "Read whether a gateway logs content."),
    )
};

pub(super) const GATEWAY_POLICIES_LIST: Row = list(
    Operation::GatewayPoliciesList,
    Parent::Gateway,
    ("/policies", "Microsoft.ApiManagement/service/policies/read", "Read which backend and cache a gateway selects."),
);

pub(super) const GATEWAY_FRAGMENTS_LIST: Row = list(
    Operation::GatewayFragmentsList,
    Parent::Gateway,
    (
        "/policyFragments",
        "Microsoft.ApiManagement/service/policyFragments/read",
        "Read which backends and caches fragments of policies select.",
    ),
);

pub(super) const GATEWAY_CACHES_LIST: Row = list(
    Operation::GatewayCachesList,
    Parent::Gateway,
    (
        "/caches",
        "Microsoft.ApiManagement/service/caches/read",
        "Read whether a gateway could keep prompts in an external cache.",
    ),
);

pub(super) const API_DIAGNOSTICS_LIST: Row = Row {
    family: Family::GatewayDiagnostics,
    ..list(
        Operation::ApiDiagnosticsList,
        Parent::GatewayApi,
        (
            "/diagnostics",
            "Microsoft.ApiManagement/service/apis/diagnostics/read",
            "Read whether a gateway logs content of one API.",
        ),
    )
};

pub(super) const API_POLICIES_LIST: Row = list(
    Operation::ApiPoliciesList,
    Parent::GatewayApi,
    ("/policies", "Microsoft.ApiManagement/service/apis/policies/read", "Read which backend and cache an API selects."),
);
