//! Draft waivers for the failures of a run: exact, short-lived, and refused until somebody says why and who.

use std::io::{self, Write};

use jiff::ToSpan as _;
use jiff::tz::TimeZone;

use crate::assessment::Assessment;
use crate::outcome::Outcome;
use crate::term::sanitise;

/// Days after which a drafted waiver expires.
const DAYS: i32 = 30;

/// Writes one `[[waiver]]` per failure, as TOML. An unedited draft is refused: its reasons and owners are empty.
///
/// # Errors
/// When `out` does not take it.
pub fn draft(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let today = assessment.run.started_at.to_zoned(TimeZone::UTC).date();
    let expires = today.saturating_add(DAYS.days());
    let failures = assessment.results.with(Outcome::Fail);
    let number = failures.len();
    writeln!(out, "# Draft of {today}: one waiver for each of the {number} failures of a run of zdr-check.")?;
    writeln!(out, "# Delete what should be mended instead. Fill in reason and owner: the program refuses empty ones.")?;
    writeln!(out, "# Then move the rest into zdr-check.toml.")?;
    for result in failures {
        writeln!(out, "\n# {}, {}: {}", result.severity.as_str(), result.axis.as_str(), sanitise(&result.message))?;
        writeln!(out, "[[waiver]]")?;
        writeln!(out, "rule = {}", text(result.rule))?;
        writeln!(out, "scope = {}", text(&globset::escape(&result.resource_id)))?;
        writeln!(out, "reason = \"\" # why this is accepted")?;
        writeln!(out, "owner = \"\" # who accepts it")?;
        writeln!(out, "expires = \"{expires}\"")?;
    }
    Ok(())
}

/// A TOML string.
fn text(value: &str) -> String {
    toml::Value::from(value).to_string()
}
