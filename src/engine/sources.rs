//! The statements behind the rules of a run, with the day each was last compared with its page.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::assessment::{Note, NoteKind, SourceRecord};
use crate::config::Overlays;
use crate::knowledge::statements::{Statement, contradictions, statements};

/// Statements that a note names; the source list of the report has them all.
const NAMED: usize = 5;

/// Every statement that one of these rules relies on, by id.
pub(super) fn records(rules: &BTreeSet<&str>, overlays: &Overlays) -> Vec<SourceRecord> {
    let record = |own: &'static Statement| SourceRecord {
        id: own.id,
        claim: own.claim,
        source: own.source,
        is_dated: own.is_dated(),
        standing: own.standing.as_str(),
        rules: own.rules.iter().copied().filter(|rule| rules.contains(rule)).collect(),
        contradicted_by: contradictions(own).into_iter().map(|other| other.id).collect(),
        last_checked: own.checked_on(&overlays.sightings),
        passage_found: own.sighting(&overlays.sightings).map(|own| own.found),
    };
    let mut all: Vec<SourceRecord> = statements().map(record).filter(|own| !own.rules.is_empty()).collect();
    all.sort_by_key(|own| own.id);
    all
}

/// Statements that nobody compared with their pages for longer than policy allows.
pub(super) fn note_on_age(overlays: &Overlays, today: Date) -> Option<Note> {
    let most = i32::from(overlays.max_knowledge_age_days);
    let age = |own: &Statement| {
        let on = own.checked_on(&overlays.sightings);
        on.until(today).ok().map(|span| (span.get_days(), on, own.id)).filter(|(days, ..)| *days > most)
    };
    let mut old: Vec<(i32, Date, &str)> = statements().filter_map(age).collect();
    old.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.2.cmp(b.2)));
    let (days, on, _) = *old.first()?;
    let (number, all) = (old.len(), statements().count());
    let which = if number == all {
        format!("the statements behind the rules were last checked {days} days ago ({on}) or later")
    } else {
        let names = named(old.iter().map(|(.., id)| *id));
        format!("{number} of {all} statements behind the rules were last checked up to {days} days ago ({on}): {names}")
    };
    let remediation = "Compare them with their pages: zdr-check terms check --update; or update zdr-check.".to_owned();
    Some(Note { kind: NoteKind::KnowledgeOld, message: which, line: None, remediation })
}

/// Statements whose passage was not on the page any more, which whoever wrote the lock file accepted.
pub(super) fn note_on_moved(overlays: &Overlays) -> Option<Note> {
    let lost = |own: &&Statement| own.sighting(&overlays.sightings).is_some_and(|own| !own.found);
    let ids: Vec<&str> = statements().filter(lost).map(|own| own.id).collect();
    let which = match ids.len() {
        1 => "the watched passage of 1 statement was not on its page".to_owned(),
        number => format!("the watched passages of {number} statements were not on their pages"),
    };
    (!ids.is_empty()).then(|| Note {
        kind: NoteKind::SourceMoved,
        message: format!("{which} when last checked: {}", named(ids.iter().copied())),
        line: None,
        remediation: "See whether its claim still holds: zdr-check terms show ID.".to_owned(),
    })
}

/// The first few, and how many more.
fn named<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = ids.len().checked_sub(NAMED).filter(|more| *more > 0);
    let names: Vec<&str> = ids.take(NAMED).collect();
    more.map_or_else(|| names.join(", "), |more| format!("{} and {more} more", names.join(", ")))
}
