//! The fault table: what can go wrong between the program and Azure, injected in the emulator and driven through the binary.
//!
//! | row | where |
//! |---|---|
//! | 429: short, long, absent and absurd `Retry-After`, seconds and dates; storms | [`throttling`] |
//! | bucket emptied by the scan itself | `bad_input::throttling_and_outages_are_waited_out` |
//! | 5xx bursts, resets, stalls, silence | [`outages`] |
//! | truncated JSON, invalid UTF-8, gzip garbage, HTML, huge pages, deep nesting, redirects, hostile links | [`broken_answers`] |
//! | duplicate, contradicting, malformed and missing rows and pages | [`rows`], [`crate::order`] |
//! | account or subscription gone while it is read | [`what_goes_away`] |
//! | token expired, revoked, challenged, repeated by the server; clock skew | [`tokens_and_clocks`] |
//! | every token revoked at once | `bad_input::a_token_revoked_during_the_scan_is_fetched_again` |
//! | api-version refused | [`refused_versions`] |
//! | DNS, proxies, private CA, IPv6 | [`names_that_do_not_resolve`], [`proxies`], [`private_authorities`], [`ipv6`] |
//! | nothing listens; everything is refused | `bad_input::an_unreachable_host_is_said_in_seconds`, `…::a_rejected_sign_in_is_not_audited` |
//! | any one call forbidden | `scan::a_forbidden_call_of_an_account_is_unknown_and_exit_4` |
//!
//! Whatever happens, [`Ran::holds`]: the fault is waited out, or it is unknown and exit 4; no pass that a healthy run does not
//! have, no neighbour lost, no hang, no panic, and no secret in what is printed, logged or saved.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::{Run, scan, zdr_check};
use crate::emulator::options::Builder;
use crate::emulator::{Emulator, Fault, Framing, RetryAfter, ViolationKind, When, at};
use crate::scan::passes;

const ONE: &str = "00000000-0000-4000-8000-000000000001";
const TWO: &str = "00000000-0000-4000-8000-000000000002";
/// A secret of a connection, which nobody may see again.
const BAIT: &str = "bait-5d1f0c9e7b2a4836";
/// A run that takes longer hangs.
const HANG: Duration = Duration::from_secs(240);

/// Lists that the faults are for: one inside an account, and the one that leads to all accounts of a subscription.
const INSIDE: &str = "/accounts/a/deployments?";
const LISTING: &str =
    "/subscriptions/00000000-0000-4000-8000-000000000001/providers/microsoft.cognitiveservices/accounts?";

/// Three accounts that are clean: `a` with everything below it and `b` in one subscription, `c` in another.
fn estate() -> Value {
    let deployment = |name: &str| {
        json!({ "name": name, "sku": { "name": "Standard" },
            "properties": { "model": { "format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14" } } })
    };
    let account = |name: &str, kind: &str| {
        json!({ "name": name, "resourceGroup": "rg", "location": "swedencentral", "kind": kind,
            "properties": { "capabilities": [{ "name": "ContentLogging", "value": "false" }],
                "storedCompletionsDisabled": true, "a365LoggingEnabled": false },
            "deployments": [deployment("d1"), deployment("d2"), deployment("d3")] })
    };
    let connection = |name: &str, category: &str| json!({ "name": name, "properties": { "category": category, "credentials": { "key": BAIT } } });
    let mut first = account("a", "AIServices");
    first["projects"] = json!([{ "name": "p", "location": "swedencentral",
        "connections": [connection("c", "CosmosDb"), connection("s", "AzureStorageAccount"), connection("v", "CognitiveSearch")],
        "capabilityHosts": [{ "name": "h", "properties": { "provisioningState": "Succeeded",
            "threadStorageConnections": ["c"], "storageConnections": ["s"], "vectorStoreConnections": ["v"] } }],
        "applications": [{ "name": "app", "properties": {},
            "agentDeployments": [{ "name": "x", "properties": { "deploymentType": "Managed" } }] }] }]);
    json!({ "tenantId": "00000000-0000-4000-8000-00000000000a", "subscriptions": [
        { "subscriptionId": ONE, "displayName": "one", "accounts": [first, account("b", "OpenAI")] },
        { "subscriptionId": TWO, "displayName": "two", "accounts": [account("c", "OpenAI")] }] })
}

fn builder() -> Builder {
    Emulator::builder(estate()).page_size(1)
}

/// How a run must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// As if nothing had happened.
    Recovered,
    /// Unknown about the account `a`.
    Account,
    /// Unknown about the subscription of `a`.
    Subscription,
    /// Unknown about everything.
    Everything,
}

impl End {
    fn spares(self, account_id: &str) -> bool {
        match self {
            Self::Recovered => true,
            Self::Account => !account_id.ends_with("/a"),
            Self::Subscription => account_id.contains(TWO),
            Self::Everything => false,
        }
    }
}

/// A run that ended by itself.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    snapshot: String,
}

impl Ran {
    fn of(run: Run) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("snapshot.jsonl");
        let more = ["--show-pass", "-vv", "--no-progress", "--save-snapshot", path.to_str().unwrap()];
        let (code, stdout, stderr) = finish(run.args(more).spawn());
        Self { code, stdout, stderr, snapshot: std::fs::read_to_string(&path).unwrap_or_default() }
    }

    fn against(emulator: &Emulator, limits: [u16; 2]) -> Self {
        let [request, fact] = limits.map(|seconds| seconds.to_string());
        let limits = ["--all-subscriptions", "--request-timeout", &request, "--fact-timeout", &fact];
        Self::of(scan(emulator, limits))
    }

    /// The promise of this table.
    fn holds(&self, name: &str, emulator: &Emulator, end: End) {
        self.tells_no_secret(name, emulator);
        let code = if end == End::Recovered { 0 } else { 4 };
        assert_eq!(self.code, Some(code), "{name}\n{}\n{}", self.stdout, self.stderr);
        let report: Value = serde_json::from_str(&self.stdout).unwrap();
        let (was, is) = (passes(healthy()), passes(&report));
        assert!(is.is_subset(&was), "{name}: {:?} passes only now", is.difference(&was));
        assert_eq!(spared(&report, end), spared(healthy(), end), "{name}: a neighbour differs");
        assert_eq!(report["complete"], end == End::Recovered, "{name}");
        if end != End::Recovered {
            let unknown = |result: &&Value| result["outcome"] == "unknown" && !end.spares(text(result, "account_id"));
            let unread = report["coverage"]["unreadable"].as_array().unwrap();
            let results = report["results"].as_array().unwrap();
            assert!(!unread.is_empty() || results.iter().any(|result| unknown(&result)), "{name}: nothing is unknown");
        }
        let violations = emulator.violations().into_iter().filter(|one| one.kind != ViolationKind::Early);
        assert_eq!(violations.collect::<Vec<_>>(), [], "{name}");
    }

    fn tells_no_secret(&self, name: &str, emulator: &Emulator) {
        let mut secrets: Vec<String> = vec![BAIT.to_owned(), emulator.identity_header()];
        let requests = emulator.requests();
        let bearers = requests.iter().filter_map(|seen| seen.header("authorization")?.split(' ').nth(1));
        secrets.extend(bearers.map(str::to_owned));
        for (place, text) in [("stdout", &self.stdout), ("stderr", &self.stderr), ("snapshot", &self.snapshot)] {
            assert!(!secrets.iter().any(|secret| text.contains(secret)), "{name}: {place} has a secret\n{text}");
        }
        assert!(!self.stderr.contains("panicked"), "{name}: {}", self.stderr);
    }
}

/// Waits for the end, and ends what does not end.
fn finish(mut child: Child) -> (Option<i32>, String, String) {
    fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
        thread::spawn(move || {
            let mut text = String::new();
            pipe.read_to_string(&mut text).unwrap();
            text
        })
    }
    let (out, err) = (drain(child.stdout.take().unwrap()), drain(child.stderr.take().unwrap()));
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > HANG {
            child.kill().unwrap();
            panic!("the program hangs: {}", err.join().unwrap());
        }
        thread::sleep(Duration::from_millis(20));
    };
    (status.code(), out.join().unwrap(), err.join().unwrap())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// The report without faults.
fn healthy() -> &'static Value {
    static HEALTHY: LazyLock<Value> = LazyLock::new(|| {
        let emulator = builder().start();
        let ran = Ran::against(&emulator, [30, 120]);
        assert_eq!(ran.code, Some(0), "{}\n{}", ran.stdout, ran.stderr);
        assert!(ran.snapshot.contains("AzureStorageAccount"), "the connections are saved, their secrets are not");
        ran.tells_no_secret("healthy", &emulator);
        serde_json::from_str(&ran.stdout).unwrap()
    });
    &HEALTHY
}

type Results = BTreeMap<(String, String), (String, String)>;

/// Outcome and message by rule and resource, for the accounts that `end` spares. Gateways may stand in any subscription: while
/// those of one are unread, nobody can tell which accounts anywhere they lead to.
fn spared(report: &Value, end: End) -> Results {
    let results = report["results"].as_array().unwrap().iter().filter(|one| end.spares(text(one, "account_id")));
    let results = results.filter(|one| end != End::Subscription || !text(one, "rule").starts_with("gateway-"));
    let pair = |one: &Value, names: [&str; 2]| (text(one, names[0]).to_owned(), text(one, names[1]).to_owned());
    results.map(|one| (pair(one, ["rule", "resource_id"]), pair(one, ["outcome", "message"]))).collect()
}

/// One row of the table: its name, the faults, how it ends.
type Case = (&'static str, When, Fault, End);

/// Runs the rows side by side; most of their time is waiting.
fn hold(cases: Vec<Case>, limits: [u16; 2], start: impl Fn() -> Builder + Sync) {
    healthy();
    let start = &start;
    thread::scope(|scope| {
        for (name, when, fault, end) in cases {
            scope.spawn(move || {
                let emulator = start().fault(when, fault).start();
                Ran::against(&emulator, limits).holds(name, &emulator, end);
            });
        }
    });
}

#[test]
fn throttling() {
    let later = |text: &str| Fault::later(429, RetryAfter::Text(text.to_owned()));
    let seconds = |seconds| Fault::later(429, RetryAfter::Seconds(seconds));
    let date = |seconds| Fault::later(429, RetryAfter::Date(seconds));
    let cases = vec![
        ("a second", at(INSIDE).first(2), seconds(1), End::Recovered),
        ("a date", at(INSIDE).first(1), date(2), End::Recovered),
        ("no Retry-After", at(INSIDE).first(2), Fault::status(429), End::Recovered),
        ("zero", at(INSIDE).first(1), later("0"), End::Recovered),
        ("negative", at(INSIDE).first(1), later("-5"), End::Recovered),
        ("a word", at(INSIDE).first(1), later("soon"), End::Recovered),
        ("a date long ago", at(INSIDE).first(1), later("Sun, 06 Nov 1994 08:49:37 GMT"), End::Recovered),
        ("everything at first", at("/subscriptions").first(4), seconds(1), End::Recovered),
        ("an hour", at(INSIDE), seconds(3600), End::Subscription),
        ("a date in an hour", at(INSIDE), date(3600), End::Subscription),
        ("longer than time", at(INSIDE), later("99999999999999999999"), End::Subscription),
        ("a storm of seconds", at(INSIDE), seconds(1), End::Account),
        ("a storm without Retry-After", at(INSIDE), Fault::status(429), End::Account),
    ];
    hold(cases, [15, 45], builder);
}

#[test]
fn outages() {
    let first = |count| at(INSIDE).first(count);
    let cases = vec![
        ("500", first(2), Fault::status(500), End::Recovered),
        ("502", first(2), Fault::status(502), End::Recovered),
        ("503", first(2), Fault::later(503, RetryAfter::Seconds(1)), End::Recovered),
        ("504", first(2), Fault::status(504), End::Recovered),
        ("408", first(2), Fault::status(408), End::Recovered),
        ("a reset before the answer", first(2), Fault::Hangup, End::Recovered),
        ("a reset inside the answer", first(2), Fault::Reset, End::Recovered),
        ("half an answer", first(1), Fault::TruncatedTransfer, End::Recovered),
        ("503 for ever", at(INSIDE), Fault::status(503), End::Account),
        ("503 for an hour", at(INSIDE), Fault::later(503, RetryAfter::Seconds(3600)), End::Account),
        ("503 for the listing", at(LISTING), Fault::status(503), End::Subscription),
        ("resets for ever", at(INSIDE), Fault::Reset, End::Account),
        ("half of every answer", at(INSIDE), Fault::TruncatedTransfer, End::Account),
    ];
    hold(cases, [15, 45], builder);
}

#[test]
fn silence() {
    let cases = vec![
        ("a stall", at(INSIDE).first(1), Fault::Stall, End::Recovered),
        ("stalls for ever", at(INSIDE), Fault::Stall, End::Account),
        ("silence", at(INSIDE), Fault::Silence, End::Account),
        ("silence of the listing", at(LISTING), Fault::Silence, End::Subscription),
    ];
    hold(cases, [4, 10], builder);
}

#[test]
fn broken_answers() {
    let json = |body: &str| Fault::Body {
        status: 200,
        content_type: "application/json".to_owned(),
        body: body.as_bytes().to_vec(),
    };
    let deep = format!(r#"{{"value":[{{"id":{}"#, "[".repeat(200_000));
    let huge = |framing| Fault::HugePage { megabytes: 50, framing };
    for (path, end) in [(INSIDE, End::Account), (LISTING, End::Subscription)] {
        let cases = vec![
            ("truncated JSON", Fault::TruncatedJson),
            ("invalid UTF-8", Fault::InvalidUtf8),
            ("gzip garbage", Fault::GzipGarbage),
            ("a web page", Fault::Html),
            ("50 MB", huge(Framing::Declared)),
            ("50 MB without a length", huge(Framing::Chunked)),
            ("50 MB in a small gzip", huge(Framing::Gzip)),
            ("a page that follows itself", Fault::NextLinkLoop),
            ("a link to another host", Fault::NextLinkStranger),
            ("a link to plain http", Fault::NextLinkPlainHttp),
            ("a link that is none", Fault::NextLink("\u{0}//".to_owned())),
            ("a redirect", Fault::Redirect),
            ("an empty body", json("")),
            ("null", json("null")),
            ("no rows", json("{}")),
            ("rows of another kind", json(r#"{"value":{"0":{}}}"#)),
            ("deep nesting", json(&deep)),
            ("accepted", Fault::json(202, &json!({ "value": [] }))),
        ];
        let cases = cases.into_iter().map(|(name, fault)| (name, at(path), fault, end)).collect();
        hold(cases, [15, 45], || builder().tls(true));
    }
    let endless = vec![("pages without end", at(INSIDE), Fault::NextLinkEndless, End::Account)];
    hold(endless, [5, 10], || builder().latency(Duration::from_millis(40)));
}

#[test]
fn rows() {
    fn push(body: &mut Value, change: impl Fn(String) -> String) {
        let row = serde_json::from_str(&change(body["value"][0].to_string())).unwrap();
        body["value"].as_array_mut().unwrap().push(row);
    }
    /// The second row is followed by the first again, as when a list grows while its pages are read.
    fn shift(body: &mut Value) {
        let row = body["value"][0].as_object_mut().unwrap();
        row.retain(|name, _| !["etag", "systemData"].contains(&name.as_str()));
        if row["name"] == "d2" {
            push(body, |row| row.replace("d2", "d1"));
        }
    }
    fn replace(body: &mut Value, row: Value) {
        body["value"][0] = row;
    }
    let second = || at(INSIDE).nth(2);
    let cases = vec![
        ("a row twice", at(INSIDE), Fault::Edit(|body| push(body, |row| row)), End::Recovered),
        ("a row on two pages", at(INSIDE), Fault::Edit(shift), End::Recovered),
        ("an account twice", at(LISTING), Fault::Edit(|body| push(body, |row| row)), End::Recovered),
        (
            "two rows about one deployment",
            second(),
            Fault::Edit(|body| push(body, |row| row.replace("d2", "d1").replace("Standard", "GlobalStandard"))),
            End::Account,
        ),
        ("a row that is null", second(), Fault::Edit(|body| replace(body, Value::Null)), End::Account),
        ("a row without an id", second(), Fault::Edit(|body| replace(body, json!({ "name": "d2" }))), End::Account),
        ("a row of text", second(), Fault::Edit(|body| replace(body, json!("d2"))), End::Account),
        ("an account without an id", at(LISTING), Fault::Edit(|body| replace(body, json!({}))), End::Subscription),
        ("a page that is gone", second(), Fault::error(404, "ResourceNotFound"), End::Account),
        ("a page token that is refused", second(), Fault::error(400, "InvalidSkipToken"), End::Account),
        ("a page of accounts that is gone", at(LISTING).nth(2), Fault::status(404), End::Subscription),
    ];
    hold(cases, [15, 45], builder);
}

#[test]
fn what_goes_away() {
    let gone = || Fault::error(404, "SubscriptionNotFound");
    let disabled = || Fault::error(409, "ReadOnlyDisabledSubscription");
    let one = || at(&format!("/subscriptions/{ONE}/")).after(6);
    let cases = vec![
        ("an account that is listed and then gone", at("/accounts/a"), Fault::status(404), End::Account),
        ("an account that goes while it is read", at("/accounts/a").after(3), Fault::status(404), End::Account),
        ("a subscription that is disabled meanwhile", one(), disabled(), End::Subscription),
        ("a subscription that goes meanwhile", one(), gone(), End::Subscription),
        ("the right to read goes meanwhile", one(), Fault::status(403), End::Subscription),
    ];
    hold(cases, [15, 45], builder);
}

#[test]
fn tokens_and_clocks() {
    let cases = vec![
        ("a challenge", at(INSIDE).first(1), Fault::Challenge, End::Recovered),
        ("an expired token", at(INSIDE).first(1), Fault::error(401, "ExpiredAuthenticationToken"), End::Recovered),
        ("a challenge that no token meets", at(INSIDE), Fault::Challenge, End::Account),
        ("401 that repeats the token", at(INSIDE), Fault::Echo(401), End::Account),
        ("403 that repeats the token", at(INSIDE), Fault::Echo(403), End::Account),
        ("500 that repeats the token", at(INSIDE), Fault::Echo(500), End::Account),
        ("answers from another time", at("/subscriptions"), Fault::OldDate, End::Recovered),
    ];
    hold(cases, [15, 45], builder);
    let hour = || builder().token_lifetime(Duration::from_secs(3600));
    let short = builder().token_lifetime(Duration::from_secs(2)).latency(Duration::from_millis(80));
    for (name, builder) in
        [("tokens that live two seconds", short), ("tokens from the future", hour().token_clock_ahead(7200))]
    {
        let emulator = builder.start();
        Ran::against(&emulator, [15, 45]).holds(name, &emulator, End::Recovered);
    }
    let emulator = hour().token_clock_ahead(-7200).start();
    let ran = Ran::against(&emulator, [15, 45]);
    ran.tells_no_secret("tokens that seem expired when they come", &emulator);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("check the clock of this machine"), "{}", ran.stderr);
}

#[test]
fn refused_versions() {
    for (versions, code) in [
        (["2025-06-01"], "InvalidApiVersionParameter"),
        (["2025-06-01"], "NoRegisteredProviderFound"),
        (["2019-01-01"], "InvalidApiVersionParameter"),
    ] {
        let emulator = builder().supported_versions(versions).version_error(code).start();
        let ran = Ran::against(&emulator, [15, 45]);
        ran.holds(&format!("{versions:?} {code}"), &emulator, End::Everything);
        assert!(ran.stdout.contains("not-in-api-version"), "{}", ran.stdout);
    }
}

#[test]
fn names_that_do_not_resolve() {
    let emulator = builder().start();
    let one = format!("/subscriptions/{ONE}/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/a");
    for (scope, code) in [(["-s", ONE], 3), (["--account", &one], 4)] {
        let limits = ["--request-timeout", "5", "--fact-timeout", "10", "--format", "json"];
        let endpoint = ["--arm-endpoint", "https://arm.invalid", "--credential", "managed-identity"];
        let ran = Ran::of(zdr_check(["scan"]).args(scope).args(endpoint).args(limits).at(&emulator));
        ran.tells_no_secret("DNS", &emulator);
        assert_eq!(ran.code, Some(code), "{}\n{}", ran.stdout, ran.stderr);
        if code == 3 {
            assert!(ran.stderr.contains("cannot reach") && ran.stdout.is_empty(), "{}", ran.stderr);
        } else {
            let report: Value = serde_json::from_str(&ran.stdout).unwrap();
            assert_eq!(passes(&report).len(), 0, "{report:#}");
        }
    }
}

/// What a proxy was asked: the heads of requests as they came.
type Heads = Arc<Mutex<Vec<String>>>;

/// A proxy on loopback that opens tunnels to loopback and nothing else.
fn proxy() -> (String, Heads) {
    fn talk(mut client: TcpStream, heads: &Heads) -> std::io::Result<()> {
        let (mut head, mut byte) = (Vec::new(), [0_u8]);
        while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte)? == 1 {
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        heads.lock().unwrap().push(head.clone());
        let place = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()?.parse::<SocketAddr>().ok());
        let Some(place) = place.filter(|place| place.ip().is_loopback()) else {
            return client.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
        };
        let mut server = TcpStream::connect(place)?;
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        let (mut from, mut to) = (server.try_clone()?, client.try_clone()?);
        thread::spawn(move || std::io::copy(&mut from, &mut to));
        std::io::copy(&mut client, &mut server)?;
        Ok(())
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heads = Heads::default();
    let shared = heads.clone();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let heads = shared.clone();
            thread::spawn(move || talk(client, &heads));
        }
    });
    (address, heads)
}

#[test]
fn proxies() {
    for (tls, no_proxy) in [(true, ""), (true, "127.0.0.1"), (false, "")] {
        let emulator = builder().tls(tls).start();
        let (address, heads) = proxy();
        let run = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"]
            .into_iter()
            .fold(scan(&emulator, ["--all-subscriptions"]).env("NO_PROXY", no_proxy), |run, name| {
                run.env(name, &address)
            });
        Ran::of(run).holds("a proxy", &emulator, End::Recovered);
        let heads = heads.lock().unwrap();
        assert_eq!(heads.is_empty(), !tls || !no_proxy.is_empty(), "tokens pass a proxy inside TLS only: {heads:?}");
        let tunnel = format!("CONNECT {} ", emulator.endpoint().trim_start_matches("https://"));
        assert!(heads.iter().all(|head| head.starts_with(&tunnel)), "{heads:?}");
        assert!(!heads.iter().any(|head| head.to_lowercase().contains("bearer")), "{heads:?}");
    }
    let emulator = builder().tls(true).start();
    let closed = emulator.closed_endpoint();
    let ran = Ran::of(scan(&emulator, ["--all-subscriptions"]).env("HTTPS_PROXY", &closed));
    ran.tells_no_secret("a proxy that is not there", &emulator);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot reach"), "{}", ran.stderr);
}

#[test]
fn private_authorities() {
    let (emulator, other) = (builder().tls(true).start(), builder().tls(true).start());
    let path = |of: &Emulator| of.ca_file().unwrap().display().to_string();
    let run = || scan(&emulator, ["--all-subscriptions"]);
    Ran::of(run()).holds("SSL_CERT_FILE", &emulator, End::Recovered);
    let named = run().env("SSL_CERT_FILE", &path(&other)).args(["--ca-file", &path(&emulator)]);
    Ran::of(named).holds("--ca-file", &emulator, End::Recovered);
    let ran = Ran::of(run().env("SSL_CERT_FILE", &path(&other)));
    ran.tells_no_secret("another authority", &emulator);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("certificate") && ran.stdout.is_empty(), "{}", ran.stderr);
}

#[test]
fn ipv6() {
    if TcpListener::bind(("::1", 0)).is_err() {
        return; // a machine without IPv6
    }
    for tls in [false, true] {
        let emulator = builder().ipv6(true).tls(tls).start();
        assert!(emulator.endpoint().contains("[::1]"));
        Ran::against(&emulator, [15, 45]).holds("IPv6", &emulator, End::Recovered);
    }
}
