//! What is wrong with a policy file: where, which key, why, and how to mend it.

use std::ops::Range;
use std::path::PathBuf;

/// A policy file that is not used, with every reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The file.
    pub file: PathBuf,
    /// The reasons, in the order of the file; never empty.
    pub problems: Vec<Problem>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line, counted from 1; 0 when it is about the file as a whole.
    pub line: usize,
    /// The key with the tables around it (`waiver.expires`); empty when it is about the file as a whole.
    pub key: String,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to write instead, one sentence.
    pub fix: String,
}

impl Problem {
    /// About the file as a whole.
    pub(super) fn of_file(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { line: 0, key: String::new(), message: message.into(), fix: fix.into() }
    }

    /// About what stands at `span` of `text`.
    pub(super) fn at(text: &str, span: &Range<usize>, message: impl Into<String>, fix: impl Into<String>) -> Self {
        let (line, key) = locate(text, span.start);
        Self { line, key, message: message.into(), fix: fix.into() }
    }

    /// The same, about a key that stands or should stand in the table at that place.
    pub(super) fn within(mut self, key: &str) -> Self {
        self.key = if self.key.is_empty() { key.to_owned() } else { format!("{}.{key}", self.key) };
        self
    }
}

/// What the parser or serde complains about.
pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let words: Vec<&str> = error.message().split('`').skip(1).step_by(2).collect();
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let fix = match words.as_slice() {
        [unknown, known @ ..] if message.starts_with("unknown field") => match nearest(unknown, known) {
            Some(word) => format!("Did you mean {word}?"),
            None => format!("Keys here: {}.", known.join(", ")),
        },
        _ if message.contains("duplicate key") => "Keep one of the two and put everything into it.".to_owned(),
        _ => "`zdr-check init` writes a file that shows every key with its form.".to_owned(),
    };
    Problem::at(text, &span, message, fix)
}

/// The known word that is most like `word`, if one is like it at all.
pub(super) fn nearest<S: AsRef<str>>(word: &str, known: &[S]) -> Option<String> {
    let word = word.to_lowercase();
    let alike = known.iter().map(|own| (strsim::jaro_winkler(&word, own.as_ref()), own.as_ref()));
    let best = alike.filter(|(likeness, _)| *likeness > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, own)| own.to_owned())
}

/// Line (from 1) and dotted key of what stands at `offset`.
///
/// Read from the text rather than from the parser, so that syntax errors have a place too.
pub(super) fn locate(text: &str, offset: usize) -> (usize, String) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let upward = || lines.iter().take(line + 1).rev();
    let header = |line: &str| line.starts_with('[') && !line.trim_start_matches('[').starts_with(['"', '\'', ']']);
    let key = upward().take_while(|line| !header(line)).find_map(|line| key_of(line));
    let table = upward().find(|line| header(line)).map(|line| {
        let name = line.trim_start_matches('[');
        name.split(']').next().unwrap_or(name).trim()
    });
    let parts: Vec<&str> = table.into_iter().chain(key).collect();
    (line + 1, parts.join("."))
}

/// The key of a `key = value` line.
fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'');
    (!key.is_empty() && key.chars().all(plain)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_line_and_a_key() {
        let text = "pin = \"x\"\n\n[[waiver]]\nrule = \"a\"\nscope = [\n  \"q\",\n]\n[rules.a-b]\nenabled = 1\n";
        let at = |needle: &str| locate(text, text.find(needle).unwrap());
        assert_eq!(at("\"x\""), (1, "pin".to_owned()));
        assert_eq!(at("[[waiver"), (3, "waiver".to_owned()));
        assert_eq!(at("\"a\""), (4, "waiver.rule".to_owned()));
        assert_eq!(at("\"q\""), (6, "waiver.scope".to_owned()));
        assert_eq!(at("1\n"), (9, "rules.a-b.enabled".to_owned()));
        assert_eq!(locate("", 7), (1, String::new()));
    }

    #[test]
    fn the_nearest_word_is_suggested_when_it_is_near() {
        let known = ["critical", "high", "medium"];
        assert_eq!(nearest("Hihg", &known).as_deref(), Some("high"));
        assert_eq!(nearest("zzz", &known), None);
    }
}
