//! What the program may assume about the terminal: colour, width, symbols, hyperlinks, progress.
//!
//! Azure names are chosen by other people, so every remote string passes [`Screen::clean`] before it is shown. The decisions
//! are taken once, from the flags and one look at the surroundings, and handed down as a [`Screen`].

mod progress;
mod sanitise;
mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};

use anstyle::Style;

pub use progress::Progress;
pub use sanitise::{is_hostile, sanitise, sanitise_ascii};
pub use text::{Overlong, Span, shorten, width, wrap};

/// Value of `--color` and `--hyperlinks`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum When {
    /// When the output is a terminal and the environment does not object.
    #[default]
    Auto,
    /// Whatever the output is.
    Always,
    /// Not at all.
    Never,
}

impl When {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Always, Self::Never];

    /// The word of the flag.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// An output of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The report.
    Stdout,
    /// Progress, hints and logs.
    Stderr,
}

/// What the flags say about the terminal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Preferences {
    /// `--color`.
    pub colour: When,
    /// `--hyperlinks`.
    pub hyperlinks: When,
    /// `--width`, in columns.
    pub width: Option<usize>,
    /// `--ascii`.
    pub ascii: bool,
}

/// Marks in front of words. The word is always there too, so that nothing depends on a glyph or a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbols {
    /// The defect is not there.
    pub pass: &'static str,
    /// The defect is there.
    pub fail: &'static str,
    /// It could not be told.
    pub unknown: &'static str,
    /// A person must attest.
    pub manual: &'static str,
    /// Accepted until a date.
    pub waived: &'static str,
    /// Answered until a date.
    pub attested: &'static str,
    /// No meaning for the resource.
    pub none: &'static str,
    /// Start of a list item.
    pub bullet: &'static str,
    /// Between parts of one line.
    pub dot: &'static str,
    /// In place of what was left out.
    pub ellipsis: &'static str,
    /// Horizontal line.
    pub line: char,
    /// Whether these are ASCII.
    pub ascii: bool,
}

impl Symbols {
    /// For a UTF-8 terminal. Each mark is one column wide.
    pub const UNICODE: Self = Self {
        pass: "✔",
        fail: "✘",
        unknown: "?",
        manual: "✎",
        waived: "~",
        attested: "✓",
        none: "–",
        bullet: "•",
        dot: "·",
        ellipsis: "…",
        line: '─',
        ascii: false,
    };

    /// For every terminal.
    pub const ASCII: Self = Self {
        pass: "+",
        fail: "x",
        unknown: "?",
        manual: "m",
        waived: "~",
        attested: "=",
        none: "-",
        bullet: "*",
        dot: "|",
        ellipsis: "...",
        line: '-',
        ascii: true,
    };
}

/// How to write to one output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns; nothing is written beyond, except addresses that must stay in one piece.
    pub width: usize,
    /// Whether to write ANSI styles.
    pub colour: bool,
    /// Whether to write OSC 8 hyperlinks.
    pub hyperlinks: bool,
    /// The marks.
    pub symbols: Symbols,
}

impl Screen {
    /// For a file, or anything else that is no terminal.
    pub fn plain(width: usize) -> Self {
        Self { width: clamp(width), colour: false, hyperlinks: false, symbols: Symbols::UNICODE }
    }

    /// A remote string, made harmless. Without UTF-8 everything beyond ASCII is escaped too: an 8-bit terminal takes the
    /// second byte of some letters for a control code.
    pub fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.symbols.ascii { sanitise_ascii(text) } else { sanitise(text) }
    }

    /// `text` in `style`, when colour is on.
    pub fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && !style.is_plain() && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Wrapped lines of `spans`, styled. The first line starts with `first`, the others with as many blanks.
    pub fn paragraph(&self, first: &Span, spans: &[Span], overlong: Overlong) -> String {
        let hang = width(&first.text);
        let lines = wrap(spans, self.width.saturating_sub(hang).max(20), overlong);
        let mut out = self.span(first);
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                out.extend(std::iter::repeat_n(' ', hang));
            }
            for span in line {
                out.push_str(&self.span(span));
            }
            out.push('\n');
        }
        out
    }

    fn span(&self, span: &Span) -> String {
        let text = self.paint(span.style, &span.text);
        match &span.link {
            Some(url) if self.hyperlinks => format!("{}{text}{}", link_start(url), LINK_END),
            Some(_) | None => text,
        }
    }
}

/// Ends an OSC 8 hyperlink.
pub const LINK_END: &str = "\x1b]8;;\x1b\\";

/// Starts an OSC 8 hyperlink. Everything that has no place in a URL is percent-encoded, so that a name cannot end the
/// sequence early.
pub fn link_start(url: &str) -> String {
    let mut encoded = String::new();
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,=%".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase();
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    format!("\x1b]8;;{encoded}\x1b\\")
}

/// Narrowest and widest layout; beyond the latter lines get hard to read.
fn clamp(columns: usize) -> usize {
    columns.clamp(60, 200)
}

/// A reader that went away (`| head`) has seen enough: that is success.
///
/// # Errors
/// Every other error, unchanged.
pub fn ignore_broken_pipe(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// What the process can see of its terminal, read once.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    environment: BTreeMap<&'static str, String>,
    stdout: Device,
    stderr: Device,
}

/// One output as the operating system describes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Device {
    /// Whether it is a terminal.
    pub terminal: bool,
    /// Its columns, when it is a terminal that tells.
    pub columns: Option<usize>,
}

/// The variables that speak about terminals.
const VARIABLES: [&str; 10] =
    ["CI", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR", "TERM"];

impl Surroundings {
    /// Those of this process.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads variables about the terminal")]
    pub fn of_process() -> Self {
        let read = |name: &'static str| Some((name, std::env::var_os(name)?.to_string_lossy().into_owned()));
        let columns = |size: Option<(terminal_size::Width, terminal_size::Height)>| size.map(|(wide, _)| wide.0.into());
        Self {
            environment: VARIABLES.into_iter().filter_map(read).collect(),
            stdout: Device {
                terminal: io::stdout().is_terminal(),
                columns: columns(terminal_size::terminal_size_of(io::stdout())),
            },
            stderr: Device {
                terminal: io::stderr().is_terminal(),
                columns: columns(terminal_size::terminal_size_of(io::stderr())),
            },
        }
    }

    /// Made up ones; variables other than those this module reads are never asked for.
    pub fn new<const N: usize>(environment: [(&'static str, &str); N], stdout: Device, stderr: Device) -> Self {
        let environment = environment.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        Self { environment, stdout, stderr }
    }

    /// How to write to `stream`.
    pub fn screen(&self, preferences: &Preferences, stream: Stream) -> Screen {
        let device = self.device(stream);
        let ascii = preferences.ascii || self.dumb() || !self.unicode();
        Screen {
            width: self.columns(preferences.width, device),
            colour: self.colour(preferences.colour, device),
            hyperlinks: match preferences.hyperlinks {
                When::Always => true,
                When::Never => false,
                When::Auto => device.terminal && !self.dumb() && self.get("CI").is_none(),
            },
            symbols: if ascii { Symbols::ASCII } else { Symbols::UNICODE },
        }
    }

    /// Progress on stderr: shown when it is `wanted` (no `--quiet`, no `--no-progress`) and somebody watches.
    pub fn progress(&self, wanted: bool) -> Progress {
        Progress::new(wanted && self.stderr.terminal && !self.dumb(), self.unicode())
    }

    /// The flag, then `NO_COLOR`, then `CLICOLOR_FORCE` and `FORCE_COLOR`, then whether it is a terminal.
    fn colour(&self, choice: When, device: Device) -> bool {
        let off = |value: &str| matches!(value, "0" | "false");
        match choice {
            When::Always => return true,
            When::Never => return false,
            When::Auto => {}
        }
        if self.get("NO_COLOR").is_some() {
            return false;
        }
        if let Some(value) = self.get("CLICOLOR_FORCE").filter(|value| !off(value)).or_else(|| self.get("FORCE_COLOR"))
        {
            return !off(value);
        }
        device.terminal && !self.dumb() && self.get("CLICOLOR") != Some("0")
    }

    /// The flag, then `COLUMNS`, then the terminal, then 80.
    fn columns(&self, explicit: Option<usize>, device: Device) -> usize {
        let told = || self.get("COLUMNS").and_then(|value| value.parse().ok()).filter(|&columns: &usize| columns > 0);
        clamp(explicit.or_else(told).or(device.columns).unwrap_or(80))
    }

    fn dumb(&self) -> bool {
        self.get("TERM") == Some("dumb")
    }

    /// Whether the locale is UTF-8, by POSIX precedence. The Linux console has the encoding but not the glyphs.
    fn unicode(&self) -> bool {
        if cfg!(windows) {
            return true;
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| self.get(name)).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        (locale.contains("utf-8") || locale.contains("utf8")) && self.get("TERM") != Some("linux")
    }

    /// A variable that is set and not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn device(&self, stream: Stream) -> Device {
        match stream {
            Stream::Stdout => self.stdout,
            Stream::Stderr => self.stderr,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Device = Device { terminal: true, columns: Some(132) };
    const PIPE: Device = Device { terminal: false, columns: None };

    fn screen<const N: usize>(environment: [(&'static str, &str); N], stdout: Device, flags: &Preferences) -> Screen {
        Surroundings::new(environment, stdout, PIPE).screen(flags, Stream::Stdout)
    }

    #[test]
    fn the_order_of_colour_is_flag_then_environment_then_terminal() {
        let auto = Preferences::default();
        let flag = |colour| Preferences { colour, ..Preferences::default() };
        assert!(screen([], TERMINAL, &auto).colour);
        assert!(!screen([], PIPE, &auto).colour);
        assert!(!screen([("TERM", "dumb")], TERMINAL, &auto).colour);
        assert!(!screen([("CLICOLOR", "0")], TERMINAL, &auto).colour);
        assert!(!screen([("NO_COLOR", "1"), ("FORCE_COLOR", "1")], TERMINAL, &auto).colour);
        assert!(screen([("NO_COLOR", "")], TERMINAL, &auto).colour);
        assert!(screen([("FORCE_COLOR", "1")], PIPE, &auto).colour);
        assert!(screen([("CLICOLOR_FORCE", "1")], PIPE, &auto).colour);
        assert!(!screen([("CLICOLOR_FORCE", "0")], PIPE, &auto).colour);
        assert!(!screen([("FORCE_COLOR", "0")], TERMINAL, &auto).colour);
        assert!(screen([("NO_COLOR", "1")], PIPE, &flag(When::Always)).colour);
        assert!(!screen([("FORCE_COLOR", "1")], TERMINAL, &flag(When::Never)).colour);
    }

    #[test]
    fn stdout_and_stderr_are_judged_apart() {
        let both = Surroundings::new([], PIPE, TERMINAL);
        assert!(!both.screen(&Preferences::default(), Stream::Stdout).colour);
        assert!(both.screen(&Preferences::default(), Stream::Stderr).colour);
    }

    #[test]
    fn the_order_of_width_is_flag_then_columns_then_terminal_then_80() {
        let wide = |width| Preferences { width: Some(width), ..Preferences::default() };
        let auto = Preferences::default();
        assert_eq!(screen([("COLUMNS", "90")], TERMINAL, &wide(120)).width, 120);
        assert_eq!(screen([("COLUMNS", "90")], TERMINAL, &auto).width, 90);
        assert_eq!(screen([("COLUMNS", "many")], TERMINAL, &auto).width, 132);
        assert_eq!(screen([], PIPE, &auto).width, 80);
        assert_eq!(screen([], PIPE, &wide(1)).width, 60);
        assert_eq!(screen([], PIPE, &wide(9999)).width, 200);
    }

    #[test]
    #[cfg(not(windows))]
    fn marks_follow_the_locale() {
        let ascii = |environment: [(&'static str, &str); 2]| {
            screen(environment, TERMINAL, &Preferences::default()).symbols == Symbols::ASCII
        };
        assert!(!ascii([("LANG", "en_GB.UTF-8"), ("TERM", "xterm")]));
        assert!(!ascii([("LANG", "C"), ("LC_ALL", "C.utf8")]));
        assert!(ascii([("LANG", "en_GB.UTF-8"), ("LC_ALL", "C")]));
        assert!(ascii([("LANG", "en_GB.UTF-8"), ("TERM", "dumb")]));
        assert!(ascii([("LANG", ""), ("TERM", "xterm")]));
    }

    #[test]
    fn hyperlinks_need_a_terminal_unless_forced() {
        let flag = |hyperlinks| Preferences { hyperlinks, ..Preferences::default() };
        assert!(screen([], TERMINAL, &flag(When::Auto)).hyperlinks);
        assert!(!screen([], PIPE, &flag(When::Auto)).hyperlinks);
        assert!(!screen([("CI", "true")], TERMINAL, &flag(When::Auto)).hyperlinks);
        assert!(screen([], PIPE, &flag(When::Always)).hyperlinks);
        assert!(!screen([], TERMINAL, &flag(When::Never)).hyperlinks);
    }

    #[test]
    fn a_link_target_cannot_end_the_sequence() {
        assert_eq!(link_start("https://a/b\x1b\\;ü"), "\x1b]8;;https://a/b%1B%5C%3B%C3%BC\x1b\\");
    }

    #[test]
    fn a_reader_that_left_is_success() {
        assert!(ignore_broken_pipe(Err(io::ErrorKind::BrokenPipe.into())).is_ok());
        assert!(ignore_broken_pipe(Err(io::ErrorKind::StorageFull.into())).is_err());
    }

    #[test]
    fn a_paragraph_hangs_under_its_first_line() {
        let text = Screen::plain(60).paragraph(
            &Span::plain("Fix  "),
            &[Span::plain("aaaa ".repeat(20)), Span::styled("b", Style::new().bold())],
            Overlong::Break,
        );
        assert!(text.lines().skip(1).all(|line| line.starts_with("     a")));
        assert!(text.lines().all(|line| width(line) <= 60 && line.trim_end() == line));
    }
}
