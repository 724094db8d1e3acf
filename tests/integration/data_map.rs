//! `data-map`: every format tells of the same stores, what cannot be read is unknown, and names of others do no harm.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::date;
use pulldown_cmark::{Event, Options, Parser};
use scraper::{Html, Selector};
use serde_json::Value;
use zdr_check::assessment::data_map::{Action, DataMap, Presence, Request, all_sheets};
use zdr_check::commands::read_estate;
use zdr_check::config::Overlays;
use zdr_check::engine::{AsOf, Settings, assess, data_map, request};
use zdr_check::knowledge::processing::Pin;
use zdr_check::outcome::{FailOn, PlanUnknown, Profile, Severity};
use zdr_check::report::{Look, MapFormat, render_map};
use zdr_check::rules::Policy;
use zdr_check::rules::options::Options as RuleOptions;
use zdr_check::snapshot::{Cause, Operation, Read, Snapshot, Store, StoreAnswer, StoreFacts, StoreKind, Unavailable};
use zdr_check::term::{Screen, is_hostile};

use crate::common::{json, zdr_check};
use crate::emulator::Emulator;
use crate::sample::HOSTILE;

const POISON: &str = "<img src=x onerror=alert(1)>|`x`\n# [l](javascript:x) =cmd|' /C calc'!A0";

fn settings() -> Settings {
    Settings {
        policy: Policy { pin: Pin::Geography, allowed_locations: None, options: RuleOptions::default() },
        fail_on: FailOn::From(Severity::High),
        profile: Profile::Standard,
        allow_incomplete: false,
        plan_unknown: PlanUnknown::Note,
        overlays: Overlays::default(),
        as_of: AsOf::Run,
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

/// The demo estate, read at a fixed time.
fn demo() -> Snapshot {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let text = std::fs::read_to_string(crate::common::fixture("demo/estate.json")).unwrap();
    let mut snapshot = runtime.block_on(read_estate(&text)).unwrap();
    (snapshot.started_at, snapshot.finished_at) = (at(0), at(60));
    snapshot
}

/// Only these accounts of it.
fn part(names: &[&str]) -> Snapshot {
    let mut snapshot = demo();
    for subscription in &mut snapshot.subscriptions {
        subscription.accounts.retain(|facts| names.contains(&facts.id.name.as_str()));
    }
    snapshot.subscriptions.retain(|own| !own.accounts.is_empty());
    snapshot
}

fn map_of(snapshot: &Snapshot, request: Option<Request>) -> DataMap {
    data_map(snapshot, &assess(snapshot, &settings()), request)
}

fn show(format: MapFormat, map: &DataMap) -> String {
    let mut out = Vec::new();
    render_map(format, map, &Look::new(Screen::plain(100)), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Kind of store, place and certainty of every row.
type Told = BTreeSet<(String, String, String)>;

fn in_map(map: &DataMap) -> Told {
    let clean = |text: &str| zdr_check::term::sanitise(text).into_owned();
    map.rows
        .iter()
        .map(|row| (row.sheet.title.to_owned(), clean(&row.place.name), row.presence.as_str().to_owned()))
        .collect()
}

fn in_csv(text: &str) -> Told {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let columns: BTreeMap<String, usize> =
        reader.headers().unwrap().iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    let told = |row: ::csv::StringRecord| {
        let title = columns.get("title").or_else(|| columns.get("store")).unwrap();
        // An apostrophe in front keeps a name from being read as a formula.
        let place = row[columns["place"]].strip_prefix('\'').unwrap_or(&row[columns["place"]]).to_owned();
        (row[*title].to_owned(), place, row[columns["presence"]].to_owned())
    };
    reader.records().map(|row| told(row.unwrap())).filter(|(_, _, presence)| presence != "absent").collect()
}

fn in_json(text: &str) -> Told {
    let word = |value: &Value| zdr_check::term::sanitise(value.as_str().unwrap()).into_owned();
    let report: Value = serde_json::from_str(text).unwrap();
    let rows = report["rows"].as_array().unwrap();
    rows.iter().map(|row| (word(&row["title"]), word(&row["place"]["name"]), word(&row["presence"]))).collect()
}

fn in_html(text: &str) -> Told {
    let page = Html::parse_document(text);
    let select = |selector: &str| Selector::parse(selector).unwrap();
    let mut told = Told::new();
    for sheet in page.select(&select("section.sheet")) {
        let title: String = sheet.select(&select("h3")).next().unwrap().text().collect();
        let title = title.split_once(". ").map_or(title.as_str(), |(_, rest)| rest).to_owned();
        let places = sheet.select(&select("table")).next().unwrap();
        for row in places.select(&select("tbody tr")) {
            let text = |selector: &str| row.select(&select(selector)).next().unwrap().text().collect::<String>();
            told.insert((title.clone(), text("th bdi"), text(".b")));
        }
    }
    told
}

#[test]
fn every_format_tells_of_the_same_stores() {
    let map = map_of(&demo(), None);
    let told = in_map(&map);
    assert!(told.len() > 100, "{}", told.len());
    assert_eq!(in_csv(&show(MapFormat::Csv, &map)), told);
    assert_eq!(in_json(&show(MapFormat::Json, &map)), told);
    assert_eq!(in_html(&show(MapFormat::Html, &map)), told);
    let page = show(MapFormat::Markdown, &map);
    let rows = page
        .lines()
        .filter(|line| ["| found | `", "| unknown | `", "| possible | `"].iter().any(|own| line.starts_with(own)));
    assert_eq!(rows.count(), map.rows.len());
}

#[test]
fn the_map_looks_as_it_should() {
    insta::assert_snapshot!("data-map-table", show(MapFormat::Table, &map_of(&demo(), None)));
    let map = map_of(&part(&["agents-sweden", "vendor-search"]), None);
    insta::assert_snapshot!("data-map-markdown", show(MapFormat::Markdown, &map));
    let csv = show(MapFormat::Csv, &map);
    insta::assert_snapshot!("data-map-csv", csv.lines().take(3).collect::<Vec<_>>().join("\n"));
    let report: Value = serde_json::from_str(&show(MapFormat::Json, &map)).unwrap();
    let row = report["rows"].as_array().unwrap().iter().find(|row| row["store"] == "own-database").unwrap();
    insta::assert_snapshot!("data-map-json-row", format!("{row:#}"));
    let html = Html::parse_document(&show(MapFormat::Html, &map));
    let sheet = html.select(&Selector::parse("#s-traces").unwrap()).next().unwrap();
    insta::assert_snapshot!("data-map-html-sheet", sheet.text().collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_json_follows_its_schema() {
    let schema = json("schemas/data-map-1.schema.json");
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for arguments in [&["data-map", "--demo", "--format", "json"][..]] {
        let report = zdr_check(arguments).exits(4).run().json();
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let ids: BTreeSet<&str> =
            report["statements"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
        for row in report["rows"].as_array().unwrap() {
            let own = row["statements"].as_array().unwrap();
            assert!(own.iter().all(|id| ids.contains(id.as_str().unwrap())), "{row}");
        }
    }
}

#[test]
fn every_kind_of_store_that_can_be_counted_has_one_sheet() {
    for kind in StoreKind::ALL {
        let sheets: Vec<&str> =
            all_sheets().filter(|own| own.counted.contains(&kind.as_str())).map(|own| own.id).collect();
        assert_eq!(sheets.len(), 1, "{}: {sheets:?}", kind.as_str());
    }
    let known: BTreeSet<&str> = StoreKind::ALL.into_iter().map(StoreKind::as_str).collect();
    assert!(all_sheets().flat_map(|own| own.counted).all(|word| known.contains(word)));
}

#[test]
fn what_cannot_be_read_is_unknown_and_the_map_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.jsonl");
    let path = path.to_str().unwrap();
    zdr_check(["scan", "--demo", "--save-snapshot", path]).exits(1).run();
    let report = zdr_check(["data-map", "--snapshot", path, "--format", "json"]).exits(4).run().json();
    assert_eq!((&report["complete"], &report["exit_code"]), (&Value::Bool(false), &Value::from(4)));
    let unread = |store: &str, name: &str| {
        let rows = report["rows"].as_array().unwrap().iter();
        let mut own = rows.filter(|row| row["store"] == store && row["place"]["name"] == name);
        own.next().map(|row| (row["presence"].clone(), row["why"][0].as_str().unwrap().to_owned()))
    };
    let (presence, why) = unread("abuse-monitoring", "vendor-search").unwrap();
    assert!(presence == "unknown" && why.contains("Microsoft.CognitiveServices/accounts/read"), "{why}");
    let (presence, why) = unread("videos", "vendor-chat").unwrap();
    assert!(presence == "unknown" && why.contains("accounts/deployments/read"), "{why}");
    let absent = |store: &str, name: &str| {
        report["absent"].as_array().unwrap().iter().any(|own| own["store"] == store && own["name"] == name)
    };
    assert!(!absent("abuse-monitoring", "vendor-search") && !absent("videos", "vendor-chat"));
    assert!(absent("abuse-monitoring", "vendor-chat"));
    let complete = map_of(&part(&["chat-sweden"]), None);
    assert_eq!((complete.complete, complete.exit_code, complete.count(Presence::Unknown)), (true, 0, 0));
}

#[test]
fn a_list_that_could_not_be_read_hides_no_store() {
    let mut snapshot = part(&["agents-sweden"]);
    let why = Unavailable {
        cause: Cause::Timeout,
        operation: Operation::ConnectionsList,
        scope: snapshot.subscriptions[0].accounts[0].id.id.clone(),
        detail: None,
        request_id: None,
        at: at(1),
    };
    let facts = &mut snapshot.subscriptions[0].accounts[0];
    facts.connections = Read::Unavailable(why.clone());
    facts.lists.insert(Operation::DiagnosticSettingsList, Read::Unavailable(why));
    let map = map_of(&snapshot, None);
    assert_eq!((map.complete, map.exit_code), (false, 4));
    for (sheet, place) in
        [("own-store", "agents-sweden"), ("traces", "agents-sweden"), ("log-workspace", "agents-sweden")]
    {
        let row = map.rows.iter().find(|row| row.sheet.id == sheet && row.place.name == place);
        assert_eq!(row.map(|row| row.presence), Some(Presence::Unknown), "{sheet}");
        assert!(!map.absent.iter().any(|own| own.sheet.is_some_and(|own| own.id == sheet)), "{sheet}");
    }
    let found = map.rows.iter().filter(|row| row.presence == Presence::Found).map(|row| row.sheet.id);
    assert!(found.collect::<Vec<_>>().contains(&"own-database"), "what the project's own list shows is still there");
}

fn counted(kind: StoreKind, project: Option<&str>, count: u64) -> Store {
    let answer = StoreAnswer {
        operation: Operation::AccountsGet,
        url: "https://agents-sweden.openai.azure.com/openai/v1/files".to_owned(),
        api_version: "v1".to_owned(),
        status: 200,
        request_id: None,
        at: at(2),
    };
    let facts = StoreFacts {
        count,
        more: false,
        oldest: (count > 0).then(|| at(-86_400 * 40)),
        newest: None,
        without_expiry: None,
        by_purpose: BTreeMap::new(),
        by_status: BTreeMap::new(),
        by_agent_kind: BTreeMap::new(),
        by_training: BTreeMap::new(),
        tools: BTreeMap::new(),
        answers: vec![answer],
    };
    Store { kind, project: project.map(str::to_owned), facts: Read::Known(facts) }
}

#[test]
fn what_was_counted_is_found_and_what_is_empty_is_absent() {
    let mut snapshot = part(&["agents-sweden"]);
    let facts = &mut snapshot.subscriptions[0].accounts[0];
    let project = facts.project_facts[0].id.clone();
    let refused = Unavailable {
        cause: Cause::Forbidden { action: "files/read".to_owned() },
        operation: Operation::AccountsGet,
        scope: facts.id.id.clone(),
        detail: None,
        request_id: None,
        at: at(2),
    };
    facts.stores = vec![
        counted(StoreKind::Files, None, 0),
        counted(StoreKind::Files, Some(&project), 3),
        counted(StoreKind::VectorStores, None, 0),
        counted(StoreKind::Assistants, None, 0),
        counted(StoreKind::MemoryStores, Some(&project), 2),
        Store { kind: StoreKind::Evaluations, project: None, facts: Read::Unavailable(refused) },
    ];
    let map = map_of(&snapshot, None);
    let row = |sheet: &str| map.rows.iter().find(|row| row.sheet.id == sheet);
    let files = row("files").unwrap();
    let count = files.count.as_ref().unwrap();
    assert_eq!((files.presence, count.items, count.oldest), (Presence::Found, 3, Some(at(-86_400 * 40))));
    assert!(files.why[0].starts_with("3 files in project helpdesk, the oldest of 2026-08-"), "{:?}", files.why);
    assert_eq!(row("memory").map(|row| row.presence), Some(Presence::Found));
    assert_eq!(row("evaluations").map(|row| row.presence), Some(Presence::Unknown));
    assert_eq!(row("threads").map(|row| row.presence), Some(Presence::Possible), "threads cannot be listed");
    assert!(row("vector-stores").is_none());
    assert!(map.absent.iter().any(|own| own.sheet.is_some_and(|own| own.id == "vector-stores")));
    assert_eq!(map.exit_code, 4);
}

/// The demo with somebody else's names everywhere.
fn poisoned() -> Snapshot {
    let mut snapshot = part(&["agents-sweden", "hosted-poland"]);
    let name = format!("{HOSTILE}{POISON}");
    for subscription in &mut snapshot.subscriptions {
        subscription.accounts[0].id.name.clone_from(&name);
        subscription.accounts[0].id.id.push_str(&name);
        let facts = &mut subscription.accounts[0];
        let lists =
            [&mut facts.connections].into_iter().chain(facts.project_facts.iter_mut().map(|own| &mut own.connections));
        for list in lists {
            let Read::Known(list) = list else { continue };
            for row in &mut list.rows {
                let Read::Known(row) = row else { continue };
                row.body["name"] = Value::from(name.clone());
                row.body["properties"]["metadata"]["ResourceId"] = Value::from(format!(
                    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/{}",
                    name.replace('/', "")
                ));
            }
        }
    }
    snapshot.scopes = vec![format!("={name}")];
    snapshot
}

#[test]
fn hostile_names_are_text_in_every_format() {
    let snapshot = poisoned();
    let subject = format!("={HOSTILE}{POISON}");
    for request in [None, Some(request(subject, Some(date(2026, 11, 20))))] {
        let map = map_of(&snapshot, request.clone());
        for format in MapFormat::ALL {
            let text = show(format, &map);
            assert!(!text.chars().any(|c| !matches!(c, '\n' | '\r') && is_hostile(c)), "{}", format.as_str());
        }
        let html = show(MapFormat::Html, &map);
        let page = Html::parse_document(&html);
        let none = |selector: &str| page.select(&Selector::parse(selector).unwrap()).next().is_none();
        assert!(none("img, script, iframe, [onerror], [style]") && none("a[href^='javascript']"));
        assert!(html.contains("&lt;img src=x"), "it is shown");
        let markdown = show(MapFormat::Markdown, &map);
        for event in Parser::new_ext(&markdown, Options::ENABLE_TABLES) {
            match event {
                Event::Html(text) | Event::InlineHtml(text) => {
                    let own = ["<!-- -->", "<details>", "</details>", "<summary>Sources</summary>"];
                    assert!(own.contains(&text.trim()), "{text}");
                }
                Event::Start(pulldown_cmark::Tag::Image { .. }) => panic!("a picture"),
                Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => assert!(dest_url.starts_with("https://")),
                _ => {}
            }
        }
        let csv = show(MapFormat::Csv, &map);
        for record in ::csv::Reader::from_reader(csv.as_bytes()).records() {
            for cell in &record.unwrap() {
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
            }
        }
        let told = in_map(&map);
        assert!(told.iter().any(|(_, place, _)| place.contains("onerror")));
        if request.is_none() {
            assert_eq!((in_html(&html), in_csv(&csv)), (told.clone(), told));
        }
    }
}

#[test]
fn a_worksheet_has_a_field_for_every_step_of_every_store() {
    let map = map_of(
        &part(&["agents-sweden", "vendor-search"]),
        Some(request("ticket 4711".to_owned(), Some(date(2026, 1, 31)))),
    );
    insta::assert_snapshot!(
        "worksheet-markdown",
        show(MapFormat::Markdown, &map).lines().take(60).collect::<Vec<_>>().join("\n")
    );
    let csv = show(MapFormat::Csv, &map);
    let rows: Vec<::csv::StringRecord> =
        ::csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), map.rows.len() * Action::ALL.len());
    assert_eq!(
        (&rows[0][0], &rows[0][1], &rows[0][2], &rows[0][3]),
        ("ticket 4711", "2026-01-31", "2026-02-28", "2026-03-17")
    );
    assert_eq!(in_csv(&csv), in_map(&map));
    let html = show(MapFormat::Html, &map);
    assert_eq!(in_html(&html), in_map(&map));
    let page = Html::parse_document(&html);
    let sheets = page.select(&Selector::parse("section.sheet").unwrap()).count();
    assert_eq!(page.select(&Selector::parse("td.fill").unwrap()).count(), sheets * Action::ALL.len() * 3);
}

#[test]
fn the_reference_of_a_request_is_in_the_worksheet_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, sheet) = (folder.path().join("kept.jsonl"), folder.path().join("sheet.html"));
    let report = format!("html={}", sheet.display());
    let arguments = [
        "data-map",
        "--demo",
        "--subject",
        "SECRET-REFERENCE",
        "--save-snapshot",
        kept.to_str().unwrap(),
        "--report",
        &report,
    ];
    let output = zdr_check(arguments).args(["-vv", "--format", "csv"]).exits(4).run();
    assert!(output.stdout.contains("SECRET-REFERENCE") && !output.stderr.contains("SECRET-REFERENCE"));
    assert!(std::fs::read_to_string(&sheet).unwrap().contains("SECRET-REFERENCE"));
    assert!(!std::fs::read_to_string(&kept).unwrap().contains("SECRET-REFERENCE"));
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_read() {
    for (arguments, says) in [
        (&["--subject", "x", "--format", "json"][..], "a worksheet cannot be written as json"),
        (&["--subject", "x", "--report", "table=t.txt"], "a worksheet cannot be written as table"),
        (&["--subject", " "], "it is empty"),
        (&["--received", "2026-01-01"], "--subject"),
        (&["--subject", "x", "--received", "soon"], "give a date like 2027-03-31"),
        (&["--format", "xlsx"], "possible values"),
        (&["--report", "xlsx=x"], "use one of table, json, markdown, csv, html"),
    ] {
        let output = zdr_check(["data-map", "--demo"]).args(arguments).exits(2).run();
        assert!(output.stderr.contains(says), "{arguments:?}: {}", output.stderr);
    }
    let missing = zdr_check(["data-map", "--snapshot", "missing.jsonl"]).exits(3).run();
    assert!(missing.stderr.contains("missing.jsonl"), "{}", missing.stderr);
}

#[test]
fn a_live_estate_is_mapped_like_the_demo() {
    let emulator = Emulator::builder_from("fixtures/demo/estate.json").start();
    let endpoint = emulator.endpoint();
    let live = [
        "data-map",
        "--arm-endpoint",
        &endpoint,
        "--credential",
        "managed-identity",
        "--all-subscriptions",
        "--format",
        "json",
    ];
    let live = zdr_check(live).at(&emulator).exits(4).run();
    let demo = zdr_check(["data-map", "--demo", "--format", "json"]).exits(4).run();
    // Capability hosts of the emulator have no state, so that which stores agents use is not settled there.
    let settled = |(title, place, _): &(String, String, String)| {
        title != "Agents in Microsoft's stores" && !place.starts_with("tenant ")
    };
    let own = |told: Told| told.into_iter().filter(settled).collect::<Told>();
    assert_eq!(own(in_json(&live.stdout)), own(in_json(&demo.stdout)));
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}

#[test]
fn communication_services_are_on_the_map_when_they_are_read() {
    let told = |more: &[&str]| zdr_check(["data-map", "--demo", "--format", "json"]).args(more).exits(4).run().json();
    let rows = |map: &Value| -> BTreeMap<String, (String, String)> {
        let own =
            map["rows"].as_array().unwrap().iter().filter(|row| row["store"].as_str().unwrap().starts_with("acs-"));
        own.map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("store"), (row["place"]["name"].as_str().unwrap().to_owned(), text("presence")))
        })
        .collect()
    };
    assert!(rows(&told(&[])).is_empty());
    let own = |place: &str, presence: &str| (place.to_owned(), presence.to_owned());
    let wanted = [
        ("acs-chat", own("contact-centre", "possible")),
        ("acs-email", own("contact-centre", "possible")),
        ("acs-events", own("contact-centre-events", "found")),
        ("acs-identities", own("contact-centre", "possible")),
        ("acs-logs", own("contact-centre-logs", "found")),
        ("acs-numbers", own("contact-centre", "possible")),
        ("acs-recordings", own("contact-centre", "possible")),
    ];
    let wanted = wanted.map(|(store, told)| (store.to_owned(), told)).into();
    assert_eq!(rows(&told(&["--include", "communication"])), wanted);
}
