//! Progress on stderr: what is going on, never part of the report.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Counts shown while a scan runs. Cheap to clone and to update from many tasks; drawn ten times a second.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    accounts: AtomicU64,
    done: AtomicU64,
    requests: AtomicU64,
}

impl Counts {
    fn line(&self) -> String {
        let [done, accounts, requests] = [&self.done, &self.accounts, &self.requests].map(|count| count.load(Relaxed));
        match accounts {
            0 => format!("requests {requests}"),
            _ => format!("accounts {done}/{accounts} · requests {requests}"),
        }
    }
}

impl Progress {
    /// Draws on stderr when `shown`, with ASCII marks unless `unicode`.
    pub fn new(shown: bool, unicode: bool) -> Self {
        let counts = Arc::new(Counts::default());
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let shared = Arc::clone(&counts);
        let line = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            let line = shared.line();
            // A line that cannot be drawn is not worth ending a scan for.
            let _ = out.write_str(&if unicode { line } else { line.replace('·', "|") });
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {counts}") {
            bar.set_style(style.with_key("counts", line).tick_chars(if unicode {
                "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "
            } else {
                "-\\|/ "
            }));
        }
        if shown {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, counts }
    }

    /// Nothing is drawn.
    pub fn hidden() -> Self {
        Self::new(false, false)
    }

    /// Says what is being done: `reading`, `judging`, …
    pub fn phase(&self, text: &'static str) {
        self.bar.set_message(text);
    }

    /// More accounts have come into scope.
    pub fn accounts_found(&self, count: u64) {
        self.counts.accounts.fetch_add(count, Relaxed);
    }

    /// One account has been read.
    pub fn account_done(&self) {
        self.counts.done.fetch_add(1, Relaxed);
    }

    /// So many requests have been sent in all.
    pub fn requests(&self, total: u64) {
        self.counts.requests.store(total, Relaxed);
    }

    /// Runs `write` while nothing is drawn, so that a log line does not mix with it.
    pub fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Takes the line off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_counts_what_it_was_told() {
        let progress = Progress::hidden();
        progress.requests(1);
        assert_eq!(progress.counts.line(), "requests 1");
        progress.accounts_found(40);
        progress.clone().account_done();
        assert_eq!(progress.counts.line(), "accounts 1/40 · requests 1");
        progress.finish();
    }
}
