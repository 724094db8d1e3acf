//! Lists: the rows of a page one by one, where the next page may be, and what happens when a resource comes twice.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use url::{Origin, Url};

use super::bearer::may_visit;
use super::failure::Failure;
use crate::azure::operations::{Paging, Row, is_resource_id};
use crate::snapshot::{Cause, Document, Evidence, List, Read, Unavailable};

/// One page, its rows not parsed yet: a malformed row must not lose its neighbours.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) rows: Vec<&'a RawValue>,
    pub(super) next: Option<String>,
}

impl<'a> Page<'a> {
    /// Reads a page.
    pub(super) fn parse(body: &'a [u8]) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Raw<'a> {
            #[serde(borrow)]
            value: Option<&'a RawValue>,
            #[serde(borrow, rename = "nextLink")]
            next: Option<&'a RawValue>,
        }
        let raw: Raw<'a> = serde_json::from_str(object(body)?).map_err(|error| not_json(&error))?;
        let rows = raw.value.and_then(|value| serde_json::from_str(value.get()).ok());
        let rows = rows.ok_or_else(|| Failure::shape("/value", "the list has no value array"))?;
        let next: Option<String> = match raw.next {
            None => None,
            Some(link) => serde_json::from_str(link.get())
                .map_err(|_| Failure::shape("/nextLink", "the link to the next page is not a text"))?,
        };
        Ok(Self { rows, next: next.filter(|link| !link.is_empty()) })
    }
}

/// The body as the text of a JSON object; everything this client asks for is one.
pub(super) fn object(body: &[u8]) -> Result<&str, Failure> {
    let text = std::str::from_utf8(body).map_err(|_| Failure::shape("", "the answer is not UTF-8"))?;
    if text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{') {
        Ok(text)
    } else {
        Err(Failure::shape("", "the answer is not a JSON object"))
    }
}

/// Only where it stopped is told: the text of the error could quote the body.
pub(super) fn not_json(error: &serde_json::Error) -> Failure {
    Failure::shape("", format!("the answer is not JSON (line {}, column {})", error.line(), error.column()))
}

/// The pages visited, which is also the guard of where the next one may be.
#[derive(Debug)]
pub(super) struct Trail {
    origin: Origin,
    visited: HashSet<String>,
    cap: usize,
}

impl Trail {
    pub(super) fn new(first: &Url, endpoint: &Url, cap: usize) -> Self {
        Self { origin: endpoint.origin(), visited: HashSet::from([first.to_string()]), cap }
    }

    /// The next page's URL; anything odd loses the list, and the link is not asked.
    pub(super) fn follow(&mut self, link: &str) -> Result<Url, Failure> {
        let refuse = |why: &str| Failure::shape("/nextLink", why);
        let url = Url::parse(link).map_err(|_| refuse("the link to the next page is not a URL"))?;
        if !may_visit(&url, &self.origin) {
            return Err(refuse("the link to the next page leads away from the ARM endpoint"));
        }
        if self.visited.len() >= self.cap {
            return Err(refuse("the list has more pages than this program reads"));
        }
        if !self.visited.insert(url.to_string()) {
            return Err(refuse("the link to the next page leads back to a page already read"));
        }
        Ok(url)
    }
}

/// The api-version a link carries, if any.
pub(super) fn api_version_of(url: &Url) -> Option<String> {
    url.query_pairs().find(|(name, _)| name.eq_ignore_ascii_case("api-version")).map(|(_, value)| value.into_owned())
}

/// A list while its pages arrive.
#[derive(Debug)]
pub(super) struct Rows {
    list: List,
    /// Position of each id, compared without regard to case.
    seen: HashMap<String, usize>,
    /// For rows that have no id: what stands before their position.
    unnamed: Option<String>,
}

impl Rows {
    pub(super) fn new(scope: &str, row: &Row) -> Self {
        let list = List { scope: scope.to_owned(), pages: Vec::new(), rows: Vec::new() };
        let unnamed = (row.paging == Paging::Values).then(|| format!("{scope}{}", row.suffix));
        Self { list, seen: HashMap::new(), unnamed }
    }

    /// Adds the rows of one page.
    pub(super) fn add(&mut self, rows: &[&RawValue], evidence: &Arc<Evidence>) {
        self.list.pages.push(Arc::clone(evidence));
        for (index, raw) in rows.iter().enumerate() {
            let pointer = format!("/value/{index}");
            let unnamed = self.unnamed.as_ref().map(|path| format!("{path}/{}", self.list.rows.len()));
            match identified(raw, unnamed) {
                Ok((id, body)) => self.add_row(id, body, pointer, evidence),
                Err(why) => {
                    let scope = self.list.scope.clone();
                    self.list.rows.push(Read::Unavailable(unreadable(scope, pointer, why, evidence)));
                }
            }
        }
    }

    /// Adds a row, unless its resource was listed before. When the two differ neither can be believed.
    fn add_row(&mut self, id: String, body: Value, pointer: String, evidence: &Arc<Evidence>) {
        let row = Document { scope: id, body, evidence: Arc::clone(evidence) };
        match self.seen.get(&row.scope.to_ascii_lowercase()).and_then(|&position| self.list.rows.get_mut(position)) {
            None => {
                self.seen.insert(row.scope.to_ascii_lowercase(), self.list.rows.len());
                self.list.rows.push(Read::Known(row));
            }
            Some(Read::Unavailable(_)) => {}
            Some(Read::Known(first)) if first.body == row.body => {}
            Some(first) => {
                let why = "the list shows this resource twice, with different content";
                *first = Read::Unavailable(unreadable(row.scope, pointer, why, evidence));
            }
        }
    }

    pub(super) fn into_list(self) -> List {
        self.list
    }
}

/// A row as an object with an id that can be asked about, or the one given for rows that have none.
fn identified(raw: &RawValue, unnamed: Option<String>) -> Result<(String, Value), &'static str> {
    let body: Value = serde_json::from_str(raw.get()).map_err(|_| "the row is not readable JSON")?;
    if !body.is_object() {
        return Err("the row is not an object");
    }
    if let Some(id) = unnamed {
        return Ok((id, body));
    }
    let id =
        body.get("id").and_then(Value::as_str).filter(|id| is_resource_id(id)).ok_or("the row has no usable id")?;
    Ok((id.to_owned(), body))
}

fn unreadable(scope: String, pointer: String, why: &str, evidence: &Evidence) -> Unavailable {
    Unavailable {
        cause: Cause::UnexpectedShape { pointer },
        operation: evidence.operation,
        scope,
        detail: Some(why.to_owned()),
        request_id: evidence.request_id.clone(),
        at: evidence.at,
    }
}
