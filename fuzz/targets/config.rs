//! Any text as a policy file: used, or refused with every problem at a line of the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zdr_check::config::Config;

fuzz_target!(|text: &str| {
    if let Err(problems) = Config::parse(text, &|_| Ok("0".repeat(64))) {
        assert!(!problems.is_empty(), "a refusal says why");
    }
});
