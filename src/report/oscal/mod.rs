//! The OSCAL report: assessment results of version 1.2.1 (usnistgov/OSCAL, JSON schema of that release, read 2026-11-22).
//!
//! | outcome | observation | finding: objective status | risk |
//! |---|---|---|---|
//! | pass | yes | satisfied, pass | |
//! | fail | yes | not-satisfied, fail | open |
//! | unknown | yes | not-satisfied, other | open; the statement says that it could not be told |
//! | manual | yes | not-satisfied, other | |
//! | waived | yes | not-satisfied, fail or other | deviation-approved, with reason, owner and day |
//! | attested | yes, by interview | satisfied, other: a person answered, the program did not | |
//! | not-applicable | yes | none: nothing was judged | |
//!
//! A read that failed is an observation too. Every UUID is computed from the run and what it names.

mod items;
mod text;

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::ser::PrettyFormatter;
use serde_json::{Value, json};
use uuid::Uuid;

use self::text::{line, string};
use super::harmless::Harmless;
use super::{clauses, identity};
use crate::assessment::{Assessment, RuleResult};
use crate::docs;
use crate::report::table::verdict;

const VERSION: &str = "1.2.1";
/// Marks the properties that are ours.
const NAMESPACE: &str = "urn:zdr-check:oscal";

/// Writes the report.
pub(super) fn render(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { assessment, run: identity::run(assessment) };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless(PrettyFormatter::new()));
    let mut root = serializer.serialize_map(Some(1))?;
    root.serialize_entry("assessment-results", &document)?;
    root.end()?;
    out.write_all(b"\n")
}

/// What every part of the document is made from.
struct Document<'a> {
    assessment: &'a Assessment,
    run: Uuid,
}

impl Document<'_> {
    /// The identity of a part of this document.
    fn uuid(&self, parts: &[&str]) -> String {
        identity::within(&self.run, parts).to_string()
    }

    fn of_result(&self, kind: &str, result: &RuleResult) -> String {
        self.uuid(&[kind, result.rule, &result.resource_id])
    }

    fn tool(&self) -> String {
        self.uuid(&["tool"])
    }

    fn origins(&self) -> Value {
        json!([{ "actors": [{ "type": "tool", "actor-uuid": self.tool() }] }])
    }

    fn metadata(&self) -> Value {
        let run = &self.assessment.run;
        json!({
            "title": "Zero data retention of Azure OpenAI and Azure AI Foundry accounts",
            "last-modified": run.finished_at.to_string(),
            "version": run.finished_at.to_string(),
            "oscal-version": VERSION,
            "props": [property("run", &self.run.to_string()), property("source", run.source.as_str())],
        })
    }

    /// There is no assessment plan; OSCAL wants one to be named, and the resource says that there is none.
    fn plan(&self) -> Value {
        json!({
            "href": format!("#{}", self.uuid(&["plan"])),
            "remarks": "No assessment plan was imported: the resource stands in its place. The policy of the run is in the properties of the result.",
        })
    }

    fn back_matter(&self) -> Value {
        json!({ "resources": [{
            "uuid": self.uuid(&["plan"]),
            "title": "No assessment plan",
            "description": "zdr-check judges accounts by its own rules and a policy file. Put the assessment plan of your organisation here, if there is one.",
        }] })
    }
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("uuid", &self.uuid(&["document"]))?;
        map.serialize_entry("metadata", &self.metadata())?;
        map.serialize_entry("import-ap", &self.plan())?;
        map.serialize_entry("results", &[Outcome(self)])?;
        map.serialize_entry("back-matter", &self.back_matter())?;
        map.end()
    }
}

/// The one result of the document. Its long lists are written one by one; OSCAL has no empty lists.
struct Outcome<'a>(&'a Document<'a>);

impl Serialize for Outcome<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = self.0;
        let run = &document.assessment.run;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("uuid", &document.uuid(&["result"]))?;
        map.serialize_entry("title", &line(&format!("Run of zdr-check on {}", run.scopes.join(", "))))?;
        map.serialize_entry("description", &line(&verdict::sentence(document.assessment)))?;
        map.serialize_entry("start", &run.started_at)?;
        map.serialize_entry("end", &run.finished_at)?;
        map.serialize_entry("props", &facts(document.assessment))?;
        map.serialize_entry("local-definitions", &items::Definitions(document))?;
        map.serialize_entry("reviewed-controls", &reviewed(document.assessment))?;
        let lists: [(&str, Each<'_>); 3] = [
            ("observations", Each(document, items::observation, items::unreadable)),
            ("risks", Each(document, items::risk, items::none)),
            ("findings", Each(document, items::finding, items::none)),
        ];
        for (name, list) in &lists {
            if list.items().next().is_some() {
                map.serialize_entry(name, list)?;
            }
        }
        if let Some(remarks) = remarks(document.assessment) {
            map.serialize_entry("remarks", &remarks)?;
        }
        map.end()
    }
}

/// What a function makes of each result, then of each failed read.
struct Each<'a>(&'a Document<'a>, fn(&Document<'_>, &RuleResult) -> Option<Value>, fn(&Document<'_>) -> Vec<Value>);

impl Each<'_> {
    fn items(&self) -> impl Iterator<Item = Value> + '_ {
        let Self(document, of_result, more) = self;
        let results = document.assessment.results.iter().filter_map(|result| of_result(document, &result));
        results.chain(std::iter::once_with(|| more(document)).flatten())
    }
}

impl Serialize for Each<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items())
    }
}

/// A property of ours.
fn property(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": NAMESPACE, "value": string(value) })
}

fn facts(assessment: &Assessment) -> Vec<Value> {
    let (run, summary) = (&assessment.run, &assessment.summary);
    let mut all = vec![
        property("cloud", run.cloud.as_str()),
        property("source", run.source.as_str()),
        property("complete", if assessment.complete { "yes" } else { "no" }),
        property("exit-code", &assessment.exit_code.to_string()),
        property("subscriptions", &summary.subscriptions.to_string()),
        property("accounts", &summary.accounts.to_string()),
    ];
    all.extend(
        summary
            .outcomes
            .iter()
            .map(|(outcome, count)| property(&format!("count-{}", outcome.as_str()), &count.to_string())),
    );
    all.extend(super::table::policy(&run.policy).iter().map(|word| property("policy", word)));
    all.extend(run.policy.file.iter().map(|file| property("policy-sha256", &file.sha256)));
    let caller = [("tenant", &run.principal.tenant_id), ("caller", &run.principal.object_id)];
    all.extend(caller.into_iter().filter_map(|(name, id)| Some(property(name, id.as_deref()?))));
    all
}

/// The controls the rules give evidence for, and the rules as objectives.
fn reviewed(assessment: &Assessment) -> Value {
    let rules = assessment.results.rules();
    let clauses = rules.iter().flat_map(|rule| docs::clauses(rule));
    let controls: BTreeSet<String> = clauses.flat_map(|clause| clauses::nist_controls(clause)).collect();
    let selection = if controls.is_empty() {
        json!({ "include-all": {} })
    } else {
        let controls: Vec<Value> = controls.iter().map(|id| json!({ "control-id": id })).collect();
        json!({ "description": "Controls of NIST SP 800-53 the rules give evidence for.", "include-controls": controls })
    };
    let mut reviewed = json!({ "control-selections": [selection] });
    if !rules.is_empty() {
        let objectives: Vec<Value> = rules.iter().map(|rule| json!({ "objective-id": rule })).collect();
        reviewed["control-objective-selections"] =
            json!([{ "description": "Rules of zdr-check.", "include-objectives": objectives }]);
    }
    reviewed
}

/// The notes on the policy file.
fn remarks(assessment: &Assessment) -> Option<String> {
    let note = |note: &crate::assessment::Note| {
        let place = note.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        format!("- {}{place}: {}. {}", note.kind.as_str(), line(&note.message), line(&note.remediation))
    };
    let notes: Vec<String> = assessment.notes.iter().map(note).collect();
    (!notes.is_empty()).then(|| notes.join("\n"))
}
