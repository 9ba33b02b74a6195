//! A server that writes HTTP/2 frames by hand, to send or omit what a library would not.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::support::identity::Identity;

pub(crate) const DATA: u8 = 0x0;
pub(crate) const HEADERS: u8 = 0x1;
pub(crate) const RST_STREAM: u8 = 0x3;
pub(crate) const SETTINGS: u8 = 0x4;
pub(crate) const PING: u8 = 0x6;
pub(crate) const GOAWAY: u8 = 0x7;
pub(crate) const WINDOW_UPDATE: u8 = 0x8;

const ACK: u8 = 0x1;
pub(crate) const END_STREAM: u8 = 0x1;
pub(crate) const END_HEADERS: u8 = 0x4;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// `:status: 200`, from the static table of HPACK.
pub(crate) const STATUS_200: &[u8] = &[0x88];

/// Error codes of RFC 9113.
pub(crate) const NO_ERROR: u32 = 0x0;
pub(crate) const INTERNAL_ERROR: u32 = 0x2;
pub(crate) const REFUSED_STREAM: u32 = 0x7;
pub(crate) const CANCEL: u32 = 0x8;
pub(crate) const ENHANCE_YOUR_CALM: u32 = 0xb;

/// Deviations of a connection from what the library expects.
#[derive(Clone, Default)]
pub(crate) struct Deviations {
    /// The payload of the `SETTINGS` frame.
    pub(crate) settings: &'static [u8],
    /// Bytes that follow the `SETTINGS` frame.
    pub(crate) greeting: Vec<u8>,
    /// What the server sends for the stream of a request whose body has not arrived, instead of
    /// acting on the complete request.
    pub(crate) early: Option<fn(u32) -> Vec<u8>>,
}

/// A complete request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    /// The number of the connection, from 0.
    pub(crate) connection: usize,
    /// The number of the request on its connection, from 0.
    pub(crate) number: usize,
    stream: u32,
}

/// The reaction of the server to a request.
#[derive(Clone)]
pub(crate) enum Action {
    /// Responds with the number of the connection.
    Respond,
    /// Responds after a notification.
    RespondAfter(Arc<Notify>),
    /// Sends the headers and half of the body.
    RespondInPart,
    /// Resets the stream with this error code.
    Reset(u32),
    /// Sends a `GOAWAY` that includes this request, or excludes it.
    GoAway { includes: bool, code: u32 },
    /// Sends the bytes that the function returns for its stream.
    Bytes(fn(u32) -> Vec<u8>),
    /// Closes the connection.
    Close,
    /// Continues to read, but neither responds nor acknowledges pings on this connection any more.
    Hang,
}

type Handler = dyn Fn(Request) -> Vec<Action> + Send + Sync;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// The certificate to trust.
    pub(crate) pem: String,
    pub(crate) requests: Arc<Mutex<Vec<Request>>>,
    /// The number of connections that were opened, and of those that the client closed.
    pub(crate) opened: Arc<AtomicUsize>,
    pub(crate) closed: Arc<AtomicUsize>,
    /// The number of connections on which the TLS handshake hangs.
    stalled: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Starts the server. `handle` decides about each request; an empty list ignores it.
    pub(crate) async fn start(
        handle: impl Fn(Request) -> Vec<Action> + Send + Sync + 'static,
    ) -> Self {
        Self::with(|_| Deviations::default(), handle).await
    }

    /// Starts the server; `deviations` gets the number of the connection.
    pub(crate) async fn with(
        deviations: impl Fn(usize) -> Deviations + Send + 'static,
        handle: impl Fn(Request) -> Vec<Action> + Send + Sync + 'static,
    ) -> Self {
        let Identity { acceptor, pem } = Identity::new(&["h2"]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (opened, closed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stalled = Arc::new(AtomicUsize::new(0));
        let stalling = stalled.clone();
        let (opening, closing, log) = (opened.clone(), closed.clone(), requests.clone());
        let handle: Arc<Handler> = Arc::new(handle);
        let task = tokio::spawn(async move {
            let mut silent = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                let connection = opening.fetch_add(1, Ordering::SeqCst);
                if connection < stalling.load(Ordering::SeqCst) {
                    silent.push(stream);
                    continue;
                }
                let (acceptor, handle) = (acceptor.clone(), handle.clone());
                let (closing, log) = (closing.clone(), log.clone());
                let deviations = deviations(connection);
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let _ = serve(stream, connection, deviations, handle, log).await;
                    closing.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, pem, requests, opened, closed, stalled, task }
    }

    /// Lets the TLS handshake hang on the first connections.
    pub(crate) fn stall_handshakes(&self, connections: usize) {
        self.stalled.store(connections, Ordering::SeqCst);
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

/// Waits until `condition` holds.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), waiting)
        .await
        .unwrap_or_else(|_| panic!("waited in vain: {what}"));
}

type Writer<S> = Arc<tokio::sync::Mutex<tokio::io::WriteHalf<S>>>;

async fn serve<S>(
    stream: S,
    connection: usize,
    deviations: Deviations,
    handle: Arc<Handler>,
    log: Arc<Mutex<Vec<Request>>>,
) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let (mut reader, writer) = tokio::io::split(stream);
    let writer: Writer<S> = Arc::new(tokio::sync::Mutex::new(writer));
    let settings = frame(SETTINGS, 0, 0, deviations.settings);
    send(&writer, &[settings, deviations.greeting].concat()).await?;
    let mut preface = [0; 24];
    reader.read_exact(&mut preface).await?;
    assert_eq!(preface, PREFACE);
    let (mut hung, mut number, mut early) = (false, 0, Vec::new());
    loop {
        let mut head = [0; 9];
        reader.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let (kind, flags) = (head[3], head[4]);
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; length as usize];
        reader.read_exact(&mut payload).await?;
        if hung {
            continue;
        }
        if kind == DATA && length > 0 {
            // The window of the connection stays open; those of its streams do not grow.
            send(&writer, &frame(WINDOW_UPDATE, 0, 0, &length.to_be_bytes())).await?;
        }
        match kind {
            SETTINGS if flags & ACK == 0 => send(&writer, &frame(SETTINGS, ACK, 0, &[])).await?,
            PING if flags & ACK == 0 => send(&writer, &frame(PING, ACK, 0, &payload)).await?,
            HEADERS if flags & END_STREAM == 0 && deviations.early.is_some() => {
                early.push(stream);
                let request = Request { connection, number, stream };
                number += 1;
                log.lock().unwrap().push(request);
                if let Some(make) = deviations.early {
                    send(&writer, &make(stream)).await?;
                }
            }
            HEADERS | DATA if flags & END_STREAM != 0 && !early.contains(&stream) => {
                let request = Request { connection, number, stream };
                number += 1;
                log.lock().unwrap().push(request);
                for action in handle(request) {
                    match action {
                        Action::Hang => hung = true,
                        Action::Close => return Ok(()),
                        action => act(&writer, request, action).await?,
                    }
                }
            }
            _ => {}
        }
    }
}

async fn act<S>(writer: &Writer<S>, request: Request, action: Action) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let stream = request.stream;
    let body = format!("{{\"connection\":{}}}", request.connection).into_bytes();
    let headers = frame(HEADERS, END_HEADERS, stream, STATUS_200);
    let response = [&headers[..], &frame(DATA, END_STREAM, stream, &body)].concat();
    match action {
        Action::Respond => send(writer, &response).await,
        Action::RespondAfter(told) => {
            let writer = writer.clone();
            tokio::spawn(async move {
                told.notified().await;
                let _ = send(&writer, &response).await;
            });
            Ok(())
        }
        Action::RespondInPart => {
            send(writer, &[&headers[..], &frame(DATA, 0, stream, &body[..5])].concat()).await
        }
        Action::Reset(code) => {
            send(writer, &frame(RST_STREAM, 0, stream, &code.to_be_bytes())).await
        }
        Action::GoAway { includes, code } => {
            let last = if includes { stream } else { stream.saturating_sub(2) };
            let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
            send(writer, &frame(GOAWAY, 0, 0, &payload)).await
        }
        Action::Bytes(make) => send(writer, &make(stream)).await,
        Action::Close | Action::Hang => Ok(()),
    }
}

async fn send<S: AsyncRead + AsyncWrite>(writer: &Writer<S>, bytes: &[u8]) -> std::io::Result<()> {
    let mut writer = writer.lock().await;
    writer.write_all(bytes).await?;
    writer.flush().await
}

pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}
