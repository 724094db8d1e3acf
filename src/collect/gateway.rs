//! What is left out of the answers about API Management; what becomes of them is in [`crate::snapshot::reduce`], for plans too.

use super::redact::{NAMED, keeping};
use crate::snapshot::Operation;
use crate::snapshot::journal::Reduction;
pub(super) use crate::snapshot::reduce::{
    API_KEEPS, BACKEND_KEEPS, DIAGNOSTIC_KEEPS, POLICY_MARKS, api, backend, diagnostic, policy,
};

/// What is left out of the answers about a gateway, for the header of a journal.
pub(super) fn reductions() -> Vec<Reduction> {
    let with = |keeps: &[&'static str], own: &[&'static str]| [keeps, own].concat();
    vec![
        keeping(
            &[Operation::GatewaysList, Operation::GatewayCachesList],
            &NAMED,
            &[],
            "a gateway's own record is long, and caches show connection strings",
        ),
        keeping(
            &[Operation::GatewayBackendsList],
            &NAMED,
            &with(&BACKEND_KEEPS, &["url", "resourceId"]),
            "backends hold credentials; a URL is kept as its origin",
        ),
        keeping(
            &[Operation::GatewayApisList],
            &NAMED,
            &with(&API_KEEPS, &["serviceUrl"]),
            "the host behind an API is all that is judged; a URL is kept as its origin",
        ),
        keeping(
            &[Operation::GatewayDiagnosticsList, Operation::ApiDiagnosticsList],
            &NAMED,
            &DIAGNOSTIC_KEEPS,
            "what is logged where is all that is judged",
        ),
        keeping(
            &[Operation::GatewayPoliciesList, Operation::GatewayFragmentsList, Operation::ApiPoliciesList],
            &NAMED,
            &POLICY_MARKS,
            "the text of a policy may hold keys and prompts; in its place stands what it selects and stores",
        ),
    ]
}
