//! A live connection, independent of any SDK.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{Setup, token};

/// The timeout for expected events.
const PATIENCE: Duration = Duration::from_secs(20);

/// A WebSocket to the emulator.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
}

/// The live connection of a user, after its greeting.
pub(crate) struct Connection {
    socket: Socket,
    pub(crate) id: String,
    pub(crate) hello: Value,
    /// The token of the user, for calls.
    pub(crate) token: String,
}

impl Socket {
    pub(crate) async fn open(setup: &Setup, path: &str) -> Self {
        let address = setup.emulator.address();
        let stream = TcpStream::connect(address).await.unwrap();
        let (stream, response) =
            client_async(format!("ws://{address}{path}"), stream).await.unwrap();
        assert_eq!(response.status(), 101);
        Self { stream }
    }

    pub(crate) async fn send(&mut self, value: Value) {
        self.stream.send(Message::text(value.to_string())).await.unwrap();
    }

    pub(crate) async fn send_frame(&mut self, frame: Message) {
        self.stream.send(frame).await.unwrap();
    }

    /// Returns the next frame of any kind; `None` if the connection has ended.
    pub(crate) async fn frame(&mut self) -> Option<Message> {
        let frame = tokio::time::timeout(PATIENCE, self.stream.next()).await;
        frame.expect("nothing comes").and_then(Result::ok)
    }

    /// Returns the next text as JSON.
    pub(crate) async fn json(&mut self) -> Value {
        loop {
            match self.frame().await {
                Some(Message::Text(text)) => return serde_json::from_str(&text).unwrap(),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("a text was to come, not {other:?}"),
            }
        }
    }

    /// Reads to the end, and returns the close frame.
    pub(crate) async fn closing(&mut self) -> Option<CloseFrame> {
        loop {
            match self.frame().await {
                Some(Message::Close(frame)) => return frame,
                Some(_) => {}
                None => return None,
            }
        }
    }
}

impl Connection {
    /// Returns the next event.
    pub(crate) async fn event(&mut self) -> Value {
        self.socket.json().await
    }

    /// Reads events until one of a type arrives.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        loop {
            let event = self.event().await;
            if event["type"] == kind {
                return event;
            }
        }
    }

    /// Returns all events so far: the response to a health check comes after them.
    pub(crate) async fn events(&mut self) -> Vec<Value> {
        self.socket.send(json!([{"type": "health.check", "client_id": "tests"}])).await;
        let mut events = Vec::new();
        loop {
            let event = self.event().await;
            if event["type"] == "health.check" {
                assert_eq!(event["connection_id"], self.id.as_str());
                return events;
            }
            events.push(event);
        }
    }

    /// Returns the types of all events so far.
    pub(crate) async fn kinds(&mut self) -> Vec<String> {
        let events = self.events().await;
        events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn socket(&mut self) -> &mut Socket {
        &mut self.socket
    }

    /// Closes the connection as the JavaScript client does, and waits for the echo.
    pub(crate) async fn close(mut self) {
        let frame = CloseFrame { code: 1000.into(), reason: "closed by the client".into() };
        self.socket.send_frame(Message::Close(Some(frame))).await;
        let echo = self.socket.closing().await.expect("no echo");
        assert_eq!(u16::from(echo.code), 1000);
    }
}

impl Setup {
    /// Returns the path and query with which a client of v1 connects.
    pub(crate) fn connect_path(&self, details: &Value, token: &str, kind: &str) -> String {
        let json = json!({
            "user_id": details["id"],
            "user_details": details,
            "client_request_id": "0752cfad-9a62-4f0f-9d6a-6ed0a4ab2b46",
        });
        let json = json.to_string();
        format!(
            "/connect?json={}&api_key={}&authorization={token}&stream-auth-type={kind}\
             &X-Stream-Client=tests",
            utf8_percent_encode(&json, NON_ALPHANUMERIC),
            self.emulator.api_key(),
        )
    }

    /// Connects a user with only an ID.
    pub(crate) async fn connect(&self, user_id: &str) -> Connection {
        self.connect_as(json!({"id": user_id})).await
    }

    pub(crate) async fn connect_as(&self, details: Value) -> Connection {
        let user_id = details["id"].as_str().unwrap().to_owned();
        let user_token = self.user_token(&user_id);
        let path = self.connect_path(&details, &user_token, "jwt");
        let mut socket = Socket::open(self, &path).await;
        let hello = socket.json().await;
        assert_eq!(hello["type"], "health.check", "{hello}");
        let id = hello["connection_id"].as_str().unwrap().to_owned();
        Connection { socket, id, hello, token: user_token }
    }

    /// Connects with a token that is refused, and returns the error of the first frame.
    pub(crate) async fn connect_refused(&self, path: &str) -> Value {
        let mut socket = Socket::open(self, path).await;
        let first = socket.json().await;
        assert_eq!(first["type"], "connection.error", "{first}");
        assert_eq!(first["connection_id"], "");
        let closing = socket.closing().await.expect("no close frame");
        assert_eq!(u16::from(closing.code), 1000);
        first["error"].clone()
    }

    /// Returns a token of a user with more claims.
    pub(crate) fn token_with(&self, claims: Value) -> String {
        token(self.emulator.api_secret(), &claims)
    }

    /// Makes a successful v1 call of a connected user, which names the connection.
    pub(crate) async fn by(
        &self,
        connection: &Connection,
        method: Method,
        path: &str,
        body: Value,
    ) -> Value {
        let separator = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{separator}connection_id={}", connection.id);
        let body = (!body.is_null()).then_some(body);
        let reply = self.call_as(&connection.token, method, &path, body).await;
        assert!(reply.status.is_success(), "{path}: {} {}", reply.status, reply.body);
        reply.body
    }

    /// Subscribes a connection to `messaging:general`.
    pub(crate) async fn watch(&self, connection: &Connection) -> Value {
        let body = json!({"watch": true, "state": true, "presence": false});
        self.by(connection, Method::POST, "/channels/messaging/general/query", body).await
    }
}
