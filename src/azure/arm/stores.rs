//! Counting a store of the data plane: `limit=1` first, pages only when there is something, and no body outlives its page.
//!
//! Patience, retries, pace, limits and the end of the run are those of every other fact. Different are the hosts, the tokens, the
//! pages, and that nothing an answer says is told: an error becomes a status and words of ours.

use std::collections::HashSet;
use std::sync::Arc;

use url::Url;

use super::Arm;
use super::answer::{Answer, shown};
use super::fact::Fact;
use super::failure::Failure;
use super::paging::{not_json, object};
use super::token::Tokens;
use crate::azure::data_plane::items::{Counting, Page};
use crate::azure::data_plane::{Place, scope};
use crate::azure::operations::stores::{Route, StoreCall};
use crate::snapshot::{Cause, StoreAnswer, StoreFacts, StoreKind, Unavailable};

/// Items of a page, where the service has a choice. Documented: 1 to 100 for most lists.
const PAGE: usize = 100;

/// Items that are counted at most; the rest is `more`.
const MOST: u64 = 10_000;

/// What is asked: which store, where.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The call.
    pub call: &'static StoreCall,
    /// What is counted.
    pub kind: StoreKind,
    /// Where the store is.
    pub place: &'a Place,
    /// ARM id of the account or project it belongs to.
    pub owner: &'a str,
    /// The job or agent whose list it is, for lists below one.
    pub below: Option<&'a str>,
}

/// A counted store.
#[derive(Debug)]
pub struct Counted {
    /// The numbers.
    pub facts: StoreFacts,
    /// Ids of items that have lists of their own.
    pub below: Vec<String>,
    /// Items of that kind that cannot be asked about.
    pub unnamed: u64,
}

impl Arm {
    /// Counts a store.
    ///
    /// # Errors
    /// Why nobody can tell what is in it.
    pub async fn store(&self, question: Question<'_>) -> Result<Counted, Unavailable> {
        let host = question.call.host;
        let reader = self.0.tokens(&self.1, question.owner);
        let tokens = Arc::new(Tokens::for_scope(&reader, scope(self.0.settings.endpoint.cloud, host)));
        let bucket = self.0.throttle.own_bucket(&format!("data plane of {}", question.place.subdomain));
        let mut fact = Fact::of_store(&self.0, question.call, tokens, bucket, question.owner);
        let read = self.until_stopped(Box::pin(fact.store(question))).await;
        read.map_err(|failure| fact.unavailable(failure))
    }

    /// Why a store was not asked: something about its account, known beforehand.
    pub fn not_asked(&self, call: &StoreCall, owner: &str, cause: Cause, detail: &str) -> Unavailable {
        Unavailable {
            cause,
            operation: call.row.operation,
            scope: owner.to_owned(),
            detail: Some(detail.to_owned()),
            request_id: None,
            at: self.now(),
        }
    }
}

impl Fact<'_> {
    /// Counts by the first route that is there.
    async fn store(&mut self, question: Question<'_>) -> Result<Counted, Failure> {
        let mut first = None;
        for route in question.call.routes {
            match self.store_by(question, *route).await {
                Err(failure) if matches!(failure.cause, Cause::NotFound | Cause::NotInApiVersion) => {
                    first.get_or_insert(failure);
                }
                read => return read,
            }
        }
        Err(first.unwrap_or_else(|| Failure::new(Cause::NotFound, "the call has no route")))
    }

    async fn store_by(&mut self, question: Question<'_>, route: Route) -> Result<Counted, Failure> {
        let url = self.arm.hosts.url(question.call.host, question.place, route, question.below);
        let base = url.ok_or_else(|| Failure::shape("", "the account, project or item has a name no URL can hold"))?;
        let mut answers = Vec::new();
        let mut counting = Counting::new(question.kind);
        let mut page = self.page(&with(&base, 1, None), question, route, &mut answers).await?;
        let mut more = page.has_more() == Some(true);
        if page.is_empty() && more {
            return Err(Failure::shape("/data", "the page is empty, and there are said to be more"));
        }
        if !page.is_empty() {
            let mut visited = HashSet::new();
            let mut after: Option<String> = None;
            loop {
                page = self.page(&with(&base, PAGE, after.as_deref()), question, route, &mut answers).await?;
                let (found, said, last) = (page.len(), page.has_more(), page.last_id().map(str::to_owned));
                counting.add(page);
                // A service that does not say whether there are more has more when the page is exactly full.
                more = said.unwrap_or(found == PAGE);
                let Some(last) = last.filter(|_| said == Some(true) && counting.count() < MOST) else { break };
                if found == 0 || !visited.insert(last.clone()) {
                    return Err(Failure::shape("/last_id", "the next page leads back to a page already read"));
                }
                after = Some(last);
            }
        }
        let (below, unnamed) = (std::mem::take(&mut counting.below), counting.unnamed);
        Ok(Counted { facts: StoreFacts { answers, ..counting.into_facts(more) }, below, unnamed })
    }

    /// One page; its body is gone when this returns.
    async fn page(
        &mut self,
        url: &Url,
        question: Question<'_>,
        route: Route,
        answers: &mut Vec<StoreAnswer>,
    ) -> Result<Page, Failure> {
        let answer = self.fetch(url).await?;
        let shape = |failure: Failure| Failure { request_id: answer.request_id.clone(), ..failure };
        let text = object(&answer.body).map_err(shape)?;
        let page: Page = serde_json::from_str(text).map_err(|error| shape(not_json(&error)))?;
        answers.push(evidence(&answer, url, question, route));
        Ok(page)
    }
}

fn evidence(answer: &Answer, url: &Url, question: Question<'_>, route: Route) -> StoreAnswer {
    StoreAnswer {
        operation: question.call.row.operation,
        url: shown(url),
        api_version: route.version.unwrap_or("v1").to_owned(),
        status: 200,
        request_id: answer.request_id.clone(),
        at: answer.at,
    }
}

/// The URL of a page.
fn with(base: &Url, limit: usize, after: Option<&str>) -> Url {
    let mut url = base.clone();
    url.query_pairs_mut().append_pair("limit", &limit.to_string());
    if let Some(after) = after {
        url.query_pairs_mut().append_pair("after", after);
    }
    url
}
