//! From what was found to one judgement per check.

use jiff::{SignedDuration, SignedDurationRound, Unit};

use super::rights::{lacking, untried};
use super::{Blind, Check, Findings, Status, milliseconds};
use crate::azure::credentials::{Attempt, Kind, Outcome, Trial};
use crate::snapshot::{Cause, Operation, Unavailable};

/// A clock that is off by more gets a notice. Entra ID itself allows five minutes (general knowledge).
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// A token that ends sooner gets a notice; long scans renew theirs.
const SHORT: SignedDuration = SignedDuration::from_mins(5);

/// Every check, in the order a scan would meet them.
pub(super) fn all(found: &Findings) -> Vec<Check> {
    vec![
        policy(found),
        proxy(found),
        tls(found),
        endpoint(found),
        clock(found),
        sign_in(found),
        token(found),
        subscriptions(found),
        provider(found),
        rights(found),
    ]
}

fn check(name: &'static str, status: Status, summary: impl Into<String>) -> Check {
    Check { name, status, summary: summary.into(), details: Vec::new(), fixes: Vec::new() }
}

fn policy(found: &Findings) -> Check {
    match &found.policy {
        None => check("policy file", Status::Ok, "none found; the defaults and flags hold"),
        Some((path, problems)) if problems.is_empty() => {
            check("policy file", Status::Ok, format!("{path} is valid; mistakes in its use show in a scan only"))
        }
        Some((path, problems)) => Check {
            details: problems.clone(),
            fixes: vec!["mend the file, or scan with --no-config".to_owned()],
            ..check("policy file", Status::Broken, format!("{path} cannot be used"))
        },
    }
}

fn proxy(found: &Findings) -> Check {
    let variables = &found.proxies.variables;
    let details = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let summary = match &found.proxies.in_force {
        Some(proxy) => format!("requests to Azure go through {proxy}"),
        None if variables.is_empty() => "none in force".to_owned(),
        None => "none in force for this endpoint".to_owned(),
    };
    Check { details, ..check("proxy", Status::Ok, summary) }
}

fn tls(found: &Findings) -> Check {
    let roots = &found.roots;
    if !roots.tls {
        return check("TLS", Status::Notice, "plain http, which is possible to this machine only");
    }
    let mut summary = match &roots.variable {
        None => "trusts the certificates of this system".to_owned(),
        Some((name, value, _)) => format!("trusts the certificates of {name}={value}"),
    };
    if let Some(file) = &roots.ca_file {
        summary = format!("{summary}, and those of --ca-file {file}");
    }
    match &roots.variable {
        Some((name, _, false)) => Check {
            details: vec!["nothing is there".to_owned()],
            fixes: vec![format!("let {name} name a PEM file, or unset it")],
            ..check("TLS", Status::Notice, summary)
        },
        Some(_) | None => check("TLS", Status::Ok, summary),
    }
}

fn endpoint(found: &Findings) -> Check {
    let url = found.endpoint.trim_end_matches('/');
    match &found.reach {
        Err(why) => Check {
            details: vec![why.clone()],
            fixes: vec![
                "check the network, HTTPS_PROXY and NO_PROXY, --arm-endpoint and --cloud; behind a proxy that opens TLS, \
                 --ca-file"
                    .to_owned(),
            ],
            ..check("endpoint", Status::Broken, format!("{url} cannot be reached"))
        },
        Ok(reach) => {
            let summary =
                format!("{url} answered in {} ms over {}", milliseconds(reach.latency), reach.version);
            if reach.status == 401 {
                return check("endpoint", Status::Ok, summary);
            }
            Check {
                details: vec![format!("without a token it answers with status {} instead of 401", reach.status)],
                fixes: vec!["a sign-in page, a proxy or another service may be answering".to_owned()],
                ..check("endpoint", Status::Notice, summary)
            }
        }
    }
}

fn clock(found: &Findings) -> Check {
    let ahead = found.reach.as_ref().ok().and_then(|reach| reach.ahead);
    let Some(ahead) = ahead else {
        return check("clock", Status::Skipped, "no answer with a Date header to compare with");
    };
    let side = if ahead.is_negative() { "behind" } else { "ahead of" };
    if ahead.abs() <= SignedDuration::from_secs(1) {
        return check("clock", Status::Ok, "agrees with Azure's to the second");
    }
    let summary = format!("{} {side} Azure's", words(ahead.abs()));
    if ahead.abs() <= SKEW {
        return check("clock", Status::Ok, summary);
    }
    Check {
        fixes: vec![
            "set the clock: tokens are refused when it is off by some minutes, and waivers end by it".to_owned(),
        ],
        ..check("clock", Status::Notice, summary)
    }
}

fn sign_in(found: &Findings) -> Check {
    let outcome = |trial: &Trial| match &trial.outcome {
        Ok(_) => format!("{}: works", trial.kind.as_str()),
        Err(attempt) => format!("{}: {}", trial.kind.as_str(), attempt.outcome),
    };
    let details = found.trials.iter().map(outcome).collect();
    if let Some((used, _)) = found.used() {
        let summary = format!("a scan uses {} ({})", used.kind.label(), used.kind.as_str());
        return Check { details, ..check("sign-in", Status::Ok, summary) };
    }
    let attempts: Vec<&Attempt> = found.trials.iter().filter_map(|trial| trial.outcome.as_ref().err()).collect();
    let fix = |attempt: &Attempt| format!("{}: {}", attempt.kind.as_str(), attempt.fix);
    Check {
        details,
        fixes: nearest(&attempts).into_iter().map(fix).collect(),
        ..check("sign-in", Status::Broken, "no credential gives a token")
    }
}

/// What is set up and fails is nearer to the cure than what is not set up, and a person's own sign-in is always near. That a
/// laptop is no virtual machine is not worth mending.
fn nearest<'a>(attempts: &[&'a Attempt]) -> Vec<&'a Attempt> {
    if let [one] = attempts {
        return vec![one];
    }
    let near = |attempt: &&&Attempt| match attempt.kind {
        Kind::AzureCli => true,
        Kind::ManagedIdentity => false,
        Kind::WorkloadIdentity
        | Kind::ClientSecret
        | Kind::ClientCertificate
        | Kind::AzurePipelines
        | Kind::GitHubOidc
        | Kind::AzureDeveloperCli => matches!(attempt.outcome, Outcome::Failed { .. }),
    };
    attempts.iter().filter(near).copied().collect()
}

fn token(found: &Findings) -> Check {
    let Some((_, expires_at)) = found.used() else { return check("token", Status::Skipped, "there is none") };
    let left = expires_at.duration_since(found.at);
    let principal = &found.principal;
    let known = |label: &str, value: &Option<String>| value.as_ref().map(|value| format!("{label} {value}"));
    let details = [
        known("tenant", &principal.tenant_id),
        known("object id", &principal.object_id),
        known("kind", &principal.kind),
    ];
    Check {
        details: details.into_iter().flatten().collect(),
        ..check(
            "token",
            if left < SHORT { Status::Notice } else { Status::Ok },
            format!("valid for {}; a scan renews it", words(left)),
        )
    }
}

fn subscriptions(found: &Findings) -> Check {
    let name = "subscriptions";
    match &found.looked {
        None => check(name, Status::Skipped, "nobody could ask"),
        Some(Err(Blind::NothingVisible)) => Check {
            fixes: vec![
                "assign the role Reader, or the one of `zdr-check permissions`, on the subscriptions to audit; or sign in \
                 to the tenant that holds them"
                    .to_owned(),
            ],
            ..check(name, Status::Broken, "this sign-in sees none")
        },
        Some(Err(Blind::Unreadable(why))) => {
            Check { details: vec![cause(why)], ..check(name, Status::Broken, "the list cannot be read") }
        }
        Some(Ok(looked)) => {
            let details = looked.probed.iter().map(|own| {
                let accounts = match own.accounts {
                    None => "accounts cannot be listed".to_owned(),
                    Some(1) => "1 account".to_owned(),
                    Some(count) => format!("{count} accounts"),
                };
                let state = own.state.as_deref().filter(|state| *state != "Enabled");
                let state = state.map(|state| format!(", {state}")).unwrap_or_default();
                format!("{} ({}): {accounts}{state}", own.name.as_deref().unwrap_or("unnamed"), own.id)
            });
            let seen = looked.probed.len();
            let more = looked.subscriptions - seen;
            let summary = match more {
                0 => format!("{seen} looked at"),
                _ => format!("{} in question, {seen} looked at; --subscription names others", looked.subscriptions),
            };
            Check { details: details.collect(), ..check(name, Status::Ok, summary) }
        }
    }
}

fn provider(found: &Findings) -> Check {
    let name = "provider";
    let Some(Ok(looked)) = &found.looked else { return check(name, Status::Skipped, "nobody could ask") };
    let missing = looked.probed.iter().filter(|own| {
        own.failed
            .iter()
            .any(|why| why.cause == Cause::ProviderNotRegistered && why.operation.as_str() == "accounts.list")
    });
    let details: Vec<String> = missing.map(|own| format!("not registered in {}", own.id)).collect();
    if details.is_empty() {
        return check(name, Status::Ok, "Microsoft.CognitiveServices answers; none says it is not registered");
    }
    Check {
        details,
        fixes: vec![
            "a subscription without the provider has no accounts; leave it out, or run `az provider register --namespace \
             Microsoft.CognitiveServices`"
                .to_owned(),
        ],
        ..check(name, Status::Lacking, "Microsoft.CognitiveServices is not registered everywhere")
    }
}

/// Said once, by the check of the provider.
pub(super) fn is_unregistered(why: &Unavailable) -> bool {
    let listed = matches!(why.operation, Operation::AccountsList | Operation::DeletedAccountsList);
    listed && why.cause == Cause::ProviderNotRegistered
}

fn rights(found: &Findings) -> Check {
    let name = "rights";
    let Some(Ok(looked)) = &found.looked else { return check(name, Status::Skipped, "nobody could ask") };
    let blind = looked.probed.iter().all(|own| own.accounts.is_none());
    let denied: usize = looked.probed.iter().map(|own| own.denied.len()).sum();
    let failed = looked.probed.iter().flat_map(|own| &own.failed).filter(|why| !is_unregistered(why)).count();
    let untried = untried(looked).len();
    let mut summary = match denied {
        0 => "no read was refused".to_owned(),
        1 => "1 read was refused".to_owned(),
        _ => format!("{denied} reads were refused"),
    };
    if failed > 0 {
        summary = format!("{summary}, {failed} failed for another reason");
    }
    if untried > 0 {
        summary = format!("{summary}; {untried} actions had nothing to be tried on");
    }
    let status = match (blind, denied + failed) {
        (true, _) => Status::Broken,
        (false, 0) => Status::Ok,
        (false, _) => Status::Lacking,
    };
    let fixes = if denied > 0 { vec![grant(found)] } else { Vec::new() };
    Check { details: lacking(looked), fixes, ..check(name, status, summary) }
}

/// The command that prints the commands which grant what is missing.
fn grant(found: &Findings) -> String {
    let Some(Ok(looked)) = &found.looked else { return String::new() };
    let refused = looked.probed.iter().filter(|own| !own.denied.is_empty());
    let scopes: Vec<String> = refused.map(|own| format!("--subscription {}", own.id)).collect();
    let command = format!("zdr-check permissions --format az {}", scopes.join(" "));
    format!("assign Reader there, or a role of exactly these actions: `{command}`")
}

/// Why a read failed, in words.
pub(super) fn cause(why: &Unavailable) -> String {
    let word = match &why.cause {
        Cause::Forbidden { action } => return format!("{action} is missing"),
        Cause::NotFound => "not found",
        Cause::NetworkDenied => "the network of the account refuses",
        Cause::KeyOnly => "it takes keys only",
        Cause::Throttled => "throttled",
        Cause::Timeout => "no answer in time",
        Cause::Transport => "no connection",
        Cause::ServerError { .. } => "server error",
        Cause::ProviderNotRegistered => "its provider is not registered",
        Cause::UnexpectedShape { .. } => "an answer of another shape",
        Cause::NotInApiVersion => "not in any known api-version",
        Cause::NotCollected => "not asked",
        Cause::NotKnownAtPlan => "not known before deployment",
    };
    match &why.detail {
        Some(detail) => format!("{} failed: {word} ({detail})", why.operation),
        None => format!("{} failed: {word}", why.operation),
    }
}

/// A duration as people say it: two units at most.
fn words(duration: SignedDuration) -> String {
    let unit = if duration < SignedDuration::from_hours(1) { Unit::Second } else { Unit::Minute };
    let rounded = duration.round(SignedDurationRound::new().smallest(unit)).unwrap_or(duration);
    format!("{rounded:#}")
}
