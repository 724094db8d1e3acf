//! Client certificate: signs the assertion ourselves, because the credential of `azure_identity` needs OpenSSL and
//! takes no PEM.
//!
//! PKCS#12 files are refused with the command that converts them. Reading them would bring three dozen crates, two of
//! them pre-releases, into a program that is otherwise free of home-made cryptography.

use std::path::PathBuf;

use async_trait::async_trait;
use azure_core::Uuid;
use azure_core::base64::encode_url_safe;
use azure_core::http::ClientMethodOptions;
use azure_core::time::OffsetDateTime;
use azure_identity::ClientAssertion;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::assertion::failed;

/// Life of an assertion in seconds; it is used at once.
const LIFETIME: i64 = 600;

/// A certificate file that can vouch for a service principal.
#[derive(Debug)]
pub(super) struct Certificate {
    /// PEM file with certificate and private key; read anew each time, because certificates are rotated.
    pub(super) path: PathBuf,
    /// Service principal.
    pub(super) client_id: String,
    /// URL the assertion is for.
    pub(super) token_endpoint: String,
}

#[async_trait]
impl ClientAssertion for Certificate {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        let file = self.path.display();
        let bytes =
            tokio::fs::read(&self.path).await.map_err(|error| failed(format!("cannot read {file}: {error}")))?;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        self.assertion(&bytes, now).map_err(|why| failed(format!("{file}: {why}")))
    }
}

impl Certificate {
    /// The signed assertion.
    ///
    /// Format: "Microsoft identity platform application authentication certificate credentials", learn.microsoft.com
    /// (read 2026-11-22): PS256 with the SHA-256 thumbprint. Not yet accepted by a real tenant.
    fn assertion(&self, file: &[u8], now: i64) -> Result<String, String> {
        let key = private_key(file)?;
        let thumbprint = encode_url_safe(Sha256::digest(certificate_of(&key, file)?));
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint});
        let claims = json!({
            "aud": self.token_endpoint,
            "iss": self.client_id,
            "sub": self.client_id,
            "jti": Uuid::new_v4().to_string(),
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
        });
        let signed = format!("{}.{}", encode_url_safe(header.to_string()), encode_url_safe(claims.to_string()));
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| "signing failed".to_owned())?;
        Ok(format!("{signed}.{}", encode_url_safe(signature)))
    }
}

fn private_key(file: &[u8]) -> Result<RsaKeyPair, String> {
    let text = String::from_utf8_lossy(file);
    if !text.contains("-----BEGIN ") {
        return Err(
            "not a PEM file; convert PKCS#12 with `openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem`".to_owned()
        );
    }
    if text.contains("ENCRYPTED") {
        return Err("the private key is encrypted; decrypt it with `openssl pkey -in FILE.pem -out KEY.pem`".to_owned());
    }
    let der = PrivateKeyDer::from_pem_slice(file).map_err(|_| "it holds no readable private key".to_owned())?;
    let key = match &der {
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
        _ => return Err("the private key is not an RSA key".to_owned()),
    };
    key.map_err(|why| format!("the private key is not a usable RSA key of at least 2048 bits ({why})"))
}

/// The certificate that belongs to the key: the file may hold its issuers as well, in any order. A certificate contains
/// its public key byte for byte.
fn certificate_of(key: &RsaKeyPair, file: &[u8]) -> Result<CertificateDer<'static>, String> {
    let public = key.public().as_ref();
    CertificateDer::pem_slice_iter(file)
        .filter_map(Result::ok)
        .find(|der| der.windows(public.len()).any(|part| part == public))
        .ok_or_else(|| "it holds no certificate for its private key".to_owned())
}
