//! One table that may need several sheets, and the texts no cell can hold.

use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::COLOURS;
use crate::outcome::Severity;
use crate::term::sanitise;

/// Rows of a sheet, the heading included.
const ROWS: u32 = 1_048_576;
/// Characters of a cell, counted in UTF-16 units.
const CELL: usize = 32_767;
/// Stands at the end of a cell whose text goes on elsewhere; leaves room for the number.
const MARK: usize = 64;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    title: &'static str,
    width: u32,
    colours: Colours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colours {
    None,
    Outcome,
    Severity,
}

impl Column {
    /// Plain text, `width` characters wide.
    pub(super) fn text(title: &'static str, width: u32) -> Self {
        Self { title, width, colours: Colours::None }
    }

    /// Outcomes, coloured.
    pub(super) fn outcome(title: &'static str) -> Self {
        Self { title, width: 15, colours: Colours::Outcome }
    }

    /// Severities, coloured.
    pub(super) fn severity(title: &'static str) -> Self {
        Self { title, width: 10, colours: Colours::Severity }
    }
}

/// A table under construction.
pub(super) struct Table<'a> {
    book: &'a mut Workbook,
    long: &'a mut Long,
    title: &'static str,
    columns: &'a [Column],
    sheets: u32,
    /// Place of the sheet at hand in the workbook.
    index: usize,
    /// Next row of the sheet at hand.
    next: u32,
}

impl<'a> Table<'a> {
    pub(super) fn new(
        book: &'a mut Workbook,
        long: &'a mut Long,
        title: &'static str,
        columns: &'a [Column],
    ) -> Result<Self, XlsxError> {
        let mut table = Self { book, long, title, columns, sheets: 0, index: 0, next: ROWS };
        table.turn()?;
        Ok(table)
    }

    /// Adds a row.
    pub(super) fn row(&mut self, texts: &[&str]) -> Result<(), XlsxError> {
        if self.next == ROWS {
            self.turn()?;
        }
        let (name, row) = (self.name(), self.next);
        let Self { book, long, columns, index, .. } = self;
        let sheet = book.worksheet_from_index(*index)?;
        for (column, text) in (0..).zip(texts) {
            let text = sanitise(text);
            let place = || (name.clone(), row + 1, columns.get(usize::from(column)).map_or("", |own| own.title));
            sheet.write_string(row, column, long.shorten(&text, place))?;
        }
        self.next += 1;
        Ok(())
    }

    /// Ends the table.
    pub(super) fn finish(mut self) -> Result<(), XlsxError> {
        self.close()
    }

    fn name(&self) -> String {
        if self.sheets < 2 { self.title.to_owned() } else { format!("{} {}", self.title, self.sheets) }
    }

    /// Starts a sheet: heading, widths and the frozen first row.
    fn turn(&mut self) -> Result<(), XlsxError> {
        self.close()?;
        self.sheets += 1;
        self.index = self.book.worksheets().len();
        let name = self.name();
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        let heading = heading();
        for (at, column) in (0..).zip(self.columns) {
            sheet.set_column_width(at, column.width)?;
            sheet.write_string_with_format(0, at, column.title, &heading)?;
        }
        self.next = 1;
        Ok(())
    }

    /// Ends the sheet at hand: filter and colours over all its rows.
    fn close(&mut self) -> Result<(), XlsxError> {
        if self.sheets == 0 {
            return Ok(());
        }
        let columns = self.columns;
        let last = self.next.saturating_sub(1);
        let width = u16::try_from(columns.len()).unwrap_or(1).saturating_sub(1);
        let sheet = self.book.worksheet_from_index(self.index)?;
        sheet.autofilter(0, 0, last, width)?;
        for (at, column) in (0..).zip(columns) {
            colour(sheet, at, last, column.colours)?;
        }
        Ok(())
    }
}

/// Bold on grey.
pub(super) fn heading() -> Format {
    Format::new().set_bold().set_background_color(Color::RGB(0x00D9_D9D9)).set_align(FormatAlign::Top)
}

fn colour(sheet: &mut Worksheet, column: u16, last: u32, colours: Colours) -> Result<(), XlsxError> {
    if last == 0 {
        return Ok(());
    }
    match colours {
        Colours::None => Ok(()),
        Colours::Outcome => COLOURS.iter().try_for_each(|(outcome, fill, text)| {
            word(sheet, column, last, outcome.as_str(), Format::new().set_background_color(*fill).set_font_color(*text))
        }),
        Colours::Severity => Severity::ALL.into_iter().try_for_each(|severity| {
            let format = match severity {
                Severity::Critical => Format::new().set_bold().set_font_color(0x009C_0006),
                Severity::High => Format::new().set_font_color(0x009C_0006),
                Severity::Medium => Format::new().set_font_color(0x0074_4D00),
                Severity::Low | Severity::Info => Format::new().set_font_color(0x0059_5959),
            };
            word(sheet, column, last, severity.as_str(), format)
        }),
    }
}

fn word(sheet: &mut Worksheet, column: u16, last: u32, word: &str, format: Format) -> Result<(), XlsxError> {
    let rule = ConditionalFormatCellRule::EqualTo(word.to_owned());
    let format = ConditionalFormatCell::new().set_rule(rule).set_format(format);
    sheet.add_conditional_format(1, column, last, column, &format).map(|_| ())
}

/// Texts no cell can hold, whole and in parts.
#[derive(Debug, Default)]
pub(super) struct Long {
    parts: Vec<[String; 5]>,
    texts: usize,
}

impl Long {
    /// `text` if a cell can hold it, else its beginning and where the whole text is.
    pub(super) fn shorten(&mut self, text: &str, place: impl FnOnce() -> (String, u32, &'static str)) -> String {
        let units = |text: &str| text.encode_utf16().count();
        // No text has more UTF-16 units than bytes.
        if text.len() <= CELL || units(text) <= CELL {
            return text.to_owned();
        }
        self.texts += 1;
        let (sheet, row, column) = place();
        let parts = cut(text, CELL);
        for (number, part) in parts.iter().enumerate() {
            let of = format!("{} of {}", number + 1, parts.len());
            self.parts.push([
                self.texts.to_string(),
                format!("{sheet}, row {row}"),
                column.to_owned(),
                of,
                (*part).to_owned(),
            ]);
        }
        let first = cut(text, CELL - MARK).first().copied().unwrap_or_default();
        format!("{first}… (whole text: sheet Long texts, text {})", self.texts)
    }

    /// Writes the sheet, if there is anything to write.
    pub(super) fn write(self, book: &mut Workbook) -> Result<(), XlsxError> {
        if self.parts.is_empty() {
            return Ok(());
        }
        let columns = [
            Column::text("text", 8),
            Column::text("belongs to", 24),
            Column::text("column", 18),
            Column::text("part", 10),
            Column::text("content", 100),
        ];
        let mut none = Self::default();
        let mut table = Table::new(book, &mut none, "Long texts", &columns)?;
        for part in &self.parts {
            table.row(&part.each_ref().map(String::as_str))?;
        }
        table.finish()
    }
}

/// `text` in pieces of at most `most` UTF-16 units; nothing is lost and no character is cut.
fn cut(text: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut units) = (0, 0);
    for (at, c) in text.char_indices() {
        if units + c.len_utf16() > most {
            pieces.push(&text[start..at]);
            (start, units) = (at, 0);
        }
        units += c.len_utf16();
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters_and_kept_whole() {
        let text = "a𝒳".repeat(30_000);
        let pieces = cut(&text, CELL);
        assert_eq!(pieces.concat(), text);
        assert!(pieces.iter().all(|piece| piece.encode_utf16().count() <= CELL));
        let mut long = Long::default();
        let shown = long.shorten(&text, || ("Results".to_owned(), 7, "message"));
        assert!(shown.ends_with("… (whole text: sheet Long texts, text 1)"));
        assert!(shown.encode_utf16().count() <= CELL);
        assert_eq!(long.parts.iter().map(|part| part[4].as_str()).collect::<String>(), text);
        assert_eq!(long.shorten("short", || unreachable!()), "short");
    }

    #[test]
    fn a_full_sheet_goes_on_in_another_one() {
        let mut book = Workbook::new();
        let mut long = Long::default();
        let columns = [Column::text("a", 5)];
        let mut table = Table::new(&mut book, &mut long, "Results", &columns).unwrap();
        table.next = ROWS - 1;
        table.row(&["last of the first"]).unwrap();
        table.row(&["first of the second"]).unwrap();
        assert_eq!((table.name().as_str(), table.next), ("Results 2", 2));
        table.finish().unwrap();
        let names: Vec<String> = book.worksheets().iter().map(Worksheet::name).collect();
        assert_eq!(names, ["Results", "Results 2"]);
    }
}
