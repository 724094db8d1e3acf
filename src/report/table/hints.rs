//! What to do next, for whoever just read what is wrong.

use super::names::Names;
use super::{Page, remedy, style};
use crate::assessment::Assessment;
use crate::term::Span;

/// Writes the section.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, _: &Names<'_>) {
    if assessment.hints.is_empty() {
        return;
    }
    page.heading("NEXT", "what would help most; changes nothing above");
    for (at, hint) in assessment.hints.iter().enumerate() {
        let message = page.clean(&hint.message);
        page.marked(&Span::styled(format!("  {}. ", at + 1), style::BOLD), &[Span::plain(message)]);
        remedy::lay(page, "     ", &hint.fix);
    }
}
