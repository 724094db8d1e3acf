//! The CSV report: RFC 4180, UTF-8, one row per result, every field quoted.
//!
//! A spreadsheet takes a field that starts like a formula for one, quoted or not, so such a field gets an apostrophe in front
//! (OWASP, CSV Injection, read 2026-11-22). Control and invisible characters are shown as `\u{…}`.

use std::borrow::Cow;
use std::io::{self, Write};

use ::csv::{QuoteStyle, Terminator, WriterBuilder};

use super::rows::{COLUMNS, Rows};
use crate::assessment::Assessment;

/// Writes the report.
pub(super) fn render(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = WriterBuilder::new().quote_style(QuoteStyle::Always).terminator(Terminator::CRLF).from_writer(out);
    writer.write_record(COLUMNS)?;
    for row in Rows::new(assessment).iter() {
        writer.write_record(row.iter().map(|text| inert(text).into_owned()))?;
    }
    writer.flush()
}

/// `text`, as no spreadsheet reads it as a formula. Blanks in front do not hide a formula from every program.
pub(super) fn inert(text: &str) -> Cow<'_, str> {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    if text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(SIGNS) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_starts_like_a_formula_is_text() {
        for text in
            ["=1+1", "+1", "-2+3", "@SUM(A1)", " =1", "＝1", "＋1", "－1", "＠A", "\ta", "\ra", "=cmd|' /C calc'!A0"]
        {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for text in ["", "a=b", "'a", "1", "/subscriptions/x", r"\t=1"] {
            assert_eq!(inert(text), text);
        }
    }
}
