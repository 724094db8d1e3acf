//! What a privacy officer has to know of each kind of store that may hold personal data, as one sheet: what it holds, who keeps
//! it, how long, and how each of the six steps of a data subject request is done, by whom, or why nobody can do it.
//!
//! The steps are those of Microsoft's guide to data subject requests in Azure. Wording is ours; what it rests on is named by
//! registered [`statements`]. Paths known from references only were not tried against a live service.

mod agents;
mod communication;
mod elsewhere;
mod own;
mod service;
mod telemetry;

use super::retention::{CLOCKS, Clock};
use super::statements::{self, Statement};

/// Where a store belongs, in the order of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Kept by the model service itself.
    Service,
    /// Kept in resources of the customer that agents and features write to.
    Own,
    /// Kept by a gateway in front of the service.
    Gateway,
    /// Logs, traces and alerts.
    Telemetry,
    /// Handed to somebody else, or to another service of Microsoft.
    Elsewhere,
    /// Azure Communication Services and its events.
    Communication,
    /// Kept for the tenant as a whole.
    Tenant,
}

impl Family {
    /// Every family, in the order of the map.
    pub const ALL: [Self; 7] =
        [Self::Service, Self::Own, Self::Gateway, Self::Telemetry, Self::Elsewhere, Self::Communication, Self::Tenant];

    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Own => "own",
            Self::Gateway => "gateway",
            Self::Telemetry => "telemetry",
            Self::Elsewhere => "elsewhere",
            Self::Communication => "communication",
            Self::Tenant => "tenant",
        }
    }

    /// Heading for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Service => "In the model service",
            Self::Own => "In your own resources",
            Self::Gateway => "In gateways",
            Self::Telemetry => "In logs, traces and alerts",
            Self::Elsewhere => "Elsewhere: other services and other companies",
            Self::Communication => "In Communication Services",
            Self::Tenant => "In the tenant",
        }
    }
}

/// Who keeps a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keeper {
    /// Microsoft, inside the service.
    Microsoft,
    /// The customer, in a resource of its own.
    Customer,
    /// Another company.
    Other,
}

impl Keeper {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Microsoft => "microsoft",
            Self::Customer => "customer",
            Self::Other => "other",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Microsoft => "Microsoft-managed",
            Self::Customer => "your own resource",
            Self::Other => "another operator",
        }
    }
}

/// Whether a store can hold personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Personal {
    /// It is made to.
    ByDesign,
    /// It does when prompts, answers or files do.
    LikeContent,
    /// Identifiers, not content.
    Identifiers,
}

impl Personal {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByDesign => "by-design",
            Self::LikeContent => "like-content",
            Self::Identifiers => "identifiers",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::ByDesign => "yes, by design",
            Self::LikeContent => "yes, if prompts, answers or files contain any",
            Self::Identifiers => "identifiers of people (accounts, addresses, numbers), seldom content",
        }
    }
}

/// The six steps of the guide, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Find it.
    Discover,
    /// Look at it and copy it.
    Access,
    /// Correct it.
    Rectify,
    /// Stop it from being processed.
    Restrict,
    /// Remove it.
    Delete,
    /// Hand it over in a form machines read.
    Export,
}

impl Action {
    /// Every step, in the order of the guide.
    pub const ALL: [Self; 6] =
        [Self::Discover, Self::Access, Self::Rectify, Self::Restrict, Self::Delete, Self::Export];

    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discover => "discover",
            Self::Access => "access",
            Self::Rectify => "rectify",
            Self::Restrict => "restrict",
            Self::Delete => "delete",
            Self::Export => "export",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Discover => "Discover",
            Self::Access => "Access",
            Self::Rectify => "Rectify",
            Self::Restrict => "Restrict",
            Self::Delete => "Delete",
            Self::Export => "Export",
        }
    }
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The customer, with a call, a command or the portal.
    Customer,
    /// A tenant administrator, who has Microsoft do it through User privacy in the portal.
    Portal,
    /// Somebody else, on request.
    Other,
    /// Nobody: it cannot be done.
    Nobody,
}

impl Actor {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Portal => "microsoft-through-portal",
            Self::Other => "other-on-request",
            Self::Nobody => "nobody",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Customer => "you",
            Self::Portal => "tenant administrator, through User privacy in the portal",
            Self::Other => "somebody else, at your request",
            Self::Nobody => "nobody can",
        }
    }
}

/// How one step is done in one kind of store.
///
/// `{account}` and `{project}` stand for the endpoints of an account and a Foundry project, `{id}` for the ARM id of the resource;
/// `{arg:SUFFIX}` is that id with a suffix as one word of a shell command; `{name}`, `{group}`, `{location}` and `{subscription}`
/// are its parts. What stands between backticks is to be taken literally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Who acts.
    pub actor: Actor,
    /// How; why not, when nobody can.
    pub how: &'static str,
}

/// How long a store keeps what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// As the retention clock of this store says.
    Clock(&'static str),
    /// In these words.
    Said(&'static str),
}

/// One kind of store.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Stable word for reports.
    pub id: &'static str,
    /// Where it belongs.
    pub family: Family,
    /// Name for people.
    pub title: &'static str,
    /// What is in it.
    pub holds: &'static str,
    /// Who keeps it.
    pub keeper: Keeper,
    /// Whether it can hold personal data.
    pub personal: Personal,
    /// How long.
    pub keeping: Keeping,
    /// Kinds of stores the data plane counts that are kept here, by their stable words.
    pub counted: &'static [&'static str],
    /// Why nobody can see from Azure Resource Manager what is in it.
    pub unseen: &'static str,
    /// The steps, in the order of [`Action::ALL`].
    pub steps: [Step; 6],
    /// What cannot be done, and why; empty when every step can.
    pub cannot: &'static str,
    /// Ids of the statements it rests on.
    pub statements: &'static [&'static str],
}

impl Sheet {
    /// How one step is done.
    pub fn step(&self, action: Action) -> &Step {
        match action {
            Action::Discover => &self.steps[0],
            Action::Access => &self.steps[1],
            Action::Rectify => &self.steps[2],
            Action::Restrict => &self.steps[3],
            Action::Delete => &self.steps[4],
            Action::Export => &self.steps[5],
        }
    }

    /// The retention clock, when there is one.
    pub fn clock(&self) -> Option<&'static Clock> {
        match self.keeping {
            Keeping::Clock(store) => CLOCKS.iter().find(|clock| clock.store == store),
            Keeping::Said(_) => None,
        }
    }

    /// How long, in words.
    pub fn keeps(&self) -> String {
        match (self.keeping, self.clock()) {
            (Keeping::Said(words), _) => words.to_owned(),
            (Keeping::Clock(_), Some(clock)) => clock.keeps.words().into_owned(),
            (Keeping::Clock(_), None) => super::retention::Keeps::NotDocumented.words().into_owned(),
        }
    }

    /// The statements it rests on.
    pub fn statements(&self) -> impl Iterator<Item = &'static Statement> + use<> {
        self.statements.iter().filter_map(|id| statements::find(id))
    }

    /// Who has to act for a request as a whole: everybody who acts in some step.
    pub fn actors(&self) -> Vec<Actor> {
        let acts = |actor: &Actor| self.steps.iter().any(|step| step.actor == *actor);
        let all: Vec<Actor> = [Actor::Customer, Actor::Portal, Actor::Other].into_iter().filter(acts).collect();
        if all.is_empty() { vec![Actor::Nobody] } else { all }
    }
}

const fn you(how: &'static str) -> Step {
    Step { actor: Actor::Customer, how }
}

const fn portal(how: &'static str) -> Step {
    Step { actor: Actor::Portal, how }
}

const fn ask(how: &'static str) -> Step {
    Step { actor: Actor::Other, how }
}

const fn nobody(why: &'static str) -> Step {
    Step { actor: Actor::Nobody, how: why }
}

/// What is written once and never changed is corrected by writing it anew.
const WRITE_ANEW: Step = you("No call changes an item: delete it and create it again with the corrected content.");

/// Every kind of store, by family.
pub fn sheets() -> impl Iterator<Item = &'static Sheet> {
    let all = [
        service::ALL,
        agents::ALL,
        own::ALL,
        telemetry::GATEWAY,
        telemetry::ALL,
        elsewhere::ALL,
        communication::ALL,
        elsewhere::TENANT,
    ];
    all.into_iter().flatten()
}

/// The kind of store with this id.
pub fn find(id: &str) -> Option<&'static Sheet> {
    sheets().find(|own| own.id == id)
}

/// Names of what relies on a statement: titles of kinds of stores, of time limits and of principles.
pub fn uses(statement: &str) -> impl Iterator<Item = &'static str> {
    let sheets = sheets().filter(move |own| own.statements.contains(&statement)).map(|own| own.title);
    let limits = LIMITS.iter().filter(move |own| own.statement == statement).map(|own| own.what);
    let principles = PRINCIPLES.iter().filter(move |own| own.1 == statement).map(|_| "every request");
    sheets.chain(limits).chain(principles)
}

/// A time limit of the law or of Microsoft that a data subject request meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What it is about.
    pub what: &'static str,
    /// How long.
    pub time: &'static str,
    /// Statement it rests on.
    pub statement: &'static str,
}

/// Every time limit.
pub const LIMITS: &[Limit] = &[
    Limit {
        what: "Answer to a request under the GDPR",
        time: "one month after receipt; it can be extended by two further months, when the person is told so with reasons within the first",
        statement: "gdpr-one-month",
    },
    Limit {
        what: "Answer to a request under the CCPA",
        time: "45 days after receipt; it can be extended once by 45 days, when the person is told so within the first",
        statement: "ccpa-forty-five-days",
    },
    Limit {
        what: "Export that Microsoft makes (User privacy in the portal)",
        time: "can take up to one month: ask for it on the day the request arrives",
        statement: "dsr-export-month",
    },
    Limit {
        what: "Deletion of a user in the directory",
        time: "the account is disabled for 30 days, then deleted; account and system-generated logs are expunged within 30 days after \
               the permanent deletion",
        statement: "dsr-soft-delete",
    },
    Limit {
        what: "Deleted model account",
        time: "can be recovered for 48 hours, unless it is purged",
        statement: "deleted-accounts-recoverable",
    },
    Limit {
        what: "Ended subscription",
        time: "kept for 90 days in limited function, then deleted within another 90 days",
        statement: "subscription-end",
    },
];

/// What a request means for every store alike.
pub const PRINCIPLES: &[(&str, &str)] = &[
    (
        "A request is carried out in one tenant. People who are known in several tenants have data in each, and each tenant acts \
         for itself.",
        "dsr-tenant-scope",
    ),
    (
        "Deleting or exporting a user in the portal does not reach what a service keeps: the steps of each store come in addition.",
        "dsr-in-addition",
    ),
    (
        "Microsoft's own logs can be exported and deleted, and neither corrected nor restricted.",
        "dsr-logs-not-rectified",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn sheets_are_told_apart_and_in_the_order_of_families() {
        let ids: BTreeSet<&str> = sheets().map(|own| own.id).collect();
        assert_eq!(ids.len(), sheets().count());
        let families: Vec<Family> = sheets().map(|own| own.family).collect();
        assert!(families.is_sorted(), "{families:?}");
    }

    #[test]
    fn every_claim_is_registered_and_every_clock_is_there() {
        for own in sheets() {
            assert!(!own.statements.is_empty(), "{} has no source", own.id);
            for id in own.statements {
                assert!(statements::find(id).is_some(), "{}: {id}", own.id);
            }
            assert!(matches!(own.keeping, Keeping::Said(_)) || own.clock().is_some(), "{}", own.id);
        }
        for id in LIMITS.iter().map(|own| own.statement).chain(PRINCIPLES.iter().map(|own| own.1)) {
            assert!(statements::find(id).is_some(), "{id}");
        }
    }

    #[test]
    fn every_clock_that_keeps_content_has_a_sheet() {
        let with: BTreeSet<&str> = sheets().filter_map(Sheet::clock).map(|clock| clock.store).collect();
        let without: Vec<&str> = CLOCKS.iter().map(|clock| clock.store).filter(|store| !with.contains(store)).collect();
        assert_eq!(without, [] as [&str; 0]);
    }

    #[test]
    fn what_nobody_can_do_is_said_with_its_reason() {
        for own in sheets() {
            let impossible = own.steps.iter().any(|step| step.actor == Actor::Nobody);
            assert!(!impossible || !own.cannot.is_empty(), "{}", own.id);
            for text in own.steps.iter().map(|step| step.how).chain([own.holds, own.unseen, own.title]) {
                assert!(!text.is_empty() && !text.contains("  "), "{}: {text:?}", own.id);
            }
            assert!(own.steps.iter().all(|step| step.how.ends_with('.')), "{}", own.id);
        }
    }
}
