//! The control catalogue: one file per rule, each a pure function from facts to a verdict.
//!
//! A rule sees the snapshot, the dated knowledge tables and the policy, and nothing else: no network, clock, environment or
//! configuration file. Adding a rule means adding its file and fixtures; the list below is derived from the folder and a test
//! keeps it true (`UPDATE=1 cargo test` rewrites it).

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::knowledge::kinds::{Hosting, hosting};
use crate::knowledge::processing::Pin;
use crate::outcome::{Axis, Severity, Unknown, UnknownCause, Verdict};
use crate::snapshot::{
    AccountFacts, Citation, Cloud, CommunicationService, Deployment, Gateways, List, Operation, ProjectFacts, Read,
    StoreKind, Subscription,
};

use options::{Options, RuleOption};

mod abuse_monitoring;
mod agent_stores;
mod boundary;
mod connections;
mod defender;
mod diagnostics;
mod events;
mod gateways;
pub mod options;
mod policies;
mod policy_holes;
mod policy_imagined;
mod policy_probes;
mod policy_reasons;
mod serving;
mod stores;

/// What a check returns: a verdict, or why there is none.
pub type CheckResult = Result<Verdict, Unknown>;

/// The part of the policy that rules depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Required processing boundary.
    pub pin: Pin,
    /// Regions an account may be in, normalised; `None` when policy does not say.
    pub allowed_locations: Option<BTreeSet<String>>,
    /// Options of rules that the policy file sets.
    pub options: Options,
}

/// Everything a check may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Cloud of the run.
    pub cloud: Cloud,
    /// Policy of the run.
    pub policy: &'a Policy,
    /// The subscription with all its accounts, for rules that compare.
    pub subscription: &'a Subscription,
    /// The API Management gateways of every subscription of the run.
    pub gateways: &'a Gateways<'a>,
    /// Whether the run was to read Azure Policy.
    pub check_policies: bool,
    /// The day (UTC) on which exemptions must have ended to be no exemptions.
    pub today: Date,
    /// The account under judgement.
    pub facts: &'a AccountFacts,
}

/// The function of a rule, by what it is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Once per account that hosts models.
    Account(fn(&Context<'_>) -> CheckResult),
    /// Once per deployment.
    Deployment(fn(&Context<'_>, &Deployment<'_>) -> CheckResult),
    /// Once per subscription whose accounts were listed; the result speaks of the subscription and of no account.
    Subscription(fn(&Subscription) -> CheckResult),
    /// Once per Foundry project.
    Project(fn(&Context<'_>, &ProjectFacts) -> CheckResult),
    /// Once per account that hosts models, when its data plane was asked; otherwise there is no result.
    Stores(fn(&Context<'_>) -> CheckResult),
    /// Once per Communication Services resource, when a run includes them; the result speaks of no account.
    Communication(fn(&Communication<'_>) -> CheckResult),
}

/// Everything a check of a Communication Services resource may look at.
#[derive(Debug, Clone, Copy)]
pub struct Communication<'a> {
    /// The policy at the top of the file: a scope of it speaks of accounts.
    pub policy: &'a Policy,
    /// The resource under judgement.
    pub service: CommunicationService<'a>,
}

/// One control.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, names the defect, never changes.
    pub id: &'static str,
    /// One line, states the defect.
    pub title: &'static str,
    /// The axis it speaks for.
    pub axis: Axis,
    /// How much a failure matters.
    pub severity: Severity,
    /// First version that had it.
    pub since: &'static str,
    /// Rows of the control catalogue it covers.
    pub controls: &'static [&'static str],
    /// The calls whose answers it needs; without one of them it is unknown.
    pub needs: &'static [Operation],
    /// What it looks at besides when the data plane is asked.
    pub stores: &'static [StoreKind],
    /// Framework clauses it gives evidence for.
    pub frameworks: &'static [&'static str],
    /// What a policy file may change about it.
    pub options: &'static [RuleOption],
    /// Path of its module, by which its file is found.
    pub module: &'static str,
    /// The rule's page in Markdown: the doc comment of its file.
    pub docs: &'static str,
    /// The function.
    pub check: Check,
}

/// Declares `RULE` from a doc comment, metadata and a check.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        id: $id:literal,
        title: $title:literal,
        axis: $axis:ident,
        severity: $severity:ident,
        since: $since:literal,
        controls: [$($control:literal),* $(,)?],
        needs: [$($need:ident),* $(,)?],
        $(stores: [$($store:ident),* $(,)?],)?
        frameworks: [$($framework:literal),* $(,)?],
        $(options: [$($option:ident),* $(,)?],)?
        check: $kind:ident($check:path) $(,)?
    ) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: crate::rules::Rule = crate::rules::Rule {
            id: $id,
            title: $title,
            axis: crate::outcome::Axis::$axis,
            severity: crate::outcome::Severity::$severity,
            since: $since,
            controls: &[$($control),*],
            needs: &[$(crate::snapshot::Operation::$need),*],
            stores: &[$($(crate::snapshot::StoreKind::$store),*)?],
            frameworks: &[$($framework),*],
            options: &[$($($option),*)?],
            module: module_path!(),
            docs: concat!($($doc, "\n"),+),
            check: crate::rules::Check::$kind($check),
        };
    };
}

impl Rule {
    /// Every call whose answer it may cite.
    pub fn reads(&self) -> BTreeSet<Operation> {
        let stores = self.stores.iter().flat_map(|kind| [kind.of_account(), kind.of_project()]).flatten();
        // That no project has something needs the projects.
        let projects = self.stores.iter().any(|kind| kind.of_project().is_some()).then_some(Operation::ProjectsList);
        self.needs.iter().copied().chain(stores).chain(projects).collect()
    }
}

impl Context<'_> {
    /// Whether model rules have a meaning for the account: it has deployments, or its kind can host them.
    ///
    /// # Errors
    /// When neither the deployments nor the kind settle it.
    pub fn hosts_models(&self) -> Result<bool, Unknown> {
        let deployments = self.facts.deployments();
        if deployments.as_ref().is_ok_and(|all| !all.is_empty()) {
            return Ok(true);
        }
        match hosting(self.facts.account()?.kind()?) {
            Hosting::Hosts | Hosting::Unlisted => Ok(true),
            Hosting::DoesNotHost => Ok(!deployments?.is_empty()),
        }
    }

    /// The number a policy file gives this option, or its default.
    pub fn number(&self, rule: &Rule, option: &RuleOption) -> u32 {
        options::number(&self.policy.options, rule.id, option)
    }

    /// Whether a policy file gives this option a value.
    pub fn is_set(&self, rule: &Rule, option: &RuleOption) -> bool {
        self.policy.options.contains_key(&(rule.id, option.name))
    }

    /// Whether a policy file accepts this host.
    pub fn accepts_host(&self, rule: &Rule, option: &RuleOption, host: &str) -> bool {
        options::accepts_host(&self.policy.options, rule.id, option, host)
    }

    /// `--name … --resource-group … --subscription …` for an `az cognitiveservices account` command.
    pub fn az_account(&self) -> String {
        let id = &self.facts.id;
        let [name, group] = [&id.name, &id.resource_group].map(|word| shell_word(word));
        format!("--name {name} --resource-group {group} --subscription {}", id.subscription_id)
    }

    /// [`Self::az_account`] with `--deployment-name …`, for an `az cognitiveservices account deployment` command.
    pub fn az_deployment(&self, deployment: &str) -> String {
        format!("{} --deployment-name {}", self.az_account(), shell_word(deployment))
    }

    /// The command that changes properties of the account; `az rest` adds the endpoint of the signed-in cloud to the id.
    pub fn az_patch(&self, body: &str) -> String {
        let url = format!("{}?api-version=2026-09-01", self.facts.id.id);
        format!("az rest --method patch --url {} --body {}", shell_word(&url), shell_word(body))
    }
}

/// A word as a shell reads it back: names come from Azure's answers, and a reader will paste the command.
pub(crate) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Cites a list as a whole: how many rows it has.
fn cite_list(list: &Read<List>) -> Result<Citation, Unknown> {
    cite_known(list.get()?)
}

/// The same of a list that is known.
fn cite_known(list: &List) -> Result<Citation, Unknown> {
    let message = "a list was kept without the answer it came from";
    list.cite().ok_or_else(|| Unknown::because(UnknownCause::CheckFailed, message, Vec::new()))
}

// BEGIN GENERATED: UPDATE=1 cargo test
mod approved {
    pub(super) mod abuse_monitoring_storage_on;
    pub(super) mod abuse_penalty_active;
    pub(super) mod approval_mixed_in_subscription;
    pub(super) mod model_outside_abuse_monitoring_terms;
    pub(super) mod preview_model_deployed;
    pub(super) mod reviewers_outside_eea;
}
mod communication {
    pub(super) mod communication_data_leaves_boundary;
    pub(super) mod communication_events_global;
    pub(super) mod communication_events_leave;
    pub(super) mod communication_log_retention_long;
    pub(super) mod communication_logs_carry_identities;
}
mod contained {
    pub(super) mod agent_365_logging_on;
    pub(super) mod agent_files_never_deleted;
    pub(super) mod agent_store_replicated;
    pub(super) mod agent_threads_never_deleted;
    pub(super) mod application_logs_not_attested;
    pub(super) mod asynchronous_filter_is_no_approval;
    pub(super) mod blocklist_stored;
    pub(super) mod defender_prompt_evidence;
    pub(super) mod deleted_account_recoverable;
    pub(super) mod diagnostic_logs_beyond_audit;
    pub(super) mod external_safety_provider;
    pub(super) mod gateway_keeps_prompts_in_cache;
    pub(super) mod gateway_logs_bodies;
    pub(super) mod gateway_logs_prompts;
    pub(super) mod model_connection_outside_scan;
    pub(super) mod model_lifecycle_preview;
    pub(super) mod own_storage_receives_content;
    pub(super) mod purview_prompt_sharing;
    pub(super) mod risk_monitoring_sink;
    pub(super) mod search_index_connected;
    pub(super) mod subscription_not_enabled;
    pub(super) mod task_adherence_leaves_geography;
    pub(super) mod third_party_tool_connection;
    pub(super) mod traces_kept_over_30_days;
    pub(super) mod traces_to_application_insights;
    pub(super) mod web_search_not_blocked;
}
mod hardened {
    pub(super) mod agent_network_exceptions;
    pub(super) mod agent_network_open;
    pub(super) mod agents_outside_own_network;
    pub(super) mod approval_not_attested;
    pub(super) mod content_readable_by_many;
    pub(super) mod customer_key_misses_agents;
    pub(super) mod customer_key_missing;
    pub(super) mod key_authentication_enabled;
    pub(super) mod managed_identity_missing;
    pub(super) mod model_version_changes_by_itself;
    pub(super) mod network_perimeter_not_enforced;
    pub(super) mod no_audit_trail;
    pub(super) mod no_policy_guards_deployments;
    pub(super) mod outbound_unrestricted;
    pub(super) mod policy_assignment_blocks_nothing;
    pub(super) mod policy_assignment_not_enforced;
    pub(super) mod policy_exemption_covers_account;
    pub(super) mod preview_features_visible;
    pub(super) mod private_endpoint_missing;
    pub(super) mod public_network_open;
    pub(super) mod trusted_services_bypass;
}
mod pinned {
    pub(super) mod account_outside_allowed_locations;
    pub(super) mod account_serves_several_regions;
    pub(super) mod agent_store_outside_allowed_locations;
    pub(super) mod agent_tool_leaves_azure;
    pub(super) mod claude_processed_by_anthropic;
    pub(super) mod data_zone_can_grow;
    pub(super) mod deployment_leaves_boundary;
    pub(super) mod fine_tuning_place_not_attested;
    pub(super) mod fireworks_model_deployed;
    pub(super) mod header_spillover_possible;
    pub(super) mod instant_access_open;
    pub(super) mod managed_compute_deployed;
    pub(super) mod model_from_another_account;
    pub(super) mod model_router_leaves_boundary;
    pub(super) mod priority_processing_deployed;
    pub(super) mod spillover_leaves_boundary;
    pub(super) mod web_grounding_connection;
}
mod stateless {
    pub(super) mod agents_basic_setup;
    pub(super) mod assistant_threads_kept;
    pub(super) mod batch_deployment;
    pub(super) mod batch_jobs_kept;
    pub(super) mod claude_files_kept_by_anthropic;
    pub(super) mod code_containers_kept;
    pub(super) mod context_cache_container;
    pub(super) mod context_cache_kept_over_a_day;
    pub(super) mod conversations_kept;
    pub(super) mod evaluations_kept;
    pub(super) mod files_kept_until_deleted;
    pub(super) mod fine_tuned_deployment;
    pub(super) mod fine_tuning_data_kept;
    pub(super) mod hosted_agent_deployed;
    pub(super) mod hosted_agent_sessions_kept;
    pub(super) mod image_links_kept;
    pub(super) mod live_session_not_attested;
    pub(super) mod memory_stores_kept;
    pub(super) mod other_services_keep_content;
    pub(super) mod prompt_cache_extended_on_request;
    pub(super) mod prompt_cache_kept_by_default;
    pub(super) mod responses_stored_by_default;
    pub(super) mod stored_completions_enabled;
    pub(super) mod stored_completions_kept;
    pub(super) mod unfinished_uploads_not_listed;
    pub(super) mod vector_stores_kept;
    pub(super) mod video_model_deployed;
    pub(super) mod videos_kept;
}

/// Every rule, sorted by id.
#[rustfmt::skip]
pub static RULES: &[&Rule] = &[
    &approved::abuse_monitoring_storage_on::RULE,
    &approved::abuse_penalty_active::RULE,
    &pinned::account_outside_allowed_locations::RULE,
    &pinned::account_serves_several_regions::RULE,
    &contained::agent_365_logging_on::RULE,
    &contained::agent_files_never_deleted::RULE,
    &hardened::agent_network_exceptions::RULE,
    &hardened::agent_network_open::RULE,
    &pinned::agent_store_outside_allowed_locations::RULE,
    &contained::agent_store_replicated::RULE,
    &contained::agent_threads_never_deleted::RULE,
    &pinned::agent_tool_leaves_azure::RULE,
    &stateless::agents_basic_setup::RULE,
    &hardened::agents_outside_own_network::RULE,
    &contained::application_logs_not_attested::RULE,
    &approved::approval_mixed_in_subscription::RULE,
    &hardened::approval_not_attested::RULE,
    &stateless::assistant_threads_kept::RULE,
    &contained::asynchronous_filter_is_no_approval::RULE,
    &stateless::batch_deployment::RULE,
    &stateless::batch_jobs_kept::RULE,
    &contained::blocklist_stored::RULE,
    &stateless::claude_files_kept_by_anthropic::RULE,
    &pinned::claude_processed_by_anthropic::RULE,
    &stateless::code_containers_kept::RULE,
    &communication::communication_data_leaves_boundary::RULE,
    &communication::communication_events_global::RULE,
    &communication::communication_events_leave::RULE,
    &communication::communication_log_retention_long::RULE,
    &communication::communication_logs_carry_identities::RULE,
    &hardened::content_readable_by_many::RULE,
    &stateless::context_cache_container::RULE,
    &stateless::context_cache_kept_over_a_day::RULE,
    &stateless::conversations_kept::RULE,
    &hardened::customer_key_misses_agents::RULE,
    &hardened::customer_key_missing::RULE,
    &pinned::data_zone_can_grow::RULE,
    &contained::defender_prompt_evidence::RULE,
    &contained::deleted_account_recoverable::RULE,
    &pinned::deployment_leaves_boundary::RULE,
    &contained::diagnostic_logs_beyond_audit::RULE,
    &stateless::evaluations_kept::RULE,
    &contained::external_safety_provider::RULE,
    &stateless::files_kept_until_deleted::RULE,
    &stateless::fine_tuned_deployment::RULE,
    &stateless::fine_tuning_data_kept::RULE,
    &pinned::fine_tuning_place_not_attested::RULE,
    &pinned::fireworks_model_deployed::RULE,
    &contained::gateway_keeps_prompts_in_cache::RULE,
    &contained::gateway_logs_bodies::RULE,
    &contained::gateway_logs_prompts::RULE,
    &pinned::header_spillover_possible::RULE,
    &stateless::hosted_agent_deployed::RULE,
    &stateless::hosted_agent_sessions_kept::RULE,
    &stateless::image_links_kept::RULE,
    &pinned::instant_access_open::RULE,
    &hardened::key_authentication_enabled::RULE,
    &stateless::live_session_not_attested::RULE,
    &pinned::managed_compute_deployed::RULE,
    &hardened::managed_identity_missing::RULE,
    &stateless::memory_stores_kept::RULE,
    &contained::model_connection_outside_scan::RULE,
    &pinned::model_from_another_account::RULE,
    &contained::model_lifecycle_preview::RULE,
    &approved::model_outside_abuse_monitoring_terms::RULE,
    &pinned::model_router_leaves_boundary::RULE,
    &hardened::model_version_changes_by_itself::RULE,
    &hardened::network_perimeter_not_enforced::RULE,
    &hardened::no_audit_trail::RULE,
    &hardened::no_policy_guards_deployments::RULE,
    &stateless::other_services_keep_content::RULE,
    &hardened::outbound_unrestricted::RULE,
    &contained::own_storage_receives_content::RULE,
    &hardened::policy_assignment_blocks_nothing::RULE,
    &hardened::policy_assignment_not_enforced::RULE,
    &hardened::policy_exemption_covers_account::RULE,
    &hardened::preview_features_visible::RULE,
    &approved::preview_model_deployed::RULE,
    &pinned::priority_processing_deployed::RULE,
    &hardened::private_endpoint_missing::RULE,
    &stateless::prompt_cache_extended_on_request::RULE,
    &stateless::prompt_cache_kept_by_default::RULE,
    &hardened::public_network_open::RULE,
    &contained::purview_prompt_sharing::RULE,
    &stateless::responses_stored_by_default::RULE,
    &approved::reviewers_outside_eea::RULE,
    &contained::risk_monitoring_sink::RULE,
    &contained::search_index_connected::RULE,
    &pinned::spillover_leaves_boundary::RULE,
    &stateless::stored_completions_enabled::RULE,
    &stateless::stored_completions_kept::RULE,
    &contained::subscription_not_enabled::RULE,
    &contained::task_adherence_leaves_geography::RULE,
    &contained::third_party_tool_connection::RULE,
    &contained::traces_kept_over_30_days::RULE,
    &contained::traces_to_application_insights::RULE,
    &hardened::trusted_services_bypass::RULE,
    &stateless::unfinished_uploads_not_listed::RULE,
    &stateless::vector_stores_kept::RULE,
    &stateless::video_model_deployed::RULE,
    &stateless::videos_kept::RULE,
    &pinned::web_grounding_connection::RULE,
    &contained::web_search_not_blocked::RULE,
];
// END GENERATED

/// Every call that some rule `asked` for needs: what is worth asking Azure.
pub fn needs(asked: impl Fn(&Rule) -> bool) -> BTreeSet<Operation> {
    RULES.iter().filter(|rule| asked(rule)).flat_map(|rule| rule.needs.iter().copied()).collect()
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_hostile_name_stays_one_word() {
        assert_eq!(shell_word("gpt-4.1_chat"), "gpt-4.1_chat");
        assert_eq!(shell_word("x; rm -rf ~"), "'x; rm -rf ~'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word("$(id)"), "'$(id)'");
        assert_eq!(shell_word(""), "''");
    }
}
