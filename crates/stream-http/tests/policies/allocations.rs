//! The allocations of a call, which are its cost in addition to the work of its transport.

use std::future::ready;

use bytes::Bytes;
use serde::de::IgnoredAny;

use stream_http::{Executor, RequestBody, ResponseBody, Transport, TransportError};
use stream_models::{Body, InvalidRequest, Method, Operation, OperationInfo, expand_path};

/// A transport that allocates nothing.
struct Canned;

impl Transport for Canned {
    fn send(
        &self,
        _: http::Request<RequestBody>,
    ) -> impl Future<Output = Result<http::Response<ResponseBody>, TransportError>> + Send {
        let body = Bytes::from_static(br#"{"message":{},"duration":"1ms"}"#);
        ready(Ok(http::Response::new(ResponseBody::bytes(body))))
    }
}

#[derive(Clone)]
struct SendMessage;

impl Operation for SendMessage {
    type Response = IgnoredAny;
    const INFO: OperationInfo = OperationInfo::new(
        "SendMessage",
        Method::Post,
        "/api/v2/chat/channels/{type}/{id}/message",
    )
    .responds_with(&["message"]);

    fn path(&self) -> Result<String, InvalidRequest> {
        expand_path(Self::INFO.path, &["messaging", "general"])
    }

    fn body(&self) -> Result<Body, InvalidRequest> {
        Ok(Body::Json(br#"{"message":{"text":"hi"}}"#.to_vec()))
    }
}

#[test]
fn a_call_allocates_little() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let executor =
        Executor::builder().api_key("key").token("token").transport(Canned).build().unwrap();
    let call = || runtime.block_on(executor.send(&SendMessage)).unwrap();
    // Values that are initialized only once are created before counting.
    call();
    let allocated = allocation_counter::measure(|| drop(call()));
    // Five of them pass the attempt to this transport in extensions; the transports of the crate
    // do not need them.
    assert!(allocated.count_total <= 17, "{allocated:?}");
    assert_eq!(allocated.count_current, 0, "{allocated:?}");
    // Large blocks are slow to allocate, and the call is moved into its block.
    assert!(allocated.bytes_max <= 2750, "{allocated:?}");
}
