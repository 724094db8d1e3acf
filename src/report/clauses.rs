//! Reads the two kinds of words other formats want in parts: framework clauses and ARM ids.

/// Frameworks the rules name.
const FRAMEWORKS: [&str; 6] = ["ISO/IEC 27001:2022", "ISO/IEC 27018:2019", "NIST SP 800-53", "SOC 2", "GDPR", "HIPAA"];

/// `("GDPR", "Art. 28(2), 44")` of `GDPR Art. 28(2), 44`: the framework ends where its first clause starts.
pub(super) fn split(clause: &str) -> (&str, &str) {
    let known = FRAMEWORKS.into_iter().find_map(|name| Some((name, clause.strip_prefix(name)?)));
    let (name, rest) = known.or_else(|| clause.split_once(' ')).unwrap_or((clause, ""));
    (name, rest.trim_start())
}

/// The controls of the NIST SP 800-53 catalogue a clause names, as that catalogue's OSCAL form writes them: `ac-6` and `sa-9.5`
/// of `NIST SP 800-53 AC-6, SA-9(5)` (usnistgov/oscal-content, read 2026-11-22).
pub(super) fn nist_controls(clause: &str) -> Vec<String> {
    let (framework, controls) = split(clause);
    let own = if framework == "NIST SP 800-53" { controls } else { "" };
    let ids = own.split(", ").filter(|control| !control.is_empty());
    ids.map(|control| control.to_ascii_lowercase().replace('(', ".").replace(')', "")).collect()
}

/// `Microsoft.CognitiveServices/accounts/deployments` of the id of a deployment.
pub(super) fn resource_type(id: &str) -> String {
    let lower = id.to_ascii_lowercase();
    let Some((_, own)) = lower.rfind("/providers/").map(|at| id.split_at(at + "/providers/".len())) else {
        return "Microsoft.Resources/subscriptions".to_owned();
    };
    let mut segments = own.split('/');
    let provider = segments.next().unwrap_or_default();
    let types: Vec<&str> = segments.step_by(2).collect();
    format!("{provider}/{}", types.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_told_from_their_framework() {
        assert_eq!(split("GDPR Art. 28(2), 44"), ("GDPR", "Art. 28(2), 44"));
        assert_eq!(split("NIST SP 800-53 SA-9(5)"), ("NIST SP 800-53", "SA-9(5)"));
        assert_eq!(split("SOC 2 CC6.7"), ("SOC 2", "CC6.7"));
        assert_eq!(nist_controls("NIST SP 800-53 AC-6, SA-9(5)"), ["ac-6", "sa-9.5"]);
        assert!(nist_controls("GDPR Art. 5, 6").is_empty());
    }

    #[test]
    fn every_clause_of_a_rule_is_of_a_known_framework() {
        for clause in crate::rules::RULES.iter().flat_map(|rule| rule.frameworks) {
            let (framework, rest) = split(clause);
            assert!(FRAMEWORKS.contains(&framework) && !rest.is_empty(), "{clause}");
        }
    }

    #[test]
    fn types_come_from_ids() {
        let account = "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a";
        assert_eq!(resource_type(account), "Microsoft.CognitiveServices/accounts");
        let deployment = format!("{account}/deployments/d");
        assert_eq!(resource_type(&deployment), "Microsoft.CognitiveServices/accounts/deployments");
        assert_eq!(resource_type("/subscriptions/s"), "Microsoft.Resources/subscriptions");
    }
}
