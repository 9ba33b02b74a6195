//! The app's settings, its channel types, and the pending faults.

use serde_json::{Value, json};

use super::view_of;
use crate::document::Object;
use crate::runtime::Shared;

/// Returns the app as the API renders it, with the names of the settings that were changed.
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

/// Returns the faults in the order in which they apply.
pub(in super::super) fn faults(shared: &Shared) -> Value {
    let faults: Vec<_> = shared.faults.describe().iter().map(Object::to_json).collect();
    json!({"faults": faults})
}
