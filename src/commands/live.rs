//! Sign-in, scope and reading: from access flags to a snapshot.

use std::time::Duration;

use jiff::Timestamp;

use super::callers::{self, Access};
use super::failure::Failure;
use super::show::Console;
use crate::azure::arm::{Arm, Patience, Settings};
use crate::azure::cli_profile::default_subscription;
use crate::azure::clouds::Endpoint;
use crate::azure::environment::Environment;
use crate::cli::{AccessArgs, ScanArgs, ScopeArgs, SelectArgs};
use crate::collect::plan::{self, Plan};
use crate::collect::scope::{self, Ask, Callers, Resolved};
use crate::collect::{self, Event, Observer, Select, Wanted};
use crate::snapshot::{Cloud, Snapshot, Source};

/// What every live command starts with: who reads, what was asked for, and which accounts of it.
struct Start {
    callers: Callers,
    credential: &'static str,
    endpoint: Endpoint,
    ask: Ask,
    words: Vec<String>,
    select: Select,
}

async fn start(args: &ScanArgs, console: &Console) -> Result<Start, Failure> {
    let access = &args.access;
    let endpoint = access.endpoint().map_err(|message| {
        Failure::usage(
            message,
            "Give the address of an Azure Resource Manager, for example https://management.azure.com",
        )
    })?;
    let mut environment = Environment::of_process();
    if let Some(host) = access.authority_host.as_deref() {
        environment = environment.with("AZURE_AUTHORITY_HOST", host);
    }
    let ask = ask(&args.scope, &environment, endpoint.cloud);
    let words = words(&ask, &args.select);
    let access = Access { args: access, environment: &environment, endpoint: &endpoint, console };
    let (callers, kind) = callers::callers(&access, &args.select).await?;
    let select = Select {
        tags: args.select.tag.clone(),
        exclude_tags: args.select.exclude_tag.clone(),
        cross_check: args.select.cross_check,
    };
    Ok(Start { callers, credential: kind.as_str(), endpoint, ask, words, select })
}

/// Signs in, resolves the scope and reads it: of the operations below an account, those in `operations`.
///
/// # Errors
/// [`Failure`] when there is no sign-in or nothing to read.
pub(super) async fn snapshot(args: &ScanArgs, operations: &Operations, console: &Console) -> Result<Snapshot, Failure> {
    let Start { callers, credential, endpoint, ask, words, select } = start(args, console).await?;
    let progress = console.progress();
    progress.phase("reading");
    let arm = callers.home.clone();
    let observer = |event: Event| {
        match event {
            Event::Listed { accounts } => progress.accounts_found(accounts as u64),
            Event::AccountRead => progress.account_done(),
        }
        progress.requests(arm.requests().sent);
    };
    let wanted = Wanted { operations, select: &select, width: args.access.concurrency.into() };
    let exclude = &args.select.exclude_subscription;
    let from = Origin { endpoint: &endpoint, credential, words };
    let snapshot = match scope::resolve(&callers, ask, exclude).await {
        Ok(resolved) => Ok(collect(&callers, resolved, from, &wanted, &observer).await),
        Err(error) => Err(Failure::scope(error, endpoint.arm.as_str())),
    };
    progress.finish();
    snapshot.and_then(some_account)
}

/// A mistyped tag would leave nothing to fail, forever.
fn some_account(snapshot: Snapshot) -> Result<Snapshot, Failure> {
    let excluded: usize = snapshot.subscriptions.iter().map(|own| own.selection.excluded.len()).sum();
    let read = snapshot.subscriptions.iter().any(|own| !own.accounts.is_empty());
    let unlisted = snapshot.subscriptions.iter().any(|own| own.listing.unavailable().is_some());
    if excluded > 0 && !read && !unlisted && snapshot.reach.gaps.is_empty() {
        return Err(Failure::not_audited(
            format!("--tag and --exclude-tag leave out every account ({excluded}); nothing was audited"),
            "Check key and value: keys have no case, values do.",
        ));
    }
    Ok(snapshot)
}

/// The operations whose answers some rule needs.
pub(super) type Operations = std::collections::BTreeSet<crate::snapshot::Operation>;

/// Signs in, resolves the scope, lists accounts and counts the requests of a scan.
///
/// # Errors
/// [`Failure`] when there is no sign-in or nothing to read.
pub(super) async fn plan(args: &ScanArgs, operations: &Operations, console: &Console) -> Result<(Plan, u64), Failure> {
    let Start { callers, endpoint, ask, select, .. } = start(args, console).await?;
    let resolved = scope::resolve(&callers, ask, &args.select.exclude_subscription).await;
    let resolved = resolved.map_err(|error| Failure::scope(error, endpoint.arm.as_str()))?;
    let wanted = Wanted { operations, select: &select, width: args.access.concurrency.into() };
    let plan = plan::plan(&callers.home, resolved.targets, &wanted).await;
    Ok((plan, callers.home.requests().sent))
}

/// What the snapshot says about the run besides what was read.
pub(super) struct Origin<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) credential: &'a str,
    pub(super) words: Vec<String>,
}

/// Reads what was resolved.
pub(super) async fn collect(
    callers: &Callers,
    resolved: Resolved,
    from: Origin<'_>,
    wanted: &Wanted<'_>,
    observer: Observer<'_>,
) -> Snapshot {
    let started_at = now();
    let Resolved { targets, mut reach } = resolved;
    let arm = &callers.home;
    let subscriptions = collect::read(arm, targets, wanted, observer).await;
    let principal = |arm: &Arm| {
        let mut principal = arm.principal();
        principal.kind.get_or_insert_with(|| from.credential.to_owned());
        principal
    };
    let excludes = subscriptions.iter().any(|own| !own.selection.excluded.is_empty());
    let tags = wanted.select.exclude_tags.iter().filter(|_| !excludes);
    reach.unmatched.extend(tags.map(|(key, value)| format!("--exclude-tag {key}={value}")));
    reach.principals = callers.further.iter().map(principal).collect();
    Snapshot {
        source: Source::Live,
        cloud: from.endpoint.cloud,
        scopes: from.words,
        principal: principal(arm),
        started_at,
        finished_at: now(),
        requests: arm.requests(),
        reach,
        subscriptions,
    }
}

#[expect(clippy::disallowed_methods, reason = "start and end of a run are facts of the snapshot, taken here")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

pub(super) fn settings(access: &AccessArgs, endpoint: &Endpoint) -> Settings {
    Settings {
        patience: Patience {
            request: Duration::from_secs(access.request_timeout.into()),
            fact: Duration::from_secs(access.fact_timeout.into()),
            ..Patience::default()
        },
        concurrency: access.concurrency.into(),
        ca_file: access.ca_file.clone(),
        ..Settings::new(endpoint.clone())
    }
}

fn ask(args: &ScopeArgs, environment: &Environment, cloud: Cloud) -> Ask {
    if !args.account.is_empty() {
        Ask::Accounts(args.account.clone())
    } else if args.all_subscriptions {
        Ask::All
    } else if !args.management_group.is_empty() {
        Ask::ManagementGroups(args.management_group.clone())
    } else if !args.subscription.is_empty() {
        Ask::Subscriptions(args.subscription.clone())
    } else {
        default_subscription(environment, cloud).map_or(Ask::Nothing, |id| Ask::Subscriptions(vec![id]))
    }
}

/// The scope for people: what was asked for, and what of it was left out.
fn words(ask: &Ask, select: &SelectArgs) -> Vec<String> {
    let mut words: Vec<String> = match ask {
        Ask::Subscriptions(words) => words.iter().map(|word| format!("subscription {word}")).collect(),
        Ask::All => vec!["all subscriptions".to_owned()],
        Ask::ManagementGroups(ids) => ids.iter().map(|id| format!("management group {id}")).collect(),
        Ask::Accounts(ids) => ids.iter().map(|id| format!("account {}", id.id)).collect(),
        Ask::Nothing => Vec::new(),
    };
    words.extend(select.tenant.iter().map(|tenant| format!("in tenant {tenant}")));
    words.extend(select.all_tenants.then(|| "in all tenants".to_owned()));
    let patterns = select.exclude_subscription.iter().map(|pattern| pattern.glob().glob());
    words.extend(patterns.map(|pattern| format!("without subscription {pattern}")));
    words.extend(select.tag.iter().map(|(key, value)| format!("only accounts with tag {key}={value}")));
    words.extend(select.exclude_tag.iter().map(|(key, value)| format!("without accounts with tag {key}={value}")));
    words
}
