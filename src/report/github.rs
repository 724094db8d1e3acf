//! Workflow commands of GitHub Actions: annotations, and a folded list of every result in the log.
//!
//! Escaping is that of the toolkit (`command.ts` of `@actions/core`, as known on 2026-11-22). The runner takes a line for a
//! command when it starts with `::`, or in the older form when `##[` stands anywhere in it.

use std::io::{self, Write};

use super::annotations::{Level, annotations, list, verdict};
use super::{Look, fingerprint};
use crate::assessment::Assessment;
use crate::term::sanitise;

/// Writes the log lines.
pub(super) fn render(assessment: &Assessment, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    for annotation in annotations(assessment) {
        let place = annotation.file.as_ref();
        let file = property(&sanitise(place.map_or(fingerprint::file(assessment), |(path, _)| path)));
        let column = place.map(|(_, column)| format!(",col={column}")).unwrap_or_default();
        let command = match annotation.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        };
        let title = property(&sanitise(&annotation.title));
        let text: Vec<String> = annotation.text.iter().map(|line| sanitise(line).into_owned()).collect();
        let (line, text) = (annotation.line, data(&text.join("\n")));
        writeln!(out, "::{command} file={file},line={line}{column},title={title}::{text}")?;
    }
    list(assessment, look, ("::group::", "::endgroup::"), out)?;
    writeln!(out, "{}", verdict(assessment))
}

/// A text after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_a_command_or_start_one() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
