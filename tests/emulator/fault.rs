//! Misbehaviour on request: which requests, and what happens to them.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, ArmError, Content};
use super::body::Delivery;
use super::identity;

/// Which requests a fault is for.
#[derive(Debug, Clone)]
pub(crate) struct When {
    path: String,
    which: Which,
}

#[derive(Debug, Clone, Copy)]
enum Which {
    Always,
    First(usize),
    Nth(usize),
    After(usize),
}

/// Requests whose path and query contain `path` (any casing); all of them unless narrowed. `/accounts?` is the list of
/// accounts, `skiptoken` is every page but the first, and `""` is everything.
pub(crate) fn at(path: &str) -> When {
    When { path: path.to_lowercase(), which: Which::Always }
}

impl When {
    /// The first `count` matching requests.
    pub(crate) fn first(mut self, count: usize) -> Self {
        self.which = Which::First(count);
        self
    }

    /// All matching requests but the first `count`.
    pub(crate) fn after(mut self, count: usize) -> Self {
        self.which = Which::After(count);
        self
    }

    /// The matching request number `position`, counted from 1.
    pub(crate) fn nth(mut self, position: usize) -> Self {
        self.which = Which::Nth(position);
        self
    }
}

/// What `Retry-After` says.
#[derive(Debug, Clone)]
pub(crate) enum RetryAfter {
    Absent,
    Seconds(u64),
    /// An HTTP date this many seconds from now.
    Date(u64),
    /// Anything else.
    Text(String),
}

/// How a huge page says how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// With `Content-Length`.
    Declared,
    /// Without.
    Chunked,
    /// Small on the wire, huge when unpacked.
    Gzip,
}

/// What happens to a request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// An ARM error.
    Status { status: u16, code: Option<String>, retry_after: RetryAfter },
    /// The connection is reset before a byte is sent.
    Hangup,
    /// The connection is reset in the middle of the body.
    Reset,
    /// Nothing is sent for the stall time; then the connection is closed.
    Silence,
    /// Headers and half of the body, then nothing for the stall time.
    Stall,
    /// Half of the JSON with the right length.
    TruncatedJson,
    /// Half of the body, while the length promises all of it; then the connection is closed.
    TruncatedTransfer,
    /// The JSON with bytes in a string that are not UTF-8.
    InvalidUtf8,
    /// Marked as gzip, and not gzip.
    GzipGarbage,
    /// A 200 with a web page, as captive portals and proxies send.
    Html,
    /// A list with one row of this many megabytes.
    HugePage { megabytes: usize, framing: Framing },
    /// The page with this `nextLink`.
    NextLink(String),
    /// The page with a `nextLink` to itself.
    NextLinkLoop,
    /// Pages without end: each has a `nextLink` to one that was never asked for.
    NextLinkEndless,
    /// The page with a `nextLink` to the stranger.
    NextLinkStranger,
    /// The page with a `nextLink` to the same host and port over plain http.
    NextLinkPlainHttp,
    /// 302 to the stranger.
    Redirect,
    /// 401 with a claims challenge, as after a revocation of the session.
    Challenge,
    /// An error whose message repeats the `Authorization` header.
    Echo(u16),
    /// The genuine JSON after this change.
    Edit(fn(&mut Value)),
    /// The genuine answer, dated `19 Nov 2020`.
    OldDate,
    /// Exactly this.
    Body { status: u16, content_type: String, body: Vec<u8> },
}

impl Fault {
    /// An error with the usual code of its status and no `Retry-After`.
    pub(crate) fn status(status: u16) -> Self {
        Self::Status { status, code: None, retry_after: RetryAfter::Absent }
    }

    /// An error with this code.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::Status { status, code: Some(code.to_owned()), retry_after: RetryAfter::Absent }
    }

    /// An error that says when to come back.
    pub(crate) fn later(status: u16, retry_after: RetryAfter) -> Self {
        Self::Status { status, code: None, retry_after }
    }

    /// A JSON body, for operations the emulator does not know.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let content_type = "application/json; charset=utf-8".to_owned();
        Self::Body { status, content_type, body: body.to_string().into_bytes() }
    }

    /// The answer when it does not depend on the genuine one.
    pub(crate) fn replaces(&self, flat_errors: bool) -> Option<Answer> {
        match self {
            Self::Status { status, code, retry_after } => {
                let mut error = ArmError::usual(*status, "read", "injected");
                if let Some(code) = code {
                    error.code.clone_from(code);
                }
                let mut answer = error.answer(flat_errors);
                answer.headers.clear();
                Some(with_retry_after(answer, retry_after))
            }
            Self::Html => {
                Some(Answer::bytes(200, "text/html", b"<!DOCTYPE html><html><body>Sign in to continue</body></html>"))
            }
            Self::Body { status, content_type, body } => Some(Answer::bytes(*status, content_type, body)),
            Self::HugePage { .. } => Some(Answer::bytes(200, "application/json; charset=utf-8", b"")),
            Self::Hangup | Self::Silence | Self::Redirect => Some(Answer::json(302, json!({}))),
            Self::Challenge => Some(ArmError::usual(401, "", "").answer(flat_errors).header(
                "www-authenticate",
                "Bearer realm=\"\", error=\"insufficient_claims\", \
                 claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==\"",
            )),
            Self::Echo(status) => Some(Answer::json(*status, json!({}))),
            Self::Reset
            | Self::Stall
            | Self::TruncatedJson
            | Self::TruncatedTransfer
            | Self::InvalidUtf8
            | Self::GzipGarbage
            | Self::NextLink(_)
            | Self::NextLinkLoop
            | Self::NextLinkEndless
            | Self::NextLinkStranger
            | Self::NextLinkPlainHttp
            | Self::Edit(_)
            | Self::OldDate => None,
        }
    }

    /// Changes the answer; links are built from `place`.
    pub(crate) fn change(&self, answer: &mut Answer, place: &Place<'_>) {
        match self {
            Self::TruncatedJson => {
                let (kind, mut bytes) = answer.body();
                bytes.truncate(bytes.len() / 2);
                answer.content = Content::Bytes(kind, bytes);
            }
            Self::InvalidUtf8 => {
                let (kind, mut bytes) = answer.body();
                let at = bytes.windows(2).position(|two| two == b":\"").map_or(0, |colon| colon + 2);
                bytes.splice(at..at, [0xC3, 0x28, 0xFF]);
                answer.content = Content::Bytes(kind, bytes);
            }
            Self::GzipGarbage => {
                let garbage: Vec<u8> = (0..400_u16).map(|at| (at * 37 % 251) as u8).collect();
                answer.content =
                    Content::Bytes("application/json".to_owned(), [&[0x1F, 0x8B, 8, 0], garbage.as_slice()].concat());
                answer.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
            }
            Self::NextLink(link) => set_next_link(answer, link),
            Self::NextLinkLoop => set_next_link(answer, &format!("{}{}", place.base, place.target)),
            Self::NextLinkEndless => {
                let (target, number) = place.target.split_once("&turn=").unwrap_or((place.target, "0"));
                let turn = number.parse().unwrap_or(0) + 1;
                set_next_link(answer, &format!("{}{target}&turn={turn}", place.base));
            }
            Self::NextLinkStranger => set_next_link(answer, &format!("{}{}", place.stranger, place.target)),
            Self::NextLinkPlainHttp => {
                let host = place.base.split_once("://").map_or(place.base, |(_, host)| host);
                set_next_link(answer, &format!("http://{host}{}", place.target));
            }
            Self::OldDate => answer.headers.push(("date".to_owned(), "Thu, 19 Nov 2020 12:00:00 GMT".to_owned())),
            Self::Redirect => {
                answer.headers.push(("location".to_owned(), format!("{}{}", place.stranger, place.target)));
            }
            Self::Echo(_) => {
                let message = format!("The token '{}' is not welcome.", place.bearer);
                answer.content = Content::Json(json!({ "error": { "code": place.bearer, "message": message } }));
            }
            Self::Edit(change) => {
                if let (200, Content::Json(body)) = (answer.status, &mut answer.content) {
                    change(body);
                }
            }
            Self::Status { .. }
            | Self::Challenge
            | Self::Hangup
            | Self::Reset
            | Self::Silence
            | Self::Stall
            | Self::TruncatedTransfer
            | Self::Html
            | Self::HugePage { .. }
            | Self::Body { .. } => {}
        }
    }

    /// How the bytes get on the wire.
    pub(crate) fn delivery(&self, stall: Duration) -> Delivery {
        match self {
            Self::Reset => Delivery::Reset,
            Self::Stall => Delivery::Stall(stall),
            Self::TruncatedTransfer => Delivery::Short,
            Self::Hangup => Delivery::None(Duration::ZERO),
            Self::Silence => Delivery::None(stall),
            Self::HugePage { megabytes, framing } => Delivery::Huge(*megabytes, *framing),
            Self::Status { .. }
            | Self::TruncatedJson
            | Self::InvalidUtf8
            | Self::GzipGarbage
            | Self::Html
            | Self::NextLink(_)
            | Self::NextLinkLoop
            | Self::NextLinkEndless
            | Self::NextLinkStranger
            | Self::NextLinkPlainHttp
            | Self::Challenge
            | Self::Echo(_)
            | Self::Edit(_)
            | Self::Redirect
            | Self::OldDate
            | Self::Body { .. } => Delivery::Whole,
        }
    }
}

/// Where a request came in, for building links.
pub(crate) struct Place<'a> {
    /// Scheme and authority as the client wrote them.
    pub(crate) base: &'a str,
    pub(crate) stranger: &'a str,
    pub(crate) target: &'a str,
    /// The `Authorization` header without its scheme.
    pub(crate) bearer: &'a str,
}

/// The armed faults.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<(When, Fault, usize)>);

impl Faults {
    pub(crate) fn arm(&mut self, when: When, fault: Fault) {
        self.0.push((when, fault, 0));
    }

    /// The fault for this request. Every armed fault counts the requests it matches, whichever wins.
    pub(crate) fn pick(&mut self, target: &str) -> Option<Fault> {
        let target = target.to_lowercase();
        let mut picked = None;
        for (when, fault, count) in self.0.iter_mut().filter(|(when, ..)| target.contains(&when.path)) {
            *count += 1;
            let applies = match when.which {
                Which::Always => true,
                Which::First(limit) => *count <= limit,
                Which::Nth(position) => *count == position,
                Which::After(limit) => *count > limit,
            };
            if applies && picked.is_none() {
                picked = Some(fault.clone());
            }
        }
        picked
    }
}

fn set_next_link(answer: &mut Answer, link: &str) {
    if let (200, Content::Json(body)) = (answer.status, &mut answer.content) {
        body["nextLink"] = json!(link);
    }
}

fn with_retry_after(mut answer: Answer, retry_after: &RetryAfter) -> Answer {
    answer.wait = None;
    match retry_after {
        RetryAfter::Absent => answer,
        RetryAfter::Seconds(seconds) => answer.retry_after(*seconds),
        RetryAfter::Text(text) => answer.header("retry-after", text),
        RetryAfter::Date(seconds) => {
            let now = identity::since_epoch();
            let then = now.as_secs() + seconds;
            answer.wait = Some(Duration::from_secs(then).saturating_sub(now));
            let date = i64::try_from(then).ok().and_then(|then| jiff::Timestamp::from_second(then).ok());
            let date = date.expect("a date of this millennium").strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            answer.header("retry-after", &date)
        }
    }
}
