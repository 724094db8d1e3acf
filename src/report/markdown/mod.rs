//! The Markdown report: a page for job summaries, pull requests and wikis, readable where it is not rendered too.
//!
//! The page is a list of blocks, the most important first. A file has all of them. A job summary has a limit (1 MiB a step:
//! GitHub, Workflow commands, read 2026-11-22), so it has the blocks that fit, and says which ones it left to other reports.

mod escape;
mod findings;
mod retention;
mod sections;

use std::io::{self, Write};

pub(super) use self::escape::{code, escape};
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
    // Made twice, kept never: a large estate has hundreds of megabytes of rows.
    let (total, titles) = blocks(assessment)
        .fold((0, 0), |(total, titles), block| (total + block.text.len(), titles + block.title.len() + ITEM.len() + 1));
    if total <= limit {
        return render(assessment, out);
    }
    // Room for the list of everything that may have to be left out.
    let mut room = limit.saturating_sub(titles + LEFT_OUT.len());
    let mut left = Vec::new();
    for block in blocks(assessment) {
        let rest = room.checked_sub(block.text.len());
        if rest.is_some() || block.always {
            room = rest.unwrap_or(0);
            out.write_all(block.text.as_bytes())?;
        } else {
            left.push(block.title);
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
    let names = Names::new(assessment);
    let head = Block { always: true, ..Block::new("verdict", sections::head(assessment)) };
    let makers: [fn(&Assessment, &Names<'_>) -> Vec<Block>; 11] = [
        sections::loud_notes,
        sections::accounts,
        findings::failures,
        findings::unknowns,
        findings::manual,
        retention::dates,
        findings::accepted,
        sections::more_accounts,
        retention::accounts,
        sections::coverage,
        sections::notes,
    ];
    let body = makers.into_iter().flat_map(move |make| make(assessment, &names));
    std::iter::once(head)
        .chain(body)
        .chain(findings::all(assessment))
        .chain(std::iter::once_with(|| sections::sources(assessment)).flatten())
}

/// A table of harmless cells.
pub(super) fn table(heading: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
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
