//! Logging commands of Azure Pipelines: issues, a folded list of every result in the log, and how the task ended.
//!
//! Escaping is that of the task library (`taskcommand.ts` of `azure-pipelines-task-lib`, as known on 2026-11-22). The agent takes
//! a line for a command when `##vso[` or `##[` stands anywhere in it.

use std::io::{self, Write};

use super::annotations::{Level, annotations, list, plain, verdict};
use super::{Look, fingerprint};
use crate::assessment::Assessment;
use crate::outcome::Outcome;
use crate::term::sanitise;

/// Writes the log lines.
pub(super) fn render(assessment: &Assessment, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    for annotation in annotations(assessment) {
        let place = annotation.file.as_ref();
        let file = property(&sanitise(place.map_or(fingerprint::file(assessment), |(path, _)| path)));
        let column = place.map(|(_, column)| format!("columnnumber={column};")).unwrap_or_default();
        let kind = match annotation.level {
            Level::Error => "error",
            Level::Warning => "warning",
            // There is no such issue; the list below holds it.
            Level::Notice => continue,
        };
        let lines = std::iter::once(&annotation.title).chain(&annotation.text);
        let text: Vec<String> = lines.map(|line| sanitise(line).into_owned()).collect();
        let (code, line, text) = (property(&annotation.code), annotation.line, data(&text.join("\n")));
        writeln!(
            out,
            "##vso[task.logissue type={kind};sourcepath={file};linenumber={line};{column}code={code};]{text}"
        )?;
    }
    list(assessment, look, ("##[group]", "##[endgroup]"), out)?;
    writeln!(out, "##vso[task.complete result={};]{}", result(assessment), data(&verdict(assessment)))
}

/// How the task ended, in step with the exit code.
fn result(assessment: &Assessment) -> &'static str {
    let open = assessment.summary.count(Outcome::Fail) + assessment.summary.count(Outcome::Unknown);
    match (assessment.exit_code, open) {
        (0, 0) if assessment.complete => "Succeeded",
        (0, _) => "SucceededWithIssues",
        _ => "Failed",
    }
}

/// A text after the `]`.
fn data(text: &str) -> String {
    plain(&text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// A value before it.
fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_a_command_or_start_one() {
        assert_eq!(data("100%\r\nx"), "100%AZP25%0D%0Ax");
        assert_eq!(property("a;b]c%\n"), "a%3Bb%5Dc%AZP25%0A");
        assert!(!data("x ###vso[task.setvariable variable=a]b").contains("##"));
    }
}
