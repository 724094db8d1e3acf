//! `zdr-check scan --plan-requests`: what a scan would ask, before it asks.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::failure::Failure;
use super::live;
use super::show::Console;
use crate::azure::operations::row;
use crate::azure::stop::Stop;
use crate::cli::{FormatArg, ScanArgs};
use crate::collect::plan::{Count, Plan, Share};
use crate::engine::Settings;
use crate::gate::Exit;

const SCHEMA: &str = "zdr-check/request-plan/1";
/// An assumption, said as one: what a request to Azure takes depends on the region and the day.
const SECONDS_PER_REQUEST: f64 = 0.1;
/// Subscriptions with most requests that are named.
const NAMED: usize = 10;

/// Lists accounts and prints the plan.
///
/// # Errors
/// [`Failure`] when there is nothing to plan for.
pub(super) async fn run(args: &ScanArgs, settings: &Settings, stop: &Stop, console: &Console) -> Result<Exit, Failure> {
    let render: fn(&Plan, &Facts) -> String = match args.output.format {
        FormatArg::Table => table,
        FormatArg::Json => |plan, facts| format!("{:#}\n", as_json(plan, facts)),
        FormatArg::Sarif
        | FormatArg::Junit
        | FormatArg::Github
        | FormatArg::AzurePipelines
        | FormatArg::Gitlab
        | FormatArg::Markdown
        | FormatArg::Csv
        | FormatArg::Xlsx
        | FormatArg::Html
        | FormatArg::Ocsf
        | FormatArg::Oscal => {
            return Err(Failure::usage(
                "--plan-requests: there is nothing to report yet, only a plan to print",
                "Use --format table or json.",
            ));
        }
    };
    let wanted = live::Wanted { scope: &args.scope, select: &args.select, access: &args.access };
    let (plan, sent) = live::plan(&wanted, &settings.needs(), stop, console).await?;
    let text = render(&plan, &Facts { sent, concurrency: args.access.concurrency.into() });
    Console::print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

/// What is known besides the counts.
struct Facts {
    /// Requests this plan took.
    sent: u64,
    concurrency: u32,
}

impl Facts {
    fn in_flight_seconds(&self, plan: &Plan) -> f64 {
        let requests = u32::try_from(plan.requests()).unwrap_or(u32::MAX);
        f64::from(requests) * SECONDS_PER_REQUEST / f64::from(self.concurrency)
    }
}

fn throttled_seconds(plan: &Plan) -> f64 {
    plan.subscriptions.iter().map(Share::throttled_seconds).fold(0.0, f64::max)
}

fn as_json(plan: &Plan, facts: &Facts) -> Value {
    let line = |operation: &str, count: Count| match count {
        Count::Exactly(number) => json!({ "operation": operation, "count": number, "certainty": "exact" }),
        Count::AtMost(number) => json!({ "operation": operation, "count": number, "certainty": "at-most" }),
        Count::Each(what) => json!({ "operation": operation, "count": null, "certainty": "unknown", "once_per": what }),
    };
    let share = |own: &Share| {
        json!({ "id": own.id, "accounts": own.accounts, "requests": own.requests,
                "throttled_seconds": own.throttled_seconds() })
    };
    json!({
        "schema": SCHEMA,
        "operations": plan.lines.iter().map(|own| line(own.operation.as_str(), own.count)).collect::<Vec<_>>(),
        "requests_at_most": plan.requests(),
        "requests_sent_for_this_plan": facts.sent,
        "expected": {
            "throttled_seconds": throttled_seconds(plan),
            "in_flight_seconds": facts.in_flight_seconds(plan),
            "assumed_seconds_per_request": SECONDS_PER_REQUEST,
            "concurrency": facts.concurrency,
        },
        "subscriptions": plan.subscriptions.iter().map(share).collect::<Vec<_>>(),
    })
}

fn table(plan: &Plan, facts: &Facts) -> String {
    let mut out = String::new();
    let count = |count: Count| match count {
        Count::Exactly(number) => format!("{number}"),
        Count::AtMost(number) => format!("<= {number}"),
        Count::Each(what) => format!("1 per {what}"),
    };
    let width = plan.lines.iter().map(|own| own.operation.as_str().len()).max().unwrap_or_default();
    let first = plan.lines.iter().map(|own| count(own.count).len()).max().unwrap_or_default().max("requests".len());
    let _ = writeln!(out, "{:>first$}  {:width$}  purpose", "requests", "operation"); // writing to a String cannot fail
    for own in &plan.lines {
        let purpose = row(own.operation).purpose;
        let _ = writeln!(out, "{:>first$}  {:width$}  {purpose}", count(own.count), own.operation.as_str());
    }
    let _ = writeln!(out, "\n{} requests at most, and what reading finds (\"1 per …\") besides.", plan.requests());
    let _ = writeln!(out, "{} requests were sent for this plan; a scan repeats them.", facts.sent);
    let unlisted = plan.subscriptions.iter().filter(|own| own.accounts.is_none()).count();
    if unlisted > 0 {
        let _ =
            writeln!(out, "The accounts of {unlisted} subscriptions could not be listed; they are not in the count.");
    }
    let (throttled, in_flight) = (throttled_seconds(plan), facts.in_flight_seconds(plan));
    let _ = writeln!(
        out,
        "Expected: the longer of {throttled:.1} s that Azure's limit per subscription takes, and {in_flight:.1} s at {} in \
         flight if a request takes {SECONDS_PER_REQUEST} s.",
        facts.concurrency
    );
    let mut most: Vec<&Share> = plan.subscriptions.iter().filter(|own| own.throttled_seconds() > 0.0).collect();
    most.sort_by_key(|own| std::cmp::Reverse(own.requests));
    for own in most.into_iter().take(NAMED) {
        let (requests, seconds) = (own.requests, own.throttled_seconds());
        let _ = writeln!(out, "  subscription {}: {requests} requests at most, throttled for {seconds:.0} s", own.id);
    }
    out
}
