//! Rules on the terminal: the Markdown that rule files use, set for the width at hand.

use anstyle::{AnsiColor, Style};
use tabled::builder::Builder;
use tabled::settings::object::Segment;
use tabled::settings::peaker::Priority;
use tabled::settings::style::{HorizontalLine, Style as Frame};
use tabled::settings::{Format, Padding, Width};

use super::text;
use crate::outcome::Severity;
use crate::rules::Rule;
use crate::rules::options::RuleOption;
use crate::term::{Overlong, Screen, Span, width};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CODE: Style = AnsiColor::Cyan.on_default();

/// One rule, as `zdr-check explain` shows it.
pub fn explain(rule: &Rule, screen: &Screen) -> String {
    let dot = screen.symbols.dot;
    let mut out = screen.paragraph(&Span::plain(""), &[Span::styled(rule.id, BOLD)], Overlong::Keep);
    out.push_str(&screen.paragraph(&Span::plain(""), &[Span::plain(screen.clean(rule.title))], Overlong::Keep));
    let facts =
        format!("axis {} {dot} severity {} {dot} since {}", rule.axis.as_str(), rule.severity.as_str(), rule.since);
    out.push_str(&screen.paragraph(&Span::plain(""), &[Span::styled(facts, DIM)], Overlong::Keep));
    let needs = super::reads(rule);
    for (label, values) in [("reads ", needs.join(", ")), ("evidence for ", rule.frameworks.join("; "))] {
        if !values.is_empty() {
            out.push_str(&screen.paragraph(
                &Span::plain(""),
                &[Span::styled(format!("{label}{values}"), DIM)],
                Overlong::Keep,
            ));
        }
    }
    for block in blocks(&clean(&(text(rule) + &options(rule)), screen)) {
        if !matches!(block, Block::Item { first: false, .. }) {
            out.push('\n');
        }
        out.push_str(&block.show(screen));
    }
    out
}

/// The options of a rule, as a section of its text.
fn options(rule: &Rule) -> String {
    if rule.options.is_empty() {
        return String::new();
    }
    let line =
        |own: &RuleOption| format!("- `{}` ({}; default {}): {}\n", own.name, own.form(), own.default_text(), own.doc);
    let lines: String = rule.options.iter().map(line).collect();
    format!("\n## Options\n\nIn the policy file, below `[rules.{}.options]`:\n\n{lines}", rule.id)
}

/// All rules: id, axis, severity and title, aligned; a title that does not fit has a line of its own.
pub fn listing(rules: &[&Rule], screen: &Screen) -> String {
    let widest = |cell: fn(&Rule) -> &'static str| rules.iter().map(|rule| width(cell(rule))).max().unwrap_or(0);
    let columns = [widest(|rule| rule.id).max(4), "stateless".len(), "critical".len()];
    let fits = columns.iter().sum::<usize>() + 6 + widest(|rule| rule.title) <= screen.width;
    let mut out = String::new();
    let mut line = |cells: [(&str, Style); 4]| {
        let mut text = String::new();
        for (cell, wide) in cells[..3].iter().zip(columns) {
            text.push_str(&screen.paint(cell.1, cell.0));
            text.extend(std::iter::repeat_n(' ', wide.saturating_sub(width(cell.0)) + 2));
        }
        if fits {
            text.push_str(&screen.paint(cells[3].1, cells[3].0));
        }
        out.push_str(text.trim_end());
        out.push('\n');
        if !fits {
            out.push_str(&screen.paragraph(
                &Span::plain("  "),
                &[Span::styled(cells[3].0, cells[3].1)],
                Overlong::Keep,
            ));
        }
    };
    line([("RULE", DIM), ("AXIS", DIM), ("SEVERITY", DIM), ("FINDS", DIM)]);
    for rule in rules {
        let severity = match rule.severity {
            Severity::Critical | Severity::High => AnsiColor::Red.on_default(),
            Severity::Medium => AnsiColor::Yellow.on_default(),
            Severity::Low | Severity::Info => Style::new(),
        };
        line([
            (rule.id, BOLD),
            (rule.axis.as_str(), Style::new()),
            (rule.severity.as_str(), severity),
            (rule.title, Style::new()),
        ]);
    }
    out
}

/// Our own text has a few typographic marks, which a terminal without UTF-8 gets escaped like any other.
fn clean(text: &str, screen: &Screen) -> String {
    text.lines().map(|line| screen.clean(line) + "\n").collect()
}

/// A piece of a page.
#[derive(Debug, PartialEq)]
enum Block {
    Heading(String),
    Paragraph(String),
    Item { marker: String, indent: usize, text: String, first: bool },
    Table(Vec<Vec<String>>),
    Code(Vec<String>),
}

/// The Markdown that rule files use: headings, paragraphs, lists, tables, fences.
fn blocks(text: &str) -> Vec<Block> {
    let mut all: Vec<Block> = Vec::new();
    let mut open = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start().len();
        if trimmed.starts_with("```") {
            let code = lines.by_ref().take_while(|line| !line.trim().starts_with("```"));
            all.push(Block::Code(code.map(|line| line.get(indent..).unwrap_or("").to_owned()).collect()));
            open = false;
        } else if trimmed.is_empty() {
            open = false;
        } else if let Some(heading) = trimmed.strip_prefix('#') {
            all.push(Block::Heading(heading.trim_start_matches('#').trim().to_owned()));
            open = false;
        } else if trimmed.starts_with('|') {
            table_row(&mut all, trimmed, open);
            open = true;
        } else if let Some((marker, text)) = item(trimmed) {
            let first = !matches!(all.last(), Some(Block::Item { .. }));
            all.push(Block::Item { marker, indent, text: text.to_owned(), first });
            open = true;
        } else {
            match all.last_mut() {
                Some(Block::Paragraph(text) | Block::Item { text, .. }) if open => {
                    text.push(' ');
                    text.push_str(trimmed);
                }
                _ => all.push(Block::Paragraph(trimmed.to_owned())),
            }
            open = true;
        }
    }
    all
}

fn table_row(all: &mut Vec<Block>, line: &str, open: bool) {
    // An escaped pipe is text. The separator stands in for it; it is a control character, so no page contains it.
    let line = line.replace("\\|", "\u{1f}");
    let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{1f}', "|"));
    let cells: Vec<String> = cells.collect();
    let ruler = cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':')));
    match all.last_mut() {
        Some(Block::Table(_)) if open && ruler => {}
        Some(Block::Table(rows)) if open => rows.push(cells),
        _ => all.push(Block::Table(vec![cells])),
    }
}

fn item(line: &str) -> Option<(String, &str)> {
    if let Some(text) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((String::new(), text));
    }
    let (number, text) = line.split_once(". ")?;
    (!number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())).then(|| (format!("{number}."), text))
}

impl Block {
    fn show(&self, screen: &Screen) -> String {
        match self {
            Self::Heading(text) => {
                screen.paragraph(&Span::plain(""), &[Span::styled(text.as_str(), BOLD.underline())], Overlong::Keep)
            }
            Self::Paragraph(text) => screen.paragraph(&Span::plain("  "), &inline(text, screen), Overlong::Keep),
            Self::Item { marker, indent, text, .. } => {
                let marker = if marker.is_empty() { screen.symbols.bullet } else { marker };
                let first = format!("{:1$}{marker} ", "", indent + 2);
                match source(text) {
                    Some((title, url, rest)) => {
                        let title = Span::plain(title.replace('`', "")).to(Some(url.to_owned()));
                        let address = Span::plain(" ".repeat(width(&first)));
                        screen.paragraph(&Span::plain(first), &[title, Span::plain(rest)], Overlong::Keep)
                            + &screen.paragraph(&address, &[Span::styled(url, DIM)], Overlong::Keep)
                    }
                    None => screen.paragraph(&Span::plain(first), &inline(text, screen), Overlong::Keep),
                }
            }
            Self::Table(rows) => table(rows, screen),
            Self::Code(lines) => {
                let line = |line: &String| format!("    {}\n", screen.paint(CODE, line)).replace("    \n", "\n");
                lines.iter().map(line).collect()
            }
        }
    }
}

/// The parts of an item that is a source: title, address and what follows. Its address gets a line of its own, because it is
/// as long as a line and has to stay whole.
fn source(text: &str) -> Option<(&str, &str, &str)> {
    let (title, after) = text.strip_prefix('[')?.split_once("](")?;
    let (url, rest) = after.split_once(')')?;
    (rest.starts_with(", ") && !rest.contains(['[', '`', '*'])).then_some((title, url, rest))
}

fn table(rows: &[Vec<String>], screen: &Screen) -> String {
    let mut builder = Builder::default();
    for row in rows {
        let text = |cell: &String| inline(cell, screen).into_iter().map(|span| span.text).collect::<String>();
        builder.push_record(row.iter().map(text));
    }
    let mut table = builder.build();
    let frame = Frame::empty().horizontals([(1, HorizontalLine::new(screen.symbols.line))]);
    table.with(frame).with(Padding::new(0, 2, 0, 0));
    table.with(Width::wrap(screen.width - 2).keep_words(true).priority(Priority::max(true)));
    // A break can leave the blank between two words at the start of the next line.
    let trim = |cell: &str| cell.lines().map(str::trim_start).collect::<Vec<_>>().join("\n");
    table.modify(Segment::all(), Format::content(trim));
    let mut out = String::new();
    for line in table.to_string().lines() {
        out.push_str(format!("  {line}").trim_end());
        out.push('\n');
    }
    out
}

/// Inline marks: `code`, **strong**, *emphasis* and links, which are shown as text and address.
fn inline(text: &str, screen: &Screen) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '[']) {
        let (before, from) = rest.split_at(at);
        let Some((found, length)) = mark(from, screen) else {
            let (plain, after) = rest.split_at(at + 1);
            spans.push(Span::plain(plain));
            rest = after;
            continue;
        };
        spans.push(Span::plain(before));
        spans.extend(found);
        rest = &from[length..];
    }
    spans.push(Span::plain(rest));
    spans.retain(|span| !span.text.is_empty());
    spans
}

/// The mark that `text` starts with, and its length in bytes.
fn mark(text: &str, screen: &Screen) -> Option<(Vec<Span>, usize)> {
    let between = |delimiter: &str| {
        let inner = text.strip_prefix(delimiter)?;
        let end = inner.find(delimiter).filter(|&end| end > 0 && !inner.starts_with(' '))?;
        Some((&inner[..end], end + 2 * delimiter.len()))
    };
    if text.starts_with('`') {
        let (code, length) = between("`")?;
        // Without colour the marks are what sets a literal apart.
        let shown = if screen.colour { code.to_owned() } else { format!("`{code}`") };
        return Some((vec![Span::styled(shown, CODE)], length));
    }
    if text.starts_with("**") {
        let (strong, length) = between("**")?;
        return Some((vec![Span::styled(strong, BOLD)], length));
    }
    if text.starts_with('*') {
        let (emphasis, length) = between("*")?;
        return Some((vec![Span::styled(emphasis, Style::new().italic())], length));
    }
    let (label, after) = text.strip_prefix('[')?.split_once("](")?;
    let url = &after[..after.find(')')?];
    let length = label.len() + url.len() + "[](".len() + ")".len();
    let link = Span::plain(label.replace('`', "")).to(Some(url.to_owned()));
    Some((vec![link, Span::plain(" ("), Span::styled(url, DIM), Span::plain(")")], length))
}
