//! `zdr-check sign`, and the check of a signature: detached, in the format of the minisign tool.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use minisign::{PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};

use super::clock;
use super::failure::Failure;
use super::input::{self, SnapshotFile};
use super::output::OutputFile;
use super::show::Console;
use crate::azure::environment::Environment;
use crate::cli::SignArgs;
use crate::gate::Exit;
use crate::snapshot::journal::{Ending, hex};

/// Variable with the password of a secret key.
const PASSWORD: &str = "ZDR_CHECK_KEY_PASSWORD";

/// Keys and signatures are a few lines; nothing larger is read.
const LARGEST: u64 = 16 * 1024;

/// Signs a whole snapshot.
///
/// # Errors
/// When the snapshot is not whole, or the key not usable.
pub(super) fn run(args: &SignArgs, console: &Console) -> Result<Exit, Failure> {
    let name = args.file.display();
    let journal = input::read("sign", &args.file)?;
    if journal.ending != Ending::Complete {
        let help = format!("Finish it first: zdr-check scan --resume {name}");
        return Err(Failure::not_audited(format!("sign {name}: the snapshot is unfinished"), help));
    }
    let key = secret_key(args)?;
    let target = args.signature.clone().unwrap_or_else(|| beside(&args.file));
    let out = OutputFile::reserve("--signature", &target)?;
    let file_name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let trusted = format!("timestamp:{}\tfile:{file_name}\thashed", clock::now().as_second());
    let failed = |why: String| Failure::not_audited(format!("sign {name}: {why}"), "Nothing was signed.");
    let data = File::open(&args.file).map_err(|error| failed(error.to_string()))?;
    let comment = "signature from zdr-check";
    let public = PublicKey::from_secret_key(&key).map_err(|error| failed(error.to_string()))?;
    let signature = minisign::sign(Some(&public), &key, BufReader::new(data), Some(&trusted), Some(comment));
    let signature = signature.map_err(|error| failed(error.to_string()))?.into_string();
    out.commit(|out| out.write_all(signature.as_bytes())).map_err(|error| failed(error.to_string()))?;
    console.note(&format!("signature written to {}", target.display()));
    Ok(Exit::Clean)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".minisig");
    PathBuf::from(name)
}

/// The decrypted key. Errors of the library name neither the key nor the password.
fn secret_key(args: &SignArgs) -> Result<SecretKey, Failure> {
    const KIND: &str = "Give the secret key file that minisign -G made.";
    let name = args.key.display();
    let refuse = |why: String, help: &str| Failure::usage(format!("--key {name}: {why}"), help);
    let text = small_file(&args.key).map_err(|why| refuse(why, KIND))?;
    // The library wants a checksum in every key; the tool writes none into a key without a password.
    let raw = text.lines().nth(1).and_then(|line| azure_core::base64::decode(line.trim()).ok());
    let raw = raw.and_then(|bytes| SecretKey::from_bytes(&bytes).ok());
    let raw = raw.ok_or_else(|| refuse("it is no minisign secret key".to_owned(), KIND))?;
    if !raw.is_encrypted() {
        return Ok(raw);
    }
    let Some(password) = password(args)? else {
        let help = format!("Give --password-file FILE, or set {PASSWORD}.");
        return Err(refuse("the key has a password".to_owned(), &help));
    };
    let key = SecretKeyBox::from_string(&text).and_then(|boxed| boxed.into_secret_key(Some(password)));
    key.map_err(|error| refuse(error.to_string(), "Give the password of this key."))
}

fn password(args: &SignArgs) -> Result<Option<String>, Failure> {
    let Some(path) = &args.password_file else {
        return Ok(Environment::of_process().get(PASSWORD).map(str::to_owned));
    };
    let text = small_file(path).map_err(|why| {
        Failure::usage(format!("--password-file {}: {why}", path.display()), "Give a file whose first line is it.")
    })?;
    Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
}

fn small_file(path: &Path) -> Result<String, String> {
    let file = SnapshotFile::open(path)?.file;
    let mut text = String::new();
    file.take(LARGEST).read_to_string(&mut text).map_err(|error| error.to_string())?;
    Ok(text)
}

/// What a signature says, when it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    /// Id of the key, as minisign prints it.
    pub(super) key_id: String,
    /// The comment the signature covers; text of whoever signed.
    pub(super) comment: String,
    /// Why the signature does not hold, if so.
    pub(super) wrong: Option<String>,
}

/// Checks a detached signature.
///
/// # Errors
/// When the key or the signature cannot be read at all.
pub(super) fn check(file: &Path, signature: &Path, key: &str) -> Result<Signature, Failure> {
    let key = public_key(key)?;
    let name = signature.display();
    let unreadable = |why: String| {
        let help = "Give the detached signature that zdr-check sign or minisign -S wrote.";
        Failure::not_audited(format!("--signature {name}: {why}"), help)
    };
    let text = small_file(signature).map_err(unreadable)?;
    let signed = SignatureBox::from_string(&text).map_err(|error| unreadable(error.to_string()))?;
    let data = File::open(file).map_err(|error| unreadable(error.to_string()))?;
    let checked = minisign::verify(&key, &signed, BufReader::new(data), true, false, false);
    let id: Vec<u8> = key.keynum().iter().rev().copied().collect();
    Ok(Signature {
        key_id: hex(&id).to_ascii_uppercase(),
        comment: signed.trusted_comment().unwrap_or_default(),
        wrong: checked.err().map(|error| error.to_string()),
    })
}

/// A public key in a file, or as such.
fn public_key(word: &str) -> Result<PublicKey, Failure> {
    let path = Path::new(word);
    let key = if path.exists() {
        let text = small_file(path);
        text.and_then(|text| {
            let boxed = PublicKeyBox::from_string(&text).map_err(|error| error.to_string())?;
            boxed.into_public_key().map_err(|error| error.to_string())
        })
    } else {
        PublicKey::from_base64(word).map_err(|_| "it is neither a file nor a minisign public key".to_owned())
    };
    let help = "Give the .pub file of the signer, or the line in it that begins with RW.";
    key.map_err(|why| Failure::usage(format!("--public-key {word}: {why}"), help))
}
