//! Statements and checks on the terminal.

use anstyle::{AnsiColor, Style};

use super::compare::{Check, CheckedPage, CheckedPassage, PassageState, State};
use crate::knowledge::statements::{Standing, Statement, contradictions};
use crate::knowledge::stores;
use crate::term::{Overlong, Screen, Span, width};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const UNSURE: Style = AnsiColor::Yellow.on_default();

/// Lines of a difference that are shown; the JSON has them all.
const DIFF_LINES: usize = 40;

fn line(screen: &Screen, indent: usize, spans: &[Span]) -> String {
    screen.paragraph(&Span::plain(" ".repeat(indent)), spans, Overlong::Break)
}

fn text(screen: &Screen, indent: usize, style: Style, text: &str) -> String {
    line(screen, indent, &[Span::styled(screen.clean(text), style)])
}

fn dated(own: &Statement) -> String {
    if own.is_dated() { own.source.date.to_owned() } else { "undated".to_owned() }
}

/// All statements: id, date of the page and claim.
pub fn listing(statements: &[&'static Statement], screen: &Screen) -> String {
    let widest = statements.iter().map(|own| width(own.id)).max().unwrap_or(0).max(9);
    let row = |id: &str, date: &str, style: Style| {
        let gap = " ".repeat(widest.saturating_sub(width(id)) + 2);
        format!("{}{gap}{date:<12}", screen.paint(style, id))
    };
    let mut out = format!("{}\n", screen.paint(DIM, &format!("{}PAGE", row("STATEMENT", "DATED", Style::new()))));
    for own in statements {
        let mark = if contradictions(own).is_empty() { "" } else { "  contradicted" };
        let head = row(own.id, &dated(own), BOLD);
        out.extend([head.as_str(), &screen.clean(own.source.title), &screen.paint(UNSURE, mark), "\n"]);
        out.push_str(&text(screen, 2, Style::new(), own.claim));
    }
    out
}

/// One statement, explained.
pub fn statement(own: &'static Statement, screen: &Screen) -> String {
    let mut out = text(screen, 0, BOLD, own.id);
    out.push_str(&text(screen, 0, Style::new(), own.claim));
    let standing = if own.standing == Standing::Confusion { BAD } else { DIM };
    out.push_str(&text(screen, 0, standing, own.standing.meaning()));
    let source = Span::plain(screen.clean(own.source.title)).to(Some(own.source.url.to_owned()));
    out.push_str("\nSource\n");
    out.push_str(&line(screen, 2, &[source]));
    out.push_str(&screen.paragraph(&Span::plain("  "), &[Span::plain(own.source.url)], Overlong::Keep));
    let dates =
        if own.is_dated() { format!("dated {}", own.source.date) } else { "the page carries no date".to_owned() };
    out.push_str(&text(screen, 2, Style::new(), &format!("{dates}; last checked {}", own.checked())));
    let watched = if own.standing == Standing::Specification { "Watched name" } else { "Watched passage" };
    out.extend(["\n", watched, "\n"]);
    out.push_str(&text(screen, 2, Style::new(), &format!("\"{}\"", own.passage)));
    let relation = if own.standing == Standing::Confusion { "Confused with what these rules rely on" } else { "Rules" };
    if !own.rules.is_empty() {
        out.extend(["\n", relation, "\n"]);
        out.extend(own.rules.iter().map(|rule| text(screen, 2, Style::new(), rule)));
    }
    let uses: Vec<&str> = stores::uses(own.id).collect();
    if !uses.is_empty() {
        out.push_str("\nData map\n");
        out.extend(uses.into_iter().map(|title| text(screen, 2, Style::new(), title)));
    }
    let others = contradictions(own);
    if !others.is_empty() {
        out.push_str("\nContradicted by\n");
        for other in others {
            let spans = [
                Span::styled(other.id, BOLD),
                Span::plain(format!(": {} ", screen.clean(other.claim))),
                Span::styled(format!("({}, {})", screen.clean(other.source.title), dated(other)), DIM),
            ];
            out.push_str(&line(screen, 2, &spans));
        }
    }
    out
}

/// A check: what moved, what could not be read, and one sentence.
pub fn check(check: &Check, exit_code: u8, quiet: bool, screen: &Screen) -> String {
    let summary = summary(check, exit_code);
    if quiet {
        return format!("zdr-check terms check: {summary}\n");
    }
    let mut out = String::new();
    let mut part = |title: &str, pages: Vec<&CheckedPage>| {
        if !pages.is_empty() {
            out.extend([screen.paint(BOLD, title).as_str(), "\n"]);
            out.extend(pages.into_iter().map(|page| shown(page, screen)));
            out.push('\n');
        }
    };
    let (moved, rest): (Vec<&CheckedPage>, Vec<&CheckedPage>) = check.pages.iter().partition(|page| page.moved());
    let (unread, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|page| matches!(page.state, State::Unread(_)));
    let (noted, _): (Vec<_>, Vec<_>) = rest.into_iter().partition(|page| is_noted(page));
    part("CHANGED", moved);
    part("NOT READ", unread);
    part("NOTED", noted);
    let rules: Vec<&str> = check.rules().into_iter().collect();
    if !rules.is_empty() {
        out.push_str(&text(screen, 0, BOLD, &format!("rules whose ground moved: {}", rules.join(", "))));
    }
    out.push_str(&text(screen, 0, BOLD, &summary));
    out
}

/// Whether a page that did not move is worth a line: it moved before, or elsewhere.
fn is_noted(page: &CheckedPage) -> bool {
    let lost = page.passages.iter().any(|own| own.state == PassageState::StillLost);
    lost || page.redirected.is_some() || matches!(page.state, State::StillGone(_))
}

fn summary(check: &Check, exit_code: u8) -> String {
    let count = |wanted: &dyn Fn(&CheckedPage) -> bool| check.pages.iter().filter(|page| wanted(page)).count();
    let (all, moved, unread) = (check.pages.len(), check.moved().count(), check.unread().count());
    let new = count(&|page| page.state == State::New && !page.moved());
    let same = all - moved - unread - new;
    let pages = if all == 1 { "page" } else { "pages" };
    format!("exit {exit_code}: {all} {pages}: {same} unchanged, {new} new, {moved} changed, {unread} not read")
}

fn shown(page: &CheckedPage, screen: &Screen) -> String {
    let (mark, style, words) = match &page.state {
        State::Changed => (screen.symbols.fail, BAD, "the text is another one".to_owned()),
        State::Gone(why) => (screen.symbols.fail, BAD, why.clone()),
        State::StillGone(why) => (screen.symbols.none, DIM, format!("as before: {why}")),
        State::Unread(why) => (screen.symbols.unknown, UNSURE, why.clone()),
        State::New => (screen.symbols.bullet, DIM, "not in the lock file".to_owned()),
        State::Same => (screen.symbols.bullet, DIM, "the text is the same".to_owned()),
    };
    let title = Span::styled(screen.clean(page.source.title), BOLD).to(Some(page.source.url.to_owned()));
    let mut out = line(screen, 0, &[Span::styled(mark, style), Span::plain(" "), title]);
    out.push_str(&screen.paragraph(&Span::plain("  "), &[Span::styled(page.source.url, DIM)], Overlong::Keep));
    out.push_str(&text(screen, 2, Style::new(), &words));
    if let Some(day) = page.last_changed {
        out.push_str(&text(screen, 2, DIM, &format!("last change before: {day}")));
    }
    if let Some(address) = &page.redirected {
        out.push_str(&text(screen, 2, UNSURE, &format!("it was served by {address}: the page has moved")));
    }
    out.extend(page.passages.iter().map(|own| passage(own, screen)));
    let diff = page.diff.as_deref().unwrap_or_default();
    for own in diff.iter().take(DIFF_LINES) {
        let (mark, style) = if own.added { ("+ ", GOOD) } else { ("- ", BAD) };
        out.push_str(&screen.paragraph(
            &Span::styled(format!("    {mark}"), style),
            &[Span::styled(screen.clean(&own.text), style)],
            Overlong::Break,
        ));
    }
    if diff.len() > DIFF_LINES {
        out.push_str(&text(
            screen,
            4,
            DIM,
            &format!("and {} more paragraphs; --format json has them", diff.len() - DIFF_LINES),
        ));
    }
    if page.moved() {
        let rules: Vec<&str> = page.rules().into_iter().collect();
        out.push_str(&text(screen, 2, Style::new(), &format!("rules: {}", rules.join(", "))));
    }
    out
}

fn passage(own: &CheckedPassage, screen: &Screen) -> String {
    let id = own.statement.id;
    let words = match own.state {
        PassageState::Found | PassageState::Unread => return String::new(),
        PassageState::Back => format!("the passage of {id} is there again"),
        PassageState::Lost => format!("the passage of {id} is not there"),
        PassageState::StillLost => format!("the passage of {id} is still not there"),
    };
    let mut out = text(screen, 2, UNSURE, &words);
    if own.state != PassageState::Back {
        out.push_str(&text(screen, 4, BAD, &format!("- {}", own.statement.passage)));
        if let Some(nearest) = &own.nearest {
            out.push_str(&text(screen, 4, GOOD, &format!("+ {nearest}")));
        }
    }
    out
}
