//! Statements and checks for programs.

use serde::Serialize;

use super::compare::{Check, CheckedPage, CheckedPassage, State};
use crate::knowledge::statements::{Statement, contradictions};

#[derive(Serialize)]
struct Listed {
    id: &'static str,
    claim: &'static str,
    standing: &'static str,
    title: &'static str,
    url: &'static str,
    /// None for a page that carries no date.
    date: Option<&'static str>,
    checked: &'static str,
    passage: &'static str,
    rules: &'static [&'static str],
    contradicts: Vec<&'static str>,
}

impl From<&'static Statement> for Listed {
    fn from(own: &'static Statement) -> Self {
        Self {
            id: own.id,
            claim: own.claim,
            standing: own.standing.as_str(),
            title: own.source.title,
            url: own.source.url,
            date: own.is_dated().then_some(own.source.date),
            checked: own.checked(),
            passage: own.passage,
            rules: own.rules,
            contradicts: contradictions(own).into_iter().map(|other| other.id).collect(),
        }
    }
}

/// Statements as a JSON list.
///
/// # Errors
/// None that can happen with plain strings; the serializer's type asks for it.
pub fn listing(statements: &[&'static Statement]) -> serde_json::Result<String> {
    let rows: Vec<Listed> = statements.iter().copied().map(Listed::from).collect();
    serde_json::to_string_pretty(&rows).map(|text| text + "\n")
}

/// One statement as a JSON object.
///
/// # Errors
/// As [`listing`].
pub fn statement(own: &'static Statement) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&Listed::from(own)).map(|text| text + "\n")
}

#[derive(Serialize)]
struct JsonCheck<'a> {
    schema: &'static str,
    exit_code: u8,
    rules: Vec<&'static str>,
    pages: Vec<JsonPage<'a>>,
}

#[derive(Serialize)]
struct JsonPage<'a> {
    url: &'static str,
    title: &'static str,
    state: &'static str,
    moved: bool,
    reason: Option<&'a str>,
    redirected: Option<&'a str>,
    sha256: Option<&'a str>,
    last_changed: Option<jiff::civil::Date>,
    rules: Vec<&'static str>,
    passages: Vec<JsonPassage<'a>>,
    diff: Option<Vec<String>>,
}

#[derive(Serialize)]
struct JsonPassage<'a> {
    statement: &'static str,
    state: &'static str,
    passage: &'static str,
    nearest: Option<&'a str>,
}

impl<'a> From<&'a CheckedPassage> for JsonPassage<'a> {
    fn from(own: &'a CheckedPassage) -> Self {
        Self {
            statement: own.statement.id,
            state: own.state.as_str(),
            passage: own.statement.passage,
            nearest: own.nearest.as_deref(),
        }
    }
}

impl<'a> From<&'a CheckedPage> for JsonPage<'a> {
    fn from(page: &'a CheckedPage) -> Self {
        let reason = match &page.state {
            State::Gone(why) | State::StillGone(why) | State::Unread(why) => Some(why.as_str()),
            State::New | State::Same | State::Changed => None,
        };
        let lines = |lines: &Vec<super::compare::DiffLine>| {
            lines.iter().map(|line| format!("{} {}", if line.added { '+' } else { '-' }, line.text)).collect()
        };
        Self {
            url: page.source.url,
            title: page.source.title,
            state: page.state.as_str(),
            moved: page.moved(),
            reason,
            redirected: page.redirected.as_deref(),
            sha256: page.sha256.as_deref(),
            last_changed: page.last_changed,
            rules: page.rules().into_iter().collect(),
            passages: page.passages.iter().map(JsonPassage::from).collect(),
            diff: page.diff.as_ref().map(lines),
        }
    }
}

/// A check as JSON.
///
/// # Errors
/// As [`listing`].
pub fn check(check: &Check, exit_code: u8) -> serde_json::Result<String> {
    let shown = JsonCheck {
        schema: "zdr-check/terms-check/1",
        exit_code,
        rules: check.rules().into_iter().collect(),
        pages: check.pages.iter().map(JsonPage::from).collect(),
    };
    serde_json::to_string_pretty(&shown).map(|text| text + "\n")
}
