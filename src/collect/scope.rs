//! From what was asked for to the subscriptions that are read. Work goes by id, never by name.

use std::collections::BTreeMap;

use futures::future::join_all;
use globset::GlobMatcher;

use super::groups;
use crate::azure::arm::Arm;
use crate::snapshot::{
    AccountId, Cause, Document, ExcludedSubscription, Operation, Reach, Read, Scope, Unavailable, is_guid,
};

/// What the command line asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Subscriptions by id or name.
    Subscriptions(Vec<String>),
    /// Every subscription the caller can see.
    All,
    /// Every subscription below management groups, by their ids.
    ManagementGroups(Vec<String>),
    /// Single accounts.
    Accounts(Vec<AccountId>),
    /// Nothing, and there is no default: an error that lists what could have been asked for.
    Nothing,
}

/// Who reads: one client per tenant.
#[derive(Debug)]
pub struct Callers {
    /// The first, whose tenant is asked first.
    pub home: Arm,
    /// Those of further tenants.
    pub further: Vec<Arm>,
    /// Tenants that were asked for and could not be signed in to.
    pub gaps: Vec<Unavailable>,
}

impl Callers {
    /// A single caller.
    pub fn only(home: Arm) -> Self {
        Self { home, further: Vec::new(), gaps: Vec::new() }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arm> {
        std::iter::once(&self.home).chain(&self.further)
    }
}

/// One subscription to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Subscription GUID.
    pub id: String,
    /// Its record.
    pub record: Read<Document>,
    /// The accounts to read; `None` lists them.
    pub accounts: Option<Vec<AccountId>>,
}

impl Target {
    /// The target as a journal names it.
    pub fn scope(&self) -> Scope {
        Scope { id: self.id.clone(), accounts: self.accounts.clone() }
    }
}

/// A subscription or management group somebody could have meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Display name; remote text.
    pub name: String,
    /// Subscription GUID, or id of the management group; the latter is remote text.
    pub id: String,
}

/// Why a scope cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub enum ScopeError {
    /// The caller sees no subscription at all.
    NothingVisible,
    /// The first answer of ARM is not usable.
    Unreadable(Unavailable),
    /// No visible subscription has this id or name.
    NotFound {
        /// What was asked for.
        asked: String,
        /// What is visible.
        visible: Vec<Candidate>,
    },
    /// More than one visible subscription has this name.
    Ambiguous {
        /// What was asked for.
        asked: String,
        /// The subscriptions of that name.
        candidates: Vec<Candidate>,
    },
    /// No scope was given and there is no default.
    NotGiven {
        /// What is visible.
        visible: Vec<Candidate>,
    },
    /// No visible management group has this id.
    GroupNotFound {
        /// What was asked for.
        asked: String,
        /// What is visible.
        visible: Vec<Candidate>,
    },
    /// The management groups hold no subscription.
    GroupEmpty {
        /// What was asked for.
        asked: Vec<String>,
    },
    /// Every subscription in scope is left out.
    AllExcluded {
        /// How many there are.
        number: usize,
    },
}

/// What is read, and how far that reaches.
#[derive(Debug)]
pub struct Resolved {
    /// The subscriptions.
    pub targets: Vec<Target>,
    /// What is not among them; who asked is filled in when reading ends.
    pub reach: Reach,
}

/// Resolves what was asked for, with one list call per caller (none for single accounts), and leaves out what `exclude` names.
///
/// # Errors
/// [`ScopeError`] when nothing, or not exactly one thing, is meant.
pub async fn resolve(callers: &Callers, ask: Ask, exclude: &[GlobMatcher]) -> Result<Resolved, ScopeError> {
    let mut reach = Reach { gaps: callers.gaps.clone(), ..Reach::default() };
    let mut targets = match ask {
        Ask::Accounts(ids) => named_accounts(callers, ids).await,
        Ask::ManagementGroups(groups) => groups::below(callers, groups, &mut reach.gaps).await?,
        Ask::Subscriptions(words) => named(callers, words, &mut reach.gaps).await?,
        Ask::All => {
            let all = visible(callers, &mut reach.gaps).await.map_err(ScopeError::Unreadable)?;
            if all.is_empty() {
                return Err(ScopeError::NothingVisible);
            }
            all.into_iter().map(|(id, record)| Target { id, record, accounts: None }).collect()
        }
        Ask::Nothing => {
            let all = visible(callers, &mut reach.gaps).await.map_err(ScopeError::Unreadable)?;
            let visible = candidates(&all);
            return Err(if all.is_empty() { ScopeError::NothingVisible } else { ScopeError::NotGiven { visible } });
        }
    };
    leave_out(&mut targets, exclude, &mut reach);
    if targets.is_empty() {
        return Err(ScopeError::AllExcluded { number: reach.excluded.len() });
    }
    Ok(Resolved { targets, reach })
}

/// Takes out the subscriptions whose id or name a pattern matches; a pattern that is exactly a name needs no escapes.
fn leave_out(targets: &mut Vec<Target>, exclude: &[GlobMatcher], reach: &mut Reach) {
    let mut used = vec![false; exclude.len()];
    targets.retain(|target| {
        let words = [target.id.as_str(), name_of(&target.record)];
        let names = |pattern: &GlobMatcher| {
            words.iter().any(|word| pattern.glob().glob().eq_ignore_ascii_case(word) || pattern.is_match(word))
        };
        let mut kept = true;
        for (pattern, used) in exclude.iter().zip(&mut used) {
            if names(pattern) {
                (kept, *used) = (false, true);
            }
        }
        if !kept {
            let name = Some(name_of(&target.record)).filter(|name| !name.is_empty()).map(str::to_owned);
            reach.excluded.push(ExcludedSubscription { id: target.id.clone(), name });
        }
        kept
    });
    reach.excluded.sort();
    let unmatched = exclude.iter().zip(used).filter(|(_, used)| !used);
    reach.unmatched = unmatched.map(|(pattern, _)| pattern.glob().glob().to_owned()).collect();
}

pub(super) type Visible = Vec<(String, Read<Document>)>;

/// Every subscription somebody of `callers` sees. From here on the caller of its own tenant reads it, or else whoever sees it: a
/// subscription delegated to a managing tenant (Azure Lighthouse) is read from there. A caller whose list is unusable is a gap,
/// unless it is the only one.
pub(super) async fn visible(callers: &Callers, gaps: &mut Vec<Unavailable>) -> Result<Visible, Unavailable> {
    let answers = join_all(callers.all().map(visible_to)).await;
    let several = answers.len() > 1;
    let mut all: BTreeMap<String, (String, Read<Document>)> = BTreeMap::new();
    let mut failed = None;
    for (arm, answer) in callers.all().zip(answers) {
        let tenant = arm.principal().tenant_id;
        let list = match answer {
            Ok(rows) => rows,
            Err(why) if several => {
                failed = Some(in_tenant(why, tenant.as_deref()));
                gaps.extend(failed.clone());
                continue;
            }
            Err(why) => return Err(why),
        };
        for (id, record) in list {
            let theirs = record.get_ref().and_then(|own| own.string("/tenantId").ok().flatten());
            let own = theirs.zip(tenant.as_deref()).is_some_and(|(theirs, own)| theirs.eq_ignore_ascii_case(own));
            let key = id.to_ascii_lowercase();
            if own || !all.contains_key(&key) {
                if several {
                    arm.reads(&id);
                }
                all.insert(key, (id, record));
            }
        }
    }
    match failed {
        Some(why) if all.is_empty() => Err(why),
        _ => Ok(all.into_values().collect()),
    }
}

/// A failed tenant-level call, with the tenant it was about.
fn in_tenant(why: Unavailable, tenant: Option<&str>) -> Unavailable {
    Unavailable { scope: format!("/tenants/{}{}", tenant.unwrap_or("unknown"), why.scope), ..why }
}

/// Adds those of `scopes` that are not among the targets: an earlier part of the reading saw them, so that they are in scope
/// even when the caller sees them no more.
pub async fn complete(callers: &Callers, targets: &mut Vec<Target>, scopes: Vec<Scope>) {
    for Scope { id, accounts } in scopes {
        if !targets.iter().any(|target| target.id.eq_ignore_ascii_case(&id)) {
            let record = record(callers, &id).await;
            targets.push(Target { id, record, accounts });
        }
    }
}

/// A row that cannot be read makes the answer unusable: a scope must not shrink silently.
async fn visible_to(arm: &Arm) -> Result<Visible, Unavailable> {
    let list = arm.list(Operation::SubscriptionsList, "").await?;
    let row = |document: &Document| {
        let id = document.string("/subscriptionId")?.filter(|id| is_guid(id)).map(str::to_owned);
        Ok((id.ok_or_else(|| document.unexpected("/subscriptionId"))?, Read::Known(document.clone())))
    };
    list.documents()?.into_iter().map(row).collect()
}

/// Subscriptions by id or name.
async fn named(callers: &Callers, words: Vec<String>, gaps: &mut Vec<Unavailable>) -> Result<Vec<Target>, ScopeError> {
    let visible = visible(callers, gaps).await;
    let mut targets: BTreeMap<String, Target> = BTreeMap::new();
    for word in words {
        let target = find(callers, &visible, gaps, &word).await?;
        targets.insert(target.id.to_ascii_lowercase(), target);
    }
    Ok(targets.into_values().collect())
}

async fn find(
    callers: &Callers,
    visible: &Result<Visible, Unavailable>,
    gaps: &[Unavailable],
    word: &str,
) -> Result<Target, ScopeError> {
    let target =
        |(id, record): &(String, Read<Document>)| Target { id: id.clone(), record: record.clone(), accounts: None };
    if is_guid(word) {
        if let Some(found) = visible.iter().flatten().find(|(id, _)| id.eq_ignore_ascii_case(word)) {
            return Ok(target(found));
        }
        return by_id(callers, visible, gaps, word).await;
    }
    let all = visible.as_ref().map_err(|why| ScopeError::Unreadable(why.clone()))?;
    let named: Vec<_> = all.iter().filter(|(_, record)| name_of(record).eq_ignore_ascii_case(word)).collect();
    match (named.as_slice(), gaps.first()) {
        ([one], _) => Ok(target(one)),
        // It may be in the tenant that could not be read.
        ([], Some(gap)) => Err(ScopeError::Unreadable(gap.clone())),
        ([], None) if all.is_empty() => Err(ScopeError::NothingVisible),
        ([], None) => Err(ScopeError::NotFound { asked: word.to_owned(), visible: candidates(all) }),
        (several, _) => {
            let candidates = candidates(several.iter().copied());
            Err(ScopeError::Ambiguous { asked: word.to_owned(), candidates })
        }
    }
}

/// An id that is not listed may still be readable, be hidden from the list by a fault, or be in a tenant that is a gap.
async fn by_id(
    callers: &Callers,
    visible: &Result<Visible, Unavailable>,
    gaps: &[Unavailable],
    id: &str,
) -> Result<Target, ScopeError> {
    let target = |record| Target { id: id.to_owned(), record, accounts: None };
    let why = match record(callers, id).await {
        Read::Known(document) => return Ok(target(Read::Known(document))),
        Read::Unavailable(why) => why,
    };
    match (visible, &why.cause) {
        (Ok(_), _) if !gaps.is_empty() => Ok(target(Read::Unavailable(why))),
        (Err(first), _) => Err(ScopeError::Unreadable(first.clone())),
        (Ok(all), Cause::NotFound | Cause::Forbidden { .. }) if all.is_empty() => Err(ScopeError::NothingVisible),
        (Ok(all), Cause::NotFound | Cause::Forbidden { .. }) => {
            Err(ScopeError::NotFound { asked: id.to_owned(), visible: candidates(all) })
        }
        (Ok(_), _) => Err(ScopeError::Unreadable(why)),
    }
}

/// The record of a subscription from the first caller that can read it, who reads the rest too; else why the first cannot.
pub(super) async fn record(callers: &Callers, subscription: &str) -> Read<Document> {
    let path = format!("/subscriptions/{subscription}");
    let first = callers.home.get(Operation::SubscriptionsGet, &path).await;
    if first.is_err() {
        for arm in &callers.further {
            if let Ok(document) = arm.get(Operation::SubscriptionsGet, &path).await {
                arm.reads(subscription);
                return Read::Known(document);
            }
        }
    }
    Read::from(first)
}

/// Single accounts grouped by subscription. The subscription's record is context, not a condition: a caller may hold a role
/// on the account alone.
async fn named_accounts(callers: &Callers, ids: Vec<AccountId>) -> Vec<Target> {
    let mut grouped: BTreeMap<String, BTreeMap<String, AccountId>> = BTreeMap::new();
    for id in ids {
        grouped.entry(id.subscription_id.to_ascii_lowercase()).or_default().insert(id.key(), id);
    }
    let mut targets = Vec::new();
    for (subscription, accounts) in grouped {
        let record = record(callers, &subscription).await;
        let accounts = Some(accounts.into_values().collect());
        targets.push(Target { id: subscription, record, accounts });
    }
    targets
}

fn candidates<'a>(all: impl IntoIterator<Item = &'a (String, Read<Document>)>) -> Vec<Candidate> {
    let candidate =
        |(id, record): &(String, Read<Document>)| Candidate { name: name_of(record).to_owned(), id: id.clone() };
    let mut candidates: Vec<Candidate> = all.into_iter().map(candidate).collect();
    candidates.sort();
    candidates
}

fn name_of(record: &Read<Document>) -> &str {
    record.get_ref().and_then(|document| document.string("/displayName").ok().flatten()).unwrap_or_default()
}
