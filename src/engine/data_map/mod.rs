//! Snapshot × assessment → data map: which stores are there, which may be, and which are proven not to be.
//!
//! Rules have looked at most features already, so the map asks what they found instead of looking again; resources of the
//! customer, sinks of logs and counts of the data plane come from the snapshot. A store leaves the map only when something proves
//! that it is not there: what nobody can see is possible, and what could not be read is unknown.

mod communication;
mod own;
mod service;
mod telemetry;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::assessment::data_map::{
    Absent, Blind, DataMap, Due, Endpoints, Family, Place, Presence, Request, Row, Sheet,
};
use crate::assessment::{Assessment, ReadStatus};
use crate::gate::Exit;
use crate::knowledge::retention::Keeps;
use crate::knowledge::{regions, stores};
use crate::outcome::Outcome;
use crate::snapshot::{
    AccountFacts, Cause, Cloud, Gateways, Include, Listing, Read, Snapshot, Unavailable, last_segment,
};

/// What a rule said of an account, or of one of its deployments.
#[derive(Debug, Clone)]
struct Told {
    outcome: Outcome,
    message: String,
}

/// The map of everything a run saw. The assessment must be one without a policy file: no rule off, nothing waived.
pub fn data_map(snapshot: &Snapshot, assessment: &Assessment, request: Option<Request>) -> DataMap {
    let mut map = Builder::new(snapshot, assessment);
    for subscription in &snapshot.subscriptions {
        map.deleted_accounts(subscription, assessment);
        if asked_communication(snapshot) && !matches!(subscription.listing, Read::Known(Listing::Named)) {
            map.communication(subscription);
        }
        for facts in &subscription.accounts {
            map.account(subscription, facts);
        }
    }
    let tenants = tenants(snapshot);
    map.tenants(&tenants);
    let (mut rows, mut absent) = (map.rows.into_values().collect::<Vec<Row>>(), map.absent);
    // Already by kind and place: what is there comes first.
    rows.sort_by_cached_key(|row| (position(row.sheet), row.presence));
    absent.sort_by_cached_key(|own| (own.sheet.map(position), own.scope.to_ascii_lowercase()));
    let read = assessment.coverage.subscriptions.iter().all(|own| own.status != ReadStatus::Unreadable);
    let reached = assessment.coverage.reach.gaps.is_empty() && assessment.run.interrupted.is_none();
    let complete = read && reached && listed(snapshot) && rows.iter().all(|row| row.presence != Presence::Unknown);
    DataMap {
        run: assessment.run.clone(),
        coverage: assessment.coverage.clone(),
        complete,
        exit_code: if complete { Exit::Clean } else { Exit::Incomplete }.code(),
        accounts: assessment.summary.accounts,
        tenants,
        blind: blind(assessment, snapshot, &absent),
        rows,
        absent,
        request,
    }
}

/// The request of a worksheet, with its last days.
pub fn request(subject: String, received: Option<Date>) -> Request {
    let due = received
        .and_then(|day| Some(Due { gdpr: day.checked_add(1.month()).ok()?, ccpa: day.checked_add(45.days()).ok()? }));
    Request { subject, received, due }
}

/// Whether no row of an account list was unreadable: such a row is an account nobody knows the stores of.
fn listed(snapshot: &Snapshot) -> bool {
    snapshot.subscriptions.iter().all(|own| match &own.listing {
        Read::Known(Listing::Listed { unreadable }) => unreadable.is_empty(),
        Read::Known(Listing::Named) => true,
        Read::Unavailable(_) => false,
    })
}

fn asked_data_plane(snapshot: &Snapshot) -> bool {
    snapshot.subscriptions.iter().any(|own| own.accounts.iter().any(|facts| !facts.stores.is_empty()))
}

fn asked_communication(snapshot: &Snapshot) -> bool {
    snapshot.reach.asked.include.contains(&Include::Communication)
}

/// What is not looked at, and why that matters to a request.
fn blind(assessment: &Assessment, snapshot: &Snapshot, absent: &[Absent]) -> Vec<Blind> {
    let blind = |what: &str, why: &str| Blind { what: what.to_owned(), why: why.to_owned() };
    let mut all = Vec::new();
    if !asked_data_plane(snapshot) {
        all.push(blind(
            "What is in the stores of the service",
            "No API was asked, so that stores of the service are possible and not counted. Run with --data-plane to count them.",
        ));
    }
    for own in assessment.coverage.subscriptions.iter().filter(|own| own.status == ReadStatus::Unreadable) {
        let name = own.name.as_deref().unwrap_or("name unknown");
        all.push(blind(
            &format!("Subscription {name} ({})", own.id),
            "Its accounts could not be listed: every store in it is unknown.",
        ));
    }
    let reach = &assessment.coverage.reach;
    all.extend(reach.gaps.iter().map(|scope| blind(scope, "Its subscriptions could not be found.")));
    let excluded = reach.excluded_subscriptions.iter().map(|own| own.id.as_str());
    let excluded = excluded.chain(reach.excluded_accounts.iter().map(String::as_str));
    all.extend(excluded.map(|own| blind(own, "It was left out on request.")));
    let others: Vec<&str> = absent.iter().filter(|own| own.sheet.is_none()).map(|own| own.name.as_str()).collect();
    if !others.is_empty() {
        all.push(blind(
            &format!("Accounts of other AI services: {}", others.join(", ")),
            "They host no models. What speech, language, vision or document services keep is by rules of their own.",
        ));
    }
    if !asked_communication(snapshot) {
        all.push(blind(
            "Azure Communication Services and their events",
            "They were not read in this run: --include communication reads them.",
        ));
    }
    all.push(blind(
        "What your own applications keep",
        "Databases, logs and files of the applications that call the models are not seen from Azure's side of the API.",
    ));
    all
}

/// Position of a kind of store on the map.
fn position(sheet: &'static Sheet) -> usize {
    stores::sheets().position(|own| own.id == sheet.id).unwrap_or(usize::MAX)
}

/// The map under construction.
struct Builder<'a> {
    cloud: Cloud,
    finished_at: Timestamp,
    gateways: Gateways<'a>,
    told: HashMap<(String, &'static str), Vec<Told>>,
    rows: BTreeMap<(usize, String), Row>,
    absent: Vec<Absent>,
}

impl<'a> Builder<'a> {
    fn new(snapshot: &'a Snapshot, assessment: &Assessment) -> Self {
        let mut told: HashMap<(String, &'static str), Vec<Told>> = HashMap::new();
        assessment.results.iter().filter(|result| service::asks(result.rule)).for_each(|result| {
            let own = Told { outcome: result.outcome, message: result.message.clone() };
            told.entry((result.account_id.to_ascii_lowercase(), result.rule)).or_default().push(own);
        });
        Self {
            cloud: snapshot.cloud,
            finished_at: snapshot.finished_at,
            gateways: Gateways::of(&snapshot.subscriptions),
            told,
            rows: BTreeMap::new(),
            absent: Vec::new(),
        }
    }

    /// What the rule said of an account.
    fn told(&self, account: &str, rule: &'static str) -> &[Told] {
        self.told.get(&(account.to_ascii_lowercase(), rule)).map_or(&[], Vec::as_slice)
    }

    /// Puts a store on the map. What several accounts lead to is one store, as certain as the most certain of them says.
    fn put(&mut self, row: Row) {
        let key = (position(row.sheet), row.scope.to_ascii_lowercase());
        match self.rows.get_mut(&key) {
            None => drop(self.rows.insert(key, row)),
            Some(known) => {
                known.presence = known.presence.min(row.presence);
                let new = |all: &[String], one: &String| !all.contains(one);
                for why in row.why {
                    if new(&known.why, &why) {
                        known.why.push(why);
                    }
                }
                for account in row.used_by {
                    if new(&known.used_by, &account) {
                        known.used_by.push(account);
                    }
                }
            }
        }
    }

    fn absent(&mut self, sheet: &'static str, facts: &AccountFacts, why: impl Into<String>) {
        let (scope, name) = (facts.id.id.clone(), facts.id.name.clone());
        self.absent.push(Absent { sheet: stores::find(sheet), scope, name, why: why.into() });
    }

    /// A row on a store of the account itself.
    fn row_of(&self, sheet: &'static str, facts: &AccountFacts, presence: Presence, why: Vec<String>) -> Option<Row> {
        let sheet = stores::find(sheet)?;
        let place = match elsewhere(sheet) {
            None => place(&facts.id.name, facts.location()),
            Some(words) => Place { geography: Some(words.to_owned()), ..place(&facts.id.name, None) },
        };
        let endpoints = endpoints(facts, self.cloud);
        Some(Row { place, endpoints, ..self.row(sheet, facts.id.id.clone(), presence, why) })
    }

    fn row(&self, sheet: &'static Sheet, scope: String, presence: Presence, why: Vec<String>) -> Row {
        let hours = match sheet.clock().map(|clock| clock.keeps) {
            Some(Keeps::Hours(hours)) => Some(SignedDuration::from_hours(hours.into())),
            Some(Keeps::UntilDeleted | Keeps::AsConfigured | Keeps::NotDocumented) | None => None,
        };
        Row {
            sheet,
            place: place(last_segment(&scope), None),
            scope,
            presence,
            why,
            count: None,
            keeps: sheet.keeps(),
            gone_by: hours.and_then(|hours| self.finished_at.checked_add(hours).ok()),
            used_by: Vec::new(),
            endpoints: Endpoints::default(),
        }
    }

    /// What a tenant as a whole keeps.
    fn tenants(&mut self, tenants: &[String]) {
        let unnamed = ["of the subscriptions".to_owned()];
        for tenant in if tenants.is_empty() { &unnamed } else { tenants } {
            for sheet in stores::sheets().filter(|own| own.family == Family::Tenant) {
                let scope = format!("/tenants/{tenant}");
                let mut row = self.row(sheet, scope, Presence::Possible, vec![sheet.unseen.to_owned()]);
                row.place = Place {
                    name: format!("tenant {tenant}"),
                    location: None,
                    geography: Some("geography of the tenant".to_owned()),
                };
                self.put(row);
            }
        }
    }
}

/// Tenants of the subscriptions and of whoever read them, sorted.
fn tenants(snapshot: &Snapshot) -> Vec<String> {
    let records = snapshot.subscriptions.iter().filter_map(|own| own.record.get_ref());
    let records = records.filter_map(|record| record.string("/tenantId").ok().flatten());
    let principals = std::iter::once(&snapshot.principal).chain(&snapshot.reach.principals);
    let principals = principals.filter_map(|own| own.tenant_id.as_deref());
    let mut all: Vec<String> = records.chain(principals).map(str::to_ascii_lowercase).collect();
    all.sort();
    all.dedup();
    all
}

/// Where the data of a feature rests, when that is not where the account is.
fn elsewhere(sheet: &Sheet) -> Option<&'static str> {
    match (sheet.family, sheet.id) {
        (Family::Elsewhere, _) => Some("not where the account is: as the operator says"),
        (_, "agent-365") => Some("geography of the tenant, not of the account"),
        (
            Family::Service
            | Family::Own
            | Family::Gateway
            | Family::Telemetry
            | Family::Communication
            | Family::Tenant,
            _,
        ) => None,
    }
}

/// A place by name and region.
fn place(name: &str, location: Option<&str>) -> Place {
    let region = location.and_then(regions::find);
    Place {
        name: name.to_owned(),
        location: location.map(|own| region.map_or(own, |region| region.name).to_owned()),
        geography: region.map(|region| region.geography.to_owned()),
    }
}

/// Why a fact is missing, as a sentence; the detail is Azure's own words.
fn unread(what: &str, why: &Unavailable) -> String {
    match &why.cause {
        Cause::Forbidden { action } => format!("{what} could not be read: the right {action} is missing."),
        cause => format!("{what} could not be read ({}).", cause.as_str()),
    }
}

/// Where the data plane of an account is, as far as its answers say. Names that are no host names are left out.
fn endpoints(facts: &AccountFacts, cloud: Cloud) -> Endpoints {
    let (models, projects) = match cloud {
        Cloud::Public => ("openai.azure.com", "services.ai.azure.com"),
        Cloud::UsGov => ("openai.azure.us", "services.ai.azure.us"),
        Cloud::China => ("openai.azure.cn", "services.ai.azure.cn"),
    };
    let plain =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let account = facts.account().ok();
    let subdomain = account.and_then(|own| own.0.string("/properties/customSubDomainName").ok().flatten());
    let Some(subdomain) = subdomain.filter(|name| plain(name)) else { return Endpoints::default() };
    let names = facts.project_facts.iter().map(|project| last_segment(&project.id)).filter(|name| plain(name));
    Endpoints {
        account: Some(format!("https://{subdomain}.{models}")),
        projects: names.map(|name| format!("https://{subdomain}.{projects}/api/projects/{name}")).collect(),
    }
}
