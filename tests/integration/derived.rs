//! Lists and pages that are derived from the rule files. `UPDATE=1 cargo test` rewrites them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

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
