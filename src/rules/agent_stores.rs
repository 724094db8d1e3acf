//! Where the agents of a project keep their content: the stores its capability hosts name.

use super::{Context, cite_list};
use crate::outcome::{Unknown, UnknownCause};
use crate::snapshot::{
    CapabilityHost, Citation, Connection, Document, List, Operation, ProjectFacts, Read, Unavailable, last_segment,
    store_operation,
};

type Names<'a> = fn(&CapabilityHost<'a>) -> Result<Vec<&'a str>, Unavailable>;

/// Which stores the project's agents lack, and what shows it.
///
/// # Errors
/// When a list could not be read, a host is not settled, or a host names a connection that does not exist.
pub(super) fn stores(
    context: &Context<'_>,
    project: &ProjectFacts,
) -> Result<(Vec<&'static str>, Vec<Citation>), Unknown> {
    let all_stores: [(&str, Names<'_>); 3] = [
        ("threads", CapabilityHost::thread_storage),
        ("files", CapabilityHost::file_storage),
        ("vectors", CapabilityHost::vector_storage),
    ];
    let mut lacks = Vec::new();
    let mut used = Vec::new();
    for (store, names_of) in all_stores {
        let mut names = names(&project.capability_hosts, names_of)?;
        if names.is_empty() {
            names = self::names(&context.facts.capability_hosts, names_of)?;
        }
        if names.is_empty() {
            lacks.push(store);
        }
        used.extend(names);
    }
    let mut cited = cite(&project.capability_hosts)?;
    cited.extend(cite(&context.facts.capability_hosts)?);
    if lacks.is_empty() {
        exist(context, project, &used, &cited)?;
    }
    Ok((lacks, cited))
}

/// The connections that the hosts of one scope name for a store.
fn names<'a>(hosts: &'a Read<List>, names_of: Names<'a>) -> Result<Vec<&'a str>, Unknown> {
    let mut all = Vec::new();
    for host in hosts.get()?.documents()?.into_iter().map(CapabilityHost) {
        let names = names_of(&host)?;
        let state = host.provisioning_state()?;
        if !names.is_empty() && !state.eq_ignore_ascii_case("Succeeded") {
            let message = format!("capability host {} is in provisioning state {state}", last_segment(&host.0.scope));
            let cited = host.0.cite("/properties/provisioningState");
            return Err(Unknown::because(UnknownCause::NotSettled, message, vec![cited]));
        }
        all.extend(names);
    }
    Ok(all)
}

/// Every named connection is there.
fn exist(context: &Context<'_>, project: &ProjectFacts, used: &[&str], cited: &[Citation]) -> Result<(), Unknown> {
    let mut known = context.facts.connections.get()?.documents()?;
    known.extend(project.connections.get()?.documents()?);
    let is_known = |name: &str| known.iter().any(|row| Connection(row).name().eq_ignore_ascii_case(name));
    match used.iter().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!(
                "a capability host of project {} names connection {name}, which does not exist",
                last_segment(&project.id)
            );
            Err(Unknown::because(UnknownCause::DanglingReference, message, cited.to_vec()))
        }
    }
}

/// Cites the hosts of one scope: how many there are, and what each names.
fn cite(hosts: &Read<List>) -> Result<Vec<Citation>, Unknown> {
    let rows = hosts.get()?.documents()?;
    let named = rows.into_iter().map(|row| CapabilityHost(row).cite_stores());
    Ok(std::iter::once(cite_list(hosts)?).chain(named).collect())
}

/// A resource that agents keep content in.
pub(super) struct Store<'a> {
    /// Its ARM id.
    pub(super) id: &'a str,
    /// The call that reads it.
    pub(super) operation: Operation,
}

/// Every resource that capability hosts of the account and its projects name; empty without projects, because then there is no
/// agent.
///
/// # Errors
/// When a list could not be read, or a connection does not say which resource it leads to.
pub(super) fn named_stores<'a>(context: &Context<'a>) -> Result<Vec<Store<'a>>, Unknown> {
    let facts = context.facts;
    if facts.projects()?.is_empty() {
        return Ok(Vec::new());
    }
    // What follows looks at rows that could be read; these make sure that all could.
    facts.capability_hosts.get()?.documents()?;
    facts.all_connections()?;
    for project in facts.projects()? {
        project.capability_hosts.get()?.documents()?;
        stores(context, project)?;
    }
    let mut all = Vec::new();
    for connection in facts.store_connections() {
        let store = connection.resource_id()?.and_then(|id| Some(Store { id, operation: store_operation(id)? }));
        all.push(store.ok_or_else(|| {
            let message = format!("connection {} does not say which resource it leads to", connection.name());
            let cited = vec![connection.0.cite("/properties/metadata")];
            Unknown::because(UnknownCause::DanglingReference, message, cited)
        })?);
    }
    Ok(all)
}

/// The regions a store is in: its location, for Cosmos DB all it is replicated to, which its answers always list.
///
/// # Errors
/// When the document does not have the documented shape.
pub(super) fn regions_of(store: &Document) -> Result<Vec<&str>, Unavailable> {
    const POINTER: &str = "/properties/locations";
    let rows = store.array(POINTER)?.unwrap_or_default();
    let names = rows.iter().map(|row| row.get("locationName").and_then(|name| name.as_str()));
    let mut all = names.collect::<Option<Vec<&str>>>().ok_or_else(|| store.unexpected(POINTER))?;
    if all.is_empty() && store.evidence.operation == Operation::CosmosAccountsGet {
        return Err(store.unexpected(POINTER));
    }
    if all.is_empty() {
        all.push(store.string("/location")?.ok_or_else(|| store.unexpected("/location"))?);
    }
    Ok(all)
}
