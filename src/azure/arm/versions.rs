//! Which api-version of each chain this cloud turned out to understand, so that a fallback is paid once per run.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::azure::operations::{Family, Row};
use crate::snapshot::Operation;

/// How far a refused api-version reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The api-version itself is unknown here: every operation of the family moves on.
    Family,
    /// The api-version is known but this resource type is not in it: only the operation moves on, so that an account is not
    /// read with an older version because one of its child types lags.
    Operation,
}

/// Positions in the chains; they only ever move towards older versions.
#[derive(Debug)]
pub(super) struct Versions {
    families: [AtomicUsize; Family::ALL.len()],
    operations: [AtomicUsize; Operation::ALL.len()],
}

impl Default for Versions {
    fn default() -> Self {
        Self { families: [const { AtomicUsize::new(0) }; _], operations: [const { AtomicUsize::new(0) }; _] }
    }
}

impl Versions {
    /// Position in the chain to ask with now.
    pub(super) fn position(&self, row: &Row) -> usize {
        let family = self.families[row.family as usize].load(Relaxed);
        family.max(self.operations[row.operation as usize].load(Relaxed))
    }

    /// Notes that the version at `position` was refused. False when no older one is left; the last one stays in use then,
    /// because a refusal may depend on the region of one resource.
    pub(super) fn move_on(&self, row: &Row, position: usize, refusal: Refusal) -> bool {
        let next = position + 1;
        if next >= row.family.versions().len() {
            return false;
        }
        let slot = match refusal {
            Refusal::Family => &self.families[row.family as usize],
            Refusal::Operation => &self.operations[row.operation as usize],
        };
        slot.fetch_max(next, Relaxed);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::operations::row;

    #[test]
    fn a_refusal_moves_the_family_or_only_the_operation() {
        let versions = Versions::default();
        let (accounts, projects) = (row(Operation::AccountsGet), row(Operation::ProjectsList));
        assert!(versions.move_on(projects, 0, Refusal::Operation));
        assert_eq!((versions.position(accounts), versions.position(projects)), (0, 1));
        assert!(versions.move_on(accounts, 0, Refusal::Family));
        assert!(versions.move_on(accounts, 0, Refusal::Family), "a late answer to the same version does not skip one");
        assert_eq!((versions.position(accounts), versions.position(projects)), (1, 1));
        assert_eq!(versions.position(row(Operation::SubscriptionsList)), 0);
        assert!(!versions.move_on(row(Operation::SubscriptionsList), 0, Refusal::Family), "a chain of one");
        assert!(!versions.move_on(row(Operation::ApplicationsList), 1, Refusal::Family));
    }
}
