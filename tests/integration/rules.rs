//! Every rule against its fixtures, read through the real client and collection from an estate in memory.
//!
//! `fixtures/rules/<rule>/<outcome>[-<case>].json` is an estate with an optional `policy`; the file name says what the rule
//! must conclude about the account named `subject` (for a deployment rule: about its deployment named `subject`; for a
//! subscription rule, and one about Communication Services: about the first subscription).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use zdr_check::assessment::RuleResult;
use zdr_check::commands::read_estate_with;
use zdr_check::config::Overlays;
use zdr_check::engine::{AsOf, Settings, assess};
use zdr_check::knowledge::processing::Pin;
use zdr_check::knowledge::regions;
use zdr_check::outcome::{FailOn, Outcome, Profile};
use zdr_check::rules::{Check, Policy, RULES, Rule};
use zdr_check::snapshot::{
    AccountFacts, Asked, Cause, Document, Evidence, Include, List, Operation, Read, Snapshot, Subscription,
    Unavailable, last_segment,
};

/// One fixture, read.
struct Case {
    rule: &'static Rule,
    path: PathBuf,
    stem: String,
    expected: Outcome,
    settings: Settings,
    snapshot: Snapshot,
}

impl Case {
    fn label(&self) -> String {
        format!("{}/{}", self.rule.id, self.stem)
    }

    /// What the rule says about the subject in `snapshot`. A list that cannot be read has one result, on the account.
    fn results(&self, snapshot: &Snapshot) -> Vec<RuleResult> {
        let of_subscription = matches!(self.rule.check, Check::Subscription(_) | Check::Communication(_));
        let about_subject = |result: &RuleResult| {
            if of_subscription {
                return result.rule == self.rule.id && result.account_id.ends_with(&snapshot.subscriptions[0].id);
            }
            let own_account = last_segment(&result.account_id) == "subject";
            let whole_account = result.resource_id.eq_ignore_ascii_case(&result.account_id);
            result.rule == self.rule.id
                && own_account
                && (whole_account || last_segment(&result.resource_id) == "subject")
        };
        assess(snapshot, &self.settings).results.into_vec().into_iter().filter(about_subject).collect()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn folder(rule: &Rule) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules").join(rule.id)
}

fn outcome_of(stem: &str) -> Option<Outcome> {
    let is = |outcome: &Outcome| {
        stem.strip_prefix(outcome.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    Outcome::ALL.into_iter().find(is)
}

fn fixtures(rule: &Rule) -> BTreeMap<String, PathBuf> {
    let folder = folder(rule);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = files.map(|file| file.unwrap().path());
    paths.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)).collect()
}

fn settings(fixture: &Value) -> Settings {
    let policy = &fixture["policy"];
    let pin = policy["pin"].as_str().unwrap_or("geography");
    let words = policy["allowLocations"].as_array();
    let expand = |word: &Value| {
        let regions = regions::expand(word.as_str().unwrap());
        assert!(!regions.is_empty(), "{word} is not a location");
        regions
    };
    let allowed = words.map(|words| words.iter().flat_map(expand).map(str::to_owned).collect());
    Settings {
        policy: Policy { pin: Pin::parse(pin).unwrap(), allowed_locations: allowed, options: options(policy) },
        fail_on: FailOn::Never,
        profile: Profile::Standard,
        allow_incomplete: false,
        plan_unknown: zdr_check::outcome::PlanUnknown::Note,
        overlays: Overlays::default(),
        as_of: AsOf::Run,
    }
}

/// Options of rules, as the policy file would say them.
fn options(policy: &Value) -> zdr_check::rules::options::Options {
    let option = |(name, value): (&String, &Value)| format!("{name} = {value}\n");
    let table = |(rule, options): (&String, &Value)| {
        let options: String = options.as_object().unwrap().iter().map(option).collect();
        format!("[rules.{rule}.options]\n{options}")
    };
    let text: String = policy["options"].as_object().into_iter().flatten().map(table).collect();
    let no_file = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    zdr_check::config::options(&zdr_check::config::Config::parse(&text, &no_file).unwrap().overlays.rules)
}

async fn read(estate: &str) -> Snapshot {
    let asked = Asked { include: [Include::Communication, Include::Policies].into(), ..Asked::default() };
    let snapshot = read_estate_with(estate, asked).await.unwrap();
    // Checks that look at the time of the run must find the same one on every day.
    Snapshot { started_at: Timestamp::UNIX_EPOCH, finished_at: Timestamp::UNIX_EPOCH, ..snapshot }
}

fn cases() -> Vec<Case> {
    let runtime = runtime();
    let mut cases = Vec::new();
    for rule in RULES {
        for (stem, path) in fixtures(rule) {
            let text = std::fs::read_to_string(&path).unwrap();
            let fixture: Value =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let expected = outcome_of(&stem).unwrap_or_else(|| panic!("{stem}: a file name starts with an outcome"));
            let snapshot = runtime.block_on(read(&text));
            let settings = settings(&fixture);
            cases.push(Case { rule, path, stem, expected, settings, snapshot });
        }
    }
    cases
}

fn only(results: &[RuleResult], expected: Outcome) -> bool {
    !results.is_empty() && results.iter().all(|result| result.outcome == expected)
}

fn show(results: &[RuleResult]) -> String {
    results
        .iter()
        .map(|result| format!("{}: {}", result.outcome.as_str(), result.message))
        .collect::<Vec<_>>()
        .join("; ")
}

#[test]
fn every_fixture_has_the_outcome_of_its_name() {
    let mut wrong = Vec::new();
    for case in cases() {
        let results = case.results(&case.snapshot);
        if !only(&results, case.expected) {
            wrong.push(format!("{}: {}", case.label(), show(&results)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn facts_survive_being_stored() {
    for case in cases() {
        let stored = serde_json::to_string(&case.snapshot).unwrap();
        assert_eq!(serde_json::from_str::<Snapshot>(&stored).unwrap(), case.snapshot, "{}", case.label());
    }
}

#[test]
fn every_rule_has_fixtures() {
    for rule in RULES {
        let stems: Vec<String> = fixtures(rule).into_keys().collect();
        let has = |wanted: &[&str]| wanted.iter().any(|wanted| stems.iter().any(|stem| stem == wanted));
        assert!(has(&["unknown"]), "{}: nothing shows what it does without its facts", rule.id);
        assert!(has(&["fail", "manual"]), "{}: nothing shows the defect", rule.id);
        let clean = stems.iter().any(|stem| stem.starts_with("not-applicable"));
        assert!(has(&["pass", "manual"]) || clean, "{}: nothing shows the absence of the defect", rule.id);
    }
    let known: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    for folder in std::fs::read_dir(folder(RULES[0]).parent().unwrap()).unwrap().map(Result::unwrap) {
        let name = folder.file_name().into_string().unwrap();
        assert!(known.contains(&name.as_str()), "fixtures/rules/{name} belongs to no rule");
    }
}

#[test]
fn verdicts_rest_on_evidence_and_say_one_thing() {
    for case in cases() {
        for result in case.results(&case.snapshot) {
            let label = case.label();
            let message = &result.message;
            assert!(!message.is_empty() && !message.ends_with('.') && !message.contains('\n'), "{label}: {message}");
            let foreign = result.evidence.iter().find(|cited| !case.rule.reads().contains(&cited.operation));
            assert!(foreign.is_none(), "{label} cites {foreign:?}, which is not among its needs");
            match result.outcome {
                Outcome::Pass => assert!(!result.evidence.is_empty(), "{label}"),
                Outcome::Fail | Outcome::Manual => {
                    assert!(!result.evidence.is_empty(), "{label}");
                    let remediation = result.remediation.unwrap_or_default();
                    let concrete = ["az ", "portal", "API Management", "Attest"];
                    assert!(concrete.iter().any(|word| remediation.contains(word)), "{label}: {remediation}");
                }
                Outcome::Unknown => assert!(result.cause.is_some(), "{label}"),
                Outcome::NotApplicable | Outcome::Waived | Outcome::Attested => {}
            }
        }
    }
}

/// Without one of its facts a rule concludes nothing from its main fixture.
#[test]
fn a_forbidden_fact_makes_a_rule_unknown() {
    let cases = cases();
    for rule in RULES {
        let find = |stem: &str| cases.iter().find(|case| case.rule.id == rule.id && case.stem == stem);
        let case = ["pass", "manual", "fail"].into_iter().find_map(find).unwrap();
        for &operation in rule.needs {
            let results = case.results(&without(&case.snapshot, operation));
            let label = case.label();
            assert!(only(&results, Outcome::Unknown), "{label} without {operation}: {}", show(&results));
            assert!(results.iter().all(|result| result.cause == Some("forbidden")), "{label} without {operation}");
        }
    }
}

/// Whatever is missing, nothing gets better, and what a rule does not need does not change its verdict.
#[test]
fn a_missing_fact_never_improves_an_outcome() {
    for case in cases() {
        for operation in Operation::ALL {
            let results = case.results(&without(&case.snapshot, operation));
            let label = format!("{} ({}) without {operation}", case.label(), case.path.display());
            for result in &results {
                let same = result.outcome == case.expected;
                assert!(same || result.outcome == Outcome::Unknown, "{label}: {}", show(&results));
            }
            // Whether an account hosts models at all is asked by the engine, from these two.
            let asked_by_engine = matches!(operation, Operation::AccountsGet | Operation::DeploymentsList);
            if !case.rule.reads().contains(&operation) && !asked_by_engine {
                assert!(only(&results, case.expected), "{label}: {}", show(&results));
            }
        }
    }
}

/// An api-version that cannot show a property says nothing by leaving it out.
#[test]
fn an_older_api_version_hides_instead_of_denying() {
    for case in cases() {
        let absent = matches!(
            case.label().as_str(),
            "stored-completions-enabled/fail-absent"
                | "stored-completions-enabled/fail-null"
                | "context-cache-container/pass"
                | "model-router-leaves-boundary/fail-all-models"
                | "agent-365-logging-on/fail-absent"
                | "priority-processing-deployed/pass-absent"
        );
        let mut old = case.snapshot.clone();
        each_account(&mut old, age);
        let results = case.results(&old);
        if absent {
            assert!(only(&results, Outcome::Unknown), "{}: {}", case.label(), show(&results));
            assert!(results.iter().all(|result| result.cause == Some("not-in-api-version")), "{}", case.label());
        } else {
            let bad = results
                .iter()
                .find(|result| !matches!(result.outcome, Outcome::Unknown) && result.outcome != case.expected);
            assert!(bad.is_none(), "{}: {}", case.label(), show(&results));
        }
    }
}

/// Outcomes of the three rules with fixed ids, worked out by hand for an estate of odd accounts.
#[test]
fn twenty_five_accounts_are_judged_as_by_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/arm/twenty-five");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let expected: Value = serde_json::from_str(&text("expected.json")).unwrap();
    let snapshot = runtime().block_on(read(&text("estate.json")));
    let results =
        assess(&snapshot, &settings(&serde_json::json!({ "policy": { "pin": expected["pin"] } }))).results.into_vec();
    let mut judged: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    let of_accounts = results.iter().filter(|result| result.account_id.contains("/accounts/"));
    for result in of_accounts {
        let rules = judged.entry(last_segment(&result.account_id)).or_default();
        let outcome = Value::from(result.outcome.as_str());
        if result.resource_id == result.account_id {
            rules.insert(result.rule, outcome);
        } else {
            let deployments = rules.entry(result.rule).or_insert_with(|| serde_json::json!({}));
            deployments[last_segment(&result.resource_id)] = outcome;
        }
    }
    for (account, rules) in expected["accounts"].as_object().unwrap() {
        for (rule, outcome) in rules.as_object().unwrap() {
            let got = judged[account.as_str()].get(rule.as_str()).cloned().unwrap_or_else(|| serde_json::json!({}));
            assert_eq!(got, *outcome, "{account}: {rule}");
        }
    }
    assert_eq!(judged.len(), expected["accounts"].as_object().unwrap().len());
}

#[test]
fn every_page_has_its_sections() {
    let dated = regex::Regex::new(r"\]\(https://[^)]+\), .*\d{4}-\d{2}-\d{2}").unwrap();
    for rule in RULES {
        let sections =
            ["## What it checks", "## Why it matters", "## How to fix", "## What it cannot see", "## Sources"];
        let mut at = 0;
        for section in sections {
            let found = rule.docs[at..].find(section).unwrap_or_else(|| panic!("{}: no {section}", rule.id));
            at += found + section.len();
        }
        for source in rule.docs[at..].lines().filter(|line| line.trim_start().starts_with("- ")) {
            assert!(dated.is_match(source), "{}: a source has a title, a link and a date: {source}", rule.id);
        }
    }
}

fn subject(snapshot: &mut Snapshot) -> (&mut Subscription, usize) {
    let subscription = &mut snapshot.subscriptions[0];
    let position = subscription.accounts.iter().position(|facts| facts.id.name == "subject").unwrap();
    (subscription, position)
}

/// The snapshot with one kind of fact about the subject forbidden.
fn without(snapshot: &Snapshot, operation: Operation) -> Snapshot {
    let mut snapshot = snapshot.clone();
    let (subscription, position) = subject(&mut snapshot);
    let why = Unavailable {
        cause: Cause::Forbidden { action: "Microsoft.CognitiveServices/accounts/read".to_owned() },
        operation,
        scope: subscription.accounts[position].id.id.clone(),
        detail: None,
        request_id: None,
        at: Timestamp::UNIX_EPOCH,
    };
    if operation == Operation::AccountsList {
        subscription.listing = Read::Unavailable(why);
        return snapshot;
    }
    let facts = &mut subscription.accounts[position];
    let list: fn(&Unavailable) -> Read<List> = |why| Read::Unavailable(why.clone());
    match operation {
        Operation::SubscriptionsList | Operation::SubscriptionsGet => subscription.record = Read::Unavailable(why),
        Operation::AccountsGet => facts.account = Read::Unavailable(why),
        Operation::DeploymentsList => facts.deployments = list(&why),
        Operation::ProjectsList => facts.projects = list(&why),
        Operation::CapabilityHostsList => facts.capability_hosts = list(&why),
        Operation::ConnectionsList => facts.connections = list(&why),
        Operation::ProjectCapabilityHostsList => {
            facts.project_facts.iter_mut().for_each(|project| project.capability_hosts = list(&why));
        }
        Operation::ProjectConnectionsList => {
            facts.project_facts.iter_mut().for_each(|project| project.connections = list(&why));
        }
        Operation::ApplicationsList => {
            facts.project_facts.iter_mut().for_each(|project| project.applications = list(&why));
        }
        Operation::AgentDeploymentsList => {
            let gone = |why: &Unavailable| Read::Unavailable(why.clone());
            facts.project_facts.iter_mut().for_each(|project| project.agent_deployments = gone(&why));
        }
        Operation::AccountsList => {}
        store if store.is_data_plane() => {
            for own in &mut facts.stores {
                let of = if own.project.is_some() { own.kind.of_project() } else { own.kind.of_account() };
                if of == Some(store) {
                    own.facts = Read::Unavailable(why.clone());
                }
            }
        }
        further if facts.lists.contains_key(&further) => drop(facts.lists.insert(further, list(&why))),
        further if subscription.lists.contains_key(&further) => drop(subscription.lists.insert(further, list(&why))),
        further => {
            // A gateway in another subscription leads to the subject as well.
            let all = snapshot.subscriptions.iter_mut().flat_map(|own| own.below.values_mut());
            all.filter_map(|lists| lists.get_mut(&further)).for_each(|read| *read = list(&why));
            let subscription = &mut snapshot.subscriptions[0];
            let is = |read: &Read<Document>| match read {
                Read::Known(document) => document.evidence.operation == further,
                Read::Unavailable(why) => why.operation == further,
            };
            let all = subscription.documents.values_mut().filter(|read| is(read));
            all.for_each(|read| *read = Read::Unavailable(why.clone()));
        }
    }
    snapshot
}

fn each_account(snapshot: &mut Snapshot, change: fn(&mut AccountFacts)) {
    snapshot.subscriptions.iter_mut().flat_map(|subscription| &mut subscription.accounts).for_each(change);
}

/// Pretends that the oldest api-version of the fallback answered.
fn age(facts: &mut AccountFacts) {
    fn old(document: &mut Document) {
        let evidence = Evidence { api_version: "2025-06-01".to_owned(), ..(*document.evidence).clone() };
        document.evidence = Arc::new(evidence);
    }
    if let Read::Known(document) = &mut facts.account {
        old(document);
    }
    if let Read::Known(list) = &mut facts.deployments {
        for row in &mut list.rows {
            if let Read::Known(document) = row {
                old(document);
            }
        }
    }
}
