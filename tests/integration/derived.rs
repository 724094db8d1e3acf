//! Lists and pages that are derived from the rule files. `UPDATE=1 cargo test` rewrites them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use zdr_check::docs;
use zdr_check::rules::RULES;

/// Compares `wanted` with the file, or writes it when `UPDATE` is set.
fn check(path: &Path, wanted: &str) {
    let is = std::fs::read_to_string(path).unwrap_or_default();
    if is == wanted {
        return;
    }
    if std::env::vars_os().any(|(name, _)| name == "UPDATE") {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    panic!("{} is out of date; run `UPDATE=1 cargo test` and look at the difference", path.display());
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Rule files by family, both sorted.
fn rule_files() -> BTreeMap<String, Vec<String>> {
    let mut families: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for family in std::fs::read_dir(root().join("src/rules")).unwrap().map(Result::unwrap) {
        if !family.file_type().unwrap().is_dir() {
            continue;
        }
        let files = families.entry(family.file_name().into_string().unwrap()).or_default();
        for file in std::fs::read_dir(family.path()).unwrap().map(Result::unwrap) {
            files.push(file.path().file_stem().unwrap().to_str().unwrap().to_owned());
        }
        files.sort();
    }
    families
}

#[test]
fn every_rule_file_is_registered() {
    let path = root().join("src/rules/mod.rs");
    let source = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = source.split_once("// BEGIN GENERATED").unwrap();
    let (_, after) = rest.split_once("// END GENERATED").unwrap();
    let mut block = "// BEGIN GENERATED: UPDATE=1 cargo test\n".to_owned();
    let mut rules = BTreeMap::new();
    for (family, files) in rule_files() {
        writeln!(block, "mod {family} {{").unwrap();
        for file in &files {
            writeln!(block, "    pub(super) mod {file};").unwrap();
            rules.insert(file.replace('_', "-"), format!("{family}::{file}"));
        }
        block.push_str("}\n");
    }
    block.push_str("\n/// Every rule, sorted by id.\n#[rustfmt::skip]\npub static RULES: &[&Rule] = &[\n");
    for module in rules.values() {
        writeln!(block, "    &{module}::RULE,").unwrap();
    }
    block.push_str("];\n");
    check(&path, &format!("{before}{block}// END GENERATED{after}"));
}

#[test]
fn the_catalogue_is_what_the_rules_say() {
    check(
        &root().join("src/rules/README.md"),
        &(docs::catalogue(RULES) + &docs::frameworks(RULES) + &docs::coverage(RULES)),
    );
}

#[test]
fn every_control_has_a_rule_or_a_reason() {
    let gaps = docs::coverage_gaps(RULES);
    assert!(gaps.is_empty(), "{}; see src/knowledge/controls.rs", gaps.join("\n"));
}

#[test]
fn every_framework_clause_exists_and_is_used() {
    let gaps = docs::framework_gaps(RULES);
    assert!(gaps.is_empty(), "{}; see src/knowledge/frameworks.rs", gaps.join("\n"));
}

#[test]
fn the_schema_of_the_policy_file_is_what_the_program_reads() {
    let schema = serde_json::to_string_pretty(&zdr_check::config::schema()).unwrap() + "\n";
    check(&root().join("fixtures/schemas/config.schema.json"), &schema);
}

#[test]
fn the_readme_is_up_to_date() {
    let path = root().join("README.md");
    let mut page = std::fs::read_to_string(&path).unwrap();
    for (name, body) in [("RULES", docs::summary_table(RULES, "src/rules/README.md")), ("ACTIONS", reader_role())] {
        let (begin, end) = (format!("<!-- BEGIN {name} -->"), format!("<!-- END {name} -->"));
        let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("README.md has the marker {begin}"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("README.md has the marker {end}"));
        page = format!("{before}{begin}\n\n{}\n\n{end}{after}", body.trim());
    }
    check(&path, &page);
}

/// The custom role as `zdr-check permissions` prints it.
fn reader_role() -> String {
    format!("```json\n{}```", docs::Role::complete().json().unwrap())
}

#[test]
fn every_rule_says_what_a_reader_needs() {
    let date = regex::Regex::new(r"(?m)^- \[[^\]]+\]\(https://[^)]+\).*\b20\d\d-\d\d-\d\d\b").unwrap();
    for rule in RULES {
        let sections = docs::sections(rule);
        let headings: Vec<&str> = sections.iter().map(|(heading, _)| heading.as_str()).collect();
        assert_eq!(headings, docs::SECTIONS, "{}", rule.id);
        for (heading, text) in &sections {
            assert!(!text.is_empty(), "{}: {heading} is empty", rule.id);
        }
        assert!(date.is_match(&sections[4].1), "{}: no source with a link and an ISO date", rule.id);
        assert!(!rule.title.ends_with('.') && !rule.title.is_empty(), "{}: {}", rule.id, rule.title);
        assert!(!rule.needs.is_empty() && !rule.controls.is_empty() && !rule.frameworks.is_empty(), "{}", rule.id);
    }
}

#[test]
fn rule_ids_are_stable() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let form = regex::Regex::new("^[a-z][a-z0-9]*(-[a-z0-9]+)+$").unwrap();
    assert!(ids.iter().all(|id| form.is_match(id)), "{ids:?}");
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    // An id that goes or changes breaks waivers and dashboards of users.
    insta::assert_snapshot!(ids.join("\n"));
}
