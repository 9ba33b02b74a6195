//! An in-memory server of batches, which responds as a test specifies, after a delay on Tokio's
//! clock.

use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};

use stream_chat::Client;
use stream_chat::transport::{
    RequestBody, ResponseBody, Transport, TransportError, TransportErrorKind,
};

/// The server's reaction to a request.
pub(crate) enum Answer {
    Json(u16, Value),
    /// A response with headers, by name and value.
    With(u16, Vec<(&'static str, String)>),
    /// The connection breaks after the request was read.
    Cut,
    /// No response.
    Nothing,
}

impl Answer {
    pub(crate) fn ok() -> Self {
        Self::Json(200, json!({ "duration": "1ms", "users": {}, "members": [] }))
    }

    pub(crate) fn refused(code: i64) -> Self {
        Self::Json(400, json!({ "code": code, "message": "refused", "StatusCode": 400 }))
    }
}

type Answers = dyn Fn(&Request) -> (Duration, Answer) + Send + Sync;

#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The number of the request, from 0.
    pub(crate) number: usize,
    pub(crate) path: String,
    pub(crate) body: Value,
}

impl Request {
    /// Returns the user IDs in the request.
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.body["user_ids"].as_array().unwrap().iter().filter_map(Value::as_str).collect()
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids().contains(&id)
    }
}

#[derive(Clone)]
pub(crate) struct Server {
    answers: Arc<Answers>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    requests: Vec<Request>,
    in_flight: usize,
    most_in_flight: usize,
}

impl Server {
    /// Creates a server that delays each response.
    pub(crate) fn new(
        answers: impl Fn(&Request) -> (Duration, Answer) + Send + Sync + 'static,
    ) -> (Self, Client) {
        let server = Self { answers: Arc::new(answers), state: Arc::default() };
        let client = Client::builder("key", "secret").transport(server.clone()).build().unwrap();
        (server, client)
    }

    /// Creates a server that takes 50 ms per request.
    pub(crate) fn steady(
        answers: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> (Self, Client) {
        Self::new(move |request| (Duration::from_millis(50), answers(request)))
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.lock().in_flight
    }

    pub(crate) fn most_in_flight(&self) -> usize {
        self.lock().most_in_flight
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

/// Counts a request as ended when it has its response or is dropped.
struct Place(Server);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.lock().in_flight -= 1;
    }
}

impl Transport for Server {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        use http_body_util::BodyExt;
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(TransportError::classify)?.to_bytes();
        let body = serde_json::from_slice(&body).unwrap_or_default();
        let (place, (wait, answer)) = {
            let mut state = self.lock();
            let number = state.requests.len();
            let request = Request { number, path: head.uri.path().to_owned(), body };
            state.requests.push(request.clone());
            state.in_flight += 1;
            state.most_in_flight = state.most_in_flight.max(state.in_flight);
            drop(state);
            (Place(self.clone()), (self.answers)(&request))
        };
        tokio::time::sleep(wait).await;
        drop(place);
        let (status, headers, body) = match answer {
            Answer::Json(status, body) => (status, Vec::new(), body),
            Answer::With(status, headers) => (status, headers, json!({ "duration": "1ms" })),
            Answer::Cut => {
                return Err(TransportError::new(TransportErrorKind::ConnectionReset, "cut"));
            }
            Answer::Nothing => pending().await,
        };
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        Ok(response.body(ResponseBody::bytes(body.to_string())).unwrap())
    }
}

/// Returns IDs that contain their position.
pub(crate) fn ids(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}
