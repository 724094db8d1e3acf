//! Sources as evidence: the statements behind the rules, compared with the pages they come from.
//!
//! Pure: pages come in as text, a check and a lock file go out. Fetching is `azure::pages`, wiring `commands::terms`.

pub mod compare;
pub mod json;
pub mod lock;
pub mod show;
pub mod text;

pub use compare::{Check, Fetched, Miss, compare};
pub use lock::Lock;
