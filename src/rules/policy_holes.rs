//! What takes an account out of a policy: `notScopes` of the assignment, and exemptions.

use super::policies::Guard;
use super::{Context, shell_word};
use crate::outcome::Unknown;
use crate::snapshot::policies::{Cover, Exemption};
use crate::snapshot::{Citation, last_segment};

/// What takes an account out.
pub(super) struct Hole {
    /// In words.
    pub(super) why: String,
    /// What says so.
    pub(super) cited: Vec<Citation>,
    /// The command that closes it.
    pub(super) fix: String,
}

impl Guard<'_> {
    /// What takes the account out, if anything does today.
    ///
    /// # Errors
    /// Why the exemptions could not be read.
    pub(super) fn hole(&self, context: &Context<'_>) -> Result<Option<Hole>, Unknown> {
        if let Cover::LeftOut(scope) = &self.cover {
            let cited = self.cite("/properties/notScopes");
            let fix = format!("{} --not-scopes SCOPES", self.az_update());
            return Ok(Some(Hole { why: format!("its notScopes name {scope}"), cited, fix }));
        }
        if self.cover == Cover::Elsewhere {
            return Ok(None);
        }
        for exemption in context.subscription.policy_exemptions()? {
            let covers = exemption.covers(&self.applied.assignment, self.applied.reference, &context.facts.id.id)?;
            if !covers || exemption.ended_by(context.today)? {
                continue;
            }
            let end = exemption.expires_on()?.map_or_else(|| "without an end".to_owned(), |end| format!("until {end}"));
            let name = last_segment(&exemption.0.scope);
            let some = if exemption.is_partial()? { ", for some resources only" } else { "" };
            let cited =
                [vec![exemption.0.cite(Exemption::EXPIRY)], self.cite("/properties/policyDefinitionId")].concat();
            let [word, scope] = [name, exemption.scope()].map(shell_word);
            let fix = format!("az policy exemption delete --name {word} --scope {scope}");
            return Ok(Some(Hole { why: format!("exempt {end} by {name}{some}"), cited, fix }));
        }
        Ok(None)
    }
}
