//! How many accounts are read at once over all subscriptions, and from which one the next comes.
//!
//! Accounts enter in the order they ask, so subscriptions take turns. Those of a subscription that has to wait for Azure do not
//! count: however many subscriptions are throttled, the others go on. Such a subscription sends nobody else in either, so that
//! what waits stays small.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use crate::azure::arm::Arm;

/// Shortest time between two looks at a subscription that has to wait.
const LOOK: Duration = Duration::from_millis(100);

/// The way into the client.
#[derive(Debug)]
pub(super) struct Door {
    width: usize,
    inside: Mutex<HashMap<String, usize>>,
    line: tokio::sync::Mutex<()>,
    left: Notify,
}

/// An account being read; gives its place back when dropped.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    door: &'a Door,
    subscription: &'a str,
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut inside = self.door.inside();
        if let Some(number) = inside.get_mut(self.subscription) {
            *number -= 1;
            if *number == 0 {
                inside.remove(self.subscription);
            }
        }
        self.door.left.notify_one();
    }
}

impl Door {
    /// Lets `width` accounts in at once.
    pub(super) fn new(width: usize) -> Self {
        let (inside, line, left) = Default::default();
        Self { width: width.max(1), inside, line, left }
    }

    /// Waits until an account of `subscription` may be read.
    pub(super) async fn enter<'a>(&'a self, arm: &Arm, subscription: &'a str) -> Inside<'a> {
        loop {
            while let Some(wait) = self.should_wait(arm, subscription) {
                arm.pause(wait.max(LOOK)).await;
            }
            let _first = self.line.lock().await;
            while self.counted(arm) >= self.width && arm.stopped().is_none() {
                // A subscription inside may get held up without anybody leaving, hence the limit.
                let _ = timeout(LOOK, self.left.notified()).await;
            }
            if self.should_wait(arm, subscription).is_none() {
                *self.inside().entry(subscription.to_owned()).or_default() += 1;
                return Inside { door: self, subscription };
            }
        }
    }

    /// A subscription that is held up sends nobody in while somebody of it is still inside. At the end of the run nobody waits.
    fn should_wait(&self, arm: &Arm, subscription: &str) -> Option<Duration> {
        if arm.stopped().is_some() {
            return None;
        }
        let inside = self.inside().contains_key(subscription);
        Some(arm.held_up(subscription)).filter(|wait| inside && !wait.is_zero())
    }

    /// How many are inside, without those of subscriptions that are held up.
    fn counted(&self, arm: &Arm) -> usize {
        let inside: Vec<(String, usize)> = {
            let inside = self.inside();
            let all = inside.values().sum();
            if all < self.width {
                return all;
            }
            inside.iter().map(|(subscription, number)| (subscription.clone(), *number)).collect()
        };
        let counts = |subscription: &str| arm.held_up(subscription).is_zero();
        inside.iter().filter(|(subscription, _)| counts(subscription)).map(|(_, number)| number).sum()
    }

    fn inside(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
