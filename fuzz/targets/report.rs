//! Any bytes as a JSON report to compare with.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zdr_check::report::read_posture;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_posture(bytes).map_err(|error| error.to_string());
});
