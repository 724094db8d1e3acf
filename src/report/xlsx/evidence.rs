//! Sheets for what outlives the run: how long content stays, and what the rules rely on.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::sheet::{Column, Long, Table};
use crate::assessment::Assessment;
use crate::report::calendar::{calendar, place};
use crate::report::table::names::Names;

/// The calendar: one row per store and resource, the earliest first, what has no date last.
pub(super) fn retention(
    book: &mut Workbook,
    long: &mut Long,
    assessment: &Assessment,
    names: &Names<'_>,
) -> Result<(), XlsxError> {
    let columns = [
        Column::text("gone by", 22),
        Column::text("state", 12),
        Column::text("store", 22),
        Column::text("what is in it", 40),
        Column::text("kept", 22),
        Column::text("where", 40),
        Column::text("what ends it sooner", 60),
        Column::text("documented in", 40),
        Column::text("page dated", 12),
        Column::text("page", 60),
        Column::text("id", 60),
    ];
    let mut table = Table::new(book, long, "Retention", &columns)?;
    for entry in calendar(assessment) {
        let clock = entry.clock;
        let (gone, source) = (clock.gone_by.map(|at| at.to_string()).unwrap_or_default(), clock.source);
        for scope in entry.scopes {
            let place = place(clock, scope, names);
            let state = clock.state.as_str();
            let kept = [gone.as_str(), state, clock.store, clock.holds, &clock.keeps, &place, &clock.end];
            table.row(&[kept.as_slice(), &[source.title, source.date, source.url, scope]].concat())?;
        }
    }
    table.finish()
}

/// The statements behind the rules of the run.
pub(super) fn sources(book: &mut Workbook, long: &mut Long, assessment: &Assessment) -> Result<(), XlsxError> {
    let columns = [
        Column::text("statement", 34),
        Column::text("claim", 60),
        Column::text("page", 40),
        Column::text("page dated", 12),
        Column::text("last checked", 12),
        Column::text("passage found", 14),
        Column::text("kind of page", 16),
        Column::text("rules", 50),
        Column::text("contradicted by", 34),
        Column::text("address", 60),
    ];
    let mut table = Table::new(book, long, "Sources", &columns)?;
    for own in &assessment.sources {
        let found = match own.passage_found {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let (dated, checked) = (own.document_date().unwrap_or("no date"), own.last_checked.to_string());
        let (rules, others) = (own.rules.join(" "), own.contradicted_by.join(" "));
        let url = own.source.url;
        table.row(&[
            own.id,
            own.claim,
            own.source.title,
            dated,
            &checked,
            found,
            own.standing,
            &rules,
            &others,
            url,
        ])?;
    }
    table.finish()
}
