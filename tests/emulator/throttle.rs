//! ARM's documented throttle, and the watch over announced pauses.
//!
//! Documented (request-limits-and-throttling page): a token bucket of 250 reads per subscription and principal, refilled
//! with 25 per second, and 429 with `Retry-After` in seconds when it is empty. How real ARM computes that number is not
//! documented; here it is the time until one request fits again, rounded up to whole seconds.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Size and refill of a bucket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) capacity: u32,
    pub(crate) refill_per_second: f64,
}

/// The buckets, one per subscription and one (empty key) for the tenant.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<String, (f64, Instant)>);

impl Buckets {
    /// Takes one request out of a bucket: what remains, or how many seconds to wait.
    pub(crate) fn take(&mut self, key: &str, limit: Limit, now: Instant) -> Result<f64, f64> {
        let full = f64::from(limit.capacity);
        let (level, since) = self.0.entry(key.to_owned()).or_insert((full, now));
        *level = (*level + now.duration_since(*since).as_secs_f64() * limit.refill_per_second).min(full);
        *since = now;
        if *level < 1.0 {
            return Err(((1.0 - *level) / limit.refill_per_second).ceil().max(1.0));
        }
        *level -= 1.0;
        Ok(level.floor())
    }
}

/// A running pause.
#[derive(Debug, Clone, Copy)]
struct Pause {
    announced: Instant,
    until: Instant,
}

/// Pauses announced to the client: 429 holds the whole bucket, any other status its own URL only.
#[derive(Debug, Default)]
pub(crate) struct Pauses(HashMap<String, Pause>);

impl Pauses {
    /// Notes that `key` was told to wait. A pause that is still running keeps the time of its first announcement, so that
    /// a client that hammers cannot renew its excuse.
    pub(crate) fn announce(&mut self, key: String, wait: Duration, now: Instant) {
        let Some(until) = now.checked_add(wait) else { return };
        let pause = self.0.entry(key).or_insert(Pause { announced: now, until });
        if pause.until <= now {
            pause.announced = now;
        }
        pause.until = pause.until.max(until);
    }

    /// Time since the announcement and time left, when `key` is being held. Five milliseconds are forgiven: a client that
    /// was given an HTTP date waits by the wall clock.
    pub(crate) fn held(&self, key: &str, now: Instant) -> Option<(Duration, Duration)> {
        let pause = self.0.get(key)?;
        let left = pause.until.checked_duration_since(now)?;
        (left > Duration::from_millis(5)).then(|| (now.duration_since(pause.announced), left))
    }
}
