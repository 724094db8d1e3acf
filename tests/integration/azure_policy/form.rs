//! What is written has the forms of Azure, says how certain it is, and leaves no rule out silently.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;
use zdr_check::docs::PolicySet;
use zdr_check::knowledge::azure_policy::{ALIASES, UNSEEN, find_alias};
use zdr_check::knowledge::processing::Pin;
use zdr_check::knowledge::regions::Zone;
use zdr_check::rules::RULES;

use super::{definitions, policy, written};
use crate::common::zdr_check;

fn every_pin() -> impl Iterator<Item = (Pin, Option<&'static [&'static str]>)> {
    Pin::ALL.into_iter().flat_map(|pin| [(pin, None), (pin, Some(&["swedencentral"][..]))])
}

#[test]
fn every_rule_is_held_or_explained_once() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    let named = UNSEEN.iter().flat_map(|(_, rules)| *rules).chain(ALIASES.iter().flat_map(|alias| alias.rules));
    for rule in named {
        assert!(ids.contains(rule), "{rule} is no rule");
    }
    for (pin, allowed) in every_pin() {
        let set = PolicySet::new(&policy(pin, allowed), &BTreeSet::new());
        let held: Vec<String> = definitions(&set)
            .iter()
            .flat_map(|own| own.properties["metadata"]["zdrCheck"]["rules"].as_array().unwrap().clone())
            .map(|rule| rule.as_str().unwrap().to_owned())
            .collect();
        let unheld: Vec<&str> = set.unheld().iter().flat_map(|own| own.rules.iter().copied()).collect();
        let both = held.iter().map(String::as_str).collect::<BTreeSet<_>>();
        assert!(unheld.iter().all(|rule| !both.contains(rule)), "{unheld:?}");
        assert_eq!(both.len() + unheld.len(), ids.len(), "{}", pin.as_str());
        // What no reason covers can depend on the settings only.
        let rest = set.unheld().iter().find(|own| own.reason.starts_with("the settings"));
        for rule in rest.map(|own| own.rules.clone()).unwrap_or_default() {
            let known =
                ["account-outside-allowed-locations", "model-router-leaves-boundary", "spillover-leaves-boundary"];
            assert!(known.contains(&rule), "{rule} has no definition and no reason");
        }
    }
}

#[test]
fn definitions_have_the_documented_form() {
    let field = Regex::new(r#""field":"([^"]+)""#).unwrap();
    let parameter = Regex::new(r"\[parameters\('(\w+)'\)\]").unwrap();
    for (pin, allowed) in every_pin() {
        for own in written(&policy(pin, allowed)) {
            let properties = &own.properties;
            let length = |key: &str| properties[key].as_str().unwrap().chars().count();
            assert!(
                own.name.len() <= 64 && length("displayName") <= 128 && length("description") <= 512,
                "{}",
                own.name
            );
            assert_eq!((&properties["mode"], &properties["policyType"]), (&"All".into(), &"Custom".into()));
            let rule = properties["policyRule"].to_string();
            let own_words = &properties["metadata"]["zdrCheck"];
            let aliases: Vec<&str> =
                own_words["aliases"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            for word in field.captures_iter(&rule).map(|found| found.get(1).unwrap().as_str()) {
                let plain = ["type", "kind", "location", "identity.type"].contains(&word);
                let named = aliases.iter().any(|alias| alias.starts_with(word) || word.starts_with(alias));
                assert!(plain || named, "{}: {word} is not among its aliases", own.name);
            }
            let certainty = aliases.iter().map(|alias| find_alias(alias).unwrap().certainty).max();
            assert_eq!(own_words["certainty"], certainty.map_or("documented", |own| own.as_str()), "{}", own.name);
            assert!(own_words["source"]["date"].as_str().unwrap().starts_with("202"), "{}", own.name);
            let used: BTreeSet<&str> = parameter.captures_iter(&rule).map(|own| own.get(1).unwrap().as_str()).collect();
            let declared: BTreeSet<&str> =
                properties["parameters"].as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(used, declared, "{}", own.name);
        }
    }
}

/// Every string of a value.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(map) => map.values().for_each(|item| strings(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn the_template_defines_what_its_initiative_names() {
    for (arguments, id) in [
        (&["--pin", "geography"][..], "subscriptionResourceId('"),
        (&["--management-group", "mg", "--pin", "datazone:eu"], "extensionResourceId(managementGroup().id, '"),
    ] {
        let template = zdr_check(["policy", "--no-config"]).args(arguments).run().json();
        let resources = template["resources"].as_array().unwrap();
        let (set, definitions) = resources.split_last().unwrap();
        assert_eq!(set["type"], "Microsoft.Authorization/policySetDefinitions");
        let ids: Vec<String> = definitions
            .iter()
            .map(|own| {
                format!("[{id}Microsoft.Authorization/policyDefinitions', '{}')]", own["name"].as_str().unwrap())
            })
            .collect();
        assert_eq!(set["dependsOn"], serde_json::json!(ids));
        for (own, id) in definitions.iter().zip(&ids) {
            let inferred = own["properties"]["metadata"]["zdrCheck"]["certainty"] == "inferred";
            assert_eq!(own["condition"] == "[parameters('useInferredAliases')]", inferred, "{id}");
            let list = template["variables"][if inferred { "inferred" } else { "known" }].as_array().unwrap();
            let reference = list.iter().find(|own| own["policyDefinitionId"] == **id).unwrap_or_else(|| panic!("{id}"));
            let wanted = own["properties"]["parameters"].as_object().unwrap();
            let passed = reference["parameters"].as_object().unwrap();
            assert!(passed.keys().eq(wanted.keys()), "{id}");
            for (name, value) in passed {
                let outer = value["value"].as_str().unwrap();
                let outer = outer.strip_prefix("[[parameters('").unwrap().strip_suffix("')]").unwrap();
                let outer = &set["properties"]["parameters"][outer];
                assert_eq!(outer["defaultValue"], wanted[name]["defaultValue"], "{id} {name}");
            }
            // The deployment must hand these on as they are.
            let mut found = Vec::new();
            strings(&own["properties"], &mut found);
            assert!(found.iter().all(|text| !text.starts_with('[') || text.starts_with("[[")), "{id}");
        }
        assert_eq!(template["parameters"]["useInferredAliases"]["defaultValue"], false);
        let unheld = template["metadata"]["notHeld"].to_string();
        assert!(unheld.contains("abuse-monitoring-storage-on") && !unheld.contains("\"deployment-leaves-boundary\""));
    }
}

#[test]
fn the_policy_file_sets_the_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let file =
        "pin = \"datazone:eu\"\nallow_locations = [\"sweden\"]\n\n[rules.public-network-open]\nenabled = false\n";
    std::fs::write(folder.path().join("zdr-check.toml"), file).unwrap();
    let output = zdr_check(["policy"]).within(folder.path()).run();
    let text = &output.stdout;
    assert!(text.contains("zdr-check-account-outside-zone") && !text.contains("zdr-check-public-network"), "{text}");
    let template = output.json();
    assert_eq!(template["metadata"]["allowedLocations"], serde_json::json!(["swedencentral", "swedensouth"]));
    let off = &template["metadata"]["notHeld"][0];
    assert_eq!(off["rules"], serde_json::json!(["public-network-open"]), "{off}");
    // Flags win.
    let flagged = zdr_check(["policy", "--pin", "any"]).within(folder.path()).run().stdout;
    assert!(!flagged.contains("zdr-check-account-outside-zone") && !flagged.contains("zdr-check-deployment-sku\""));
    assert_eq!(Pin::parse("datazone:eu"), Some(Pin::DataZone(Zone::Eu)));
}

#[test]
fn files_are_one_per_definition_and_the_initiative() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("policies");
    let out = out.to_str().unwrap();
    let id = "00000000-0000-4000-8000-000000000001";
    let said = zdr_check(["policy", "--no-config", "--out", out, "--subscription", id]).run();
    assert_eq!(said.stdout, "");
    let read = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("policies").join(name)).unwrap()).unwrap()
    };
    let initiative = read("initiative.json");
    for own in initiative["properties"]["policyDefinitions"].as_array().unwrap() {
        let (scope, name) = own["policyDefinitionId"].as_str().unwrap().rsplit_once('/').unwrap();
        assert_eq!(scope, format!("/subscriptions/{id}/providers/Microsoft.Authorization/policyDefinitions"));
        assert_ne!(read(&format!("{name}.json"))["properties"]["metadata"]["zdrCheck"]["certainty"], "inferred");
    }
    assert!(read("zdr-check-spillover.json")["properties"]["policyRule"].is_object());
    let again = zdr_check(["policy", "--no-config", "--out", out]).exits(2).run();
    assert!(again.stderr.contains("is there already") && again.stderr.contains("--force"), "{}", again.stderr);
    zdr_check(["policy", "--no-config", "--out", out, "--force"]).run();
}

#[test]
fn bad_input_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.toml");
    std::fs::write(&file, "pin = \"moon\"\n").unwrap();
    for (arguments, wanted) in [
        (&["--pin", "moon"][..], "possible values"),
        (&["--allow-location", "swedncentral"], "did you mean swedencentral"),
        (&["--config", file.to_str().unwrap()], "bad.toml:1"),
        (&["--format", "terraform"], "possible values: json, bicep"),
        (&["--format", "bicep", "--out", "x"], "Leave --out away"),
        (&["--subscription", "prod"], "give the subscription's id"),
        (&["--management-group", "a b"], "the id of a management group"),
        (&["--force"], "--out"),
    ] {
        let output = zdr_check(["policy"]).args(arguments).within(folder.path()).exits(2).run();
        assert!(output.stderr.contains(wanted), "{arguments:?}: {}", output.stderr);
        assert_eq!(output.stdout, "", "{arguments:?}");
    }
}

/// One definition and the initiative, as people read them.
#[test]
fn bicep_reads_well() {
    let arguments =
        ["policy", "--no-config", "--format", "bicep", "--pin", "datazone:eu", "--allow-location", "sweden"];
    let text = zdr_check(arguments).run().stdout;
    let part = |name: &str| {
        let start = text.find(&format!("\nresource {name} ")).unwrap();
        let rest = &text[start + 1..];
        rest[..rest.find("\n}\n").unwrap() + 3].to_owned()
    };
    insta::assert_snapshot!(format!("{}\n{}\n{}", part("deploymentSku"), part("spillover"), part("accountLocation")));
}
