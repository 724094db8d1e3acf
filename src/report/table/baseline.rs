//! What changed since the run that was given as the baseline.

use super::names::Names;
use super::{Page, style};
use crate::assessment::Assessment;
use crate::assessment::compare::{Change, ChangeKind};
use crate::report::diff::{heading, line, when};
use crate::term::Span;

/// Writes the section: what got worse one by one, the rest counted.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, _: &Names<'_>) {
    let Some(comparison) = &assessment.comparison else { return };
    page.heading("SINCE BASELINE", &format!("of {}", when(comparison.before)));
    let shown = |change: &&Change| change.kind.is_regression() || page.look.verbose;
    let lines: Vec<String> = comparison.changes.iter().filter(shown).map(|own| line(own, &page.look.screen)).collect();
    page.out.extend(lines);
    let counts: Vec<String> = ChangeKind::ALL
        .into_iter()
        .map(|kind| (comparison.count(kind), heading(kind).to_lowercase()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, title)| format!("{number} {title}"))
        .collect();
    let counts = if counts.is_empty() { "nothing changed".to_owned() } else { counts.join(", ") };
    page.indented(2, &[Span::styled(counts, style::BOLD)]);
    if !comparison.same_policy {
        page.indented(2, &[Span::plain("the policies differ, which by itself can change results")]);
    }
}
