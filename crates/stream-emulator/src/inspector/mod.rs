//! The inspector: a page for developers that shows what the emulator holds and what goes on.
//!
//! It stands in front of the API as a middleware. A browser that asks for `/` gets the page; what the
//! page needs stands below `/emulator/inspector/`. Everything else goes on to the API untouched.
//!
//! The page is served to this machine alone ([`access`]), says nothing secret ([`crate::redaction`]), and
//! runs nothing that is not embedded here ([`page`]). State is read through [`crate::view`]; what is
//! observed comes from [`crate::feed`]; the page learns over one stream of events what to ask for
//! again ([`stream`]).

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

use crate::server::{Peer, Shared};

/// Where everything but the page itself stands.
const PREFIX: &str = "/emulator/inspector/";

/// Puts the inspector in front of a service, if there is to be one.
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

/// Whether a browser asks: clients of the API take JSON, or anything.
fn asks_for_page(method: &Method, headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    matches!(*method, Method::GET | Method::HEAD)
        && accepted.is_some_and(|accepted| {
            accepted.split(',').any(|range| range.trim().starts_with("text/html"))
        })
}
