//! `--data-plane`: what accounts store is counted, and not a word of it is seen anywhere.

use std::collections::BTreeMap;

use calamine::Reader as _;
use serde_json::{Value, json};
use zdr_check::report::Format;

use crate::common::{Run, scan, zdr_check};
use crate::emulator::{Emulator, Fault, Plane, RetryAfter, at};

/// In every place where a service could return content.
const BAIT: &str = "Erika-Mustermann-hat-Diabetes";

/// An item with bait wherever the program might look, and in places where it should not.
fn item(id: &str, own: Value) -> Value {
    let mut item = json!({
        "id": id, "object": "thing", "created_at": 1_780_000_000, "filename": format!("{BAIT}.pdf"), "prompt": BAIT,
        "description": BAIT, "instructions": BAIT, "metadata": { "patient": BAIT, BAIT: "x" }, "input_file_id": BAIT,
        "error": { "message": BAIT }, "choices": [{ "message": { "role": "assistant", "content": BAIT } }],
        "messages": [{ "content": [{ "text": { "value": BAIT } }] }], "hyperparameters": { "x": BAIT },
        "data_source_config": { "item_schema": { "properties": { BAIT: {} } } }
    });
    let Value::Object(own) = own else { panic!("an object") };
    for (name, value) in own {
        item[name] = value;
    }
    item
}

fn items(word: &str, number: usize, own: &Value) -> Value {
    (0..number).map(|at| item(&format!("{word}-{at}"), own.clone())).collect()
}

fn agent(name: &str, kind: &str, tools: &[&str]) -> Value {
    let tools: Vec<Value> = tools
        .iter()
        .map(|kind| json!({ "type": kind, "server_url": format!("https://{BAIT}.example"), "description": BAIT }))
        .collect();
    let definition = json!({ "kind": kind, "model": "gpt-5", "instructions": BAIT, "tools": tools });
    let latest = json!({ "version": "3", "created_at": 1_780_000_000, "description": BAIT, "definition": definition });
    json!({ "object": "agent", "id": name, "name": name, "versions": { "latest": latest } })
}

/// Everything an account can store.
fn full_account() -> Value {
    let mut files: Vec<Value> = (0..130)
        .map(|at| item(&format!("file-{at}"), json!({ "purpose": "assistants", "status": "processed" })))
        .collect();
    files.push(item("file-b", json!({ "purpose": "batch", "status": "processed", "expires_at": 1_790_000_000 })));
    files.push(item("file-x", json!({ "purpose": BAIT, "status": BAIT, "created_at": BAIT })));
    json!({
        "files": files,
        "batches": items("batch", 3, &json!({ "status": "completed" })),
        "fine-tuning-jobs": [
            item("ftjob-1", json!({ "status": "succeeded", "trainingType": "GlobalStandard" })),
            item("ftjob-2", json!({ "status": "failed" }))
        ],
        "fine-tuning-checkpoints": { "ftjob-1": items("ftckpt", 3, &json!({ "fine_tuned_model_checkpoint": BAIT })) },
        "vector-stores": [
            item("vs-1", json!({ "name": BAIT, "status": "completed", "expires_after": { "anchor": "last_active_at", "days": 7 } })),
            item("vs-2", json!({ "name": BAIT, "status": "completed" }))
        ],
        "stored-completions": items("chatcmpl", 205, &json!({ "created": 1_781_000_000 })),
        "evaluations": items("eval", 4, &json!({ "name": BAIT })),
        "assistants": items("asst", 2, &json!({ "name": BAIT, "tools": [{ "type": "code_interpreter" }, { "type": BAIT }] })),
        "videos": items("video", 1, &json!({ "status": "completed" })),
        "containers": items("cntr", 2, &json!({ "name": BAIT, "status": "running" }))
    })
}

fn full_project() -> Value {
    json!({
        "files": items("assistant-file", 5, &json!({ "purpose": "assistants" })),
        "vector-stores": items("vs", 1, &json!({})),
        "evaluations": items("eval", 1, &json!({})),
        "assistants": items("asst", 1, &json!({})),
        "conversations": items("conv", 101, &json!({})),
        "agents": [
            agent("helper", "prompt", &["web_search", "mcp", BAIT]),
            agent("coder", "hosted", &[]),
            agent("plain", "prompt", &["file_search"])
        ],
        "agent-sessions": { "coder": items("session", 2, &json!({ "status": "idle", "agent_session_id": BAIT })) },
        "memory-stores": items("memstore", 1, &json!({ "name": BAIT, "definition": { "options": { "user_profile_details": BAIT } } }))
    })
}

const SUBSCRIPTION: &str = "5d3f8c21-7a64-4be0-9c1d-2f60a8e4b795";

fn estate(account: &Value, project: &Value) -> Value {
    json!({
        "tenantId": "9b1c7e50-3d2f-4a86-b5e4-6c08f1d7a239",
        "subscriptions": [{ "subscriptionId": SUBSCRIPTION, "displayName": "ai", "state": "Enabled", "accounts": [{
            "name": "subject", "resourceGroup": "rg-ai", "location": "swedencentral", "kind": "AIServices",
            "properties": {
                "customSubDomainName": "subject", "endpoint": "https://subject.evil.example/",
                "capabilities": [{ "name": "ContentLogging", "value": "false" }], "storedCompletionsDisabled": true
            },
            "deployments": [{ "name": "chat", "sku": { "name": "Standard" },
                "properties": { "model": { "format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14" } } }],
            "projects": [{ "name": "research", "dataPlane": project }],
            "dataPlane": account
        }] }]
    })
}

fn with_data_plane(emulator: &Emulator) -> Run {
    scan(emulator, ["--all-subscriptions", "--data-plane", "--data-plane-endpoint", &emulator.data_plane()])
}

/// The stores of the journal, by project and kind.
fn stored(journal: &str) -> BTreeMap<String, Value> {
    let records = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let accounts = records.filter(|record| record["record"] == "account");
    let stores = accounts.flat_map(|record| record["data"]["stores"].as_array().cloned().unwrap_or_default());
    let key = |store: &Value| {
        let project =
            store["project"].as_str().map_or(String::new(), |id| format!("{}/", id.rsplit('/').next().unwrap()));
        format!("{project}{}", store["kind"].as_str().unwrap())
    };
    stores.map(|store| (key(&store), store["facts"].clone())).collect()
}

/// Every format, the journal, the logs at their highest: counted right, and the bait nowhere.
#[test]
fn every_store_is_counted_and_its_content_is_seen_nowhere() {
    let emulator = Emulator::builder(estate(&full_account(), &full_project())).start();
    let folder = tempfile::tempdir().unwrap();
    let formats = Format::ALL.map(Format::as_str);
    let reports = formats.iter().map(|format| format!("--report={format}={}", folder.path().join(format).display()));
    let journal = folder.path().join("journal.jsonl");
    let output = with_data_plane(&emulator)
        .args(reports)
        .args([
            "--show-pass",
            "-vv",
            "--fact-timeout",
            "5",
            "--request-timeout",
            "2",
            "--save-snapshot",
            journal.to_str().unwrap(),
        ])
        .exits(1)
        .run();
    let stores = stored(&std::fs::read_to_string(&journal).unwrap());
    let count = |key: &str| {
        stores[key]["known"]["count"].as_u64().unwrap_or_else(|| panic!("{key}: {}\n{}", stores[key], output.stderr))
    };
    for (key, number) in [
        ("files", 132),
        ("batches", 3),
        ("fine-tuning-jobs", 2),
        ("fine-tuning-checkpoints", 3),
        ("vector-stores", 2),
        ("stored-completions", 205),
        ("evaluations", 4),
        ("assistants", 2),
        ("videos", 1),
        ("containers", 2),
        ("research/files", 5),
        ("research/vector-stores", 1),
        ("research/evaluations", 1),
        ("research/assistants", 1),
        ("research/conversations", 101),
        ("research/agents", 3),
        ("research/agent-sessions", 2),
        ("research/memory-stores", 1),
    ] {
        assert_eq!(count(key), number, "{key}: {}", stores[key]);
    }
    assert_eq!(stores.len(), 18);
    assert_eq!(stores["files"]["known"]["without_expiry"], 131);
    assert_eq!(stores["files"]["known"]["by_purpose"], json!({ "assistants": 130, "batch": 1, "other": 1 }));
    assert_eq!(
        stores["research/agents"]["known"]["tools"],
        json!({ "file_search": 1, "mcp": 1, "web_search": 1, "other": 1 })
    );

    let found = |text: &[u8]| String::from_utf8_lossy(text).contains(BAIT);
    assert!(!found(output.stdout.as_bytes()) && !found(output.stderr.as_bytes()), "{}", output.stderr);
    for format in formats.into_iter().chain(["journal.jsonl"]) {
        let bytes = std::fs::read(folder.path().join(format)).unwrap();
        assert!(bytes.len() > 100 && !found(&bytes), "{format}");
    }
    // The workbook is compressed: look into its cells.
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(folder.path().join("xlsx")).unwrap();
    for (name, cells) in workbook.worksheets() {
        assert!(!cells.rows().flatten().any(|cell| found(cell.to_string().as_bytes())), "{name}");
    }
    assert!(output.stderr.contains("/openai/v1/files"), "the logs do show the requests: {}", output.stderr);
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}

/// Results of the report by rule.
fn outcomes(report: &Value) -> BTreeMap<String, String> {
    let results = report["results"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    results.map(|own| (text(&own["rule"]), text(&own["outcome"]))).collect()
}

/// What rules conclude from what is stored, from nothing, and from lists nobody may read.
#[test]
fn what_is_stored_fails_and_only_a_proven_emptiness_passes() {
    let rules = [
        "stored-completions-kept",
        "batch-jobs-kept",
        "fine-tuning-data-kept",
        "hosted-agent-sessions-kept",
        "videos-kept",
        "agent-tool-leaves-azure",
        "files-kept-until-deleted",
        "vector-stores-kept",
        "memory-stores-kept",
    ];
    let open = ["conversations-kept", "evaluations-kept", "assistant-threads-kept", "code-containers-kept"];
    let denied = json!({ "faults": { "all": { "status": 403, "message": BAIT } } });
    for (account, project, wanted, left) in [
        (full_account(), full_project(), "fail", "fail"),
        (json!({}), json!({}), "pass", "manual"),
        (denied.clone(), denied, "unknown", "unknown"),
    ] {
        let emulator = Emulator::builder(estate(&account, &project)).start();
        let code = match wanted {
            "fail" => 1,
            "pass" => 0,
            _ => 4,
        };
        let fail_on = if wanted == "fail" { "low" } else { "critical" };
        let output = with_data_plane(&emulator).args(["--show-pass", "--fail-on", fail_on]).exits(code).run();
        let got = outcomes(&output.json());
        let hints = output.json()["hints"].to_string();
        assert_eq!(hints.contains("permissions --data-plane"), wanted == "unknown", "{hints}");
        assert!(!hints.contains("--role Reader"), "{hints}");
        for (rule, outcome) in rules.map(|rule| (rule, wanted)).into_iter().chain(open.map(|rule| (rule, left))) {
            assert_eq!(got[rule], outcome, "{rule}");
        }
        assert_eq!(got["unfinished-uploads-not-listed"], "manual");
        assert!(!output.stdout.contains(BAIT) && emulator.violations().is_empty(), "{:?}", emulator.violations());
    }
}

#[test]
fn without_the_flag_nothing_of_it_happens() {
    let emulator = Emulator::builder(estate(&full_account(), &full_project())).start();
    let report = scan(&emulator, ["--all-subscriptions", "--show-pass", "--fail-on", "never"]).run().json();
    assert!(emulator.requests().iter().all(|seen| seen.plane != Plane::Data));
    let got = outcomes(&report);
    assert!(!got.contains_key("stored-completions-kept") && !got.contains_key("unfinished-uploads-not-listed"));
    assert_eq!(got["files-kept-until-deleted"], "manual");
}

/// A closed network, keys only and a missing right are told apart, and a store of a closed account is asked once.
#[test]
fn why_nobody_could_tell_is_told() {
    let closed = json!({ "faults": { "all": { "status": 403, "message": "Access denied due to Virtual Network/Firewall rules." } } });
    let emulator = Emulator::builder(estate(&closed, &json!({}))).start();
    let report = with_data_plane(&emulator).args(["--fail-on", "never"]).exits(4).run().json();
    let unreadable = report["coverage"]["unreadable"].as_array().unwrap();
    let cause = |operation: &str| unreadable.iter().find(|row| row["operation"] == operation).unwrap()["cause"].clone();
    assert_eq!(
        (cause("openai.files.list"), cause("openai.videos.list")),
        (json!("network-denied"), json!("network-denied"))
    );
    let asked = emulator.requests().iter().filter(|seen| seen.target.starts_with("/subject/openai")).count();
    assert_eq!(asked, 1);

    let mut keys = estate(&json!({}), &json!({}));
    keys["subscriptions"][0]["accounts"][0]["properties"]["customSubDomainName"] = Value::Null;
    let emulator = Emulator::builder(keys).start();
    let report = with_data_plane(&emulator).args(["--fail-on", "never"]).exits(4).run().json();
    assert!(report["coverage"]["unreadable"].as_array().unwrap().iter().any(|row| row["cause"] == "key-only"));
    assert!(emulator.requests().iter().all(|seen| seen.plane != Plane::Data));

    let report =
        scan(&emulator, ["--all-subscriptions", "--data-plane", "--data-plane-endpoint", "https://evil.example"]);
    let output = report.exits(2).run();
    assert!(output.stderr.contains("on this machine"), "{}", output.stderr);
}

/// Older services know dated routes only, or neither `limit` nor `has_more`.
#[test]
fn older_dialects_are_understood() {
    for (dialect, word, number) in
        [("old", "files", 132), ("silent", "files", 132), ("silent", "stored-completions", 205)]
    {
        let mut account = full_account();
        account["routes"] = json!(dialect);
        let emulator = Emulator::builder(estate(&account, &json!({}))).start();
        let journal = tempfile::tempdir().unwrap();
        let path = journal.path().join("j");
        let saved = ["--fail-on", "never", "--save-snapshot", path.to_str().unwrap()];
        with_data_plane(&emulator).args(saved).args(["--allow-incomplete"]).run();
        let stores = stored(&std::fs::read_to_string(&path).unwrap());
        assert_eq!(stores[word]["known"]["count"], number, "{dialect}: {}", stores[word]);
    }
}

/// A pause of the data plane holds its account, a token that was revoked is renewed, and what was read is not read again.
#[test]
fn pauses_are_kept_and_a_resumed_scan_does_not_read_again() {
    let emulator = Emulator::builder(estate(&full_account(), &full_project()))
        .fault(at("/openai/v1/batches").first(1), Fault::later(429, RetryAfter::Seconds(1)))
        .start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("j.jsonl");
    let journal = path.to_str().unwrap();
    with_data_plane(&emulator).args(["--fail-on", "never", "--save-snapshot", journal]).run();
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
    // Without its trailer the journal is one of an interrupted scan.
    let text = std::fs::read_to_string(&path).unwrap();
    let cut = text.trim_end().rfind('\n').unwrap();
    std::fs::write(&path, &text[..=cut]).unwrap();
    let before = emulator.requests().iter().filter(|seen| seen.plane == Plane::Data).count();
    let resumed = with_data_plane(&emulator).args(["--fail-on", "never", "--resume", journal]).run().json();
    let after = emulator.requests().iter().filter(|seen| seen.plane == Plane::Data).count();
    assert_eq!((after, outcomes(&resumed)["files-kept-until-deleted"].as_str()), (before, "fail"));
    let again = zdr_check(["scan", "--snapshot", journal, "--format", "json", "--fail-on", "never"]).run().json();
    assert_eq!(outcomes(&again), outcomes(&resumed));
}

#[test]
fn the_request_plan_counts_them() {
    let emulator = Emulator::builder(estate(&json!({}), &json!({}))).start();
    let lines = |run: Run| run.args(["--plan-requests"]).run().json()["operations"].as_array().unwrap().len();
    let without = lines(scan(&emulator, ["--all-subscriptions"]));
    assert_eq!(lines(with_data_plane(&emulator)), without + 18);
}

/// The data map in every format and as a worksheet: the same counts, and the bait nowhere.
#[test]
fn the_data_map_finds_every_store_and_shows_no_content() {
    let emulator = Emulator::builder(estate(&full_account(), &full_project())).start();
    let folder = tempfile::tempdir().unwrap();
    let endpoint = emulator.endpoint();
    let plane = emulator.data_plane();
    let run = |more: &[&str]| {
        let fixed =
            ["data-map", "--arm-endpoint", &endpoint, "--credential", "managed-identity", "--all-subscriptions"];
        zdr_check(fixed).args(["--data-plane", "--data-plane-endpoint", &plane, "-vv"]).args(more).at(&emulator)
    };
    let files = ["table", "markdown", "csv", "html"].map(|format| (format, folder.path().join(format)));
    let reports: Vec<String> =
        files.iter().map(|(format, path)| format!("--report={format}={}", path.display())).collect();
    let reports: Vec<&str> = reports.iter().map(String::as_str).chain(["--format", "json"]).collect();
    let output = run(&reports).exits(0).run();
    let map = output.json();
    let counted = |store: &str| {
        let mut rows = map["rows"].as_array().unwrap().iter().filter(|row| row["store"] == store);
        rows.next().map_or(Value::Null, |row| row["items"]["count"].clone())
    };
    for (store, number) in [
        ("files", 137),
        ("batch-files", 3),
        ("fine-tuning", 5),
        ("vector-stores", 3),
        ("stored-completions", 205),
        ("evaluations", 5),
        ("threads", 3),
        ("conversations", 101),
        ("agent-stores", 3),
        ("hosted-agent-home", 2),
        ("memory", 1),
        ("videos", 1),
        ("containers", 2),
    ] {
        assert_eq!(counted(store), json!(number), "{store}");
    }
    let sheet = run(&["--subject", "ticket 1", "--format", "markdown"]).exits(0).run();
    let written = files.iter().map(|(_, path)| std::fs::read_to_string(path).unwrap());
    for text in written.chain([output.stdout, output.stderr, sheet.stdout, sheet.stderr]) {
        assert!(!text.contains(BAIT), "content is shown");
    }
}
