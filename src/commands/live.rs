//! Sign-in, scope and reading: from access flags to a snapshot.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use globset::GlobMatcher;

use super::callers::{self, Access};
use super::clock::now;
use super::failure::Failure;
use super::record::{Begun, Recorder};
use super::resume;
use super::show::Console;
use crate::azure::arm::{Arm, Patience, Settings};
use crate::azure::cli_profile::default_subscription;
use crate::azure::clouds::Endpoint;
use crate::azure::credentials;
use crate::azure::environment::Environment;
use crate::azure::stop::Stop;
use crate::cli::{self, AccessArgs, ScopeArgs, SelectArgs};
use crate::collect::plan::{self, Plan};
use crate::collect::scope::{self, Ask, Callers, Resolved, Target};
use crate::collect::{self, Event, Observer, Order};
use crate::snapshot::journal::{Header, Stamp, Tool};
use crate::snapshot::{Asked, Cloud, Include, Operation, PackedSnapshot, Piece, Principal, Snapshot, Source};

/// What a scan is run with, besides its flags.
#[derive(Debug, Clone)]
pub(super) struct Conduct {
    /// Ends it before its time.
    pub(super) stop: Stop,
    /// Its journal.
    pub(super) recorder: Arc<Recorder>,
}

/// Flags that say what is read, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// What to read.
    pub(super) scope: &'a ScopeArgs,
    /// Which part of it.
    pub(super) select: &'a SelectArgs,
    /// How to reach Azure.
    pub(super) access: &'a AccessArgs,
}

/// What every reading starts with: who reads, and what was asked for.
struct Start {
    callers: Callers,
    credential: &'static str,
    endpoint: Endpoint,
    ask: Ask,
    asked: Asked,
    exclude: Vec<GlobMatcher>,
    words: Vec<String>,
}

/// Signs in. What was asked for is that of `header`, when a journal is gone on with.
async fn start(args: &Wanted<'_>, header: Option<&Header>, stop: &Stop, console: &Console) -> Result<Start, Failure> {
    let endpoint = endpoint(args.access)?;
    let environment = environment(args.access);
    let (ask, asked) = match header {
        None => (ask(args.scope, &environment, endpoint.cloud), asked(args)),
        Some(header) => resume::ask(header, given(args.scope), &asked(args), endpoint.cloud)?,
    };
    let words = header.map_or_else(|| words(&ask, &asked), |header| header.scopes.clone());
    let exclude = asked.exclude_subscriptions.iter().map(|text| cli::pattern(text)).collect::<Result<_, _>>();
    let exclude = exclude
        .map_err(|why| Failure::usage(format!("--exclude-subscription: {why}"), "Scan anew, with --save-snapshot."))?;
    let access = Access { args: args.access, environment: &environment, endpoint: &endpoint, stop, console };
    let (callers, kind) = tokio::select! {
        callers = callers::callers(&access, &asked) => callers?,
        why = stop.stopped() => return Err(Failure::stopped(why)),
    };
    Ok(Start { callers, credential: kind.as_str(), endpoint, ask, asked, exclude, words })
}

/// Signs in, resolves the scope and reads it: of the operations below an account, those in `operations`.
///
/// # Errors
/// [`Failure`] when there is no sign-in or nothing to read.
pub(super) async fn snapshot(
    args: &Wanted<'_>,
    operations: &BTreeSet<Operation>,
    conduct: &Conduct,
    console: &Console,
) -> Result<PackedSnapshot, Failure> {
    let header = conduct.recorder.header();
    let start = start(args, header.as_ref(), &conduct.stop, console).await?;
    let progress = console.progress();
    progress.phase("reading");
    let arm = start.callers.home.clone();
    let observer = |event: Event| {
        match event {
            Event::Listed { accounts } => progress.accounts_found(accounts as u64),
            Event::AccountRead => progress.account_done(),
        }
        progress.requests(arm.requests().sent);
    };
    let reading = Reading {
        endpoint: &start.endpoint,
        origin: Origin { source: Source::Live, scopes: start.words, principal: None, asked: start.asked },
        credential: start.credential,
        exclude: &start.exclude,
        operations,
        width: args.access.concurrency.into(),
        observer: &observer,
        recorder: &conduct.recorder,
    };
    let snapshot = collect(&start.callers, start.ask, reading).await;
    progress.finish();
    snapshot
}

/// A mistyped tag would leave nothing to fail, forever.
///
/// # Errors
/// When filters leave no account.
pub(super) fn some_account(snapshot: &PackedSnapshot) -> Result<(), Failure> {
    let excluded: usize = snapshot.subscriptions.iter().map(|own| own.light.selection.excluded.len()).sum();
    let read = snapshot.subscriptions.iter().any(|own| !own.accounts.is_empty());
    let unlisted = snapshot.subscriptions.iter().any(|own| own.light.listing.unavailable().is_some());
    if excluded > 0 && !read && !unlisted && snapshot.frame.reach.gaps.is_empty() {
        return Err(Failure::not_audited(
            format!("--tag and --exclude-tag leave out every account ({excluded}); nothing was audited"),
            "Check key and value: keys have no case, values do.",
        ));
    }
    Ok(())
}

/// Signs in, resolves the scope, lists accounts and counts the requests of a scan.
///
/// # Errors
/// [`Failure`] when there is no sign-in or nothing to read.
pub(super) async fn plan(
    args: &Wanted<'_>,
    operations: &BTreeSet<Operation>,
    stop: &Stop,
    console: &Console,
) -> Result<(Plan, u64), Failure> {
    let Start { callers, endpoint, ask, asked, exclude, .. } = start(args, None, stop, console).await?;
    let resolved = scope::resolve(&callers, ask, &exclude).await;
    let resolved = resolved.map_err(|error| Failure::scope(error, endpoint.arm.as_str()));
    let width = args.access.concurrency.into();
    let order = Order { operations, asked: &asked, width, observer: &|_| {}, sink: &|_| {} };
    let plan = match resolved {
        Ok(resolved) => Ok(plan::plan(&callers.home, resolved.targets, &order).await),
        Err(failure) => Err(failure),
    };
    // Half a plan is none.
    stop.reason().map_or(Ok(()), |why| Err(Failure::stopped(why)))?;
    Ok((plan?, callers.home.requests().sent))
}

/// What a snapshot says about where it comes from.
pub(super) struct Origin {
    pub(super) source: Source,
    /// What was asked for, in words.
    pub(super) scopes: Vec<String>,
    /// Who asked, when that is not what the access token says.
    pub(super) principal: Option<Principal>,
    /// What was asked for besides subscriptions and accounts.
    pub(super) asked: Asked,
}

/// Where requests go.
///
/// # Errors
/// A usage error when `--arm-endpoint` is not usable.
pub(super) fn endpoint(access: &AccessArgs) -> Result<Endpoint, Failure> {
    access.endpoint().map_err(|message| {
        Failure::usage(
            message,
            "Give the address of an Azure Resource Manager, for example https://management.azure.com",
        )
    })
}

/// The variables that sign-ins look at, and the flags that say the same.
pub(super) fn environment(access: &AccessArgs) -> Environment {
    let environment = Environment::of_process();
    match access.authority_host.as_deref() {
        Some(host) => environment.with("AZURE_AUTHORITY_HOST", host),
        None => environment,
    }
}

/// How a scope is read.
pub(super) struct Reading<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) origin: Origin,
    pub(super) credential: &'a str,
    /// Subscriptions to leave out.
    pub(super) exclude: &'a [GlobMatcher],
    pub(super) operations: &'a BTreeSet<Operation>,
    pub(super) width: usize,
    pub(super) observer: Observer<'a>,
    pub(super) recorder: &'a Recorder,
}

/// Resolves the scope and reads it, keeping the journal.
///
/// # Errors
/// [`Failure`] when there is nothing to read, or not what a resumed journal is about.
pub(super) async fn collect(callers: &Callers, ask: Ask, reading: Reading<'_>) -> Result<PackedSnapshot, Failure> {
    let Reading { endpoint, origin, credential, exclude, operations, width, observer, recorder } = reading;
    let (arm, started_at) = (&callers.home, now());
    let resolved = scope::resolve(callers, ask, exclude).await;
    let Resolved { mut targets, mut reach } = resolved.map_err(|error| match arm.stopped() {
        Some(why) => Failure::stopped(why),
        None => Failure::scope(error, endpoint.arm.as_str()),
    })?;
    scope::complete(callers, &mut targets, recorder.scopes()).await;
    let principal = |arm: &Arm| {
        let mut principal = arm.principal();
        principal.kind.get_or_insert_with(|| credential.to_owned());
        principal
    };
    reach.principals = callers.further.iter().map(principal).collect();
    reach.asked = origin.asked;
    let principal = origin.principal.unwrap_or_else(|| principal(arm));
    if let Some(header) = recorder.header() {
        resume::same_tenant(&header, &principal)?;
    }
    let header = Header {
        tool: Tool::own(),
        started_at,
        source: origin.source,
        cloud: endpoint.cloud,
        scopes: origin.scopes,
        principal,
        subscriptions: targets.iter().map(Target::scope).collect(),
        reach,
        reductions: collect::reductions(),
        redacted: false,
    };
    Ok(read(arm, targets, header, (operations, width, observer), recorder).await)
}

/// Reads what was resolved, except for what the journal knows already.
async fn read(
    arm: &Arm,
    targets: Vec<Target>,
    header: Header,
    (operations, width, observer): (&BTreeSet<Operation>, usize, Observer<'_>),
    recorder: &Recorder,
) -> PackedSnapshot {
    let Begun { known, requests, header, resumed_at } = recorder.begin(header, now());
    let stamp = || Stamp { at: now(), requests: requests.plus(arm.requests()) };
    let sink = |piece: Piece<'_>| {
        // From here on reads are cut short: what is not whole is left to the scan that resumes.
        if arm.stopped().is_none() {
            recorder.take(piece, stamp());
        }
    };
    let order = Order { operations, asked: &header.reach.asked, width, observer, sink: &sink };
    let subscriptions = collect::read(arm, targets, known, order).await;
    let (end, interrupted) = (stamp(), arm.stopped());
    recorder.finish(end, interrupted.is_none());
    let frame = Snapshot {
        source: header.source,
        cloud: header.cloud,
        scopes: header.scopes,
        principal: header.principal,
        started_at: header.started_at,
        resumed_at,
        finished_at: end.at,
        interrupted,
        requests: end.requests,
        reach: header.reach,
        subscriptions: Vec::new(),
    };
    PackedSnapshot { frame, subscriptions }
}

/// The client the flags describe.
pub(super) fn settings(access: &AccessArgs, endpoint: &Endpoint) -> Settings {
    Settings {
        patience: Patience {
            request: Duration::from_secs(access.request_timeout.into()),
            fact: Duration::from_secs(access.fact_timeout.into()),
            ..Patience::default()
        },
        concurrency: access.concurrency.into(),
        stand_in: access.data_plane_endpoint.clone(),
        ca_file: access.ca_file.clone(),
        ..Settings::new(endpoint.clone())
    }
}

/// What a sign-in needs to know.
pub(super) fn context<'a>(
    access: &'a AccessArgs,
    environment: &'a Environment,
    endpoint: &'a Endpoint,
) -> credentials::Context<'a> {
    credentials::Context {
        environment,
        cloud: endpoint.cloud,
        scope: &endpoint.scope,
        ca_file: access.ca_file.as_deref(),
        tenant: None,
    }
}

fn ask(args: &ScopeArgs, environment: &Environment, cloud: Cloud) -> Ask {
    let default = || default_subscription(environment, cloud).map_or(Ask::Nothing, |id| Ask::Subscriptions(vec![id]));
    given(args).unwrap_or_else(default)
}

/// The scope the flags give, if they do.
fn given(args: &ScopeArgs) -> Option<Ask> {
    if !args.account.is_empty() {
        Some(Ask::Accounts(args.account.clone()))
    } else if args.all_subscriptions {
        Some(Ask::All)
    } else if !args.management_group.is_empty() {
        Some(Ask::ManagementGroups(args.management_group.clone()))
    } else if !args.subscription.is_empty() {
        Some(Ask::Subscriptions(args.subscription.clone()))
    } else {
        None
    }
}

/// What the flags ask for besides subscriptions and accounts.
pub(super) fn asked(args: &Wanted<'_>) -> Asked {
    let SelectArgs {
        exclude_subscription,
        tag,
        exclude_tag,
        tenant,
        all_tenants,
        cross_check,
        data_plane,
        check_policies,
        include,
    } = args.select;
    let policies = check_policies.then_some(Include::Policies);
    Asked {
        management_groups: args.scope.management_group.clone(),
        tenants: tenant.clone(),
        all_tenants: *all_tenants,
        exclude_subscriptions: exclude_subscription.iter().map(|own| own.glob().glob().to_owned()).collect(),
        tags: tag.clone(),
        exclude_tags: exclude_tag.clone(),
        cross_check: *cross_check,
        include: include.iter().copied().map(Include::from).chain(policies).collect(),
        data_plane: *data_plane,
    }
}

/// The scope for people: what was asked for, and what of it was left out.
fn words(ask: &Ask, asked: &Asked) -> Vec<String> {
    let mut words = scope_words(ask);
    words.extend(part_words(asked));
    words
}

/// A scope in words.
pub(super) fn scope_words(ask: &Ask) -> Vec<String> {
    match ask {
        Ask::Subscriptions(words) => words.iter().map(|word| format!("subscription {word}")).collect(),
        Ask::All => vec!["all subscriptions".to_owned()],
        Ask::ManagementGroups(ids) => ids.iter().map(|id| format!("management group {id}")).collect(),
        Ask::Accounts(ids) => ids.iter().map(|id| format!("account {}", id.id)).collect(),
        Ask::Nothing => Vec::new(),
    }
}

/// Which part of a scope, in words.
pub(super) fn part_words(asked: &Asked) -> Vec<String> {
    let mut words: Vec<String> = asked.tenants.iter().map(|tenant| format!("in tenant {tenant}")).collect();
    words.extend(asked.all_tenants.then(|| "in all tenants".to_owned()));
    words.extend(asked.exclude_subscriptions.iter().map(|pattern| format!("without subscription {pattern}")));
    words.extend(asked.tags.iter().map(|(key, value)| format!("only accounts with tag {key}={value}")));
    words.extend(asked.exclude_tags.iter().map(|(key, value)| format!("without accounts with tag {key}={value}")));
    words.extend(asked.include.iter().map(|own| own.words().to_owned()));
    words
}
