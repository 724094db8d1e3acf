//! Any lines as arguments: every flag's own parser (locations, pins, ids, durations, sizes) refuses or accepts, none panics.
#![no_main]

use clap::Parser as _;
use libfuzzer_sys::fuzz_target;
use zdr_check::cli::Cli;
use zdr_check::snapshot::AccountId;

fuzz_target!(|text: &str| {
    let arguments = std::iter::once("zdr-check").chain(text.lines());
    let _ = Cli::try_parse_from(arguments).map_err(|error| error.to_string());
    if let Ok(id) = AccountId::parse(text) {
        assert!(AccountId::parse(&id.id).is_ok(), "what was accepted is accepted again");
    }
});
