//! The one place of the client that reads the wall clock: evidence is dated, and `Retry-After` may be a date.
//!
//! Waiting is measured on tokio's clock instead, which tests can pause.

use jiff::Timestamp;

/// Now.
#[expect(
    clippy::disallowed_methods,
    reason = "evidence carries the time of reading, and this is where reading happens"
)]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
