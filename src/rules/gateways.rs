//! One question, asked by several rules: does an API Management gateway in front of the account keep what passes it?

use std::collections::{BTreeMap, BTreeSet};

use super::{CheckResult, Context};
use crate::outcome::{Unknown, Verdict};
use crate::snapshot::{Citation, Document, Gateway, Operation, last_segment};

/// What is found at one gateway.
pub(super) enum Found {
    /// A defect, or a question for a person.
    Something(Verdict),
    /// Nothing, and what shows it.
    Nothing(Vec<Citation>),
}

/// Asks `look` about every gateway of the run that leads to the account. A defect anywhere wins over what could not be read, which
/// wins over a question and over "nothing".
pub(super) fn check(
    context: &Context<'_>,
    none: &'static str,
    look: impl Fn(&Gateway<'_>, &BTreeSet<String>) -> Result<Found, Unknown>,
) -> CheckResult {
    let gateways = context.gateways;
    if gateways.is_empty() {
        return Ok(Verdict::not_applicable("the subscriptions of this run have no API Management gateway"));
    }
    let addresses = context.facts.addresses()?;
    let mut missing: Option<Unknown> = gateways.unread().cloned().map(Unknown::from);
    let (mut question, mut cited) = (None, Vec::new());
    for gateway in gateways.leading_to(&addresses) {
        match look(&gateway, &addresses) {
            Ok(Found::Something(verdict @ Verdict::Fail(_))) => return Ok(verdict),
            Ok(Found::Something(verdict)) => question = Some(verdict),
            Ok(Found::Nothing(shown)) => cited.extend(shown),
            Err(why) => missing = missing.or(Some(why)),
        }
    }
    if let Some(why) = missing {
        return Err(why);
    }
    if let Some(question) = question {
        return Ok(question);
    }
    let mut cited = cited.into_iter();
    Ok(match cited.next() {
        Some(first) => Verdict::pass(none, first, cited),
        None => Verdict::not_applicable("no API Management gateway of this run leads to the account"),
    })
}

/// Diagnostics that hold for an API: its own, and those of the gateway that it does not replace by one of the same name.
///
/// # Errors
/// Why one of the lists could not be read.
pub(super) fn diagnostics<'a>(gateway: &Gateway<'a>, api: &Document) -> Result<Vec<&'a Document>, Unknown> {
    let mut all: BTreeMap<String, &'a Document> = BTreeMap::new();
    let common = gateway.list(Operation::GatewayDiagnosticsList)?.documents()?;
    let own = gateway.api_list(Operation::ApiDiagnosticsList, api)?.documents()?;
    for row in common.into_iter().chain(own) {
        all.insert(last_segment(&row.scope).to_ascii_lowercase(), row);
    }
    Ok(all.into_values().collect())
}

/// What shows that nothing was found among diagnostics: how many each list has.
///
/// # Errors
/// Why one of the lists could not be read.
pub(super) fn cite_diagnostics(gateway: &Gateway<'_>, apis: &[&Document]) -> Result<Vec<Citation>, Unknown> {
    let mut all = vec![super::cite_known(gateway.list(Operation::GatewayDiagnosticsList)?)?];
    for api in apis {
        all.push(super::cite_known(gateway.api_list(Operation::ApiDiagnosticsList, api)?)?);
    }
    Ok(all)
}

/// What names the logger, unless it is known only after deployment: whether content is logged does not depend on it.
pub(super) fn cite_sink(diagnostic: &Document) -> Option<Citation> {
    const LOGGER: &str = "/properties/loggerId";
    diagnostic.string(LOGGER).is_ok().then(|| diagnostic.cite(LOGGER))
}

/// Where a diagnostic sends what it logs: the name of its logger.
pub(super) fn sink(diagnostic: &Document) -> String {
    match diagnostic.string("/properties/loggerId") {
        Ok(Some(id)) => format!("logger {}", last_segment(id)),
        Ok(None) | Err(_) => "a logger it does not name".to_owned(),
    }
}
