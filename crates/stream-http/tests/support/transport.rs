//! A transport that responds with a function.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::BodyExt;

use stream_http::{
    Executor, ExecutorBuilder, RequestBody, ResponseBody, Transport, TransportError,
};

/// A request that a [`Mock`] received.
#[derive(Debug, Clone)]
pub struct Sent {
    pub head: Arc<http::request::Parts>,
    pub body: Bytes,
}

type Answer = Result<http::Response<ResponseBody>, TransportError>;

/// A transport that responds with a function of the number of the request, from 0.
#[derive(Clone)]
pub struct Mock {
    answer: Arc<dyn Fn(usize) -> Answer + Send + Sync>,
    pub sent: Arc<Mutex<Vec<Sent>>>,
}

impl Mock {
    pub fn new(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Self {
        Self { answer: Arc::new(answer), sent: Arc::default() }
    }

    pub fn json(status: u16, body: &'static str) -> Self {
        Self::new(move |_| Ok(answer(status, body)))
    }

    pub fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    pub fn executor(&self) -> ExecutorBuilder {
        Executor::builder().api_key("key").token("t0ken").transport(self.clone())
    }
}

impl Transport for Mock {
    async fn send(&self, request: http::Request<RequestBody>) -> Answer {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(TransportError::classify)?.to_bytes();
        let number = {
            let mut sent = self.sent.lock().unwrap();
            sent.push(Sent { head: Arc::new(head), body });
            sent.len() - 1
        };
        (self.answer)(number)
    }
}

pub fn answer(status: u16, body: &'static str) -> http::Response<ResponseBody> {
    http::Response::builder().status(status).body(ResponseBody::bytes(body)).unwrap()
}
