//! The HTML report, read back with a parser that is not ours. What only a browser can tell is in `tests/validators/check-html`.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zdr_check::assessment::*;
use zdr_check::report::{Format, Look, render};
use zdr_check::snapshot::Source;
use zdr_check::term::{Screen, is_hostile, sanitise};

use crate::sample;

/// Rule, resource id and outcome of every result, as the page shows them; ids are made harmless by `term::sanitise`.
pub(crate) fn html(text: &str) -> Vec<(String, String, String)> {
    let page = Html::parse_document(text);
    let attribute = |element: ElementRef<'_>, name| element.attr(name).unwrap().to_owned();
    all(&page, "[data-rule]")
        .map(|own| (attribute(own, "data-rule"), attribute(own, "data-resource"), attribute(own, "data-outcome")))
        .collect()
}

fn show(assessment: &Assessment) -> String {
    let mut out = Vec::new();
    render(Format::Html, assessment, &Look::new(Screen::plain(80)), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn all<'a>(page: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect::<Vec<_>>().into_iter()
}

fn text_of(page: &Html, selector: &str) -> String {
    all(page, selector).flat_map(|element| element.text()).collect()
}

/// `text` without what a terminal or a reader cannot see.
fn clean(text: &str) -> String {
    sanitise(text).into_owned()
}

/// What every remote text is replaced by: it ends attributes, elements, comments and scripts, and reverses what follows.
const INJECTION: &str =
    "\"'><script>alert(1)</script><img src=x onerror=alert(2)>--></style></script>\u{202e}\r\n&amp;javascript:";

/// The sample with an attack in every place that other people fill.
fn poisoned() -> Assessment {
    let bad = || INJECTION.to_owned();
    let mut own = sample::assessment();
    own.run.scopes = vec![bad()];
    own.run.principal.tenant_id = Some(bad());
    own.run.principal.object_id = Some(bad());
    own.run.principal.kind = Some(bad());
    own.run.policy.allow_locations = vec![bad()];
    own.run.policy.file = Some(PolicySource { path: bad(), sha256: bad() });
    own.run.policy.scopes[0].name = bad();
    for subscription in &mut own.coverage.subscriptions {
        (subscription.name, subscription.state) = (Some(bad()), Some(bad()));
    }
    for read in &mut own.coverage.unreadable {
        (read.scope, read.action, read.detail) = (format!("{}/{INJECTION}", read.scope), Some(bad()), Some(bad()));
    }
    for account in &mut own.accounts {
        (account.name, account.resource_group) = (bad(), bad());
        (account.location, account.kind, account.policy_scope) = (Some(bad()), Some(bad()), Some(bad()));
        account.deployments = Some(vec![DeploymentSummary {
            name: bad(),
            sku: Some(bad()),
            model_format: Some(bad()),
            model_name: Some(bad()),
            model_version: Some(bad()),
            processing: "global",
        }]);
    }
    own.results.change(|result| {
        result.resource_id = format!("{}/deployments/{INJECTION}", result.resource_id);
        result.message = bad();
        result.remediation = Some(format!("{INJECTION}: az {INJECTION}; az `{INJECTION}`"));
        for citation in &mut result.evidence {
            (citation.pointer, citation.value, citation.request_id) =
                (bad(), json!({ INJECTION: INJECTION }), Some(bad()));
        }
        match &mut result.overlay {
            None => {}
            Some(Overlay::Waiver(waiver)) => {
                (waiver.reason, waiver.owner, waiver.ticket) = (bad(), bad(), Some(bad()));
            }
            Some(Overlay::Attestation(attestation)) => {
                (attestation.statement, attestation.by) = (bad(), bad());
                attestation.evidence = Some((bad(), bad()));
            }
        }
    });
    for note in &mut own.notes {
        (note.message, note.remediation) = (bad(), bad());
    }
    own
}

#[test]
fn every_result_is_there_with_its_outcome() {
    for assessment in [sample::assessment(), poisoned()] {
        let mut wanted: Vec<(String, String, String)> = (assessment.results.iter())
            .map(|own| (own.rule.to_owned(), clean(&own.resource_id), own.outcome.as_str().to_owned()))
            .collect();
        let mut found = html(&show(&assessment));
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted);
    }
}

#[test]
fn the_policy_allows_the_two_embedded_files_and_nothing_else() {
    let page = Html::parse_document(&show(&poisoned()));
    let hash = |selector| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text_of(&page, selector))));
    let policy = all(&page, "meta[http-equiv=Content-Security-Policy]").next().unwrap().attr("content").unwrap();
    let parts: BTreeSet<&str> = policy.split("; ").collect();
    let (style, script) = (format!("style-src {}", hash("style")), format!("script-src {}", hash("script")));
    let wanted = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", style.as_str(), script.as_str()];
    assert_eq!(parts, BTreeSet::from(wanted));
    assert!(text_of(&page, "style").len() > 1000 && text_of(&page, "script").len() > 1000);
}

#[test]
fn hostile_text_stays_text() {
    let assessment = poisoned();
    let text = show(&assessment);
    assert!(!text.chars().any(|c| c != '\n' && is_hostile(c)), "a hostile character is left");
    let page = Html::parse_document(&text);
    let clean_page = Html::parse_document(&show(&sample::assessment()));
    let kinds = |page| all(page, "*").map(|own| own.value().name().to_owned()).collect::<BTreeSet<String>>();
    assert!(kinds(&page).is_subset(&kinds(&clean_page)), "{:?}", kinds(&page).difference(&kinds(&clean_page)));
    let names = |page| -> BTreeSet<String> {
        all(page, "*")
            .flat_map(|own| own.value().attrs().map(|(name, _)| name.to_owned()).collect::<Vec<_>>())
            .collect()
    };
    assert!(names(&page).is_subset(&names(&clean_page)), "{:?}", names(&page).difference(&names(&clean_page)));
    assert!(names(&page).iter().all(|name| !name.starts_with("on") && name != "style"));
    assert_eq!((all(&page, "script").count(), all(&page, "style").count()), (1, 1));
    for link in all(&page, "[href]") {
        let target = link.attr("href").unwrap();
        assert!(
            target.starts_with("https://learn.microsoft.com/") || target.starts_with('#') || known(target),
            "{target}"
        );
    }
    assert!(all(&page, "bdi").any(|own| own.text().collect::<String>() == clean(INJECTION)), "it is shown in full");
    let ids: Vec<&str> = all(&page, "[id]").filter_map(|own| own.attr("id")).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "each id is there once");
}

/// Hosts our own rule pages cite, beside Microsoft's.
fn known(target: &str) -> bool {
    let pages: Vec<String> = zdr_check::rules::RULES.iter().map(|rule| zdr_check::docs::text(rule)).collect();
    let tables = zdr_check::docs::tables().iter().map(|table| table.source.url);
    pages.iter().any(|page| page.contains(target)) || tables.into_iter().any(|url| url == target)
}

#[test]
fn only_plain_ids_lead_to_the_portal() {
    let links = |assessment: &Assessment| -> Vec<String> {
        let page = Html::parse_document(&show(assessment));
        all(&page, "a[href*='portal.azure']").filter_map(|own| own.attr("href").map(str::to_owned)).collect()
    };
    let mut assessment = sample::assessment();
    let found = links(&assessment);
    assert!(found.iter().any(|link| link.ends_with("/accounts/oai-prod-sweden/deployments/chat")), "{found:?}");
    let plain = |c: char| c.is_ascii_alphanumeric() || ":/#@-._".contains(c);
    assert!(found.iter().all(|link| link.chars().all(plain)), "{found:?}");
    assessment.run.source = Source::Demo;
    assert_eq!(links(&assessment), Vec::<String>::new(), "there is nothing to look at");
    assert_eq!(links(&poisoned()), Vec::<String>::new(), "the tenant is not a GUID");
}

#[test]
fn a_reader_finds_who_what_when_and_by_which_policy() {
    let mut assessment = sample::assessment();
    let page = Html::parse_document(&show(&assessment));
    let top = text_of(&page, "#summary");
    let hash = "cd".repeat(32);
    for fact in [
        "findings, and incomplete",
        "5 failures at or above high",
        "Exit code 1",
        "99999999-9999-4999-8999-999999999999",
        "all subscriptions",
        "2026-09-21T14:13:20Z",
        "--pin geography",
        "swedencentral, francecentral",
        &hash,
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(top.contains(fact), "{fact} is not in {top}");
    }
    let accepted = text_of(&page, "#accepted");
    for fact in [
        "2026-12-31",
        "team-legacy@example.com",
        "SEC-42",
        "all callers send store: false",
        "2027-08-31",
        "gateway.pdf",
    ] {
        assert!(accepted.contains(fact), "{fact} is not in {accepted}");
    }
    let coverage = text_of(&page, "#coverage");
    for fact in ["Incomplete", "unreadable", "Microsoft.CognitiveServices/accounts/deployments/read", "61 requests"] {
        assert!(coverage.contains(fact), "{fact} is not in {coverage}");
    }
    assert!(text_of(&page, "#notes").contains("waiver-expired"));
    assert!(text_of(&page, "#accounts").contains("not readable"), "unread deployments are not none");
    assert_eq!(all(&page, ".unreal").count(), 0);
    assessment.run.source = Source::Demo;
    assert!(text_of(&Html::parse_document(&show(&assessment)), ".unreal").starts_with("DEMO"));
}

#[test]
fn evidence_is_complete() {
    let assessment = sample::assessment();
    let page = Html::parse_document(&show(&assessment));
    let found: Vec<String> = all(&page, ".ev li").map(|own| own.text().collect()).collect();
    let results = assessment.results.into_vec();
    let cited: Vec<&zdr_check::snapshot::Citation> = results.iter().flat_map(|own| &own.evidence).collect();
    assert_eq!(found.len(), cited.len());
    let value = Value::to_string(&cited[0].value);
    for part in
        [cited[0].pointer.as_str(), &clean(&value), cited[0].operation.as_str(), "request 6f1d", "2026-09-21T14:13:21Z"]
    {
        assert!(found[0].contains(part), "{part} is not in {}", found[0]);
    }
}

#[test]
fn the_order_of_headings_has_no_gap_and_every_table_speaks() {
    let page = Html::parse_document(&show(&sample::assessment()));
    let levels: Vec<u32> =
        all(&page, "h1, h2, h3, h4, h5, h6").map(|own| own.value().name()[1..].parse().unwrap()).collect();
    assert!(levels[0] == 1 && levels.iter().filter(|level| **level == 1).count() == 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    for table in all(&page, "table[role]") {
        let has = |selector| table.select(&Selector::parse(selector).unwrap()).next().is_some();
        assert!(has("caption") && has("thead th[scope=col]") && has("tbody th[scope=row]"));
    }
    assert!(all(&page, "svg[role=img]").all(|own| own.attr("aria-label").is_some_and(|label| !label.is_empty())));
    let states = all(&page, ".heat").next().unwrap().attr("aria-label").unwrap();
    assert_eq!(
        states,
        "approved fail, pinned not applicable, stateless manual, contained not applicable, hardened not applicable"
    );
}
