//! Requests have the documented form on the wire, on real sockets.
#![cfg(all(feature = "hyper", feature = "ring"))]

use crate::support::operations::{
    DeleteMessage, GetApp, GetManyMessages, MarkChannelsRead, QueryUsers, SendMessage, UploadFile,
};
use crate::support::server::{Server, json};
use stream_http::{CallOptions, ErrorKind, Executor, FileSource, PreparedRequest};
use stream_models::Upload;

fn executor(url: String) -> Executor {
    Executor::builder().api_key("k&y").token("t.o.k").base_url(url).build().unwrap()
}

#[tokio::test]
async fn key_token_and_identification_are_in_their_places() {
    let server = Server::answering(vec![json(
        "200 OK",
        "X-RateLimit-Remaining: 7\r\n",
        "{\"duration\":\"1ms\"}",
    )])
    .await;
    let response = executor(server.url() + "/prefix/").send(&GetApp).await.unwrap();
    assert_eq!(response["duration"], "1ms");
    assert_eq!(response.rate_limit().remaining, Some(7));

    let request = &server.received()[0];
    assert_eq!(request.line, "GET /prefix/api/v2/app?api_key=k%26y HTTP/1.1");
    assert_eq!(request.header("authorization"), Some("t.o.k"));
    assert_eq!(request.header("stream-auth-type"), Some("jwt"));
    assert_eq!(request.header("accept-encoding"), cfg!(feature = "gzip").then_some("gzip"));
    assert_eq!(request.header("content-type"), None);
    assert_eq!(request.header("content-length"), None);
    let client = request.header("x-stream-client").unwrap();
    assert_eq!(client, concat!("stream-rust-client-", env!("CARGO_PKG_VERSION")));
    let agent = request.header("user-agent").unwrap();
    assert_eq!(agent, concat!("stream-rust/", env!("CARGO_PKG_VERSION")));
    let id = request.header("x-client-request-id").unwrap();
    assert_eq!(id, response.request_id());
    assert_eq!(id.len(), 36);
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn the_user_agent_names_the_product_of_the_user() {
    let server = Server::answering(vec![json("200 OK", "", "{}")]).await;
    let builder = || Executor::builder().api_key("key").token("t.o.k").base_url(server.url());
    let executor = builder().user_agent_product("my-app/1.2 (eu)").build().unwrap();
    executor.send(&GetApp).await.unwrap();
    let agent = server.received()[0].header("user-agent").unwrap().to_owned();
    assert_eq!(agent, concat!("stream-rust/", env!("CARGO_PKG_VERSION"), " my-app/1.2 (eu)"));

    let error = builder().user_agent_product("my\napp").build().unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("user agent"), "{error}");
}

#[tokio::test]
async fn a_post_without_body_states_its_length() {
    let server = Server::answering(vec![json("200 OK", "", "{}")]).await;
    let executor = executor(server.url());
    executor.send(&MarkChannelsRead).await.unwrap();
    executor.send(&DeleteMessage).await.unwrap();
    let requests = server.received();
    assert!(requests[0].line.starts_with("POST "));
    assert_eq!(requests[0].header("content-length"), Some("0"));
    assert_eq!(requests[0].header("content-type"), None);
    assert_eq!(requests[1].header("content-length"), None);
}

#[tokio::test]
async fn paths_and_queries_arrive_as_they_were_encoded() {
    let server = Server::answering(vec![json("200 OK", "", "{}")]).await;
    executor(server.url()).send(&GetManyMessages { id: "kung fu/é" }).await.unwrap();
    assert_eq!(
        server.received()[0].target(),
        "/api/v2/chat/channels/messaging/kung%20fu%2F%C3%A9/messages?ids=a%2Cb&payload=%7B%22limit%22%3A1%7D&api_key=k%26y"
    );
}

#[tokio::test]
async fn bodies_are_json_and_only_where_they_belong() {
    let server = Server::answering(vec![json("201 Created", "", "{}")]).await;
    let executor = executor(server.url());
    let created = executor.send(&SendMessage::text("hi")).await.unwrap();
    assert_eq!(created.status(), 201);
    executor.send(&DeleteMessage).await.unwrap();

    let requests = server.received();
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    assert_eq!(requests[0].body, br#"{"message":{"text":"hi"}}"#);
    assert!(requests[1].line.starts_with("DELETE /api/v2/chat/messages/m1?"));
    assert_eq!(requests[1].header("content-type"), None);
    assert!(requests[1].body.is_empty());
}

#[tokio::test]
async fn forms_stream_with_a_length_if_it_is_known() {
    let server = Server::answering(vec![json("201 Created", "", "{}")]).await;
    let executor = executor(server.url());
    let upload = UploadFile(Upload::bytes("photo.jpg", *b"PIXELS"));
    executor.send(&upload).await.unwrap();
    let request = PreparedRequest::from_operation(&upload).unwrap();
    let reader = FileSource::reader("photo.jpg", &b"PIXELS"[..], None);
    executor.execute(request.file("file", reader), &CallOptions::new()).await.unwrap();

    let requests = server.received();
    let media_type =
        if cfg!(feature = "media-types") { "image/jpeg" } else { "application/octet-stream" };
    for request in &requests {
        let content_type = request.header("content-type").unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"user\"\r\nContent-Type: application/json\r\n\r\n\
            {{\"id\":\"john\"}}\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\n\
            Content-Type: {media_type}\r\n\r\nPIXELS\r\n--{boundary}--\r\n"
        );
        assert_eq!(String::from_utf8_lossy(&request.body), expected);
    }
    assert!(requests[0].header("content-length").is_some());
    assert_eq!(requests[1].header("transfer-encoding"), Some("chunked"));
}

#[tokio::test]
async fn connections_are_kept() {
    let server = Server::answering(vec![json("200 OK", "", "{}")]).await;
    let executor = executor(server.url());
    for _ in 0..5 {
        executor.clone().send(&GetApp).await.unwrap();
    }
    assert_eq!(server.connections.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_path_that_leads_elsewhere_is_not_sent() {
    let server = Server::answering(vec![json("200 OK", "", "{}")]).await;
    let error = executor(server.url()).send(&GetManyMessages { id: ".." }).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.attempts(), 0);
    assert!(
        error
            .to_string()
            .starts_with("GET /api/v2/chat/channels/{type}/{id}/messages cannot be sent: "),
        "{error}"
    );
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_response_of_another_shape_names_the_place() {
    let server = Server::answering(vec![json("200 OK", "", "{\"users\":[1,2,\"x\"]}")]).await;
    let error = executor(server.url()).send(&QueryUsers).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(error.json_path(), Some("$.users[2]"));
    assert_eq!(error.operation_id(), Some("QueryUsers"));
    assert_eq!(error.raw_body(), Some(&b"{\"users\":[1,2,\"x\"]}"[..]));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server = Server::answering(vec![json("302 Found", "Location: /elsewhere\r\n", "")]).await;
    let error = executor(server.url()).send(&SendMessage::text("hi")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(server.received().len(), 1);
}

#[cfg(feature = "reqwest-rustls")]
#[tokio::test]
async fn both_transports_send_the_same() {
    use stream_http::SharedTransport;
    use stream_http::transport::hyper::HyperTransport;
    use stream_http::transport::reqwest::ReqwestTransport;

    let mut seen = Vec::new();
    for transport in [
        SharedTransport::new(ReqwestTransport::new().unwrap()),
        SharedTransport::new(HyperTransport::new().unwrap()),
    ] {
        let server = Server::answering(vec![json("200 OK", "", "{}")]).await;
        let executor = Executor::builder()
            .api_key("k&y")
            .token("t.o.k")
            .base_url(server.url())
            .transport(transport)
            .build()
            .unwrap();
        executor.send(&GetApp).await.unwrap();
        executor.send(&GetManyMessages { id: "kung fu/é" }).await.unwrap();
        executor.send(&SendMessage::text("hi")).await.unwrap();
        executor.send(&DeleteMessage).await.unwrap();
        let requests = server.received().into_iter().map(|mut request| {
            request.headers.retain(|(name, _)| {
                !name.eq_ignore_ascii_case("x-client-request-id")
                    && !name.eq_ignore_ascii_case("host")
            });
            request.headers.sort();
            (request.line, request.headers, request.body)
        });
        seen.push(requests.collect::<Vec<_>>());
    }
    assert_eq!(seen[0], seen[1]);
}
