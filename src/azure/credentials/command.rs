//! Credentials that run a program: `az` and `azd`.
//!
//! `azure_identity` builds the command line and reads the answer; running it is ours, because its executor has no time
//! limit and leaves a hung `az` behind: it starts a shell, and ending the shell does not end what the shell started.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential, AzureDeveloperCliCredentialOptions,
    Executor,
};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

use super::{Build, Context, Kind, Outcome};
use crate::azure::environment::Environment;

pub(super) fn azure_cli(context: &Context<'_>) -> Result<Build, Outcome> {
    let path = search_path(context.environment, "az").ok_or(Outcome::NotConfigured { missing: vec!["az on PATH"] })?;
    let tenant_id = context.tenant.map(str::to_owned);
    let options =
        AzureCliCredentialOptions { tenant_id, executor: Some(Arc::new(OwnGroup { path })), ..Default::default() };
    let credential = AzureCliCredential::new(Some(options)).map_err(|e| Outcome::Failed { reason: e.to_string() })?;
    Ok(Box::new(move || Ok(Arc::clone(&credential) as Arc<dyn TokenCredential>)))
}

pub(super) fn azure_developer_cli(context: &Context<'_>) -> Result<Build, Outcome> {
    let path =
        search_path(context.environment, "azd").ok_or(Outcome::NotConfigured { missing: vec!["azd on PATH"] })?;
    let tenant_id = context.tenant.map(str::to_owned);
    let executor: Option<Arc<dyn Executor>> = Some(Arc::new(OwnGroup { path }));
    let options = AzureDeveloperCliCredentialOptions { tenant_id, executor };
    let credential =
        AzureDeveloperCliCredential::new(Some(options)).map_err(|e| Outcome::Failed { reason: e.to_string() })?;
    Ok(Box::new(move || Ok(Arc::clone(&credential) as Arc<dyn TokenCredential>)))
}

/// `PATH`, when `program` is on it. Looking first tells "not installed" from "does not work" without starting a shell.
fn search_path(environment: &Environment, program: &str) -> Option<String> {
    let path = environment.get("PATH").or_else(|| environment.get("Path"))?;
    let names = ["", ".cmd", ".exe", ".bat"].map(|ending| format!("{program}{ending}"));
    let here = |directory: &Path| names.iter().any(|name| directory.join(name).is_file());
    std::env::split_paths(path).any(|directory| directory.is_absolute() && here(&directory)).then(|| path.to_owned())
}

/// Runs a program in a process group of its own and ends the whole group when the caller stops waiting.
#[derive(Debug)]
struct OwnGroup {
    path: String,
}

#[async_trait]
impl Executor for OwnGroup {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new(program);
        command.args(args).env("PATH", &self.path).kill_on_drop(true);
        // Settings of `az`: its errors become a line of ours, and nothing may wait for a keyboard.
        command.env("AZURE_CORE_NO_COLOR", "1").env("AZURE_CORE_ONLY_SHOW_ERRORS", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        // Declared after the child, so dropped before it: the id cannot have passed to another process.
        let mut group = Group::of(&child);
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (stdout, stderr) = tokio::try_join!(read(stdout), read(stderr))?;
        let status = child.wait().await?;
        group.ended();
        Ok(Output { status, stdout, stderr })
    }
}

async fn read(pipe: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// A process group to end unless it ended by itself.
#[cfg(unix)]
struct Group(Option<rustix::process::Pid>);

#[cfg(unix)]
impl Group {
    fn of(child: &tokio::process::Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    fn ended(&mut self) {
        self.0 = None;
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It may have ended in this very moment; there is nobody to tell.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

/// Elsewhere only the shell is ended, by `kill_on_drop`.
#[cfg(not(unix))]
struct Group;

#[cfg(not(unix))]
impl Group {
    fn of(_: &tokio::process::Child) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "same shape as on unix")]
    fn ended(&mut self) {}
}

/// Says in our words what `az` and `azd` say about the common cases; other reasons pass through.
///
/// The messages are those in the tests of `azure_identity` 1.0.0 (read 2026-11-22). Microsoft says that error codes may
/// change, so they choose words only, never what happens next.
pub(super) fn explain(kind: Kind, reason: String) -> String {
    let program = match kind {
        Kind::AzureCli => "az",
        Kind::AzureDeveloperCli => "azd",
        Kind::WorkloadIdentity
        | Kind::ClientSecret
        | Kind::ClientCertificate
        | Kind::ManagedIdentity
        | Kind::AzurePipelines
        | Kind::GitHubOidc => return reason,
    };
    let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    // Refresh token: expired by sign-in frequency, unused, revoked; multi-factor sign-in too old.
    if says(&["AADSTS70043", "AADSTS700082", "AADSTS50173", "AADSTS50078", "Interactive authentication is needed"]) {
        return format!("the sign-in of `{program}` has expired");
    }
    if says(&["Please run 'az login'", "not logged in", "azd auth login"]) {
        return format!("`{program}` is installed, but nobody is signed in");
    }
    if says(&["expires_on field not found"]) {
        return "this `az` is older than 2.54; update it".to_owned();
    }
    reason.trim().trim_start_matches("ERROR:").trim().to_owned()
}
