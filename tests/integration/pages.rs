//! Pages about rules, on a rule that only these tests know.

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;
use zdr_check::docs;
use zdr_check::outcome::{Axis, Severity, Verdict};
use zdr_check::rules::options::RuleOption;
use zdr_check::rules::{Check, RULES, Rule};
use zdr_check::snapshot::Operation;
use zdr_check::term::{Screen, Symbols};

static SAMPLE: Rule = Rule {
    id: "sample-kept",
    title: "Samples are kept | and how",
    axis: Axis::Stateless,
    severity: Severity::High,
    since: "0.1.0",
    controls: &["Z01"],
    needs: &[Operation::AccountsGet, Operation::DeploymentsList],
    stores: &[],
    frameworks: &["GDPR Art. 5(1)(e)", "SOC 2 C1.2"],
    options: &[
        RuleOption::number("accepted_days", 30, (1, 90), "Days for which samples may be kept."),
        RuleOption::hosts("accepted_hosts", "Hosts that may | keep samples."),
    ],
    module: "zdr_check::rules::sample",
    docs: concat!(
        " ## What it checks\n \n Whether `properties.sample` of the account is **not** *kept*, which is a sentence long enough to\n",
        " wrap. A lone * and a lone [ stay.\n \n | answer | outcome |\n |---|---|\n | `true \\| false` | pass |\n",
        " | anything else that Microsoft documents, and a few things that it does not document | fail, or unknown when nobody can tell |\n",
        " \n ## How to fix\n \n 1. Look first.\n 2. Then, in a second step that is described at some length so that its text has to wrap:\n \n",
        " ```text\n az sample show \\\n   --name NAME   # two   blanks stay\n # not a heading\n ```\n \n ## Sources\n \n",
        " - [Sample page](https://learn.microsoft.com/azure/a/very/long/address/that/nobody/should/ever/have/to/put/together/again/by/hand), 2026-01-02\n",
        " - [Other page](https://learn.microsoft.com/other), 2026-01-03 × 2\n",
    ),
    check: Check::Account(|_| Ok(Verdict::not_applicable("only a sample"))),
};

#[test]
fn explain_looks_like_this() {
    insta::assert_snapshot!("explain_80", docs::explain(&SAMPLE, &Screen::plain(80)));
    let rich = Screen { colour: true, hyperlinks: true, ..Screen::plain(80) };
    insta::assert_snapshot!("explain_80_rich", docs::explain(&SAMPLE, &rich).replace('\x1b', "␛"));
    let ascii = Screen { symbols: Symbols::ASCII, ..Screen::plain(80) };
    assert!(docs::explain(&SAMPLE, &ascii).is_ascii());
}

#[test]
fn explain_keeps_to_the_width_except_for_addresses_and_code() {
    for width in [60, 80, 120] {
        for rule in RULES {
            let text = docs::explain(rule, &Screen::plain(width));
            for heading in docs::SECTIONS {
                assert!(text.lines().any(|line| line == heading), "{}: {heading}", rule.id);
            }
            for line in text.lines() {
                let whole = line.contains("https://") || line.starts_with("    ") || !line.trim().contains(' ');
                assert!(whole || line.width() <= width, "{}: {line}", rule.id);
                assert_eq!(line, line.trim_end());
            }
        }
    }
}

#[test]
fn markdown_looks_like_this() {
    insta::assert_snapshot!("catalogue", docs::catalogue(&[&SAMPLE]));
    insta::assert_snapshot!("summary_table", docs::summary_table(&[&SAMPLE], "src/rules/README.md"));
}

#[test]
fn links_of_the_catalogue_lead_to_a_heading() {
    let catalogue = docs::catalogue(RULES);
    for rule in RULES {
        assert!(catalogue.contains(&format!("](#{})", rule.id)));
        assert!(catalogue.contains(&format!("\n## `{}`\n", rule.id)));
    }
}

#[test]
fn the_list_of_rules_is_there_for_people_and_programs() {
    let text = docs::listing(&[&SAMPLE, RULES[0]], &Screen::plain(80));
    insta::assert_snapshot!("listing_80", text);
    let json: Value = serde_json::from_str(&docs::listing_json(&[&SAMPLE]).unwrap()).unwrap();
    let wanted = serde_json::json!([{
        "id": "sample-kept", "title": "Samples are kept | and how", "axis": "stateless", "severity": "high", "since": "0.1.0",
        "controls": ["Z01"], "needs": ["accounts.get", "deployments.list"], "frameworks": ["GDPR Art. 5(1)(e)", "SOC 2 C1.2"],
        "options": [
            { "name": "accepted_days", "default": "30", "form": "a whole number from 1 to 90", "meaning": "Days for which samples may be kept." },
            { "name": "accepted_hosts", "default": "[]", "form": "a list of host names, *.example.com for every host below one",
              "meaning": "Hosts that may | keep samples." }
        ]
    }]);
    assert_eq!(json, wanted);
}
