//! Text in the types of OSCAL: a string has no blank at its ends, a line is Markdown.

use crate::report::markdown;
use crate::term::sanitise;

/// A `string`: one line, nothing blank at its ends, never empty.
pub(super) fn string(text: &str) -> String {
    let text = sanitise(text);
    let text = text.trim();
    if text.is_empty() { "none".to_owned() } else { text.to_owned() }
}

/// A `markup-line`: text that nobody may take for Markdown.
pub(super) fn line(text: &str) -> String {
    markdown::escape(&string(text))
}
