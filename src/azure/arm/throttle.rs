//! Pacing: Azure grants reads by a token bucket per subscription and caller, and this keeps a matching one.
//!
//! Documented (ARM request limits and throttling, read 2026-11-22): 250 reads, refilled by 25 per second, for a subscription
//! and for the tenant level each. A 429 stops everything for that subscription, not only the request that got it.
//! Nobody holds one of the global in-flight slots while waiting, and where several subscriptions are busy none has more than
//! its share of them, so that a slow or throttled one takes nothing from the others.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use azure_core::http::headers::{HeaderName, Headers};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, sleep_until};

use super::retry::Budget;

/// Reads a caller who did not ask for a while may send at once, per subscription.
pub const BURST: u32 = 250;
/// Reads that come back per second.
pub const REFILL_PER_SECOND: f64 = 25.0;
/// A little less than is granted: the first request may take longer on its way than the last, and then Azure began to count later
/// than this bucket did.
const CAPACITY: f64 = BURST as f64 - 5.0;
/// A service may grant less than documented: each pause halves the refill down to this, each answer brings some of it back.
const SLOWEST_REFILL: f64 = 1.0;
const RECOVERY: f64 = 0.5;

/// However many subscriptions are busy, each may have this many requests in flight.
const LEAST_SHARE: usize = 2;

/// The buckets of a run.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    buckets: Mutex<HashMap<String, Arc<Bucket>>>,
    busy: Arc<AtomicUsize>,
}

impl Throttle {
    /// The bucket that pays for requests about `parent`: its subscription's, or that of the caller's tenant.
    pub(super) fn bucket(&self, parent: &str, caller: u64) -> Arc<Bucket> {
        let (key, headers) = match subscription(parent) {
            Some(id) => (id.to_ascii_lowercase(), SUBSCRIPTION),
            None => (format!("caller {caller}"), TENANT),
        };
        self.keyed(key, headers)
    }

    /// The bucket of something that is no subscription, such as the data plane of an account. What it grants is not documented; a
    /// 429 slows it down as it does any other.
    pub(super) fn own_bucket(&self, name: &str) -> Arc<Bucket> {
        self.keyed(name.to_ascii_lowercase(), &[])
    }

    fn keyed(&self, key: String, headers: &'static [HeaderName]) -> Arc<Bucket> {
        let new = || Arc::new(Bucket::new(headers, Arc::clone(&self.busy)));
        Arc::clone(locked(&self.buckets).entry(key).or_insert_with(new))
    }
}

/// The subscription an id is in.
pub(super) fn subscription(id: &str) -> Option<&str> {
    let mut segments = id.split('/').skip(1);
    segments.next().filter(|first| first.eq_ignore_ascii_case("subscriptions"))?;
    segments.next()
}

/// What the services say is left. Recorded answers often carry the global one only, which is 15 times larger.
const SUBSCRIPTION: &[HeaderName] = &[
    HeaderName::from_static("x-ms-ratelimit-remaining-subscription-reads"),
    HeaderName::from_static("x-ms-ratelimit-remaining-subscription-global-reads"),
];
const TENANT: &[HeaderName] = &[HeaderName::from_static("x-ms-ratelimit-remaining-tenant-reads")];

/// The global in-flight slots.
#[derive(Debug)]
pub(super) struct Slots {
    semaphore: Semaphore,
    number: usize,
}

impl Slots {
    pub(super) fn new(number: usize) -> Self {
        let number = number.clamp(1, Semaphore::MAX_PERMITS);
        Self { semaphore: Semaphore::new(number), number }
    }
}

/// Refused: the bucket is paused for longer than the fact's patience.
#[derive(Debug)]
pub(super) struct PausedFor(pub(super) Duration);

/// One token bucket.
#[derive(Debug)]
pub(super) struct Bucket {
    /// Held from looking for a token until a slot is there, so that a subscription's requests leave in order, and so that one
    /// crowded subscription queues for slots once, not a thousand times.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
    headers: &'static [HeaderName],
    /// Requests that are in flight, or would be if there were a slot.
    in_flight: AtomicUsize,
    /// Buckets that have such requests.
    busy: Arc<AtomicUsize>,
    /// One of this bucket's requests came back.
    returned: Notify,
}

/// A slot in use; gives it back when dropped.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    _permit: SemaphorePermit<'a>,
    _place: Place<'a>,
}

/// A place in the bucket's share of the slots.
#[derive(Debug)]
struct Place<'a>(&'a Bucket);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.0.in_flight.fetch_sub(1, SeqCst) == 1 {
            self.0.busy.fetch_sub(1, SeqCst);
        }
        self.0.returned.notify_one();
    }
}

#[derive(Debug)]
struct State {
    tokens: f64,
    /// Tokens per second.
    rate: f64,
    /// When `tokens` was true.
    at: Instant,
    paused_until: Instant,
    /// Length of all pauses, the rest of the present one included.
    paused: Duration,
}

impl State {
    fn refill(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + seconds * self.rate).min(CAPACITY);
        self.at = self.at.max(now);
    }

    /// How much pause there has been until `now`.
    fn paused_before(&self, now: Instant) -> Duration {
        self.paused.saturating_sub(self.paused_until.saturating_duration_since(now))
    }
}

impl Bucket {
    fn new(headers: &'static [HeaderName], busy: Arc<AtomicUsize>) -> Self {
        let now = Instant::now();
        let state =
            State { tokens: CAPACITY, rate: REFILL_PER_SECOND, at: now, paused_until: now, paused: Duration::ZERO };
        let (turn, in_flight) = (tokio::sync::Mutex::new(()), AtomicUsize::new(0));
        Self { turn, state: Mutex::new(state), headers, in_flight, busy, returned: Notify::new() }
    }

    /// How long a request would have to wait now, whatever is in flight.
    pub(super) fn held_up(&self) -> Duration {
        let pause = self.pause().map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
        pause.max(self.shortage())
    }

    /// Waits for a place in the bucket's share of `slots` slots. Called by whoever has the turn.
    async fn place(&self, slots: usize) -> Place<'_> {
        loop {
            let own = self.in_flight.load(SeqCst);
            let busy = self.busy.load(SeqCst) + usize::from(own == 0);
            if own < (slots / busy.max(1)).max(LEAST_SHARE) {
                if self.in_flight.fetch_add(1, SeqCst) == 0 {
                    self.busy.fetch_add(1, SeqCst);
                }
                return Place(self);
            }
            self.returned.notified().await;
        }
    }

    /// Waits for the end of a pause, for a token and for a slot, and takes both.
    pub(super) async fn admit<'a>(&'a self, slots: &'a Slots, budget: &mut Budget) -> Result<Slot<'a>, PausedFor> {
        let entered = Instant::now();
        let before = locked(&self.state).paused_before(entered);
        let queued = || {
            let now = Instant::now();
            (now - entered).saturating_sub(locked(&self.state).paused_before(now).saturating_sub(before))
        };
        loop {
            // A pause is waited out before the turn is taken, so that whoever cannot wait that long learns it at once.
            while let Some(until) = self.pause() {
                if !budget.reaches(until, queued()) {
                    return Err(PausedFor(until.saturating_duration_since(Instant::now())));
                }
                sleep_until(until).await;
            }
            let _turn = self.turn.lock().await;
            let shortage = self.shortage();
            if !shortage.is_zero() {
                sleep(shortage).await;
            }
            let place = self.place(slots.number).await;
            if self.pause().is_some() {
                continue;
            }
            let Ok(permit) = slots.semaphore.acquire().await else { return Err(PausedFor(Duration::MAX)) }; // never closed
            if self.take() {
                budget.extend(queued());
                return Ok(Slot { _permit: permit, _place: place });
            }
        }
    }

    /// No request of this bucket for `wait` from now. Afterwards it starts empty: whoever else used it up still does.
    pub(super) fn pause_for(&self, wait: Duration) {
        let now = Instant::now();
        let mut state = locked(&self.state);
        let until = now + wait;
        if until > state.paused_until {
            let from = state.paused_until.max(now);
            if from == now {
                // Not once more for every answer that was under way when the pause began.
                state.rate = (state.rate / 2.0).max(SLOWEST_REFILL);
            }
            state.paused += until - from;
            state.paused_until = until;
            state.tokens = 0.0;
            state.at = until;
        }
    }

    /// An answer came: the pace was not too high.
    pub(super) fn answered(&self) {
        let mut state = locked(&self.state);
        state.rate = (state.rate + RECOVERY).min(REFILL_PER_SECOND);
    }

    /// Lowers the estimate to what an answer says is left; others may be reading with the same identity.
    pub(super) fn learn(&self, headers: &Headers) {
        let said = self.headers.iter().filter_map(|name| headers.get_optional_str(name)?.trim().parse::<u32>().ok());
        if let Some(left) = said.min() {
            let mut state = locked(&self.state);
            state.refill(Instant::now());
            state.tokens = state.tokens.min(f64::from(left));
        }
    }

    /// End of the pause, if there is one now.
    fn pause(&self) -> Option<Instant> {
        let until = locked(&self.state).paused_until;
        (until > Instant::now()).then_some(until)
    }

    /// Time until there is a token.
    fn shortage(&self) -> Duration {
        let mut state = locked(&self.state);
        state.refill(Instant::now());
        Duration::from_secs_f64(((1.0 - state.tokens) / state.rate).max(0.0))
    }

    /// Takes a token, unless a pause began or the estimate was lowered in the meantime.
    fn take(&self) -> bool {
        let now = Instant::now();
        let mut state = locked(&self.state);
        state.refill(now);
        // Sleeping is exact to the millisecond, the refill is not: a hair less than one token is one.
        let granted = state.paused_until <= now && state.tokens > 0.999;
        if granted {
            state.tokens -= 1.0;
        }
        granted
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;
    use crate::azure::arm::Patience;

    fn budget() -> Budget {
        Budget::new(&Patience::default())
    }

    async fn drain(bucket: &Bucket, slots: &Slots, count: usize) -> Duration {
        let start = Instant::now();
        for _ in 0..count {
            drop(bucket.admit(slots, &mut budget()).await.unwrap());
        }
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_then_the_refill_rate() {
        let (throttle, slots) = (Throttle::default(), Slots::new(4));
        let bucket = throttle.bucket("/subscriptions/A/resourceGroups/rg", 0);
        assert!(drain(&bucket, &slots, 250).await < Duration::from_millis(300));
        let paced = drain(&bucket, &slots, 100).await;
        assert!(paced >= Duration::from_millis(3_900) && paced < Duration::from_millis(4_600), "{paced:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn subscriptions_are_told_apart_whatever_their_casing() {
        let throttle = Throttle::default();
        let same = |a, b| Arc::ptr_eq(&throttle.bucket(a, 0), &throttle.bucket(b, 0));
        assert!(same("/subscriptions/A/resourceGroups/x", "/SUBSCRIPTIONS/a"));
        assert!(!same("/subscriptions/a", "/subscriptions/b"));
        assert!(same("", "/providers/x/y"));
        assert!(!same("", "/subscriptions/a"));
    }

    #[tokio::test(start_paused = true)]
    async fn headers_lower_the_estimate_and_never_raise_it() {
        let bucket = Throttle::default().bucket("/subscriptions/a", 0);
        let tokens = |bucket: &Bucket| locked(&bucket.state).tokens;
        let learn = |name: &'static str, value: &'static str| {
            let mut headers = Headers::new();
            headers.insert(name, value);
            bucket.learn(&headers);
            tokens(&bucket)
        };
        let exactly = |got: f64, want: f64| (got - want).abs() < 0.01;
        assert!(exactly(learn("x-ms-ratelimit-remaining-subscription-global-reads", "3749"), CAPACITY));
        assert!(exactly(learn("x-ms-ratelimit-remaining-subscription-reads", "11"), 11.0));
        assert!(exactly(learn("x-ms-ratelimit-remaining-subscription-reads", "11999"), 11.0));
        assert!(exactly(learn("x-ms-ratelimit-remaining-tenant-reads", "0"), 11.0));
        assert!(exactly(learn("x-ms-ratelimit-remaining-subscription-global-reads", "3"), 3.0));
        assert!(exactly(learn("x-ms-ratelimit-remaining-subscription-reads", "many"), 3.0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everyone_and_no_slot() {
        let (bucket, slots) = (Throttle::default().bucket("/subscriptions/a", 0), Slots::new(1));
        bucket.pause_for(Duration::from_secs(20));
        let start = Instant::now();
        let others = tokio::join!(drain(&bucket, &slots, 1), drain(&bucket, &slots, 1), async {
            sleep(Duration::from_secs(10)).await;
            assert_eq!(slots.semaphore.available_permits(), 1, "waiting holds no slot");
        });
        assert!(others.0 >= Duration::from_secs(20) && others.1 >= Duration::from_secs(20), "{others:?}");
        assert!(start.elapsed() < Duration::from_secs(21));
    }

    /// Holds `count` slots, all at once if it may, for `each`; when the last came back.
    async fn hold(bucket: &Bucket, slots: &Slots, count: usize, each: Duration) -> Duration {
        let start = Instant::now();
        let one = |_| async {
            let _slot = bucket.admit(slots, &mut budget()).await.unwrap();
            sleep(each).await;
        };
        join_all((0..count).map(one)).await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_subscription_leaves_the_others_their_share() {
        let (throttle, slots) = (Throttle::default(), Slots::new(8));
        let (slow, quick) = (throttle.bucket("/subscriptions/slow", 0), throttle.bucket("/subscriptions/quick", 0));
        let took = tokio::join!(
            hold(&quick, &slots, 200, Duration::from_millis(10)),
            hold(&slow, &slots, 40, Duration::from_secs(20)),
        );
        // 200 requests through half of the slots, while the slow one goes on; alone again, it has all of them.
        assert!(took.0 < Duration::from_secs(1), "{took:?}");
        assert!(took.1 < Duration::from_secs(20 * (40 / 8 + 1) + 1), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn many_paused_subscriptions_hold_up_nobody() {
        let (throttle, slots) = (Throttle::default(), Slots::new(2));
        let paused: Vec<_> = (0..50).map(|number| throttle.bucket(&format!("/subscriptions/{number}"), 0)).collect();
        for bucket in &paused {
            bucket.pause_for(Duration::from_secs(60));
        }
        let others = join_all(paused.iter().map(|bucket| hold(bucket, &slots, 3, Duration::from_millis(1))));
        let free = throttle.bucket("/subscriptions/free", 0);
        let took = tokio::join!(hold(&free, &slots, 100, Duration::from_millis(10)), others);
        assert!(took.0 < Duration::from_secs(1), "{took:?}");
        assert!(took.1.iter().all(|wait| *wait >= Duration::from_secs(60)));
    }

    #[tokio::test(start_paused = true)]
    async fn every_caller_has_a_tenant_bucket_of_its_own() {
        let throttle = Throttle::default();
        assert!(!Arc::ptr_eq(&throttle.bucket("", 0), &throttle.bucket("", 1)));
        assert!(Arc::ptr_eq(&throttle.bucket("/subscriptions/a", 0), &throttle.bucket("/subscriptions/a", 1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_beyond_the_patience_is_refused_at_once_even_in_the_queue() {
        let (bucket, slots) = (Throttle::default().bucket("/subscriptions/a", 0), Slots::new(1));
        let held = slots.semaphore.acquire().await.unwrap();
        let start = Instant::now();
        let (first, second, ()) = tokio::join!(
            async { bucket.admit(&slots, &mut budget()).await.map(drop) },
            async { bucket.admit(&slots, &mut budget()).await.map(drop) },
            async {
                sleep(Duration::from_secs(1)).await;
                bucket.pause_for(Duration::from_secs(3600));
                drop(held);
            }
        );
        assert!(first.is_err() && second.is_err());
        assert!(start.elapsed() < Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn pacing_does_not_use_up_patience_but_a_pause_does() {
        let (bucket, slots) = (Throttle::default().bucket("/subscriptions/a", 0), Slots::new(1));
        drain(&bucket, &slots, 250).await;
        let mut budget = budget();
        for (pause, left) in [(0, 120), (0, 120), (5, 115)] {
            bucket.pause_for(Duration::from_secs(pause));
            drop(bucket.admit(&slots, &mut budget).await.unwrap());
            let short = Duration::from_secs(left).saturating_sub(budget.left());
            assert!(short < Duration::from_millis(10), "{pause}: {short:?}");
        }
    }
}
