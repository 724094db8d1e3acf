//! Where personal data may be, store by store: what a data subject request has to go through.
//!
//! Computed once, like the assessment it stands beside. A store is on the map until something proves that it is not there.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Coverage, Run};
use crate::knowledge::statements::{self, Statement};
pub use crate::knowledge::stores::{Action, Actor, Family, Keeper, LIMITS, Limit, PRINCIPLES, Personal, Sheet, Step};

/// The map.
#[derive(Debug, Clone, PartialEq)]
pub struct DataMap {
    /// What was read, by whom. Its policy means nothing here.
    pub run: Run,
    /// What was read and what was not.
    pub coverage: Coverage,
    /// Whether everything the map depends on could be read.
    pub complete: bool,
    /// Exit code of the program for this map.
    pub exit_code: u8,
    /// Accounts in scope.
    pub accounts: usize,
    /// Tenants of the subscriptions and of whoever read them.
    pub tenants: Vec<String>,
    /// One entry per store and place, by family, kind of store and place.
    pub rows: Vec<Row>,
    /// Stores that are proven not to be there, in the same order.
    pub absent: Vec<Absent>,
    /// What this map does not look at.
    pub blind: Vec<Blind>,
    /// The request it is filled in for, when there is one.
    pub request: Option<Request>,
}

/// One store in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The kind of store: what it holds, and how each step is done.
    pub sheet: &'static Sheet,
    /// ARM id of the resource: the account, a resource of the customer, a subscription or the tenant.
    pub scope: String,
    /// Where it lives, for people; may contain remote text.
    pub place: Place,
    /// How certain it is that it is there.
    pub presence: Presence,
    /// Why that is said, in sentences; may contain remote text.
    pub why: Vec<String>,
    /// Items in it, when they were counted.
    pub count: Option<Count>,
    /// How long it keeps what is in it, here.
    pub keeps: String,
    /// When it will be purged, or when content written at the end of the run would be gone.
    pub gone_by: Option<Timestamp>,
    /// ARM ids of the accounts that use it, when it is a resource of its own.
    pub used_by: Vec<String>,
    /// What the paths of its steps start with.
    pub endpoints: Endpoints,
}

/// Where a store lives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Name of the resource.
    pub name: String,
    /// Region as Azure names it, when readable.
    pub location: Option<String>,
    /// Geography of the region, or where else the data rests.
    pub geography: Option<String>,
}

/// Items of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub items: u64,
    /// Whether counting ended at its limit: there are more.
    pub more: bool,
    /// When the oldest was made, when that is shown.
    pub oldest: Option<Timestamp>,
}

/// Endpoints of the data plane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Of the account: `https://name.openai.azure.com`.
    pub account: Option<String>,
    /// Of its Foundry projects: `https://name.services.ai.azure.com/api/projects/project`.
    pub projects: Vec<String>,
}

/// How certain it is that a store is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// It is.
    Found,
    /// What would tell could not be read.
    Unknown,
    /// Nobody can see, or nobody asked.
    Possible,
}

impl Presence {
    /// Every state, the most certain first.
    pub const ALL: [Self; 3] = [Self::Found, Self::Unknown, Self::Possible];

    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Unknown => "unknown",
            Self::Possible => "possible",
        }
    }
}

/// A store that is proven not to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// The kind of store; none when the account cannot have any.
    pub sheet: Option<&'static Sheet>,
    /// ARM id of the account or subscription.
    pub scope: String,
    /// Name of it.
    pub name: String,
    /// What proves it; may contain remote text.
    pub why: String,
}

/// Something the map does not look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blind {
    /// What; may contain remote text.
    pub what: String,
    /// Why, and what to do about it.
    pub why: String,
}

/// A data subject request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Name or reference, as the operator gave it; hostile like every other text.
    pub subject: String,
    /// When it was received, if that was given.
    pub received: Option<Date>,
    /// Last day for an answer under the GDPR and the CCPA.
    pub due: Option<Due>,
}

/// Last days for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// One month after receipt (GDPR, Article 12(3)).
    pub gdpr: Date,
    /// 45 days after receipt (CCPA).
    pub ccpa: Date,
}

impl DataMap {
    /// Rows of this certainty.
    pub fn count(&self, presence: Presence) -> usize {
        self.rows.iter().filter(|row| row.presence == presence).count()
    }
}

/// What stands behind something the map says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Id of the statement.
    pub id: &'static str,
    /// What is claimed.
    pub claim: &'static str,
    /// Title of the page.
    pub title: &'static str,
    /// Its address.
    pub url: &'static str,
    /// The date it carries, or the day it was read.
    pub date: &'static str,
    /// Whether the date is the page's own.
    pub dated: bool,
    /// What kind of source it is, in a word.
    pub standing: &'static str,
    /// What other pages say against it.
    pub against: Vec<Self>,
}

/// What stands behind statements.
pub fn grounds<'a>(ids: impl IntoIterator<Item = &'a &'static str>) -> Vec<Ground> {
    let own = |id: &&'static str| {
        let found = statements::find(id)?;
        let against = statements::contradictions(found).into_iter().map(|other| ground(other, Vec::new())).collect();
        Some(ground(found, against))
    };
    ids.into_iter().filter_map(own).collect()
}

fn ground(own: &'static Statement, against: Vec<Ground>) -> Ground {
    let (source, dated) = (own.source, own.is_dated());
    let standing = own.standing.as_str();
    Ground {
        id: own.id,
        claim: own.claim,
        title: source.title,
        url: source.url,
        date: source.date,
        dated,
        standing,
        against,
    }
}

/// Every kind of store the map knows.
pub fn all_sheets() -> impl Iterator<Item = &'static Sheet> {
    crate::knowledge::stores::sheets()
}
