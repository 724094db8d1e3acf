//! Stores of the service: what rules found, what was counted, and what is possible because nobody can see it.

use super::{Builder, Told, unread};
use crate::assessment::Assessment;
use crate::assessment::data_map::{Absent, Count, Place, Presence};
use crate::engine::NO_MODELS;
use crate::knowledge::models::{PromptCache, prompt_cache};
use crate::knowledge::stores;
use crate::outcome::Outcome;
use crate::snapshot::{AccountFacts, Deployment, Read, StoreFacts, StoreKind, Subscription, last_segment};

/// What it means for a store when no rule found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Otherwise {
    /// It is not there.
    Absent,
    /// It can still be: nothing in Azure Resource Manager would show it.
    Possible(&'static str),
}

/// What the rules say about one store.
struct Sign {
    sheet: &'static str,
    /// The rules, and what a failure of each means: the store is there, or it can be.
    rules: &'static [(&'static str, Presence)],
    /// What an open question means; [`None`] that the store is not there.
    manual: Option<Presence>,
    /// What a pass means, and a rule that does not apply.
    pass: Otherwise,
    /// What a proof of absence does not cover.
    residue: &'static str,
}

const fn sign(sheet: &'static str, rules: &'static [(&'static str, Presence)]) -> Sign {
    Sign { sheet, rules, manual: Some(Presence::Possible), pass: Otherwise::Absent, residue: "" }
}

/// Files of earlier jobs and models outlive their deployments, and earlier content outlives a switch.
const EARLIER_BATCHES: &str = "No deployment runs batch jobs now; files of earlier jobs would still be there.";
const EARLIER_TUNING: &str =
    "No fine-tuned model is deployed; training files, jobs and models that are not deployed would still be there.";
const EARLIER_COMPLETIONS: &str =
    "Storing is switched off on the account; completions that were stored before would still be there.";

/// What was there before it was turned off, or removed.
const NOTHING_NEW: &str = "Nothing new is stored; what was stored before is shown by no call and runs out.";
const LAST_DAY: &str = "What a model made that was removed within the last 24 hours could still be there.";

const DELETED: &str = "It was deleted and can still be recovered.";

const FOUND: Presence = Presence::Found;
const POSSIBLE: Presence = Presence::Possible;

/// Every store that rules speak about.
const SIGNS: &[Sign] = &[
    Sign { residue: NOTHING_NEW, ..sign("abuse-monitoring", &[("abuse-monitoring-storage-on", POSSIBLE)]) },
    Sign {
        pass: Otherwise::Possible(EARLIER_COMPLETIONS),
        ..sign("stored-completions", &[("stored-completions-enabled", POSSIBLE)])
    },
    Sign { pass: Otherwise::Possible(EARLIER_BATCHES), ..sign("batch-files", &[("batch-deployment", POSSIBLE)]) },
    Sign { pass: Otherwise::Possible(EARLIER_TUNING), ..sign("fine-tuning", &[("fine-tuned-deployment", FOUND)]) },
    Sign { manual: None, ..sign("agent-stores", &[("agents-basic-setup", POSSIBLE)]) },
    sign("hosted-agent-home", &[("hosted-agent-deployed", FOUND)]),
    sign("memory", &[("memory-stores-kept", POSSIBLE)]),
    Sign { residue: LAST_DAY, ..sign("videos", &[("video-model-deployed", POSSIBLE)]) },
    Sign { residue: LAST_DAY, ..sign("images", &[("image-links-kept", POSSIBLE)]) },
    sign("prompt-cache", &[("prompt-cache-kept-by-default", POSSIBLE), ("prompt-cache-extended-on-request", POSSIBLE)]),
    sign("context-cache", &[("context-cache-container", FOUND)]),
    sign("blocklists", &[("blocklist-stored", FOUND)]),
    sign("other-services", &[("other-services-keep-content", POSSIBLE)]),
    sign("anthropic", &[("claude-files-kept-by-anthropic", POSSIBLE)]),
    sign("agent-365", &[("agent-365-logging-on", POSSIBLE)]),
    sign("safety-provider", &[("external-safety-provider", FOUND)]),
    sign("other-operator", &[("third-party-tool-connection", FOUND), ("fireworks-model-deployed", FOUND)]),
    sign("web-search", &[("web-grounding-connection", FOUND), ("web-search-not-blocked", POSSIBLE)]),
];

/// Stores of every account that hosts models: no setting turns them off, and no resource shows them.
const ALWAYS: &[&str] =
    &["responses", "files", "vector-stores", "evaluations", "containers", "threads", "conversations"];

/// Rules that other parts of the map ask.
const FURTHER: &[&str] = &[
    "deleted-account-recoverable",
    "defender-prompt-evidence",
    "purview-prompt-sharing",
    "gateway-logs-prompts",
    "gateway-logs-bodies",
    "gateway-keeps-prompts-in-cache",
];

/// Whether the map wants to know what a rule said.
pub(super) fn asks(rule: &str) -> bool {
    SIGNS.iter().flat_map(|sign| sign.rules).map(|(own, _)| own).chain(FURTHER).any(|own| *own == rule)
}

/// What counting found in the stores of one kind.
enum Counted {
    /// Nobody asked.
    NotAsked,
    /// Something.
    Some(Count, Vec<String>),
    /// Nothing.
    Nothing,
    /// Nothing of what can be listed, which is not all there can be.
    NoneListed,
    /// Not everything that was asked answered.
    Unread(String),
}

impl Builder<'_> {
    /// Every store of an account and of what it leads to.
    pub(super) fn account(&mut self, subscription: &Subscription, facts: &AccountFacts) {
        let unhosted = |told: &Told| told.outcome == Outcome::NotApplicable && told.message == NO_MODELS;
        if self.told(&facts.id.id, "abuse-monitoring-storage-on").iter().any(unhosted) {
            let why = "The account hosts no models, by its kind and its deployments.".to_owned();
            let (scope, name) = (facts.id.id.clone(), facts.id.name.clone());
            self.absent.push(Absent { sheet: None, scope, name, why });
            return;
        }
        for sheet in ALWAYS {
            let unseen = stores::find(sheet).map_or("", |sheet| sheet.unseen);
            self.settle(sheet, facts, Some((Presence::Possible, vec![unseen.to_owned()])), "");
        }
        for sign in SIGNS {
            let (says, proof) = self.read_sign(sign, &facts.id.id);
            self.settle(sign.sheet, facts, says, &proof);
        }
        self.gateways(facts);
        self.telemetry(subscription, facts);
        self.own_stores(subscription, facts);
    }

    /// What the rules of a sign say; nothing when they prove that the store is not there, and what proves it.
    fn read_sign(&self, sign: &Sign, account: &str) -> (Option<(Presence, Vec<String>)>, String) {
        let told: Vec<(&Told, Presence)> = sign
            .rules
            .iter()
            .flat_map(|(rule, fail)| self.told(account, rule).iter().map(|told| (told, *fail)))
            .collect();
        let unseen = stores::find(sign.sheet).map_or("", |sheet| sheet.unseen);
        let means = |(told, fail): &(&Told, Presence)| match told.outcome {
            Outcome::Fail | Outcome::Waived => Some(*fail),
            Outcome::Unknown => Some(Presence::Unknown),
            Outcome::Manual | Outcome::Attested => sign.manual,
            Outcome::Pass | Outcome::NotApplicable => None,
        };
        let presence = told.iter().filter_map(means).min();
        let mut why: Vec<String> =
            told.iter().filter(|own| means(own).is_some()).map(|(told, _)| sentence(&told.message)).collect();
        why.sort();
        why.dedup();
        match presence {
            Some(Presence::Unknown) => (Some((Presence::Unknown, why)), String::new()),
            Some(presence) => {
                why.push(unseen.to_owned());
                (Some((presence, why)), String::new())
            }
            None => match sign.pass {
                Otherwise::Possible(why) => (Some((Presence::Possible, vec![why.to_owned()])), String::new()),
                Otherwise::Absent => (None, proof(told.into_iter().map(|(told, _)| told), sign.residue)),
            },
        }
    }

    /// Puts a store of an account on the map, or says why it is not there. What was counted wins over what a setting suggests.
    fn settle(
        &mut self,
        sheet: &'static str,
        facts: &AccountFacts,
        says: Option<(Presence, Vec<String>)>,
        proof: &str,
    ) {
        let (presence, why, count) = match (counted(sheet, facts), says) {
            (Counted::Some(count, found), says) => {
                let also = says.filter(|(presence, _)| *presence == Presence::Found).map(|(_, why)| why);
                (Presence::Found, found.into_iter().chain(also.into_iter().flatten()).collect(), Some(count))
            }
            (Counted::Unread(why), _) => (Presence::Unknown, vec![why], None),
            (Counted::Nothing, Some((Presence::Possible | Presence::Unknown, _)) | None) => {
                return self.absent(sheet, facts, "The data plane was asked, and held none at that time.");
            }
            (Counted::NoneListed, Some((presence, why))) => {
                let none = "The data plane lists none, which does not prove it.".to_owned();
                (presence, std::iter::once(none).chain(why).collect(), None)
            }
            (Counted::Nothing | Counted::NotAsked, Some((presence, why))) => (presence, why, None),
            (Counted::NoneListed | Counted::NotAsked, None) => return self.absent(sheet, facts, proof),
        };
        if let Some(mut row) = self.row_of(sheet, facts, presence, why) {
            row.count = count;
            if sheet == "prompt-cache" && caches_without_end(facts) {
                row.gone_by = None;
                "at least half an hour; no end is documented for the newest models".clone_into(&mut row.keeps);
            }
            self.put(row);
        }
    }

    /// Accounts that were deleted and can be recovered.
    pub(super) fn deleted_accounts(&mut self, subscription: &Subscription, assessment: &Assessment) {
        let (Some(sheet), scope) = (stores::find("deleted-account"), format!("/subscriptions/{}", subscription.id))
        else {
            return;
        };
        let name = subscription.name().unwrap_or(&subscription.id).to_owned();
        let own = |id: &str| id.to_ascii_lowercase().starts_with(&format!("{}/", scope.to_ascii_lowercase()));
        for clock in assessment.clocks.iter().filter(|clock| clock.store == "deleted-account" && own(&clock.scope)) {
            let mut row = self.row(sheet, clock.scope.clone(), Presence::Found, vec![DELETED.to_owned()]);
            row.gone_by = clock.gone_by;
            row.place.location = segment(&clock.scope, "locations").map(str::to_owned);
            self.put(row);
        }
        for told in self.told(&scope, "deleted-account-recoverable").to_vec() {
            match told.outcome {
                Outcome::Unknown => {
                    let mut row = self.row(sheet, scope.clone(), Presence::Unknown, vec![sentence(&told.message)]);
                    row.place = Place { name: name.clone(), ..Place::default() };
                    self.put(row);
                }
                Outcome::Pass => {
                    let (scope, name, why) = (scope.clone(), name.clone(), sentence(&told.message));
                    self.absent.push(Absent { sheet: Some(sheet), scope, name, why });
                }
                Outcome::Fail | Outcome::Manual | Outcome::Waived | Outcome::Attested | Outcome::NotApplicable => {}
            }
        }
    }
}

/// Whether a model of the account keeps prompts in its cache for a time without a documented end, as far as its models are known.
fn caches_without_end(facts: &AccountFacts) -> bool {
    let rows = facts.deployments.get_ref().map_or(&[][..], |list| &list.rows);
    let deployments = rows.iter().filter_map(Read::get_ref).map(Deployment);
    let endless = |name: &str| prompt_cache(name) == PromptCache::HalfHourOrMore;
    deployments.into_iter().any(|own| {
        let routed = own.routing_models().ok().flatten().unwrap_or_default();
        own.model_name().is_ok_and(endless) || routed.iter().filter_map(|model| model.name).any(endless)
    })
}

/// What the data plane counted for a kind of store, over the account and its projects.
fn counted(sheet: &str, facts: &AccountFacts) -> Counted {
    let words = stores::find(sheet).map_or(&[][..], |sheet| sheet.counted);
    let mut total = Count { items: 0, more: false, oldest: None };
    let (mut said, mut missing, mut asked, mut lists) = (Vec::new(), None, false, false);
    for store in
        StoreKind::ALL.into_iter().filter(|kind| words.contains(&kind.as_str())).flat_map(|kind| facts.stores_of(kind))
    {
        asked = true;
        lists |= lists_all(store.kind);
        let where_ = store
            .project
            .as_deref()
            .map_or_else(|| "in the account".to_owned(), |project| format!("in project {}", last_segment(project)));
        match store.facts() {
            Err(why) => missing = Some(unread(&format!("{} {where_}", store.kind.as_str()), &why)),
            Ok(found) if found.is_empty() => {}
            Ok(found) => {
                total.items += found.count;
                total.more |= found.more;
                total.oldest = [total.oldest, found.oldest].into_iter().flatten().min();
                said.push(in_words(store.kind, found, &where_));
            }
        }
    }
    match (asked, total.items > 0 || total.more, missing) {
        (false, ..) => Counted::NotAsked,
        (true, true, missing) => Counted::Some(total, said.into_iter().chain(missing).collect()),
        (true, false, Some(why)) => Counted::Unread(why),
        (true, false, None) if lists => Counted::Nothing,
        (true, false, None) => Counted::NoneListed,
    }
}

/// Whether an empty list of this kind proves that the store is empty. Threads stay when assistants go, conversations when agents
/// do; and a tuned model when its job is gone from the list.
fn lists_all(kind: StoreKind) -> bool {
    match kind {
        StoreKind::Files
        | StoreKind::Batches
        | StoreKind::VectorStores
        | StoreKind::StoredCompletions
        | StoreKind::Evaluations
        | StoreKind::AgentSessions
        | StoreKind::MemoryStores
        | StoreKind::Videos
        | StoreKind::Containers => true,
        StoreKind::FineTuningJobs
        | StoreKind::FineTuningCheckpoints
        | StoreKind::Assistants
        | StoreKind::Conversations
        | StoreKind::Agents => false,
    }
}

fn in_words(kind: StoreKind, found: &StoreFacts, place: &str) -> String {
    let mut text = format!("{} {} {place}", found.count_text(), kind.as_str().replace('-', " "));
    if let Some(oldest) = found.oldest {
        text = format!("{text}, the oldest of {}", oldest.strftime("%Y-%m-%d"));
    }
    if let Some(number) = found.without_expiry.filter(|number| *number > 0) {
        text = format!("{text}, {number} without an end");
    }
    format!("{text}.")
}

/// What proves that a store is not there, said once, and what that does not cover.
fn proof<'t>(told: impl Iterator<Item = &'t Told>, residue: &str) -> String {
    let mut all: Vec<String> = told.map(|told| sentence(&told.message)).collect();
    all.sort();
    all.dedup();
    if all.is_empty() {
        all.push("The account has no deployment that could keep any.".to_owned());
    }
    all.extend(Some(residue).filter(|text| !text.is_empty()).map(str::to_owned));
    all.join(" ")
}

/// A message of a rule as a sentence.
pub(super) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    // A name keeps its spelling: only a plain word starts with a capital.
    let plain = message.split(' ').next().is_some_and(|word| word.chars().all(|c| c.is_ascii_lowercase()));
    let first = letters.next().map(|c| if plain { c.to_ascii_uppercase() } else { c });
    let first = first.map(String::from).unwrap_or_default();
    let end = if message.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

fn segment<'t>(id: &'t str, after: &str) -> Option<&'t str> {
    let mut segments = id.split('/');
    segments.find(|own| own.eq_ignore_ascii_case(after)).and_then(|_| segments.next())
}
