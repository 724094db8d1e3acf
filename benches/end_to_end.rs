//! The release binary against the emulator, each in a process of its own. `benches/README.md` says what is measured and how.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a harness stops at the first surprise and prints")]
#![allow(clippy::cast_precision_loss, reason = "counts and milliseconds, far below 2^52")]

#[path = "../tests/emulator/mod.rs"]
mod emulator;
#[path = "support/interruption.rs"]
mod interruption;
mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use emulator::Emulator;

/// Azure's documented limit per subscription: reads at once, and per second after that.
const BURST: u32 = 250;
const REFILL: f64 = 25.0;

/// One measurement.
#[derive(Debug, Clone)]
struct Case {
    accounts: usize,
    per_subscription: usize,
    throttle: bool,
    latency: u64,
    concurrency: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let position = arguments.iter().position(|own| own == name)?;
        Some(arguments.get(position + 1)?.parse::<usize>().unwrap_or_else(|_| panic!("{name} takes a number")))
    };
    let flag = |name: &str| arguments.iter().any(|own| own == name);
    let latency = value("--latency").unwrap_or(40) as u64;
    let concurrency = value("--concurrency").unwrap_or(64);
    let each = value("--per-subscription").unwrap_or(10);
    let estates = [(25, each), (500, each), (10_000, each), (200, 200)];
    let estates = value("--accounts").map_or_else(|| estates.to_vec(), |own| vec![(own, each)]);
    let throttles = match (flag("--throttle"), flag("--no-throttle")) {
        (true, false) => vec![true],
        (false, true) => vec![false],
        _ => vec![false, true],
    };
    if flag("--serve") {
        let (accounts, per_subscription) = estates[0];
        return serve(&Case { accounts, per_subscription, throttle: throttles[0], latency, concurrency });
    }
    if let Some(kills) = value("--kill") {
        let (accounts, per_subscription) = estates[0];
        return interrupt(&Case { accounts, per_subscription, throttle: throttles[0], latency, concurrency }, kills);
    }
    println!(
        "{:>8} {:>8} {:>8} {:>8} {:>10} {:>10} {:>9} {:>6} {:>8} {:>7}",
        "accounts", "throttle", "wall s", "cpu s", "cpu ms/req", "peak MiB", "requests", "429s", "bound s", "ratio"
    );
    for (accounts, per_subscription) in estates {
        for &throttle in &throttles {
            measure(&Case { accounts, per_subscription, throttle, latency, concurrency });
        }
    }
}

/// The emulator's process: says where it listens, and at the end what it saw.
fn serve(case: &Case) {
    let mut builder = Emulator::builder(support::estate(case.accounts, case.per_subscription))
        .latency(Duration::from_millis(case.latency))
        .page_size(100);
    if case.throttle {
        builder = builder.throttle(BURST, REFILL);
    }
    let emulator = builder.start();
    println!("{}", json!({ "endpoint": emulator.endpoint(), "environment": emulator.environment() }));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let requests = emulator.requests();
    let arm: Vec<_> = requests.iter().filter(|seen| seen.plane == emulator::Plane::Arm).collect();
    let mut subscriptions: BTreeMap<&str, usize> = BTreeMap::new();
    for seen in arm.iter().filter(|seen| seen.status == Some(200)) {
        *subscriptions.entry(seen.subscription.as_deref().unwrap_or_default()).or_default() += 1;
    }
    let throttled = arm.iter().filter(|seen| seen.status == Some(429)).count();
    let kinds: Vec<String> = emulator.violations().iter().map(|own| format!("{:?}", own.kind)).collect();
    println!(
        "{}",
        json!({ "requests": arm.len(), "throttled": throttled, "violations": kinds,
                            "most": subscriptions.values().max() })
    );
}

/// The emulator's process, where it listens, and its further lines.
fn server(case: &Case) -> (Child, Value, BufReader<ChildStdout>) {
    let mut server = Command::new(std::env::current_exe().unwrap());
    server.args(["--serve", if case.throttle { "--throttle" } else { "--no-throttle" }]);
    server.args(["--accounts", &case.accounts.to_string(), "--latency", &case.latency.to_string()]);
    server.args(["--per-subscription", &case.per_subscription.to_string()]);
    let mut server = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut answers = BufReader::new(server.stdout.take().unwrap());
    let place = next(&mut answers);
    (server, place, answers)
}

/// Kills scans at random points and prints what that came to.
fn interrupt(case: &Case, kills: usize) {
    let (mut server, place, answers) = server(case);
    let folder = tempfile::tempdir().unwrap();
    let outcome = interruption::compare(&|| scan(&place, case), folder.path(), kills);
    drop(server.stdin.take());
    server.wait().unwrap();
    drop(answers);
    let kills: Vec<String> = outcome.kills.iter().map(|after| format!("{after:.1}")).collect();
    println!(
        "{} accounts: undisturbed {:.1} s; killed after {} s; finished in another {:.1} s; the reports are the same",
        case.accounts,
        outcome.undisturbed,
        kills.join(", "),
        outcome.last
    );
}

/// Runs one scan and prints its line.
fn measure(case: &Case) {
    let (mut server, place, mut answers) = server(case);
    let started = Instant::now();
    let mut scan = scan(&place, case).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (cpu, peak) = watch(&scan);
    let wall = started.elapsed().as_secs_f64();
    let code = scan.wait().unwrap().code();
    assert_eq!(code, Some(1), "the estate has failures and nothing unreadable");
    server.stdin.take().unwrap().write_all(b"\n").unwrap();
    let seen = next(&mut answers);
    server.wait().unwrap();
    let number = |name: &str| seen[name].as_u64().unwrap() as f64;
    assert_eq!(seen["violations"], json!([]), "the client misbehaved");
    let in_flight = number("requests") * (case.latency as f64 / 1000.0) / case.concurrency as f64;
    // The client keeps Azure's documented pace whether or not the emulator enforces it.
    let throttled = ((number("most") - f64::from(BURST)) / REFILL).max(0.0);
    let bound = in_flight.max(throttled);
    println!(
        "{:>8} {:>8} {wall:>8.2} {cpu:>8.2} {:>10.3} {peak:>10.1} {:>9} {:>6} {bound:>8.2} {:>7.2}",
        case.accounts,
        if case.throttle { "on" } else { "off" },
        cpu * 1000.0 / number("requests"),
        number("requests"),
        number("throttled"),
        wall / bound,
    );
}

fn next(answers: &mut impl BufRead) -> Value {
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}

fn scan(place: &Value, case: &Case) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zdr-check"));
    command.env_clear().args(["scan", "--all-subscriptions", "--no-config", "--no-progress", "--format", "json"]);
    command.args(["--credential", "managed-identity", "--arm-endpoint", place["endpoint"].as_str().unwrap()]);
    command.args(["--concurrency", &case.concurrency.to_string()]);
    for pair in place["environment"].as_array().unwrap() {
        command.env(pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
    }
    command
}

/// Waits for the end of a process without collecting it; processor seconds, and the most memory it had, in MiB.
#[cfg(target_os = "linux")]
fn watch(child: &Child) -> (f64, f64) {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let pid = Pid::from_child(child);
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap_or_default();
    let mut peak = 0.0_f64;
    loop {
        // The kernel forgets the peak when the process ends, so it is looked at meanwhile; it only grows.
        let status = read("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kib = line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0.0);
        peak = peak.max(kib / 1024.0);
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        if waitid(WaitId::Pid(pid), options).unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    // Fields 14 and 15: user and system time in hundredths of a second. The name before them may contain blanks.
    let stat = read("stat");
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN);
    ((ticks(14) + ticks(15)) / 100.0, peak)
}

/// Only Linux is asked; elsewhere wall time and requests are measured.
#[cfg(not(target_os = "linux"))]
fn watch(_: &Child) -> (f64, f64) {
    (f64::NAN, f64::NAN)
}
