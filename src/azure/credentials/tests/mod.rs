//! Sign-in against servers on loopback. Every environment here points the instance metadata service at loopback too: a
//! test must never look for the real one.

#[cfg(unix)]
mod programs;
mod rsa;
mod server;

use std::path::Path;
use std::time::{Duration, Instant};

use azure_core::base64::decode_url_safe;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use ring::signature::{KeyPair as _, RSA_PSS_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use server::{Authority, Server, closed_port};

const SCOPE: &str = "https://management.azure.com/.default";
const FAR: i64 = 4_102_444_800;

fn context<'a>(environment: &'a Environment, ca_file: Option<&'a Path>) -> Context<'a> {
    Context { environment, cloud: Cloud::Public, scope: SCOPE, ca_file, tenant: None }
}

/// An answer of Entra ID.
fn entra_token(_: &str) -> (u16, String) {
    (200, json!({"token_type": "Bearer", "expires_in": 3600, "access_token": "entra-token"}).to_string())
}

/// An answer of a managed identity endpoint; every token is another.
fn numbered_tokens() -> impl Fn(&str) -> (u16, String) + Send + Sync {
    let count = std::sync::atomic::AtomicU32::new(0);
    move |_| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let body =
            json!({"access_token": format!("msi-{number}"), "expires_on": FAR.to_string(), "token_type": "Bearer"});
        (200, body.to_string())
    }
}

fn dead_imds() -> String {
    format!("http://127.0.0.1:{}", closed_port())
}

async fn token(signed_in: &SignIn) -> String {
    signed_in.credential.token(SCOPE).await.unwrap().token.secret().to_owned()
}

/// The form fields of a POST.
fn form(request: &str) -> Vec<(String, String)> {
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn field(request: &str, name: &str) -> String {
    form(request).into_iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
}

#[test]
fn every_word_names_one_way_and_the_chain_has_a_fixed_order() {
    let words: Vec<_> = Choice::words().collect();
    let expected = "auto workload-identity client-secret client-certificate managed-identity azure-pipelines \
                    github-oidc azure-cli azure-developer-cli";
    assert_eq!(words.join(" "), expected);
    for kind in Kind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(Choice::Named(kind)));
    }
    assert_eq!("auto".parse(), Ok(Choice::Auto));
    assert!(Choice::from_str("AUTO").unwrap_err().to_string().contains("azure-cli"));
}

#[tokio::test]
async fn nothing_configured_is_an_error_that_lists_everything_and_is_quick() {
    let imds = dead_imds();
    let environment = Environment::from([("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.as_str())]);
    let start = Instant::now();
    let error = sign_in(Choice::Auto, &context(&environment, None)).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(error.tried.iter().map(|attempt| attempt.kind).collect::<Vec<_>>(), Kind::ALL);
    for attempt in &error.tried {
        match (&attempt.kind, &attempt.outcome) {
            (Kind::ManagedIdentity, Outcome::Failed { reason }) => {
                assert!(reason.contains("no instance metadata service (cannot reach 127.0.0.1: "), "{reason}");
            }
            (_, Outcome::NotConfigured { missing }) => assert!(!missing.is_empty()),
            (kind, outcome) => panic!("{kind}: {outcome}"),
        }
    }
    let text = error.to_string();
    assert_eq!(text.lines().count(), 1 + Kind::ALL.len(), "{text}");
    assert!(text.contains(
        "\n  azure-cli: not configured, missing az on PATH; to fix: install the Azure CLI, then run `az login`"
    ));
}

#[tokio::test]
async fn app_service_identity_is_asked_once_and_again_after_a_refused_token() {
    let server = Server::http(numbered_tokens()).await;
    let endpoint = format!("http://127.0.0.1:{}/msi/token", server.port);
    let environment = Environment::from([
        ("IDENTITY_ENDPOINT", endpoint.as_str()),
        ("IDENTITY_HEADER", "header-secret"),
        ("AZURE_CLIENT_ID", "user-assigned"),
    ]);
    let signed_in = sign_in(Choice::Auto, &context(&environment, None)).await.unwrap();
    assert_eq!(signed_in.to_string(), "signed in with managed identity (managed-identity)");
    assert_eq!(signed_in.credential.label(), Kind::ManagedIdentity.label());
    assert_eq!(token(&signed_in).await, "msi-0");
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    let first_line =
        "GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com&client_id=user-assigned ";
    assert!(seen[0].starts_with(first_line), "{}", seen[0]);
    assert!(seen[0].contains("x-identity-header: header-secret\r\n"), "{}", seen[0]);

    let refused = signed_in.credential.token(SCOPE).await.unwrap();
    signed_in.credential.invalidate(&refused);
    let many = join_all((0..20).map(|_| token(&signed_in))).await;
    assert!(many.iter().all(|token| token == "msi-1"), "{many:?}");
    signed_in.credential.invalidate(&refused);
    assert_eq!(token(&signed_in).await, "msi-1", "a late 401 to the old token costs nothing");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_refusal_is_told_without_the_secret_header() {
    let answer = |_: &str| (400, json!({"statusCode": 400, "message": "no identity for header-secret"}).to_string());
    let server = Server::http(answer).await;
    let endpoint = format!("http://127.0.0.1:{}/msi/token", server.port);
    let environment =
        Environment::from([("IDENTITY_ENDPOINT", endpoint.as_str()), ("IDENTITY_HEADER", "header-secret")]);
    let named = Choice::Named(Kind::ManagedIdentity);
    let error = sign_in(named, &context(&environment, None)).await.unwrap_err();
    let expected = "cannot sign in to Azure; what was tried:\n  managed-identity: failed, HTTP 400: no identity for \
                    ***; to fix: assign an identity to this resource; to use a user-assigned one, set AZURE_CLIENT_ID";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn the_metadata_service_is_probed_and_then_asked() {
    let tokens = numbered_tokens();
    let server = Server::http(move |request| {
        if request.starts_with("GET /metadata/instance ") { (400, String::new()) } else { tokens(request) }
    })
    .await;
    let base = format!("http://127.0.0.1:{}", server.port);
    let environment = Environment::from([("AZURE_POD_IDENTITY_AUTHORITY_HOST", base.as_str())]);
    let signed_in = sign_in(Choice::Named(Kind::ManagedIdentity), &context(&environment, None)).await.unwrap();
    assert_eq!(token(&signed_in).await, "msi-0");
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen[1].starts_with("GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A"));
    assert!(seen[1].contains("metadata: true\r\n"));
}

#[tokio::test]
async fn a_silent_metadata_service_costs_one_second() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let environment = Environment::from([("AZURE_POD_IDENTITY_AUTHORITY_HOST", base.as_str())]);
    let start = Instant::now();
    let error = sign_in(Choice::Named(Kind::ManagedIdentity), &context(&environment, None)).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(3));
    assert!(error.to_string().contains("no answer within 1 s"), "{error}");
}

#[tokio::test]
async fn a_client_secret_goes_to_the_authority_of_the_environment() {
    let authority = Authority::new();
    let server = Server::https(&authority, entra_token).await;
    let host = format!("https://localhost:{}", server.port);
    let environment = Environment::from([
        ("AZURE_AUTHORITY_HOST", host.as_str()),
        ("AZURE_TENANT_ID", "tenant"),
        ("AZURE_CLIENT_ID", "client"),
        ("AZURE_CLIENT_SECRET", "the-secret"),
    ]);
    let ca = authority.file();
    let signed_in = sign_in(Choice::Auto, &context(&environment, Some(&ca))).await.unwrap();
    assert_eq!(signed_in.kind, Kind::ClientSecret);
    assert_eq!(signed_in.passed_over.len(), 1);
    let seen = server.seen();
    assert!(seen[0].starts_with("POST /tenant/oauth2/v2.0/token "), "{}", seen[0]);
    assert_eq!(field(&seen[0], "client_secret"), "the-secret");
    assert_eq!(field(&seen[0], "scope"), SCOPE);
    assert_eq!(token(&signed_in).await, "entra-token");

    let refused = signed_in.credential.token(SCOPE).await.unwrap();
    signed_in.credential.invalidate(&refused);
    token(&signed_in).await;
    assert_eq!(server.seen().len(), 2, "the cache of the SDK must not bring the refused token back");

    let other = Context { tenant: Some("other"), ..context(&environment, Some(&ca)) };
    sign_in(Choice::Named(Kind::ClientSecret), &other).await.unwrap();
    assert!(server.seen()[2].starts_with("POST /other/"));
}

#[tokio::test]
async fn a_failed_credential_is_passed_over_and_named_with_its_reason() {
    let authority = Authority::new();
    let refuse = |request: &str| {
        let text = format!(
            "AADSTS7000215: Invalid client secret provided: \u{27}{}\u{27}.\r\nTrace ID: 1",
            field(request, "client_secret")
        );
        (401, json!({"error": "invalid_client", "error_codes": [7_000_215], "error_description": text}).to_string())
    };
    let entra = Server::https(&authority, refuse).await;
    let identity = Server::http(numbered_tokens()).await;
    let host = format!("https://localhost:{}", entra.port);
    let endpoint = format!("http://127.0.0.1:{}/msi/token", identity.port);
    let environment = Environment::from([
        ("AZURE_AUTHORITY_HOST", host.as_str()),
        ("AZURE_TENANT_ID", "tenant"),
        ("AZURE_CLIENT_ID", "client"),
        ("AZURE_CLIENT_SECRET", "wrong~secret&"),
        ("IDENTITY_ENDPOINT", endpoint.as_str()),
        ("IDENTITY_HEADER", "header-secret"),
    ]);
    let ca = authority.file();
    let context = context(&environment, Some(&ca));
    let signed_in = sign_in(Choice::Auto, &context).await.unwrap();
    assert_eq!(signed_in.kind, Kind::ManagedIdentity);
    let failed: Vec<_> =
        signed_in.passed_over.iter().filter(|attempt| matches!(attempt.outcome, Outcome::Failed { .. })).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(
        failed[0].outcome.to_string(),
        "failed, HTTP 401: AADSTS7000215: Invalid client secret provided: '***'."
    );

    let shown = format!("{signed_in:?} {context:?} {} {:?}", failed[0], signed_in.credential);
    for secret in ["wrong~secret", "header-secret", "msi-0"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn an_authority_that_cannot_be_reached_or_trusted_is_reported_within_seconds() {
    let authority = Authority::new();
    let untrusted = Server::https(&authority, entra_token).await;
    let broken = Server::https(&authority, |_| (503, "<html>eyJhbGciOiJIUzI1NiJ9.x</html>".to_owned())).await;
    let ca = authority.file();
    let cases = [
        (
            format!("https://localhost:{}", closed_port()),
            Some(ca.as_path()),
            "cannot reach localhost: Connection refused",
        ),
        (format!("https://localhost:{}", untrusted.port), None, "--ca-file"),
        (
            format!("https://localhost:{}", broken.port),
            Some(ca.as_path()),
            "HTTP 503: the answer does not look like one of Entra ID",
        ),
        ("http://localhost:1".to_owned(), None, "AZURE_AUTHORITY_HOST must be an https URL"),
        ("https://localhost".to_owned(), Some(Path::new("/nowhere/ca.pem")), "cannot read the CA file"),
    ];
    for (host, ca_file, expected) in cases {
        let environment = Environment::from([
            ("AZURE_AUTHORITY_HOST", host.as_str()),
            ("AZURE_TENANT_ID", "tenant"),
            ("AZURE_CLIENT_ID", "client"),
            ("AZURE_CLIENT_SECRET", "the-secret"),
        ]);
        let start = Instant::now();
        let named = Choice::Named(Kind::ClientSecret);
        let error = sign_in(named, &context(&environment, ca_file)).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(5), "{host}: {:?}", start.elapsed());
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_federated_token_file_is_sent_trimmed_and_read_anew() {
    let authority = Authority::new();
    let server = Server::https(&authority, entra_token).await;
    let host = format!("https://localhost:{}", server.port);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    std::fs::write(&file, "first-token\n").unwrap();
    let environment = Environment::from([
        ("AZURE_AUTHORITY_HOST", host.as_str()),
        ("AZURE_TENANT_ID", "tenant"),
        ("AZURE_CLIENT_ID", "client"),
        ("AZURE_FEDERATED_TOKEN_FILE", file.to_str().unwrap()),
    ]);
    let ca = authority.file();
    let context = context(&environment, Some(&ca));
    let signed_in = sign_in(Choice::Auto, &context).await.unwrap();
    assert_eq!((signed_in.kind, signed_in.passed_over.len()), (Kind::WorkloadIdentity, 0));
    std::fs::write(&file, "second-token\n").unwrap();
    let refused = signed_in.credential.token(SCOPE).await.unwrap();
    signed_in.credential.invalidate(&refused);
    token(&signed_in).await;
    let sent: Vec<_> = server.seen().iter().map(|request| field(request, "client_assertion")).collect();
    assert_eq!(sent, ["first-token", "second-token"]);

    std::fs::write(&file, " \n").unwrap();
    let error = sign_in(Choice::Named(Kind::WorkloadIdentity), &context).await.unwrap_err();
    assert!(error.to_string().contains("is empty"), "{error}");
}

#[tokio::test]
async fn a_github_job_exchanges_its_token() {
    let authority = Authority::new();
    let entra = Server::https(&authority, entra_token).await;
    let github = Server::http(|_| (200, json!({"value": "github-jwt"}).to_string())).await;
    let host = format!("https://localhost:{}", entra.port);
    let request_url = format!("http://127.0.0.1:{}/token?api-version=2.0", github.port);
    let variables = |url| {
        Environment::from([
            ("AZURE_AUTHORITY_HOST", host.as_str()),
            ("AZURE_TENANT_ID", "tenant"),
            ("AZURE_CLIENT_ID", "client"),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", url),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token"),
        ])
    };
    let ca = authority.file();
    let named = Choice::Named(Kind::GitHubOidc);
    let environment = variables(request_url.as_str());
    sign_in(named, &context(&environment, Some(&ca))).await.unwrap();
    let asked = &github.seen()[0];
    assert!(asked.starts_with("GET /token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange "), "{asked}");
    assert!(asked.contains("authorization: Bearer request-token\r\n"), "{asked}");
    assert_eq!(field(&entra.seen()[0], "client_assertion"), "github-jwt");

    let environment = variables("http://pipelines.example/token");
    let error = sign_in(named, &context(&environment, Some(&ca))).await.unwrap_err();
    assert!(error.to_string().contains("ACTIONS_ID_TOKEN_REQUEST_URL must be an https URL"), "{error}");

    let refusing = Server::http(|request| (403, request.to_owned())).await;
    let url = format!("http://127.0.0.1:{}/token", refusing.port);
    let environment = variables(&url);
    let error = sign_in(named, &context(&environment, Some(&ca))).await.unwrap_err();
    assert!(error.to_string().contains("GitHub gave no token: HTTP 403"), "{error}");
    assert!(!format!("{error} {error:?}").contains("request-token"));
}

#[tokio::test]
async fn a_client_certificate_signs_an_assertion_that_verifies() {
    let (pkcs1, pkcs8) = rsa::key();
    let der = PrivatePkcs8KeyDer::from(pkcs8.clone());
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
    let stranger = CertificateParams::new(Vec::new()).unwrap().self_signed(&KeyPair::generate().unwrap()).unwrap();
    let files = [
        certificate.pem() + &rsa::pem("PRIVATE KEY", &pkcs8),
        rsa::pem("RSA PRIVATE KEY", &pkcs1) + &stranger.pem() + &certificate.pem(),
    ];

    let authority = Authority::new();
    let server = Server::https(&authority, entra_token).await;
    let host = format!("https://localhost:{}", server.port);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("client.pem");
    let environment = Environment::from([
        ("AZURE_AUTHORITY_HOST", host.as_str()),
        ("AZURE_TENANT_ID", "tenant"),
        ("AZURE_CLIENT_ID", "client"),
        ("AZURE_CLIENT_CERTIFICATE_PATH", file.to_str().unwrap()),
    ]);
    let ca = authority.file();
    let context = context(&environment, Some(&ca));
    for text in files {
        std::fs::write(&file, text).unwrap();
        let signed_in = sign_in(Choice::Auto, &context).await.unwrap();
        assert_eq!(signed_in.kind, Kind::ClientCertificate);
        let assertion = field(server.seen().last().unwrap(), "client_assertion");
        let (signed, signature) = assertion.rsplit_once('.').unwrap();
        let public = RsaKeyPair::from_pkcs8(&pkcs8).unwrap().public_key().as_ref().to_vec();
        UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public)
            .verify(signed.as_bytes(), &decode_url_safe(signature).unwrap())
            .unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let part = |text| serde_json::from_slice::<Value>(&decode_url_safe(text).unwrap()).unwrap();
        let (header, claims) = (part(header), part(claims));
        let thumbprint = azure_core::base64::encode_url_safe(Sha256::digest(certificate.der()));
        assert_eq!(header, json!({"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint}));
        assert_eq!(claims["aud"], format!("{host}/tenant/oauth2/v2.0/token"));
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!("client"), &json!("client")));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap(), 600);
        assert_eq!(claims["jti"].as_str().unwrap().len(), 36);
    }

    let elliptic = KeyPair::generate().unwrap().serialize_pem();
    let cases = [
        (rsa::pem("PRIVATE KEY", &pkcs8) + &stranger.pem(), "no certificate for its private key"),
        (certificate.pem(), "no readable private key"),
        (certificate.pem() + &elliptic, "not a usable RSA key"),
        (rsa::pem("ENCRYPTED PRIVATE KEY", &pkcs8), "the private key is encrypted"),
        ("\u{30}\u{1} PKCS#12".to_owned(), "openssl pkcs12 -in FILE.pfx -nodes"),
    ];
    for (text, expected) in cases {
        std::fs::write(&file, text).unwrap();
        let error = sign_in(Choice::Named(Kind::ClientCertificate), &context).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.to_string().contains("MII"), "{error}");
    }
}

#[tokio::test]
async fn a_pipelines_job_exchanges_its_token() {
    let authority = Authority::new();
    let entra = Server::https(&authority, entra_token).await;
    let pipelines = Server::http(|_| (200, json!({"oidcToken": "pipelines-jwt"}).to_string())).await;
    // The SDK reads one variable from the process, so the sign-in runs in a process of its own.
    let variables = [
        ("AZURE_AUTHORITY_HOST", format!("https://localhost:{}", entra.port)),
        ("SYSTEM_OIDCREQUESTURI", format!("http://127.0.0.1:{}/oidctoken", pipelines.port)),
        ("SYSTEM_ACCESSTOKEN", "job-token".to_owned()),
        ("AZURESUBSCRIPTION_CLIENT_ID", "client".to_owned()),
        ("AZURESUBSCRIPTION_TENANT_ID", "tenant".to_owned()),
        ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "connection".to_owned()),
        ("AZURE_POD_IDENTITY_AUTHORITY_HOST", dead_imds()),
        ("TEST_CA_FILE", authority.file().to_str().unwrap().to_owned()),
        ("TEST_EXPECTS", Kind::AzurePipelines.as_str().to_owned()),
    ];
    in_another_process(&variables).await;
    let asked = &pipelines.seen()[0];
    assert!(asked.starts_with("POST /oidctoken?api-version=7.1&serviceConnectionId=connection "), "{asked}");
    assert!(asked.contains("authorization: Bearer job-token\r\n"), "{asked}");
    assert_eq!(field(&entra.seen()[0], "client_assertion"), "pipelines-jwt");
}

#[tokio::test]
async fn the_secret_header_of_a_managed_identity_avoids_the_proxy() {
    let server = Server::http(numbered_tokens()).await;
    let variables = [
        ("IDENTITY_ENDPOINT", format!("http://127.0.0.1:{}/msi/token", server.port)),
        ("IDENTITY_HEADER", "header-secret".to_owned()),
        ("HTTP_PROXY", format!("http://127.0.0.1:{}", closed_port())),
        ("http_proxy", format!("http://127.0.0.1:{}", closed_port())),
        ("TEST_EXPECTS", Kind::ManagedIdentity.as_str().to_owned()),
    ];
    in_another_process(&variables).await;
    assert_eq!(server.seen().len(), 1);
}

/// Signs in with exactly these process variables, in another run of this test binary.
async fn in_another_process(variables: &[(&str, String)]) {
    let output = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "azure::credentials::tests::another_process"])
        .env_clear()
        .envs(variables.iter().cloned())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by in_another_process, with variables"]
async fn another_process() {
    let environment = Environment::of_process();
    let Some(expected) = environment.get("TEST_EXPECTS") else { return };
    let ca_file = environment.get("TEST_CA_FILE").map(Path::new);
    let signed_in = sign_in(Choice::Auto, &context(&environment, ca_file)).await.unwrap();
    assert_eq!(signed_in.kind.as_str(), expected);
}
