//! Results that say the same thing apart from names are said once.
//!
//! Two hundred accounts with one defect have one message and one fix, with other names in it. Texts are compared word by word;
//! a word that is the name of the result's own account, group, subscription or child becomes a placeholder.

use std::collections::HashMap;

use super::names::ACCOUNT_SEGMENTS;
use crate::assessment::RuleResult;

/// Results with one cause, one message and one remediation.
pub(in crate::report) struct Group<'a> {
    /// The results, in the order of the assessment; never empty.
    pub(in crate::report) results: Vec<&'a RuleResult>,
    /// What they say, names that differ replaced by placeholders. Remote text.
    pub(in crate::report) message: String,
    /// What to do, likewise.
    pub(in crate::report) remediation: Option<String>,
}

/// Groups `results`, in order of first appearance.
pub(in crate::report) fn group<'a>(results: impl IntoIterator<Item = &'a RuleResult>) -> Vec<Group<'a>> {
    let mut index: HashMap<(Option<&str>, String, Option<String>), usize> = HashMap::new();
    let mut groups: Vec<Vec<&RuleResult>> = Vec::new();
    for result in results {
        let names = own_names(result);
        let key = |text: &str| template(text, &names).concat();
        let key = (result.cause, key(&result.message), result.remediation.as_deref().map(key));
        let at = *index.entry(key).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push(result);
    }
    groups.into_iter().map(Group::of).collect()
}

impl<'a> Group<'a> {
    fn of(results: Vec<&'a RuleResult>) -> Self {
        let message = common(&results, |result| Some(result.message.as_str())).unwrap_or_default();
        let remediation = common(&results, |result| result.remediation.as_deref());
        Self { results, message, remediation }
    }
}

/// Groups with one remediation apart from names, together, in order of first appearance.
pub(in crate::report) fn by_fix(groups: Vec<Group<'_>>) -> Vec<Vec<Group<'_>>> {
    let mut index: HashMap<Option<String>, usize> = HashMap::new();
    let mut clusters: Vec<Vec<Group<'_>>> = Vec::new();
    for group in groups {
        let key = group.results.first().and_then(|result| fix_template(result));
        let at = *index.entry(key).or_insert(clusters.len());
        if at == clusters.len() {
            clusters.push(Vec::new());
        }
        clusters[at].push(group);
    }
    clusters
}

fn fix_template(result: &RuleResult) -> Option<String> {
    result.remediation.as_deref().map(|text| template(text, &own_names(result)).concat())
}

/// The remediation of groups that [`by_fix`] put together.
pub(in crate::report) fn shared_remediation(groups: &[Group<'_>]) -> Option<String> {
    let results: Vec<&RuleResult> = groups.iter().flat_map(|group| group.results.iter().copied()).collect();
    common(&results, |result| result.remediation.as_deref())
}

/// What all texts say: words they share, and placeholders for the names in which they differ.
fn common<'a>(results: &[&'a RuleResult], text: impl Fn(&'a RuleResult) -> Option<&'a str>) -> Option<String> {
    let (first, rest) = results.split_first()?;
    let first_text = text(first)?;
    let mut shown = words(first_text);
    let placeholders = template(first_text, &own_names(first));
    for other in rest.iter().filter_map(|result| text(result)).filter(|other| *other != first_text) {
        for (at, word) in words(other).into_iter().enumerate() {
            if let (Some(own), Some(placeholder)) = (shown.get_mut(at), placeholders.get(at))
                && *own != word
            {
                *own = placeholder;
            }
        }
    }
    Some(shown.concat())
}

/// The words of `text`, own names replaced by placeholders.
fn template<'t>(text: &'t str, names: &[(&'static str, &str)]) -> Vec<&'t str> {
    let placeholder = |word: &'t str| {
        names.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map_or(word, |(placeholder, _)| placeholder)
    };
    words(text).into_iter().map(placeholder).collect()
}

/// Splits into runs that may be a name and runs that may not; nothing is lost.
fn words(text: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| is_name(c) != is_name(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let name = run.trim_end_matches('.');
        if is_name(first) && !name.is_empty() && name.len() < run.len() {
            all.extend([name, &run[name.len()..]]);
        } else {
            all.push(run);
        }
        rest = after;
    }
    all
}

/// The names that belong to a result, with the placeholder of each.
fn own_names(result: &RuleResult) -> Vec<(&'static str, &str)> {
    let account: Vec<&str> = result.account_id.split('/').collect();
    let mut names = Vec::new();
    if let [_, _, subscription, _, group, .., name] = account.as_slice() {
        names.extend([("NAME", *name), ("SUBSCRIPTION", *subscription), ("GROUP", *group)]);
    }
    let below: Vec<&str> = result.resource_id.split('/').skip(ACCOUNT_SEGMENTS).collect();
    for pair in below.chunks_exact(2) {
        let placeholder = match pair[0] {
            "deployments" => "DEPLOYMENT",
            "projects" => "PROJECT",
            "connections" => "CONNECTION",
            "capabilityHosts" => "HOST",
            "applications" => "APPLICATION",
            _ => "RESOURCE",
        };
        names.insert(0, (placeholder, pair[1]));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Axis, Outcome, Severity};

    fn result(account: &str, deployment: &str, message: &str, remediation: &str) -> RuleResult {
        let account_id =
            format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/{account}");
        RuleResult {
            rule: "r",
            axis: Axis::Pinned,
            severity: Severity::High,
            outcome: Outcome::Fail,
            resource_id: format!("{account_id}/deployments/{deployment}"),
            account_id,
            message: message.to_owned(),
            cause: None,
            evidence: Vec::new(),
            remediation: Some(remediation.to_owned()),
            overlay: None,
            location: None,
        }
    }

    #[test]
    fn names_that_differ_become_placeholders_and_others_stay() {
        let all = [
            result("a", "d1", "d1 leaves the boundary.", "az x --name a -g g --deployment d1"),
            result("b", "d2", "d2 leaves the boundary.", "az x --name b -g g --deployment d2"),
        ];
        let groups = group(&all);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].message, "DEPLOYMENT leaves the boundary.");
        assert_eq!(groups[0].remediation.as_deref(), Some("az x --name NAME -g g --deployment DEPLOYMENT"));
    }

    #[test]
    fn a_single_result_keeps_its_words() {
        let all = [result("az", "d", "az is open", "az cognitiveservices --name az")];
        assert_eq!(group(&all)[0].remediation.as_deref(), Some("az cognitiveservices --name az"));
    }

    #[test]
    fn other_words_make_other_groups_that_may_share_a_fix() {
        let all = [result("a", "d", "SKU X of d", "fix a"), result("b", "d", "SKU Y of d", "fix b")];
        let clusters = by_fix(group(&all));
        assert_eq!(clusters.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
        assert_eq!(shared_remediation(&clusters[0]).as_deref(), Some("fix NAME"));
        let other = [result("a", "d", "m", "fix a"), result("b", "d", "m", "mend b")];
        let fixes: Vec<_> = by_fix(group(&other)).iter().map(|own| shared_remediation(own)).collect();
        assert_eq!(fixes, [Some("fix a".to_owned()), Some("mend b".to_owned())]);
    }

    #[test]
    fn nothing_is_lost_when_text_is_split() {
        for text in ["", "a", "a.b. c", "…ü/x--y...", "'q' (r)"] {
            assert_eq!(words(text).concat(), text);
        }
    }
}
