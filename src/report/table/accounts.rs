//! One row per account, worst first, with as many columns as the width allows.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use anstyle::Style;
use tabled::builder::Builder;
use tabled::settings::{Color, Padding, style::Style as Frame};

use super::names::Names;
use super::{Page, style};
use crate::assessment::{AccountAssessment, Assessment};
use crate::outcome::{Axis, Outcome, Severity};
use crate::term::{Screen, shorten, width};

/// Columns between two columns.
const GAP: usize = 2;
/// Columns of a mark and the longest word behind it, and of the axis names.
const STATE: usize = 9;
/// An account name is not cut below this for the sake of an optional column.
const NAME: usize = 30;
/// An optional column is not wider than this.
const DETAIL: usize = 26;

/// Writes the table.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    if assessment.accounts.is_empty() {
        return;
    }
    let screen = &page.look.screen;
    let rows = sorted(assessment);
    let labels: Vec<String> = rows.iter().map(|account| screen.clean(&names.account(account)).into_owned()).collect();
    let columns = columns(screen, &rows, &labels, names);
    let mut table = TextTable::new(columns.iter().map(|column| column.title.to_uppercase()).collect());
    for (row, account) in rows.iter().enumerate() {
        let cell = |column: &Column| match column.content {
            Content::State(state) => {
                let outcome = state(account);
                let mark = style::symbol(outcome, &screen.symbols);
                (format!("{mark} {}", style::word(outcome)), style::of_outcome(outcome))
            }
            Content::Name => (fit(screen, &labels[row], column.width), style::BOLD),
            Content::Detail(detail) => (fit(screen, &screen.clean(detail(account, names)), column.width), Style::new()),
        };
        table.row(columns.iter().map(cell).collect());
    }
    page.out.push('\n');
    let text = table.render(screen);
    page.out.push_str(&text);
}

/// Worst verdict first, then the most severe failure, then the number of failures, then the name.
fn sorted(assessment: &Assessment) -> Vec<&AccountAssessment> {
    let mut failures: HashMap<String, (Option<Severity>, usize)> = HashMap::new();
    for result in assessment.results.open().filter(|result| result.outcome == Outcome::Fail) {
        let (worst, number) = failures.entry(result.account_id.clone()).or_default();
        *worst = (*worst).max(Some(result.severity));
        *number += 1;
    }
    let mut rows: Vec<&AccountAssessment> = assessment.accounts.iter().collect();
    rows.sort_by_cached_key(|account| {
        let weight = failures.get(account.id.as_str()).copied().unwrap_or_default();
        (account.verdict, Reverse(weight), account.name.to_lowercase(), account.id.clone())
    });
    rows
}

/// What a column shows.
enum Content {
    State(fn(&AccountAssessment) -> Outcome),
    Name,
    Detail(for<'a> fn(&'a AccountAssessment, &'a Names<'_>) -> &'a str),
}

struct Column {
    title: &'static str,
    width: usize,
    content: Content,
}

impl Column {
    fn state(title: &'static str, content: fn(&AccountAssessment) -> Outcome) -> Self {
        Self { title, width: STATE, content: Content::State(content) }
    }
}

/// The columns that fit: verdict, account and the promised axes always, the rest while there is room.
fn columns(screen: &Screen, rows: &[&AccountAssessment], labels: &[String], names: &Names<'_>) -> Vec<Column> {
    let mut axes = vec![
        Column::state("approved", |account| account.axis(Axis::Approved)),
        Column::state("pinned", |account| account.axis(Axis::Pinned)),
        Column::state("stateless", |account| account.axis(Axis::Stateless)),
    ];
    let natural = labels.iter().map(|label| width(label)).max().unwrap_or(0).max("account".len());
    let fixed = STATE + (GAP + STATE) * axes.len() + GAP;
    let least = natural.min(NAME).min(screen.width.saturating_sub(fixed));
    let mut room = screen.width.saturating_sub(fixed + least);
    let more = [
        Column::state("contained", |account| account.axis(Axis::Contained)),
        Column::state("hardened", |account| account.axis(Axis::Hardened)),
    ];
    for column in more {
        let used = |account: &&AccountAssessment| match column.content {
            Content::State(state) => state(account) != Outcome::NotApplicable,
            Content::Name | Content::Detail(_) => false,
        };
        if rows.iter().any(used) && take(&mut room, column.width) {
            axes.push(column);
        }
    }
    let mut details = Vec::new();
    for (title, detail) in DETAILS {
        let widest = rows.iter().map(|account| width(&screen.clean(detail(account, names)))).max().unwrap_or(0);
        let one = rows.iter().map(|account| &account.subscription_id).collect::<HashSet<_>>().len() == 1;
        let wide = widest.min(DETAIL).max(title.len());
        if widest > 0 && !(one && title == "subscription") && take(&mut room, wide) {
            details.push(Column { title, width: wide, content: Content::Detail(detail) });
        }
    }
    let name = Column { title: "account", width: natural.min(least + room), content: Content::Name };
    let verdict = Column::state("verdict", |account| account.verdict);
    [verdict, name].into_iter().chain(details).chain(axes).collect()
}

type Detail = for<'a> fn(&'a AccountAssessment, &'a Names<'_>) -> &'a str;

/// Optional columns, the most useful first.
const DETAILS: [(&str, Detail); 4] = [
    ("location", |account, _| account.location.as_deref().unwrap_or_default()),
    ("subscription", |account, names| names.subscription(&account.subscription_id)),
    ("group", |account, _| &account.resource_group),
    ("kind", |account, _| account.kind.as_deref().unwrap_or_default()),
];

/// Takes `wide` columns and a gap out of `room`, if they are there.
fn take(room: &mut usize, wide: usize) -> bool {
    let rest = room.checked_sub(wide + GAP);
    *room = rest.unwrap_or(*room);
    rest.is_some()
}

fn fit(screen: &Screen, text: &str, limit: usize) -> String {
    shorten(text, limit, screen.symbols.ellipsis)
}

/// Aligned rows without lines, under a dim heading.
pub(super) struct TextTable {
    builder: Builder,
    styles: Vec<Vec<Style>>,
}

impl TextTable {
    pub(super) fn new(heading: Vec<String>) -> Self {
        let mut builder = Builder::default();
        let styles = vec![vec![style::DIM; heading.len()]];
        builder.push_record(heading);
        Self { builder, styles }
    }

    /// Adds a row; the cells are harmless and fit.
    pub(super) fn row(&mut self, cells: Vec<(String, Style)>) {
        let (texts, styles): (Vec<String>, Vec<Style>) = cells.into_iter().unzip();
        self.builder.push_record(texts);
        self.styles.push(styles);
    }

    /// The table, no line with blanks at its end.
    pub(super) fn render(self, screen: &Screen) -> String {
        let mut table = self.builder.build();
        table.with(Frame::empty()).with(Padding::new(0, GAP, 0, 0));
        if screen.colour {
            for (row, styles) in self.styles.iter().enumerate() {
                for (column, style) in styles.iter().enumerate().filter(|(_, style)| !style.is_plain()) {
                    let colour = Color::new(style.render().to_string(), style.render_reset().to_string());
                    table.modify((row, column), colour);
                }
            }
        }
        let mut out = String::new();
        for line in table.to_string().lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}
