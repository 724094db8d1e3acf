//! What the rules claim, as registered statements: our wording, the page that says so, when that was last checked, what says
//! otherwise, and a passage that must still be on the page.
//!
//! A verdict is as good as the page behind it. `zdr-check terms` explains the statements, `zdr-check terms check` finds out
//! whether their ground has moved.

mod approved;
mod communication;
mod contained;
mod hardened;
mod pinned;
mod stateless;
mod subjects;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Source;

/// The day every statement was last compared with a stored copy of its page. Pages that carry no date are dated by it too.
pub const READ: &str = "2026-11-22";
/// [`READ`], to reckon with.
pub const READ_ON: Date = jiff::civil::date(2026, 11, 22);

/// What kind of source stands behind a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A page of Microsoft's documentation.
    Documentation,
    /// A reference derived from a specification: names and types, not behaviour.
    Specification,
    /// An answer in Microsoft's forum: not normative.
    Forum,
    /// Somebody else's page, or an issue.
    Community,
    /// The text of the law.
    Law,
    /// A page that is often taken for the source and is not: registered so that the confusion can be explained.
    Confusion,
}

impl Standing {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Specification => "specification",
            Self::Forum => "forum",
            Self::Community => "community",
            Self::Law => "law",
            Self::Confusion => "not-the-terms",
        }
    }

    /// What that means for a reader.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Documentation => "known from Microsoft's documentation; not measured",
            Self::Specification => "known from a reference of names and types",
            Self::Forum => "an answer in Microsoft's forum, not normative",
            Self::Community => "known from the community only",
            Self::Law => "the text of the law; not legal advice",
            Self::Confusion => "often quoted, and not the terms that apply",
        }
    }
}

/// One registered statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// Stable id, kebab-case.
    pub id: &'static str,
    /// What is claimed, in our words.
    pub claim: &'static str,
    /// The page, with its date.
    pub source: Source,
    /// A short quote or name that must be on the page.
    pub passage: &'static str,
    /// What kind of page it is.
    pub standing: Standing,
    /// Rules that rely on it, or that it is often confused with; none when only the [`stores`](super::stores) of the data map do.
    pub rules: &'static [&'static str],
    /// Statements it contradicts; [`contradictions`] reads both directions.
    pub contradicts: &'static [&'static str],
}

impl Statement {
    /// The day it was last checked (ISO).
    pub fn checked(&self) -> &'static str {
        READ
    }

    /// Whether its page carries a date of its own.
    pub fn is_dated(&self) -> bool {
        self.source.date != READ
    }
}

const fn page(title: &'static str, url: &'static str, date: &'static str) -> Source {
    Source { title, url, date }
}

/// A comparison of a statement with its page, by whoever runs the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// The last day its passage was looked for on the page.
    pub on: Date,
    /// Whether it was there.
    pub found: bool,
}

/// Comparisons by statement id.
pub type Sightings = BTreeMap<&'static str, Sighting>;

impl Statement {
    /// The day it was last compared with its page: by the program's authors, or later by whoever runs it.
    pub fn checked_on(&self, sightings: &Sightings) -> Date {
        self.sighting(sightings).map_or(READ_ON, |own| own.on)
    }

    /// The comparison by whoever runs the program, when it is not older than the program's own.
    pub fn sighting(&self, sightings: &Sightings) -> Option<Sighting> {
        sightings.get(self.id).copied().filter(|own| own.on >= READ_ON)
    }
}

/// Every statement, by the axis it matters to most; those on data subject requests last.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    let all =
        [approved::ALL, pinned::ALL, stateless::ALL, contained::ALL, communication::ALL, hardened::ALL, subjects::ALL];
    all.into_iter().flatten()
}

/// The statement with this id.
pub fn find(id: &str) -> Option<&'static Statement> {
    statements().find(|own| own.id == id)
}

/// The statements that say otherwise than `own`, whichever of the two was registered as contradicting the other.
pub fn contradictions(own: &Statement) -> Vec<&'static Statement> {
    statements().filter(|other| own.contradicts.contains(&other.id) || other.contradicts.contains(&own.id)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_contradictions_exist() {
        let ids: BTreeSet<&str> = statements().map(|own| own.id).collect();
        assert_eq!(ids.len(), statements().count());
        for own in statements() {
            assert!(own.contradicts.iter().all(|other| ids.contains(other) && *other != own.id), "{}", own.id);
        }
        let regional = find("regional-in-region").unwrap();
        assert_eq!(contradictions(regional).iter().map(|own| own.id).collect::<Vec<_>>(), ["regional-in-geography"]);
    }

    #[test]
    fn passages_are_short_and_sources_complete() {
        for own in statements() {
            assert!((1..=25).contains(&own.passage.split_whitespace().count()), "{}", own.id);
            assert!(own.source.url.starts_with("https://") && !own.source.title.is_empty(), "{}", own.id);
            assert!(own.source.date.parse::<Date>().is_ok(), "{}", own.id);
            assert!(own.claim.ends_with('.'), "{}", own.id);
            let mapped = crate::knowledge::stores::uses(own.id).next().is_some();
            assert!(mapped || !own.rules.is_empty(), "nothing relies on {}", own.id);
        }
    }

    #[test]
    fn the_later_of_two_comparisons_counts() {
        assert_eq!(READ_ON.to_string(), READ);
        let own = statements().next().unwrap();
        let on = |day: Date| Sightings::from([(own.id, Sighting { on: day, found: false })]);
        assert_eq!(own.checked_on(&Sightings::new()), READ_ON);
        assert_eq!(own.checked_on(&on(jiff::civil::date(2026, 11, 21))), READ_ON);
        let later = jiff::civil::date(2027, 2, 3);
        assert_eq!((own.checked_on(&on(later)), own.sighting(&on(later)).map(|own| own.found)), (later, Some(false)));
    }

    #[test]
    fn one_address_has_one_title_and_date() {
        for own in statements() {
            assert!(statements().all(|other| other.source.url != own.source.url || other.source == own.source));
        }
    }
}
