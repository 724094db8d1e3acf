//! Reads the JSON report.

use serde_json::Value;

use super::Row;

/// Its results.
pub(super) fn rows(report: &[u8]) -> Vec<Row> {
    let report: Value = serde_json::from_slice(report).unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let row = |row: &Value| (text(row, "rule"), text(row, "resource_id"), text(row, "outcome"));
    report["results"].as_array().unwrap().iter().map(row).collect()
}
