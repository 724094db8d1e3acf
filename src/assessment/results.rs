//! The results of a run. Ten thousand accounts have more than a million, of which a report looks at one after the other: they
//! wait packed, by rule, because what one rule says of many accounts differs in little more than names.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::iter::Peekable;

use serde::{Deserialize, Serialize};

use super::{Overlay, RuleResult};
use crate::outcome::{Axis, Outcome, Severity};
use crate::snapshot::{Citation, Location, Packed};

/// Results in one packed chunk: enough to be compressed well, few enough to be unpacked for every rule at once.
const CHUNK: usize = 64;

/// One entry per rule and resource, sorted by account, rule and resource.
#[derive(Debug, Clone)]
pub struct Results(Kept);

#[derive(Debug, Clone)]
enum Kept {
    Plain(Vec<RuleResult>),
    Packed(Shelves),
}

/// Packed results by rule and class, each in order.
#[derive(Debug, Clone, Default)]
struct Shelves {
    by_rule: BTreeMap<(&'static str, Class), Shelf>,
    /// Every cause there is.
    causes: Vec<&'static str>,
    length: usize,
}

/// What is looked at together: most reports leave passes out, and many what does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Open,
    Pass,
    NotApplicable,
}

#[derive(Debug, Clone, Default)]
struct Shelf {
    chunks: Vec<Packed<Vec<Stored>>>,
    /// Results that no chunk holds yet.
    waiting: Vec<Stored>,
}

/// A result without its rule, which is that of the shelf.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    axis: Axis,
    severity: Severity,
    outcome: Outcome,
    account_id: String,
    resource_id: String,
    message: String,
    /// Position in the list of causes.
    cause: Option<usize>,
    evidence: Vec<Citation>,
    remediation: Option<String>,
    overlay: Option<Overlay>,
    location: Option<Location>,
}

impl From<Vec<RuleResult>> for Results {
    fn from(mut plain: Vec<RuleResult>) -> Self {
        plain.sort_by_cached_key(RuleResult::key);
        Self(Kept::Plain(plain))
    }
}

impl Results {
    /// Packs results that come in order.
    pub fn packed(results: impl IntoIterator<Item = RuleResult>) -> Self {
        let mut shelves = Shelves::default();
        results.into_iter().for_each(|result| shelves.add(result));
        Self(Kept::Packed(shelves))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kept::Plain(all) => all.len(),
            Kept::Packed(shelves) => shelves.length,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every result, in order.
    pub fn iter(&self) -> Box<dyn Iterator<Item = Cow<'_, RuleResult>> + '_> {
        match &self.0 {
            Kept::Plain(all) => Box::new(all.iter().map(Cow::Borrowed)),
            Kept::Packed(shelves) => Box::new(shelves.merged(&|_, _| true).map(Cow::Owned)),
        }
    }

    /// Every result but passes, in order.
    pub fn but_passes(&self) -> Box<dyn Iterator<Item = Cow<'_, RuleResult>> + '_> {
        match &self.0 {
            Kept::Plain(all) => Box::new(all.iter().filter(|own| own.outcome != Outcome::Pass).map(Cow::Borrowed)),
            Kept::Packed(shelves) => Box::new(shelves.merged(&|_, class| class != Class::Pass).map(Cow::Owned)),
        }
    }

    /// Those that leave something to do or to know, in order: failed, unknown, manual, and what a person laid over them.
    pub fn open(&self) -> Box<dyn Iterator<Item = Cow<'_, RuleResult>> + '_> {
        match &self.0 {
            Kept::Plain(all) => Box::new(all.iter().filter(|own| class(own.outcome) == Class::Open).map(Cow::Borrowed)),
            Kept::Packed(shelves) => Box::new(shelves.merged(&|_, class| class == Class::Open).map(Cow::Owned)),
        }
    }

    /// Those with this outcome, in order.
    pub fn with(&self, outcome: Outcome) -> Vec<Cow<'_, RuleResult>> {
        self.like(outcome).filter(|own| own.outcome == outcome).collect()
    }

    /// Those of a rule with this outcome, in order.
    pub fn of(&self, rule: &str, outcome: Outcome) -> Vec<Cow<'_, RuleResult>> {
        let is = |own: &RuleResult| own.rule == rule && own.outcome == outcome;
        match &self.0 {
            Kept::Plain(all) => all.iter().filter(|own| is(own)).map(Cow::Borrowed).collect(),
            Kept::Packed(shelves) => {
                let own = shelves.merged(&|id, of| id == rule && of == class(outcome));
                own.filter(is).map(Cow::Owned).collect()
            }
        }
    }

    /// The rules with this outcome, sorted by id: the severity of the first such result, and how many there are.
    pub fn counts(&self, outcome: Outcome) -> Vec<(&'static str, Severity, usize)> {
        let mut counts: BTreeMap<&'static str, (Severity, usize)> = BTreeMap::new();
        for own in self.like(outcome).filter(|own| own.outcome == outcome) {
            counts.entry(own.rule).or_insert((own.severity, 0)).1 += 1;
        }
        counts.into_iter().map(|(rule, (severity, number))| (rule, severity, number)).collect()
    }

    /// Those of the class of an outcome, in order.
    fn like(&self, outcome: Outcome) -> Box<dyn Iterator<Item = Cow<'_, RuleResult>> + '_> {
        match &self.0 {
            Kept::Plain(all) => Box::new(all.iter().map(Cow::Borrowed)),
            Kept::Packed(shelves) => Box::new(shelves.merged(&|_, own| own == class(outcome)).map(Cow::Owned)),
        }
    }

    /// Every result, in order, unpacked.
    pub fn into_vec(self) -> Vec<RuleResult> {
        match self.0 {
            Kept::Plain(all) => all,
            Kept::Packed(shelves) => shelves.merged(&|_, _| true).collect(),
        }
    }

    /// Changes each; packed ones are unpacked first.
    pub fn change(&mut self, change: impl FnMut(&mut RuleResult)) {
        let mut all = std::mem::replace(self, Self(Kept::Plain(Vec::new()))).into_vec();
        all.iter_mut().for_each(change);
        *self = Self(Kept::Plain(all));
    }

    /// The rules that have a result.
    pub fn rules(&self) -> BTreeSet<&'static str> {
        match &self.0 {
            Kept::Plain(all) => all.iter().map(|own| own.rule).collect(),
            Kept::Packed(shelves) => shelves.by_rule.keys().map(|(rule, _)| *rule).collect(),
        }
    }
}

impl<'a> IntoIterator for &'a Results {
    type Item = Cow<'a, RuleResult>;
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Results {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Shelves {
    fn add(&mut self, result: RuleResult) {
        self.length += 1;
        let place = (result.rule, class(result.outcome));
        let stored = self.stored(result);
        let own = self.by_rule.entry(place).or_default();
        own.waiting.push(stored);
        if own.waiting.len() >= CHUNK {
            own.chunks.push(Packed::new(std::mem::take(&mut own.waiting)));
        }
    }

    fn stored(&mut self, own: RuleResult) -> Stored {
        let cause = own.cause.map(|cause| {
            self.causes.iter().position(|known| *known == cause).unwrap_or_else(|| {
                self.causes.push(cause);
                self.causes.len() - 1
            })
        });
        Stored {
            axis: own.axis,
            severity: own.severity,
            outcome: own.outcome,
            account_id: own.account_id,
            resource_id: own.resource_id,
            message: own.message,
            cause,
            evidence: own.evidence,
            remediation: own.remediation,
            overlay: own.overlay,
            location: own.location,
        }
    }

    fn result(&self, rule: &'static str, own: Stored) -> RuleResult {
        RuleResult {
            rule,
            axis: own.axis,
            severity: own.severity,
            outcome: own.outcome,
            account_id: own.account_id,
            resource_id: own.resource_id,
            message: own.message,
            cause: own.cause.and_then(|cause| self.causes.get(cause).copied()),
            evidence: own.evidence,
            remediation: own.remediation,
            overlay: own.overlay,
            location: own.location,
        }
    }

    /// The results of the shelves that are `wanted`, in order: the next of each shelf, the first of these first.
    fn merged(&self, wanted: &dyn Fn(&str, Class) -> bool) -> Box<dyn Iterator<Item = RuleResult> + '_> {
        let own = self.by_rule.iter().filter(|((rule, class), _)| wanted(rule, *class));
        let mut sources: Vec<Peekable<_>> = own.map(|((rule, _), shelf)| self.read(rule, shelf).peekable()).collect();
        let mut heads: BinaryHeap<_> = (0..sources.len())
            .filter_map(|at| sources.get_mut(at)?.peek().map(|own| Reverse((own.key(), at))))
            .collect();
        Box::new(std::iter::from_fn(move || {
            let Reverse((_, at)) = heads.pop()?;
            let source = sources.get_mut(at)?;
            let next = source.next();
            heads.extend(source.peek().map(|own| Reverse((own.key(), at))));
            next
        }))
    }

    fn read<'a>(&'a self, rule: &'static str, own: &'a Shelf) -> Box<dyn Iterator<Item = RuleResult> + 'a> {
        let packed = own.chunks.iter().filter_map(Packed::open).flatten();
        Box::new(packed.chain(own.waiting.iter().cloned()).map(move |stored| self.result(rule, stored)))
    }
}

fn class(outcome: Outcome) -> Class {
    match outcome {
        Outcome::Pass => Class::Pass,
        Outcome::NotApplicable => Class::NotApplicable,
        Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Waived | Outcome::Attested => Class::Open,
    }
}
