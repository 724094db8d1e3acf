//! crate docs to come
pub mod assessment;
pub mod azure;
pub mod collect;
pub mod engine;
pub mod gate;
pub mod knowledge;
pub mod outcome;
pub mod rules;
pub mod snapshot;
