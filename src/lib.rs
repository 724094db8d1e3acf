//! crate docs to come
pub mod azure;
pub mod snapshot;
