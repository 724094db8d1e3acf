//! Text other people chose, as GitHub-flavoured Markdown that shows it and does nothing else.
//!
//! Backslashes take the meaning from punctuation. Mentions, issue numbers and bare addresses are made links only after the
//! Markdown was read, so an empty comment parts them: GitHub, GitLab and Azure DevOps then see no name and no address.

use crate::term::sanitise;

const PART: &str = "<!-- -->";

/// One line of prose. Nothing in it starts a block, a cell, a link, a mention or HTML.
pub(in crate::report) fn escape(text: &str) -> String {
    let text = sanitise(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.as_ref();
    if let Some(first) = rest.chars().next() {
        out.push_str(leading(rest, first));
    }
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '&' | '{' | '}' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '@' | '#' => {
                out.push('\\');
                out.push(c);
                out.push_str(PART);
            }
            ':' if after.starts_with("//") => {
                out.push(c);
                out.push_str(PART);
            }
            'w' | 'W' if after.get(..3).is_some_and(|next| next.eq_ignore_ascii_case("ww.")) => {
                out.push(c);
                out.push_str(PART);
            }
            _ => out.push(c),
        }
        rest = after;
    }
    if let Some(cut) = out.strip_suffix(' ') {
        return format!("{cut}&#32;");
    }
    out
}

/// What goes in front of a text whose first characters would start a block.
fn leading(text: &str, first: char) -> &'static str {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match first {
        '-' | '+' | '=' => "\\",
        ' ' => PART,
        '0'..='9' if digits.starts_with(['.', ')']) => PART,
        _ => "",
    }
}

/// A name as a code span, in text and in cells: nothing in it is read as Markdown.
pub(in crate::report) fn code(text: &str) -> String {
    let text = sanitise(text);
    let fence = "`".repeat(longest(&text) + 1);
    let pad = if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    // A table splits its cells before it reads code; a backslash in front keeps the bar and is taken away again.
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

/// Commands as a fenced block, one a line.
pub(super) fn block(commands: &[&str]) -> String {
    let text = commands.iter().map(|command| sanitise(command)).collect::<Vec<_>>().join("\n");
    let fence = "`".repeat((longest(&text) + 1).max(3));
    format!("{fence}sh\n{text}\n{fence}\n")
}

/// A link with a code span as its text.
pub(super) fn link(text: &str, address: &str) -> String {
    format!("[{}]({})", code(text), percent(address))
}

/// The longest run of backticks.
fn longest(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// An address without anything that could end it.
fn percent(address: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#@=&%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_loses_its_meaning() {
        let cases = [
            ("a|b", r"a\|b"),
            ("**b** _i_ ~s~ `c`", r"\*\*b\*\* \_i\_ \~s\~ \`c\`"),
            ("[t](javascript:x)", r"\[t\](javascript:x)"),
            ("![i](x)", r"\!\[i\](x)"),
            ("<img src=x>", r"\<img src=x\>"),
            ("&lt;", r"\&lt;"),
            ("a @team b", "a \\@<!-- -->team b"),
            ("fixes #12", "fixes \\#<!-- -->12"),
            ("https://evil.example", "https:<!-- -->//evil.example"),
            ("WWW.evil.example", "W<!-- -->WW.evil.example"),
            ("- item", "\\- item"),
            ("+ item", "\\+ item"),
            ("===", "\\==="),
            ("12. item", "<!-- -->12. item"),
            ("12) item", "<!-- -->12) item"),
            ("    code", "<!-- -->    code"),
            ("a\nb", r"a\\nb"),
            ("a\u{202e}b", r"a\\u\{202e\}b"),
        ];
        for (text, wanted) in cases {
            assert_eq!(escape(text), wanted, "{text}");
        }
    }

    #[test]
    fn code_spans_hold_what_is_in_them() {
        let cases = [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a|b", r"`a\|b`"), ("", "`  `")];
        for (text, wanted) in cases {
            assert_eq!(code(text), wanted);
        }
        assert_eq!(block(&["a```b", "c\nd"]), "````sh\na```b\nc\\nd\n````\n");
        assert_eq!(link("x", "https://a/#@t/b) [c](d"), "[`x`](https://a/#@t/b%29%20%5Bc%5D%28d)");
    }
}
