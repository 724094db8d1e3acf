//! All facts about one account.

use std::collections::BTreeMap;

use futures::future::join_all;
use futures::join;
use jiff::Timestamp;

use crate::azure::arm::Arm;
use crate::knowledge::kinds::{Hosting, hosting};
use crate::snapshot::{
    AccountFacts, AccountId, Cause, Document, List, Operation, ProjectFacts, Read, Unavailable, last_segment,
};

use super::further::Reader;
use super::redact::{self, Redact};
use super::stores;

/// Reads one account: itself, its deployments and everything Foundry keeps below it.
pub(super) async fn read(reader: &Reader<'_>, id: AccountId) -> AccountFacts {
    let arm = reader.arm;
    let (account, deployments) =
        join!(get(arm, &id.id), list(arm, Operation::DeploymentsList, &id.id, redact::deployment));
    let mut facts = AccountFacts {
        projects: not_collected(Operation::ProjectsList, &id.id, &account),
        capability_hosts: not_collected(Operation::CapabilityHostsList, &id.id, &account),
        connections: not_collected(Operation::ConnectionsList, &id.id, &account),
        id,
        listed: None,
        account,
        deployments,
        project_facts: Vec::new(),
        lists: BTreeMap::new(),
        stores: Vec::new(),
    };
    if may_host(&facts) {
        // What the promised axes rest on comes first: a run that is cut short should know that much.
        foundry(reader, &mut facts).await;
        facts.lists = reader.account(&facts.id.id).await;
        if reader.order.asked.data_plane {
            facts.stores = stores::read(reader, &facts).await;
        }
    }
    facts
}

/// A single-purpose kind without deployments has nothing below it that a rule would ask for.
fn may_host(facts: &AccountFacts) -> bool {
    let kind = facts.account().and_then(|account| account.kind().map(hosting));
    let empty = facts.deployments().is_ok_and(|deployments| deployments.is_empty());
    !(matches!(kind, Ok(Hosting::DoesNotHost)) && empty)
}

async fn get(arm: &Arm, id: &str) -> Read<Document> {
    let read = arm.get(Operation::AccountsGet, id).await;
    Read::from(read.map(|mut document| {
        redact::account(&mut document.body);
        document
    }))
}

pub(super) async fn list(arm: &Arm, operation: Operation, parent: &str, redact: Redact) -> Read<List> {
    let read = arm.list(operation, parent).await;
    Read::from(read.map(|mut list| {
        for row in &mut list.rows {
            if let Read::Known(document) = row {
                redact(&mut document.body);
            }
        }
        list
    }))
}

async fn foundry(reader: &Reader<'_>, facts: &mut AccountFacts) {
    let id = facts.id.id.clone();
    let (projects, hosts, connections) = join!(
        reader.list(Operation::ProjectsList, &id, redact::nothing),
        reader.list(Operation::CapabilityHostsList, &id, redact::nothing),
        reader.list(Operation::ConnectionsList, &id, redact::connection),
    );
    facts.projects = children_only(projects, &id, "projects");
    facts.capability_hosts = hosts;
    facts.connections = connections;
    let rows = facts.projects.get_ref().map_or(&[][..], |list| &list.rows);
    let ids = rows.iter().filter_map(Read::get_ref).map(|row| format!("{id}/projects/{}", last_segment(&row.scope)));
    facts.project_facts = join_all(ids.map(|project| self::project(reader, project))).await;
    facts.project_facts.sort_by_cached_key(|project| project.id.to_ascii_lowercase());
}

async fn project(reader: &Reader<'_>, id: String) -> ProjectFacts {
    let (hosts, connections, applications) = join!(
        reader.list(Operation::ProjectCapabilityHostsList, &id, redact::nothing),
        reader.list(Operation::ProjectConnectionsList, &id, redact::connection),
        reader.list(Operation::ApplicationsList, &id, redact::nothing),
    );
    let applications = children_only(applications, &id, "applications");
    let agent_deployments = agent_deployments(reader, &id, &applications).await;
    ProjectFacts { id, capability_hosts: hosts, connections, applications, agent_deployments }
}

/// Deployments of every application; one unreadable list makes the whole unavailable.
async fn agent_deployments(reader: &Reader<'_>, project: &str, applications: &Read<List>) -> Read<Vec<List>> {
    let names = applications.get().and_then(|list| {
        Ok(list.documents()?.into_iter().map(|row| last_segment(&row.scope).to_owned()).collect::<Vec<_>>())
    });
    let names = match names {
        Ok(names) => names,
        Err(why) => return Read::Unavailable(why),
    };
    let one = |name: String| {
        let id = format!("{project}/applications/{name}");
        async move { reader.list(Operation::AgentDeploymentsList, &id, redact::nothing).await.into_result() }
    };
    Read::from(join_all(names.into_iter().map(one)).await.into_iter().collect::<Result<Vec<_>, Unavailable>>())
}

/// Rows whose id is not that of a child of `parent` are unreadable: their names would end up in the next URL.
fn children_only(list: Read<List>, parent: &str, kind: &str) -> Read<List> {
    let prefix = format!("{parent}/{kind}/").to_ascii_lowercase();
    let is_child = |id: &str| {
        let id = id.to_ascii_lowercase();
        id.strip_prefix(&prefix).is_some_and(|name| {
            !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
                && !name.starts_with('.')
        })
    };
    match list {
        Read::Unavailable(why) => Read::Unavailable(why),
        Read::Known(mut list) => {
            for row in &mut list.rows {
                if let Some(wrong) = row.get_ref().filter(|document| !is_child(&document.scope)) {
                    *row = Read::Unavailable(wrong.unexpected("/id"));
                }
            }
            Read::Known(list)
        }
    }
}

/// A fact that was not asked for. The time is that of the account's own answer.
fn not_collected(operation: Operation, scope: &str, account: &Read<Document>) -> Read<List> {
    let at = match account {
        Read::Known(document) => document.evidence.at,
        Read::Unavailable(why) => why.at,
    };
    not_asked(operation, scope, at)
}

/// A fact that was not asked for at `at`.
pub(super) fn not_asked(operation: Operation, scope: &str, at: Timestamp) -> Read<List> {
    Read::Unavailable(Unavailable {
        cause: Cause::NotCollected,
        operation,
        scope: scope.to_owned(),
        detail: None,
        request_id: None,
        at,
    })
}
