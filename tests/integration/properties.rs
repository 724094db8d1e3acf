//! The promise, over arbitrary estates: taking knowledge away never adds a pass and never turns a failing run into a clean one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use zdr_check::assessment::Assessment;
use zdr_check::commands::read_estate_with;
use zdr_check::config::Overlays;
use zdr_check::engine::{AsOf, Settings, assess, assess_packed};
use zdr_check::knowledge::processing::Pin;
use zdr_check::outcome::{FailOn, Outcome, Profile, Severity};
use zdr_check::rules::Policy;
use zdr_check::snapshot::{Asked, Cause, Include, Listing, Operation, PackedSnapshot, Read, Snapshot, Unavailable};

const ID: &str = "00000000-0000-4000-8000-00000000000";

/// Values that make rules pass, fail, ask or give up.
fn capabilities() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(json!([{ "name": "ContentLogging", "value": "false" }])),
        1 => Just(json!([{ "name": "VirtualNetworks" }])),
        1 => Just(json!([{ "name": "ContentLogging", "value": "true" }])),
        1 => Just(Value::Null),
    ]
}

fn deployment() -> impl Strategy<Value = Value> {
    let skus = ["Standard", "GlobalStandard", "DataZoneStandard", "GlobalBatch", "ProvisionedManaged", "Novel"];
    let models = [
        ("OpenAI", "gpt-4.1", "1"),
        ("OpenAI", "gpt-5.5", "1"),
        ("OpenAI", "model-router", "1"),
        ("OpenAI", "sora-2", "1"),
        ("Anthropic", "claude-opus-4-5", "2"),
        ("Novel", "novel", "1"),
    ];
    let spill = prop::option::weighted(0.2, Just("d0"));
    (prop::sample::select(skus.to_vec()), prop::sample::select(models.to_vec()), spill).prop_map(
        |(sku, model, spill)| {
            let (format, name, version) = model;
            let mut body = json!({ "sku": { "name": sku },
            "properties": { "model": { "format": format, "name": name, "version": version } } });
            if let Some(spill) = spill {
                body["properties"]["spilloverDeploymentName"] = spill.into();
            }
            body
        },
    )
}

fn account() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(&["OpenAI", "AIServices", "SpeechServices"][..]);
    let locations = prop::sample::select(&["swedencentral", "westus3", "uksouth"][..]);
    let stored = prop::option::of(any::<bool>());
    let bing = prop::bool::weighted(0.2);
    let project = prop::bool::weighted(0.3);
    let deployments = prop::collection::vec(deployment(), 0..3);
    (kinds, locations, capabilities(), stored, deployments, bing, project).prop_map(
        |(kind, location, capabilities, stored, deployments, bing, project)| {
            let mut account = json!({ "kind": kind, "location": location, "resourceGroup": "rg",
                "properties": { "capabilities": capabilities } });
            if let Some(stored) = stored {
                account["properties"]["storedCompletionsDisabled"] = stored.into();
            }
            let named = deployments.into_iter().enumerate().map(|(index, mut deployment)| {
                deployment["name"] = format!("d{index}").into();
                deployment
            });
            account["deployments"] = named.collect();
            if bing {
                account["connections"] =
                    json!([{ "name": "b", "properties": { "category": "GroundingWithBingSearch" } }]);
            }
            if project {
                account["projects"] = json!([{ "name": "p", "location": location, "properties": {} }]);
            }
            account
        },
    )
}

pub(crate) fn estate() -> impl Strategy<Value = Snapshot> {
    prop::collection::vec(prop::collection::vec(account(), 1..4), 1..3).prop_map(|subscriptions| {
        let subscriptions: Vec<Value> = subscriptions
            .into_iter()
            .enumerate()
            .map(|(index, accounts)| {
                let named = accounts.into_iter().enumerate().map(|(index, mut account)| {
                    account["name"] = format!("a{index}").into();
                    account
                });
                json!({ "subscriptionId": format!("{ID}{index}"), "displayName": "s", "accounts": named.collect::<Value>() })
            })
            .collect();
        read(&json!({ "subscriptions": subscriptions }))
    })
}

pub(crate) fn read(estate: &Value) -> Snapshot {
    static RUNTIME: LazyLock<tokio::runtime::Runtime> =
        LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap());
    let asked = Asked { include: [Include::Policies].into(), ..Asked::default() };
    RUNTIME.block_on(read_estate_with(&estate.to_string(), asked)).unwrap()
}

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let fail_on = prop_oneof![
        Just(FailOn::From(Severity::Low)),
        Just(FailOn::From(Severity::High)),
        Just(FailOn::From(Severity::Critical)),
        Just(FailOn::Never),
    ];
    let profile = prop_oneof![Just(Profile::Standard), Just(Profile::Strict)];
    (prop::sample::select(&Pin::ALL[..]), fail_on, profile).prop_map(|(pin, fail_on, profile)| Settings {
        policy: Policy { pin, allowed_locations: None, options: std::collections::BTreeMap::new() },
        fail_on,
        profile,
        allow_incomplete: false,
        plan_unknown: zdr_check::outcome::PlanUnknown::Note,
        overlays: Overlays::default(),
        as_of: AsOf::Run,
    })
}

/// Takes away the facts that `choose` picks by number. Facts that were never collected stay as they are.
fn downgrade(snapshot: &Snapshot, choose: &[bool]) -> Snapshot {
    let mut less = snapshot.clone();
    let mut number = 0;
    let mut take = |operation: Operation, scope: &str| -> Option<Unavailable> {
        number += 1;
        choose[(number - 1) % choose.len()].then(|| Unavailable {
            cause: Cause::Forbidden { action: "some/read".to_owned() },
            operation,
            scope: scope.to_owned(),
            detail: None,
            request_id: None,
            at: Timestamp::UNIX_EPOCH,
        })
    };
    for subscription in &mut less.subscriptions {
        for facts in &mut subscription.accounts {
            let id = facts.id.id.clone();
            lose(&mut facts.account, take(Operation::AccountsGet, &id));
            lose(&mut facts.deployments, take(Operation::DeploymentsList, &id));
            lose(&mut facts.projects, take(Operation::ProjectsList, &id));
            lose(&mut facts.capability_hosts, take(Operation::CapabilityHostsList, &id));
            lose(&mut facts.connections, take(Operation::ConnectionsList, &id));
            if let Read::Known(list) = &mut facts.deployments
                && let Some(row) = list.rows.first_mut()
            {
                lose(row, take(Operation::DeploymentsList, &id));
            }
            for project in &mut facts.project_facts {
                lose(&mut project.capability_hosts, take(Operation::ProjectCapabilityHostsList, &id));
                lose(&mut project.connections, take(Operation::ProjectConnectionsList, &id));
                lose(&mut project.applications, take(Operation::ApplicationsList, &id));
                lose(&mut project.agent_deployments, take(Operation::AgentDeploymentsList, &id));
            }
        }
        for (parent, lists) in &mut subscription.below {
            for (operation, list) in lists {
                lose(list, take(*operation, parent));
            }
        }
        if let Some(why) = take(Operation::AccountsList, &subscription.id) {
            match &mut subscription.listing {
                Read::Known(Listing::Listed { unreadable }) => unreadable.push(why),
                Read::Known(Listing::Named) | Read::Unavailable(_) => {}
            }
        }
    }
    less
}

fn lose<T>(fact: &mut Read<T>, why: Option<Unavailable>) {
    if let (Read::Known(_), Some(why)) = (&*fact, why) {
        *fact = Read::Unavailable(why);
    }
}

pub(crate) fn keys(assessment: &Assessment, outcome: Outcome) -> BTreeSet<(&'static str, String)> {
    let own = assessment.results.iter().filter(|result| result.outcome == outcome);
    own.map(|result| (result.rule, result.resource_id.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn packing_changes_nothing(snapshot in estate(), settings in settings()) {
        let packed = PackedSnapshot::from(snapshot.clone());
        prop_assert_eq!(&packed.clone().open(), &snapshot);
        let whole = assess(&snapshot, &settings);
        let judged = assess_packed(packed, &settings);
        prop_assert_eq!(judged.results.counts(Outcome::Fail), whole.results.counts(Outcome::Fail));
        let open: Vec<_> = judged.results.open().map(Cow::into_owned).collect();
        prop_assert_eq!(open, whole.results.open().map(Cow::into_owned).collect::<Vec<_>>());
        prop_assert_eq!(judged, whole);
    }

    #[test]
    fn less_knowledge_is_never_better(
        snapshot in estate(),
        settings in settings(),
        choose in prop::collection::vec(prop::bool::weighted(0.3), 40),
    ) {
        let before = assess(&snapshot, &settings);
        let after = assess(&downgrade(&snapshot, &choose), &settings);
        prop_assert!(keys(&after, Outcome::Pass).is_subset(&keys(&before, Outcome::Pass)));
        prop_assert!(keys(&after, Outcome::NotApplicable).is_subset(&keys(&before, Outcome::NotApplicable)));
        prop_assert!(!(before.exit_code != 0 && after.exit_code == 0), "{} became 0", before.exit_code);
        prop_assert!(before.complete || !after.complete);
    }

    #[test]
    fn the_counts_are_those_of_the_results(snapshot in estate(), settings in settings()) {
        let assessment = assess(&snapshot, &settings);
        for outcome in Outcome::ALL {
            let counted = assessment.results.iter().filter(|result| result.outcome == outcome).count();
            prop_assert_eq!(assessment.summary.count(outcome), counted);
        }
        let accounts: usize = snapshot.subscriptions.iter().map(|subscription| subscription.accounts.len()).sum();
        prop_assert_eq!(assessment.accounts.len(), accounts);
        let sorted = assessment.results.into_vec().is_sorted_by_key(|result| (result.account_id.to_ascii_lowercase(), result.rule));
        prop_assert!(sorted);
    }
}
