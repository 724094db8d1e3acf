//! Every account and deployment body that the fixtures' estates answer, as the in-process transport serves it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zdr_check::azure::estate::Estate;
use zdr_check::snapshot::{AccountId, Document};

/// One resource as an estate answers it.
pub struct Body {
    /// Where it comes from, for messages and for the list of refused rows.
    pub from: String,
    /// The answer.
    pub json: Value,
}

/// Everything the fixtures can produce.
#[derive(Default)]
pub struct Bodies {
    /// Rows of account lists, and what GET answers where that differs.
    pub accounts: Vec<Body>,
    /// Rows of deployment lists.
    pub deployments: Vec<Body>,
    /// The account lists themselves, with the file they come from.
    pub pages: Vec<Body>,
}

impl Bodies {
    /// Reads all estates: this folder's own, and those of `fixtures/arm`, `fixtures/demo` and `fixtures/rules`.
    pub fn read() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = vec![here.join("rare.json")];
        for folder in ["arm", "demo", "rules"] {
            json_files(&here.join("../../fixtures").join(folder), &mut files);
        }
        files.sort();
        let (mut bodies, mut estates) = (Self::default(), 0);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let described: Value = serde_json::from_str(&text).unwrap();
            // Beside an estate may stand what is expected of it.
            if described.get("subscriptions").is_some_and(Value::is_array) {
                estates += 1;
                bodies.add(&label(&file), &described, &Estate::parse(&text).unwrap());
            }
        }
        assert!(estates >= 3, "only {estates} estates were found");
        bodies
    }

    fn add(&mut self, file: &str, described: &Value, estate: &Estate) {
        for subscription in items(&described["subscriptions"]) {
            let subscription_id = text(&subscription["subscriptionId"]);
            let page = estate
                .answer(&format!("/subscriptions/{subscription_id}/providers/Microsoft.CognitiveServices/accounts"));
            let mut accounts: Vec<Value> = items(&page.1["value"]).to_vec();
            for account in items(&subscription["accounts"]) {
                let id = AccountId::new(subscription_id, text(&account["resourceGroup"]), text(&account["name"])).id;
                let got = estate.answer(&id);
                if got.0 == 200 && !accounts.contains(&got.1) {
                    accounts.push(got.1);
                }
                for row in items(&estate.answer(&format!("{id}/deployments")).1["value"]) {
                    self.deployments.push(Body { from: from(file, row), json: row.clone() });
                }
            }
            self.accounts.extend(accounts.into_iter().map(|json| Body { from: from(file, &json), json }));
            if page.0 == 200 {
                self.pages.push(Body { from: file.to_owned(), json: page.1 });
            }
        }
    }
}

/// The body as a fact of ours. No network was asked; the evidence says only which api-version it stands for.
pub fn document(body: &Value) -> Document {
    let evidence = json!({
        "operation": "accounts.get",
        "url": "",
        "api_version": "2026-09-01",
        "status": 200,
        "request_id": null,
        "at": "2026-11-22T00:00:00Z",
        "sha256": "",
    });
    serde_json::from_value(json!({ "scope": text(&body["id"]), "body": body, "evidence": evidence })).unwrap()
}

/// File and resource; a row without a name is quoted.
fn from(file: &str, row: &Value) -> String {
    match (row["id"].as_str().and_then(|id| id.split_once("/accounts/")), row["name"].as_str()) {
        (Some((_, path)), _) => format!("{file}: {path}"),
        (None, Some(name)) => format!("{file}: {name}"),
        (None, None) => format!("{file}: {row}"),
    }
}

/// `arm/shapes/estate.json`: the path below `fixtures/`, or the bare name of this folder's own estate.
fn label(file: &Path) -> String {
    let text = file.to_string_lossy().replace('\\', "/");
    let own = text.rsplit('/').next().unwrap_or_default().to_owned();
    text.split_once("/fixtures/").map_or(own, |(_, below)| below.to_owned())
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// JSON files below `folder`, at any depth; a folder that does not exist has none.
fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}
