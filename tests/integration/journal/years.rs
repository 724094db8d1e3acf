//! Evidence a year later: the same verdict to the byte, whatever the day, and no change that goes unseen.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use zdr_check::report::Format;
use zdr_check::snapshot::journal;
use zdr_check::snapshot::journal::zst::{self, Frames};

use super::{demo, verify};
use crate::common::{Run, fixture, zdr_check};

/// The demo as it would have been read a year before, and the day of that.
fn aged(path: &Path) -> jiff::civil::Date {
    let now = path.with_extension("now");
    demo(&now);
    let year = SignedDuration::from_hours(365 * 24);
    let back = |at: Timestamp| at.checked_sub(year).unwrap();
    let mut journal = journal::read(&std::fs::read(&now).unwrap()[..]).unwrap();
    journal.header.started_at = back(journal.header.started_at);
    journal.last.at = back(journal.last.at);
    std::fs::write(path, journal.rewrite(Vec::new()).unwrap()).unwrap();
    journal.header.started_at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Every format, in a folder of its own.
fn judged(path: &Path, policy: &Path, day: &str, out: &Path) -> Run {
    std::fs::create_dir(out).unwrap();
    let reports =
        Format::ALL.map(Format::as_str).into_iter().flat_map(|own| ["--report".to_owned(), format!("{own}=r.{own}")]);
    let (path, policy) = (path.to_str().unwrap(), policy.to_str().unwrap());
    zdr_check(["scan", "--snapshot", path, "--config", policy, "--as-of", day, "--show-pass"])
        .args(reports.collect::<Vec<_>>())
        .within(out)
        .exits(1)
}

#[test]
fn a_year_old_snapshot_is_judged_to_the_byte_by_its_own_policy_and_day() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let day = aged(&at("old.jsonl"));
    let waiver = format!(
        "[[waiver]]\nrule = \"abuse-monitoring-storage-on\"\nscope = \"**\"\nreason = \"known\"\nowner = \"o@example.com\"\nexpires = \"{day}\"\n"
    );
    std::fs::write(at("policy.toml"), waiver).unwrap();
    let judge = |day: &str, out: &str| judged(&at("old.jsonl"), &at("policy.toml"), day, &at(out)).run();
    judge("run", "first");
    judge(&day.to_string(), "second");
    judge("now", "today");
    let text = |out: &str, format: &str| std::fs::read(at(out).join(format!("r.{format}"))).unwrap();
    for format in Format::ALL.map(Format::as_str) {
        let report = text("first", format);
        assert!(report == text("second", format), "{format} is not the same again");
    }
    let accepted = |out: &str| {
        let report: serde_json::Value = serde_json::from_slice(&text(out, "json")).unwrap();
        report["summary"]["outcomes"]["waived"].as_u64().unwrap()
    };
    assert!(accepted("first") > 0 && accepted("today") == 0, "the waiver held on its last day, and does not today");
}

/// The bytes that decompress to the same journal say the same; a signature covers them too.
#[test]
fn a_change_of_any_byte_of_a_compressed_snapshot_is_found() {
    let plain = std::fs::read(fixture("snapshot/one-account.jsonl")).unwrap();
    let whole = journal::read(&plain[..]).unwrap();
    let good = whole.rewrite(Frames::new(Vec::new()).unwrap()).unwrap().get_ref().clone();
    let read = |bytes: &[u8]| {
        let mut out = Vec::new();
        std::io::Read::read_to_end(&mut zst::reader(bytes).unwrap(), &mut out).map(|_| out)
    };
    let original = read(&good).unwrap();
    assert!(journal::read(&original[..]).is_ok_and(|own| own.ending == journal::Ending::Complete));
    let mut bad = good.clone();
    let mut same = 0;
    for position in 0..good.len() {
        bad[position] ^= 1 << (position % 8);
        match read(&bad) {
            Ok(text) if text == original => same += 1,
            Ok(text) => {
                let read = journal::read(&text[..]);
                assert!(!read.is_ok_and(|own| own.ending == journal::Ending::Complete), "byte {position}");
            }
            Err(_) => {}
        }
        bad[position] = good[position];
    }
    assert!(same * 50 < good.len(), "{same} of {} changes leave the journal as it was", good.len());
}

#[test]
fn the_program_finds_changes_wherever_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let plain = std::fs::read(fixture("snapshot/one-account.jsonl")).unwrap();
    let whole = journal::read(&plain[..]).unwrap();
    let packed = whole.rewrite(Frames::new(Vec::new()).unwrap()).unwrap().get_ref().clone();
    for (name, good) in [("s.jsonl", plain), ("s.jsonl.zst", packed)] {
        let path = folder.path().join(name);
        std::fs::write(&path, &good).unwrap();
        assert_eq!(verify(&path, 0)["verdict"], "intact");
        for part in 0..24 {
            let position = good.len() * part / 24 + 11;
            let mut bad = good.clone();
            bad[position] ^= 0x10;
            std::fs::write(&path, bad).unwrap();
            let run = zdr_check(["scan", "--no-config", "--snapshot", path.to_str().unwrap()]).exits(3).run();
            assert!(run.stdout.is_empty() && run.stderr.contains(name), "{name}, byte {position}: {}", run.stderr);
        }
    }
}
