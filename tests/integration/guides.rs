//! The parts *How to fix* and *Sources* of rule pages: every form is there or says why not, and what it names exists.
//!
//! Commands were checked with Azure CLI 2.91.0 (`az … --help`) and, for the extension `nsp`, with its reference; resource types
//! with Azure/bicep-types-az of 2026-08-20, or with the specification where that is older; Terraform resources with the
//! documentation of azurerm of 2026-08-21. A new name has to be checked there and added below.

use std::collections::BTreeSet;

use regex::Regex;
use zdr_check::docs;
use zdr_check::rules::{RULES, Rule};

const FORMS: [&str; 4] = ["az CLI", "Bicep", "Terraform", "Portal"];

/// Commands and the arguments that pages use.
#[rustfmt::skip]
const COMMANDS: &[(&str, &str)] = &[
    ("account show", "subscription query"),
    ("cognitiveservices account create", "name resource-group kind sku location custom-domain"),
    ("cognitiveservices account connection delete", "name resource-group connection-name"),
    ("cognitiveservices account delete", "name resource-group"),
    ("cognitiveservices account deployment create", "name resource-group deployment-name sku-name sku-capacity model-format model-name model-version"),
    ("cognitiveservices account deployment delete", "name resource-group deployment-name"),
    ("cognitiveservices account deployment show", "name resource-group deployment-name query"),
    ("cognitiveservices account identity assign", "name resource-group"),
    ("cognitiveservices account list", "subscription query output"),
    ("cognitiveservices account list-deleted", ""),
    ("cognitiveservices account list-models", "name resource-group query output"),
    ("cognitiveservices account managed-compute-deployment delete", "name resource-group deployment-name"),
    ("cognitiveservices account managed-compute-deployment list", "name resource-group"),
    ("cognitiveservices account managed-network create", "name resource-group managed-network"),
    ("cognitiveservices account managed-network outbound-rule list", "name resource-group"),
    ("cognitiveservices account managed-network outbound-rule remove", "name resource-group rule"),
    ("cognitiveservices account managed-network show", "name resource-group"),
    ("cognitiveservices account project connection delete", "name resource-group project-name connection-name"),
    ("cognitiveservices account project list", "name resource-group output"),
    ("cognitiveservices account purge", "name resource-group location"),
    ("cognitiveservices account show", "name resource-group ids query output"),
    ("cognitiveservices account update", "name resource-group encryption"),
    ("cognitiveservices agent delete", "account-name project-name name"),
    ("cosmosdb show", "ids query"),
    ("cosmosdb sql container update", "account-name resource-group database-name name ttl"),
    ("cosmosdb update", "ids locations"),
    ("feature register", "namespace name"),
    ("monitor diagnostic-settings create", "resource name workspace logs"),
    ("monitor diagnostic-settings list", "resource"),
    ("monitor diagnostic-settings update", "resource name logs"),
    ("monitor log-analytics workspace table update", "workspace-name resource-group name retention-time total-retention-time"),
    ("monitor log-analytics workspace update", "ids retention-time"),
    ("monitor metrics list", "resource metrics dimension"),
    ("network perimeter association update", "perimeter-name resource-group name access-mode"),
    ("network private-endpoint create", "name resource-group subnet group-id connection-name private-connection-resource-id"),
    ("policy assignment create", "name scope policy"),
    ("policy assignment update", "name scope params enforcement-mode not-scopes"),
    ("policy definition create", "name mode rules"),
    ("policy definition update", "name mode rules"),
    ("policy exemption delete", "name scope"),
    ("policy exemption list", "scope"),
    ("resource delete", "ids"),
    ("resource show", "ids query"),
    ("resource update", "ids api-version set"),
    ("rest", "method url body headers resource"),
    ("role assignment delete", "ids"),
    ("role assignment list", "scope include-inherited output"),
    ("security pricing create", "name tier extensions"),
    ("storage account management-policy create", "account-name resource-group policy"),
    ("storage account show", "ids query"),
    ("storage account update", "ids sku"),
    ("tag update", "resource-id operation tags"),
];

/// Resource types and the api-versions that pages use; types without a version are only named.
#[rustfmt::skip]
const TYPES: &[(&str, &str)] = &[
    ("Microsoft.ApiManagement/service/apis/diagnostics", "2024-05-01 2025-09-01-preview"),
    ("Microsoft.ApiManagement/service/apis/policies", "2024-05-01"),
    ("Microsoft.ApiManagement/service/caches", ""),
    ("Microsoft.Authorization/policyAssignments", "2025-03-01"),
    ("Microsoft.Authorization/policyDefinitions", "2025-03-01"),
    ("Microsoft.Authorization/policyExemptions", "2022-07-01-preview"),
    ("Microsoft.Authorization/roleAssignments", "2022-04-01"),
    ("Microsoft.CognitiveServices/accounts", "2026-01-15-preview 2026-07-01 2026-09-01"),
    ("Microsoft.CognitiveServices/accounts/connections", ""),
    ("Microsoft.CognitiveServices/accounts/deployments", "2026-07-01"),
    ("Microsoft.CognitiveServices/accounts/managedComputeDeployments", ""),
    ("Microsoft.CognitiveServices/accounts/managedNetworks", "2026-07-01"),
    ("Microsoft.CognitiveServices/accounts/managedNetworks/outboundRules", ""),
    ("Microsoft.CognitiveServices/accounts/projects/applications/agentDeployments", ""),
    ("Microsoft.CognitiveServices/accounts/projects/capabilityHosts", "2026-07-01"),
    ("Microsoft.CognitiveServices/accounts/raiBlocklists/raiBlocklistItems", ""),
    ("Microsoft.CognitiveServices/accounts/raiPolicies", "2026-07-01"),
    ("Microsoft.Communication/communicationServices", "2026-03-18"),
    ("Microsoft.DocumentDB/databaseAccounts", "2025-10-15"),
    ("Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers", "2025-10-15"),
    ("Microsoft.EventGrid/systemTopics/eventSubscriptions", "2025-02-15"),
    ("Microsoft.Features/featureProviders/subscriptionFeatureRegistrations", "2021-07-01"),
    ("Microsoft.Insights/diagnosticSettings", "2021-05-01-preview"),
    ("Microsoft.Network/networkSecurityPerimeters/resourceAssociations", "2024-07-01"),
    ("Microsoft.Network/privateEndpoints", "2024-07-01"),
    ("Microsoft.OperationalInsights/workspaces/tables", "2025-07-01"),
    ("Microsoft.Search/searchServices", ""),
    ("Microsoft.Security/pricings", "2024-01-01"),
    ("Microsoft.Storage/contextCaches/contextCacheContainers", "2026-09-01"),
    ("Microsoft.Storage/storageAccounts", ""),
    ("Microsoft.Storage/storageAccounts/managementPolicies", "2025-06-01"),
];

/// Terraform resources that pages use.
#[rustfmt::skip]
const RESOURCES: &[&str] = &[
    "azapi_resource", "azapi_update_resource", "azurerm_api_management", "azurerm_api_management_api",
    "azurerm_api_management_api_diagnostic", "azurerm_api_management_api_policy", "azurerm_api_management_logger",
    "azurerm_api_management_redis_cache", "azurerm_cognitive_account", "azurerm_cognitive_account_connection_",
    "azurerm_cognitive_account_project", "azurerm_cognitive_account_rai_blocklist", "azurerm_cognitive_account_rai_policy",
    "azurerm_cognitive_deployment", "azurerm_communication_service", "azurerm_cosmosdb_account",
    "azurerm_eventgrid_system_topic", "azurerm_eventgrid_system_topic_event_subscription", "azurerm_key_vault_key", "azurerm_log_analytics_workspace",
    "azurerm_log_analytics_workspace_table", "azurerm_monitor_diagnostic_setting",
    "azurerm_network_security_perimeter_association", "azurerm_policy_definition", "azurerm_private_endpoint",
    "azurerm_resource_provider_feature_registration", "azurerm_resource_policy_exemption", "azurerm_role_assignment",
    "azurerm_search_service",
    "azurerm_security_center_subscription_pricing", "azurerm_storage_account", "azurerm_storage_management_policy",
    "azurerm_subnet", "azurerm_subscription_policy_assignment",
];

fn section(rule: &Rule, heading: &str) -> String {
    let found = docs::sections(rule).into_iter().find(|(name, _)| name == heading);
    found.map(|(_, text)| text).unwrap_or_default()
}

/// The labelled forms of a text: the labels of each, and what follows up to the next.
fn forms(text: &str) -> Vec<(Vec<String>, String)> {
    let label = Regex::new(r"^\*\*([A-Za-z, ]+)\*\*([^:]*):(.*)$").unwrap();
    let mut all: Vec<(Vec<String>, String)> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if let Some(found) = label.captures(line).filter(|_| !fenced) {
            let names = found[1].split(", ").map(str::to_owned).collect();
            all.push((names, format!("{}\n", &found[3])));
        } else if let Some((_, body)) = all.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    all
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = Regex::new(&format!(r"(?ms)^```{language}\n(.*?)^```$")).unwrap();
    fence.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// What is missing in a form, if anything: a command, a snippet or a menu, or the reason for having none.
fn fault(name: &str, body: &str) -> Option<&'static str> {
    let body = body.trim();
    if let Some(reason) = body.strip_prefix("none") {
        return (reason.split_whitespace().count() < 4).then_some("says none without a reason");
    }
    let shown = if name == "Portal" { body.contains('*') } else { body.contains('`') };
    (!shown).then_some("shows neither what to do nor why there is nothing")
}

#[test]
fn every_rule_can_be_fixed_in_four_forms_or_says_why_not() {
    for rule in RULES {
        let text = section(rule, "How to fix");
        let forms = forms(&text);
        let names: Vec<&str> = forms.iter().flat_map(|(names, _)| names.iter().map(String::as_str)).collect();
        assert_eq!(names, FORMS, "{}", rule.id);
        for (names, body) in &forms {
            for name in names {
                assert_eq!(fault(name, body), None, "{}: {name}", rule.id);
            }
        }
        let shell = text.matches("```sh\n").count();
        assert!(shell > 0, "{}: no command to look at the finding or to fix it", rule.id);
    }
}

#[test]
fn a_form_without_command_or_reason_is_found() {
    let parts = forms(
        "Intro.\n\n**az CLI**:\n\n```sh\naz x\n**no label**: here\n```\n\n**Bicep, Terraform**: none, it is read-only now.\n",
    );
    assert_eq!(parts.len(), 2, "{parts:?}");
    assert_eq!(parts[1].0, ["Bicep", "Terraform"]);
    assert_eq!([fault("az CLI", &parts[0].1), fault("Bicep", &parts[1].1)], [None, None]);
    assert!(
        fault("Bicep", "none").is_some() && fault("Terraform", "set it").is_some() && fault("Portal", "look").is_some()
    );
}

#[test]
fn commands_of_pages_exist() {
    let command = Regex::new(r"(?m)(?:^|-n1 )az ((?:[a-z][a-z0-9-]*(?: |$))+)").unwrap();
    let argument = Regex::new(r"\s--([a-z][a-z-]*)").unwrap();
    let mut used = BTreeSet::new();
    for rule in RULES {
        for block in blocks(&section(rule, "How to fix"), "sh") {
            let script = block.replace("\\\n", " ");
            let starts: Vec<_> = command.captures_iter(&script).collect();
            assert!(!starts.is_empty(), "{}: {script}", rule.id);
            for (at, found) in starts.iter().enumerate() {
                let name = found[1].trim();
                let Some((_, known)) = COMMANDS.iter().find(|(known, _)| *known == name) else {
                    panic!("{}: az {name} is not among the checked commands", rule.id);
                };
                used.insert(name.to_owned());
                let end = starts.get(at + 1).map_or(script.len(), |next| next.get(0).unwrap().start());
                for found in argument.captures_iter(&script[found.get(0).unwrap().start()..end]) {
                    let flag = &found[1];
                    assert!(known.split(' ').any(|known| known == flag), "{}: az {name} --{flag}", rule.id);
                }
            }
        }
    }
    let unused: Vec<_> = COMMANDS.iter().filter(|(name, _)| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn snippets_name_types_and_resources_that_exist() {
    let versioned = Regex::new(r#"['"`](Microsoft\.[A-Za-z/]+)@([0-9a-z-]+)['"`]"#).unwrap();
    let named = Regex::new(r"Microsoft\.[A-Z][A-Za-z]+(?:/[A-Za-z]+)+").unwrap();
    let resource = Regex::new(r"\b(?:azurerm|azapi)_[a-z_]+").unwrap();
    for rule in RULES {
        let text = section(rule, "How to fix");
        for found in versioned.captures_iter(&text) {
            let known = TYPES.iter().find(|(name, _)| *name == &found[1]);
            assert!(
                known.is_some_and(|(_, all)| all.split(' ').any(|one| one == &found[2])),
                "{}: {}",
                rule.id,
                &found[0]
            );
        }
        for found in named.find_iter(&text).filter(|found| !found.as_str().contains("OpenAI")) {
            assert!(TYPES.iter().any(|(name, _)| *name == found.as_str()), "{}: {}", rule.id, found.as_str());
        }
        for found in resource.find_iter(&text) {
            assert!(RESOURCES.contains(&found.as_str()), "{}: {}", rule.id, found.as_str());
        }
        for block in blocks(&text, "bicep") {
            assert!(versioned.is_match(&block), "{}: a Bicep snippet without a resource", rule.id);
        }
        for (language, block) in
            ["bicep", "hcl", "sh", "xml"].into_iter().flat_map(|l| blocks(&text, l).into_iter().map(move |b| (l, b)))
        {
            for (open, close) in [('{', '}'), ('[', ']'), ('(', ')')] {
                assert_eq!(
                    block.matches(open).count(),
                    block.matches(close).count(),
                    "{}: {language}\n{block}",
                    rule.id
                );
            }
            // Four columns of indent leave 76 of 80; the name of a type cannot be broken.
            let wide = block.lines().find(|line| {
                line.chars().count() > 76 && !line.contains("'Microsoft.") && !line.contains("\"Microsoft.")
            });
            assert_eq!(wide, None, "{}", rule.id);
        }
    }
}

#[test]
fn sources_are_dated_links() {
    let line = Regex::new(r"^- \[[^\]]+\]\((https://[^)\s]+)\), (.+)$").unwrap();
    let host = Regex::new(r"^https://(learn\.microsoft\.com/(azure|answers|rest)/|www\.microsoft\.com/|github\.com/[\w.-]+/[\w.-]+|pypi\.org/project/)[^\s]*$").unwrap();
    let date = Regex::new(r"\b20\d\d-\d\d-\d\d\b").unwrap();
    let any = Regex::new(r"\]\(([^)]*)\)").unwrap();
    for rule in RULES {
        for source in section(rule, "Sources").lines() {
            let found = line.captures(source).unwrap_or_else(|| panic!("{}: {source}", rule.id));
            assert!(date.is_match(&found[2]), "{}: {source}", rule.id);
            assert!(
                host.is_match(&found[1]) && !found[1].ends_with('/') | found[1].contains("pypi"),
                "{}: {source}",
                rule.id
            );
            // The documentation moved from ai-foundry to foundry; learn.microsoft.com has no language in its canonical links.
            assert!(
                !found[1].contains(".com/azure/ai-foundry/") && !found[1].contains("/en-us/"),
                "{}: {source}",
                rule.id
            );
        }
        for link in any.captures_iter(&docs::text(rule)) {
            assert!(
                link[1].starts_with("https://") && !link[1].contains(char::is_whitespace),
                "{}: {}",
                rule.id,
                &link[1]
            );
        }
    }
}
