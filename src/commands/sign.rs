//! `zdr-check sign`, and the check of a signature: detached, in the format of the minisign tool.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use minisign::{PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};

use super::clock;
use super::failure::Failure;
use super::input::{self, SnapshotFile};
use super::output::{OutputFile, Outputs};
use super::record::Recorded;
use super::show::Console;
use crate::azure::environment::Environment;
use crate::cli::{ScanArgs, SignArgs};
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
    whole(&args.file)?;
    let key = secret_key("--key", &args.key, args.password_file.as_deref())?;
    let target = args.signature.clone().unwrap_or_else(|| beside(&args.file));
    let out = OutputFile::reserve("--signature", &target)?;
    sign(&args.file, &key, out)?;
    console.note(&format!("signature written to {}", target.display()));
    Ok(Exit::Clean)
}

/// Only what is whole and as it was written is signed.
fn whole(path: &Path) -> Result<(), Failure> {
    let name = path.display();
    let journal = input::read("sign", path)?;
    if journal.ending != Ending::Complete {
        let help = format!("Finish it first: zdr-check scan --resume {name}");
        return Err(Failure::not_audited(format!("sign {name}: the snapshot is unfinished"), help));
    }
    Ok(())
}

/// Writes the signature of a snapshot that is [`whole`].
fn sign(path: &Path, key: &SecretKey, out: OutputFile) -> Result<(), Failure> {
    let name = path.display();
    let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let trusted = format!("timestamp:{}\tfile:{file_name}\thashed", clock::now().as_second());
    let failed = |why: String| Failure::not_audited(format!("sign {name}: {why}"), "Nothing was signed.");
    let data = File::open(path).map_err(|error| failed(error.to_string()))?;
    let comment = "signature from zdr-check";
    let public = PublicKey::from_secret_key(key).map_err(|error| failed(error.to_string()))?;
    let signature = minisign::sign(Some(&public), key, BufReader::new(data), Some(&trusted), Some(comment));
    let signature = signature.map_err(|error| failed(error.to_string()))?.into_string();
    out.commit(|out| out.write_all(signature.as_bytes())).map_err(|error| failed(error.to_string()))
}

/// `scan --sign-key`: everything about it that can fail is found before the scan.
pub(super) struct Signer {
    key: SecretKey,
    target: PathBuf,
    out: OutputFile,
}

impl Signer {
    /// Reads the key and opens the signature; none without `--sign-key`.
    ///
    /// # Errors
    /// A usage error when there will be nothing to sign, or the key is not usable.
    pub(super) fn prepare(args: &ScanArgs, outputs: &mut Outputs) -> Result<Option<Self>, Failure> {
        let record = &args.record;
        let Some(path) = &record.sign_key else { return Ok(None) };
        let refuse = |what: &str, help: String| Err(Failure::usage(format!("--sign-key {what}"), help));
        if let Some(file) = &args.scope.snapshot {
            let (file, key) = (file.display(), path.display());
            let help = format!("Sign that file itself: zdr-check sign {file} --key {key}");
            return refuse("cannot go with --snapshot, which writes none", help);
        }
        if args.plan_requests {
            return refuse(
                "cannot go with --plan-requests, which writes no snapshot",
                "Leave one of them out.".to_owned(),
            );
        }
        let Some(file) = record.save_snapshot.as_ref().or(record.resume.as_ref()) else {
            return refuse("has nothing to sign", "Say where the snapshot goes: --save-snapshot FILE.".to_owned());
        };
        let key = secret_key("--sign-key", path, record.password_file.as_deref())?;
        let target = beside(file);
        let out = outputs.reserve("--sign-key", &target)?;
        Ok(Some(Self { key, target, out }))
    }

    /// Signs what became of the snapshot, when it is whole.
    ///
    /// # Errors
    /// When it was not signed.
    pub(super) fn sign(self, recorded: &Recorded, console: &Console) -> Result<(), Failure> {
        let unfinished = |path: &str| console.warn(&format!("nothing was signed: the snapshot {path} is not whole"));
        match recorded {
            Recorded::Finished(path) => {
                whole(Path::new(path))?;
                sign(Path::new(path), &self.key, self.out)?;
                console.note(&format!("signature written to {}", self.target.display()));
            }
            Recorded::Unfinished(path) | Recorded::Ended(path) | Recorded::Failed { path, .. } => unfinished(path),
            Recorded::Nothing => console.warn("nothing was signed: no snapshot was written"),
        }
        Ok(())
    }
}

/// Where the signature of a file is looked for.
pub(super) fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".minisig");
    PathBuf::from(name)
}

/// The decrypted key. Errors of the library name neither the key nor the password.
///
/// # Errors
/// A usage error that names `flag`.
pub(super) fn secret_key(flag: &str, path: &Path, password_file: Option<&Path>) -> Result<SecretKey, Failure> {
    const KIND: &str = "Give the secret key file that minisign -G made.";
    let name = path.display();
    let refuse = |why: String, help: &str| Failure::usage(format!("{flag} {name}: {why}"), help);
    let text = small_file(path).map_err(|why| refuse(why, KIND))?;
    // The library wants a checksum in every key; the tool writes none into a key without a password.
    let raw = text.lines().nth(1).and_then(|line| azure_core::base64::decode(line.trim()).ok());
    let raw = raw.and_then(|bytes| SecretKey::from_bytes(&bytes).ok());
    let raw = raw.ok_or_else(|| refuse("it is no minisign secret key".to_owned(), KIND))?;
    if !raw.is_encrypted() {
        return Ok(raw);
    }
    let Some(password) = password(password_file)? else {
        let help = format!("Give --password-file FILE, or set {PASSWORD}.");
        return Err(refuse("the key has a password".to_owned(), &help));
    };
    let key = SecretKeyBox::from_string(&text).and_then(|boxed| boxed.into_secret_key(Some(password)));
    key.map_err(|error| refuse(error.to_string(), "Give the password of this key."))
}

fn password(file: Option<&Path>) -> Result<Option<String>, Failure> {
    let Some(path) = file else {
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
