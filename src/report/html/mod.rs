//! The report for auditors: one page that holds everything the assessment says, readable on paper, on a phone and
//! without JavaScript, and that can be attached to a mail because it asks no network for anything.
//!
//! Two things keep hostile names harmless, whatever a part of the page does with them: the templates escape every value,
//! and everything they produce passes [`Page::put`], which makes control and direction characters visible. The content
//! security policy allows the two embedded files by their hashes and nothing else.

mod accepted;
mod accounts;
mod coverage;
pub(super) mod data_map;
mod evidence;
pub(super) mod history;
mod mark;
mod picture;
mod places;
mod results;
mod retention;
mod rule;
mod sources;
mod summary;
pub(super) mod worksheet;

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use self::places::Places;
use crate::assessment::Assessment;
use crate::term::sanitise;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Writes the page.
pub(super) fn render(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let places = Places::new(assessment);
    let mut page = Page { out };
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n")?;
    let title =
        format!("zdr-check: {}, {}", summary::word(assessment), assessment.run.finished_at.strftime("%Y-%m-%d"));
    page.put(&head(&[STYLE], Some(SCRIPT), &title))?;
    page.raw("<style>")?;
    page.raw(STYLE)?;
    page.raw("</style>\n</head>\n<body>\n")?;
    page.put(&mark::symbols())?;
    page.put(&summary::banner(assessment))?;
    page.raw("<main id=\"content\" tabindex=\"-1\">\n")?;
    page.put(&summary::write(assessment))?;
    picture::write(&mut page, assessment, &places)?;
    accounts::write(&mut page, assessment, &places)?;
    results::write(&mut page, assessment, &places)?;
    page.put(&retention::write(assessment, &places))?;
    page.put(&accepted::write(assessment))?;
    page.put(&accepted::notes(assessment))?;
    page.put(&coverage::write(assessment, &places))?;
    page.put(&sources::write(assessment))?;
    page.raw("</main>\n")?;
    page.put(&footer())?;
    page.raw("<script>")?;
    page.raw(SCRIPT)?;
    page.raw("</script>\n</body>\n</html>\n")
}

/// Where the page goes.
struct Page<'a> {
    out: &'a mut dyn Write,
}

impl Page<'_> {
    /// Writes escaped markup. It has no line ends of its own, so the ones in it are somebody's name and are shown.
    fn put(&mut self, markup: &Markup) -> io::Result<()> {
        self.out.write_all(sanitise(&markup.0).as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// Writes our own text as it is.
    fn raw(&mut self, text: &'static str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }
}

/// The head of a page that loads nothing: its policy allows these style sheets and this script by their hashes, and no other.
fn head(styles: &[&str], script: Option<&str>, title: &str) -> Markup {
    let allow = |texts: &[&str]| {
        let hashes: Vec<String> = texts.iter().map(|text| format!("'{}'", hash(text))).collect();
        hashes.join(" ")
    };
    let script = script.map(|text| format!("script-src {}; ", allow(&[text]))).unwrap_or_default();
    let policy =
        format!("default-src 'none'; style-src {}; {script}base-uri 'none'; form-action 'none'", allow(styles));
    html! {
        meta charset="utf-8";
        meta http-equiv="Content-Security-Policy" content=(policy);
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        meta name="referrer" content="no-referrer";
        meta name="generator" content={ "zdr-check " (env!("CARGO_PKG_VERSION")) };
        title { (title) }
    }
}

fn footer() -> Markup {
    html! {
        footer {
            p {
                "Written by zdr-check " (env!("CARGO_PKG_VERSION")) ". This page holds the whole assessment and loads "
                "nothing from anywhere. What could not be read is shown as unknown and never counted as a pass."
            }
            p { "Technical evidence for a review; not legal advice and not a certificate." }
        }
    }
}

/// The source expression of a content security policy that allows exactly this text.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// Our own markup, as it is: only for text that is part of the program.
fn trusted(text: &str) -> PreEscaped<String> {
    PreEscaped(text.replace('\n', "&#10;"))
}

/// `1 account`, `2 accounts`.
fn count(number: usize, noun: &str) -> String {
    super::table::style::count(number, noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_files_cannot_end_their_element() {
        assert!(!STYLE.to_lowercase().contains("</") && !SCRIPT.to_lowercase().contains("</"));
        assert!(!SCRIPT.contains("<!--"));
    }
}
