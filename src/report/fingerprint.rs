//! What code scanning recognises a result by: a fingerprint and a file.

use sha2::{Digest, Sha256};

use crate::assessment::{Assessment, RuleResult};
use crate::snapshot::hex;

/// Policy file that results point to when the run had none: where a waiver for them would stand.
const POLICY_FILE: &str = "zdr-check.toml";

/// The same in every run for one rule on one resource, whatever the time, the order and the casing of the id: SHA-256 in hex.
pub(super) fn of(result: &RuleResult) -> String {
    let identity = format!("{}\n{}", result.rule, result.resource_id.to_lowercase());
    hex(&Sha256::digest(identity))
}

/// The file results point to. An Azure resource is in no file, yet code scanning insists on one.
pub(super) fn file(assessment: &Assessment) -> &str {
    assessment.run.policy.file.as_ref().map_or(POLICY_FILE, |file| file.path.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Axis, Outcome, Severity};

    #[test]
    fn a_fingerprint_depends_on_rule_and_resource_alone() {
        let result = |rule, id: &str, message: &str| RuleResult {
            rule,
            axis: Axis::Pinned,
            severity: Severity::High,
            outcome: Outcome::Fail,
            account_id: String::new(),
            resource_id: id.to_owned(),
            message: message.to_owned(),
            cause: None,
            evidence: Vec::new(),
            remediation: None,
            overlay: None,
            location: None,
        };
        let own = of(&result("a", "/x/Y", "1"));
        assert_eq!(own, of(&result("a", "/X/y", "2")));
        assert_ne!(own, of(&result("b", "/x/y", "1")));
        assert_ne!(own, of(&result("a", "/x/z", "1")));
        assert_eq!(own.len(), 64);
    }
}
