//! The layers are law: every import between our modules runs down, none up and none sideways.

use std::path::{Path, PathBuf};

use regex::Regex;

/// Floors of the house, top first. A module may import modules of lower floors only.
const FLOORS: [&[&str]; 7] = [
    &["main"],
    &["commands"],
    &["engine", "report"],
    &["config", "docs", "gate"],
    &["collect", "rules", "cli", "assessment", "terms"],
    &["azure", "plan", "outcome"],
    &["snapshot", "knowledge", "term"],
];

/// Narrower than the floors: all that these modules may import.
const ONLY: [(&str, &[&str]); 7] = [
    ("config", &["rules", "outcome", "knowledge", "snapshot"]),
    ("rules", &["snapshot", "outcome", "knowledge"]),
    ("report", &["assessment", "outcome", "docs", "term", "snapshot", "rules"]),
    ("azure", &["snapshot"]),
    ("plan", &["snapshot", "knowledge"]),
    ("collect", &["azure", "snapshot", "knowledge"]),
    ("terms", &["knowledge", "term"]),
];

/// What a pure rule has no business with.
const IMPURE: [&str; 6] = ["std::fs", "std::env", "std::net", "std::time", "tokio", "reqwest"];

fn floor(module: &str) -> usize {
    let position = FLOORS.iter().position(|floor| floor.contains(&module));
    position.unwrap_or_else(|| panic!("src/{module} is on no floor of the house; put it into the table"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every source file with the top-level module it belongs to and its text without comments.
fn modules() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let module = |path: &Path| path.strip_prefix(&root).unwrap().components().next().unwrap().as_os_str().to_owned();
    let code = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    };
    found
        .into_iter()
        .map(|path| (module(&path).into_string().unwrap().trim_end_matches(".rs").to_owned(), code(&path), path))
        .filter(|(module, ..)| module != "lib")
        .map(|(module, code, path)| (module, path, code))
        .collect()
}

#[test]
fn imports_run_down() {
    let import = Regex::new(r"\bcrate::(\{[^;]*\}|[a-z_]+)|\bzdr_check::([a-z_]+)").unwrap();
    let word = Regex::new(r"(?:^|[{,])\s*([a-z_]+)").unwrap();
    let mut seen = 0;
    for (module, path, code) in modules() {
        for capture in import.captures_iter(&code) {
            let target = capture.get(1).or_else(|| capture.get(2)).unwrap().as_str();
            let targets: Vec<&str> = match target.strip_prefix('{') {
                Some(_) => word.captures_iter(target).map(|word| word.get(1).unwrap().as_str()).collect(),
                None => vec![target],
            };
            for target in targets.into_iter().filter(|target| *target != module) {
                seen += 1;
                assert!(floor(&module) < floor(target), "{}: `{module}` must not import `{target}`", path.display());
                if let Some((_, only)) = ONLY.iter().find(|(own, _)| *own == module) {
                    assert!(
                        only.contains(&target),
                        "{}: `{module}` may import {only:?}, not `{target}`",
                        path.display()
                    );
                }
            }
        }
    }
    assert!(seen > 50, "the test found only {seen} imports; it no longer reads the code");
}

#[test]
fn rules_are_pure() {
    for (module, path, code) in modules().into_iter().filter(|(module, ..)| module == "rules") {
        for impure in IMPURE {
            assert!(!code.contains(impure), "{}: `{module}` must not use {impure}", path.display());
        }
    }
}

#[test]
fn files_are_small() {
    for (module, path, _) in modules() {
        if path.iter().any(|part| part == "tests" || part == "tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]")).count();
        let is_rule = module == "rules" && path.file_name().is_some_and(|name| name != "mod.rs");
        let most = if is_rule { 150 } else { 500 };
        assert!(lines <= most, "{} has {lines} lines without its tests; {most} is the limit", path.display());
    }
}
