//! `permissions`, `generate` and `init --ci`: what they print and write, and what they refuse.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use zdr_check::azure::operations::{Parent, Row, row};
use zdr_check::snapshot::Operation;
use zdr_check::snapshot::policies::POLICY_READS;

use crate::common::zdr_check;

const ONE: &str = "00000000-0000-4000-8000-000000000001";
const TWO: &str = "00000000-0000-4000-8000-000000000002";

fn actions(role: &Value) -> BTreeSet<String> {
    role["Actions"].as_array().unwrap().iter().map(|action| action.as_str().unwrap().to_owned()).collect()
}

fn text(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_role_has_exactly_the_actions_of_the_operations_table() {
    let output = zdr_check(["permissions"]).run();
    assert!(output.stderr.contains("replace SUBSCRIPTION"), "{}", output.stderr);
    let role = output.json();
    // Azure grants what is asked of a tenant or a management group there only.
    let rows = |above: bool| {
        let own = |own: &&Row| matches!(own.parent, Parent::Tenant | Parent::ManagementGroup) == above;
        let plain =
            Operation::ALL.into_iter().filter(|operation| operation.include().is_none() && !operation.is_data_plane());
        plain.map(row).filter(own).map(|own| own.action.to_owned()).collect::<BTreeSet<_>>()
    };
    let table = rows(false);
    assert_eq!(actions(&role), table);
    let policies = actions(&zdr_check(["permissions", "--check-policies"]).run().json());
    let more = POLICY_READS.map(|operation| row(operation).action.to_owned());
    assert_eq!(policies, table.iter().cloned().chain(more.clone()).collect());
    let axis = actions(&zdr_check(["permissions", "--axis", "hardened"]).run().json());
    assert!(more.iter().all(|action| !axis.contains(action)), "{axis:?}");
    for none in ["NotActions", "DataActions", "NotDataActions"] {
        assert_eq!(role[none], serde_json::json!([]), "{none}");
    }
    let scoped = zdr_check(["permissions", "-s", ONE, "-s", TWO, "--management-group", "mg(1)"]).run();
    assert_eq!(scoped.stderr, "");
    let wanted = [
        "/providers/Microsoft.Management/managementGroups/mg(1)".to_owned(),
        format!("/subscriptions/{ONE}"),
        format!("/subscriptions/{TWO}"),
    ];
    assert_eq!(scoped.json()["AssignableScopes"], serde_json::json!(wanted));
    let more: Vec<String> = actions(&scoped.json()).difference(&table).cloned().collect();
    assert_eq!(more, ["Microsoft.Management/managementGroups/descendants/read"]);
    assert!(rows(true).contains(&more[0]));
}

#[test]
fn a_role_for_some_rules_has_less() {
    let role = |arguments: &[&str]| actions(&zdr_check(["permissions", "-s", ONE]).args(arguments).run().json());
    let read = |name: &str| format!("Microsoft.{name}/read");
    let one = role(&["--rule", "abuse-monitoring-storage-on"]);
    let wanted = [
        read("CognitiveServices/accounts"),
        read("CognitiveServices/accounts/deployments"),
        read("Resources/subscriptions"),
    ];
    assert_eq!(one, BTreeSet::from(wanted));
    let assignments = read("Authorization/roleAssignments");
    assert!(role(&["--rule", "content-readable-by-many"]).contains(&assignments));
    let promised = role(&["--axis", "approved", "--axis", "pinned", "--axis", "stateless"]);
    assert!(!promised.contains(&assignments) && promised.is_superset(&one), "{promised:?}");
}

#[test]
fn bicep_and_az_say_the_same_as_json() {
    insta::assert_snapshot!(
        "role-bicep",
        zdr_check(["permissions", "--format", "bicep", "--axis", "pinned"]).run().stdout
    );
    let group = ["permissions", "--format", "bicep", "--management-group", "mg"];
    let group = zdr_check(group).run().stdout;
    assert!(group.contains("targetScope = 'managementGroup'") && !group.contains("subscription()"), "{group}");
    let az = ["permissions", "--format", "az", "--axis", "pinned", "-s", ONE, "--management-group", "mg(1)"];
    insta::assert_snapshot!("role-az", zdr_check(az).run().stdout);
}

/// Runs what `--format az` prints, with an `az` that writes down its arguments.
#[cfg(unix)]
#[test]
fn the_az_commands_run_in_a_shell() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let az = folder.path().join("az");
    let script =
        "#!/bin/sh\nif [ \"$1\" = account ]; then echo 'the sub'; exit; fi\nprintf '%s\\n' \"$@\" >>\"$LOG\"\n";
    std::fs::write(&az, script).unwrap();
    std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).unwrap();
    for (arguments, scope) in [(&[][..], "/subscriptions/the sub"), (&["-s", ONE], &format!("/subscriptions/{ONE}"))] {
        let log = folder.path().join("log");
        let commands = zdr_check(["permissions", "--format", "az"]).args(arguments).run().stdout;
        let status = std::process::Command::new("/bin/sh")
            .env_clear()
            .envs([("PATH", folder.path()), ("LOG", &log)])
            .env("ASSIGNEE", "an object id")
            .args(["-euc", &commands])
            .status();
        assert!(status.unwrap().success(), "{commands}");
        let called = text(&log);
        let definition = &called[called.find('{').unwrap()..=called.find('}').unwrap()];
        let role: Value = serde_json::from_str(definition).unwrap();
        assert_eq!(role["AssignableScopes"], serde_json::json!([scope]));
        assert!(called.contains(&format!("--role\nzdr-check reader\n--scope\n{scope}\n")), "{called}");
        assert!(called.contains("--assignee-object-id\nan object id\n"), "{called}");
        std::fs::remove_file(log).unwrap();
    }
}

#[test]
fn bad_scopes_rules_and_shells_are_usage_errors() {
    let long = "g".repeat(91);
    let cases: [(&[&str], &str); 10] = [
        (&["permissions", "-s", "prod"], "give the subscription's id"),
        (&["permissions", "-s", "00000000-0000-4000-8000-00000000000'"], "give the subscription's id"),
        (&["permissions", "--management-group", "a'; rm -rf ~"], "the id of a management group"),
        (&["permissions", "--management-group", &long], "the id of a management group"),
        (&["permissions", "--rule", "abuse-monitoring-storage-of"], "Did you mean abuse-monitoring-storage-on?"),
        (&["permissions", "--axis", "pined"], "'pinned'"),
        (&["permissions", "--format", "terraform"], "[possible values: json, bicep, az]"),
        (&["generate", "completions", "tcsh"], "[possible values: bash, elvish, fish, powershell, zsh]"),
        (&["generate", "schema", "sarif"], "[possible values: report, config, data-map]"),
        (&["init", "--ci", "jenkins"], "[possible values: github, azure-pipelines, gitlab]"),
    ];
    for (arguments, wanted) in cases {
        let output = zdr_check(arguments).exits(2).run();
        assert!(output.stderr.contains(wanted), "{arguments:?}:\n{}", output.stderr);
        assert_eq!(output.stdout, "", "{arguments:?}");
    }
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = zdr_check(["generate", "completions", shell]).run().stdout;
        for word in ["scan", "permissions", "doctor", "generate", "subscription", "allow-incomplete"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn man_pages_are_one_per_command_and_never_overwritten_silently() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("share/man1");
    let at = pages.to_str().unwrap();
    zdr_check(["generate", "man", at]).run();
    let mut names: Vec<String> =
        std::fs::read_dir(&pages).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    for name in ["zdr-check.1", "zdr-check-scan.1", "zdr-check-doctor.1", "zdr-check-generate-man.1"] {
        assert!(names.iter().any(|own| own == name), "{names:?}");
    }
    let main = text(pages.join("zdr-check.1"));
    assert!(main.contains("zdr\\-check\\-scan(1)") && main.contains("Exit codes"), "{main}");
    assert_eq!(zdr_check(["generate", "man"]).run().stdout, main);
    std::fs::write(pages.join("zdr-check-scan.1"), "mine").unwrap();
    let refused = zdr_check(["generate", "man", at]).exits(2).run();
    assert!(refused.stderr.contains("zdr-check") && refused.stderr.contains("is there already"), "{}", refused.stderr);
    assert_eq!(text(pages.join("zdr-check-scan.1")), "mine");
    zdr_check(["generate", "man", at, "--force"]).run();
    assert_ne!(text(pages.join("zdr-check-scan.1")), "mine");
}

#[test]
fn schemas_are_the_committed_ones() {
    for (word, file) in
        [("report", "report-1.schema.json"), ("config", "config.schema.json"), ("data-map", "data-map-1.schema.json")]
    {
        let committed = text(crate::common::fixture("schemas").join(file));
        assert_eq!(zdr_check(["generate", "schema", word]).run().stdout, committed);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("schema.json");
        let to = ["generate", "schema", word, "--output", path.to_str().unwrap()];
        zdr_check(to).run();
        assert_eq!(text(&path), committed);
        let refused = zdr_check(to).exits(2).run();
        assert!(refused.stderr.contains("schema.json is there already"), "{}", refused.stderr);
        zdr_check(to).args(["--force"]).run();
        let nowhere = folder.path().join("missing/schema.json");
        let refused = zdr_check(["generate", "schema", word, "--output", nowhere.to_str().unwrap()]).exits(2).run();
        assert!(refused.stderr.contains("--output: cannot write"), "{}", refused.stderr);
    }
}

const CI_FILES: [(&str, &str, &str); 3] = [
    ("github", ".github/workflows/zdr-check.yml", "zdr-check.yml"),
    ("azure-pipelines", "azure-pipelines-zdr-check.yml", "azure-pipelines-zdr-check.yml"),
    ("gitlab", ".gitlab/zdr-check.gitlab-ci.yml", "zdr-check.gitlab-ci.yml"),
];

#[test]
fn init_writes_the_examples_and_keeps_what_is_there() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/examples");
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| zdr_check(["init"]).args(arguments).within(folder.path());
    let output = run(&["--ci", "github", "--ci", "azure-pipelines", "--ci", "gitlab", "--ci", "github"]).run();
    for (_, path, example) in CI_FILES {
        assert_eq!(text(folder.path().join(path)), text(examples.join(example)), "{path}");
        assert!(output.stderr.contains(&format!("wrote {path}")), "{}", output.stderr);
    }
    let policy = folder.path().join("zdr-check.toml");
    std::fs::write(&policy, "pin = \"any\"\n").unwrap();
    for (service, path, _) in CI_FILES {
        std::fs::write(folder.path().join(path), "mine").unwrap();
        let refused = run(&["--ci", service]).exits(2).run();
        assert!(refused.stderr.contains(&format!("{path} is there already")), "{}", refused.stderr);
        assert_eq!(text(folder.path().join(path)), "mine");
        let forced = run(&["--ci", service, "--force"]).run();
        assert!(forced.stderr.contains("kept zdr-check.toml"), "{}", forced.stderr);
        assert_ne!(text(folder.path().join(path)), "mine");
    }
    assert_eq!(text(&policy), "pin = \"any\"\n");
    assert!(run(&[]).exits(2).run().stderr.contains("zdr-check.toml is there already"));
}

#[test]
fn init_writes_nothing_when_one_file_is_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("azure-pipelines-zdr-check.yml");
    std::fs::write(&there, "mine").unwrap();
    zdr_check(["init", "--ci", "github", "--ci", "azure-pipelines"]).within(folder.path()).exits(2).run();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    std::fs::write(folder.path().join(".gitlab"), "a file where a folder belongs").unwrap();
    let refused = zdr_check(["init", "--ci", "gitlab"]).within(folder.path()).exits(2).run();
    assert!(refused.stderr.contains(".gitlab"), "{}", refused.stderr);
}

#[test]
fn examples_name_this_release() {
    let version = env!("CARGO_PKG_VERSION");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/examples");
    for file in std::fs::read_dir(examples).unwrap().map(|file| file.unwrap().path()) {
        let text = text(&file);
        let named = [format!("@v{version} "), format!("--version {version} ")];
        assert!(named.iter().any(|named| text.contains(named)), "{} must name {version}", file.display());
    }
}
