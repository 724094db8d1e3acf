//! What the logs of pipelines have in common: a few annotations that stand out, and a folded list of every result.
//!
//! GitHub Actions and Azure Pipelines keep ten errors and ten warnings of a step and drop the rest without a word. So failures
//! are grouped by rule, the worst first, and the tenth annotation says how many more there are.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Look;
use crate::assessment::{Assessment, Overlay, RuleResult};
use crate::docs;
use crate::outcome::{Outcome, Severity};
use crate::term::sanitise;

/// Annotations per level that a step keeps.
const KEPT: usize = 10;
/// Cause of what only a live scan can confirm.
const PLANNED: &str = "not-known-at-plan";
/// Resources an annotation names.
const NAMED: usize = 5;

/// How an annotation stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// It fails the run or makes it incomplete.
    Error,
    /// It is worth a look.
    Warning,
    /// For information.
    Notice,
}

/// One annotation. Its texts contain remote text; the format escapes them.
pub(super) struct Annotation {
    /// How it stands out.
    pub(super) level: Level,
    /// Rule id, or the class of a note.
    pub(super) code: String,
    /// One line.
    pub(super) title: String,
    /// What, where and how to mend it, in lines.
    pub(super) text: Vec<String>,
    /// Path and column of what it is about, in a plan; else it is about the policy file.
    pub(super) file: Option<(String, usize)>,
    /// Line of that file.
    pub(super) line: usize,
}

/// The annotations of a run: errors first, at most ten of a level.
pub(super) fn annotations(assessment: &Assessment) -> Vec<Annotation> {
    let mut all: Vec<Annotation> = unread(assessment).into_iter().chain(notes(assessment)).collect();
    let open: Vec<_> = assessment.results.open().collect();
    all.extend(by_rule(&open, assessment).into_iter().map(|(level, results)| group(level, &results)));
    [Level::Error, Level::Warning, Level::Notice]
        .into_iter()
        .flat_map(|level| {
            let (own, rest) = std::mem::take(&mut all).into_iter().partition(|annotation| annotation.level == level);
            all = rest;
            capped(level, own)
        })
        .collect()
}

/// What one annotation speaks of: level, outcome, rule and, in a plan, path and line.
type Group<'a> = (Level, Outcome, &'a str, Option<(&'a str, usize)>);

/// Failures, unknowns and open questions by level and rule, the worst first.
fn by_rule<'a>(all: &'a [Cow<'_, RuleResult>], assessment: &Assessment) -> Vec<(Level, Vec<&'a RuleResult>)> {
    let mut groups: BTreeMap<Group<'_>, Vec<&RuleResult>> = BTreeMap::new();
    for result in all {
        if let Some(level) = level(result, assessment) {
            // A failure with a line of its own has an annotation of its own.
            let line = result.location.as_ref().filter(|_| result.outcome == Outcome::Fail);
            let line = line.map(|own| (own.path.as_str(), own.line));
            groups.entry((level, result.outcome, result.rule, line)).or_default().push(result);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().map(|((level, ..), results)| (level, results)).collect();
    groups.sort_by_key(|(level, results)| (*level, results[0].outcome, Reverse(results[0].severity)));
    groups
}

/// How a result stands out; not at all when nothing is left to do.
fn level(result: &RuleResult, assessment: &Assessment) -> Option<Level> {
    let fail_on = assessment.run.policy.fail_on;
    match result.outcome {
        Outcome::Fail if result.severity == Severity::Info => Some(Level::Notice),
        Outcome::Fail if fail_on.counts(result.severity) => Some(Level::Error),
        Outcome::Fail => Some(Level::Warning),
        // One note of the run names them all.
        Outcome::Unknown if result.cause == Some(PLANNED) && assessment.complete => Some(Level::Notice),
        Outcome::Unknown if result.axis.is_promised() => Some(Level::Error),
        Outcome::Unknown => Some(Level::Warning),
        Outcome::Manual => Some(Level::Notice),
        Outcome::Waived | Outcome::Attested | Outcome::Pass | Outcome::NotApplicable => None,
    }
}

fn group(level: Level, results: &[&RuleResult]) -> Annotation {
    let first = results[0];
    let name = docs::title(first.rule).unwrap_or(first.rule);
    let title = format!("{}, {}: {name} ({})", first.outcome.as_str(), first.severity.as_str(), results.len());
    let mut text = vec![first.message.clone()];
    text.extend(listed(results.iter().map(|result| result.resource_id.clone())));
    text.push(format!("What to do: zdr-check explain {}", first.rule));
    let place = first.location.as_ref();
    let file = place.map(|own| (own.path.clone(), own.column));
    Annotation { level, code: first.rule.to_owned(), title, text, file, line: place.map_or(1, |own| own.line) }
}

/// One annotation for all that could not be read: accounts in such a place have no results of their own.
fn unread(assessment: &Assessment) -> Option<Annotation> {
    let reads = &assessment.coverage.unreadable;
    let mut text = vec!["What they would have shown was not judged.".to_owned()];
    text.extend(listed(reads.iter().map(|read| {
        let action = read.action.as_deref().map(|action| format!(", needs {action}")).unwrap_or_default();
        format!("{} {}: {}{action}", read.operation, read.scope, read.cause)
    })));
    let level = if assessment.complete { Level::Warning } else { Level::Error };
    let title = format!("{} reads failed", reads.len());
    (!reads.is_empty()).then(|| Annotation { level, code: "scope-unread".to_owned(), title, text, file: None, line: 1 })
}

/// The first few as a list, and how many more there are.
fn listed(items: impl ExactSizeIterator<Item = String>) -> impl Iterator<Item = String> {
    let more = items.len().checked_sub(NAMED).filter(|&more| more > 0);
    items
        .take(NAMED)
        .chain(more.map(|more| format!("and {more} more, listed in the log")))
        .map(|item| format!("- {item}"))
}

fn notes(assessment: &Assessment) -> impl Iterator<Item = Annotation> {
    assessment.notes.iter().map(|note| Annotation {
        level: if note.kind.is_loud() { Level::Warning } else { Level::Notice },
        code: note.kind.as_str().to_owned(),
        title: note.kind.as_str().replace('-', " "),
        text: vec![note.message.clone(), note.remediation.clone()],
        file: None,
        line: note.line.unwrap_or(1),
    })
}

/// Ten at most, the last of which names the others.
fn capped(level: Level, mut own: Vec<Annotation>) -> Vec<Annotation> {
    if own.len() <= KEPT {
        return own;
    }
    let rest = own.split_off(KEPT - 1);
    let mut codes: Vec<&str> = rest.iter().map(|annotation| annotation.code.as_str()).collect();
    codes.dedup();
    own.push(Annotation {
        level,
        code: "more".to_owned(),
        title: format!("{} more like these, listed in the log", rest.len()),
        text: vec![codes.join(", ")],
        file: None,
        line: 1,
    });
    own
}

/// A line that holds no command: both agents read `##[` and one `##vso[` anywhere in a line.
pub(super) fn plain(line: &str) -> String {
    let mut line = line.to_owned();
    while line.contains("##") {
        line = line.replace("##", "# #");
    }
    line
}

/// Writes every result, folded by outcome, the worst severity first. `open` and `close` are the marks of the log.
pub(super) fn list(
    assessment: &Assessment,
    look: &Look,
    (open, close): (&str, &str),
    out: &mut dyn Write,
) -> io::Result<()> {
    for outcome in Outcome::ALL {
        let mut own: Vec<_> = assessment.results.iter().filter(|result| result.outcome == outcome).collect();
        own.sort_by_key(|result| Reverse(result.severity));
        if own.is_empty() {
            continue;
        }
        writeln!(out, "{open}{} ({})", outcome.as_str(), own.len())?;
        if look.show_pass || !matches!(outcome, Outcome::Pass | Outcome::NotApplicable) {
            for result in own {
                writeln!(out, "{}", plain(&line(&result)))?;
            }
        } else {
            for (rule, count) in tally(&own) {
                writeln!(out, "{} {rule} ({count}); --show-pass lists them", outcome.as_str())?;
            }
        }
        writeln!(out, "{close}")?;
    }
    let reads = assessment.coverage.unreadable.iter();
    let reads = reads.map(|read| format!("not read: {} {} ({})", read.operation, read.scope, read.cause));
    let notes = assessment.notes.iter();
    let notes = notes.map(|note| format!("note: {}: {} {}", note.kind.as_str(), note.message, note.remediation));
    for (title, lines) in [("not read", reads.collect::<Vec<String>>()), ("notes", notes.collect())] {
        if !lines.is_empty() {
            writeln!(out, "{open}{title} ({})", lines.len())?;
            lines.iter().try_for_each(|line| writeln!(out, "{}", plain(&sanitise(line))))?;
            writeln!(out, "{close}")?;
        }
    }
    Ok(())
}

/// `fail high rule /subscriptions/…: message`. An id has no blank outside of names, and the rule comes before it.
fn line(result: &RuleResult) -> String {
    let overlay = match &result.overlay {
        Some(Overlay::Waiver(own)) => {
            format!(" [{} waived until {} by {}: {}]", own.inner.as_str(), own.expires, own.owner, own.reason)
        }
        Some(Overlay::Attestation(own)) => {
            format!(" [attested until {} by {}: {}]", own.expires, own.by, own.statement)
        }
        None => String::new(),
    };
    let (outcome, severity) = (result.outcome.as_str(), result.severity.as_str());
    let text = format!("{outcome} {severity} {} {}: {}{overlay}", result.rule, result.resource_id, result.message);
    sanitise(&text).into_owned()
}

fn tally(results: &[Cow<'_, RuleResult>]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for result in results {
        *counts.entry(result.rule).or_default() += 1;
    }
    counts
}

/// One line that says how it ended.
pub(super) fn verdict(assessment: &Assessment) -> String {
    let counts: Vec<String> = (assessment.summary.outcomes.iter())
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| format!("{count} {}", outcome.as_str()))
        .collect();
    let (accounts, exit) = (assessment.summary.accounts, assessment.exit_code);
    let complete = if assessment.complete { "complete" } else { "incomplete" };
    let accepted = if !assessment.complete && exit == 0 { ", accepted by --allow-incomplete" } else { "" };
    format!("zdr-check: {} on {accounts} accounts; {complete}{accepted}; exit {exit}", counts.join(", "))
}
