//! Who reads: one sign-in per tenant. A tenant that lets nobody in is a gap in the report, not the end of the run.

use super::clock::now;
use super::failure::Failure;
use super::live::{context, settings};
use super::show::Console;
use crate::azure::arm::{Arm, Settings};
use crate::azure::clouds::Endpoint;
use crate::azure::credentials::{self, Attempt, Choice, Kind, Outcome, SignIn, SignInError};
use crate::azure::environment::Environment;
use crate::azure::operations::row;
use crate::azure::stop::Stop;
use crate::cli::AccessArgs;
use crate::collect::scope::Callers;
use crate::snapshot::{Asked, Cause, Document, Operation, Unavailable, is_guid, last_segment};

/// What a sign-in needs.
pub(super) struct Access<'a> {
    pub(super) args: &'a AccessArgs,
    pub(super) environment: &'a Environment,
    pub(super) endpoint: &'a Endpoint,
    pub(super) stop: &'a Stop,
    pub(super) console: &'a Console,
}

/// Signs in to every tenant asked for. With the callers comes the credential of the first, which all others use too.
///
/// # Errors
/// [`Failure`] when no tenant lets the caller in.
pub(super) async fn callers(access: &Access<'_>, asked: &Asked) -> Result<(Callers, Kind), Failure> {
    let mut entered = Entered { access, signed_in: Vec::new(), kind: None, gaps: Vec::new(), refusal: None };
    if asked.tenants.is_empty() {
        entered.enter(None).await?;
    }
    for tenant in &asked.tenants {
        entered.enter(Some(tenant)).await?;
    }
    if asked.all_tenants {
        for tenant in entered.visible().await {
            entered.enter(Some(&tenant)).await?;
        }
    }
    let Entered { signed_in, kind, gaps, refusal, .. } = entered;
    let mut arms = signed_in.into_iter();
    match (arms.next(), kind) {
        (Some(home), Some(kind)) => Ok((Callers { home, further: arms.collect(), gaps }, kind)),
        _ => Err(refusal.unwrap_or_else(|| Failure::not_audited("no sign-in", "Sign in, then scan again."))),
    }
}

/// The tenants so far.
struct Entered<'a> {
    access: &'a Access<'a>,
    signed_in: Vec<Arm>,
    kind: Option<Kind>,
    gaps: Vec<Unavailable>,
    /// Why the first tenant that let nobody in did not.
    refusal: Option<Failure>,
}

impl Entered<'_> {
    /// Signs in to one more tenant, or to the credential's own.
    async fn enter(&mut self, tenant: Option<&str>) -> Result<(), Failure> {
        let access = self.access;
        let context = credentials::Context { tenant, ..context(access.args, access.environment, access.endpoint) };
        // One kind for all: a run that mixed identities would be hard to explain.
        let choice = self.kind.map_or(access.args.credential, Choice::Named);
        let sign_in = match credentials::sign_in(choice, &context).await {
            Ok(sign_in) => sign_in,
            Err(error) => {
                self.refuse(tenant, &reason(&error), error.into());
                return Ok(());
            }
        };
        let arm = if let Some(home) = self.signed_in.first() {
            home.also(sign_in.credential.clone())
        } else {
            let settings = Settings { stop: access.stop.clone(), ..settings(access.args, access.endpoint) };
            Arm::new(settings, sign_in.credential.clone())?
        };
        if let Some((tenant, why)) = elsewhere(&arm, tenant).await {
            let failure = Failure::not_audited(
                format!("--tenant {tenant}: {why}"),
                "Use a credential that can sign in to this tenant, such as the Azure CLI or a multi-tenant application.",
            );
            self.refuse(Some(tenant), &why, failure);
            return Ok(());
        }
        if self.kind.is_none() {
            announce(access, &sign_in);
        }
        self.kind = Some(sign_in.kind);
        self.signed_in.push(arm);
        Ok(())
    }

    fn refuse(&mut self, tenant: Option<&str>, why: &str, failure: Failure) {
        if let Some(tenant) = tenant {
            self.access.console.note(&format!("no sign-in to tenant {tenant}: {why}"));
            self.gaps.push(Unavailable {
                cause: Cause::Forbidden { action: row(Operation::SubscriptionsList).action.to_owned() },
                operation: Operation::SubscriptionsList,
                scope: format!("/tenants/{tenant}"),
                detail: Some(format!("the sign-in failed: {why}")),
                request_id: None,
                at: now(),
            });
        }
        self.refusal.get_or_insert(failure);
    }

    /// The tenants the first caller can sign in to, without its own. A list that cannot be read is a gap.
    async fn visible(&mut self) -> Vec<String> {
        let Some(home) = self.signed_in.first() else { return Vec::new() };
        let own = home.principal().tenant_id.unwrap_or_default();
        let id = |document: &Document| {
            let named = document.string("/tenantId").ok().flatten().unwrap_or_else(|| last_segment(&document.scope));
            if is_guid(named) { Ok(named.to_ascii_lowercase()) } else { Err(document.unexpected("/tenantId")) }
        };
        let list = home.list(Operation::TenantsList, "").await;
        let ids = list.and_then(|list| list.documents()?.into_iter().map(id).collect::<Result<Vec<_>, _>>());
        match ids {
            Ok(mut ids) => {
                ids.retain(|id| !id.eq_ignore_ascii_case(&own));
                ids
            }
            Err(why) => {
                self.gaps.push(Unavailable { scope: "/tenants".to_owned(), ..why });
                Vec::new()
            }
        }
    }
}

/// A managed identity, for one, gives tokens of its own tenant whatever it is asked for: such a token must not pass for the
/// tenant's.
async fn elsewhere<'a>(arm: &Arm, tenant: Option<&'a str>) -> Option<(&'a str, String)> {
    let tenant = tenant?;
    let own = match arm.caller().await {
        Ok(principal) => principal.tenant_id?,
        Err(why) => return Some((tenant, why)),
    };
    (!own.eq_ignore_ascii_case(tenant)).then(|| (tenant, format!("the credential gives tokens of tenant {own} only")))
}

/// Why nothing answered, in one line.
fn reason(error: &SignInError) -> String {
    let all = error.tried.iter().filter(|attempt| matches!(attempt.outcome, Outcome::Failed { .. }));
    let lines: Vec<String> = all.map(|attempt| format!("{}: {}", attempt.kind.as_str(), attempt.outcome)).collect();
    if lines.is_empty() { "no credential is set up".to_owned() } else { lines.join("; ") }
}

fn announce(access: &Access<'_>, sign_in: &SignIn) {
    for attempt in &sign_in.passed_over {
        if let Some(reason) = surprising_failure(attempt, access.environment) {
            access.console.note(&format!("passed over {}: {reason}", attempt.kind.label()));
        }
    }
    access.console.note(&format!("signed in with {}", sign_in.kind.label()));
}

/// A credential that was set up and failed is worth a line: another identity may see less. That a laptop has no metadata
/// service is not.
fn surprising_failure<'a>(attempt: &'a Attempt, environment: &Environment) -> Option<&'a str> {
    let laptop = attempt.kind == Kind::ManagedIdentity && environment.get("IDENTITY_ENDPOINT").is_none();
    match &attempt.outcome {
        Outcome::Failed { reason } if !laptop => Some(reason),
        Outcome::Failed { .. } | Outcome::NotConfigured { .. } => None,
    }
}
