//! What an account serves: the models behind a deployment, and whether callers can reach any model at all.

use super::{CheckResult, Context, cite_list, shell_word};
use crate::knowledge::kinds::{Hosting, hosting};
use crate::knowledge::models::ROUTER;
use crate::knowledge::regions::normalise;
use crate::outcome::{Unknown, UnknownCause, Verdict};
use crate::snapshot::{Account, Citation, Deployment, Model};

/// The one location that offers instant models (instant-models page, 2026-07-10).
const INSTANT_LOCATION: &str = "westus3";

/// Whether models can be called without a deployment.
pub(super) enum Instant {
    /// They can: the list of allowed models is not empty.
    Open(Citation),
    /// They cannot.
    Closed {
        /// Why, in one sentence.
        why: &'static str,
        /// What shows it.
        first: Citation,
        /// What else was looked at.
        more: Vec<Citation>,
    },
    /// Accounts of this kind do not have the feature.
    NotOffered(String),
}

/// Whether instant models are open on the account. Kinds that are documented not to offer them are closed.
///
/// # Errors
/// When the account is where instant models are offered and does not show the property, or its shape is not the documented one.
pub(super) fn instant(account: &Account<'_>) -> Result<Instant, Unknown> {
    const POINTER: &str = "/properties/instant/modelAllowList";
    let kind = account.kind()?;
    match hosting(kind) {
        Hosting::Hosts if !kind.eq_ignore_ascii_case("OpenAI") => {}
        Hosting::Unlisted => {}
        Hosting::Hosts | Hosting::DoesNotHost => return Ok(Instant::NotOffered(kind.to_owned())),
    }
    match account.instant_allow_list()? {
        Some(0) => {
            let why = "the list of instant models is empty";
            Ok(Instant::Closed { why, first: account.0.cite(POINTER), more: Vec::new() })
        }
        Some(_) => Ok(Instant::Open(account.0.cite(POINTER))),
        None if normalise(account.location()?) == INSTANT_LOCATION => {
            let message =
                "the answer has no properties.instant, which only a preview api-version is documented to show";
            let cause = UnknownCause::Unread(account.0.not_in_api_version());
            Err(Unknown::because(cause, message, vec![account.0.cite("/location"), account.0.cite(POINTER)]))
        }
        None => {
            let why = "instant models are offered in West US 3 only (2026-07-10)";
            Ok(Instant::Closed { why, first: account.0.cite("/location"), more: vec![account.0.cite(POINTER)] })
        }
    }
}

/// What shows that callers can reach a model of the account; `None` when they cannot.
///
/// # Errors
/// When the deployments could not be read, or there are none and instant models cannot be ruled out.
pub(super) fn reachable_models(context: &Context<'_>) -> Result<Option<Citation>, Unknown> {
    if !context.facts.deployments.get()?.rows.is_empty() {
        return cite_list(&context.facts.deployments).map(Some);
    }
    match instant(&context.facts.account()?)? {
        Instant::Open(list) => Ok(Some(list)),
        Instant::Closed { .. } | Instant::NotOffered(_) => Ok(None),
    }
}

/// Asks a person about an API that keeps content, has no switch on the account and no list that ARM can show: manual as soon
/// as callers can reach a model. `remedy` is the first half of a sentence; the command that shows what is used follows.
///
/// # Errors
/// Those of [`reachable_models`].
pub(super) fn ask_about_api(context: &Context<'_>, message: &str, remedy: &str) -> CheckResult {
    let Some(evidence) = reachable_models(context)? else {
        return Ok(Verdict::not_applicable("no model is deployed"));
    };
    Ok(Verdict::manual(
        message,
        vec![evidence],
        format!(
            "{remedy}, then attest it; see what is used with: az monitor metrics list --resource {} --metrics AzureOpenAIRequests \
             --dimension ApiName OperationName",
            shell_word(&context.facts.id.id)
        ),
    ))
}

/// The models that answer for a deployment: its own, or those a model router chooses from.
///
/// # Errors
/// When the model could not be read, or a router may choose from all models.
pub(super) fn models_behind<'a>(deployment: &Deployment<'a>) -> Result<Vec<Model<'a>>, Unknown> {
    if !is_router(deployment.model_name()?) {
        return Ok(vec![deployment.model()?]);
    }
    match deployment.routing_models()? {
        Some(models) if !models.is_empty() => Ok(models),
        Some(_) | None => Err(Unknown::because(
            UnknownCause::UndocumentedValue,
            "the model router names no models, so it can choose any model it supports",
            vec![deployment.0.cite("/properties/routing")],
        )),
    }
}

/// Whether the model is the model router.
pub(super) fn is_router(model_name: &str) -> bool {
    model_name.eq_ignore_ascii_case(ROUTER)
}
