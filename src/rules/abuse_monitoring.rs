//! The state of abuse-monitoring storage, shared by the rules that judge one account and the ones that compare several.

use crate::knowledge::kinds::{Hosting, hosting};
use crate::outcome::{Unknown, UnknownCause};
use crate::snapshot::{AccountFacts, Cloud, ContentLogging};

/// What the account says about abuse-monitoring storage.
///
/// # Errors
/// When the account could not be read, is not settled, or is of a kind or in a cloud for which the meaning is not documented.
pub(super) fn state(cloud: Cloud, facts: &AccountFacts) -> Result<ContentLogging, Unknown> {
    let account = facts.account()?;
    let state = account.provisioning_state()?;
    let settled = account.0.cite("/properties/provisioningState");
    if !state.eq_ignore_ascii_case("Succeeded") {
        let message = format!("the account is in provisioning state {state}; its capabilities are not settled");
        return Err(Unknown::because(UnknownCause::NotSettled, message, vec![settled]));
    }
    let kind = account.kind()?;
    match hosting(kind) {
        Hosting::Hosts => {}
        Hosting::DoesNotHost | Hosting::Unlisted => {
            let message = format!("what ContentLogging means on an account of kind {kind} is not documented");
            return Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![account.0.cite("/kind")]));
        }
    }
    match cloud {
        Cloud::Public => Ok(account.content_logging()?),
        Cloud::UsGov | Cloud::China => {
            let message = "the meaning of ContentLogging is documented for the public cloud only";
            Err(Unknown::because(UnknownCause::UndocumentedValue, message, vec![settled]))
        }
    }
}

/// The entry has a value Microsoft does not document.
pub(super) fn undocumented(entry: crate::snapshot::Citation) -> Unknown {
    let message = format!("ContentLogging has the value {}, which Microsoft does not document", entry.value);
    Unknown::because(UnknownCause::UndocumentedValue, message, vec![entry])
}
