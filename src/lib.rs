//! `zdr-check`: does an Azure OpenAI or AI Foundry account keep prompt or completion data, and how do we know?
//!
//! ```text
//! scope → collect (ARM) → snapshot → rules (pure) → assessment → reports + exit code
//! ```
//!
//! One direction only. Rules never see the network, reports never see the snapshot, only [`commands`] knows both ends. What
//! could not be read is *unknown*, never a pass: [`snapshot::Read`] keeps the cause, and a check that meets it ends in
//! [`outcome::Unknown`].
//!
//! The house has seven floors, and every import runs down (a test holds the code to it):
//!
//! ```text
//! 7 main
//! 6 commands
//! 5 engine, report
//! 4 config, docs, gate
//! 3 collect, rules, cli, assessment, terms
//! 2 azure, plan, outcome
//! 1 snapshot, knowledge, term
//! ```

pub mod assessment;
pub mod azure;
pub mod cli;
pub mod collect;
pub mod commands;
pub mod config;
pub mod docs;
pub mod engine;
pub mod gate;
pub mod knowledge;
pub mod outcome;
pub mod plan;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod term;
pub mod terms;
