//! The lock file: what every page and passage looked like when it was last read. Written sorted, so that the same facts are
//! the same bytes; read strictly, because people edit it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use super::compare::{Check, PassageState, State};
use super::text::digest_of;

/// Version of the format this program writes, and the newest it reads.
const VERSION: i64 = 1;

const HEADING: &str = "\
# What the pages behind the rules of zdr-check said. Written by `zdr-check terms check --update`; keep it with your policy.
version = 1
";

/// What was known of every page, by address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The pages.
    pub pages: BTreeMap<String, LockedPage>,
}

/// What was known of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPage {
    /// SHA-256 of its normalised text; none when it was gone.
    pub sha256: Option<String>,
    /// First day it was read.
    pub first_seen: Date,
    /// Last day it was asked for and answered.
    pub last_seen: Date,
    /// Last day it looked otherwise than before.
    pub last_changed: Date,
    /// Its watched passages, by statement.
    pub passages: BTreeMap<String, LockedPassage>,
}

/// What was known of one watched passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPassage {
    /// SHA-256 of the passage.
    pub sha256: String,
    /// Whether it was on the page.
    pub present: bool,
    /// First day it was looked for.
    pub first_seen: Date,
    /// Last day it was looked for.
    pub last_seen: Date,
    /// Last day it appeared or vanished.
    pub last_changed: Date,
}

impl LockedPassage {
    /// Whether it is this passage; another version of the program may have watched another one.
    pub fn is_of(&self, passage: &str) -> bool {
        self.sha256 == digest_of(passage)
    }
}

/// What is wrong with a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

#[derive(Deserialize)]
struct RawVersion {
    version: Spanned<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[expect(dead_code, reason = "read by RawVersion; named here because other keys are refused")]
    version: i64,
    #[serde(default)]
    page: Vec<RawPage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPage {
    url: Spanned<String>,
    sha256: Option<Spanned<String>>,
    first_seen: Spanned<String>,
    last_seen: Spanned<String>,
    last_changed: Spanned<String>,
    #[serde(default)]
    passage: Vec<RawPassage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPassage {
    statement: Spanned<String>,
    sha256: Spanned<String>,
    present: bool,
    first_seen: Spanned<String>,
    last_seen: Spanned<String>,
    last_changed: Spanned<String>,
}

/// The file while it is read, for places of mistakes.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn error(&self, span: Option<Range<usize>>, message: impl Into<String>) -> LockError {
        let offset = span.map_or(0, |span| span.start);
        let before = self.0.get(..offset.min(self.0.len())).unwrap_or(self.0);
        LockError { line: before.matches('\n').count() + 1, message: message.into() }
    }

    fn toml(&self, error: &toml::de::Error) -> LockError {
        self.error(error.span(), error.message().lines().collect::<Vec<_>>().join("; "))
    }

    fn digest(&self, value: &Spanned<String>) -> Result<String, LockError> {
        let text = value.get_ref();
        if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(text.clone())
        } else {
            Err(self.error(Some(value.span()), "sha256 must be 64 hexadecimal digits in lower case"))
        }
    }

    fn dates(&self, values: [&Spanned<String>; 3]) -> Result<[Date; 3], LockError> {
        let mut dates = [Date::MIN; 3];
        for (date, value) in dates.iter_mut().zip(values) {
            *date = value.get_ref().parse().map_err(|_| {
                self.error(Some(value.span()), format!("{:?} is no date of the form 2026-01-31", value.get_ref()))
            })?;
        }
        let [first, last, changed] = dates;
        if first > last || changed > last || changed < first {
            let order = "first_seen, last_changed and last_seen must follow each other in time";
            return Err(self.error(Some(values[0].span()), order));
        }
        Ok(dates)
    }

    fn page(&self, raw: RawPage) -> Result<(String, LockedPage), LockError> {
        let [first_seen, last_seen, last_changed] = self.dates([&raw.first_seen, &raw.last_seen, &raw.last_changed])?;
        let sha256 = raw.sha256.as_ref().map(|own| self.digest(own)).transpose()?;
        let mut passages = BTreeMap::new();
        for own in raw.passage {
            let [first_seen, last_seen, last_changed] =
                self.dates([&own.first_seen, &own.last_seen, &own.last_changed])?;
            let sha256 = self.digest(&own.sha256)?;
            let (span, id) = (own.statement.span(), own.statement.into_inner());
            let known = LockedPassage { sha256, present: own.present, first_seen, last_seen, last_changed };
            if passages.insert(id.clone(), known).is_some() {
                return Err(self.error(Some(span), format!("the statement {id:?} is there twice")));
            }
        }
        Ok((raw.url.into_inner(), LockedPage { sha256, first_seen, last_seen, last_changed, passages }))
    }
}

impl Lock {
    /// Reads a lock file.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let reader = Reader(text);
        let version: RawVersion = toml::from_str(text).map_err(|error| reader.toml(&error))?;
        if *version.version.get_ref() != VERSION {
            let message =
                format!("version {} is not one this zdr-check reads; it reads {VERSION}", version.version.get_ref());
            return Err(reader.error(Some(version.version.span()), message));
        }
        let raw: Raw = toml::from_str(text).map_err(|error| reader.toml(&error))?;
        let mut pages = BTreeMap::new();
        for own in raw.page {
            let span = own.url.span();
            let (url, page) = reader.page(own)?;
            if pages.contains_key(&url) {
                return Err(reader.error(Some(span), format!("the page {url:?} is there twice")));
            }
            pages.insert(url, page);
        }
        Ok(Self { pages })
    }

    /// The file: the same facts are the same bytes.
    pub fn text(&self) -> String {
        let mut out = HEADING.to_owned();
        for (url, page) in &self.pages {
            let LockedPage { sha256, first_seen, last_seen, last_changed, passages } = page;
            // Writing to a string cannot fail.
            let _ = write!(out, "\n[[page]]\nurl = {}\n", quoted(url));
            if let Some(sha256) = sha256 {
                let _ = writeln!(out, "sha256 = {}", quoted(sha256));
            }
            days(&mut out, [first_seen, last_seen, last_changed]);
            for (id, own) in passages {
                let _ =
                    write!(out, "\n[[page.passage]]\nstatement = {}\nsha256 = {}\n", quoted(id), quoted(&own.sha256));
                let _ = writeln!(out, "present = {}", own.present);
                days(&mut out, [&own.first_seen, &own.last_seen, &own.last_changed]);
            }
        }
        out
    }

    /// Takes over what a check found. Pages that could not be read keep what was known of them.
    pub fn update(&mut self, check: &Check, today: Date) {
        for page in &check.pages {
            let sha256 = match &page.state {
                State::Unread(_) => continue,
                State::Gone(_) | State::StillGone(_) => None,
                State::New | State::Same | State::Changed => page.sha256.clone(),
            };
            let known = self.pages.remove(page.source.url);
            let first_seen = known.as_ref().map_or(today, |known| known.first_seen);
            let unchanged = known.as_ref().filter(|known| known.sha256 == sha256);
            let last_changed = unchanged.map_or(today, |known| known.last_changed);
            let mut passages = known.map(|known| known.passages).unwrap_or_default();
            for own in &page.passages {
                let before = passages.remove(own.statement.id).filter(|before| before.sha256 == own.sha256);
                let present = matches!(own.state, PassageState::Found | PassageState::Back);
                let unchanged = before.as_ref().filter(|before| before.present == present);
                let passage = LockedPassage {
                    sha256: own.sha256.clone(),
                    present,
                    first_seen: before.as_ref().map_or(today, |before| before.first_seen),
                    last_seen: today.max(before.as_ref().map_or(today, |before| before.last_seen)),
                    last_changed: unchanged.map_or(today, |before| before.last_changed),
                };
                passages.insert(own.statement.id.to_owned(), passage);
            }
            let last_seen = today.max(last_changed);
            let page_now =
                LockedPage { sha256, first_seen: first_seen.min(last_seen), last_seen, last_changed, passages };
            self.pages.insert(page.source.url.to_owned(), page_now);
        }
    }

    /// Leaves out what no statement speaks of any more.
    pub fn prune(&mut self, known: &dyn Fn(&str, Option<&str>) -> bool) {
        self.pages.retain(|url, page| {
            page.passages.retain(|id, _| known(url, Some(id)));
            known(url, None)
        });
    }
}

fn days(out: &mut String, [first, last, changed]: [&Date; 3]) {
    let _ = write!(out, "first_seen = \"{first}\"\nlast_seen = \"{last}\"\nlast_changed = \"{changed}\"\n");
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
