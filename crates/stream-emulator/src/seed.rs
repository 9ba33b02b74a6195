//! Seeds: initial state from handwritten JSON.
//!
//! A seed is applied by the operations of the API, so that the same rules apply to it.

use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::runtime::Shared;

/// The reason why a seed was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the seed is not valid at {at}: {reason}")]
pub struct SeedError {
    at: String,
    reason: String,
}

impl SeedError {
    fn new(at: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { at: at.into(), reason: reason.into() }
    }
}

/// The members of a seed, in the order in which they are added.
const PARTS: &[&str] = &["app", "users", "channels"];

/// Adds the objects of a seed to a state.
pub(crate) fn load(shared: &Shared, seed: &Value) -> Result<(), SeedError> {
    let Some(seed) = seed.as_object() else {
        return Err(SeedError::new("the top", "expected an object"));
    };
    if let Some(name) = seed.keys().find(|name| !PARTS.contains(&name.as_str())) {
        let known = PARTS.join(", ");
        return Err(SeedError::new(name, format!("expected one of {known}")));
    }
    let run = |at: &str, id: &str, path: &[(&str, &str)], input: Map<String, Value>| {
        shared
            .perform_as_server(id, path, input)
            .map_err(|error: ApiError| SeedError::new(at, error.message))
    };
    if let Some(app) = seed.get("app") {
        run("app", "UpdateApp", &[], object("app", app)?)?;
    }
    if let Some(users) = seed.get("users") {
        for (at, user) in users_of(users)? {
            let id = user.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let input = json!({"users": {id: user}});
            run(&at, "UpdateUsers", &[], object(&at, &input)?)?;
        }
    }
    for (index, channel) in list("channels", seed.get("channels"))?.iter().enumerate() {
        let at = format!("channels[{index}]");
        let mut data = object(&at, channel)?;
        let kind = text(&at, &mut data, "type")?.unwrap_or_else(|| "messaging".to_owned());
        let id = text(&at, &mut data, "id")?
            .ok_or_else(|| SeedError::new(&at, "a channel must have an `id`"))?;
        let messages = data.remove("messages");
        let path = [("type", kind.as_str()), ("id", id.as_str())];
        run(&at, "GetOrCreateChannel", &path, object(&at, &json!({"data": data}))?)?;
        for (index, message) in list(&at, messages.as_ref())?.iter().enumerate() {
            let at = format!("{at}.messages[{index}]");
            run(&at, "SendMessage", &path, object(&at, &json!({"message": message}))?)?;
        }
    }
    Ok(())
}

/// The position of an object in the seed, and the object.
type Described = (String, Map<String, Value>);

/// Returns the users of a list, or of a map by ID, whose objects need no `id`.
fn users_of(users: &Value) -> Result<Vec<Described>, SeedError> {
    match users {
        Value::Array(users) => users
            .iter()
            .enumerate()
            .map(|(index, user)| {
                let at = format!("users[{index}]");
                let user = object(&at, user)?;
                Ok((at, user))
            })
            .collect(),
        Value::Object(users) => users
            .iter()
            .map(|(id, user)| {
                let at = format!("users.{id}");
                let mut user = object(&at, user)?;
                user.entry("id").or_insert_with(|| id.as_str().into());
                Ok((at, user))
            })
            .collect(),
        _ => Err(SeedError::new("users", "expected a list or a map by id")),
    }
}

fn object(at: &str, value: &Value) -> Result<Map<String, Value>, SeedError> {
    value.as_object().cloned().ok_or_else(|| SeedError::new(at, "expected an object"))
}

fn list<'a>(at: &str, value: Option<&'a Value>) -> Result<&'a [Value], SeedError> {
    match value {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(SeedError::new(at, "expected a list")),
    }
}

/// Removes a string from an object.
fn text(
    at: &str,
    object: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<String>, SeedError> {
    match object.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(SeedError::new(format!("{at}.{name}"), "expected a string")),
    }
}
