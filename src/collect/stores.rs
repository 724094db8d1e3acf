//! What the data plane of an account keeps: which stores to ask about, and when asking on is pointless.

use futures::future::join_all;

use super::further::Reader;
use crate::azure::arm::{Counted, Question};
use crate::azure::data_plane::Place;
use crate::azure::operations::stores::{StoreCall, of};
use crate::snapshot::{
    AccountFacts, Cause, Operation, Read, Store, StoreFacts, StoreKind, Tally, Unavailable, last_segment,
};

/// Stores that are lists below the items of another.
const PARENTS: [(StoreKind, StoreKind); 2] =
    [(StoreKind::FineTuningCheckpoints, StoreKind::FineTuningJobs), (StoreKind::AgentSessions, StoreKind::Agents)];

/// Every store of the account and of its projects, those of the account first.
pub(super) async fn read(reader: &Reader<'_>, facts: &AccountFacts) -> Vec<Store> {
    let subdomain = subdomain(facts);
    let one = |owner: String, project: Option<String>| {
        let subdomain = &subdomain;
        async move {
            match subdomain {
                Err((cause, why)) => refused(reader, &owner, project.as_ref(), cause, why),
                Ok(subdomain) => {
                    let project_name = project.as_deref().map(|id| last_segment(id).to_owned());
                    let place = Place { subdomain: subdomain.clone(), project: project_name };
                    stores(reader, &owner, project, &place).await
                }
            }
        }
    };
    let account = one(facts.id.id.clone(), None);
    let projects = facts.project_facts.iter().map(|project| one(project.id.clone(), Some(project.id.clone())));
    join_all(std::iter::once(account).chain(projects)).await.into_iter().flatten().collect()
}

/// The host of the account. Without a subdomain of its own it shares the host of its region, which takes keys only (authentication
/// of Azure AI services, general knowledge).
fn subdomain(facts: &AccountFacts) -> Result<String, (Cause, String)> {
    let account = facts.account().map_err(|why| (why.cause, "the account could not be read".to_owned()))?;
    match account.0.string("/properties/customSubDomainName") {
        Ok(Some(name)) if !name.is_empty() => Ok(name.to_owned()),
        Ok(_) => Err((Cause::KeyOnly, "the account has no custom subdomain".to_owned())),
        Err(why) => Err((why.cause, "the account has no readable subdomain".to_owned())),
    }
}

/// The calls for an account or, with a project, for that.
fn calls(project: Option<&String>) -> impl Iterator<Item = (StoreKind, &'static StoreCall)> {
    let in_project = project.is_some();
    let operation = move |kind: StoreKind| if in_project { kind.of_project() } else { kind.of_account() };
    StoreKind::ALL.into_iter().filter_map(move |kind| Some((kind, of(operation(kind)?)?)))
}

/// Every store of an account or project unavailable for one reason.
fn refused(reader: &Reader<'_>, owner: &str, project: Option<&String>, cause: &Cause, why: &str) -> Vec<Store> {
    let store = |(kind, call): (StoreKind, &'static StoreCall)| Store {
        kind,
        project: project.cloned(),
        facts: Read::Unavailable(reader.arm.not_asked(call, owner, cause.clone(), why)),
    };
    calls(project).map(store).collect()
}

async fn stores(reader: &Reader<'_>, owner: &str, project: Option<String>, place: &Place) -> Vec<Store> {
    let own: Vec<(StoreKind, &'static StoreCall)> = calls(project.as_ref()).collect();
    let Some(((first_kind, first), rest)) = own.split_first() else { return Vec::new() };
    let ask = |kind, call, below| reader.arm.store(Question { call, kind, place, owner, below });
    // The first answer tells whether the host lets anybody in; five tries each for the others would tell nothing new.
    let first_read = ask(*first_kind, *first, None).await;
    if let Err(why) = first_read.as_ref()
        && matches!(why.cause, Cause::NetworkDenied | Cause::KeyOnly)
    {
        let detail = why.detail.clone().unwrap_or_default();
        return refused(reader, owner, project.as_ref(), &why.cause, &detail);
    }
    let child = |kind: &StoreKind| PARENTS.iter().find(|(own, _)| own == kind).map(|(_, parent)| *parent);
    let top = rest.iter().filter(|(kind, _)| child(kind).is_none());
    let one = |(kind, call): &(StoreKind, &'static StoreCall)| {
        let (kind, call) = (*kind, *call);
        async move { (kind, ask(kind, call, None).await) }
    };
    let mut read: Vec<(StoreKind, Result<Counted, Unavailable>)> = vec![(*first_kind, first_read)];
    read.extend(join_all(top.map(one)).await);
    let mut all = Vec::new();
    for (kind, call) in &own {
        let facts = match child(kind) {
            None => read
                .iter()
                .find(|(own, _)| own == kind)
                .map(|(_, read)| read.as_ref().map(|own| own.facts.clone()).map_err(Clone::clone)),
            Some(parent) => {
                let parent = read.iter().find(|(own, _)| *own == parent).map(|(_, read)| read.as_ref());
                match parent {
                    Some(parent) => Some(below(reader, (*kind, *call), owner, place, parent).await),
                    None => None,
                }
            }
        };
        if let Some(facts) = facts {
            all.push(Store { kind: *kind, project: project.clone(), facts: Read::from(facts) });
        }
    }
    all
}

/// A store that is spread over the items of another: known only when each was.
async fn below(
    reader: &Reader<'_>,
    (kind, call): (StoreKind, &'static StoreCall),
    owner: &str,
    place: &Place,
    parent: Result<&Counted, &Unavailable>,
) -> Result<StoreFacts, Unavailable> {
    let unavailable = |cause, detail: &str| reader.arm.not_asked(call, owner, cause, detail);
    let parent = parent.map_err(|why| {
        let detail = format!("{} could not be listed", why.operation);
        Unavailable { operation: call.row.operation, detail: Some(detail), ..why.clone() }
    })?;
    if parent.unnamed > 0 {
        let shape = Cause::UnexpectedShape { pointer: "/data".to_owned() };
        return Err(unavailable(shape, "an item has no id that can be asked about"));
    }
    let ask = |below: &'_ String| {
        let below = below.clone();
        async move {
            let question = Question { call, kind, place, owner, below: Some(&below) };
            reader.arm.store(question).await.map(|own| own.facts)
        }
    };
    let lists = join_all(parent.below.iter().map(ask)).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut sum = StoreFacts { count: 0, more: parent.facts.more, ..empty(&parent.facts) };
    for own in lists {
        sum.count += own.count;
        sum.more |= own.more;
        sum.oldest = [sum.oldest, own.oldest].into_iter().flatten().min();
        sum.newest = [sum.newest, own.newest].into_iter().flatten().max();
        for (status, count) in own.by_status {
            *sum.by_status.entry(status).or_default() += count;
        }
        sum.answers.extend(own.answers);
    }
    Ok(sum)
}

/// Nothing below; the evidence starts with that of the parents, without which nobody would know.
fn empty(parent: &StoreFacts) -> StoreFacts {
    StoreFacts {
        count: 0,
        more: false,
        oldest: None,
        newest: None,
        without_expiry: None,
        by_purpose: Tally::new(),
        by_status: Tally::new(),
        by_agent_kind: Tally::new(),
        by_training: Tally::new(),
        tools: Tally::new(),
        answers: parent.answers.clone(),
    }
}

/// What a scan asks of each account. A store that is not empty takes further pages.
pub(super) fn of_accounts() -> impl Iterator<Item = Operation> {
    let top = StoreKind::ALL.into_iter().filter(|kind| PARENTS.iter().all(|(own, _)| own != kind));
    top.filter_map(StoreKind::of_account)
}

/// The rest of what it asks, and once for each of what.
pub(super) fn found_by_reading() -> impl Iterator<Item = (Operation, &'static str)> {
    let rest = Operation::STORES.into_iter().filter(|own| of_accounts().all(|other| other != *own));
    rest.map(|own| match own {
        Operation::FineTuningCheckpointsList => (own, "fine-tuning job"),
        Operation::AgentSessionsList => (own, "hosted agent"),
        project => (project, "project"),
    })
}
