//! Executes operations for requests.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Query};
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use serde_json::Value;

use super::connection::Peer;
use crate::auth::{self, Caller};
use crate::document::Object;
use crate::envelope::{self, Arrival};
use crate::error::ApiError;
use crate::operations::{self, Asked, Call, Question, Reply, Request, due};
use crate::parameters::{PathParameters, QueryParameters};
use crate::runtime::Shared;
use crate::state::World;
use crate::wire::{self, Match};

/// The maximum number of questions to the app's own server by one operation.
const MAX_QUESTIONS: usize = 8;

/// Authenticates and executes one call.
pub(super) async fn call(
    shared: &Shared,
    found: Match,
    parts: &Parts,
    body: Bytes,
    arrival: Arrival,
) -> Response {
    let route = found.route;
    match perform(shared, found, parts, body).await {
        Ok(fields) => {
            let status = route.success_status(&parts.method);
            envelope::success(status, fields, route.dialect.form(), arrival)
        }
        Err(error) => envelope::error(error.of_operation(route.operation.id), arrival),
    }
}

async fn perform(
    shared: &Shared,
    found: Match,
    parts: &Parts,
    body: Bytes,
) -> Result<Object, ApiError> {
    let query = query_of(parts)?;
    let caller = authenticate(shared, parts, &query)?;
    let Some(entry) = found.route.operation.entry else {
        return Err(ApiError::not_emulated(found.route.operation.id));
    };
    let settings = (shared.settings.base_url.as_str(), &shared.settings.keys);
    let (mut request, input) = wire::read(found, query, &parts.headers, body, settings)?;
    if let Some(origin) = &mut request.origin {
        let peer = parts.extensions.get::<ConnectInfo<Peer>>();
        origin.ip = peer.map(|ConnectInfo(Peer(address))| address.ip());
    }
    let mut reply = shared.change(&caller, &request, |call| {
        if matches!(call.caller, Caller::Server) {
            call.world.calls.count(entry.id, call.now);
        }
        operations::authorize(call, entry.id, &input)?;
        (entry.run)(call, input)
    })?;
    for _ in 0..MAX_QUESTIONS {
        match reply {
            Reply::Done(fields) => return Ok(fields),
            Reply::Ask(question) => reply = ask(shared, &caller, &request, *question).await?,
        }
    }
    Err(ApiError::input("the app's server was asked too often"))
}

/// Returns the caller of a request.
pub(super) fn caller(shared: &Shared, parts: &Parts) -> Result<Caller, ApiError> {
    authenticate(shared, parts, &query_of(parts)?)
}

fn query_of(parts: &Parts) -> Result<QueryParameters, ApiError> {
    let Query(pairs) = Query::try_from_uri(&parts.uri)
        .map_err(|error| ApiError::input(format!("the query cannot be read: {error}")))?;
    Ok(QueryParameters::new(pairs))
}

/// Sends a question to the app's own server, and continues with its response.
async fn ask(
    shared: &Shared,
    caller: &Caller,
    request: &Request,
    question: Question,
) -> Result<Reply, ApiError> {
    let Question { url, timeout, asked, then } = question;
    let response: Option<Value> = match asked {
        // The response has the form of the question, with flat custom data.
        Asked::Hook { body, attempts } => {
            let response = shared.webhooks.ask(&url, timeout, attempts, &body).await;
            response.map(wire::nest_custom)
        }
        Asked::Page => shared.webhooks.page(&url, timeout).await.map(Value::from),
    };
    shared.change(caller, request, |call| then(call, response))
}

pub(super) fn authenticate(
    shared: &Shared,
    parts: &Parts,
    query: &QueryParameters,
) -> Result<Caller, ApiError> {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let presented = auth::Presented {
        api_key: query.get("api_key"),
        token: header("authorization"),
        kind: header("stream-auth-type"),
        connection_id: query.get("connection_id"),
    };
    auth::authenticate(presented, &shared.settings.keys, &shared.world())
}

impl Shared {
    /// Executes an operation for the emulator itself, with an input in the form of v1.
    pub(crate) fn perform_as_server(
        &self,
        id: &str,
        path: &[(&str, &str)],
        mut input: serde_json::Map<String, Value>,
    ) -> Result<Object, ApiError> {
        let entry = crate::catalogue::find(id).and_then(|operation| operation.entry);
        let Some(entry) = entry else {
            return Err(ApiError::not_emulated(id));
        };
        let mut request = self.own_request(path);
        wire::read_v1(id, &mut request, &mut input);
        match self.change(&Caller::Server, &request, |call| (entry.run)(call, input.into()))? {
            Reply::Done(fields) => Ok(fields),
            Reply::Ask(_) => Err(ApiError::input("the app's server cannot be asked here")),
        }
    }

    /// Runs scheduled work that is due, such as reminders.
    pub(crate) fn run_due(&self, world: &mut World) {
        if !due::is_any(world) {
            return;
        }
        let has_listeners = self.has_listeners(world);
        let request = self.own_request(&[]);
        let mut call = Call::new(world, &Caller::Server, &request, has_listeners);
        due::run(&mut call);
        let events = call.into_events();
        self.count_change();
        self.deliver_events(world, events);
    }

    /// Returns whether anyone receives events.
    fn has_listeners(&self, world: &World) -> bool {
        self.webhooks.has_hooks(&world.app) || world.live.was_used()
    }

    /// Returns a request of the emulator itself, with these path parameters.
    pub(crate) fn own_request(&self, path: &[(&str, &str)]) -> Request {
        let pairs = path.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Request {
            path: PathParameters::new(pairs.collect()),
            query: QueryParameters::default(),
            content_type: None,
            content: Bytes::new(),
            keys: Arc::clone(&self.settings.keys),
            base_url: self.settings.base_url.clone(),
            origin: None,
        }
    }

    /// Runs a step of an operation with the state locked, and delivers its events before unlocking,
    /// so that they are sent in the order in which they occurred.
    fn change(
        &self,
        caller: &Caller,
        request: &Request,
        step: impl FnOnce(&mut Call<'_>) -> Result<Reply, ApiError>,
    ) -> Result<Reply, ApiError> {
        let mut world = self.world();
        self.run_due(&mut world);
        let has_listeners = self.has_listeners(&world);
        let mut call = Call::new(&mut world, caller, request, has_listeners);
        let reply = step(&mut call)?;
        let events = call.into_events();
        self.count_change();
        self.deliver_events(&mut world, events);
        Ok(reply)
    }
}
