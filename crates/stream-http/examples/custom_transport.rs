//! A custom transport: HTTP/1.1 over a plain TCP connection for each request.
//!
//! `cargo run -p stream-http --example custom_transport -- http://127.0.0.1:8080`

use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use stream_http::{Executor, RequestBody, ResponseBody, Transport, TransportError};

pub(crate) struct PlainTcp;

impl Transport for PlainTcp {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(TransportError::classify)?.to_bytes();
        let host = head.uri.authority().map_or("", |authority| authority.as_str());
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let mut text = format!(
            "{} {target} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {}\r\n",
            head.method,
            body.len()
        );
        for (name, value) in &head.headers {
            text += &format!("{name}: {}\r\n", value.to_str().unwrap_or_default());
        }
        let io = |error: std::io::Error| TransportError::classify(error);
        let connected = tokio::net::TcpStream::connect(host).await;
        let mut stream = connected.map_err(|error| io(error).before_send(true))?;
        stream.write_all(&[text.as_bytes(), b"\r\n", &body].concat()).await.map_err(io)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.map_err(io)?;
        let text = String::from_utf8_lossy(&answer);
        let (head, body) =
            text.split_once("\r\n\r\n").ok_or_else(|| TransportError::classify("no HTTP"))?;
        let status = head.split(' ').nth(1).unwrap_or_default();
        let mut response = http::Response::builder().status(status);
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            response = response.header(name, value);
        }
        response.body(ResponseBody::bytes(body.to_owned())).map_err(TransportError::classify)
    }
}

#[tokio::main]
async fn main() -> Result<(), stream_http::Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let executor = Executor::builder()
        .api_key("key")
        .token("token")
        .base_url(url)
        .transport(PlainTcp)
        .build()?;
    println!("{executor:?} is ready; give it an operation with `send`");
    Ok(())
}
