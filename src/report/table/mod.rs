//! The report for people: worst first, every reason with its fix, nothing said twice.

pub(super) mod accepted;
mod accounts;
mod baseline;
mod clocks;
mod coverage;
mod findings;
pub(super) mod group;
mod hints;
pub(super) mod names;
pub(super) mod remedy;
pub(super) mod style;
pub(super) mod verdict;

use std::io::{self, Write};

use anstyle::Style;
use jiff::tz::TimeZone;

use self::names::Names;
use super::Look;
use crate::assessment::{Assessment, PolicySummary, ReadStatus};
use crate::snapshot::{Interruption, Source};
use crate::term::{Overlong, Span};

/// Writes the report.
pub(super) fn render(assessment: &Assessment, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let names = Names::new(assessment);
    let mut page = Page { look, out: String::new() };
    if look.quiet {
        verdict::one_line(&mut page, assessment);
        return out.write_all(page.out.as_bytes());
    }
    let sections = [
        headline,
        accounts::write,
        baseline::write,
        findings::failures,
        findings::unknowns,
        findings::manual,
        clocks::write,
        accepted::waived,
        accepted::attested,
        findings::others,
        accepted::notes,
        coverage::write,
        hints::write,
        verdict::write,
    ];
    for section in sections {
        section(&mut page, assessment, &names);
        out.write_all(page.out.as_bytes())?;
        page.out.clear();
    }
    Ok(())
}

/// What was looked at, and against which policy.
fn headline(page: &mut Page<'_>, assessment: &Assessment, _: &Names<'_>) {
    let (run, summary) = (&assessment.run, &assessment.summary);
    match run.source {
        Source::Demo => page.notice("DEMO ESTATE: no Azure was contacted"),
        Source::Snapshot => page.notice("SNAPSHOT: judged again from a file, no Azure was contacted"),
        Source::Plan => page.notice("PLAN: what would be deployed, no Azure was contacted"),
        Source::Live => {}
    }
    match run.interrupted {
        Some(Interruption::Signal) => page.notice("INTERRUPTED: stopped before everything was read"),
        Some(Interruption::Deadline) => page.notice("INTERRUPTED: the deadline passed before everything was read"),
        Some(Interruption::Unfinished) => page.notice("INTERRUPTED: the snapshot ends before its scan did"),
        None => {}
    }
    let mut size = format!(
        "zdr-check: {} in {}",
        style::count(summary.accounts, "account"),
        style::count(summary.subscriptions, "subscription")
    );
    let closed = assessment.coverage.subscriptions.iter().filter(|own| own.status == ReadStatus::Unreadable).count();
    if closed > 0 {
        size = format!("{size}, {closed} of them not readable");
    }
    page.line(style::BOLD, &size);
    let dot = format!(" {} ", page.look.screen.symbols.dot);
    let read_at = run.finished_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let mut scope = vec![page.clean(&run.scopes.join(", ")), format!("{} cloud", run.cloud.as_str())];
    scope.push(format!("read {read_at}"));
    if run.as_of != run.resumed_at.unwrap_or(run.started_at).to_zoned(TimeZone::UTC).date() {
        scope.push(format!("judged as of {}", run.as_of));
    }
    page.labelled("Scope", &scope.join(&dot));
    let words: Vec<String> = policy(&run.policy).iter().map(|word| page.clean(word)).collect();
    page.labelled("Policy", &words.join(&dot));
    if page.look.verbose {
        let principal = &run.principal;
        let kind = principal.kind.as_deref().unwrap_or("caller");
        let object = principal.object_id.as_deref().unwrap_or("of unknown id");
        let tenant = principal.tenant_id.as_deref().unwrap_or("of unknown id");
        page.labelled("Caller", &page.clean(&format!("{kind} {object} in tenant {tenant}")));
    }
}

/// The policy, in the words of the flags.
pub(in crate::report) fn policy(policy: &PolicySummary) -> Vec<String> {
    let mut words = vec![format!("pin {}", policy.pin)];
    if !policy.allow_locations.is_empty() {
        words.push(format!("locations {}", policy.allow_locations.join(", ")));
    }
    words.push(format!("fail on {}", policy.fail_on.as_str()));
    words.push(format!("profile {}", policy.profile.as_str()));
    if policy.allow_incomplete {
        words.push("incomplete allowed".to_owned());
    }
    if policy.regressions_only {
        words.push("only regressions fail".to_owned());
    }
    for scope in &policy.scopes {
        words.push(format!("{} (pin {}) on {}", scope.name, scope.pin, style::count(scope.accounts, "account")));
    }
    words.extend(policy.file.as_ref().map(|file| format!("from {}", file.path)));
    words
}

/// The text under construction.
struct Page<'a> {
    look: &'a Look,
    out: String,
}

impl Page<'_> {
    /// Remote text, made harmless.
    fn clean(&self, text: &str) -> String {
        self.look.screen.clean(text).into_owned()
    }

    /// One paragraph in one style.
    fn line(&mut self, style: Style, text: &str) {
        self.spans("", &[Span::styled(text, style)]);
    }

    /// One paragraph of several styles, hanging under `first`.
    fn spans(&mut self, first: &str, spans: &[Span]) {
        self.marked(&Span::plain(first), spans);
    }

    /// The same, `first` having a style of its own.
    fn marked(&mut self, first: &Span, spans: &[Span]) {
        self.out.push_str(&self.look.screen.paragraph(first, spans, Overlong::Break));
    }

    /// One paragraph hanging under `indent` blanks.
    fn indented(&mut self, indent: usize, spans: &[Span]) {
        self.spans(&" ".repeat(indent), spans);
    }

    /// `Label   text`, for the few lines at the top.
    fn labelled(&mut self, label: &str, text: &str) {
        self.spans(&format!("{label:<8}"), &[Span::plain(text)]);
    }

    /// A line that must not be overlooked.
    fn notice(&mut self, text: &str) {
        self.line(style::NOTICE, text);
    }

    /// A blank line and a heading.
    fn heading(&mut self, title: &str, rest: &str) {
        self.out.push('\n');
        let rest = format!(" {} {rest}", self.look.screen.symbols.dot);
        self.spans("", &[Span::styled(title, style::BOLD), Span::styled(rest, style::DIM)]);
    }
}
