//! WebSockets: `/connect`, and `/api/v2/connect`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use http::request::Parts;
use serde_json::Value;
use tokio::time::timeout;
use tungstenite::error::ProtocolError;

use super::attempt::{Attempt, Opened, refusal};
use crate::envelope::{self, Arrival, error_object};
use crate::error::{ApiError, ErrorCode};
use crate::json;
use crate::parameters::QueryParameters;
use crate::runtime::{End, Frame, Hub, Inbox, Shared};
use crate::state::Transport;
use crate::wire::Form;

/// The maximum size of a client's frame, in bytes.
const MAX_FRAME: usize = 1024 * 1024;
/// The size of a connection's buffer for what it receives, in bytes. The default would take 128 KiB
/// of each connection.
const READ_BUFFER: usize = 8 * 1024;
/// The timeout of the first frame of a v2 client.
const GREETING_TIMEOUT: Duration = Duration::from_secs(15);
/// The timeout of the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Serves a request for a WebSocket. Clients read errors only from the first frame, so it is
/// accepted even if the connection is then refused.
pub(crate) async fn connect(
    shared: &Arc<Shared>,
    transport: Transport,
    parts: Parts,
    query: &QueryParameters,
    fault: Option<ApiError>,
    arrival: Arrival,
) -> Response {
    let read = match transport {
        Transport::WebSocketV2 => Ok(Attempt::without_user(transport, &parts, query)),
        Transport::WebSocket | Transport::LongPoll => Attempt::read(transport, &parts, query),
    };
    let attempt = match fault {
        Some(fault) => Err(fault),
        None => read,
    };
    let mut parts = parts;
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            let text = format!("{} takes a WebSocket: {rejection}", parts.uri.path());
            return envelope::error(ApiError::input(text), arrival);
        }
    };
    let shared = Arc::clone(shared);
    let guard = shared.live.guard();
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .on_upgrade(move |mut socket| async move {
            let _guard = guard;
            let introduced = match attempt {
                Ok(attempt) => introduce(&mut socket, attempt).await,
                Err(error) => Ok(Err(error)),
            };
            let opened = match introduced {
                Ok(attempt) => attempt.and_then(|attempt| shared.open_connection(attempt)),
                Err(ending) => return end(socket, ending).await,
            };
            match opened {
                Ok(Opened { id, inbox }) => serve(&shared, socket, &id, inbox).await,
                Err(error) => refuse(&shared, socket, transport, error, arrival).await,
            }
        })
}

/// Waits for the first frame of a v2 client, which contains its user, unless the connection ends
/// before.
async fn introduce(
    socket: &mut WebSocket,
    attempt: Attempt,
) -> Result<Result<Attempt, ApiError>, Ending> {
    if attempt.transport != Transport::WebSocketV2 {
        return Ok(Ok(attempt));
    }
    let first = async {
        loop {
            match received(socket.recv().await)? {
                Message::Text(text) => return Ok(text),
                Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Close(_) => {}
            }
        }
    };
    let Ok(text) = timeout(GREETING_TIMEOUT, first).await else {
        let text = "the client did not say who it is in its first frame";
        return Ok(Err(ApiError::new(ErrorCode::Timeout, text)));
    };
    Ok(match json::parse(text?.as_bytes()) {
        Ok(Value::Object(message)) => attempt.with_message(message),
        _ => Err(ApiError::input("the first frame is not a JSON object")),
    })
}

/// Sends an error, and closes the connection with the code after which clients do not reconnect.
async fn refuse(
    shared: &Shared,
    mut socket: WebSocket,
    transport: Transport,
    error: ApiError,
    arrival: Arrival,
) {
    let form = match transport {
        Transport::WebSocketV2 => Form::V2,
        Transport::WebSocket | Transport::LongPoll => Form::V1,
    };
    let document = refusal(error_object(error.of_operation("Connect"), arrival), shared.now());
    if let Frame::Text(text) = Frame::document(&document, form)
        && let Ok(Ok(())) = timeout(CLOSE_TIMEOUT, socket.send(Message::Text(text))).await
    {
        close(socket, 1000, "").await;
    }
}

/// The reason why a connection ended.
enum Ending {
    /// The emulator ended it.
    Here(End),
    /// The client closed it, and waits for the echo.
    There,
    /// The client violated the protocol, and learns it from this code and reason.
    Failed(u16, &'static str),
    /// It broke.
    Broken,
}

/// Returns the frame that was received, or how the connection ended. A binary frame is no error:
/// clients send text, but the protocol leaves it to the server what it ignores.
fn received(frame: Option<Result<Message, axum::Error>>) -> Result<Message, Ending> {
    match frame {
        Some(Ok(Message::Close(_))) => Err(Ending::There),
        Some(Ok(message)) => Ok(message),
        Some(Err(error)) => Err(failure(error)),
        None => Err(Ending::Broken),
    }
}

/// Returns how a connection ends after an error, with the codes of RFC 6455, section 7.4.1.
fn failure(error: axum::Error) -> Ending {
    use tungstenite::Error;
    match error.into_inner().downcast_ref() {
        Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Ending::Broken,
        Some(Error::Protocol(_)) => Ending::Failed(1002, "protocol error"),
        Some(Error::Utf8(_)) => Ending::Failed(1007, "a text is not UTF-8"),
        Some(Error::Capacity(_)) => Ending::Failed(1009, "a message is larger than 1 MiB"),
        _ => Ending::Broken,
    }
}

/// Serves a connection until it ends.
async fn serve(shared: &Shared, mut socket: WebSocket, id: &str, inbox: Inbox) {
    let ending = run(shared, &mut socket, id, inbox).await;
    shared.end_connection(id, End::Asked);
    end(socket, ending).await;
}

/// Ends the connection itself.
async fn end(mut socket: WebSocket, ending: Ending) {
    match ending {
        Ending::Here(end) => {
            let (code, reason) = end.code();
            // A client that does not read would not read this either.
            if end != End::TooSlow {
                close(socket, code, reason).await;
            }
        }
        // Reading on sends the echo.
        Ending::There => {
            let _ = timeout(CLOSE_TIMEOUT, async { while socket.recv().await.is_some() {} }).await;
        }
        // After an error, nothing more is read.
        Ending::Failed(code, reason) => close(socket, code, reason).await,
        Ending::Broken => {}
    }
}

async fn run(shared: &Shared, socket: &mut WebSocket, id: &str, inbox: Inbox) -> Ending {
    let Inbox { frames, mut ended } = inbox;
    let mut frames = frames.lock().await;
    let mut watch = ended.clone();
    loop {
        tokio::select! {
            biased;
            end = ending(&mut ended) => {
                if end != End::TooSlow {
                    // Events from before the end are still sent.
                    let rest = async {
                        while let Ok(frame) = frames.try_recv() {
                            if socket.send(frame.into()).await.is_err() {
                                break;
                            }
                        }
                    };
                    let _ = timeout(CLOSE_TIMEOUT, rest).await;
                }
                return Ending::Here(end);
            }
            frame = frames.recv() => {
                let Some(frame) = frame else {
                    continue;
                };
                // A client that does not read blocks this task only as long as it is connected.
                let sent = tokio::select! {
                    sent = socket.send(frame.into()) => Ok(sent),
                    end = ending(&mut watch) => Err(end),
                };
                match sent {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return Ending::Broken,
                    Err(end) => return Ending::Here(end),
                }
            }
            frame = socket.recv() => match received(frame) {
                Ok(message) => {
                    shared.record_activity(id);
                    if is_health_check(&message) {
                        shared.check_health(id, Hub::HEALTH_CHECK);
                    }
                }
                Err(ending) => return ending,
            },
        }
    }
}

/// Waits until the emulator ends the connection.
async fn ending(ended: &mut tokio::sync::watch::Receiver<Option<End>>) -> End {
    match ended.wait_for(Option::is_some).await {
        Ok(end) => end.unwrap_or(End::GoingAway),
        // The queue is gone because the emulator has stopped.
        Err(_) => End::GoingAway,
    }
}

/// Returns whether a client requests a health check: an object of that type, or a list with one.
fn is_health_check(message: &Message) -> bool {
    let Message::Text(text) = message else {
        return false;
    };
    let Ok(mut value) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    if let Value::Array(items) = &mut value {
        value = items.pop().unwrap_or_default();
    }
    value.get("type").and_then(Value::as_str) == Some(Hub::HEALTH_CHECK)
}

/// Closes a connection, and waits briefly for the echo.
async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    let closing = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    let _ = timeout(CLOSE_TIMEOUT, closing).await;
}
