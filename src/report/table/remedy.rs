//! What to do, with commands laid out so that they can be copied into a shell.
//!
//! Rules write `prose: az …; az …`. Lines are broken outside quotes only and end in a backslash.

use anstyle::{AnsiColor, Style};

use super::Page;
use crate::term::{Span, width};

const COMMAND: Style = AnsiColor::Cyan.on_default();
/// Indentation of a command below its prose, and of its further lines below the first.
const STEP: usize = 2;

/// Writes `Fix: …` under `indent` blanks.
pub(super) fn write(page: &mut Page<'_>, indent: usize, text: &str) {
    lay(page, &format!("{:indent$}Fix: ", ""), text);
}

/// Writes prose behind `label`, and its commands below.
pub(super) fn lay(page: &mut Page<'_>, label: &str, text: &str) {
    let text = page.clean(text);
    let (prose, commands) = split(&text);
    page.spans(label, &[Span::plain(prose)]);
    let under = width(label) + STEP;
    for command in commands {
        for line in lay_out(command, page.look.screen.width.saturating_sub(under)) {
            let line = page.look.screen.paint(COMMAND, &line);
            page.out.push_str(&" ".repeat(under));
            page.out.push_str(&line);
            page.out.push('\n');
        }
    }
}

/// Prose, and the commands at its end.
pub(in crate::report) fn split(text: &str) -> (&str, Vec<&str>) {
    let outside = outside_quotes(text);
    let find = |marks: &[&str], from: usize| {
        let starts = |at: usize| marks.iter().find(|mark| text[at..].starts_with(**mark)).map(|mark| (at, mark.len()));
        outside.iter().copied().filter(|&at| at >= from).find_map(starts)
    };
    let Some((at, _)) = find(&[": az "], 0) else { return (text, Vec::new()) };
    let mut commands = Vec::new();
    let mut start = at + ": ".len();
    while let Some((end, length)) = find(&["; az ", "; then az "], start) {
        commands.push(&text[start..end]);
        start = end + length - "az ".len();
    }
    commands.push(&text[start..]);
    (&text[..=at], commands)
}

/// Byte offsets of the characters that no quotes enclose.
fn outside_quotes(text: &str) -> Vec<usize> {
    let mut quote = None;
    let mut all = Vec::new();
    for (at, c) in text.char_indices() {
        match quote {
            None => {
                all.push(at);
                quote = Some(c).filter(|c| matches!(c, '"' | '\''));
            }
            Some(open) if open == c => quote = None,
            Some(_) => {}
        }
    }
    all
}

/// The lines of a command in at most `room` columns. A word that is too long for that, such as an id, stays whole on a line of
/// its own and sticks out: broken it could not be copied.
fn lay_out(command: &str, room: usize) -> Vec<String> {
    let breaks: Vec<usize> = outside_quotes(command).into_iter().filter(|&at| command[at..].starts_with(' ')).collect();
    let mut words = Vec::new();
    let mut start = 0;
    for at in breaks.into_iter().chain([command.len()]) {
        words.push(&command[start..at]);
        start = at + 1;
    }
    let room = room.saturating_sub(" \\".len());
    let mut lines: Vec<String> = Vec::new();
    for unit in units(&words, room.saturating_sub(STEP)) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&unit) <= room => {
                line.push(' ');
                line.push_str(&unit);
            }
            Some(line) => {
                line.push_str(" \\");
                lines.push(format!("{:STEP$}{unit}", ""));
            }
            None => lines.push(unit),
        }
    }
    lines
}

/// Words, an option and its value together where they fit a line.
fn units(words: &[&str], room: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut option = false;
    for word in words.iter().filter(|word| !word.is_empty()) {
        let is_option = word.starts_with("--");
        match all.last_mut() {
            Some(last) if option && !is_option && width(last) + 1 + width(word) <= room => {
                last.push(' ');
                last.push_str(word);
            }
            Some(_) | None => all.push((*word).to_owned()),
        }
        option = is_option;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_and_commands_are_told_apart() {
        assert_eq!(split("Attest it."), ("Attest it.", vec![]));
        assert_eq!(
            split("Mend: az a --b 'x; az y'; az c; then az d"),
            ("Mend:", vec!["az a --b 'x; az y'", "az c", "az d"])
        );
    }

    #[test]
    fn a_command_is_broken_between_options_and_never_inside_quotes() {
        let lines = lay_out("az show --name one --query \"a b c d\" --output tsv", 26);
        assert_eq!(lines, ["az show --name one \\", "  --query \"a b c d\" \\", "  --output tsv"]);
        let long = "\"a b c d e f g h i j\"";
        let lines = lay_out(&format!("az show --query {long} --all"), 16);
        assert_eq!(lines, ["az show \\", "  --query \\", &format!("  {long} \\"), "  --all"]);
        assert_eq!(lay_out("az show", 40), ["az show"]);
    }
}
