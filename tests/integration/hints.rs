//! Next steps: each is true, in that a run that follows it shows what the hint promised.

use serde_json::Value;

use crate::common::zdr_check;

const BOUNDARY: &str = "deployment-leaves-boundary";

fn demo(arguments: &[&str], exit: i32) -> Value {
    zdr_check(["scan", "--demo", "--no-config", "--format", "json", "--show-pass"])
        .args(arguments)
        .exits(exit)
        .run()
        .json()
}

fn hints<'a>(report: &'a Value, kind: &str) -> Vec<&'a str> {
    let all = report["hints"].as_array().unwrap().iter().filter(|hint| hint["kind"] == kind);
    all.map(|hint| hint["message"].as_str().unwrap()).collect()
}

/// Deployments of one account that pass the boundary rule.
fn passes(report: &Value, account: &str) -> usize {
    let own = |result: &&Value| {
        result["rule"] == BOUNDARY
            && result["outcome"] == "pass"
            && result["account_id"].as_str().unwrap().ends_with(&format!("/{account}"))
    };
    report["results"].as_array().unwrap().iter().filter(own).count()
}

#[test]
fn a_policy_line_satisfies_as_many_results_as_its_hint_says() {
    let before = demo(&[], 1);
    let hint = hints(&before, "policy").into_iter().find(|text| text.starts_with("pin = \"datazone:eu\"")).unwrap();
    let after = demo(&["--pin", "datazone:eu"], 1);
    // The hint leaves out accounts on which anything would get worse: those outside the zone.
    let turned: usize = ["tuning-norway", "claims-germany", "chat-france", "router-sweden", "agents-sweden"]
        .iter()
        .map(|account| passes(&after, account) - passes(&before, account))
        .sum();
    assert!(turned > 0);
    assert!(hint.contains(&format!("would satisfy {turned} of ")) && hint.contains(BOUNDARY), "{turned}: {hint}");
}

#[test]
fn no_line_is_offered_for_what_policy_does_not_ask() {
    let report = demo(&["--pin", "any"], 1);
    assert!(hints(&report, "policy").is_empty(), "{:?}", hints(&report, "policy"));
}

#[test]
fn a_location_that_policy_forgot_is_offered() {
    let report = demo(&["--allow-location", "sweden,norway,germany,poland,zone:us,westeurope"], 1);
    let offered = hints(&report, "policy");
    assert!(
        offered.iter().any(|text| text.contains("\"francecentral\"") && text.contains("outside-allowed-locations")),
        "{offered:?}"
    );
}

#[test]
fn a_missing_right_comes_with_the_assignment_that_grants_it() {
    let report = demo(&[], 1);
    let first = &report["hints"][0];
    assert_eq!(first["kind"], "access");
    let fix = first["fix"].as_str().unwrap();
    assert!(
        fix.contains("az role assignment create")
            && fix.contains("/subscriptions/33333333-3333-4333-8333-333333333333")
    );
}
