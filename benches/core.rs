//! The parts that need no network: reading answers into facts, judging them, writing reports.
#![allow(missing_docs, reason = "criterion's macros write public items")]
#![allow(clippy::unwrap_used, reason = "a benchmark may stop at the first surprise")]

mod support;

use std::collections::BTreeMap;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use zdr_check::commands::read_estate;
use zdr_check::config::Overlays;
use zdr_check::engine::{AsOf, Settings, assess};
use zdr_check::knowledge::processing::Pin;
use zdr_check::outcome::{FailOn, Profile, Severity};
use zdr_check::report::{Format, Look, render};
use zdr_check::rules::Policy;
use zdr_check::snapshot::Snapshot;
use zdr_check::term::Screen;

const ACCOUNTS: usize = 100;

fn settings() -> Settings {
    Settings {
        policy: Policy { pin: Pin::Geography, allowed_locations: None, options: BTreeMap::new() },
        fail_on: FailOn::From(Severity::High),
        profile: Profile::Standard,
        allow_incomplete: false,
        overlays: Overlays::default(),
        plan_unknown: zdr_check::outcome::PlanUnknown::Note,
        as_of: AsOf::Run,
    }
}

fn benches(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let estate = support::estate(ACCOUNTS, 10).to_string();
    let read = || runtime.block_on(read_estate(&estate)).unwrap();
    let snapshot = read();
    let assessment = assess(&snapshot, &settings());
    let stored = serde_json::to_vec(&snapshot).unwrap();
    let mut group = criterion.benchmark_group("100 accounts");
    group.throughput(Throughput::Elements(ACCOUNTS as u64)).sample_size(20);
    group.bench_function("read through the client, in process", |bencher| bencher.iter(read));
    group.bench_function("parse a stored snapshot", |bencher| {
        bencher.iter(|| serde_json::from_slice::<Snapshot>(&stored).unwrap());
    });
    group.bench_function("judge", |bencher| {
        bencher.iter_batched(settings, |settings| assess(&snapshot, &settings), BatchSize::SmallInput);
    });
    for (name, format) in [("report as JSON", Format::Json), ("report as a table", Format::Table)] {
        let look = Look { show_pass: true, ..Look::new(Screen::plain(120)) };
        group.bench_function(name, |bencher| {
            bencher.iter(|| render(format, &assessment, &look, &mut std::io::sink()).unwrap());
        });
    }
    group.finish();
}

criterion_group!(core, benches);
criterion_main!(core);
