//! What `--help` says, exactly.

use crate::common::zdr_check;

#[test]
fn help_of_every_command() {
    for (name, arguments) in [
        ("zdr-check", &["--help"][..]),
        ("scan", &["scan", "--help"]),
        ("plan", &["plan", "--help"]),
        ("policy", &["policy", "--help"]),
        ("rules", &["rules", "--help"]),
        ("explain", &["explain", "--help"]),
        ("terms-check", &["terms", "check", "--help"]),
        ("history", &["history", "--help"]),
        ("data-map", &["data-map", "--help"]),
        ("permissions", &["permissions", "--help"]),
        ("doctor", &["doctor", "--help"]),
        ("init", &["init", "--help"]),
        ("generate", &["generate", "--help"]),
    ] {
        insta::assert_snapshot!(format!("help-{name}"), zdr_check(arguments).run().stdout);
    }
}

#[test]
fn no_command_is_a_usage_error() {
    let output = zdr_check([] as [&str; 0]).exits(2).run();
    assert!(output.stderr.contains("Usage: zdr-check"), "{}", output.stderr);
}

#[test]
fn an_unknown_rule_gets_a_suggestion() {
    let output = zdr_check(["explain", "abuse-monitoring-storage-of"]).exits(2).run();
    assert!(output.stderr.contains("Did you mean abuse-monitoring-storage-on?"), "{}", output.stderr);
    let page = zdr_check(["explain", "abuse-monitoring-storage-on"]).run().stdout;
    assert!(page.contains("What it cannot see") && page.contains("Sources"), "{page}");
    let list = zdr_check(["rules", "--format", "json"]).run().json();
    assert_eq!(list.as_array().unwrap().len(), zdr_check::rules::RULES.len());
}
