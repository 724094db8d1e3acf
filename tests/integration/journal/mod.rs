//! Snapshots through the binary, and their format through the library.

mod conceal;
mod format;
mod interruption;
mod years;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::common::{Output, fixture, scan, zdr_check};
use crate::emulator::Emulator;

/// The demo, saved.
pub(super) fn demo(path: &Path) -> Output {
    let path = path.to_str().unwrap();
    zdr_check(["scan", "--demo", "--no-config", "--format", "json", "--show-pass", "--save-snapshot", path])
        .exits(1)
        .run()
}

fn again(path: &Path) -> crate::common::Run {
    zdr_check(["scan", "--no-config", "--format", "json", "--show-pass", "--snapshot", path.to_str().unwrap()])
}

fn verify(path: &Path, code: i32) -> Value {
    zdr_check(["verify", "--format", "json", path.to_str().unwrap()]).exits(code).run().json()
}

/// The report differs in where its facts come from, and in nothing else.
#[test]
fn a_snapshot_is_judged_again_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["demo.jsonl", "demo.jsonl.zst"] {
        let path = folder.path().join(name);
        let live = demo(&path).stdout;
        let later = again(&path).exits(1).run().stdout;
        assert_eq!(live.replace("\"source\": \"demo\"", "\"source\": \"snapshot\""), later, "{name}");
        assert_eq!(later, again(&path).exits(1).run().stdout, "the same again");
        let verified = verify(&path, 0);
        assert_eq!((&verified["verdict"], &verified["counts"]["accounts"]), (&json!("intact"), &json!(13)));
    }
    let size = |name: &str| folder.path().join(name).metadata().unwrap().len();
    assert!(size("demo.jsonl") < 13 * 24_000, "evidence is stored once a page: {}", size("demo.jsonl"));
    assert!(size("demo.jsonl.zst") * 4 < size("demo.jsonl"));
}

#[test]
fn waivers_hold_on_the_day_of_reading_unless_another_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    demo(&path);
    let report = |day: &str| again(&path).args(["--as-of", day]).exits(1).run().json();
    let read = report("run");
    let today = read["run"]["started_at"].as_str().unwrap()[..10].to_owned();
    assert_eq!(read["run"]["as_of"], today);
    assert_eq!(report("2031-01-02")["run"]["as_of"], "2031-01-02");
    let policy = folder.path().join("p.toml");
    let text = format!(
        "[[waiver]]\nrule = \"abuse-monitoring-storage-on\"\nscope = \"**\"\nreason = \"known\"\nowner = \"a@example.com\"\nexpires = \"{today}\"\n"
    );
    std::fs::write(&policy, text).unwrap();
    let waived = |day: &str| {
        let arguments = ["scan", "--format", "json", "--snapshot", path.to_str().unwrap(), "--as-of", day, "--config"];
        let run = zdr_check(arguments).args([policy.to_str().unwrap()]).exits(1).run();
        run.json()["summary"]["outcomes"]["waived"].as_u64().unwrap()
    };
    assert!(waived("run") > 0);
    assert_eq!(waived("2031-01-02"), 0);
    assert!(zdr_check(["scan", "--demo", "--as-of", "soon"]).exits(2).run().stderr.contains("--as-of"));
}

/// Name, what is in the file, `verify`'s exit code and verdict, what the error says.
#[test]
fn spoilt_snapshots_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.jsonl");
    demo(&good);
    let text = std::fs::read_to_string(&good).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| (lines.join("\n") + "\n").into_bytes();
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    let mut missing = lines.clone();
    missing.remove(4);
    let newer = text.replacen("zdr-check/snapshot/1", "zdr-check/snapshot/2", 1);
    let edited = text.replacen("GlobalStandard", "LocalStandard!", 1);
    let mut zst = vec![0x28, 0xb5, 0x2f, 0xfd];
    zst.extend([7; 300]);
    let cases: [(&str, Vec<u8>, i32, &str, &str); 12] = [
        ("empty", Vec::new(), 3, "unreadable", "empty"),
        ("binary", vec![0, 159, 146, 150, 10, 0], 3, "unreadable", "no snapshot"),
        ("report", b"{\"schema\":\"zdr-check/report/1\",\"record\":\"x\"}\n".to_vec(), 3, "unreadable", "no snapshot"),
        ("newer", newer.into_bytes(), 3, "unreadable", "update it"),
        ("headless", joined(&lines[1..]), 3, "unreadable", "no snapshot"),
        ("truncated", text.as_bytes()[..text.len() - 9].to_vec(), 4, "interrupted", ""),
        ("unfinished", joined(&lines[..9]), 4, "interrupted", ""),
        ("edited", edited.into_bytes(), 1, "tampered", "changed"),
        ("swapped", joined(&swapped), 1, "tampered", "changed, moved or removed"),
        ("missing", joined(&missing), 1, "tampered", "changed, moved or removed"),
        ("longer", joined(&[&lines[..], &lines[5..6]].concat()), 1, "tampered", "behind the trailer"),
        ("garbage.zst", zst, 3, "unreadable", "cannot be read"),
    ];
    for (name, bytes, code, verdict, message) in cases {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let verified = verify(&path, code);
        assert_eq!(verified["verdict"], verdict, "{name}: {verified}");
        let why = verified["error"]["message"].as_str().unwrap_or_default();
        assert!(why.contains(message), "{name}: {why}");
        let scanned = again(&path).exits(if code == 4 { 1 } else { 3 }).run();
        if code != 4 {
            assert!(scanned.stderr.contains(name) && scanned.stderr.contains("line "), "{name}: {}", scanned.stderr);
            assert!(scanned.stdout.is_empty(), "{name}: nothing was judged");
        }
    }
    assert_eq!(verify(folder.path(), 3)["verdict"], "unreadable");
    assert_eq!(verify(&folder.path().join("nowhere"), 3)["verdict"], "unreadable");
    let huge = folder.path().join("huge");
    std::fs::File::create(&huge).unwrap().set_len(80 * 1024 * 1024).unwrap();
    assert!(verify(&huge, 3)["error"]["message"].as_str().unwrap().contains("longer than"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_pipes_refused() {
    let folder = tempfile::tempdir().unwrap();
    // The content says whether it is compressed, whatever the name.
    let packed = folder.path().join("packed.zst");
    demo(&packed);
    let (link, misnamed) = (folder.path().join("link.jsonl"), folder.path().join("plain.jsonl"));
    std::os::unix::fs::symlink(&packed, &link).unwrap();
    std::fs::copy(&packed, &misnamed).unwrap();
    for path in [&link, &misnamed] {
        assert_eq!(verify(path, 0)["verdict"], "intact");
    }
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let why = verify(&pipe, 3)["error"]["message"].to_string();
    assert!(why.contains("pipe"), "{why}");
    let pipe = pipe.to_str().unwrap();
    for flag in ["--snapshot", "--resume"] {
        assert!(zdr_check(["scan", flag, pipe]).exits(3).run().stderr.contains("pipe"), "{flag}");
    }
    assert!(zdr_check(["scan", "--demo", "--save-snapshot", pipe]).exits(2).run().stderr.contains("pipe"));
}

#[test]
fn a_snapshot_never_takes_the_place_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    demo(&path);
    let path = path.to_str().unwrap();
    let refused = zdr_check(["scan", "--demo", "--save-snapshot", path]).exits(2).run();
    assert!(refused.stderr.contains("there already"), "{}", refused.stderr);
    let refused = zdr_check(["scan", "--resume", path]).exits(2).run();
    assert!(refused.stderr.contains("finished"), "{}", refused.stderr);
    for flags in [["--snapshot", "--save-snapshot"], ["--snapshot", "--resume"], ["--resume", "--save-snapshot"]] {
        zdr_check(["scan", flags[0], path, flags[1], path]).exits(2).run();
    }
    let nowhere = folder.path().join("none").join("s.jsonl");
    zdr_check(["scan", "--demo", "--save-snapshot", nowhere.to_str().unwrap()]).exits(2).run();
    let unsigned = folder.path().join("new.jsonl");
    zdr_check(["scan", "-s", "x", "--save-snapshot", unsigned.to_str().unwrap()]).exits(3).run();
    assert!(!unsigned.exists(), "a scan that never began leaves nothing behind");
}

/// The verdicts are about the accounts, so that the exit code is theirs; the reports say that the snapshot is not to be had.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_warning() {
    let run = zdr_check(["scan", "--demo", "--format", "json", "--save-snapshot", "/dev/full"]).exits(1).run();
    assert_eq!(run.stderr.matches("warning:").count(), 1, "{}", run.stderr);
    let report = run.json();
    let notes = report["notes"].as_array().unwrap();
    let note = notes.iter().find(|note| note["kind"] == "snapshot-not-written").unwrap();
    assert!(note["message"].as_str().unwrap().contains("/dev/full"), "{note}");
    assert!(!run.stderr.contains("snapshot saved"), "{}", run.stderr);
}

#[test]
fn no_secret_reaches_the_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    let connection = json!({ "name": "c", "properties": {
        "category": "AzureBlob", "target": "https://u:PLANTED@store.blob.core.windows.net/c?sig=PLANTED#PLANTED",
        "credentials": { "key": "PLANTED" }, "metadata": { "connectionString": "PLANTED", "sas": "PLANTED" } } });
    let tenant = "00000000-0000-4000-8000-0000000000aa";
    let estate = json!({ "tenantId": tenant, "subscriptions": [{ "subscriptionId": "00000000-0000-4000-8000-000000000001", "displayName": "s",
        "accounts": [{ "name": "a", "kind": "AIServices", "location": "swedencentral", "resourceGroup": "rg",
            "properties": { "apiProperties": { "qnaAzureSearchEndpointKey": "PLANTED" }, "migrationToken": "PLANTED" },
            "connections": [connection.clone()],
            "projects": [{ "name": "p", "location": "swedencentral", "properties": {}, "connections": [connection] }] }] }] });
    let emulator = Emulator::builder(estate).page_size(1).start();
    scan(&emulator, ["--all-subscriptions", "--fail-on", "never", "--allow-incomplete"])
        .args(["--save-snapshot", path.to_str().unwrap()])
        .run();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("AzureBlob"), "the connection is in it");
    for secret in ["PLANTED", "Bearer", "eyJ"] {
        assert!(!text.contains(secret), "{secret} is in the snapshot");
    }
}

#[test]
fn masks_hide_names_and_change_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let live = demo(&at("s.jsonl")).json();
    let redact = |from: &str, to: &str, map: &str| {
        let paths = [at(from), at(to), at(map)].map(|path| path.to_str().unwrap().to_owned());
        zdr_check(["redact", &paths[0], &paths[1], "--map", &paths[2]])
    };
    redact("s.jsonl", "m.jsonl", "map").run();
    redact("s.jsonl", "m2.jsonl.zst", "map").run();
    redact("s.jsonl", "m.jsonl", "map").exits(2).run();
    redact("s.jsonl", "m3.jsonl", "s.jsonl").exits(2).run();
    let masked = std::fs::read_to_string(at("m.jsonl")).unwrap().to_lowercase();
    let accounts = live["accounts"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_lowercase();
    let deployments = accounts.iter().flat_map(|account| account["deployments"].as_array().unwrap());
    let names = accounts.iter().flat_map(|own| [&own["name"], &own["subscription_id"], &own["resource_group"]]);
    let models = |name: &String| masked.contains(&format!("\"name\":\"{name}\",\"version\""));
    let names = names.chain(deployments.map(|own| &own["name"])).map(text).filter(|name| !models(name));
    for name in names {
        assert!(
            !masked.contains(&format!("/{name}/")) && !masked.contains(&format!("\"{name}\"")),
            "{name} is not masked"
        );
    }
    let report = again(&at("m.jsonl")).exits(1).run().json();
    for part in ["outcomes", "axes"] {
        assert_eq!(report["summary"][part], live["summary"][part], "{part}");
    }
    assert_eq!(report["accounts"], again(&at("m2.jsonl.zst")).exits(1).run().json()["accounts"], "one key, one mask");
    assert_eq!(verify(&at("m.jsonl"), 0)["header"]["redacted"], true);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&at("map").metadata().unwrap()) & 0o777, 0o600);
}

fn signed(name: &str) -> PathBuf {
    fixture("snapshot").join(name)
}

/// The fixture was written by version 0.1.0 and signed with the minisign tool, version 0.11: both formats are kept.
#[test]
fn an_old_snapshot_with_a_signature_of_minisign_holds() {
    let path = signed("one-account.jsonl");
    let check = |signature: &Path, key: &str| {
        let arguments =
            ["verify", "--format", "json", path.to_str().unwrap(), "--signature", signature.to_str().unwrap()];
        zdr_check(arguments).args(["--public-key", key])
    };
    let public = signed("minisign.pub");
    let by_tool = check(&signed("one-account.jsonl.minisig"), public.to_str().unwrap()).run().json();
    assert_eq!((&by_tool["verdict"], &by_tool["signature"]["valid"]), (&json!("intact"), &json!(true)));
    let key = std::fs::read_to_string(&public).unwrap().lines().nth(1).unwrap().to_owned();
    check(&signed("one-account.jsonl.minisig"), &key).run();
    check(&signed("one-account.jsonl.minisig"), "RWnonsense").exits(2).run();
    check(&path, &key).exits(3).run();
    let report = again(&path).exits(1).run().json();
    assert_eq!(report["run"]["as_of"], report["run"]["started_at"].as_str().unwrap()[..10]);
    assert_eq!(report["accounts"].as_array().unwrap().len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.jsonl");
    demo(&copy);
    let other = ["verify", copy.to_str().unwrap(), "--public-key", &key, "--signature"];
    let other = zdr_check(other).args([signed("one-account.jsonl.minisig").to_str().unwrap()]).exits(1).run();
    assert!(other.stdout.contains("tampered") && other.stdout.contains("not valid"), "{}", other.stdout);
}

#[test]
fn what_is_signed_here_verifies_and_only_whole_snapshots_are() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    demo(Path::new(&at("s.jsonl")));
    let pair = minisign::KeyPair::generate_encrypted_keypair(Some("correct horse".to_owned())).unwrap();
    std::fs::write(at("key"), pair.sk.to_box(None).unwrap().into_string()).unwrap();
    std::fs::write(at("password"), "correct horse\n").unwrap();
    let key = pair.pk.to_base64();
    let sign = |file: &str| zdr_check(["sign", &at(file), "--key", &at("key")]);
    let refused = sign("s.jsonl").exits(2).run().stderr;
    assert!(refused.contains("--password-file"), "{refused}");
    let wrong = sign("s.jsonl").env("ZDR_CHECK_KEY_PASSWORD", "incorrect mule").exits(2).run().stderr;
    assert!(!wrong.contains("incorrect mule"), "{wrong}");
    sign("s.jsonl").args(["--password-file", &at("password")]).run();
    zdr_check(["verify", &at("s.jsonl"), "--signature", &at("s.jsonl.minisig"), "--public-key", &key]).run();
    sign("s.jsonl").env("ZDR_CHECK_KEY_PASSWORD", "correct horse").args(["--signature", &at("other.sig")]).run();
    // A key without a password, as minisign -G -W writes it: without a checksum.
    let bare = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
    let mut bytes = bare.sk.to_bytes();
    let checksum = bytes.len() - 32;
    bytes[checksum..].fill(0);
    let text = format!("untrusted comment: minisign secret key\n{}\n", azure_core::base64::encode(&bytes));
    std::fs::write(at("bare"), text).unwrap();
    zdr_check(["sign", &at("s.jsonl"), "--key", &at("bare"), "--signature", &at("bare.sig")]).run();
    let key = bare.pk.to_base64();
    zdr_check(["verify", &at("s.jsonl"), "--signature", &at("bare.sig"), "--public-key", &key]).run();
    zdr_check(["sign", &at("s.jsonl"), "--key", &at("password")]).exits(2).run();
    let text = std::fs::read_to_string(at("s.jsonl")).unwrap();
    std::fs::write(at("cut.jsonl"), &text[..text.len() / 2]).unwrap();
    assert!(sign("cut.jsonl").exits(3).run().stderr.contains("unfinished"));
    zdr_check(["verify", &at("s.jsonl"), "--signature", &at("other.sig")]).exits(2).run();
}
