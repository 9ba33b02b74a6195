//! The inspector: a page for developers that shows the state and the activity of the emulator.
//!
//! It is a middleware in front of the API. A browser that requests `/` gets the page; the page's
//! own requests begin with `/emulator/inspector/`. All other requests are passed on unchanged.
//!
//! The page is served only to this machine ([`access`]), shows no secrets ([`crate::redaction`]),
//! and runs only embedded scripts ([`page`]). State is read through [`crate::view`], and records
//! come from [`crate::feed`]; a stream of events tells the page what to load again ([`stream`]).

mod access;
mod actions;
mod listing;
mod page;
mod response;
mod routes;
mod stream;
mod views;

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use http::{HeaderMap, Method, header};

use crate::runtime::Shared;
use crate::server::Peer;

/// The prefix of all paths but that of the page itself.
const PREFIX: &str = "/emulator/inspector/";

/// Adds the inspector as a middleware, if it is enabled.
pub(crate) fn over(service: Router, shared: &Arc<Shared>) -> Router {
    if !shared.settings.has_inspector {
        return service;
    }
    service.layer(middleware::from_fn_with_state(Arc::clone(shared), intercept))
}

async fn intercept(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(Peer(peer)): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_page = path == "/" && asks_for_page(request.method(), request.headers());
    if !is_page && !path.starts_with(PREFIX) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    if let Err(refusal) = access::check(&parts, peer, is_page) {
        return response::refused(refusal);
    }
    if is_page { page::index() } else { routes::serve(&shared, &parts, body).await }
}

/// Returns whether a browser requests a page: clients of the API accept JSON, or anything.
fn asks_for_page(method: &Method, headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    matches!(*method, Method::GET | Method::HEAD)
        && accepted.is_some_and(|accepted| {
            accepted.split(',').any(|range| range.trim().starts_with("text/html"))
        })
}
