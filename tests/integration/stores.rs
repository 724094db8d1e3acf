//! `--data-plane`: what accounts store is counted, and not a word of it is seen anywhere.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::common::{Run, scan};
use crate::emulator::Emulator;

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
    for (name, value) in own.as_object().unwrap() {
        item[name] = value.clone();
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
    let formats = [
        "table",
        "json",
        "sarif",
        "junit",
        "github",
        "azure-pipelines",
        "gitlab",
        "markdown",
        "csv",
        "xlsx",
        "html",
        "ocsf",
        "oscal",
    ];
    let reports = formats.iter().map(|format| format!("--report={format}={}", folder.path().join(format).display()));
    let journal = folder.path().join("journal.jsonl");
    let output = with_data_plane(&emulator)
        .args(reports)
        .args(["--show-pass", "-vv", "--fact-timeout", "5", "--request-timeout", "2", "--save-snapshot", journal.to_str().unwrap()])
        .exits(1)
        .run();
    let stores = stored(&std::fs::read_to_string(&journal).unwrap());
    let count = |key: &str| stores[key]["known"]["count"].as_u64().unwrap_or_else(|| panic!("{key}: {}\n{}", stores[key], output.stderr));
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
    use calamine::Reader as _;
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(folder.path().join("xlsx")).unwrap();
    for (name, cells) in workbook.worksheets() {
        assert!(!cells.rows().flatten().any(|cell| found(cell.to_string().as_bytes())), "{name}");
    }
    assert!(output.stderr.contains("/openai/v1/files"), "the logs do show the requests: {}", output.stderr);
    assert!(emulator.violations().is_empty(), "{:?}", emulator.violations());
}
