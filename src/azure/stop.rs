//! The end of a run before its time: a signal or the deadline, told once and seen by everybody who waits for Azure.

use std::sync::Arc;

use tokio::sync::watch;

use crate::snapshot::Interruption;

/// A switch that can be thrown once; clones share it.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<Option<Interruption>>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Stop {
    /// Ends the run; the first reason stays.
    pub fn stop(&self, why: Interruption) {
        self.0.send_if_modified(|reason| reason.is_none() && reason.replace(why).is_none());
    }

    /// Why the run has ended, if it has.
    pub fn reason(&self) -> Option<Interruption> {
        *self.0.borrow()
    }

    /// Waits for the end.
    pub async fn stopped(&self) -> Interruption {
        let mut seen = self.0.subscribe();
        let reason = seen.wait_for(Option::is_some).await.ok().and_then(|reason| *reason);
        match reason {
            Some(reason) => reason,
            // The sender lives as long as this handle, so that this is never reached.
            None => std::future::pending().await,
        }
    }
}
