//! What was tried, why it gave no token and what would help: the text of exit code 3 is made here.

use super::Kind;
use super::reason::UNREACHABLE;
use crate::snapshot::Cloud;

/// One credential that gave no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which one.
    pub kind: Kind,
    /// What happened.
    pub outcome: Outcome,
    /// What the user can do, as one sentence without a full stop.
    pub fix: String,
}

/// Why a credential gave no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is not set up here, so nothing was asked.
    NotConfigured {
        /// Variables that are not set, or the program that is not installed.
        missing: Vec<&'static str>,
    },
    /// It is set up and did not work.
    Failed {
        /// One line, cut to a readable length, with secrets masked.
        reason: String,
    },
}

impl Attempt {
    pub(super) fn new(kind: Kind, outcome: Outcome, cloud: Cloud) -> Self {
        let fix = match &outcome {
            Outcome::NotConfigured { .. } => set_up(kind, cloud),
            Outcome::Failed { reason } if reason.starts_with(UNREACHABLE) => {
                "check the network and the variables HTTPS_PROXY and NO_PROXY".to_owned()
            }
            Outcome::Failed { .. } => repair(kind, cloud),
        };
        Self { kind, outcome, fix }
    }
}

/// How to set a credential up.
fn set_up(kind: Kind, cloud: Cloud) -> String {
    match kind {
        Kind::WorkloadIdentity => {
            "label the pod `azure.workload.identity/use: \"true\"`, or set the three AZURE_ variables yourself"
                .to_owned()
        }
        Kind::ClientSecret => "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET".to_owned(),
        Kind::ClientCertificate => {
            "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_CERTIFICATE_PATH (PEM with certificate and key)"
                .to_owned()
        }
        Kind::ManagedIdentity => "run on an Azure resource that has a managed identity".to_owned(),
        Kind::AzurePipelines => {
            "run in an AzureCLI or AzurePowerShell task and pass `SYSTEM_ACCESSTOKEN: $(System.AccessToken)`".to_owned()
        }
        Kind::GitHubOidc => {
            "give the job `permissions: id-token: write` and set AZURE_CLIENT_ID and AZURE_TENANT_ID".to_owned()
        }
        Kind::AzureCli => format!("install the Azure CLI, then {}", az_login(cloud)),
        Kind::AzureDeveloperCli => "install the Azure Developer CLI, then run `azd auth login`".to_owned(),
    }
}

/// How to repair a credential that is set up.
fn repair(kind: Kind, cloud: Cloud) -> String {
    match kind {
        Kind::WorkloadIdentity => {
            "check the federated credential of the application: issuer, subject and audience must match the token file"
                .to_owned()
        }
        Kind::ClientSecret => {
            "check AZURE_TENANT_ID and AZURE_CLIENT_ID; a secret that has expired needs a new one".to_owned()
        }
        Kind::ClientCertificate => {
            "check that this certificate is registered with the application and has not expired".to_owned()
        }
        Kind::ManagedIdentity => {
            "assign an identity to this resource; to use a user-assigned one, set AZURE_CLIENT_ID".to_owned()
        }
        Kind::AzurePipelines => "check the service connection and that it uses workload identity federation".to_owned(),
        Kind::GitHubOidc => {
            "check that the federated credential of the application names this repository, branch or environment"
                .to_owned()
        }
        Kind::AzureCli => az_login(cloud),
        Kind::AzureDeveloperCli => "run `azd auth login`".to_owned(),
    }
}

/// Cloud names: "Connect Azure MCP Server to sovereign clouds", learn.microsoft.com (read 2026-11-22).
fn az_login(cloud: Cloud) -> String {
    match cloud {
        Cloud::Public => "run `az login`".to_owned(),
        Cloud::UsGov => "run `az cloud set --name AzureUSGovernment` and `az login`".to_owned(),
        Cloud::China => "run `az cloud set --name AzureChinaCloud` and `az login`".to_owned(),
    }
}

impl std::fmt::Display for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}; to fix: {}", self.kind.as_str(), self.outcome, self.fix)
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotConfigured { missing } => write!(f, "not configured, missing {}", missing.join(", ")),
            Self::Failed { reason } => write!(f, "failed, {reason}"),
        }
    }
}

/// No credential gave a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInError {
    /// Every credential that was tried, in order; one when it was named.
    pub tried: Vec<Attempt>,
}

/// A heading, then one line per credential.
impl std::fmt::Display for SignInError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cannot sign in to Azure; what was tried:")?;
        self.tried.iter().try_for_each(|attempt| write!(f, "\n  {attempt}"))
    }
}

impl std::error::Error for SignInError {}
