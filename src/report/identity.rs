//! Names for runs and results that other systems keep: computed from what they name, so that the same assessment always gives
//! the same bytes and a result keeps its name from run to run.

use uuid::Uuid;

use crate::assessment::{Assessment, RuleResult};

/// The identity of a run: its version, time, scope, caller, cloud and policy.
pub(super) fn run(assessment: &Assessment) -> Uuid {
    let run = &assessment.run;
    let (started, finished) = (run.started_at.to_string(), run.finished_at.to_string());
    let policy = super::table::policy(&run.policy);
    let file = run.policy.file.as_ref().map_or("", |file| file.sha256.as_str());
    let mut parts =
        vec!["run", env!("CARGO_PKG_VERSION"), &started, &finished, run.source.as_str(), run.cloud.as_str()];
    let caller = [&run.principal.tenant_id, &run.principal.object_id, &run.principal.kind];
    parts.extend(caller.map(|part| part.as_deref().unwrap_or_default()));
    parts.extend(run.scopes.iter().map(String::as_str));
    parts.push(file);
    parts.extend(policy.iter().map(String::as_str));
    of(&namespace(), &parts)
}

/// The identity of what a rule says about a resource: the same in every run. ARM ids have no case.
pub(super) fn result(result: &RuleResult) -> Uuid {
    of(&namespace(), &["result", result.rule, &result.resource_id.to_ascii_lowercase()])
}

/// The identity of something inside a run.
pub(super) fn within(run: &Uuid, parts: &[&str]) -> Uuid {
    of(run, parts)
}

fn namespace() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, b"zdr-check")
}

/// Each part ends in a byte that no UTF-8 text has, so that two lists are the same only part by part.
fn of(namespace: &Uuid, parts: &[&str]) -> Uuid {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(part.as_bytes());
        bytes.push(0xff);
    }
    Uuid::new_v5(namespace, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let run = namespace();
        assert_ne!(within(&run, &["a", "bc"]), within(&run, &["ab", "c"]));
        assert_ne!(within(&run, &["a", ""]), within(&run, &["a"]));
        assert_eq!(within(&run, &["a"]), within(&run, &["a"]));
    }
}
