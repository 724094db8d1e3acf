//! The read side of ARM for an estate: paths, api-versions, lookups, described faults, paging.

use std::slice::from_ref;

use serde_json::{Value, json};

use super::answer::ArmError;
use super::estate::{self, Estate, children};
use super::further::{self, Further};
use super::identity;
use super::options::{LastPage, Options, mixed};
use super::resources;
use super::tenant;
use super::versions::{self, Kind};

const PROVIDER: &str = "microsoft.cognitiveservices";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Route {
    kind: Kind,
    list: bool,
    /// Subscription, resource group, account, project, application: as many as the path names.
    names: Vec<String>,
}

/// A GET.
pub(crate) struct Ask<'a> {
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// Scheme and authority as the client wrote them.
    pub(crate) base: &'a str,
}

/// What was found: rows as described, and how each is shown. Only the rows of one page are made.
struct Found<'a> {
    rows: &'a [Value],
    show: Box<dyn Fn(&Value) -> Value + 'a>,
}

/// Answers a GET that is authorised and not throttled.
pub(crate) fn get(estate: &Estate, options: &Options, ask: &Ask<'_>, tenant: &str) -> Result<Value, ArmError> {
    let stranger = |own: &Value| !tenant::sees(estate, own, tenant);
    if subscription(ask.path).and_then(|id| estate.subscription(&id)).is_some_and(stranger) {
        return Err(ArmError::new(
            401,
            "InvalidAuthenticationTokenTenant",
            "The access token is from the wrong issuer.",
        ));
    }
    if let Some(rows) = tenant::rows(estate, &identity::decode(&ask.path.replace('+', "%2B")), ask.query) {
        return page(&Found { rows: &rows?, show: Box::new(Value::clone) }, options, ask);
    }
    if let Some(answer) = described(estate, options, ask) {
        return answer;
    }
    if let Some(answer) = single(estate, ask) {
        return answer;
    }
    if let Some(answer) = further_list(estate, options, ask) {
        return answer;
    }
    let route = route(ask.path)?;
    let supported = versions::answering(route.kind, &options.supported_versions);
    let version = version(&supported, route.kind.type_name(), options, ask)?;
    let found = find(estate, &route, ask.path, &version)?;
    if route.kind == Kind::Subscription && route.list {
        let seen: Vec<Value> = found.rows.iter().filter(|own| tenant::sees(estate, own, tenant)).cloned().collect();
        return page(&Found { rows: &seen, show: found.show }, options, ask);
    }
    if route.list { page(&found, options, ask) } else { Ok(found.rows.first().map_or(Value::Null, found.show)) }
}

/// A list of the estate's resources; `None` for other paths.
fn described(estate: &Estate, options: &Options, ask: &Ask<'_>) -> Option<Result<Value, ArmError>> {
    let path = identity::decode(&ask.path.replace('+', "%2B")).trim_end_matches('/').to_lowercase();
    let further = further::below(&path)?;
    estate.subscription(&subscription(&path)?)?;
    let own = || options.supported_versions.iter().map(String::as_str);
    let own = || own().filter(|version| versions::reached(version, further.since)).collect();
    let supported: Vec<&str> = further.versions.map_or_else(own, <[&str]>::to_vec);
    let version = match version(&supported, further.type_name, options, ask) {
        Ok(version) => version,
        Err(refused) => return Some(Err(refused)),
    };
    if let Some(fault) = estate.document().get("pathFaults").and_then(|faults| faults.get(&path)) {
        return Some(Err(ArmError::described(fault, &format!("{}/read", further.type_name), &path)));
    }
    let rows = further::rows_below(estate.document(), &path, &version);
    Some(page(&Found { rows: &rows, show: Box::new(Value::clone) }, options, ask))
}

/// A resource that is asked by its id; `None` for other paths.
fn single(estate: &Estate, ask: &Ask<'_>) -> Option<Result<Value, ArmError>> {
    let path = identity::decode(&ask.path.replace('+', "%2B"));
    let supported = further::versions_by_id(&path)?;
    if supported.iter().all(|version| identity::parameter(ask.query, "api-version").is_none_or(|own| own != *version)) {
        return Some(Err(ArmError::new(400, "InvalidApiVersionParameter", format!("Supported here: {supported:?}."))));
    }
    let subscription = subscription(&path).and_then(|id| estate.subscription(&id));
    let fault = estate.resource(&path).and_then(|own| estate::fault(own, "get")).or_else(|| {
        let lower = path.to_lowercase();
        let named = [("microsoft.features/", "features"), ("microsoft.security/", "pricings")];
        let (_, name) = named.into_iter().find(|(provider, _)| lower.contains(provider))?;
        estate::fault(subscription?, name)
    });
    if let Some(fault) = fault {
        return Some(Err(ArmError::described(fault, "read", &path)));
    }
    let answer = further::by_id(estate.document(), subscription, &path);
    Some(answer.map_err(|(code, message)| ArmError::new(404, code, message)))
}

/// A list beside those of [`route`]; `None` for other paths.
fn further_list(estate: &Estate, options: &Options, ask: &Ask<'_>) -> Option<Result<Value, ArmError>> {
    let path = identity::decode(&ask.path.replace('+', "%2B"));
    let lower = path.to_lowercase();
    let parts: Vec<&str> = lower.split('/').filter(|part| !part.is_empty()).collect();
    let subscription = estate.subscription(parts.get(1)?)?;
    let (parent, id, further) = match parts.as_slice() {
        ["subscriptions", _, "resourcegroups", group, "providers", PROVIDER, "accounts", name, rest @ ..] => {
            let further = further::list(further::OF_ACCOUNT, rest)?;
            let account = estate::account(subscription, group, name)?;
            (account, resources::account_id(subscription, account), further)
        }
        ["subscriptions", id, rest @ ..] => {
            (subscription, format!("/subscriptions/{id}"), further::list(further::OF_SUBSCRIPTION, rest)?)
        }
        _ => return None,
    };
    Some(further_page(parent, &id, further, options, ask))
}

fn further_page(
    parent: &Value,
    id: &str,
    further: &'static Further,
    options: &Options,
    ask: &Ask<'_>,
) -> Result<Value, ArmError> {
    let own = || options.supported_versions.iter().map(String::as_str);
    let own = || own().filter(|version| versions::reached(version, further.since)).collect();
    let supported: Vec<&str> = further.versions.map_or_else(own, <[&str]>::to_vec);
    version(&supported, further.type_name, options, ask)?;
    if let Some(fault) = estate::fault(parent, further.key) {
        return Err(ArmError::described(fault, &format!("{}/read", further.type_name), id));
    }
    let rows = further::rows(parent, further);
    page(&Found { rows: &rows, show: Box::new(|row| further::show(row, further, id)) }, options, ask)
}

/// The subscription a path is about, in lower case.
pub(crate) fn subscription(path: &str) -> Option<String> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let first = segments.next()?;
    let id = segments.next()?.to_lowercase();
    first.eq_ignore_ascii_case("subscriptions").then_some(id)
}

fn route(path: &str) -> Result<Route, ArmError> {
    let names: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| identity::decode(&segment.replace('+', "%2B")))
        .collect();
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let pick = |places: &[usize]| places.iter().map(|&place| names[place].clone()).collect();
    let (kind, list, names) = match lower.as_slice() {
        ["subscriptions"] => (Kind::Subscription, true, Vec::new()),
        ["subscriptions", _] => (Kind::Subscription, false, pick(&[1])),
        ["subscriptions", _, "providers", PROVIDER, "accounts"] => (Kind::Account, true, pick(&[1])),
        ["subscriptions", _, "resourcegroups", _, "providers", PROVIDER, "accounts", _, rest @ ..] => match rest {
            [] => (Kind::Account, false, pick(&[1, 3, 7])),
            ["deployments"] => (Kind::Deployment, true, pick(&[1, 3, 7])),
            ["projects"] => (Kind::Project, true, pick(&[1, 3, 7])),
            ["connections"] => (Kind::AccountConnection, true, pick(&[1, 3, 7])),
            ["capabilityhosts"] => (Kind::AccountCapabilityHost, true, pick(&[1, 3, 7])),
            ["projects", _, "connections"] => (Kind::ProjectConnection, true, pick(&[1, 3, 7, 9])),
            ["projects", _, "capabilityhosts"] => (Kind::ProjectCapabilityHost, true, pick(&[1, 3, 7, 9])),
            ["projects", _, "applications"] => (Kind::Application, true, pick(&[1, 3, 7, 9])),
            ["projects", _, "applications", _, "agentdeployments"] => {
                (Kind::AgentDeployment, true, pick(&[1, 3, 7, 9, 11]))
            }
            _ => return Err(unknown_type(path)),
        },
        _ => return Err(unknown_type(path)),
    };
    Ok(Route { kind, list, names })
}

fn unknown_type(path: &str) -> ArmError {
    ArmError::new(404, "InvalidResourceType", format!("No resource type answers at '{path}'."))
}

fn version(supported: &[&str], kind: &str, options: &Options, ask: &Ask<'_>) -> Result<String, ArmError> {
    let Some(version) = identity::parameter(ask.query, "api-version").filter(|version| !version.is_empty()) else {
        let message = "The api-version query parameter (?api-version=) is required for all requests.";
        return Err(ArmError::new(400, "MissingApiVersionParameter", message));
    };
    if supported.contains(&version.as_str()) {
        return Ok(version);
    }
    let supported = supported.join(",");
    let message =
        format!("The api-version '{version}' is invalid for '{kind}'. The supported versions are '{supported}'.");
    Err(ArmError::new(400, &options.version_error, message))
}

fn find<'a>(estate: &'a Estate, route: &'a Route, path: &str, version: &'a str) -> Result<Found<'a>, ArmError> {
    let show_subscription = Box::new(|row: &Value| resources::subscription(row, estate.tenant()));
    let Some(id) = route.names.first() else {
        return Ok(Found { rows: estate.subscriptions(), show: show_subscription });
    };
    let subscription = estate.subscription(id).ok_or_else(|| {
        ArmError::new(404, "SubscriptionNotFound", format!("The subscription '{id}' could not be found."))
    })?;
    match (route.kind, route.list) {
        (Kind::Subscription, _) => {
            refuse(subscription, "get", route, path)?;
            Ok(Found { rows: from_ref(subscription), show: show_subscription })
        }
        (Kind::Account, true) => {
            refuse(subscription, "accounts", route, path)?;
            let show = Box::new(|row: &Value| account_row(subscription, row, version));
            Ok(Found { rows: children(subscription, "accounts"), show })
        }
        (_, _) => below(subscription, route, path, version),
    }
}

/// An account, or a list below one.
fn below<'a>(subscription: &'a Value, route: &'a Route, path: &str, version: &'a str) -> Result<Found<'a>, ArmError> {
    let (group, name) = (&route.names[1], &route.names[2]);
    let account = estate::account(subscription, group, name)
        .ok_or_else(|| missing("Microsoft.CognitiveServices/accounts", name, group))?;
    if route.kind == Kind::Account {
        refuse(account, "get", route, path)?;
        let show = Box::new(|row: &Value| account_row(subscription, row, version));
        return Ok(Found { rows: from_ref(account), show });
    }
    let (mut parent, mut owner) = (account, account);
    let mut id = resources::account_id(subscription, account);
    for (collection, name) in ["projects", "applications"].into_iter().zip(&route.names[3..]) {
        parent = estate::named(parent, collection, name).ok_or_else(|| missing(collection, name, group))?;
        id = format!("{id}/{collection}/{}", parent["name"].as_str().unwrap_or_default());
        // Faults of everything below a project are described at the project.
        if collection == "projects" {
            owner = parent;
        }
    }
    let (kind, segment) = (route.kind, route.kind.segment());
    refuse(owner, segment, route, path)?;
    let show = move |row: &Value| shown(row, kind, version, |row| resources::child(row, kind, &id, segment));
    Ok(Found { rows: children(parent, segment), show: Box::new(show) })
}

/// The described fault of an operation, as an error.
fn refuse(resource: &Value, operation: &str, route: &Route, path: &str) -> Result<(), ArmError> {
    let action = format!("{}/read", route.kind.type_name());
    let scope = if route.list { path.rsplit_once('/').map_or(path, |(parent, _)| parent) } else { path };
    estate::fault(resource, operation).map_or(Ok(()), |fault| Err(ArmError::described(fault, &action, scope)))
}

fn account_row(subscription: &Value, account: &Value, version: &str) -> Value {
    let name = account.get("name").and_then(Value::as_str).unwrap_or_default();
    shown(account, Kind::Account, version, |account| {
        resources::resource(account, Kind::Account, &resources::account_id(subscription, account), name)
    })
}

// Raw rows are served as they are, whatever the api-version.
fn shown(described: &Value, kind: Kind, version: &str, make: impl Fn(&Value) -> Value) -> Value {
    let mut row = make(described);
    if described.get("raw").is_none() {
        versions::strip(&mut row, kind, version);
    }
    row
}

fn missing(kind: &str, name: &str, group: &str) -> ArmError {
    let message = format!("The Resource '{kind}/{name}' under resource group '{group}' was not found.");
    ArmError::new(404, "ResourceNotFound", message)
}

fn page(found: &Found<'_>, options: &Options, ask: &Ask<'_>) -> Result<Value, ArmError> {
    let total = found.rows.len();
    let offset = match identity::parameter(ask.query, "$skiptoken") {
        None => 0,
        Some(token) => offset(&token)
            .filter(|offset| *offset < total)
            .ok_or_else(|| ArmError::new(400, "InvalidSkipToken", "The skip token is not one of this list."))?,
    };
    let end = offset.saturating_add(options.page_size.unwrap_or(usize::MAX)).min(total);
    let mut order: Vec<usize> = (0..total).collect();
    if let Some(seed) = options.shuffle {
        order.sort_by_key(|row| mixed(seed, (ask.path, row)));
    }
    let mut rows: Vec<Value> = order[offset..end].iter().map(|&row| (found.show)(&found.rows[row])).collect();
    for properties in rows.iter_mut().filter_map(|row| row.get_mut("properties")?.as_object_mut()) {
        properties.retain(|name, _| !options.hidden_in_lists.contains(name));
    }
    let mut body = json!({ "value": rows });
    if end < total {
        let kept = ask.query.split('&').filter(|pair| identity::parameter(pair, "$skiptoken").is_none());
        let query = kept.collect::<Vec<_>>().join("&");
        body["nextLink"] = json!(format!("{}{}?{query}&%24skiptoken={}", ask.base, ask.path, token(end)));
    } else {
        match options.last_page {
            LastPage::Absent => {}
            LastPage::Null => body["nextLink"] = Value::Null,
            LastPage::Empty => body["nextLink"] = json!(""),
        }
    }
    Ok(body)
}

// Opaque on purpose: a client that computes its own offsets gets an error.
const MASK: usize = 0x5EED_5EED;

fn token(offset: usize) -> String {
    format!("eyJ{:016x}", offset ^ MASK)
}

fn offset(token: &str) -> Option<usize> {
    usize::from_str_radix(token.strip_prefix("eyJ")?, 16).ok().map(|masked| masked ^ MASK)
}
