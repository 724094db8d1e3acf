//! Any bytes as a snapshot: refused with a line number, or a journal that survives being written anew.
//!
//! Every input is read twice, as it is and with its hashes put right: a mutation would hardly ever pass them otherwise.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use zdr_check::snapshot::journal;

/// Puts `hash` where `line` has one after `key`.
fn put(line: &mut [u8], key: &str, hash: &str) {
    let start = line.windows(key.len()).position(|part| part == key.as_bytes()).map(|at| at + key.len());
    if let Some(place) = start.and_then(|start| line.get_mut(start..start + hash.len())) {
        place.copy_from_slice(hash.as_bytes());
    }
}

fn with_hashes(bytes: &[u8]) -> Vec<u8> {
    let seal = "\"seal\":\"";
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let mut line = line.to_vec();
        put(&mut line, "\"sha256\":\"", &journal::hex(&Sha256::digest(&out)));
        // The seal covers the line up to the comma before it.
        if let Some(end) = line.windows(seal.len()).rposition(|part| part == seal.as_bytes()) {
            let hash = journal::hex(&Sha256::digest(&line[..end.saturating_sub(1)]));
            put(&mut line[end..], seal, &hash);
        }
        out.extend(line);
    }
    out
}

fn survive(bytes: &[u8]) {
    let Ok(read) = journal::read(bytes) else { return };
    let counts = read.counts();
    let written = read.rewrite(Vec::new()).expect("writing to memory");
    let again = journal::read(written.as_slice()).expect("what was written can be read");
    assert_eq!((again.counts(), &again.pieces), (counts, &read.pieces));
    drop(again.into_snapshot());
}

fuzz_target!(|bytes: &[u8]| {
    survive(bytes);
    survive(&with_hashes(bytes));
});
