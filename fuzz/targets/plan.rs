//! Any bytes as a Terraform plan, an ARM template or what-if output, with the rules and a report behind it.
//!
//! Whatever somebody calls a plan, reading it ends, does not panic, and the report is one that can be read back.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use zdr_check::config::Overlays;
use zdr_check::engine::{AsOf, Settings, assess};
use zdr_check::knowledge::processing::Pin;
use zdr_check::outcome::{FailOn, Outcome, PlanUnknown, Profile};
use zdr_check::plan::{Request, read};
use zdr_check::report::{Format, Look, read_posture, render};
use zdr_check::rules::Policy;
use zdr_check::snapshot::Cloud;
use zdr_check::term::Screen;

/// The file that the program reads; one per process, because several may run side by side.
static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("zdr-check-fuzz-plan-{}.json", std::process::id())));

fuzz_target!(|bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("a file for the plan");
    let plan = read(&Request {
        paths: vec![FILE.clone()],
        parameters: Vec::new(),
        subscription: None,
        group: None,
        location: None,
        cloud: Cloud::Public,
        at: Timestamp::UNIX_EPOCH,
    });
    let plan = match plan {
        Ok(plan) => plan,
        Err(problem) => return assert!(!problem.message.is_empty() && !problem.help.is_empty(), "a refusal says why"),
    };
    let settings = Settings {
        policy: Policy { pin: Pin::Geography, allowed_locations: None, options: std::collections::BTreeMap::new() },
        fail_on: FailOn::Never,
        profile: Profile::Strict,
        allow_incomplete: false,
        plan_unknown: PlanUnknown::Fail,
        overlays: Overlays::default(),
        as_of: AsOf::Run,
    };
    let assessment = assess(&plan.snapshot, &settings);
    for own in assessment.results.iter() {
        // Only Azure sets it, so no plan can show that storage is off.
        assert!(own.rule != "abuse-monitoring-storage-on" || own.outcome != Outcome::Pass, "a pass from a plan");
        plan.locate(&own.resource_id, &own.evidence);
    }
    let look = Look { show_pass: true, ..Look::new(Screen::plain(100)) };
    let mut out = Vec::new();
    render(Format::Json, &assessment, &look, &mut out).expect("writing to memory");
    read_posture(&out).expect("a report that can be read back");
});
