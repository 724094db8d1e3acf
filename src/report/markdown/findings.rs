//! Results as Markdown: what is open by rule with its fix, what people accepted, then every result in folded tables.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::escape::{block, code, escape, link};
use super::sections::{ROWS, symbol, worded};
use super::{Block, folded, put, table};
use crate::assessment::{Assessment, RuleResult};
use crate::docs;
use crate::outcome::{Outcome, Severity};
use crate::report::table::group::{Group, group};
use crate::report::table::names::Names;
use crate::report::table::{accepted::words, remedy, style};

/// How many resources are named before the rest is counted; the tables at the end have all of them.
const NAMED: usize = 10;

/// Failures by rule, the worst severity first; advice last.
pub(super) fn failures(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    let all = assessment.results.with(Outcome::Fail);
    let mut rules = by_rule(&all);
    rules.sort_by_key(|results| (std::cmp::Reverse((results[0].severity, results.len())), results[0].rule));
    let counted = rules.iter().filter(|results| results[0].severity > Severity::Info).map(Vec::len).sum::<usize>();
    let intro = format!("\n## Failures\n\n{}, the worst first.\n", style::count(counted, "result"));
    let texts = rules.iter().map(|results| {
        let mut text = title(results[0]);
        for group in group(results.iter().copied()) {
            text.push_str(&said(&group, names));
        }
        (format!("failures of {} ({})", results[0].rule, results.len()), text)
    });
    headed(intro, texts.collect())
}

/// Unknowns by what would make them readable.
pub(super) fn unknowns(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    let all = assessment.results.with(Outcome::Unknown);
    let mut groups = group(all.iter().map(Cow::as_ref));
    let promised = |group: &Group<'_>| group.results.iter().any(|result| result.axis.is_promised());
    groups.sort_by_key(|group| (!promised(group), std::cmp::Reverse(group.results.len())));
    let total: usize = groups.iter().map(|group| group.results.len()).sum();
    let intro = format!("\n## Unknown\n\n{} that could not be told, and are no pass.\n", style::count(total, "result"));
    let texts = groups.iter().map(|group| {
        let cause = group.results[0].cause.unwrap_or("unknown");
        let rules: BTreeSet<&str> = group.results.iter().map(|result| result.rule).collect();
        let rules: Vec<String> = rules.into_iter().map(code).collect();
        let mut text = format!("\n### {} {cause}: {}\n", symbol(Outcome::Unknown), escape(&group.message));
        put(&mut text, format_args!("\n{}\n\nLeaves open: {}\n", resources(&group.results, names), rules.join(", ")));
        text.push_str(&fix(group.remediation.as_deref()));
        (format!("unknowns for {cause} ({})", group.results.len()), text)
    });
    headed(intro, texts.collect())
}

/// Questions for a person, one row per rule.
pub(super) fn manual(assessment: &Assessment, _: &Names<'_>) -> Vec<Block> {
    let all = assessment.results.with(Outcome::Manual);
    let rules = by_rule(&all);
    let total: usize = rules.iter().map(Vec::len).sum();
    if rules.is_empty() {
        return Vec::new();
    }
    let rows = rules.iter().map(|results| {
        let title = docs::title(results[0].rule).map(escape).unwrap_or_default();
        vec![code(results[0].rule), results[0].severity.as_str().to_owned(), title, results.len().to_string()]
    });
    let table = table(&["rule", "severity", "question", "results"], rows);
    let text = format!("\n## Manual\n\nNo API can answer these; a person must attest.\n\n{table}");
    vec![Block::new(format!("manual items ({total})"), text)]
}

/// What people laid over results: reason, owner, day.
pub(super) fn accepted(assessment: &Assessment, names: &Names<'_>) -> Vec<Block> {
    let sections = [
        (Outcome::Waived, "## Waived\n\nAccepted by a person until a date, and still there."),
        (Outcome::Attested, "## Attested\n\nAnswered by a person until a date."),
    ];
    let mut blocks = Vec::new();
    for (outcome, heading) in sections {
        let mut groups: BTreeMap<(&str, String), Vec<&RuleResult>> = BTreeMap::new();
        let all = assessment.results.with(outcome);
        for result in &all {
            groups.entry((result.rule, words(result))).or_default().push(result);
        }
        let texts = groups.iter().map(|((rule, words), results)| {
            let text = format!("{}\n{}\n\n{}\n", title(results[0]), resources(results, names), escape(words));
            (format!("{} of {rule} ({})", outcome.as_str(), results.len()), text)
        });
        blocks.extend(headed(format!("\n{heading}\n"), texts.collect()));
    }
    blocks
}

/// Every result, by outcome, folded; made one table at a time.
pub(super) fn all(assessment: &Assessment) -> impl Iterator<Item = Block> + '_ {
    let tables = assessment.summary.outcomes.into_iter().flat_map(move |(outcome, total)| {
        let results = assessment.results.with(outcome);
        (0..results.len()).step_by(ROWS).map(move |from| {
            let chunk = &results[from..results.len().min(from + ROWS)];
            let title = format!("{} {} to {} of {total}", worded(outcome), from + 1, from + chunk.len());
            (format!("results: {title}"), folded(&title, &rows(chunk)))
        })
    });
    tables.enumerate().map(|(number, (title, text))| {
        let heading = if number == 0 { "\n## All results\n" } else { "" };
        Block::new(title, heading.to_owned() + &text)
    })
}

fn rows(results: &[Cow<'_, RuleResult>]) -> String {
    let rows = results.iter().map(|result| {
        let (outcome, severity) = (result.outcome.as_str().to_owned(), result.severity.as_str().to_owned());
        vec![outcome, code(result.rule), severity, code(&result.resource_id), escape(&result.message)]
    });
    table(&["outcome", "rule", "severity", "resource", "message"], rows)
}

/// Blocks under a heading: it belongs to the first one, so that it never stands alone.
fn headed(heading: String, texts: Vec<(String, String)>) -> Vec<Block> {
    let mut heading = Some(heading);
    texts.into_iter().map(|(title, text)| Block::new(title, heading.take().unwrap_or_default() + &text)).collect()
}

fn title(result: &RuleResult) -> String {
    let title = docs::title(result.rule).map(|title| format!(": {}", escape(title))).unwrap_or_default();
    let (severity, axis) = (result.severity.as_str(), result.axis.as_str());
    format!("\n### {} {severity}: {}{title}\n\nAxis *{axis}*.\n", symbol(result.outcome), code(result.rule))
}

/// A group: where, what, and the fix.
fn said(group: &Group<'_>, names: &Names<'_>) -> String {
    format!(
        "\n- {}\n\n{}\n{}",
        resources(&group.results, names),
        escape(&group.message),
        fix(group.remediation.as_deref())
    )
}

/// `a, b, c and 37 more`.
fn resources(results: &[&RuleResult], names: &Names<'_>) -> String {
    let unique: BTreeMap<String, &str> =
        results.iter().map(|result| (names.resource(&result.resource_id), result.resource_id.as_str())).collect();
    let shown = unique.iter().take(NAMED).map(|(label, id)| match names.link(id) {
        Some(address) => link(label, &address),
        None => code(label),
    });
    let mut list = shown.collect::<Vec<_>>().join(", ");
    if unique.len() > NAMED {
        put(&mut list, format_args!(" and {} more, all of them under *All results*", unique.len() - NAMED));
    }
    list
}

/// Prose, then the commands to copy.
fn fix(text: Option<&str>) -> String {
    let Some(text) = text else { return String::new() };
    let (prose, commands) = remedy::split(text);
    let mut out = format!("\n**Fix:** {}\n", escape(prose));
    if !commands.is_empty() {
        out.push('\n');
        out.push_str(&block(&commands));
    }
    out
}

/// Results of one outcome, by rule id; no list is empty.
fn by_rule<'a>(results: &'a [Cow<'_, RuleResult>]) -> Vec<Vec<&'a RuleResult>> {
    let mut rules: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for result in results {
        rules.entry(result.rule).or_default().push(result);
    }
    rules.into_values().collect()
}
