//! The only place that writes the `Authorization` header, and the only check it needs: this origin, or not at all.
//!
//! `azure_core`'s own bearer policy is not used: it caches per policy without a time-out, and it refuses plain http even on
//! loopback, where the demo and the tests live.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::Error;
use azure_core::error::ErrorKind;
use azure_core::http::headers::{ACCEPT, AUTHORIZATION, USER_AGENT};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};
use url::{Origin, Url};

use super::token::Token;
use crate::azure::clouds::is_secure;
use crate::azure::data_plane::Hosts;
use crate::azure::operations::stores::Host;

/// Puts the token of the call on requests to the ARM endpoint and fails any other.
#[derive(Debug)]
pub(super) struct Bearer {
    origin: Origin,
}

impl Bearer {
    pub(super) fn new(endpoint: &Url) -> Self {
        Self { origin: endpoint.origin() }
    }
}

/// Whether `url` is a place below `origin` that a bearer may go to; user information would become credentials of its own.
pub(super) fn may_visit(url: &Url, origin: &Origin) -> bool {
    is_secure(url) && url.origin() == *origin && url.username().is_empty() && url.password().is_none()
}

#[expect(elided_lifetimes_in_paths, reason = "async_trait declares the trait's method with this lifetime left out")]
#[async_trait]
impl Policy for Bearer {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let refuse = |why: &'static str| Err(Error::with_message(ErrorKind::Other, why));
        let Some(token) = context.value::<Arc<Token>>() else { return refuse("no token for this request") };
        if !may_visit(request.url(), &self.origin) {
            return refuse("the token may not leave the ARM endpoint");
        }
        dress(request, token);
        let Some((first, rest)) = next.split_first() else { return refuse("the pipeline has no transport") };
        first.send(context, request, rest).await
    }
}

/// The same for the data planes: a token for one kind of host goes to that kind only.
#[derive(Debug)]
pub(super) struct DataBearer {
    hosts: Hosts,
}

impl DataBearer {
    pub(super) fn new(hosts: Hosts) -> Self {
        Self { hosts }
    }
}

#[expect(elided_lifetimes_in_paths, reason = "async_trait declares the trait's method with this lifetime left out")]
#[async_trait]
impl Policy for DataBearer {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let refuse = |why: &'static str| Err(Error::with_message(ErrorKind::Other, why));
        let (Some(token), Some(host)) = (context.value::<Arc<Token>>(), context.value::<Host>()) else {
            return refuse("no token for this request");
        };
        if !self.hosts.may_visit(*host, request.url()) {
            return refuse("the token may not leave the data planes of the cloud");
        }
        dress(request, token);
        let Some((first, rest)) = next.split_first() else { return refuse("the pipeline has no transport") };
        first.send(context, request, rest).await
    }
}

fn dress(request: &mut Request, token: &Token) {
    request.insert_header(AUTHORIZATION, format!("Bearer {}", token.secret()));
    request.insert_header(ACCEPT, "application/json");
    request.insert_header(USER_AGENT, concat!("zdr-check/", env!("CARGO_PKG_VERSION")));
}
