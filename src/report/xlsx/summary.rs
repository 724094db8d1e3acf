//! The first sheet: what was looked at, the verdict, the counts and the notes.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::sheet::{Long, heading};
use crate::assessment::Assessment;
use crate::docs;
use crate::outcome::Outcome;
use crate::report::table::verdict;
use crate::report::{identity, table};
use crate::term::sanitise;

/// Writes the sheet.
pub(super) fn write(book: &mut Workbook, long: &mut Long, assessment: &Assessment) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name("Summary")?;
    sheet.set_column_width(0, 22)?.set_column_width(1, 70)?;
    for column in 2..6 {
        sheet.set_column_width(column, 12)?;
    }
    let mut page = Page { sheet, long, row: 0 };
    facts(&mut page, assessment)?;
    counts(&mut page, assessment)?;
    axes(&mut page, assessment)?;
    notes(&mut page, assessment)
}

struct Page<'a> {
    sheet: &'a mut Worksheet,
    long: &'a mut Long,
    row: u32,
}

impl Page<'_> {
    fn heading(&mut self, texts: &[&str]) -> Result<(), XlsxError> {
        self.row += 1;
        for (column, text) in (0..).zip(texts) {
            self.sheet.write_string_with_format(self.row, column, *text, &heading())?;
        }
        self.row += 1;
        Ok(())
    }

    fn text(&mut self, label: &str, text: &str) -> Result<(), XlsxError> {
        let (row, wrapped) = (self.row, Format::new().set_text_wrap().set_align(FormatAlign::Top));
        let shown = self.long.shorten(&sanitise(text), || ("Summary".to_owned(), row + 1, "text"));
        self.sheet.write_string(row, 0, label)?.write_string_with_format(row, 1, shown, &wrapped)?;
        self.row += 1;
        Ok(())
    }

    fn numbers(&mut self, label: &str, text: &str, numbers: &[usize]) -> Result<(), XlsxError> {
        self.sheet.write_string(self.row, 0, label)?.write_string(self.row, 1, text)?;
        for (column, number) in (2..).zip(numbers) {
            self.sheet.write_number(self.row, column, u32::try_from(*number).unwrap_or(u32::MAX))?;
        }
        self.row += 1;
        Ok(())
    }
}

fn facts(page: &mut Page<'_>, assessment: &Assessment) -> Result<(), XlsxError> {
    let run = &assessment.run;
    let title = Format::new().set_bold().set_font_size(14);
    page.sheet.write_string_with_format(0, 0, "Zero data retention report of zdr-check", &title)?;
    page.row = 1;
    let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
    let caller = format!(
        "{} {} in tenant {}",
        or_unknown(&run.principal.kind),
        or_unknown(&run.principal.object_id),
        or_unknown(&run.principal.tenant_id)
    );
    let requests = &assessment.coverage.requests;
    let requests = format!("{} sent, {} retried, {} throttled", requests.sent, requests.retried, requests.throttled);
    let rows = [
        ("Verdict", verdict::sentence(assessment)),
        ("Complete", if assessment.complete { "yes" } else { "no" }.to_owned()),
        ("Source", run.source.as_str().to_owned()),
        ("Scope", run.scopes.join(", ")),
        ("Cloud", run.cloud.as_str().to_owned()),
        ("Policy", table::policy(&run.policy).join(", ")),
        ("Policy file SHA-256", run.policy.file.as_ref().map_or("no file".to_owned(), |file| file.sha256.clone())),
        ("Caller", caller),
        ("Started", run.started_at.to_string()),
        ("Finished", run.finished_at.to_string()),
        ("Requests", requests),
        ("Subscriptions", assessment.summary.subscriptions.to_string()),
        ("Accounts", assessment.summary.accounts.to_string()),
        ("Run", identity::run(assessment).to_string()),
        ("Tool", format!("zdr-check {}", env!("CARGO_PKG_VERSION"))),
    ];
    rows.iter().try_for_each(|(label, text)| page.text(label, text))
}

fn counts(page: &mut Page<'_>, assessment: &Assessment) -> Result<(), XlsxError> {
    page.heading(&["outcome", "meaning", "results"])?;
    assessment
        .summary
        .outcomes
        .iter()
        .try_for_each(|(outcome, count)| page.numbers(outcome.as_str(), meaning(*outcome), &[*count]))
}

fn axes(page: &mut Page<'_>, assessment: &Assessment) -> Result<(), XlsxError> {
    page.heading(&["axis", "accounts by their state", "fail", "unknown", "manual", "pass"])?;
    assessment.summary.axes.iter().try_for_each(|(axis, own)| {
        page.numbers(axis.as_str(), docs::meaning(*axis), &[own.fail, own.unknown, own.manual, own.pass])
    })
}

fn notes(page: &mut Page<'_>, assessment: &Assessment) -> Result<(), XlsxError> {
    if assessment.notes.is_empty() {
        return Ok(());
    }
    page.heading(&["note", "on the policy file and the knowledge behind the rules"])?;
    assessment.notes.iter().try_for_each(|note| {
        let line = note.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        page.text(note.kind.as_str(), &format!("{line}{}. {}", note.message, note.remediation))
    })
}

/// What an outcome means, in one line.
fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "the defect is there",
        Outcome::Unknown => "it could not be told, and is no pass",
        Outcome::Manual => "no API can answer, a person must attest",
        Outcome::Waived => "a failure or an unknown that somebody accepted until a date",
        Outcome::Attested => "a manual item that somebody answered until a date",
        Outcome::Pass => "the defect is not there",
        Outcome::NotApplicable => "the rule has no meaning for the resource",
    }
}
