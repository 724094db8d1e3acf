//! The wall clock of the commands.

use jiff::Timestamp;

/// Now.
#[expect(clippy::disallowed_methods, reason = "start and end of a run are facts of the snapshot, taken here")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
