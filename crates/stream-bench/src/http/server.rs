//! A server in a separate process that responds with two fixed bodies, over plain HTTP/1.1 and over
//! HTTP/2 with TLS.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::data;

/// The last line of the certificate.
const END: &str = "-----END CERTIFICATE-----";

/// The process of the server, which is killed when this is dropped.
pub(super) struct Server {
    process: Child,
    /// The origin that speaks HTTP/1.1.
    pub(super) plain: Origin,
    /// The origin that speaks HTTP/2 over TLS.
    pub(super) secure: Origin,
}

/// The origin that calls are sent to.
pub(super) struct Origin {
    pub(super) url: String,
    /// The certificate to trust, as PEM; `None` without TLS.
    pub(super) certificate: Option<String>,
}

impl Server {
    pub(super) fn start() -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut line = || lines.next().context("the server said too little")?.map_err(Into::into);
        let urls: [Result<String>; 2] = [line(), line()];
        let [plain, secure] = urls;
        let mut certificate = String::new();
        while !certificate.contains(END) {
            certificate.push_str(&line()?);
            certificate.push('\n');
        }
        Ok(Self {
            process,
            plain: Origin { url: plain?, certificate: None },
            secure: Origin { url: secure?, certificate: Some(certificate) },
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Prints the URLs and the certificate, and responds to calls until the standard input ends.
///
/// # Errors
/// A port could not be bound, or the certificate could not be generated.
pub fn serve() -> Result<()> {
    // If the parent process ends without killing this one, its end of the pipe is closed.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let message = Bytes::from(data::message()?);
    let page = Bytes::from(data::page()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let plain = TcpListener::bind(("127.0.0.1", 0)).await?;
        let secure = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (acceptor, certificate) = identity()?;
        println!("http://{}", plain.local_addr()?);
        println!("https://localhost:{}", secure.local_addr()?.port());
        // Nothing follows the last line, after which the parent process reads no more.
        println!("{}", certificate.trim_end());
        loop {
            let (message, page) = (message.clone(), page.clone());
            tokio::select! {
                accepted = plain.accept() => {
                    tokio::spawn(speak_http1(accepted?.0, message, page));
                }
                accepted = secure.accept() => {
                    tokio::spawn(speak_http2(accepted?.0, acceptor.clone(), message, page));
                }
            }
        }
    })
}

/// Returns TLS for `localhost` that offers HTTP/2, and its certificate as PEM.
fn identity() -> Result<(TlsAcceptor, String)> {
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], PrivateKeyDer::Pkcs8(key))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok((TlsAcceptor::from(Arc::new(config)), certified.cert.pem()))
}

// The caller reports broken connections, so errors of serving are ignored.

async fn speak_http1(stream: TcpStream, message: Bytes, page: Bytes) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| choose(request, &message, &page));
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn speak_http2(stream: TcpStream, acceptor: TlsAcceptor, message: Bytes, page: Bytes) {
    let _ = stream.set_nodelay(true);
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let service = service_fn(move |request| choose(request, &message, &page));
    let server = http2::Builder::new(TokioExecutor::new());
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

fn choose(
    request: Request<Incoming>,
    message: &Bytes,
    page: &Bytes,
) -> impl Future<Output = hyper::Result<Response<Full<Bytes>>>> + use<> {
    let body = if request.uri().path().ends_with("/message") { message } else { page };
    answer(request, body.clone())
}

async fn answer(request: Request<Incoming>, body: Bytes) -> hyper::Result<Response<Full<Bytes>>> {
    request.into_body().collect().await?;
    let mut response = Response::new(Full::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"));
    headers.insert("x-ratelimit-limit", HeaderValue::from_static("1000"));
    headers.insert("x-ratelimit-remaining", HeaderValue::from_static("998"));
    headers.insert("x-ratelimit-reset", HeaderValue::from_static("1760000060"));
    Ok(response)
}
