//! `scan --redact` and `scan --sign-key`.

use std::path::Path;

use serde_json::Value;

use super::interruption::{all, estate};
use super::{again, verify};
use crate::common::{Run, zdr_check};
use crate::emulator::{Emulator, Fault, at};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(&std::fs::read(self.at(name)).unwrap()).into_owned()
    }

    fn is_there(&self, name: &str) -> bool {
        Path::new(&self.at(name)).exists()
    }

    /// A key without a password; its public half.
    fn key(&self) -> String {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
        std::fs::write(self.at("key"), pair.sk.to_box(None).unwrap().into_string()).unwrap();
        pair.pk.to_base64()
    }
}

fn masked(folder: &Folder, more: &[&str]) -> Run {
    zdr_check(["scan", "--demo", "--no-config", "--format", "json", "--show-pass", "--redact"])
        .args(more)
        .within(folder.0.path())
        .exits(1)
}

/// Names of the demo that no report may tell; names that are words of Azure's too are left out.
fn names() -> Vec<String> {
    let report = zdr_check(["scan", "--demo", "--no-config", "--format", "json"]).exits(1).run().json();
    let accounts = report["accounts"].as_array().unwrap();
    let of = |key: &str| accounts.iter().map(|own| own[key].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    [of("name"), of("subscription_id"), of("resource_group")].concat()
}

#[test]
fn every_report_and_the_snapshot_are_masked_alike() {
    let folder = Folder::new();
    let formats = ["json", "sarif", "junit", "gitlab", "markdown", "csv", "html", "ocsf", "oscal", "table"];
    let reports: Vec<String> =
        formats.iter().flat_map(|own| ["--report".to_owned(), format!("{own}=r.{own}")]).collect();
    let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
    let run = masked(&folder, &["--save-snapshot", "s.jsonl.zst"]).args(&reports).run();
    let plain = zdr_check(["scan", "--demo", "--no-config", "--format", "json"]).exits(1).run().json();
    let report = run.json();
    for part in ["summary", "complete", "exit_code"] {
        assert_eq!(report[part], plain[part], "{part}");
    }
    assert_eq!(report["run"]["source"], "demo");
    assert!(run.stderr.contains("s.jsonl.zst.map.json"), "{}", run.stderr);
    for name in names() {
        for format in formats {
            assert!(!folder.text(&format!("r.{format}")).contains(&name), "{format} tells {name}");
        }
        assert!(!run.stdout.contains(&name), "{name}");
    }
    let later = again(Path::new(&folder.at("s.jsonl.zst"))).exits(1).run().stdout;
    assert_eq!(run.stdout.replace("\"source\": \"demo\"", "\"source\": \"snapshot\""), later);
    assert_eq!(verify(Path::new(&folder.at("s.jsonl.zst")), 0)["header"]["redacted"], true);
    let map: Value = serde_json::from_str(&folder.text("s.jsonl.zst.map.json")).unwrap();
    let mask = report["accounts"][0]["name"].as_str().unwrap();
    assert!(names().contains(&map["masks"][mask].as_str().unwrap().to_owned()), "the owner can undo the masks");
    #[cfg(unix)]
    {
        let file = Path::new(&folder.at("s.jsonl.zst.map.json")).metadata().unwrap();
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&file) & 0o777, 0o600);
    }
    let second = masked(&folder, &["--redact-map", "s.jsonl.zst.map.json"]).run().json();
    assert_eq!(second["accounts"], report["accounts"], "one key, one mask, and no snapshot is needed");
}

#[test]
fn a_finished_snapshot_is_signed_also_under_masks() {
    let folder = Folder::new();
    let key = folder.key();
    masked(&folder, &["--save-snapshot", "s.jsonl", "--sign-key", "key"]).run();
    let check = |name: &str, code: i32| {
        let signature = folder.at(&format!("{name}.minisig"));
        zdr_check(["verify", &folder.at(name), "--signature", &signature, "--public-key", &key]).exits(code).run()
    };
    check("s.jsonl", 0);
    zdr_check(["scan", "--demo", "--no-config", "--save-snapshot", "plain.jsonl.zst", "--sign-key", "key"])
        .within(folder.0.path())
        .exits(1)
        .run();
    check("plain.jsonl.zst", 0);
}

#[test]
fn what_was_interrupted_is_masked_and_not_signed() {
    let folder = Folder::new();
    folder.key();
    let emulator = Emulator::builder(estate(3)).fault(at("/accounts/a1?").first(1), Fault::Silence).start();
    let conduct = ["--deadline", "4", "--save-snapshot", "s.jsonl", "--redact", "--sign-key", "key", "--no-config"];
    let run = all(&emulator).args(conduct).within(folder.0.path()).exits(4).run();
    assert!(run.stderr.contains("nothing was signed") && !run.stderr.contains("--resume"), "{}", run.stderr);
    assert_eq!(run.json()["run"]["interrupted"], "deadline");
    assert!(!run.stdout.contains("/a1") && !folder.text("s.jsonl").contains("/a1"));
    assert_eq!(verify(Path::new(&folder.at("s.jsonl")), 4)["verdict"], "interrupted");
    assert!(!folder.is_there("s.jsonl.minisig"));
}

#[test]
fn combinations_that_make_no_sense_are_refused_with_advice() {
    let folder = Folder::new();
    folder.key();
    let waiver = "[[waiver]]\nrule = \"video-model-deployed\"\nscope = \"**\"\nreason = \"r\"\nowner = \"o@example.com\"\nexpires = \"2999-01-01\"\n";
    std::fs::write(folder.at("w.toml"), waiver).unwrap();
    super::demo(Path::new(&folder.at("s.jsonl")));
    let cases: [(&[&str], &str); 13] = [
        (&["--demo", "--redact"], "--redact-map FILE"),
        (&["--snapshot", "s.jsonl", "--redact", "--redact-map", "m"], "zdr-check redact"),
        (&["--resume", "s.jsonl", "--redact", "--redact-map", "m"], "zdr-check redact"),
        (&["--demo", "--redact", "--redact-map", "m", "--baseline", "s.jsonl"], "zdr-check diff"),
        (&["--demo", "--redact", "--redact-map", "m", "--write-waivers", "d"], "without --redact"),
        (&["--all-subscriptions", "--redact", "--redact-map", "m", "--plan-requests"], "Leave one"),
        (&["--demo", "--redact", "--redact-map", "m", "--config", "w.toml"], "--no-config"),
        (&["--demo", "--redact-map", "m"], "--redact"),
        (&["--demo", "--redact", "--redact-map", "m", "--report", "json=m"], "one would replace the other"),
        (&["--demo", "--sign-key", "key"], "--save-snapshot FILE"),
        (&["--snapshot", "s.jsonl", "--sign-key", "key"], "zdr-check sign"),
        (&["--demo", "--save-snapshot", "n.jsonl", "--sign-key", "w.toml"], "minisign -G"),
        (&["--demo", "--save-snapshot", "s.jsonl", "--redact"], "new file"),
    ];
    for (arguments, advice) in cases {
        let run = zdr_check(["scan"]).args(arguments).within(folder.0.path()).exits(2).run();
        assert!(run.stderr.contains(advice) && run.stdout.is_empty(), "{arguments:?}: {}", run.stderr);
        for left in ["m", "d", "n.jsonl", "n.jsonl.minisig", "s.jsonl.map.json"] {
            assert!(!folder.is_there(left), "{arguments:?} left {left}");
        }
    }
}
