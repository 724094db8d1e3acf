//! One binary of documented modules, all driving the real program or the crate's public parts.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

/// Every import runs down the floors of the house.
mod architecture;
/// `policy`: Azure Policy definitions say what the rules say.
mod azure_policy;
/// Bad input: one message, one exit code.
mod bad_input;
/// Retention clocks.
mod clocks;
/// Running the binary.
mod common;
/// `--include communication`.
mod communication;
/// The policy file through the binary: policy, scopes, waivers, attestations, bad input.
mod config;
/// The data map, in every format and as a worksheet.
mod data_map;
/// The derived parts of the source tree are what their sources say.
mod derived;
/// What changed between two runs.
mod diff;
/// `doctor` against the emulator.
mod doctor;
/// Reports that other programs take in, read back by parsers that are not ours.
mod exports;
/// The fault table.
mod faults;
/// Nothing is lost in any format: each is read back and compared with the assessment.
mod formats;
/// The fixes and sources of rule pages: forms, commands, types and links.
mod guides;
/// Help and pages on the command line.
mod help;
/// Next steps are true.
mod hints;
/// Posture over time.
mod history;
/// The HTML report, read back with a parser that is not ours.
mod html;
/// Snapshots: saved, judged again, resumed, verified, signed, masked, and every way to spoil them.
mod journal;
/// Whatever order answers come in, the assessment is the same.
mod order;
/// Rule pages: the catalogue, `explain` and the list.
mod pages;
/// `plan`: infrastructure code before it is deployed.
mod plan;
/// Azure Policy, read on request.
mod policies;
/// Invariants over arbitrary estates.
mod properties;
/// Every format says the same about one assessment, and looks as it should.
mod reports;
/// Every rule concludes from its fixtures what their names say, and nothing from what is missing.
mod rules;
/// One assessment with everything a report must be able to show.
mod sample;
/// `scan` end to end.
mod scan;
/// Scopes beyond one subscription.
mod scopes;
/// `--data-plane`.
mod stores;
/// `permissions`, `generate` and `init --ci`.
mod tools;

/// Statements behind the rules, and the pages they come from.
mod terms;

/// A loopback ARM and identity server, independent of the product's code, with its own tests.
#[path = "../emulator/mod.rs"]
mod emulator;
