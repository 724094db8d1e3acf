//! Sign-in: one access token for Azure Resource Manager, from whichever credential this machine has.
//!
//! `azure_identity` supplies the credentials but, on purpose, no chain. The chain is here because a pipeline, a virtual
//! machine and a laptop should all run the same command. It never picks silently: the caller learns which credential
//! answered ([`SignIn::kind`]) and which ones were set up but failed before it ([`SignIn::passed_over`]).
//!
//! What `auto` does with each credential, in the order of [`Kind::ALL`]:
//!
//! * its variables or its program are missing: *not configured*, the next one is tried;
//! * it is configured and fails: the reason is kept and the next one is tried, because a build agent often carries
//!   variables meant for another tool. Who needs one identity and no other names it;
//! * it answers a token request: it is used until the end of the run, even when a later refresh fails.
//!
//! Nothing here has met real Azure yet: Entra ID, the instance metadata service, Azure Pipelines, GitHub, `az` and
//! `azd` are known from their documentation and from the source of `azure_identity` 1.0.0 (read 2026-11-22) and are
//! played by local servers and scripts in the tests.

mod assertion;
mod attempt;
mod cached;
mod certificate;
mod command;
mod entra;
mod managed_identity;
mod reason;
mod refusal;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use futures::future::join_all;
use jiff::Timestamp;

use super::environment::Environment;
use crate::snapshot::Cloud;

pub use attempt::{Attempt, Outcome, SignInError};
pub use cached::Cached;

/// Makes a credential with nothing cached inside it; called for every token that is really fetched.
type Build = Box<dyn Fn() -> azure_core::Result<Arc<dyn TokenCredential>> + Send + Sync>;

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Token file of a federated workload, as Kubernetes mounts it.
    WorkloadIdentity,
    /// Service principal with a secret.
    ClientSecret,
    /// Service principal with a certificate.
    ClientCertificate,
    /// Identity of the App Service, container app or virtual machine.
    ManagedIdentity,
    /// Service connection of an Azure Pipelines job.
    AzurePipelines,
    /// OIDC token of a GitHub Actions job.
    GitHubOidc,
    /// Whoever is signed in to `az`.
    AzureCli,
    /// Whoever is signed in to `azd`.
    AzureDeveloperCli,
}

impl Kind {
    /// Every way, in the order `auto` tries them.
    pub const ALL: [Self; 8] = [
        Self::WorkloadIdentity,
        Self::ClientSecret,
        Self::ClientCertificate,
        Self::ManagedIdentity,
        Self::AzurePipelines,
        Self::GitHubOidc,
        Self::AzureCli,
        Self::AzureDeveloperCli,
    ];

    /// Stable word for `--credential`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkloadIdentity => "workload-identity",
            Self::ClientSecret => "client-secret",
            Self::ClientCertificate => "client-certificate",
            Self::ManagedIdentity => "managed-identity",
            Self::AzurePipelines => "azure-pipelines",
            Self::GitHubOidc => "github-oidc",
            Self::AzureCli => "azure-cli",
            Self::AzureDeveloperCli => "azure-developer-cli",
        }
    }

    /// Name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::WorkloadIdentity => "workload identity",
            Self::ClientSecret => "client secret",
            Self::ClientCertificate => "client certificate",
            Self::ManagedIdentity => "managed identity",
            Self::AzurePipelines => "Azure Pipelines service connection",
            Self::GitHubOidc => "GitHub OIDC",
            Self::AzureCli => "Azure CLI",
            Self::AzureDeveloperCli => "Azure Developer CLI",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.label())
    }
}

/// What `--credential` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The first that answers.
    Auto,
    /// This one and no other.
    Named(Kind),
}

impl Choice {
    /// Every word `--credential` takes.
    pub fn words() -> impl Iterator<Item = &'static str> {
        std::iter::once("auto").chain(Kind::ALL.map(Kind::as_str))
    }
}

impl FromStr for Choice {
    type Err = UnknownChoice;

    fn from_str(word: &str) -> Result<Self, UnknownChoice> {
        if word == "auto" {
            return Ok(Self::Auto);
        }
        Kind::ALL.into_iter().find(|kind| kind.as_str() == word).map(Self::Named).ok_or(UnknownChoice)
    }
}

/// A word `--credential` does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownChoice;

impl std::fmt::Display for UnknownChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a credential; choose from {}", Choice::words().collect::<Vec<_>>().join(", "))
    }
}

impl std::error::Error for UnknownChoice {}

/// What a sign-in needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Variables of the process.
    pub environment: &'a Environment,
    /// Cloud whose Entra authority is asked; `AZURE_AUTHORITY_HOST` goes before it.
    pub cloud: Cloud,
    /// Scope of the first token, as in [`super::clouds::Endpoint::scope`].
    pub scope: &'a str,
    /// More roots to trust (`--ca-file`).
    pub ca_file: Option<&'a Path>,
    /// Tenant the user named. It goes before `AZURE_TENANT_ID` and is given to `az` and `azd`, which otherwise use the
    /// tenant of their current account: `AZURE_TENANT_ID` belongs to a service principal, not to the person at the
    /// keyboard.
    pub tenant: Option<&'a str>,
}

impl Context<'_> {
    /// The values of `names`, or which of them are not set.
    fn require<const N: usize>(&self, names: [&'static str; N]) -> Result<[String; N], Outcome> {
        let values = names.map(|name| match name {
            "AZURE_TENANT_ID" | "AZURESUBSCRIPTION_TENANT_ID" => self.tenant.or_else(|| self.environment.get(name)),
            _ => self.environment.get(name),
        });
        let missing: Vec<_> = names.into_iter().zip(values).filter(|(_, value)| value.is_none()).collect();
        if missing.is_empty() {
            Ok(values.map(|value| value.unwrap_or_default().to_owned()))
        } else {
            Err(Outcome::NotConfigured { missing: missing.into_iter().map(|(name, _)| name).collect() })
        }
    }
}

/// A credential that answered, with its first token already fetched.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Which one.
    pub kind: Kind,
    /// Where the client gets its tokens.
    pub credential: Arc<Cached>,
    /// What `auto` tried before it; those with [`Outcome::Failed`] deserve a warning.
    pub passed_over: Vec<Attempt>,
}

impl std::fmt::Display for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "signed in with {} ({})", self.kind.label(), self.kind.as_str())
    }
}

/// Signs in: the named credential, or the first of the chain that gives a token for `context.scope`.
///
/// # Errors
/// [`SignInError`] with every credential tried, why each gave no token, and what would help.
pub async fn sign_in(choice: Choice, context: &Context<'_>) -> Result<SignIn, SignInError> {
    let kinds = match &choice {
        Choice::Auto => Kind::ALL.as_slice(),
        Choice::Named(kind) => std::slice::from_ref(kind),
    };
    let mut tried = Vec::new();
    for &kind in kinds {
        match attempt(kind, context).await {
            Ok(credential) => return Ok(SignIn { kind, credential: Arc::new(credential), passed_over: tried }),
            Err(outcome) => tried.push(Attempt::new(kind, outcome, context.cloud)),
        }
    }
    Err(SignInError { tried })
}

/// What one way to sign in gave.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Which one.
    pub kind: Kind,
    /// The credential, or why it gave no token.
    pub outcome: Result<Working, Attempt>,
}

/// A credential that gave a token.
#[derive(Debug, Clone)]
pub struct Working {
    /// Where a client gets its tokens.
    pub credential: Arc<Cached>,
    /// End of its first token.
    pub expires_at: Timestamp,
}

/// Tries the named credential, or every one of the chain whatever those before it did. Sorted like [`Kind::ALL`].
pub async fn try_each(choice: Choice, context: &Context<'_>) -> Vec<Trial> {
    let kinds = Kind::ALL.into_iter().filter(|kind| choice == Choice::Auto || choice == Choice::Named(*kind));
    let one = |kind| async move {
        let outcome = async {
            let credential = attempt(kind, context).await?;
            let token = credential.token(context.scope).await.map_err(|reason| Outcome::Failed { reason })?;
            let expires_at = Timestamp::from_second(token.expires_on.unix_timestamp()).unwrap_or(Timestamp::MAX);
            Ok(Working { credential: Arc::new(credential), expires_at })
        };
        Trial { kind, outcome: outcome.await.map_err(|outcome| Attempt::new(kind, outcome, context.cloud)) }
    };
    join_all(kinds.map(one)).await
}

/// Sets one credential up and fetches its first token.
async fn attempt(kind: Kind, context: &Context<'_>) -> Result<Cached, Outcome> {
    let redactor = reason::Redactor::of(context.environment);
    let clean = |outcome| match outcome {
        Outcome::Failed { reason } => Outcome::Failed { reason: redactor.line(&reason) },
        Outcome::NotConfigured { missing } => Outcome::NotConfigured { missing },
    };
    let build = build(kind, context).await.map_err(clean)?;
    let credential = Cached::new(kind, build, redactor.clone(), cached::TOKEN_LIMIT);
    credential.token(context.scope).await.map_err(|reason| Outcome::Failed { reason })?;
    Ok(credential)
}

async fn build(kind: Kind, context: &Context<'_>) -> Result<Build, Outcome> {
    match kind {
        Kind::WorkloadIdentity => entra::workload_identity(context),
        Kind::ClientSecret => entra::client_secret(context),
        Kind::ClientCertificate => entra::client_certificate(context),
        Kind::ManagedIdentity => managed_identity::prepare(context).await,
        Kind::AzurePipelines => entra::azure_pipelines(context),
        Kind::GitHubOidc => entra::github_oidc(context),
        Kind::AzureCli => command::azure_cli(context),
        Kind::AzureDeveloperCli => command::azure_developer_cli(context),
    }
}
