//! Faults that are still to come.

use crate::{document::Object, server::Shared};
use serde_json::{Value, json};

/// Returns the faults, in the order in which they strike.
pub(in super::super) fn list(shared: &Shared) -> Value {
    let faults: Vec<_> = shared.faults.describe().iter().map(Object::to_json).collect();
    json!({"faults": faults})
}
