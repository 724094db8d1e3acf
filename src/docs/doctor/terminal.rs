//! The page for people.

use anstyle::{AnsiColor, Style};

use super::{Findings, Health, Status, checks, rights};
use crate::term::{Overlong, Screen, Span, width};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CODE: Style = AnsiColor::Cyan.on_default();

/// The checks, then whether a scan can be done.
pub fn page(found: &Findings, screen: &Screen, quiet: bool) -> String {
    let mut out = String::new();
    let checks = checks::all(found);
    let widest = checks.iter().map(|check| width(check.name)).max().unwrap_or(0);
    if !quiet {
        for check in &checks {
            let (mark, style) = mark(check.status, screen);
            let head = format!("{mark} {:widest$}  ", check.name);
            out.push_str(&screen.paragraph(
                &Span::styled(head, style),
                &[Span::plain(screen.clean(&check.summary))],
                Overlong::Break,
            ));
            let indent = " ".repeat(widest + 4);
            for detail in &check.details {
                let text = Span::styled(screen.clean(detail), DIM);
                out.push_str(&screen.paragraph(&Span::plain(indent.as_str()), &[text], Overlong::Break));
            }
            for fix in &check.fixes {
                let fix = commands(&screen.clean(fix), screen);
                out.push_str(&screen.paragraph(&Span::plain(format!("{indent}to mend: ")), &fix, Overlong::Keep));
            }
        }
        out.push('\n');
        out.push_str(&untried(found, screen));
    }
    let verdict = match found.health() {
        Health::Sound => "A scan can be done, and lacks nothing that was tried.",
        Health::Lacking => "A scan can be done, but some facts will be unknown.",
        Health::NoScan => "No scan can be done.",
    };
    out.push_str(&screen.paragraph(&Span::plain(""), &[Span::styled(verdict, BOLD)], Overlong::Keep));
    out
}

fn untried(found: &Findings, screen: &Screen) -> String {
    let Some(Ok(looked)) = &found.looked else { return String::new() };
    let actions = rights::untried(looked);
    let mut note = String::from("Rights were tried by reading one account of each subscription.");
    if !actions.is_empty() {
        note.push_str(" Nothing was there to try these on:");
    }
    let mut out = screen.paragraph(&Span::plain(""), &[Span::styled(note, DIM)], Overlong::Keep);
    for action in actions {
        let first = Span::styled(format!("  {} ", screen.symbols.bullet), DIM);
        out.push_str(&screen.paragraph(&first, &[Span::styled(action, DIM)], Overlong::Break));
    }
    out.push('\n');
    out
}

fn mark(status: Status, screen: &Screen) -> (&'static str, Style) {
    let symbols = screen.symbols;
    match status {
        Status::Ok => (symbols.pass, AnsiColor::Green.on_default()),
        Status::Notice => ("!", AnsiColor::Yellow.on_default()),
        Status::Lacking => (symbols.unknown, AnsiColor::Yellow.on_default()),
        Status::Broken => (symbols.fail, AnsiColor::Red.on_default()),
        Status::Skipped => (symbols.none, DIM),
    }
}

/// Sets what stands between backquotes apart, so that it can be found and copied.
fn commands(text: &str, screen: &Screen) -> Vec<Span> {
    let parts = text.split('`').enumerate();
    parts
        .filter(|(_, part)| !part.is_empty())
        .map(|(index, part)| match (index % 2, screen.colour) {
            (1, true) => Span::styled(part, CODE),
            (1, false) => Span::plain(format!("`{part}`")),
            _ => Span::plain(part),
        })
        .collect()
}
