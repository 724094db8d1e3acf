//! The run itself in the JSON report.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::reach::{JsonPrincipal, principal};
use super::shape::JsonFile;
use crate::assessment::{PolicySource, PolicySummary, Run};
use crate::snapshot::{Interruption, Principal};

#[derive(Serialize)]
pub(super) struct JsonRun<'a> {
    started_at: Timestamp,
    resumed_at: Option<Timestamp>,
    finished_at: Timestamp,
    interrupted: Option<&'static str>,
    as_of: Date,
    source: &'static str,
    cloud: &'static str,
    scopes: &'a [String],
    principal: JsonPrincipal<'a>,
    further_principals: Vec<JsonPrincipal<'a>>,
    policy: JsonPolicy<'a>,
}

#[derive(Serialize)]
struct JsonPolicy<'a> {
    pin: &'a str,
    fail_on: &'static str,
    profile: &'static str,
    allow_locations: &'a [String],
    allow_incomplete: bool,
    regressions_only: bool,
    file: Option<JsonFile<'a>>,
    terms_lock: Option<JsonFile<'a>>,
    scopes: Vec<JsonScope<'a>>,
}

#[derive(Serialize)]
struct JsonScope<'a> {
    name: &'a str,
    pin: &'a str,
    allow_locations: &'a [String],
    accounts: usize,
}

pub(super) fn run<'a>(run: &'a Run, further: &'a [Principal]) -> JsonRun<'a> {
    JsonRun {
        started_at: run.started_at,
        resumed_at: run.resumed_at,
        finished_at: run.finished_at,
        interrupted: run.interrupted.map(Interruption::as_str),
        as_of: run.as_of,
        source: run.source.as_str(),
        cloud: run.cloud.as_str(),
        scopes: &run.scopes,
        principal: principal(&run.principal),
        further_principals: further.iter().map(principal).collect(),
        policy: policy(&run.policy),
    }
}

fn file(own: &PolicySource) -> JsonFile<'_> {
    JsonFile { path: &own.path, sha256: &own.sha256 }
}

fn policy(policy: &PolicySummary) -> JsonPolicy<'_> {
    let scopes = policy.scopes.iter().map(|scope| JsonScope {
        name: &scope.name,
        pin: &scope.pin,
        allow_locations: &scope.allow_locations,
        accounts: scope.accounts,
    });
    JsonPolicy {
        pin: &policy.pin,
        fail_on: policy.fail_on.as_str(),
        profile: policy.profile.as_str(),
        allow_locations: &policy.allow_locations,
        allow_incomplete: policy.allow_incomplete,
        regressions_only: policy.regressions_only,
        file: policy.file.as_ref().map(file),
        terms_lock: policy.terms_lock.as_ref().map(file),
        scopes: scopes.collect(),
    }
}
