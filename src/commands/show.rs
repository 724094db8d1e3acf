//! The console: what goes to stdout and what to stderr, and how it looks.

use std::io::{self, Write};

use super::failure::Failure;
use crate::assessment::Assessment;
use crate::cli::{FormatArg, LookArgs};
use crate::gate::Exit;
use crate::report::{self, Format, Look};
use crate::term::{self, Overlong, Preferences, Progress, Screen, Span, Stream, Surroundings};

/// Width of a table that goes to a file.
const FILE_WIDTH: usize = 120;

/// Standard output and error of the program.
#[derive(Debug, Clone)]
pub(super) struct Console {
    surroundings: Surroundings,
    preferences: Preferences,
    quiet: bool,
    progress: bool,
    verbose: bool,
}

impl From<FormatArg> for Format {
    fn from(arg: FormatArg) -> Self {
        match arg {
            FormatArg::Table => Self::Table,
            FormatArg::Json => Self::Json,
        }
    }
}

impl Console {
    /// The console the flags describe.
    pub(super) fn new(args: &LookArgs) -> Self {
        Self {
            surroundings: Surroundings::of_process(),
            preferences: Preferences {
                colour: args.color,
                hyperlinks: args.hyperlinks,
                width: None,
                ascii: args.ascii,
            },
            quiet: args.quiet,
            progress: !args.quiet && !args.no_progress && args.verbose == 0,
            verbose: args.verbose > 0,
        }
    }

    /// How stdout looks.
    pub(super) fn screen(&self) -> Screen {
        self.surroundings.screen(&self.preferences, Stream::Stdout)
    }

    /// Progress of a long run, on stderr.
    pub(super) fn progress(&self) -> Progress {
        self.surroundings.progress(self.progress)
    }

    /// Prints to stdout. A reader that went away is no failure.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let written = write(&mut out).and_then(|()| out.flush());
        term::ignore_broken_pipe(written).map_err(|error| {
            Failure::not_audited(
                format!("cannot write to stdout: {error}"),
                "Free some space, or give --report a path.",
            )
        })
    }

    /// One line on stderr, unless `--quiet`.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Remote text, made harmless for stdout.
    pub(super) fn clean(&self, text: &str) -> String {
        self.screen().clean(text).into_owned()
    }

    /// Something that must not be overlooked, even with `--quiet`.
    pub(super) fn warn(&self, text: &str) {
        self.complain(&format!("warning: {text}"));
    }

    /// Prints an error with its advice to stderr.
    pub(super) fn failure(&self, failure: &Failure) {
        self.complain(&format!("error: {}", failure.message));
        for line in &failure.help {
            self.complain(&format!("  {line}"));
        }
    }

    /// Wrapped to the terminal with a hanging indent; every part that came from elsewhere was made safe by its author.
    fn complain(&self, text: &str) {
        let screen = self.surroundings.screen(&self.preferences, Stream::Stderr);
        let text = screen.clean(text);
        let indent = text.len() - text.trim_start().len();
        let first = Span::plain(" ".repeat(indent));
        let wrapped = screen.paragraph(&first, &[Span::plain(text.trim_start())], Overlong::Keep);
        // Nothing is left to tell when stderr itself is gone.
        let _ = io::stderr().lock().write_all(wrapped.as_bytes());
    }

    /// Writes the report to stdout.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub(super) fn report(&self, format: FormatArg, assessment: &Assessment, show_pass: bool) -> Result<(), Failure> {
        let look = Look { show_pass, verbose: self.verbose, quiet: self.quiet, ..Look::new(self.screen()) };
        Self::print(|out| report::render(format.into(), assessment, &look, out))
    }
}

/// Writes the report to a file: no colour, no links, a fixed width.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn write(
    format: FormatArg,
    assessment: &Assessment,
    show_pass: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let look = Look { show_pass, ..Look::new(Screen::plain(FILE_WIDTH)) };
    report::render(format.into(), assessment, &look, out)
}

/// Exit of an assessment.
pub(super) fn exit_of(assessment: &Assessment) -> Exit {
    Exit::ALL.into_iter().find(|exit| exit.code() == assessment.exit_code).unwrap_or(Exit::NotAudited)
}
