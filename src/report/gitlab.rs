//! GitLab's code quality report: a JSON array of issues, shown in merge requests
//! (<https://docs.gitlab.com/ci/testing/code_quality/>, undated page, as known on 2026-11-22).
//!
//! Every entry is something to mend there, so what passes or has no meaning is left out unless it is asked for.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{Look, fingerprint, harmless};
use crate::assessment::{Assessment, Overlay, RuleResult};
use crate::outcome::{Outcome, Severity};
use crate::term::sanitise;

/// Writes the report.
pub(super) fn render(assessment: &Assessment, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let path = fingerprint::file(assessment);
    harmless::write(&Issues { assessment, path, show_pass: look.show_pass }, out)
}

/// The issues, converted one by one while they are written.
struct Issues<'a> {
    assessment: &'a Assessment,
    path: &'a str,
    show_pass: bool,
}

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = |result: &Cow<'_, RuleResult>| match result.outcome {
            Outcome::Pass | Outcome::NotApplicable => self.show_pass,
            Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Waived | Outcome::Attested => true,
        };
        let issues = self.assessment.results.iter().filter(shown).map(|result| issue(&result, self.path));
        serializer.collect_seq(issues.chain(unread(self.assessment, self.path)))
    }
}

fn issue(result: &RuleResult, path: &str) -> Value {
    let place = result.location.as_ref().map_or((path, 1), |own| (own.path.as_str(), own.line));
    json!({
        "type": "issue",
        "check_name": result.rule,
        "description": description(result),
        "categories": ["Security"],
        "severity": severity(result),
        "fingerprint": fingerprint::of(result),
        "location": { "path": place.0, "lines": { "begin": place.1 } },
        "content": { "body": result.remediation.as_deref().unwrap_or_default() },
        "outcome": result.outcome.as_str(),
        "resource": result.resource_id,
    })
}

/// `fail: what is wrong (/subscriptions/…)`: the description is all that a merge request shows.
fn description(result: &RuleResult) -> String {
    let until = match &result.overlay {
        Some(Overlay::Waiver(waiver)) => format!(" until {} by {}", waiver.expires, waiver.owner),
        Some(Overlay::Attestation(attestation)) => format!(" until {} by {}", attestation.expires, attestation.by),
        None => String::new(),
    };
    let text = format!("{}{until}: {} ({})", result.outcome.as_str(), result.message, result.resource_id);
    sanitise(&text).into_owned()
}

/// A failure counts as its severity says. Unknown is no pass and counts alike; what a person must or did answer is information.
fn severity(result: &RuleResult) -> &'static str {
    match result.outcome {
        Outcome::Fail | Outcome::Unknown => match result.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Info => "info",
        },
        Outcome::Manual | Outcome::Waived | Outcome::Attested | Outcome::Pass | Outcome::NotApplicable => "info",
    }
}

/// One entry for all that could not be read: accounts in such a place have no results of their own.
fn unread(assessment: &Assessment, path: &str) -> Option<Value> {
    let reads = assessment.coverage.unreadable.len();
    let description = format!("unknown: {reads} reads failed; what they would have shown was not judged");
    (reads > 0).then(|| {
        json!({
            "type": "issue",
            "check_name": "scope-unread",
            "description": description,
            "categories": ["Security"],
            "severity": if assessment.complete { "minor" } else { "blocker" },
            "fingerprint": "scope-unread",
            "location": { "path": path, "lines": { "begin": 1 } },
        })
    })
}
