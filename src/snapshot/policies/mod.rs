//! Azure Policy as the facts show it: what is assigned where, with which parameters, and what is exempt.
//!
//! Read only when it is asked for. What an assignment means for a resource is worked out here as far as it is documented; what is
//! left open has a reason, and nothing is concluded from it.

mod assignment;
mod exemption;
pub mod rule;
mod spelling;

pub use assignment::{Applied, Assignment, Cover, Enforcement};
pub use exemption::Exemption;
pub use spelling::nearest;

use super::document::Document;
use super::operation::Operation;
use super::read::{Read, Unavailable};
use super::{List, Subscription};

/// The calls that read policies; made on request only.
pub const POLICY_READS: [Operation; 4] = [
    Operation::PolicyAssignmentsList,
    Operation::PolicyExemptionsList,
    Operation::PolicyDefinitionsGet,
    Operation::PolicySetDefinitionsGet,
];

const DEFINITION: &str = "/providers/microsoft.authorization/policydefinitions/";
const SET: &str = "/providers/microsoft.authorization/policysetdefinitions/";

/// The call that reads a definition or an initiative, by its id.
pub fn policy_operation(id: &str) -> Option<Operation> {
    let id = id.to_ascii_lowercase();
    let named = |kind: &str| id.split_once(kind).is_some_and(|(_, name)| !name.is_empty() && !name.contains('/'));
    if named(DEFINITION) {
        Some(Operation::PolicyDefinitionsGet)
    } else if named(SET) {
        Some(Operation::PolicySetDefinitionsGet)
    } else {
        None
    }
}

/// The scope of an extension resource of `Microsoft.Authorization`: what stands before its own type in its id.
fn scope_of<'a>(id: &'a str, kind: &str) -> &'a str {
    let at = id.to_ascii_lowercase().rfind(&format!("/providers/microsoft.authorization/{kind}/"));
    at.and_then(|at| id.get(..at)).unwrap_or(id)
}

/// Whether `id` is `scope` or below it. Both may be of any casing.
fn is_within(id: &str, scope: &str) -> bool {
    let (id, scope) = (id.to_ascii_lowercase(), scope.trim_end_matches('/').to_ascii_lowercase());
    id == scope || id.strip_prefix(&scope).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a scope is a management group.
fn is_group(scope: &str) -> bool {
    scope.to_ascii_lowercase().starts_with("/providers/microsoft.management/managementgroups/")
}

/// Members of an initiative, each with the id of its definition.
fn members(set: &Document) -> impl Iterator<Item = (usize, &str)> {
    let all = set.value("/properties/policyDefinitions").and_then(serde_json::Value::as_array);
    let all = all.into_iter().flatten().enumerate();
    all.filter_map(|(at, member)| Some((at, member.get("policyDefinitionId")?.as_str()?)))
}

impl Subscription {
    /// Every assignment that applies to the subscription or to something in it.
    ///
    /// # Errors
    /// Why the list, or one row of it, could not be read.
    pub fn policy_assignments(&self) -> Result<Vec<Assignment<'_>>, Unavailable> {
        Ok(self.list(Operation::PolicyAssignmentsList)?.documents()?.into_iter().map(Assignment).collect())
    }

    /// Every exemption of the subscription and of what is in it.
    ///
    /// # Errors
    /// Why the list, or one row of it, could not be read.
    pub fn policy_exemptions(&self) -> Result<Vec<Exemption<'_>>, Unavailable> {
        Ok(self.list(Operation::PolicyExemptionsList)?.documents()?.into_iter().map(Exemption).collect())
    }

    /// Definitions and initiatives that assignments, and initiatives read so far, name.
    pub(super) fn policy_references(&self) -> Vec<(Operation, String)> {
        let list: Option<&List> = self.lists.get(&Operation::PolicyAssignmentsList).and_then(Read::get_ref);
        let rows = list.map_or(&[][..], |list| &list.rows).iter().filter_map(Read::get_ref);
        let assigned = rows.filter_map(|row| Assignment(row).definition().ok());
        let sets = self.documents.values().filter_map(Read::get_ref);
        let sets = sets.filter(|own| own.evidence.operation == Operation::PolicySetDefinitionsGet);
        let named = assigned.chain(sets.flat_map(members).map(|(_, id)| id));
        named.filter_map(|id| Some((policy_operation(id)?, id.to_owned()))).collect()
    }

    /// Management groups that are known to be above the subscription, in lower case: their assignments are listed for it.
    fn known_groups(&self) -> Result<Vec<String>, Unavailable> {
        let assignments = self.policy_assignments()?;
        let scopes = assignments.iter().map(Assignment::scope).filter(|scope| is_group(scope));
        Ok(scopes.map(str::to_ascii_lowercase).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_to_calls() {
        let group = "/providers/Microsoft.Management/managementGroups/g";
        for (id, wanted) in [
            (
                "/providers/Microsoft.Authorization/policyDefinitions/x".to_owned(),
                Some(Operation::PolicyDefinitionsGet),
            ),
            (
                format!("{group}/providers/microsoft.authorization/policySetDefinitions/x"),
                Some(Operation::PolicySetDefinitionsGet),
            ),
            ("/subscriptions/s/providers/Microsoft.Authorization/policyDefinitions/x/versions/1".to_owned(), None),
            ("/subscriptions/s".to_owned(), None),
        ] {
            assert_eq!(policy_operation(&id), wanted, "{id}");
        }
    }

    #[test]
    fn a_scope_holds_itself_and_what_is_below() {
        let account = "/subscriptions/S/resourceGroups/rg/providers/P/accounts/a";
        assert!(is_within(account, "/SUBSCRIPTIONS/s/") && is_within(account, account));
        assert!(is_within(account, "/subscriptions/s/resourcegroups/RG"));
        assert!(!is_within(account, "/subscriptions/s/resourceGroups/r") && !is_within(account, "/subscriptions/s2"));
        let id = "/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/x";
        assert_eq!(scope_of(id, "policyassignments"), "/subscriptions/s");
    }
}
