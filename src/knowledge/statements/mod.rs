//! What the rules claim, as registered statements: our wording, the page that says so, when that was last checked, what says
//! otherwise, and a passage that must still be on the page.
//!
//! A verdict is as good as the page behind it. `zdr-check terms` explains the statements, `zdr-check terms check` finds out
//! whether their ground has moved.

mod approved;
mod contained;
mod hardened;
mod pinned;
mod stateless;
mod subjects;

use super::Source;

/// The day every statement was last compared with a stored copy of its page. Pages that carry no date are dated by it too.
pub const READ: &str = "2026-11-22";

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

/// Days between [`READ`] and `today`.
pub fn age(today: jiff::civil::Date) -> Option<i32> {
    let read: jiff::civil::Date = READ.parse().ok()?;
    read.until(today).ok().map(|span| span.get_days())
}

/// Every statement, by the axis it matters to most; those on data subject requests last.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [approved::ALL, pinned::ALL, stateless::ALL, contained::ALL, hardened::ALL, subjects::ALL].into_iter().flatten()
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
            assert!(own.source.date.parse::<jiff::civil::Date>().is_ok(), "{}", own.id);
            assert!(own.claim.ends_with('.'), "{}", own.id);
            let mapped = crate::knowledge::stores::uses(own.id).next().is_some();
            assert!(mapped || !own.rules.is_empty(), "nothing relies on {}", own.id);
        }
    }

    #[test]
    fn one_address_has_one_title_and_date() {
        for own in statements() {
            assert!(statements().all(|other| other.source.url != own.source.url || other.source == own.source));
        }
    }
}
