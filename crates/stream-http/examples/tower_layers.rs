//! A stack of `tower-http` layers around a transport.
//!
//! `cargo run -p stream-http --features tower,testing --example tower_layers`

use http::{HeaderName, HeaderValue};
use tower::ServiceBuilder;
use tower_http::set_header::SetRequestHeaderLayer;

use stream_http::Executor;
use stream_http::transport::testing::ScriptedTransport;
use stream_http::transport::tower::{TowerTransport, TransportService};

fn main() -> Result<(), stream_http::Error> {
    // In a program: `ReqwestTransport::new()?` or any other transport.
    let transport = ScriptedTransport::new();
    let region = SetRequestHeaderLayer::overriding(
        HeaderName::from_static("x-region"),
        HeaderValue::from_static("eu"),
    );
    let stack = ServiceBuilder::new().layer(region).service(TransportService::new(transport));
    let executor = Executor::builder()
        .api_key("key")
        .token("token")
        .transport(TowerTransport::new(stack))
        .build()?;
    println!("{executor:?} sends through the layers");
    Ok(())
}
