//! `Microsoft.Authorization/policyExemptions`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Assignment, is_group, is_within, scope_of};
use crate::snapshot::document::Document;
use crate::snapshot::read::Unavailable;

const EXPIRY: &str = "/properties/expiresOn";

/// One exemption.
#[derive(Debug, Clone, Copy)]
pub struct Exemption<'a>(pub &'a Document);

impl<'a> Exemption<'a> {
    /// Id of what is exempt.
    pub fn scope(&self) -> &'a str {
        scope_of(&self.0.scope, "policyexemptions")
    }

    /// Whether it takes `id` out of a member of an assignment; `reference` names the member of an initiative. One at a management
    /// group is listed for the subscriptions below only.
    ///
    /// # Errors
    /// When a property has an unexpected shape.
    pub fn covers(&self, assignment: &Assignment<'_>, reference: Option<&str>, id: &str) -> Result<bool, Unavailable> {
        const OF: &str = "/properties/policyAssignmentId";
        let of = self.0.string(OF)?.ok_or_else(|| self.0.unexpected(OF))?;
        if !of.eq_ignore_ascii_case(&assignment.0.scope) {
            return Ok(false);
        }
        let scope = self.scope();
        let references = self.0.strings("/properties/policyDefinitionReferenceIds")?;
        let named = |reference: &str| references.iter().any(|own| own.eq_ignore_ascii_case(reference));
        let member = references.is_empty() || reference.is_none_or(named);
        Ok(member && (is_group(scope) || is_within(id, scope)))
    }

    /// Whether it has ended by the beginning of `day` (UTC). On the day it ends it still holds.
    ///
    /// # Errors
    /// When the time of its end is no time.
    pub fn ended_by(&self, day: Date) -> Result<bool, Unavailable> {
        Ok(self.expires_on()?.is_some_and(|end| end.to_zoned(TimeZone::UTC).date() < day))
    }

    /// When it ends; `None` is never.
    ///
    /// # Errors
    /// When the time of its end is no time.
    pub fn expires_on(&self) -> Result<Option<Timestamp>, Unavailable> {
        let Some(text) = self.0.string(EXPIRY)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.0.unexpected(EXPIRY))
    }

    /// Whether only some resources of its scope are exempt, by a selector that is not evaluated.
    ///
    /// # Errors
    /// When a property has an unexpected shape.
    pub fn is_partial(&self) -> Result<bool, Unavailable> {
        Ok(self.0.array("/properties/resourceSelectors")?.is_some_and(|all| !all.is_empty()))
    }

    /// The pointer of its end, for evidence.
    pub const EXPIRY: &'static str = EXPIRY;
}
