//! Snapshot × rules × policy → assessment, in a stable order and at one choke point.
//!
//! This is where "could not tell" becomes an outcome of its own: a missing fact, a malformed row and a panicking check all end
//! in unknown for that resource and lose nothing else. What the policy file lays over a result passes through `overlay` only.

mod clocks;
mod communication;
mod coverage;
mod data_map;
mod hints;
mod overlay;
mod sources;
mod tally;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::clocks::Clocks;
use self::coverage::Reads;
pub use self::data_map::{data_map, request};
use self::hints::Hints;
use self::overlay::{Desk, Ruling};
use self::tally::Tally;
use crate::assessment::compare::{Change, Posture};
use crate::assessment::{
    AccountAssessment, Assessment, DeploymentSummary, PolicySource, PolicySummary, Results, RuleResult, Run,
    ScopeSummary,
};
use crate::config::{Overlays, PolicyFile, RuleSettings};
use crate::gate;
use crate::knowledge::processing;
use crate::outcome::{Axis, FailOn, Outcome, PlanUnknown, Profile, Severity, Unknown, UnknownCause, Verdict};
use crate::rules::{self, Check, CheckResult, Context, Policy, RULES, Rule};
use crate::snapshot::{
    AccountFacts, Cause, Citation, Deployment, Gateways, Include, Listing, Operation, PackedAccount, PackedSnapshot,
    Read, Snapshot, Subscription, Unavailable, why_not_known, why_not_whole,
};

/// How a run is judged: the part rules see and the part the gate sees.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What rules depend on.
    pub policy: Policy,
    /// `--fail-on`.
    pub fail_on: FailOn,
    /// `--profile`.
    pub profile: Profile,
    /// `--allow-incomplete`.
    pub allow_incomplete: bool,
    /// `--plan-unknown`.
    pub plan_unknown: PlanUnknown,
    /// What the policy file lays over the rules.
    pub overlays: Overlays,
    /// `--as-of`.
    pub as_of: AsOf,
}

/// The day on which waivers and attestations must hold, and by which knowledge has its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// The day (UTC) of reading, so that a snapshot is judged the same whenever it is looked at.
    Run,
    /// Another day.
    Day(Date),
}

impl AsOf {
    /// The day for a snapshot. A resumed reading is as old as its last part: it is that part that somebody waited for.
    fn day(self, snapshot: &Snapshot) -> Date {
        match self {
            Self::Run => snapshot.resumed_at.unwrap_or(snapshot.started_at).to_zoned(TimeZone::UTC).date(),
            Self::Day(day) => day,
        }
    }
}

impl Settings {
    /// The calls whose answers some rule needs that is on somewhere: at the top of the policy file or in one of its scopes.
    pub fn needs(&self) -> BTreeSet<Operation> {
        let on = |settings: &RuleSettings, rule: &Rule| settings.get(rule.id).map(|own| own.enabled);
        rules::needs(|rule| {
            let top = on(&self.overlays.rules, rule).unwrap_or(true);
            top || self.overlays.scopes.iter().any(|scope| on(&scope.rules, rule) == Some(true))
        })
    }
}

/// Why a rule that policy does not ask says nothing.
const SWITCHED_OFF: &str = "the policy file switches the rule off";
/// Why no rule says anything of an account.
const NO_MODELS: &str = "the account hosts no models";

/// Judges everything a run saw.
pub fn assess(snapshot: &Snapshot, settings: &Settings) -> Assessment {
    let gateways = Gateways::of(&snapshot.subscriptions);
    let mut bench = Bench::new(snapshot, settings, &gateways);
    let results: Vec<RuleResult> = snapshot.subscriptions.iter().flat_map(|own| bench.subscription(own)).collect();
    bench.finish(results.into())
}

/// The same of a packed snapshot, with one subscription unpacked at a time.
pub fn assess_packed(snapshot: PackedSnapshot, settings: &Settings) -> Assessment {
    let PackedSnapshot { frame, subscriptions } = snapshot;
    let parts = subscriptions.into_iter().map(|own| (own.light, own.accounts));
    let (lights, accounts): (Vec<Subscription>, Vec<Vec<PackedAccount>>) = parts.unzip();
    let gateways = Gateways::of(&lights);
    let mut bench = Bench::new(&frame, settings, &gateways);
    let results = Results::packed(lights.iter().zip(accounts).flat_map(|(light, accounts)| {
        let accounts = accounts.into_iter().map(|account| account.open()).collect();
        bench.subscription(&Subscription { accounts, ..light.clone() })
    }));
    bench.finish(results)
}

/// Where subscriptions are judged one after the other, sorted by id.
struct Bench<'a> {
    /// Everything but the subscriptions.
    frame: &'a Snapshot,
    settings: &'a Settings,
    gateways: &'a Gateways<'a>,
    today: Date,
    desk: Desk<'a>,
    reads: Reads,
    clocks: Clocks,
    hints: Hints,
    tally: Tally,
    accounts: Vec<AccountAssessment>,
}

impl<'a> Bench<'a> {
    fn new(frame: &'a Snapshot, settings: &'a Settings, gateways: &'a Gateways<'a>) -> Self {
        let today = settings.as_of.day(frame);
        Self {
            frame,
            settings,
            gateways,
            today,
            desk: Desk::new(settings, today),
            reads: Reads::default(),
            clocks: Clocks::default(),
            hints: Hints::default(),
            tally: Tally::default(),
            accounts: Vec::new(),
        }
    }

    /// Judges a subscription.
    fn subscription(&mut self, subscription: &Subscription) -> Vec<RuleResult> {
        let base = &self.settings.overlays.rules;
        let mut results: Vec<RuleResult> =
            RULES.iter().filter_map(|rule| run_subscription(rule, subscription, base)).collect();
        results.extend(communication::results(self.frame, subscription, self.settings));
        for result in &mut results {
            self.desk.lay_over(result);
        }
        for facts in &subscription.accounts {
            results.extend(self.account(subscription, facts));
        }
        results.sort_by_cached_key(RuleResult::key);
        self.reads.subscription(subscription);
        self.clocks.subscription(subscription, &results, self.frame.finished_at);
        self.tally.subscription(subscription, &results, self.settings);
        results
    }

    fn account(&mut self, subscription: &Subscription, facts: &AccountFacts) -> Vec<RuleResult> {
        let ruling = self.desk.ruling(facts);
        let context = Context {
            cloud: self.frame.cloud,
            policy: &ruling.policy,
            subscription,
            gateways: self.gateways,
            check_policies: self.frame.reach.asked.include.contains(&Include::Policies),
            today: self.today,
            facts,
        };
        let mut own: Vec<RuleResult> = RULES.iter().flat_map(|rule| judge(rule, &context, &ruling)).collect();
        for result in &mut own {
            self.desk.lay_over(result);
        }
        self.hints.account(&context, &ruling, &own);
        self.accounts.push(account(facts, &own, ruling.scope.map(|scope| scope.name.clone())));
        own
    }

    fn finish(mut self, results: Results) -> Assessment {
        let (frame, settings) = (self.frame, self.settings);
        self.accounts.sort_by_cached_key(|account| account.id.to_ascii_lowercase());
        let coverage = self.reads.finish(frame);
        let summary = self.tally.summary(&self.accounts);
        let complete = self.tally.is_complete() && frame.reach.gaps.is_empty() && frame.interrupted.is_none();
        let run = run_facts(frame, settings, self.today, self.desk.scopes());
        let mut notes = self.desk.notes();
        notes.extend(coverage::notes(frame, &coverage));
        let waives = !settings.overlays.waivers.items().is_empty();
        Assessment {
            complete,
            exit_code: gate::decide(&summary, complete, &run.policy).code(),
            hints: self.hints.finish(&coverage, &summary, &frame.principal, waives),
            clocks: self.clocks.finish(),
            sources: sources::records(self.tally.asked(), &settings.overlays),
            run,
            summary,
            coverage,
            accounts: self.accounts,
            results,
            notes,
            comparison: None,
        }
    }
}

/// Lays an earlier run beside an assessment. With `regressions_only` a failure that the earlier run had no longer fails this
/// one; what is unknown stays as it is, because nobody can tell whether it got worse.
pub fn compare(mut assessment: Assessment, baseline: &Posture, regressions_only: bool) -> Assessment {
    let comparison = baseline.compare(&Posture::of(&assessment));
    if regressions_only {
        let fail_on = assessment.run.policy.fail_on;
        let gating = |change: &&Change| change.after == Some(Outcome::Fail) && fail_on.counts(change.severity);
        assessment.run.policy.regressions_only = true;
        assessment.summary.gating_failures = comparison.regressions().filter(gating).count();
        assessment.exit_code = gate::decide(&assessment.summary, assessment.complete, &assessment.run.policy).code();
    }
    assessment.comparison = Some(comparison);
    assessment
}

/// Results of one rule on one account, as far as policy asks for it.
fn judge(rule: &'static Rule, context: &Context<'_>, ruling: &Ruling<'_>) -> Vec<RuleResult> {
    let unasked = matches!(rule.check, Check::Stores(_)) && context.facts.stores.is_empty();
    if unasked || matches!(rule.check, Check::Subscription(_) | Check::Communication(_)) {
        return Vec::new();
    }
    let account_id = &context.facts.id.id;
    if let Some(why) = &ruling.unclear {
        return vec![to_result(rule, account_id, account_id, Err(why.clone()))];
    }
    let setting = ruling.setting(rule.id);
    if setting.is_some_and(|setting| !setting.enabled) {
        let off = Ok(Verdict::not_applicable(SWITCHED_OFF));
        return vec![to_result(rule, account_id, account_id, off)];
    }
    let mut results = run(rule, context);
    if let Some(severity) = setting.and_then(|setting| setting.severity) {
        for result in &mut results {
            result.severity = severity;
        }
    }
    results
}

/// Result of one rule on a subscription as a whole, under the top of the policy file: a scope speaks of accounts. Accounts that
/// were named say nothing about the rest of theirs.
fn run_subscription(rule: &'static Rule, subscription: &Subscription, base: &RuleSettings) -> Option<RuleResult> {
    let named = matches!(subscription.listing, Read::Known(Listing::Named));
    match rule.check {
        Check::Subscription(check) if !named => {
            let id = format!("/subscriptions/{}", subscription.id);
            let setting = base.get(rule.id);
            if setting.is_some_and(|setting| !setting.enabled) {
                return Some(to_result(rule, &id, &id, Ok(Verdict::not_applicable(SWITCHED_OFF))));
            }
            let mut result = to_result(rule, &id, &id, guarded(|| check(subscription)));
            result.severity = setting.and_then(|setting| setting.severity).unwrap_or(result.severity);
            Some(result)
        }
        Check::Account(_)
        | Check::Deployment(_)
        | Check::Project(_)
        | Check::Stores(_)
        | Check::Subscription(_)
        | Check::Communication(_) => None,
    }
}

/// Results of one rule on one account.
fn run(rule: &'static Rule, context: &Context<'_>) -> Vec<RuleResult> {
    let account_id = &context.facts.id.id;
    let result = |resource: &str, outcome: CheckResult| to_result(rule, account_id, resource, outcome);
    match rule.check {
        Check::Account(check) | Check::Stores(check) => {
            let outcome = context.hosts_models().and_then(|hosts| {
                if hosts { guarded(|| check(context)) } else { Ok(Verdict::not_applicable(NO_MODELS)) }
            });
            vec![result(account_id, outcome)]
        }
        Check::Deployment(check) => match &context.facts.deployments {
            Read::Unavailable(why) => vec![result(account_id, Err(why.clone().into()))],
            Read::Known(list) => list
                .rows
                .iter()
                .map(|row| match row {
                    Read::Known(document) => result(&document.scope, guarded(|| check(context, &Deployment(document)))),
                    Read::Unavailable(why) => result(&why.scope, Err(why.clone().into())),
                })
                .collect(),
        },
        Check::Subscription(_) | Check::Communication(_) => Vec::new(),
        Check::Project(check) => match context.facts.projects() {
            Err(why) => vec![result(account_id, Err(why.into()))],
            Ok(projects) => {
                projects.iter().map(|project| result(&project.id, guarded(|| check(context, project)))).collect()
            }
        },
    }
}

/// A check that panics is a bug; it must not take the run with it, nor look like a pass.
fn guarded(check: impl FnOnce() -> CheckResult) -> CheckResult {
    catch_unwind(AssertUnwindSafe(check))
        .unwrap_or_else(|_| Err(Unknown::because(UnknownCause::CheckFailed, "the check itself failed", Vec::new())))
}

/// Nothing is concluded from a value that is known only after deployment, whatever a check made of it.
fn settled(outcome: CheckResult) -> CheckResult {
    // A failure can be certain although a part of what it cites is open; a pass cannot.
    let (evidence, open): (_, fn(&serde_json::Value) -> Option<&str>) = match &outcome {
        Ok(Verdict::Pass(proof)) => (&proof.evidence, why_not_whole),
        Ok(Verdict::Fail(finding)) => (&finding.evidence, why_not_known),
        Ok(Verdict::Manual(_) | Verdict::NotApplicable(_)) | Err(_) => return outcome,
    };
    let hole = |own: &Citation| {
        let why = open(&own.value)?;
        Some(Unavailable {
            cause: Cause::NotKnownAtPlan,
            operation: own.operation,
            scope: String::new(),
            detail: Some(format!("{}: {why}", own.pointer)),
            request_id: None,
            at: own.at,
        })
    };
    evidence.iter().find_map(hole).map_or(outcome, |why| Err(why.into()))
}

fn to_result(rule: &'static Rule, account_id: &str, resource_id: &str, outcome: CheckResult) -> RuleResult {
    let outcome = settled(outcome);
    let (outcome, message, cause, evidence, remediation) = match outcome {
        Ok(Verdict::Pass(proof)) => (Outcome::Pass, proof.message, None, proof.evidence, None),
        Ok(Verdict::Fail(finding)) => {
            (Outcome::Fail, finding.message, None, finding.evidence, Some(finding.remediation))
        }
        Ok(Verdict::Manual(question)) => {
            (Outcome::Manual, question.message, None, question.evidence, Some(question.remediation))
        }
        Ok(Verdict::NotApplicable(why)) => (Outcome::NotApplicable, why, None, Vec::new(), None),
        Err(unknown) => {
            let remediation = unknown.remediation();
            (Outcome::Unknown, unknown.message, Some(unknown.cause.as_str()), unknown.evidence, Some(remediation))
        }
    };
    RuleResult {
        rule: rule.id,
        axis: rule.axis,
        severity: rule.severity,
        outcome,
        account_id: account_id.to_owned(),
        resource_id: resource_id.to_owned(),
        message,
        cause,
        evidence,
        remediation,
        overlay: None,
        location: None,
    }
}

/// What an outcome means for an axis: what a person accepted or answered no longer weighs on it.
fn weight(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Waived | Outcome::Attested => Outcome::Pass,
        Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Pass | Outcome::NotApplicable => outcome,
    }
}

fn account(facts: &AccountFacts, results: &[RuleResult], policy_scope: Option<String>) -> AccountAssessment {
    let axes = Axis::ALL.map(|axis| {
        let own = results.iter().filter(|result| result.axis == axis && result.severity > Severity::Info);
        (axis, own.map(|result| weight(result.outcome)).min().unwrap_or(Outcome::NotApplicable))
    });
    let verdict = axes.iter().filter(|(axis, _)| axis.is_promised()).map(|(_, state)| *state).min();
    AccountAssessment {
        id: facts.id.id.clone(),
        name: facts.id.name.clone(),
        subscription_id: facts.id.subscription_id.clone(),
        resource_group: facts.id.resource_group.clone(),
        location: facts.location().map(str::to_owned),
        kind: facts.kind().map(str::to_owned),
        policy_scope,
        verdict: verdict.unwrap_or(Outcome::NotApplicable),
        axes,
        deployments: deployments(facts),
    }
}

fn deployments(facts: &AccountFacts) -> Option<Vec<DeploymentSummary>> {
    let rows = &facts.deployments.get_ref()?.rows;
    let mut all: Vec<DeploymentSummary> =
        rows.iter().filter_map(Read::get_ref).map(|row| deployment(&Deployment(row))).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Some(all)
}

fn deployment(deployment: &Deployment<'_>) -> DeploymentSummary {
    let sku = deployment.sku().ok();
    let model = deployment.model().ok();
    let (format, name, version) = model.map_or((None, None, None), |model| (model.format, model.name, model.version));
    DeploymentSummary {
        name: deployment.name().to_owned(),
        sku: sku.map(str::to_owned),
        model_format: format.map(str::to_owned),
        model_name: name.map(str::to_owned),
        model_version: version.map(str::to_owned),
        processing: processing::of_deployment(sku, format, name, version).as_str(),
    }
}

fn run_facts(snapshot: &Snapshot, settings: &Settings, as_of: Date, scopes: Vec<ScopeSummary>) -> Run {
    let source = |file: &PolicyFile| PolicySource { path: file.path.clone(), sha256: file.sha256.clone() };
    Run {
        started_at: snapshot.started_at,
        resumed_at: snapshot.resumed_at,
        finished_at: snapshot.finished_at,
        interrupted: snapshot.interrupted,
        as_of,
        source: snapshot.source,
        cloud: snapshot.cloud,
        scopes: snapshot.scopes.clone(),
        principal: snapshot.principal.clone(),
        policy: PolicySummary {
            pin: settings.policy.pin.as_str().to_owned(),
            allow_locations: settings.policy.allowed_locations.iter().flatten().cloned().collect(),
            fail_on: settings.fail_on,
            profile: settings.profile,
            allow_incomplete: settings.allow_incomplete,
            regressions_only: false,
            file: settings.overlays.file.as_ref().map(source),
            terms_lock: settings.overlays.terms_lock.as_ref().map(source),
            scopes,
        },
    }
}
