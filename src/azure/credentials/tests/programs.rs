//! `az` and `azd` played by shell scripts.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::azure::credentials::{command, reason};

/// A directory that is the whole `PATH`; scripts name what they run by absolute path.
struct Programs(tempfile::TempDir);

impl Programs {
    fn new(name: &str, script: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(name);
        std::fs::write(&file, format!("#!/bin/sh\nhere={}\n{script}\n", directory.path().display())).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self(directory)
    }

    fn environment(&self) -> Environment {
        let imds = dead_imds();
        let path = self.0.path().to_str().unwrap();
        Environment::from([("PATH", path), ("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.as_str())])
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap_or_default()
    }
}

async fn failure(kind: Kind, script: &str) -> String {
    let name = if kind == Kind::AzureCli { "az" } else { "azd" };
    let programs = Programs::new(name, script);
    let error = sign_in(Choice::Named(kind), &context(&programs.environment(), None)).await.unwrap_err();
    error.tried[0].to_string()
}

#[tokio::test]
async fn az_is_run_once_and_its_token_kept() {
    let answer = json!({"accessToken": "az-token", "expires_on": FAR, "tokenType": "Bearer"});
    let programs = Programs::new("az", &format!("echo \"$*\" >> $here/calls\necho '{answer}'"));
    let environment = programs.environment();
    let signed_in = sign_in(Choice::Auto, &context(&environment, None)).await.unwrap();
    assert_eq!(signed_in.to_string(), "signed in with Azure CLI (azure-cli)");
    for _ in 0..3 {
        assert_eq!(token(&signed_in).await, "az-token");
    }
    assert_eq!(programs.read("calls"), format!("account get-access-token -o json --scope {SCOPE}\n"));

    let tenant = Context { tenant: Some("contoso.example"), ..context(&environment, None) };
    sign_in(Choice::Named(Kind::AzureCli), &tenant).await.unwrap();
    assert!(programs.read("calls").ends_with("--tenant contoso.example\n"));
}

#[tokio::test]
async fn azd_is_last_in_the_chain() {
    let answer = json!({"token": "azd-token", "expiresOn": "2100-01-01T00:00:00Z"});
    let programs = Programs::new("azd", &format!("echo '{answer}'"));
    let signed_in = sign_in(Choice::Auto, &context(&programs.environment(), None)).await.unwrap();
    assert_eq!(signed_in.kind, Kind::AzureDeveloperCli);
    assert_eq!(signed_in.passed_over.len(), Kind::ALL.len() - 1);
}

#[tokio::test]
async fn each_way_az_can_fail_has_its_own_words() {
    let az = Kind::AzureCli;
    let text = failure(az, "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1").await;
    assert_eq!(text, "azure-cli: failed, `az` is installed, but nobody is signed in; to fix: run `az login`");
    let text = failure(az, "echo 'ERROR: AADSTS700082: The refresh token has expired.' >&2; exit 1").await;
    assert_eq!(text, "azure-cli: failed, the sign-in of `az` has expired; to fix: run `az login`");
    let text = failure(az, "echo '{\"accessToken\": \"t\", \"tokenType\": \"Bearer\"}'").await;
    assert!(text.contains("older than 2.54"), "{text}");
    let text = failure(az, "printf 'ERROR: something\\033[31m new\\nsecond line' >&2; exit 1").await;
    assert!(text.contains("failed, something [31m new second line;"), "{text}");
    let text = failure(az, "exit 1").await;
    assert!(text.contains("it gave no reason"), "{text}");
    let text = failure(az, "echo 'not JSON eyJhbGciOiJIUzI1NiJ9'").await;
    assert!(text.contains("not the JSON"), "{text}");
    let expired = json!({"accessToken": "t", "expires_on": 1, "tokenType": "Bearer"});
    let text = failure(az, &format!("echo '{expired}'")).await;
    assert!(text.contains("check the clock"), "{text}");
    let text = failure(Kind::AzureDeveloperCli, "echo 'ERROR: not logged in, run `azd auth login`' >&2; exit 1").await;
    assert!(text.contains("`azd` is installed, but nobody is signed in"), "{text}");
}

#[tokio::test]
async fn a_hung_az_is_ended_with_everything_it_started() {
    // The loop is a child of `az`, as the interpreter of the real one is a child of its start script.
    let script = "(while :; do echo x >> $here/beat; /bin/sleep 0.02; done) & wait";
    let programs = Programs::new("az", script);
    let environment = programs.environment();
    let build = command::azure_cli(&context(&environment, None)).unwrap();
    let redactor = reason::Redactor::default();
    let credential = Cached::new(Kind::AzureCli, build, redactor, Duration::from_millis(500));
    let reason = credential.token(SCOPE).await.unwrap_err();
    assert_eq!(reason, "no answer within 0.5 s");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let beats = programs.read("beat");
    assert!(!beats.is_empty());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(programs.read("beat"), beats);
}
