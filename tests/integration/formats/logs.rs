//! Reads the logs of GitHub Actions and Azure Pipelines as their runners do: which lines are commands, and what they carry.

use regex::Regex;
use zdr_check::report::{Format, Look, render};
use zdr_check::term::Screen;

use super::{Row, written};
use crate::sample;

/// The listed results: `OUTCOME SEVERITY RULE RESOURCE: MESSAGE`.
pub(super) fn rows(report: &[u8]) -> Vec<Row> {
    let line = Regex::new(r"^([a-z-]+) (?:critical|high|medium|low|info) ([a-z0-9-]+) (/.*?): ").unwrap();
    let text = std::str::from_utf8(report).unwrap();
    let row = |line: regex::Captures<'_>| (line[2].to_owned(), line[3].to_owned(), line[1].to_owned());
    text.lines().filter_map(|own| line.captures(own)).map(row).collect()
}

fn lines(format: Format, change: impl FnOnce(&mut zdr_check::assessment::Assessment)) -> Vec<String> {
    let mut assessment = sample::assessment();
    change(&mut assessment);
    String::from_utf8(written(format, &assessment)).unwrap().lines().map(str::to_owned).collect()
}

/// What a hostile answer of Azure may try, in every text of the assessment that comes from elsewhere.
fn attack(assessment: &mut zdr_check::assessment::Assessment) {
    let text = "x\r\n::add-mask::a\n##[add-path]b\n##vso[task.setvariable variable=c]d ]; % ::error::e";
    assessment.results.change(|result| {
        text.clone_into(&mut result.message);
        result.resource_id.push_str(text);
    });
    for read in &mut assessment.coverage.unreadable {
        read.scope.push_str(text);
    }
    for note in &mut assessment.notes {
        text.clone_into(&mut note.message);
    }
    if let Some(file) = &mut assessment.run.policy.file {
        file.path = format!("zdr{text}.toml");
    }
}

#[test]
fn no_name_emits_a_command_of_github() {
    let ours =
        Regex::new(r"^::(error|warning|notice) file=[^:,]+,line=\d+,title=[^:,]*::|^::(group|endgroup)::").unwrap();
    let all = lines(Format::Github, attack);
    for line in &all {
        assert!(!line.trim_start().starts_with("::") || ours.is_match(line), "{line}");
        let listed = line.starts_with("::");
        assert!(listed || !line.contains("##["), "the older form is read anywhere in a line: {line}");
    }
    let number = lines(Format::Github, |_| ()).len();
    assert_eq!(all.len(), number, "a line break in a name makes no line");
}

#[test]
fn no_name_emits_a_command_of_azure_pipelines() {
    let ours = Regex::new(
        r"^##vso\[task\.logissue type=(error|warning);sourcepath=[^;\]]+;linenumber=\d+;code=[a-z0-9-]+;\]|^##vso\[task\.complete result=\w+;\]|^##\[(group\]|endgroup\]$)",
    )
    .unwrap();
    let all = lines(Format::AzurePipelines, attack);
    for line in &all {
        let commands = line.matches("##").count();
        assert!(commands == 0 || (commands == 1 && ours.is_match(line)), "{line}");
    }
    assert_eq!(all.len(), lines(Format::AzurePipelines, |_| ()).len(), "a line break in a name makes no line");
}

#[test]
fn a_step_keeps_ten_annotations_and_the_last_names_the_rest() {
    let rules: Vec<&'static str> = zdr_check::docs::rules().iter().map(|rule| rule.id).take(30).collect();
    let many = |assessment: &mut zdr_check::assessment::Assessment| {
        let fail = assessment
            .results
            .iter()
            .find(|own| own.rule == sample::STORAGE && own.remediation.is_some())
            .unwrap()
            .into_owned();
        assessment.coverage.unreadable.clear();
        let all = rules.iter().map(|rule| zdr_check::assessment::RuleResult { rule, ..fail.clone() });
        assessment.results = all.collect::<Vec<_>>().into();
    };
    for (format, error) in [(Format::Github, "::error "), (Format::AzurePipelines, "##vso[task.logissue type=error;")] {
        let all = lines(format, many);
        let errors: Vec<&String> = all.iter().filter(|line| line.starts_with(error)).collect();
        assert_eq!(errors.len(), 10);
        assert!(errors[9].contains("21 more like these") && errors[9].contains(rules[29]), "{}", errors[9]);
    }
}

#[test]
fn the_logs_look_like_this() {
    for format in [Format::Github, Format::AzurePipelines, Format::Gitlab] {
        let mut out = Vec::new();
        render(format, &sample::assessment(), &Look::new(Screen::plain(80)), &mut out).unwrap();
        insta::assert_snapshot!(format.as_str(), String::from_utf8(out).unwrap());
    }
}
