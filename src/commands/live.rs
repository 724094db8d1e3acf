//! Sign-in, scope and reading: from access flags to a snapshot.

use std::time::Duration;

use jiff::Timestamp;

use super::failure::Failure;
use super::show::Console;
use crate::azure::arm::{Arm, Patience, Settings};
use crate::azure::cli_profile::default_subscription;
use crate::azure::clouds::Endpoint;
use crate::azure::credentials::{self, Attempt, Kind, Outcome, SignIn};
use crate::azure::environment::Environment;
use crate::cli::{AccessArgs, ScopeArgs};
use crate::collect::scope::{self, Ask};
use crate::collect::{self, Event, Observer};
use crate::rules;
use crate::snapshot::{Cloud, Snapshot, Source};

/// Signs in, resolves the scope and reads it.
///
/// # Errors
/// [`Failure`] when there is no sign-in or nothing to read.
pub(super) async fn snapshot(args: &ScopeArgs, access: &AccessArgs, console: &Console) -> Result<Snapshot, Failure> {
    let endpoint = access.endpoint().map_err(|message| {
        Failure::usage(
            message,
            "Give the address of an Azure Resource Manager, for example https://management.azure.com",
        )
    })?;
    let environment = Environment::of_process();
    let ask = ask(args, &environment, endpoint.cloud);
    let sign_in = sign_in(access, &environment, &endpoint).await?;
    for attempt in &sign_in.passed_over {
        if let Some(reason) = surprising_failure(attempt, &environment) {
            console.note(&format!("passed over {}: {reason}", attempt.kind.label()));
        }
    }
    console.note(&format!("signed in with {}", sign_in.kind.label()));
    let arm = Arm::new(settings(access, &endpoint), sign_in.credential.clone())?;
    let progress = console.progress();
    progress.phase("reading");
    let observer = |event: Event| {
        match event {
            Event::Listed { accounts } => progress.accounts_found(accounts as u64),
            Event::AccountRead => progress.account_done(),
        }
        progress.requests(arm.requests().sent);
    };
    let snapshot = collect(&arm, ask, &endpoint, sign_in.kind.as_str(), access.concurrency.into(), &observer).await;
    progress.finish();
    snapshot
}

/// Resolves the scope and reads it through `arm`.
///
/// # Errors
/// [`Failure`] when there is nothing to read.
pub(super) async fn collect(
    arm: &Arm,
    ask: Ask,
    endpoint: &Endpoint,
    credential: &str,
    width: usize,
    observer: Observer<'_>,
) -> Result<Snapshot, Failure> {
    let started_at = now();
    let scopes = words(&ask);
    let targets = scope::resolve(arm, ask).await.map_err(|error| Failure::scope(error, endpoint.arm.as_str()))?;
    let subscriptions = collect::read(arm, targets, &rules::needs(), width, observer).await;
    let mut principal = arm.principal();
    principal.kind.get_or_insert_with(|| credential.to_owned());
    Ok(Snapshot {
        source: Source::Live,
        cloud: endpoint.cloud,
        scopes,
        principal,
        started_at,
        finished_at: now(),
        requests: arm.requests(),
        subscriptions,
    })
}

#[expect(clippy::disallowed_methods, reason = "start and end of a run are facts of the snapshot, taken here")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

fn settings(access: &AccessArgs, endpoint: &Endpoint) -> Settings {
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
    let context = credentials::Context {
        environment,
        cloud: endpoint.cloud,
        scope: &endpoint.scope,
        ca_file: access.ca_file.as_deref(),
        tenant: None,
    };
    Ok(credentials::sign_in(access.credential, &context).await?)
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
    if !args.account.is_empty() {
        Ask::Accounts(args.account.clone())
    } else if args.all_subscriptions {
        Ask::All
    } else if !args.subscription.is_empty() {
        Ask::Subscriptions(args.subscription.clone())
    } else {
        default_subscription(environment, cloud).map_or(Ask::Nothing, |id| Ask::Subscriptions(vec![id]))
    }
}

fn words(ask: &Ask) -> Vec<String> {
    match ask {
        Ask::Subscriptions(words) => words.iter().map(|word| format!("subscription {word}")).collect(),
        Ask::All => vec!["all subscriptions".to_owned()],
        Ask::Accounts(ids) => ids.iter().map(|id| format!("account {}", id.id)).collect(),
        Ask::Nothing => Vec::new(),
    }
}
