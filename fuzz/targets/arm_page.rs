//! One body, answered to every request of a scan: pages, rows, documents, links, masking, typed facts, rules and the report.
//!
//! Whatever Azure Resource Manager says, the scan ends, does not panic, and its report is one that can be read back.
#![no_main]

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::http::headers::Headers;
use azure_core::http::{AsyncRawResponse, HttpClient, Request, StatusCode};
use azure_core::time::{Duration, OffsetDateTime};
use bytes::Bytes;
use futures::{StreamExt, stream};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};
use zdr_check::assessment::Assessment;
use zdr_check::azure::arm::{Arm, Settings};
use zdr_check::azure::clouds::Endpoint;
use zdr_check::azure::credentials::Cached;
use zdr_check::collect::scope::Target;
use zdr_check::collect::{self, Order};
use zdr_check::config::Overlays;
use zdr_check::engine::{self, AsOf, assess_packed};
use zdr_check::knowledge::processing::Pin;
use zdr_check::outcome::{FailOn, PlanUnknown, Profile};
use zdr_check::report::{Format, Look, read_posture, render};
use zdr_check::rules::{self, Policy};
use zdr_check::snapshot::{
    AccountId, Asked, Cloud, Include, Operation, PackedSnapshot, Pieces, Principal, Reach, Read, Snapshot, Source,
};
use zdr_check::term::Screen;

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-000000000001";

#[derive(Debug)]
struct SignIn;

#[async_trait]
impl TokenCredential for SignIn {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        Ok(AccessToken::new("token", OffsetDateTime::now_utc() + Duration::hours(24)))
    }
}

/// Answers every request with the same bytes.
#[derive(Debug)]
struct Same(Bytes);

#[async_trait]
impl HttpClient for Same {
    async fn execute_request(&self, _: &Request) -> azure_core::Result<AsyncRawResponse> {
        let body = stream::iter([Ok(self.0.clone())]).boxed();
        Ok(AsyncRawResponse::new(StatusCode::Ok, Headers::new(), body))
    }
}

async fn scan(body: &[u8]) -> Assessment {
    let endpoint = Endpoint::new(Cloud::Public, None).expect("the public endpoint");
    let settings = Settings { page_cap: 3, ..Settings::new(endpoint) };
    let credential = Arc::new(Cached::over("fuzzer", Arc::new(SignIn)));
    let arm = Arm::over(Arc::new(Same(Bytes::copy_from_slice(body))), settings, credential);
    let record = Read::from(arm.get(Operation::SubscriptionsGet, &format!("/subscriptions/{SUBSCRIPTION}")).await);
    let account =
        format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/a");
    // Every other body is met by a list of accounts first, the rest by an account that was named.
    let accounts = (body.len() % 2 == 0).then(|| vec![AccountId::parse(&account).expect("an account id")]);
    let target = Target { id: SUBSCRIPTION.to_owned(), record, accounts };
    let operations = rules::needs(|_| true);
    let asked = Asked { include: [Include::Communication, Include::Policies].into(), ..Asked::default() };
    let order = Order { operations: &operations, asked: &asked, width: 1, observer: &|_| {}, sink: &|_| {} };
    let subscriptions = collect::read(&arm, vec![target], Pieces::default(), order).await;
    let at = jiff::Timestamp::UNIX_EPOCH;
    let frame = Snapshot {
        source: Source::Live,
        cloud: Cloud::Public,
        scopes: vec!["one account".to_owned()],
        principal: Principal::default(),
        started_at: at,
        resumed_at: None,
        finished_at: at,
        interrupted: None,
        requests: arm.requests(),
        reach: Reach { asked, ..Reach::default() },
        subscriptions: Vec::new(),
    };
    let settings = engine::Settings {
        policy: Policy { pin: Pin::Geography, allowed_locations: None, options: std::collections::BTreeMap::new() },
        fail_on: FailOn::Never,
        profile: Profile::Strict,
        allow_incomplete: false,
        plan_unknown: PlanUnknown::Note,
        overlays: Overlays::default(),
        as_of: AsOf::Run,
    };
    assess_packed(PackedSnapshot { frame, subscriptions }, &settings)
}

fuzz_target!(|body: &[u8]| {
    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime"));
    let assessment = RUNTIME.block_on(scan(body));
    let screen = Screen::plain(100);
    let look = Look { show_pass: true, ..Look::new(screen) };
    let mut out = Vec::new();
    render(Format::Json, &assessment, &look, &mut out).expect("writing to memory");
    read_posture(&out).expect("a report that can be read back");
});
