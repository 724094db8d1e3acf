//! What a policy does to deployments, tried on imagined ones: each documented SKU with what else its condition compares.
//!
//! What depends on a property that no table has stays open.

use super::policy_imagined::{Imagined, imagined};
use super::policy_reasons::{can_deny, misspelt, why_nothing};
use crate::knowledge::azure_policy::{DEPLOYMENTS, find_alias};
use crate::knowledge::processing::SKUS;
use crate::snapshot::policies::Applied;
use crate::snapshot::policies::rule::{Field, Truth};

/// `sku.name` of a deployment, as conditions name it.
pub(super) const SKU: &str = "Microsoft.CognitiveServices/accounts/deployments/sku.name";
pub(super) const FORMAT: &str = "Microsoft.CognitiveServices/accounts/deployments/model.format";

/// Fields of every resource (policy rule page, 2024-04-25).
const COMMON: [&str; 7] = ["name", "fullname", "kind", "location", "id", "identity.type", "tags"];

/// What a policy does to deployments, wherever it is enforced.
pub(super) enum Does {
    /// It denies some.
    Denies {
        /// SKUs that it denies whatever the model.
        skus: Vec<&'static str>,
        /// What its author meant to deny and misspelt.
        missed: Vec<String>,
    },
    /// It denies none, for this reason.
    Nothing(String),
    /// It cannot be told, for this reason.
    Open(String),
}

/// Tries a policy.
pub(super) fn does(applied: &Applied<'_>) -> Does {
    if let Some(why) = &applied.open {
        return Does::Open(why.clone());
    }
    if !can_deny(applied) {
        return Does::Nothing(why_nothing(applied));
    }
    let (deployments, all) = match imagined(&applied.comparisons()) {
        Ok(deployments) => deployments,
        Err(why) => return Does::Open(why),
    };
    let mut open = (!all).then(|| "its patterns are not tried in every combination".to_owned());
    let (mut skus, mut some) = (Vec::new(), false);
    for sku in SKUS {
        let mut whole = true;
        for deployment in &deployments {
            let truth = applied.denies(DEPLOYMENTS, false, &|name| field(name, sku.name, deployment));
            whole &= truth == Truth::Met;
            match (truth, &deployment.unsure) {
                (Truth::Met, None) => some = true,
                (Truth::Met, Some(why)) => drop(open.get_or_insert_with(|| why.clone())),
                (Truth::Open(why), _) => drop(open.get_or_insert(why)),
                (Truth::NotMet, _) => {}
            }
        }
        skus.extend(whole.then_some(sku.name));
    }
    match open {
        _ if some => Does::Denies { missed: misspelt(applied, &skus), skus },
        Some(why) => Does::Open(why),
        None => Does::Nothing(why_nothing(applied)),
    }
}

/// What a field of an imagined deployment holds.
fn field(name: &str, sku: &str, deployment: &Imagined) -> Field {
    let lower = name.to_ascii_lowercase();
    let depends = || Field::Open(format!("it depends on {name}"));
    if lower == "type" {
        return Field::Text(DEPLOYMENTS.to_owned());
    }
    match find_alias(name).map(|alias| alias.name) {
        Some(SKU) => return Field::Text(sku.to_owned()),
        Some(alias) if deployment.values.contains_key(alias) => return deployment.values[alias].clone(),
        Some(_) | None => {}
    }
    if is_of_deployments(name) {
        return depends();
    }
    // An alias belongs to one type: resources of another have nothing there.
    let common = COMMON.contains(&lower.as_str()) || lower.starts_with("tags");
    if common { depends() } else { Field::Absent }
}

/// Whether a field may be an alias of deployments. One that repeats the path of a known one under `properties.` is not.
pub(super) fn is_of_deployments(name: &str) -> bool {
    let path = name.get(..DEPLOYMENTS.len()).filter(|head| head.eq_ignore_ascii_case(DEPLOYMENTS));
    let path = path.and_then(|_| name[DEPLOYMENTS.len()..].strip_prefix('/'));
    let wrong = |path: &str| {
        path.strip_prefix("properties.").is_some_and(|own| find_alias(&format!("{DEPLOYMENTS}/{own}")).is_some())
    };
    path.is_some_and(|path| !wrong(path))
}
