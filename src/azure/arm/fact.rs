//! Reading one fact: tries, renewals, older api-versions and pages, within one fact's patience.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use azure_core::http::{Context, Method, PipelineStreamOptions, Request};
use serde_json::Value;
use tokio::time::{sleep, timeout};
use url::Url;

use super::answer::{Answer, Miss, read_body, read_error_body, request_id};
use super::failure::Failure;
use super::paging::{Page, Rows, Trail, api_version_of, not_json, object};
use super::retry::{Budget, backoff, retry_after};
use super::throttle::{Bucket, PausedFor};
use super::token::{Token, Tokens};
use super::{Inner, Patience, clock};
use crate::azure::operations::stores::StoreCall;
use crate::azure::operations::{Paging, Row, row};
use crate::snapshot::{Cause, Document, List, Operation, Unavailable};

/// One fact while it is being read.
pub(super) struct Fact<'a> {
    pub(super) arm: &'a Inner,
    row: &'static Row,
    parent: &'a str,
    tokens: Arc<Tokens>,
    bucket: Arc<Bucket>,
    budget: Budget,
    /// Set when the data plane is asked.
    call: Option<&'static StoreCall>,
}

impl<'a> Fact<'a> {
    pub(super) fn new(arm: &'a Inner, asking: &Arc<Tokens>, operation: Operation, parent: &'a str) -> Self {
        let budget = Budget::new(&arm.settings.patience);
        let tokens = arm.tokens(asking, parent);
        let bucket = arm.throttle.bucket(parent, tokens.caller());
        Self { arm, row: row(operation), parent, tokens, bucket, budget, call: None }
    }

    pub(super) fn of_store(
        arm: &'a Inner,
        call: &'static StoreCall,
        tokens: Arc<Tokens>,
        bucket: Arc<Bucket>,
        owner: &'a str,
    ) -> Self {
        let budget = Budget::new(&arm.settings.patience);
        Self { arm, row: &call.row, parent: owner, tokens, bucket, budget, call: Some(call) }
    }

    /// The reason this fact has no value.
    pub(super) fn unavailable(&self, failure: Failure) -> Unavailable {
        Unavailable {
            cause: failure.cause,
            operation: self.row.operation,
            scope: self.parent.to_owned(),
            detail: failure.detail,
            request_id: failure.request_id,
            at: clock::now(),
        }
    }

    /// Reads one resource.
    pub(super) async fn document(&mut self) -> Result<Document, Failure> {
        self.expect(self.row.paging == Paging::Single)?;
        let (answer, url, version) = self.first().await?;
        let shape = |failure: Failure| Failure { request_id: answer.request_id.clone(), ..failure };
        let text = object(&answer.body).map_err(shape)?;
        let body: Value = serde_json::from_str(text).map_err(|error| shape(not_json(&error)))?;
        // An answer about another resource, from whatever cache or proxy, proves nothing about this one.
        let same = |id: &Value| id.as_str().is_some_and(|id| id.eq_ignore_ascii_case(self.parent));
        if body.get("id").is_some_and(|id| !id.is_null() && !same(id)) {
            return Err(shape(Failure::shape("/id", "the answer is about another resource")));
        }
        let evidence = answer.evidence(self.row.operation, &url, version);
        Ok(Document { scope: self.parent.to_owned(), body, evidence })
    }

    /// Reads every page of a list.
    pub(super) async fn list(&mut self) -> Result<List, Failure> {
        self.expect(self.row.paging != Paging::Single)?;
        let (mut answer, mut url, version) = self.first().await?;
        let mut version = version.to_owned();
        let mut trail = Trail::new(&url, &self.arm.settings.endpoint.arm, self.arm.settings.page_cap);
        let mut rows = Rows::new(self.parent, self.row);
        loop {
            let shape = |failure: Failure| Failure { request_id: answer.request_id.clone(), ..failure };
            let page = Page::parse(&answer.body).map_err(shape)?;
            rows.add(&page.rows, &answer.evidence(self.row.operation, &url, &version));
            let Some(link) = page.next else { return Ok(rows.into_list()) };
            url = trail.follow(&link).map_err(shape)?;
            version = api_version_of(&url).unwrap_or(version);
            answer = self.fetch(&url).await?;
        }
    }

    fn expect(&self, fits: bool) -> Result<(), Failure> {
        if fits {
            return Ok(());
        }
        Err(Failure::shape("", format!("{} is not read this way", self.row.operation)))
    }

    /// The first answer, with the newest api-version this cloud understands.
    async fn first(&mut self) -> Result<(Answer, Url, &'static str), Failure> {
        loop {
            let position = self.arm.versions.position(self.row);
            let version = self.row.family.versions().get(position).copied();
            let version = version.ok_or_else(|| Failure::new(Cause::NotInApiVersion, "no api-version is left"))?;
            let url = self.row.url(&self.arm.settings.endpoint.arm, self.parent, version);
            let url = url.ok_or_else(|| Failure::shape("/id", "the id is not one this call can be made for"))?;
            match self.fetch(&url).await {
                Ok(answer) => return Ok((answer, url, version)),
                Err(failure) => {
                    let older = failure.refusal.is_some_and(|how| self.arm.versions.move_on(self.row, position, how));
                    if !older {
                        return Err(failure);
                    }
                }
            }
        }
    }

    /// Asks `url` until it answers or nothing more can be expected.
    pub(super) async fn fetch(&mut self, url: &Url) -> Result<Answer, Failure> {
        let arm = self.arm;
        let (mut tries, mut renewed) = (0, false);
        loop {
            let token = self.tokens.get().await.map_err(|why| self.sign_in(&why))?;
            let slot = self.bucket.admit(&arm.slots, &mut self.budget).await.map_err(|wait| paused(&wait))?;
            arm.counts.sent.fetch_add(1, Relaxed);
            if tries > 0 || renewed {
                arm.counts.retried.fetch_add(1, Relaxed);
            }
            let miss = match self.exchange(url, &token, tries + 1).await {
                Ok(answer) => return Ok(answer),
                Err(miss) => miss,
            };
            drop(slot);
            if matches!(miss, Miss::Status { status: 401, .. }) && !renewed {
                renewed = true;
                self.tokens.reject(&token);
                continue;
            }
            tries += 1;
            let wait = wait(&miss, tries, &arm.settings.patience);
            let within = |wait: &Duration| tries < arm.settings.patience.tries && *wait < self.budget.left();
            let Some(wait) = wait.filter(within) else { return Err(miss.failure(self.row, token.secret())) };
            if !matches!(miss, Miss::Status { status: 429, .. }) {
                sleep(wait).await;
            }
        }
    }

    /// One request, within the time for one.
    async fn exchange(&self, url: &Url, token: &Arc<Token>, tries: u32) -> Result<Answer, Miss> {
        let limit = self.arm.settings.patience.request.min(self.budget.left());
        timeout(limit, self.send(url, token, tries)).await.unwrap_or(Err(Miss::TimedOut))
    }

    async fn send(&self, url: &Url, token: &Arc<Token>, tries: u32) -> Result<Answer, Miss> {
        let mut context = Context::new().with_value(Arc::clone(token));
        let mut request = Request::new(url.clone(), Method::Get);
        let mut pipeline = &self.arm.pipeline;
        if let Some(call) = self.call {
            pipeline = &self.arm.data;
            context = context.with_value(call.host);
            if let Some((name, value)) = call.header {
                request.insert_header(name, value);
            }
        }
        let options = PipelineStreamOptions { skip_checks: true, ..Default::default() };
        let response = pipeline.stream(&context, &mut request, Some(options)).await;
        let (status, headers, body) = response.map_err(|error| Miss::of(&error))?.deconstruct();
        let (status, request_id) = (u16::from(status), request_id(&headers));
        self.bucket.learn(&headers);
        if status == 200 {
            self.bucket.answered();
            return Ok(Answer::new(read_body(body, self.arm.settings.body_cap).await?, request_id));
        }
        let mut retry_after = retry_after(&headers, clock::now());
        if status == 429 {
            // Before the body is read: from here on nobody else of this subscription may ask.
            let patience = &self.arm.settings.patience;
            let pause = retry_after.unwrap_or_else(|| backoff(patience.backoff, tries, patience));
            self.bucket.pause_for(pause);
            self.arm.counts.throttled.fetch_add(1, Relaxed);
            retry_after = Some(pause);
        }
        Err(Miss::Status { status, body: read_error_body(body).await, request_id, retry_after })
    }

    fn sign_in(&self, why: &str) -> Failure {
        let cause = Cause::Forbidden { action: self.row.action.to_owned() };
        Failure::new(cause, format!("the sign-in failed: {why}"))
    }
}

fn paused(wait: &PausedFor) -> Failure {
    let seconds = wait.0.as_secs();
    Failure::new(
        Cause::Throttled,
        format!("Azure asked for a pause of {seconds} s more, longer than this read may wait"),
    )
}

/// Wait before another try, which for a 429 the bucket keeps; `None` when no other try can help.
fn wait(miss: &Miss, tries: u32, patience: &Patience) -> Option<Duration> {
    let ours = |base| backoff(base, tries, patience);
    match miss {
        Miss::Status { status: 429, retry_after, .. } => Some(retry_after.unwrap_or_default()),
        Miss::Status { status: 408 | 500..=599, retry_after, .. } => {
            Some(retry_after.unwrap_or_default().max(ours(patience.backoff)))
        }
        Miss::Status { .. } | Miss::TooLarge(_) => None,
        Miss::Unreachable(_) => Some(ours(patience.unreachable)),
        Miss::TimedOut | Miss::Broken(_) => Some(ours(patience.backoff)),
    }
}
