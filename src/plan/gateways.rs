//! API Management of a plan: the lists that rules read of a gateway, as far as the plan holds them.
//!
//! Which other gateways there are, no plan says: so a defect of a planned gateway is found, and that there is none stays unknown.

use std::collections::BTreeMap;

use super::estate::Maker;
use super::resource::{Found, Resource, below_gateway};
use crate::snapshot::{Document, List, Operation, Read, reduce};

/// Lists by the id of what they are below, in lower case.
pub(super) type Below = BTreeMap<String, BTreeMap<Operation, Read<List>>>;

/// Lists below a service, and how a row is reduced.
const OF_SERVICE: [(&str, Operation); 6] = [
    ("backends", Operation::GatewayBackendsList),
    ("apis", Operation::GatewayApisList),
    ("diagnostics", Operation::GatewayDiagnosticsList),
    ("policies", Operation::GatewayPoliciesList),
    ("policyfragments", Operation::GatewayFragmentsList),
    ("caches", Operation::GatewayCachesList),
];

/// Lists below an API.
const OF_API: [(&str, Operation); 2] =
    [("apis/diagnostics", Operation::ApiDiagnosticsList), ("apis/policies", Operation::ApiPoliciesList)];

const BESIDE: &str = "the gateway is not in the plan";

/// One service while its resources are gathered.
#[derive(Default)]
struct Gathered<'a> {
    own: Option<&'a Resource>,
    parts: BTreeMap<String, Vec<&'a Resource>>,
}

impl Maker {
    /// What is below the gateways of each subscription, by its id in lower case.
    pub(super) fn gateways(&self, found: &Found) -> BTreeMap<String, Below> {
        let mut services: BTreeMap<String, (String, Gathered<'_>)> = BTreeMap::new();
        for resource in &found.resources {
            let Some((service, below)) = below_gateway(&resource.id) else { continue };
            let (_, gathered) =
                services.entry(service.to_ascii_lowercase()).or_insert_with(|| (service, Gathered::default()));
            if below.is_empty() {
                gathered.own = Some(resource);
            } else {
                gathered.parts.entry(below).or_default().push(resource);
            }
        }
        let mut all: BTreeMap<String, Below> = BTreeMap::new();
        let mut rows: BTreeMap<String, Vec<Read<Document>>> = BTreeMap::new();
        for (key, (id, gathered)) in services {
            let Some(subscription) = key.split('/').nth(2).map(str::to_owned) else { continue };
            rows.entry(subscription.clone()).or_default().push(self.service(&id, &gathered));
            self.lists(&id, &gathered, all.entry(subscription).or_default());
        }
        for (subscription, rows) in rows {
            let scope = format!("/subscriptions/{subscription}");
            let other = "no plan says which other gateways there are";
            let list = self.list(Operation::GatewaysList, &scope, rows, Some(other));
            let below = all.entry(subscription).or_default();
            below.entry(scope).or_default().insert(Operation::GatewaysList, Read::Known(list));
        }
        all
    }

    /// The record of a service. Something below one shows that there is one.
    fn service(&self, id: &str, gathered: &Gathered<'_>) -> Read<Document> {
        match gathered.own {
            Some(own) => self.part(Operation::GatewaysList, own),
            None => Read::Known(Document {
                scope: id.to_owned(),
                body: serde_json::json!({ "id": id }),
                evidence: self.evidence(Operation::GatewaysList),
            }),
        }
    }

    fn lists(&self, id: &str, gathered: &Gathered<'_>, below: &mut Below) {
        let beside = gathered.own.is_none().then_some(BESIDE);
        let of = |part: &str| gathered.parts.get(part).map_or(&[][..], Vec::as_slice);
        let mut apis: BTreeMap<String, String> = BTreeMap::new();
        for own in OF_API.iter().flat_map(|(part, _)| of(part)) {
            let api = parent(&own.id).to_owned();
            apis.entry(api.to_ascii_lowercase()).or_insert(api);
        }
        for (part, operation) in OF_SERVICE {
            let mut rows: Vec<Read<Document>> = of(part).iter().map(|own| self.part(operation, own)).collect();
            if part == "apis" {
                let planned: Vec<String> = of(part).iter().map(|own| own.id.to_ascii_lowercase()).collect();
                let missing = apis.iter().filter(|(key, _)| !planned.contains(key));
                rows.extend(
                    missing
                        .map(|(_, api)| Read::Unavailable(self.missing(operation, api, "the API is not in the plan"))),
                );
                apis.extend(of(part).iter().map(|own| (own.id.to_ascii_lowercase(), own.id.clone())));
            }
            let list = self.list(operation, id, rows, beside);
            below.entry(id.to_ascii_lowercase()).or_default().insert(operation, Read::Known(list));
        }
        for (key, api) in apis {
            for (part, operation) in OF_API {
                let own = of(part).iter().filter(|own| parent(&own.id).eq_ignore_ascii_case(&api));
                let rows = own.map(|own| self.part(operation, own)).collect();
                let list = self.list(operation, &api, rows, beside);
                below.entry(key.clone()).or_default().insert(operation, Read::Known(list));
            }
        }
    }

    /// A row, reduced as in a scan.
    fn part(&self, operation: Operation, own: &Resource) -> Read<Document> {
        let read = self.document(operation, &own.id, own);
        Read::from(read.into_result().map(|mut document| {
            let body = &mut document.body;
            if let Some((_, below)) = below_gateway(&own.id) {
                match below.as_str() {
                    "backends" => reduce::backend(body),
                    "apis" => reduce::api(body),
                    "diagnostics" | "apis/diagnostics" => reduce::diagnostic(body),
                    "policies" | "policyfragments" | "apis/policies" => policy(body),
                    _ => reduce::keep(body, &reduce::NAMED, &[]),
                }
            }
            document
        }))
    }
}

/// A policy that is a link to a text says nothing itself.
fn policy(body: &mut serde_json::Value) {
    let format = body.pointer("/properties/format").and_then(|format| format.as_str());
    if format.is_some_and(|format| format.to_ascii_lowercase().ends_with("-link")) {
        body["properties"]["value"] = crate::snapshot::not_known("the policy is behind a link");
    }
    reduce::policy(body);
}

/// The id that a resource is below: without its last type and name.
fn parent(id: &str) -> &str {
    id.rsplitn(3, '/').last().unwrap_or(id)
}
