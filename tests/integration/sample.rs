//! One assessment with everything a report must be able to show: each outcome, hostile and very long names, two accounts of one
//! name, several subscriptions, things that could not be read. The rule ids are real for the first rule only, so that a change
//! of the catalogue does not change the reports.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::json;
use zdr_check::assessment::*;
use zdr_check::outcome::{Axis, FailOn, Outcome, Profile, Severity};
use zdr_check::snapshot::{Citation, Cloud, Operation, Principal, Requests, Source};

pub(crate) const HOSTILE: &str = "evil\x1b]52;c;cm0gLXJmIH4=\x07\u{202e}gpj\u{9b}2J\u{200b}\u{e0041}";
pub(crate) const LONG: &str = "foundry-research-and-development-northern-europe-shared-team-42";
const PRODUCTION: &str = "11111111-1111-4111-8111-111111111111";
const DEVELOPMENT: &str = "22222222-2222-4222-8222-222222222222";
const LOCKED: &str = "33333333-3333-4333-8333-333333333333";
const LEGACY: &str = "44444444-4444-4444-8444-444444444444";

pub(crate) const STORAGE: &str = "abuse-monitoring-storage-on";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

fn id(subscription: &str, group: &str, name: &str) -> String {
    format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.CognitiveServices/accounts/{name}"
    )
}

fn account(
    subscription: &str,
    group: &str,
    name: &str,
    location: Option<&str>,
    kind: Option<&str>,
) -> AccountAssessment {
    AccountAssessment {
        id: id(subscription, group, name),
        name: name.to_owned(),
        subscription_id: subscription.to_owned(),
        resource_group: group.to_owned(),
        location: location.map(str::to_owned),
        kind: kind.map(str::to_owned),
        policy_scope: None,
        verdict: Outcome::NotApplicable,
        axes: Axis::ALL.map(|axis| (axis, Outcome::NotApplicable)),
        deployments: Some(Vec::new()),
    }
}

fn deployment(name: &str, sku: &str, processing: &'static str) -> DeploymentSummary {
    DeploymentSummary {
        name: name.to_owned(),
        sku: Some(sku.to_owned()),
        model_format: Some("OpenAI".to_owned()),
        model_name: Some("gpt-4.1".to_owned()),
        model_version: None,
        processing,
    }
}

struct Given<'a> {
    rule: &'static str,
    axis: Axis,
    severity: Severity,
    outcome: Outcome,
    account: &'a AccountAssessment,
    child: &'a str,
    message: &'a str,
    fix: Option<String>,
}

impl Given<'_> {
    fn result(self) -> RuleResult {
        let evidence = Citation {
            pointer: "/properties/capabilities".to_owned(),
            value: json!(["VirtualNetworks", HOSTILE]),
            operation: Operation::AccountsGet,
            request_id: Some("6f1d".to_owned()),
            at: at(1),
        };
        let unknown = self.outcome == Outcome::Unknown;
        RuleResult {
            rule: self.rule,
            axis: self.axis,
            severity: self.severity,
            outcome: self.outcome,
            account_id: self.account.id.clone(),
            resource_id: format!("{}{}", self.account.id, self.child),
            message: self.message.to_owned(),
            cause: unknown.then_some("forbidden"),
            evidence: if unknown { Vec::new() } else { vec![evidence] },
            remediation: self.fix,
            overlay: overlay(self.outcome),
            location: None,
        }
    }
}

/// What people laid over waived and attested results.
fn overlay(outcome: Outcome) -> Option<Overlay> {
    match outcome {
        Outcome::Waived => Some(Overlay::Waiver(WaiverSummary {
            inner: Outcome::Fail,
            reason: format!("replaced in the first quarter {HOSTILE}"),
            owner: "team-legacy@example.com".to_owned(),
            expires: date(2026, 12, 31),
            ticket: Some("SEC-42".to_owned()),
        })),
        Outcome::Attested => Some(Overlay::Attestation(AttestationSummary {
            statement: "all callers send store: false".to_owned(),
            by: "owner@example.com".to_owned(),
            date: date(2026, 9, 1),
            expires: date(2027, 8, 31),
            evidence: Some(("evidence/gateway.pdf".to_owned(), "ab".repeat(32))),
        })),
        Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Pass | Outcome::NotApplicable => None,
    }
}

fn notes() -> Vec<Note> {
    let note = |kind, message: &str, line| Note {
        kind,
        message: message.to_owned(),
        line,
        remediation: "Decide anew.".to_owned(),
    };
    vec![
        note(NoteKind::WaiverExpired, "the waiver of sample-network-open on ** expired after 2026-08-31", Some(12)),
        note(NoteKind::ScopeUnmatched, &format!("the glob {HOSTILE} of dev matches nothing in this run"), Some(4)),
    ]
}

fn accounts() -> Vec<AccountAssessment> {
    let openai = Some("OpenAI");
    let mut all = vec![
        account(PRODUCTION, "rg-ai", "oai-prod-sweden", Some("swedencentral"), openai),
        account(PRODUCTION, "rg-ai", "oai-prod-france", Some("francecentral"), openai),
        account(PRODUCTION, "rg-speech", "speech-eu", Some("westeurope"), Some("SpeechServices")),
        account(PRODUCTION, "rg-ai", "oai-dev", Some("swedencentral"), openai),
        account(DEVELOPMENT, "rg-sandbox", "oai-dev", Some("eastus2"), openai),
        account(DEVELOPMENT, "rg-sandbox", LONG, None, None),
        account(DEVELOPMENT, "本番環境のリソースグループ", "本番環境アカウント", Some("japaneast"), Some("AIServices")),
        account(DEVELOPMENT, "rg-x", HOSTILE, Some("eastus2"), Some("AIServices")),
        account(LEGACY, "rg-old", "oai-legacy", Some("westeurope"), openai),
    ];
    all[0].deployments =
        Some(vec![deployment("chat", "GlobalStandard", "global"), deployment("mini", "Standard", "geography")]);
    all[5].deployments = None;
    all.sort_by_key(|account| account.id.to_lowercase());
    all
}

fn find<'a>(accounts: &'a [AccountAssessment], subscription: &str, name: &str) -> &'a AccountAssessment {
    accounts.iter().find(|account| account.name == name && account.subscription_id == subscription).unwrap()
}

fn storage(account: &AccountAssessment, outcome: Outcome) -> RuleResult {
    let message = match outcome {
        Outcome::Fail | Outcome::Waived => {
            "ContentLogging is not among the capabilities: prompts and completions can be stored for abuse monitoring"
        }
        Outcome::Unknown => "the account could not be read: the caller lacks Microsoft.CognitiveServices/accounts/read",
        _ => "ContentLogging is \"false\": abuse-monitoring storage is off",
    };
    let fix = match outcome {
        Outcome::Fail => Some(format!(
            "Apply for modified abuse monitoring (zdr-check explain {STORAGE}), then check with: az cognitiveservices account \
             show --name {} --resource-group {} --subscription {} --query \"properties.capabilities[?name=='ContentLogging']\"",
            account.name, account.resource_group, account.subscription_id
        )),
        Outcome::Unknown => Some(format!(
            "Grant the caller `Microsoft.CognitiveServices/accounts/read` on {} (the built-in role Reader has it), then scan again.",
            account.id
        )),
        _ => None,
    };
    Given {
        rule: STORAGE,
        axis: Axis::Approved,
        severity: Severity::Critical,
        outcome,
        account,
        child: "",
        message,
        fix,
    }
    .result()
}

fn boundary(account: &AccountAssessment, deployment: &str, outcome: Outcome) -> RuleResult {
    let (message, fix) = match outcome {
        Outcome::Fail => (
            "SKU GlobalStandard with this model processes prompts in any Azure region, which is not inside the account's geography",
            Some(format!(
                "Move it to a regional SKU: az cognitiveservices account deployment create --name {} --resource-group {} --deployment-name {deployment} --sku-name Standard",
                account.name, account.resource_group
            )),
        ),
        Outcome::Unknown => (
            "the list of deployments could not be read: the caller lacks Microsoft.CognitiveServices/accounts/deployments/read",
            Some(format!(
                "Grant the caller `Microsoft.CognitiveServices/accounts/deployments/read` on {} (the built-in role Reader has it), then scan again.",
                account.id
            )),
        ),
        _ => ("SKU Standard with this model processes prompts in the account's geography", None),
    };
    let child = if deployment.is_empty() { String::new() } else { format!("/deployments/{deployment}") };
    Given {
        rule: "sample-leaves-boundary",
        axis: Axis::Pinned,
        severity: Severity::High,
        outcome,
        account,
        child: &child,
        message,
        fix,
    }
    .result()
}

fn other(
    rule: &'static str,
    axis: Axis,
    severity: Severity,
    outcome: Outcome,
    account: &AccountAssessment,
) -> RuleResult {
    let (message, fix) = match outcome {
        Outcome::Fail => (
            "the firewall lets every network in",
            Some("Close it: az cognitiveservices account update --default-action Deny".to_owned()),
        ),
        Outcome::Unknown => (
            "the list of deployments could not be read: the caller lacks Microsoft.CognitiveServices/accounts/deployments/read",
            Some(format!(
                "Grant the caller `Microsoft.CognitiveServices/accounts/deployments/read` on {} (the built-in role Reader has it), then scan again.",
                account.id
            )),
        ),
        Outcome::Manual => ("no API shows whether callers send store: false", Some("Attest it.".to_owned())),
        _ => ("nothing is kept", None),
    };
    Given { rule, axis, severity, outcome, account, child: "", message, fix }.result()
}

fn results(accounts: &[AccountAssessment]) -> Vec<RuleResult> {
    let named = |subscription, name| find(accounts, subscription, name);
    let sweden = named(PRODUCTION, "oai-prod-sweden");
    let france = named(PRODUCTION, "oai-prod-france");
    let speech = named(PRODUCTION, "speech-eu");
    let long = named(DEVELOPMENT, LONG);
    let hostile = named(DEVELOPMENT, HOSTILE);
    let japan = named(DEVELOPMENT, "本番環境アカウント");
    let legacy = named(LEGACY, "oai-legacy");
    let developers = [named(PRODUCTION, "oai-dev"), named(DEVELOPMENT, "oai-dev")];
    let mut all = vec![
        storage(sweden, Outcome::Pass),
        storage(france, Outcome::Pass),
        storage(developers[0], Outcome::Fail),
        storage(developers[1], Outcome::Fail),
        storage(hostile, Outcome::Fail),
        storage(legacy, Outcome::Waived),
        storage(speech, Outcome::NotApplicable),
        storage(long, Outcome::Unknown),
        storage(japan, Outcome::Pass),
        boundary(sweden, "chat", Outcome::Fail),
        boundary(sweden, "mini", Outcome::Pass),
        boundary(hostile, HOSTILE, Outcome::Fail),
        boundary(long, "", Outcome::Unknown),
        boundary(france, "chat", Outcome::Pass),
        boundary(japan, "chat", Outcome::Pass),
        other("sample-batch-kept", Axis::Stateless, Severity::Medium, Outcome::Unknown, long),
        other("sample-network-open", Axis::Hardened, Severity::Low, Outcome::Fail, france),
        other("sample-network-open", Axis::Hardened, Severity::Low, Outcome::Pass, sweden),
    ];
    for account in [sweden, france, japan, developers[0]] {
        all.push(other("sample-responses-kept", Axis::Stateless, Severity::High, Outcome::Manual, account));
    }
    all.push(other("sample-responses-kept", Axis::Stateless, Severity::High, Outcome::Attested, legacy));
    all.push(other("sample-advice", Axis::Contained, Severity::Info, Outcome::Fail, japan));
    all.push(waived_unknown(legacy));
    all.push(of_project(japan));
    all.push(of_subscription(legacy));
    all.sort_by_key(|result| (result.account_id.to_lowercase(), result.rule, result.resource_id.to_lowercase()));
    all
}

/// A waiver lies over an unknown too.
fn waived_unknown(account: &AccountAssessment) -> RuleResult {
    let unread = other("sample-batch-kept", Axis::Stateless, Severity::Medium, Outcome::Unknown, account);
    let over = |waiver| Overlay::Waiver(WaiverSummary { inner: Outcome::Unknown, ticket: None, ..waiver });
    let overlay = match overlay(Outcome::Waived) {
        Some(Overlay::Waiver(waiver)) => Some(over(waiver)),
        Some(Overlay::Attestation(_)) | None => None,
    };
    RuleResult { outcome: Outcome::Waived, overlay, remediation: None, ..unread }
}

/// A result about a project of an account.
fn of_project(account: &AccountAssessment) -> RuleResult {
    let own = other("sample-agents-keep", Axis::Stateless, Severity::High, Outcome::Pass, account);
    RuleResult { resource_id: format!("{}/projects/forschung & <b>\"test\"</b>", account.id), ..own }
}

/// A result about a subscription as a whole, and about none of its accounts.
fn of_subscription(account: &AccountAssessment) -> RuleResult {
    let own = other("sample-subscription-ends", Axis::Contained, Severity::Medium, Outcome::Fail, account);
    let id = format!("/subscriptions/{}", account.subscription_id);
    RuleResult { account_id: id.clone(), resource_id: id, message: "the subscription is disabled".to_owned(), ..own }
}

fn subscription(id: &str, name: &str, state: &str, status: ReadStatus, accounts: usize) -> SubscriptionCoverage {
    let read = status != ReadStatus::Unreadable;
    SubscriptionCoverage {
        id: id.to_owned(),
        name: read.then(|| name.to_owned()),
        state: read.then(|| state.to_owned()),
        accounts,
        status,
        cause: (!read).then_some("forbidden"),
    }
}

fn unreadable(scope: String, operation: &'static str, action: Option<&str>) -> Unreadable {
    Unreadable {
        scope,
        operation,
        cause: if action.is_some() { "forbidden" } else { "throttled" },
        action: action.map(str::to_owned),
        detail: Some(format!("said {HOSTILE}")),
    }
}

/// The assessment. It is incomplete and has failures, so the exit code is 1.
pub(crate) fn assessment() -> Assessment {
    let mut accounts = accounts();
    let results = results(&accounts);
    judge(&mut accounts, &results);
    let long = id(DEVELOPMENT, "rg-sandbox", LONG);
    let mut unread = vec![
        unreadable(long.clone(), "accounts.get", Some("Microsoft.CognitiveServices/accounts/read")),
        unreadable(long, "deployments.list", Some("Microsoft.CognitiveServices/accounts/deployments/read")),
        unreadable(
            format!("/subscriptions/{LOCKED}"),
            "accounts.list",
            Some("Microsoft.CognitiveServices/accounts/read"),
        ),
        unreadable(id(PRODUCTION, "rg-ai", "oai-prod-france"), "connections.list", None),
    ];
    unread.sort();
    let coverage = Coverage {
        subscriptions: vec![
            subscription(PRODUCTION, "Production", "Enabled", ReadStatus::Partial, 4),
            subscription(DEVELOPMENT, "Entwicklung Süd", "Enabled", ReadStatus::Partial, 4),
            subscription(LOCKED, "", "", ReadStatus::Unreadable, 0),
            subscription(LEGACY, "Legacy", "Disabled", ReadStatus::Read, 1),
        ],
        requests: Requests { sent: 61, retried: 3, throttled: 1 },
        unreadable: unread,
        reach: ReachCoverage::default(),
    };
    Assessment {
        run: run(),
        complete: false,
        exit_code: 1,
        summary: summary(&accounts, &results),
        coverage,
        accounts,
        results: results.into(),
        notes: notes(),
        hints: hints(),
        clocks: clocks(),
        sources: sources(),
        comparison: None,
    }
}

fn run() -> Run {
    Run {
        started_at: at(0),
        resumed_at: None,
        finished_at: at(4),
        interrupted: None,
        as_of: at(0).to_zoned(jiff::tz::TimeZone::UTC).date(),
        source: Source::Live,
        cloud: Cloud::Public,
        scopes: vec!["all subscriptions".to_owned()],
        principal: Principal {
            tenant_id: Some("99999999-9999-4999-8999-999999999999".to_owned()),
            object_id: None,
            kind: Some("user".to_owned()),
        },
        policy: PolicySummary {
            pin: "geography".to_owned(),
            allow_locations: vec!["swedencentral".to_owned(), "francecentral".to_owned()],
            fail_on: FailOn::From(Severity::High),
            profile: Profile::Standard,
            allow_incomplete: false,
            regressions_only: false,
            file: Some(PolicySource { path: "zdr-check.toml".to_owned(), sha256: "cd".repeat(32) }),
            terms_lock: Some(PolicySource { path: format!("{HOSTILE}.lock"), sha256: "ef".repeat(32) }),
            scopes: vec![ScopeSummary {
                name: "dev".to_owned(),
                pin: "any".to_owned(),
                allow_locations: Vec::new(),
                accounts: 2,
            }],
        },
    }
}

/// The account states that follow from `results`.
fn judge(accounts: &mut [AccountAssessment], results: &[RuleResult]) {
    for account in accounts {
        for (axis, state) in &mut account.axes {
            let own = results.iter().filter(|result| result.severity > Severity::Info && result.axis == *axis);
            let own = own.filter(|result| result.account_id == account.id);
            let states = own.map(|result| match result.outcome {
                Outcome::Waived | Outcome::Attested => Outcome::Pass,
                other => other,
            });
            *state = states.min().unwrap_or(Outcome::NotApplicable);
        }
        let content = account.axes.iter().filter(|(axis, _)| *axis != Axis::Hardened);
        account.verdict = content.map(|(_, state)| *state).min().unwrap_or(Outcome::NotApplicable);
    }
}

/// The counts that follow from `accounts` and `results`.
pub(crate) fn summary(accounts: &[AccountAssessment], results: &[RuleResult]) -> Summary {
    let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
    for result in results {
        *outcomes.entry(result.outcome).or_default() += 1;
    }
    let with = |axis: Axis, state: Outcome| accounts.iter().filter(|account| account.axis(axis) == state).count();
    let gates = |result: &&RuleResult| result.outcome == Outcome::Fail && result.severity >= Severity::High;
    Summary {
        subscriptions: 4,
        accounts: accounts.len(),
        outcomes: Outcome::ALL.map(|outcome| (outcome, outcomes.get(&outcome).copied().unwrap_or(0))),
        axes: Axis::ALL.map(|axis| {
            let counts = AxisCounts {
                pass: with(axis, Outcome::Pass),
                fail: with(axis, Outcome::Fail),
                unknown: with(axis, Outcome::Unknown),
                manual: with(axis, Outcome::Manual),
            };
            (axis, counts)
        }),
        gating_failures: results.iter().filter(gates).count(),
        advice: results.iter().filter(|own| own.outcome == Outcome::Fail && own.severity == Severity::Info).count(),
        open_manual: outcomes.get(&Outcome::Manual).copied().unwrap_or(0),
    }
}

/// One failing rule on `count` deployments of `count` accounts.
pub(crate) fn many(count: usize) -> Assessment {
    let mut accounts: Vec<AccountAssessment> = (0..count)
        .map(|n| account(PRODUCTION, "rg", &format!("oai-{n:05}"), Some("swedencentral"), Some("OpenAI")))
        .collect();
    let results: Vec<RuleResult> = accounts.iter().map(|account| boundary(account, "chat", Outcome::Fail)).collect();
    for account in &mut accounts {
        account.verdict = Outcome::Fail;
        account.axes[1].1 = Outcome::Fail;
    }
    Assessment {
        complete: true,
        summary: summary(&accounts, &results),
        accounts,
        results: results.into(),
        ..assessment()
    }
}

fn hints() -> Vec<Hint> {
    let hint = |kind, message: &str, fix: &str| Hint { kind, message: message.to_owned(), fix: fix.to_owned() };
    vec![
        hint(
            HintKind::Access,
            "2 rights missing in 2 subscriptions; what they hide is unknown",
            &format!(
                "Assign the role Reader: az role assignment create --assignee CALLER --role Reader --scope /subscriptions/{LOCKED}"
            ),
        ),
        hint(
            HintKind::Policy,
            &format!("allow_locations that include \"{HOSTILE}\" would satisfy nothing"),
            "Put it into zdr-check.toml.",
        ),
    ]
}

fn clocks() -> Vec<Clock> {
    let clock = |store, state, scope: String, gone_by| Clock {
        store,
        holds: "content",
        scope,
        state,
        keeps: "48 hours".into(),
        gone_by,
        end: format!("Purge it: az cognitiveservices account purge --name '{HOSTILE}'").into(),
        source: zdr_check::knowledge::retention::DELETED_ACCOUNTS,
    };
    let deleted = format!(
        "/subscriptions/{PRODUCTION}/providers/Microsoft.CognitiveServices/locations/westeurope/resourceGroups/rg/deletedAccounts/{HOSTILE}"
    );
    vec![
        clock("deleted-account", ClockState::Running, deleted, Some(at(90_000))),
        clock("subscription", ClockState::Running, format!("/subscriptions/{LEGACY}"), None),
        clock("videos", ClockState::Found, id(PRODUCTION, "rg-ai", "oai-prod-france"), Some(at(86_404))),
        clock("responses", ClockState::Possible, id(PRODUCTION, "rg-ai", "oai-prod-france"), None),
    ]
}

fn sources() -> Vec<SourceRecord> {
    let source = zdr_check::knowledge::retention::DELETED_ACCOUNTS;
    let record = |id, is_dated, passage_found| SourceRecord {
        id,
        claim: "A deleted account can be recovered for 48 hours.",
        source,
        is_dated,
        standing: "documentation",
        rules: vec!["abuse-monitoring-storage-on"],
        contradicted_by: vec!["another-statement"],
        last_checked: date(2026, 11, 22),
        passage_found,
    };
    vec![record("first-statement", true, Some(false)), record("second-statement", false, None)]
}
