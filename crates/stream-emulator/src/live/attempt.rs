//! A client's attempt to connect.

use http::HeaderMap;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::auth::{self, ANONYMOUS_PREFIX, Caller};
use crate::document::Object;
use crate::error::{ApiError, ErrorCode};
use crate::events;
use crate::json;
use crate::operations::{self, Call};
use crate::parameters::QueryParameters;
use crate::runtime::{Frame, Hub, Inbox, Shared};
use crate::state::{Connection, Transport};
use crate::view::View;
use crate::wire::{self, Form};

/// The data with which a client connects.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub(super) transport: Transport,
    api_key: Option<String>,
    kind: Option<String>,
    token: Option<String>,
    /// The user data, in the form of v2.
    details: Map<String, Value>,
    device: Option<Value>,
    client: Option<String>,
}

/// An open connection.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) id: String,
    pub(super) inbox: Inbox,
}

impl Attempt {
    /// Reads the query of `/connect` and `/longpoll`; some clients put the token into a header or
    /// into the JSON.
    pub(super) fn read(
        transport: Transport,
        parts: &Parts,
        query: &QueryParameters,
    ) -> Result<Self, ApiError> {
        let attempt = Self::without_user(transport, parts, query);
        let text = match query.get("json") {
            None | Some("") => return Err(ApiError::field("json", "json is a required parameter")),
            Some(text) => text,
        };
        let Ok(Value::Object(message)) = json::parse(text.as_bytes()) else {
            return Err(ApiError::field("json", "is not a JSON object"));
        };
        attempt.with_message(message)
    }

    /// Reads the query of `/api/v2/connect`, whose client sends the rest in its first frame.
    pub(super) fn without_user(
        transport: Transport,
        parts: &Parts,
        query: &QueryParameters,
    ) -> Self {
        let text = |name: &str| {
            let given = query.get(name).or_else(|| header(&parts.headers, name));
            given.filter(|given| !given.is_empty()).map(str::to_owned)
        };
        Self {
            transport,
            api_key: query.get("api_key").map(str::to_owned),
            kind: text("stream-auth-type"),
            // Older clients send this word for anonymous users.
            token: text("authorization").filter(|token| token != "undefined"),
            details: Map::new(),
            device: None,
            client: query
                .get("X-Stream-Client")
                .or_else(|| header(&parts.headers, "x-stream-client"))
                .or_else(|| header(&parts.headers, "user-agent"))
                .map(str::to_owned),
        }
    }

    /// Adds the data of the client's first frame.
    pub(super) fn with_message(
        mut self,
        mut message: Map<String, Value>,
    ) -> Result<Self, ApiError> {
        let tokens = ["user_token", "token"].map(|name| message.remove(name));
        let token = tokens.into_iter().flatten().find_map(|token| match token {
            Value::String(token) if !token.is_empty() => Some(token),
            _ => None,
        });
        self.token = self.token.or(token);
        self.device = message.remove("device");
        let user_id = message.remove("user_id");
        let mut details = match message.remove("user_details") {
            Some(Value::Object(details)) => details,
            None | Some(Value::Null) => Map::new(),
            Some(_) => return Err(ApiError::field("user_details", "is not an object")),
        };
        // The marker of anonymous users is not user data.
        details.remove("anon");
        if let Some(user_id) = user_id.filter(|_| !details.contains_key("id")) {
            details.insert("id".to_owned(), user_id);
        }
        self.details = match self.transport {
            Transport::WebSocketV2 => details,
            Transport::WebSocket | Transport::LongPoll => nest(details),
        };
        Ok(self)
    }

    /// Returns the wire format of the connection's events.
    pub(super) fn form(&self) -> Form {
        match self.transport {
            Transport::WebSocketV2 => Form::V2,
            Transport::WebSocket | Transport::LongPoll => Form::V1,
        }
    }

    /// Determines the user. An anonymous user gets a new ID.
    fn caller(&self, shared: &Shared) -> Result<Caller, ApiError> {
        let presented = auth::Presented {
            api_key: self.api_key.as_deref(),
            token: self.token.as_deref(),
            kind: Some(self.kind.as_deref().unwrap_or("jwt")),
            connection_id: None,
        };
        let caller = auth::authenticate(presented, &shared.settings.keys, &shared.world())?;
        Ok(match caller {
            Caller::User(id) if id == ANONYMOUS_PREFIX => {
                Caller::User(format!("{ANONYMOUS_PREFIX}-{}", uuid::Uuid::new_v4()))
            }
            caller => caller,
        })
    }
}

/// Nests the custom data of a user.
fn nest(details: Map<String, Value>) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("user".to_owned(), Value::Object(details));
    match wire::nest_custom(body.into()) {
        Value::Object(mut body) => match body.remove("user") {
            Some(Value::Object(details)) => details,
            _ => Map::new(),
        },
        _ => Map::new(),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl Shared {
    /// Opens a connection: creates or updates the user, greets the client, and informs those who
    /// follow the user's presence.
    pub(super) fn open_connection(&self, attempt: Attempt) -> Result<Opened, ApiError> {
        let caller = attempt.caller(self)?;
        let form = attempt.form();
        let request = self.own_request(&[]);
        let mut world = self.world();
        if self.is_stopped() {
            return Err(ApiError::new(ErrorCode::Internal, "the emulator is stopping"));
        }
        let mut call = Call::new(&mut world, &caller, &request, true);
        let user_id = operations::users::connect(&mut call, attempt.details, attempt.device)?;
        let now = call.now;
        let mut events = call.into_events();

        let id = uuid::Uuid::new_v4().to_string();
        let mut connection = Connection::new(id.clone(), &user_id, attempt.transport, now);
        connection.client = attempt.client;
        let is_first = world.live.open(connection);
        let view = View::of_backend(&world, now).of(&user_id);
        let kind = match attempt.transport {
            Transport::WebSocketV2 => "connection.ok",
            Transport::WebSocket | Transport::LongPoll => Hub::HEALTH_CHECK,
        };
        let me = world.users.get(&user_id).map(|user| view.own_user(user));
        let greeting = events::presence::health_check(kind, &id, now).optional("me", me);
        let inbox = self.live.open(&id, form);
        let _ = self.live.send(&[&id], &|form| Frame::document(&greeting, form));
        if is_first {
            events.extend(events::presence::changed(view, &user_id));
        }
        self.observe_connection();
        self.count_change();
        self.deliver_events(&mut world, events);
        drop(world);
        Ok(Opened { id, inbox })
    }
}

/// Returns an error as the client gets it in its first frame.
pub(super) fn refusal(error: Object, now: crate::state::Timestamp) -> Object {
    Object::new()
        .field("type", "connection.error")
        .field("created_at", now)
        .field("connection_id", "")
        .field("error", error)
}
