//! One line of a text that came from elsewhere: short, printable, and without what looks like a secret. The one place for it.

/// Longest line, in characters.
pub(super) const LONGEST: usize = 300;

/// A JSON Web Token starts like this, because JSON starts with `{"`.
const TOKEN: &str = "eyJ";

/// Shorter runs that start like a token are words.
const SHORTEST_TOKEN: usize = 16;

/// `text` as one line of at most [`LONGEST`] characters, with every one of `secrets` and every unbroken run of more than
/// `longest_word` token characters blanked. ARM ids survive: their `/` ends a run.
pub(super) fn line<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>, longest_word: usize) -> String {
    let mut masked = text.to_owned();
    for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
        masked = masked.replace(secret, "***");
    }
    let visible: String = masked.chars().map(|c| if is_invisible(c) { ' ' } else { c }).collect();
    let words: Vec<String> = visible.split_whitespace().map(|word| blanked(word, longest_word)).collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Control characters, and those that reorder or hide text on a terminal.
fn is_invisible(c: char) -> bool {
    let reorders_or_hides = [
        '\u{ad}'..='\u{ad}',
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{feff}'..='\u{feff}',
    ];
    c.is_control() || reorders_or_hides.iter().any(|range| range.contains(&c))
}

/// The word without runs that can only be secrets: JWTs, SAS signatures, assertions.
fn blanked(word: &str, longest: usize) -> String {
    let in_run = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '+' | '%');
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while !rest.is_empty() {
        let end = rest.find(|c| !in_run(c)).unwrap_or(rest.len());
        let (run, tail) = rest.split_at(end);
        if run.starts_with(TOKEN) && run.len() > SHORTEST_TOKEN {
            out.push_str("***");
        } else {
            let parts = run.split('.').map(|part| if part.len() > longest { "***" } else { part });
            out.push_str(&parts.collect::<Vec<_>>().join("."));
        }
        let other = tail.find(in_run).unwrap_or(tail.len());
        out.push_str(&tail[..other]);
        rest = &tail[other..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

    #[test]
    fn lines_are_short_and_hold_no_secret_and_no_escape() {
        assert_eq!(line(&"ä ".repeat(400), [], 64).chars().count(), LONGEST + 1);
        let id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/a";
        assert_eq!(line(id, [""], 40), id);
        assert_eq!(line(&format!("a={JWT}; b"), [], 64), "a=***; b");
        assert_eq!(line(&format!("sig={}&x=1", "A1".repeat(40)), [], 64), "sig=***&x=1");
        assert_eq!(line("no\r\n\u{1b}[31m p&ss \u{202e}x", ["p&ss"], 40), "no [31m *** x");
        let host = format!("{0}.{0}.example.com", "name".repeat(9));
        assert_eq!(line(&host, [], 40), host, "a host is long and no secret");
    }
}
