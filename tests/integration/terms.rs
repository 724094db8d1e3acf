//! `terms`: statements, and pages served on loopback compared with a lock file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use zdr_check::knowledge::statements::{self, Standing};
use zdr_check::knowledge::stores;
use zdr_check::{docs, rules};

use crate::common::zdr_check;

/// A statement with a page of its own on learn.microsoft.com, and what that page says.
const ID: &str = "zone-can-grow";
const PATH: &str = "/azure/foundry/foundry-models/concepts/deployment-types";
const GOOD: &str = "<html><head><title>x</title></head><body><nav>Menu 1</nav><main><h1>Deployment types</h1>\
    <p>May be processed in any Azure region.</p><p>The service processes data only within the Microsoft-specified data zone.</p>\
    <p>Regions may be added without prior notice.</p><p>Processed there; it may be processed between regions within that geography \
    for operational purposes.</p><p>Managed compute differs. DataZoneBatch stays.</p></main></body></html>";

type Answers = BTreeMap<&'static str, Vec<u8>>;

/// A server of fixed answers, by path; it ends with the test.
struct Server {
    address: String,
    stop: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (stopped, log) = (Arc::clone(&stop), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                serve(stream, &answers, &log);
            }
        });
        Self { address, stop, asked }
    }

    fn check(&self, folder: &Path, exit: i32, more: &[&str]) -> Value {
        let resolve = format!("learn.microsoft.com=http://{}", self.address);
        let run = zdr_check(["terms", "check", "--source", ID, "--format", "json", "--resolve", &resolve]).args(more);
        run.within(folder).exits(exit).run().json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(&self.address);
    }
}

fn serve(mut stream: TcpStream, answers: &Answers, log: &Mutex<Vec<String>>) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let Some(path) = head.first().and_then(|line| line.split(' ').nth(1)) else { return };
    log.lock().unwrap().push(head.join("\n"));
    let answer = answers.get(path).cloned().unwrap_or_else(|| answer("404 Not Found", "text/plain", b"none"));
    if answer.is_empty() {
        std::thread::sleep(Duration::from_secs(3));
    }
    let _ = stream.write_all(&answer);
}

fn answer(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn html(body: &str) -> Vec<u8> {
    answer("200 OK", "text/html; charset=utf-8", body.as_bytes())
}

fn moved(to: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 301 Moved\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    head.into_bytes()
}

/// A folder whose lock file and stored texts are those of the good page.
fn locked() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(Answers::from([(PATH, html(GOOD))]));
    let check = server.check(folder.path(), 0, &["--update", "--keep", "kept"]);
    assert_eq!(check["pages"][0]["state"], "new");
    folder
}

fn states(check: &Value) -> BTreeSet<&str> {
    let passages = check["pages"][0]["passages"].as_array().unwrap();
    passages.iter().map(|own| own["state"].as_str().unwrap()).collect()
}

#[test]
fn every_rule_has_a_statement_and_every_statement_a_rule_that_cites_its_page_or_a_place_on_the_map() {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for own in statements::statements() {
        let cites = |rule: &&str| docs::sources(rule).iter().any(|source| source.contains(own.source.url));
        assert!(own.rules.iter().all(|rule| rules::find(rule).is_some()), "{}: {:?}", own.id, own.rules);
        let mapped = own.rules.is_empty() && stores::uses(own.id).next().is_some();
        assert!(own.standing == Standing::Confusion || mapped || own.rules.iter().any(cites), "{}", own.id);
        used.extend(own.rules.iter().copied());
    }
    let without: Vec<&str> = rules::RULES.iter().map(|rule| rule.id).filter(|id| !used.contains(id)).collect();
    assert!(without.is_empty(), "rules without a statement: {without:?}");
}

#[test]
fn statements_are_listed_and_explained() {
    let list = zdr_check(["terms", "--format", "json"]).run().json();
    assert_eq!(list.as_array().unwrap().len(), statements::statements().count());
    let table = zdr_check(["terms"]).run().stdout;
    assert!(table.contains("content-logging-false") && table.contains("contradicted"), "{table}");
    insta::assert_snapshot!("terms-show", zdr_check(["terms", "show", "zone-is-member-states"]).run().stdout);
    let consumer = zdr_check(["terms", "show", "consumer-privacy-statement"]).run().stdout;
    assert!(consumer.contains("is not the Azure OpenAI terms"), "{consumer}");
    let unknown = zdr_check(["terms", "show", "content-logging"]).exits(2).run().stderr;
    assert!(unknown.contains("Did you mean content-logging-false?"), "{unknown}");
}

#[test]
fn layout_is_no_change_and_text_is() {
    let folder = locked();
    let before = std::fs::read_to_string(folder.path().join("zdr-terms.lock")).unwrap();
    let layout = GOOD.replace("Menu 1", "Menu 2").replace(" notice", "\n   notice").replace("<p>", "<p >");
    let server = Server::start(Answers::from([(PATH, html(&layout))]));
    let check = server.check(folder.path(), 0, &["--update"]);
    assert_eq!((&check["pages"][0]["state"], states(&check)), (&json!("unchanged"), BTreeSet::from(["found"])));
    assert_eq!(
        std::fs::read_to_string(folder.path().join("zdr-terms.lock")).unwrap(),
        before,
        "the same facts, the same bytes"
    );
    let head = server.asked.lock().unwrap().join("\n").to_lowercase();
    assert!(head.contains("user-agent: zdr-check/") && head.contains("host: learn.microsoft.com"), "{head}");
    assert!(!head.contains("authorization") && head.contains("get /robots.txt"), "{head}");
}

#[test]
fn a_lost_passage_names_the_rules_and_can_be_accepted() {
    let folder = locked();
    let other =
        GOOD.replace("Regions may be added without prior notice", "Regions may be added with \u{1b}[31m30 days notice");
    let server = Server::start(Answers::from([(PATH, html(&other))]));
    let check = server.check(folder.path(), 1, &["--keep", "kept"]);
    let page = &check["pages"][0];
    assert_eq!((&page["state"], states(&check)), (&json!("changed"), BTreeSet::from(["found", "lost"])));
    assert!(check["rules"].as_array().unwrap().contains(&json!("data-zone-can-grow")));
    assert_eq!(page["diff"][0], "- Regions may be added without prior notice.");
    let resolve = format!("learn.microsoft.com=http://{}", server.address);
    let shown = zdr_check(["terms", "check", "--source", ID, "--keep", "kept", "--update", "--resolve", &resolve]);
    let shown = shown.within(folder.path()).exits(1).run().stdout;
    assert!(shown.contains("the passage of zone-can-grow is not there") && shown.contains("rules whose ground moved"));
    assert!(!shown.contains('\u{1b}'), "remote text is harmless: {shown}");
    assert_eq!(states(&server.check(folder.path(), 0, &[])), BTreeSet::from(["found", "still-lost"]));
}

#[test]
fn a_page_that_is_gone_moved_the_ground_and_one_that_cannot_be_read_did_not() {
    let folder = locked();
    let gone = Server::start(Answers::new()).check(folder.path(), 1, &[]);
    assert_eq!(gone["pages"][0]["state"], "gone");
    let large = vec![b'a'; 5 * 1024 * 1024];
    for (name, answers, reason) in [
        (
            "robots",
            Answers::from([("/robots.txt", answer("200 OK", "text/plain", b"User-agent: *\nDisallow: /azure"))]),
            "robots.txt",
        ),
        ("no robots", Answers::from([("/robots.txt", answer("503 Busy", "text/plain", b""))]), "robots.txt"),
        ("oversize", Answers::from([(PATH, answer("200 OK", "text/html", &large))]), "larger than"),
        ("no text", Answers::from([(PATH, answer("200 OK", "application/pdf", b"%PDF"))]), "not text"),
        ("empty", Answers::from([(PATH, html("<nav>only</nav>"))]), "no text"),
        ("slow", Answers::from([(PATH, Vec::new())]), "too long"),
        ("loop", Answers::from([(PATH, moved(PATH))]), "redirects"),
        ("plain", Answers::from([(PATH, moved("http://learn.microsoft.com/other"))]), "not https"),
    ] {
        let check = Server::start(answers).check(folder.path(), 3, &["--request-timeout", "1"]);
        let page = &check["pages"][0];
        assert_eq!(page["state"], "unread", "{name}: {page}");
        assert!(page["reason"].as_str().unwrap().contains(reason), "{name}: {page}");
    }
}

#[test]
fn redirects_within_https_are_followed_and_said() {
    let folder = locked();
    let answers = Answers::from([(PATH, moved("/azure/elsewhere")), ("/azure/elsewhere", html(GOOD))]);
    let check = Server::start(answers).check(folder.path(), 0, &[]);
    assert_eq!(check["pages"][0]["redirected"], "https://learn.microsoft.com/azure/elsewhere");
}

#[test]
fn garbage_and_foreign_bytes_are_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut body = b"<main><p><b>Regions \xe9 without <i>prior</b> notice</i><table><p>&#xD800;<".to_vec();
    body.extend([0xff, 0xfe, 0x00]);
    let answers = Answers::from([(PATH, answer("200 OK", "text/html; charset=iso-8859-1", &body))]);
    let check = Server::start(answers).check(folder.path(), 1, &[]);
    let passages = check["pages"][0]["passages"].as_array().unwrap();
    let own = passages.iter().find(|own| own["statement"] == ID).unwrap();
    assert_eq!(own["state"], "found", "{check}");
}

#[test]
fn a_lock_file_with_a_mistake_is_refused_by_line() {
    let folder = locked();
    let path = folder.path().join("zdr-terms.lock");
    let good = std::fs::read_to_string(&path).unwrap();
    let page = good.find("[[page]]").unwrap();
    let digest = good.split("sha256 = \"").nth(1).unwrap().split('"').next().unwrap();
    for (bad, line, why) in [
        (good.replace("version = 1", "version = 2"), 2, "version 2"),
        (good.replace("version = 1", ""), 1, "version"),
        (good.replacen(digest, "abc", 1), 6, "64 hexadecimal"),
        (good.replacen("first_seen = \"2", "first_seen = \"x2", 1), 7, "no date"),
        (good.replacen("first_seen = \"2", "first_seen = \"9", 1), 7, "follow each other"),
        (format!("{good}\n{}", &good[page..]), good.lines().count() + 3, "twice"),
        (good[..page + 15].to_owned(), 5, ""),
        (good.replacen("sha256 =", "md5 =", 1), 6, "md5"),
    ] {
        std::fs::write(&path, bad).unwrap();
        let refused = zdr_check(["terms", "check", "--source", ID]).within(folder.path()).exits(2).run().stderr;
        assert!(
            refused.contains(&format!("zdr-terms.lock:{line}: ")) && refused.contains(why),
            "{line} {why}: {refused}"
        );
    }
    let folder = folder.path();
    let stranger = zdr_check(["terms", "check", "--resolve", "a=http://example.com"]).within(folder).exits(2).run();
    assert!(stranger.stderr.contains("lead to this machine"), "{}", stranger.stderr);
}

/// The demo, judged beside what `locked` left in the folder.
fn beside(folder: &Path, more: &[&str]) -> crate::common::Run {
    zdr_check(["scan", "--demo", "--format", "json"]).args(more).within(folder)
}

fn about<'a>(report: &'a Value, kind: &str) -> Vec<&'a str> {
    let notes = report["notes"].as_array().unwrap().iter().filter(|note| note["kind"] == kind);
    notes.map(|note| note["message"].as_str().unwrap()).collect()
}

#[test]
fn a_scan_takes_from_the_lock_file_when_a_source_was_last_checked() {
    let folder = locked();
    let folder = folder.path();
    let path = folder.join("zdr-terms.lock");
    let lock = std::fs::read_to_string(&path).unwrap();
    let seen = lock.split("last_seen = \"").nth(1).unwrap()[..10].to_owned();
    let source = |report: &Value| {
        let all = report["sources"].as_array().unwrap();
        all.iter().find(|own| own["id"] == ID).cloned().unwrap()
    };
    std::fs::write(folder.join("zdr-check.toml"), "max_knowledge_age_days = 32\n").unwrap();
    let report = beside(folder, &["--as-of", "2026-12-25"]).exits(1).run().json();
    assert_eq!((&source(&report)["last_checked"], &source(&report)["passage_found"]), (&json!(seen), &json!(true)));
    assert_eq!(report["run"]["policy"]["terms_lock"]["path"], "zdr-terms.lock");
    let checked = lock.matches("[[page.passage]]").count();
    let all = statements::statements().count();
    let old = format!("{} of {all} statements behind the rules were last checked up to 33 days ago", all - checked);
    let notes = about(&report, "knowledge-old");
    assert_eq!(notes.iter().filter(|note| note.starts_with(&old)).count(), 1, "{notes:?}");
    let without = beside(folder, &["--no-config"]).exits(1).run().json();
    assert_eq!(source(&without)["last_checked"], statements::READ, "the folder has no say");
    let named = beside(folder, &["--no-config", "--terms-lock", "zdr-terms.lock"]).exits(1).run().json();
    assert_eq!(source(&named)["last_checked"], seen);
    std::fs::write(&path, lock.replace("present = true", "present = false")).unwrap();
    let lost = beside(folder, &[]).exits(1).run().json();
    assert_eq!((source(&lost)["passage_found"].clone(), about(&lost, "source-moved").len()), (json!(false), 1));
    // Somebody looked before the authors did, or for another passage: that says nothing about this one.
    let older = regex::Regex::new("_seen = \"[0-9-]+\"|_changed = \"[0-9-]+\"").unwrap();
    let dated = |own: &regex::Captures<'_>| format!("{} = \"2026-01-01\"", own[0].split(' ').next().unwrap());
    std::fs::write(&path, older.replace_all(&lock, dated).as_ref()).unwrap();
    assert_eq!(source(&beside(folder, &[]).exits(1).run().json())["last_checked"], statements::READ);
}

#[test]
fn a_scan_does_not_ignore_a_lock_file_that_is_no_good() {
    let folder = locked();
    let folder = folder.path();
    let path = folder.join("zdr-terms.lock");
    let lock = std::fs::read_to_string(&path).unwrap();
    let refused = |more: &[&str], why: &str| {
        let run = beside(folder, more).exits(2).run();
        assert!(run.stderr.contains(why) && run.stdout.is_empty(), "{why}: {}", run.stderr);
    };
    std::fs::write(&path, lock.replace("version = 1", "version = 2")).unwrap();
    refused(&[], "zdr-terms.lock:2: version 2");
    std::fs::write(&path, b"\xff").unwrap();
    refused(&[], "UTF-8");
    std::fs::write(&path, "").unwrap();
    refused(&[], "version");
    std::fs::write(&path, lock.replace("last_seen = \"20", "last_seen = \"30")).unwrap();
    refused(&[], "was last seen on 30");
    refused(&["--terms-lock", "nowhere.lock"], "there is no such file");
    refused(&["--terms-lock", "."], "not a regular file");
    #[cfg(unix)]
    {
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("nowhere", &path).unwrap();
        refused(&[], "zdr-terms.lock");
    }
}
