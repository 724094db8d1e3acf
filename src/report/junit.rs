//! JUnit XML, as Jenkins, Azure Pipelines and GitLab read it: a suite per subscription, a case per resource and rule.
//!
//! Unknown is an `<error>`: the check did not come to an end. What a person accepted, answered or must answer is `<skipped>` with
//! the words of it, as is what has no meaning.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use jiff::SignedDuration;

use crate::assessment::{Assessment, Overlay, ReadStatus, RuleResult, SubscriptionCoverage};
use crate::outcome::Outcome;
use crate::term;

/// Segments of an account's id, the empty one before the first slash included.
const ACCOUNT_SEGMENTS: usize = 9;

/// Writes the report.
pub(super) fn render(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<_> = assessment.results.iter().collect();
    let mut results: HashMap<String, Vec<&RuleResult>> = HashMap::new();
    for result in &all {
        let subscription = result.account_id.split('/').nth(2).unwrap_or_default();
        results.entry(subscription.to_ascii_lowercase()).or_default().push(result);
    }
    let suites: Vec<Suite<'_>> = (assessment.coverage.subscriptions.iter())
        .map(|subscription| {
            let own = results.remove(&subscription.id.to_ascii_lowercase()).unwrap_or_default();
            Suite::new(assessment, subscription, own)
        })
        .collect();
    let total = |count: &dyn Fn(&Suite<'_>) -> usize| suites.iter().map(count).sum::<usize>();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"zdr-check\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">",
        total(&|suite| suite.tests()),
        total(&|suite| suite.count(Outcome::Fail)),
        total(&|suite| suite.errors()),
        seconds(assessment)
    )?;
    for (index, suite) in suites.iter().enumerate() {
        suite.write(index, assessment, out)?;
    }
    writeln!(out, "</testsuites>")
}

/// The results of one subscription.
struct Suite<'a> {
    subscription: &'a SubscriptionCoverage,
    results: Vec<&'a RuleResult>,
    /// Why nothing, or not everything, of it was judged: then one more case is an error.
    unread: Option<String>,
}

impl<'a> Suite<'a> {
    fn new(assessment: &Assessment, subscription: &'a SubscriptionCoverage, results: Vec<&'a RuleResult>) -> Self {
        let unread = match subscription.status {
            ReadStatus::Unreadable => {
                Some(format!("its accounts could not be listed: {}", subscription.cause.unwrap_or("unknown")))
            }
            ReadStatus::Read | ReadStatus::Partial if assessment.accounts.is_empty() => {
                Some("nothing was audited: no account in scope".to_owned())
            }
            ReadStatus::Read | ReadStatus::Partial => None,
        };
        Self { subscription, results, unread }
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.results.iter().filter(|result| result.outcome == outcome).count()
    }

    /// One case says whether the subscription itself could be read.
    fn tests(&self) -> usize {
        self.results.len() + 1
    }

    fn errors(&self) -> usize {
        self.count(Outcome::Unknown) + usize::from(self.unread.is_some())
    }

    fn skipped(&self) -> usize {
        let skipped = [Outcome::Manual, Outcome::Waived, Outcome::Attested, Outcome::NotApplicable];
        skipped.into_iter().map(|outcome| self.count(outcome)).sum()
    }

    fn write(&self, index: usize, assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
        let id = &self.subscription.id;
        let name = self.subscription.name.as_ref().map_or_else(|| id.clone(), |name| format!("{name} ({id})"));
        write!(out, "  <testsuite name=\"{}\" package=\"zdr-check\" id=\"{index}\" ", xml(&name))?;
        write!(out, "timestamp=\"{}\" ", assessment.run.started_at.strftime("%Y-%m-%dT%H:%M:%S"))?;
        write!(out, "hostname=\"{}\" time=\"{}\" ", assessment.run.source.as_str(), seconds(assessment))?;
        let (tests, failures, errors) = (self.tests(), self.count(Outcome::Fail), self.errors());
        let skipped = self.skipped();
        writeln!(out, "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">")?;
        self.properties(assessment, out)?;
        self.readable(out)?;
        for result in &self.results {
            case(result, out)?;
        }
        writeln!(out, "    <system-out>{}</system-out>", self.log(assessment))?;
        writeln!(out, "    <system-err></system-err>\n  </testsuite>")
    }

    fn properties(&self, assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
        let (run, policy) = (&assessment.run, &assessment.run.policy);
        let facts = [
            ("zdr-check.version", env!("CARGO_PKG_VERSION").to_owned()),
            ("run.source", run.source.as_str().to_owned()),
            ("run.cloud", run.cloud.as_str().to_owned()),
            ("run.scopes", run.scopes.join(", ")),
            ("run.started_at", run.started_at.to_string()),
            ("run.finished_at", run.finished_at.to_string()),
            ("run.complete", assessment.complete.to_string()),
            ("run.exit_code", assessment.exit_code.to_string()),
            ("policy.pin", policy.pin.clone()),
            ("policy.allow_locations", policy.allow_locations.join(", ")),
            ("policy.fail_on", policy.fail_on.as_str().to_owned()),
            ("policy.profile", policy.profile.as_str().to_owned()),
            ("policy.allow_incomplete", policy.allow_incomplete.to_string()),
            ("subscription.id", self.subscription.id.clone()),
            ("subscription.state", self.subscription.state.clone().unwrap_or_else(|| "unknown".to_owned())),
            ("subscription.status", self.subscription.status.as_str().to_owned()),
        ];
        writeln!(out, "    <properties>")?;
        for (name, value) in facts {
            writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", xml(&value))?;
        }
        writeln!(out, "    </properties>")
    }

    fn readable(&self, out: &mut dyn Write) -> io::Result<()> {
        let start = "    <testcase classname=\"subscription\" name=\"can be read\" time=\"0\"";
        match &self.unread {
            None => writeln!(out, "{start}/>"),
            Some(why) => {
                let why = xml(why);
                writeln!(out, "{start}>\n      <error message=\"{why}\" type=\"not-read\"/>\n    </testcase>")
            }
        }
    }

    /// Reads that failed, and the notes of the run.
    fn log(&self, assessment: &Assessment) -> String {
        let mut log = String::new();
        let own =
            |scope: &str| scope.split('/').nth(2).is_some_and(|id| id.eq_ignore_ascii_case(&self.subscription.id));
        for read in assessment.coverage.unreadable.iter().filter(|read| own(&read.scope)) {
            let action = read.action.as_deref().map(|action| format!(", needs {action}")).unwrap_or_default();
            put(&mut log, format_args!("not read: {} {} ({}{action})", read.operation, read.scope, read.cause));
        }
        for note in &assessment.notes {
            put(&mut log, format_args!("note: {}: {} {}", note.kind.as_str(), note.message, note.remediation));
        }
        log
    }
}

fn case(result: &RuleResult, out: &mut dyn Write) -> io::Result<()> {
    // A resource that belongs to a subscription, and to no account, stands for itself.
    let apart = result.account_id.split('/').count() < ACCOUNT_SEGMENTS && result.resource_id != result.account_id;
    let owner = if apart { &result.resource_id } else { &result.account_id };
    let segments: Vec<&str> = owner.split('/').collect();
    let class = match segments.as_slice() {
        [_, _, _, _, group, .., account] => format!("{group}.{account}"),
        _ => "subscription".to_owned(),
    };
    let below: Vec<&str> = result.resource_id.split('/').skip(ACCOUNT_SEGMENTS).collect();
    let name = if below.is_empty() { result.rule.to_owned() } else { format!("{} [{}]", result.rule, below.join("/")) };
    writeln!(out, "    <testcase classname=\"{}\" name=\"{}\" time=\"0\">", xml(&class), xml(&name))?;
    let (message, kind) = (xml(&message(result)), result.severity.as_str());
    let advice = xml(result.remediation.as_deref().unwrap_or_default());
    match result.outcome {
        Outcome::Pass => {}
        Outcome::Fail => writeln!(out, "      <failure message=\"{message}\" type=\"{kind}\">{advice}</failure>")?,
        Outcome::Unknown => {
            let cause = result.cause.unwrap_or("unknown");
            writeln!(out, "      <error message=\"{message}\" type=\"{cause}\">{advice}</error>")?;
        }
        Outcome::Manual | Outcome::Waived | Outcome::Attested | Outcome::NotApplicable => {
            writeln!(out, "      <skipped message=\"{message}\"/>")?;
        }
    }
    writeln!(out, "      <system-out>{}</system-out>\n    </testcase>", facts(result))
}

/// What a reader sees first. Everything skipped says why in its first word.
fn message(result: &RuleResult) -> String {
    let outcome = result.outcome.as_str();
    match (&result.overlay, result.outcome) {
        (Some(Overlay::Waiver(own)), _) => {
            let (inner, expires, owner) = (own.inner.as_str(), own.expires, &own.owner);
            let ticket = own.ticket.as_deref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
            format!("{outcome} {inner} until {expires} by {owner}{ticket}: {}; {}", own.reason, result.message)
        }
        (Some(Overlay::Attestation(own)), _) => {
            format!("{outcome} until {} by {}: {}; {}", own.expires, own.by, own.statement, result.message)
        }
        (None, Outcome::Manual | Outcome::NotApplicable) => format!("{outcome}: {}", result.message),
        (None, _) => result.message.clone(),
    }
}

/// The resource and what the result rests on.
fn facts(result: &RuleResult) -> String {
    let mut text = String::new();
    put(&mut text, format_args!("resource: {}", result.resource_id));
    if let Some(own) = &result.location {
        let address = own.address.as_deref().unwrap_or_default();
        put(&mut text, format_args!("place: {}:{}:{} {address}", own.path, own.line, own.column));
    }
    put(&mut text, format_args!("{}, {}", result.axis.as_str(), result.severity.as_str()));
    if result.outcome == Outcome::Pass {
        put(&mut text, format_args!("proof: {}", result.message));
    }
    for citation in &result.evidence {
        let (operation, pointer, value) = (citation.operation.as_str(), &citation.pointer, &citation.value);
        put(&mut text, format_args!("evidence: {operation} {pointer} = {value}"));
    }
    text
}

/// Adds a line.
fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.push_str(&xml(&line.to_string()));
    text.push('\n');
}

fn seconds(assessment: &Assessment) -> f64 {
    let duration: SignedDuration = assessment.run.finished_at.duration_since(assessment.run.started_at);
    (duration.as_secs_f64() * 1000.0).round() / 1000.0
}

/// Text for an element or an attribute in double quotes. XML 1.0 has no way to write most control characters, so they are shown
/// as `\u{…}`, as on a terminal.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push(' '),
            c if term::is_hostile(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                // Writing to a string cannot fail.
                let _ = write!(out, "{}", c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_characters_of_xml_are_left() {
        let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
        assert!(xml(&('\0'..=char::MAX).collect::<String>()).chars().all(legal));
        assert_eq!(xml("<a b=\"c\">&]]>"), "&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;");
        assert_eq!(xml("a\u{1b}\u{ffff}"), "a\\u{1b}\\u{ffff}");
    }
}
