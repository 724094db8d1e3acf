//! The emulator's own tests: what it promises, seen from the other end of a socket.
//!
//! A test that trusts the emulator is worth no more than this module.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

use super::throttle::Pauses;
use super::{Emulator, Fault, Framing, LastPage, RateHeaders, RetryAfter, Transport, ViolationKind, at};

const SUBSCRIPTION: &str = "11111111-aaaa-4bbb-8ccc-000000000001";
const NEWEST: &str = "api-version=2026-09-01";

/// What a raw client saw.
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
    /// How reading ended, unless it ended in order.
    failure: Option<ErrorKind>,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    fn code(&self) -> String {
        let body = self.json();
        let code = body.pointer("/error/code").or_else(|| body.get("code"));
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// One request over a connection of its own.
fn talk(stream: impl Read + Write, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut stream = stream;
    let mut request = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        for part in [name, ": ", value, "\r\n"] {
            request.push_str(part);
        }
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).expect("the request is sent");
    let mut bytes = Vec::new();
    let failure = stream.read_to_end(&mut bytes).err().map(|error| error.kind());
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, rest) = split.map_or((bytes.clone(), Vec::new()), |at| (bytes[..at].to_vec(), bytes[at + 4..].to_vec()));
    let head = String::from_utf8_lossy(&head).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let chunked = head.contains("transfer-encoding: chunked");
    Reply { status, body: if chunked { unchunk(&rest) } else { rest }, head, failure }
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(at) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&rest[..at]), 16).expect("a chunk size");
        out.extend_from_slice(&rest[at + 2..at + 2 + size]);
        rest = &rest[at + 2 + size + 2..];
        if size == 0 {
            break;
        }
    }
    out
}

// Long enough for a busy machine; only the tests of silence look at a clock.
const PATIENCE: Duration = Duration::from_secs(20);

fn connect(url: &str) -> (TcpStream, String) {
    let host = url.split('/').nth(2).expect("an absolute URL").to_owned();
    let stream = TcpStream::connect(&host).expect("the emulator listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    (stream, host)
}

fn send(emulator: &Emulator, method: &str, path: &str, extra: &[(&str, &str)]) -> Reply {
    let (stream, host) = connect(&emulator.endpoint());
    talk(stream, method, path, &[&[("host", host.as_str())], extra].concat(), "")
}

/// A GET with a good token.
fn get(emulator: &Emulator, path: &str) -> Reply {
    let bearer = format!("Bearer {}", emulator.issue_token());
    send(emulator, "GET", path, &[("authorization", &bearer)])
}

/// Like [`get`] for the accounts, but gives up soon.
fn accounts_hastily(emulator: &Emulator) -> Reply {
    let (stream, host) = connect(&emulator.endpoint());
    stream.set_read_timeout(Some(Duration::from_millis(700))).expect("a time-out");
    let bearer = format!("Bearer {}", emulator.issue_token());
    let headers = [("host", host.as_str()), ("authorization", bearer.as_str())];
    talk(stream, "GET", &format!("{}?{NEWEST}", accounts_path()), &headers, "")
}

fn path_of(url: &str) -> &str {
    &url[url.match_indices('/').nth(2).expect("an absolute URL with a path").0..]
}

fn accounts_path() -> String {
    format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.CognitiveServices/accounts")
}

fn account_path(rest: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/{rest}")
}

fn accounts(emulator: &Emulator) -> Reply {
    get(emulator, &format!("{}?{NEWEST}", accounts_path()))
}

fn estate(count: usize) -> Value {
    let account = |index: usize| {
        json!({
            "name": format!("a{index}"), "resourceGroup": "rg", "location": "swedencentral", "kind": "OpenAI",
            "sku": {"name": "S0"},
            "properties": {"capabilities": [{"name": "ContentLogging", "value": "false"}], "storedCompletionsDisabled": true,
                           "a365LoggingEnabled": false},
            "deployments": [
                {"name": "d", "sku": {"name": "Standard", "capacity": 10},
                 "properties": {"model": {"format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14"},
                                "routing": {"mode": "cost"}, "contextCacheContainerId": "/c"}}],
            "connections": [{"name": "c", "properties": {"category": "CosmosDb"}}],
            "capabilityHosts": [{"name": "h", "properties": {}}],
            "projects": [{"name": "p", "location": "swedencentral", "properties": {},
                "connections": [{"name": "pc", "properties": {}}], "capabilityHosts": [{"name": "ph", "properties": {}}],
                "applications": [{"name": "app", "properties": {},
                                  "agentDeployments": [{"name": "x", "properties": {"deploymentType": "Hosted"}}]}]}]
        })
    };
    json!({
        "tenantId": "99999999-aaaa-4bbb-8ccc-000000000009",
        "subscriptions": [{"subscriptionId": SUBSCRIPTION, "displayName": "one", "state": "Enabled",
                           "accounts": (0..count).map(account).collect::<Vec<_>>()}]
    })
}

fn emulator() -> Emulator {
    Emulator::builder(estate(1)).start()
}

fn kinds(emulator: &Emulator) -> Vec<ViolationKind> {
    emulator.violations().into_iter().map(|violation| violation.kind).collect()
}

/// Every row of a list, following `nextLink`.
fn all(emulator: &Emulator, path: &str) -> (Vec<Value>, usize) {
    let (mut rows, mut pages, mut next) = (Vec::new(), 0, format!("{path}?{NEWEST}"));
    loop {
        let body = get(emulator, &next).json();
        rows.extend(body["value"].as_array().expect("rows").iter().cloned());
        pages += 1;
        match body["nextLink"].as_str().filter(|link| !link.is_empty()) {
            Some(link) => {
                assert!(link.starts_with(&emulator.endpoint()), "{link}");
                path_of(link).clone_into(&mut next);
            }
            None => return (rows, pages),
        }
    }
}

#[test]
fn every_route_answers_with_arm_ids() {
    let emulator = emulator();
    let own = account_path("a0");
    let id = |path: &str, pointer: &str| get(&emulator, &format!("{path}?{NEWEST}")).json().pointer(pointer).cloned();
    assert_eq!(id(&own, "/id"), Some(json!(own)));
    assert_eq!(id(&own, "/properties/provisioningState"), Some(json!("Succeeded")));
    assert_eq!(id(&accounts_path(), "/value/0/id"), Some(json!(own)));
    for (list, row) in [
        ("deployments", "deployments/d"),
        ("connections", "connections/c"),
        ("capabilityHosts", "capabilityHosts/h"),
        ("projects", "projects/p"),
        ("projects/p/connections", "projects/p/connections/pc"),
        ("projects/p/capabilityHosts", "projects/p/capabilityHosts/ph"),
        ("projects/p/applications", "projects/p/applications/app"),
        ("projects/p/applications/app/agentDeployments", "projects/p/applications/app/agentDeployments/x"),
    ] {
        assert_eq!(id(&format!("{own}/{list}"), "/value/0/id"), Some(json!(format!("{own}/{row}"))), "{list}");
    }
    assert_eq!(id(&format!("{own}/projects"), "/value/0/name"), Some(json!("a0/p")));
    assert_eq!(
        id(&format!("{own}/projects/p/capabilityHosts"), "/value/0/type"),
        Some(json!("Microsoft.CognitiveServices/accounts/projects/capabilityHosts"))
    );
    let subscription = get(&emulator, &format!("/subscriptions/{SUBSCRIPTION}?api-version=2022-12-01")).json();
    assert_eq!(subscription["tenantId"], "99999999-aaaa-4bbb-8ccc-000000000009");
    assert_eq!(get(&emulator, "/subscriptions?api-version=2022-12-01").json()["value"][0], subscription);
    assert_eq!(kinds(&emulator), []);
}

#[test]
fn paths_match_in_any_casing() {
    let emulator = emulator();
    let shouted = format!(
        "{}?{NEWEST}",
        account_path("A0/DEPLOYMENTS").to_uppercase().replace("/SUBSCRIPTIONS", "/SubScriptions")
    );
    assert_eq!(get(&emulator, &shouted).json()["value"][0]["name"], "d");
    let counts = emulator.counts();
    let operation =
        "GET /subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.CognitiveServices/accounts/{a}/deployments";
    assert_eq!(counts.get(operation), Some(&1), "{counts:?}");
}

#[test]
fn unknown_things_are_arm_404s() {
    let emulator = emulator();
    let code = |path: &str| {
        let reply = get(&emulator, &format!("{path}?{NEWEST}"));
        (reply.status, reply.code())
    };
    assert_eq!(code(&account_path("nobody")), (404, "ResourceNotFound".into()));
    assert_eq!(code(&account_path("a0/projects/nobody/applications")), (404, "ResourceNotFound".into()));
    assert_eq!(
        code("/subscriptions/nobody/providers/Microsoft.CognitiveServices/accounts"),
        (404, "SubscriptionNotFound".into())
    );
    assert_eq!(code("/providers/Microsoft.Nothing/things"), (404, "InvalidResourceType".into()));
}

#[test]
fn pages_hold_every_row_once() {
    for (style, last) in
        [(LastPage::Absent, None), (LastPage::Null, Some(Value::Null)), (LastPage::Empty, Some(json!("")))]
    {
        let emulator = Emulator::builder(estate(7)).page_size(3).last_page(style).start();
        let (rows, pages) = all(&emulator, &accounts_path());
        let names: BTreeSet<_> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
        assert_eq!((rows.len(), names.len(), pages), (7, 7, 3));
        let short = get(&emulator, &format!("{}?{NEWEST}", account_path("a0/deployments"))).json();
        assert_eq!(short.get("nextLink"), last.as_ref());
        assert!(emulator.requests().iter().any(|seen| seen.target.contains("%24skiptoken=")));
        assert_eq!(get(&emulator, &format!("{}?{NEWEST}&$skiptoken=3", accounts_path())).status, 400);
    }
}

#[test]
fn only_a_current_token_opens_arm() {
    let emulator = Emulator::builder(estate(1)).token_lifetime(Duration::from_secs(2)).start();
    let path = format!("{}?{NEWEST}", accounts_path());
    let bare = send(&emulator, "GET", &path, &[]);
    assert_eq!((bare.status, bare.code().as_str()), (401, "InvalidAuthenticationToken"));
    assert!(
        bare.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer authorization_uri=")),
        "{}",
        bare.head
    );
    assert_eq!(send(&emulator, "GET", &path, &[("authorization", "Bearer made-up")]).status, 401);

    let token = format!("Bearer {}", emulator.issue_token());
    let with = |token: &str| send(&emulator, "GET", &path, &[("authorization", token)]);
    assert_eq!(with(&token).status, 200);
    emulator.revoke_tokens();
    assert_eq!(with(&token).code(), "InvalidAuthenticationToken");
    let token = format!("Bearer {}", emulator.issue_token());
    std::thread::sleep(Duration::from_millis(2050));
    assert_eq!(with(&token).code(), "ExpiredAuthenticationToken");
    assert_eq!(
        emulator.requests().iter().map(|seen| seen.authorization).collect::<Vec<_>>(),
        [false, true, true, true, true]
    );
}

#[test]
fn tokens_can_be_revoked_after_some_requests() {
    let emulator = Emulator::builder(estate(1)).revoke_tokens_after(1).start();
    let statuses: Vec<u16> = (0..3).map(|_| accounts(&emulator).status).collect();
    assert_eq!(statuses, [200, 401, 200]);
}

#[test]
fn managed_identity_speaks_the_app_service_dialect() {
    let emulator = emulator();
    let ask = |secret: &str| {
        let (stream, host) = connect(&emulator.identity_endpoint());
        let path = "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com";
        talk(stream, "GET", path, &[("host", &host), ("x-identity-header", secret)], "")
    };
    assert_eq!(ask("wrong").status, 401);
    let (one, two) = (ask(&emulator.identity_header()).json(), ask(&emulator.identity_header()).json());
    assert_ne!(one["access_token"], two["access_token"]);
    assert_eq!(one["resource"], "https://management.azure.com");
    assert!(one["expires_on"].as_str().and_then(|at| at.parse::<u64>().ok()).is_some(), "{one}");
    let bearer = format!("Bearer {}", one["access_token"].as_str().expect("a token"));
    assert_eq!(bearer.split('.').count(), 3);
    assert_eq!(
        send(&emulator, "GET", &format!("{}?{NEWEST}", accounts_path()), &[("authorization", &bearer)]).status,
        200
    );
    assert_eq!(kinds(&emulator), []);
}

#[test]
fn entra_issues_tokens_for_secrets_and_assertions() {
    let emulator = Emulator::builder(estate(1)).client_secret("right").start();
    let ask = |tenant: &str, form: &str| {
        let (stream, host) = connect(&emulator.authority());
        let path = format!("/{tenant}/oauth2/v2.0/token");
        let headers = [("host", host.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        talk(stream, "POST", &path, &headers, form)
    };
    let tenant = "99999999-aaaa-4bbb-8ccc-000000000009";
    let form = "grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.azure.com%2F.default&client_id=x";
    let good = ask(tenant, &format!("{form}&client_secret=right")).json();
    assert_eq!((good["token_type"].as_str(), good["expires_in"].as_u64()), (Some("Bearer"), Some(86_400)));
    assert_eq!(ask(tenant, &format!("{form}&client_assertion=e.y.j")).status, 200);
    assert_eq!(ask(tenant, &format!("{form}&client_secret=wrong")).status, 401);
    assert_eq!(ask(tenant, form).status, 401);
    assert_eq!(ask("other-tenant", &format!("{form}&client_secret=right")).status, 400);
    assert_eq!(kinds(&emulator), []);
}

#[test]
fn api_versions_are_checked_per_type() {
    let emulator = Emulator::builder(estate(1)).start();
    let code = |path: &str| get(&emulator, path).code();
    assert_eq!(code(&accounts_path()), "MissingApiVersionParameter");
    assert_eq!(code(&format!("{}?api-version=2031-01-01", accounts_path())), "InvalidApiVersionParameter");
    let applications = account_path("a0/projects/p/applications");
    assert_eq!(code(&format!("{applications}?api-version=2025-09-01")), "InvalidApiVersionParameter");
    assert_eq!(get(&emulator, &format!("{applications}?api-version=2025-12-01")).status, 200);

    let older = Emulator::builder(estate(1))
        .supported_versions(["2025-06-01", "2025-09-01"])
        .version_error("NoRegisteredProviderFound")
        .start();
    assert_eq!(accounts(&older).code(), "NoRegisteredProviderFound");
    assert_eq!(get(&older, &format!("{}?api-version=2025-09-01", accounts_path())).status, 200);
}

#[test]
fn older_versions_show_less() {
    let emulator = emulator();
    let has = |path: &str, version: &str, pointer: &str| {
        get(&emulator, &format!("{path}?api-version={version}")).json().pointer(pointer).is_some()
    };
    let (account, deployments) = (account_path("a0"), account_path("a0/deployments"));
    assert!(has(&account, "2025-06-01", "/properties/capabilities"));
    assert!(!has(&account, "2025-06-01", "/properties/storedCompletionsDisabled"));
    assert!(has(&account, "2025-09-01", "/properties/storedCompletionsDisabled"));
    assert!(!has(&account, "2026-07-01", "/properties/a365LoggingEnabled"));
    assert!(has(&account, "2026-09-01", "/properties/a365LoggingEnabled"));
    assert!(!has(&deployments, "2025-09-01", "/value/0/properties/routing"));
    assert!(has(&deployments, "2025-12-01", "/value/0/properties/routing"));
    assert!(!has(&deployments, "2026-07-01", "/value/0/properties/contextCacheContainerId"));
    assert!(has(&deployments, "2026-07-15-preview", "/value/0/properties/contextCacheContainerId"));
}

#[test]
fn described_faults_refuse_one_operation_only() {
    let mut estate = estate(1);
    let account = &mut estate["subscriptions"][0]["accounts"][0];
    account["faults"] =
        json!({"deployments": {"status": 403}, "connections": {"status": 500, "code": "Odd", "message": "m"}});
    account["projects"][0]["faults"] = json!({"agentDeployments": {"status": 404}});
    let emulator = Emulator::builder(estate.clone()).start();
    let refused = get(&emulator, &format!("{}?{NEWEST}", account_path("a0/deployments")));
    assert_eq!((refused.status, refused.code().as_str()), (403, "AuthorizationFailed"));
    let message = refused.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains("'Microsoft.CognitiveServices/accounts/deployments/read'"), "{message}");
    assert_eq!(get(&emulator, &format!("{}?{NEWEST}", account_path("a0/connections"))).code(), "Odd");
    assert_eq!(get(&emulator, &format!("{}?{NEWEST}", account_path("a0/projects/p/applications"))).status, 200);
    assert_eq!(
        get(&emulator, &format!("{}?{NEWEST}", account_path("a0/projects/p/applications/app/agentDeployments"))).status,
        404
    );
    assert_eq!(accounts(&emulator).status, 200);

    let flat = Emulator::builder(estate).flat_errors(true).start();
    let refused = get(&flat, &format!("{}?{NEWEST}", account_path("a0/deployments"))).json();
    assert_eq!(refused["code"], "AuthorizationFailed");
}

#[test]
#[should_panic(expected = "no fault can be described for deploymets")]
fn a_typo_in_an_estate_is_loud() {
    let mut estate = estate(1);
    estate["subscriptions"][0]["accounts"][0]["faults"] = json!({"deploymets": {"status": 403}});
    Emulator::builder(estate).start();
}

#[test]
fn the_bucket_empties_and_says_when_to_come_back() {
    let emulator =
        Emulator::builder(estate(1)).throttle(3, 0.5).rate_headers(RateHeaders::Both).grace(Duration::ZERO).start();
    let first = accounts(&emulator);
    assert_eq!(first.header("x-ms-ratelimit-remaining-subscription-reads"), Some("2"));
    assert!(first.header("x-ms-ratelimit-remaining-subscription-global-reads").is_some());
    assert!(first.header("x-ms-request-id").is_some() && first.header("x-ms-correlation-request-id").is_some());
    assert_eq!([accounts(&emulator).status, accounts(&emulator).status], [200, 200]);
    let refused = accounts(&emulator);
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("2")));
    assert_eq!(refused.code(), "SubscriptionRequestsThrottled");
    assert_eq!(
        get(&emulator, "/subscriptions?api-version=2022-12-01").status,
        200,
        "the tenant has a bucket of its own"
    );
    assert_eq!(kinds(&emulator), []);

    accounts(&emulator);
    assert_eq!(kinds(&emulator), [ViolationKind::Early]);
    std::thread::sleep(Duration::from_millis(2100));
    assert_eq!(accounts(&emulator).status, 200);
    assert_eq!((kinds(&emulator).len(), emulator.early_requests().len()), (1, 1));
}

#[test]
fn requests_on_their_way_are_not_violations() {
    let emulator = Emulator::builder(estate(1))
        .grace(Duration::from_secs(5))
        .fault(at("/accounts?").first(1), Fault::later(429, RetryAfter::Seconds(2)))
        .start();
    assert_eq!([accounts(&emulator).status, accounts(&emulator).status], [429, 200]);
    assert_eq!((kinds(&emulator).len(), emulator.early_requests().len()), (0, 1));
}

#[test]
fn retry_after_comes_in_every_form() {
    let emulator = Emulator::builder(estate(1))
        .grace(Duration::ZERO)
        .fault(at("/accounts?").nth(1), Fault::later(503, RetryAfter::Date(2)))
        .fault(at("/accounts?").nth(2), Fault::later(503, RetryAfter::Text("soon".into())))
        .fault(at("/accounts?").nth(3), Fault::later(429, RetryAfter::Seconds(1_000_000_000)))
        .fault(at("/accounts?").nth(4), Fault::error(429, "Custom"))
        .start();
    let date = accounts(&emulator);
    assert!(
        date.header("retry-after").is_some_and(|value| value.ends_with(" GMT") && value.len() == 29),
        "{}",
        date.head
    );
    assert_eq!(get(&emulator, &format!("{}?{NEWEST}", account_path("a0"))).status, 200, "503 holds its own URL only");
    assert_eq!(kinds(&emulator), []);
    assert_eq!(accounts(&emulator).header("retry-after"), Some("soon"));
    assert_eq!(kinds(&emulator), [ViolationKind::Early]);
    assert_eq!(accounts(&emulator).header("retry-after"), Some("1000000000"));
    let absent = accounts(&emulator);
    assert_eq!((absent.code().as_str(), absent.header("retry-after")), ("Custom", None));
    assert_eq!(accounts(&emulator).status, 200);
}

#[test]
fn only_get_is_read_only() {
    let emulator = emulator();
    let bearer = format!("Bearer {}", emulator.issue_token());
    let reply =
        send(&emulator, "POST", &format!("{}?{NEWEST}", account_path("a0/listKeys")), &[("authorization", &bearer)]);
    assert_eq!(reply.status, 405);
    assert_eq!(kinds(&emulator), [ViolationKind::NotGet]);
}

#[test]
fn secrets_in_wrong_places_are_noticed() {
    let emulator = emulator();
    let (stream, host) = connect(&emulator.identity_endpoint());
    talk(stream, "GET", "/msi/token?api-version=2019-08-01", &[("host", &host), ("authorization", "Bearer t")], "");
    send(&emulator, "GET", "/subscriptions", &[("x-identity-header", "s")]);
    let (stream, host) = connect(&emulator.stranger());
    let reply = talk(stream, "GET", "/subscriptions", &[("host", &host), ("authorization", "Bearer t")], "");
    assert_eq!(reply.json(), json!({"value": []}));
    assert_eq!(
        kinds(&emulator),
        [
            ViolationKind::BearerOutsideArm,
            ViolationKind::IdentityHeaderOutsideIdentity,
            ViolationKind::WentToStranger,
            ViolationKind::BearerToStranger
        ]
    );
}

#[test]
fn connections_break_as_ordered() {
    let list = "/accounts?";
    let stalling = Duration::from_secs(60);
    let emulator = Emulator::builder(estate(5))
        .stall(stalling)
        .fault(at(list).nth(1), Fault::Hangup)
        .fault(at(list).nth(2), Fault::Reset)
        .fault(at(list).nth(3), Fault::Stall)
        .fault(at(list).nth(4), Fault::Silence)
        .fault(at(list).nth(5), Fault::TruncatedTransfer)
        .start();
    let hangup = accounts(&emulator);
    assert_eq!((hangup.head.as_str(), hangup.failure), ("", Some(ErrorKind::ConnectionReset)));
    let reset = accounts(&emulator);
    assert_eq!((reset.status, reset.failure), (200, Some(ErrorKind::ConnectionReset)));
    assert!(!reset.body.is_empty());
    let stall = accounts_hastily(&emulator);
    assert_eq!((stall.status, stall.failure), (200, Some(ErrorKind::WouldBlock)));
    assert!(!stall.body.is_empty());
    let silence = accounts_hastily(&emulator);
    assert_eq!((silence.head.as_str(), silence.failure), ("", Some(ErrorKind::WouldBlock)));
    let short = accounts(&emulator);
    let declared: usize = short.header("content-length").and_then(|length| length.parse().ok()).expect("a length");
    assert_eq!((short.status, short.failure, short.body.len() < declared), (200, None, true));
    let whole = accounts(&emulator);
    assert_eq!((whole.failure, whole.json()["value"].as_array().map(Vec::len)), (None, Some(5)));
    let statuses: Vec<_> = emulator.requests().iter().map(|seen| seen.status).collect();
    assert_eq!(statuses, [None, Some(200), Some(200), None, Some(200), Some(200)]);
}

#[test]
fn a_stall_is_bounded() {
    let emulator = Emulator::builder(estate(1)).stall(Duration::from_millis(100)).fault(at(""), Fault::Stall).start();
    let started = Instant::now();
    let stall = accounts(&emulator);
    assert_ne!(stall.failure, Some(ErrorKind::WouldBlock));
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[test]
fn bodies_lie_as_ordered() {
    let emulator = Emulator::builder(estate(3))
        .fault(at("/accounts?").nth(1), Fault::TruncatedJson)
        .fault(at("/accounts?").nth(2), Fault::InvalidUtf8)
        .fault(at("/accounts?").nth(3), Fault::GzipGarbage)
        .fault(at("/accounts?").nth(4), Fault::Html)
        .fault(
            at("/accounts?").nth(5),
            Fault::Body { status: 418, content_type: "text/plain".into(), body: b"tea".into() },
        )
        .start();
    let cut = accounts(&emulator);
    assert_eq!(cut.header("content-length"), Some(cut.body.len().to_string().as_str()));
    assert!(serde_json::from_slice::<Value>(&cut.body).is_err_and(|error| error.is_eof()));
    let torn = accounts(&emulator);
    assert!(std::str::from_utf8(&torn.body).is_err());
    assert!(serde_json::from_str::<Value>(&String::from_utf8_lossy(&torn.body)).is_ok(), "only the bytes are wrong");
    let garbage = accounts(&emulator);
    assert_eq!(garbage.header("content-encoding"), Some("gzip"));
    assert!(GzDecoder::new(garbage.body.as_slice()).read_to_end(&mut Vec::new()).is_err());
    let page = accounts(&emulator);
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
    let tea = accounts(&emulator);
    assert_eq!((tea.status, tea.body.as_slice()), (418, b"tea".as_slice()));
}

#[test]
fn huge_pages_are_huge() {
    let huge = |framing| Fault::HugePage { megabytes: 3, framing };
    let emulator = Emulator::builder(estate(1))
        .fault(at("/accounts?").nth(1), huge(Framing::Declared))
        .fault(at("/accounts?").nth(2), huge(Framing::Chunked))
        .fault(at("/accounts?").nth(3), huge(Framing::Gzip))
        .start();
    let (declared, chunked, packed) = (accounts(&emulator), accounts(&emulator), accounts(&emulator));
    assert!(declared.header("content-length").is_some() && chunked.header("content-length").is_none());
    assert_eq!(declared.body, chunked.body);
    assert!(declared.body.len() > 3 * 1024 * 1024 && packed.body.len() < 100 * 1024);
    let mut unpacked = Vec::new();
    GzDecoder::new(packed.body.as_slice()).read_to_end(&mut unpacked).expect("good gzip");
    assert!(unpacked == declared.body && declared.json()["value"].is_array());
}

#[test]
fn links_and_redirects_lead_astray() {
    let emulator = Emulator::builder(estate(1))
        .fault(at("/accounts?").nth(1), Fault::NextLinkLoop)
        .fault(at("/accounts?").nth(2), Fault::NextLinkStranger)
        .fault(at("/accounts?").nth(3), Fault::NextLinkPlainHttp)
        .fault(at("/accounts?").nth(4), Fault::NextLink("https://127.0.0.1:1/x".into()))
        .fault(at("/accounts?").nth(5), Fault::Redirect)
        .start();
    let here = format!("{}?{NEWEST}", accounts_path());
    let link = || accounts(&emulator).json()["nextLink"].as_str().unwrap_or_default().to_owned();
    assert_eq!(link(), format!("{}{here}", emulator.endpoint()));
    assert_eq!(link(), format!("{}{here}", emulator.stranger()));
    assert_eq!(link(), format!("{}{here}", emulator.endpoint()));
    assert_eq!(link(), "https://127.0.0.1:1/x");
    let redirect = accounts(&emulator);
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (302, Some(format!("{}{here}", emulator.stranger()).as_str()))
    );
    emulator.inject(at("/accounts?"), Fault::status(502));
    assert_eq!(accounts(&emulator).code(), "BadGateway");
}

#[test]
fn gzip_is_for_those_who_ask() {
    let emulator = Emulator::builder(estate(2)).gzip(true).latency(Duration::from_millis(30)).start();
    let path = format!("{}?{NEWEST}", accounts_path());
    let bearer = format!("Bearer {}", emulator.issue_token());
    let started = Instant::now();
    let packed = send(&emulator, "GET", &path, &[("authorization", &bearer), ("accept-encoding", "gzip")]);
    assert!(started.elapsed() >= Duration::from_millis(30));
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let unpacked: Value = serde_json::from_reader(GzDecoder::new(packed.body.as_slice())).expect("good gzip");
    assert_eq!(unpacked, accounts(&emulator).json());
}

#[test]
fn lists_and_numbers_can_be_odd() {
    let emulator = Emulator::builder(estate(1)).floats(true).hidden_in_lists("capabilities").start();
    let row = &accounts(&emulator).json()["value"][0];
    assert!(row["properties"].get("capabilities").is_none());
    assert!(
        get(&emulator, &format!("{}?{NEWEST}", account_path("a0"))).json()["properties"]["capabilities"].is_array()
    );
    let deployments = get(&emulator, &format!("{}?{NEWEST}", account_path("a0/deployments")));
    assert!(String::from_utf8_lossy(&deployments.body).contains("\"capacity\":10.0"));
}

fn over_tls(emulator: &Emulator, path: &str, alpn: &[&str]) -> (Reply, Option<Vec<u8>>) {
    let mut roots = rustls::RootCertStore::empty();
    let file = emulator.ca_file().expect("a CA file with tls");
    roots.add(CertificateDer::from_pem_file(file).expect("a PEM file")).expect("a root certificate");
    let mut config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let (socket, host) = connect(&emulator.endpoint());
    let name = "127.0.0.1".try_into().expect("a server name");
    let client = rustls::ClientConnection::new(Arc::new(config), name).expect("a TLS client");
    let mut stream = rustls::StreamOwned::new(client, socket);
    stream.conn.complete_io(&mut stream.sock).expect("the handshake succeeds with the emulator's own CA");
    let spoken = stream.conn.alpn_protocol().map(<[u8]>::to_vec);
    let bearer = format!("Bearer {}", emulator.issue_token());
    (talk(stream, "GET", path, &[("host", &host), ("authorization", &bearer)], ""), spoken)
}

#[test]
fn https_is_trusted_with_its_own_ca() {
    let emulator = Emulator::builder(estate(4)).page_size(2).tls(true).start();
    assert!(emulator.endpoint().starts_with("https://127.0.0.1:"));
    let path = format!("{}?{NEWEST}", accounts_path());
    let (reply, spoken) = over_tls(&emulator, &path, &["http/1.1"]);
    assert_eq!((reply.status, spoken.as_deref()), (200, Some(b"http/1.1".as_slice())));
    assert!(reply.json()["nextLink"].as_str().is_some_and(|link| link.starts_with(&emulator.endpoint())));
    assert_eq!(emulator.ca_pem().map(str::to_owned), std::fs::read_to_string(emulator.ca_file().expect("a file")).ok());
    let old = Emulator::builder(estate(1)).transport(Transport::HttpsOne).start();
    assert_eq!(over_tls(&old, &path, &["h2", "http/1.1"]).1.as_deref(), Some(b"http/1.1".as_slice()));
}

#[test]
fn plain_http_on_the_https_port_is_noticed() {
    let emulator =
        Emulator::builder(estate(1)).tls(true).fault(at("/accounts?").first(1), Fault::NextLinkPlainHttp).start();
    let (reply, _) = over_tls(&emulator, &format!("{}?{NEWEST}", accounts_path()), &[]);
    let link = reply.json()["nextLink"].as_str().expect("a link").to_owned();
    assert!(link.starts_with(&emulator.endpoint().replace("https:", "http:")), "{link}");
    assert_eq!(send(&emulator, "GET", path_of(&link), &[("authorization", "Bearer t")]).status, 400);
    assert_eq!(kinds(&emulator), [ViolationKind::PlainHttp]);
    assert_eq!(emulator.violations()[0].detail, "with a bearer token");
}

#[test]
fn http_two_works_and_breaks_too() {
    let emulator = Emulator::builder(estate(3))
        .tls(true)
        .gzip(true)
        .fault(at("reset"), Fault::Reset)
        .fault(at("short"), Fault::TruncatedTransfer)
        .start();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = reqwest::Certificate::from_pem(emulator.ca_pem().expect("tls").as_bytes()).expect("a certificate");
    let client = reqwest::Client::builder().tls_certs_only([root]).no_proxy().build().expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let ask = |query: &str| {
        let url = format!("{}{}?{NEWEST}{query}", emulator.endpoint(), accounts_path());
        let request = client.get(url).bearer_auth(emulator.issue_token()).timeout(Duration::from_secs(5));
        runtime.block_on(async { request.send().await?.json::<Value>().await })
    };
    assert_eq!(ask("").expect("an answer")["value"].as_array().map(Vec::len), Some(3));
    assert!(ask("&x=short").is_err_and(|error| !error.is_timeout()));
    assert!(ask("&x=reset").is_err_and(|error| !error.is_timeout()));
    assert_eq!(ask("").expect("a new connection")["value"].as_array().map(Vec::len), Some(3));
    assert!(emulator.requests().iter().all(|seen| seen.version == "HTTP/2.0"));
    assert_eq!(kinds(&emulator), []);
}

#[test]
fn the_environment_never_leaves_loopback() {
    let emulator = Emulator::builder(estate(1)).tls(true).start();
    let variables = emulator.environment();
    let value =
        |name: &str| variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    for name in ["IDENTITY_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"] {
        assert!(value(name).starts_with("http://127.0.0.1:"), "{name}");
    }
    assert_eq!(value("IDENTITY_HEADER"), emulator.identity_header());
    assert!(Path::new(&value("SSL_CERT_FILE")).is_file());
    let closed = value("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    let refused = TcpStream::connect(closed.trim_start_matches("http://")).map_err(|error| error.kind());
    assert_eq!(refused.err(), Some(ErrorKind::ConnectionRefused));
}

#[test]
fn it_stops_when_dropped() {
    let emulator = emulator();
    let host = emulator.endpoint().replace("http://", "");
    drop(emulator);
    let deadline = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(&host).is_ok() {
        assert!(Instant::now() < deadline, "still listening");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn recorded_shapes_are_served_as_they_are() {
    let emulator = Emulator::builder_from("fixtures/arm/shapes/estate.json").last_page(LastPage::Empty).start();
    let base = "/subscriptions/2b8d4f61-0c97-4a3e-95d8-7f1e6a0c3b24";
    let read = |path: &str| get(&emulator, &format!("{base}{path}?{NEWEST}"));
    let rows = read("/providers/Microsoft.CognitiveServices/accounts").json();
    assert_eq!((rows["value"].as_array().map(Vec::len), &rows["nextLink"]), (Some(7), &json!("")));
    assert_eq!((&rows["value"][3], &rows["value"][4]), (&json!(17), &Value::Null));
    let below =
        |rest: &str| read(&format!("/resourceGroups/rg-shapes/providers/Microsoft.CognitiveServices/accounts/{rest}"));
    let odd = below("odd-casing").json();
    assert!(
        odd["id"].as_str().is_some_and(|id| id.contains("/resourcegroups/RG-Shapes/providers/microsoft.cognitive"))
    );
    assert_eq!(odd["type"], "microsoft.cognitiveservices/accounts");
    assert!(String::from_utf8_lossy(&below("odd-casing/deployments").body).contains("\"count\":240.0"));
    let plain = below("value-omitted").json();
    assert_eq!(plain["properties"]["capabilities"][1], json!({"name": "ContentLogging"}));
    assert!(
        below("value-omitted/connections").json()["value"][0]["id"]
            .as_str()
            .is_some_and(|id| id.contains("linkedaccounts"))
    );
    assert_eq!(below("value-omitted/projects").json()["value"][0]["name"], "value-omitted/first");
    let broken = below("broken-rows/deployments").json();
    assert_eq!(
        broken["value"].as_array().map(|rows| rows[..4].to_vec()),
        Some(vec![json!(17), Value::Null, json!({}), json!("text")])
    );
    assert_eq!(broken["value"][5]["properties"]["provisioningState"], "Succeeded");
    assert_eq!(
        [below("locked").status, below("locked/deployments").status, below("locked/projects").status],
        [200, 403, 500]
    );
    let unregistered =
        "/subscriptions/d05a7c93-4e28-4b16-8f7d-9c2e1b6a5f38/providers/Microsoft.CognitiveServices/accounts";
    assert_eq!(get(&emulator, &format!("{unregistered}?{NEWEST}")).code(), "MissingSubscriptionRegistration");
}

#[test]
fn the_twenty_five_are_described_and_expected() {
    let emulator = Emulator::builder_from("fixtures/arm/twenty-five/estate.json").page_size(4).start();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/arm/twenty-five/expected.json");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
    let expected = expected["accounts"].as_object().expect("accounts");
    let subscriptions = get(&emulator, "/subscriptions?api-version=2022-12-01").json();
    let mut names = BTreeSet::new();
    for subscription in subscriptions["value"].as_array().expect("rows") {
        let id = subscription["id"].as_str().expect("an id");
        for account in all(&emulator, &format!("{id}/providers/Microsoft.CognitiveServices/accounts")).0 {
            let name = account["name"].as_str().expect("a name").to_owned();
            let path = format!("{}/deployments", account["id"].as_str().expect("an id"));
            let deployments = all(&emulator, &path).0;
            let described: BTreeSet<_> = deployments.iter().filter_map(|row| row["name"].as_str()).collect();
            let wanted = expected[&name]["deployment-leaves-boundary"].as_object().expect("a map");
            assert_eq!(described, wanted.keys().map(String::as_str).collect(), "{name}");
            names.insert(name);
        }
    }
    assert_eq!(names.len(), 25);
    assert_eq!(names, expected.keys().cloned().collect());
    assert_eq!(kinds(&emulator), []);
}

#[test]
fn a_pause_keeps_its_first_announcement_until_it_is_over() {
    let (mut pauses, start, second) = (Pauses::default(), Instant::now(), Duration::from_secs(1));
    pauses.announce("k".into(), 2 * second, start);
    pauses.announce("k".into(), 2 * second, start + second);
    assert_eq!(pauses.held("k", start + second), Some((second, 2 * second)));
    assert_eq!(pauses.held("k", start + 3 * second), None);
    assert_eq!(pauses.held("other", start), None);
    pauses.announce("k".into(), 2 * second, start + 4 * second);
    assert_eq!(pauses.held("k", start + 4 * second), Some((Duration::ZERO, 2 * second)));
}
