//! Ctrl-C and the termination signal: the first ends the reading, the second the program.

use std::future::Future;
use std::io;

use super::failure::Failure;
use super::show::Console;
use crate::azure::stop::Stop;
use crate::gate::Exit;
use crate::snapshot::Interruption;

/// The signals that ask a program to end.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Runs a scan that ends early when it is asked to. The scan has a task of its own, so that a second request ends the program
/// even when a report is stuck in a pipe nobody reads.
///
/// # Errors
/// Those of the scan.
pub(super) async fn obeyed(
    stop: Stop,
    console: &Console,
    scan: impl Future<Output = Result<Exit, Failure>> + Send + 'static,
) -> Result<Exit, Failure> {
    // Where signals cannot be listened to, they do what they always do.
    let Ok(mut signals) = Signals::listen() else { return scan.await };
    let mut task = tokio::spawn(scan);
    tokio::select! {
        ended = &mut task => return joined(ended),
        () = signals.next() => {}
    }
    stop.stop(Interruption::Signal);
    console.note("stopping: what is known is judged and written; once more ends the program at once");
    tokio::select! {
        ended = &mut task => joined(ended),
        () = signals.next() => {
            task.abort();
            Err(Failure::not_audited("ended at once; reports may be missing", "Resume a saved snapshot with --resume."))
        }
    }
}

fn joined(ended: Result<Result<Exit, Failure>, tokio::task::JoinError>) -> Result<Exit, Failure> {
    ended.unwrap_or_else(|_| {
        Err(Failure::not_audited("the scan itself failed", "Report this; it is a bug in zdr-check."))
    })
}
