//! The app's settings and its channel types.

use super::view_of;
use crate::server::Shared;
use serde_json::{Value, json};

/// The app as the API shows it, with the names of the settings that were given.
pub(in super::super) fn app(shared: &Shared) -> Value {
    let world = shared.world();
    let view = view_of(&world);
    let given: Vec<_> = world.app.given().keys().collect();
    json!({
        "app": view.app(&world.app).to_json(),
        "given": given,
        "channel_types": view.channel_types().to_json(),
    })
}
