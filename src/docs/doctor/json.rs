//! The same for programs: `zdr-check/doctor/1`.

use serde_json::{Value, json};

use super::{Findings, checks, milliseconds, rights};
use crate::azure::credentials::{Outcome, Trial};
use crate::azure::operations::row;
use crate::collect::probe::Probed;
use crate::snapshot::Unavailable;

/// Everything as JSON, indented, with a line end. `exit_code` is the program's.
pub fn json(found: &Findings, exit_code: u8) -> String {
    let all = checks::all(found).into_iter().map(|check| {
        json!({
            "check": check.name.replace(' ', "-").to_ascii_lowercase(), "status": check.status.as_str(),
            "summary": check.summary, "details": check.details, "fixes": check.fixes,
        })
    });
    let used = found.used();
    let looked = found.looked.as_ref().and_then(|looked| looked.as_ref().ok());
    let reach = found.reach.as_ref();
    let document = json!({
        "schema": "zdr-check/doctor/1",
        "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
        "at": found.at,
        "exit_code": exit_code,
        "checks": all.collect::<Vec<_>>(),
        "endpoint": {
            "url": found.endpoint,
            "reachable": reach.is_ok(),
            "status": reach.map(|reach| reach.status).ok(),
            "latency_ms": reach.map(|reach| milliseconds(reach.latency)).ok(),
            "clock_ahead_seconds": reach.ok().and_then(|reach| reach.ahead).map(|ahead| ahead.as_secs_f64()),
            "proxy": found.proxies.in_force,
        },
        "credentials": found.trials.iter().map(trial).collect::<Vec<_>>(),
        "principal": {
            "credential": used.map(|(trial, _)| trial.kind.as_str()),
            "tenant_id": found.principal.tenant_id, "object_id": found.principal.object_id, "kind": found.principal.kind,
            "token_expires_at": used.map(|(_, end)| end),
        },
        "subscriptions": looked.map(|looked| looked.probed.iter().map(subscription).collect::<Vec<_>>()),
        "actions_not_tried": looked.map(rights::untried),
    });
    format!("{document:#}\n")
}

fn trial(trial: &Trial) -> Value {
    let (outcome, reason, fix) = match &trial.outcome {
        Ok(_) => ("works", None, None),
        Err(attempt) => match &attempt.outcome {
            Outcome::NotConfigured { .. } => ("not-configured", Some(attempt.outcome.to_string()), Some(&attempt.fix)),
            Outcome::Failed { reason } => ("failed", Some(reason.clone()), Some(&attempt.fix)),
        },
    };
    json!({"kind": trial.kind.as_str(), "outcome": outcome, "reason": reason, "fix": fix})
}

fn subscription(own: &Probed) -> Value {
    let missing = |why: &Unavailable| json!({"action": row(why.operation).action, "operation": why.operation.as_str(), "scope": why.scope});
    let failed = |why: &Unavailable| json!({"operation": why.operation.as_str(), "scope": why.scope, "cause": checks::cause(why)});
    json!({
        "id": own.id, "name": own.name, "state": own.state, "accounts": own.accounts, "tried_on": own.sample,
        "missing": own.denied.iter().map(missing).collect::<Vec<_>>(),
        "failed": own.failed.iter().map(failed).collect::<Vec<_>>(),
    })
}
