//! The workbook: sheets for the summary, the accounts, the results, the coverage, retention and sources, and one for texts too
//! long for a cell.
//!
//! Every text is written as a string, so that nothing in it becomes a formula or a link. What a sheet cannot hold goes on
//! in another one: rows beyond 1,048,576 in `Results 2`, the rest of a text beyond 32,767 characters in `Long texts`
//! (Excel specifications and limits, support.microsoft.com, read 2026-11-22). The time inside is that of the run.

mod evidence;
mod sheet;
mod summary;

use std::io::{self, Write};

use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::sheet::{Column, Long, Table};
use super::rows::{COLUMNS, Rows};
use super::table::names::Names;
use crate::assessment::Assessment;
use crate::outcome::{Axis, Outcome};

/// Writes the workbook.
pub(super) fn render(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(assessment).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn workbook(assessment: &Assessment) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(assessment)?);
    let mut long = Long::default();
    let names = Names::new(assessment);
    summary::write(&mut book, &mut long, assessment)?;
    accounts(&mut book, &mut long, assessment, &names)?;
    deployments(&mut book, &mut long, assessment)?;
    results(&mut book, &mut long, assessment)?;
    coverage(&mut book, &mut long, assessment)?;
    evidence::retention(&mut book, &mut long, assessment, &names)?;
    evidence::sources(&mut book, &mut long, assessment)?;
    long.write(&mut book)?;
    book.save_to_buffer()
}

fn properties(assessment: &Assessment) -> Result<DocProperties, XlsxError> {
    let at = assessment.run.finished_at.to_zoned(TimeZone::UTC).datetime();
    let year = u16::try_from(at.year()).unwrap_or(1900);
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    let time = ExcelDateTime::from_ymd(year, part(at.month()), part(at.day()))?.and_hms(
        u16::from(part(at.hour())),
        part(at.minute()),
        f64::from(at.second()),
    )?;
    let tool = format!("zdr-check {}", env!("CARGO_PKG_VERSION"));
    Ok(DocProperties::new().set_title("Zero data retention report").set_author(tool).set_creation_datetime(&time))
}

fn accounts(book: &mut Workbook, long: &mut Long, assessment: &Assessment, names: &Names<'_>) -> Result<(), XlsxError> {
    let mut columns = vec![
        Column::outcome("verdict"),
        Column::text("account", 34),
        Column::text("subscription", 24),
        Column::text("resource group", 24),
        Column::text("location", 18),
        Column::text("kind", 16),
        Column::text("policy scope", 14),
    ];
    columns.extend(Axis::ALL.map(|axis| Column::outcome(axis.as_str())));
    columns.extend([Column::text("deployments", 12), Column::text("id", 60)]);
    let mut table = Table::new(book, long, "Accounts", &columns)?;
    for account in &assessment.accounts {
        let deployments = account.deployments.as_ref().map_or("unknown".to_owned(), |all| all.len().to_string());
        let mut row = vec![
            account.verdict.as_str(),
            &account.name,
            names.subscription(&account.subscription_id),
            &account.resource_group,
            account.location.as_deref().unwrap_or_default(),
            account.kind.as_deref().unwrap_or_default(),
            account.policy_scope.as_deref().unwrap_or_default(),
        ];
        row.extend(Axis::ALL.map(|axis| account.axis(axis).as_str()));
        row.extend([deployments.as_str(), &account.id]);
        table.row(&row)?;
    }
    table.finish()
}

fn deployments(book: &mut Workbook, long: &mut Long, assessment: &Assessment) -> Result<(), XlsxError> {
    let columns = [
        Column::text("account", 34),
        Column::text("deployment", 28),
        Column::text("processing", 12),
        Column::text("sku", 24),
        Column::text("model format", 14),
        Column::text("model", 24),
        Column::text("model version", 16),
        Column::text("account id", 60),
    ];
    let mut table = Table::new(book, long, "Deployments", &columns)?;
    for account in &assessment.accounts {
        for own in account.deployments.iter().flatten() {
            let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
            table.row(&[
                &account.name,
                &own.name,
                own.processing,
                &text(&own.sku),
                &text(&own.model_format),
                &text(&own.model_name),
                &text(&own.model_version),
                &account.id,
            ])?;
        }
    }
    table.finish()
}

fn results(book: &mut Workbook, long: &mut Long, assessment: &Assessment) -> Result<(), XlsxError> {
    let columns = COLUMNS.map(|title| match title {
        "outcome" | "waiver_inner" => Column::outcome(title),
        "severity" => Column::severity(title),
        "message" | "remediation" | "evidence" | "title" => Column::text(title, 60),
        "account_id" | "resource_id" => Column::text(title, 50),
        "account_name" | "rule" | "subscription_id" | "run_id" => Column::text(title, 36),
        _ => Column::text(title, 18),
    });
    let mut table = Table::new(book, long, "Results", &columns)?;
    for row in Rows::new(assessment).iter() {
        table.row(&row.each_ref().map(String::as_str))?;
    }
    table.finish()
}

fn coverage(book: &mut Workbook, long: &mut Long, assessment: &Assessment) -> Result<(), XlsxError> {
    let columns = [
        Column::text("what", 16),
        Column::text("status", 14),
        Column::text("cause", 22),
        Column::text("name", 30),
        Column::text("state", 12),
        Column::text("accounts", 10),
        Column::text("operation", 34),
        Column::text("missing right", 50),
        Column::text("detail", 60),
        Column::text("scope", 60),
    ];
    let mut table = Table::new(book, long, "Coverage", &columns)?;
    for own in &assessment.coverage.subscriptions {
        let (name, state) = (own.name.as_deref().unwrap_or_default(), own.state.as_deref().unwrap_or("unknown"));
        let cause = own.cause.unwrap_or_default();
        let (accounts, status) = (own.accounts.to_string(), own.status.as_str());
        let scope = format!("/subscriptions/{}", own.id);
        table.row(&["subscription", status, cause, name, state, &accounts, "", "", "", &scope])?;
    }
    for own in &assessment.coverage.unreadable {
        let (action, detail) = (own.action.as_deref().unwrap_or_default(), own.detail.as_deref().unwrap_or_default());
        let unread = "unreadable";
        table.row(&["failed read", unread, own.cause, "", "", "", own.operation, action, detail, &own.scope])?;
    }
    table.finish()
}

/// Words of outcomes with the colours a reader expects; the word is always there too.
const COLOURS: [(Outcome, u32, u32); 7] = [
    (Outcome::Fail, 0x00FF_C7CE, 0x009C_0006),
    (Outcome::Unknown, 0x00FF_EB9C, 0x0074_4D00),
    (Outcome::Manual, 0x00DD_EBF7, 0x001F_4E78),
    (Outcome::Waived, 0x00E4_DFEC, 0x0040_3151),
    (Outcome::Attested, 0x00E4_DFEC, 0x0040_3151),
    (Outcome::Pass, 0x00C6_EFCE, 0x0000_6100),
    (Outcome::NotApplicable, 0x00F2_F2F2, 0x0059_5959),
];
