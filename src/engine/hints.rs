//! What would help most, worked out from what the run already knows: which role is missing where, which policy line would
//! satisfy which rule, who has to answer what.
//!
//! A hint decides nothing. A policy line is found by asking the same rules again under that line, so a hint cannot promise
//! what a run with the line would not show.

use std::collections::{BTreeMap, BTreeSet};

use super::overlay::Ruling;
use super::run;
use crate::assessment::{Coverage, Hint, HintKind, RuleResult, Summary};
use crate::knowledge::processing::Pin;
use crate::knowledge::regions;
use crate::outcome::{Axis, Outcome, Severity};
use crate::rules::{Context, Policy, RULES};
use crate::snapshot::{Operation, Principal};

/// A subscription is named in a command up to this many.
const NAMED: usize = 3;

/// A line of the policy file that is not there today.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    Pin(&'static str),
    Allow(String),
}

/// Collects hints while accounts are judged.
#[derive(Debug, Default)]
pub(super) struct Hints {
    /// Open results of a rule that a line would turn into passes.
    satisfied: BTreeMap<(Line, &'static str), usize>,
    /// Open results per rule on the axis that policy lines speak about.
    open: BTreeMap<&'static str, usize>,
    /// Rules that wait for a person, and on how many results.
    manual: BTreeMap<&'static str, usize>,
}

impl Hints {
    /// Looks at the results of one account, overlays included.
    pub(super) fn account(&mut self, context: &Context<'_>, ruling: &Ruling<'_>, results: &[RuleResult]) {
        let counts = |result: &&RuleResult| result.severity > Severity::Info;
        for result in results.iter().filter(counts).filter(|result| result.outcome == Outcome::Manual) {
            *self.manual.entry(result.rule).or_default() += 1;
        }
        if ruling.unclear.is_some() {
            return;
        }
        let open: Vec<&RuleResult> = results.iter().filter(counts).filter(|result| is_open(result)).collect();
        for result in &open {
            *self.open.entry(result.rule).or_default() += 1;
        }
        if open.is_empty() {
            return;
        }
        for (line, policy) in lines(context, &ruling.policy) {
            for (rule, turned) in gains(&Context { policy: &policy, ..*context }, results, &open) {
                *self.satisfied.entry((line.clone(), rule)).or_default() += turned;
            }
        }
    }

    /// The hints, the ones that close a blind spot first.
    pub(super) fn finish(self, coverage: &Coverage, summary: &Summary, caller: &Principal, waives: bool) -> Vec<Hint> {
        let mut hints: Vec<Hint> = access(coverage, caller).collect();
        hints.extend(self.policy());
        hints.extend(self.attestation());
        if summary.gating_failures > 0 && !waives {
            hints.push(Hint {
                kind: HintKind::Waiver,
                message: "failures that are accepted for now can be waived until a date, with a reason and an owner"
                    .to_owned(),
                fix: "Run again with --write-waivers FILE, which drafts a waiver for each, and edit the draft."
                    .to_owned(),
            });
        }
        hints
    }

    fn policy(&self) -> Vec<Hint> {
        let mut lines: BTreeMap<&Line, Vec<String>> = BTreeMap::new();
        for ((line, rule), turned) in &self.satisfied {
            let all = self.open.get(rule).copied().unwrap_or(*turned);
            lines.entry(line).or_default().push(format!("{turned} of {all} open results of {rule}"));
        }
        let hint = |(line, gains): (&Line, Vec<String>)| {
            let text = match line {
                Line::Pin(word) => format!("pin = \"{word}\""),
                Line::Allow(region) => format!("allow_locations that include \"{region}\""),
            };
            Hint {
                kind: HintKind::Policy,
                message: format!("{text} would satisfy {}", gains.join(" and ")),
                fix: "Put it into zdr-check.toml, at the top or in a [[scope]], if that is what your contract allows."
                    .to_owned(),
            }
        };
        lines.into_iter().map(hint).collect()
    }

    fn attestation(&self) -> Option<Hint> {
        let (rules, results) = (self.manual.len(), self.manual.values().sum::<usize>());
        (rules > 0).then(|| Hint {
            kind: HintKind::Attestation,
            message: format!("{results} results of {rules} rules wait for a person; no API can answer them"),
            fix: "Answer a rule for many accounts at once with an [[attestation]] in zdr-check.toml; zdr-check init shows one."
                .to_owned(),
        })
    }
}

/// Whether a line of the policy file could satisfy a result.
fn is_open(result: &RuleResult) -> bool {
    result.axis == Axis::Pinned && matches!(result.outcome, Outcome::Fail | Outcome::Unknown)
}

/// How many open results of which rule pass under another policy; none when anything gets worse under it.
fn gains(context: &Context<'_>, before: &[RuleResult], open: &[&RuleResult]) -> BTreeMap<&'static str, usize> {
    let pinned = RULES.iter().filter(|rule| rule.axis == Axis::Pinned && rule.severity > Severity::Info);
    let now: Vec<RuleResult> = pinned.flat_map(|rule| run(rule, context)).collect();
    let same = |a: &RuleResult, b: &RuleResult| a.rule == b.rule && a.resource_id == b.resource_id;
    let was_open = |own: &RuleResult| before.iter().any(|old| same(old, own) && old.outcome != Outcome::Pass);
    let mut gains = BTreeMap::new();
    if now.iter().any(|own| is_open(own) && !was_open(own)) {
        return gains;
    }
    for result in open.iter().filter(|old| now.iter().any(|own| same(old, own) && own.outcome == Outcome::Pass)) {
        *gains.entry(result.rule).or_default() += 1;
    }
    gains
}

/// The lines worth trying for an account: another boundary than today's that is not "anywhere", and its own location.
fn lines(context: &Context<'_>, policy: &Policy) -> Vec<(Line, Policy)> {
    let wider = |pin: &Pin| match pin {
        Pin::Any | Pin::Region => false,
        Pin::Geography | Pin::DataZone(_) => *pin != policy.pin && policy.pin != Pin::Any,
    };
    let mut all: Vec<(Line, Policy)> = Pin::ALL
        .into_iter()
        .filter(wider)
        .map(|pin| (Line::Pin(pin.as_str()), Policy { pin, ..policy.clone() }))
        .collect();
    let location = context.facts.location().map(regions::normalise);
    if let (Some(allowed), Some(location)) = (&policy.allowed_locations, location)
        && !allowed.contains(&location)
        && regions::find(&location).is_some()
    {
        let mut allowed = allowed.clone();
        allowed.insert(location.clone());
        all.push((Line::Allow(location), Policy { allowed_locations: Some(allowed), ..policy.clone() }));
    }
    all
}

/// What would let the caller read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Missing {
    /// The built-in role Reader.
    Reader,
    /// A role of its own.
    Role,
    /// A role with data actions.
    DataRole,
}

/// Which role is missing where. The built-in role Reader holds every control-plane action that ends in `/read` (Azure
/// built-in roles, Reader: `*/read`, 2026-08-14); any other action needs a role of its own.
fn access(coverage: &Coverage, caller: &Principal) -> impl Iterator<Item = Hint> {
    let mut places: BTreeMap<Missing, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for read in &coverage.unreadable {
        let subscription = read.scope.split('/').nth(2).filter(|id| !id.is_empty());
        if let (Some(action), Some(subscription)) = (read.action.as_deref(), subscription) {
            let missing = if Operation::STORES.iter().any(|own| own.as_str() == read.operation) {
                Missing::DataRole
            } else if action.to_ascii_lowercase().ends_with("/read") {
                Missing::Reader
            } else {
                Missing::Role
            };
            let (actions, subscriptions) = places.entry(missing).or_default();
            actions.insert(action);
            subscriptions.insert(subscription);
        }
    }
    let who = match caller.object_id.as_deref() {
        Some(id) => format!("--assignee-object-id {id}"),
        None => "--assignee CALLER".to_owned(),
    };
    let hint = move |(missing, (actions, subscriptions)): (Missing, (BTreeSet<&str>, BTreeSet<&str>))| {
        let number = subscriptions.len();
        let place = if number == 1 { "1 subscription".to_owned() } else { format!("{number} subscriptions") };
        let what = match actions.len() {
            1 => actions.first().copied().unwrap_or_default().to_owned(),
            rights => format!("{rights} rights"),
        };
        let fix = match missing {
            Missing::Role => {
                "Create a role with the actions that zdr-check permissions prints, and assign it there.".to_owned()
            }
            Missing::DataRole => {
                "Create a role with the data actions that zdr-check permissions --data-plane prints, and assign it there; the role Reader \
                 has none.".to_owned()
            }
            Missing::Reader => {
            let assign =
                |id: &&str| format!("az role assignment create {who} --role Reader --scope /subscriptions/{id}");
            let commands: Vec<String> = subscriptions.iter().take(NAMED).map(assign).collect();
            let rest = if number > NAMED { " in each of them, for example" } else { "" };
            format!("Assign the role Reader{rest}: {}", commands.join("; "))
            }
        };
        Hint { kind: HintKind::Access, message: format!("{what} missing in {place}; what they hide is unknown"), fix }
    };
    places.into_iter().map(hint)
}
