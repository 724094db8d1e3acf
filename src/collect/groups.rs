//! The subscriptions below management groups.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt as _};

use super::scope::{Callers, Candidate, ScopeError, Target, Visible, record, visible};
use crate::azure::arm::Arm;
use crate::snapshot::{Cause, Document, List, Operation, Read, Unavailable, is_guid, last_segment};

const PREFIX: &str = "/providers/Microsoft.Management/managementGroups/";
/// Subscriptions that no list shows are asked for one by one, this many at a time.
const WIDTH: usize = 16;

/// Every subscription below `groups`, at any depth. With several groups a closed one is a gap; a wrong id never is.
pub(super) async fn below(
    callers: &Callers,
    groups: Vec<String>,
    gaps: &mut Vec<Unavailable>,
) -> Result<Vec<Target>, ScopeError> {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut closed = Vec::new();
    for group in &groups {
        match descendants(callers, group).await? {
            Ok(found) => ids.extend(found.into_iter().map(|id| (id.to_ascii_lowercase(), id))),
            Err(why) => closed.push(why),
        }
    }
    if closed.len() == groups.len() {
        return Err(closed.pop().map_or(ScopeError::NothingVisible, ScopeError::Unreadable));
    }
    gaps.append(&mut closed);
    if ids.is_empty() {
        return Err(ScopeError::GroupEmpty { asked: groups });
    }
    // The list is a short cut: who may read a group but not list subscriptions asks for each.
    let listed: Visible = visible(callers, &mut Vec::new()).await.unwrap_or_default();
    let mut listed: BTreeMap<String, Read<Document>> =
        listed.into_iter().map(|(id, record)| (id.to_ascii_lowercase(), record)).collect();
    let one = |(key, id): (String, String)| {
        let listed = listed.remove(&key);
        async move {
            let record = match listed {
                Some(record) => record,
                None => record(callers, &id).await,
            };
            Target { id, record, accounts: None }
        }
    };
    let mut targets: Vec<Target> = stream::iter(ids).map(one).buffer_unordered(WIDTH).collect().await;
    targets.sort_by_cached_key(|target| target.id.to_ascii_lowercase());
    Ok(targets)
}

/// Ids of the subscriptions below one group; the inner error is that the group is there, or may be, and cannot be read.
async fn descendants(callers: &Callers, asked: &str) -> Result<Result<BTreeSet<String>, Unavailable>, ScopeError> {
    let plain = match asked.get(..PREFIX.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(PREFIX) => &asked[PREFIX.len()..],
        _ => asked,
    };
    let scope = format!("{PREFIX}{plain}");
    let mut failed: Option<Unavailable> = None;
    for arm in callers.all() {
        let why = match arm.list(Operation::DescendantsList, &scope).await.and_then(|list| subscriptions(&list)) {
            Ok(ids) => return Ok(Ok(ids)),
            Err(why) => why,
        };
        // Of several tenants, the one that knows the group has the better reason.
        if failed.as_ref().is_none_or(|known| may_be_absent(known) && !may_be_absent(&why)) {
            failed = Some(why);
        }
    }
    let Some(why) = failed else { return Err(ScopeError::NothingVisible) };
    if !may_be_absent(&why) {
        return Ok(Err(why));
    }
    // A group that is not there is often forbidden rather than not found, so the list has to tell.
    let Some(visible) = candidates(callers).await else { return Ok(Err(why)) };
    let there = visible.iter().any(|group| group.id.eq_ignore_ascii_case(plain));
    let gone = matches!(why.cause, Cause::NotFound | Cause::UnexpectedShape { .. });
    let named = visible.iter().any(|group| group.name.eq_ignore_ascii_case(plain));
    if !there && (gone || named) {
        return Err(ScopeError::GroupNotFound { asked: asked.to_owned(), visible });
    }
    Ok(Err(why))
}

/// Whether the answer leaves open that there is no such group; an id no URL can be built for is none.
fn may_be_absent(why: &Unavailable) -> bool {
    match &why.cause {
        Cause::NotFound | Cause::Forbidden { .. } => true,
        Cause::UnexpectedShape { pointer } => pointer == "/id" && why.request_id.is_none(),
        Cause::NetworkDenied
        | Cause::KeyOnly
        | Cause::Throttled
        | Cause::Timeout
        | Cause::Transport
        | Cause::ServerError { .. }
        | Cause::ProviderNotRegistered
        | Cause::NotInApiVersion
        | Cause::NotCollected
        | Cause::NotKnownAtPlan => false,
    }
}

/// The rows that are subscriptions. A row that is neither one nor a group makes the answer unusable.
fn subscriptions(list: &List) -> Result<BTreeSet<String>, Unavailable> {
    let mut ids = BTreeSet::new();
    for row in list.documents()? {
        let id = last_segment(&row.scope);
        let path = format!("/subscriptions/{id}");
        let group = row.scope.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
        if row.scope.eq_ignore_ascii_case(&path) && is_guid(id) {
            ids.insert(id.to_owned());
        } else if !group {
            return Err(row.unexpected("/id"));
        }
    }
    Ok(ids)
}

/// The management groups somebody of `callers` sees; `None` when no list answers.
async fn candidates(callers: &Callers) -> Option<Vec<Candidate>> {
    let mut all = None;
    for arm in callers.all() {
        if let Ok(list) = groups(arm).await {
            all.get_or_insert_with(BTreeSet::new).extend(list);
        }
    }
    all.map(|groups| groups.into_iter().collect())
}

async fn groups(arm: &Arm) -> Result<Vec<Candidate>, Unavailable> {
    let list = arm.list(Operation::ManagementGroupsList, "").await?;
    let candidate = |row: &Document| Candidate {
        name: row.string("/properties/displayName").ok().flatten().unwrap_or_default().to_owned(),
        id: last_segment(&row.scope).to_owned(),
    };
    Ok(list.rows.iter().filter_map(Read::get_ref).map(candidate).collect())
}
