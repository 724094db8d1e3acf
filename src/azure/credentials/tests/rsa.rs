//! An RSA key for tests. None is committed: it is derived from two labels, and ring cannot make one.

use azure_core::base64;
use num_bigint::BigUint;
use sha2::{Digest, Sha256};

/// Prime that follows the hashes of `label` by `offset`; the offsets were found once by a primality test.
fn prime(label: &str, offset: u32) -> BigUint {
    let hashes = (0..4).flat_map(|i| Sha256::digest(format!("zdr-check test key {label} {i}")));
    let seed = BigUint::from_bytes_be(&hashes.collect::<Vec<u8>>());
    let top_and_odd = (BigUint::from(3_u8) << 1022_u32) | BigUint::from(1_u8);
    (seed | top_and_odd) + offset
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, length[0], length[1]], content].concat()
}

fn integer(number: &BigUint) -> Vec<u8> {
    // A leading zero keeps it positive; ring insists on the shortest form.
    let mut bytes = number.to_bytes_be();
    if bytes[0] >= 0x80 {
        bytes.insert(0, 0);
    }
    match u8::try_from(bytes.len()) {
        Ok(length @ 0..=127) => [&[0x02, length], bytes.as_slice()].concat(),
        Ok(length) => [&[0x02, 0x81, length], bytes.as_slice()].concat(),
        Err(_) => der(0x02, &bytes),
    }
}

/// The key as PKCS#1 and as PKCS#8, in DER.
pub(super) fn key() -> (Vec<u8>, Vec<u8>) {
    let (p, q) = (prime("q", 16), prime("p", 1362));
    let (one, e) = (BigUint::from(1_u8), BigUint::from(65_537_u32));
    let (p1, q1) = (&p - &one, &q - &one);
    let d = e.modinv(&(&p1 * &q1)).unwrap();
    let parts = [BigUint::ZERO, &p * &q, e, d.clone(), p.clone(), q.clone(), &d % p1, &d % q1, q.modinv(&p).unwrap()];
    let pkcs1 = der(0x30, &parts.iter().flat_map(integer).collect::<Vec<u8>>());
    let rsa_encryption = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
    let pkcs8 = der(0x30, &[integer(&BigUint::ZERO), rsa_encryption.to_vec(), der(0x04, &pkcs1)].concat());
    (pkcs1, pkcs8)
}

/// One PEM block.
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
