//! The emulator's own certificate authority, made anew for every emulator.

use std::io::Write;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use tempfile::NamedTempFile;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::options::Transport;

/// A certificate authority and one certificate for 127.0.0.1, `::1` and localhost.
pub(crate) struct Authority {
    pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let ca_key = KeyPair::generate().expect("a key");
        let mut ca = CertificateParams::new(Vec::new()).expect("no names");
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.distinguished_name.push(DnType::CommonName, "zdr-check emulator CA");
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let root = ca.self_signed(&ca_key).expect("a root certificate");
        let issuer = Issuer::new(ca, ca_key);

        let key = KeyPair::generate().expect("a key");
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
        let mut leaf = CertificateParams::new(names).expect("good names");
        leaf.distinguished_name.push(DnType::CommonName, "zdr-check emulator");
        leaf.use_authority_key_identifier_extension = true;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let leaf = leaf.signed_by(&key, &issuer).expect("a certificate");
        Self { pem: root.pem(), chain: vec![leaf.der().clone()], key }
    }

    /// The root certificate.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// The root certificate in a file of its own, which goes when the handle is dropped.
    pub(crate) fn write(&self) -> NamedTempFile {
        let mut file = tempfile::Builder::new().suffix(".pem").tempfile().expect("a temporary file");
        file.write_all(self.pem.as_bytes()).expect("a writable temporary file");
        file
    }

    pub(crate) fn acceptor(&self, transport: Transport) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).expect("a PKCS#8 key");
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks the default versions")
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), key)
            .expect("the key belongs to the certificate");
        config.alpn_protocols = match transport {
            Transport::Https => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            Transport::Http | Transport::HttpsOne => vec![b"http/1.1".to_vec()],
        };
        TlsAcceptor::from(Arc::new(config))
    }
}
