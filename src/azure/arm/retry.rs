//! How long to wait: what the answer asks for, what we wait on our own, and how much patience is left.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use azure_core::http::headers::{HeaderName, Headers};
use azure_core::time::parse_rfc7231;
use jiff::Timestamp;
use tokio::time::Instant;

use super::Patience;

/// No `Retry-After` is taken for longer than this: the sum with a clock reading must not overflow.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// What is left of the patience for one fact. Waiting for our own pacing does not use it up, waiting for Azure does.
#[derive(Debug)]
pub(super) struct Budget {
    deadline: Instant,
}

impl Budget {
    pub(super) fn new(patience: &Patience) -> Self {
        Self { deadline: Instant::now() + patience.fact.min(LONGEST) }
    }

    /// Patience left now.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Whether waiting until `then` is within the patience, `exempt` not counting.
    pub(super) fn reaches(&self, then: Instant, exempt: Duration) -> bool {
        then <= self.deadline + exempt
    }

    /// Gives time back that was spent waiting for ourselves.
    pub(super) fn extend(&mut self, exempt: Duration) {
        self.deadline += exempt;
    }
}

/// Wait before the try after `tries` failed ones: doubling, capped, with jitter down to half of it.
pub(super) fn backoff(base: Duration, tries: u32, patience: &Patience) -> Duration {
    let whole = base.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(patience.longest_backoff);
    // Hashing nothing with fresh keys is the random number the standard library offers.
    let random = RandomState::new().build_hasher().finish() % 1024;
    whole / 2 + (whole / 2048).saturating_mul(u32::try_from(random).unwrap_or(0))
}

/// The wait an answer asks for; `None` when it asks for none, so that the caller backs off on its own.
///
/// `Retry-After` is seconds or an HTTP date (RFC 9110 §10.2.3); Azure also knows two headers in milliseconds. The longest
/// wins. A date is read against the answer's own `Date`, as this machine's clock may be wrong.
pub(super) fn retry_after(headers: &Headers, now: Timestamp) -> Option<Duration> {
    let text = |name| headers.get_optional_str(&HeaderName::from_static(name)).map(str::trim);
    let instant = |value: &str| parse_rfc7231(value).ok().map(azure_core::time::OffsetDateTime::unix_timestamp);
    let date = |value: &str| {
        let from = text("date").and_then(instant).unwrap_or(now.as_second());
        Some(Duration::from_secs(u64::try_from(instant(value)? - from).unwrap_or(0)))
    };
    let standard = text("retry-after").and_then(|value| number(value, 1.0).or_else(|| date(value)));
    let millis = |name| text(name).and_then(|value| number(value, 0.001));
    let longest = [standard, millis("retry-after-ms"), millis("x-ms-retry-after-ms")].into_iter().flatten().max();
    longest.map(|wait| wait.min(LONGEST)).filter(|wait| !wait.is_zero())
}

/// A plain decimal number of units; one too large to be a duration is as long as can be.
fn number(value: &str, unit: f64) -> Option<Duration> {
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = value.parse().ok().filter(|_| plain)?;
    Some(Duration::try_from_secs_f64(number * unit).unwrap_or(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> Option<u128> {
        let mut headers = Headers::new();
        for (name, value) in pairs {
            headers.insert(*name, *value);
        }
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        retry_after(&headers, now).map(|wait| wait.as_millis())
    }

    #[test]
    fn every_dialect_is_understood() {
        for (pairs, want) in [
            (&[("retry-after", "17")][..], Some(17_000)),
            (&[("retry-after", " 1.5 ")], Some(1_500)),
            (&[("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT")], Some(30_000)),
            (
                &[("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT"), ("date", "Sun, 22 Nov 2026 10:00:20 GMT")],
                Some(10_000),
            ),
            (&[("retry-after-ms", "250")], Some(250)),
            (&[("retry-after", "1"), ("x-ms-retry-after-ms", "2500")], Some(2_500)),
            (&[("retry-after", "99999999999999999999")], Some(LONGEST.as_millis())),
        ] {
            assert_eq!(asked(pairs), want, "{pairs:?}");
        }
    }

    #[test]
    fn what_asks_for_nothing_leaves_it_to_us() {
        for value in ["", "0", "-5", "soon", "NaN", "inf", "Sun, 22 Nov 2026 09:00:00 GMT"] {
            assert_eq!(asked(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(asked(&[]), None);
    }

    #[test]
    fn backoff_doubles_within_its_cap_and_never_vanishes() {
        let patience = Patience::default();
        let base = Duration::from_millis(200);
        for tries in 1..40 {
            let whole = base.saturating_mul(1 << (tries - 1).min(16)).min(patience.longest_backoff);
            let wait = backoff(base, tries, &patience);
            assert!(wait >= whole / 2 && wait <= whole, "{tries}: {wait:?}");
        }
    }
}
