//! Kills a scan at random points, resumes it, and holds the snapshot against that of a scan nobody disturbed.

use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What one comparison took.
pub(crate) struct Outcome {
    /// Seconds of the undisturbed scan.
    pub(crate) undisturbed: f64,
    /// When each scan was killed, in seconds after its start.
    pub(crate) kills: Vec<f64>,
    /// Seconds of the scan that finished the snapshot.
    pub(crate) last: f64,
}

/// Runs `scan` undisturbed, then again with `kills` interruptions. `scan` is the command with everything but the journal.
///
/// Panics when the reports differ.
pub(crate) fn compare(scan: &dyn Fn() -> Command, folder: &Path, kills: usize) -> Outcome {
    let (whole, broken) = (folder.join("whole.jsonl.zst"), folder.join("broken.jsonl.zst"));
    let started = Instant::now();
    run(scan().arg("--save-snapshot").arg(&whole));
    let undisturbed = started.elapsed().as_secs_f64();
    let mut random = seed();
    let mut killed = Vec::new();
    let mut finished = None;
    let mut flag = "--save-snapshot";
    for _ in 0..kills {
        // What is known is not read again: the rounds together must not be longer than the whole.
        let after = Duration::from_secs_f64(undisturbed / kills as f64 * (0.05 + 0.9 * next(&mut random)));
        let mut child = scan().arg(flag).arg(&broken).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(after);
        if let Some(status) = child.try_wait().unwrap() {
            // What is left was read sooner than it was to be killed.
            assert_eq!(status.code(), Some(1));
            finished = Some(after.as_secs_f64());
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed.push(after.as_secs_f64());
        if broken.metadata().is_ok_and(|own| own.len() > 0) {
            flag = "--resume";
        }
    }
    let last = finished.unwrap_or_else(|| {
        let started = Instant::now();
        run(scan().arg(flag).arg(&broken));
        started.elapsed().as_secs_f64()
    });
    assert!(report(&whole) == report(&broken), "the resumed snapshot gives another report");
    Outcome { undisturbed, kills: killed, last }
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(1), "the estate has failures and nothing unreadable");
}

/// The report of a snapshot, without what must differ between two readings: times, request ids and the number of requests.
fn report(snapshot: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zdr-check"));
    command.env_clear().args(["scan", "--no-config", "--format", "json", "--show-pass", "--snapshot"]).arg(snapshot);
    let output = command.stderr(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["complete"], true);
    for name in ["started_at", "resumed_at", "finished_at"] {
        report["run"][name].take();
    }
    report["coverage"]["requests"].take();
    for result in report["results"].as_array_mut().unwrap() {
        for citation in result["evidence"].as_array_mut().unwrap() {
            citation["request_id"].take();
            citation["at"].take();
        }
    }
    for clock in report["clocks"].as_array_mut().unwrap() {
        clock["gone_by"].take();
    }
    report
}

/// Another point each time; the kills are printed.
fn seed() -> u64 {
    RandomState::new().hash_one(0) | 1
}

/// A number from 0 to 1 (xorshift).
fn next(state: &mut u64) -> f64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}
