//! The Defender for Cloud plan for AI services and its extensions.

use super::Context;
use crate::outcome::{Unknown, UnknownCause};
use crate::snapshot::{Document, Operation, defender_plan};

/// The plan of the account's subscription.
///
/// # Errors
/// Why it could not be read.
pub(super) fn plan<'a>(context: &Context<'a>) -> Result<&'a Document, Unknown> {
    let id = defender_plan(&context.subscription.id);
    Ok(context.subscription.document(Operation::DefenderPlanGet, &id)?)
}

/// Whether the plan is bought at all.
///
/// # Errors
/// When the tier is absent or not one that Microsoft documents.
pub(super) fn is_on(plan: &Document) -> Result<bool, Unknown> {
    const POINTER: &str = "/properties/pricingTier";
    match plan.string(POINTER)? {
        Some(tier) if tier.eq_ignore_ascii_case("Standard") => Ok(true),
        Some(tier) if tier.eq_ignore_ascii_case("Free") => Ok(false),
        Some(tier) => {
            let message = format!("the Defender plan has the tier {tier}, which Microsoft does not document");
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![plan.cite(POINTER)]))
        }
        None => Err(plan.unexpected(POINTER).into()),
    }
}

/// Position of an extension that is on; an extension that is not listed is off.
///
/// # Errors
/// When the list or `isEnabled` (the texts `True` and `False`) does not have the documented shape.
pub(super) fn extension(plan: &Document, name: &str) -> Result<Option<String>, Unknown> {
    const POINTER: &str = "/properties/extensions";
    for (index, extension) in plan.array(POINTER)?.unwrap_or_default().iter().enumerate() {
        let pointer = format!("{POINTER}/{index}");
        let text = |key: &str| extension.get(key).and_then(serde_json::Value::as_str);
        let own = text("name").ok_or_else(|| plan.unexpected(&pointer))?;
        if own.eq_ignore_ascii_case(name) {
            let state = text("isEnabled").ok_or_else(|| plan.unexpected(&pointer))?;
            return match state.to_ascii_lowercase().as_str() {
                "true" => Ok(Some(pointer)),
                "false" => Ok(None),
                _ => Err(plan.unexpected(&pointer).into()),
            };
        }
    }
    Ok(None)
}
