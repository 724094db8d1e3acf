//! The client against a scripted transport with tokio's clock paused, and against a real socket where bytes matter.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

use async_trait::async_trait;
use azure_core::Bytes;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::ErrorKind;
use azure_core::http::headers::{AUTHORIZATION, Headers, USER_AGENT};
use azure_core::http::{AsyncRawResponse, Method, Request, StatusCode};
use azure_core::time::OffsetDateTime;
use futures::StreamExt;
use futures::future::join_all;
use futures::stream;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use super::*;
use crate::snapshot::{Cause, Cloud, Read};

const ACCOUNT: &str = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/a";

/// Signs in as `token-1`, `token-2`, …
#[derive(Debug, Default)]
pub(super) struct SignIn(AtomicUsize);

#[async_trait]
impl TokenCredential for SignIn {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        let number = self.0.fetch_add(1, SeqCst) + 1;
        sleep(Duration::from_millis(5)).await;
        Ok(AccessToken::new(format!("token-{number}"), OffsetDateTime::now_utc() + Duration::from_secs(3600)))
    }
}

/// One request as it arrived.
#[derive(Debug, Clone)]
struct Call {
    number: usize,
    url: String,
    bearer: String,
    at: Duration,
}

/// What the script answers.
enum Reply {
    Answer(u16, Vec<(&'static str, String)>, String),
    /// A 200 whose body breaks off.
    Truncated(String),
    /// A 200 whose body never ends.
    Stalled,
    Refused,
}

fn ok(body: &Value) -> Reply {
    Reply::Answer(200, vec![("x-ms-request-id", "req-1".to_owned())], body.to_string())
}

fn error(status: u16, code: &str) -> Reply {
    let body = json!({"error": {"code": code, "message": "said so"}}).to_string();
    Reply::Answer(status, vec![("x-ms-request-id", "req-1".to_owned())], body)
}

fn throttled(retry_after: &str) -> Reply {
    Reply::Answer(429, vec![("retry-after", retry_after.to_owned())], "{}".to_owned())
}

fn account() -> Value {
    json!({"id": ACCOUNT, "kind": "OpenAI"})
}

type Answers = fn() -> Reply;
type Script = Box<dyn Fn(&Call) -> Reply + Send + Sync>;

/// Answers from a script, each after 100 ms.
struct Fake {
    script: Script,
    started: Instant,
    calls: Mutex<Vec<Call>>,
    in_flight: AtomicUsize,
    peak: AtomicUsize,
}

impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fake")
    }
}

#[async_trait]
impl HttpClient for Fake {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        assert_eq!(request.method(), Method::Get);
        assert!(request.headers().get_str(&USER_AGENT).unwrap().starts_with("zdr-check/"));
        let call = {
            let mut calls = self.calls.lock().unwrap();
            let bearer = request.headers().get_str(&AUTHORIZATION).unwrap().to_owned();
            let at = self.started.elapsed();
            let number = calls.len() + 1;
            calls.push(Call { number, url: request.url().to_string(), bearer, at });
            calls.last().unwrap().clone()
        };
        self.peak.fetch_max(self.in_flight.fetch_add(1, SeqCst) + 1, SeqCst);
        sleep(Duration::from_millis(100)).await;
        self.in_flight.fetch_sub(1, SeqCst);
        let broken = || azure_core::Error::with_message(ErrorKind::Io, "connection reset");
        let whole = |text: String| stream::iter([Ok(Bytes::from(text))]);
        let (status, pairs, body): (_, _, azure_core::http::response::PinnedStream) = match (self.script)(&call) {
            Reply::Answer(status, pairs, text) => (status, pairs, whole(text).boxed()),
            Reply::Truncated(text) => (200, vec![], whole(text).chain(stream::iter([Err(broken())])).boxed()),
            Reply::Stalled => (200, vec![], whole("{".to_owned()).chain(stream::pending()).boxed()),
            Reply::Refused => return Err(azure_core::Error::with_message(ErrorKind::Connection, "refused")),
        };
        let mut headers = Headers::new();
        for (name, value) in pairs {
            headers.insert(name, value);
        }
        Ok(AsyncRawResponse::new(StatusCode::from(status), headers, body))
    }
}

/// A client over a script, and what was asked.
struct Bench {
    arm: Arm,
    fake: Arc<Fake>,
    sign_in: Arc<SignIn>,
}

impl Bench {
    fn new(script: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(|_| {}, script)
    }

    fn with(change: impl FnOnce(&mut Settings), script: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Self {
        let mut settings = settings(None);
        change(&mut settings);
        let fake = Arc::new(Fake {
            script: Box::new(script),
            started: Instant::now(),
            calls: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        });
        let sign_in = Arc::new(SignIn::default());
        let credential = Arc::new(Cached::over("test sign-in", sign_in.clone()));
        Self { arm: Arm::over(fake.clone(), settings, credential), fake, sign_in }
    }

    fn calls(&self) -> Vec<Call> {
        self.fake.calls.lock().unwrap().clone()
    }

    async fn account(&self) -> Result<Document, Unavailable> {
        self.arm.get(Operation::AccountsGet, ACCOUNT).await
    }

    async fn deployments(&self) -> Result<List, Unavailable> {
        self.arm.list(Operation::DeploymentsList, ACCOUNT).await
    }
}

fn settings(endpoint: Option<&str>) -> Settings {
    Settings::new(Endpoint::new(Cloud::Public, endpoint).unwrap())
}

/// The `api-version` of a call.
fn version(call: &Call) -> &str {
    call.url.split("api-version=").nth(1).unwrap().split('&').next().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_with_its_evidence() {
    let bench = Bench::new(|_| ok(&account()));
    let document = bench.account().await.unwrap();
    assert_eq!((document.scope.as_str(), &document.body), (ACCOUNT, &account()));
    let evidence = &document.evidence;
    assert_eq!((evidence.operation, evidence.status), (Operation::AccountsGet, 200));
    assert_eq!(evidence.api_version, "2026-09-01");
    assert_eq!(evidence.url, format!("https://management.azure.com{ACCOUNT}?api-version=2026-09-01"));
    assert_eq!(evidence.request_id.as_deref(), Some("req-1"));
    assert_eq!(evidence.sha256.len(), 64);
    assert_eq!(bench.calls()[0].bearer, "Bearer token-1");
    assert_eq!(bench.arm.requests(), Requests { sent: 1, retried: 0, throttled: 0 });
    assert_eq!(bench.arm.principal(), Principal::default());
    assert!(!format!("{:?}", bench.arm).contains("token"));
}

#[tokio::test(start_paused = true)]
async fn every_failure_has_its_cause_and_its_number_of_tries() {
    let forbidden = || Cause::Forbidden { action: "Microsoft.CognitiveServices/accounts/read".to_owned() };
    let server = |status| Cause::ServerError { status };
    let shape = |pointer: &str| Cause::UnexpectedShape { pointer: pointer.to_owned() };
    let rows: Vec<(Answers, Cause, u64)> = vec![
        (|| error(403, "AuthorizationFailed"), forbidden(), 1),
        (|| error(401, "ExpiredAuthenticationToken"), forbidden(), 2),
        (|| error(404, "ResourceNotFound"), Cause::NotFound, 1),
        (|| error(409, "MissingSubscriptionRegistration"), Cause::ProviderNotRegistered, 1),
        (|| error(400, "BadRequest"), server(400), 1),
        (|| error(302, "Found"), server(302), 1),
        (|| error(503, "ServiceUnavailable"), server(503), 5),
        (|| error(408, "RequestTimeout"), server(408), 5),
        (|| Reply::Answer(429, vec![], String::new()), Cause::Throttled, 5),
        (|| Reply::Refused, Cause::Transport, 5),
        (|| Reply::Truncated("{\"id\":".to_owned()), Cause::Transport, 5),
        (|| Reply::Stalled, Cause::Timeout, 4),
        (|| Reply::Answer(200, vec![], "<html>".to_owned()), shape(""), 1),
        (|| Reply::Answer(200, vec![], "[]".to_owned()), shape(""), 1),
        (|| Reply::Answer(200, vec![], "{\"id\":".to_owned()), shape(""), 1),
        (|| Reply::Answer(204, vec![], String::new()), shape(""), 1),
        (|| ok(&json!({"id": format!("{ACCOUNT}2")})), shape("/id"), 1),
    ];
    for (reply, cause, sent) in rows {
        let bench = Bench::new(move |_| reply());
        let why = bench.account().await.unwrap_err();
        assert_eq!(why.cause, cause, "{why:?}");
        assert_eq!(bench.arm.requests().sent, sent, "{why:?}");
        assert_eq!((why.operation, why.scope.as_str()), (Operation::AccountsGet, ACCOUNT));
        assert!(!why.detail.unwrap().contains("token-"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_passing_fault_is_cured_by_another_try() {
    for fault in [
        || error(500, "x"),
        || error(429, "x"),
        || Reply::Refused,
        || Reply::Truncated(String::new()),
        || Reply::Stalled,
    ] {
        let bench = Bench::new(move |call| if call.number < 3 { fault() } else { ok(&account()) });
        assert_eq!(bench.account().await.unwrap().body, account());
        assert_eq!((bench.arm.requests().sent, bench.arm.requests().retried), (3, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn no_connection_is_told_within_four_seconds() {
    let bench = Bench::new(|_| Reply::Refused);
    let start = Instant::now();
    let why = bench.account().await.unwrap_err();
    assert_eq!((why.cause, why.detail.as_deref()), (Cause::Transport, Some("refused")));
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_renewed_once() {
    let bench = Bench::new(|call| match call.bearer.as_str() {
        "Bearer token-2" => ok(&account()),
        _ => error(401, "ExpiredAuthenticationToken"),
    });
    let all = join_all((0..20).map(|_| bench.account())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(bench.sign_in.0.load(SeqCst), 2);
    assert_eq!(bench.calls().len(), 40);
}

#[tokio::test(start_paused = true)]
async fn a_fact_survives_the_token_it_began_with() {
    let bench = Bench::new(|call| match call.bearer.as_str() {
        "Bearer token-1" => error(401, "ExpiredAuthenticationToken"),
        _ => ok(&account()),
    });
    assert_eq!(bench.account().await.unwrap().body, account());
    assert_eq!(bench.sign_in.0.load(SeqCst), 2);
    let sent: Vec<_> = bench.calls().into_iter().map(|call| call.bearer).collect();
    assert_eq!(sent, ["Bearer token-1", "Bearer token-2"]);
    assert_eq!(bench.arm.requests(), Requests { sent: 2, retried: 1, throttled: 0 });
}

/// Has no token, ever.
#[derive(Debug)]
struct Broken;

#[async_trait]
impl TokenCredential for Broken {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        Err(azure_core::Error::with_message(ErrorKind::Credential, "out of\r\norder"))
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_sign_in_names_the_credential_and_sends_nothing() {
    let Bench { fake, .. } = Bench::new(|_| ok(&account()));
    let arm = Arm::over(fake.clone(), settings(None), Arc::new(Cached::over("test sign-in", Arc::new(Broken))));
    let why = arm.get(Operation::AccountsGet, ACCOUNT).await.unwrap_err();
    assert_eq!(why.cause.action(), Some("Microsoft.CognitiveServices/accounts/read"));
    assert_eq!(why.detail.as_deref(), Some("the sign-in failed: test sign-in: out of order"));
    assert!(fake.calls.lock().unwrap().is_empty());
    assert_eq!(arm.principal(), Principal::default());
}

#[tokio::test(start_paused = true)]
async fn a_second_rejection_is_a_missing_right() {
    let bench = Bench::new(|_| error(401, "InvalidAuthenticationToken"));
    let why = bench.account().await.unwrap_err();
    let detail = why.detail.unwrap();
    assert_eq!(detail, "the sign-in was rejected: InvalidAuthenticationToken: said so");
    assert_eq!(bench.sign_in.0.load(SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn no_request_of_a_subscription_leaves_before_retry_after_ran_out() {
    let bench = Bench::with(
        |settings| settings.concurrency = 1,
        |call| if call.number == 1 { throttled("17") } else { ok(&json!({"value": []})) },
    );
    let elsewhere = ACCOUNT.replace("s1", "s2");
    let (first, others, other) = tokio::join!(
        bench.deployments(),
        async {
            sleep(Duration::from_secs(1)).await;
            join_all((0..10).map(|_| bench.deployments())).await
        },
        async {
            sleep(Duration::from_secs(2)).await;
            bench.arm.list(Operation::DeploymentsList, &elsewhere).await
        }
    );
    assert!(first.is_ok() && other.is_ok() && others.iter().all(Result::is_ok));
    let calls = bench.calls();
    assert!(calls[1].url.contains("/s2/") && calls[1].at < Duration::from_secs(3), "the pause is its subscription's");
    assert!(calls[2..].iter().all(|call| call.at >= Duration::from_millis(17_100)), "{calls:?}");
    assert!(calls[2].at < Duration::from_secs(18), "and no later than needed");
    assert_eq!(bench.arm.requests(), Requests { sent: 13, retried: 1, throttled: 1 });
}

#[tokio::test(start_paused = true)]
async fn a_date_in_retry_after_counts_from_the_answers_own_date() {
    let bench = Bench::new(|call| match call.number {
        1 => Reply::Answer(
            429,
            vec![
                ("date", "Sun, 22 Nov 2026 10:00:00 GMT".to_owned()),
                ("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT".to_owned()),
            ],
            String::new(),
        ),
        _ => ok(&account()),
    });
    bench.account().await.unwrap();
    let waited = bench.calls()[1].at.saturating_sub(bench.calls()[0].at);
    assert!(waited >= Duration::from_secs(30) && waited < Duration::from_secs(31), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn an_unavailable_service_is_left_alone_as_long_as_it_asks() {
    let bench = Bench::new(|call| match call.number {
        1 => Reply::Answer(503, vec![("retry-after", "20".to_owned())], String::new()),
        _ => ok(&account()),
    });
    bench.account().await.unwrap();
    assert!(bench.calls()[1].at >= Duration::from_secs(20));

    let bench = Bench::new(|_| Reply::Answer(503, vec![("retry-after", "600".to_owned())], String::new()));
    let start = Instant::now();
    assert_eq!(bench.account().await.unwrap_err().cause, Cause::ServerError { status: 503 });
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_beyond_the_patience_is_throttled_at_once_for_everyone() {
    let bench = Bench::new(|_| throttled("3600"));
    let start = Instant::now();
    let first = bench.account().await.unwrap_err();
    assert_eq!(first.cause, Cause::Throttled);
    let others = join_all((0..5).map(|_| bench.deployments())).await;
    assert!(others.into_iter().all(|read| read.unwrap_err().cause == Cause::Throttled));
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(bench.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn giving_up_is_bounded_per_fact() {
    let bench = Bench::new(|_| throttled("50"));
    let start = Instant::now();
    assert_eq!(bench.account().await.unwrap_err().cause, Cause::Throttled);
    assert!(start.elapsed() <= Duration::from_secs(120), "{:?}", start.elapsed());
    assert_eq!(bench.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_in_flight_than_allowed() {
    let bench = Bench::with(|settings| settings.concurrency = 7, |_| ok(&json!({"value": []})));
    let all = join_all((0..100).map(|_| bench.deployments())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(bench.fake.peak.load(SeqCst), 7);
    assert_eq!(bench.sign_in.0.load(SeqCst), 1, "one sign-in for all");
}

#[tokio::test(start_paused = true)]
async fn an_older_api_version_is_looked_for_once() {
    let bench = Bench::new(|call| match version(call) {
        "2026-09-01" => error(400, "InvalidApiVersionParameter"),
        "2026-07-01" => error(400, "NoRegisteredProviderFound"),
        _ if call.url.contains("deployments") => ok(&json!({"value": []})),
        _ => ok(&account()),
    });
    assert_eq!(bench.account().await.unwrap().evidence.api_version, "2025-09-01");
    assert_eq!(bench.deployments().await.unwrap().pages[0].api_version, "2025-09-01");
    assert_eq!(bench.calls().len(), 4, "two refusals, paid once");
    let agents = bench.arm.list(Operation::ApplicationsList, &format!("{ACCOUNT}/projects/p")).await;
    assert_eq!(agents.unwrap_err().cause, Cause::NotInApiVersion);
}

#[tokio::test(start_paused = true)]
async fn a_type_missing_from_a_version_does_not_age_the_account() {
    let bench = Bench::new(|call| match version(call) {
        "2026-09-01" if call.url.contains("/projects") => error(404, "InvalidResourceType"),
        _ if call.url.contains("/projects") => ok(&json!({"value": []})),
        _ => ok(&account()),
    });
    let projects = bench.arm.list(Operation::ProjectsList, ACCOUNT).await.unwrap();
    assert_eq!(projects.pages[0].api_version, "2026-07-01");
    assert_eq!(bench.account().await.unwrap().evidence.api_version, "2026-09-01");
}

fn row(name: &str) -> Value {
    json!({"id": format!("{ACCOUNT}/deployments/{name}"), "name": name})
}

/// Pages 1 to `last`, each linking to the next by `link`.
fn pages(last: usize, link: fn(usize) -> String) -> impl Fn(&Call) -> Reply + Send + Sync {
    move |call| {
        let next = if call.number < last { json!(link(call.number + 1)) } else { Value::Null };
        ok(&json!({"value": [row(&format!("d{}", call.number))], "nextLink": next}))
    }
}

fn here(page: usize) -> String {
    format!("https://management.azure.com{ACCOUNT}/deployments?api-version=2026-07-01&$skiptoken=t{page}")
}

#[tokio::test(start_paused = true)]
async fn pages_are_followed_to_the_end() {
    let bench = Bench::new(pages(3, here));
    let list = bench.deployments().await.unwrap();
    let names: Vec<_> = list.documents().unwrap().iter().map(|row| row.body["name"].clone()).collect();
    assert_eq!(names, ["d1", "d2", "d3"]);
    assert_eq!(bench.calls()[1].url, here(2), "verbatim");
    let versions: Vec<_> = list.pages.iter().map(|page| page.api_version.as_str()).collect();
    assert_eq!(versions, ["2026-09-01", "2026-07-01", "2026-07-01"]);
    assert!(list.pages[1].url.ends_with("&$skiptoken=***"));
    assert_eq!((list.scope.as_str(), list.pages.len()), (ACCOUNT, 3));
}

#[tokio::test(start_paused = true)]
async fn a_link_that_leads_astray_loses_the_list_and_is_not_asked() {
    for link in [
        "https://evil.example/subscriptions",
        "http://management.azure.com/subscriptions",
        "https://management.azure.com:8443/subscriptions",
        "https://management.azure.com.evil.example/",
        "https://management.azure.com@evil.example/",
        "https://user:pass@management.azure.com/",
        "//evil.example/",
        "/subscriptions?$skiptoken=x",
        "not a url",
    ] {
        let bench = Bench::new(move |_| ok(&json!({"value": [row("d1")], "nextLink": link})));
        let why = bench.deployments().await.unwrap_err();
        assert_eq!(why.cause, Cause::UnexpectedShape { pointer: "/nextLink".to_owned() }, "{link}");
        assert_eq!(bench.calls().len(), 1, "{link}");
    }
}

#[tokio::test(start_paused = true)]
async fn loops_and_endless_lists_end() {
    let lost = Cause::UnexpectedShape { pointer: "/nextLink".to_owned() };
    let bench = Bench::new(pages(100, |page| here(page % 3)));
    assert_eq!(bench.deployments().await.unwrap_err().cause, lost);
    assert_eq!(bench.calls().len(), 4);

    let bench = Bench::with(|settings| settings.page_cap = 10, pages(1000, here));
    assert_eq!(bench.deployments().await.unwrap_err().cause, lost);
    assert_eq!(bench.calls().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_missing_page_loses_the_list() {
    let first = pages(3, here);
    let bench = Bench::new(move |call| if call.number < 3 { first(call) } else { error(403, "AuthorizationFailed") });
    let why = bench.deployments().await.unwrap_err();
    assert_eq!(why.cause.action(), Some("Microsoft.CognitiveServices/accounts/deployments/read"));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_list_is_not_an_empty_one() {
    for (body, pointer) in [
        ("{}", "/value"),
        (r#"{"value":null}"#, "/value"),
        (r#"{"value":{}}"#, "/value"),
        (r#"{"value":[],"nextLink":5}"#, "/nextLink"),
        (r#"{"value":[],"value":[1]}"#, ""),
        ("[[],null]", ""),
        ("null", ""),
        ("", ""),
        (r#"{"value":[]} {}"#, ""),
    ] {
        let bench = Bench::new(move |_| Reply::Answer(200, vec![], body.to_owned()));
        let why = bench.deployments().await.unwrap_err();
        assert_eq!(why.cause, Cause::UnexpectedShape { pointer: pointer.to_owned() }, "{body}");
    }
    for end in [r#"{"value":[]}"#, r#"{"value":[],"nextLink":null}"#, r#"{"nextLink":"","value":[]}"#] {
        let bench = Bench::new(move |_| Reply::Answer(200, vec![("content-type", "text/odd".into())], end.to_owned()));
        assert!(bench.deployments().await.unwrap().rows.is_empty(), "{end}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_malformed_row_is_unreadable_by_itself() {
    let rows = json!([row("d1"), 7, {"id": 7}, {"name": "x"}, {"id": "/a/../b"}, row("d2")]);
    let bench = Bench::new(move |_| ok(&json!({ "value": rows })));
    let list = bench.deployments().await.unwrap();
    assert_eq!(list.rows.len(), 6);
    assert_eq!(list.rows.iter().filter(|row| row.get_ref().is_some()).count(), 2);
    let why = list.rows[2].unavailable().unwrap();
    assert_eq!(why.cause, Cause::UnexpectedShape { pointer: "/value/2".to_owned() });
    assert_eq!((why.scope.as_str(), why.request_id.as_deref()), (ACCOUNT, Some("req-1")));
    assert!(list.documents().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_row_shown_twice_counts_once_and_two_versions_of_it_not_at_all() {
    let shout = |mut row: Value| {
        row["id"] = json!(row["id"].as_str().unwrap().to_uppercase());
        row
    };
    let bench = Bench::new(move |call| match call.number {
        1 => ok(&json!({"value": [row("d1"), row("d2")], "nextLink": here(2)})),
        _ => ok(&json!({"value": [row("d1"), shout(row("d2")), row("d3")]})),
    });
    let list = bench.deployments().await.unwrap();
    assert_eq!(list.rows.len(), 3);
    assert!(matches!(&list.rows[0], Read::Known(row) if row.body["name"] == "d1"));
    let why = list.rows[1].unavailable().unwrap();
    assert_eq!(why.cause, Cause::UnexpectedShape { pointer: "/value/1".to_owned() });
    assert!(why.scope.ends_with("/D2") || why.scope.ends_with("/d2"));
}

#[tokio::test(start_paused = true)]
async fn a_body_over_the_cap_is_not_kept() {
    let bench =
        Bench::with(|settings| settings.body_cap = 1000, |_| ok(&json!({"id": ACCOUNT, "filler": "x".repeat(1000)})));
    let why = bench.account().await.unwrap_err();
    assert_eq!(why.cause, Cause::UnexpectedShape { pointer: String::new() });
    assert_eq!(why.detail.as_deref(), Some("the answer is larger than 1000 bytes"));
    assert_eq!(bench.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_id_of_another_shape_and_a_list_read_as_one_are_not_asked() {
    let bench = Bench::new(|_| ok(&account()));
    let why = bench.arm.get(Operation::AccountsGet, "/subscriptions/s1").await.unwrap_err();
    assert_eq!(why.cause, Cause::UnexpectedShape { pointer: "/id".to_owned() });
    assert!(bench.arm.get(Operation::DeploymentsList, ACCOUNT).await.is_err());
    assert!(bench.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn logs_hold_neither_the_token_nor_a_page_token() {
    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let sink = Sink::default();
    let writer = sink.clone();
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let guard = tracing::subscriber::set_default(log.finish());
    let first = pages(2, |page| format!("{}secret", here(page)));
    let bench = Bench::new(move |call| if call.number < 3 { first(call) } else { Reply::Refused });
    assert!(bench.deployments().await.is_ok() && bench.account().await.is_err());
    drop(guard);
    let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("management.azure.com"), "something was logged");
    assert!(!text.contains("token-1") && !text.contains("secret"), "{text}");
}

/// Serves `bytes` to every connection that accepts gzip and leaves the socket open for `linger`.
async fn serve(bytes: Vec<u8>, linger: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let length = socket.read(&mut request).await.unwrap_or_default();
                if !String::from_utf8_lossy(&request[..length]).contains("accept-encoding: gzip") {
                    return;
                }
                let _ = socket.write_all(&bytes).await;
                sleep(linger).await;
            });
        }
    });
    format!("http://{address}")
}

/// Reads an account from a real socket with little patience.
async fn read_from(endpoint: &str) -> Result<Document, Unavailable> {
    let mut settings = settings(Some(endpoint));
    settings.body_cap = 100_000;
    settings.patience = Patience {
        request: Duration::from_millis(300),
        tries: 2,
        backoff: Duration::from_millis(10),
        ..Patience::default()
    };
    let client = http::client(None, Proxy::Never).unwrap();
    let credential = Cached::over("test sign-in", Arc::new(SignIn::default()));
    let arm = Arm::over(Arc::new(client), settings, Arc::new(credential));
    arm.get(Operation::AccountsGet, ACCOUNT).await
}

#[tokio::test]
async fn bytes_that_break_off_stall_or_lie_are_no_answer() {
    let head = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}\r\n");
    let body = account().to_string();
    let good = format!("{}{body}", head(&format!("content-length: {}\r\n", body.len())));
    let short = format!("{}{body}", head(&format!("content-length: {}\r\n", body.len() + 5)));
    let chunked = format!("{}3\r\n{{\"a\r\n", head("transfer-encoding: chunked\r\n"));
    let gzip = format!("{}{body}", head(&format!("content-encoding: gzip\r\ncontent-length: {}\r\n", body.len())));
    let (none, long) = (Duration::ZERO, Duration::from_secs(30));

    assert_eq!(read_from(&serve(good.into(), none).await).await.unwrap().body, account());
    for (bytes, linger, cause) in [
        (short.clone(), none, Cause::Transport),
        (chunked, none, Cause::Transport),
        (gzip, none, Cause::Transport),
        (String::new(), none, Cause::Transport),
        (short, long, Cause::Timeout),
        (
            "HTTP/1.1 307 Away\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n".to_owned(),
            none,
            Cause::ServerError { status: 307 },
        ),
    ] {
        let why = read_from(&serve(bytes.clone().into(), linger).await).await.unwrap_err();
        assert_eq!(why.cause, cause, "{bytes}: {why:?}");
    }
}

#[tokio::test]
async fn nobody_listening_is_told_in_words() {
    let why = read_from("http://127.0.0.1:9").await.unwrap_err();
    assert_eq!(why.cause, Cause::Transport);
    assert!(why.detail.unwrap().contains("refused"));
}

/// A service that grants fewer reads than documented, as resource providers may.
fn slower(capacity: f64, per_second: f64) -> impl Fn(&Call) -> Reply + Send + Sync {
    let state = Mutex::new((capacity, Duration::ZERO));
    move |call| {
        let mut state = state.lock().unwrap();
        state.0 = (state.0 + (call.at.saturating_sub(state.1)).as_secs_f64() * per_second).min(capacity);
        state.1 = call.at;
        if state.0 < 1.0 {
            return throttled("1");
        }
        state.0 -= 1.0;
        ok(&json!({"value": []}))
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_slower_than_documented_still_answers_everyone() {
    for (capacity, per_second, reads) in [(250.0, 25.0, 600), (10.0, 5.0, 200), (5.0, 2.0, 100)] {
        let bench = Bench::new(slower(capacity, per_second));
        let all: Vec<_> = stream::iter(0..reads).map(|_| bench.deployments()).buffer_unordered(64).collect().await;
        assert!(all.iter().all(Result::is_ok), "{capacity} + {per_second}/s: {:?}", bench.arm.requests());
    }
}
