//! Encoding of events.

use serde::ser::{SerializeMap, Serializer};

use super::encode::{EncodeObject, members};

/// Encodes an event with the type of its variant, whatever its own field contains.
pub fn event<T: EncodeObject, S: Serializer>(
    event_type: &str,
    event: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("type", event_type)?;
    members(event, map, Some("type"))
}
