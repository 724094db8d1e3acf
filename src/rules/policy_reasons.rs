//! Why a policy that speaks of deployments denies none: what its author meant, and what stands there.

use super::policy_probes::{SKU, is_of_deployments};
use crate::knowledge::azure_policy::DEPLOYMENTS;
use crate::knowledge::processing::{SKUS, find_sku};
use crate::snapshot::policies::rule::Comparison;
use crate::snapshot::policies::{Applied, nearest};

/// Whether a policy is meant for deployments: it names their type or one of their properties, or compares a SKU with one that only
/// deployments have. What Microsoft's own initiatives audit is no attempt of the customer's to deny.
pub(super) fn concerns(applied: &Applied<'_>) -> bool {
    if applied.reference.is_some() && applied.is_built_in() && applied.effect().is_ok_and(|effect| !denies(&effect)) {
        return false;
    }
    let all = applied.comparisons();
    all.iter().any(names_deployments)
        || applied.condition().to_string().to_ascii_lowercase().contains(&DEPLOYMENTS.to_ascii_lowercase())
}

fn denies(effect: &str) -> bool {
    effect.eq_ignore_ascii_case("deny")
}

fn names_deployments(own: &Comparison) -> bool {
    let values = own.values.as_deref().unwrap_or_default();
    if own.field.eq_ignore_ascii_case("type") {
        return values.iter().any(|value| match value.split_once('*') {
            Some((head, _)) if own.operator.ends_with("like") => {
                let head = head.to_ascii_lowercase();
                head.starts_with("microsoft.cognitiveservices/") && DEPLOYMENTS.to_ascii_lowercase().starts_with(&head)
            }
            Some(_) | None => value.eq_ignore_ascii_case(DEPLOYMENTS),
        });
    }
    let sku = is_sku(&own.field) && values.iter().filter_map(|value| meant(value)).any(|sku| sku != "Standard");
    sku || is_of_deployments(&own.field)
}

fn is_sku(field: &str) -> bool {
    field.to_ascii_lowercase().contains("sku")
}

/// Whether effect and mode leave it open that a policy denies a deployment.
pub(super) fn can_deny(applied: &Applied<'_>) -> bool {
    applied.effect().map_or(true, |effect| denies(&effect)) && applied.mode() != "indexed"
}

/// Why a policy denies no deployment.
pub(super) fn why_nothing(applied: &Applied<'_>) -> String {
    match applied.effect() {
        Ok(effect) if !denies(&effect) => return format!("its effect is {effect}, which denies no deployment"),
        Ok(_) | Err(_) => {}
    }
    if applied.mode() == "indexed" {
        return "its mode Indexed leaves out resources without a location, as deployments are; it takes All".to_owned();
    }
    let all = applied.comparisons();
    all.iter().find_map(fault).unwrap_or_else(|| "its condition is met by no documented SKU of a deployment".to_owned())
}

/// What is wrong with a comparison, if that is plain to see.
fn fault(own: &Comparison) -> Option<String> {
    let values = own.values.as_deref()?;
    if own.operator.starts_with("not") {
        return None;
    }
    if own.field.eq_ignore_ascii_case("type") {
        let other = values
            .first()
            .filter(|_| values.iter().all(|value| !value.eq_ignore_ascii_case(DEPLOYMENTS) && !value.contains('*')));
        return other.map(|other| format!("it is about the type {other}, not {DEPLOYMENTS}"));
    }
    if is_sku(&own.field) && !own.field.eq_ignore_ascii_case(SKU) {
        return Some(format!("{} is no property of deployments; their SKU is {SKU}", own.field));
    }
    if values.is_empty() {
        let parameter = own.parameter.as_ref().map(|name| format!(" (parameter {name})")).unwrap_or_default();
        return Some(format!("the list it compares {} with is empty{parameter}", own.field));
    }
    if own.field.eq_ignore_ascii_case(SKU)
        && values.iter().all(|value| find_sku(value).is_none() && !value.contains('*'))
    {
        return Some(format!(
            "no deployment has the SKU {}",
            values.iter().map(|value| spelt(value)).collect::<Vec<_>>().join(", ")
        ));
    }
    let foreign = own.field.contains('/') && !is_of_deployments(&own.field);
    foreign.then(|| format!("{} is no property of deployments", own.field))
}

/// Names of SKUs in a list of what is denied that are misspelt, so that what was meant is let through.
pub(super) fn misspelt(applied: &Applied<'_>, denied: &[&str]) -> Vec<String> {
    let all = applied.comparisons().into_iter();
    let lists =
        all.filter(|own| own.field.eq_ignore_ascii_case(SKU) && matches!(own.operator.as_str(), "equals" | "in"));
    let values = lists.flat_map(|own| own.values.unwrap_or_default());
    let through = |value: &String| find_sku(value).is_none() && meant(value).is_some_and(|sku| !denied.contains(&sku));
    values.filter(through).map(|value| spelt(&value)).collect()
}

fn spelt(value: &str) -> String {
    match meant(value) {
        Some(sku) if !sku.eq_ignore_ascii_case(value) => format!("`{value}` (it is spelt {sku})"),
        Some(_) | None => format!("`{value}`"),
    }
}

/// The SKU that a text spells, or nearly does.
fn meant(value: &str) -> Option<&'static str> {
    nearest(value, SKUS.iter().map(|sku| sku.name))
}

#[cfg(test)]
mod tests {
    use super::SKUS;

    #[test]
    fn masks_spare_every_sku() {
        assert!(SKUS.iter().map(|sku| sku.name).eq(crate::snapshot::mask::SKUS));
    }
}
