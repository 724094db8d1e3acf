//! The format itself: what is written reads back, and nothing else passes for it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use zdr_check::assessment::RuleResult;
use zdr_check::config::Overlays;
use zdr_check::engine::{AsOf, Settings, assess};
use zdr_check::knowledge::processing::Pin;
use zdr_check::outcome::{FailOn, Outcome, Profile};
use zdr_check::rules::Policy;
use zdr_check::rules::options::Options;
use zdr_check::snapshot::journal::{self, Ending, Header, Stamp, Tool, Writer};
use zdr_check::snapshot::mask::Masks;
use zdr_check::snapshot::{AccountFacts, Interruption, Listed, Piece, Requests, Scope, Snapshot, Source};

use super::demo;
use crate::common::{fixture as path, json as fixture};
use crate::properties::{estate, keys, read, settings};

/// A journal of a snapshot, as a scan would have written it.
fn written(snapshot: &Snapshot) -> Vec<u8> {
    let scope = |id: &String| Scope { id: id.clone(), accounts: None };
    let header = Header {
        tool: Tool::own(),
        started_at: snapshot.started_at,
        source: Source::Live,
        cloud: snapshot.cloud,
        scopes: snapshot.scopes.clone(),
        principal: snapshot.principal.clone(),
        subscriptions: snapshot.subscriptions.iter().map(|own| scope(&own.id)).collect(),
        reach: snapshot.reach.clone(),
        reductions: Vec::new(),
        redacted: false,
    };
    let stamp = Stamp { at: snapshot.finished_at, requests: snapshot.requests };
    let mut writer = Writer::start(Vec::new(), &header).unwrap();
    for own in &snapshot.subscriptions {
        let accounts = own.accounts.iter().map(|facts| (facts.id.clone(), facts.listed.clone())).collect();
        let (id, record, listing) = (own.id.clone(), own.record.clone(), own.listing.clone());
        let listed = Listed { id, record, listing, selection: own.selection.clone(), accounts };
        writer.write(Piece::Listed(&listed), stamp).unwrap();
        for facts in &own.accounts {
            writer.write(Piece::Account(&AccountFacts { listed: None, ..facts.clone() }), stamp).unwrap();
        }
        writer.write(Piece::Lists { subscription: &own.id, lists: &own.lists }, stamp).unwrap();
        for (id, document) in &own.documents {
            writer.write(Piece::Document { id, document }, stamp).unwrap();
        }
        for (parent, lists) in &own.below {
            for (operation, list) in lists {
                writer.write(Piece::Below { parent, operation: *operation, list }, stamp).unwrap();
            }
        }
    }
    writer.finish(stamp).unwrap()
}

fn small() -> &'static [u8] {
    static SMALL: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let account = json!({ "name": "a", "kind": "SpeechServices", "location": "uksouth", "resourceGroup": "rg" });
        written(&read(&json!({ "subscriptions": [{ "subscriptionId": "00000000-0000-4000-8000-000000000001",
            "displayName": "s", "accounts": [account] }] })))
    });
    &SMALL
}

#[test]
fn a_change_of_any_byte_is_found() {
    let good = small();
    assert_eq!(journal::read(good).unwrap().ending, Ending::Complete);
    let mut bad = good.to_vec();
    for position in 0..good.len() {
        let bit = 1_u8 << (position % 8);
        bad[position] ^= bit;
        assert!(journal::read(&bad[..]).is_err_and_not_whole(), "byte {position}, bit {bit}");
        bad[position] ^= bit;
    }
}

trait NotWhole {
    fn is_err_and_not_whole(&self) -> bool;
}

impl NotWhole for Result<journal::Journal, journal::JournalError> {
    fn is_err_and_not_whole(&self) -> bool {
        self.as_ref().map_or(true, |journal| journal.ending != Ending::Complete)
    }
}

#[test]
fn no_prefix_is_whole() {
    let good = small();
    for end in 0..good.len() {
        assert!(journal::read(&good[..end]).is_err_and_not_whole(), "the first {end} bytes");
    }
}

#[test]
fn a_record_that_could_not_be_read_again_is_not_written() {
    let mut snapshot = read(&json!({ "subscriptions": [{ "subscriptionId": "00000000-0000-4000-8000-000000000001",
        "displayName": "s", "accounts": [] }] }));
    let stamp = Stamp { at: Timestamp::UNIX_EPOCH, requests: Requests::default() };
    let own = snapshot.subscriptions.remove(0);
    let mut record = own.record;
    if let zdr_check::snapshot::Read::Known(document) = &mut record {
        for _ in 0..120 {
            document.body = json!([document.body.take()]);
        }
    }
    let (id, listing, selection) = (own.id, own.listing, own.selection);
    let listed = Listed { id, record, listing, selection, accounts: Vec::new() };
    let good = journal::read(small()).unwrap().header;
    let mut writer = Writer::start(Vec::new(), &good).unwrap();
    writer.write(Piece::Listed(&listed), stamp).unwrap_err();
}

#[test]
fn every_line_fits_the_published_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.jsonl");
    demo(&path);
    let validator = jsonschema::validator_for(&fixture("schemas/snapshot-1.schema.json")).unwrap();
    let resumed = json!({ "record": "resumed", "sha256": "0".repeat(64), "at": "2026-11-22T00:00:00Z",
        "requests": { "sent": 0, "retried": 0, "throttled": 0 }, "data": {
            "tool": { "name": "zdr-check", "version": "0.1.0" }, "subscriptions": [],
            "principal": { "tenant_id": null, "object_id": null, "kind": null } } });
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).chain([resumed]);
    for (number, line) in lines.enumerate() {
        let wrong: Vec<String> = validator.iter_errors(&line).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "line {}: {wrong:?}", number + 1);
    }
    assert!(!validator.is_valid(&json!({ "record": "account" })), "the schema refuses something");
}

/// Every fact that a rule looks at is in some fixture: under masks each of them says the same.
#[test]
fn masks_change_no_verdict_of_any_fixture() {
    let folders = std::fs::read_dir(path("rules")).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let mut checked = 0;
    let mut changed = Vec::new();
    for file in files {
        let estate: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let bytes = written(&read(&estate));
        let mut masks = Masks::new([7; 32]);
        let plain = journal::read(&bytes[..]).unwrap();
        let masked = plain.clone().masked(&mut masks).rewrite(Vec::new()).unwrap();
        let masked = journal::read(&masked[..]).unwrap();
        let said = |journal: journal::Journal| assess(&journal.into_snapshot(), &neutral()).results.into_vec();
        let (before, after) = (said(plain), said(masked));
        let key = |id: String, result: &RuleResult| (result.rule, id.to_lowercase(), result.outcome.as_str());
        let before: BTreeSet<_> = before.iter().map(|own| key(masks.id(&own.resource_id), own)).collect();
        let after: BTreeSet<_> = after.iter().map(|own| key(own.resource_id.clone(), own)).collect();
        changed.extend(before.difference(&after).map(|verdict| format!("{}: {verdict:?}", file.display())));
        checked += 1;
    }
    assert!(
        checked > 200 && changed.is_empty(),
        "{checked} fixtures, {} verdicts changed: {changed:#?}",
        changed.len()
    );
}

fn neutral() -> Settings {
    Settings {
        policy: Policy { pin: Pin::Geography, allowed_locations: None, options: Options::default() },
        fail_on: FailOn::Never,
        profile: Profile::Standard,
        allow_incomplete: false,
        overlays: Overlays::default(),
        as_of: AsOf::Run,
        plan_unknown: zdr_check::outcome::PlanUnknown::Note,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back(snapshot in estate()) {
        let back = journal::read(&written(&snapshot)[..]).unwrap().into_snapshot();
        prop_assert_eq!(back, Snapshot { source: Source::Snapshot, ..snapshot });
    }

    #[test]
    fn a_cut_journal_gains_nothing(snapshot in estate(), settings in settings(), cut in 0.0..1.0_f64) {
        let bytes = written(&snapshot);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a file")]
        let end = (bytes.len() as f64 * cut) as usize;
        let Ok(part) = journal::read(&bytes[..end]) else { return Ok(()) };
        let part = part.into_snapshot();
        prop_assert_eq!(part.interrupted, Some(Interruption::Unfinished));
        prop_assert_eq!(part.subscriptions.len(), snapshot.subscriptions.len());
        let (whole, part) = (assess(&snapshot, &settings), assess(&part, &settings));
        prop_assert!(keys(&part, Outcome::Pass).is_subset(&keys(&whole, Outcome::Pass)));
        prop_assert!(keys(&part, Outcome::Fail).is_subset(&keys(&whole, Outcome::Fail)));
        prop_assert!(!part.complete);
        prop_assert!(part.exit_code == 4 || part.exit_code == 1, "{}", part.exit_code);
    }
}
