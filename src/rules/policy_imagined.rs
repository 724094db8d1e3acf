//! Deployments to try a policy on: for each property that its condition compares, the values that can make a difference.
//!
//! A value is one that stands in the condition, one that does not, or none. That a deployment with the value exists is sure for what is
//! in our tables or stands nowhere; a model's name in a condition may be a misspelling, so that denying it proves nothing.

use std::collections::BTreeMap;

use super::policy_probes::{FORMAT, SKU};
use crate::knowledge::azure_policy::{DEPLOYMENTS, find_alias};
use crate::knowledge::models::{Terms, terms};
use crate::snapshot::policies::rule::{Comparison, Field};

const NAME: &str = "Microsoft.CognitiveServices/accounts/deployments/model.name";
/// More are not tried.
const MOST: usize = 500;

/// A deployment, but for its SKU.
#[derive(Debug, Clone, Default)]
pub(super) struct Imagined {
    /// Values of its properties by alias.
    pub(super) values: BTreeMap<&'static str, Field>,
    /// A value that is not known to exist.
    pub(super) unsure: Option<String>,
}

/// The deployments that can make a difference, and whether there are no others.
///
/// # Errors
/// That there are too many.
pub(super) fn imagined(comparisons: &[Comparison]) -> Result<(Vec<Imagined>, bool), String> {
    let mut axes: BTreeMap<&'static str, Vec<&Comparison>> = BTreeMap::new();
    for own in comparisons {
        let alias = find_alias(&own.field).filter(|alias| alias.resource_type == DEPLOYMENTS && alias.name != SKU);
        if let Some(alias) = alias {
            axes.entry(alias.name).or_default().push(own);
        }
    }
    // Two patterns may hold together for a text that neither of them alone suggests.
    let is_pattern = |own: &&&Comparison| own.operator.ends_with("like") || own.operator.ends_with("contains");
    let whole = axes.values().all(|all| all.iter().filter(is_pattern).count() < 2);
    let mut all = vec![Imagined::default()];
    for (alias, comparisons) in axes {
        let choices = choices(alias, &comparisons);
        if all.len() * choices.len() > MOST {
            return Err(format!("it compares more properties than are tried together, {alias} among them"));
        }
        let with = |own: &Imagined, (value, sure): &(Field, bool)| {
            let mut own = own.clone();
            if let (Field::Text(text), false) = (value, sure) {
                own.unsure.get_or_insert_with(|| format!("nobody knows here whether {alias} {text} exists"));
            }
            own.values.insert(alias, value.clone());
            own
        };
        all = all.iter().flat_map(|own| choices.iter().map(move |choice| with(own, choice))).collect();
    }
    Ok((all, whole))
}

/// Values of one property, each with whether some deployment is sure to have it.
fn choices(alias: &str, comparisons: &[&Comparison]) -> Vec<(Field, bool)> {
    let listed = |text: &str| alias == FORMAT && terms(Some(text), None, None) != Terms::Unlisted;
    let mut texts: Vec<String> = Vec::new();
    for own in comparisons {
        for value in own.values.iter().flatten() {
            texts.push(value.replace('*', ""));
            let pattern = own.operator.ends_with("like") || own.operator.ends_with("contains");
            texts.extend(
                pattern.then(|| if value.contains('*') { value.replace('*', "-x") } else { format!("{value}-x") }),
            );
        }
    }
    texts.sort();
    texts.dedup();
    let mut all: Vec<(Field, bool)> =
        texts.into_iter().map(|text| (listed(&text), text)).map(|(sure, text)| (Field::Text(text), sure)).collect();
    all.push((Field::Text("(any other)".to_owned()), true));
    if alias != FORMAT && alias != NAME {
        all.push((Field::Absent, true));
    }
    all
}
