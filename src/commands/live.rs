//! Sign-in, scope and reading: from access flags to a snapshot.

use std::sync::Arc;
use std::time::Duration;

use super::clock::now;
use super::failure::Failure;
use super::record::{Begun, Recorder};
use super::resume;
use super::show::Console;
use crate::azure::arm::{Arm, Patience, Settings};
use crate::azure::cli_profile::default_subscription;
use crate::azure::clouds::Endpoint;
use crate::azure::credentials::{self, Attempt, Kind, Outcome, SignIn};
use crate::azure::environment::Environment;
use crate::azure::stop::Stop;
use crate::cli::{AccessArgs, ScopeArgs};
use crate::collect::scope::{self, Ask, Target};
use crate::collect::{self, Event, Observer, Order};
use crate::rules;
use crate::snapshot::journal::{Header, Stamp, Tool};
use crate::snapshot::{Cloud, Piece, Principal, Snapshot, Source};

/// What a scan is run with, besides its flags.
#[derive(Debug, Clone)]
pub(super) struct Conduct {
    /// Ends it before its time.
    pub(super) stop: Stop,
    /// Its journal.
    pub(super) recorder: Arc<Recorder>,
}

/// Signs in, resolves the scope and reads it.
///
/// # Errors
/// [`Failure`] when there is no sign-in or nothing to read.
pub(super) async fn snapshot(
    args: &ScopeArgs,
    access: &AccessArgs,
    conduct: &Conduct,
    console: &Console,
) -> Result<Snapshot, Failure> {
    let endpoint = endpoint(access)?;
    let environment = Environment::of_process();
    let ask = match conduct.recorder.header() {
        None => ask(args, &environment, endpoint.cloud),
        Some(header) => resume::ask(&header, given(args), endpoint.cloud)?,
    };
    let scopes = conduct.recorder.header().map_or_else(|| words(&ask), |header| header.scopes);
    let sign_in = tokio::select! {
        sign_in = sign_in(access, &environment, &endpoint) => sign_in?,
        why = conduct.stop.stopped() => return Err(Failure::stopped(why)),
    };
    for attempt in &sign_in.passed_over {
        if let Some(reason) = surprising_failure(attempt, &environment) {
            console.note(&format!("passed over {}: {reason}", attempt.kind.label()));
        }
    }
    console.note(&format!("signed in with {}", sign_in.kind.label()));
    let settings = Settings { stop: conduct.stop.clone(), ..settings(access, &endpoint) };
    let arm = Arm::new(settings, sign_in.credential.clone())?;
    let progress = console.progress();
    progress.phase("reading");
    let observer = |event: Event| {
        match event {
            Event::Listed { accounts } => progress.accounts_found(accounts as u64),
            Event::AccountRead => progress.account_done(),
        }
        progress.requests(arm.requests().sent);
    };
    let reading = Reading {
        endpoint: &endpoint,
        origin: Origin { source: Source::Live, scopes, principal: None },
        credential: sign_in.kind.as_str(),
        width: access.concurrency.into(),
        observer: &observer,
        recorder: &conduct.recorder,
    };
    let snapshot = collect(&arm, ask, reading).await;
    progress.finish();
    snapshot
}

/// What a snapshot says about where it comes from.
pub(super) struct Origin {
    pub(super) source: Source,
    /// What was asked for, in words.
    pub(super) scopes: Vec<String>,
    /// Who asked, when that is not what the access token says.
    pub(super) principal: Option<Principal>,
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

/// How a scope is read.
pub(super) struct Reading<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) origin: Origin,
    pub(super) credential: &'a str,
    pub(super) width: usize,
    pub(super) observer: Observer<'a>,
    pub(super) recorder: &'a Recorder,
}

/// Resolves the scope and reads it through `arm`, keeping the journal.
///
/// # Errors
/// [`Failure`] when there is nothing to read, or not what a resumed journal is about.
pub(super) async fn collect(arm: &Arm, ask: Ask, reading: Reading<'_>) -> Result<Snapshot, Failure> {
    let Reading { endpoint, origin, credential, width, observer, recorder } = reading;
    let started_at = now();
    let targets = scope::resolve(arm, ask).await;
    let mut targets = targets.map_err(|error| match arm.stopped() {
        Some(why) => Failure::stopped(why),
        None => Failure::scope(error, endpoint.arm.as_str()),
    })?;
    scope::complete(arm, &mut targets, recorder.scopes()).await;
    let principal = origin.principal.unwrap_or_else(|| {
        let mut principal = arm.principal();
        principal.kind.get_or_insert_with(|| credential.to_owned());
        principal
    });
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
        reductions: collect::reductions(),
        redacted: false,
    };
    let Begun { known, requests, header, resumed_at } = recorder.begin(header, now());
    let stamp = || Stamp { at: now(), requests: requests.plus(arm.requests()) };
    let sink = |piece: Piece<'_>| {
        // From here on reads are cut short: what is not whole is left to the scan that resumes.
        if arm.stopped().is_none() {
            recorder.take(piece, stamp());
        }
    };
    let order = Order { wanted: &rules::needs(), width, observer, sink: &sink };
    let subscriptions = collect::read(arm, targets, known, order).await;
    let (end, interrupted) = (stamp(), arm.stopped());
    recorder.finish(end, interrupted.is_none());
    Ok(Snapshot {
        source: header.source,
        cloud: header.cloud,
        scopes: header.scopes,
        principal: header.principal,
        started_at: header.started_at,
        resumed_at,
        finished_at: end.at,
        interrupted,
        requests: end.requests,
        subscriptions,
    })
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
        ca_file: access.ca_file.clone(),
        ..Settings::new(endpoint.clone())
    }
}

async fn sign_in(access: &AccessArgs, environment: &Environment, endpoint: &Endpoint) -> Result<SignIn, Failure> {
    Ok(credentials::sign_in(access.credential, &context(access, environment, endpoint)).await?)
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

/// A credential that was set up and failed is worth a line: another identity may see less. That a laptop has no metadata
/// service is not.
fn surprising_failure<'a>(attempt: &'a Attempt, environment: &Environment) -> Option<&'a str> {
    let laptop = attempt.kind == Kind::ManagedIdentity && environment.get("IDENTITY_ENDPOINT").is_none();
    match &attempt.outcome {
        Outcome::Failed { reason } if !laptop => Some(reason),
        Outcome::Failed { .. } | Outcome::NotConfigured { .. } => None,
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
    } else if !args.subscription.is_empty() {
        Some(Ask::Subscriptions(args.subscription.clone()))
    } else {
        None
    }
}

/// A scope in words.
pub(super) fn words(ask: &Ask) -> Vec<String> {
    match ask {
        Ask::Subscriptions(words) => words.iter().map(|word| format!("subscription {word}")).collect(),
        Ask::All => vec!["all subscriptions".to_owned()],
        Ask::Accounts(ids) => ids.iter().map(|id| format!("account {}", id.id)).collect(),
        Ask::Nothing => Vec::new(),
    }
}
