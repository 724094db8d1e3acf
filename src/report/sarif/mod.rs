//! SARIF 2.1.0 (OASIS, 2020-03-27, with Errata 01 of 2023-08-28), for code scanning.
//!
//! GitHub shows every entry of `results` as an alert, whatever its `kind`
//! ([PSRule#955](https://github.com/microsoft/PSRule/issues/955), 2022-02-04). So what passes or has no meaning stands in
//! `run.properties.otherResults` instead, and in `results` with `--show-pass`.

mod results;
mod rules;
mod run;

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Look, harmless};
use crate::assessment::{Assessment, RuleResult};
use crate::outcome::Outcome;

/// Rule of the one result about everything that could not be read.
const SCOPE_UNREAD: &str = "scope-unread";

/// Writes the log.
pub(super) fn render(assessment: &Assessment, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    harmless::write(&Log::new(assessment, look.show_pass), out)
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun<'a> {
    tool: Value,
    invocations: [Value; 1],
    automation_details: Value,
    column_kind: &'static str,
    results: Results<'a>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    #[serde(flatten)]
    facts: Map<String, Value>,
    other_results: Others<'a>,
}

impl<'a> Log<'a> {
    fn new(assessment: &'a Assessment, show_pass: bool) -> Self {
        let results = Results { assessment, show_pass };
        let run = SarifRun {
            tool: rules::tool(),
            invocations: [run::invocation(assessment, results.shown().count())],
            automation_details: run::automation(),
            column_kind: "utf16CodeUnits",
            properties: Properties {
                facts: run::facts(assessment),
                other_results: Others(Results { assessment, show_pass }),
            },
            results,
        };
        let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
        Self { schema, version: "2.1.0", runs: [run] }
    }
}

/// The results, converted one by one while they are written.
struct Results<'a> {
    assessment: &'a Assessment,
    show_pass: bool,
}

impl<'a> Results<'a> {
    fn is_shown(&self, result: &RuleResult) -> bool {
        match result.outcome {
            Outcome::Pass | Outcome::NotApplicable => self.show_pass,
            Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Waived | Outcome::Attested => true,
        }
    }

    fn shown(&self) -> impl Iterator<Item = Cow<'a, RuleResult>> {
        self.assessment.results.iter().filter(|result| self.is_shown(result))
    }
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let file = results::File::of(self.assessment);
        let unread = results::unread(self.assessment, &file);
        serializer.collect_seq(self.shown().map(|result| results::result(&result, &file)).chain(unread))
    }
}

/// The results that are nothing to mend, unless they are among the others.
struct Others<'a>(Results<'a>);

impl Serialize for Others<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rest = self.0.assessment.results.iter().filter(|result| !self.0.is_shown(result));
        serializer.collect_seq(rest.map(|result| results::other(&result)))
    }
}
