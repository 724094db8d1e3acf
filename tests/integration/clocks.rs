//! Retention clocks: each store that a rule found has one, and accepting a failure does not empty a store.

use std::collections::BTreeSet;

use serde_json::Value;
use zdr_check::knowledge::retention::CLOCKS;
use zdr_check::rules;

use crate::common::zdr_check;

fn demo(policy: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("zdr-check.toml"), policy).unwrap();
    zdr_check(["scan", "--demo", "--format", "json"]).within(folder.path()).exits(1).run().json()
}

fn found(report: &Value) -> BTreeSet<(String, String)> {
    let clocks = report["clocks"].as_array().unwrap().iter().filter(|clock| clock["state"] == "found");
    clocks.map(|clock| (clock["store"].as_str().unwrap().into(), clock["scope"].as_str().unwrap().into())).collect()
}

#[test]
fn a_clock_speaks_of_rules_that_exist() {
    for clock in CLOCKS {
        assert!(!clock.rules.is_empty());
        for rule in clock.rules {
            assert!(rules::find(rule).is_some(), "{}: {rule}", clock.store);
        }
    }
}

#[test]
fn every_store_that_was_found_has_a_clock_and_a_waiver_does_not_empty_it() {
    let report = demo("");
    let failing = |result: &&Value| result["outcome"] == "fail";
    let wanted: BTreeSet<(String, String)> = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(failing)
        .filter_map(|result| {
            let store = CLOCKS.iter().find(|clock| clock.rules.contains(&result["rule"].as_str().unwrap()))?.store;
            Some((store.to_owned(), result["resource_id"].as_str().unwrap().to_owned()))
        })
        .collect();
    assert_eq!(found(&report), wanted);
    let waived = demo(
        "[[waiver]]\nrule = \"video-model-deployed\"\nscope = \"**\"\nreason = \"r\"\nowner = \"o\"\nexpires = \"2999-01-01\"\n",
    );
    assert!(waived["results"].as_array().unwrap().iter().any(|result| result["outcome"] == "waived"));
    assert_eq!(found(&waived), wanted);
}

#[test]
fn a_deleted_account_names_the_hour_and_the_command_of_its_purge() {
    let report = demo("");
    let clock = report["clocks"].as_array().unwrap().iter().find(|clock| clock["store"] == "deleted-account").unwrap();
    assert_eq!(clock["gone_by"], "2026-11-23T16:20:00Z", "48 hours after its deletion");
    let end = clock["end"].as_str().unwrap();
    assert!(end.contains("account purge --name prototype --resource-group rg-research --location westeurope"), "{end}");
}
