//! Verdict, accounts, coverage, notes and sources as Markdown.

use std::collections::BTreeSet;

use super::escape::{code, escape, link};
use super::{Block, folded, put, table};
use crate::assessment::{Assessment, AxisCounts, Note, ReadStatus};
use crate::docs;
use crate::outcome::{Axis, Outcome};
use crate::report::identity;
use crate::report::table::names::Names;
use crate::report::table::{self as shared, style, verdict};
use crate::snapshot::Source;

/// Rows of one table: more than a browser likes to lay out at once go into the next one.
pub(super) const ROWS: usize = 500;

/// Heading, verdict, run and axes: what a summary always has.
pub(super) fn head(assessment: &Assessment) -> String {
    let (run, counts) = (&assessment.run, &assessment.summary);
    let size = format!(
        "{} in {}",
        style::count(counts.accounts, "account"),
        style::count(counts.subscriptions, "subscription")
    );
    let mut out = format!("# zdr-check: {size}\n\n");
    match run.source {
        Source::Demo => out.push_str("> **Demo estate:** no Azure was contacted.\n\n"),
        Source::Snapshot => out.push_str("> **Snapshot:** judged again from a file, no Azure was contacted.\n\n"),
        Source::Plan => out.push_str("> **Plan:** what would be deployed, no Azure was contacted.\n\n"),
        Source::Live => {}
    }
    let mark = match assessment.exit_code {
        0 => Outcome::Pass,
        1 => Outcome::Fail,
        _ => Outcome::Unknown,
    };
    put(&mut out, format_args!("**{} {}**\n\n", symbol(mark), escape(&verdict::sentence(assessment))));
    let read_at = run.finished_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let caller = run.principal.kind.as_deref().unwrap_or("unknown");
    let rows = [
        ("scope", escape(&run.scopes.join(", "))),
        ("cloud", run.cloud.as_str().to_owned()),
        ("read", read_at),
        ("policy", escape(&shared::policy(&run.policy).join(", "))),
        ("caller", escape(caller)),
        ("results", verdict::totals(assessment)),
        ("run", format!("`{}`, zdr-check {}", identity::run(assessment), env!("CARGO_PKG_VERSION"))),
    ];
    out.push_str(&table(&["", ""], rows.map(|(name, text)| vec![name.to_owned(), text])));
    out.push_str(
        "\n## Axes\n\nAccounts by the state of each axis. The first three are the promise of zero data retention.\n\n",
    );
    out.push_str(&axes(assessment));
    out
}

fn axes(assessment: &Assessment) -> String {
    let rows = assessment.summary.axes.iter().map(|(axis, AxisCounts { fail, unknown, manual, pass })| {
        let name = if axis.is_promised() { format!("**{}**", axis.as_str()) } else { axis.as_str().to_owned() };
        let numbers = [fail, unknown, manual, pass].map(ToString::to_string);
        [name, docs::meaning(*axis).to_owned()].into_iter().chain(numbers).collect()
    });
    let states = [Outcome::Fail, Outcome::Unknown, Outcome::Manual, Outcome::Pass].map(worded);
    let [fail, unknown, manual, pass] = &states;
    table(&["axis", "promise", fail, unknown, manual, pass], rows)
}

/// What a person relied on and what no longer holds: before everything else.
pub(super) fn loud_notes(assessment: &Assessment, _: &Names<'_>) -> Vec<Block> {
    notes_of(assessment, true, "## No longer in force")
}

/// The other notes.
pub(super) fn notes(assessment: &Assessment, _: &Names<'_>) -> Vec<Block> {
    notes_of(assessment, false, "## Notes")
}

fn notes_of(assessment: &Assessment, loud: bool, heading: &str) -> Vec<Block> {
    let notes: Vec<&Note> = assessment.notes.iter().filter(|note| note.kind.is_loud() == loud).collect();
    if notes.is_empty() {
        return Vec::new();
    }
    let mut text = format!("\n{heading}\n\n");
    for note in &notes {
        let place = note.line.map(|line| format!(" (line {line} of the policy file)")).unwrap_or_default();
        let (kind, fix) = (note.kind.as_str(), escape(&note.remediation));
        put(&mut text, format_args!("- **{kind}**{place}: {}. {fix}\n", escape(&note.message)));
    }
    vec![Block::new(style::count(notes.len(), "note"), text)]
}

/// One row per account, worst first: the first table.
pub(super) fn accounts(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    account_tables(assessment, names).into_iter().take(1).collect()
}

/// The other tables of accounts, which come after what is wrong with them.
pub(super) fn more_accounts(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    account_tables(assessment, names).into_iter().skip(1).collect()
}

fn account_tables(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    let mut sorted: Vec<_> = assessment.accounts.iter().collect();
    sorted.sort_by_key(|account| account.verdict);
    let mut heading = vec!["verdict", "account", "subscription", "location", "kind"];
    heading.extend(Axis::ALL.map(Axis::as_str));
    let total = sorted.len();
    let chunks = sorted.chunks(ROWS).enumerate().map(|(number, chunk)| {
        let rows = chunk.iter().map(|account| {
            let name = names.account(account);
            let name = names.link(&account.id).map_or_else(|| code(&name), |address| link(&name, &address));
            let mut row = vec![
                worded(account.verdict),
                name,
                code(names.subscription(&account.subscription_id)),
                account.location.as_deref().map(escape).unwrap_or_default(),
                account.kind.as_deref().map(escape).unwrap_or_default(),
            ];
            row.extend(Axis::ALL.map(|axis| worded(account.axis(axis))));
            row
        });
        let from = number * ROWS;
        let title = format!("accounts {} to {} of {total}", from + 1, from + chunk.len());
        let head = if number == 0 { "\n## Accounts\n\n" } else { "\n### More accounts\n\n" };
        Block::new(title, format!("{head}{}", table(&heading, rows)))
    });
    chunks.collect()
}

/// What was read and what was not.
pub(super) fn coverage(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    let coverage = &assessment.coverage;
    let state = if assessment.complete { "Complete" } else { "**Incomplete**" };
    let requests = &coverage.requests;
    let mut text = format!(
        "\n## Coverage\n\n{state}: {} requests sent, {} retried, {} throttled.\n\n",
        requests.sent, requests.retried, requests.throttled
    );
    let rows = coverage.subscriptions.iter().map(|own| {
        let name = own.name.as_deref().map(code).unwrap_or_default();
        let accounts = match own.status {
            ReadStatus::Read | ReadStatus::Partial => own.accounts.to_string(),
            ReadStatus::Unreadable => "unknown".to_owned(),
        };
        let state = escape(own.state.as_deref().unwrap_or("unknown"));
        vec![
            name,
            code(&own.id),
            state,
            accounts,
            own.status.as_str().to_owned(),
            own.cause.unwrap_or_default().to_owned(),
        ]
    });
    text.push_str(&table(&["subscription", "id", "state", "accounts", "status", "cause"], rows));
    let mut blocks = vec![Block::new("coverage of subscriptions", text)];
    let total = coverage.unreadable.len();
    for (number, chunk) in coverage.unreadable.chunks(ROWS).enumerate() {
        let rows = chunk.iter().map(|read| {
            let right = read.action.as_deref().map(code).unwrap_or_default();
            let detail = read.detail.as_deref().map(escape).unwrap_or_default();
            vec![code(&names.resource(&read.scope)), read.operation.to_owned(), read.cause.to_owned(), right, detail]
        });
        let from = number * ROWS;
        let title = format!("failed reads {} to {} of {total}", from + 1, from + chunk.len());
        let body = table(&["where", "call", "cause", "missing right", "what was said"], rows);
        blocks.push(Block::new(title.clone(), folded(&title, &body)));
    }
    blocks
}

/// Where what the open rules say is documented.
pub(super) fn sources(assessment: &Assessment) -> Option<Block> {
    let open = assessment.results.open().filter(|result| match result.outcome {
        Outcome::Fail | Outcome::Unknown | Outcome::Manual | Outcome::Waived | Outcome::Attested => true,
        Outcome::Pass | Outcome::NotApplicable => false,
    });
    let rules: BTreeSet<&str> = open.map(|result| result.rule).collect();
    let items: BTreeSet<String> = rules.iter().copied().flat_map(docs::sources).collect();
    if items.is_empty() {
        return None;
    }
    let statements = assessment.sources.iter().filter(|own| own.rules.iter().any(|rule| rules.contains(rule)));
    let rows = statements.map(|own| {
        let found = if own.passage_found == Some(false) { ", passage not found" } else { "" };
        vec![
            code(own.id),
            link(own.source.title, own.source.url),
            own.document_date().unwrap_or("no date").to_owned(),
            format!("{}{found}", own.last_checked),
        ]
    });
    let rows = table(&["statement", "page", "page dated", "last checked"], rows);
    let list = items.iter().fold(String::new(), |list, item| list + "- " + item + "\n");
    let title =
        format!("sources: {} behind what is open, with the day they were read", style::count(items.len(), "page"));
    let statements = folded("statements, with the day each was last compared with its page", &rows);
    Some(Block::new(title.clone(), format!("\n## Sources\n{}{statements}", folded(&title, &list))))
}

/// A mark and the word of an outcome; the word says it where the mark is not shown.
pub(super) fn worded(outcome: Outcome) -> String {
    format!("{} {}", symbol(outcome), style::word(outcome))
}

/// The mark of an outcome: told apart by shape, not by colour alone.
pub(super) fn symbol(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "❌",
        Outcome::Unknown => "❓",
        Outcome::Manual => "✍️",
        Outcome::Waived => "⏸️",
        Outcome::Attested => "📝",
        Outcome::Pass => "✅",
        Outcome::NotApplicable => "➖",
    }
}
