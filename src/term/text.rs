//! Words in columns: width, wrapping and shortening by what a terminal shows, not by bytes.

use anstyle::Style;
use unicode_width::UnicodeWidthChar as _;

/// A piece of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: Style,
    /// Where it leads, when it is a link.
    pub link: Option<String>,
}

impl Span {
    /// Without style.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::styled(text, Style::new())
    }

    /// With a style.
    pub fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style, link: None }
    }

    /// The same, leading somewhere.
    #[must_use]
    pub fn to(self, link: Option<String>) -> Self {
        Self { link, ..self }
    }
}

/// What happens to a word that is longer than a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlong {
    /// It is broken, after a mark such as `/` or `-` where there is one.
    Break,
    /// It stays whole and sticks out: addresses are there to be copied.
    Keep,
}

/// Columns that `text` takes.
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// `text` in at most `limit` columns, with `ellipsis` in its middle when something had to go: ends tell names apart.
pub fn shorten(text: &str, limit: usize, ellipsis: &str) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(width(ellipsis));
    let mut head = String::new();
    let mut used = 0;
    for c in text.chars() {
        if used + columns(c) > room - room / 2 {
            break;
        }
        used += columns(c);
        head.push(c);
    }
    let mut tail = Vec::new();
    for c in text.chars().rev() {
        if used + columns(c) > room {
            break;
        }
        used += columns(c);
        tail.push(c);
    }
    head + ellipsis + &tail.into_iter().rev().collect::<String>()
}

/// One character and the index of the span it came from.
type Glyph = (char, usize);

/// Breaks `spans` into lines of at most `limit` columns, at blanks. Runs of blanks count as one.
pub fn wrap(spans: &[Span], limit: usize, overlong: Overlong) -> Vec<Vec<Span>> {
    let glyphs: Vec<Glyph> =
        spans.iter().enumerate().flat_map(|(index, span)| span.text.chars().map(move |c| (c, index))).collect();
    let mut lines: Vec<Vec<Glyph>> = vec![Vec::new()];
    let mut used = 0;
    let mut gap = None;
    for word in glyphs.split_inclusive(|(c, _)| *c == ' ') {
        let (blank, word) = match word.split_last() {
            Some((last @ (' ', _), rest)) => (Some(*last), rest),
            Some(_) | None => (None, word),
        };
        for piece in pieces(word, limit, overlong) {
            let wide = measure(piece);
            let first = used == 0;
            if !first && used + usize::from(gap.is_some()) + wide > limit {
                lines.push(Vec::new());
                used = 0;
            } else if let Some(blank) = gap.filter(|_| !first) {
                used += 1;
                lines.last_mut().into_iter().for_each(|line| line.push(blank));
            }
            gap = None;
            used += wide;
            lines.last_mut().into_iter().for_each(|line| line.extend_from_slice(piece));
        }
        gap = blank.or(gap);
    }
    lines.iter().map(|line| regroup(line, spans)).collect()
}

fn measure(glyphs: &[Glyph]) -> usize {
    glyphs.iter().map(|(c, _)| columns(*c)).sum()
}

/// The word itself, or as many parts as it takes to fit a line.
fn pieces(mut word: &[Glyph], limit: usize, overlong: Overlong) -> Vec<&[Glyph]> {
    let mut all = Vec::new();
    while overlong == Overlong::Break && measure(word) > limit {
        let mut used = 0;
        let fits = word.iter().take_while(|(c, _)| {
            used += columns(*c);
            used <= limit
        });
        let most = fits.count().max(1);
        let mark = word[..most].iter().rposition(|(c, _)| matches!(c, '/' | '-' | '_' | '.' | ',' | '=' | ':' | '}'));
        let (piece, rest) = word.split_at(mark.filter(|&at| at >= most / 2).map_or(most, |at| at + 1));
        all.push(piece);
        word = rest;
    }
    if !word.is_empty() {
        all.push(word);
    }
    all
}

fn regroup(line: &[Glyph], spans: &[Span]) -> Vec<Span> {
    line.chunk_by(|left, right| left.1 == right.1)
        .map(|run| Span { text: run.iter().map(|(c, _)| *c).collect(), ..spans[run[0].1].clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, limit: usize) -> Vec<String> {
        let whole = |line: Vec<Span>| line.into_iter().map(|span| span.text).collect();
        wrap(&[Span::plain(text)], limit, Overlong::Break).into_iter().map(whole).collect()
    }

    #[test]
    fn lines_break_at_blanks() {
        assert_eq!(lines("one two  three four", 9), ["one two", "three", "four"]);
        assert_eq!(lines("", 9), [""]);
        assert_eq!(lines("exactly nine", 12), ["exactly nine"]);
    }

    #[test]
    fn only_words_longer_than_a_line_are_broken_and_then_after_a_mark() {
        assert_eq!(lines("an /abcdef/ghijkl/mno id", 10), ["an", "/abcdef/", "ghijkl/mno", "id"]);
        assert_eq!(lines("aaaaaaaaaaaaa", 10), ["aaaaaaaaaa", "aaa"]);
        let kept = wrap(&[Span::plain("see https://a.example/long")], 10, Overlong::Keep);
        assert_eq!(kept.len(), 2);
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(width("本番"), 4);
        assert!(lines(&"本".repeat(11), 5).iter().all(|line| width(line) <= 5));
        assert_eq!(shorten(&"本".repeat(11), 8, "…"), "本本…本");
    }

    #[test]
    fn a_style_survives_the_line_end() {
        let bold = Style::new().bold();
        let wrapped = wrap(&[Span::plain("a "), Span::styled("b c", bold)], 3, Overlong::Break);
        assert_eq!(wrapped[1], [Span::styled("c", bold)]);
    }

    #[test]
    fn the_middle_goes_first() {
        assert_eq!(shorten("oai-production-sweden", 11, "…"), "oai-p…weden");
        assert_eq!(shorten("short", 5, "…"), "short");
    }
}
