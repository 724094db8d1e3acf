//! The console: what goes to stdout and what to stderr, and how it looks.

use std::io::{self, IsTerminal as _, Write};

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
            FormatArg::Sarif => Self::Sarif,
            FormatArg::Junit => Self::Junit,
            FormatArg::Github => Self::Github,
            FormatArg::AzurePipelines => Self::AzurePipelines,
            FormatArg::Gitlab => Self::Gitlab,
            FormatArg::Markdown => Self::Markdown,
            FormatArg::Csv => Self::Csv,
            FormatArg::Xlsx => Self::Xlsx,
            FormatArg::Html => Self::Html,
            FormatArg::Ocsf => Self::Ocsf,
            FormatArg::Oscal => Self::Oscal,
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

    /// Whether `--quiet` was given.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
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

    /// The exit of a run: that of its assessment, unless something it was to write is `missing`.
    pub(super) fn settle(&self, missing: &[Failure], otherwise: Exit) -> Exit {
        for failure in missing {
            self.failure(failure);
        }
        missing.first().map_or(otherwise, |failure| failure.exit)
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

    /// Refuses to send a report that is no text to a terminal.
    ///
    /// # Errors
    /// A usage error that names the flag that writes a file.
    pub(super) fn check_stdout(format: FormatArg) -> Result<(), Failure> {
        refuse_binary(format.into(), io::stdout().is_terminal())
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

/// Writes the report to a file: no colour, no links, a fixed width, and everything the assessment holds; passing results as
/// [`Format::passes_on_request`] says.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn write(
    format: FormatArg,
    assessment: &Assessment,
    show_pass: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let format = Format::from(format);
    let show_pass = show_pass || !format.passes_on_request();
    let look = Look { show_pass, verbose: true, ..Look::new(Screen::plain(FILE_WIDTH)) };
    report::render(format, assessment, &look, out)
}

fn refuse_binary(format: Format, terminal: bool) -> Result<(), Failure> {
    let word = format.as_str();
    if format.is_binary() && terminal {
        let message = format!("--format {word}: the report is no text, and stdout is a terminal");
        return Err(Failure::usage(message, format!("Write it to a file: --report {word}=FILE")));
    }
    Ok(())
}

/// Exit of an assessment.
pub(super) fn exit_of(assessment: &Assessment) -> Exit {
    Exit::ALL.into_iter().find(|exit| exit.code() == assessment.exit_code).unwrap_or(Exit::NotAudited)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn the_words_of_the_flag_are_those_of_the_formats() {
        let words = |arg: &FormatArg| (Format::from(*arg), arg.to_possible_value().unwrap().get_name().to_owned());
        let flags: Vec<_> = FormatArg::value_variants().iter().map(words).collect();
        let formats: Vec<_> = Format::ALL.into_iter().map(|format| (format, format.as_str().to_owned())).collect();
        assert_eq!(flags, formats);
    }

    #[test]
    fn a_terminal_gets_text_only() {
        let refused = refuse_binary(Format::Xlsx, true).unwrap_err();
        assert_eq!(refused.exit, Exit::Usage);
        assert_eq!(refused.help, ["Write it to a file: --report xlsx=FILE"]);
        assert_eq!(refuse_binary(Format::Xlsx, false), Ok(()));
        assert_eq!(refuse_binary(Format::Csv, true), Ok(()));
    }
}
