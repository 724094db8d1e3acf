//! How long content stays, as Markdown: what is gone when, and what each account keeps.

use super::escape::{code, escape};
use super::sections::ROWS;
use super::{Block, folded, table};
use crate::assessment::{Assessment, Clock, ClockState};
use crate::report::calendar::{Entry, by_account, calendar, holds, left, moment, place};
use crate::report::table::names::Names;
use crate::report::table::style;

/// How many resources are named before the rest is counted; the list of accounts has all of them.
const NAMED: usize = 5;

/// What is gone when: by date, and what has none after it.
pub(super) fn dates(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    let entries = calendar(assessment);
    if entries.is_empty() {
        return Vec::new();
    }
    let rows = entries.iter().map(|entry| row(assessment, entry, names));
    let table = table(&["gone by", "that is", "store", "what is in it", "where", "kept", "what ends it sooner"], rows);
    let read = moment(assessment.run.finished_at);
    let text = format!(
        "\n## Retention\n\nWhat is gone when, the earliest first. Only deleted accounts and subscriptions that end run out by \
         themselves; for an open store the date is that of content written at the end of the run ({read}).\n\n{table}"
    );
    vec![Block::new(format!("calendar of {}", style::count(entries.len(), "retention clock")), text)]
}

fn row(assessment: &Assessment, entry: &Entry<'_>, names: &Names<'_>) -> Vec<String> {
    let clock = entry.clock;
    let first = entry.scopes.iter().take(NAMED).map(|scope| code(&place(clock, scope, names)));
    let mut places = first.collect::<Vec<_>>().join(", ");
    if entry.scopes.len() > NAMED {
        places = format!("{places} and {} more", entry.scopes.len() - NAMED);
    }
    vec![
        clock.gone_by.map_or_else(|| "no date".to_owned(), moment),
        left(assessment, clock).unwrap_or_default(),
        format!("**{}**, {}", clock.store, clock.state.as_str()),
        escape(&holds(clock)),
        places,
        escape(&clock.keeps),
        end(&clock.end),
    ]
}

/// What ends it, with the command as a code span.
fn end(text: &str) -> String {
    let (prose, commands) = crate::report::table::remedy::split(text);
    let commands = commands.into_iter().map(code);
    std::iter::once(escape(prose)).chain(commands).collect::<Vec<_>>().join(" ")
}

/// The stores of each account, folded.
pub(super) fn accounts(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    let all: Vec<(String, Vec<&Clock>)> = by_account(assessment).into_iter().collect();
    let chunks = all.chunks(ROWS).enumerate().map(|(number, chunk)| {
        let rows = chunk.iter().map(|(id, clocks)| {
            vec![code(&names.resource(id)), stores(clocks, ClockState::Found), stores(clocks, ClockState::Possible)]
        });
        let from = number * ROWS;
        let title = format!("retention by account, {} to {} of {}", from + 1, from + chunk.len(), all.len());
        let body = table(&["account", "found", "possible"], rows);
        Block::new(title.clone(), folded(&title, &body))
    });
    chunks.collect()
}

/// `store (how long, gone by)`, each store once.
fn stores(clocks: &[&Clock], state: ClockState) -> String {
    let of = clocks.iter().filter(|own| own.state == state);
    let mut all: Vec<String> = of
        .map(|own| {
            let gone = own.gone_by.map(|at| format!(", gone by {}", moment(at))).unwrap_or_default();
            format!("**{}** ({}{gone})", own.store, escape(&own.keeps))
        })
        .collect();
    all.dedup();
    all.join("; ")
}
