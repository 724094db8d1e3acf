//! A loopback HTTP server that answers every request by a function and remembers what it was asked.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Ends with the runtime of its test.
pub(super) struct Server {
    pub(super) port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Whole requests, in order of arrival.
    pub(super) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) async fn http(answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self::start(None, answer).await
    }

    pub(super) async fn https(
        authority: &Authority,
        answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(authority.acceptor.clone()), answer).await
    }

    async fn start(tls: Option<TlsAcceptor>, answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (log, answer, tls) = (Arc::clone(&log), Arc::clone(&answer), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => talk(socket, &log, &*answer).await,
                        // A client that does not trust us hangs up here.
                        Some(tls) => match tls.accept(socket).await {
                            Ok(socket) => talk(socket, &log, &*answer).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Self { port, seen }
    }
}

/// One request, one answer.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: S,
    log: &Mutex<Vec<String>>,
    answer: &(dyn Fn(&str) -> (u16, String) + Send + Sync),
) -> Option<()> {
    let mut request = Vec::new();
    while !is_complete(&request) {
        let mut part = [0; 4096];
        match socket.read(&mut part).await.ok()? {
            0 => return None,
            read => request.extend_from_slice(&part[..read]),
        }
    }
    let request = String::from_utf8(request).ok()?;
    log.lock().unwrap().push(request.clone());
    let (status, body) = answer(&request);
    let head = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\n");
    let reply = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    socket.write_all(reply.as_bytes()).await.ok()?;
    socket.shutdown().await.ok()
}

fn is_complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

/// A port on which nothing listens.
pub(super) fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A certificate authority for `localhost`.
pub(super) struct Authority {
    acceptor: TlsAcceptor,
    directory: tempfile::TempDir,
}

impl Authority {
    pub(super) fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let leaf_key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&leaf_key, &issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ca.pem"), root).unwrap();
        Self { acceptor: TlsAcceptor::from(Arc::new(config)), directory }
    }

    pub(super) fn file(&self) -> std::path::PathBuf {
        self.directory.path().join("ca.pem")
    }
}
