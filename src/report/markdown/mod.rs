//! The Markdown report: a page for job summaries, pull requests and wikis, readable where it is not rendered too.
//!
//! The page is a list of blocks, the most important first. A file has all of them. A job summary has a limit (1 MiB a step:
//! GitHub, Workflow commands, read 2026-11-22), so it has the blocks that fit, and says which ones it left to other reports.

mod escape;
mod findings;
mod sections;

use std::io::{self, Write};

pub(super) use self::escape::escape;
use super::table::names::Names;
use crate::assessment::Assessment;

/// Writes the whole page.
pub(super) fn render(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    for block in blocks(assessment) {
        out.write_all(block.text.as_bytes())?;
    }
    Ok(())
}

/// Writes the page in at most `limit` bytes. The verdict and the axes are always there; what else does not fit is named.
///
/// # Errors
/// When `out` does not take it.
pub fn summary(assessment: &Assessment, limit: usize, out: &mut dyn Write) -> io::Result<()> {
    let blocks: Vec<Block> = blocks(assessment).collect();
    let total: usize = blocks.iter().map(|block| block.text.len()).sum();
    if total <= limit {
        return blocks.iter().try_for_each(|block| out.write_all(block.text.as_bytes()));
    }
    // Room for the list of everything that may have to be left out.
    let titles: usize = blocks.iter().map(|block| block.title.len() + ITEM.len()).sum();
    let mut room = limit.saturating_sub(titles + LEFT_OUT.len());
    let mut left = Vec::new();
    for block in &blocks {
        match room.checked_sub(block.text.len()) {
            Some(rest) => {
                room = rest;
                out.write_all(block.text.as_bytes())?;
            }
            None if block.always => {
                room = 0;
                out.write_all(block.text.as_bytes())?;
            }
            None => left.push(block.title.as_str()),
        }
    }
    out.write_all(LEFT_OUT.as_bytes())?;
    left.iter().try_for_each(|title| writeln!(out, "{ITEM}{title}"))
}

const LEFT_OUT: &str = "\n## Left to other reports\n\nThis page has a limit of size. Left out whole, and in every report that goes to a file:\n\n";
const ITEM: &str = "- ";

/// A part of the page that is there whole or not at all.
struct Block {
    /// What is in it, harmless Markdown.
    title: String,
    text: String,
    /// Whether the page makes no sense without it.
    always: bool,
}

impl Block {
    fn new(title: impl Into<String>, text: String) -> Self {
        Self { title: title.into(), text, always: false }
    }
}

/// The blocks, made one after another.
fn blocks(assessment: &Assessment) -> impl Iterator<Item = Block> + '_ {
    let names = std::rc::Rc::new(Names::new(assessment));
    let head = Block { always: true, ..Block::new("verdict", sections::head(assessment)) };
    let makers: [fn(&Assessment, &Names<'_>) -> Vec<Block>; 10] = [
        sections::loud_notes,
        sections::accounts,
        findings::failures,
        findings::unknowns,
        findings::manual,
        findings::accepted,
        sections::more_accounts,
        sections::coverage,
        sections::notes,
        findings::all,
    ];
    let body = makers.into_iter().flat_map(move |make| make(assessment, &names));
    std::iter::once(head).chain(body).chain(std::iter::once_with(|| sections::sources(assessment)).flatten())
}

/// A table of harmless cells.
fn table(heading: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = format!("| {} |\n|{}\n", heading.join(" | "), "---|".repeat(heading.len()));
    for row in rows {
        put(&mut out, format_args!("| {} |\n", row.join(" | ")));
    }
    out
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

/// Something to unfold. `summary` is our own text; Markdown needs the blank lines.
fn folded(summary: &str, body: &str) -> String {
    format!("\n<details>\n<summary>{summary}</summary>\n\n{}\n\n</details>\n", body.trim_matches('\n'))
}
