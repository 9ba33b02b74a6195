//! The state and the records as JSON, for the page.

pub(super) mod app;
pub(super) mod channels;
pub(super) mod connections;
pub(super) mod deliveries;
pub(super) mod exchanges;
pub(super) mod messages;
pub(super) mod overview;
pub(super) mod search;
pub(super) mod tasks;
pub(super) mod users;

use serde_json::Value;

use crate::state::World;
use crate::view::View;

/// Returns a view of the current state, as backends see it.
fn view_of(world: &World) -> View<'_> {
    View::of_backend(world, world.clock.now())
}

/// Returns a body: as JSON or as text if it is that, or else only its size.
fn body(bytes: &[u8]) -> (&'static str, Value) {
    if bytes.is_empty() {
        return ("empty", Value::Null);
    }
    if let Ok(json) = serde_json::from_slice(bytes) {
        return ("json", json);
    }
    // The excerpt may end within a character.
    match std::str::from_utf8(bytes) {
        Ok(text) => ("text", text.into()),
        Err(error) if error.error_len().is_none() => {
            let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
            ("text", String::from_utf8_lossy(whole).into())
        }
        Err(_) => ("binary", Value::Null),
    }
}
