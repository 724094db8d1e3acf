//! Pages as they are now against what the lock file knows of them.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::Date;
use similar::{ChangeTag, TextDiff};

use super::lock::{Lock, LockedPage};
use super::text;
use crate::knowledge::Source;
use crate::knowledge::statements::Statement;

/// A page as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// The address that served it.
    pub address: String,
}

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Miss {
    /// The server says that there is no such page any more.
    Gone(String),
    /// It could not be read, so nothing is known.
    Unread(String),
}

/// A page, or why there is none.
pub type Fetched = Result<Text, Miss>;

/// What became of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The lock file does not know it.
    New,
    /// As the lock file says.
    Same,
    /// Its text is another one.
    Changed,
    /// It is gone.
    Gone(String),
    /// It was gone when the lock file was written.
    StillGone(String),
    /// It could not be read.
    Unread(String),
}

impl State {
    /// Stable word for reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "unchanged",
            Self::Changed => "changed",
            Self::Gone(_) => "gone",
            Self::StillGone(_) => "still-gone",
            Self::Unread(_) => "unread",
        }
    }
}

/// What became of a watched passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageState {
    /// It is on the page.
    Found,
    /// It is on the page again.
    Back,
    /// It is not on the page.
    Lost,
    /// It was not on the page when the lock file was written.
    StillLost,
    /// The page could not be read.
    Unread,
}

impl PassageState {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Back => "back",
            Self::Lost => "lost",
            Self::StillLost => "still-lost",
            Self::Unread => "unread",
        }
    }
}

/// One watched passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPassage {
    /// The statement that watches it.
    pub statement: &'static Statement,
    /// SHA-256 of the passage.
    pub sha256: String,
    /// What became of it.
    pub state: PassageState,
    /// For one that is lost: the paragraph that is most like it; remote text.
    pub nearest: Option<String>,
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// `true` for a paragraph that is new, `false` for one that is gone.
    pub added: bool,
    /// The paragraph; remote text.
    pub text: String,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPage {
    /// The page.
    pub source: Source,
    /// What became of it.
    pub state: State,
    /// SHA-256 of its text, when there is one.
    pub sha256: Option<String>,
    /// The address that served it, when it is another one.
    pub redirected: Option<String>,
    /// Day of the last change the lock file knows.
    pub last_changed: Option<Date>,
    /// Its watched passages.
    pub passages: Vec<CheckedPassage>,
    /// What changed, when the text of before was stored.
    pub diff: Option<Vec<DiffLine>>,
}

impl CheckedPage {
    /// Whether the ground moved.
    pub fn moved(&self) -> bool {
        let page = match self.state {
            State::Changed | State::Gone(_) => true,
            State::New | State::Same | State::StillGone(_) | State::Unread(_) => false,
        };
        page || self.passages.iter().any(|own| matches!(own.state, PassageState::Lost | PassageState::Back))
    }

    /// Rules that rely on the page.
    pub fn rules(&self) -> BTreeSet<&'static str> {
        self.passages.iter().flat_map(|own| own.statement.rules).copied().collect()
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The pages, by address.
    pub pages: Vec<CheckedPage>,
}

impl Check {
    /// Pages whose ground moved.
    pub fn moved(&self) -> impl Iterator<Item = &CheckedPage> {
        self.pages.iter().filter(|page| page.moved())
    }

    /// Pages that could not be read.
    pub fn unread(&self) -> impl Iterator<Item = &CheckedPage> {
        self.pages.iter().filter(|page| matches!(page.state, State::Unread(_)))
    }

    /// Rules whose ground moved.
    pub fn rules(&self) -> BTreeSet<&'static str> {
        self.moved().flat_map(CheckedPage::rules).collect()
    }
}

/// Compares one page. `stored` gives the paragraphs of before, by their hash.
pub fn compare(
    watched: &[&'static Statement],
    source: Source,
    fetched: Fetched,
    lock: &Lock,
    stored: &dyn Fn(&str) -> Option<Vec<String>>,
) -> CheckedPage {
    let known = lock.pages.get(source.url);
    let last_changed = known.map(|known| known.last_changed);
    let (state, text) = match fetched {
        Ok(text) => (None, Some(text)),
        Err(Miss::Gone(why)) if known.is_some_and(|known| known.sha256.is_none()) => {
            (Some(State::StillGone(why)), None)
        }
        Err(Miss::Gone(why)) => (Some(State::Gone(why)), None),
        Err(Miss::Unread(why)) => (Some(State::Unread(why)), None),
    };
    let sha256 = text.as_ref().map(|text| text::digest(&text.paragraphs));
    let state = state.unwrap_or(match known {
        None => State::New,
        Some(known) if known.sha256 == sha256 => State::Same,
        Some(_) => State::Changed,
    });
    let passages = watched.iter().map(|own| passage(own, text.as_ref(), &state, known)).collect();
    let before = known.filter(|_| state == State::Changed).and_then(|known| stored(known.sha256.as_deref()?));
    let diff = before.zip(text.as_ref()).map(|(before, text)| diff(&before, &text.paragraphs));
    let redirected = text.map(|text| text.address).filter(|address| address != source.url);
    CheckedPage { source, state, sha256, redirected, last_changed, passages, diff }
}

fn passage(
    statement: &'static Statement,
    text: Option<&Text>,
    page: &State,
    known: Option<&LockedPage>,
) -> CheckedPassage {
    let folded = text::fold(statement.passage);
    let sha256 = text::digest_of(statement.passage);
    let known = known.and_then(|known| known.passages.get(statement.id)).filter(|known| known.sha256 == sha256);
    let found = text.is_some_and(|text| text::fold(&text.paragraphs.join(" ")).contains(&folded));
    let state = match (page, found, known.map(|known| known.present)) {
        (State::Unread(_), ..) => PassageState::Unread,
        (_, true, Some(false)) => PassageState::Back,
        (_, true, Some(true) | None) => PassageState::Found,
        (_, false, Some(false)) => PassageState::StillLost,
        (_, false, Some(true) | None) => PassageState::Lost,
    };
    let lost = matches!(state, PassageState::Lost | PassageState::StillLost);
    let nearest = text.filter(|_| lost).and_then(|text| nearest(&folded, &text.paragraphs));
    CheckedPassage { statement, sha256, state, nearest }
}

/// The paragraph with most words of the passage, if it has half of them.
fn nearest(passage: &str, paragraphs: &[String]) -> Option<String> {
    let wanted: BTreeSet<&str> = passage.split(' ').collect();
    let common = |line: &str| {
        let folded = text::fold(line);
        let words: BTreeSet<&str> = folded.split(' ').collect();
        words.intersection(&wanted).count()
    };
    let best = paragraphs.iter().map(|line| (common(line), line)).rev().max_by_key(|(common, _)| *common);
    best.filter(|(common, _)| common * 2 >= wanted.len()).map(|(_, line)| line.clone())
}

fn diff(before: &[String], now: &[String]) -> Vec<DiffLine> {
    let (before, now): (Vec<&str>, Vec<&str>) =
        (before.iter().map(String::as_str).collect(), now.iter().map(String::as_str).collect());
    // Two texts that share nothing would take too long; a coarser difference is still one.
    let diff = TextDiff::configure().timeout(Duration::from_secs(2)).diff_slices(&before, &now);
    let lines = diff.iter_all_changes().filter_map(|change| {
        let added = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Insert => true,
            ChangeTag::Delete => false,
        };
        Some(DiffLine { added, text: change.value().to_owned() })
    });
    lines.collect()
}
