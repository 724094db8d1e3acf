//! Reports that other programs take in: each is read back by an independent parser and says what the assessment says.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;
use zdr_check::assessment::{Assessment, Overlay};
use zdr_check::outcome::Outcome;
use zdr_check::report::{Format, Look, markdown_summary, render};
use zdr_check::term::{Screen, is_hostile};

use crate::common::{json, zdr_check};
use crate::sample;

/// A result as a report tells it: rule, resource id, outcome.
pub(crate) type Told = (String, String, String);

/// Characters that are shown as `\u{…}` become what they were.
fn unescape(text: &str) -> String {
    let code = regex::Regex::new(r"\\u\{([0-9a-f]+)\}").unwrap();
    let back =
        |found: &regex::Captures<'_>| char::from_u32(u32::from_str_radix(&found[1], 16).unwrap()).unwrap().to_string();
    code.replace_all(text, back).into_owned()
}

/// Results in the folded tables of the Markdown report.
pub(crate) fn markdown(bytes: &[u8]) -> Vec<Told> {
    let rows = tables(std::str::from_utf8(bytes).unwrap());
    let wanted = |heading: &&Vec<Vec<String>>| heading[0] == ["outcome", "rule", "severity", "resource", "message"];
    let results = rows.iter().filter(wanted).flat_map(|table| &table[1..]);
    results.map(|row| (row[1].clone(), unescape(&row[3]), row[0].clone())).collect()
}

/// Every table of a page: heading and rows, the text of each cell.
fn tables(page: &str) -> Vec<Vec<Vec<String>>> {
    let mut all: Vec<Vec<Vec<String>>> = Vec::new();
    for event in Parser::new_ext(page, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Table(_)) => all.push(Vec::new()),
            Event::Start(Tag::TableHead | Tag::TableRow) => all.last_mut().unwrap().push(Vec::new()),
            Event::Start(Tag::TableCell) => all.last_mut().unwrap().last_mut().unwrap().push(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(cell) = all.last_mut().and_then(|table| table.last_mut()?.last_mut()) {
                    cell.push_str(&text);
                }
            }
            Event::End(TagEnd::Table) => all.last_mut().unwrap().push(Vec::new()),
            _ => {}
        }
    }
    for table in &mut all {
        table.retain(|row| !row.is_empty());
    }
    all
}

/// Results of the CSV report.
pub(crate) fn csv(bytes: &[u8]) -> Vec<Told> {
    let mut reader = ::csv::Reader::from_reader(bytes);
    let columns: BTreeMap<String, usize> =
        reader.headers().unwrap().iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    let told = |row: ::csv::StringRecord| {
        let cell = |name: &str| row[columns[name]].to_owned();
        (cell("rule"), unescape(&cell("resource_id")), cell("outcome"))
    };
    reader.records().map(|row| told(row.unwrap())).collect()
}

/// Results of every sheet of results of the workbook.
pub(crate) fn xlsx(bytes: &[u8]) -> Vec<Told> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let mut all = Vec::new();
    for name in book.sheet_names().into_iter().filter(|name| name.starts_with("Results")) {
        let sheet = book.worksheet_range(&name).unwrap();
        let headers: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
        let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let (rule, resource, outcome) = (at("rule"), at("resource_id"), at("outcome"));
        let told =
            |row: &[Data]| (row[rule].to_string(), unescape(&row[resource].to_string()), row[outcome].to_string());
        all.extend(sheet.rows().skip(1).map(told));
    }
    all
}

/// Results among the findings of the OCSF report.
pub(crate) fn ocsf(bytes: &[u8]) -> Vec<Told> {
    let lines = std::str::from_utf8(bytes).unwrap().lines();
    let findings = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let results = findings.filter(|finding| finding["metadata"]["event_code"] == "result");
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    results
        .map(|own| (word(&own["compliance"]["control"]), word(&own["resources"][0]["uid"]), word(&own["status_code"])))
        .collect()
}

/// Results among the observations of the OSCAL report.
pub(crate) fn oscal(bytes: &[u8]) -> Vec<Told> {
    let document: Value = serde_json::from_slice(bytes).unwrap();
    let observations = document["assessment-results"]["results"][0]["observations"].as_array().into_iter().flatten();
    let results = observations.filter(|own| property(own, "rule").is_some());
    let word = |own: &Value, name: &str| property(own, name).unwrap().to_owned();
    results.map(|own| (word(own, "rule"), unescape(&word(own, "resource-id")), word(own, "outcome"))).collect()
}

fn property<'a>(item: &'a Value, name: &str) -> Option<&'a str> {
    item["props"].as_array()?.iter().find(|prop| prop["name"] == name)?["value"].as_str()
}

type Extract = fn(&[u8]) -> Vec<Told>;

const FORMATS: [(Format, Extract); 5] = [
    (Format::Markdown, markdown),
    (Format::Csv, csv),
    (Format::Xlsx, xlsx),
    (Format::Ocsf, ocsf),
    (Format::Oscal, oscal),
];

fn bytes(format: Format, assessment: &Assessment) -> Vec<u8> {
    let mut out = Vec::new();
    render(format, assessment, &Look::new(Screen::plain(80)), &mut out).unwrap();
    out
}

fn text(format: Format, assessment: &Assessment) -> String {
    String::from_utf8(bytes(format, assessment)).unwrap()
}

fn told(assessment: &Assessment) -> Vec<Told> {
    let results = assessment.results.iter();
    let mut all: Vec<Told> = results
        .map(|result| (result.rule.to_owned(), result.resource_id.clone(), result.outcome.as_str().to_owned()))
        .collect();
    all.sort();
    all
}

fn sorted(mut all: Vec<Told>) -> Vec<Told> {
    all.sort();
    all
}

#[test]
fn every_result_is_there_with_its_outcome() {
    let assessment = sample::assessment();
    for (format, extract) in FORMATS {
        assert_eq!(sorted(extract(&bytes(format, &assessment))), told(&assessment), "{}", format.as_str());
    }
}

#[test]
fn the_demo_is_the_same_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = |format: Format| folder.path().join(format.as_str());
    let reports = FORMATS.map(|(format, _)| format!("--report={}={}", format.as_str(), path(format).display()));
    let run =
        zdr_check(["scan", "--demo", "--no-config", "--format", "json", "--show-pass"]).args(reports).exits(1).run();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let report = run.json();
    let results = report["results"].as_array().unwrap().iter();
    let wanted =
        sorted(results.map(|own| (word(&own["rule"]), word(&own["resource_id"]), word(&own["outcome"]))).collect());
    for (format, extract) in FORMATS {
        let bytes = std::fs::read(path(format)).unwrap();
        assert_eq!(sorted(extract(&bytes)), wanted, "{}", format.as_str());
    }
}

#[test]
fn an_assessment_of_nothing_is_a_report_too() {
    let whole = sample::assessment();
    let nothing = sample::summary(&[], &[]);
    let mut empty = Assessment { accounts: Vec::new(), results: Vec::new().into(), summary: nothing, ..whole };
    empty.coverage.unreadable.clear();
    for (format, extract) in FORMATS {
        assert_eq!(extract(&bytes(format, &empty)), [], "{}", format.as_str());
    }
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    for (format, _) in FORMATS {
        let assessment = sample::assessment();
        assert!(bytes(format, &assessment) == bytes(format, &assessment), "{}", format.as_str());
    }
}

#[test]
fn text_is_safe_to_look_at() {
    for (format, _) in FORMATS.into_iter().filter(|(format, _)| !format.is_binary()) {
        let text = text(format, &sample::assessment());
        let odd = |c: &char| !matches!(c, '\n' | '\r') && is_hostile(*c) && *c != '\u{fe0f}';
        assert_eq!(text.chars().find(odd), None, "{}", format.as_str());
    }
}

/// Names that try to be something else.
fn hostile() -> Assessment {
    let names = [
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd",
        "＋1",
        "a|b`c``d",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1)) ![y](https://evil.example/z)",
        "@everyone fixes #1 https://evil.example www.evil.example",
        "</details> <!-- --> &lt;b&gt; $x$ ~~y~~ **z** _w_",
    ];
    let mut assessment = sample::assessment();
    let mut cycle = names.iter().cycle();
    assessment.results.change(|result| {
        let name = cycle.next().unwrap();
        (*name).clone_into(&mut result.message);
        result.resource_id = format!("{}/deployments/{name}", result.account_id);
        if let Some(Overlay::Waiver(waiver)) = &mut result.overlay {
            (*name).clone_into(&mut waiver.reason);
        }
    });
    for (account, name) in assessment.accounts.iter_mut().zip(names) {
        name.clone_into(&mut account.name);
    }
    assessment
}

#[test]
fn names_that_try_to_break_out_stay_names() {
    let assessment = hostile();
    for (format, extract) in FORMATS {
        assert_eq!(sorted(extract(&bytes(format, &assessment))), told(&assessment), "{}", format.as_str());
    }
    let link = regex::Regex::new(r"@\w|#\d|https?://|www\.").unwrap();
    for event in Parser::new_ext(&text(Format::Markdown, &assessment), Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let own = ["<details>", "</details>", "<summary>", "<!-- -->"];
                assert!(own.iter().any(|own| html.starts_with(own)), "{html}");
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let known = ["https://portal.azure.com/#", "https://learn.microsoft.com/"];
                assert!(known.iter().any(|own| dest_url.starts_with(own)), "{dest_url}");
            }
            Event::Start(Tag::Image { .. } | Tag::Strikethrough) | Event::InlineMath(_) => panic!("{event:?}"),
            Event::Text(text) => {
                assert!(!link.is_match(&text), "{text}");
            }
            _ => {}
        }
    }
    let mut reader = ::csv::Reader::from_reader(Cursor::new(bytes(Format::Csv, &assessment)));
    let fields: Vec<String> =
        reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(fields.iter().any(|field| field == "'=cmd|' /C calc'!A0"));
    assert!(!fields.iter().any(|field| field.starts_with(['=', '+', '-', '@', '＋'])));
}

#[test]
fn the_workbook_holds_texts_only_and_loses_none() {
    let mut assessment = hostile();
    let long = "long text 𝒳 ".repeat(10_000);
    let mut first = Some(long.clone());
    assessment.results.change(|result| result.message = first.take().unwrap_or_else(|| result.message.clone()));
    let bytes = bytes(Format::Xlsx, &assessment);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheets = ["Summary", "Accounts", "Deployments", "Results", "Coverage", "Retention", "Sources", "Long texts"];
    assert_eq!(book.sheet_names(), sheets);
    for sheet in sheets {
        assert!(book.worksheet_formula(sheet).unwrap().is_empty(), "{sheet} has a formula");
        let texts = |data: &Data| matches!(data, Data::String(_) | Data::Empty) || sheet == "Summary";
        assert!(book.worksheet_range(sheet).unwrap().rows().flatten().all(texts), "{sheet}");
    }
    let parts = book.worksheet_range("Long texts").unwrap();
    let whole: String = parts.rows().skip(1).map(|row| row[4].to_string()).collect();
    assert_eq!(whole, long);
}

#[test]
fn a_summary_goes_to_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["--summary", "s.md", "--report", "markdown=r.md"];
    zdr_check(["scan", "--demo", "--no-config"]).args(files).within(folder.path()).exits(1).run();
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(text("s.md") == text("r.md"), "the demo fits into a summary whole");
    let same = ["--summary", "s.md", "--report", "markdown=s.md"];
    zdr_check(["scan", "--demo"]).args(same).within(folder.path()).exits(2).run();
}

#[test]
fn a_summary_keeps_its_limit_and_names_what_it_leaves_out() {
    let assessment = sample::many(3_000);
    let mut out = Vec::new();
    markdown_summary(&assessment, 1 << 20, &mut out).unwrap();
    assert!(out.len() <= 1 << 20, "{} bytes", out.len());
    let page = String::from_utf8(out).unwrap();
    let whole = text(Format::Markdown, &assessment);
    assert!(whole.len() > 1 << 20);
    let (_, left) = page.split_once("\n## Left to other reports\n").unwrap();
    assert!(left.contains("results: ❌ fail 2501 to 3000 of 3000"));
    let shown = markdown(page.as_bytes()).len();
    let missing = left.lines().filter(|line| line.starts_with("- results: ")).count();
    assert_eq!(shown + missing * 500, 3_000, "each result is there or said to be elsewhere");
    for heading in ["# zdr-check: 3000 accounts", "## Axes", "## Failures"] {
        assert!(page.contains(heading), "{heading}");
    }
    let mut small = Vec::new();
    markdown_summary(&sample::assessment(), 1 << 20, &mut small).unwrap();
    assert!(small == bytes(Format::Markdown, &sample::assessment()), "what fits is whole");
}

#[test]
fn findings_follow_the_class_of_ocsf() {
    let schema = json("schemas/ocsf-1.5.0-compliance-finding.schema.json");
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for assessment in [sample::assessment(), hostile()] {
        for line in text(Format::Ocsf, &assessment).lines() {
            let finding: Value = serde_json::from_str(line).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&finding).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:#?}\n{line}");
        }
    }
}

#[test]
fn findings_say_pass_for_a_pass_only_and_keep_their_uid() {
    let findings = |assessment: &Assessment| -> Vec<Value> {
        text(Format::Ocsf, assessment).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let assessment = sample::assessment();
    let first = findings(&assessment);
    for finding in &first {
        let outcome = finding["status_code"].as_str().unwrap();
        let wanted = match outcome {
            "pass" => (1, 99),
            "fail" => (3, 1),
            "unknown" | "manual" | "unreadable" => (2, 1),
            "waived" if finding.to_string().contains(r#""inner":"unknown""#) => (2, 3),
            "waived" => (3, 3),
            "attested" | "not-applicable" => (99, 99),
            other => panic!("{other}"),
        };
        let got = (&finding["compliance"]["status_id"], &finding["status_id"]);
        assert_eq!((got.0.as_u64(), got.1.as_u64()), (Some(wanted.0), Some(wanted.1)), "{outcome}");
    }
    let mut later = sample::assessment();
    later.run.finished_at = later.run.finished_at.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
    let uids = |findings: &[Value], path: &str| -> Vec<Value> {
        findings.iter().map(|finding| finding.pointer(path).unwrap().clone()).collect()
    };
    let second = findings(&later);
    assert_eq!(uids(&first, "/finding_info/uid"), uids(&second, "/finding_info/uid"));
    assert_ne!(uids(&first, "/metadata/uid"), uids(&second, "/metadata/uid"));
    let unique: std::collections::BTreeSet<String> =
        uids(&first, "/finding_info/uid").iter().map(Value::to_string).collect();
    assert_eq!(unique.len(), first.len());
}

#[test]
fn oscal_maps_every_outcome() {
    let sample = sample::assessment();
    let waived_unknown = |rule: &str| {
        let unknown = |waiver: &Overlay| matches!(waiver, Overlay::Waiver(own) if own.inner == Outcome::Unknown);
        sample.results.iter().any(|result| result.rule == rule && result.overlay.as_ref().is_some_and(unknown))
    };
    let document: Value = serde_json::from_slice(&bytes(Format::Oscal, &sample::assessment())).unwrap();
    let result = &document["assessment-results"]["results"][0];
    let findings = result["findings"].as_array().unwrap();
    let risks = result["risks"].as_array().unwrap();
    for finding in findings {
        let status = &finding["target"]["status"];
        let wanted = match property(finding, "outcome").unwrap() {
            "pass" => ("satisfied", "pass", false),
            "waived" if waived_unknown(property(finding, "rule").unwrap()) => ("not-satisfied", "other", true),
            "fail" | "waived" => ("not-satisfied", "fail", true),
            "unknown" => ("not-satisfied", "other", true),
            "manual" => ("not-satisfied", "other", false),
            "attested" => ("satisfied", "other", false),
            other => panic!("{other} is no conclusion"),
        };
        let got = (
            status["state"].as_str().unwrap(),
            status["reason"].as_str().unwrap(),
            finding.get("related-risks").is_some(),
        );
        assert_eq!(got, wanted);
    }
    for risk in risks {
        let waived = property(risk, "outcome").unwrap() == "waived";
        assert_eq!(risk["status"], if waived { "deviation-approved" } else { "open" });
        assert_eq!(risk.get("deadline").is_some(), waived);
    }
    let count = |outcome: Outcome| sample::assessment().summary.count(outcome);
    let open = count(Outcome::Fail) + count(Outcome::Unknown) + count(Outcome::Waived);
    assert_eq!(risks.len(), open);
    assert!(risks.iter().any(|risk| risk["statement"].as_str().unwrap().starts_with("It could not be told")));
}

#[test]
fn every_reference_of_oscal_leads_somewhere() {
    let text = text(Format::Oscal, &sample::assessment());
    let names = |key: &str| -> std::collections::BTreeSet<String> {
        let pattern = regex::Regex::new(&format!(r##""{key}": "#?([0-9a-f-]{{36}})""##)).unwrap();
        pattern.captures_iter(&text).map(|found| found[1].to_owned()).collect()
    };
    let defined = names("uuid");
    for key in ["observation-uuid", "risk-uuid", "subject-uuid", "actor-uuid", "component-uuid", "href"] {
        let used = names(key);
        assert!(!used.is_empty() && used.is_subset(&defined), "{key}");
    }
    assert_eq!(text.matches(r#""uuid": ""#).count(), defined.len(), "no uuid is defined twice");
}

#[test]
fn the_markdown_report_looks_like_this() {
    let filters =
        vec![("zdr-check [0-9]+\\.[0-9]+\\.[0-9]+", "zdr-check [version]"), ("`[0-9a-f-]{36}`, zdr", "`[run]`, zdr")];
    insta::with_settings!({ filters => filters }, {
        insta::assert_snapshot!("markdown", text(Format::Markdown, &sample::assessment()));
    });
}

#[test]
fn the_columns_of_csv_are_stable() {
    let text = text(Format::Csv, &sample::assessment());
    insta::assert_snapshot!("csv_header", text.split("\r\n").next().unwrap());
    assert!(text.ends_with("\r\n"));
}
