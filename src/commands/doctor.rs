//! `zdr-check doctor`: asks everything a scan needs, one thing after the other, and shows what was found.

use std::path::PathBuf;
use std::time::Duration;

use super::failure::Failure;
use super::live;
use super::show::Console;
use crate::azure::arm::{Arm, proxies, reach, roots};
use crate::azure::credentials::{self, Trial};
use crate::azure::http::HttpError;
use crate::cli::{DoctorArgs, DoctorFormatArg, FILE_NAME};
use crate::collect::probe::{self, Looked};
use crate::collect::scope::{Ask, ScopeError};
use crate::config::{Config, find};
use crate::docs::{self, Blind, Findings, Health};
use crate::gate::Exit;
use crate::rules;
use crate::snapshot::{Asked, Principal};

/// Subscriptions that are looked at when none is named.
const MOST: usize = 20;

/// Looks, and prints what was found.
///
/// # Errors
/// [`Failure`] for bad flags only; everything else is a finding.
pub(super) async fn run(args: DoctorArgs, console: &Console) -> Result<Exit, Failure> {
    let endpoint = live::endpoint(&args.access)?;
    let environment = live::environment(&args.access);
    let ca_file = args.access.ca_file.as_deref();
    let limit = Duration::from_secs(args.access.request_timeout.into());
    let progress = console.progress();
    progress.phase("looking");
    let answer = match reach(&endpoint, ca_file, limit).await {
        Ok(answer) => answer,
        // The machine's fault, which is what this command is for; a bad --ca-file is the caller's.
        Err(error @ HttpError::Build(_)) => Err(error.to_string()),
        Err(error @ (HttpError::ReadCa(..) | HttpError::ParseCa(..))) => return Err(error.into()),
    };
    let context = live::context(&args.access, &environment, &endpoint);
    let trials = credentials::try_each(args.access.credential, &context).await;
    let (principal, looked) = match first(&trials).filter(|_| answer.is_ok()) {
        None => (Principal::default(), None),
        Some(credential) => {
            let arm = Arm::new(live::settings(&args.access, &endpoint), credential)?;
            let looked = look(&arm, args.subscription, endpoint.arm.as_str()).await?;
            (arm.principal(), Some(looked))
        }
    };
    progress.finish();
    let found = Findings {
        at: super::clock::now(),
        policy: policy(args.config),
        proxies: proxies(&endpoint.arm, &environment),
        roots: roots(&endpoint.arm, &environment, ca_file),
        endpoint: endpoint.arm.to_string(),
        reach: answer,
        trials,
        principal,
        looked,
    };
    let exit = match found.health() {
        Health::Sound => Exit::Clean,
        Health::Lacking => Exit::Incomplete,
        Health::NoScan => Exit::NotAudited,
    };
    let text = match args.format {
        DoctorFormatArg::Table => docs::doctor(&found, &console.screen(), console.is_quiet()),
        DoctorFormatArg::Json => docs::doctor_json(&found, exit.code()),
    };
    Console::print(|out| out.write_all(text.as_bytes()))?;
    Ok(exit)
}

fn first(trials: &[Trial]) -> Option<std::sync::Arc<credentials::Cached>> {
    trials.iter().find_map(|trial| Some(trial.outcome.as_ref().ok()?.credential.clone()))
}

/// A subscription that is named and not there is a bad value; whatever else is wrong is a finding.
async fn look(arm: &Arm, named: Vec<String>, endpoint: &str) -> Result<Result<Looked, Blind>, Failure> {
    let (ask, most) = if named.is_empty() { (Ask::All, MOST) } else { (Ask::Subscriptions(named), usize::MAX) };
    match probe::look(arm, ask, &Asked::default().of(&rules::needs(|_| true)), most).await {
        Ok(looked) => Ok(Ok(looked)),
        Err(ScopeError::NothingVisible) => Ok(Err(Blind::NothingVisible)),
        Err(ScopeError::Unreadable(why)) => Ok(Err(Blind::Unreadable(why))),
        Err(
            error @ (ScopeError::NotFound { .. }
            | ScopeError::Ambiguous { .. }
            | ScopeError::NotGiven { .. }
            | ScopeError::GroupNotFound { .. }
            | ScopeError::GroupEmpty { .. }
            | ScopeError::AllExcluded { .. }),
        ) => Err(Failure::scope(error, endpoint)),
    }
}

/// The policy file a scan would read here, and what is wrong with it.
fn policy(named: Option<PathBuf>) -> Option<(String, Vec<String>)> {
    let found = || std::env::current_dir().ok().and_then(|folder| find(&folder, FILE_NAME));
    let path = named.or_else(found)?;
    let problems = match Config::load(&path) {
        Ok(_) => Vec::new(),
        Err(rejected) => {
            let Failure { message, help, .. } = Failure::policy(&rejected);
            std::iter::once(message).chain(help).collect()
        }
    };
    Some((path.display().to_string(), problems))
}
